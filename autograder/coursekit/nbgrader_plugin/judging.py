"""Judging for ``nbgrader autograde``, in a process that is ended when it takes too much.

nbgrader grades one student after the other in its own process; what ended that would end all.
"""

import atexit
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from coursekit.authoring.release import read_problem_set
from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.grading.executors import LostError, Processes, allowance_of
from coursekit.grading.judge import judge
from coursekit.grading.notebook_outputs import with_outputs
from coursekit.grading.one_submission import given_up, in_words
from coursekit.grading.ordinary import files_beside, has_master, released_notebooks, run_notebook
from coursekit.grading.results import GRADER_ERROR
from coursekit.grading.settings import Settings
from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.pool import WorkerPool
from coursekit.submissions.rebuild import rebuild


@cache
def shared_pool(root: Path) -> WorkerPool:
    """One warm worker for all submissions that this process judges.

    Raises
    ------
    SandboxUnavailableError
    """
    return open_pool(hidden=[root])


@cache
def released(root: Path, assignment: str) -> dict[str, NotebookNode]:
    """The notebooks of an assignment; one command reads them once."""
    return released_notebooks(Course(root), assignment)


def ready(root: Path) -> None:
    """Make sure that student code can be locked in."""
    shared_pool(root)


def rebuilt(root: Path, assignment: str, name: str, submission: bytes) -> NotebookNode:
    """The release with the answers of a submission."""
    own = "needed" if has_master(Course(root), assignment) else "all"
    return rebuild(released(root, assignment)[name], submission, own).notebook


def judged(root: Path, assignment: str, student: str, notebook: NotebookNode) -> NotebookNode:
    """A rebuilt notebook with its points."""
    course, pool = Course(root), shared_pool(root)
    if not has_master(course, assignment):
        return run_notebook(notebook, pool, files_beside(course.release(assignment)))
    master = read_problem_set(course, assignment)
    found = judge(master, notebook, student, course.secret, pool)
    for result in found.exercises:
        if result.outcome == GRADER_ERROR:
            raise CourseError(f"the grader failed in {result.id}: {result.message}")
    return with_outputs(notebook, found)


def unjudged(root: Path, assignment: str, name: str, reason: str) -> NotebookNode:
    """What a submission that takes too much comes to: the release, without a point."""
    course = Course(root)
    master = read_problem_set(course, assignment) if has_master(course, assignment) else None
    return given_up(master, {name: released(root, assignment)[name]}, in_words(reason))[0][name]


class JudgingProcess:
    """The process beside nbgrader's.

    Parameters
    ----------
    place : Processes
        With one process.
    """

    def __init__(self, place: Processes) -> None:
        self.place = place

    def done(self, task: Callable[..., Any], *arguments: object) -> Any:
        """What a task returns; what went wrong is tried once more.

        Raises
        ------
        LostError
            It used up what it may have.
        CourseError
            The grader failed.
        """
        try:
            return self.place.result(task, *arguments)
        except LostError as loss:
            if loss.spent == "time":
                raise
        except CourseError:
            pass
        try:
            return self.place.result(task, *arguments)
        except LostError as loss:
            if loss.spent:
                raise
            raise CourseError(f"the grader failed: {loss}; run it again") from loss


def nothing() -> None:
    """What a new process begins with: it opens its worker when it first needs it."""


@cache
def judging_process() -> JudgingProcess:
    """The one process beside this one; it ends with it."""
    place = Processes(1, nothing, (), allowance_of(Settings()))
    atexit.register(place.close)
    return JudgingProcess(place)
