"""From a verdict to points, group by group, and to the words for the student."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from coursekit.authoring.masters import PlacedExercise
from coursekit.checks.diagnosis import diagnose
from coursekit.checks.model import Ended, Outcome, Raised, Returned, Verdict
from coursekit.checks.patterns import pattern_of
from coursekit.checks.prints import leaves_of
from coursekit.grading.explaining import explain, not_answered
from coursekit.grading.results import (
    FAILED,
    GRADER_ERROR,
    PASSED,
    UNANSWERED,
    ExerciseResult,
    GroupResult,
)
from coursekit.grading.trials import Decided, Faulty
from coursekit.grading.withheld import without_answers, without_anything, without_texts
from coursekit.sandbox.runs import Run

DIGITS = 5
"""Of a number, relative to the largest beside it, that tell one behaviour from another."""


def award(judged: Decided | Faulty, run: Run, sources: Sequence[str]) -> ExerciseResult:
    """Points by the groups that pass, the mistake by name, and the words for the student."""
    exercise = judged.trial.exercise
    if isinstance(judged, Faulty):
        return ExerciseResult(exercise.id, GRADER_ERROR, 0.0, exercise.points, message=judged.fault)
    verdict = judged.verdict
    earned = exercise.declaration.earned(verdict.credits)
    result = ExerciseResult(
        exercise.id,
        PASSED if verdict.passed else FAILED,
        exercise.points if verdict.passed else round(exercise.points * earned, 2),
        exercise.points,
        groups=groups_of(exercise, verdict),
    )
    if verdict.passed:
        return replace(result, message=f"All {len(verdict.task.cases)} hidden cases pass.")
    names = diagnose(verdict)
    told = names or judged.told_by or exercise.declaration.personal
    pattern = "" if told else pattern_of(verdict)
    if exercise.declaration.personal and judged.told_by:
        names, verdict = (), without_anything(verdict, judged.told_by)
    elif exercise.declaration.personal:
        verdict = without_answers(verdict)
    elif judged.told_by:
        verdict = without_texts(verdict, sources, judged.told_by)
    return replace(
        result,
        misconception=" or ".join(names),
        message=explain(verdict, names, pattern, run),
        sections=sections_of(exercise, names),
        failed_by=failed_by(judged.verdict),
    )


def failed_by(verdict: Verdict) -> str:
    """In what a function fails."""
    return UNANSWERED if all(map(not_answered, verdict.outcomes)) else verdict.failure.prop


def groups_of(exercise: PlacedExercise, verdict: Verdict) -> tuple[GroupResult, ...]:
    """What each group earned, and how many of its cases are right."""
    counted = exercise.declaration.counted(verdict.credits)
    right: dict[str, list[bool]] = {}
    for case, finding in zip(verdict.task.cases, verdict.findings, strict=True):
        right.setdefault(case.group, []).append(finding is None)
    return tuple(
        GroupResult(
            group.name,
            round(exercise.points * group.share * counted[group.name], 4),
            round(exercise.points * group.share, 4),
            sum(right[group.name]),
            len(right[group.name]),
        )
        for group in exercise.declaration.cases
    )


def sections_of(exercise: PlacedExercise, names: Sequence[str]) -> tuple[str, ...]:
    """Where the book teaches what some mistakes are about, each place once."""
    found = (m.section for m in exercise.declaration.misconceptions if m.id in names)
    return tuple(dict.fromkeys(found))


def behaviour(outcomes: Sequence[Outcome]) -> str:
    """A digest of what a function did; empty where it did not come to an end."""
    if any(isinstance(outcome, Ended) for outcome in outcomes):
        return ""
    text = "\n".join(line for outcome in outcomes for line in outcome_lines(outcome))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """An outcome as text, which rounding, kinds of numbers and words of errors do not change."""
    if isinstance(outcome, Raised):
        yield f"raised {outcome.kind}"
        return
    assert isinstance(outcome, Returned)
    yield f"returned {sorted(outcome.mutated)}"
    for leaf in leaves_of(outcome.value):
        yield f"{leaf.shape} {entries_in_words(leaf)}"


def entries_in_words(leaf: np.ndarray) -> str:
    if leaf.dtype.kind not in "biuf":
        return str(leaf)
    numbers = leaf.astype(float).ravel()
    largest = np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0) or 1.0
    with np.errstate(all="ignore"):
        shares: Any = np.round(numbers / largest, DIGITS) + 0.0  # no negative zero
    return f"{largest:.{DIGITS - 1}e} {shares.tolist()}"
