"""The judge in the place of nbgrader's execution, for ``nbgrader autograde``."""

import atexit
import os
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import BinaryIO

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from coursekit.authoring.masters import Master
from coursekit.courses import Course
from coursekit.grading.beforehand import master_of
from coursekit.grading.folder_files import Files, SavedFolder, files_in
from coursekit.grading.judge import judge
from coursekit.grading.notebook_outputs import with_outputs
from coursekit.grading.ordinary import released_notebooks, run_notebook
from coursekit.grading.settings import scope_of
from coursekit.nbgrader_out.roster import names_of_students
from coursekit.sandbox.attempts import Archive
from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.pool import WorkerPool


class JudgePreprocessor(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Judge a rebuilt notebook and write the points where nbgrader looks for them.

    A notebook that is not one of ours is run in the sandbox with its own tests.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        course = Course(Path(self.parent.parent.coursedir.root))
        names = resources["nbgrader"]
        pool = shared_pool(course.root, names["assignment"])
        if not course.has_master(names["assignment"]):
            return self._ran(nb, course, names, pool), resources
        master = graded_master(course.root, names["assignment"])
        others = names_of_students(course) if master.is_personal else {}
        student = names["student"]
        judged = judge(master, nb, student, course.secret, pool, others.get(student, ()))
        return with_outputs(nb, judged), resources

    def _ran(
        self, notebook: NotebookNode, course: Course, names: dict[str, str], pool: WorkerPool
    ) -> NotebookNode:
        """Run an ordinary notebook among the files that nbgrader has put beside it."""
        assignment, student, name = names["assignment"], names["student"], names["notebook"]
        beside = Files(files_in(course.autograded(student, assignment).parent))
        archives: list[Archive] = [beside, *left_behind.by(student, assignment)]
        with tempfile.TemporaryFile() as folder:
            ran = run_notebook(name, notebook, pool, archives, folder)
            left_behind.keep(student, assignment, folder)
        for note in ran.notes(points_lost=True):
            self.log.warning("%s: %s", student, note)
        return ran.notebook


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
def graded_master(root: Path, assignment: str) -> Master:
    """The master by which an assignment is graded; one command reads it once.

    Raises
    ------
    CourseError
        If there is a mistake in it, or it was not released.
    """
    course = Course(root)
    return master_of(course, assignment, released_notebooks(course, assignment)[assignment])


@cache
def shared_pool(root: Path, problem_set: str) -> WorkerPool:
    """One warm worker for all submissions that this process grades.

    Raises
    ------
    SandboxUnavailableError
    CourseError
        If ``course.toml`` is not right.
    """
    scope = scope_of(Course(root), problem_set)
    pool = open_pool(hidden=[root], limits=scope.limits, packages=scope.packages)
    atexit.register(pool.close)
    return pool
