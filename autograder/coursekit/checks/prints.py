"""A result as a few numbers, one for each of its parts: enough to tell whether two are the same.

What hundreds of wrong solutions would give need not be kept, and cannot be read from what is.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, TypeGuard

import numpy as np

from coursekit.checks.compare import largest
from coursekit.checks.model import Case
from coursekit.checks.values import is_record

FLOOR = 1e-6
"""Of the largest entry: larger ones are told apart by their ratio, smaller by their difference."""

NOT_FINITE = {"nan": 111.7, "inf": 222.3, "-inf": -333.1}
"""Numbers in the place of those that cannot be added up."""


def parts_of(tree: object, place: str = "the result") -> Iterator[tuple[str, object]]:
    """The parts of an expected result, each with words for it; a list counts as one part."""
    if isinstance(tree, dict) and tree:
        for key, part in tree.items():
            yield from parts_of(part, f"{place}[{key!r}]")
    elif is_several(tree):
        for number, part in enumerate(tree):
            yield from parts_of(part, f"{place}[{number}]")
    else:
        yield place, tree


def is_several(tree: object) -> TypeGuard[tuple[Any, ...]]:
    """Whether a result has several parts; a tuple of whole numbers, such as a shape, is one."""
    return isinstance(tree, tuple) and not all(isinstance(part, int) for part in tree)


def same_parts_of(expected: object, found: object) -> Iterator[object]:
    """The parts of what was found where :func:`parts_of` finds those of what is expected.

    Raises
    ------
    ValueError
        If it is not put together in the same way.
    """
    if isinstance(expected, dict) and expected:
        if not isinstance(found, dict) or set(found) != set(expected):
            raise ValueError("other keys")
        for key, part in expected.items():
            yield from same_parts_of(part, found[key])
    elif is_several(expected):
        if not isinstance(found, tuple | list) or len(found) != len(expected):
            raise ValueError("other parts")
        for part, other in zip(expected, found, strict=True):
            yield from same_parts_of(part, other)
    else:
        yield found


def prints_of(
    case: Case, found: object, number: int, units: Sequence[float] = ()
) -> np.ndarray | None:
    """A number for each part of a result; None where it is not put together as is expected.

    Parameters
    ----------
    case : Case
    found : tree
    number : int
        Of the case, so that no two cases weigh alike.
    units : sequence of float, optional
        Those of the case, where they are known from :func:`units_of`.
    """
    try:
        found_parts = list(same_parts_of(case.expected, found))
    except ValueError:
        return None
    pairs = enumerate(zip(units or units_of(case), found_parts, strict=True))
    return np.array([print_of(part, unit, (number, place)) for place, (unit, part) in pairs])


def units_of(case: Case) -> list[float]:
    """For each part of what is expected the size below which a difference counts as it is."""
    scale = min(largest(case.arguments), 1.0)
    return [FLOOR * max(scale, size_of(part)) for _, part in parts_of(case.expected)]


def size_of(expected: object) -> float:
    """The largest finite number of a part; 0 if there is none."""
    return max((float(np.abs(leaf).max(initial=0)) for leaf in finite(expected)), default=0.0)


def finite(tree: object) -> Iterator[np.ndarray]:
    for leaf in leaves_of(tree):
        if leaf.dtype.kind in "biuf":
            numbers = leaf.astype(float)
            yield numbers[np.isfinite(numbers)]


def print_of(found: object, unit: float, seed: tuple[int, int]) -> float:
    """A part of a result as one number: its entries, weighed and added up.

    Entries count by their logarithm, so that small ones count as much as large ones, down to the
    unit; what is smaller counts in proportion.
    """
    total, count = 0.0, 0
    for number, leaf in enumerate(leaves_of(found)):
        entries = entries_of(leaf, unit)
        kind = f"{seed} {number} {leaf.shape} {leaf.dtype.kind in 'US'}"
        total += float(weights(kind, entries.size) @ entries) + zlib.crc32(kind.encode()) % 997
        count += entries.size
    return float(total / np.sqrt(max(count, 1)))


def leaves_of(tree: Any) -> Iterator[np.ndarray]:
    """The arrays of a tree; what is no number is there as text."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, tuple | list) or is_record(tree):
        for part in tree:
            yield from leaves_of(part)
        return
    array = np.asarray(tree)
    yield array if array.dtype.kind in "biuf" else np.asarray(repr(tree)[:200])


def entries_of(leaf: np.ndarray, unit: float) -> np.ndarray:
    """The entries of a leaf as numbers of about the same size."""
    if leaf.dtype.kind not in "biuf":
        return np.array([float(zlib.crc32(str(leaf).encode()) % 9973)])
    values = leaf.astype(float).ravel()
    with np.errstate(all="ignore"):
        entries = np.asarray(np.arcsinh(values / unit))
    if not np.isfinite(entries).all():
        entries[np.isnan(values)] = NOT_FINITE["nan"]
        entries[np.isposinf(values)] = NOT_FINITE["inf"]
        entries[np.isneginf(values)] = NOT_FINITE["-inf"]
    return entries


@functools.lru_cache(maxsize=4096)
def weights(kind: str, size: int) -> np.ndarray:
    """Numbers between 1/2 and 1, with either sign, the same for the same kind of leaf."""
    rng = np.random.default_rng(zlib.crc32(kind.encode()))
    return np.asarray(rng.uniform(0.5, 1.0, size) * rng.choice([-1.0, 1.0], size))
