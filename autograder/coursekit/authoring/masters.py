"""Read the master of a problem set: MyST Markdown, the one source of its page and its notebook.

An exercise is a code cell whose metadata names its id, its reference and its points; the cell
itself is empty. Beside ``ps1.md`` stands ``ps1.py`` with the declarations of its exercises.
"""

import hashlib
import re
import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from coursekit.authoring.exercises import Exercise, ProblemSetDeclarations
from coursekit.authoring.references import Reference, read_reference, resolve
from coursekit.errors import CourseError

PACKAGE = Path(__file__).resolve().parents[1]
MASTERS = next(
    folder / "problem_sets"
    for folder in (PACKAGE, PACKAGE.parent)  # installed, and in a checkout
    if (folder / "problem_sets").is_dir()
)
"""Folder of the masters that the course ships."""

EXERCISE_KEYS = {"id", "reference", "points", "hide_notes"}
MANUAL_KEYS = {"id", "points", "manual"}
GRADE_ID = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class PlacedExercise:
    """An exercise where the master puts it: its reference, its points, its declarations.

    Attributes
    ----------
    id : str
        The ``grade_id`` of the student's cell.
    points : float
        0 for practice.
    """

    id: str
    reference: Reference
    points: float
    declaration: Exercise
    hide_notes: bool = False


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
        Of the master, its declarations and its references: what its cases and answers follow from.
    """

    id: str
    title: str
    cells: tuple[NotebookNode | PlacedExercise | ManualExercise, ...]
    digest: str = ""

    @property
    def exercises(self) -> tuple[PlacedExercise, ...]:
        return tuple(cell for cell in self.cells if isinstance(cell, PlacedExercise))

    @property
    def manual(self) -> tuple[ManualExercise, ...]:
        """What a person marks."""
        return tuple(cell for cell in self.cells if isinstance(cell, ManualExercise))

    @property
    def points(self) -> float:
        return sum(exercise.points for exercise in (*self.exercises, *self.manual))

    def exercise(self, exercise_id: str) -> PlacedExercise:
        for exercise in self.exercises:
            if exercise.id == exercise_id:
                return exercise
        known = ", ".join(exercise.id for exercise in self.exercises)
        raise CourseError(f"problem set {self.id} has no exercise {exercise_id!r}; it has: {known}")


def find_master(problem_set: str, folders: tuple[Path, ...] = (MASTERS,)) -> Path:
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
    known = sorted({path.stem for folder in folders for path in folder.glob("*.md")})
    raise CourseError(
        f"there is no problem set {problem_set!r}; there are: {', '.join(known) or 'none'}"
    )


def read_master(path: Path) -> Master:
    """Read a master and the declarations beside it.

    An exercise with ``manual: true`` has an id and points, and nothing else: a person marks it.

    Raises
    ------
    CourseError
        For an unknown reference, a duplicate id, missing points, an exercise without
        declarations or declarations without an exercise, and a marker left over.
    """
    notebook = jupytext.read(path, fmt="md:myst")
    declarations = read_declarations(path.with_suffix(".py"))
    cells = tuple(_cells(notebook, declarations, path.name))
    master = Master(path.stem, _title(notebook, path), cells, _digest(path, cells))
    _check_ids(master, declarations)
    return master


def read_declarations(path: Path) -> ProblemSetDeclarations:
    """Run the declarations of a problem set and take its ``EXERCISES``."""
    if not path.is_file():
        raise CourseError(f"{path.name} is missing: a master needs its declarations beside it")
    namespace = runpy.run_path(str(path))
    exercises = namespace.get("EXERCISES")
    if not isinstance(exercises, dict):
        raise CourseError(f"{path.name} must define EXERCISES, a dict from exercise id to Exercise")
    return ProblemSetDeclarations(exercises, namespace)


def _cells(
    notebook: NotebookNode, declarations: ProblemSetDeclarations, name: str
) -> Iterator[NotebookNode | PlacedExercise | ManualExercise]:
    for cell in notebook.cells:
        if "### BEGIN SOLUTION" in cell.source or "### END SOLUTION" in cell.source:
            raise CourseError(
                f"{name}: a solution marker is left over in a cell that is no exercise; "
                "solutions come from the reference package only"
            )
        if "exercise" in cell.metadata:
            manual = cell.metadata["exercise"].get("manual")
            yield _manual(cell, name) if manual else _place(cell, declarations, name)
        else:
            yield cell


def _manual(cell: NotebookNode, name: str) -> ManualExercise:
    fields = dict(cell.metadata["exercise"])
    _check_fields(fields, cell, name, {"id", "points"}, MANUAL_KEYS)
    return ManualExercise(fields["id"], float(fields["points"]))


def _place(cell: NotebookNode, declarations: ProblemSetDeclarations, name: str) -> PlacedExercise:
    fields = dict(cell.metadata["exercise"])
    _check_fields(fields, cell, name, {"id", "reference", "points"}, EXERCISE_KEYS)
    if fields["id"] not in declarations.exercises:
        raise CourseError(
            f"{name}: exercise {fields['id']!r} has no declarations beside the master"
        )
    function = resolve(fields["reference"], declarations.namespace)
    return PlacedExercise(
        id=fields["id"],
        reference=read_reference(function),
        points=float(fields["points"]),
        declaration=declarations.exercises[fields["id"]],
        hide_notes=bool(fields.get("hide_notes", False)),
    )


def _check_fields(
    fields: dict, cell: NotebookNode, name: str, needed: set[str], known: set[str]
) -> None:
    missing = needed - set(fields)
    unknown = set(fields) - known
    where = f"{name}: exercise {fields.get('id', '(without id)')!r}"
    if missing:
        raise CourseError(f"{where} does not say its {' and '.join(sorted(missing))}")
    if unknown:
        raise CourseError(f"{where} has unknown fields {sorted(unknown)}; known: {sorted(known)}")
    if not GRADE_ID.fullmatch(str(fields["id"])):
        raise CourseError(f"{where}: an id is lower-case letters, digits and hyphens")
    if not isinstance(fields["points"], int | float) or fields["points"] < 0:
        raise CourseError(
            f"{where} has points {fields['points']!r}; a number from 0 up is expected"
        )
    if cell.source.strip():
        raise CourseError(f"{where}: the cell must be empty, its code comes from the reference")


def _check_ids(master: Master, declarations: ProblemSetDeclarations) -> None:
    ids = [exercise.id for exercise in (*master.exercises, *master.manual)]
    for exercise_id in ids:
        if ids.count(exercise_id) > 1:
            raise CourseError(
                f"{master.id}: the id {exercise_id!r} is used {ids.count(exercise_id)} times"
            )
    unused = set(declarations.exercises) - {exercise.id for exercise in master.exercises}
    if unused:
        raise CourseError(
            f"{master.id}: declared but not in the master: {', '.join(sorted(unused))}"
        )
    names = [exercise.reference.name for exercise in master.exercises]
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise CourseError(f"{master.id}: two exercises define the same function: {sorted(doubled)}")


def _digest(path: Path, cells: tuple[NotebookNode | PlacedExercise | ManualExercise, ...]) -> str:
    digest = hashlib.sha256(path.read_bytes() + path.with_suffix(".py").read_bytes())
    for cell in cells:
        if isinstance(cell, PlacedExercise):
            digest.update(cell.reference.source().encode())
    return digest.hexdigest()[:16]


def _title(notebook: NotebookNode, path: Path) -> str:
    for cell in notebook.cells:
        found = re.search(r"^# (.+)$", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and found:
            return found.group(1).strip()
    raise CourseError(f"{path.name} has no title: its first line of text must be '# ...'")
