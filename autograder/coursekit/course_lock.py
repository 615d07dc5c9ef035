"""One command at a time changes what lies in a course directory."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from coursekit.courses import Course
from coursekit.errors import CourseError

LOCK_SECONDS = 5.0
"""How long a run waits for another to end: the processes of a killed one need a moment."""


@contextmanager
def only_run(course: Course, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the course for one command that grades or collects.

    Raises
    ------
    CourseError
        If another process holds it for longer than some seconds.
    """
    with (course.locks() / "class-run").open("w", encoding="utf-8") as lock:
        deadline = time.monotonic() + seconds
        while not locked(lock.fileno()):
            if time.monotonic() > deadline:
                raise CourseError(
                    f"another class run or collection is on in {course.root}; wait until it has "
                    "ended"
                )
            time.sleep(0.05)
        yield


def locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
