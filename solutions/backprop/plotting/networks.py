"""Layered networks: units, connections, biases, and what is highlighted in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from .arguments import require_member, require_same
from .canvas import (
    SMALL_SIZE,
    TEXT_SIZE,
    Point,
    boundary,
    disc,
    labelled_stroke,
    sheet,
    text_size,
    write,
)
from .edge_labels import place_labels
from .palette import colour

EdgeKey = tuple[int, int, int]
"""``(layer, source, target)``: an edge from a unit of `layer` to a unit of the next layer,
all counted from 0. The source after the last unit is the constant input 1 of the biases."""

RADIUS = 0.27


class Unit(NamedTuple):
    """What is drawn for one unit; the first line of `above` is the one next to the unit.

    Attributes
    ----------
    inside : str
        Text in the unit.
    above : str
        Text above it.
    below : str
        Text below it.
    role : str
        Palette name of its colour.
    faded : bool
        Whether it is in the background.
    amplifier : bool
        Whether it is drawn as a triangle that multiplies.
    shift : float
        Inches by which the text above moves to the right.
    """

    inside: str = ""
    above: str = ""
    below: str = ""
    role: str = "ink"
    faded: bool = False
    amplifier: bool = False
    shift: float = 0.0


class Edge(NamedTuple):
    """What is drawn for one connection.

    Attributes
    ----------
    key : EdgeKey
        Layer, unit where it starts, unit of the next layer where it ends.
    label : str
        Text in a gap of the line.
    role : str
        Palette name of its colour.
    faded : bool
        Whether it is in the background.
    bold : bool
        Whether it is highlighted.
    """

    key: EdgeKey
    label: str = ""
    role: str = "ink"
    faded: bool = False
    bold: bool = False


class Layout(NamedTuple):
    """Where the units are, in inches, and how large the sheet is.

    Attributes
    ----------
    centres : list of list of Point
        Centre of each unit, by layer.
    width : float
        Of the sheet, in inches.
    height : float
        Of the sheet, in inches.
    """

    centres: list[list[Point]]
    width: float
    height: float


def layered_layout(
    sizes: Sequence[int], biases: bool = False, gap: float = 2.0, spacing: float = 0.86,
    left: float = 0.45, right: float = 0.45, top: float = 0.55, bottom: float = 0.3,
) -> Layout:  # fmt: skip
    """Place the units of a layered network in columns.

    Parameters
    ----------
    sizes : sequence of int
        Units in each layer, input first.
    biases : bool
        Whether each layer but the last gets a constant unit, as its last centre.
    gap, spacing : float
        Inches between columns and between units of a column.
    left, right, top, bottom : float
        Inches kept free around the centres; the heading of a column is in the top margin.

    Returns
    -------
    Layout

    Raises
    ------
    ValueError
        If there are fewer than 2 layers or a layer is empty.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes is {list(sizes)}; expected at least 2 layers of 1 unit or more")
    counts = [size + (biases and layer < len(sizes) - 1) for layer, size in enumerate(sizes)]
    height = (max(counts) - 1) * spacing + top + bottom + 2 * RADIUS
    middle = bottom + RADIUS + (max(counts) - 1) * spacing / 2
    centres = []
    for layer, count in enumerate(counts):
        step = spacing * min(1.15, (max(counts) - 1) / max(count - 1, 1))  # small layers spread
        rows = [middle + ((count - 1) / 2 - unit) * step for unit in range(count)]
        centres.append([(left + layer * gap, row) for row in rows])
    return Layout(centres, left + right + gap * (len(sizes) - 1), height)


def all_edges(sizes: Sequence[int], biases: bool = False) -> list[EdgeKey]:
    """Every connection of a fully connected network.

    Parameters
    ----------
    sizes : sequence of int
        Units in each layer, input first.
    biases : bool
        Whether the connections of the constant units are included.

    Returns
    -------
    list of tuple of int
        ``(layer, source, target)``.
    """
    return [
        (layer, source, target)
        for layer, (n_in, n_out) in enumerate(pairwise(sizes))
        for source in range(n_in + biases)
        for target in range(n_out)
    ]


def _draw_unit(axes: Axes, at: Point, unit: Unit) -> None:
    edge, alpha = colour(unit.role), 0.35 if unit.faded else 1.0
    width = 1.2 if unit.role in ("ink", "muted") else 2.0
    fill = None if unit.role in ("ink", "muted") else edge
    if unit.amplifier:
        points = np.add(at, [(-0.42, 0.0), (0.3, 0.36), (0.3, -0.36)])
        if fill:
            axes.add_patch(Polygon(points, fc=fill, ec="none", alpha=0.16))
        axes.add_patch(Polygon(points, fc="none", ec=edge, lw=width, alpha=alpha))
        write(axes, (at[0] + 0.06, at[1]), unit.inside, size=SMALL_SIZE)
    else:
        disc(axes, at, RADIUS, unit.inside, edge, fill, width, alpha)
    ink = colour("ink") if unit.role == "muted" else edge
    half = 0.36 if unit.amplifier else RADIUS
    for line, text in enumerate(unit.above.split("\n")):
        above = (at[0] + unit.shift, at[1] + half + 0.1 + 0.17 * line)
        write(axes, above, text, ink, SMALL_SIZE)
    write(axes, (at[0], at[1] - half - 0.11), unit.below, ink, SMALL_SIZE)


def _edge_ends(layout: Layout, edge: Edge, reverse: bool, amplifiers: bool) -> tuple[Point, Point]:
    layer, source, target = edge.key
    tail, tip = layout.centres[layer][source], layout.centres[layer + 1][target]
    if amplifiers:
        lean = 0.12 * np.sign(tip[1] - tail[1])
        return (tip[0] - 0.45, tip[1]), (tail[0] + 0.34, tail[1] + lean)
    ends = boundary(tail, tip, RADIUS + 0.02), boundary(tip, tail, RADIUS + 0.03)
    return ends[::-1] if reverse else ends


def draw_edges(
    axes: Axes, layout: Layout, edges: Sequence[Edge], reverse: bool = False,
    amplifiers: bool = False, sizes: Sequence[int] | None = None,
) -> None:  # fmt: skip
    """Draw connections with their labels in gaps of the lines.

    Parameters
    ----------
    axes : Axes
        Axes of a sheet.
    layout : Layout
        Where the units are.
    edges : sequence of Edge
        What to draw; connections of a constant unit are dashed.
    reverse : bool
        Whether arrows point from the later layer to the earlier one.
    amplifiers : bool
        Whether the units are amplifiers: edges then run from apex to base of the triangles.
    sizes : sequence of int, optional
        Units in each layer without the constant ones; tells which edges carry biases.
    """
    ends = [_edge_ends(layout, edge, reverse, amplifiers) for edge in edges]
    lengths = np.array([text_size(edge.label, SMALL_SIZE)[0] for edge in edges])
    starts, tips = np.array([e[0] for e in ends]), np.array([e[1] for e in ends])
    ways = place_labels(starts, tips, np.where(lengths > 0, lengths + 0.1, 0.0))
    for edge, (start, tip), way in zip(edges, ends, ways, strict=True):
        is_bias = sizes is not None and edge.key[1] == sizes[edge.key[0]]
        labelled_stroke(
            axes, start, tip, edge.label, at=float(way), along=True, colour=colour(edge.role),
            text_colour=colour("ink" if edge.role in ("ink", "muted") else edge.role),
            width=2.0 if edge.bold else 0.9, alpha=0.3 if edge.faded else 1.0,
            style="--" if is_bias else "-",
        )  # fmt: skip


def draw_units(axes: Axes, layout: Layout, units: Sequence[Sequence[Unit]]) -> None:
    """Draw units with the texts in and beside them.

    Parameters
    ----------
    axes : Axes
        Axes of a sheet.
    layout : Layout
        Where the units are; constant units beyond those given show a 1.
    units : sequence of sequence of Unit
        By layer.
    """
    for centres, layer in zip(layout.centres, units, strict=True):
        for at, unit in zip(centres, layer, strict=False):
            _draw_unit(axes, at, unit)
        for at in centres[len(layer) :]:
            _draw_unit(axes, at, Unit("1", role="muted"))


def draw_headings(axes: Axes, layout: Layout, headings: Sequence[str]) -> None:
    """Write a heading above each column.

    Parameters
    ----------
    axes : Axes
        Axes of a sheet.
    layout : Layout
        Where the units are.
    headings : sequence of str
        One for each layer; may be empty strings.
    """
    for centres, text in zip(layout.centres, headings, strict=True):
        write(axes, (centres[0][0], layout.height - 0.13), text, colour("muted"), TEXT_SIZE)


def default_names(sizes: Sequence[int]) -> list[list[str]]:
    """Names of the units in the notation of the course.

    Parameters
    ----------
    sizes : sequence of int
        Units in each layer, input first.

    Returns
    -------
    list of list of str
        Mathtext: x_k in the input layer, a_j and a_i in the others, counted from 1.
    """
    letters = "x" + "a" * (len(sizes) - 1)
    return [
        [f"${letter}_{{{unit + 1}}}$" for unit in range(size)]
        for letter, size in zip(letters, sizes, strict=True)
    ]


def _highlighted(
    sizes: Sequence[int], path: Sequence[int], fan_in: tuple[int, int] | None,
    fan_out: tuple[int, int] | None, biases: bool,
) -> set[EdgeKey]:  # fmt: skip
    keys = all_edges(sizes, biases)
    chosen = {(layer, *pair) for layer, pair in enumerate(pairwise(path))}
    if fan_in:
        chosen |= {key for key in keys if (key[0] + 1, key[2]) == fan_in}
    if fan_out:
        chosen |= {key for key in keys if key[:2] == fan_out}
    for key in chosen:
        require_member("highlighted edge", key, keys)
    return chosen


def network(
    sizes: Sequence[int],
    *,
    names: Sequence[Sequence[str]] | None = None,
    edge_labels: Mapping[EdgeKey, str] | None = None,
    path: Sequence[int] = (),
    fan_in: tuple[int, int] | None = None,
    fan_out: tuple[int, int] | None = None,
    biases: bool = False,
    headings: Sequence[str] | None = None,
    role: str = "forward",
) -> Figure:
    """Draw a fully connected network with names in its units.

    Parameters
    ----------
    sizes : sequence of int
        Units in each layer, input first.
    names : sequence of sequence of str, optional
        Text in the units by layer; x_k and a_j unless given.
    edge_labels : mapping of (layer, source, target) to str, optional
        Labels of chosen connections, such as ``{(0, 1, 0): "$w_{12}$"}``.
    path : sequence of int
        One unit of each layer from the first on: the connections between them are highlighted.
    fan_in, fan_out : tuple of int, optional
        ``(layer, unit)`` whose incoming or outgoing connections are highlighted.
    biases : bool
        Whether each layer but the last has a constant unit 1, whose weights are the biases.
    headings : sequence of str, optional
        A text above each layer.
    role : str
        Palette name of the highlight.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If lengths do not agree with `sizes`, or an edge is not in the network.

    References
    ----------
    D, *Connection Weights*, *Notation*.
    """
    layout = layered_layout(sizes, biases, gap=min(1.86, 5.4 / max(len(sizes) - 1, 1)))
    names, headings = names or default_names(sizes), headings or [""] * len(sizes)
    labels, keys = edge_labels or {}, all_edges(sizes, biases)
    require_same("the layers of names", [len(row) for row in names], "sizes", list(sizes))
    require_same("the number of headings", len(headings), "sizes", len(sizes))
    for key in labels:
        require_member("edge_labels key", key, keys)
    chosen = _highlighted(sizes, path, fan_in, fan_out, biases)
    ends = {key[:2] for key in chosen} | {(key[0] + 1, key[2]) for key in chosen}
    edges = [Edge(key, labels.get(key, ""), role if key in chosen else "ink",
                  bool(chosen) and key not in chosen, key in chosen) for key in keys]  # fmt: skip
    units = [[Unit(name, role=role if (layer, unit) in ends else "ink")
              for unit, name in enumerate(row)] for layer, row in enumerate(names)]  # fmt: skip
    figure, axes = sheet(layout.width, layout.height)
    draw_edges(axes, layout, sorted(edges, key=lambda edge: edge.bold), sizes=sizes)
    draw_units(axes, layout, units)
    draw_headings(axes, layout, headings)
    return figure
