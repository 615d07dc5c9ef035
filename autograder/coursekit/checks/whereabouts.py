"""Where wrong entries stand: off the diagonal, just where an argument is negative; or as given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from coursekit.checks.compare import close, compare, largest
from coursekit.checks.model import Verdict
from coursekit.checks.values import is_record
from coursekit.checks.words import listed

Arrays = Sequence[np.ndarray]

WHERE: dict[str, Callable[[Any], Any]] = {
    "is negative": lambda values: values < 0,
    "is positive": lambda values: values > 0,
    "is 0": lambda values: values == 0,
}
"""What an entry of an argument may be just where the result is wrong."""


def as_given_pattern(verdict: Verdict, expected: Sequence[object], found: Sequence[object]) -> str:
    """A result that is an argument as it came in, in every case."""
    for name, values in named_arguments(verdict):
        if all(map(is_same, values, found)) and not all(map(is_same, values, expected)):
            return f"What comes back is `{name}` as it came in."
    return ""


def named_arguments(verdict: Verdict) -> Iterator[tuple[str, list[Any]]]:
    """The arguments by name, and the fields of records among them: their values in every case."""
    cases = verdict.task.cases
    for position, name in enumerate(verdict.task.parameters):
        values = [case.arguments[position] for case in cases]
        yield name, values
        if all(map(is_record, values)):
            for field in values[0]._fields:
                yield f"{name}.{field}", [getattr(value, field) for value in values]


def is_same(value: object, found: object) -> bool:
    """Whether something came back as it was given; numbers alone say too little."""
    array = value if isinstance(value, np.ndarray) else None
    if array is None and not (isinstance(value, list | tuple) and value):
        return False
    return compare(value, found) is None


def diagonal_pattern(verdict: Verdict, expected: Arrays, found: Arrays) -> str:
    """Square tables that are wrong off the diagonal alone, or on it alone."""
    if not all(map(both_square, expected, found)):
        return ""
    wrong = wrong_entries(verdict, expected, found)
    if not any(bad.any() for bad in wrong):
        return ""
    on = [np.eye(len(want), dtype=bool) for want in expected]
    for side, mask in (("off", [~diagonal for diagonal in on]), ("on", on)):
        if not all((bad <= here).all() for bad, here in zip(wrong, mask, strict=True)):
            continue
        other = "on it" if side == "off" else "off it"
        pairs = [(want[m], got[m]) for want, got, m in zip(expected, found, mask, strict=True)]
        what = entries_in_words(pairs)
        return f"Every entry {other.replace('it', 'the diagonal')} is right; {side} it {what}."
    return ""


def both_square(want: np.ndarray, got: np.ndarray) -> bool:
    return want.shape == got.shape and want.ndim == 2 and len(set(want.shape)) == 1


def entries_in_words(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> str:
    """What is there in the place of what is expected, the same in all."""
    if all(not got.any() for _, got in pairs):
        return "all are 0"
    if all(np.allclose(got, -want, rtol=1e-6, equal_nan=True) for want, got in pairs):
        return "all have the other sign"
    if all(np.allclose(got, got.flat[0]) for _, got in pairs if got.size):
        return "all are the same"
    return "there are wrong ones"


def wrong_entries(verdict: Verdict, expected: Arrays, found: Arrays) -> list[np.ndarray]:
    triples = zip(verdict.task.cases, expected, found, strict=True)
    return [
        ~close(want, got, verdict.task.rtol, largest(case.arguments)) for case, want, got in triples
    ]


def entrywise_pattern(verdict: Verdict, expected: Arrays, found: Arrays) -> str:
    """Results that are wrong just where an argument is negative, positive or 0."""
    if any(w.shape != g.shape or not w.ndim for w, g in zip(expected, found, strict=True)):
        return ""
    wrong = wrong_entries(verdict, expected, found)
    if all(bad.all() for bad in wrong) or not any(bad.any() for bad in wrong):
        return ""
    for name, values in named_arguments(verdict):
        if not all(map(has_all_entries, values, expected)):
            continue
        for words, holds in WHERE.items():
            masks = [holds(value) for value in values]
            if all((bad == mask).all() for bad, mask in zip(wrong, masks, strict=True)):
                pairs = [(w[m], g[m]) for w, g, m in zip(expected, found, masks, strict=True)]
                return f"Right but for the entries where `{name}` {words}: there {there(pairs)}."
    return ""


def has_all_entries(value: object, expected: np.ndarray) -> bool:
    """Whether an argument has an entry for each of a result."""
    return (
        isinstance(value, np.ndarray)
        and value.dtype.kind in "iuf"
        and value.shape == expected.shape
    )


def there(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> str:
    what = entries_in_words(pairs)
    return "all are wrong" if what == "there are wrong ones" else what


def draw_pattern(verdict: Verdict, expected: Arrays, found: Arrays) -> str:
    """The right numbers, drawn or shuffled otherwise than by the generator that was given."""
    for position, name in enumerate(verdict.task.parameters):
        given = (case.arguments[position] for case in verdict.task.cases)
        drawn = all(isinstance(value, np.random.Generator) for value in given)
        if drawn and has_same_numbers(expected, found):
            return (
                f"The right numbers are all there, in another order than `{name}` gives. Most "
                f"often `{name}` is not asked by the call that the statement names, once and "
                "before all else; or the row numbers that it gives are used the wrong way round."
            )
    return ""


def has_same_numbers(expected: Arrays, found: Arrays) -> bool:
    """Whether results have the right shapes and the right numbers, in whatever order."""
    return all(
        want.shape == got.shape and compare(np.sort(want, None), np.sort(got, None)) is None
        for want, got in zip(expected, found, strict=True)
    )


def edge_pattern(verdict: Verdict, expected: Arrays, found: Arrays) -> str:
    """Results of which just the first or the last row, column or entry is wrong."""
    if any(w.shape != g.shape or not w.ndim for w, g in zip(expected, found, strict=True)):
        return ""
    wrong = wrong_entries(verdict, expected, found)
    for axis, noun in enumerate(("row", "column")):
        if any(bad.ndim <= axis for bad in wrong):
            return ""
        name = "entry" if all(bad.ndim == 1 for bad in wrong) else noun
        for end, place in (("first", 0), ("last", -1)):
            masks = [at_edge(bad.shape, axis, place) for bad in wrong]
            if all((bad <= mask).all() for bad, mask in zip(wrong, masks, strict=True)):
                long = any(bad.any() and bad.shape[axis] > 1 for bad in wrong)
                zeros = not any(g[m].any() for g, m in zip(found, masks, strict=True))
                said = f"All is right but the {end} {name}{', which is 0' if zeros else ''}."
                return said if long else ""
    return ""


def at_edge(shape: tuple[int, ...], axis: int, place: int) -> np.ndarray:
    """Where the first or the last of an axis stands."""
    mask = np.zeros(shape, dtype=bool)
    np.moveaxis(mask, axis, 0)[place] = True
    return mask


def group_pattern(verdict: Verdict) -> str:
    """Which groups of cases are right in full, where others fail in full."""
    failed, passed = set(), verdict.passed_groups
    for case, finding in zip(verdict.task.cases, verdict.findings, strict=True):
        failed |= {case.group} if finding else set()
    if not passed or not failed:
        return ""
    right = sorted(f"'{group}'" for group in passed)
    wrong = sorted(f"'{group}'" for group in failed)
    return f"Right in every case of {listed(right)}; what fails is {listed(wrong)}."
