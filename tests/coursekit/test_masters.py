"""Masters are read, and what is wrong in one is said."""

import textwrap

import pytest

from coursekit.authoring.masters import MASTERS, find_master, read_master
from coursekit.authoring.new_exercise import ROOM
from coursekit.errors import CourseError

FRONT = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
---

# A small set

"""


def cell(body: str, source: str = "") -> str:
    block = textwrap.indent(textwrap.dedent(body).strip(), "  ")
    return f"```{{code-cell}} ipython3\n---\nexercise:\n{block}\n---\n{source}```\n\n"


ONE = "name: row-means\npoints: 2"


def room(function: str) -> str:
    return ROOM.format(title="A room", function=function)


@pytest.fixture
def master(tmp_path):
    def write(text: str, **rooms: str):
        (tmp_path / "small").mkdir(exist_ok=True)
        (tmp_path / "small.md").write_text(FRONT + text, encoding="utf-8")
        for name, content in (rooms or {"row_means": room("row_means")}).items():
            (tmp_path / "small" / f"{name}.py").write_text(content, encoding="utf-8")
        return read_master(tmp_path / "small.md")

    return write


def test_a_master_gives_title_exercises_and_points(master):
    read = master(cell(ONE))
    assert (read.id, read.title, read.points) == ("small", "A small set", 2)
    assert read.exercise("small-row-means") is read.exercise("row-means")
    assert read.exercise("row-means").reference.name == "row_means"


def test_what_a_person_marks_has_points_and_no_room(master):
    read = master(cell(ONE) + cell("name: essay\npoints: 3\nmanual: true"))
    assert [(part.id, part.points) for part in read.manual] == [("small-essay", 3)]
    assert [exercise.id for exercise in read.exercises] == ["small-row-means"]
    assert read.points == 5


def test_the_statement_of_an_exercise_begins_at_its_heading(master):
    given = "```{code-cell} ipython3\nx = 1\n```\n\n"
    read = master("## Before\n\nold\n\n## Means\n\ntext\n\n" + given + "more\n\n" + cell(ONE))
    statement = read.exercises[0].statement
    assert statement.startswith("Means\n\ntext")
    assert "x = 1" in statement
    assert "old" not in statement


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (cell("name: row-means"), "does not say its points"),
        (cell("points: 1"), "does not say its name"),
        (cell(ONE) + cell(ONE), "the id 'small-row-means' is used 2 times"),
        (cell(ONE) + cell(ONE + "\nmanual: true"), "the id 'small-row-means' is used 2 times"),
        (cell(ONE) + cell("name: essay\nmanual: true"), "does not say its points"),
        (cell(ONE + "\nmanual: true\nhide_notes: true"), "unknown fields"),
        (cell("name: two\npoints: 1"), r"small/two\.py is missing.* Its folder has: row_means"),
        (cell(ONE + "\nreference: .row_means"), r"unknown fields \['reference'\]"),
        (cell("name: row-means\npoints: -1"), "a number from 0 up"),
        (cell("name: row-means\npoints: .nan"), "a number from 0 up"),
        (cell("name: row-means\npoints: yes"), "a number from 0 up"),
        (cell("name: Row_means\npoints: 1"), "lower-case letters"),
        (cell("name: 7\npoints: 1"), "lower-case letters"),
        (cell("name: row-\npoints: 1"), "lower-case letters"),
        (cell(ONE, "x = 1\n"), "the cell must be empty"),
        (cell(ONE) + "```{code-cell} ipython3\n### BEGIN SOLUTION\n```\n", "marker is left over"),
        (
            "Nothing here.",
            r"small/row_means\.py declares an exercise that small\.md does not place",
        ),
    ],
)
def test_what_is_wrong_in_a_master_is_said(master, text, message):
    with pytest.raises(CourseError, match=message):
        master(text)


def test_two_exercises_cannot_define_the_same_function(master):
    with pytest.raises(CourseError, match="define the same function"):
        master(
            cell(ONE) + cell("name: other\npoints: 1"),
            row_means=room("row_means"),
            other=room("row_means"),
        )


def test_an_unknown_exercise_lists_the_known_ones(master):
    with pytest.raises(CourseError, match="no exercise 'nothing'; it has: small-row-means"):
        master(cell(ONE)).exercise("nothing")


def test_an_unknown_problem_set_lists_the_known_ones():
    with pytest.raises(CourseError, match=r"there is no problem set 'ps99'; there are: .*ps1"):
        find_master("ps99")


def test_the_first_folder_that_has_a_master_wins(tmp_path):
    own = tmp_path / "ps1.md"
    own.write_text("mine", encoding="utf-8")
    assert find_master("ps1", (tmp_path, MASTERS)) == own


def test_the_name_of_the_file_must_do_for_an_id(tmp_path):
    (tmp_path / "week 1.md").write_text(FRONT + cell(ONE), encoding="utf-8")
    with pytest.raises(CourseError, match=r"its id begins with .*; rename week 1\.md"):
        read_master(tmp_path / "week 1.md")


def test_a_reference_without_a_docstring_is_said_with_its_room(master):
    bare = (
        "from coursekit.authoring.exercises import Cases, Exercise\n\n\ndef f(x):\n    return x\n"
    )
    bare += "\n\nEXERCISE = Exercise(f, cases=[Cases('all', lambda rng: (1,), share=1)])\n"
    with pytest.raises(CourseError, match=r"small/row_means\.py: f needs a docstring"):
        master(cell(ONE), row_means=bare)
