"""Computational graphs and chains: what acts on what, and by how much."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .arguments import require_member, require_same, require_some
from .canvas import (
    SMALL_SIZE,
    TEXT_SIZE,
    Point,
    box_exit,
    labelled_stroke,
    panel,
    sheet,
    stroke,
    text_size,
    write,
)
from .palette import colour

BOX_HEIGHT = 0.36


def _depths(nodes: Sequence[str], edges: Sequence[tuple[str, str, str]]) -> dict[str, int]:
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for start, end, _ in edges:
            depth[end] = max(depth[end], depth[start] + 1)
    if max(depth.values(), default=0) >= len(nodes):
        raise ValueError("edges contain a cycle; a computational graph has none: remove an edge")
    return depth


def layered_positions(
    nodes: Sequence[str], edges: Sequence[tuple[str, str, str]]
) -> dict[str, tuple[float, float]]:
    """Place nodes in columns so that every edge runs to the right.

    Parameters
    ----------
    nodes : sequence of str
        Names, in the order from top to bottom within a column.
    edges : sequence of (str, str, str)
        Start, end and label.

    Returns
    -------
    dict of str to tuple of float
        Column and row of each node; row 0 is the middle and rows count upward. A node that an
        edge jumps over is moved half a row up, so that the edge passes below it.

    Raises
    ------
    ValueError
        If the edges contain a cycle.
    """
    depth = _depths(nodes, edges)
    columns = {d: [node for node in nodes if depth[node] == d] for d in depth.values()}
    jumped = {d for start, end, _ in edges for d in range(depth[start] + 1, depth[end])}
    return {
        node: (float(d), (len(column) - 1) / 2 - row + 0.6 * (d in jumped and len(column) == 1))
        for d, column in columns.items()
        for row, node in enumerate(column)
    }


def _gap(
    positions: Mapping[str, tuple[float, float]], edges: Sequence[tuple[str, str, str]],
    before: float, after: float,
) -> float:  # fmt: skip
    """Inches between two columns: room for the labels of the edges from one to the other."""
    labels = [
        label for start, end, label in edges
        if positions[start][0] <= before and positions[end][0] == after
    ]  # fmt: skip
    longest = max((text_size(label, SMALL_SIZE)[0] for label in labels), default=0.0)
    return max(0.6 * (after - before), longest + 0.55)


def _grid(
    positions: Mapping[str, tuple[float, float]], widths: Mapping[str, float],
    row_height: float, edges: Sequence[tuple[str, str, str]],
) -> tuple[dict[str, Point], float, float]:  # fmt: skip
    columns = sorted({column for column, _ in positions.values()})
    rows = [row for _, row in positions.values()]
    widest = {c: max(widths[n] for n, (k, _) in positions.items() if k == c) for c in columns}
    gaps = np.array([_gap(positions, edges, *pair) for pair in pairwise(columns)])
    excess = sum(widest.values()) + gaps.sum() + 0.3 - 6.4
    gaps -= np.clip(excess / max(len(gaps), 1), 0, 0.22)  # a graph of many columns moves closer
    centres = {columns[0]: 0.15 + widest[columns[0]] / 2}
    for (before, after), gap in zip(pairwise(columns), gaps, strict=True):
        centres[after] = centres[before] + widest[before] / 2 + gap + widest[after] / 2
    width = centres[columns[-1]] + widest[columns[-1]] / 2 + 0.15
    low = 0.35
    points = {
        node: (centres[column], low + BOX_HEIGHT / 2 + (row - min(rows)) * row_height)
        for node, (column, row) in positions.items()
    }
    height = (max(rows) - min(rows)) * row_height + BOX_HEIGHT + low + 0.12
    return points, width, height


def _require_known(
    nodes: Mapping[str, str],
    edges: Sequence[tuple[str, str, str]],
    texts: Mapping[str, Mapping[str, str]],
) -> None:
    for start, end, _ in edges:
        require_member("edges: node", start, nodes)
        require_member("edges: node", end, nodes)
    for name, of_nodes in texts.items():
        for node in of_nodes:
            require_member(f"{name}: node", node, nodes)


def computational_graph(
    nodes: Mapping[str, str],
    edges: Sequence[tuple[str, str, str]],
    *,
    positions: Mapping[str, tuple[float, float]] | None = None,
    gradients: Mapping[str, str] | None = None,
    highlight: Collection[tuple[str, str]] = (),
    row_height: float = 0.85,
    reverse: bool = False,
    roles: Mapping[str, str] | None = None,
) -> Figure:
    r"""Draw a computational graph whose edges carry the local derivatives.

    Parameters
    ----------
    nodes : mapping of str to str
        Name of each node and the text in its box, such as ``{"u": "$u = 6$"}``.
    edges : sequence of (str, str, str)
        Start, end and local derivative ∂end/∂start, which may be empty.
    positions : mapping of str to (float, float), optional
        Column and row (upward) of each node; laid out from the edges unless given.
    gradients : mapping of str to str, optional
        Text below a box, such as ``r"$\partial F/\partial u = 4$"``.
    highlight : collection of (str, str)
        Edges of a path that is drawn bold in the colour of the backward pass.
    row_height : float
        Inches from row to row.
    reverse : bool
        Whether arrows run from end to start, in the colour of the backward pass, as gradients do.
    roles : mapping of str to str, optional
        Palette name of a node, such as "weight" for parameters; "forward" unless given.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If an edge, a position or a gradient names an unknown node, a node has no position,
        the edges contain a cycle, or the graph is wider than a page.

    References
    ----------
    C (5.109), (5.110): drawn as a graph, the sub-expression that is used twice appears once.
    """
    require_some("nodes", nodes)
    gradients, roles = gradients or {}, roles or {}
    _require_known(nodes, edges, {"gradients": gradients, "roles": roles})
    for pair in highlight:
        require_member("highlight: edge", tuple(pair), [edge[:2] for edge in edges])
    positions = positions or layered_positions(list(nodes), edges)
    require_same("the nodes of positions", set(positions), "nodes", set(nodes))
    widths = {node: max(0.44, text_size(text)[0] + 0.22) for node, text in nodes.items()}
    points, width, height = _grid(positions, widths, row_height, edges)
    figure, axes = sheet(width, height)
    for start, end, label in edges:
        _draw_edge(axes, points, widths, start, end, label, (start, end) in set(highlight), reverse)
    on_path = {node for pair in highlight for node in pair}
    for node, text in nodes.items():
        edge = colour("backward" if node in on_path else roles.get(node, "forward"))
        panel(axes, points[node], widths[node], BOX_HEIGHT, text, edge, edge)
        below = (points[node][0], points[node][1] - BOX_HEIGHT / 2 - 0.13)
        write(axes, below, gradients.get(node, ""), colour("backward"), SMALL_SIZE)
    return figure


def _draw_edge(
    axes: Axes, points: Mapping[str, Point], widths: Mapping[str, float],
    start: str, end: str, label: str, bold: bool, reverse: bool,
) -> None:  # fmt: skip
    a, b = points[start], points[end]
    tail = box_exit(a, b, widths[start] + 0.06, BOX_HEIGHT + 0.06)
    tip = box_exit(b, a, widths[end] + 0.08, BOX_HEIGHT + 0.08)
    if reverse:
        tail, tip = tip, tail
    labelled_stroke(
        axes, tail, tip, label, colour=colour("backward" if bold or reverse else "ink"),
        text_colour=colour("backward"), width=2.2 if bold else 1.0,
    )  # fmt: skip


def chain(
    names: Sequence[str],
    influences: Sequence[str],
    *,
    total: str = "",
    values: Sequence[str] | None = None,
) -> Figure:
    """Draw variables that act on one another in a row, with the influence of each on the next.

    Parameters
    ----------
    names : sequence of str
        The variables, such as ``["hand", "mouse", "cursor"]``.
    influences : sequence of str
        One text fewer: the derivative of each variable with respect to the one before it.
    total : str
        Text of the arrow from the first to the last variable, such as ``"2 × 3 = 6"``.
    values : sequence of str, optional
        Text below each variable.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the lengths do not agree, or the chain is wider than a page.

    References
    ----------
    D, *Chain Rule*: "influence of *hand* on *cursor* can act through *mouse*".
    """
    if len(names) < 2:
        raise ValueError(f"names has {len(names)} entries; a chain needs at least 2: add one")
    values = values or [""] * len(names)
    require_same("the number of influences", len(influences), "names", len(names) - 1)
    require_same("the number of values", len(values), "names", len(names))
    widths = [max(0.8, text_size(name, TEXT_SIZE + 1)[0] + 0.3) for name in names]
    gap = max(0.8, max(text_size(text, TEXT_SIZE)[0] for text in influences) + 0.35)
    lefts = 0.1 + np.cumsum([0.0, *[width + gap for width in widths[:-1]]])
    figure, axes = sheet(float(lefts[-1] + widths[-1] + 0.1), 1.75 if total else 1.1)
    points = [(float(left + width / 2), 0.52) for left, width in zip(lefts, widths, strict=True)]
    for at, name, width, value in zip(points, names, widths, values, strict=True):
        panel(axes, at, width, 0.42, name, colour("forward"), colour("forward"), TEXT_SIZE + 1)
        write(axes, (at[0], 0.17), value, size=SMALL_SIZE)
    for k, text in enumerate(influences):
        tail, tip = points[k][0] + widths[k] / 2 + 0.03, points[k + 1][0] - widths[k + 1] / 2 - 0.03
        stroke(axes, (tail, 0.52), (tip, 0.52), width=1.2)
        write(axes, ((tail + tip) / 2, 0.68), text, colour("backward"), TEXT_SIZE)
    if total:
        _draw_total(axes, points, total)
    return figure


def _draw_total(axes: Axes, points: Sequence[Point], total: str) -> None:
    (left, _), (right, _) = points[0], points[-1]
    tone = colour("backward")
    stroke(axes, (left, 0.8), (left, 1.3), tone, 1.4, "--", head=False)
    stroke(axes, (left, 1.3), (right, 1.3), tone, 1.4, "--", head=False)
    stroke(axes, (right, 1.3), (right, 0.78), tone, 1.4, "-")
    write(axes, ((left + right) / 2, 1.47), total, tone, TEXT_SIZE, weight="bold")
