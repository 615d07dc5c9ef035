"""The poster's paper, and what is put on it: lines of formulas, tables of numbers, arrows.

One inch is one unit. The colours are those of the book's figures, so that a colour means on the
wall what it means on the page.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path

from backprop.plotting.palette import INK, PAPER, colour
from backprop.plotting.passes import number

WIDTH, HEIGHT = 420 / 25.4, 594 / 25.4
"""A2, upright."""
LEFT, RIGHT = 0.7, WIDTH - 0.7
SMALLEST = 15.0
"""In points: what can be read from two steps away."""
TEXT, FORMULA, HEADING = 17.0, 21.0, 30.0
LINE, ROW = 0.32, 0.265
"""From line to line of a text, and of a table."""

ORIGIN = (
    "From the book Backpropagation, CC BY 4.0, which derives every line. "
    "After the poster Backpropagation Illustrated (D7046E, LTU)."
)

Point = tuple[float, float]


class Part(NamedTuple):
    """A piece of a line in one colour; the name is one of the palette."""

    text: str
    role: str = "ink"


def paper() -> tuple[Figure, Axes]:
    """An empty A2 sheet whose axes count in inches."""
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    axes.axis("off")
    return figure, axes


def advance(text: str, size: float) -> float:
    """The inches by which a text moves the pen."""
    width, _, _ = text_to_path.get_text_width_height_descent(
        text, FontProperties(size=size), ismath="$" in text
    )
    return width / 72


def line(
    axes: Axes, at: Point, parts: Sequence[Part | str], size: float = TEXT, align: str = "left"
) -> float:
    """Write pieces of several colours on one baseline; where the next one would begin."""
    pieces = [Part(part) if isinstance(part, str) else part for part in parts]
    widths = [advance(piece.text, size) for piece in pieces]
    x = at[0] - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * sum(widths)
    for piece, width in zip(pieces, widths, strict=True):
        axes.text(x, at[1], piece.text, color=colour(piece.role), size=size, va="baseline")
        x += width
    return x


def heading(axes: Axes, at: Point, text: str, size: float = HEADING) -> None:
    axes.text(*at, text, color=INK, size=size, weight="bold", va="baseline")


def title_and_foot(axes: Axes, title: str) -> None:
    """What it is, how to read it, and where it comes from."""
    heading(axes, (LEFT, 22.25), title, 56)
    explained = [
        "A small heating plant: four sensors in, three valves out.  ",
        Part("Values run forward, ", "forward"),
        Part("derivatives run back.", "backward"),
    ]
    line(axes, (LEFT, 21.7), explained, FORMULA)
    line(axes, (LEFT, 0.42), [Part(ORIGIN, "muted")], SMALLEST)


def table(
    axes: Axes, at: Point, values: np.ndarray, decimals: int, role: str, first_row: bool = False
) -> tuple[float, float]:
    """Write a matrix as a tinted table of numbers, its upper left corner at a point.

    Returns its width and height. The first row can be framed: it is the example of the picture.
    """
    rows = np.atleast_2d(values)
    texts = [[number(value, decimals) for value in row] for row in rows]
    cell = max(advance(text, SMALLEST) for row in texts for text in row) + 0.2
    width, height = cell * rows.shape[1], ROW * len(rows)
    left, top = at
    tone = colour(role)
    axes.add_patch(Rectangle((left, top - height), width, height, fc=tone, ec="none", alpha=0.12))
    axes.add_patch(Rectangle((left, top - height), width, height, fc="none", ec=tone, lw=1.5))
    if first_row:
        axes.add_patch(Rectangle((left, top - ROW), width, ROW, fc="none", ec=tone, lw=3.0))
    for m, row in enumerate(texts):
        for i, text in enumerate(row):
            axes.text(
                left + (i + 1) * cell - 0.1, top - (m + 0.5) * ROW - 0.015, text, color=INK,
                size=SMALLEST, ha="right", va="center_baseline",
            )  # fmt: skip
    return width, height
