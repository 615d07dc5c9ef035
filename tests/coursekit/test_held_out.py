"""A trained network is judged by examples that it has not seen, and earns by steps."""

import numpy as np
import pytest

from coursekit.authoring.exercises import Answered, Cases, Exercise, draw_cases
from coursekit.checks.calling import call
from coursekit.checks.case_file import load_tasks, save_tasks
from coursekit.checks.compare import compare, examine
from coursekit.checks.diagnosis import report
from coursekit.checks.held_out import HeldOut
from coursekit.checks.model import Case, Task

X = np.eye(4)
LABELS = np.array([0, 1, 2, 3])
SCALE = ((0.5, 0.25), (0.75, 0.5), (1.0, 1.0))
HELD_OUT = HeldOut(X, LABELS, SCALE, most_parameters=40)


@pytest.mark.parametrize(("right", "credit"), [(0, 0), (1, 0), (2, 0.25), (4, 1)])
def test_an_accuracy_earns_the_highest_step_that_it_reaches(right, credit):
    W = np.eye(4)
    W[right:] = np.roll(W[right:], 1, axis=0)
    finding = HELD_OUT.judge([(W, np.zeros(4))], "the result")
    earned = 1.0 if finding is None else finding.credit
    assert earned == credit


def test_the_finding_says_what_is_reached_and_what_is_wanted():
    W = np.eye(4)
    W[2:] = np.roll(W[2:], 1, axis=0)
    text = compare(HELD_OUT, [(W, np.zeros(4))]).text
    assert "50.0% of the held-out examples" in text
    assert "from 100%, and this earns 25% of it" in text
    assert "guessing" not in text


def test_guessing_is_called_guessing():
    finding = HELD_OUT.judge([(np.ones((4, 4)), np.zeros(4))], "the result")
    assert finding.credit == 0
    assert "little better than guessing" in finding.text


def test_hidden_layers_apply_tanh():
    big = [(1000 * np.eye(4), np.zeros(4)), (np.diag([1.0, 1, 1, -1]), np.zeros(4))]
    finding = HELD_OUT.judge(big, "the result")
    assert "75.0%" in finding.text  # the last example is turned round


@pytest.mark.parametrize(
    ("found", "prop", "words"),
    [
        (None, "type", "must be a list of pairs"),
        ([], "type", "must be a list of pairs"),
        ([np.eye(4)], "type", "layer 1 of the result is not a pair"),
        ([("a", "b")], "type", "does not hold numbers"),
        ([(np.eye(3), np.zeros(3))], "shape", r"expected are \(4, n\) and \(n,\)"),
        ([(np.eye(4), np.zeros((1, 4)))], "shape", r"b of shape \(1, 4\)"),
        ([(np.eye(4), np.zeros(4))] * 3, "shape", "has 60 parameters; allowed are 40"),
        ([(np.full((4, 4), np.nan), np.zeros(4))], "finite", "not all finite"),
    ],
)
def test_what_is_no_network_is_said(found, prop, words):
    finding = HELD_OUT.judge(found, "the result")
    assert finding.prop == prop
    assert finding.credit == 0
    assert __import__("re").search(words, finding.text), finding.text


def task_with(*groups):
    cases = tuple(Case(group, (1.0,), HELD_OUT) for group in groups)
    return Task("train", ("X",), cases)


def test_a_group_earns_as_much_as_the_worst_of_its_cases():
    task = task_with("a", "a", "b")
    half, full = np.eye(4), np.eye(4)
    half[2:] = np.roll(half[2:], 1, axis=0)
    answers = iter([full, half, full])
    outcomes = [call(lambda X: [(next(answers), np.zeros(4))], ("X",), (1.0,)) for _ in range(3)]
    verdict = examine(task, outcomes)
    assert verdict.credits == {"a": 0.25, "b": 1.0}
    assert verdict.passed_groups == {"b"}
    assert "train: the network is not yet good enough." in report(verdict)


def test_held_out_examples_survive_the_file(tmp_path):
    save_tasks(tmp_path / "cases.npz", [task_with("a")])
    loaded = load_tasks(tmp_path / "cases.npz")["train"].cases[0].expected
    np.testing.assert_array_equal(loaded.X, X)
    np.testing.assert_array_equal(loaded.labels, LABELS)
    assert (loaded.scale, loaded.most_parameters) == (SCALE, 40)


def test_a_draw_may_know_the_answer_of_its_call():
    exercise = Exercise(cases=[Cases("a", lambda rng: Answered((1,), HELD_OUT), share=1, count=2)])
    drawn = draw_cases(exercise, np.random.default_rng(0))
    assert [case.arguments for case in drawn] == [(1,)] * 2
    assert all(case.expected is HELD_OUT for case in drawn)
