"""Paths of parameters over contours of an objective, and iterates on a curve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from numpy.typing import ArrayLike, NDArray

from .arguments import as_curves, as_interval, require_same
from .charts import chart, panels
from .palette import INK, MUTED, LineStyle, colour, cycle_styles

Array = NDArray[np.float64]
Interval = tuple[float, float]
WIDTH, TALLEST = 5.2, 4.2
"""Of a figure and of its axes, in inches."""
Margins = tuple[float, float]
ROUND_ONE: Margins = (0.75, 0.95)
ROUND_A_PANEL: Margins = (0.3, 0.7)
"""What labels, legend and title take beside axes, and above and below them, in inches."""
Surface = Callable[[Array, Array], Array]
"""Takes two arrays of one shape, θ₁ and θ₂, and gives C in the same shape."""


def _checked_paths(paths: Mapping[str, ArrayLike]) -> dict[str, Array]:
    checked = as_curves(paths, "paths", 2)
    for name, path in checked.items():
        require_same(f"the number of columns of paths[{name!r}]", path.shape[1], "(θ₁, θ₂)", 2)
    return checked


def draw_contours(
    axes: Axes, objective: Surface, xlim: Interval, ylim: Interval, levels: int = 9
) -> None:
    """Draw contour lines of an objective in the muted ink.

    Parameters
    ----------
    axes : Axes
        Where to draw; its limits are set.
    objective : callable
        C(θ₁, θ₂) for arrays of one shape.
    xlim, ylim : tuple of float
        Range of θ₁ and of θ₂.
    levels : int
        Number of lines; they lie closer near the minimum, as squares of equal steps.

    Raises
    ------
    ValueError
        If the objective does not give an array of the shape that it is given.
    """
    x, y = np.meshgrid(np.linspace(*xlim, 161), np.linspace(*ylim, 161))
    C = np.asarray(objective(x, y), dtype=np.float64)
    require_same("the shape of objective(θ₁, θ₂)", C.shape, "its arguments", x.shape)
    heights = C.min() + np.ptp(C) * np.linspace(0, 1, levels + 2)[1:-1] ** 2
    axes.contour(x, y, C, levels=heights, colors=MUTED, linewidths=0.8, alpha=0.7)
    # A gradient is square to its contour on the screen only if both axes have one scale.
    axes.set(xlim=xlim, ylim=ylim, aspect="equal")
    axes.grid(False)


def draw_path(
    axes: Axes, path: Array, tone: str, style: LineStyle, mark: str, name: str, size: float = 3.5
) -> None:
    """Draw a path with an open ring at its start and a large marker at its end.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    path : Array, shape (T, 2)
        The points.
    tone : str
        Colour.
    style : str or tuple
        Line style.
    mark, name : str
        Marker and label.
    size : float
        Of the markers on the way, in points.
    """
    every = max(1, len(path) // 25)
    axes.plot(*path.T, color=tone, linestyle=style, marker=mark, markersize=size, lw=1.5,
              markevery=every, label=name)  # fmt: skip
    axes.plot(*path[0], "o", color=INK, markersize=9, markerfacecolor="none", markeredgewidth=1.5)
    axes.plot(*path[-1], mark, color=tone, markersize=8)


def _draw_corner(axes: Axes, objective: Surface, path: Array, side: float) -> None:
    """Draw the contour through the start, and the corner between it and the first step."""
    x, y = path[0]
    h = 1e-4 * side
    slopes = [objective(x + dx, y + dy) - objective(x - dx, y - dy) for dx, dy in ((h, 0), (0, h))]
    along, step = np.array([-slopes[1], slopes[0]]), path[1] - path[0]
    sides = [side * way / np.hypot(*way) for way in (along, step)]
    for way in (-1, 1):
        axes.plot(*np.transpose([path[0], path[0] + 3 * way * sides[0]]), color=INK, lw=1.0)
    corner = path[0] + np.array([sides[0], sides[0] + sides[1], sides[1]])
    axes.plot(*corner.T, color=INK, lw=1.0)


def _height(xlim: Interval, ylim: Interval, width: float, margins: Margins) -> float:
    """Height in inches at which axes of one scale fill a figure of this width."""
    return float((width - margins[0]) * np.ptp(ylim) / np.ptp(xlim) + margins[1])


def _draw_minimum(axes: Axes, minimum: tuple[float, float] | None) -> None:
    if minimum is not None:
        axes.plot(*minimum, "x", color=INK, markersize=9, markeredgewidth=2)


def trajectories(
    objective: Surface,
    paths: Mapping[str, ArrayLike],
    xlim: Interval,
    ylim: Interval,
    *,
    minimum: tuple[float, float] | None = None,
    symbols: tuple[str, str] = (r"$\theta_1$", r"$\theta_2$"),
    levels: int = 9,
    corner: bool = False,
) -> Figure:
    """Draw several paths over the contours of one objective, with one scale on both axes.

    Parameters
    ----------
    objective : callable
        C(θ₁, θ₂) for arrays of one shape.
    paths : mapping of str to ArrayLike, shape (T, 2)
        At most 6 sequences of points by name. The start is a ring, the end a large marker.
    xlim, ylim : tuple of float
        Range of θ₁ and of θ₂.
    minimum : tuple of float, optional
        Drawn as a cross.
    symbols : tuple of str
        Labels of the axes.
    levels : int
        Number of contour lines.
    corner : bool
        Whether the angle between the contour at the first path's start and its first step is
        marked: a square if the path goes straight downhill.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a path has not two columns, a range is empty, or there are no or too many paths.
    """
    checked = _checked_paths(paths)
    xlim, ylim = as_interval(xlim, "xlim"), as_interval(ylim, "ylim")
    width = min(WIDTH, float(TALLEST * np.ptp(xlim) / np.ptp(ylim)) + ROUND_ONE[0])
    figure, axes = chart(*symbols, width, _height(xlim, ylim, width, ROUND_ONE))
    draw_contours(axes, objective, xlim, ylim, levels)
    for (name, path), style in zip(checked.items(), cycle_styles(len(checked)), strict=True):
        draw_path(axes, path, *style, name)
    if corner:
        _draw_corner(axes, objective, next(iter(checked.values())), 0.05 * np.ptp(xlim))
    _draw_minimum(axes, minimum)
    figure.legend(loc="outside upper center", ncols=min(3, len(checked)))
    return figure


def trajectory_panels(
    objective: Surface,
    paths: Mapping[str, ArrayLike],
    xlim: Interval,
    ylim: Interval,
    *,
    minimum: tuple[float, float] | None = None,
    symbols: tuple[str, str] = (r"$\theta_1$", r"$\theta_2$"),
) -> Figure:
    """Draw each path in a panel of its own, all over the same contours.

    Parameters
    ----------
    objective : callable
        C(θ₁, θ₂) for arrays of one shape.
    paths : mapping of str to ArrayLike, shape (T, 2)
        At most 6 sequences of points by name, which becomes the panel's title.
    xlim, ylim : tuple of float
        Range of θ₁ and of θ₂.
    minimum : tuple of float, optional
        Drawn as a cross.
    symbols : tuple of str
        Labels of the axes.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        As :func:`trajectories`.

    References
    ----------
    D, the pictures of batch, stochastic and mini-batch gradient descent in weight space.
    """
    checked = _checked_paths(paths)
    xlim, ylim = as_interval(xlim, "xlim"), as_interval(ylim, "ylim")
    figure, grid = panels(list(checked), *symbols)
    rows, columns = cast(GridSpec, grid[0].get_gridspec()).get_geometry()
    width = float(figure.get_figwidth()) / columns
    figure.set_figheight(rows * _height(xlim, ylim, width, ROUND_A_PANEL))
    for axes, path, style in zip(grid, checked.values(), cycle_styles(len(checked)), strict=True):
        tone, _, mark = style  # alone in its panel, a path needs no dashes
        draw_contours(axes, objective, xlim, ylim, 6)
        draw_path(axes, path, tone, "-", mark, "", size=1.5)
        _draw_minimum(axes, minimum)
    return figure


def step_sizes(
    objective: Callable[[Array], Array],
    paths: Mapping[str, ArrayLike],
    domain: Interval,
    *,
    symbols: tuple[str, str] = (r"$\theta$", r"$C(\theta)$"),
) -> Figure:
    r"""Draw iterates of gradient descent on a curve, one panel for each learning rate.

    Parameters
    ----------
    objective : callable
        Takes and gives arrays of shape (n,).
    paths : mapping of str to ArrayLike, shape (T,)
        Iterates by name, such as ``r"$\eta = 0.9$"``. Points outside the domain leave the axes.
    domain : tuple of float
        Least and greatest θ.
    symbols : tuple of str
        Labels of the axes.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the domain is empty or a path has not one axis.
    """
    checked = as_curves(paths, "paths", 1)
    low, high = as_interval(domain, "domain")
    x = np.linspace(low, high, 241)
    y = objective(x)
    figure, grid = panels(list(checked), *symbols)
    for axes, path in zip(grid, checked.values(), strict=True):
        axes.plot(x, y, color=MUTED, linewidth=1.2)
        axes.plot(path, objective(path), color=colour("update"), marker="o", lw=1.2, markersize=4)
        axes.plot(path[0], objective(path)[0], "o", color=INK, markersize=9, markerfacecolor="none")
        axes.set(xlim=(low, high), ylim=(y.min() - 0.06 * np.ptp(y), y.max()))
    return figure
