"""Calls that can be worked out with a pencil: those of an exercise, made small and round."""

import copy
import inspect
import io
import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.authoring.axes import axes_of
from coursekit.authoring.exercises import Misconception, draw_cases
from coursekit.authoring.masters import PlacedExercise
from coursekit.authoring.tasks import quiet_call
from coursekit.checks.held_out import HeldOut
from coursekit.checks.model import Returned
from coursekit.checks.prints import parts_of
from coursekit.checks.values import is_record
from coursekit.exams.questions import visibly_apart

MOST_GIVEN = 16
"""Numbers of a call."""
LARGEST = 100
"""Of a result."""
SQUARES = (0.25, 1.0, 2.25, 4.0)
"""What takes the place of positive numbers: roots of them are round."""
SHARES = {2: (0.3, 0.7), 3: (0.2, 0.3, 0.5), 4: (0.1, 0.2, 0.3, 0.4)}
"""What takes the place of probabilities."""
CLOSE = 1e-4
"""How far two right answers may differ; some work with differences."""
TINY = 1e-3
"""Smaller numbers, such as ε, stay as they are."""

Tree = Any


@dataclass(frozen=True)
class Call:
    """A call of an exercise's function.

    Attributes
    ----------
    exercise : PlacedExercise
    arguments : tuple
    entries : dict of str to float
        The numbers of the right result, by what each is called.
    """

    exercise: PlacedExercise
    arguments: tuple[Tree, ...]
    entries: dict[str, float]

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(inspect.signature(self.exercise.reference.function).parameters)

    def given(self) -> Iterator[tuple[str, Tree]]:
        """Each number or array that the function gets, with the name by which it is reached."""
        for name, value in zip(self.parameters, self.arguments, strict=True):
            yield from leaves(name, value)

    def of(self, mistake: Misconception) -> dict[str, float] | None:
        """The numbers that a mistake leads to; None where its result is of another form."""
        outcome = quiet_call(mistake, self.parameters, copy.deepcopy(self.arguments))
        if not isinstance(outcome, Returned):
            return None
        found = entries_of(self.exercise, outcome.value)
        return found if set(found) == set(self.entries) else None


def friendly_calls(
    exercise: PlacedExercise, rng: np.random.Generator, tries: int = 3
) -> Iterator[Call]:
    """Calls that can be worked out by hand, from the cases of an exercise; none if it has none."""
    if exercise.declaration.personal:
        return
    for _ in range(tries):
        drawn = [one.arguments for one in draw_cases(exercise.declaration, rng)]
        fitting = [arguments for arguments in drawn if can_be_written(arguments)]
        for arguments in rng.permutation(len(fitting)).tolist() if fitting else ():
            call = made_friendly(exercise, fitting[arguments], rng)
            if call is not None:
                yield call


def can_be_written(tree: Tree) -> bool:
    """Whether arguments are numbers, arrays and what holds them."""
    if isinstance(tree, tuple | list):
        return all(map(can_be_written, tree))
    if isinstance(tree, np.ndarray):
        return tree.dtype.kind in "if" and tree.ndim <= 2
    return isinstance(tree, int | float | np.number) and not isinstance(tree, bool)


def made_friendly(
    exercise: PlacedExercise, arguments: tuple[Tree, ...], rng: np.random.Generator
) -> Call | None:
    """A small and round call like this one; None if the reference does not take it."""
    cut = first_of_lists(arguments)
    sizes = small_sizes(cut)
    small = tuple(each(cut, lambda leaf: rounded(shrunk(leaf, sizes), rng)))
    given = sum(np.size(leaf) for _, leaf in leaves("", small))
    if given > MOST_GIVEN:
        return None
    value = result_of(exercise.reference.function, small)
    entries = entries_of(exercise, value)
    usable = entries and all(np.isfinite(v) and abs(v) <= LARGEST for v in entries.values())
    return Call(exercise, small, entries) if usable and agreed(exercise, small, entries) else None


def agreed(
    exercise: PlacedExercise, arguments: tuple[Tree, ...], entries: dict[str, float]
) -> bool:
    """Whether all right answers give the same: numbers that were rounded each by itself may
    contradict each other, as what a cache holds, and then it matters which of them is used."""
    return all(
        close_to(entries, entries_of(exercise, result_of(answer, arguments)))
        for answer in exercise.declaration.right_answers
    )


def close_to(one: dict[str, float], other: dict[str, float]) -> bool:
    return set(one) == set(other) and all(abs(one[k] - other[k]) <= CLOSE for k in one)


def result_of(function: Callable[..., Any], arguments: tuple[Tree, ...]) -> Tree:
    """What a right function returns, unheard; None where the numbers are none that it takes."""
    unheard = redirect_stdout(io.StringIO())
    with warnings.catch_warnings(), np.errstate(all="ignore"), unheard:
        warnings.simplefilter("ignore")
        try:
            return function(*copy.deepcopy(arguments))
        except Exception:  # a reference refuses what it is not meant for with errors of many kinds
            return None


def first_of_lists(arguments: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Of lists of arrays that belong together, such as parameters and gradients, one of each."""
    lists = [one for one in arguments if is_list_of_arrays(one)]
    if not lists or len({tuple(a.shape for a in one) for one in lists}) > 1:
        return arguments
    place = min(range(len(lists[0])), key=lambda k: lists[0][k].size)
    return tuple([one[place]] if is_list_of_arrays(one) else one for one in arguments)


def is_list_of_arrays(tree: Tree) -> bool:
    return isinstance(tree, list) and all(isinstance(part, np.ndarray) for part in tree)


def small_sizes(tree: Tree) -> dict[int, int]:
    """A small size for each size of an axis; what differs goes on differing."""
    found = {size for _, leaf in leaves("", tree) if np.ndim(leaf) for size in np.shape(leaf)}
    large = sorted(size for size in found if size > 1)
    first = 1 if len(large) > 2 and 1 not in found else 2
    return {size: min(size, first + k) for k, size in enumerate(large)}


def shrunk(leaf: Tree, sizes: dict[int, int]) -> Tree:
    if not isinstance(leaf, np.ndarray):
        return leaf
    return leaf[tuple(slice(sizes.get(size, size)) for size in leaf.shape)]


def rounded(leaf: Tree, rng: np.random.Generator) -> Tree:
    """A number or an array with round numbers of the same kind in the place of its own."""
    if isinstance(leaf, int | np.integer):
        return min(int(leaf), 3)
    if not isinstance(leaf, np.ndarray):
        return round_number(float(leaf))
    if leaf.dtype.kind == "i" or np.isin(leaf, (0.0, 1.0)).all():
        return np.clip(leaf, -5, 5)
    if leaf.min() >= 0 and leaf.ndim and np.allclose(leaf.sum(axis=-1), 1):
        return probabilities(leaf.shape, rng)
    if leaf.min() >= 0 and leaf.max() <= 1:
        return np.clip(np.round(leaf, 1), 0.1, 0.9)
    if leaf.min() > 0:
        return rng.choice(SQUARES, size=leaf.shape)
    halves = np.clip(np.round(2 * leaf) / 2, -3, 3)
    return np.where(halves == 0, np.where(leaf < 0, -0.5, 0.5), halves)


def probabilities(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Rows that add up to 1."""
    size = shape[-1]
    shares = SHARES.get(size, (1 / size,) * size)
    rows = [rng.permutation(shares) for _ in range(int(np.prod(shape[:-1], dtype=int)))]
    return np.reshape(rows, shape)


def round_number(number: float) -> float:
    if abs(number) < TINY:
        return number
    if 0 < number < 1:
        return float(np.clip(round(number, 1), 0.1, 0.9))
    return float(np.clip(round(2 * number) / 2, -3, 3)) or 0.5


def each(tree: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """A tree with each of its leaves changed."""
    if is_record(tree):
        return type(tree)(*(each(part, change) for part in tree))
    if isinstance(tree, tuple | list):
        return type(tree)(each(part, change) for part in tree)
    return change(tree)


def leaves(name: str, tree: Tree) -> Iterator[tuple[str, Tree]]:
    """The numbers and arrays of a tree, by what each is called."""
    if is_record(tree):
        for field, part in zip(tree._fields, tree, strict=True):
            yield from leaves(f"{name}.{field}", part)
    elif isinstance(tree, tuple | list):
        for number, part in enumerate(tree):
            yield from leaves(f"{name}[{number}]", part)
    else:
        yield name, tree


def entries_of(exercise: PlacedExercise, result: Tree) -> dict[str, float]:
    """The numbers of a result, by what each is called; none if it holds anything else."""
    names = axes_of(exercise.reference.docstring, exercise.declaration.axes)
    found: dict[str, float] = {}
    for place, part in parts_of(result):
        called = (names.get(place) or ("",))[0] or place.replace("the result", "result")
        for name, leaf in leaves(called, part):
            if isinstance(leaf, str | bool | HeldOut) or leaf is None or callable(leaf):
                return {}
            array = np.asarray(leaf)
            if array.dtype.kind not in "if":
                return {}
            for index in itertools.product(*map(range, array.shape)):
                entry = f"{name}[{', '.join(map(str, index))}]" if index else name
                found[entry] = float(array[index])
    return found


def apart_in(one: dict[str, float] | None, other: dict[str, float], names: Sequence[str]) -> bool:
    """Whether two results differ visibly in one of some entries; no result differs from any."""
    return one is None or any(visibly_apart(one[name], other[name]) for name in names)
