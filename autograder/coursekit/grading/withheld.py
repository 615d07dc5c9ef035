"""What feedback does not show, because it may hold a right answer.

While an exercise is called with the reference of an earlier one, student code can ask the
reference and put what it says into any text or value of its own.  No such text can be told from an
honest one, so none is shown: of an error its kind and the line, of a value that it is not right.
"""

import builtins
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from coursekit.checks.compare import compare, ending
from coursekit.checks.model import Finding, Outcome, Raised, Returned, Undefined, Verdict
from coursekit.checks.sealed import in_words
from coursekit.checks.words import listed
from coursekit.worker.failing_line import one_line

KINDS = {name for name, kind in vars(builtins).items() if isinstance(kind, type)}
KINDS |= {"LinAlgError", "Stopped"}
"""Names of errors that say nothing but what they are."""

WHAT = {
    "type": "it returns something of another kind than is expected",
    "shape": "a shape is not the expected one",
    "dtype": "the numbers are of another type than is expected",
    "finite": "a number is infinite or not a number",
    "value": "a value is not the expected one",
    "accuracy": "too few examples are labelled rightly",
    "arguments": "the result is right, but the call changed an argument",
    "endless": "it did not come to an end",
    "ended": "it was ended before it came back",
}


def without_texts(verdict: Verdict, sources: Sequence[str], helped_by: Iterable[str]) -> Verdict:
    """A verdict that shows nothing that student code made up while it could ask a reference.

    Parameters
    ----------
    verdict : Verdict
    sources : sequence of str
        Of the cells: a line of these may be shown.
    helped_by : iterable of str
        The functions that a reference stood in for.
    """
    lines = {one_line(line) for source in sources for line in source.splitlines()}
    outcomes = tuple(without_text(outcome, lines) for outcome in verdict.outcomes)
    why = f"{stood_in(helped_by)}, so no more is shown"
    findings = tuple(
        found
        if found is None or isinstance(outcome, Undefined)
        else Finding(found.prop, f"{words_for(found, outcome)} ({why})", found.credit)
        for found, outcome in zip(verdict.findings, outcomes, strict=True)
    )
    return replace(verdict, outcomes=outcomes, findings=findings)


def without_anything(verdict: Verdict, helped_by: Iterable[str]) -> Verdict:
    """A verdict that says no more than which cases fail.

    Where the answers stay as they are, a choice tells them, too: which error it is, which of a
    thousand lines, which key.
    """
    why = f"it is not right; {stood_in(helped_by)}, so no more is shown"
    findings = tuple(found and Finding("value", why) for found in verdict.findings)
    return replace(verdict, outcomes=(Returned(None),) * len(findings), findings=findings)


def stood_in(helped_by: Iterable[str]) -> str:
    return f"the reference stood in for {listed(sorted(helped_by))}"


def without_text(outcome: Outcome, lines: set[str]) -> Outcome:
    if not isinstance(outcome, Raised) or isinstance(outcome, Undefined):
        return outcome
    kind = outcome.kind if outcome.kind in KINDS else "an error of its own"
    return Raised(kind, line=outcome.line if outcome.line in lines else "")


def words_for(found: Finding, outcome: Outcome) -> str:
    if isinstance(outcome, Raised) and found.prop not in WHAT:
        return ending(outcome)
    return WHAT[found.prop]


def without_answers(verdict: Verdict) -> Verdict:
    """A verdict on answers that stay the same from one attempt to the next: it tells none."""
    triples = zip(verdict.findings, verdict.outcomes, verdict.task.cases, strict=True)
    findings = tuple(
        found and without_answer(found, outcome, case.expected) for found, outcome, case in triples
    )
    return replace(verdict, findings=findings)


def without_answer(found: Finding, outcome: Outcome, expected: Any) -> Finding:
    answers = outcome.value if isinstance(outcome, Returned) else None
    found = replace(found, difference=None)
    if not isinstance(answers, dict) or set(answers) != set(expected):
        return found  # it says which are missing
    for key, right in expected.items():
        if key != "set" and compare(right, answers[key], rtol=5e-3):
            return replace(found, text=f"the result[{key!r}], {in_words(answers[key])}, is wrong")
    return found
