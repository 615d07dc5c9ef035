"""The derivative of a matrix by a vector, in two ways, and Jacobians in blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from numpy.typing import ArrayLike

from .arguments import as_array, require_same
from .canvas import SMALL_SIZE, TEXT_SIZE, Point, sheet, stroke, text_size, write
from .palette import PALETTE, colour
from .shapes import draw_matrix

CELL = 0.26
SLICE_ROLES = list(PALETTE)


def _check_shape(shape: tuple[int, int, int]) -> None:
    if len(shape) != 3 or not all(1 <= n <= 6 for n in shape):
        raise ValueError(f"shape is {tuple(shape)}; expected (rows, columns, parameters), 1 to 6")


def _slice(axes: Axes, corner: Point, rows: int, columns: int, role: str) -> None:
    """Draw one matrix of a stack, in oblique projection, from its lower left corner."""
    skew = np.array([[CELL * 0.62, CELL * 0.36], [0.0, CELL]])  # one column, one row
    grid = np.array(corner) + np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]]) @ skew
    axes.add_patch(Polygon(grid, fc=colour(role), ec="none", alpha=0.16))
    axes.add_patch(Polygon(grid, fc="none", ec=colour(role), lw=1.2))
    for k in range(1, columns):
        _groove(axes, np.array(corner) + np.array([[k, 0], [k, rows]]) @ skew, role)
    for k in range(1, rows):
        _groove(axes, np.array(corner) + np.array([[0, k], [columns, k]]) @ skew, role)


def _groove(axes: Axes, ends: np.ndarray, role: str) -> None:
    start, end = ends
    stroke(axes, tuple(start), tuple(end), colour(role), 0.5, head=False, alpha=0.6)


def _stack(axes: Axes, left: float, middle: float, shape: tuple[int, int, int]) -> float:
    """Draw the 4 × 2 × 3 tensor as a row of oblique slices and give back its width."""
    rows, columns, depth = shape
    step = columns * CELL * 0.62 + 0.12
    low = middle - (rows * CELL + columns * CELL * 0.36) / 2
    for k in range(depth):
        _slice(axes, (left + k * step, low), rows, columns, SLICE_ROLES[k])
    width = depth * step - 0.12
    text = " × ".join(map(str, shape))
    write(axes, (left + width / 2, low - 0.16), text, colour("muted"), SMALL_SIZE)
    write(axes, (left + width / 2, low + rows * CELL + columns * CELL * 0.36 + 0.16),
          r"$\mathrm{d}A/\mathrm{d}x$", size=TEXT_SIZE + 1)  # fmt: skip
    return width


def _arrow(axes: Axes, left: float, middle: float, text: str) -> float:
    width = max(0.4, text_size(text, SMALL_SIZE)[0] + 0.1)
    stroke(axes, (left, middle), (left + width, middle), width=1.2)
    write(axes, (left + width / 2, middle + 0.15), text, colour("muted"), SMALL_SIZE)
    return width


def collated_tensor(*, shape: tuple[int, int, int] = (4, 2, 3)) -> Figure:
    """Draw dA/dx as one matrix of partial derivatives for each parameter, set side by side.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of A, length of x; each from 1 to 6.

    Returns
    -------
    Figure
        A, then ∂A/∂x₁, ∂A/∂x₂, …, then the tensor that collects them.

    Raises
    ------
    ValueError
        If the shape has not 3 entries from 1 to 6, or the picture is wider than a page.

    References
    ----------
    C 5.4, approach 1 of the 4 × 2 by 3 example.
    """
    _check_shape(shape)
    rows, columns, depth = shape
    box = columns * CELL
    step = max(box + 0.22, 0.62)
    arrow = text_size("collate", SMALL_SIZE)[0] + 0.1
    stack = depth * (box * 0.62 + 0.12)
    height = rows * CELL + box * 0.36 + 0.85
    figure, axes = sheet(box + depth * step + arrow + stack + 1.25, height)
    middle, left = height / 2, 0.15
    draw_matrix(axes, left, middle, rows, columns, CELL, "$A$", "forward")
    text = f"{rows} × {columns}"
    write(
        axes, (left + box / 2, middle - rows * CELL / 2 - 0.16), text, colour("muted"), SMALL_SIZE
    )
    left += box + 0.12
    left += _arrow(axes, left, middle, "") + 0.2
    for k in range(depth):
        name = f"$\\partial A/\\partial x_{k + 1}$"
        draw_matrix(axes, left, middle, rows, columns, CELL, name, SLICE_ROLES[k], size=SMALL_SIZE)
        left += step
    left += _arrow(axes, left - 0.1, middle, "collate")
    _stack(axes, left + 0.02, middle, shape)
    return figure


def flattened_tensor(*, shape: tuple[int, int, int] = (4, 2, 3)) -> Figure:
    """Draw dA/dx by way of the Jacobian of the flattened matrix.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of A, length of x; each from 1 to 6.

    Returns
    -------
    Figure
        A, the vector of its entries, the Jacobian of that vector, and the tensor into which the
        Jacobian is reshaped; a column of the Jacobian and its slice have the same colour.

    Raises
    ------
    ValueError
        If the shape has not 3 entries from 1 to 6, or the picture is wider than a page.

    References
    ----------
    C 5.4, approach 2 of the 4 × 2 by 3 example.
    """
    _check_shape(shape)
    rows, columns, depth = shape
    tall, box = rows * columns, columns * CELL
    arrows = sum(text_size(t, SMALL_SIZE)[0] + 0.34 for t in ("flatten", "reshape")) + 0.7
    stack = depth * (box * 0.62 + 0.12)
    height = tall * CELL + 0.85
    figure, axes = sheet(box + CELL * (1 + depth) + arrows + stack + 0.5, height)
    middle, left = height / 2, 0.2
    _sized_matrix(axes, left, middle, rows, columns, "$A$")
    left += box + 0.1
    left += _arrow(axes, left, middle, "flatten") + 0.12
    _sized_matrix(axes, left, middle, tall, 1, r"$\tilde{A}$")
    left += CELL + 0.1
    left += _arrow(axes, left, middle, "") + 0.2
    for k in range(depth):
        draw_matrix(axes, left + k * CELL, middle, tall, 1, CELL, "", SLICE_ROLES[k])
    centre = left + depth * CELL / 2
    write(axes, (centre, middle + tall * CELL / 2 + 0.17), r"$\mathrm{d}\tilde{A}/\mathrm{d}x$")
    write(axes, (centre, middle - tall * CELL / 2 - 0.16), f"{tall} × {depth}", colour("muted"),
          SMALL_SIZE)  # fmt: skip
    left += depth * CELL + 0.12
    left += _arrow(axes, left, middle, "reshape") + 0.12
    _stack(axes, left, middle, shape)
    return figure


def _sized_matrix(
    axes: Axes, left: float, middle: float, rows: int, columns: int, name: str
) -> None:
    draw_matrix(axes, left, middle, rows, columns, CELL, name)
    at = (left + columns * CELL / 2, middle - rows * CELL / 2 - 0.16)
    write(axes, at, f"{rows} × {columns}", colour("muted"), SMALL_SIZE)


def jacobian_blocks(
    jacobian: ArrayLike,
    row_labels: Sequence[str],
    column_labels: Sequence[str],
    *,
    entries: Sequence[Sequence[str]] | None = None,
    block_columns: int = 0,
) -> Figure:
    """Draw which entries of a Jacobian are not zero, with lines between blocks of columns.

    Parameters
    ----------
    jacobian : ArrayLike, shape (m, n)
        The Jacobian; entries that are exactly 0 stay empty.
    row_labels : sequence of str
        m names of outputs.
    column_labels : sequence of str
        n names of inputs.
    entries : sequence of sequence of str, shape (m, n), optional
        Text in the cells that are not zero; empty unless given.
    block_columns : int
        Columns in a block; 0 for no blocks.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If labels or entries do not agree with the shape, blocks do not divide the columns, or
        the picture is wider than a page.

    References
    ----------
    C (5.85)–(5.92): the derivative of f = Ax with respect to A.
    """
    J = as_array(jacobian, "jacobian", 2)
    m, n = J.shape
    require_same("the number of row_labels", len(row_labels), "jacobian", m)
    require_same("the number of column_labels", len(column_labels), "jacobian", n)
    entries = entries or [[""] * n for _ in range(m)]
    require_same("entries' shape", np.shape(entries), "jacobian", (m, n))
    if block_columns and n % block_columns:
        raise ValueError(f"block_columns is {block_columns}; it must divide the {n} columns")
    texts = [*column_labels, *[text for row in entries for text in row]]
    cell = max(0.36, max(text_size(text, SMALL_SIZE)[0] for text in texts) + 0.12)
    left = max(text_size(text)[0] for text in row_labels) + 0.25
    figure, axes = sheet(left + n * cell + 0.1, m * 0.36 + 0.5)
    for column, text in enumerate(column_labels):
        write(axes, (left + (column + 0.5) * cell, m * 0.36 + 0.28), text, size=SMALL_SIZE)
    for row, text in enumerate(row_labels):
        y = 0.1 + (m - 1 - row) * 0.36
        write(axes, (left - 0.1, y + 0.18), text, align="right")
        for column in range(n):
            filled = J[row, column] != 0
            _cell(axes, (left + column * cell, y), cell, entries[row][column], bool(filled))
    for k in range(0, n + 1, block_columns or n):
        x = left + k * cell
        stroke(axes, (x, 0.1), (x, 0.1 + m * 0.36), width=1.8, head=False)
    return figure


def _cell(axes: Axes, corner: Point, width: float, text: str, filled: bool) -> None:
    if filled:
        axes.add_patch(Rectangle(corner, width, 0.36, fc=colour("forward"), ec="none", alpha=0.22))
    axes.add_patch(Rectangle(corner, width, 0.36, fc="none", ec=colour("muted"), lw=0.6, alpha=0.6))
    if filled:
        write(axes, (corner[0] + width / 2, corner[1] + 0.18), text, size=SMALL_SIZE)
