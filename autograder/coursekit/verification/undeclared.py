"""Results that nobody declared as wrong: are all of them rejected?

A result is changed as a mistake would change it: the sign, a factor, the transpose, an axis, the
order, an entry too far. Each change is made to what the reference gives, to what each declared
mistake gives, and on top of another change; where a result has several parts, to all of them and
to each alone.
"""

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np

from coursekit.authoring.exercises import Answer
from coursekit.authoring.masters import PlacedExercise
from coursekit.authoring.tasks import make_task
from coursekit.checks.calling import call
from coursekit.checks.compare import examine
from coursekit.checks.held_out import HeldOut
from coursekit.checks.model import Outcome, Returned, Task, Verdict

CHANGES: dict[str, tuple[int, Callable[[np.ndarray], np.ndarray]]] = {
    "sign": (0, np.negative),
    "twice": (0, lambda value: 2 * value),
    "half": (0, lambda value: value / 2),
    "off by one": (0, lambda value: value + 1),
    "one percent": (0, lambda value: 1.01 * value),
    "squared": (0, np.square),
    "axis added": (0, lambda value: np.expand_dims(value, 0)),
    "backwards": (1, np.flip),
    "one along": (1, lambda value: np.roll(value, 1)),
    "summed": (1, lambda value: np.sum(value, axis=0)),
    "averaged": (1, lambda value: np.mean(value, axis=0)),
    "divided by the first axis": (1, lambda value: value / len(value)),
    "last one left out": (1, lambda value: value[:-1]),
    "transpose": (2, np.transpose),
}
"""The least number of axes that a change needs, and what it does to an array."""

SAMPLE = 40
"""How many changes of each exercise are tried when it is verified."""


@dataclass(frozen=True)
class Tried:
    """What became of the wrong answers to one exercise.

    Attributes
    ----------
    numeric : bool
        Whether its results consist of numbers, so that there is something to change.
    tried : int
        Wrong answers.
    passing : tuple of str
        The changes that are not rejected.
    """

    numeric: bool
    tried: int = 0
    passing: tuple[str, ...] = ()


def tried_on(exercise: PlacedExercise, sample: int, seed: int = 5) -> Tried:
    """Change results of one exercise, a sample of all changes, and see what passes."""
    verdicts = list(wrong_verdicts(exercise, sample, seed))
    passing = tuple(name for name, verdict in verdicts if verdict.passed)
    task = make_task(exercise, np.random.default_rng(seed))
    numeric = all(is_numeric(case.expected) for case in task.cases)
    return Tried(numeric, len(verdicts), passing)


def wrong_verdicts(
    exercise: PlacedExercise, sample: int | None = None, seed: int = 5
) -> Iterator[tuple[str, Verdict]]:
    """The verdict on each changed result that is wrong, with the name of the change."""
    task = make_task(exercise, np.random.default_rng(seed))
    if not all(is_numeric(case.expected) for case in task.cases):
        return
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        trials = [*changed_outcomes(exercise, task)]
        if sample is not None and sample < len(trials):
            picked = np.random.default_rng(seed).choice(len(trials), sample, replace=False)
            trials = [trials[k] for k in sorted(picked)]
        for name, outcomes in trials:
            verdict = examine(task, outcomes)
            if not is_right(task, outcomes):
                yield name, verdict


def is_numeric(tree: object) -> bool:
    """Whether a result consists of numbers: no name, no yes or no, no network to be measured."""
    if isinstance(tree, HeldOut | str | bool) or tree is None:
        return False
    if isinstance(tree, dict | tuple | list):
        return all(map(is_numeric, tree.values() if isinstance(tree, dict) else tree))
    return isinstance(tree, np.ndarray | np.generic | int | float)


def changed_outcomes(
    exercise: PlacedExercise, task: Task
) -> Iterator[tuple[str, Sequence[Outcome]]]:
    functions: dict[str, Answer] = {"": exercise.reference.function}
    functions |= {mistake.id: mistake.wrong for mistake in exercise.declaration.misconceptions}
    for mistake, function in functions.items():
        outcomes = [call(function, task.parameters, case.arguments) for case in task.cases]
        for names in [
            *((name,) for name in CHANGES),
            *(permutations(CHANGES, 2) if not mistake else ()),
        ]:
            for part in (None, *range(parts_of(task))):
                changed = [change_outcome(outcome, names, part) for outcome in outcomes]
                where = "" if part is None else f"in part {part}"
                yield " ".join(filter(None, (mistake, *names, where))), changed


def parts_of(task: Task) -> int:
    """How many arrays a result has, or 0 where it has one or not always as many."""
    counts = {count_leaves(case.expected) for case in task.cases}
    return max(counts) if len(counts) == 1 and max(counts) > 1 else 0


def count_leaves(tree: object) -> int:
    if isinstance(tree, dict | tuple | list):
        return sum(map(count_leaves, tree.values() if isinstance(tree, dict) else tree))
    return 1


def change_outcome(outcome: Outcome, names: Sequence[str], part: int | None) -> Outcome:
    """The outcome with all arrays changed, or one of them; an error stays an error."""
    if not isinstance(outcome, Returned):
        return outcome
    numbers = iter(range(sys.maxsize))

    def change(leaf: object) -> object:
        chosen = part is None or next(numbers) == part
        value = np.asarray(leaf)
        for name in names if chosen else ():
            least, apply = CHANGES[name]
            value = np.asarray(apply(value)) if value.ndim >= least else value
        return value

    return replace(outcome, value=map_tree(change, outcome.value))


def map_tree(change: Callable[[object], object], tree: object) -> object:
    if isinstance(tree, dict):
        return {key: map_tree(change, part) for key, part in tree.items()}
    if isinstance(tree, tuple | list):
        return tuple(map_tree(change, part) for part in tree)
    return change(tree)


def is_right(task: Task, outcomes: Sequence[Outcome]) -> bool:
    """Whether an answer gives what is expected after all, by NumPy's own comparison."""
    return all(
        isinstance(outcome, Returned) and same_tree(case.expected, outcome.value)
        for case, outcome in zip(task.cases, outcomes, strict=True)
    )


def same_tree(expected: Any, found: Any) -> bool:
    if isinstance(expected, dict):
        if not isinstance(found, dict) or expected.keys() != found.keys():
            return False
        return all(same_tree(part, found[key]) for key, part in expected.items())
    if isinstance(expected, tuple | list):
        parts = isinstance(found, tuple | list) or (isinstance(found, np.ndarray) and found.shape)
        if not parts or len(found) != len(expected):
            return False
        return all(map(same_tree, expected, found))
    same_shape = np.shape(expected) == np.shape(found)
    return same_shape and np.allclose(found, expected, rtol=1e-7, atol=1e-12, equal_nan=True)
