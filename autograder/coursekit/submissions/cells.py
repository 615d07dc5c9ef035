"""Read what was handed in: a notebook, a script, or anything at all."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import jupytext

from coursekit.checks.answer_cells import NOTES
from coursekit.submissions.pictures import is_too_large
from coursekit.submissions.scripts import is_script, parts_of

MAX_CELLS = 20_000
"""Cells of a submission that are read; more than this no student writes."""

MAX_FILE = 64 * 2**20
"""Bytes of a submission that are read."""

OURS = "coursekit"
"""Key of the metadata that a rebuilt notebook carries, so that it can be rebuilt once more."""

MAX_SCRIPT, MAX_SCRIPT_CELLS, MAX_MARKER = 4 * 2**20, 5_000, 1_000
"""Characters and cells of a script, and characters of the line that begins a cell: jupytext, which
takes scripts apart, is slow for more, and worse than linear in such a line."""

MARKER = re.compile(r"^[ \t]*#[ \t]*(?:%%|<codecell>|In ?\[)[^\n]*", re.MULTILINE)
"""A line that begins a cell, as jupytext sees it; it may see fewer."""

IMAGES = ("image/png", "image/jpeg")
"""Kinds of pasted image that are kept; SVG can hold a script."""


@dataclass(frozen=True)
class SubmittedCell:
    """What counts of a submitted cell.

    Attributes
    ----------
    grade_id : str or None
        Of the cell of the release that it is, or is a part of.
    is_code : bool
    source : str
    images : dict
        Pasted ones, by name and kind.
    note : str
        What an earlier rebuilding noted of where the answer stood.
    """

    grade_id: str | None
    is_code: bool
    source: str
    images: dict[str, dict[str, str]] = field(default_factory=dict)
    note: str = ""


def read_cells(submission: bytes) -> list[SubmittedCell]:
    """The cells of a notebook, of a script in the percent format, or of a plain script.

    Raises
    ------
    ValueError
        If the bytes are neither; the message says what they are.
    """
    if not submission.strip():
        raise ValueError("the file is empty")
    if len(submission) > MAX_FILE:
        raise ValueError(f"the file has {len(submission)} bytes, more than {MAX_FILE}")
    text = decode(submission)
    if re.match(r"\s*[{\[]", text):
        return list(notebook_cells(parse_json(text)))
    if re.search(r"^#[ \t]*%%", text, re.MULTILINE):
        return list(notebook_cells(parse_script(text)))
    if is_script(text):
        return [SubmittedCell(None, True, part) for part in parts_of(text)]
    raise ValueError("the file is neither a notebook nor a script that defines functions")


def decode(submission: bytes) -> str:
    """UTF-8 or UTF-16 by its mark; anything else as Latin-1, which has no invalid bytes."""
    if submission.startswith((b"\xff\xfe", b"\xfe\xff")):
        return submission.decode("utf-16", "replace")
    try:
        return submission.decode("utf-8-sig")
    except UnicodeDecodeError:
        return submission.decode("latin-1")


def parse_json(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the file is not JSON ({str(error)[:200]})") from error
    if not isinstance(document, dict):
        raise ValueError("the file is JSON, but not a notebook")
    return document


def parse_script(text: str) -> dict[str, Any]:
    """The document that a script in the percent format stands for."""
    if len(text) > MAX_SCRIPT:
        raise ValueError(f"the script has {len(text)} characters, more than {MAX_SCRIPT}")
    markers = list(itertools.islice(MARKER.finditer(text), MAX_SCRIPT_CELLS + 1))
    if len(markers) > MAX_SCRIPT_CELLS:
        raise ValueError(f"the script has more than {MAX_SCRIPT_CELLS} cells")
    if max(len(marker.group()) for marker in markers) > MAX_MARKER:
        raise ValueError(f"a line that begins a cell has more than {MAX_MARKER} characters")
    body = without_header(text, markers[0].start())
    try:
        notebook: dict[str, Any] = jupytext.reads(body, fmt="py:percent")
    except Exception as error:  # jupytext and what it builds on raise errors of many kinds
        raise ValueError(
            f"the script cannot be read ({type(error).__name__}: {str(error)[:200]})"
        ) from error
    return notebook


def without_header(text: str, first: int) -> str:
    """A script without what is noted before its first cell, which names no answer.

    It is YAML, in which few lines can stand for a thing without end.
    """
    before = text[:first]
    if all(line.startswith("#") or not line.strip() for line in before.splitlines()):
        return text[first:]
    return f"# %%\n{text}"


def notebook_cells(document: dict[str, Any]) -> Iterator[SubmittedCell]:
    """The cells of a notebook document of format 3 or 4, as far as they can be made out."""
    sheets, count = document.get("worksheets"), 0
    sheets = sheets if isinstance(sheets, list) else [document]
    for sheet in sheets:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        for cell in cells if isinstance(cells, list) else []:
            if isinstance(cell, dict) and count < MAX_CELLS:
                count += 1
                yield submitted_cell(cell)


def submitted_cell(cell: dict[str, Any]) -> SubmittedCell:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    metadata = cell.get("metadata")
    ids = (noted(metadata, "nbgrader", "grade_id"), noted(metadata, OURS, "part_of"))
    note = noted(metadata, OURS, "note")
    return SubmittedCell(
        next((grade_id for grade_id in ids if grade_id is not None), None),
        cell.get("cell_type") == "code",
        without_surrogates(source) if isinstance(source, str) else "",
        pasted_images(cell.get("attachments")),
        note if note in NOTES else "",
    )


def noted(metadata: object, whose: str, key: str) -> str | None:
    """A text in the metadata of a cell, which may be anything."""
    content = metadata.get(whose) if isinstance(metadata, dict) else None
    text = content.get(key) if isinstance(content, dict) else None
    return text if isinstance(text, str) else None


def pasted_images(attachments: object) -> dict[str, dict[str, str]]:
    """The pasted images of a cell, by name: those that are images, in base64."""
    found = {}
    for name, kinds in attachments.items() if isinstance(attachments, dict) else ():
        data = {
            kind: "".join(kinds[kind].split())
            for kind in IMAGES
            if isinstance(kinds, dict) and isinstance(kinds.get(kind), str)
        }
        if data and all(map(may_be_shown, data.values())):
            found[without_surrogates(name)] = data
    return found


def may_be_shown(picture: str) -> bool:
    """Whether a text is base64, and no picture that fills the memory of a browser."""
    return re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", picture) is not None and not is_too_large(picture)


def without_surrogates(source: str) -> str:
    """Text that can be written as UTF-8: JSON may hold lone surrogates, files may not."""
    return source.encode("utf-8", "replace").decode("utf-8")
