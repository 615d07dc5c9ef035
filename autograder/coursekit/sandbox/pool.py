"""Warm workers, shared by threads."""

from __future__ import annotations

import queue
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

from coursekit.sandbox.limits import Limits
from coursekit.sandbox.sessions import Cell, Run
from coursekit.sandbox.turnstile import Turnstile
from coursekit.sandbox.worker_process import TIERS, SandboxUnavailableError, WorkerProcess


class WorkerPool:
    """Warm processes in which submissions run.

    Parameters
    ----------
    jobs : int
        Submissions at one time.
    sandbox : {"auto", "bwrap", "landlock", "none"}
        "auto" takes the first of "bwrap" and "landlock" that passes the self-test and never
        "none": without a sandbox only on request.
    hidden : iterable of Path
        Files and folders that student code must not see, wherever they lie: the course
        directory, the gradebook.
    lock_folder : Path, optional
        Where the locks lie by which a retried submission gets the machine to itself; give the
        same to all processes of one class run.
    self_test : bool
        Whether to try at the start to break each promise.
    limits : Limits, optional
        Of submissions that are given no others.

    Attributes
    ----------
    report : SelfTestReport or None
        What held; print it.
    tier : str

    Raises
    ------
    SandboxUnavailableError
        No admitted tier can be had; the message says why for each.
    """

    def __init__(
        self, jobs: int = 1, sandbox: str = "auto", *, hidden: Iterable[Path] = (),
        lock_folder: Path | None = None, self_test: bool = True, limits: Limits | None = None,
    ) -> None:  # fmt: skip
        if sandbox not in ("auto", *TIERS):
            raise ValueError(f"sandbox is {sandbox!r}; it must be 'auto' or one of {TIERS}")
        if jobs < 1:
            raise ValueError(f"jobs is {jobs}; at least one worker is needed")
        self.jobs, self.hidden, self.self_test = jobs, tuple(hidden), self_test
        self.limits = limits or Limits()
        self._wanted = ("bwrap", "landlock") if sandbox == "auto" else (sandbox,)
        self._lock_folder, self.report, self.tier = lock_folder, None, ""
        self._idle: queue.Queue[WorkerProcess] = queue.Queue()
        self._all: list[WorkerProcess] = []

    def __enter__(self) -> WorkerPool:
        self.turnstile = Turnstile(self._lock_folder)
        try:
            self._open_first_tier()
            for _ in range(self.jobs - 1):
                self._idle.put(self._new(self.tier))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        while self._all:
            self._all.pop().close()
        self.turnstile.close()

    def _open_first_tier(self) -> None:
        refusals = []
        for tier in self._wanted:
            try:
                return self._open(tier)
            except SandboxUnavailableError as error:
                refusals.append(f"{tier}: {error}")
        raise SandboxUnavailableError(
            "student code cannot be locked in here.\n  " + "\n  ".join(refusals) + "\n"
            "Repair one of these, or run on another machine; without a sandbox only on request "
            "(--no-sandbox), and only for code that you trust."
        )

    def _open(self, tier: str) -> None:
        from coursekit.sandbox.selftest import examine

        self._idle.put(self._new(tier))
        self.tier = tier
        if not self.self_test:
            return
        self.report = examine(self)
        if tier != "none" and not self.report.holds:
            self.take()
            self._all.pop().close()
            raise SandboxUnavailableError(f"the self-test broke a promise:\n{self.report}")

    def _new(self, tier: str) -> WorkerProcess:
        worker = WorkerProcess(tier, self.hidden)
        self._all.append(worker)
        return worker

    def submission(self, cells: Sequence[Cell], limits: Limits | None = None) -> Run:
        """Run the cells of a submission.

        Parameters
        ----------
        cells : sequence of Cell
        limits : Limits, optional

        Returns
        -------
        Run
            A context manager: waits for an idle worker, runs the cells, and leaves nothing.
            A thread must leave it before it enters another: that might wait for the first.
        """
        return Run(self, cells, limits or self.limits)

    def take(self) -> WorkerProcess:
        """Wait for an idle worker."""
        return self._idle.get()

    def give_back(self, worker: WorkerProcess) -> None:
        """Return a worker."""
        self._idle.put(worker)

    def replace(self, worker: WorkerProcess) -> WorkerProcess:
        """End a worker that failed and start another."""
        self._all.remove(worker)
        worker.close()
        return self._new(self.tier)
