"""Masters are read, and what is wrong in one is said."""

import textwrap

import pytest

from coursekit.authoring.masters import MASTERS, find_master, read_master
from coursekit.errors import CourseError

FRONT = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
---

# A small set

"""
DECLARATIONS = """\
import numpy as np
from coursekit.authoring.exercises import Cases, Exercise

def draw(rng):
    return (rng.normal(size=3),)

def doubled(x):
    '''Twice the input.

    Parameters
    ----------
    x : Array, shape (n,)
    '''
    return 2 * x

EXERCISES = {"one": Exercise(cases=[Cases("all", draw, share=1)])}
"""


def cell(body: str, source: str = "") -> str:
    block = textwrap.indent(textwrap.dedent(body).strip(), "  ")
    return f"```{{code-cell}} ipython3\n---\nexercise:\n{block}\n---\n{source}```\n\n"


ONE = "id: one\nreference: .doubled\npoints: 2"


@pytest.fixture
def master(tmp_path):
    def write(text: str, declarations: str = DECLARATIONS):
        (tmp_path / "small.md").write_text(FRONT + text, encoding="utf-8")
        (tmp_path / "small.py").write_text(declarations, encoding="utf-8")
        return read_master(tmp_path / "small.md")

    return write


def test_a_master_gives_title_exercises_and_points(master):
    read = master(cell(ONE))
    assert (read.id, read.title, read.points) == ("small", "A small set", 2)
    assert read.exercise("one").reference.name == "doubled"


def test_what_a_person_marks_has_points_and_no_declarations(master):
    read = master(cell(ONE) + cell("id: essay\npoints: 3\nmanual: true"))
    assert [(part.id, part.points) for part in read.manual] == [("essay", 3)]
    assert [exercise.id for exercise in read.exercises] == ["one"]
    assert read.points == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            cell("id: one\nreference: backprop.units.nothing\npoints: 2"),
            "has no function 'nothing'",
        ),
        (cell("id: one\nreference: .doubled"), "does not say its points"),
        (cell("reference: .doubled\npoints: 1"), "does not say its id"),
        (cell(ONE) + cell(ONE), "the id 'one' is used 2 times"),
        (cell(ONE) + cell("id: one\npoints: 1\nmanual: true"), "the id 'one' is used 2 times"),
        (cell(ONE) + cell("id: essay\nmanual: true"), "does not say its points"),
        (
            cell(ONE) + cell("id: essay\npoints: 1\nmanual: true\nreference: .doubled"),
            "unknown fields",
        ),
        (cell("id: two\nreference: .doubled\npoints: 1"), "'two' has no declarations"),
        (cell(ONE + "\ncolour: red"), "unknown fields"),
        (cell("id: one\nreference: .doubled\npoints: -1"), "a number from 0 up"),
        (cell("id: One!\nreference: .doubled\npoints: 1"), "lower-case letters"),
        (cell(ONE, "x = 1\n"), "the cell must be empty"),
        (cell(ONE) + "```{code-cell} ipython3\n### BEGIN SOLUTION\n```\n", "marker is left over"),
        ("Nothing here.", "declared but not in the master: one"),
    ],
)
def test_what_is_wrong_in_a_master_is_said(master, text, message):
    with pytest.raises(CourseError, match=message):
        master(text)


def test_two_exercises_cannot_define_the_same_function(master):
    declarations = DECLARATIONS + "EXERCISES['two'] = EXERCISES['one']\n"
    with pytest.raises(CourseError, match="define the same function"):
        master(cell(ONE) + cell("id: two\nreference: .doubled\npoints: 1"), declarations)


def test_missing_declarations_are_said(master, tmp_path):
    master(cell(ONE))
    (tmp_path / "small.py").unlink()
    with pytest.raises(CourseError, match=r"small\.py is missing"):
        read_master(tmp_path / "small.md")


def test_an_unknown_problem_set_lists_the_known_ones():
    with pytest.raises(CourseError, match=r"there is no problem set 'ps99'; there are: .*ps1"):
        find_master("ps99")


def test_the_first_folder_that_has_a_master_wins(tmp_path):
    own = tmp_path / "ps1.md"
    own.write_text("mine", encoding="utf-8")
    assert find_master("ps1", (tmp_path, MASTERS)) == own
