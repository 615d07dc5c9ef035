"""What is measured while and after a network learns: costs, comparisons, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from .arguments import as_array, require_same, require_some
from .charts import chart, label_line_ends
from .palette import INK, MUTED, colour, cycle_styles
from .passes import number


def loss_curves(
    curves: Mapping[str, ArrayLike],
    *,
    xlabel: str = "step",
    ylabel: str = "cost $C$",
    log: bool = False,
    every: int = 1,
    first: int = 0,
) -> Figure:
    """Draw costs over time, each line with its name at its end and a band for several seeds.

    Parameters
    ----------
    curves : mapping of str to ArrayLike, shape (T,) or (n_seeds, T)
        At most 6. Of several seeds the median is drawn, in a band from the least to the
        greatest value.
    xlabel, ylabel : str
        Labels of the axes.
    log : bool
        Whether the cost axis is logarithmic; values must then be positive.
    every : int
        Steps between two entries.
    first : int
        Number of the first entry's step or epoch.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no curve, more than 6, one with other than 1 or 2 axes, or one that is not
        positive on a logarithmic axis.
    """
    require_some("curves", curves)
    figure, axes = chart(xlabel, ylabel)
    axes.set_yscale("log" if log else "linear")
    axes.margins(x=0)
    ends = []
    for (name, curve), (tone, style, _) in zip(
        curves.items(), cycle_styles(len(curves)), strict=True
    ):
        runs = as_array(curve, f"curves[{name!r}]", 2 if np.ndim(curve) == 2 else 1)
        if log and (runs <= 0).any():
            raise ValueError(f"curves[{name!r}] contains {runs.min():g}; log=True needs costs > 0")
        runs = np.atleast_2d(runs)
        steps, middle = first + np.arange(runs.shape[1]) * every, np.median(runs, axis=0)
        if len(runs) > 1:
            axes.fill_between(steps, runs.min(0), runs.max(0), color=tone, alpha=0.18, lw=0)
        axes.plot(steps, middle, color=tone, linestyle=style)
        ends.append((float(middle[-1]), name, tone))
    axes.locator_params("x", integer=True)
    label_line_ends(axes, ends)
    return figure


def dot_comparison(
    names: Sequence[str],
    values: ArrayLike,
    xlabel: str,
    *,
    errors: ArrayLike | None = None,
    reference: float | None = None,
    decimals: int = 2,
) -> Figure:
    """Compare measured values as dots in rows, with error bars and printed numbers.

    Parameters
    ----------
    names : sequence of str
        One for each row, from top to bottom.
    values : ArrayLike, shape (n,)
        What was measured.
    xlabel : str
        What it is, with its unit.
    errors : ArrayLike, shape (n,), optional
        Half lengths of the error bars.
    reference : float, optional
        Drawn as a dotted vertical line.
    decimals : int
        Digits after the point of the printed numbers.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the lengths do not agree or an error is negative.
    """
    x = as_array(values, "values", 1)
    require_same("the number of names", len(names), "values", len(x))
    bars = np.zeros_like(x) if errors is None else as_array(errors, "errors", 1)
    require_same("the number of errors", len(bars), "values", len(x))
    if (bars < 0).any():
        raise ValueError(f"errors contains {bars.min():g}; lengths of error bars are not negative")
    rows = np.arange(len(x))[::-1]
    figure, axes = chart(xlabel, "", height=0.75 + 0.36 * len(x))
    if reference is not None:
        axes.axvline(reference, color=MUTED, linestyle=":", linewidth=1.4)
    axes.errorbar(x, rows, xerr=bars if errors is not None else None, fmt="o", markersize=7,
                  color=colour("forward"), ecolor=INK, capsize=4, lw=1.2)  # fmt: skip
    for value, row in zip(x, rows, strict=True):
        axes.annotate(number(value, decimals), (value, row), (0, 6), ha="center",
                      textcoords="offset points", size=9)  # fmt: skip
    axes.set_yticks(rows, list(names))
    axes.set_ylim(-0.6, len(x) - 0.35)
    axes.margins(x=0.12)
    axes.grid(False, axis="y")
    return figure


def layer_distributions(
    layers: Sequence[ArrayLike],
    xlabel: str,
    *,
    names: Sequence[str] | None = None,
    role: str = "forward",
    bins: int = 41,
) -> Figure:
    r"""Draw the distribution of a quantity in each layer, the first layer on top.

    Parameters
    ----------
    layers : sequence of ArrayLike, any shapes
        All values of each layer.
    xlabel : str
        The quantity, such as ``"activation $a$"`` or ``r"gradient $\delta$"``.
    names : sequence of str, optional
        Names of the layers; 1, 2, … unless given.
    role : str
        Palette name: "forward" for activations, "backward" for gradients.
    bins : int
        Bins of equal width over the common range.

    Returns
    -------
    Figure
        Histograms of equal height in rows, with the standard deviation of each printed beside.

    Raises
    ------
    ValueError
        If there is no layer, one is empty, or the names do not agree in number.
    """
    require_some("layers", layers)
    flat = [as_array(np.ravel(values), f"layers[{k}]", 1) for k, values in enumerate(layers)]
    names = names or [str(k + 1) for k in range(len(flat))]
    require_same("the number of names", len(names), "layers", len(flat))
    edges = np.linspace(min(v.min() for v in flat), max(v.max() for v in flat) + 1e-12, bins + 1)
    tone = colour(role)
    figure, axes = chart(xlabel, "layer", height=0.9 + 0.48 * len(flat))
    for row, values in zip(range(len(flat) - 1, -1, -1), flat, strict=True):
        counts = np.histogram(values, edges)[0]
        axes.stairs(row + 0.82 * counts / counts.max(), edges, baseline=row, fill=True, color=tone,
                    alpha=0.25, lw=0)  # fmt: skip
        axes.stairs(row + 0.82 * counts / counts.max(), edges, baseline=row, color=tone, lw=1.2)
        axes.text(1.02, row + 0.3, f"std {values.std():#.2g}".rstrip("."), size=9.5, va="center",
                  transform=axes.get_yaxis_transform())  # fmt: skip
    axes.set_yticks(np.arange(len(flat))[::-1] + 0.3, list(names))
    axes.tick_params(axis="y", length=0)
    axes.grid(False)
    axes.margins(x=0)
    axes.set_ylim(-0.1, len(flat))
    return figure
