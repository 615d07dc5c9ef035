"""What was wrong with a file stands on the feedback page, by each of the two ways of grading."""

import gc
import re
import shutil
import warnings
import zipfile

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.converters import Autograde, GenerateFeedback
from tests.coursekit.attacks.courses import grade, our_course
from tests.coursekit.attacks.hostile_folders import honest, right_answers

from coursekit.courses import Course
from coursekit.grading.file_note import with_note
from coursekit.nbgrader_out.converters import run_converter
from coursekit.nbgrader_out.gradebook import read_scores

pytestmark = [pytest.mark.xdist_group("file notes"), pytest.mark.tier("auto")]

RIGHT = ("upper", "renamed", "nested", "zipped", "script", "two", "plain")
SAID = {
    "upper": "target.ipynb is missing; TARGET.IPYNB was graded instead",
    "renamed": "target.ipynb is missing; homework.ipynb was graded instead",
    "nested": "target.ipynb is missing; target/target.ipynb was graded instead",
    "zipped": "target.ipynb is missing; target.ipynb in target.zip was graded instead",
    "script": "target.ipynb is missing; target.py was graded instead",
    "two": "target.ipynb has no answers; target (1).ipynb has 2 and was graded instead",
    "page": "target.html is a web page",
    "paper": "neither a notebook nor a script",
    "nothing": "target.ipynb is missing",
}


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A class before it is graded."""
    course = our_course(tmp_path_factory.mktemp("notes") / "course", [])
    honest(course, "plain")
    honest(course, "upper", "TARGET.IPYNB")
    honest(course, "renamed", "homework.ipynb")
    nested = honest(course, "nested")
    (nested.parent / "target").mkdir()
    nested.rename(nested.parent / "target" / nested.name)
    with zipfile.ZipFile(folder_of(course, "zipped") / "target.zip", "w") as packed:
        packed.writestr("target.ipynb", right_answers(course))
    answers = nbformat.reads(right_answers(course).decode(), as_version=4)
    cells = [cell.source for cell in answers.cells if cell.source.startswith(("def", "import"))]
    script = folder_of(course, "script") / "target.py"
    script.write_text("\n\n\n".join(cells), encoding="utf-8")
    honest(course, "two", "target (1).ipynb")
    shutil.copy(course.release("target") / "target.ipynb", folder_of(course, "two"))
    page, paper = folder_of(course, "page"), folder_of(course, "paper")
    (page / "target.html").write_text("<!DOCTYPE html><html></html>", encoding="utf-8")
    (paper / "target.ipynb").write_text("I did it on paper", encoding="utf-8")
    folder_of(course, "nothing")
    return course


def folder_of(course, student):
    folder = course.submitted() / student / "target"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def by_course_grade(course):
    grade(course)


def by_nbgrader(course):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for student in ("upper", "*"):  # one who is alone, and then all
            run_converter(Autograde, course, "target", student)
        run_converter(GenerateFeedback, course, "target")
    gc.collect()  # the copies go with nbgrader's converter


@pytest.fixture(scope="module", params=[by_course_grade, by_nbgrader])
def graded(before, request, tmp_path_factory):
    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(before.root, root)
    request.param(Course(root))
    return Course(root)


def note_on_page(course, student):
    """What the page of a student says of the file, a sentence each."""
    page = course.feedback(student, "target").read_text(encoding="utf-8")
    title = BeautifulSoup(page, "html.parser").find("strong", string=re.compile("About the file"))
    items = title.find_next("ul").find_all("li") if title else []
    return [" ".join(item.get_text().split()) for item in items]


def test_what_is_found_is_worth_what_it_is_worth(graded):
    scores = {name: score.score for name, score in read_scores(graded, "target").items()}
    assert scores == dict.fromkeys(RIGHT, 4) | dict.fromkeys(("page", "paper", "nothing"), 0)


@pytest.mark.parametrize("student", SAID)
def test_the_page_says_what_was_wrong_with_the_file_and_what_to_hand_in(graded, student):
    said = note_on_page(graded, student)
    assert any(SAID[student] in sentence for sentence in said), said
    assert said[-1] == "Hand in one notebook, target.ipynb, and nothing else."


def test_a_page_of_a_file_that_is_as_it_should_be_says_nothing_of_it(graded):
    assert note_on_page(graded, "plain") == []


def test_the_note_is_valid_and_has_no_points(graded):
    notebook = nbformat.read(graded.autograded("upper", "target"), as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert "nbgrader" not in notebook.cells[0].metadata


@pytest.mark.parametrize("minor", [4, 5])
def test_nothing_of_a_name_acts_in_a_note(minor):
    notebook = new_notebook(cells=[new_code_cell("x = 1")])
    notebook.nbformat_minor = minor
    if minor == 4:
        del notebook.cells[0]["id"]
    name = "<img src=x onerror=a()>`$\\href{javascript:a()}{x}$](http://a.b)\x1b\u202e*_|#.ipynb"
    noted = with_note(notebook, [f"{name} is a zip"])
    nbformat.validate(noted)
    text = noted.cells[0].source
    assert not set("<>`$\\[]{}*|#\x1b\u202e") & set(text.replace("**About", "").replace("in**", ""))
    assert "//" not in text
    assert len(notebook.cells) == 1


def test_where_nothing_is_to_be_said_the_notebook_is_the_same():
    notebook = new_notebook()
    assert with_note(notebook, ()) is notebook
