"""What becomes of messages on wrong answers of which it is known what is wrong in them."""

import ast
import math
from collections import Counter

import pytest

from coursekit.authoring.causes import CalledCauses
from coursekit.authoring.families.labels import Label
from coursekit.authoring.masters import MASTERS, read_master
from coursekit.authoring.tasks import make_task, public_rng
from coursekit.checks.model import Cause
from coursekit.verification import rightness as module
from coursekit.verification.rightness import (
    SORTS,
    Trials,
    WrongAnswer,
    expressions,
    rated,
    rightness,
    wrong_answers,
)


@pytest.fixture(scope="module")
def exercise():
    return read_master(MASTERS / "ps1.md").exercise("output-deltas")


@pytest.fixture(scope="module")
def public(exercise):
    return make_task(exercise, public_rng(exercise.id), public=True)


@pytest.fixture(scope="module")
def trials(exercise, public):
    return Trials(exercise, public, public.causes)


def test_all_sorts_are_tried_and_the_same_ones_each_time(exercise, public):
    found = rightness(exercise, public)
    assert list(found) == list(SORTS)
    assert all(outcomes.total() for outcomes in found.values())
    assert found == rightness(exercise, public)


def test_declared_mistakes_are_right_and_nothing_is_false(exercise, public):
    found = rightness(exercise, public)
    mistakes = exercise.declaration.misconceptions
    count = sum(1 + len(mistake.second) for mistake in mistakes)
    assert found["declared"] == Counter(right=count)
    assert not sum(outcomes["false"] + outcomes["leaks"] for outcomes in found.values())


def test_a_declared_mistake_under_another_name_is_false(exercise, trials):
    first, second, *_ = exercise.declaration.misconceptions
    assert trials.judged(WrongAnswer("declared", first.wrong, mistake=first.id)) == "right"
    assert trials.judged(WrongAnswer("declared", first.wrong, mistake=second.id)) == "false"


def test_a_right_answer_is_not_counted(exercise, trials):
    right = WrongAnswer("declared", exercise.reference.function, mistake="none")
    assert trials.judged(right) == ""


def test_what_does_not_hold_in_other_cases_is_false(exercise, trials):
    calls = iter(range(1000))
    reference = exercise.reference.function

    def right_later(a, y):
        first = next(calls) < len(trials.public.cases)
        return reference(a, y) * (-1 if first else 3)

    assert trials.judged(WrongAnswer("one change", right_later)) == "false"


@pytest.mark.parametrize("later", [math.nan, None], ids=["NaN", "an error"])
def test_where_a_fresh_case_gives_no_number_nothing_is_concluded(exercise, trials, later):
    calls = iter(range(1000))
    reference = exercise.reference.function

    def runs_over_later(a, y):
        first = next(calls) < len(trials.public.cases)
        return reference(a, y) * (-1 if first else later)

    assert trials.judged(WrongAnswer("one change", runs_over_later)) != "false"


def test_an_expression_of_the_reference_is_a_leak(exercise, trials, monkeypatch):
    monkeypatch.setattr(module, "pattern_of", lambda verdict: "It is a[i] * (1 - a[i]) there.")
    wrong = WrongAnswer("one change", lambda a, y: a**3 + y)
    assert trials.judged(wrong) == "leaks"


def test_kind_and_place_are_what_counts():
    term, other = Label("sign", ("a",), ""), Label("power", ("b",), "")
    assert rated([term], [Cause("sign", ("a", "y"), "")]) == "right"
    assert rated([term], [Cause("sign", ("y",), "")]) == "partly"
    assert rated([term], [Cause("power", ("a",), "")]) == "partly"
    assert rated([term], [Cause("power", ("y",), "")]) == "otherwise"
    assert rated([other, term], [Cause("sign and axis", ("a",), "")]) == "right"
    assert rated([], [Cause("sign", ("a",), "")]) == "otherwise"


def test_expressions_have_an_operator(exercise):
    found = expressions(exercise.reference.function)
    assert "1-a[i]" in found
    assert all(isinstance(ast.parse(one).body[0].value, ast.BinOp) for one in found)


def test_of_another_form_the_families_do_not_know_it(exercise):
    causes = make_task(exercise, public_rng(exercise.id), public=True).causes
    assert isinstance(causes, CalledCauses)
    forms = {a.form for a in wrong_answers(exercise, causes, 5) if a.sort == "another form"}
    assert forms
    assert forms <= set(exercise.declaration.right_answers)
    known, without = len(causes.kept().causes), [len(causes.kept(form).causes) for form in forms]
    assert max(without) <= known
    assert min(without) < known
