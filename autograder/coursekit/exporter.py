"""The one change to nbgrader's pipeline: notebooks are rebuilt as they are read."""

from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter

from coursekit.errors import CourseError
from coursekit.rebuild import rebuild


class RebuildingExporter(NotebookExporter):
    """Read a submission as bytes and hand nbgrader a rebuilt, valid notebook.

    nbgrader's own exporter raises for a file that is not a notebook, which stops the whole
    class. nbgrader calls this one twice, for the submission and for the sanitized copy; a rebuilt
    notebook rebuilds to itself.
    """

    def from_file(self, file_stream, resources=None, **kwargs):
        submission = file_stream.buffer.read()
        notebook = rebuild(self.release_of(resources["nbgrader"]), submission).notebook
        return self.from_notebook_node(notebook, resources=resources, **kwargs)

    def release_of(self, names: dict) -> nbformat.NotebookNode:
        coursedir = self.parent.coursedir
        folder = coursedir.format_path(coursedir.release_directory, ".", names["assignment"])
        path = Path(folder) / f"{names['notebook']}.ipynb"
        if not path.is_file():
            raise CourseError(
                f"{path} is missing: run `course release {names['assignment']}` first"
            )
        return nbformat.read(path, as_version=4)
