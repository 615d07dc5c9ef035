"""The answers to exercises with conventions fail for what they say, and can be drawn and judged."""

import functools
import json
from collections import Counter

import numpy as np
import pytest
from tests.messages import repair
from tests.messages.frozen_answers import wrong_answers
from tests.messages.repair import ARMS, OURS, SHARES
from tests.messages.trying import SETS, passing_versions, verdict
from tests.some_of_many import some_of

from coursekit.authoring.tasks import make_task, public_rng
from coursekit.checks.model import Task
from coursekit.verification.verify import verify

MASTER, EXERCISES = SETS["conventions"].masters[0], SETS["conventions"].exercises
WRONG = wrong_answers(SETS["conventions"].answers)
OTHER_KIND = {"error", "type", "shape"}
"""Properties that fail where an answer crashes or returns another kind of thing."""

by_id = {"ids": lambda one: one.id}


@functools.cache
def public_task(name: str) -> Task:
    """What students check with, without looking for causes."""
    return make_task(EXERCISES[name], public_rng(name), public=True)


@functools.cache
def hidden_task(name: str, seed: int) -> Task:
    """What an edit is judged with."""
    return make_task(EXERCISES[name], np.random.default_rng(seed))


# The exercises


@pytest.mark.slow
@pytest.mark.parametrize("exercise", MASTER.exercises, **by_id)
def test_an_exercise_can_be_released(exercise):
    assert verify(MASTER, [exercise]).problems == []


@pytest.mark.parametrize("exercise", MASTER.exercises, **by_id)
def test_an_instructor_in_a_hurry_declared_it(exercise):
    assert len(exercise.declaration.hints) == 3
    assert 2 <= len(exercise.declaration.misconceptions) <= 3
    assert exercise.declaration.right_answers == []


# The answers


def test_all_exercises_have_as_many_answers_and_strata_have_their_shares():
    assert Counter(answer.exercise for answer in WRONG) == dict.fromkeys(EXERCISES, 6)
    whole, parts = len(WRONG), sum(SHARES.values())
    strata = Counter(answer.stratum for answer in WRONG)
    assert strata == {name: whole * share // parts for name, share in SHARES.items()}


def test_no_two_answers_are_the_same():
    assert len({answer.id for answer in WRONG}) == len({answer.code for answer in WRONG}) == 84


@pytest.mark.parametrize("answer", some_of(WRONG, 3), **by_id)
def test_an_answer_fails_until_all_its_places_are_mended(answer):
    hidden = [hidden_task(answer.exercise, seed) for seed in range(3)]
    for task in (public_task(answer.exercise), *hidden):
        assert passing_versions(task, answer) == ["mended"]


@pytest.mark.parametrize("answer", [one for one in WRONG if one.crashes], **by_id)
def test_what_crashes_is_an_error_or_another_kind_of_thing(answer):
    found = verdict(public_task(answer.exercise), answer.code).findings
    assert OTHER_KIND & {finding.prop for finding in found if finding}


@pytest.mark.parametrize("answer", some_of((w for w in WRONG if not w.crashes), 3), **by_id)
def test_what_does_not_crash_gives_other_numbers(answer):
    found = verdict(public_task(answer.exercise), answer.code).findings
    assert OTHER_KIND.isdisjoint(finding.prop for finding in found if finding)


# Sheets and score


@pytest.fixture
def silent(monkeypatch):
    """Something else is said of each answer, without a release."""
    monkeypatch.setattr(repair, "what_is_said", lambda answer: dict.fromkeys(ARMS, answer.name))


def edit_all(folder, arm):
    """Hand in what mends the answers of one arm, and of the others what was there."""
    key = json.loads((folder / "key.json").read_text(encoding="utf-8"))
    answers = {answer.id: answer for answer in WRONG}
    for name, sheet in key.items():
        answer = answers[sheet["answer"]]
        code = answer.mended if sheet["arm"] == arm else answer.code
        (folder / "edits" / f"{name}.py").write_text(code, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.usefixtures("silent")
def test_they_are_drawn_and_judged_like_the_others(tmp_path, capsys):
    new = tmp_path / "new"
    repair.main(["sheets", str(new), "--set", "conventions", "--short", "--size", "8"])
    edit_all(new, OURS)
    assert all("(not at hand)" in path.read_text("utf-8") for path in new.glob("batch-*/*.md"))
    repair.main(["score", str(new), "--sandbox", "none"])
    said = capsys.readouterr().out
    assert str(repair.Line("all", OURS, 8, 8)) in said
    assert "The bare verdict repairs 0%" in said


@pytest.mark.usefixtures("silent")
def test_a_pilot_may_be_of_them(tmp_path):
    repair.main(["pilot", str(tmp_path / "new"), "--set", "conventions", "--short"])
    assert len(list(tmp_path.glob("new/pilot/*.md"))) == len(WRONG)


def test_a_set_that_there_is_not_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        repair.main(["sheets", str(tmp_path / "new"), "--set", "manners"])
    assert "invalid choice: 'manners'" in capsys.readouterr().err


@pytest.mark.parametrize("exercise", MASTER.exercises, **by_id)
def test_the_first_line_is_all_that_a_short_sheet_shows_of_an_exercise(exercise):
    answer = next(one for one in WRONG if one.exercise == exercise.id)
    shown = repair.sheet_text("sheet-1", answer, "", short=True)
    first, *rest = exercise.reference.docstring.splitlines()
    assert first in shown
    assert not [line for line in rest if len(line) > 20 and line in shown]
