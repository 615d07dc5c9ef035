"""The upper half of the poster: one example in a network, every number of both passes."""

import numpy as np
from matplotlib.axes import Axes

from backprop.plotting.canvas import boundary, disc, labelled_stroke, stroke
from backprop.plotting.edge_labels import place_labels
from backprop.plotting.networks import all_edges
from backprop.plotting.palette import colour
from backprop.plotting.passes import number
from backprop.traces import PassTrace

from .sheet import FORMULA, LEFT, SMALLEST, TEXT, Part, Point, advance, heading, line

RADIUS = 0.5
COLUMNS, MIDDLE, STEPS = (2.35, 6.3, 10.2), 17.85, (1.3, 2.4, 1.9)
EQUATIONS = 12.7
SENSORS = ("wind", "outside", "hot water", "sun")
VALVES = ("tank", "floor", "radiators")
"""Of the small heating plant that the book's network steers."""


def one_example(axes: Axes, one: PassTrace) -> None:
    heading(axes, (LEFT, 21.0), "1  One example, unit by unit")
    places = [
        [(x, MIDDLE + ((len(layer) - 1) / 2 - unit) * step) for unit in range(len(layer))]
        for x, layer, step in zip(COLUMNS, one.activations, STEPS, strict=True)
    ]
    _connections(axes, places, one)
    _inputs(axes, places[0], one)
    _hidden(axes, places[1], one)
    _outputs(axes, places[2], one)
    _directions(axes)
    _unit_form(axes, one)
    _with_numbers(axes, one)


def _connections(axes: Axes, places: list[list[Point]], one: PassTrace) -> None:
    """Arrows forward, each with its weight."""
    starts, tips, texts = [], [], []
    for layer, source, target in all_edges([len(column) for column in places]):
        tail, tip = places[layer][source], places[layer + 1][target]
        starts.append(boundary(tail, tip, RADIUS + 0.04))
        tips.append(boundary(tip, tail, RADIUS + 0.06))
        texts.append(number(one.weights[layer][source, target], 1))
    lengths = np.array([advance(text, SMALLEST) + 0.2 for text in texts])
    ways = place_labels(np.array(starts), np.array(tips), lengths)
    for start, tip, text, way in zip(starts, tips, texts, ways, strict=True):
        labelled_stroke(axes, start, tip, text, at=float(way), along=True, colour=colour("weight"),
                        size=SMALLEST, width=1.6)  # fmt: skip


def _unit(axes: Axes, at: Point, text: str) -> None:
    blue = colour("forward")
    disc(axes, at, RADIUS, text, blue, blue, 2.5, size=FORMULA)


def _inputs(axes: Axes, column: list[Point], one: PassTrace) -> None:
    for k, ((x, y), name) in enumerate(zip(column, SENSORS, strict=True)):
        _unit(axes, (x, y), number(one.activations[0][k], 1))
        left = x - RADIUS - 0.12
        line(axes, (left, y + 0.05), [Part(f"$x_{k + 1}$", "forward")], FORMULA, "right")
        line(axes, (left, y - 0.27), [name], SMALLEST, "right")


def _hidden(axes: Axes, column: list[Point], one: PassTrace) -> None:
    """What each unit sends; above it what it receives, below it what comes back."""
    for j, (x, y) in enumerate(column):
        _unit(axes, (x, y), number(one.activations[1][j], 2))
        b, z, delta = _of_unit(one, 0, j)
        line(axes, (x, y + RADIUS + 0.13), [z], SMALLEST, "center")
        line(axes, (x, y + RADIUS + 0.4), [b], SMALLEST, "center")
        line(axes, (x, y - RADIUS - 0.33), [delta], TEXT, "center")


def _outputs(axes: Axes, column: list[Point], one: PassTrace) -> None:
    """The same, and the target, all on the side where no arrow ends."""
    for i, ((x, y), name) in enumerate(zip(column, VALVES, strict=True)):
        _unit(axes, (x, y), number(one.activations[2][i], 2))
        b, z, delta = _of_unit(one, 1, i)
        target = Part(f"$y_{i + 1} =$ {number(one.targets[i], 2)}", "loss")
        for row, part in enumerate((b, z, target, delta)):
            line(axes, (x + RADIUS + 0.18, y + 0.42 - 0.33 * row), [part], TEXT)
        line(axes, (x, y + RADIUS + 0.13), [name], SMALLEST, "center")


def _of_unit(one: PassTrace, layer: int, i: int) -> tuple[Part, Part, Part]:
    """Bias, pre-activation and δ of a unit in words."""
    b, z, delta = one.biases[layer][i], one.pre_activations[layer][i], one.deltas[layer][i]
    return (
        Part(f"$b_{i + 1} =$ {number(b, 1)}", "weight"),
        Part(f"$z_{i + 1} =$ {number(z, 2)}", "forward"),
        Part(rf"$\delta_{i + 1} =$ {number(delta, 3)}", "backward"),
    )


def _directions(axes: Axes) -> None:
    left, right = COLUMNS[0], COLUMNS[-1] - 0.75
    for y, start, end, role, text in (
        (20.5, left, right, "forward", "forward: each value from those before it"),
        (15.13, right, left, "backward", "backward: each δ from those behind it"),
    ):
        stroke(axes, (start, y), (end, y), colour(role), 3.0)
        line(axes, ((left + right) / 2, y + 0.12), [Part(text, role)], TEXT, "center")


def _unit_form(axes: Axes, one: PassTrace) -> None:
    """The equations of a unit."""
    cost = number(one.cost, 4)
    for y, role, title, formulas in (
        (
            20.7,
            "forward",
            "Forward",
            [r"$z_i = \sum_j w_{ij}\,a_j + b_i$", r"$a_i = \sigma(z_i),\;\; \sigma' = a\,(1 - a)$"],
        ),
        (19.0, "loss", f"Cost: {cost}", [r"$C = \frac{1}{2}\,\sum_i (a_i - y_i)^2$"]),
        (
            17.85,
            "backward",
            r"Backward: $\delta = \partial C / \partial z$",
            [
                r"output  $\delta_i = (a_i - y_i)\,\sigma'(z_i)$",
                r"hidden  $\delta_j = (\sum_i w_{ij}\,\delta_i)\,\sigma'(z_j)$",
            ],
        ),
        (
            16.2,
            "weight",
            "For every weight and bias",
            [
                r"$\partial C/\partial w_{ij} = \delta_i\,a_j$",
                r"$\partial C/\partial b_i = \delta_i$",
            ],
        ),
    ):
        line(axes, (EQUATIONS, y), [Part(title, role)], TEXT)
        for k, formula in enumerate(formulas, 1):
            line(axes, (EQUATIONS, y - 0.5 * k), [formula], 18)


def _with_numbers(axes: Axes, one: PassTrace) -> None:
    """One hidden δ and one weight, with the numbers of the picture."""
    paths = " + ".join(
        f"{_factor(w, 1)} · {_factor(d, 3)}"
        for w, d in zip(one.weights[1][0], one.deltas[1], strict=True)
    )
    delta, slope, x = one.deltas[0][0], one.slopes[0][0], one.activations[0][0]
    hidden = rf"$\delta_1 =$ ({paths}) · {number(slope, 3)} = {number(delta, 3)}"
    weight = rf"$\partial C/\partial w_{{11}} = \delta_1 x_1 =$ {number(delta, 3)} · {number(x, 1)}"
    weight += f" = {number(delta * x, 3)}"
    line(axes, (LEFT, 14.62), ["hidden:  ", Part(hidden, "backward")], TEXT)
    line(axes, (EQUATIONS - 2.1, 14.62), [Part(weight, "weight")], TEXT)


def _factor(value: float, decimals: int) -> str:
    text = number(value, decimals)
    return text if value >= 0 else f"({text})"
