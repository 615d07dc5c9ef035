"""Build the notebook to be graded from the release, with the student's answers in it.

From a submission come only the sources of the cells that the student was asked to fill in.
Its metadata, its order, its extra cells and its damage do not count. What was odd about it is
reported to the instructor; oddity by itself never costs a point.
"""

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import jupytext
import nbformat

MAX_SOURCE = 200_000
"""Characters of one answer that are kept; more than this is no answer to any exercise here."""


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


@dataclass(frozen=True)
class SubmittedCell:
    """What counts of a submitted cell."""

    grade_id: str | None
    is_code: bool
    source: str


def rebuild(release: nbformat.NotebookNode, submission: bytes) -> Rebuilt:
    """Put the answers of a submission into the release.

    Parameters
    ----------
    release : NotebookNode
        What the student was given; it is not changed.
    submission : bytes
        A notebook (format 3 or 4) or a script in the percent format, or anything at all.
    """
    notebook = copy.deepcopy(release)
    try:
        cells = read_cells(submission)
    except ValueError as error:
        return Rebuilt(notebook, (f"unreadable: {error}; graded as not answered",), readable=False)
    oddities = []
    for cell in notebook.cells:
        metadata = cell.metadata.get("nbgrader", {})
        if metadata.get("solution"):
            answer, notes = find_answer(cell, cells)
            cell.source = cell.source if answer is None else answer
            oddities += notes
    return Rebuilt(notebook, tuple(oddities), readable=True)


def find_answer(
    cell: nbformat.NotebookNode, cells: list[SubmittedCell]
) -> tuple[str | None, list[str]]:
    """The source that answers a cell of the release (None if there is none), and what was odd."""
    grade_id, notes = cell.metadata["nbgrader"]["grade_id"], []
    candidates = [other.source for other in cells if other.grade_id == grade_id]
    if not candidates:
        candidates = [other.source for other in cells if defines_same(cell.source, other)]
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


def last_edited(candidates: list[str], stub: str) -> str:
    edited = [source for source in candidates if source.strip() != stub.strip()]
    return (edited or candidates)[-1]


def defines_same(stub: str, cell: SubmittedCell) -> bool:
    """Whether a cell without an identity defines the function that the stub names."""
    name = re.search(r"^(?:def|class) (\w+)", stub, re.MULTILINE)
    if name is None or not cell.is_code or cell.grade_id is not None:
        return False
    return re.search(rf"^(?:def|class) {name.group(1)}\b", cell.source, re.MULTILINE) is not None


def read_cells(submission: bytes) -> list[SubmittedCell]:
    """The cells of a notebook or of a percent-format script.

    Raises
    ------
    ValueError
        If the bytes are neither; the message says what they are.
    """
    if not submission.strip():
        raise ValueError("the file is empty")
    text = decode(submission)
    if re.match(r"\s*[{\[]", text):
        return list(notebook_cells(parse_json(text)))
    if re.search(r"^# %%", text, re.MULTILINE):
        return list(notebook_cells(jupytext.reads(text, fmt="py:percent")))
    raise ValueError("the file is neither a notebook nor a script with '# %%' cells")


def decode(submission: bytes) -> str:
    try:
        return submission.decode("utf-8-sig")
    except UnicodeDecodeError:
        return submission.decode("latin-1")


def parse_json(text: str) -> dict:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the file is not JSON ({error})") from error
    if not isinstance(document, dict):
        raise ValueError("the file is JSON, but not a notebook")
    return document


def notebook_cells(document: dict) -> Iterator[SubmittedCell]:
    """The cells of a notebook document of format 3 or 4, as far as they can be made out."""
    sheets = document.get("worksheets")
    sheets = sheets if isinstance(sheets, list) else [document]
    for sheet in sheets:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        for cell in cells if isinstance(cells, list) else []:
            if isinstance(cell, dict):
                yield submitted_cell(cell)


def submitted_cell(cell: dict) -> SubmittedCell:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return SubmittedCell(
        grade_id if isinstance(grade_id, str) else None,
        cell.get("cell_type") == "code",
        without_surrogates(source) if isinstance(source, str) else "",
    )


def without_surrogates(source: str) -> str:
    """Text that can be written as UTF-8: JSON may hold lone surrogates, files may not."""
    return source.encode("utf-8", "replace").decode("utf-8")
