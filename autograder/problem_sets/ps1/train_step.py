"""One whole step of training: forward, backward, change."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from backprop.units import train_step
from coursekit.authoring.exercises import Cases, Exercise

from .pages import HIDDEN, OUTPUT, WHOLE
from .squashing import squash
from .two_passes import downhill, gradients, moved, passes


class UnitLayer(NamedTuple):
    """A layer as the notebook knows it."""

    W: np.ndarray
    b: np.ndarray


def pattern_and_network(*sizes):
    def draw(rng):
        network = [
            UnitLayer(rng.normal(size=(n_out, n_in)), rng.normal(size=n_out))
            for n_in, n_out in pairwise(sizes)
        ]
        x, y = rng.normal(size=sizes[0]), rng.uniform(0.05, 0.95, sizes[-1])
        return network, x, y, float(rng.uniform(0.5, 4))

    return draw


EXERCISE = Exercise(
    train_step,
    cases=[
        Cases("one hidden layer", pattern_and_network(3, 2, 4), share=0.5),
        Cases("two hidden layers", pattern_and_network(2, 4, 3, 5), share=0.2, count=2),
        Cases("all layers of the same size", pattern_and_network(3, 3, 3), share=0.2),
        Cases("no hidden layer", pattern_and_network(3, 2), share=0.1, count=2),
    ],
    hints=[
        "Which of the numbers are still right: the activations, the deltas, or neither? Where "
        "does the first wrong one appear?",
        "Look for three loops, one after the other: activations forward, deltas backward, then "
        "the changes. Which activation does each delta meet?",
        "Most often the weights change too early, so that deltas are computed with new ones; or "
        "the step goes uphill; or the old network is overwritten. In a delta the slope of its "
        "own unit may be missing, or the half of the cost.",
    ],
    situation="microscope?step=13",
    equivalent={
        "apply_changes(network, changes) -> apply_changes(changes, network)": "sums commute",
        "apply_changes: zip(network, changes, strict=True) -> zip(changes, network, strict=True)": (
            "sums commute"
        ),
    },
)


@EXERCISE.misconception(
    "Your step goes uphill: the cost rises. If the cost grows with a weight, that weight has to "
    "become smaller.",
    "book/chain_rule/influence#The sign",
)
def uphill(network, x, y, learning_rate):
    return downhill(network, *passes(network, x, y), -learning_rate)


@EXERCISE.misconception(
    "The deltas of a hidden layer use weights that you have already changed. Finish all deltas "
    "with the old network before any weight changes.",
    f"{WHOLE}#The order matters",
)
def changed_weights(network, x, y, learning_rate):
    activations, _ = passes(network, x, y)
    a = activations[-1]
    delta, changed = (a - y) * a * (1 - a), []
    for layer in reversed(range(len(network))):
        W, b = network[layer]
        a = activations[layer]
        W = W - learning_rate * np.outer(delta, a)
        changed.insert(0, (W, b - learning_rate * delta))
        delta = (W.T @ delta) * a * (1 - a)
    return changed


@EXERCISE.misconception(
    "The weights are right, but the biases stay as they were. A bias is the weight of a constant "
    "input 1 and learns like any other weight.",
    f"{OUTPUT}#The bias",
)
def biases_not_trained(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    return [
        (W - learning_rate * np.outer(d, a), b)
        for (W, b), d, a in zip(network, deltas, activations[:-1], strict=True)
    ]


@EXERCISE.misconception(
    "The output layer is right, but in the hidden layers the slope of the units is missing.",
    f"{HIDDEN}#The number δ of a hidden unit",
)
def hidden_slope_missing(network, x, y, learning_rate):
    return downhill(network, *passes(network, x, y, slope=np.ones_like), learning_rate)


@EXERCISE.misconception(
    "The direction is right, but the learning rate plays no part.",
    "book/chain_rule/influence#How much?",
)
def rate_missing(network, x, y, learning_rate):
    return downhill(network, *passes(network, x, y), 1)


@EXERCISE.misconception(
    "Only the output layer learns. Each layer has weights, and all of them change.",
    f"{WHOLE}#The changes",
)
def output_layer_only(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    W, b = network[-1]
    d, a = deltas[-1], activations[-2]
    last = (W - learning_rate * np.outer(d, a), b - learning_rate * d)
    return [*network[:-1], last]


@EXERCISE.misconception(
    "You return the changes. The exercise asks for the network after the step: old parameters "
    "plus changes.",
    f"{WHOLE}#The changes",
)
def changes_returned(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    return [
        (-learning_rate * np.outer(d, a), -learning_rate * d)
        for d, a in zip(deltas, activations[:-1], strict=True)
    ]


@EXERCISE.misconception(
    "The numbers are right, but you overwrite the network that you were given, and the caller "
    "still needs it. Make new arrays.",
    f"{WHOLE}#The order matters",
)
def network_overwritten(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    for (W, b), d, a in zip(network, deltas, activations[:-1], strict=True):
        W -= learning_rate * np.outer(d, a)
        b -= learning_rate * d
    return network


@EXERCISE.misconception(
    "The weights are right, but the biases go uphill. A bias changes by the same rule as a "
    "weight, with the same sign.",
    f"{WHOLE}#The changes",
)
def biases_uphill(network, x, y, learning_rate):
    passed = passes(network, x, y)
    right, wrong = (downhill(network, *passed, rate) for rate in (learning_rate, -learning_rate))
    return [(W, b) for (W, _), (_, b) in zip(right, wrong, strict=True)]


@EXERCISE.misconception(
    "The two factors in the change of a weight have swapped places. W[i, j] leads from unit j "
    "to unit i: which index belongs to the delta, and which to the activation?",
    f"{OUTPUT}#The number δ",
)
def factors_swapped(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    return [
        (W - learning_rate * np.outer(a, d), b - learning_rate * d)
        for (W, b), d, a in zip(network, deltas, activations[:-1], strict=True)
    ]


@EXERCISE.misconception(
    "You return the gradients. The exercise asks for the network after the step: old weights and "
    "biases minus the learning rate times these.",
    f"{WHOLE}#The changes",
)
def gradients_returned(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    pairs = zip(deltas, activations[:-1], strict=True)
    return [(np.outer(d, a), d) for d, a in pairs]


@EXERCISE.misconception(
    "The deltas of the output units lack their slope, and all deltas before them build on that. "
    "(Only with a cross-entropy does this slope drop out.)",
    f"{OUTPUT}#The number δ",
)
def output_slope_missing(network, x, y, learning_rate):
    return downhill(network, *passes(network, x, y, output_slope=np.ones_like), learning_rate)


@EXERCISE.misconception(
    "Every change is twice what it should be. The square brings a 2 down, and the one half of the "
    "cost cancels it.",
    f"{OUTPUT}#One path",
)
def half_forgotten(network, x, y, learning_rate):
    return downhill(network, *passes(network, x, y), 2 * learning_rate)


@EXERCISE.misconception(
    "You squash the activations once more before you take their slopes. Each has been squashed "
    "already, and its slope can be written with the activation as it is.",
    f"{OUTPUT}#In code",
)
def slopes_at_activations(network, x, y, learning_rate):
    def slope(a):
        return squash(a) * (1 - squash(a))

    return downhill(network, *passes(network, x, y, slope, slope), learning_rate)


@EXERCISE.misconception(
    "On the way back you multiply by W as on the way forward. A hidden unit sums over the units "
    "that it feeds, and these are rows of W. Where all sizes are equal this runs, and is wrong.",
    f"{HIDDEN}#The influence of a hidden unit",
)
def weights_not_transposed(network, x, y, learning_rate):
    return downhill(network, *passes(network, x, y, back=np.matmul), learning_rate)


@EXERCISE.right
def by_matrices(network, x, y, learning_rate):
    signals = [x]
    for W, b in network:
        signals.append(1 / (1 + np.exp(-(W @ signals[-1] + b))))
    influence, new = signals[-1] - y, []
    for (W, b), before, after in zip(network[::-1], signals[-2::-1], signals[::-1], strict=False):
        delta = influence * after * (1 - after)
        new.append((W - learning_rate * delta[:, None] * before, b - learning_rate * delta))
        influence = delta @ W
    return new[::-1]


@EXERCISE.right
def by_measuring(network, x, y, learning_rate):
    """No derivation at all: every parameter is wiggled."""

    def cost(layers):
        signal = x
        for W, b in layers:
            signal = 1 / (1 + np.exp(-(W @ signal + b)))
        return np.sum((signal - y) ** 2) / 2

    new = [(W.copy(), b.copy()) for W, b in network]
    for position, layer in enumerate(network):
        for part in (0, 1):
            for index in np.ndindex(layer[part].shape):
                moved = []
                for h in (1e-4, -1e-4):
                    copy = [[W.copy(), b.copy()] for W, b in network]
                    copy[position][part][index] += h
                    moved.append(cost(copy))
                new[position][part][index] -= learning_rate * (moved[0] - moved[1]) / 2e-4
    return new


@EXERCISE.right
def recursive(network, x, y, learning_rate):
    def learn(layers, signal):
        if not layers:
            return signal - y, []
        W, b = layers[0]
        a = 1 / (1 + np.exp(-(np.matmul(W, signal) + b)))
        influence, rest = learn(layers[1:], a)
        delta = influence * a * (1 - a)
        new = [W - learning_rate * np.outer(delta, signal), b - learning_rate * delta]
        return W.T @ delta, [new, *rest]

    return learn(list(network), x)[1]


@EXERCISE.second(uphill)
def up(network, x, y, learning_rate):
    return moved(network, gradients(network, x, y), -learning_rate)


@EXERCISE.second(changed_weights)
def changed(network, x, y, learning_rate):
    new = [[W.copy(), b.copy()] for W, b in network]
    signals = [x]
    for W, b in network:
        signals.append(squash(W @ signals[-1] + b))
    influence = signals[-1] - y
    for level in reversed(range(len(new))):
        delta = influence * signals[level + 1] * (1 - signals[level + 1])
        new[level][0] -= learning_rate * np.outer(delta, signals[level])
        new[level][1] -= learning_rate * delta
        influence = delta @ new[level][0]
    return new


@EXERCISE.second(biases_not_trained)
def no_bias(network, x, y, learning_rate):
    grads = gradients(network, x, y)
    return [
        (layer[0] - learning_rate * dW, layer[1] + 0)
        for layer, (dW, _) in zip(network, grads, strict=True)
    ]


@EXERCISE.second(hidden_slope_missing)
def no_slope(network, x, y, learning_rate):
    slopes = gradients(network, x, y, hidden_slope=False)
    return moved(network, slopes, learning_rate)


@EXERCISE.second(rate_missing)
def no_rate(network, x, y, learning_rate):
    return moved(network, gradients(network, x, y), 1)


@EXERCISE.second(output_layer_only)
def last_only(network, x, y, learning_rate):
    new = [(W.copy(), b.copy()) for W, b in network]
    dW, db = gradients(network, x, y)[-1]
    new[-1] = (new[-1][0] - learning_rate * dW, new[-1][1] - learning_rate * db)
    return new


@EXERCISE.second(changes_returned)
def changes(network, x, y, learning_rate):
    return [(dW * -learning_rate, db * -learning_rate) for dW, db in gradients(network, x, y)]


@EXERCISE.second(network_overwritten)
def overwritten(network, x, y, learning_rate):
    for layer, (dW, db) in zip(network, gradients(network, x, y), strict=True):
        layer[0][:] = layer[0] - learning_rate * dW
        layer[1][:] = layer[1] - learning_rate * db
    return [(W, b) for W, b in network]


@EXERCISE.second(biases_uphill)
def biases(network, x, y, learning_rate):
    new = [[W.copy(), b.copy()] for W, b in network]
    for layer, (dW, db) in zip(new, gradients(network, x, y), strict=True):
        layer[0] -= learning_rate * dW
        layer[1] += learning_rate * db
    return new


@EXERCISE.second(factors_swapped)
def swapped(network, x, y, learning_rate):
    slopes = [(dW.T, db) for dW, db in gradients(network, x, y)]
    return moved(network, slopes, learning_rate)


@EXERCISE.second(gradients_returned)
def gradients_alone(network, x, y, learning_rate):
    return gradients(network, x, y)


@EXERCISE.second(output_slope_missing)
def errors_as_deltas(network, x, y, learning_rate):
    slopes = gradients(network, x, y, output_slope=False)
    return moved(network, slopes, learning_rate)


@EXERCISE.second(half_forgotten)
def doubled(network, x, y, learning_rate):
    slopes = [(2 * dW, 2 * db) for dW, db in gradients(network, x, y)]
    return moved(network, slopes, learning_rate)


@EXERCISE.second(slopes_at_activations)
def squashed_twice(network, x, y, learning_rate):
    signals, squashed = [x], []
    for W, b in network:
        signals.append(1 / (1 + np.exp(-(W @ signals[-1] + b))))
        squashed.append(1 / (1 + np.exp(-signals[-1])))
    influence, new = signals[-1] - y, []
    for (W, b), before, s in zip(network[::-1], signals[-2::-1], squashed[::-1], strict=True):
        delta = influence * (s - s**2)
        new.insert(0, (W - learning_rate * np.outer(delta, before), b - learning_rate * delta))
        influence = delta @ W
    return new


@EXERCISE.second(weights_not_transposed)
def forward_weights(network, x, y, learning_rate):
    activations, _ = passes(network, x, y)
    delta, new = (activations[-1] - y) * activations[-1] * (1 - activations[-1]), []
    for (W, b), a in zip(network[::-1], activations[-2::-1], strict=True):
        new.insert(0, (W - learning_rate * delta[:, None] * a, b - learning_rate * delta))
        if len(new) < len(network):
            delta = np.dot(W, delta) * a * (1 - a)
    return new
