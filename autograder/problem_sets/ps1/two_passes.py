"""Both passes and the step that they lead to, each so that a mistake can be put in."""

import numpy as np

from .squashing import squash


def logistic_slope(a):
    return a * (1 - a)


def transposed(W, delta):
    return W.T @ delta


def passes(network, x, y, slope=logistic_slope, output_slope=logistic_slope, back=transposed):
    """Activations and deltas of all layers."""
    activations = [x]
    for W, b in network:
        activations.append(squash(W @ activations[-1] + b))
    a = activations[-1]
    deltas = [(a - y) * output_slope(a)]
    for (W, _), a in zip(network[:0:-1], activations[-2:0:-1], strict=True):
        deltas.insert(0, back(W, deltas[0]) * slope(a))
    return activations, deltas


def downhill(network, activations, deltas, learning_rate):
    """The network after a step, by what the two passes gave."""
    return [
        (W - learning_rate * np.outer(d, a), b - learning_rate * d)
        for (W, b), d, a in zip(network, deltas, activations[:-1], strict=True)
    ]


def gradients(network, x, y, hidden_slope=True, output_slope=True):
    """Of all weights and biases, with both passes in one walk."""
    signals = [x]
    for W, b in network:
        signals.append(squash(W @ signals[-1] + b))
    out, influence = [], signals[-1] - y
    for level in range(len(network) - 1, -1, -1):
        a = signals[level + 1]
        sloped = output_slope if level == len(network) - 1 else hidden_slope
        delta = influence * a * (1 - a) if sloped else influence
        out.insert(0, (np.outer(delta, signals[level]), delta))
        influence = network[level][0].T @ delta
    return out


def moved(network, slopes, learning_rate):
    """The network after a step against these gradients."""
    return [
        (W - learning_rate * dW, b - learning_rate * db)
        for (W, b), (dW, db) in zip(network, slopes, strict=True)
    ]
