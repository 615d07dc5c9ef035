"""What a submission may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one submission.

    Parameters
    ----------
    cell_cpu_seconds, call_cpu_seconds : float
        Processor time of a cell and of a call, with all that they start; a call may be given
        another.  Give at least fifty times what the reference needs.
    patience_seconds, patience_factor : float
        A cell or call may take ``patience_seconds + patience_factor * cpu_seconds`` on the clock.
    submission_seconds : float
        Time on the clock of all cells and calls of a submission together.
    memory : int
        Bytes that a process may add to its address space; all together may hold twice as much.
    processes : int
        Processes and threads at one time.
    file_size, scratch : int
        Bytes per file and of all files.
    files : int
        Files and folders.
    shared_memory : int
        Bytes of ``/dev/shm``.
    open_files : int
    output : int
        Bytes kept of each stream of a cell or a call.
    value_bytes : int
        Length of an encoded value, in either direction.
    callbacks, callback_bytes : int
        How often one call may call the functions that it was given, and the bytes of their
        arguments.  They take no more processor time than the call may take.
    broken_cells : int
        Cells that hang or crash, after which the rest is skipped.
    """

    cell_cpu_seconds: float = 10.0
    call_cpu_seconds: float = 5.0
    patience_seconds: float = 10.0
    patience_factor: float = 4.0
    submission_seconds: float = 300.0
    memory: int = 2**30
    processes: int = 32
    file_size: int = 16 * 2**20
    scratch: int = 64 * 2**20
    files: int = 4096
    shared_memory: int = 16 * 2**20
    open_files: int = 64
    output: int = 64 * 2**10
    value_bytes: int = 64 * 2**20
    callbacks: int = 10_000
    callback_bytes: int = 2**20
    broken_cells: int = 3

    def wall_seconds(self, cpu_seconds: float) -> float:
        """Time on the clock that goes with a processor time."""
        return self.patience_seconds + self.patience_factor * cpu_seconds

    def caps(self) -> dict[str, int]:
        """What the worker enforces, as it travels."""
        names = ("memory", "processes", "file_size", "scratch", "files", "shared_memory",
                 "open_files", "output")  # fmt: skip
        return {name: getattr(self, name) for name in names} | {"cpu_seconds": 3600}


ORDINARY = Limits(
    cell_cpu_seconds=60.0, memory=4 * 2**30, processes=256, file_size=2**30, scratch=2**31,
    files=100_000, shared_memory=2**29, open_files=1024, output=2**20, submission_seconds=3600.0,
)  # fmt: skip
"""Of an ordinary notebook: wide, as its tests expect to find a whole machine."""
