"""Feedback pages: nbgrader's, made one student at a time by a process that stays warm."""

import hashlib
import os
import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbconvert.writers.files import FilesWriter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades
from pygments.formatters import HtmlFormatter
from traitlets.utils.importstring import import_item

from coursekit.book_links import link_to
from coursekit.courses import Course
from coursekit.nbgrader_out import page_formulas
from coursekit.nbgrader_out.converters import load_config, open_gradebook, quiet_log
from coursekit.nbgrader_out.gradebook import read_graded
from coursekit.nbgrader_out.gradebook_faults import gradebook_faults
from coursekit.nbgrader_out.page_marks import PageMarks, Resources, marks_of, with_marks
from coursekit.seeds import length_prefixed
from coursekit.typesetting.formulas import KATEX

TEMPLATES = Path(__file__).with_name("templates")
TEMPLATE = TEMPLATES / "course_feedback"
DARK = "github-dark"
"""Of Pygments, for screens that are dark."""
NO_ALT = re.compile(r"<img (?![^<>]*\balt=)")
ALT = '<img alt="Picture that the code above drew, without a description" '
LONGEST_STAMP = 256
STAMP = re.compile(rb"<!-- made of [0-9a-f]{64}, (?P<marks>[0-9a-f]{64}) -->\n\Z")
"""The end of a page."""
NOT_PLAIN_PYTHON = re.compile(r"^[ \t]*[%!?]|=[ \t]*[%!]|\?[ \t]*$", re.MULTILINE)
"""What IPython adds to the language: magics, shell commands, questions."""


class FeedbackWriter:
    """nbgrader's feedback pages, one student at a time, with one warm exporter.

    A page ends with a stamp of all that went into it, and is not rendered again while that is the
    same. As the stamp comes last, a page that was written in part has none.
    """

    def __init__(self, course: Course, problem_set: str) -> None:
        config = load_config(course)
        self.course, self.problem_set, log = course, problem_set, quiet_log()
        coursedir = CourseDirectory(config=config, log=log)
        coursedir.assignment_id = problem_set
        self.db_url, self.renderer = coursedir.db_url, digest_of_renderer(course)
        self.converter = GenerateFeedback(coursedir=coursedir, config=config, log=log)
        self.converter.writer = FilesWriter(parent=self.converter, config=self.converter.config)
        self.converter.exporter = PageExporter(
            parent=self.converter,
            config=self.converter.config,
            book_url=course.settings.book.url or "",
        )
        for preprocessor in map(as_class, self.converter.preprocessors):
            if preprocessor is GetGrades:
                self.converter.exporter.register_preprocessor(self._marked)
            elif preprocessor is not CSSHTMLHeaderPreprocessor:  # the template has its own style
                self.converter.exporter.register_preprocessor(preprocessor, enabled=True)
        self.marks: PageMarks | None = None

    @cached_property
    def gradebook(self) -> Gradebook:
        return Gradebook(self.db_url)

    def write(self, student: str) -> None:
        """Write ``feedback/STUDENT/PROBLEM_SET/*.html`` from notebooks and gradebook."""
        with gradebook_faults(self.course):
            self._write(student)

    def _write(self, student: str) -> None:
        folder = self.course.autograded(student, self.problem_set).parent
        for notebook in sorted(folder.glob("*.ipynb")):
            page = self.course.feedback(student, self.problem_set)
            page = page.with_name(f"{notebook.stem}.html")
            self.marks = marks_of(self.gradebook, notebook.stem, self.problem_set, student)
            stamp = self._stamp(notebook, self.marks)
            if not ends_with(page, stamp):
                self.converter.convert_single_notebook(str(notebook))
                with page.open("ab") as file:
                    file.write(stamp)

    def _marked(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """In the place of nbgrader's ``GetGrades``, which asks the gradebook for each cell."""
        if self.marks is not None:
            with_marks(nb, resources, self.marks)
        return nb, resources

    def _stamp(self, notebook: Path, marks: PageMarks) -> bytes:
        """A comment of HTML that is another one when anything on the page would be.

        The digest of the marks stands by itself: an update changes the page, and no points.
        """
        parts = [self.renderer, notebook.read_bytes(), repr(marks).encode()]
        digest = hashlib.sha256(b"".join(map(length_prefixed, parts))).hexdigest()
        return f"<!-- made of {digest}, {digest_of_marks(marks)} -->\n".encode()


def digest_of_marks(marks: PageMarks) -> str:
    return hashlib.sha256(repr(marks).encode()).hexdigest()


def noted_marks(page: Path) -> str:
    """The digest of the marks that a page shows; nothing where the page does not say it."""
    with page.open("rb") as file:
        file.seek(max(0, page.stat().st_size - LONGEST_STAMP))
        found = STAMP.search(file.read())
    return found["marks"].decode() if found else ""


def pages_and_marks(course: Course, problem_set: str, students: Iterable[str]) -> tuple[
    list[str], list[str]
]:  # fmt: skip
    """Whose page shows other marks than the gradebook has, and of whose nobody can tell."""
    older, unknown = [], []
    with open_gradebook(course) as gradebook:
        for student in students:
            noted = noted_marks(course.feedback(student, problem_set))
            if not noted:
                unknown.append(student)
            elif noted != marks_now(gradebook, problem_set, student):
                older.append(student)
    return older, unknown


def marks_now(gradebook: Gradebook, problem_set: str, student: str) -> str:
    try:
        return digest_of_marks(marks_of(gradebook, problem_set, problem_set, student))
    except MissingEntry:
        return ""


def as_class(preprocessor: object) -> Any:
    """A preprocessor, which the configuration may name in words."""
    return import_item(preprocessor) if isinstance(preprocessor, str) else preprocessor


def digest_of_renderer(course: Course) -> bytes:
    """Of what makes a page of a notebook and its marks."""
    versions = [version(name) for name in ("nbgrader", "nbconvert", "mistune", "Pygments")]
    ours = [Path(__file__), Path(page_formulas.__file__), *sorted(TEMPLATE.iterdir())]
    parts = [path.read_bytes() for path in (*ours, course.config)] + [repr(versions).encode()]
    parts.append((course.settings.book.url or "").encode())
    parts.append((KATEX / "SHA256SUMS").read_bytes())
    return hashlib.sha256(b"".join(map(length_prefixed, parts))).digest()


def ends_with(page: Path, stamp: bytes) -> bool:
    try:
        with page.open("rb") as file:
            file.seek(-len(stamp), os.SEEK_END)
            return file.read() == stamp
    except OSError:  # not there, or shorter
        return False


@lru_cache(1)
def page_style() -> str:
    """The style of a page: its own, and that of code."""
    light, dark = (
        HtmlFormatter(style=style).get_style_defs(".highlight") for style in ("default", DARK)
    )
    page = (TEMPLATE / "page.css").read_text(encoding="utf-8")
    return f"{page}{light}@media (prefers-color-scheme: dark) {{ {dark} }}"


class PageExporter(HTMLExporter):
    """nbconvert's exporter, which renders what is the same for all students once.

    A page is one file, with its style and the fonts of its formulas, and asks no server for more.

    Left out is what takes most of its time. It parses the finished page once more, to give images
    a text and cells a tab stop: here the images are found by their tag. It copies and validates the
    notebook before and after each preprocessor: graded notebooks are made by the judge, of the
    release and of outputs that were validated.
    """

    def __init__(self, book_url: str = "", **options: object) -> None:
        options |= {"template_name": TEMPLATE.name, "extra_template_basedirs": [str(TEMPLATES)]}
        super().__init__(**options)  # type: ignore[no-untyped-call]  # nbconvert's
        self.render = lru_cache(512)(lambda source: self._rendered(source, {}))
        self.register_filter("book_link", lambda section: link_to(section, book_url))  # type: ignore[no-untyped-call]  # nbconvert's
        self.register_filter("typeset_text", page_formulas.typeset_text)  # type: ignore[no-untyped-call]  # nbconvert's
        self.highlighter = Highlighter(pygments_lexer="ipython3", parent=self)

    @pass_context
    def markdown2html(self, context: Context, source: str) -> Any:
        """HTML of a Markdown cell; pasted images are part of the cell and not of its source."""
        attachments = context.get("cell", {}).get("attachments")
        return self._rendered(source, attachments) if attachments else self.render(source)

    def _rendered(self, source: str, attachments: dict[str, dict[str, str]]) -> str:
        renderer = page_formulas.FormulaRenderer(
            escape=False,
            attachments=attachments,
            anchor_link_text=self.anchor_link_text,
            exclude_anchor_links=self.exclude_anchor_links,
        )
        return MarkdownWithMath(renderer=renderer).render(source)

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
        resources["page_style"] = page_style()
        self.register_filter("highlight_code", self.highlighter)  # type: ignore[no-untyped-call]  # nbconvert's
        widgets = WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources
        )
        self.register_filter("filter_data_type", widgets)  # type: ignore[no-untyped-call]  # nbconvert's
        html, resources = TemplateExporter.from_notebook_node(self, nb, resources, **options)
        return page_formulas.with_style(NO_ALT.sub(ALT, html)), resources


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
