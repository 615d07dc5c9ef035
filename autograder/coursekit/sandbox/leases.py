"""Workers that are lent to submissions."""

from __future__ import annotations

import queue
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from coursekit.sandbox.worker_process import WorkerProcess


class Workers:
    """The workers of a pool, idle ones in a queue.

    Parameters
    ----------
    tier : {"bwrap", "landlock", "none"}
    hidden : iterable of Path
        Files and folders that student code must not see.
    packages : tuple of str, optional
        See :func:`~coursekit.sandbox.visible_files.allow_list`.

    Attributes
    ----------
    all : list of WorkerProcess
        Those that run, idle or lent.
    """

    def __init__(
        self, tier: str, hidden: Iterable[Path], packages: tuple[str, ...] | None = None
    ) -> None:
        self.tier, self.hidden, self.packages = tier, tuple(hidden), packages
        self.all: list[WorkerProcess] = []
        self._idle: queue.Queue[WorkerProcess | None] = queue.Queue()
        """None in the place of one that has ended; another is started when it is needed."""

    def start(self) -> WorkerProcess:
        """Start a worker, which is not idle.

        Raises
        ------
        SandboxUnavailableError
        """
        worker = WorkerProcess(self.tier, self.hidden, self.packages)
        self.all.append(worker)
        return worker

    def end(self, worker: WorkerProcess) -> None:
        """End a worker that failed."""
        self.all.remove(worker)
        worker.close()

    def take(self) -> WorkerProcess | None:
        """Wait for an idle worker, or for the place of one that has ended."""
        return self._idle.get()

    def give_back(self, worker: WorkerProcess | None) -> None:
        """Return a worker, or the place of one that has ended."""
        self._idle.put(worker)

    def close(self) -> None:
        """End all."""
        while self.all:
            self.all.pop().close()


@contextmanager
def leased(workers: Workers) -> Iterator[Lease]:
    """A worker for one submission."""
    lease = Lease(workers)
    try:
        yield lease
    finally:
        lease.give_back()


class Lease:
    """A worker that is lent to a submission.

    Parameters
    ----------
    workers : Workers
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._worker = workers.take()

    def give_back(self) -> None:
        """Return the worker."""
        self._workers.give_back(self._worker)

    def worker(self) -> WorkerProcess:
        """The worker, or another in its place if it has ended.

        Raises
        ------
        SandboxUnavailableError
            Another does not start.
        """
        if self._worker is None:
            self._worker = self._workers.start()
        return self._worker

    def end_worker(self) -> None:
        """End the worker, in which something failed or was left."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self._workers.end(worker)
