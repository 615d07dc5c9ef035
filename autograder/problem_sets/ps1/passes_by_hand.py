"""The network that is worked by hand, and how answers are typed."""

import numpy as np

from backprop.traces import trace_pass
from backprop.units import UnitLayer
from coursekit.worker.personal import my_numbers


def somebody(rng):
    """Draws the name of a student, who has numbers of their own."""
    return (f"student {rng.integers(10**9)}",)


def pass_of(student_id):
    """A student's numbers, the layers made of them, and what every layer adds up and sends."""
    own = my_numbers(student_id)
    layers = [
        (np.array([[own["w1"], own["w2"]]]), np.array([own["b"]])),
        (np.array([[own["v1"]], [own["v2"]]]), np.array([own["c1"], own["c2"]])),
    ]
    zs, signals = [], [np.array([own["x1"], own["x2"]])]
    for W, b in layers:
        zs.append(W @ signals[-1] + b)
        signals.append(1 / (1 + np.exp(-zs[-1])))
    return own, layers, zs, signals


def trace_of(student_id):
    """A student's numbers, and every number that the package computes of both passes."""
    own, layers, _, (x, *_) = pass_of(student_id)
    y = np.array([own["y1"], own["y2"]])
    return own, trace_pass([UnitLayer(W, b) for W, b in layers], x, y)


def typed(answers, digits=4):
    """As a student types them: plain numbers with four digits."""
    return {
        key: value if key == "set" else float(f"{float(value):.{digits}g}")
        for key, value in answers.items()
    }
