"""Check a pass worked by hand against digests: the file of cases holds no answer to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from coursekit.checks.compare import not_returned, refusal
from coursekit.checks.model import Case, Finding, Outcome, Raised, Refused, Returned, Task, Verdict
from coursekit.checks.words import describe, number
from coursekit.worker.personal import fits

GROUP = "your own numbers"
KEPT = "keys"
"""What a release holds in the place of digests where the course keeps them: names of answers."""


def examine_sealed(task: Task, outcome: Outcome) -> Verdict:
    """The verdict on a typed answer; a known mistake is named where its digest fits."""
    finding, names = inspect_sealed(task, outcome)
    fingerprints = dict.fromkeys(names, outcome)
    case = Case(GROUP, ("",), {}, fingerprints)
    return Verdict(replace(task, cases=(case,)), (outcome,), (finding,))


def inspect_sealed(task: Task, outcome: Outcome) -> tuple[Finding | None, list[str]]:
    """The first answer that is missing or wrong, and the mistakes that give just this number."""
    if isinstance(outcome, Raised):
        return not_returned(outcome), []
    answers = outcome.value
    if isinstance(answers, Refused):
        return refusal(answers, "the result"), []
    if not isinstance(answers, dict):
        return Finding("type", f"the result is {describe(answers)}; expected is a dict"), []
    if KEPT in task.sealed:
        missing = (key for key in task.sealed[KEPT] if key not in answers)
        return next((lacking(key) for key in missing), None), []
    chosen: Any = answers.get("set")
    digests = task.sealed["answers"].get(str(chosen))
    if digests is None:
        words = "there is no such set; my_numbers with your name says which is yours"
        return Finding("value", f"the result['set'] is {chosen!r}: {words}"), []
    for key, digest in digests.items():
        if key not in answers:
            return lacking(key), []
        if not fits(digest, chosen, key, answers[key]):
            mistakes = task.sealed["mistakes"][str(chosen)]
            names = [
                name
                for name, wrong in mistakes.items()
                if wrong.get(key) and fits(wrong[key], chosen, key, answers[key])
            ]
            return Finding(
                "value", f"the result[{key!r}], {in_words(answers[key])}, is wrong"
            ), names
    return None, []


def lacking(key: str) -> Finding:
    return Finding("type", f"the result has no key {key!r}")


def name_advice(case: Case, finding: Finding) -> str:
    """What to do where the numbers of another name were worked with; '' where they were not."""
    if case.group != GROUP or not case.arguments[0] or "['set']" not in finding.text:
        return ""
    return (
        f"You handed in as {case.arguments[0]!r}, and these are the numbers of another name: "
        f"my_numbers({case.arguments[0]!r}) says which are yours."
    )


def whose_numbers(verdict: Verdict) -> str:
    """Of which set right answers are: a check does not know under which name they are handed in."""
    (outcome,) = verdict.outcomes
    answers: Any = outcome.value if isinstance(outcome, Returned) else {}
    return (
        f"These are the numbers of set {answers.get('set')}. They count if that is your set: "
        "my_numbers with the name under which you hand in says so."
    )


def in_words(value: object) -> str:
    return number(value) if isinstance(value, int | float) else describe(value)
