"""The form that exercises had before they had rooms: still read, and not written any more.

Beside ``mine.md`` stands ``mine.py`` with a dict ``EXERCISES`` from ids to declarations; the cell
says ``id`` and ``reference``, a function of that file (``.leaky``) or of ``backprop``. Courses that
began with it go on with it, and one master may hold exercises of both forms.
"""

import runpy
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from coursekit.authoring.exercises import Exercise
from coursekit.authoring.reference_source import resolve
from coursekit.errors import CourseError

KEYS = {"id", "reference", "points", "hide_notes"}


def is_older(fields: Mapping[str, object]) -> bool:
    """Whether a cell is written in the older form."""
    return "name" not in fields and bool({"id", "reference"} & set(fields))


class OlderDeclarations:
    """The file beside a master, run when the first exercise asks for it.

    Parameters
    ----------
    master : Path
    """

    def __init__(self, master: Path) -> None:
        self.path = master.with_suffix(".py")
        self.asked: set[str] = set()

    @cached_property
    def namespace(self) -> Mapping[str, object]:
        if not self.path.is_file():
            raise CourseError(
                f"{self.path.name} is missing: an exercise that says its id and reference is "
                "declared there; `course new-exercise` writes one of the present form"
            )
        return runpy.run_path(str(self.path))

    @cached_property
    def exercises(self) -> Mapping[str, Exercise]:
        found = self.namespace.get("EXERCISES")
        if not isinstance(found, dict):
            raise CourseError(
                f"{self.path.name} must define EXERCISES, a dict from exercise id to Exercise"
            )
        return found

    def exercise(self, exercise_id: str, reference: str) -> Exercise:
        """The declarations of an exercise, with its reference."""
        if exercise_id not in self.exercises:
            raise CourseError(
                f"{self.path.stem}.md: exercise {exercise_id!r} has no declarations: "
                f"add it to EXERCISES in {self.path.name}"
            )
        self.asked.add(exercise_id)
        return replace(self.exercises[exercise_id], reference=resolve(reference, self.namespace))

    @property
    def unused(self) -> list[str]:
        """What is declared and not in the master."""
        return sorted(set(self.exercises) - self.asked) if self.path.is_file() else []
