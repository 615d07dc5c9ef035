"""Warm workers, shared by threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

from coursekit.sandbox.attempts import Archive
from coursekit.sandbox.leases import Workers, leased
from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import Cell
from coursekit.sandbox.runs import Run
from coursekit.sandbox.tiers import IN_WORDS, TIERS


class WorkerPool:
    """Warm processes in which submissions run, of a tier that is taken as it is.

    Where the tier has to be found or tested, :func:`coursekit.sandbox.opening.open_pool` makes
    the pool. Close it, or use it as a context manager.

    Parameters
    ----------
    jobs : int
        Submissions at one time.
    tier : {"bwrap", "landlock", "none"}
    hidden : iterable of Path
        Files and folders that student code must not see, wherever they lie: the course
        directory, the gradebook.
    limits : Limits, optional
        Of submissions that are given no others.
    packages : tuple of str, optional
        Installed packages that they see, beside those of the worker; by default all.

    Attributes
    ----------
    description : str
        The tier in words, for the instructor.

    Raises
    ------
    SandboxUnavailableError
        The tier cannot be had here.
    """

    def __init__(
        self, jobs: int, tier: str, *, hidden: Iterable[Path] = (),
        limits: Limits | None = None, packages: tuple[str, ...] | None = None,
    ) -> None:  # fmt: skip
        if tier not in TIERS:
            raise ValueError(f"tier is {tier!r}; it must be one of {TIERS}")
        self.tier, self.hidden, self.description = tier, tuple(hidden), IN_WORDS[tier]
        self.limits = limits or Limits()
        with ExitStack() as opened:
            self.workers = Workers(tier, self.hidden, packages)
            opened.callback(self.workers.close)
            self.grow_to(jobs)
            self._opened = opened.pop_all()

    def grow_to(self, jobs: int) -> None:
        """Start workers until so many run."""
        if jobs < 1:
            raise ValueError(f"jobs is {jobs}; at least one worker is needed")
        while len(self.workers.all) < jobs:
            self.workers.give_back(self.workers.start())

    def close(self) -> None:
        """End the workers."""
        self._opened.close()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def submission(
        self, cells: Sequence[Cell], limits: Limits | None = None, archives: Sequence[Archive] = ()
    ) -> Iterator[Run]:
        """Wait for an idle worker, run the cells of a submission, and leave nothing.

        A thread must leave one submission before it enters another: that might wait for the first.

        Parameters
        ----------
        cells : sequence of Cell
        limits : Limits, optional
        archives : sequence of Archive
            What lies in the folder in which they run; of two files of a name the later one.

        Yields
        ------
        Run
        """
        with leased(self.workers) as lease:
            run = Run(lease, cells, limits or self.limits, archives)
            try:
                yield run
            finally:
                run.drop()
