"""Numbers of one's own, and answers that can be checked but not read."""

import numpy as np
import pytest

from coursekit.authoring.masters import find_master, read_master
from coursekit.authoring.tasks import make_task, public_tasks
from coursekit.checks.calling import call
from coursekit.checks.case_file import load_tasks, save_tasks
from coursekit.checks.compare import examine
from coursekit.checks.diagnosis import report
from coursekit.checks.hints import hint_text
from coursekit.checks.model import Returned
from coursekit.checks.patterns import pattern_of
from coursekit.checks.sealed import examine_sealed, whose_numbers
from coursekit.worker.personal import SEEDS, fits, my_numbers, numbers_of_set, seal

MASTER = read_master(find_master("ps1"))
FORWARD = MASTER.exercise("ps1-forward-by-hand").reference.function


@pytest.fixture(scope="module")
def task(tmp_path_factory):
    path = tmp_path_factory.mktemp("sealed") / "cases.npz"
    save_tasks(path, public_tasks(MASTER))
    return load_tasks(path)["forward_by_hand"]


def verdict_of(task, answers):
    return examine_sealed(task, call(lambda student_id: answers, ("student_id",), ("",)))


def test_a_name_always_leads_to_the_same_numbers_however_it_is_written():
    assert my_numbers("Ada Lovelace") == my_numbers(" ada lovelace")
    sets = {my_numbers(f"student {k}")["set"] for k in range(1000)}
    assert sets == set(range(len(SEEDS)))


def test_the_numbers_are_short_and_none_is_zero():
    for chosen in range(len(SEEDS)):
        numbers = numbers_of_set(chosen)
        assert numbers.pop("set") == chosen
        assert all(value and round(value, 1) == value for value in numbers.values())


@pytest.mark.parametrize("factor", [1, 1.004, 0.996])
def test_an_answer_fits_its_seal_to_half_a_percent(factor):
    assert fits(seal(3, "cost", -0.0123), 3, "cost", -0.0123 * factor)


@pytest.mark.parametrize("value", [0.0123, -0.0125, -0.0121, 0, np.nan, None, "x", np.inf])
def test_another_answer_does_not_fit(value):
    assert not fits(seal(3, "cost", -0.0123), 3, "cost", value)


def test_right_answers_typed_with_four_digits_pass_offline(task):
    for name in ("ada", "wei", "carl"):
        answers = {key: float(f"{float(v):.4g}") for key, v in FORWARD(name).items()}
        answers["set"] = my_numbers(name)["set"]
        assert verdict_of(task, answers).passed


def test_the_first_wrong_factor_is_named_and_no_answer_is_told(task):
    right = FORWARD("ada")
    text = report(verdict_of(task, right | {"a_1": 0.123}))
    assert "the result['a_1'], 0.123, is wrong" in text
    assert f"{right['a_1']:.4g}" not in text


def test_a_known_mistake_is_named_offline(task):
    right = FORWARD("ada")
    verdict = verdict_of(task, right | {"cost": 2 * right["cost"]})
    assert "Your cost is twice what it should be" in hint_text(verdict, 3)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (None, "expected is a dict"),
        ({"set": 999}, "there is no such set"),
        ({"set": 1}, "has no key 'z_hidden'"),
        ({"set": 1, "z_hidden": "x"}, "is wrong"),
    ],
)
def test_what_is_no_answer_is_said(task, answers, words):
    assert words in report(verdict_of(task, answers))


def test_no_answer_lies_in_the_file_of_cases(task):
    assert task.cases == ()
    assert set(map(len, task.sealed["answers"]["5"].values())) == {12}


def test_the_judge_asks_for_the_numbers_of_the_student_who_handed_in():
    exercise = MASTER.exercise("ps1-forward-by-hand")
    judged = make_task(exercise, np.random.default_rng(0), student="ada")
    assert judged.cases[0].arguments == ("ada",)
    assert judged.cases[0].expected["set"] == my_numbers("ada")["set"]


def test_the_numbers_of_another_name_are_told_apart_from_a_mistake():
    exercise = MASTER.exercise("ps1-forward-by-hand")
    judged = make_task(exercise, np.random.default_rng(0), student="ada")
    verdict = examine(judged, [Returned(FORWARD("wei"))])
    text = " ".join((report(verdict) + pattern_of(verdict)).split())
    assert "You handed in as 'ada', and these are the numbers of another name" in text
    assert "Every result" not in text


def test_right_answers_are_said_to_be_those_of_a_set_and_whose_it_is(task):
    said = whose_numbers(verdict_of(task, FORWARD("wei")))
    assert f"the numbers of set {my_numbers('wei')['set']}" in said
    assert "the name under which you hand in" in said
