"""What a question of an exam is: its text, what is asked, and how it is marked."""

from dataclasses import dataclass

DIGITS = 3
"""Decimals that are asked for."""
NEAR = 0.006
"""How far an answer may be off: a digit lost on the way costs nothing."""
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
    earned : int
        Points that the question earns with this mistake alone: what follows from it rightly counts.
    """

    words: str
    values: tuple[str, ...]
    earned: int


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
    good : str
        What a good sentence holds.
    points_for_words : int
    slips : tuple of Slip
        For the marking.
    section : str
        Where the book teaches it: "page#Title".
    """

    title: str
    exercise: str
    text: tuple[Block, ...]
    asked: tuple[Asked, ...] = ()
    options: tuple[str, ...] = ()
    right: int = -1
    essay: str = ""
    good: str = ""
    points_for_words: int = 0
    slips: tuple[Slip, ...] = ()
    section: str = ""

    @property
    def points(self) -> int:
        return sum(a.points for a in self.asked) + 2 * bool(self.options) + self.points_for_words


def in_figures(value: float) -> str:
    """A number as the key has it: to three decimals, without zeros that say nothing."""
    text = f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def visibly_apart(one: float, other: float) -> bool:
    """Whether nobody takes one number for the other, however it was rounded."""
    return abs(one - other) >= APART * max(1.0, abs(one), abs(other))
