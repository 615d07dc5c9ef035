"""Read the master of a problem set: MyST Markdown, the one source of its page and its notebook.

An exercise is a code cell whose metadata gives its name and its points; the cell itself is empty.
Beside ``ps1.md`` lies the folder ``ps1`` with the rooms of its exercises: the exercise
``mean-cost`` has the room ``ps1/mean_cost.py`` and the id ``ps1-mean-cost``.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode

from coursekit.authoring.exercises import Exercise
from coursekit.authoring.older_form import KEYS as OLDER_KEYS
from coursekit.authoring.older_form import OlderDeclarations, is_older
from coursekit.authoring.reference_source import Reference, read_reference
from coursekit.authoring.rooms import Room, files_of_rooms, read_rooms, short
from coursekit.courses import MASTERS
from coursekit.errors import CourseError, guess
from coursekit.seeds import length_prefixed

KEYS = {"name", "points", "hide_notes"}
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SET = re.compile(r"[A-Za-z0-9_-]+")
OLDER_ID = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class PlacedExercise:
    """An exercise where the master puts it: its reference, its points, its declarations.

    Attributes
    ----------
    id : str
        The ``grade_id`` of the student's cell.
    points : float
        0 for practice.
    statement : str
        What the master says of it: from the heading above it to its cell.
    room : Room, optional
        Where it is declared; None for the older form.
    """

    id: str
    reference: Reference
    points: float
    declaration: Exercise
    hide_notes: bool = False
    statement: str = ""
    room: Room | None = None

    def own_room(self) -> Room:
        """The room that declares it.

        Raises
        ------
        CourseError
            If it is declared in the older form, which has none.
        """
        if self.room is None:
            raise CourseError(
                f"{self.id} is declared in the older form, whose answers cannot be handed in by "
                "themselves: give it a room, as `course new-exercise` writes one"
            )
        return self.room


@dataclass(frozen=True)
class ManualExercise:
    """An answer in words, formulas or a pasted photo, which a person marks with a rubric.

    Attributes
    ----------
    id : str
        The ``grade_id`` of the student's cell, a Markdown cell.
    points : float
    """

    id: str
    points: float


@dataclass(frozen=True)
class Master:
    """A problem set as its master describes it.

    Attributes
    ----------
    id : str
        Name of the file, of the assignment and of the notebook.
    title : str
    cells : tuple of NotebookNode, PlacedExercise or ManualExercise
        In the order of the page.
    digest : str
        Of the master, its rooms and its references: what its cases and answers follow from.
    path : Path
    """

    id: str
    title: str
    cells: tuple[NotebookNode | PlacedExercise | ManualExercise, ...]
    digest: str = ""
    path: Path = Path()

    @property
    def exercises(self) -> tuple[PlacedExercise, ...]:
        return tuple(cell for cell in self.cells if isinstance(cell, PlacedExercise))

    @property
    def manual(self) -> tuple[ManualExercise, ...]:
        """What a person marks."""
        return tuple(cell for cell in self.cells if isinstance(cell, ManualExercise))

    @property
    def is_personal(self) -> bool:
        """Whether an exercise is about numbers of the student's own."""
        return any(exercise.declaration.personal for exercise in self.exercises)

    @property
    def questions(self) -> tuple[PlacedExercise | ManualExercise, ...]:
        """What earns points, and practice: all that has an id."""
        return (*self.exercises, *self.manual)

    @property
    def points(self) -> float:
        return sum(question.points for question in self.questions)

    def exercise(self, name: str) -> PlacedExercise:
        """The exercise with an id, or with a name, which is the id without that of the set."""
        for exercise in self.exercises:
            if exercise.id in (name, f"{self.id}-{name}"):
                return exercise
        known = [exercise.id for exercise in self.exercises]
        of_set = f"{self.id}-"
        meant = guess(name.removeprefix(of_set), [one.removeprefix(of_set) for one in known])
        raise CourseError(
            f"problem set {self.id} has no exercise {name!r}; {meant}it has: {', '.join(known)}"
        )


def find_master(problem_set: str, folders: Sequence[Path] = (MASTERS,)) -> Path:
    """The file of a problem set, in the first folder that has it.

    Raises
    ------
    CourseError
        If no folder has it; the message lists those that there are.
    """
    for folder in folders:
        path = folder / f"{problem_set}.md"
        if path.is_file():
            return path
    known = known_problem_sets(folders)
    raise CourseError(
        f"there is no problem set {problem_set!r}; {guess(problem_set, known)}there are: "
        f"{', '.join(known) or 'none'}"
    )


def known_problem_sets(folders: Iterable[Path] = (MASTERS,)) -> list[str]:
    """The names of all problem sets in some folders."""
    return sorted({path.stem for folder in folders for path in folder.glob("*.md")})


def read_master(path: Path) -> Master:
    """Read a master and the rooms beside it.

    An exercise with ``manual: true`` has a name and points, and nothing else: a person marks it.

    Raises
    ------
    CourseError
        For what cannot be read in a room, a room without a place in the master, a place without
        a room, a name that is used twice, missing points, and a marker left over.
    """
    notebook = read_text(path)
    reader = MasterReader(path)
    cells = tuple(reader.cells(notebook))
    master = Master(path.stem, _title(notebook, path), cells, _digest(path, cells), path)
    _check_ids(master)
    reader.check_all_placed()
    return master


def read_text(path: Path) -> NotebookNode:
    """The cells of a master.

    Raises
    ------
    CourseError
        If they cannot be told from each other.
    """
    try:
        notebook: NotebookNode = jupytext.read(path, fmt="md:myst")
    except Exception as error:  # jupytext and what it builds on raise errors of many kinds
        words = " ".join(str(error).split())[:300]
        raise CourseError(
            f"{path.name} cannot be read as MyST Markdown ({type(error).__name__}: {words}); "
            "mend what the metadata of its cells says, or the text itself"
        ) from error
    return notebook


def files_behind(path: Path) -> list[Path]:
    """The files beside a master that its exercises come from."""
    older = path.with_suffix(".py")
    return [*files_of_rooms(path.with_suffix("")), *([older] if older.is_file() else [])]


class MasterReader:
    """Goes through the cells of a master and puts the exercises into their places.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rooms, self.older = read_rooms(path.with_suffix("")), OlderDeclarations(path)
        self.placed: set[str] = set()

    def cells(
        self, notebook: NotebookNode
    ) -> Iterator[NotebookNode | PlacedExercise | ManualExercise]:
        text = ""
        for cell in notebook.cells:
            if "### BEGIN SOLUTION" in cell.source or "### END SOLUTION" in cell.source:
                raise CourseError(
                    f"{self.path.name}: a solution marker is left over in a cell that is no "
                    "exercise; solutions come from the references only"
                )
            if "exercise" in cell.metadata:
                yield self.exercise(cell, text.rpartition("\n## ")[2])
            else:
                text += f"\n{cell.source}\n"
                yield cell

    def exercise(self, cell: NotebookNode, statement: str) -> PlacedExercise | ManualExercise:
        fields = cell.metadata["exercise"]
        if not isinstance(fields, dict):
            raise CourseError(f"{self.path.name}: an exercise has fields, such as name and points")
        older = is_older(fields)
        exercise_id = self.checked_id(dict(fields), older)
        if cell.source.strip():
            raise CourseError(
                f"{self.path.name}: exercise {exercise_id!r}: the cell must be empty, its code "
                "comes from the reference"
            )
        points = float(fields["points"])
        if fields.get("manual"):
            return ManualExercise(exercise_id, points)
        room = None if older else self.room(fields["name"])
        declaration = (
            room.exercise if room else self.older.exercise(exercise_id, fields["reference"])
        )
        try:
            reference = read_reference(declaration.reference)
        except CourseError as error:
            raise CourseError(
                f"{short(room.path) if room else self.older.path.name}: {error}"
            ) from error
        return PlacedExercise(
            id=exercise_id,
            reference=reference,
            points=points,
            declaration=declaration,
            hide_notes=bool(fields.get("hide_notes", False)),
            statement=statement,
            room=room,
        )

    def checked_id(self, fields: dict[str, Any], older: bool) -> str:
        """The id of an exercise whose fields are as they must be."""
        key = "id" if older else "name"
        manual = bool(fields.pop("manual", False))
        needed = {key, "points"} | ({"reference"} if older and not manual else set())
        known = {key, "points"} if manual else OLDER_KEYS if older else KEYS
        where = f"{self.path.name}: exercise {fields.get(key, f'(without {key})')!r}"
        missing, unknown = needed - set(fields), set(fields) - known
        if missing:
            raise CourseError(f"{where} does not say its {' and '.join(sorted(missing))}")
        if unknown:
            raise CourseError(
                f"{where} has unknown fields {sorted(unknown)}; known: {sorted(known)}"
            )
        pattern = OLDER_ID if older else NAME
        if not isinstance(fields[key], str) or not pattern.fullmatch(fields[key]):
            raise CourseError(f"{where}: {key} is lower-case letters and digits, with hyphens")
        points = fields["points"]
        if isinstance(points, bool) or not isinstance(points, int | float) or not points >= 0:
            raise CourseError(f"{where} has points {points!r}; a number from 0 up is expected")
        if not older and not SET.fullmatch(self.path.stem):
            raise CourseError(
                f"{where}: its id begins with the name of the file, which must be letters, digits, "
                f"hyphens and underscores; rename {self.path.name}"
            )
        return str(fields[key]) if older else f"{self.path.stem}-{fields[key]}"

    def room(self, name: str) -> Room:
        stem = room_file(name)
        if stem not in self.rooms:
            raise CourseError(
                f"{self.path.name} places the exercise {name!r}, and {self.what_lacks(stem)}"
            )
        self.placed.add(stem)
        return self.rooms[stem]

    def what_lacks(self, stem: str) -> str:
        """Why a file of the folder is no room."""
        file = self.path.with_suffix("") / f"{stem}.py"
        if file.is_file():
            return (
                f"{short(file)} binds no EXERCISE: write "
                "EXERCISE = Exercise(function, cases=[...]) there"
            )
        rooms = ", ".join(sorted(self.rooms)) or "none"
        return f"{short(file)} is missing; it is the room of the exercise. Its folder has: {rooms}"

    def check_all_placed(self) -> None:
        left = sorted(set(self.rooms) - self.placed)
        if left:
            name = left[0].replace("_", "-")
            raise CourseError(
                f"{self.path.stem}/{left[0]}.py declares an exercise that {self.path.name} does "
                f"not place: give it a cell with name: {name}, or remove the file"
            )
        if self.older.unused:
            raise CourseError(
                f"{self.path.stem}: declared but not in the master: {', '.join(self.older.unused)}"
            )


def room_file(name: str) -> str:
    """The stem of the file of an exercise."""
    return name.replace("-", "_")


def _check_ids(master: Master) -> None:
    ids = [question.id for question in master.questions]
    for exercise_id in ids:
        if ids.count(exercise_id) > 1:
            raise CourseError(
                f"{master.id}: the id {exercise_id!r} is used {ids.count(exercise_id)} times"
            )
    names = [exercise.reference.name for exercise in master.exercises]
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise CourseError(f"{master.id}: two exercises define the same function: {sorted(doubled)}")


def _digest(path: Path, cells: tuple[NotebookNode | PlacedExercise | ManualExercise, ...]) -> str:
    digest = hashlib.sha256()
    for file in (path, *files_behind(path)):
        digest.update(length_prefixed(file.name.encode()))
        digest.update(length_prefixed(file.read_bytes()))
    for cell in cells:
        if isinstance(cell, PlacedExercise):
            digest.update(length_prefixed(cell.reference.source().encode()))
    return digest.hexdigest()[:16]


def _title(notebook: NotebookNode, path: Path) -> str:
    for cell in notebook.cells:
        found = re.search(r"^# (.+)$", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and found:
            return found.group(1).strip()
    raise CourseError(f"{path.name} has no title: its first line of text must be '# ...'")
