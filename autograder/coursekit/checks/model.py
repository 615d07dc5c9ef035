"""What a function did, what is asked of it, and what came out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

MOST_BY_HAND = 100
"""Larger numbers are not worked with by hand where smaller ones show the mistake as well."""


@dataclass(frozen=True)
class Returned:
    """The function came back with a value; ``mutated`` names the arguments that it changed."""

    value: object
    mutated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Raised:
    """The function raised: ``kind`` is the error's name."""

    kind: str
    message: str = ""
    line: str = ""


@dataclass(frozen=True)
class Ended(Raised):
    """The function did not come back and was ended; ``message`` says why."""


@dataclass(frozen=True)
class Undefined(Raised):
    """There is no function of that name."""

    kind: str = "NameError"


@dataclass(frozen=True)
class Refused:
    """In the place of a value that is not of a kind that is compared; ``reason`` says which is."""

    reason: str


Outcome = Returned | Raised


@dataclass(frozen=True)
class Case:
    """One call and what is expected of it.

    ``fingerprints`` maps the name of each known mistake to what that mistake makes of the call.
    """

    group: str
    arguments: tuple[Any, ...]
    expected: object
    fingerprints: Mapping[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True)
class Cause:
    """What is wrong in a wrong solution.

    Attributes
    ----------
    kind : str
        Short name of the kind of mistake.
    places : tuple of str
        The arguments that stand where it is made.
    words : str
        How "Your numbers are just what comes out when" goes on.
    rank : int
        0 for the simplest kinds.
    """

    kind: str
    places: tuple[str, ...]
    words: str
    rank: int = 0


class Causes(Protocol):
    """Wrong solutions to one exercise, of which it is known or found out what they give."""

    def agreeing(
        self, found: np.ndarray, right: np.ndarray, parts: Sequence[int], close: float
    ) -> Iterable[Cause]:
        """What is wrong in those that give, in every case, what was found in some parts.

        In each other part they give what was found, or what is right: they explain these parts.

        Parameters
        ----------
        found, right : array, shape (cases, parts)
            Prints of the results and of what is expected.
        parts : sequence of int
        close : float
            How far prints may differ.
        """


@dataclass(frozen=True)
class Task:
    """A function to be checked: its cases and how strictly they are compared.

    ``sealed`` holds, in a released file, what takes the place of the cases where every student
    has other numbers: digests by set, and by key of the answer. ``exercise`` is the id that the
    cell of the answer carries. ``axes`` has, by the place in a result, the name of the part and
    of what stands along each of its axes. ``causes`` are looked for where no known mistake fits.
    ``figure`` is the address of a figure of the book to touch, where it is known.
    """

    name: str
    parameters: tuple[str, ...]
    cases: tuple[Case, ...]
    messages: dict[str, str] = field(default_factory=dict)
    hints: tuple[str, ...] = ()
    rtol: float = 1e-6
    may_mutate: bool = False
    sealed: dict[str, Any] = field(default_factory=dict)
    exercise: str = ""
    axes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    causes: Causes | None = None
    figure: str = ""


@dataclass(frozen=True)
class Difference:
    """How an array differs from the expected one, without the numbers of either.

    ``place`` are the words for the array. ``marks`` has a sign for each entry, of those that
    :data:`coursekit.checks.pictures.MEANING` explains; it is empty where the shapes differ.
    """

    place: str
    found: tuple[int, ...]
    expected: tuple[int, ...]
    marks: np.ndarray = field(default_factory=lambda: np.array([]))


@dataclass(frozen=True)
class Finding:
    """The first thing that is wrong in one case: the property, and a sentence about it.

    The sentence says what came and, behind a semicolon, what is expected. ``credit`` is the part
    of the case that is earned in spite of it; 0 but where results are measured.
    """

    prop: str
    text: str
    credit: float = 0.0
    difference: Difference | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Verdict:
    """What came out of all cases of a task."""

    task: Task
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding | None, ...]

    @property
    def passed(self) -> bool:
        return not any(self.findings)

    @property
    def passed_groups(self) -> set[str]:
        failed = {
            case.group for case, found in zip(self.task.cases, self.findings, strict=True) if found
        }
        return {case.group for case in self.task.cases} - failed

    @property
    def credits(self) -> dict[str, float]:
        """What each group earns, from 0 to 1: as much as the worst of its cases."""
        earned = {case.group: 1.0 for case in self.task.cases}
        for case, finding in zip(self.task.cases, self.findings, strict=True):
            if finding:
                earned[case.group] = min(earned[case.group], finding.credit)
        return earned

    @property
    def first(self) -> int:
        """Index of the case to look at first: of those that failed the easiest to read."""
        failed = [i for i, finding in enumerate(self.findings) if finding]
        return min(failed, key=lambda i: trouble_to_read(self.task.cases[i]))

    @property
    def failure(self) -> Finding:
        """What is wrong in the case to look at first."""
        return next(finding for finding in self.findings[self.first :] if finding)


def trouble_to_read(case: Case) -> tuple[bool, bool, int]:
    """By what of several cases one is chosen to be shown: the smallest, if it tells enough.

    Huge numbers cannot be followed by hand; a square, or an axis of length 1, hides which axis is
    which.
    """
    given, expected = list(numeric_leaves(case.arguments)), numeric_leaves(case.expected)
    huge = any((np.abs(leaf) > MOST_BY_HAND).any() or np.isnan(leaf).any() for leaf in given)
    square = any(leaf.ndim > 1 and len(set(leaf.shape)) == 1 for leaf in given)
    hides = square or any(1 in leaf.shape for leaf in expected)
    return huge, hides, sum(leaf.size for leaf in given)


def numeric_leaves(tree: object) -> Iterator[np.ndarray]:
    """The numbers of a tree, each array by itself."""
    if isinstance(tree, dict):
        tree = tuple(tree.values())
    if isinstance(tree, tuple | list):
        for part in tree:
            yield from numeric_leaves(part)
    elif isinstance(tree, np.ndarray | np.generic | int | float | complex):
        array = np.asarray(tree)
        if array.dtype.kind in "biufc":
            yield array
