"""The one change to nbgrader's pipeline: notebooks are rebuilt as they are read."""

from functools import cache
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.frame.preprocessor import shared_pool
from coursekit.grading.ordinary import has_master, released_notebooks
from coursekit.grading.rebuild import rebuild
from coursekit.sandbox.worker_process import SandboxUnavailableError


class RebuildingExporter(NotebookExporter):
    """Read a submission as bytes and hand nbgrader a rebuilt, valid notebook.

    nbgrader's own exporter raises for a file that is not a notebook, which stops the whole
    class. nbgrader calls this one twice, for the submission and for the sanitized copy; a rebuilt
    notebook rebuilds to itself.

    It is made before anything is graded: where student code cannot be locked in, the command ends
    here, and not with a traceback for each student.
    """

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        try:
            shared_pool(Path(self.parent.coursedir.root))
        except SandboxUnavailableError as error:
            self.log.error("%s", error)
            raise SystemExit(2) from None

    def from_file(self, file_stream, resources=None, **kwargs):
        submission = file_stream.buffer.read()
        names = resources["nbgrader"]
        course = Course(Path(self.parent.coursedir.root))
        release = released(course.root, names["assignment"]).get(names["notebook"])
        if release is None:
            raise CourseError(
                f"{names['notebook']} was not released: run `course release "
                f"{names['assignment']}` first"
            )
        own = "needed" if has_master(course, names["assignment"]) else "all"
        notebook = rebuild(release, submission, own).notebook
        return self.from_notebook_node(notebook, resources=resources, **kwargs)


@cache
def released(root: Path, assignment: str) -> dict[str, nbformat.NotebookNode]:
    """The notebooks of an assignment; one command reads them once."""
    return released_notebooks(Course(root), assignment)
