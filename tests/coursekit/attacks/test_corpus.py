"""The whole corpus through a class run: nothing forged, nothing lost, nobody stopped."""

import os
from pathlib import Path

import pytest
from tests.coursekit.attacks.corpus import CORPUS
from tests.coursekit.attacks.courses import grade, our_course

from coursekit.grading.results import GRADER_ERROR

pytestmark = [pytest.mark.xdist_group("corpus"), pytest.mark.tier("auto")]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    before = processes()
    course = our_course(tmp_path_factory.mktemp("corpus") / "course")
    return course, grade(course), before


def processes() -> set[str]:
    """Command lines that a submission of the corpus would leave."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.add(f"{path.parent.name} {path.read_bytes()[:60]!r}")
        except OSError:
            continue
    return {line for line in found if "left-by" in line or "worker.zygote" in line}


def test_there_are_enough_of_them():
    assert len(CORPUS) >= 40


def test_the_page_of_the_book_shows_every_submission():
    page = (Path(__file__).parents[3] / "book" / "teaching" / "attacks_table.txt").read_text(
        encoding="utf-8"
    )
    for name, entry in CORPUS.items():
        row = f"| {name} | {entry.tries} | {entry.earns:g} |"
        assert row in page, "renew the table: python -m tests.coursekit.attacks.table --out FILE"


def test_every_submission_has_a_result(graded):
    assert graded[1].keys() == CORPUS.keys()


@pytest.mark.parametrize("name", CORPUS)
def test_each_gets_what_it_honestly_earns(graded, name):
    result = graded[1][name]
    said = [(e.id, e.outcome, e.message) for e in result.exercises]
    assert not result.fault
    assert all(exercise.outcome != GRADER_ERROR for exercise in result.exercises)
    assert result.score == CORPUS[name].earns, (said, result.oddities)


def test_the_gradebook_says_the_same(graded):
    from coursekit.nbgrader_out.gradebook import read_scores

    scores = read_scores(graded[0], "target")
    assert {name: score.score for name, score in scores.items()} == {
        name: entry.earns for name, entry in CORPUS.items()
    }


def test_everybody_has_a_feedback_page_without_hidden_inputs_of_others(graded):
    for name in CORPUS:
        page = graded[0].feedback(name, "target").read_text(encoding="utf-8")
        assert "Score:" in page
        assert graded[0].secret.hex() not in page


def test_no_process_and_no_file_is_left(graded):
    course, _, before = graded
    assert processes() <= before
    marks = ("/", "/tmp", "/usr/lib", "/dev/shm", os.path.expanduser("~"))
    assert not [m for m in marks if (Path(m) / "left-by-a-submission").exists()]
    assert not list(course.root.rglob("*.tmp"))
