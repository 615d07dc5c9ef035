"""Build the notebook to be graded from the release, with the student's answers in it.

From a submission come only the sources of the cells that the student was asked to fill in, and of
own cells that define what these need; :mod:`coursekit.checks.answer_cells` says which these are.
They stand in the student's order, in which the notebook runs. Its metadata, its other cells and
its damage do not count. What was odd about it is reported to the instructor; oddity by itself
never costs a point.
"""

import copy
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from coursekit.checks.answer_cells import CodeCell, Step, note_in_words, plan
from coursekit.student_markdown.mending import harmless
from coursekit.submissions.cells import MAX_CELLS, OURS, SubmittedCell, read_cells

MAX_SOURCE = 200_000
"""Characters of one answer that are kept; more than this is no answer to any exercise here."""

MAX_LENGTH = 20_000
"""Characters of a cell of the student's own that is looked at."""

MAX_OWN = 400_000
"""Characters of a student's own cells that are looked at; parsing Python takes long."""

MAX_ALL = 1_000
"""Cells of a notebook of which all are kept."""

MAX_IMAGE = 8_000_000
"""Characters of the pasted images of one answer that are kept, in base64."""

MAX_NAMED = 3
"""Answers that are named when the same is odd about several."""

FOUND_ELSEWHERE = "its cell is missing; another one defines it, and counts"


@dataclass(frozen=True)
class Rebuilt:
    """A notebook that is valid whatever was submitted.

    Attributes
    ----------
    notebook : NotebookNode
        The release with the student's answers.
    oddities : tuple of str
        What the instructor should know about the submission, a sentence each.
    readable : bool
        Whether any cells could be read from the submission.
    """

    notebook: nbformat.NotebookNode
    oddities: tuple[str, ...]
    readable: bool


def rebuild(
    release: nbformat.NotebookNode, submission: bytes, own_cells: str = "needed"
) -> Rebuilt:
    """Put the answers of a submission into the release.

    Parameters
    ----------
    release : NotebookNode
        What the student was given; it is not changed.
    submission : bytes
        A notebook (format 3 or 4) or a script in the percent format, or anything at all.
    own_cells : {"needed", "all"}
        Which cells of the student's own are kept: those that define what the answers need, or,
        as nbgrader does, all of them.
    """
    notebook = copy.deepcopy(release)
    try:
        cells = read_cells(submission)
    except ValueError as error:
        return Rebuilt(notebook, (f"unreadable: {error}; graded as not answered",), readable=False)
    rebuilder = Rebuilder(notebook, cells, own_cells == "all")
    if len(cells) >= MAX_CELLS:
        rebuilder.oddities.append(f"more than {MAX_CELLS} cells; the rest is left out")
    notebook.cells = rebuilder.rebuilt()
    if notebook.nbformat_minor < 5:  # then cells have no ids
        for cell in notebook.cells:
            cell.pop("id", None)
    return Rebuilt(notebook, rebuilder.all_oddities(), readable=True)


def grade_id_of(cell: nbformat.NotebookNode) -> str | None:
    grade_id: str | None = cell.metadata.get("nbgrader", {}).get("grade_id")
    return grade_id


def is_answer(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell of the release is to be filled in."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def is_given(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell of the release is code that runs as it was given."""
    graded = cell.metadata.get("nbgrader", {}).get("grade")
    return cell.cell_type == "code" and not is_answer(cell) and not graded


def function_of(stub: str) -> str:
    """The function that a cell of the release asks for; empty if it asks for something else."""
    asked = re.search(r"^(?:def|class) (\w+)", stub, re.MULTILINE)
    return asked[1] if asked else ""


class Rebuilder:
    """A submission while its answers are put into the release.

    Parameters
    ----------
    notebook : NotebookNode
        A copy of the release; its cells are filled in.
    cells : list of SubmittedCell
    keep_all : bool
        Whether all of the student's own cells are kept.

    Attributes
    ----------
    oddities : list of str
        About the whole of it.
    said : dict of str to list of str
        What is odd about answers, and about which.
    """

    def __init__(
        self, notebook: nbformat.NotebookNode, cells: list[SubmittedCell], keep_all: bool
    ) -> None:
        self.cells, self.keep_all = cells, keep_all
        self.oddities: list[str] = []
        self.said: dict[str, list[str]] = defaultdict(list)
        self.ours = [cell for cell in notebook.cells if grade_id_of(cell) or not keep_all]
        self.missing = dict(enumerate(self.ours))
        self.numbers = itertools.count()
        self.claims: dict[str | None, list[SubmittedCell]] = defaultdict(list)
        for cell in cells:
            self.claims[cell.grade_id].append(cell)
        answers = [cell for cell in self.ours if cell.cell_type == "code" and is_answer(cell)]
        self.stubs = {str(grade_id_of(cell)): str(cell.source) for cell in answers}
        self.exercises = {grade_id: self.name_of(grade_id) for grade_id in self.stubs}
        self.given = frozenset(cell.source for cell in notebook.cells if is_given(cell))
        planned = plan(list(self.code_cells()), self.exercises, self.given, keep_all)
        self.notes, self.steps = planned.notes, {step.place: step for step in planned.steps}
        self.parts = {exercise: self.parts_of(exercise) for exercise in self.exercises}
        self.places = self.places_of_ours()

    # What the student's cells are

    def name_of(self, grade_id: str) -> str:
        """The function by which an answer is found; none where its cell is run as it is.

        An ordinary notebook may ask for one function twice, and tests it where it stands.
        """
        as_it_is = self.keep_all and self.claims[grade_id]
        return "" if as_it_is else function_of(self.stubs[grade_id])

    def code_cells(self) -> Iterator[CodeCell]:
        """All cells as the rule sees them: empty what is no code or too long to be looked at."""
        taken, room, left = self.answers_that_fit(), MAX_OWN, MAX_ALL
        for cell in self.cells:
            if cell.grade_id in taken:
                yield CodeCell(cell.grade_id, cell.source)
                continue
            fits = cell.is_code and len(cell.source) <= min(MAX_LENGTH, room) and left > 0
            fits = fits and cell.grade_id not in self.exercises
            if fits and cell.source not in self.given:
                room, left = room - len(cell.source), left - 1
            yield CodeCell(None, cell.source if fits else "")

    def answers_that_fit(self) -> set[str]:
        """The exercises whose answers are not too long."""
        lengths = {
            exercise: sum(len(cell.source) for cell in self.claims[exercise])
            for exercise in self.exercises
        }
        for exercise, length in lengths.items():
            if length > MAX_SOURCE:
                self.say(exercise, f"{length} characters, more than {MAX_SOURCE}; left out")
        return {exercise for exercise, length in lengths.items() if length <= MAX_SOURCE}

    def parts_of(self, exercise: str) -> list[Step]:
        """The parts of an answer, the one that stands in the exercise's cell being the last.

        That is the last that defines the function. Copies of the stub are left out if there is
        anything else.
        """
        parts = [step for step in self.steps.values() if step.exercise == exercise]
        stub, name = self.stubs[exercise].strip(), self.exercises[exercise]
        parts = [part for part in parts if part.source.strip() not in ("", stub)] or parts[-1:]
        main = max(
            parts, key=lambda part: (part.answers.get(name, False), part.place), default=None
        )
        return [*(part for part in parts if part is not main), main] if main else []

    def places_of_ours(self) -> dict[tuple[str, str | None], list[int]]:
        """Where the cells of the release are, by their id or, if they have none, their source."""
        found: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        for number, cell in enumerate(self.ours):
            found[known_by(grade_id_of(cell), cell.source)].append(number)
        return found

    def say(self, grade_id: str | None, words: str) -> None:
        self.said[words].append(str(grade_id))

    def all_oddities(self) -> tuple[str, ...]:
        """What is odd, first about the answers: in one line what holds for many."""
        lines = [
            line
            for words, ids in self.said.items()
            for line in (
                [f"{len(ids)} answers: {words}"]
                if len(ids) > MAX_NAMED
                else [f"{grade_id}: {words}" for grade_id in ids]
            )
        ]
        return (*lines, *self.oddities)

    # What is put together

    def rebuilt(self) -> list[nbformat.NotebookNode]:
        """The cells of the release with the answers in them, in the student's order.

        Each cell of the release occurs once. One that is missing stands behind the cell that it
        follows in the release, and behind the code given before it.
        """
        for cell in filter(is_answer, self.ours):
            self.fill(cell)
        whole: list[nbformat.NotebookNode] = []
        for place in range(len(self.cells)):
            whole += self.cells_in_place_of(place, full=len(whole) >= MAX_ALL)
        left = set(self.missing)
        for number, cell in enumerate(self.ours):
            if number in left:
                given = [other for other in self.ours[:number] if is_given(other)]
                before = [*given, *self.ours[max(number - 1, 0) : number]]
                place = max((place_behind(other, whole) for other in before), default=0)
                whole.insert(place, cell)
        own = sum(1 for step in self.steps.values() if step.exercise is None)
        if own and not self.keep_all:
            self.oddities.append(
                f"{own} cells of the student's own define what the answers need; they are run"
            )
        return whole

    def cells_in_place_of(self, place: int, full: bool) -> Iterator[nbformat.NotebookNode]:
        """What stands where a submitted cell stood; only what must be if the notebook is full."""
        cell, step = self.cells[place], self.steps.get(place)
        if step and step.exercise:
            if step in self.parts[step.exercise]:
                yield from self.part(step, step.exercise)
        elif (number := self.still_missing(cell)) is not None:
            yield self.missing.pop(number)
        elif not full and (step or self.is_own(cell)):
            yield self.own_cell(cell)

    def is_own(self, cell: SubmittedCell) -> bool:
        """Whether a cell is kept because all that are none of the release's are."""
        return self.keep_all and known_by(cell.grade_id, cell.source) not in self.places

    def part(self, step: Step, exercise: str) -> Iterator[nbformat.NotebookNode]:
        """A part of an answer: in the exercise's cell the main one, the others beside it."""
        number = self.places[known_by(exercise, "")][0]
        if not self.keep_all:
            for earlier in [k for k in self.missing if k < number and is_given(self.ours[k])]:
                yield self.missing.pop(earlier)
        if step is self.parts[exercise][-1]:
            yield self.missing.pop(number)
        else:
            made = new_code_cell(step.source, id=f"part-{next(self.numbers)}")
            made.metadata[OURS] = {"part_of": exercise}
            yield made

    def still_missing(self, cell: SubmittedCell) -> int | None:
        """Which cell of the release a submitted cell is, if that has no place yet."""
        if self.parts.get(cell.grade_id or ""):
            return None  # the parts say where it stands
        numbers = self.places.get(known_by(cell.grade_id, cell.source), ())
        return next((number for number in numbers if number in self.missing), None)

    def own_cell(self, cell: SubmittedCell) -> nbformat.NotebookNode:
        """A cell of the student's own, with nothing but its source and its images."""
        new: Any = new_code_cell if cell.is_code else new_markdown_cell
        source = cell.source if len(cell.source) <= MAX_SOURCE else ""
        made: nbformat.NotebookNode = new(source, id=f"own-{next(self.numbers)}")
        if not cell.is_code:
            if cell.images and size_of(cell.images) <= MAX_IMAGE:
                made["attachments"] = cell.images
            made.source = harmless(made.source, made.get("attachments"))
        return made

    # What fills a cell of the release

    def fill(self, cell: nbformat.NotebookNode) -> None:
        """Put the answer into a cell of the release, and say what is odd about it."""
        grade_id = grade_id_of(cell)
        claims = self.claims[grade_id]
        if not claims:
            elsewhere = self.notes.get(str(grade_id)) == "elsewhere"
            self.say(grade_id, FOUND_ELSEWHERE if elsewhere else "the cell is missing")
        if len(claims) > 1:
            self.say(grade_id, f"{len(claims)} cells carry its id; they count as its parts")
        if cell.cell_type == "markdown":
            self.fill_with_words(cell, claims)
        else:
            self.fill_with_code(cell, claims)

    def fill_with_code(self, cell: nbformat.NotebookNode, claims: list[SubmittedCell]) -> None:
        grade_id = str(grade_id_of(cell))
        name, parts = self.exercises[grade_id], self.parts[grade_id]
        source = parts[-1].source if parts else ""
        if source.strip() or not any(step.answers.get(name) for step in self.steps.values()):
            cell.source = source if parts else cell.source
        else:
            cell.source = f"# Another cell defines {name}; that one counts."
        kinds = [self.notes.get(grade_id), *(claim.note for claim in claims)]
        if kind := next(filter(None, kinds), None):
            cell.metadata[OURS] = {"note": kind}
            if claims or kind != "elsewhere":
                self.say(grade_id, note_in_words(kind, name))

    def fill_with_words(self, cell: nbformat.NotebookNode, claims: list[SubmittedCell]) -> None:
        """Put an answer in words, of which each part counts once, and its images into a cell."""
        parts = dict.fromkeys(claim.source for claim in claims)
        parts.pop(cell.source, None)
        answer = "\n\n".join(parts)
        if len(answer) > MAX_SOURCE:
            self.say(grade_id_of(cell), f"{len(answer)} characters; left out")
        elif parts:
            images = {name: kinds for claim in claims for name, kinds in claim.images.items()}
            if size_of(images) > MAX_IMAGE:
                self.say(
                    grade_id_of(cell), f"its images take more than {MAX_IMAGE} characters; left out"
                )
            elif images:
                cell["attachments"] = images
            cell.source = harmless(answer, cell.get("attachments"))
            if cell.source != answer:
                self.say(grade_id_of(cell), "its Markdown held what is shown as text")


def known_by(grade_id: str | None, source: str) -> tuple[str, str | None]:
    """By what a cell of the release is known: its id or, if it has none, its source."""
    return ("id", grade_id) if grade_id is not None else ("source", source)


def size_of(images: dict[str, dict[str, str]]) -> int:
    return sum(len(data) for kinds in images.values() for data in kinds.values())


def place_behind(cell: nbformat.NotebookNode, cells: list[nbformat.NotebookNode]) -> int:
    """Where in a list the place behind a cell is; the first if the cell is not there."""
    return next((place for place, other in enumerate(cells, start=1) if other is cell), 0)
