"""A pass that is worked out by hand, step after step, so that an error can be followed through."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from coursekit.exams.questions import Asked, Block, Question, Slip, in_figures, tolerance

Numbers = dict[str, float]
Work = Callable[[Numbers], float]
SMALLEST = 0.02
"""Of a number: rounding eats what is smaller."""
MINUTES_FOR_A_STEP = 1.5


@dataclass(frozen=True)
class Step:
    """A step of a pass.

    Attributes
    ----------
    name, formula : str
        What is worked out, in TeX, and how it follows from what is known by then.
    work : callable
    """

    name: str
    formula: str
    work: Work


@dataclass(frozen=True)
class KnownSlip:
    """A mistake: in words, and what is then worked out in each step in which it is made."""

    words: str
    works: Mapping[str, Work]


@dataclass(frozen=True)
class Pass:
    """A pass by hand.

    Attributes
    ----------
    exercise : str
        What it belongs to.
    text : str
    given : callable
        Draws the numbers that the paper gives, by their names in TeX.
    steps : tuple of Step
    slips : tuple of KnownSlip
    section : str
        Where the book has such a pass: "page#Title".
    """

    exercise: str
    text: str
    given: Callable[[np.random.Generator], Numbers]
    steps: tuple[Step, ...]
    slips: tuple[KnownSlip, ...]
    section: str

    def work(self, given: Mapping[str, float], slip: KnownSlip | None = None) -> Numbers:
        """All numbers of the pass; with a slip what follows from it follows rightly."""
        known = dict(given)
        for step in self.steps:
            work = slip.works.get(step.name, step.work) if slip else step.work
            known[step.name] = work(known)
        return known

    def question(self, rng: np.random.Generator) -> Question:
        """The question for numbers of which no slip comes near the right ones."""
        given = next(numbers for numbers in self.drawn(rng) if self.tells_apart(numbers))
        right = self.work(given)
        return Question(
            "A pass by hand",
            self.exercise,
            (
                Block("text", self.text),
                *(Block("formula", line) for line in in_lines(given)),
                Block("text", "Work out, in this order:"),
            ),
            tuple(Asked(step.name, right[step.name], step.formula) for step in self.steps),
            slips=tuple(self.slip(given, slip) for slip in self.slips),
            section=self.section,
            minutes=MINUTES_FOR_A_STEP * len(self.steps),
        )

    def drawn(self, rng: np.random.Generator) -> Iterator[Numbers]:
        while True:
            yield self.given(rng)

    def tells_apart(self, given: Numbers) -> bool:
        """Whether each slip shows where it is made, and no two steps have the same number.

        Who takes one step's number for another's would be right by accident.
        """
        right = self.work(given)
        steps = [right[step.name] for step in self.steps]
        pairs = itertools.combinations(steps, 2)
        if min(map(abs, steps)) < SMALLEST or any(is_near(one, other) for one, other in pairs):
            return False
        return not any(
            is_near(self.work(given, slip)[name], right[name])
            for slip in self.slips for name in slip.works
        )  # fmt: skip

    def slip(self, given: Numbers, slip: KnownSlip) -> Slip:
        """What follows from a slip: the step in which it is made first is lost, and no other."""
        values = self.work(given, slip)
        figures = tuple(in_figures(values[step.name]) for step in self.steps)
        return Slip(slip.words, figures, len(self.steps) - 1)


def is_near(one: float, other: float) -> bool:
    """Whether an answer might be taken for either of two numbers."""
    return abs(one - other) <= 2.5 * tolerance(max(abs(one), abs(other)))


def in_lines(given: Numbers, wide: int = 4) -> Iterator[str]:
    """The numbers that are given, a few on a line."""
    parts = [f"{name} = {value:g}" for name, value in given.items()]
    for begin in range(0, len(parts), wide):
        yield r",\quad ".join(parts[begin : begin + wide])
