"""Judging for ``nbgrader autograde``, in a process that is ended when it takes too much.

nbgrader grades one student after the other in its own process; what ended that would end all.
"""

import atexit
import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from nbformat import NotebookNode

from coursekit.authoring.masters import Master
from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.grading.beforehand import master_of
from coursekit.grading.executors import LostError, Processes, allowance_of
from coursekit.grading.folder_files import Files, SavedFolder, files_in
from coursekit.grading.judge import judge
from coursekit.grading.notebook_outputs import with_outputs
from coursekit.grading.one_submission import given_up, in_words
from coursekit.grading.ordinary import released_notebooks, run_notebook
from coursekit.grading.results import GRADER_ERROR
from coursekit.grading.settings import Settings, scope_of
from coursekit.nbgrader_out.roster import names_of_students
from coursekit.sandbox.attempts import Archive
from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.pool import WorkerPool
from coursekit.submissions.finding import Asked, SubmittedFile, read_file
from coursekit.submissions.handed_in import handed_in
from coursekit.submissions.rebuild import Rebuilt, rebuild


class LeftBehind:
    """What a student's last notebook left in its folder: the next one of an assignment finds it."""

    def __init__(self) -> None:
        self.whose: tuple[str, str] | None = None
        self.folder = ExitStack()

    def keep(self, student: str, assignment: str, folder: BinaryIO) -> None:
        """Keep a folder, in the place of an earlier one."""
        self.folder.close()
        self.whose = (student, assignment)
        self.copy = self.folder.enter_context(os.fdopen(os.dup(folder.fileno()), "rb"))

    def by(self, student: str, assignment: str) -> list[SavedFolder]:
        """The folder, if it is of this student and this assignment."""
        return [SavedFolder(self.copy)] if self.whose == (student, assignment) else []


left_behind = LeftBehind()


@cache
def shared_pool(root: Path, assignment: str) -> WorkerPool:
    """One warm worker for all submissions that this process judges.

    Raises
    ------
    SandboxUnavailableError
    CourseError
        If ``course.toml`` is not right.
    """
    scope = scope_of(Course(root), assignment)
    return open_pool(hidden=[root], limits=scope.limits, packages=scope.packages)


@cache
def released(root: Path, assignment: str) -> dict[str, NotebookNode]:
    """The notebooks of an assignment; one command reads them once."""
    return released_notebooks(Course(root), assignment)


def ready(root: Path, assignment: str) -> None:
    """Make sure that student code can be locked in."""
    shared_pool(root, assignment)


@cache
def graded_master(root: Path, assignment: str) -> Master:
    """The master by which an assignment is graded; one command reads it once.

    Raises
    ------
    CourseError
        If there is a mistake in it, or it was not released.
    """
    return master_of(Course(root), assignment, released(root, assignment)[assignment])


def asked(root: Path, assignment: str) -> Asked:
    """What students were asked to hand in."""
    own = "needed" if Course(root).has_master(assignment) else "all"
    return Asked(assignment, released(root, assignment), own)


def found(root: Path, assignment: str, student: str, hand_ins: Path) -> list[SubmittedFile]:
    """What a student handed in."""
    with handed_in(Course(root), student, assignment, hand_ins) as hand_in:
        wanted = asked(root, assignment)
        return [read_file(hand_in, name, wanted) for name in wanted.releases]


def rebuilt(root: Path, assignment: str, name: str, submission: bytes) -> Rebuilt:
    """The release with the answers of a submission."""
    wanted = asked(root, assignment)
    return rebuild(wanted.releases[name], submission, wanted.own_cells)


def judged(
    root: Path, assignment: str, name: str, student: str, notebook: NotebookNode
) -> tuple[NotebookNode, tuple[str, ...]]:
    """A rebuilt notebook with its points, and notes for the instructor."""
    course, pool = Course(root), shared_pool(root, assignment)
    if not course.has_master(assignment):
        return ran(course, assignment, name, student, notebook)
    master = graded_master(root, assignment)
    others = names_of_students(course) if master.is_personal else {}
    results = judge(master, notebook, student, course.secret, pool, others.get(student, ()))
    for result in results.exercises:
        if result.outcome == GRADER_ERROR:
            raise CourseError(f"the grader failed in {result.id}: {result.message}")
    return with_outputs(notebook, results), ()


def ran(
    course: Course, assignment: str, name: str, student: str, notebook: NotebookNode
) -> tuple[NotebookNode, tuple[str, ...]]:
    """Run an ordinary notebook among the files that nbgrader has put beside it."""
    beside = Files(files_in(course.autograded(student, assignment).parent))
    archives: list[Archive] = [beside, *left_behind.by(student, assignment)]
    with tempfile.TemporaryFile() as folder:
        pool = shared_pool(course.root, assignment)
        done = run_notebook(name, notebook, pool, archives, folder)
        left_behind.keep(student, assignment, folder)
    return done.notebook, tuple(done.notes(points_lost=True))


def unjudged(root: Path, assignment: str, name: str, reason: str) -> NotebookNode:
    """What a submission that takes too much comes to: the release, without a point."""
    course = Course(root)
    master = graded_master(root, assignment) if course.has_master(assignment) else None
    release = {name: released(root, assignment)[name]}
    return given_up(master, release, in_words(reason)).notebooks[name]


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
def judging_process(root: Path, assignment: str) -> JudgingProcess:
    """The one process beside this one; it ends with it.

    Raises
    ------
    CourseError
        If ``course.toml`` is not right.
    """
    limits = scope_of(Course(root), assignment).limits
    place = Processes(1, nothing, (), allowance_of(Settings(), limits))
    atexit.register(place.close)
    return JudgingProcess(place)
