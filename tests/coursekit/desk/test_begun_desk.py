"""A course that was begun with the desk goes on: attempts, policies, marks and kept points stay.

How it was made is told in ``tests/fixtures/desk_course``.
"""

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.coursekit.earlier_courses import FIXTURES, unpack

from coursekit.cli import main
from coursekit.courses import Course

PACKED = FIXTURES.with_name("desk_course") / "begun.tar.xz"
POINTS = {"ada": "4.50", "ben": "2.40", "cy": "excused"}
"""What the class had when it was packed: best attempt, a day late after a late day, an excuse."""
BY_DIMENSION = "(1 + (np.ndim(z) == 1)) * slope * z"
"""The mistake that the instructor has made in the reference."""
OURS = ("coursekit_answers", "coursekit_kept_points", "coursekit_policies")


@pytest.fixture
def course(tmp_path) -> Course:
    unpack(PACKED, tmp_path / "course")
    return Course(tmp_path / "course")


def run(course: Course, *words: str) -> int:
    return main([*words, "--course", str(course.root)])


def exported(course: Course) -> dict[str, str]:
    assert run(course, "export", "mine") == 0
    with (course.root / "csv-mine.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row["mine"] for row in csv.DictReader(file)}


def kept(course: Course) -> dict[str, list[tuple[object, ...]]]:
    """What stands in the tables of our own."""
    with closing(sqlite3.connect(course.gradebook)) as database:
        return {name: sorted(database.execute(f"SELECT * FROM {name}").fetchall()) for name in OURS}


def test_it_has_what_the_desk_left(course):
    assert {path.name for path in (course.root / "attempts").iterdir()} == {"1"}
    assert len(list((course.root / ".results" / "collections").glob("*.json"))) == 2
    assert [len(rows) for rows in kept(course).values()] == [6, 2, 3]
    assert exported(course) == POINTS


@pytest.mark.slow
@pytest.mark.tier("auto")
def test_a_class_run_keeps_points_marks_and_what_was_agreed(course, capsys):
    before = kept(course)
    assert run(course, "grade", "mine") == 0
    assert "the 2 that a regrade kept stay" in capsys.readouterr().out
    assert exported(course) == POINTS
    assert kept(course)["coursekit_kept_points"] == before["coursekit_kept_points"]
    page = course.feedback("ben", "mine").read_text(encoding="utf-8")
    assert "1 late day, 0 left" in page
    assert "For ben." in page


@pytest.mark.slow
@pytest.mark.tier("auto")
def test_a_regrade_judges_the_attempt_that_was_graded_and_lowers_nobody(course):
    """By a reference by which nobody is right all attempts are worth the same, and none moves."""
    room = course.root / "exercises" / "mine" / "leaky.py"
    text = room.read_text(encoding="utf-8")
    room.write_text(text.replace(BY_DIMENSION, "2 * slope * z"), encoding="utf-8")
    assert BY_DIMENSION in text
    for words in (("regrade", "mine", "leaky"), ("grade", "mine")):
        assert run(course, *words) == 0
        assert exported(course) == POINTS


def test_a_collection_that_an_earlier_version_made_is_undone(course, capsys):
    assert run(course, "collect", "mine", "--undo") == 0
    assert "class-1.zip" in capsys.readouterr().out
    text = (course.submitted() / "ada" / "mine" / "mine.ipynb").read_text(encoding="utf-8")
    assert "np.maximum" in text
    assert not list((course.root / "attempts").rglob("*.ipynb"))


def test_what_is_collected_again_is_known_again(course, tmp_path, capsys):
    folder = tmp_path / "class" / "ada"
    folder.mkdir(parents=True)
    there: Path = course.submitted() / "ada" / "mine" / "mine.ipynb"
    (folder / "mine.ipynb").write_bytes(there.read_bytes())
    assert run(course, "collect", "mine", str(folder.parent)) == 0
    assert "0 handed in mine, 0 handed in again, 1 were collected before" in (
        capsys.readouterr().out
    )


@pytest.mark.filterwarnings("ignore")
def test_reports_and_explanations_read_what_was_noted(course, capsys):
    assert run(course, "report", "mine") == 0
    assert (course.root / "reports" / "mine.html").is_file()
    assert run(course, "viva", "ben", "mine") == 0
    assert "mine-leaky, line" in capsys.readouterr().out
