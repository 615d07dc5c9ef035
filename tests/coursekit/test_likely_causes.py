"""In grading, wrong solutions are called only where they fit the public cases, too."""

import numpy as np
import pytest
from tests.coursekit.test_causes import EXERCISES, step, without_power

from coursekit.authoring.causes import CalledCauses
from coursekit.authoring.kept_causes import kept_causes
from coursekit.authoring.tasks import make_task, public_rng
from coursekit.checks.calling import call
from coursekit.checks.causes import sentences
from coursekit.checks.compare import examine
from coursekit.grading.likely_causes import public_task, with_likely_causes

EXERCISE = EXERCISES[step]


def nonsense(theta, grad, moment, eta, beta, t):
    return theta * grad + t, moment - 3 * beta


@pytest.fixture(autouse=True)
def forgotten(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    EXERCISE.declaration.public_tasks.clear()
    yield
    EXERCISE.declaration.public_tasks.clear()


@pytest.fixture
def released():
    """What a release leaves behind: the causes of the public cases."""
    kept_causes(make_task(EXERCISE, public_rng(EXERCISE.id), public=True).causes)


@pytest.fixture
def calls(monkeypatch):
    """The wrong solutions that are called."""
    made = []
    real = CalledCauses.called

    def counted(self, number, case):
        made.append(number)
        return real(self, number, case)

    monkeypatch.setattr(CalledCauses, "called", counted)
    return made


def given(answer, task):
    return [call(answer, task.parameters, case.arguments) for case in task.cases]


def narrowed(answer):
    """The verdict on the cases of a student, and the same with the likely causes alone."""
    task = make_task(EXERCISE, np.random.default_rng(0))
    verdict = examine(task, given(answer, task))
    return verdict, with_likely_causes(verdict, EXERCISE, given(answer, public_task(EXERCISE)))


def test_what_fits_no_public_case_is_not_looked_for(released, calls):
    _, likely = narrowed(nonsense)
    assert list(sentences(likely)) == []
    assert calls == []


def test_what_fits_is_told_in_the_same_words_and_little_else_is_called(released, calls):
    verdict, likely = narrowed(without_power)
    few = list(sentences(likely))
    assert len(set(calls)) <= 10
    assert few == list(sentences(verdict)) != []
    assert len(set(calls)) > 100


def test_without_what_a_release_keeps_all_are_looked_for():
    verdict, likely = narrowed(without_power)
    assert likely is verdict


def test_a_function_that_did_not_come_to_an_end_has_no_cause(released):
    _, verdict = narrowed(without_power)
    some = given(without_power, public_task(EXERCISE))[:1]
    assert with_likely_causes(verdict, EXERCISE, some).task.causes is None
