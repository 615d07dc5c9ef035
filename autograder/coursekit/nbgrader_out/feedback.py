"""Feedback pages: nbgrader's, made one student at a time by a process that stays warm."""

import re
from functools import lru_cache
from typing import Any, TextIO

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbconvert.writers.files import FilesWriter
from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades

from coursekit.courses import Course
from coursekit.nbgrader_out.converters import load_config, quiet_log
from coursekit.nbgrader_out.gradebook import read_graded

NO_ALT = re.compile(r"<img (?![^<>]*\balt=)")
ALT = '<img alt="Image without a description" '
CONTENTS = re.compile(r'<li><a href="#([\w-]+?)(-check)?">Test cell</a>')
NAMED = r'<li><a href="#\1\2">\1</a>'
"""nbgrader's table of contents calls every test by one name; here each has its own."""
NOT_PLAIN_PYTHON = re.compile(r"^[ \t]*[%!?]|=[ \t]*[%!]|\?[ \t]*$", re.MULTILINE)
"""What IPython adds to the language: magics, shell commands, questions."""


Resources = dict[str, Any]


class FeedbackWriter:
    """nbgrader's feedback pages, one student at a time, with one warm exporter."""

    def __init__(self, course: Course, problem_set: str) -> None:
        config = load_config(course)
        self.course, self.problem_set, log = course, problem_set, quiet_log()
        coursedir = CourseDirectory(config=config, log=log)
        coursedir.assignment_id = problem_set
        self.converter = GenerateFeedback(coursedir=coursedir, config=config, log=log)
        self.converter.writer = FilesWriter(parent=self.converter, config=self.converter.config)
        self.converter.exporter = PageExporter(parent=self.converter, config=self.converter.config)
        for preprocessor in self.converter.preprocessors:
            kind = GradesAtOnce if preprocessor is GetGrades else preprocessor
            self.converter.exporter.register_preprocessor(kind, enabled=True)

    def write(self, student: str) -> None:
        """Write ``feedback/STUDENT/PROBLEM_SET/*.html`` from notebooks and gradebook."""
        folder = self.course.autograded(student, self.problem_set).parent
        for notebook in sorted(folder.glob("*.ipynb")):
            self.converter.convert_single_notebook(str(notebook))


class GradesAtOnce(GetGrades):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's preprocessor with one question to the gradebook in place of one for each cell."""

    gradebook: Gradebook | None = None

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        place = resources["nbgrader"]
        if self.gradebook is None:
            self.gradebook = Gradebook(place["db_url"])
        db = self.gradebook.db
        notebook = self.gradebook.find_submission_notebook(
            place["notebook"], place["assignment"], place["student"]
        )
        grades = db.query(BaseCell.name, Grade.score, Grade.max_score).join(
            BaseCell, BaseCell.id == Grade.cell_id
        )
        comments = db.query(BaseCell.name, Comment.comment).join(
            BaseCell, BaseCell.id == Comment.cell_id
        )
        marks = {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader
                 for cell in nb.cells if "nbgrader" in cell.metadata}  # fmt: skip
        for name, score, points in grades.filter(Grade.notebook_id == notebook.id):
            marks[name].update(score=score, points=points)
        for name, comment in comments.filter(Comment.notebook_id == notebook.id):
            marks[name].update(comment=comment)
        late = notebook.late_submission_penalty or 0
        place.update(score=notebook.score - late, max_score=notebook.max_score, late_penalty=late)
        db.rollback()  # nothing was written; the next page must see what others write meanwhile
        return nb, resources


class PageExporter(HTMLExporter):
    """nbconvert's exporter, which renders what is the same for all students once.

    Left out is what takes most of its time. It parses the finished page once more, to give images
    a text and cells a tab stop: here the images are found by their tag, and the table of contents
    names the exercises. It copies and validates the notebook before and after each preprocessor:
    graded notebooks are made by the judge, of the release and of outputs that were validated.
    """

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]  # nbconvert's
        render = super().markdown2html
        self.render = lru_cache(512)(lambda source: render({}, source))
        self.highlighter = Highlighter(pygments_lexer="ipython3", parent=self)

    @pass_context
    def markdown2html(self, context: Context, source: str) -> Any:
        """HTML of a Markdown cell; pasted images are part of the cell and not of its source."""
        if context.get("cell", {}).get("attachments"):
            return super().markdown2html(context, source)
        return self.render(source)

    def from_file(  # type: ignore[override]  # as nbconvert's own exporters to text
        self, file_stream: TextIO, resources: Resources | None = None, **options: object
    ) -> tuple[str, Resources]:
        """The page of a graded notebook."""
        return self.from_notebook_node(read_graded(file_stream.read()), resources, **options)

    def _preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        return nb, resources

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own
        self, nb: NotebookNode, resources: Resources | None = None, **options: object
    ) -> tuple[str, Resources]:
        """The page; see :meth:`nbconvert.exporters.HTMLExporter.from_notebook_node`."""
        resources = self._init_resources(resources)  # type: ignore[no-untyped-call]  # nbconvert's
        self.register_filter("highlight_code", self.highlighter)  # type: ignore[no-untyped-call]  # nbconvert's
        widgets = WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources
        )
        self.register_filter("filter_data_type", widgets)  # type: ignore[no-untyped-call]  # nbconvert's
        html, resources = TemplateExporter.from_notebook_node(self, nb, resources, **options)
        return NO_ALT.sub(ALT, CONTENTS.sub(NAMED, html)), resources


class Highlighter(Highlight2HTML):
    """Colours code: each source once, and plain Python without the rules for IPython's additions.

    These rules are tried at every word and take half of the time.
    """

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]  # nbconvert's
        self.highlight = lru_cache(2048)(super().__call__)

    def __call__(
        self, source: str, language: str | None = None, metadata: Resources | None = None
    ) -> Any:
        """HTML of a cell's code."""
        if metadata and "magics_language" in metadata:
            return super().__call__(source, language, metadata)  # type: ignore[no-untyped-call]  # nbconvert's
        plain = not language and not NOT_PLAIN_PYTHON.search(source)
        return self.highlight(source, "python3" if plain else language)
