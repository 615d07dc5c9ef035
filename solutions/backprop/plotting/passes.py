"""One pass over a network with every number printed: forward, backward, and frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .arguments import as_array, require_same
from .canvas import SMALL_SIZE, TEXT_SIZE, sheet, stroke, write
from .networks import (
    RADIUS,
    Edge,
    Layout,
    Unit,
    all_edges,
    default_names,
    draw_edges,
    draw_headings,
    draw_units,
    layered_layout,
)
from .palette import colour

Array = NDArray[np.float64]


class PassValues(NamedTuple):
    """All numbers of one pattern's forward and backward pass; L is the number of weight layers.

    Attributes
    ----------
    weights : sequence of Array, shapes (n_in, n_out)
        L matrices; the unit form's w_ij is ``weights[layer][j, i]``.
    biases : sequence of Array, shapes (n_out,)
        L vectors.
    pre_activations : sequence of Array, shapes (n_out,)
        L vectors z.
    activations : sequence of Array, shapes (n,)
        L + 1 vectors, the input first.
    targets : Array, shape (n_L,)
        y.
    cost : float
        C of this pattern.
    slopes : sequence of Array, shapes (n_out,)
        L vectors σ′(z).
    influences : sequence of Array, shapes (n_out,)
        L vectors ∂C/∂a, those of the hidden layers first.
    deltas : sequence of Array, shapes (n_out,)
        L vectors δ = ∂C/∂z.
    """

    weights: Sequence[Array]
    biases: Sequence[Array]
    pre_activations: Sequence[Array]
    activations: Sequence[Array]
    targets: Array
    cost: float
    slopes: Sequence[Array]
    influences: Sequence[Array]
    deltas: Sequence[Array]


class PassStep(NamedTuple):
    """One step of a pass: its kind, and the unit that is computed (-1 where there is none).

    Attributes
    ----------
    kind : str
        What is computed.
    layer : int
        Layer of the unit, from 0.
    unit : int
        Unit of the layer, from 0.
    """

    kind: str
    layer: int = -1
    unit: int = -1


def number(value: float, decimals: int = 2) -> str:
    """Write a number with a true minus sign and without a negative zero.

    Parameters
    ----------
    value : float
        The number.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
    """
    text = f"{round(float(value), decimals) + 0.0:.{decimals}f}"
    return text.replace("-", "\N{MINUS SIGN}")


def layer_sizes(values: PassValues) -> list[int]:
    """Sizes of the layers, after a check that all arrays agree with the weights.

    Parameters
    ----------
    values : PassValues
        What is to be drawn.

    Returns
    -------
    list of int
        Units in each layer, input first.

    Raises
    ------
    ValueError
        If an array has another length than the weight matrix beside it.
    """
    weights = [as_array(w, f"weights[{k}]", 2) for k, w in enumerate(values.weights)]
    sizes = [w.shape[0] for w in weights] + [weights[-1].shape[1]]
    for k, w in enumerate(weights):
        require_same(f"the columns of weights[{k}]", w.shape[1], "the next layer", sizes[k + 1])
    for name in ("biases", "pre_activations", "slopes", "influences", "deltas"):
        require_same(name + " sizes", [len(v) for v in getattr(values, name)], "weights", sizes[1:])
    require_same("activations sizes", [len(v) for v in values.activations], "weights", sizes)
    require_same("targets size", len(values.targets), "the output layer", sizes[-1])
    return sizes


def weight_text(values: PassValues, key: tuple[int, int, int], decimals: int) -> str:
    """Write the weight, or the bias, that belongs to a connection.

    Parameters
    ----------
    values : PassValues
        The numbers of the pass.
    key : tuple of int
        ``(layer, source, target)``; the source after the last unit is the constant one.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
    """
    layer, source, target = key
    matrix = values.weights[layer]
    bias = source == len(matrix)
    return number(values.biases[layer][target] if bias else matrix[source, target], decimals)


def write_targets(axes: Axes, layout: Layout, targets: Array, decimals: int) -> None:
    """Write the target values to the right of the output units.

    Parameters
    ----------
    axes : Axes
        Axes of a sheet.
    layout : Layout
        Where the units are.
    targets : Array, shape (n_L,)
        y.
    decimals : int
        Digits after the point.
    """
    for index, ((x, y), target) in enumerate(zip(layout.centres[-1], targets, strict=True), 1):
        text = f"$y_{{{index}}} = ${number(target, decimals)}"
        write(axes, (x + RADIUS + 0.12, y), text, colour("loss"), SMALL_SIZE, align="left")


def _equation(symbol: str, unit: int, value: float, decimals: int) -> str:
    return f"${symbol}_{{{unit + 1}}} = ${number(value, decimals)}"


def _valued_units(values: PassValues, decimals: int) -> list[list[Unit]]:
    """Units that show their activation, with the name of an input or z above."""
    names = default_names([len(A) for A in values.activations])[0]
    inputs = zip(values.activations[0], names, strict=True)
    units = [[Unit(number(x, decimals), name, role="forward") for x, name in inputs]]
    for A, Z in zip(values.activations[1:], values.pre_activations, strict=True):
        above = [_equation("z", unit, z, decimals) for unit, z in enumerate(Z)]
        pairs = zip(A, above, strict=True)
        units.append([Unit(number(a, decimals), z, role="forward", shift=0.12) for a, z in pairs])
    return units


def _amplifiers(values: PassValues, decimals: int) -> list[list[Unit]]:
    """Units of the reversed network: the slope inside, δ above, what enters below."""
    units: list[list[Unit]] = []
    for layer in zip(values.slopes, values.deltas, values.influences, strict=True):
        units.append([])
        for unit, (slope, delta, influence) in enumerate(zip(*layer, strict=True)):
            above = _equation(r"\delta", unit, delta, decimals + 1)
            below = f"$\\partial C/\\partial a_{{{unit + 1}}} = ${number(influence, decimals + 1)}"
            inside = f"×{number(slope, decimals)}"
            units[-1].append(Unit(inside, above, below, role="backward", amplifier=True))
    return units


def forward_pass(values: PassValues, *, decimals: int = 2) -> Figure:
    """Draw a network with every number of its forward pass.

    Parameters
    ----------
    values : PassValues
        The numbers; those of the backward pass are not used.
    decimals : int
        Digits after the point.

    Returns
    -------
    Figure
        Activations in the units, pre-activations above them, weights on the connections,
        biases on the dashed connections of the constant units, targets on the right. Made for
        networks as small as 4–2–3: with more than 15 connections between two layers, or numbers
        of more than 5 characters, labels run into one another.

    Raises
    ------
    ValueError
        If the arrays do not agree in size.

    References
    ----------
    D, *Forward Pass*.
    """
    sizes = layer_sizes(values)
    layout = layered_layout(sizes, True, gap=4.6 / (len(sizes) - 1), right=1.3, left=0.4)
    figure, axes = sheet(layout.width, layout.height)
    edges = [
        Edge(key, weight_text(values, key, decimals), "weight") for key in all_edges(sizes, True)
    ]
    draw_edges(axes, layout, edges, sizes=sizes)
    draw_units(axes, layout, _valued_units(values, decimals))
    draw_headings(axes, layout, ["input $x$", *["$a = \\sigma(z)$"] * (len(sizes) - 1)])
    write_targets(axes, layout, values.targets, decimals)
    cost = f"$C = ${number(values.cost, decimals + 2)}"
    write(axes, (layout.width - 0.1, 0.2), cost, colour("loss"), TEXT_SIZE, align="right")
    return figure


def backward_pass(values: PassValues, *, decimals: int = 2) -> Figure:
    """Draw the reversed network: arrows run back, units are amplifiers.

    Parameters
    ----------
    values : PassValues
        The numbers; pre-activations are not used.
    decimals : int
        Digits after the point.

    Returns
    -------
    Figure
        Each triangle multiplies what enters from the right, ∂C/∂a (written below it), by the
        number in it, σ′(z), and gives δ (written above it); connections multiply by their
        weights, and where they meet, they add. The input layer has no δ and is not drawn.

    Raises
    ------
    ValueError
        If the arrays do not agree in size, or there is no hidden layer.

    References
    ----------
    L, *Backpropagation – Backward pass*.
    """
    sizes = layer_sizes(values)[1:]
    if len(sizes) < 2:
        raise ValueError("weights has 1 layer; a reversed network needs a hidden layer: give 2")
    layout = layered_layout(sizes, False, min(2.9, 4.0 / (len(sizes) - 1)), 1.34, 0.75, 1.6, 0.75)
    figure, axes = sheet(layout.width, layout.height)
    edges = [
        Edge((layer, j, i), f"×{weight_text(values, (layer + 1, j, i), decimals)}", "weight")
        for layer, j, i in all_edges(sizes)
    ]
    draw_edges(axes, layout, edges, reverse=True, amplifiers=True)
    draw_units(axes, layout, _amplifiers(values, decimals))
    draw_headings(axes, layout, ["hidden"] * (len(sizes) - 1) + ["output"])
    for unit, (x, y) in enumerate(layout.centres[-1], 1):
        stroke(axes, (x + 0.66, y), (x + 0.34, y), colour("loss"), 1.6)
        write(axes, (x + 0.72, y), f"$a_{{{unit}}} - y_{{{unit}}}$", colour("loss"), align="left")
    return figure
