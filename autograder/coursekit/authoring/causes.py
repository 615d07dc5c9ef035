"""What may be wrong in answers to an exercise: wrong solutions, called or kept by their prints."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType
from typing import Any

import numpy as np

from coursekit.authoring.families.labels import Label
from coursekit.authoring.families.wrong_solutions import WrongSolution, wrong_solutions
from coursekit.authoring.masters import PlacedExercise
from coursekit.checks.bounded import bounded
from coursekit.checks.calling import call
from coursekit.checks.causes import VISIBLE, KeptCauses, simplest
from coursekit.checks.held_out import HeldOut
from coursekit.checks.model import Case, Cause, Returned
from coursekit.checks.prints import prints_of, units_of

MOST = 3000
"""Wrong solutions of an exercise that are looked at: what they cost is bounded by their number."""


@dataclass(frozen=True)
class Explained:
    """A wrong answer that stands in a room, with its words; beside :class:`WrongSolution`."""

    label: Label
    function: Callable[..., Any]
    rank: int = 0
    solution: None = None

    @classmethod
    def of(cls, words: str, function: Callable[..., Any]) -> Explained:
        return cls(Label("explained", (), words), function)


class CalledCauses:
    """Causes that are looked for by calling wrong solutions with the cases at hand.

    Most differ from what a student's function gave in the first case that failed, and are called
    once.

    Parameters
    ----------
    exercise : PlacedExercise
    cases : sequence of Case
    words : collection of str
        Of those that are looked for; by default all.
    """

    def __init__(
        self, exercise: PlacedExercise, cases: Sequence[Case], words: Collection[str] = ()
    ) -> None:
        self.exercise, self.cases, self.words = exercise, cases, words
        self.names = tuple(inspect.signature(exercise.reference.function).parameters)
        self.known: dict[tuple[int, int], np.ndarray | None] = {}

    @cached_property
    def units(self) -> list[list[float]]:
        """By case and part; thousands of results are printed in them."""
        return [units_of(case) for case in self.cases]

    @cached_property
    def wrong(self) -> list[WrongSolution | Explained]:
        """The wrong solutions; they are made once for an exercise."""
        made = self.exercise.declaration.wrong_solutions
        if not made:
            arguments = dict(zip(self.names, self.cases[0].arguments, strict=True))
            made += [Explained.of(*one) for one in self.exercise.declaration.explained]
            made += wrong_solutions(solutions_of(self.exercise), arguments)[:MOST]
        return [one for one in made if one.label.words in self.words] if self.words else made

    def agreeing(
        self, found: np.ndarray, right: np.ndarray, parts: Sequence[int], close: float
    ) -> Iterable[Cause]:
        asked = np.isin(np.arange(found.shape[1]), parts)
        wrong = (np.abs(found - right) > VISIBLE)[:, asked].any(axis=1)
        alive = list(range(len(self.wrong)))
        for case in np.argsort(~wrong, kind="stable").tolist():  # most differ where it is wrong
            alive = [n for n in alive if self.agrees(n, case, found, right, asked, close)]
        for number in alive:
            yield self.cause(number)

    def agrees(
        self,
        number: int,
        case: int,
        found: np.ndarray,
        right: np.ndarray,
        asked: np.ndarray,
        close: float,
    ) -> bool:
        prints = self.print_of(number, case)
        if prints is None:
            return False
        same = np.abs(prints - found[case]) <= close
        good = np.abs(prints - right[case]) <= close
        return bool(np.where(asked, same, same | good).all())

    def print_of(self, number: int, case: int) -> np.ndarray | None:
        """Prints of what a wrong solution gives; None where it gives nothing to compare."""
        if (number, case) not in self.known:
            self.known[number, case] = self.called(number, case)
        return self.known[number, case]

    def called(self, number: int, case: int) -> np.ndarray | None:
        task_case = self.cases[case]
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            outcome = call(bounded(self.wrong[number].function), self.names, task_case.arguments)
            if not isinstance(outcome, Returned):
                return None
            return prints_of(task_case, outcome.value, case, self.units[case])

    def prints_of_all(self, number: int) -> list[np.ndarray | None]:
        """Prints in every case, up to the first that gives none."""
        prints: list[np.ndarray | None] = []
        for case in range(len(self.cases)):
            prints.append(self.print_of(number, case))
            if prints[-1] is None:
                break
        return prints

    def cause(self, number: int) -> Cause:
        wrong = self.wrong[number]
        return Cause(wrong.label.kind, wrong.label.places, wrong.label.words, wrong.rank)

    def kept(self, without: Callable[..., Any] | None = None) -> KeptCauses:
        """The causes with their prints, as a release holds them: the simplest of those that agree.

        What gives the right results is left out, and so is what too many would explain.

        Parameters
        ----------
        without : function, optional
            A right solution whose changes do not count.
        """
        right = sum_of_prints(
            [prints_of(case, case.expected, n) for n, case in enumerate(self.cases)]
        )
        groups: dict[tuple[float, ...], list[tuple[Cause, np.ndarray]]] = {}
        for number, wrong in enumerate(self.wrong):
            if without is not None and wrong.solution is without:
                continue
            found = sum_of_prints(self.prints_of_all(number))
            if found is None or right is None or np.abs(found - right).max() <= VISIBLE:
                continue
            key = tuple((np.round(found / VISIBLE) + 0.0).tolist())  # no -0.0
            groups.setdefault(key, []).append((self.cause(number), found))
        rows = [
            (cause, group[0][1])
            for group in groups.values()
            for cause in simplest(cause for cause, _ in group)
        ]
        width = len(right) if right is not None else 0
        numbers = np.array([found for _, found in rows]).reshape(len(rows), width)
        return KeptCauses([cause for cause, _ in rows], numbers)


def sum_of_prints(prints: Sequence[np.ndarray | None]) -> np.ndarray | None:
    """Prints added up over the cases; None where there are none, or not equally many."""
    known = [one for one in prints if one is not None]
    if len(known) < len(prints) or len({len(one) for one in known}) != 1:
        return None
    return np.asarray(np.sum(known, axis=0))


def solutions_of(exercise: PlacedExercise) -> list[FunctionType]:
    """The right solutions of an exercise whose source can be changed, the reference first."""
    answers = (exercise.reference.function, *exercise.declaration.right_answers)
    return [one for one in answers if isinstance(one, FunctionType) and not one.__closure__]


def causes_for(exercise: PlacedExercise, cases: Sequence[Case]) -> CalledCauses | None:
    """The causes of an exercise; None where results are no numbers, or numbers of one's own."""
    measured = any(is_measured(case.expected) for case in cases)
    return None if exercise.declaration.personal or measured else CalledCauses(exercise, cases)


def is_measured(expected: object) -> bool:
    """Whether a result is a name, a yes or no, or a network: nothing that a change shows in."""
    return isinstance(expected, HeldOut | str | bool | np.bool_)
