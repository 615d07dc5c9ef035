"""What the benchmark of a hostile class counts as wrong; its seconds are nobody's test."""

import copy

import pytest
from tests.benchmarks.hostile import ATTACKED, HOSTILE, Run, page, ran_out, wrong


def exercise(points, most=2.0, outcome="passed"):
    return {"points": points, "max_points": most, "outcome": outcome}


def result(score, fault="", **exercises):
    return {"score": score, "fault": fault, "exercises": exercises}


@pytest.fixture
def alone():
    return Run(10.0, {"s000": result(4.0)})


@pytest.fixture
def mixed(alone):
    hostile = result(2.0, **{ATTACKED: exercise(0.0), "other": exercise(2.0)})
    return Run(30.0, {**alone.results, **{name: copy.deepcopy(hostile) for name in HOSTILE}})


def test_nothing_is_wrong_where_all_have_what_they_are_worth(alone, mixed):
    assert wrong(alone, mixed) == []


def test_a_lost_point_a_forged_one_and_a_grader_error_are_named(alone, mixed):
    mixed.results["s000"] = result(3.0)
    mixed.results["fork-bomb"]["exercises"][ATTACKED]["points"] = 2.0
    mixed.results["recursion"]["fault"] = "the worker ended"
    assert wrong(alone, mixed) == [
        "recursion: grader error",
        "s000: 4 alone, 3 beside the hostile",
        f"fork-bomb: 2 for {ATTACKED}",
    ]


def test_who_ran_out_of_time_is_told_apart(mixed):
    assert ran_out(mixed) == []
    mixed.results["full-disk"]["exercises"]["other"]["points"] = 0.0
    assert ran_out(mixed) == ["full-disk"]


def test_the_page_sets_what_it_took_beside_what_it_may_take(alone, mixed):
    text = "\n".join(page([alone], [mixed], jobs=3))
    assert "| the honest alone | 10.0 |" in text
    assert "| a hostile one, by this | 1.0 |" in text
    assert "300 s each, in 3 processes | 2010 |" in text
