"""Calls that can be worked out with a pencil: those of an exercise, made small and round."""

import copy
import inspect
import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from coursekit.authoring.exercises import Misconception, draw_cases
from coursekit.authoring.masters import PlacedExercise
from coursekit.authoring.tasks import quiet_call
from coursekit.checks.model import Returned
from coursekit.exams.questions import tolerance
from coursekit.exams.rounding import small_and_round
from coursekit.exams.trees import (
    Leaf,
    Result,
    Tree,
    can_be_written,
    named_arguments,
    named_result,
    poured,
)

LARGEST = 100
"""Of a result."""
TRIES = 4
"""How often all cases of an exercise are drawn."""


@dataclass(frozen=True)
class Call:
    """A call of an exercise's function.

    Attributes
    ----------
    exercise : PlacedExercise
    arguments : tuple
    value : tree
        What is right, as the reference returns it.
    right : Result
        The same with its names.
    wrong : dict of str to Result
        What each known mistake returns, by its id; those whose result is of another form are left
        out.
    """

    exercise: PlacedExercise
    arguments: tuple[Tree, ...]
    value: Tree
    right: Result
    wrong: dict[str, Result]

    @property
    def entries(self) -> dict[str, float]:
        """The numbers of the right result, by what each is called."""
        return self.right.entries

    def given(self) -> list[Leaf]:
        return given(self.exercise, self.arguments)

    @property
    def size(self) -> int:
        """How many numbers it gives."""
        return sum(np.size(leaf.value) for leaf in self.given())

    def of(self, mistake: Misconception) -> Result | None:
        """What a mistake leads to; None where its result is of another form."""
        return self.wrong.get(mistake.id)

    @cached_property
    def shown(self) -> int:
        """How many known mistakes show in its numbers."""
        return sum(bool(self.right.differing(wrong)) for wrong in self.wrong.values())

    @property
    def is_telling(self) -> bool:
        """Whether a fair part of them does: of a network with one layer little can be asked."""
        return 3 * self.shown >= len(self.wrong)

    @property
    def single(self) -> int:
        """Axes of size 1, along which a sum is as good as a mean."""
        return sum(np.shape(leaf.value).count(1) for leaf in self.given())


def friendly_calls(
    exercise: PlacedExercise, rng: np.random.Generator, tries: int = TRIES
) -> list[Call]:
    """Calls that can be worked out by hand, from the cases of an exercise; none if it has none.

    They are those in which the most known mistakes show. None does where a matrix is symmetric, a
    minibatch has one example, or the only minibatch is the whole data set.
    """
    if exercise.declaration.personal:
        return []
    drawn = [one.arguments for _ in range(tries) for one in draw_cases(exercise.declaration, rng)]
    small = [small_and_round(one, rng) for one in drawn if can_be_written(one)]
    calls = [call for one in small if one is not None and (call := call_with(exercise, one))]
    calls = [calls[k] for k in rng.permutation(len(calls)).tolist() if calls[k].is_telling]
    for _, alike in groupby(sorted(calls, key=rank), rank):
        agreed = [call for call in alike if is_agreed(call)]
        if agreed:
            return agreed
    return []


def rank(call: Call) -> tuple[int, int]:
    """The smallest is the best: what shows the most mistakes, and has the fewest single rows."""
    return -call.shown, call.single


def call_with(exercise: PlacedExercise, arguments: tuple[Tree, ...]) -> Call | None:
    """The call with these numbers; None if it is none that can be asked about."""
    value = result_of(exercise.reference.function, arguments)
    right = named_result(exercise.reference.docstring, value)
    numbers = right.entries.values()
    if not numbers or not all(np.isfinite(v) and abs(v) <= LARGEST for v in numbers):
        return None
    return Call(exercise, arguments, value, right, dict(mistaken(exercise, arguments, value)))


def is_agreed(call: Call) -> bool:
    """Whether all right answers come to the same."""
    docstring = call.exercise.reference.docstring
    others = (
        result_like(call.value, result_of(answer, call.arguments), docstring)
        for answer in call.exercise.declaration.right_answers
    )
    return all(agree(call.right, other) for other in others)


def mistaken(
    exercise: PlacedExercise, arguments: tuple[Tree, ...], right: Tree
) -> Iterator[tuple[str, Result]]:
    """What each known mistake returns, as far as it has the form of what is right."""
    names = tuple(inspect.signature(exercise.reference.function).parameters)
    for mistake in exercise.declaration.misconceptions:
        outcome = quiet_call(mistake, names, copy.deepcopy(arguments))
        found = outcome.value if isinstance(outcome, Returned) else None
        wrong = result_like(right, found, exercise.reference.docstring)
        if wrong is not None and wrong.entries:
            yield mistake.id, wrong


def result_like(right: Tree, found: Tree, docstring: str) -> Result | None:
    """A result whose numbers are called as those of the right one; None if it has another form."""
    try:
        return named_result(docstring, poured(found, right))
    except ValueError:
        return None


def agree(one: Result, other: Result | None) -> bool:
    """Whether two right answers differ by so little that no mark depends on it.

    Numbers that were rounded may contradict each other, as what a cache holds, and then it
    matters which of them is used.
    """
    return other is not None and all(
        abs(value - other.entries[name]) <= tolerance(value) / 4
        for name, value in one.entries.items()
    )


def result_of(function: Callable[..., object], arguments: tuple[Tree, ...]) -> Tree:
    """What a right function returns, unheard; None where the numbers are none that it takes."""
    unheard = redirect_stdout(io.StringIO())
    with warnings.catch_warnings(), np.errstate(all="ignore"), unheard:
        warnings.simplefilter("ignore")
        try:
            return function(*copy.deepcopy(arguments))
        except Exception:  # a reference refuses what it is not meant for with errors of many kinds
            return None


def given(exercise: PlacedExercise, arguments: tuple[Tree, ...]) -> list[Leaf]:
    """Each number or array that a function gets, with the name by which it is reached."""
    names = tuple(inspect.signature(exercise.reference.function).parameters)
    return list(named_arguments(exercise.reference.docstring, names, arguments))
