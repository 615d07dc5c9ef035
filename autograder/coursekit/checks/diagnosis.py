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
    if not all(isinstance(outcome, Returned) for outcome in verdict.outcomes):
        return ""
    cases = verdict.task.cases
    found = [outcome.value for outcome in verdict.outcomes]
    if all(same_parts(case.expected, value) for case, value in zip(cases, found, strict=True)):
        return pattern_of_parts(cases, found)
    return pattern_of_values(cases, [case.expected for case in cases], found)


def same_parts(expected: object, found: object) -> bool:
    """Whether both are dicts with the same keys, or sequences of several parts, equally many."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and set(expected) == set(found)
    several = isinstance(expected, tuple) and isinstance(found, tuple | list)
    return several and len(expected) == len(found)


def pattern_of_parts(cases: Sequence[Case], found: Sequence) -> str:
    """Which parts of the result are right, and what the wrong one has in common with its own."""
    first = cases[0].expected
    keys = list(first) if isinstance(first, dict) else list(range(len(first)))
    if any(len(case.expected) != len(first) for case in cases):
        return ""
    wrong = [
        key
        for key in keys
        if any(
            compare(case.expected[key], value[key], scale=largest(case.arguments))
            for case, value in zip(cases, found, strict=True)
        )
    ]
    words = []
    if len(wrong) < len(keys):
        right = [part_name(key) for key in keys if key not in wrong]
        words.append(f"Right in every case: {' and '.join(right)}.")
    for key in wrong:
        expected = [case.expected[key] for case in cases]
        pattern = pattern_of_values(cases, expected, [value[key] for value in found])
        words += [f"In {part_name(key)}: {pattern}"] if pattern else []
    return " ".join(words)


def part_name(key: str | int) -> str:
    return repr(key) if isinstance(key, str) else f"part {key + 1} of the result"


def pattern_of_values(cases: Sequence[Case], expected: Sequence, found: Sequence) -> str:
    """What arrays, or lists of arrays taken as one, have in common with the expected ones."""
    joined = [(one_array(want), one_array(got)) for want, got in zip(expected, found, strict=True)]
    if any(part is None for pair in joined for part in pair):
        return ""
    pairs = [(*pair, case) for pair, case in zip(joined, cases, strict=True)]
    return (
        factor_pattern(pairs)
        or transpose_pattern(pairs)
        or shift_pattern(pairs)
        or order_pattern(pairs)
    )


def one_array(tree: object) -> np.ndarray | None:
    """A tree of numbers as one array: itself, or all its arrays one after the other."""
    if isinstance(tree, np.ndarray | np.generic | int | float):
        array = np.asarray(tree)
        return array if array.dtype.kind in "iuf" else None
    if not isinstance(tree, list | tuple) or not tree:
        return None
    if all(isinstance(part, int | float) for part in tree):
        return np.asarray(tree, dtype=float)
    parts = [one_array(part) for part in tree]
    return None if any(p is None for p in parts) else np.concatenate([p.ravel() for p in parts])


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
        arguments = [case.arguments[position] for case in cases]
        shapes = [a.shape if isinstance(a, np.ndarray) else () for a in arguments]
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
