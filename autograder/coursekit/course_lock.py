"""One command at a time changes what lies in a course directory."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from coursekit.courses import Course
from coursekit.errors import CourseError

LOCK_SECONDS = 5.0
"""How long a run waits for another to end: the processes of a killed one need a moment."""


def only_run(course: Course, seconds: float | None = None) -> AbstractContextManager[None]:
    """Hold the course for one command that grades or collects.

    Raises
    ------
    CourseError
        If another process holds it for longer than some seconds.
    """
    return only_one(course, "class-run", "another class run or collection is on", seconds)


@contextmanager
def only_one(course: Course, name: str, busy: str, seconds: float | None = None) -> Iterator[None]:
    """Hold one thing of the course.

    Parameters
    ----------
    course : Course
    name : str
        Of the lock.
    busy : str
        What is said where another process holds it.
    seconds : float, optional
        For how long it is waited for.
    """
    with (course.locks() / name).open("w", encoding="utf-8") as lock:
        deadline = time.monotonic() + (LOCK_SECONDS if seconds is None else seconds)
        while not locked(lock.fileno()):
            if time.monotonic() > deadline:
                raise CourseError(f"{busy} in {course.root}; wait until it has ended")
            time.sleep(0.05)
        yield


def locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
