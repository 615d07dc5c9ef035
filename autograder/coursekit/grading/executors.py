"""Where a class run is judged: what it needs of such a place, and the processes of this machine."""

import os
import select
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol

from coursekit.courses import Course
from coursekit.grading.grader_process import go_without_grader, open_grader
from coursekit.grading.results import Result
from coursekit.grading.settings import Settings

Task = Callable[[str], Result | str | None]
"""A function of :mod:`coursekit.grading.grader_process` that takes the name of a student."""


class Executor(Protocol):
    """A place where tasks are done in other processes.

    Attributes
    ----------
    lost : tuple of type
        What a future raises, and :meth:`submit`, when a process died under its task.
    width : float
        Tasks that it is given at a time: enough to keep it busy, and no more, as it does them in
        the order in which they came.
    """

    lost: tuple[type[BaseException], ...]
    width: float

    def submit(self, task: Task, student: str, /) -> Future[Any]:
        """Have a task done for one student."""

    def require_alive(self) -> None:
        """Raise :class:`CourseError` when nobody is left who could do a task."""


class LocalProcesses(ProcessPoolExecutor):
    """Processes of this machine, each with a grader of its own.

    When one of them dies all end, and every task that is not done is lost.

    Parameters
    ----------
    course : Course
    problem_set : str
    settings : Settings
        With a tier that was tested.
    students : int
        More processes than this are not started.
    """

    lost: tuple[type[BaseException], ...] = (BrokenProcessPool,)

    def __init__(self, course: Course, problem_set: str, settings: Settings, students: int) -> None:
        processes = min(settings.jobs, students)
        self.width = 2.0 * processes
        super().__init__(
            processes,
            initializer=start_process,
            initargs=(course, problem_set, settings, os.getpid()),
        )

    def submit(self, task: Task, student: str, /) -> Future[Any]:  # type: ignore[override]
        """Have a task done; a process that this starts hears no interrupt before it knows it."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return super().submit(task, student)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        """End; a run that was stopped does not wait for what it did not begin."""
        self.shutdown(wait=True, cancel_futures=kind is not None)

    def require_alive(self) -> None:
        """Nothing to do: where a process died the futures say so."""


def start_process(course: Course, problem_set: str, settings: Settings, parent: int) -> None:
    """Make the grader of a new process. Who interrupts the run speaks to its first process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    end_with(parent)
    try:
        open_grader(course, problem_set, settings)
    except Exception as error:
        go_without_grader(error)


def end_with(parent: int) -> None:
    """End this process when its parent ends: a pool's process waits for orders for ever."""

    def watch() -> None:
        select.select([descriptor], [], [])
        os._exit(1)

    descriptor = os.pidfd_open(parent)
    threading.Thread(target=watch, daemon=True).start()
