"""What an exercise asks for is written once, in the package, or is held to the package."""

import numpy as np
import pytest
from tests.leaks import all_exercises

from coursekit.authoring.tasks import make_task
from coursekit.verification.counterparts import calls_package, differences, task_of_runs

EXERCISES = {exercise.id: exercise for exercise in all_exercises()}
HELD = {name: exercise for name, exercise in EXERCISES.items() if exercise.declaration.counterparts}
OTHER_SEEDS = (101, 102)
"""Of cases that `course verify` does not draw."""


@pytest.mark.parametrize("name", EXERCISES)
def test_a_reference_is_imported_or_held_to_the_package_or_says_why_it_is_neither(name):
    exercise = EXERCISES[name]
    ways = (exercise.reference.in_package, name in HELD, bool(exercise.declaration.alone))
    assert sum(ways) == 1


@pytest.mark.parametrize("name", HELD)
def test_reference_and_package_agree(name):
    exercise = EXERCISES[name]
    for counterpart in exercise.declaration.counterparts:
        assert calls_package(counterpart.function)
        tasks = (
            task_of_runs(exercise, counterpart, seed)
            if counterpart.makes_steps
            else make_task(exercise, np.random.default_rng(seed))
            for seed in OTHER_SEEDS
        )
        assert list(differences(counterpart, tasks)) == []
