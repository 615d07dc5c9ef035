"""Functions of one variable: slopes, activations, and the error of numerical derivatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from .arguments import as_array, as_curves, as_interval, require_same
from .charts import chart, label_line_ends
from .palette import MUTED, LineStyle, colour, cycle_styles
from .passes import number

Array = NDArray[np.float64]
Function = Callable[[Array], Array]


def _draw_secant(
    axes: Axes, x: Array, start: tuple[float, float], h: float, rise: float, style: LineStyle
) -> None:
    tone, (at, here) = colour("numeric"), start
    axes.plot(x, here + rise * (x - at), color=tone, linestyle=style, lw=1.2)
    axes.plot([at + h], [here + rise * h], "s", color=tone)


def tangent(
    function: Function,
    slope: float,
    at: float,
    domain: tuple[float, float],
    *,
    steps: Sequence[float] = (),
    symbols: tuple[str, str] = ("$x$", "$f(x)$"),
    decimals: int = 2,
) -> Figure:
    """Draw a function with its tangent at a point and with secants.

    Parameters
    ----------
    function : callable
        Takes and gives arrays of shape (n,).
    slope : float
        Derivative at the point.
    at : float
        The point.
    domain : tuple of float
        Least and greatest x.
    steps : sequence of float
        A secant is drawn from x to x + h for each h, at most 4.
    symbols : tuple of str
        Labels of the axes.
    decimals : int
        Digits of the slopes after the point.

    Returns
    -------
    Figure
        The limits are those of the function: a steep tangent leaves the axes.

    Raises
    ------
    ValueError
        If the domain is empty, the point is outside it, a step is 0, or there are more than 4.
    """
    low, high = as_interval(domain, "domain")
    if not low <= at <= high:
        raise ValueError(f"at is {at}; expected a point in the domain from {low} to {high}")
    if 0 in steps or len(steps) > 4:
        raise ValueError(f"steps is {list(steps)}; expected at most 4 step sizes other than 0")
    x = np.linspace(low, high, 241)
    y, here = function(x), float(function(np.array([at]))[0])
    figure, axes = chart(*symbols)
    axes.plot(x, y, color=colour("forward"))
    room = 0.08 * np.ptp(y)
    axes.set(xlim=(low, high), ylim=(y.min() - room, y.max() + room))
    ends = [(float(y[-1]), symbols[1], colour("forward"))]
    for h, (_, style, _) in zip(steps, cycle_styles(6)[2:], strict=False):
        rise = (float(function(np.array([at + h]))[0]) - here) / h
        _draw_secant(axes, x, (at, here), h, rise, style)
        label = f"$h = ${h:g}: slope {number(rise, decimals)}".replace("-", "\N{MINUS SIGN}")
        ends.append((here + rise * (high - at), label, colour("numeric")))
    axes.plot(x, here + slope * (x - at), color=colour("backward"), linestyle="--")
    axes.plot([at], [here], "o", color=colour("backward"), markersize=7)
    label = f"tangent: {number(slope, decimals)}"
    ends.append((here + slope * (high - at), label, colour("backward")))
    label_line_ends(axes, ends)
    return figure


def _mark_value(axes: Axes, x: float, y: float, near_edge: bool) -> None:
    tone = colour("backward")
    axes.plot([x], [y], "o", color=tone)
    offset, align = ((0, 8), "center") if near_edge else ((5, 5), "left")
    axes.annotate(number(y, 4), (x, y), offset, textcoords="offset points", ha=align, color=tone)


def activation(
    function: Function,
    derivative: Function,
    *,
    domain: tuple[float, float] = (-6.0, 6.0),
    names: tuple[str, str] = (r"$\sigma(z)$", r"$\sigma'(z)$"),
    marks: Sequence[float] = (),
) -> Figure:
    """Draw an activation function and its derivative.

    Parameters
    ----------
    function, derivative : callable
        Take and give arrays of shape (n,).
    domain : tuple of float
        Least and greatest pre-activation z.
    names : tuple of str
        Names of the two lines.
    marks : sequence of float
        Pre-activations at which the derivative is marked and printed.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the domain is empty.
    """
    low, high = as_interval(domain, "domain")
    z = np.linspace(low, high, 481)
    a, slope = function(z), derivative(z)
    figure, axes = chart("pre-activation $z$", "value")
    axes.axhline(0, color=MUTED, linewidth=0.8)
    axes.plot(z, a, color=colour("forward"))
    axes.plot(z, slope, color=colour("backward"), linestyle="--")
    axes.margins(x=0)
    for mark in marks:
        height = float(derivative(np.array([mark]))[0])
        _mark_value(axes, mark, height, near_edge=mark > high - 0.2 * (high - low))
    label_line_ends(axes, [(float(a[-1]), names[0], colour("forward")),
                           (float(slope[-1]), names[1], colour("backward"))])  # fmt: skip
    return figure


def difference_errors(
    steps: ArrayLike,
    errors: Mapping[str, ArrayLike],
    *,
    epsilon: float = float(np.finfo(np.float64).eps),
) -> Figure:
    """Draw the error of numerical derivatives against the step size, both logarithmic.

    Parameters
    ----------
    steps : ArrayLike, shape (n,)
        Step sizes h, positive.
    errors : mapping of str to ArrayLike, shape (n,)
        Relative errors by formula. An error of exactly 0 has no place on a logarithmic axis
        and is drawn at a quarter of `epsilon`.
    epsilon : float
        Machine epsilon, drawn as the floor.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a step is not positive, an error is negative, or lengths differ.
    """
    h, lines = as_array(steps, "steps", 1), as_curves(errors, "errors", 1)
    if (h <= 0).any():
        raise ValueError(f"steps contains {h.min():g}; a logarithmic axis needs positive steps")
    figure, axes = chart("step $h$", "relative error", height=3.7)
    axes.set(xscale="log", yscale="log")
    axes.axhline(epsilon, color=MUTED, linestyle=":", linewidth=1.4)
    for (name, error), (tone, style, mark) in zip(
        lines.items(), cycle_styles(len(lines)), strict=True
    ):
        require_same(f"the length of errors[{name!r}]", len(error), "steps", len(h))
        if (error < 0).any():
            raise ValueError(f"errors[{name!r}] contains {error.min():g}; take absolute values")
        every = max(1, len(h) // 12)
        axes.plot(h, np.maximum(error, epsilon / 4), color=tone, linestyle=style, marker=mark,
                  markevery=every, label=name)  # fmt: skip
    axes.margins(x=0.02)
    axes.annotate(r"machine epsilon $\varepsilon$", (1, epsilon), (-4, 4), ha="right",
                  xycoords=("axes fraction", "data"), textcoords="offset points", color=MUTED,
                  size=9.5)  # fmt: skip
    figure.legend(loc="outside upper center", ncols=min(3, len(lines)))
    return figure
