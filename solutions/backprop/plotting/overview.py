"""Both passes in one picture: values run forward, derivatives run back over the same network."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .canvas import SMALL_SIZE, TEXT_SIZE, sheet, stroke, write
from .networks import (
    RADIUS,
    Edge,
    Layout,
    Unit,
    all_edges,
    default_names,
    draw_edges,
    draw_units,
    layered_layout,
)
from .palette import colour
from .passes import PassValues, layer_sizes, number, weight_text, write_targets

FORWARD = r"forward:  $z = \sum w\,x + b$,  $a = \sigma(z)$"
BACKWARD = r"backward:  $\delta = \partial C/\partial z$,  $\partial C/\partial w = \delta\,x$"
TOP, BOTTOM = 0.85, 0.75


def both_passes(values: PassValues, *, decimals: int = 2) -> Figure:
    """Draw a network with what every unit sends forward, and what comes back to it.

    Parameters
    ----------
    values : PassValues
        The numbers; pre-activations, slopes and influences are not used.
    decimals : int
        Digits after the point.

    Returns
    -------
    Figure
        Activations in the units, biases above them, weights on the connections; below each unit
        δ, the derivative of the cost with respect to its z. Made for networks as small as 4–2–3.

    Raises
    ------
    ValueError
        If the arrays do not agree in size.
    """
    sizes = layer_sizes(values)
    layout = layered_layout(
        sizes, gap=4.6 / (len(sizes) - 1), spacing=0.92, right=1.3, top=TOP, bottom=BOTTOM
    )
    figure, axes = sheet(layout.width, layout.height)
    edges = [Edge(key, weight_text(values, key, decimals), "weight") for key in all_edges(sizes)]
    draw_edges(axes, layout, edges)
    draw_units(axes, layout, _units(values, decimals))
    for centres, biases in zip(layout.centres[1:], values.biases, strict=True):
        for unit, ((x, y), b) in enumerate(zip(centres, biases, strict=True), 1):
            above = (x, y + RADIUS + 0.1)
            write(axes, above, f"$b_{unit} = ${number(b, decimals)}", colour("weight"), SMALL_SIZE)
    for centres, deltas in zip(layout.centres[1:], values.deltas, strict=True):
        for unit, ((x, y), delta) in enumerate(zip(centres, deltas, strict=True), 1):
            text = f"$\\delta_{unit} = ${number(delta, decimals + 1)}"
            write(axes, (x, y - RADIUS - 0.12), text, colour("backward"), SMALL_SIZE)
    write_targets(axes, layout, values.targets, decimals)
    _write_directions(axes, layout, number(values.cost, decimals + 2))
    return figure


def _units(values: PassValues, decimals: int) -> list[list[Unit]]:
    """Inputs with their names, and units that show what they send."""
    sizes = [len(layer) for layer in values.activations]
    inputs = zip(values.activations[0], default_names(sizes)[0], strict=True)
    others = [[Unit(number(a, decimals), role="forward") for a in layer]
              for layer in values.activations[1:]]  # fmt: skip
    return [[Unit(number(x, decimals), name, role="forward") for x, name in inputs], *others]


def _write_directions(axes: Axes, layout: Layout, cost: str) -> None:
    """Say above which way values run, below which way derivatives run, and what they start from."""
    left, right = 0.2, layout.width - 0.2
    high, low = layout.height - 0.2, 0.2
    middle = (layout.centres[0][0][0] + layout.centres[-1][0][0]) / 2
    for text, role, y, ends in (
        (FORWARD, "forward", high, (left, right)),
        (BACKWARD, "backward", low, (right, left)),
    ):
        write(axes, (middle, y), text, colour(role), TEXT_SIZE)
        way = y - 0.2 if role == "forward" else y + 0.2
        stroke(axes, (ends[0], way), (ends[1], way), colour(role), 2.0)
    write(axes, (right, low), f"$C = ${cost}", colour("loss"), TEXT_SIZE, align="right")
