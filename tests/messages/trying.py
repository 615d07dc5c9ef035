"""Try the text of an answer as a student's check does, on the cases of the release."""

from __future__ import annotations

import functools
import linecache
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.messages.frozen_answers import KNOWN, MEASURING, WrongAnswer, wrong_answers

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


@dataclass(frozen=True)
class ExerciseSet:
    """Exercises, and where the answers to them lie; each part is made when it is asked for.

    Attributes
    ----------
    answers : Path
        The folder with the wrong answers.
    find : callable
        Finds the masters.
    """

    answers: Path
    find: Callable[[], list[Path]]

    @functools.cached_property
    def masters(self) -> list[Master]:
        return [read_master(path) for path in self.find()]

    @functools.cached_property
    def exercises(self) -> dict[str, PlacedExercise]:
        """All exercises, by their id."""
        return {exercise.id: exercise for master in self.masters for exercise in master.exercises}

    @functools.cached_property
    def released_tasks(self) -> dict[str, Task]:
        """What the students get to check with, as it is read back from its file, by exercise."""
        found = {}
        with tempfile.TemporaryDirectory() as folder:
            for master in self.masters:
                path = Path(folder) / f"{master.id}_cases.npz"
                save_tasks(path, public_tasks(master))
                found |= {task.exercise: task for task in load_tasks(path).values()}
        return found


CONVENTIONS = Path(__file__).parent / "conventions"


def course_masters() -> list[Path]:
    return [find_master(name) for name in known_problem_sets()]


SETS = {
    "course": ExerciseSet(MEASURING, course_masters),
    "known": ExerciseSet(KNOWN, course_masters),
    "conventions": ExerciseSet(CONVENTIONS / "wrong", lambda: [CONVENTIONS / "conventions.md"]),
}
"""The course's own exercises, with answers that measure and those that did once; and exercises
whose conventions cannot be guessed."""


def set_of(exercise: str) -> ExerciseSet:
    """The set of an exercise, whose id begins with its name unless it is one of the course."""
    return SETS.get(exercise.partition("-")[0], SETS["course"])


def wrong_answers_by_id() -> dict[str, WrongAnswer]:
    """The wrong answers of all sets; no two have one id."""
    return {one.id: one for chosen in SETS.values() for one in wrong_answers(chosen.answers)}


def exercises() -> dict[str, PlacedExercise]:
    """All exercises of the course, by their id."""
    return SETS["course"].exercises


def released_tasks() -> dict[str, Task]:
    """What students of the course get to check with, by exercise."""
    return SETS["course"].released_tasks


def function_of(code: str, name: str) -> Callable[..., Any]:
    """The function that a cell defines."""
    notebook: dict[str, Any] = {"__name__": "__main__"}
    source, cell = IMPORTS + code, f"<{name} {hash(code)}>"
    linecache.cache[cell] = (len(source), None, source.splitlines(keepends=True), cell)
    exec(compile(source, cell, "exec"), notebook)
    return notebook[name]


def passing_versions(task: Task, answer: WrongAnswer) -> list[str]:
    """Which versions of an answer pass: as handed in, mended, or with one of two places mended."""
    versions = {"handed in": answer.code, "mended": answer.mended}
    if len(answer.mistakes) > 1:
        versions |= {one.place: answer.with_mended([one]) for one in answer.mistakes}
    return [name for name, code in versions.items() if verdict(task, code).passed]


def verdict(task: Task, code: str) -> Verdict:
    """What a check finds of an answer; that it warns on its way does not count."""
    return examined(task, code)[1]


def examined(task: Task, code: str) -> tuple[Callable[..., Any], Verdict]:
    """The function that a cell defines, and what a check finds of it."""
    function = function_of(code, task.name)
    with overhear():
        warnings.simplefilter("ignore")
        return function, verdict_of(task, function)
