"""A kind of mistake, where it is made, and the words for both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from coursekit.checks.words import listed

AND = " and "
"""Between the kinds of two mistakes that are made at once."""


@dataclass(frozen=True)
class Label:
    """What is different in a changed function.

    Attributes
    ----------
    kind : str
        Short name of the kind of mistake.
    places : tuple of str
        The arguments that stand where it is made.
    words : str
        How "Your numbers are just what comes out when" goes on. It names what is wrong, and never
        an expression of the right answer.
    """

    kind: str
    places: tuple[str, ...]
    words: str

    @property
    def pattern(self) -> str:
        """The words without the places."""
        return re.sub(r"`[^`]+`(, | and )?", "`", self.words)

    def and_besides(self, other: Label) -> Label:
        """Two mistakes at once."""
        places = tuple(dict.fromkeys(self.places + other.places))
        words = f"{self.words}, and besides {other.words}"
        return Label(f"{self.kind}{AND}{other.kind}", places, words)

    def beside(self, others: Iterable[Label]) -> Label:
        """The same mistake at several places at once."""
        places = tuple(dict.fromkeys(place for other in others for place in other.places))
        if set(places) <= set(self.places):
            return replace(self, words=f"{self.words}, at each place")
        where = f", and likewise with {named([p for p in places if p not in self.places])}"
        return Label(self.kind, places, f"{self.words}{where}")


def kinds_of(kind: str) -> set[str]:
    """The kinds that the kind of one mistake, or of two, stands for."""
    return set(kind.split(AND))


def with_places(noun: str, places: Sequence[str]) -> str:
    """``the term with `b```, or ``a term`` where no place is known."""
    return f"the {noun} with {named(places)}" if places else f"{article(noun)} {noun}"


def of_places(noun: str, places: Sequence[str]) -> str:
    """``the root of the part with `v```, or ``a root``."""
    return f"the {noun} of {holding(places)}" if places else f"{article(noun)} {noun}"


def holding(places: Sequence[str], otherwise: str = "something") -> str:
    """``the part with `v```, or words in its place."""
    return f"the part with {named(places)}" if places else otherwise


def one_thing(places: Sequence[str], otherwise: str) -> str:
    """An argument by its name; words for what several are in, or none."""
    return named(places) if len(places) == 1 else holding(places, otherwise)


def named(places: Sequence[str]) -> str:
    return listed([f"`{place}`" for place in places])


def beside(places: Sequence[str]) -> str:
    """`` beside `b```, or nothing."""
    return f" beside {named(places)}" if places else ""


def article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"
