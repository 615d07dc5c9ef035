"""What a process does that judges submissions for a class run, here or on a cluster."""

from dataclasses import replace
from typing import TYPE_CHECKING

from coursekit.courses import Course
from coursekit.grading.results import Result
from coursekit.grading.settings import Settings

if TYPE_CHECKING:
    from coursekit.grading.grader import Grader

_grader: "Grader | None" = None


def open_grader(course: Course, problem_set: str, settings: Settings) -> dict[str, str]:
    """Make the grader of this process, in the place of an earlier one.

    Parameters
    ----------
    course : Course
    problem_set : str
    settings : Settings
        With a tier that was tested.

    Returns
    -------
    dict
        Versions of all that decides a result.
    """
    global _grader
    from coursekit.grading.grader import Grader

    close_grader()
    _grader = Grader(course, problem_set, settings)
    return _grader.versions


def close_grader() -> None:
    """End the worker of this process's grader, if there is one."""
    global _grader
    if _grader is not None:
        _grader.close()
    _grader = None


def grade_student(student: str) -> Result:
    """Grade one submission; an error of the grader is a result, too, and never an exception."""
    try:
        return _grader.grade(student)
    except Exception as error:
        return _grader.failed(student, f"{type(error).__name__}: {error}")


def write_feedback(student: str) -> str:
    """Write one feedback page; returns what went wrong, or nothing."""
    try:
        _grader.feedback.write(student)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def tested(course: Course, settings: Settings) -> Settings:
    """The settings with the tier that passed the self-test on this machine."""
    from coursekit.sandbox.pool import WorkerPool

    with WorkerPool(1, settings.sandbox, hidden=[course.root]) as pool:
        return replace(settings, sandbox=pool.tier, description=pool.description)
