"""How wrong answers are made that nobody declared, and which of them count."""

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
    same_tree,
    tried_on,
)


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


def test_none_of_the_changed_results_passes():
    tried = [tried_on(exercise, 10) for exercise in read_master(MASTERS / "ps0.md").exercises]
    assert all(one.numeric and one.tried and one.passing == () for one in tried)


@pytest.mark.parametrize("expected", [{"a": 1.0}, (1.0, 2.0), [1.0]])
@pytest.mark.parametrize("found", [None, 1.0, "text", np.array(1.0), {"b": 1.0}, (1.0,) * 3])
def test_a_result_of_another_kind_is_not_the_expected_one(expected, found):
    assert not same_tree(expected, found)
