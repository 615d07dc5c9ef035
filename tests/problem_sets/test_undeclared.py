"""Wrong answers that nobody declared: all are rejected, and most get more than "wrong".

A sample of the changes is tried here;
``python -m coursekit.verification.undeclared`` tries them all.
"""

import numpy as np
import pytest

from coursekit.authoring.masters import MASTERS, read_master
from coursekit.authoring.tasks import make_task
from coursekit.checks.compare import compare
from coursekit.checks.model import Raised, Returned
from coursekit.verification.undeclared import (
    CHANGES,
    change_outcome,
    is_numeric,
    is_right,
    measure,
    useful_share,
    wrong_verdicts,
)

SETS = [f"ps{number}" for number in range(6)]


@pytest.mark.parametrize("problem_set", SETS)
def test_undeclared_wrong_answers_are_rejected_and_explained(problem_set, record_property):
    helped = measure(read_master(MASTERS / f"{problem_set}.md"), sample=40)
    record_property("helped", dict(helped))
    assert helped.total() >= 30
    assert helped["passes"] == 0
    assert useful_share(helped) >= 0.9


def test_every_exercise_whose_result_is_numbers_is_measured():
    master = read_master(MASTERS / "ps3.md")
    measured = {
        exercise.id for exercise in master.exercises if any(wrong_verdicts(exercise, sample=3))
    }
    assert {exercise.id for exercise in master.exercises} - measured == {"ps3-expose"}


def test_one_part_is_changed_or_all_are():
    result = Returned({"a": np.array([1.0, 2.0]), "b": (3.0, np.array([[4.0, 5.0]]))})
    all_parts = change_outcome(result, ("sign",), None).value
    assert all_parts["a"].tolist() == [-1, -2]
    assert all_parts["b"][1].tolist() == [[-4, -5]]
    one_part = change_outcome(result, ("transpose", "twice"), 2).value
    assert one_part["a"].tolist() == [1, 2]
    assert one_part["b"][1].tolist() == [[8], [10]]


def test_an_error_stays_an_error():
    assert change_outcome(Raised("ValueError"), ("sign",), None) == Raised("ValueError")


@pytest.mark.parametrize("result", ["adam", True, None, (1.0, None), {"a": "x"}])
def test_names_and_answers_of_one_bit_are_not_measured(result):
    assert not is_numeric(result)


def test_every_change_changes_a_table_of_numbers():
    table = np.array([[1.5, -2.0, 0.3], [0.7, 4.0, -5.5]])
    for name in CHANGES:
        changed = change_outcome(Returned(table), (name,), None).value
        assert compare(table, changed) is not None, name


def test_a_right_answer_that_comes_by_two_wrongs_is_not_counted():
    exercise = read_master(MASTERS / "ps1.md").exercise("ps1-output-deltas")
    task = make_task(exercise, np.random.default_rng(5))
    right = [Returned(case.expected) for case in task.cases]
    assert is_right(task, [change_outcome(outcome, ("sign", "sign"), None) for outcome in right])
    assert not is_right(task, [change_outcome(outcome, ("sign",), None) for outcome in right])
