"""The frozen answers are as they were; the wrong ones fail, the right ones pass."""

import re
from collections import Counter

import numpy as np
import pytest
from tests.messages.frozen_answers import (
    FOLDER,
    KNOWN,
    MEASURING,
    answers_just_over,
    digest,
    parts_of,
    right_answers,
    sections,
    wrong_answers,
)
from tests.messages.trying import (
    exercises,
    function_of,
    passing_versions,
    released_tasks,
    verdict,
)
from tests.some_of_many import some_of

from coursekit.authoring.tasks import make_task
from coursekit.checks.imports import refused_import

DIGEST = "1d6d1e99828e1087fa3a75271b462535cf7f5f93299dd5df7a00d3c643467604"
CHANGED = (
    "The frozen answers changed. They measure messages that were written without sight of them, "
    "so what was measured with others cannot be compared with what comes now. Take the change "
    "back; or, where an exercise changed so that an answer is void, say in their README which "
    "answers changed and why, set DIGEST here, and measure again."
)
OTHER_KIND = {"error", "type", "shape", "dtype"}
"""Properties that fail where an answer crashes or returns another kind of thing."""

LATER = {"ps2-outer-product", "ps3-layer-norm"}
"""Exercises younger than the right answers: who knows messages adds none."""

WRONG_OF = {folder: wrong_answers(folder) for folder in (MEASURING, KNOWN)}
WRONG = [answer for found in WRONG_OF.values() for answer in found]
CRASHING = [answer for answer in WRONG if answer.stratum == "crash"]
RIGHT, OVER = right_answers(), answers_just_over()
by_id = {"ids": lambda answer: answer.id}


def passes(answer, code):
    return verdict(released_tasks()[answer.exercise], code).passed


# The files


def test_they_are_as_they_were_frozen():
    assert digest() == DIGEST, CHANGED


def test_there_are_as_many_as_the_readme_says():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    strata = [Counter(answer.stratum for answer in found) for found in WRONG_OF.values()]
    counts = [found[stratum] for found in strata for stratum in ("one", "two", "crash")]
    counts += [len(RIGHT), len(OVER)]
    assert [int(count) for count in re.findall(r"\| (\d+) \|$", readme, re.MULTILINE)] == counts
    assert f"{sum(bool(answer.after) for answer in WRONG)} of them follow" in readme


def test_each_has_a_name_of_its_own():
    ids = Counter(answer.id for answer in [*WRONG, *RIGHT])
    assert [name for name, count in ids.items() if count > 1] == []


def test_no_two_wrong_answers_are_the_same():
    codes = Counter((answer.exercise, answer.code) for answer in WRONG)
    assert [key for key, count in codes.items() if count > 1] == []


def test_every_exercise_that_asks_for_a_function_has_some():
    asked = {name for name, task in released_tasks().items() if task.cases}
    assert asked >= LATER
    assert {answer.exercise for answer in WRONG_OF[MEASURING]} == asked
    assert {answer.exercise for answer in WRONG_OF[KNOWN]} == asked
    assert {answer.exercise for answer in RIGHT} == asked - LATER


# What a check finds


@pytest.mark.parametrize("answer", some_of(WRONG, 8), **by_id)
def test_a_wrong_answer_fails_until_all_its_places_are_mended(answer):
    assert passing_versions(released_tasks()[answer.exercise], answer) == ["mended"]


@pytest.mark.parametrize("answer", some_of(CRASHING, 4), **by_id)
def test_a_crash_is_an_error_or_another_kind_of_thing(answer):
    findings = verdict(released_tasks()[answer.exercise], answer.code).findings
    assert OTHER_KIND & {finding.prop for finding in findings if finding}


@pytest.mark.parametrize("answer", RIGHT, **by_id)
def test_a_right_answer_passes_on_public_and_on_hidden_cases(answer):
    released = released_tasks()[answer.exercise]
    assert not refused_import(function_of(answer.code, released.name))
    assert passes(answer, answer.code)
    for seed in (1, 2):
        hidden = make_task(exercises()[answer.exercise], np.random.default_rng(seed))
        found = verdict(hidden, answer.code)
        assert found.passed, found.failure


@pytest.mark.parametrize("answer", OVER, **by_id)
def test_what_is_just_over_the_tolerance_fails(answer):
    assert not passes(answer, answer.code)
    assert passes(answer, answer.mended)


# Reading

DIFF = " def f(x):\n-    return x\n+    return 2 * x\n"


def test_a_diff_is_read_in_both_versions():
    kept, mistake = parts_of(DIFF, iter([("the factor", "is missing")]))
    assert kept == "def f(x):\n"
    assert (mistake.wrong, mistake.mended) == ("    return x\n", "    return 2 * x\n")


@pytest.mark.parametrize(
    ("diff", "places"),
    [
        ("-a\n+b\n-c\n+d\n", 2),
        ("-a\n-b\n+c\n+d\n", 1),
        ("-a\n", 1),
        ("+a\n", 1),
        (" a\n\n b\n", 0),
    ],
)
def test_groups_of_changed_lines_are_places(diff, places):
    said = iter([("here", "wrong")] * places)
    assert len([part for part in parts_of(diff, said) if not isinstance(part, str)]) == places


@pytest.mark.parametrize("said", [[], [("a", "b"), ("c", "d")]])
def test_a_place_without_words_or_words_without_a_place_are_refused(said):
    with pytest.raises(ValueError, match=r"nothing is said|no lines are marked"):
        list(parts_of(DIFF, iter(said)))


def test_a_section_that_is_no_answer_is_refused():
    with pytest.raises(ValueError, match="'ps1-logistic sign' is no answer"):
        sections("# Title\n\n## ps1-logistic sign\n\n```python\nx\n```\n")
