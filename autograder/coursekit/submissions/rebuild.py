"""Build the notebook to be graded from the release, with the student's answers in it.

From a submission come only the sources of the cells that the student was asked to fill in, and of
own cells that define what these need. Its metadata, its order, its other cells and its damage do
not count. What was odd about it is reported to the instructor; oddity by itself never costs a
point.
"""

import copy
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from coursekit.student_markdown.mending import harmless
from coursekit.submissions.cells import MAX_CELLS, SubmittedCell, read_cells
from coursekit.submissions.helpers import MAX_LENGTH, needed_cells

MAX_SOURCE = 200_000
"""Characters of one answer that are kept; more than this is no answer to any exercise here."""

MAX_ALL = 1_000
"""Cells of a notebook of which all are kept."""

MAX_OWN = 400_000
"""Characters of a student's own cells that are looked at; parsing Python takes long."""

MAX_IMAGE = 8_000_000
"""Characters of the pasted images of one answer that are kept, in base64."""


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
        as nbgrader does, all of them, in the student's order.
    """
    notebook = copy.deepcopy(release)
    try:
        cells = read_cells(submission)
    except ValueError as error:
        return Rebuilt(notebook, (f"unreadable: {error}; graded as not answered",), readable=False)
    oddities = [f"more than {MAX_CELLS} cells; the rest is left out"] * (len(cells) >= MAX_CELLS)
    claims = Claims(cells)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            oddities += put_answer(cell, claims)
    if own_cells == "all":
        notebook.cells = in_students_order(notebook.cells, cells)
    else:
        notebook.cells, notes = with_helpers(notebook.cells, cells)
        oddities += notes
    if notebook.nbformat_minor < 5:  # then cells have no ids
        for cell in notebook.cells:
            cell.pop("id", None)
    return Rebuilt(notebook, tuple(oddities), readable=True)


def grade_id_of(cell: nbformat.NotebookNode) -> str | None:
    grade_id: str | None = cell.metadata.get("nbgrader", {}).get("grade_id")
    return grade_id


class Claims:
    """The submitted cells by what they claim to be, each looked at once.

    Parameters
    ----------
    cells : list of SubmittedCell
    """

    def __init__(self, cells: list[SubmittedCell]) -> None:
        self.by_id: dict[str | None, list[SubmittedCell]] = defaultdict(list)
        self.by_function: dict[str, list[SubmittedCell]] = defaultdict(list)
        for cell in cells:
            if cell.grade_id is not None:
                self.by_id[cell.grade_id].append(cell)
            elif cell.is_code and len(cell.source) <= MAX_SOURCE:
                for name in set(DEFINES.findall(cell.source)):
                    self.by_function[name].append(cell)

    def of(self, cell: nbformat.NotebookNode) -> list[SubmittedCell]:
        """Those that claim to be a cell of the release."""
        return self.by_id.get(grade_id_of(cell), [])

    def defining(self, stub: str) -> list[SubmittedCell]:
        """Those without an identity that define the function that a stub names."""
        names = DEFINES.findall(stub)
        return self.by_function.get(names[0], []) if names else []


DEFINES = re.compile(r"^(?:def|class) (\w+)", re.MULTILINE)


def put_answer(cell: nbformat.NotebookNode, claims: Claims) -> list[str]:
    """Put the student's answer into a cell of the release; returns what was odd."""
    answer, oddities = find_answer(cell, claims)
    given, cell.source = cell.source, cell.source if answer is None else answer
    if cell.cell_type == "markdown":
        oddities += paste_images(cell, claims)
        if cell.source != given:
            oddities += make_harmless(cell)
    return oddities


def make_harmless(cell: nbformat.NotebookNode) -> list[str]:
    """Take from a Markdown answer what would run or load in the browser of who reads it."""
    source = harmless(cell.source, cell.get("attachments"))
    changed, cell.source = source != cell.source, source
    return [f"{grade_id_of(cell)}: its Markdown held what is shown as text"] if changed else []


def find_answer(cell: nbformat.NotebookNode, claims: Claims) -> tuple[str | None, list[str]]:
    """The source that answers a cell of the release (None if there is none), and what was odd."""
    grade_id, notes = grade_id_of(cell), []
    candidates = [other.source for other in claims.of(cell)]
    if not candidates:
        candidates = [other.source for other in claims.defining(cell.source)]
        if not candidates:
            return None, [f"{grade_id}: the cell is missing"]
        notes.append(f"{grade_id}: the cell lost its identity; its function's name found it")
    if len(candidates) > 1:
        notes.append(f"{grade_id}: {len(candidates)} cells claim to be it; the last edited counts")
    answer = last_edited(candidates, cell.source)
    if len(answer) > MAX_SOURCE:
        notes.append(f"{grade_id}: {len(answer)} characters, more than {MAX_SOURCE}; left out")
        return None, notes
    return answer, notes


def paste_images(cell: nbformat.NotebookNode, claims: Claims) -> list[str]:
    """Put the pasted images of an answer into its cell; say if they are too large."""
    found = (other.images for other in claims.of(cell) if other.source == cell.source)
    images = next(found, {})
    if sum(len(data) for image in images.values() for data in image.values()) > MAX_IMAGE:
        return [f"{grade_id_of(cell)}: its images take more than {MAX_IMAGE} characters; left out"]
    if images:
        cell["attachments"] = images
    return []


def last_edited(candidates: list[str], stub: str) -> str:
    edited = [source for source in candidates if source.strip() != stub.strip()]
    return (edited or candidates)[-1]


@dataclass(frozen=True)
class OwnCell:
    """A cell of the student's own, and how many cells of the release stand before it."""

    cell: SubmittedCell
    place: int


def with_helpers(
    released: list[nbformat.NotebookNode], cells: list[SubmittedCell]
) -> tuple[list[nbformat.NotebookNode], list[str]]:
    """The cells of the release and, where the student had them, the own cells that they need."""
    code = [cell for cell in released if cell.cell_type == "code"]
    answers = [cell.source for cell in code if cell.metadata.get("nbgrader", {}).get("solution")]
    given = [cell.source for cell in code if cell.source not in answers]
    own = list(within(MAX_OWN, itertools.islice(own_code(released, cells), MAX_ALL)))
    needed = needed_cells(answers, given, [helper.cell.source for helper in own])
    helpers: dict[int, list[nbformat.NotebookNode]] = defaultdict(list)
    for number, k in enumerate(needed):
        helpers[own[k].place].append(own_cell(own[k].cell, number))
    whole = helpers[0]
    for place, cell in enumerate(released, start=1):
        whole += [cell, *helpers[place]]
    note = f"{len(needed)} cells of the student's own define what the answers need; they are run"
    return whole, [note] if needed else []


def within(room: int, own: Iterable["OwnCell"]) -> Iterator["OwnCell"]:
    """The first cells that have together at most so many characters."""
    for helper in own:
        room -= len(helper.cell.source)
        if room < 0:
            return
        yield helper


def own_code(
    released: list[nbformat.NotebookNode], cells: list[SubmittedCell]
) -> Iterator[OwnCell]:
    """The code cells that the release does not have, where the student put them."""
    places = {("source", cell.source): place for place, cell in enumerate(released, start=1)}
    places |= {("id", grade_id_of(cell)): place for place, cell in enumerate(released, start=1)}
    code = {cell.source for cell in released if cell.cell_type == "code"}
    passed = 0
    for cell in cells:
        identity = ("source", cell.source) if cell.grade_id is None else ("id", cell.grade_id)
        is_ours = cell.source in code or (identity[0] == "id" and identity in places)
        if cell.is_code and not is_ours and len(cell.source) <= MAX_LENGTH:
            yield OwnCell(cell, passed)
        passed = max(passed, places.get(identity, 0))


def own_cell(cell: SubmittedCell, number: int) -> nbformat.NotebookNode:
    """A cell of the student's own, with nothing but its source and its images."""
    source = cell.source if len(cell.source) <= MAX_SOURCE else ""
    made: nbformat.NotebookNode
    if cell.is_code:
        made = new_code_cell(source, id=f"own-{number}")
        return made
    made = new_markdown_cell(source, id=f"own-{number}")
    size = sum(len(data) for image in cell.images.values() for data in image.values())
    if cell.images and size <= MAX_IMAGE:
        made["attachments"] = cell.images
    make_harmless(made)
    return made


def in_students_order(
    released: list[nbformat.NotebookNode], cells: list[SubmittedCell]
) -> list[nbformat.NotebookNode]:
    """The student's notebook with the cells of the release in the place of their copies.

    Each cell of the release that has an identity occurs once; one that is missing stands behind
    the cell that it follows in the release.
    """
    ours = {grade_id_of(cell): cell for cell in released if grade_id_of(cell) is not None}
    missing, whole, numbers = dict(ours), [], itertools.count()
    for cell in cells:
        if cell.grade_id in missing:
            whole.append(missing.pop(cell.grade_id))
        elif cell.grade_id not in ours and len(whole) < MAX_ALL:
            whole.append(own_cell(cell, next(numbers)))
    previous = None
    for grade_id, ours_here in ours.items():
        if grade_id in missing:
            whole.insert(place_behind(previous, whole), ours_here)
        previous = ours_here
    return whole


def place_behind(cell: nbformat.NotebookNode | None, cells: list[nbformat.NotebookNode]) -> int:
    """Where in a list the place behind a cell is; without a cell it is the first."""
    return next((place for place, other in enumerate(cells, start=1) if other is cell), 0)
