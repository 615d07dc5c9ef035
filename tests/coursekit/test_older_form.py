"""Exercises of the form that came before rooms are read as ever."""

import textwrap

import pytest
from tests.coursekit.own_sets import begin

from coursekit.authoring.masters import read_master
from coursekit.authoring.new_exercise import new_exercise
from coursekit.cli import main
from coursekit.courses import init_course
from coursekit.errors import CourseError

DECLARATIONS = '''\
import numpy as np
from coursekit.authoring.exercises import Cases, Exercise, Misconception

def draw(rng):
    return (rng.normal(size=3),)

def doubled(x):
    """Twice the input.

    Parameters
    ----------
    x : Array, shape (n,)
    """
    return 2 * x

def squared(x):
    return x**2

EXERCISES = {
    "one": Exercise(
        cases=[Cases("all", draw, share=1)],
        misconceptions=[Misconception("square", squared, "You square.", "page#Section")],
        hints=["Add it to itself."],
    )
}
'''
ONE = "id: one\nreference: .doubled\npoints: 2"


def cell(body: str) -> str:
    block = textwrap.indent(body, "  ")
    return f"```{{code-cell}} ipython3\n---\nexercise:\n{block}\n---\n```\n\n"


@pytest.fixture
def master(tmp_path):
    def write(text: str, declarations: str = DECLARATIONS):
        (tmp_path / "small.md").write_text("# A small set\n\n" + text, encoding="utf-8")
        (tmp_path / "small.py").write_text(declarations, encoding="utf-8")
        return read_master(tmp_path / "small.md")

    return write


def test_a_master_with_declarations_beside_it_is_read(master):
    read = master(cell(ONE) + cell("id: essay\npoints: 3\nmanual: true"))
    exercise = read.exercise("one")
    assert (exercise.id, exercise.points, exercise.reference.name) == ("one", 2, "doubled")
    assert exercise.declaration.misconceptions[0].id == "square"
    assert [(part.id, part.points) for part in read.manual] == [("essay", 3)]


def test_the_reference_may_be_one_of_the_package(master):
    read = master(cell("id: one\nreference: backprop.activations.logistic\npoints: 2"))
    assert read.exercise("one").reference.name == "logistic"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (cell("id: one\nreference: backprop.units.nothing\npoints: 2"), "no function 'nothing'"),
        (cell("id: one\nreference: .doubled"), "does not say its points"),
        (cell("reference: .doubled\npoints: 1"), "does not say its id"),
        (cell("id: one\npoints: 1"), "does not say its reference"),
        (cell(ONE) + cell(ONE), "the id 'one' is used 2 times"),
        (cell("id: two\nreference: .doubled\npoints: 1"), r"add it to EXERCISES in small\.py"),
        (cell(ONE + "\ncolour: red"), "unknown fields"),
        (cell("id: One!\nreference: .doubled\npoints: 1"), "lower-case letters"),
        ("Nothing here.", "declared but not in the master: one"),
    ],
)
def test_what_is_wrong_is_said(master, text, message):
    with pytest.raises(CourseError, match=message):
        master(text)


def test_missing_declarations_are_said(master, tmp_path):
    master(cell(ONE))
    (tmp_path / "small.py").unlink()
    with pytest.raises(CourseError, match=r"small\.py is missing"):
        read_master(tmp_path / "small.md")
    (tmp_path / "small.py").write_text("EXERCISES = []\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"small\.py must define EXERCISES, a dict"):
        read_master(tmp_path / "small.md")


def test_a_room_may_stand_beside_it(master, tmp_path):
    master(cell(ONE))
    new_exercise(tmp_path, "small", "row-means")
    read = read_master(tmp_path / "small.md")
    assert [exercise.id for exercise in read.exercises] == ["one", "small-row-means"]


def test_the_digest_takes_in_the_declarations(master):
    assert master(cell(ONE)).digest != master(cell(ONE), DECLARATIONS + "# more\n").digest
    assert master(cell(ONE)).digest == master(cell(ONE)).digest


def test_it_is_released_and_verified_and_what_it_lacks_is_advice(master, tmp_path, capsys):
    course = init_course(tmp_path / "course")
    master(cell(ONE))
    for name in ("small.md", "small.py"):
        (course.root / "exercises" / name).write_text(
            (tmp_path / name).read_text(encoding="utf-8"), encoding="utf-8"
        )
    assert main(["release", "small", "--course", str(course.root)]) == 0
    capsys.readouterr()
    assert main(["verify", "small", "--course", str(course.root)]) == 0
    out = capsys.readouterr().out
    assert "advice: one: it has 0 right answers" in out
    assert out.endswith("Nothing is to mend.\n")


def test_a_set_of_rooms_alone_needs_no_declarations(tmp_path):
    assert begin(tmp_path).exercises[0].room is not None
