"""A function of the plane near a point, beside the linear map that its Jacobian is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from .arguments import as_array, require_same
from .export import CourseFigure
from .palette import INK, colour

Array = NDArray[np.float64]


def _grid_lines(half_width: float, lines: int) -> list[Array]:
    """Offsets from the point, shape (n, 2), along each line of a square grid."""
    along = np.linspace(-half_width, half_width, 41)
    places = np.linspace(-half_width, half_width, lines)
    upright = [np.column_stack([np.full_like(along, place), along]) for place in places]
    level = [np.column_stack([along, np.full_like(along, place)]) for place in places]
    return upright + level


def _draw_lines(axes: Axes, lines: list[Array], role: str, style: str, label: str) -> None:
    for k, line in enumerate(lines):
        axes.plot(*line.T, color=colour(role), linestyle=style, linewidth=1.2,
                  label=label if k == 0 else None)  # fmt: skip


def _draw_sides(axes: Axes, at: Array, sides: Array) -> None:
    for side, role, name in zip(sides, ("backward", "weight"), ("1", "2"), strict=True):
        axes.annotate("", at + side, tuple(at), annotation_clip=False,
                      arrowprops={"arrowstyle": "-|>", "color": colour(role), "lw": 2.2,
                                  "shrinkA": 0, "shrinkB": 0})  # fmt: skip
        axes.annotate(name, at + side, (5, 5), textcoords="offset points", color=colour(role),
                      weight="bold", annotation_clip=False)  # fmt: skip
    axes.plot(*at, "o", color=INK, markersize=5)


def local_linear_map(
    f: Callable[[Array], Array],
    jacobian: ArrayLike,
    at: ArrayLike,
    half_width: float,
    *,
    lines: int = 5,
    symbols: tuple[str, str] = ("$x$", "$f$"),
) -> Figure:
    r"""Draw a small square grid, its image under f, and its image under the Jacobian.

    Parameters
    ----------
    f : callable
        Takes and gives an array of shape (2,).
    jacobian : ArrayLike, shape (2, 2)
        Jacobian of f at the point, one row for each output.
    at : ArrayLike, shape (2,)
        The point, centre of the grid.
    half_width : float
        Half the side of the grid, greater than 0.
    lines : int
        Grid lines in each direction, at least 2.
    symbols : tuple of str
        Letters of the input and of the output, for the axes.

    Returns
    -------
    Figure
        Left the grid with one arrow along each axis, right the image of the grid (solid), the
        grid under x ↦ f(at) + J(x − at) (dashed) and the columns of J, scaled, as arrows.

    Raises
    ------
    ValueError
        If a shape is another one, or the half width is not positive.

    References
    ----------
    C (5.57)–(5.59).
    """
    J, x = as_array(jacobian, "jacobian", 2), as_array(at, "at", 1)
    require_same("the shape of jacobian", J.shape, "the plane", (2, 2))
    require_same("the shape of at", x.shape, "the plane", (2,))
    if not half_width > 0:
        raise ValueError(f"half_width is {half_width}; a grid needs a width greater than 0")
    offsets, y = _grid_lines(half_width, lines), np.asarray(f(x), dtype=np.float64)
    figure = CourseFigure(figsize=(6.2, 3.3), layout="constrained")
    before, after = figure.subplots(1, 2)
    _draw_lines(before, [x + line for line in offsets], "forward", "-", "grid")
    images = [np.array([f(point) for point in x + line]) for line in offsets]
    _draw_lines(after, images, "forward", "-", "image under the function")
    _draw_lines(after, [y + line @ J.T for line in offsets], "loss", "--",
                "image under its Jacobian")  # fmt: skip
    _draw_sides(before, x, half_width * np.eye(2))
    _draw_sides(after, y, half_width * J.T)
    for axes, symbol in zip((before, after), symbols, strict=True):
        name = symbol.strip("$")
        axes.set(xlabel=f"${name}_1$", ylabel=f"${name}_2$")
        axes.set_aspect("equal", adjustable="datalim")
    figure.legend(*after.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure
