"""The tables of the book: one exercise can be renewed alone, and what is old is found."""

from collections import Counter

import pytest
from tests.coursekit.own_sets import begin

from coursekit.authoring.masters import read_master
from coursekit.authoring.new_exercise import new_exercise
from coursekit.verification.report import Counts, ExerciseReport
from coursekit.verification.tables import (
    block,
    blocks_of,
    counts_of,
    outdated,
    renewed,
    section_of,
    told_of,
)

OTHER = "## Another set\n\nsums\n\n````{dropdown} other-one\n1 misconceptions.\n````"


def report(name, misconceptions=2):
    kills = {"columns": {"a"}, "sums": {"a", "b"}}
    counts = Counts(misconceptions, 9, 1, 2, 2, 2, 40)
    told = {"declared": Counter(right=3, silent=1), "one change": Counter(right=5, partly=2)}
    return ExerciseReport(name, ("a", "b"), kills=kills, counts=counts, told=told)


@pytest.fixture
def master(tmp_path):
    begin(tmp_path)
    new_exercise(tmp_path, "mine", "row-sums")
    return read_master(tmp_path / "mine.md")


REPORTS = [report("mine-row-means"), report("mine-row-sums", 3)]


def test_counts_are_read_as_they_are_written():
    for counts in (Counts(2, 9, 1, 2, 3, 2, 40), Counts(), Counts(1, 2, 0, 3, 4, 4)):
        assert Counts.of_line(counts.line()) == counts
    assert Counts.sum([Counts(1, 2), Counts(3, 4)]) == Counts(4, 6)
    assert Counts.sum([]) == Counts()


def test_a_block_shows_which_group_catches_which_mistake():
    lines = block(REPORTS[0]).splitlines()
    assert "| columns | caught | – |" in lines
    assert "| sums | caught | caught |" in lines
    assert counts_of(block(REPORTS[0])) == REPORTS[0].counts


def test_a_set_is_added_behind_the_others_and_is_up_to_date_then(master):
    text = renewed(OTHER, master, REPORTS)
    assert text.index(OTHER) < text.index(f"## {master.title}")
    assert list(blocks_of(section_of(text, master.title))) == ["mine-row-means", "mine-row-sums"]
    assert "2 exercises. Caught: 5 declared mistakes and 16 mutants" in text
    assert outdated(text, master, REPORTS) == []
    assert renewed(text, master, REPORTS) == text


def test_what_students_are_told_is_added_up_over_all_sets(master):
    assert told_of(block(REPORTS[0]))["one change"] == Counter(right=5, partly=2)
    text = renewed("", master, REPORTS)
    assert text.startswith("## What students are told\n")
    assert "| declared | 6 (75%) | 0 | 0 | 0 | 2 | 0 | 0 |" in text
    assert "| two changes | 0 | 0 | 0 | 0 | 0 | 0 | 0 |" in text
    stale = text.replace("| declared | 6 (75%)", "| declared | 8 (100%)")
    assert outdated(stale, master, REPORTS) == ["mine"]
    assert renewed(stale, master, REPORTS) == text


def test_one_exercise_is_renewed_alone_with_what_adds_up_the_set(master):
    text = renewed(
        renewed("", master, REPORTS) + "\n" + OTHER + "\n", master, [report("mine-row-sums", 7)]
    )
    assert "Caught: 9 declared mistakes" in text
    assert OTHER in text
    assert outdated(text, master, [REPORTS[0]]) == []
    assert outdated(text, master, REPORTS) == ["mine-row-sums"]


def test_what_is_missing_or_left_over_is_outdated(master):
    assert outdated("", master, REPORTS) == ["mine-row-means", "mine-row-sums"]
    text = renewed("", master, REPORTS)
    assert outdated(text.replace("2 exercises.", "3 exercises."), master, REPORTS) == ["mine"]
    gone = text.replace("mine-row-sums", "mine-gone")
    assert outdated(gone, master, REPORTS[:1]) == ["mine"]
