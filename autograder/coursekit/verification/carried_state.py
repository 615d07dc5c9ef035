"""Whether a run of the package carries the state of the package from one step to the next.

Where a counterpart makes the state anew before each step, from the results, what the package does
with its own state is not held to anything.
"""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from backprop.optimizers import Optimizer
from coursekit.authoring.exercises import Counterpart
from coursekit.authoring.masters import PlacedExercise
from coursekit.checks.calling import call
from coursekit.verification.counterparts import as_called, reached, task_of_runs
from coursekit.verification.report import ExerciseReport


def try_carried_state(report: ExerciseReport, exercise: PlacedExercise) -> None:
    """Each optimizer that makes a run gets its own state back, from the second step on."""
    for counterpart in exercise.declaration.counterparts:
        if not counterpart.makes_steps:
            continue
        for kind in optimizers_of(counterpart):
            begun = states_begun(exercise, counterpart, kind)
            report.expect(
                begun <= 1,
                f"the counterpart {counterpart.function.__name__} makes the state of "
                f"{kind.__name__} {begun} times in a run: let it make the first, and pass on "
                "what update returns",
            )


def optimizers_of(counterpart: Counterpart) -> list[type[Optimizer[Any]]]:
    """The optimizers of the package that a counterpart uses."""
    used = dict.fromkeys(thing for thing in reached(counterpart.function) if inspect.isclass(thing))
    return [kind for kind in used if issubclass(kind, Optimizer)]


def states_begun(
    exercise: PlacedExercise, counterpart: Counterpart, kind: type[Optimizer[Any]]
) -> int:
    """How many states of a run come from elsewhere than from the step before."""
    task = task_of_runs(exercise, counterpart, seed=0)
    with noted_states(kind) as begun:
        call(as_called(counterpart), task.parameters, task.cases[0].arguments)
    return len(begun)


@contextmanager
def noted_states(kind: type[Optimizer[Any]]) -> Iterator[list[object]]:
    """The states that the optimizers of a kind are given and have not returned before."""
    begun: list[object] = []
    returned: list[object] = []
    update = kind.update

    def noted(self: Optimizer[Any], grads: Any, state: Any) -> Any:
        if not any(state is one for one in returned):
            begun.append(state)
        made = update(self, grads, state)
        returned.append(made[1])
        return made

    with mock.patch.object(kind, "update", noted):
        yield begun
