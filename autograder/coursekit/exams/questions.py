"""What a question of an exam is: its text, what is asked, and how it is marked."""

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

DIGITS = 3
"""Decimals that are asked for."""
NEAR, NEAR_SHARE = 0.005, 0.01
"""How far an answer may be off, by itself and relative to what is right: the larger of both
counts, so that a digit lost on the way costs nothing."""
APART = 0.05
"""How far, at least, a wrong number lies from the right one, relative to the larger of 1 and it."""


@dataclass(frozen=True)
class Block:
    """A part of a text.

    Attributes
    ----------
    kind : {"text", "code", "formula"}
    content : str
    """

    kind: str
    content: str


@dataclass(frozen=True)
class Asked:
    """One thing that is to be written down.

    Attributes
    ----------
    label : str
        What it is called: as code, ``dW[1, 0]``, or in TeX where there is a formula.
    answer : float or str
        A number, or the text that is expected.
    formula : str
        How it follows from what stands above it, in TeX; empty where the text says enough.
    points : int
    """

    label: str
    answer: float | str
    formula: str = ""
    points: int = 1


@dataclass(frozen=True)
class Slip:
    """A mistake on the way, and the numbers that follow from it.

    Attributes
    ----------
    words : str
        What was done.
    values : tuple of str
        What then stands in the place of each thing that is asked.
    earned : float
        Points that the numbers earn with this mistake alone.
    """

    words: str
    values: tuple[str, ...]
    earned: float


@dataclass(frozen=True)
class Question:
    """A question.

    Attributes
    ----------
    title, exercise : str
    text : tuple of Block
    asked : tuple of Asked
        Numbers and short texts; empty for a choice.
    options : tuple of str
        Of a choice.
    right : int
        The right option, from 0.
    essay : str
        What is to be said in a sentence; empty where nothing is.
    good : tuple of str
        What a good sentence holds, a point each.
    slips : tuple of Slip
        For the marking.
    section : str
        Where the book teaches it: "page#Title".
    minutes : float
        An estimate of what it takes.
    alike : tuple
        What the same question has in all forms.
    gives_away : frozenset of str
        What it prints that no other question may ask for.
    asks_for : frozenset of str
        What no other question may print.
    """

    title: str
    exercise: str
    text: tuple[Block, ...]
    asked: tuple[Asked, ...] = ()
    options: tuple[str, ...] = ()
    right: int = -1
    essay: str = ""
    good: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()
    section: str = ""
    minutes: float = 0.0
    alike: tuple[Hashable, ...] = ()
    gives_away: frozenset[str] = frozenset()
    asks_for: frozenset[str] = frozenset()

    @property
    def points(self) -> int:
        return sum(a.points for a in self.asked) + 2 * bool(self.options) + len(self.good)

    @property
    def follows(self) -> bool:
        """Whether each number follows from those above it, so that an error is followed through."""
        return bool(self.asked and self.asked[0].formula)


def in_figures(value: float) -> str:
    """A number as the key has it: to three decimals, a half away from zero, as on paper."""
    exact = Decimal(f"{value:.9f}")  # without the dust of binary fractions
    text = str(exact.quantize(Decimal(10) ** -DIGITS, ROUND_HALF_UP)).rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def tolerance(value: float) -> float:
    """How far an answer may be off."""
    return max(NEAR, NEAR_SHARE * abs(value))


def visibly_apart(one: float, other: float) -> bool:
    """Whether nobody takes one number for the other, however it was rounded."""
    return abs(one - other) >= APART * max(1.0, abs(one), abs(other))
