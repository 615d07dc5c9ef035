"""A course that an earlier version began goes on: the same points, the marks by hand, the rest.

How the courses were made is told in ``tests/fixtures/earlier_course``.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from nbgrader.api import Gradebook
from tests.coursekit.earlier_courses import PACKED, unpack
from tests.some_of_many import some_of

from coursekit.cli import main
from coursekit.courses import Course
from coursekit.nbgrader_out.converters import programs_on_path

WAITS = "-too"
SETS = ("ps1", "mine")

pytestmark = [
    pytest.mark.slow, pytest.mark.xdist_group("class run"), pytest.mark.tier("auto"),
]  # fmt: skip


class Mark(NamedTuple):
    """What the gradebook says of one cell."""

    judged: float | None
    by_hand: float | None
    extra: float | None
    words: str | None

    @property
    def without_a_person(self) -> "Mark":
        return Mark(self.judged, None, None, None)


Marks = dict[tuple[str, str, str], Mark]
"""Marks by problem set, student and cell."""


def marks(course: Course) -> Marks:
    found = {}
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        for name in SETS:
            for submission in gradebook.assignment_submissions(name):
                (notebook,) = submission.notebooks
                words = {comment.name: comment.manual_comment for comment in notebook.comments}
                for grade in notebook.grades:
                    found[name, submission.student.id, grade.name] = Mark(
                        grade.auto_score, grade.manual_score, grade.extra_credit,
                        words.get(grade.name.removesuffix("-check")),
                    )  # fmt: skip
    return found


def with_those_who_waited(before: Marks, *sets: str) -> Marks:
    """Who waited must get what the classmate has, but for what a person wrote."""
    waiting = {
        (name, student + WAITS, cell): mark.without_a_person
        for (name, student, cell), mark in before.items()
        if name in sets
    }
    return before | waiting


@pytest.fixture(params=some_of(PACKED, len(PACKED)), ids=lambda path: path.name)
def begun(tmp_path, request) -> Course:
    unpack(request.param, tmp_path / "course")
    return Course(tmp_path / "course")


def test_it_was_released_half_graded_and_marked_by_hand(begun):
    before = marks(begun)
    students = {student for _, student, _ in before}
    assert students == {name for name in os.listdir(begun.submitted()) if WAITS not in name}
    assert before["mine", "ada-right", "mine-why"][1:3] == (2.5, 0.5)
    assert before["ps1", "dina-wrong-deltas", "ps1-output-deltas-check"][:2] == (0.0, 1.5)
    assert sum(mark.judged or 0 for (name, *_), mark in before.items() if name == "ps1") == 76
    assert sum(mark.words is not None for mark in before.values()) == 3


def test_the_class_run_keeps_all_marks_and_grades_the_rest(begun, capsys):
    before = marks(begun)
    for name in SETS:
        assert main(["grade", name, "--course", str(begun.root)]) == 0, capsys.readouterr()
    assert marks(begun) == with_those_who_waited(before, *SETS)
    page = begun.feedback("ada-right", "mine").read_text(encoding="utf-8")
    assert "And for 1 it is no rectifier at all." in page
    assert "Score: 5.0 / 5" in page


def test_nbgraders_own_command_keeps_all_marks_and_grades_the_rest(begun):
    before = marks(begun)
    programs = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [str(programs / "nbgrader"), "autograde", "mine", "--force"], cwd=begun.root,
        env=environment, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert marks(begun) == with_those_who_waited(before, "mine")


def test_a_release_made_again_is_what_the_students_have(begun):
    path = begun.release("mine") / "mine.ipynb"
    before = path.read_bytes()
    path.unlink()
    assert main(["release", "mine", "--course", str(begun.root)]) == 0
    assert path.read_bytes() == before
