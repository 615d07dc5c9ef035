"""Report the first failure and name the mistake, where one is known; never guess."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coursekit.checks.compare import compare, largest
from coursekit.checks.model import Case, Outcome, Raised, Returned, Task, Verdict
from coursekit.checks.words import short, wrap

LOOSEST = 5e-3
"""Mistakes are told apart no more loosely than this, whatever an exercise lets pass."""


def call_text(task: Task, case: Case) -> str:
    """The arguments of a call, a line each, where they are small enough to read."""
    lines = []
    for name, value in zip(task.parameters, case.arguments, strict=True):
        indent = " " * (len(name) + 5)
        lines.append(f"  {name} = " + short(value).replace("\n", "\n" + indent))
    return "\n".join(lines)


def report(verdict: Verdict) -> str:
    """The first failure in plain words: the property, the case, the call."""
    task, index = verdict.task, verdict.first
    case, finding = task.cases[index], verdict.findings[index]
    headline = {
        "error": "it does not come to an end without an error",
        "type": "it does not return the right kind of thing",
        "shape": "the shape is not right",
        "dtype": "the type of the numbers is not right",
        "finite": "a number is infinite or not a number",
        "value": "a value is not right",
        "accuracy": "the network is not yet good enough",
        "arguments": "it changes what it is given",
    }[finding.prop]
    failed = sum(found is not None for found in verdict.findings)
    return "\n".join(
        [
            f"{task.name}: {headline}.",
            wrap(f"In the case '{case.group}', {finding.text}."),
            "The call was",
            call_text(task, case),
            f"{failed} of {len(task.cases)} cases fail.",
        ]
    )


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
    if isinstance(fingerprint, Raised) or isinstance(outcome, Raised):
        both = isinstance(fingerprint, Raised) and isinstance(outcome, Raised)
        return both and kind_of_error(fingerprint) == kind_of_error(outcome)
    if set(fingerprint.mutated) != set(outcome.mutated):
        return False
    return compare(fingerprint.value, outcome.value, rtol, largest(case.arguments)) is None


def kind_of_error(error: Raised) -> str:
    """The name of an error; one for all that NumPy and loops raise where shapes do not fit."""
    return "ShapeError" if error.kind in ("ValueError", "IndexError") else error.kind


def pattern_of(verdict: Verdict) -> str:
    """What the wrong results have in common with the expected ones, if anything; else ''."""
    pairs = [
        (np.asarray(case.expected), np.asarray(outcome.value), case)
        for case, outcome in zip(verdict.task.cases, verdict.outcomes, strict=True)
        if isinstance(outcome, Returned) and comparable(case.expected, outcome.value)
    ]
    if not pairs or len(pairs) < len(verdict.outcomes):
        return ""
    return (
        factor_pattern(pairs)
        or transpose_pattern(pairs)
        or shift_pattern(pairs)
        or order_pattern(pairs)
    )


def comparable(expected: object, found: object) -> bool:
    numeric = isinstance(expected, np.ndarray | np.generic | int | float)
    return numeric and isinstance(found, np.ndarray | np.generic | int | float | list)


def factor_pattern(pairs: Sequence[tuple[np.ndarray, np.ndarray, Case]]) -> str:
    """A constant factor between found and expected, the same in all cases or the same size."""
    factors = [constant_factor(expected, found) for expected, found, _ in pairs]
    if None in factors or all(np.isclose(factor, 1) for factor in factors):
        return ""
    if np.allclose(factors, factors[0]):
        return f"Every result is {factor_words(factors[0])} the expected one."
    return size_pattern(factors, [case for _, _, case in pairs])


def constant_factor(expected: np.ndarray, found: np.ndarray) -> float | None:
    if expected.shape != found.shape or found.dtype.kind not in "iuf" or not expected.size:
        return None
    nonzero = np.abs(expected) > 1e-12 * np.abs(expected).max(initial=1e-300)
    if not nonzero.any():
        return None
    ratio = found[nonzero] / expected[nonzero]
    factor = float(ratio.flat[0])
    exact = np.allclose(ratio, factor, rtol=1e-6) and np.allclose(found[~nonzero], 0, atol=1e-9)
    return factor if exact and np.isfinite(factor) else None


def factor_words(factor: float) -> str:
    if np.isclose(factor, -1):
        return "the negative of"
    if np.isclose(factor, 0):
        return "0 instead of"
    if abs(factor) < 1 and np.isclose(1 / factor, round(1 / factor)):
        return f"1/{round(1 / factor)} of"
    return f"{factor:.6g} times"


def size_pattern(factors: Sequence[float], cases: Sequence[Case]) -> str:
    """A factor that is, in every case, the length of some axis of some argument, or 1 over it."""
    for position in range(len(cases[0].arguments)):
        shapes = [np.shape(case.arguments[position]) for case in cases]
        for axis in range(min(map(len, shapes))):
            sizes = np.array([shape[axis] for shape in shapes], dtype=float)
            place = f"the length of axis {axis} of argument {position + 1}"
            if np.allclose(factors, sizes):
                return f"Every result is too large by a factor that is exactly {place}."
            if np.allclose(factors, 1 / sizes):
                return f"Every result is too small by a factor that is exactly {place}."
    return ""


def transpose_pattern(pairs: Sequence[tuple[np.ndarray, np.ndarray, Case]]) -> str:
    if all(
        expected.ndim == 2 and compare(expected.T, found) is None for expected, found, _ in pairs
    ):
        return "Every result is the transpose of the expected one: rows became columns."
    return ""


def shift_pattern(pairs: Sequence[tuple[np.ndarray, np.ndarray, Case]]) -> str:
    """The same number added to every entry of every result."""
    if any(expected.shape != found.shape for expected, found, _ in pairs):
        return ""
    shifts = np.concatenate([np.ravel(found - expected) for expected, found, _ in pairs])
    if not np.isfinite(shifts).all() or not np.allclose(shifts, shifts[0], rtol=1e-6, atol=0):
        return ""
    side = "large" if shifts[0] > 0 else "small"
    return f"Every number is too {side} by exactly {abs(shifts[0]):.6g}." if shifts[0] else ""


def order_pattern(pairs: Sequence[tuple[np.ndarray, np.ndarray, Case]]) -> str:
    """The right numbers in wrong places."""
    for expected, found, _ in pairs:
        same_shape = expected.shape == found.shape
        if not same_shape or compare(np.sort(expected, None), np.sort(found, None)):
            return ""
    return "Every result holds the right numbers, but some stand in the wrong places."
