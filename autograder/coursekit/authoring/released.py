"""What was released, and how a master has changed since then."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from nbformat import NotebookNode

from coursekit.authoring.masters import ManualExercise, Master, PlacedExercise
from coursekit.authoring.render import check_id
from coursekit.checks.case_file import load_tasks, pack, vars_of_task
from coursekit.checks.model import Task
from coursekit.courses import Course
from coursekit.errors import CourseError

Question = PlacedExercise | ManualExercise
Cell = NotebookNode | Question


def as_released(master: Master, release: NotebookNode) -> Master:
    """A master with the exercises that were released, for the points that were promised.

    What is graded, and what the gradebook has, follow from the release: an exercise that came
    into the master later is nobody's.

    Raises
    ------
    CourseError
        If an exercise that was released is not there any more, or asks for another function.
    """
    points = points_of(release)
    lost = sorted(set(points) - {graded_cell(exercise) for exercise in master.questions})
    if lost:
        names = ", ".join(name.removesuffix("-check") for name in lost)
        raise CourseError(
            f"{master.path.name} has no exercise {names} any more, which was released; nobody can "
            f"be graded by it. Put it back, or give the changed problem set another name"
        )
    require_same_functions(master, release)
    cells = (with_points(cell, points) for cell in master.cells)
    return replace(master, cells=tuple(cell for cell in cells if cell is not None))


def with_points(cell: Cell, points: Mapping[str, float]) -> Cell | None:
    """A cell of a master with the points that were promised; None where there were none."""
    if not isinstance(cell, Question):
        return cell
    promised = points.get(graded_cell(cell))
    return None if promised is None else replace(cell, points=promised)


def require_same_functions(master: Master, release: NotebookNode) -> None:
    given = {identity(cell): cell.source for cell in release.cells}
    for exercise in master.exercises:
        name = exercise.reference.name
        if exercise.id in given and name not in given[exercise.id]:
            raise CourseError(
                f"{exercise.id} asks for the function {name}, and the release for another one; "
                "nobody can be graded by it. Call it what it was called, or give the changed "
                "problem set another name"
            )


def since_release(course: Course, master: Master, release: NotebookNode) -> Iterator[str]:
    """How a master differs from what was released, a sentence each."""
    points = points_of(release)
    new = [exercise.id for exercise in master.questions if graded_cell(exercise) not in points]
    if new:
        yield f"{', '.join(new)}: new in the master; not graded, as it was not released"
    for exercise in master.questions:
        promised = points.get(graded_cell(exercise), exercise.points)
        if promised != exercise.points:
            yield (
                f"{exercise.id}: {exercise.points:g} points in the master, {promised:g} in the "
                "release; graded for those of the release"
            )
    known = Record.of(course, master.id)
    if known and known.digest != master.digest:
        yield (
            "the text, the cases, the answers or the messages of the master are others than when "
            "it was released; all are graded by the new ones, and points may change"
        )


def changes(before: NotebookNode, after: NotebookNode) -> Iterator[str]:
    """What is different for students in a release, a few words each."""
    old, new = points_of(before), points_of(after)
    for name in old:
        if name in new and old[name] != new[name]:
            yield f"{name.removesuffix('-check')}: {new[name]:g} points, before {old[name]:g}"
    sources = [{identity(cell): cell.source for cell in each.cells} for each in (before, after)]
    changed = [name for name in sources[1] if sources[0].get(name) != sources[1][name]]
    answers = [name for name in changed if name in {check.removesuffix("-check") for check in new}]
    if answers:
        yield f"what students find in the cells of {', '.join(answers)}"
    if others := len(changed) - len(answers):
        yield f"{others} other cell{'s' * (others > 1)}"


def changes_beside(before: Path, after: Path) -> Iterator[str]:
    """What is different in the files beside the notebooks of two releases, a few words each."""
    names = {path.name for folder in (before, after) for path in folder.iterdir()}
    for name in sorted(name for name in names if not name.endswith(".ipynb")):
        old, new = (content_of(folder / name) for folder in (before, after))
        if old == new:
            continue
        if name.endswith("_cases.npz") and None not in (old, new):
            exercises = ", ".join(other_tasks(before / name, after / name)) or "the exercises"
            yield f"public cases, messages or hints of {exercises}"
        else:
            yield name


def content_of(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def other_tasks(before: Path, after: Path) -> list[str]:
    """The exercises of which a file of cases has something else; none where it cannot be told."""
    try:
        old, new = (
            {task.exercise or name: written(task) for name, task in load_tasks(path).items()}
            for path in (before, after)
        )
    except (OSError, ValueError, KeyError, TypeError):  # as an earlier version wrote them
        return []
    return [exercise for exercise in new if old.get(exercise) != new[exercise]]


def written(task: Task) -> tuple[str, list[bytes]]:
    """A task as a file holds it, to be compared."""
    arrays: dict[str, list[np.ndarray]] = {}
    index = json.dumps(pack(vars_of_task(task), arrays))
    return index, [part.tobytes() for parts in arrays.values() for part in parts]


def points_of(release: NotebookNode) -> dict[str, float]:
    """The points of the cells that carry points, by identity."""
    cells = (cell.metadata.get("nbgrader", {}) for cell in release.cells)
    return {cell["grade_id"]: float(cell["points"]) for cell in cells if cell.get("grade")}


def identity(cell: NotebookNode) -> str:
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    return str(grade_id or cell.get("id", cell.source))


def graded_cell(exercise: Question) -> str:
    """The identity of the cell that carries the points of an exercise."""
    return exercise.id if isinstance(exercise, ManualExercise) else check_id(exercise.id)


@dataclass(frozen=True)
class Record:
    """What is noted of a release.

    Attributes
    ----------
    digest : str
        Of the master that was released.
    """

    digest: str

    @staticmethod
    def place(course: Course, problem_set: str) -> Path:
        return course.root / ".results" / "released" / f"{problem_set}.json"

    @classmethod
    def of(cls, course: Course, problem_set: str) -> "Record | None":
        """The record of a release; None of one that an earlier version made."""
        try:
            text = cls.place(course, problem_set).read_text(encoding="utf-8")
            return cls(str(json.loads(text)["digest"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, course: Course, problem_set: str) -> None:
        place = self.place(course, problem_set)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps({"digest": self.digest}), encoding="utf-8")


@dataclass(frozen=True)
class Accepted:
    """Which exercises of a master `course verify` has accepted, as they are now.

    Attributes
    ----------
    digest : str
        Of the master.
    exercises : tuple of str
    """

    digest: str
    exercises: tuple[str, ...] = ()

    @staticmethod
    def place(course: Course, problem_set: str) -> Path:
        return course.root / ".results" / "verified" / f"{problem_set}.json"

    @classmethod
    def of(cls, course: Course, master: Master) -> "Accepted":
        """What was accepted of a master; nothing of one that has changed since."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            found = json.loads(cls.place(course, master.id).read_text(encoding="utf-8"))
            if found["digest"] == master.digest:
                return cls(master.digest, tuple(map(str, found["exercises"])))
        return cls(master.digest)

    def lacks(self, master: Master) -> list[str]:
        """The exercises that were not accepted."""
        return [one.id for one in master.exercises if one.id not in self.exercises]

    def write(self, course: Course, master: Master, tried: Mapping[str, bool]) -> None:
        """Note what was tried, and whether it was accepted."""
        kept = {*self.exercises} - {*tried} | {name for name, good in tried.items() if good}
        place = self.place(course, master.id)
        place.parent.mkdir(parents=True, exist_ok=True)
        note = {"digest": self.digest, "exercises": sorted(kept)}
        place.write_text(json.dumps(note), encoding="utf-8")
