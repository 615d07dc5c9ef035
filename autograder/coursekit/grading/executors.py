"""Where a class run is judged: what it needs of such a place, and the processes of this machine."""

import os
import select
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol

from coursekit.courses import Course
from coursekit.grading.grader_process import open_grader
from coursekit.grading.results import Result
from coursekit.grading.settings import Settings

Task = Callable[[str], Result | str]
"""A function of :mod:`coursekit.grading.grader_process` that takes the name of a student."""


class Executor(Protocol):
    """A place where tasks are done in other processes.

    Attributes
    ----------
    lost : tuple of type
        What a future raises, and :meth:`submit`, when a process died under its task.
    """

    lost: tuple[type[BaseException], ...]

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
        super().__init__(
            min(settings.jobs, students),
            initializer=start_process,
            initargs=(course, problem_set, settings, os.getpid()),
        )

    def require_alive(self) -> None:
        """Nothing to do: where a process died the futures say so."""


def start_process(course: Course, problem_set: str, settings: Settings, parent: int) -> None:
    """Make the grader of a new process."""
    end_with(parent)
    open_grader(course, problem_set, settings)


def end_with(parent: int) -> None:
    """End this process when its parent ends: a pool's process waits for orders for ever."""

    def watch() -> None:
        select.select([descriptor], [], [])
        os._exit(1)

    descriptor = os.pidfd_open(parent)
    threading.Thread(target=watch, daemon=True).start()
