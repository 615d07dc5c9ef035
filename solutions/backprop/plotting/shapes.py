"""Shape diagrams: matrices as boxes in proportion, so that products can be seen to conform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .arguments import require_member, require_some
from .canvas import SMALL_SIZE, TEXT_SIZE, panel, sheet, stroke, text_size, write
from .palette import colour

Shape = tuple[int, ...]
Term = str | tuple[str, Shape]


def _rows_columns(shape: Shape) -> tuple[int, int]:
    return (1, shape[0]) if len(shape) == 1 else (shape[0], shape[1])


def _check_terms(terms: Sequence[Term], broadcast: Mapping[str, Shape]) -> list[str]:
    require_some("terms", terms)
    names = [term[0] for term in terms if not isinstance(term, str)]
    for name, shape in [term for term in terms if not isinstance(term, str)]:
        if len(shape) not in (1, 2) or min(shape) < 1:
            raise ValueError(f"terms: {name} has shape {shape}; expected 1 or 2 axes of 1 or more")
    for name in broadcast:
        require_member("broadcast: name", name, names)
    return names


def draw_matrix(
    axes: Axes, left: float, middle: float, rows: int, columns: int, cell: float,
    name: str = "", role: str = "forward", style: str = "-", size: float = TEXT_SIZE + 1,
) -> None:  # fmt: skip
    """Draw a matrix as a box of cells with its name.

    Parameters
    ----------
    axes : Axes
        Axes of a sheet.
    left, middle : float
        Left side and half height of the box, in inches.
    rows, columns : int
        Size of the matrix.
    cell : float
        Side of a cell in inches.
    name : str
        Written above the box.
    role : str
        Palette name of the box.
    style : str
        Line style of the frame; without a solid frame the box is not tinted.
    size : float
        Font size of the name in points.
    """
    width, height, tone = columns * cell, rows * cell, colour(role)
    low, high = middle - height / 2, middle + height / 2
    for k in range(1, columns):
        stroke(axes, (left + k * cell, low), (left + k * cell, high), tone, 0.5, head=False,
               alpha=0.5)  # fmt: skip
    for k in range(1, rows):
        stroke(axes, (left, low + k * cell), (left + width, low + k * cell), tone, 0.5, head=False,
               alpha=0.5)  # fmt: skip
    fill = tone if style == "-" else None
    panel(axes, (left + width / 2, middle), width, height, "", tone, fill, rounding=0.0,
          style=style)  # fmt: skip
    write(axes, (left + width / 2, high + 0.15), name, size=size)


def _term_width(term: Term, broadcast: Mapping[str, Shape], cell: float) -> float:
    if isinstance(term, str):
        return text_size(term, TEXT_SIZE + 2)[0] + 0.26
    name, shape = term
    texts = [name, shape_text(shape)]
    texts += [f"→ {shape_text(broadcast[name])}"] if name in broadcast else []
    return max(_rows_columns(shape)[1] * cell, *(text_size(text)[0] for text in texts)) + 0.06


def _draw_term(
    axes: Axes, left: float, middle: float, name: str, shape: Shape, cell: float, role: str,
    full: Shape | None,
) -> None:  # fmt: skip
    rows, columns = _rows_columns(shape)
    total, low = rows, middle - rows * cell / 2
    if full is not None:
        total = _rows_columns(full)[0]
        low = middle - total * cell / 2
        draw_matrix(axes, left, middle, total, columns, cell, role=role, style="--")
        top = middle + (total - rows) * cell / 2
        draw_matrix(axes, left, top, rows, columns, cell, name, role)
    else:
        draw_matrix(axes, left, middle, rows, columns, cell, name, role)
    centre = left + columns * cell / 2
    write(axes, (centre, low - 0.15), shape_text(shape), colour("muted"), SMALL_SIZE)
    if full is not None and tuple(full) != tuple(shape):
        text = f"→ {shape_text(full)}"
        write(axes, (centre, low - 0.31), text, colour("muted"), SMALL_SIZE)


def shape_text(shape: Shape) -> str:
    """Write a shape as NumPy does.

    Parameters
    ----------
    shape : tuple of int
        The shape.

    Returns
    -------
    str
        Such as ``"(5, 4)"`` or ``"(2,)"``.
    """
    return str(tuple(int(n) for n in shape))


def shape_equation(
    terms: Sequence[Term],
    *,
    roles: Mapping[str, str] | None = None,
    broadcast: Mapping[str, Shape] | None = None,
    cell: float = 0.17,
) -> Figure:
    """Draw an equation between matrices with boxes in proportion to their shapes.

    Parameters
    ----------
    terms : sequence of str or (str, tuple of int)
        Operators as text, matrices as name and shape, such as
        ``[("$X$", (5, 4)), "@", ("$W$", (4, 2)), "+", ("$b$", (2,)), "=", ("$Z$", (5, 2))]``.
        A vector of shape (n,) is drawn as a row.
    roles : mapping of str to str, optional
        Palette name of each matrix; "forward" unless given.
    broadcast : mapping of str to tuple of int, optional
        Shape to which NumPy repeats a matrix: the repeated rows are drawn dashed.
    cell : float
        Side of a cell in inches.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a shape has not 1 or 2 axes, a name is unknown, or the equation is wider than a page.

    Notes
    -----
    The picture shows the shapes that it is given. It does not say that they conform: the page
    does, by computing with them.
    """
    roles, broadcast = roles or {}, broadcast or {}
    _check_terms(terms, broadcast)
    widths = [_term_width(term, broadcast, cell) for term in terms]
    tallest = max(
        _rows_columns(broadcast.get(t[0], t[1]))[0] for t in terms if not isinstance(t, str)
    )
    height = tallest * cell + 0.9 + 0.16 * bool(broadcast)
    figure, axes = sheet(sum(widths) + 0.3, height)
    middle, left = height - 0.4 - tallest * cell / 2, 0.15
    for term, width in zip(terms, widths, strict=True):
        if isinstance(term, str):
            write(axes, (left + width / 2, middle), term, size=TEXT_SIZE + 2)
        else:
            name, shape = term
            start = left + (width - _rows_columns(shape)[1] * cell) / 2
            role = roles.get(name, "forward")
            _draw_term(axes, start, middle, name, shape, cell, role, broadcast.get(name))
        left += width
    return figure
