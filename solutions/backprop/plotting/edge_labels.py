"""Where to put the labels of many crossing edges so that none lies on another edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
WAYS = np.linspace(0.14, 0.8, 34)


def _distance_to_segments(points: Array, starts: Array, ends: Array) -> Array:
    vectors = ends - starts
    offsets = points[:, None] - starts
    part = (offsets * vectors).sum(-1) / (vectors**2).sum(-1)
    nearest = starts + np.clip(part, 0, 1)[..., None] * vectors
    return np.hypot(*np.moveaxis(points[:, None] - nearest, -1, 0)).min(axis=0)


def _footprint(start: Array, end: Array, way: float, length: float) -> Array:
    vector = end - start
    direction = vector / np.hypot(*vector)
    return start + way * vector + np.linspace(-0.5, 0.5, 7)[:, None] * length * direction


def _clearance(print_: Array, others: tuple[Array, Array], placed: list[Array]) -> float:
    to_edges = _distance_to_segments(print_, *others).min(initial=1.0) if len(others[0]) else 1.0
    to_labels = [np.hypot(*(print_[:, None] - p[None]).transpose(2, 0, 1)).min() for p in placed]
    return float(min(to_edges, 0.75 * min(to_labels, default=1.0)))


def _free_ways(edge: float, label: float) -> Array:
    """Places at which the label leaves room for the start and the head of its arrow."""
    free = WAYS[(WAYS * edge - label / 2 > 0.06) & ((1 - WAYS) * edge - label / 2 > 0.2)]
    return free if free.size else np.array([0.45])


def place_labels(starts: Array, ends: Array, lengths: Array) -> Array:
    """Choose for each edge how far along it its label sits.

    Parameters
    ----------
    starts, ends : Array, shape (n_edges, 2)
        Ends of all edges, labelled or not, in inches.
    lengths : Array, shape (n_edges,)
        Width of each label in inches; 0 for an edge without one.

    Returns
    -------
    Array, shape (n_edges,)
        The part of the way, between 0.14 and 0.8; 0.5 without a label.

    Notes
    -----
    Greedy: edge by edge the place that is farthest from the other edges and from the labels
    already placed. That is enough for the few dozen edges that a page can show.
    """
    ways = np.full(len(starts), 0.5)
    placed: list[Array] = []
    for index in np.flatnonzero(lengths):
        free = _free_ways(float(np.hypot(*(ends[index] - starts[index]))), lengths[index])
        others = (np.delete(starts, index, axis=0), np.delete(ends, index, axis=0))
        prints = [_footprint(starts[index], ends[index], way, lengths[index]) for way in free]
        best = int(np.argmax([_clearance(print_, others, placed) for print_ in prints]))
        ways[index] = free[best]
        placed.append(prints[best])
    return ways
