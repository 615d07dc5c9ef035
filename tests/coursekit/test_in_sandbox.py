"""Answers of a room, tried as submissions: what the judge makes of each is compared."""

import pytest
from tests.coursekit.own_sets import begin, change, room_of

from coursekit.authoring.masters import read_master
from coursekit.sandbox.opening import open_pool
from coursekit.verification.in_sandbox import verify_in_sandbox

pytestmark = pytest.mark.tier("auto")

RIGHT = "return X @ np.ones(X.shape[1]) / X.shape[1]"


@pytest.fixture(scope="module")
def pool():
    with open_pool() as opened:
        yield opened


def problems_of(folder, pool, *changes):
    begin(folder)
    change(room_of(folder), *changes)
    return verify_in_sandbox(read_master(folder / "mine.md"), pool)


def test_a_sound_exercise_has_none(tmp_path, pool):
    assert problems_of(tmp_path, pool) == []


def test_a_right_answer_that_fails_and_is_named(tmp_path, pool):
    failed, named = problems_of(tmp_path, pool, (RIGHT, "return X @ np.ones(X.shape[1])"))
    assert failed.startswith("mine-row-means: right, but failed: row_means")
    assert named == "mine-row-means: right, but named sums"


def test_a_second_wrong_answer_that_passes(tmp_path, pool):
    again = "\n\n@EXERCISE.second(sums)\ndef passes(X):\n    return X.mean(axis=1)\n"
    place = "\n\n# Right answers of other kinds"
    problems = problems_of(tmp_path, pool, (place, again + place))
    assert problems == ["mine-row-means: passes is passed"]


def test_an_answer_that_cannot_stand_alone(tmp_path, pool):
    (problem,) = problems_of(tmp_path, pool, (RIGHT, "return unknown_helper(X)"))
    assert problem.startswith("mine-row-means: ")
