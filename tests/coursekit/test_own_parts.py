"""What nbgrader's documentation lets an instructor name in the configuration works, or is said."""

import nbformat
import pytest
from tests.coursekit.own_sets import begin

from coursekit.authoring.release import release
from coursekit.cli import main
from coursekit.courses import CONFIG_TEMPLATE, init_course
from coursekit.demo.sample_class import hand_in
from coursekit.nbgrader_out.own_parts import not_reached

OWN = '''\
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor


class Honour(NbGraderPreprocessor):
    """Adds a cell to what students get."""

    def preprocess(self, nb, resources):
        nb.cells.append(new_markdown_cell("I did this by myself."))
        return nb, resources


class Signed(NbGraderPreprocessor):
    """Adds a cell to the feedback page."""

    def preprocess(self, nb, resources):
        nb.cells.append(new_markdown_cell("Graded in room 12."))
        return nb, resources


class Timed(NbGraderPreprocessor):
    """Of grading: `course grade` does not run it."""
'''
CONFIGURED = """
from own_parts_of_a_test import Honour, Timed

c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter", "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.LockCells", "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells", "nbgrader.preprocessors.CheckCellMetadata", Honour,
    "nbgrader.preprocessors.ClearOutput", "nbgrader.preprocessors.ClearHiddenTests",
]
c.IncludeHeaderFooter.header = "source/header.ipynb"
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades", "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    "own_parts_of_a_test.Signed",
]
c.Autograde.autograde_preprocessors += [Timed, "elsewhere.Measured"]
c.HTMLExporter.template_name = "lab"
"""


@pytest.fixture
def course(tmp_path):
    made = init_course(tmp_path / "course")
    (made.root / "own_parts_of_a_test.py").write_text(OWN, encoding="utf-8")
    with made.config.open("a", encoding="utf-8") as config:
        config.write(CONFIGURED)
    begin(made.root / "exercises")
    header = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Room 12, Tuesdays")])
    nbformat.write(header, made.root / "source" / "header.ipynb")
    return made


@pytest.mark.tier("auto")
@pytest.mark.filterwarnings("ignore")
def test_own_parts_work_and_what_is_not_reached_is_said(course, capsys):
    notebook = nbformat.read(release(course, "mine") / "mine.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells]
    assert sources[0] == "Room 12, Tuesdays"
    assert sources[-1] == "I did this by myself."
    hand_in(course, "mine", {"ann": nbformat.writes(notebook)})
    assert main(["grade", "mine", "--course", str(course.root)]) == 0
    said = capsys.readouterr().out
    assert "does not run own_parts_of_a_test.Timed, elsewhere.Measured, which" in said
    assert "`nbgrader generate_feedback` uses that" in said
    page = course.feedback("ann", "mine").read_text(encoding="utf-8")
    assert "Graded in room 12." in page
    assert "Room 12, Tuesdays" in page


def test_a_new_course_has_nothing_that_is_not_reached(tmp_path):
    course = init_course(tmp_path / "course")
    assert course.config.read_text(encoding="utf-8") == CONFIG_TEMPLATE.read_text(encoding="utf-8")
    assert list(not_reached(course)) == []
