"""Of many wrong solutions those that give just what a function gave, and what is wrong in them.

The wrong solutions come from the reference, one thing changed in each. Where they lie in a
release only their prints are there; in grading they are called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coursekit.checks.model import Cause, Returned, Verdict
from coursekit.checks.prints import leaves_of, parts_of, prints_of
from coursekit.checks.words import listed

CLOSE = 1e-7
"""Prints that differ by no more are those of the same result, computed in another order."""

VISIBLE = 1e-5
"""A result whose print differs by less from the right one is nearly right: it is not explained."""

FEWEST = 3
"""Different wrong numbers from which on there is something to explain."""

MOST_CAUSES = 3
"""Causes that are said where several give the same numbers."""

IN_PAIRS = 9
"""The rank of two mistakes at once: of these one sentence is enough to read."""

BEGIN = "Your numbers are just what comes out when"


@dataclass(frozen=True)
class KeptCauses:
    """Causes whose prints lie in a release.

    Attributes
    ----------
    causes : list of Cause
    numbers : array, shape (len(causes), parts)
        Prints, added up over the cases.
    """

    causes: Sequence[Cause]
    numbers: np.ndarray

    def agreeing(
        self, found: np.ndarray, right: np.ndarray, parts: Sequence[int], close: float
    ) -> Iterable[Cause]:
        if not len(self.causes) or self.numbers.shape[1] != found.shape[1]:
            return
        far = close * len(found)
        same = np.abs(self.numbers - found.sum(axis=0)) <= far
        good = np.abs(self.numbers - right.sum(axis=0)) <= far
        asked = np.isin(np.arange(found.shape[1]), parts)
        for number in np.flatnonzero(np.where(asked, same, same | good).all(axis=1)).tolist():
            yield self.causes[number]


def causes_of(verdict: Verdict) -> list[tuple[str, list[Cause]]]:
    """What explains the wrong parts of the results: words for the parts, and the causes of each.

    All parts at once, if one cause explains them, and the words are empty; or else part by part.
    """
    agreeing = agreeing_causes(verdict)
    _, together = next(agreeing, ("", ()))
    whole = simplest(together)
    if whole:
        return [("", whole)]
    alone = [(name, simplest(causes)) for name, causes in agreeing]
    return [(name, causes) for name, causes in alone if causes]


def words_of_causes(verdict: Verdict) -> frozenset[str]:
    """The words of all causes that give what a function gave, in all parts or in one."""
    return frozenset(cause.words for _, causes in agreeing_causes(verdict) for cause in causes)


def agreeing_causes(verdict: Verdict) -> Iterator[tuple[str, Iterable[Cause]]]:
    """The causes that agree in all parts, then those for each wrong part, with its words."""
    known = verdict.task.causes
    made = printed(verdict) if known is not None and not verdict.passed else None
    if known is None or made is None:
        return
    found, right = made
    wrong = np.flatnonzero((np.abs(found - right) > VISIBLE).any(axis=0)).tolist()
    names = [place for place, _ in parts_of(verdict.task.cases[0].expected)]
    close = max(CLOSE, min(verdict.task.rtol, VISIBLE * 10) / 10)
    yield "", known.agreeing(found, right, range(len(names)), close)
    for part in wrong:
        yield names[part], known.agreeing(found, right, [part], close)


def printed(verdict: Verdict) -> tuple[np.ndarray, np.ndarray] | None:
    """Prints of all results, and of the right ones; None where there is nothing to explain.

    Something must be visibly wrong, and say enough: zeros are what many mistakes give.
    """
    found, right = [], []
    for number, (case, outcome) in enumerate(
        zip(verdict.task.cases, verdict.outcomes, strict=True)
    ):
        value = outcome.value if isinstance(outcome, Returned) else None
        prints = prints_of(case, value, number)
        expected = prints_of(case, case.expected, number)
        if prints is None or expected is None:
            return None
        found.append(prints)
        right.append(expected)
    if len({len(prints) for prints in right}) > 1:
        return None
    failed = np.array([finding is not None for finding in verdict.findings])
    differs = np.abs(np.array(found) - np.array(right))[failed] > VISIBLE
    if not differs.any() or says_little(verdict):
        return None
    return np.array(found), np.array(right)


def says_little(verdict: Verdict) -> bool:
    """Whether there are few different numbers among those that are wrong, or no numbers."""
    wrong: set[float] = set()
    for case, outcome in zip(verdict.task.cases, verdict.outcomes, strict=True):
        found = list(leaves_of(outcome.value if isinstance(outcome, Returned) else None))
        expected = list(leaves_of(case.expected))
        if any(leaf.dtype.kind not in "iuf" for leaf in found):
            return True
        same = [leaf.shape for leaf in found] == [leaf.shape for leaf in expected]
        for number, leaf in enumerate(found):
            bad = leaf[leaf != expected[number]] if same else leaf
            wrong |= set(bad.ravel()[:FEWEST].tolist())
    return len(wrong) < FEWEST


def simplest(causes: Iterable[Cause]) -> list[Cause]:
    """The simplest of some causes, each of another kind or place; none where they are too many."""
    known = list(causes)
    rank = min((cause.rank for cause in known), default=0)
    told: dict[tuple[str, tuple[str, ...]], Cause] = {}
    for cause in known:
        if cause.rank == rank:
            told.setdefault((cause.kind, cause.places), cause)
    if rank == IN_PAIRS:
        return list(told.values())[:1]
    return list(told.values()) if len(told) <= MOST_CAUSES else []


def sentences(verdict: Verdict, most: int = IN_PAIRS) -> Iterator[str]:
    """What :func:`causes_of` finds, for the student; of causes up to a rank."""
    by_words: dict[str, list[str]] = {}
    for part, causes in causes_of(verdict):
        words = ", or when ".join(cause.words for cause in causes if cause.rank <= most)
        if words:
            by_words.setdefault(words, []).append(part)
    for words, parts in by_words.items():
        begin = (
            f"In {listed(parts)}: your numbers are just what comes out when"
            if any(parts)
            else BEGIN
        )
        yield f"{begin} {words}."
