"""Where a result is wrong, in words and as a small table: which entries, or which shape.

A picture holds signs and no numbers, so it tells nothing of an answer but where it differs. What
it shows is said in words beside it, as not everybody sees it.
"""

from __future__ import annotations

import html
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from coursekit.checks.model import Difference, Verdict
from coursekit.checks.words import counted, listed

MEANING = {
    ".": "right",
    "x": "wrong",
    "-": "right but for the sign",
    "?": "infinite or not a number",
}
"""The signs of a picture."""

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 12, 24, 8
"""Of a picture of entries; and of a picture of a shape, in either direction."""

COLOURS = {"x": "#f6c6c6", "-": "#f6dcb0", "?": "#d9c9f0"}
"""Behind the signs of wrong entries; the signs themselves say the same."""


@dataclass(frozen=True)
class Grid:
    """A table of signs.

    Attributes
    ----------
    title : str
    cells : sequence of str
        A text for each row, with a sign for each column.
    rows, columns : str
        What stands along each axis; the rows and columns are numbered if there is any.
    """

    title: str
    cells: Sequence[str]
    rows: str = ""
    columns: str = ""
    numbered: bool = True


@dataclass(frozen=True)
class Picture:
    """What is said of the place of a mistake, and the tables that show it."""

    words: str = ""
    grids: tuple[Grid, ...] = field(default=())

    def text(self) -> str:
        """The tables side by side, in characters."""
        blocks = [list(grid_lines(grid)) for grid in self.grids]
        height = max(map(len, blocks), default=0)
        widths = [max(map(len, block)) for block in blocks]
        rows = (
            "   ".join(
                (block[k] if k < len(block) else "").ljust(width)
                for block, width in zip(blocks, widths, strict=True)
            )
            for k in range(height)
        )
        return "\n".join(f"  {row}".rstrip() for row in rows)

    def html(self) -> str:
        """The tables for a notebook, with heads that a screen reader says."""
        tables = "".join(map(grid_html, self.grids))
        return f'<div style="display:flex; gap:2em; align-items:start">{tables}</div>'


def picture_of(verdict: Verdict) -> Picture:
    """What is to be seen of the failure that is shown; nothing where numbers alone say more."""
    difference = verdict.failure.difference
    if difference is None:
        return Picture()
    name, *axes = verdict.task.axes.get(difference.place, ("",))
    words = [f"{difference.place[0].upper()}{difference.place[1:]} is {name}."] if name else []
    if difference.found != difference.expected:
        return Picture(" ".join(words), tuple(shape_grids(difference)))
    marks = difference.marks
    if marks.size < 2:
        return Picture(" ".join(words))
    axes = axes if len(axes) == marks.ndim else [""] * marks.ndim
    words += [*place_words(marks, axes), *extent_words(marks)]
    return Picture(" ".join(words), tuple(entry_grids(difference, name, axes)))


def place_words(marks: np.ndarray, axes: Sequence[str]) -> Iterator[str]:
    """What the numbers of the first wrong entry count, where that has a name."""
    index = np.argwhere(marks != ".")[0]
    kinds = axis_kinds(marks.ndim)
    named = [
        f"{kind} {number} is {axis} {number}"
        for kind, number, axis in zip(kinds, index, axes, strict=True)
        if axis
    ]
    if named:
        sentence = f"{listed(named)}, counted from 0."
        yield sentence[0].upper() + sentence[1:]


def axis_kinds(ndim: int) -> Sequence[str]:
    if ndim > 2:
        return [f"on axis {axis} number" for axis in range(ndim)]
    return ("entry",) if ndim == 1 else ("row", "column")


def extent_words(marks: np.ndarray) -> Iterator[str]:
    """What the wrong entries have in common in their places, where they are some of them."""
    wrong = marks != "."
    if wrong.all():
        if (marks == "-").all():
            yield "Every entry is right but for its sign."
        return
    if marks.ndim == 2:
        yield from table_words(wrong)
    for sign in ("-", "?"):
        if np.array_equal(wrong, marks == sign):
            yield f"Each wrong entry is {MEANING[sign]}."


def table_words(wrong: np.ndarray) -> Iterator[str]:
    """Whole rows, whole columns, the diagonal or all but the diagonal: where a table is wrong."""
    if wrong.shape[0] == wrong.shape[1]:
        diagonal = np.eye(len(wrong), dtype=bool)
        if np.array_equal(wrong, diagonal):
            yield "Wrong is the diagonal, and nothing else."
            return
        if np.array_equal(wrong, ~diagonal):
            yield "Only the diagonal is right."
            return
    for axis, kind in enumerate(("row", "column")):
        lines = wrong.all(axis=1 - axis)
        if np.array_equal(wrong.any(axis=1 - axis), lines):
            yield f"Wrong: {which(kind, np.flatnonzero(lines))}; the rest is right."


def which(kind: str, numbers: np.ndarray) -> str:
    """Whole rows or columns by number; where there are many, how many."""
    if len(numbers) > 6:
        return f"{counted(len(numbers), kind)}, from end to end"
    plural = "s" if len(numbers) > 1 else ""
    return f"the whole of {kind}{plural} {listed([str(number) for number in numbers])}"


def entry_grids(difference: Difference, name: str, axes: Sequence[str]) -> Iterator[Grid]:
    """The signs of the entries, where some differ from others and they fit on a screen."""
    marks = np.atleast_2d(difference.marks)
    rows, columns = ("", *axes)[-2:]
    signs = [sign for sign in MEANING if (marks == sign).any()]
    if marks.ndim > 2 or len(signs) < 2 or too_large(marks.shape):
        return
    meaning = ", ".join(f"{sign} {MEANING[sign]}" for sign in signs)
    called = name or difference.place
    cells = ["".join(row) for row in marks]
    yield Grid(f"{called}: {meaning}", cells, rows, columns)


def too_large(shape: tuple[int, ...]) -> bool:
    return shape[0] > MOST_ROWS or shape[1] > MOST_COLUMNS


def shape_grids(difference: Difference) -> Iterator[Grid]:
    """Both shapes as boxes of cells, where both are tables or vectors of a few entries."""
    shapes = {"yours": difference.found, "expected": difference.expected}
    if any(not 1 <= len(shape) <= 2 or max(shape) > MOST_CELLS for shape in shapes.values()):
        return
    if any(0 in shape for shape in shapes.values()):
        return
    for title, shape in shapes.items():
        rows, columns = (1, *shape)[-2:]
        yield Grid(f"{title}, {shape}", ["o" * columns] * rows, numbered=False)


def grid_lines(grid: Grid) -> Iterator[str]:
    """A table in characters: its title, its columns by number, a line for each row."""
    yield grid.title
    if not grid.numbered:
        yield from (" ".join(row) for row in grid.cells)
        return
    several, wide = len(grid.cells) > 1, len(str(len(grid.cells[0]) - 1))
    heads = [f"{grid.rows or 'row'} {k}" if several else "" for k in range(len(grid.cells))]
    left = max(map(len, heads)) + 1 if several else 0
    yield " " * left + (grid.columns or ("column" if several else "entry"))
    yield " " * left + " ".join(str(k).rjust(wide) for k in range(len(grid.cells[0])))
    for head, row in zip(heads, grid.cells, strict=True):
        yield (head.ljust(left) if several else "") + " ".join(sign.rjust(wide) for sign in row)


def grid_html(grid: Grid) -> str:
    """A table of HTML."""
    title = f"<caption>{html.escape(grid.title)}</caption>"
    heads, numbers = "", range(len(grid.cells[0]))
    if grid.numbered:
        corner = html.escape(f"{grid.rows or 'row'} \\ {grid.columns or 'column'}")
        cells = "".join(f'<th scope="col">{number}</th>' for number in numbers)
        heads = f"<tr><th>{corner}</th>{cells}</tr>"
    rows = "".join(
        "<tr>"
        + (f'<th scope="row">{number}</th>' if grid.numbered else "")
        + "".join(map(cell_html, row))
        + "</tr>"
        for number, row in enumerate(grid.cells)
    )
    return f'<table border="1" style="border-collapse:collapse">{title}{heads}{rows}</table>'


def cell_html(sign: str) -> str:
    colour = COLOURS.get(sign)
    style = f' style="background:{colour}; color:black"' if colour else ""
    label = f' aria-label="{MEANING[sign]}"' if sign in MEANING else ""
    return f"<td{style}{label}>{sign}</td>"


def displayed(picture: Picture) -> bool:
    """Show a picture in the notebook that is open; whether there is one that shows it.

    Nothing that goes wrong here may keep a student from the verdict.
    """
    if not picture.grids or "IPython" not in sys.modules:
        return False
    try:
        shell = sys.modules["IPython"].get_ipython()
        if shell is None or not getattr(shell, "kernel", None):
            return False
        data = {"text/plain": picture.text(), "text/html": picture.html()}
        sys.modules["IPython"].display.display(data, raw=True)
    except Exception:
        return False
    return True
