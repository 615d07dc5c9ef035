"""Charts with labelled axes: the empty axes, labels at the ends of lines, and the plain chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from .arguments import as_array, as_curves, require_same
from .export import CourseFigure
from .palette import MUTED, cycle_styles

Array = NDArray[np.float64]
LABEL_SIZE = 10.0
LineEnd = tuple[float, str, str]
"""Height of a line's end in data coordinates, its label, its colour."""


def chart(xlabel: str, ylabel: str, width: float = 5.2, height: float = 3.4) -> tuple[Figure, Axes]:
    """Empty axes with labels.

    Parameters
    ----------
    xlabel, ylabel : str
        Labels of the axes, mathtext allowed.
    width, height : float
        Size in inches.

    Returns
    -------
    Figure
    Axes
    """
    figure = CourseFigure(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    axes.set(xlabel=xlabel, ylabel=ylabel)
    return figure, axes


def panels(
    titles: Sequence[str], xlabel: str, ylabel: str, height: float = 2.6, columns: int = 3
) -> tuple[Figure, list[Axes]]:
    """Several small axes with the same limits.

    Parameters
    ----------
    titles : sequence of str
        One for each panel.
    xlabel, ylabel : str
        Labels, written at the outer axes only.
    height : float
        Inches for each row of panels.
    columns : int
        Panels in a row, at most.

    Returns
    -------
    Figure
    list of Axes
    """
    columns = 2 if len(titles) == 4 else min(columns, len(titles))
    rows = -(-len(titles) // columns)
    width = 4.2 if columns == 1 else 4.6  # which a phone shows whole
    figure = CourseFigure(figsize=(width, height * rows), layout="constrained")
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for index, axes in enumerate(grid.flat):
        if index >= len(titles):
            axes.remove()
            continue
        axes.set_title(titles[index])
        if index + columns >= len(titles):
            axes.set_xlabel(xlabel)
            axes.tick_params(labelbottom=True)
        if index % columns == 0:
            axes.set_ylabel(ylabel)
    return figure, list(grid.flat)[: len(titles)]


def spread(heights: ArrayLike, separation: float) -> Array:
    """Move heights apart until neighbours keep a distance.

    Parameters
    ----------
    heights : ArrayLike, shape (n,)
        Where the labels would like to be.
    separation : float
        Least distance between two of them.

    Returns
    -------
    Array, shape (n,)
        New heights in the same order from low to high; groups stay centred.

    Notes
    -----
    The least-squares answer: an isotonic regression of the heights less their places, by pooling
    adjacent violators.
    """
    wanted = as_array(heights, "heights", 1)
    order = np.argsort(wanted, kind="stable")
    blocks: list[list[float]] = []  # [sum, count]
    for rank, height in enumerate(wanted[order]):
        blocks.append([height - rank * separation, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + count]
    level = np.repeat([b[0] / b[1] for b in blocks], [int(b[1]) for b in blocks])
    result = np.empty_like(wanted)
    result[order] = level + np.arange(len(wanted)) * separation
    return result


def label_line_ends(axes: Axes, ends: Sequence[LineEnd]) -> None:
    """Write the names of lines at the right edge, where the lines end.

    Parameters
    ----------
    axes : Axes
        The limits must be final.
    ends : sequence of (float, str, str)
        Height in data coordinates, text, colour. Labels that would overlap are moved apart.
    """
    to_axes = axes.transData + axes.transAxes.inverted()
    x = axes.get_xlim()[1]
    heights = [float(to_axes.transform((x, end[0]))[1]) for end in ends]
    figure = cast(Figure, axes.get_figure())  # never a part of one: sheets are not nested
    height_in = 0.74 * figure.get_size_inches()[1]
    places = spread(np.clip(heights, 0, 1), 1.35 * LABEL_SIZE / 72 / height_in)
    for (_, text, colour), place in zip(ends, places, strict=True):
        axes.text(1.02, place, text, transform=axes.transAxes, color=colour, size=LABEL_SIZE,
                  va="center")  # fmt: skip


def line_chart(
    x: ArrayLike,
    curves: Mapping[str, ArrayLike],
    xlabel: str,
    ylabel: str,
    *,
    log_x: bool = False,
    log_y: bool = False,
    markers: bool = False,
    reference: float | None = None,
) -> Figure:
    """Draw several lines over common x values, each with its name at its end.

    Parameters
    ----------
    x : ArrayLike, shape (n,)
        Common abscissae, increasing. Of integers only integers are marked on the axis.
    curves : mapping of str to ArrayLike, shape (n,)
        At most 6 lines by name.
    xlabel, ylabel : str
        Labels of the axes in the symbols of the notation.
    log_x, log_y : bool
        Whether an axis is logarithmic.
    markers : bool
        Whether each point is marked.
    reference : float, optional
        Height of a dotted horizontal line.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a curve has another length than `x`, there are more than 6, or none.
    """
    places, lines = as_array(x, "x", 1), as_curves(curves, "curves", 1)
    figure, axes = chart(xlabel, ylabel)
    axes.set(xscale="log" if log_x else "linear", yscale="log" if log_y else "linear")
    axes.margins(x=0)
    ends = []
    for (name, y), (tone, style, mark) in zip(lines.items(), cycle_styles(len(lines)), strict=True):
        require_same(f"the length of curves[{name!r}]", len(y), "x", len(places))
        axes.plot(
            places,
            y,
            color=tone,
            linestyle=style,
            marker=mark if markers else "",
            clip_on=not markers,
        )
        ends.append((float(y[-1]), name, tone))
    if reference is not None:
        axes.axhline(reference, color=MUTED, linestyle=":", linewidth=1.2)
    if np.asarray(x).dtype.kind in "iu" and not log_x:
        axes.locator_params("x", integer=True)  # no half layers, no half epochs
    label_line_ends(axes, ends)
    return figure
