"""Warm workers, shared by threads."""

from __future__ import annotations

import queue
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from coursekit.sandbox.limits import Limits
from coursekit.sandbox.sessions import Cell, Run
from coursekit.sandbox.turnstile import Turnstile
from coursekit.sandbox.worker_process import TIERS, SandboxUnavailableError, WorkerProcess

_HOW = {"bwrap": "namespaces", "landlock": "Landlock and seccomp, no namespaces"}


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
    description : str
        The tier in words, for the instructor, and why it is not the first one.

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
        self._lock_folder, self.report = lock_folder, None
        self.tier = self.description = ""
        self._idle: queue.Queue[WorkerProcess | None] = queue.Queue()
        """None in the place of one that has ended; another is started when it is needed."""
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
        refusals: dict[str, SandboxUnavailableError] = {}
        for tier in self._wanted:
            try:
                self._open(tier)
                self.description = described(tier, refusals)
                return
            except SandboxUnavailableError as error:
                refusals[tier] = error
        reasons = [f"{tier}: {error}" for tier, error in refusals.items()]
        raise SandboxUnavailableError(
            "student code cannot be locked in here.\n  " + "\n  ".join(reasons) + "\n"
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
            while self._all:
                self._all.pop().close()
            raise SandboxUnavailableError(
                f"the self-test of {tier} broke a promise: {self.report.broken}\n{self.report}"
            )

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

    def take(self) -> WorkerProcess | None:
        """Wait for an idle worker, or for the place of one that has ended."""
        return self._idle.get()

    def give_back(self, worker: WorkerProcess | None) -> None:
        """Return a worker, or the place of one that has ended."""
        self._idle.put(worker)

    def end(self, worker: WorkerProcess) -> None:
        """End a worker that failed."""
        self._all.remove(worker)
        worker.close()

    def start(self) -> WorkerProcess:
        """Start a worker in the place of one that has ended.

        Raises
        ------
        SandboxUnavailableError
        """
        return self._new(self.tier)


def described(tier: str, refusals: Mapping[str, SandboxUnavailableError]) -> str:
    """A tier in words, and why those before it were not taken."""
    if tier == "none":
        return "none: student code runs with your rights"
    why = "; ".join(error.in_brief() for error in refusals.values())
    return f"{tier} ({why or _HOW[tier]})"
