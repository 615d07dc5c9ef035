"""The judge in the place of nbgrader's execution, for ``nbgrader autograde``."""

import atexit
from functools import cache
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from coursekit.authoring.masters import Master
from coursekit.courses import Course
from coursekit.grading.beforehand import master_of
from coursekit.grading.judge import judge
from coursekit.grading.notebook_outputs import with_outputs
from coursekit.grading.ordinary import files_beside, has_master, released_notebooks, run_notebook
from coursekit.nbgrader_out.roster import names_of_students
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
        pool = shared_pool(course.root)
        if not has_master(course, names["assignment"]):
            files = files_beside(course.release(names["assignment"]))
            return run_notebook(nb, pool, files), resources
        master = graded_master(course.root, names["assignment"])
        others = names_of_students(course) if master.is_personal else {}
        student = names["student"]
        judged = judge(master, nb, student, course.secret, pool, others.get(student, ()))
        return with_outputs(nb, judged), resources


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
def shared_pool(root: Path) -> WorkerPool:
    """One warm worker for all submissions that this process grades.

    Raises
    ------
    SandboxUnavailableError
    """
    pool = open_pool(hidden=[root])
    atexit.register(pool.close)
    return pool
