"""Report the first failure and name the mistake, where one is known; never guess."""

from __future__ import annotations

from coursekit.checks.compare import compare, largest
from coursekit.checks.model import Case, Outcome, Raised, Task, Verdict
from coursekit.checks.pictures import picture_of
from coursekit.checks.sealed import name_advice
from coursekit.checks.words import error_advice, full_stop, short, wrap

LOOSEST = 5e-3
"""Mistakes are told apart no more loosely than this, whatever an exercise lets pass."""


def call_text(task: Task, case: Case) -> str:
    """The arguments of a call, a line each, where they are small enough to read."""
    lines = []
    for name, value in zip(task.parameters, case.arguments, strict=True):
        indent = " " * (len(name) + 5)
        lines.append(f"  {name} = " + short(value).replace("\n", "\n" + indent))
    return "\n".join(lines)


def report(verdict: Verdict, drawn: bool = True) -> str:
    """One failure in plain words: the property, the case, what is wrong where, the call.

    Parameters
    ----------
    verdict : Verdict
    drawn : bool
        Whether a picture in characters stands there, where there is one.
    """
    task, index, finding = verdict.task, verdict.first, verdict.failure
    if finding.prop == "missing":
        return f"{task.name}: {finding.text}."
    case = task.cases[index]
    headline = {
        "error": "it stops with an error",
        "endless": "it does not come to an end",
        "ended": "it was ended before it came back",
        "type": "it does not return the right kind of thing",
        "shape": "the shape is not right",
        "dtype": "the type of the numbers is not right",
        "finite": "a number is infinite or not a number",
        "value": "a value is not right",
        "accuracy": "the network is not yet good enough",
        "arguments": "it changes what it is given",
    }[finding.prop]
    picture = picture_of(verdict)
    lines = [f"{task.name}: {headline}.", *first_failure(verdict)]
    lines += [wrap(picture.words)] if picture.words else []
    lines += [picture.text()] if drawn and picture.grids else []
    failed = sum(found is not None for found in verdict.findings)
    fail = "cases fail" if len(task.cases) > 1 else "case fails"
    return "\n".join(
        [*lines, "The call was", call_text(task, case), f"{failed} of {len(task.cases)} {fail}."]
    )


def first_failure(verdict: Verdict) -> list[str]:
    """Of the first case that fails what is wrong, and what that means."""
    case, finding = verdict.task.cases[verdict.first], verdict.failure
    outcome = verdict.outcomes[verdict.first]
    advice = error_advice(outcome.message) if isinstance(outcome, Raised) else ()
    sentence = full_stop(f"In the case '{case.group}', {finding.text}")
    return [wrap(words) for words in (sentence, *advice, name_advice(case, finding)) if words]


def diagnose(verdict: Verdict) -> tuple[str, ...]:
    """Names of the known mistakes that do, in every case, just what the function did.

    More than one name comes back only where two mistakes do the same in every case. An empty
    tuple means that no known mistake fits; nothing is ever guessed.
    """
    if verdict.passed:
        return ()
    names = verdict.task.cases[0].fingerprints
    return tuple(name for name in names if matches(verdict, name))


def matches(verdict: Verdict, name: str) -> bool:
    pairs = zip(verdict.task.cases, verdict.outcomes, strict=True)
    rtol = max(1e-6, verdict.task.rtol if verdict.task.rtol <= LOOSEST else 0)
    return all(
        same_outcome(case.fingerprints[name], outcome, case, rtol) for case, outcome in pairs
    )


def same_outcome(fingerprint: Outcome, outcome: Outcome, case: Case, rtol: float) -> bool:
    if isinstance(fingerprint, Raised) and isinstance(outcome, Raised):
        return kind_of_error(fingerprint) == kind_of_error(outcome)
    if isinstance(fingerprint, Raised) or isinstance(outcome, Raised):
        return False
    if set(fingerprint.mutated) != set(outcome.mutated):
        return False
    return compare(fingerprint.value, outcome.value, rtol, largest(case.arguments)) is None


def kind_of_error(error: Raised) -> str:
    """The name of an error; one for all that NumPy and loops raise where shapes do not fit."""
    return "ShapeError" if error.kind in ("ValueError", "IndexError") else error.kind
