"""The frames of a pass: what is known after each step, and which unit is being computed."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .canvas import SMALL_SIZE, TEXT_SIZE, sheet, write
from .networks import (
    RADIUS,
    Edge,
    EdgeKey,
    Layout,
    Unit,
    all_edges,
    default_names,
    draw_edges,
    draw_units,
    layered_layout,
)
from .palette import colour
from .passes import PassStep, PassValues, layer_sizes, number, weight_text, write_targets

PHONE = 4.26
"""Inches that a phone of 360 pixels shows without scrolling: in these frames what matters most
stands in the last column."""
LEFT, RIGHT, BOTTOM = 0.42, 1.17, 0.94


def pass_steps(sizes: list[int]) -> list[PassStep]:
    """List the steps of a forward and a backward pass, unit by unit.

    Parameters
    ----------
    sizes : list of int
        Units in each layer, input first.

    Returns
    -------
    list of PassStep
        The input, each unit forward, the cost, each unit backward from the last layer to the
        first hidden one, and one update of all weights after the last δ.
    """
    layers = range(1, len(sizes))
    forward = [PassStep("forward", layer, unit) for layer in layers for unit in range(sizes[layer])]
    backward = [
        PassStep("backward", layer, unit)
        for layer in reversed(layers)
        for unit in range(sizes[layer])
    ]
    return [PassStep("input"), *forward, PassStep("cost"), *backward, PassStep("update")]


def _unit(values: PassValues, done: list[PassStep], layer: int, unit: int) -> Unit:
    step_forward, step_backward = (
        PassStep("forward", layer, unit),
        PassStep("backward", layer, unit),
    )
    known = layer == 0 or step_forward in done
    name = default_names([len(a) for a in values.activations])[layer][unit]
    if not known:
        return Unit(name, role="muted")
    role = {step_forward: "forward", step_backward: "backward"}.get(done[-1], "ink")
    hidden = layer < len(values.activations) - 1
    if hidden and step_backward in done and done[-1].kind == "backward":
        name += "\n" + _delta(values, layer, unit)
    return Unit(number(values.activations[layer][unit]), name, role=role)


def _delta(values: PassValues, layer: int, unit: int) -> str:
    return f"$\\delta_{{{unit + 1}}} = ${number(values.deltas[layer - 1][unit], 3)}"


def _edge(values: PassValues, step: PassStep, key: EdgeKey, last: bool) -> Edge:
    into, out_of = (key[0] + 1, key[2]), key[:2]
    here = (step.layer, step.unit)
    active = (step.kind == "forward" and into == here) or (
        step.kind == "backward" and not last and out_of == here
    )
    if step.kind == "update":
        return Edge(key, role="update")
    if not active:
        return Edge(key, faded=True)
    return Edge(key, weight_text(values, key, 2), step.kind, bold=True)


def _explain(values: PassValues, step: PassStep, last: bool) -> str:
    unit = step.unit + 1
    if step.kind == "forward":
        letter, index = ("x", "k") if step.layer == 1 else ("a", "j")
        z = number(values.pre_activations[step.layer - 1][step.unit])
        a = number(values.activations[step.layer][step.unit])
        return (
            f"$z_{unit} = \\sum_{index}\\, w_{{{unit}{index}}}\\, {letter}_{index} "
            f"+ b_{unit} = ${z}\n"
            f"$a_{unit} = \\sigma(z_{unit}) = ${a}"
        )
    if step.kind == "backward":
        delta = number(values.deltas[step.layer - 1][step.unit], 3)
        upstream = f"(a_{unit} - y_{unit})" if last else f"\\sum_i\\, w_{{i{unit}}}\\, \\delta_i"
        return f"$\\delta_{unit} = \\sigma'(z_{unit})\\ {upstream} = ${delta}"
    hidden = ", ".join(
        _delta(values, layer, unit)
        for layer in range(1, len(values.activations) - 1)
        for unit in range(len(values.activations[layer]))
    )
    return {
        "input": "The input values are given.",
        "cost": f"$C = \\sum_i \\frac{{1}}{{2}} (y_i - a_i)^2 = ${number(values.cost, 4)}",
        "update": f"Hidden units: {hidden}.\n"
        r"All weights change: $\Delta w = -\eta\,\delta\,a$",
    }[step.kind]


def pass_frame(values: PassValues, frame: int) -> Figure:
    """Draw one frame of the stepwise forward and backward pass.

    Parameters
    ----------
    values : PassValues
        All numbers of the pass. Numbers of later steps are not shown.
    frame : int
        Which step of :func:`pass_steps`, counted from 0.

    Returns
    -------
    Figure
        Units whose value is not known yet are grey with their name; the unit that is computed
        is tinted, the connections that it uses carry their weights, and the lines below the
        network give the formula with its result. Nothing is sent back to the inputs or to the
        constant units, so no connection of theirs is drawn in a backward step.

    Raises
    ------
    ValueError
        If the arrays do not agree in size or there is no such frame.

    References
    ----------
    D, all slides that show a part of the network: they are the frames of one animation.
    """
    sizes = layer_sizes(values)
    steps = pass_steps(sizes)
    if not 0 <= frame < len(steps):
        raise ValueError(f"frame is {frame}; this network has frames 0 to {len(steps) - 1}")
    done, step = steps[: frame + 1], steps[frame]
    gap = (PHONE - LEFT - RIGHT) / (len(sizes) - 1)
    layout = layered_layout(sizes, True, gap, left=LEFT, right=RIGHT, top=0.42, bottom=BOTTOM)
    figure, axes = sheet(layout.width, layout.height)
    last, backward = step.layer == len(sizes) - 1, step.kind == "backward"
    edges = [_edge(values, step, key, last) for key in all_edges(sizes, not backward)]
    busy = {edge.key[0] for edge in edges if edge.bold}
    drawn = [edge for edge in edges if edge.bold or edge.key[0] not in busy]
    if backward:
        drawn = [edge for edge in drawn if edge.key[0] > 0]
    draw_edges(axes, layout, sorted(drawn, key=lambda edge: edge.bold), backward, sizes=sizes)
    draw_units(axes, _without_constants(layout, sizes) if backward else layout, [
        [_unit(values, done, layer, unit) for unit in range(size)]
        for layer, size in enumerate(sizes)
    ])  # fmt: skip
    _write_frame_texts(axes, values, done, last)
    if PassStep("cost") in done:
        write_targets(axes, layout, values.targets, 2)
    _write_output_deltas(axes, layout, values, done)
    return figure


def _write_output_deltas(
    axes: Axes, layout: Layout, values: PassValues, done: list[PassStep]
) -> None:
    """Write δ of the output units below their targets, where no connection runs."""
    last = len(layout.centres) - 1
    for unit, (x, y) in enumerate(layout.centres[last]):
        if PassStep("backward", last, unit) in done:
            at = (x + RADIUS + 0.12, y - 0.2)
            text = _delta(values, last, unit)
            write(axes, at, text, colour("backward"), SMALL_SIZE, align="left")


def _without_constants(layout: Layout, sizes: list[int]) -> Layout:
    centres = [column[:size] for column, size in zip(layout.centres, sizes, strict=True)]
    return layout._replace(centres=centres)


def _write_frame_texts(axes: Axes, values: PassValues, done: list[PassStep], last: bool) -> None:
    step = done[-1]
    role = {"forward": "forward", "backward": "backward", "cost": "loss"}.get(step.kind, "ink")
    for line, text in enumerate(_explain(values, step, last).split("\n")):
        at = (axes.get_xlim()[1] / 2, 0.52 - 0.33 * line)
        write(axes, at, text, colour(role), TEXT_SIZE + 1)
