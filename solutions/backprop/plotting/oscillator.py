"""Momentum as a damped oscillator: where it converges, where it swings, and how."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from .arguments import as_array, as_curves, require_member, require_same
from .charts import chart, panels
from .palette import MUTED, colour

Array = NDArray[np.float64]


def rate_map(
    products: ArrayLike,
    momenta: ArrayLike,
    rates: ArrayLike,
    oscillating: ArrayLike,
    *,
    regions: Mapping[str, tuple[float, float]] | None = None,
    levels: ArrayLike = (0.5, 0.7, 0.8, 0.9, 0.95),
) -> Figure:
    r"""Draw the convergence rate of momentum over learning rate and momentum.

    Parameters
    ----------
    products : ArrayLike, shape (n,)
        ηλ, learning rate times eigenvalue, increasing.
    momenta : ArrayLike, shape (m,)
        α, increasing.
    rates : ArrayLike, shape (m, n)
        Largest absolute value of the iteration's two eigenvalues: the factor by which the error
        shrinks in the long run. From 1 on the iteration does not converge.
    oscillating : ArrayLike of bool, shape (m, n)
        Whether the two eigenvalues are complex.
    regions : mapping of str to (float, float), optional
        Names of regions, and where (ηλ, α) to write them.
    levels : ArrayLike, shape (n,)
        Rates below 1 at which lines are drawn.

    Returns
    -------
    Figure
        Lines of equal rate, numbered among the complex eigenvalues; the bold
        line is rate 1, beyond which the iteration diverges; the border of the area of complex
        eigenvalues is dashed. Both areas are tinted.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    References
    ----------
    D, *Adding Momentum*.
    """
    x, y = as_array(products, "products", 1), as_array(momenta, "momenta", 1)
    R, swings = as_array(rates, "rates", 2), as_array(oscillating, "oscillating", 2)
    require_same("the shape of rates", R.shape, "momenta and products", (len(y), len(x)))
    require_same("the shape of oscillating", swings.shape, "rates", R.shape)
    figure, axes = chart(r"learning rate times eigenvalue, $\eta\lambda$", r"momentum $\alpha$",
                         height=3.9)  # fmt: skip
    _draw_regions(axes, x, y, R, swings)
    axes.contour(x, y, R, levels=np.sort(np.ravel(levels)), colors=MUTED, linewidths=0.9)
    for level, at in _label_places(x, y, R, swings, np.ravel(levels)).items():
        axes.text(*at, f"{level:g}", size=9, ha="center", va="bottom")
    for name, at in (regions or {}).items():
        axes.text(*at, name, ha="center", va="center")
    axes.grid(False)
    return figure


def _label_places(
    x: Array, y: Array, R: Array, swings: Array, levels: Array
) -> dict[float, tuple[float, float]]:
    """Points on the lines of equal rate where they are far apart: among complex eigenvalues."""
    if not swings.any():
        return {}
    places, far = {}, np.abs(x - x[0] - 0.45 * np.ptp(x)) / np.ptp(x)
    for level in levels:
        cost = np.where(swings > 0, 10 * np.abs(R - level) + far, np.inf)
        row, column = np.unravel_index(np.argmin(cost), cost.shape)
        places[float(level)] = (float(x[column]), float(y[row]))
    return places


def _draw_regions(axes: Axes, x: Array, y: Array, R: Array, swings: Array) -> None:
    if swings.any():
        tone = colour("forward")
        axes.contourf(x, y, swings, levels=[0.5, 1.5], colors=[tone], alpha=0.13)
        if not swings.all():
            axes.contour(x, y, swings, levels=[0.5], colors=[tone], linestyles="--", linewidths=1.2)
    if R.max() > 1:
        tone = colour("backward")
        axes.contourf(x, y, R, levels=[1, R.max() + 1], colors=[tone], alpha=0.13)
        if R.min() < 1:
            axes.contour(x, y, R, levels=[1], colors=[tone], linewidths=2.2)


def oscillations(
    curves: Mapping[str, ArrayLike],
    *,
    envelopes: Mapping[str, ArrayLike] | None = None,
    symbols: tuple[str, str] = ("step $t$", r"$\theta(t)$"),
) -> Figure:
    r"""Draw how a parameter comes to rest, one panel for each setting.

    Parameters
    ----------
    curves : mapping of str to ArrayLike, shape (T,)
        θ at each step; the name, such as ``r"$\alpha = 0.9$"``, becomes the title.
    envelopes : mapping of str to ArrayLike, shape (T,), optional
        For some of the names the bound on abs(θ), drawn dashed on both sides of 0.
    symbols : tuple of str
        Labels of the axes.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If an envelope names an unknown curve or differs from it in length.
    """
    lines, bounds = as_curves(curves, "curves", 1), {}
    if envelopes:
        bounds = as_curves(envelopes, "envelopes", 1)
    for name, bound in bounds.items():
        require_member("envelopes: name", name, list(lines))
        require_same(f"the length of envelopes[{name!r}]", len(bound), "curves", len(lines[name]))
    figure, grid = panels(list(lines), *symbols, height=2.3)
    for axes, (name, line) in zip(grid, lines.items(), strict=True):
        axes.axhline(0, color=MUTED, linewidth=0.8)
        dots = "o" if len(line) <= 50 else ""
        axes.plot(line, color=colour("update"), marker=dots, markersize=3, linewidth=1.3)
        for sign in (1, -1) if name in bounds else ():
            axes.plot(sign * bounds[name], color=colour("backward"), linestyle="--", linewidth=1.2)
    return figure
