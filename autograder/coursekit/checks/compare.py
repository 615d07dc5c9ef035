"""Compare trees of arrays, and say the first thing that differs."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from coursekit.checks.held_out import HeldOut
from coursekit.checks.model import (
    Case,
    Difference,
    Ended,
    Finding,
    Outcome,
    Raised,
    Refused,
    Task,
    Undefined,
    Verdict,
    numeric_leaves,
)
from coursekit.checks.words import (
    MOST_CHARACTERS,
    cut,
    describe,
    index_text,
    sequence_in_words,
    short,
    told_apart,
)

MOST_KEYS = 10
"""Keys that are named."""

MOST_WORD = 60
"""Characters of a key, or of the name of an error."""

ATOL_OF_SCALE = 1e-9
"""A true zero may come out this large, for inputs and results of size 1."""


def examine(task: Task, outcomes: Sequence[Outcome]) -> Verdict:
    """Compare the outcome of every call with what is expected of it."""
    findings = [
        inspect_outcome(task, case, outcome)
        for case, outcome in zip(task.cases, outcomes, strict=True)
    ]
    return Verdict(task, tuple(outcomes), tuple(findings))


def inspect_outcome(task: Task, case: Case, outcome: Outcome) -> Finding | None:
    """The first property that fails: it returns, kind, shape, dtype, values, inputs unchanged."""
    if isinstance(outcome, Raised):
        return not_returned(outcome)
    scale = largest(case.arguments)
    finding = compare(case.expected, outcome.value, task.rtol, scale)
    if finding is None and outcome.mutated and not task.may_mutate:
        changed = " and ".join(outcome.mutated)
        return Finding(
            "arguments",
            f"the result is right, but the call changed its argument {changed}; "
            "the caller still needs the old values, so work on a copy",
        )
    return finding


def not_returned(outcome: Raised) -> Finding:
    """Why a call gave no value."""
    if isinstance(outcome, Undefined):
        return Finding("missing", "there is no function of this name")
    if isinstance(outcome, Ended):
        endless = outcome.kind == "TimeoutError"
        return Finding("endless" if endless else "ended", outcome.message)
    return Finding("error", ending(outcome))


def refusal(value: Refused, place: str) -> Finding:
    return Finding("type", f"{place} cannot be compared: {value.reason}")


def ending(error: Raised) -> str:
    """With what error a call stopped, and where that is known in which line."""
    message = cut(error.message, MOST_CHARACTERS)
    words = f"it stopped with {cut(error.kind, MOST_WORD)}: {message}".rstrip(": ")
    return f"{words}, in the line `{error.line}`" if error.line else words


def compare(
    expected: object,
    found: object,
    rtol: float = 1e-6,
    scale: float = 1.0,
    place: str = "the result",
) -> Finding | None:
    """The first difference between two trees of arrays and scalars; None if there is none.

    Parameters
    ----------
    expected, found : tree
        Arrays, numbers, strings, None, and tuples, lists and dicts of these.
    rtol : float
        Relative tolerance.
    scale : float
        Largest absolute value among the inputs; what should be 0 may be ``1e-9 * scale``.
    place : str
        Words for the tree in the message.
    """
    if isinstance(found, Refused):
        return refusal(found, place)
    if isinstance(expected, HeldOut):
        return expected.judge(found, place)
    if isinstance(expected, dict):
        return compare_dicts(expected, found, rtol, scale, place)
    if isinstance(expected, tuple | list):
        return compare_sequences(expected, found, rtol, scale, place)
    if expected is None or isinstance(expected, str | bool):
        return compare_exactly(expected, found, place)
    return compare_arrays(np.asarray(expected), found, rtol, scale, place)


def compare_exactly(expected: object, found: object, place: str) -> Finding | None:
    found = found.item() if isinstance(found, np.generic) else found
    if type(found) is type(expected) and found == expected:
        return None
    prop = "value" if type(found) is type(expected) else "type"
    return Finding(prop, f"{place} is {short(found)}; expected is {short(expected)}")


def compare_sequences(
    expected: Sequence[object], found: object, rtol: float, scale: float, place: str
) -> Finding | None:
    if found is None:
        return Finding("type", f"{place} is None; did you forget the return?")
    if not isinstance(found, tuple | list) or len(found) != len(expected):
        wanted = sequence_in_words(expected, "a tuple or a list")
        is_number = not isinstance(found, tuple | list) and len(expected) == 1
        hint = "; (5,) is a tuple, (5) is a number" if is_number else ""
        return Finding("type", f"{place} is {describe(found)}; expected is {wanted}{hint}")
    for position, (part, other) in enumerate(zip(expected, found, strict=True)):
        finding = compare(part, other, rtol, scale, f"{place}[{position}]")
        if finding:
            return finding
    return None


def compare_dicts(
    expected: dict[Any, Any], found: object, rtol: float, scale: float, place: str
) -> Finding | None:
    if found is None:
        return Finding("type", f"{place} is None; did you forget the return?")
    if not isinstance(found, dict):
        return Finding("type", f"{place} is {describe(found)}; expected is a dict")
    if set(found) != set(expected):
        return Finding("type", f"{place} {wrong_keys(expected, found)}")
    for key, part in expected.items():
        finding = compare(part, found[key], rtol, scale, f"{place}[{key!r}]")
        if finding:
            return finding
    return None


def wrong_keys(expected: dict[Any, Any], found: dict[Any, Any]) -> str:
    """Which keys are missing and which are too many."""
    missing = listing(key for key in expected if key not in found)
    extra = listing(key for key in found if key not in expected)
    parts = [f"has no key {missing}"] if missing else []
    return "; ".join([*parts, f"has a key that is not asked for: {extra}"] if extra else parts)


def listing(keys: Iterable[object]) -> str:
    """The first keys of some, each in a few characters."""
    first = list(itertools.islice(keys, MOST_KEYS + 1))
    words = [short(key, MOST_WORD) for key in first[:MOST_KEYS]]
    return ", ".join([*words, "..."] if len(first) > MOST_KEYS else words)


def compare_arrays(
    expected: np.ndarray, found: object, rtol: float, scale: float, place: str
) -> Finding | None:
    if found is None:
        return Finding("type", f"{place} is None; did you forget the return?")
    try:
        array = None if holds_text(found) else np.asarray(found)
    except (ValueError, TypeError):
        return Finding("type", f"{place} is {describe(found)}; expected is an array of numbers")
    if array is None or array.dtype.kind not in "biufc":
        return Finding("type", f"{place} is {describe(found)}; expected is {describe(expected)}")
    if array.shape != expected.shape:
        words = shapes_in_words(array.shape, expected.shape)
        difference = Difference(place, array.shape, expected.shape)
        return Finding("shape", f"{place} {words}", difference=difference)
    if array.dtype.kind == "c" and expected.dtype.kind != "c":
        return Finding("dtype", f"{place} is complex; expected are real numbers")
    return compare_values(expected, array, rtol, scale, place)


def shapes_in_words(found: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """What shape came and which is expected; a number is called a number."""
    if not found:
        return f"is a single number; expected is an array with shape {expected}"
    return f"has shape {found}; expected is {expected or 'a single number'}"


def holds_text(tree: object) -> bool:
    """Whether a list holds a text somewhere: as an array each entry would take as much room."""
    if isinstance(tree, list | tuple):
        return any(map(holds_text, tree))
    return isinstance(tree, str | bytes)


def compare_values(
    expected: np.ndarray, array: np.ndarray, rtol: float, scale: float, place: str
) -> Finding | None:
    wrong = ~close(expected, array, rtol, scale)
    if not wrong.any():
        return None
    index = tuple(int(i) for i in np.argwhere(wrong)[0]) if wrong.ndim else ()
    where = f"entry {index_text(index)} of {place}" if index else place
    count = f" ({wrong.sum()} of {wrong.size} entries are wrong)" if wrong.size > 1 else ""
    got, want = array[index], expected[index]
    prop = "value" if np.isfinite(got) or not np.isfinite(want) else "finite"
    got, want = told_apart(got, want)
    marks = marked(expected, array, wrong, rtol, scale)
    difference = Difference(place, array.shape, expected.shape, marks)
    return Finding(prop, f"{where} is {got}; expected is {want}{count}", difference=difference)


def marked(
    expected: np.ndarray, found: np.ndarray, wrong: np.ndarray, rtol: float, scale: float
) -> np.ndarray:
    """A sign for each entry: right, wrong, right but for the sign, not a finite number."""
    marks = np.where(wrong, "x", ".")
    if found.dtype.kind in "if" and expected.dtype.kind in "if":
        marks[wrong & close(expected, -found, rtol, scale)] = "-"
    marks[wrong & ~np.isfinite(found)] = "?"
    return marks


def close(expected: np.ndarray, found: np.ndarray, rtol: float, scale: float) -> np.ndarray:
    """Entry by entry: equal within the tolerance; NaN equals NaN, inf equals inf."""
    if expected.dtype.kind in "bi" and found.dtype.kind in "bi":
        return np.asarray(expected == found)
    finite, size = np.isfinite(expected), np.abs(expected)
    atol = ATOL_OF_SCALE * min(max(scale, size[finite].max(initial=0.0)), 1.0)
    with np.errstate(all="ignore"):
        kind = np.result_type(found, expected, 1.0)
        near = np.abs(np.subtract(found, expected, dtype=kind)) <= atol + rtol * size
        same = (found == expected) | (np.isnan(found) & np.isnan(expected))
    return np.asarray(np.where(finite, near, same))


def largest(tree: object) -> float:
    """Largest finite absolute value in a tree; 1.0 if there are no numbers."""
    sizes = [np.abs(leaf[np.isfinite(leaf)]).max(initial=0.0) for leaf in numeric_leaves(tree)]
    return float(max(sizes, default=1.0)) or 1.0
