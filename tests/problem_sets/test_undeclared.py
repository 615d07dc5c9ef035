"""Wrong answers that nobody declared: all are rejected, and most get more than "wrong"."""

import warnings
from collections import Counter

import numpy as np
import pytest

from coursekit.checks.compare import compare
from coursekit.checks.diagnosis import diagnose
from coursekit.checks.model import Returned
from coursekit.checks.patterns import pattern_of
from coursekit.masters import MASTERS, read_master
from coursekit.tasks import make_task
from coursekit.verify import verdict_of

SETS = ["ps0", "ps1", "ps2"]
CHANGES = {
    "sign": lambda value: -value,
    "twice": lambda value: 2 * value,
    "half": lambda value: value / 2,
    "transpose": lambda value: np.transpose(value),
    "backwards": lambda value: np.flip(value),
    "one along": lambda value: np.roll(value, 1),
    "off by one": lambda value: value + 1,
    "one percent": lambda value: 1.01 * value,
    "axis added": lambda value: np.expand_dims(value, 0),
    "summed": lambda value: np.sum(value, axis=0),
    "squared": lambda value: value**2,
}


def changed(function, change):
    def wrong(*arguments):
        return CHANGES[change](np.asarray(function(*arguments)))

    return wrong


def combinations(exercise):
    """Each change after the reference and after each misconception."""
    functions = {"": exercise.reference.function}
    functions |= {m.id: m.wrong for m in exercise.declaration.misconceptions}
    for name, function in functions.items():
        for change in CHANGES:
            yield f"{name} {change}".strip(), changed(function, change)


def really_right(task, verdict):
    """Whether an answer gives what is expected after all, by NumPy's own comparison."""
    return all(
        isinstance(outcome, Returned)
        and np.shape(outcome.value) == np.shape(case.expected)
        and np.allclose(outcome.value, case.expected, rtol=1e-7, atol=1e-12)
        for case, outcome in zip(task.cases, verdict.outcomes, strict=True)
    )


def help_for(verdict):
    """The most telling thing that the student reads."""
    if diagnose(verdict):
        return "mistake named"
    if pattern_of(verdict):
        return "pattern"
    finding = verdict.findings[verdict.first]
    return {"value": "first wrong entry", "shape": "shapes", "error": "error"}.get(
        finding.prop, "other"
    )


def numeric(task):
    return all(isinstance(case.expected, np.ndarray | float | np.generic) for case in task.cases)


@pytest.mark.parametrize("problem_set", SETS)
def test_every_undeclared_wrong_answer_is_rejected(problem_set, record_property):
    helped = Counter()
    for exercise in read_master(MASTERS / f"{problem_set}.md").exercises:
        task = make_task(exercise, np.random.default_rng(5))
        if not numeric(task):
            continue
        for name, wrong in combinations(exercise):
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                verdict = verdict_of(task, wrong)
                if really_right(task, verdict):
                    continue
                assert not verdict.passed, f"{exercise.id}: {name} passes"
                helped[help_for(verdict)] += 1
    print(problem_set, dict(helped))
    record_property("helped", dict(helped))
    assert helped["error"] + helped["other"] <= 0.2 * helped.total()


def test_a_right_answer_that_comes_by_two_wrongs_is_not_counted():
    exercise = read_master(MASTERS / "ps1.md").exercise("ps1-output-deltas")
    task = make_task(exercise, np.random.default_rng(5))
    twice = changed(changed(exercise.reference.function, "sign"), "sign")
    verdict = verdict_of(task, twice)
    assert really_right(task, verdict)
    assert compare(task.cases[0].expected, verdict.outcomes[0].value) is None
