"""The one change to nbgrader's pipeline: notebooks are rebuilt as they are read."""

from functools import cache
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.grading.ordinary import has_master, released_notebooks
from coursekit.grading.rebuild import rebuild


class RebuildingExporter(NotebookExporter):
    """Read a submission as bytes and hand nbgrader a rebuilt, valid notebook.

    nbgrader's own exporter raises for a file that is not a notebook, which stops the whole
    class. nbgrader calls this one twice, for the submission and for the sanitized copy; a rebuilt
    notebook rebuilds to itself.
    """

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
