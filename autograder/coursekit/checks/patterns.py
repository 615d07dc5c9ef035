"""What wrong results have in common with the expected ones: a factor, an axis, an order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from coursekit.checks.asides import aside_of, changed_besides
from coursekit.checks.causes import IN_PAIRS, sentences
from coursekit.checks.compare import compare, largest
from coursekit.checks.cuts import (
    bound_pattern,
    list_pattern,
    missing_end_pattern,
    whole_pattern,
)
from coursekit.checks.model import Returned, Verdict
from coursekit.checks.whereabouts import (
    Arrays,
    as_given_pattern,
    diagonal_pattern,
    draw_pattern,
    edge_pattern,
    entrywise_pattern,
    group_pattern,
    has_same_numbers,
)
from coursekit.checks.words import listed, short

BESIDES = {1: "Every", 2: "Apart from a factor 2, every", 0.5: "Apart from a factor 1/2, every"}
BESIDES |= {-1: "Apart from the sign, every"}
"""Factors that are looked for beside a size, and how a sentence about a size then begins."""

PLAIN_FACTORS = (-1, 2, 0.5)
"""Factors that mean something even where a single number is all that there is to compare."""

CERTAIN = 4
"""Causes of a higher rank are far-fetched where a factor or a transpose says it all."""

COARSEST = 1e-3
"""Results that are further off, relative to the largest entry, are not called nearly right."""

Known = TypeVar("Known")


def pattern_of(verdict: Verdict) -> str:
    """What can be said of wrong results: a pattern in the numbers, and what gives just these."""
    aside = aside_of(verdict)
    if aside:
        return " ".join([aside.names, numbers_pattern(verdict)]).rstrip()
    most = CERTAIN if known_exactly(verdict) else IN_PAIRS
    said = [words for words in (numbers_pattern(verdict), *sentences(verdict, most)) if words]
    known = " ".join(said) or group_pattern(verdict)
    return " ".join([known, changed_besides(verdict)]).strip()


def known_exactly(verdict: Verdict) -> bool:
    """Whether a factor, a transpose or a shift makes the expected results of all that came."""
    found = [outcome.value for outcome in verdict.outcomes if isinstance(outcome, Returned)]
    got = all_known(map(one_array, found))
    wanted = all_known(one_array(case.expected) for case in verdict.task.cases)
    if wanted is None or got is None or len(got) < len(wanted):
        return False
    diagonal = diagonal_pattern(verdict, wanted, got)
    return bool(
        factor_pattern(verdict, wanted, got)
        or transpose_pattern(wanted, got)
        or shift_pattern(wanted, got)
        or diagonal.endswith(("all are 0.", "all have the other sign."))
    )


def numbers_pattern(verdict: Verdict) -> str:
    """What the wrong results have in common with the expected ones, if anything; else ''."""
    found = [outcome.value for outcome in verdict.outcomes if isinstance(outcome, Returned)]
    kinds = {finding.prop for finding in verdict.findings if finding}
    if len(found) < len(verdict.outcomes) or kinds <= {"arguments"}:
        return ""
    expected = [case.expected for case in verdict.task.cases]
    if all(isinstance(answer, str | bool) for answer in expected):
        return answer_pattern(expected, found)
    if all(map(same_parts, expected, found)):
        return pattern_of_parts(verdict, expected, found)
    return pattern_of_values(verdict, expected, found)


def answer_pattern(expected: Sequence[object], found: Sequence[object]) -> str:
    """Which of a few possible answers are taken for which, and how often."""
    given = [answer.item() if isinstance(answer, np.generic) else answer for answer in found]
    if any(type(got) is not type(want) for want, got in zip(expected, given, strict=True)):
        return ""
    mistaken = Counter(pair for pair in zip(expected, given, strict=True) if len(set(pair)) > 1)
    told = [
        f"Where {want!r} is expected, the result is {short(got)} in {count} of "
        f"{expected.count(want)} cases."
        for (want, got), count in mistaken.items()
    ]
    return " ".join([*told, *reasons(mistaken, expected)])


def reasons(mistaken: Counter[tuple[object, object]], expected: Sequence[object]) -> Iterator[str]:
    """What the commonest confusion of two names mostly comes from; of a yes and a no nothing."""
    (want, got), count = max(mistaken.items(), key=lambda item: item[1])
    if not isinstance(want, str):
        return
    if got not in expected:
        yield "That is none of the names that are asked for: see how they are spelled."
    elif count == expected.count(want):
        yield (
            f"So {want!r} is never found where it belongs. Most often what you compute for it has "
            f"another sign or factor; else {short(got)} is tried before it and fits too easily."
        )
    else:
        yield f"Most often {short(got)} fits too easily: a limit is too wide, or signs are lost."


def same_parts(expected: object, found: object) -> bool:
    """Whether both are dicts with the same keys, or sequences of several parts, equally many."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and set(expected) == set(found)
    if not isinstance(expected, tuple) or not isinstance(found, tuple | list):
        return False
    return len(expected) == len(found)


def pattern_of_parts(verdict: Verdict, expected: Sequence[Any], found: Sequence[Any]) -> str:
    """Which parts of the result are right, and what the wrong ones have in common with theirs."""
    first = expected[0]
    if any(len(parts) != len(first) for parts in expected):
        return ""
    right: list[str] = []
    wrong: dict[str, list[str]] = {}
    for key in first if isinstance(first, dict) else range(len(first)):
        wanted, got = [parts[key] for parts in expected], [parts[key] for parts in found]
        if is_right(verdict, wanted, got):
            right.append(part_name(key))
        else:
            wrong.setdefault(pattern_of_values(verdict, wanted, got), []).append(part_name(key))
    if not wrong:
        return ""
    words = [f"Right in every case: {listed(right)}."] if right else []
    words += [f"In {listed(names)}: {pattern}" for pattern, names in wrong.items() if pattern]
    return " ".join(words)


def is_right(verdict: Verdict, expected: Sequence[object], found: Sequence[object]) -> bool:
    """Whether a part of the result is right in every case."""
    return not any(
        compare(want, got, scale=largest(case.arguments))
        for case, want, got in zip(verdict.task.cases, expected, found, strict=True)
    )


def part_name(key: str | int) -> str:
    return repr(key) if isinstance(key, str) else f"the result[{key}]"


def pattern_of_values(verdict: Verdict, expected: Sequence[object], found: Sequence[object]) -> str:
    """What arrays, or lists of arrays taken as one, have in common with the expected ones."""
    wanted, got = all_known(map(one_array, expected)), all_known(map(one_array, found))
    if lists := list_pattern(verdict, expected, found):
        return lists
    if wanted is None or got is None:
        return ""
    if verdict.failure.prop == "type" and has_same_numbers(wanted, got):
        return "The numbers are right, but they are not put together as the exercise asks."
    arrays = all(isinstance(value, np.ndarray) for value in (*expected, *found))
    return (
        factor_pattern(verdict, wanted, got)
        or transpose_pattern(wanted, got)
        or axis_pattern(wanted, got)
        or as_given_pattern(verdict, expected, found)
        or shift_pattern(wanted, got)
        or (missing_end_pattern(wanted, got) if arrays else "")
        or whole_pattern(verdict, wanted, got)
        or diagonal_pattern(verdict, wanted, got)
        or entrywise_pattern(verdict, wanted, got)
        or bound_pattern(verdict, wanted, got)
        or (edge_pattern(verdict, wanted, got) if arrays else "")
        or constant_pattern(wanted, got)
        or draw_pattern(verdict, wanted, got)
        or order_pattern(wanted, got)
        or digits_pattern(wanted, got)
    )


def all_known(items: Iterable[Known | None]) -> list[Known] | None:
    """The items, or None if one of them is None."""
    known: list[Known] = []
    for item in items:
        if item is None:
            return None
        known.append(item)
    return known


def one_array(tree: object) -> np.ndarray | None:
    """A tree of numbers as one array: itself, or all its arrays one after the other."""
    if isinstance(tree, np.ndarray | np.generic | int | float):
        array = np.asarray(tree)
        return array if array.dtype.kind in "iuf" else None
    if not isinstance(tree, list | tuple) or not tree:
        return None
    if all(isinstance(part, int | float) for part in tree):
        return np.asarray(tree, dtype=float)
    parts = all_known(map(one_array, tree))
    return None if parts is None else np.concatenate(flat(parts))


def equal(expected: Arrays, found: Arrays) -> bool:
    return not any(map(compare, expected, found))


def factor_pattern(verdict: Verdict, expected: Arrays, found: Arrays) -> str:
    """A constant factor between found and expected, the same in all cases or the same size."""
    factors = all_known(map(constant_factor, expected, found))
    if factors is None or np.allclose(factors, 1):
        return ""
    if not np.allclose(factors, factors[0]):
        return size_pattern(verdict, factors)
    lone = sum(np.count_nonzero(array) for array in expected) < 2
    if lone and not np.isclose(factors[0], PLAIN_FACTORS, rtol=1e-6).any():
        return ""
    return f"Every result is {factor_words(factors[0])} the expected one."


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


def size_pattern(verdict: Verdict, factors: Sequence[float]) -> str:
    """A factor that is, in every case, a size of some argument, or 1 over it."""
    for besides, begin in BESIDES.items():
        rest = np.divide(factors, besides)
        for name, kind, sizes in sizes_of_arguments(verdict):
            for side, exact in (("large", sizes), ("small", 1 / sizes)):
                if np.allclose(rest, exact):
                    example = f"{sizes[np.argmax(sizes != 1)]:g}"
                    return (
                        f"{begin} result is too {side} by a factor that is exactly {kind} "
                        f"{name} (for example {example})."
                    )
    return ""


def sizes_of_arguments(verdict: Verdict) -> Iterator[tuple[str, str, np.ndarray]]:
    """For each axis of each argument its name, words for the axis, and its length in every case."""
    for position, name in enumerate(verdict.task.parameters):
        values = [case.arguments[position] for case in verdict.task.cases]
        if not all(isinstance(value, np.ndarray) for value in values):
            continue
        for axis in range(min(value.ndim for value in values)):
            kind = axis_words(values, axis)
            yield name, kind, np.array([value.shape[axis] for value in values], dtype=float)


def axis_words(values: Arrays, axis: int) -> str:
    if all(value.ndim == 2 for value in values):
        return ("the number of rows of", "the number of columns of")[axis]
    if all(value.ndim == 1 for value in values):
        return "the number of entries of"
    return f"the length of axis {axis} of"


def transpose_pattern(expected: Arrays, found: Arrays) -> str:
    if any(array.ndim != 2 for array in expected):
        return ""
    factors = all_known(
        constant_factor(want.T, got) for want, got in zip(expected, found, strict=True)
    )
    if factors is None or not np.allclose(factors, factors[0]):
        return ""
    words = "Every result is the transpose of the expected one: rows became columns."
    if np.isclose(factors[0], 1):
        return words
    return f"{words} Besides, it is {factor_words(factors[0])} it."


def axis_pattern(expected: Arrays, found: Arrays) -> str:
    """The right numbers in another shape, or added up along an axis too many or too few."""
    if differ(expected, found) and equal(flat(expected), flat(found)):
        shapes = f"{found[0].shape} instead of {expected[0].shape}"
        return f"The numbers are right, but their shape is not: {shapes}."
    for axis in range(min(array.ndim for array in found)):
        if equal(expected, along(np.sum, found, axis)):
            return f"A sum is missing: added up along axis {axis}, your result is the expected one."
        if equal(expected, along(np.mean, found, axis)):
            return (
                f"A mean is missing: averaged along axis {axis}, your result is the expected one."
            )
    for axis in range(min(array.ndim for array in expected)):
        if equal(along(np.sum, expected, axis), found):
            return f"You add up what should stay apart: the expected result, along axis {axis}."
    return ""


def differ(expected: Arrays, found: Arrays) -> bool:
    return any(want.shape != got.shape for want, got in zip(expected, found, strict=True))


def flat(arrays: Arrays) -> list[np.ndarray]:
    return [array.ravel() for array in arrays]


def along(reduce: Callable[..., np.ndarray], arrays: Arrays, axis: int) -> list[np.ndarray]:
    return [reduce(array, axis=axis) for array in arrays]


def shift_pattern(expected: Arrays, found: Arrays) -> str:
    """The same number added to every entry of every result."""
    if differ(expected, found) or sum(array.size for array in expected) < 2:
        return ""
    shifts = np.concatenate(
        [np.ravel(got - want) for want, got in zip(expected, found, strict=True)]
    )
    if not np.isfinite(shifts).all() or not np.allclose(shifts, shifts[0], rtol=1e-6, atol=0):
        return ""
    side = "large" if shifts[0] > 0 else "small"
    return f"Every number is too {side} by exactly {abs(shifts[0]):.6g}." if shifts[0] else ""


def constant_pattern(expected: Arrays, found: Arrays) -> str:
    """One number in all places, where each is to have its own."""
    if differ(expected, found) or any(np.unique(want).size < 2 for want in expected):
        return ""
    if all(np.unique(got).size == 1 for got in found):
        return "All entries of a result are the same number, where each is to have its own."
    return ""


def order_pattern(expected: Arrays, found: Arrays) -> str:
    """The right numbers in wrong places."""
    if differ(expected, found) or equal(expected, found):
        return ""
    if equal(
        [np.sort(array, None) for array in expected], [np.sort(array, None) for array in found]
    ):
        return "Every result holds the right numbers, but some stand in the wrong places."
    return ""


def digits_pattern(expected: Arrays, found: Arrays) -> str:
    """Results that agree to some digits and no further."""
    if differ(expected, found) or equal(expected, found):
        return ""
    errors = [
        np.abs(got - want).max(initial=0) / np.abs(want).max(initial=1e-300)
        for want, got in zip(expected, found, strict=True)
    ]
    if not all(0 < error <= COARSEST for error in errors):  # NaN is neither
        return ""
    return (
        f"Every result is right to about {int(-np.log10(max(errors)))} digits and no further: "
        "something is rounded, computed in float32, or typed with few digits; or a small term is "
        "missing or stands in another place."
    )
