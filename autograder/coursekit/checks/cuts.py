"""Right results with something cut off: at a bound, behind the point, at an end; or reversed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.checks.compare import compare, largest
from coursekit.checks.model import Verdict
from coursekit.checks.whereabouts import Arrays, wrong_entries
from coursekit.checks.words import number

FEWEST_CUT = 2
"""Different numbers that have become one: fewer would be so by chance."""

ENDS = {"first": slice(1, None), "last": slice(None, -1)}
"""What is left where one end is missing."""


def list_pattern(verdict: Verdict, expected: Sequence[Any], found: Sequence[Any]) -> str:
    """Lists with one part missing, or from the last to the first."""
    if not all(isinstance(one, list) for one in (*expected, *found)):
        return ""
    where = "" if all(verdict.findings) else "where it fails, "
    if where_it_fails(verdict, found, [want[::-1] for want in expected]):
        return capitalized(f"{where}the list holds the right parts from the last to the first.")
    for end, rest in ENDS.items():
        if where_it_fails(verdict, found, [want[rest] for want in expected]):
            return capitalized(
                f"{where}the {end} part of the list is missing; the others are right."
            )
        if where_it_fails(verdict, [got[rest] for got in found], expected):
            return capitalized(
                f"{where}the list has one part too many, its {end}; the others are right."
            )
    return alike_in_pairs(verdict, expected, found)


def capitalized(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def where_it_fails(verdict: Verdict, found: Sequence[Any], expected: Sequence[Any]) -> bool:
    """Whether, in each case that fails, what was found is right if this is what is to be found."""
    pairs = zip(verdict.findings, agree(verdict, found, expected), strict=True)
    return all(agrees for finding, agrees in pairs if finding)


def agree(verdict: Verdict, found: Sequence[Any], expected: Sequence[Any]) -> list[bool]:
    """For each case whether what was found is right, if this is what is to be found."""
    triples = zip(verdict.task.cases, expected, found, strict=True)
    return [
        compare(want, got, scale=largest(case.arguments)) is None for case, want, got in triples
    ]


def alike_in_pairs(verdict: Verdict, expected: Sequence[Any], found: Sequence[Any]) -> str:
    """Lists of pairs, one for each layer: which places of a pair are right in all of them."""
    if not all(map(same_pairs, expected, found)):
        return ""
    right = [
        all(
            agree(
                verdict,
                [[pair[place] for pair in got] for got in found],
                [[pair[place] for pair in want] for want in expected],
            )
        )
        for place in range(2)
    ]
    if right[0] == right[1]:
        return last_pairs_alone(verdict, expected, found)
    good, bad = ("first", "second") if right[0] else ("second", "first")
    return f"In every pair of the list the {good} is right, and what is wrong is the {bad}."


def same_pairs(expected: Any, found: Any) -> bool:
    both = list(zip(expected, found, strict=False))
    return len(expected) == len(found) and all(
        isinstance(part, tuple | list) and len(part) == 2 for pair in both for part in pair
    )


def last_pairs_alone(verdict: Verdict, expected: Sequence[Any], found: Sequence[Any]) -> str:
    """Whether just the last pair, or just the first, is right in every case."""
    for end, place in (("last", -1), ("first", 0)):
        ends = [got[place : place + 1 or None] for got in found]
        wanted = [want[place : place + 1 or None] for want in expected]
        if all(agree(verdict, ends, wanted)):
            side = "before" if end == "last" else "behind"
            return f"The {end} pair of the list is always right; what is wrong stands {side} it."
    return ""


def missing_end_pattern(expected: Arrays, found: Arrays) -> str:
    """Arrays without their first or last row or column, or with one more."""
    for axis, noun in enumerate(("row", "column")):
        if any(array.ndim <= axis for array in (*expected, *found)):
            return ""
        name = "entry" if all(array.ndim == 1 for array in expected) else noun
        for end, rest in ENDS.items():
            cut = (slice(None),) * axis + (rest,)
            if all(same(want[cut], got) for want, got in zip(expected, found, strict=True)):
                return f"The {end} {name} is missing; the others are right."
            if all(same(want, got[cut]) for want, got in zip(expected, found, strict=True)):
                return f"There is one {name} too many, the {end}; the others are right."
    return ""


def same(want: np.ndarray, got: np.ndarray) -> bool:
    return bool(want.size) and want.shape == got.shape and compare(want, got) is None


def whole_pattern(verdict: Verdict, expected: Arrays, found: Arrays) -> str:
    """Results without what stands behind the point, just where an argument has whole numbers."""
    if any(want.shape != got.shape for want, got in zip(expected, found, strict=True)):
        return ""
    wrong = [bool(bad.any()) for bad in wrong_entries(verdict, expected, found)]
    if wrong != [holds_whole(case.arguments) for case in verdict.task.cases] or all(wrong):
        return ""
    triples = zip(expected, found, wrong, strict=True)
    if not all(np.array_equal(np.trunc(want), got) for want, got, bad in triples if bad):
        return ""
    return (
        "Where it fails, each number is cut to a whole one: it was put into an array of whole "
        "numbers, as one made like an argument is."
    )


def holds_whole(arguments: Sequence[Any]) -> bool:
    return any(isinstance(value, np.ndarray) and value.dtype.kind == "i" for value in arguments)


def bound_pattern(verdict: Verdict, expected: Arrays, found: Arrays) -> str:
    """Results that are right up to a bound, and the bound itself beyond."""
    if any(want.shape != got.shape for want, got in zip(expected, found, strict=True)):
        return ""
    wrong = wrong_entries(verdict, expected, found)
    want = np.concatenate([w[bad] for w, bad in zip(expected, wrong, strict=True)])
    got = np.concatenate([g[bad] for g, bad in zip(found, wrong, strict=True)])
    right = np.concatenate([w[~bad] for w, bad in zip(expected, wrong, strict=True)])
    if len(np.unique(want)) < FEWEST_CUT or not len(right) or not np.isfinite(got).all():
        return ""
    said = []
    for side, beyond in (("below", got > want), ("above", got < want)):
        if not beyond.any():
            continue
        bound = got[beyond][0]
        within = right >= bound if side == "below" else right <= bound
        if not np.allclose(got[beyond], bound, rtol=1e-9, atol=0) or not within.all():
            return ""
        said.append(f"What should be {side} {number(bound)} is {number(bound)}.")
    return " ".join([*said, "All else is right: something is cut off there, as by a clip."])
