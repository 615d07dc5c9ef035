"""Try the text of an answer as a student's check does, on the cases of the release."""

from __future__ import annotations

import functools
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coursekit.authoring.masters import (
    Master,
    PlacedExercise,
    find_master,
    known_problem_sets,
    read_master,
)
from coursekit.authoring.tasks import public_tasks
from coursekit.checks.case_file import load_tasks, save_tasks
from coursekit.checks.model import Task, Verdict
from coursekit.checks.overheard import overhear
from coursekit.verification.answers import verdict_of

IMPORTS = "import numpy as np\n\n"
"""What the first cell of a notebook imports, and answers use."""


@functools.cache
def masters() -> list[Master]:
    """All problem sets of the course."""
    return [read_master(find_master(name)) for name in known_problem_sets()]


@functools.cache
def exercises() -> dict[str, PlacedExercise]:
    """All exercises of the course, by their id."""
    return {exercise.id: exercise for master in masters() for exercise in master.exercises}


@functools.cache
def released_tasks() -> dict[str, Task]:
    """What the students get to check with, as it is read back from its file, by exercise."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for master in masters():
            path = Path(folder) / f"{master.id}_cases.npz"
            save_tasks(path, public_tasks(master))
            found |= {task.exercise: task for task in load_tasks(path).values()}
    return found


def function_of(code: str, name: str) -> Callable[..., Any]:
    """The function that a cell defines."""
    notebook: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(IMPORTS + code, f"<{name}>", "exec"), notebook)
    return notebook[name]


def verdict(task: Task, code: str) -> Verdict:
    """What a check finds of an answer; that it warns on its way does not count."""
    function = function_of(code, task.name)
    with overhear():
        warnings.simplefilter("ignore")
        return verdict_of(task, function)
