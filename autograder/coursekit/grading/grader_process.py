"""What a process does that grades submissions for a class run, here or on a cluster.

A process has one grader, made before its first task. Tasks are functions of this module:
only their names travel, and the names of students.
"""

from contextlib import suppress
from dataclasses import replace

from coursekit.courses import Course
from coursekit.errors import CourseError, in_words
from coursekit.grading.one_submission import Grader
from coursekit.grading.results import Result
from coursekit.grading.settings import Settings, scope_of
from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.remembered import recall

_held: Grader | None = None
_why_none = "no grader was opened in this process: open_or_refuse does"


def open_or_refuse(course: Course, problem_set: str, settings: Settings) -> None:
    """Make the grader of a new process; if that fails, whoever asks for it is told why.

    Parameters
    ----------
    course : Course
    problem_set : str
    settings : Settings
        With a tier that was tested.
    """
    global _held, _why_none
    try:
        _held = Grader(course, problem_set, settings)
    except Exception as error:
        _why_none = in_words(error)


def close_grader() -> None:
    """End the worker of this process's grader, if there is one."""
    global _held
    if _held is not None:
        _held.close()
    _held = None


def _grader() -> Grader:
    if _held is None:
        raise CourseError(_why_none)
    return _held


def versions() -> dict[str, str]:
    """Versions of all that decides a result of this process's grader."""
    return _grader().versions


def recall_student(student: str) -> Result | None:
    """The result of an earlier run; None if there is none, or it cannot be had.

    Raises
    ------
    CourseError
        If this process has no grader, and no other will.
    """
    grader = _grader()
    with suppress(Exception):  # grading meets the same error, and says it
        return grader.recall(student)
    return None


def grade_student(student: str) -> Result:
    """Grade one submission; an error of the grader is a result, too, and never an exception."""
    grader = _grader()
    try:
        return grader.grade(student)
    except MemoryError:
        raise
    except Exception as error:
        return grader.failed(student, in_words(error))


def give_up(student: str, reason: str) -> Result:
    """The result of a submission that takes more than it may to judge: its own doing."""
    grader = _grader()
    try:
        return grader.give_up(student, reason)
    except Exception as error:
        return grader.failed(student, in_words(error))


def write_feedback(student: str) -> str:
    """Write one feedback page; returns what went wrong, or nothing."""
    try:
        _grader().feedback.write(student)
    except MemoryError:
        raise
    except Exception as error:
        return in_words(error)
    return ""


def write_short_feedback(student: str) -> str:
    """Write a page without what a student's cells printed and showed, if all is too much."""
    try:
        _grader().leave_outputs_out(student)
    except Exception as error:
        return in_words(error)
    return write_feedback(student)


def tested(course: Course, problem_set: str, settings: Settings) -> Settings:
    """The settings with the tier that passed the self-test on this machine, now or before."""
    packages, hidden = scope_of(course, problem_set).packages, [course.root]
    if known := recall(settings.sandbox, hidden, packages):
        return replace(settings, sandbox=known.tier, description=known.description)
    with open_pool(1, settings.sandbox, hidden=hidden, packages=packages) as pool:
        return replace(settings, sandbox=pool.tier, description=pool.description)
