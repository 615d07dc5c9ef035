"""The deltas of a hidden layer: the paths to the cost add up."""

import numpy as np

from backprop.units import hidden_deltas
from coursekit.authoring.exercises import Cases, Exercise

from .pages import HIDDEN, OUTPUT, TWO_PATHS
from .squashing import squash


def hidden_inputs(n_next, n_hidden):
    def draw(rng):
        return (
            rng.normal(size=(n_next, n_hidden)),
            rng.normal(size=n_next),
            rng.uniform(0.05, 0.95, n_hidden),
        )

    return draw


EXERCISE = Exercise(
    hidden_deltas,
    cases=[
        Cases("two hidden units, three outputs", hidden_inputs(3, 2), share=0.4),
        Cases("four hidden units, three outputs", hidden_inputs(3, 4), share=0.3),
        Cases("as many hidden as output units", hidden_inputs(3, 3), share=0.2),
        Cases("one output", hidden_inputs(1, 3), share=0.1, count=2),
    ],
    hints=[
        "Pick one hidden unit. Which units of the next layer does it feed, and so along how many "
        "paths does it reach the cost?",
        "Look at one path: it brings back a delta times the weight on the way. Then ask how the "
        "paths are combined, and which factor belongs to the hidden unit itself.",
        "Most often the sum runs along the wrong axis of W_next, the slope of the hidden unit "
        "is left out or is that of tanh, or weights and deltas are added up separately and "
        "multiplied only afterwards.",
    ],
    situation="microscope?step=11&ask=1",
    axes={"n_hidden": "hidden unit"},
)


@EXERCISE.misconception(
    "You add up along the wrong axis of W_next. The sum runs over the units that hidden unit j "
    "feeds, that is, over rows: look at one column of W_next.",
    f"{HIDDEN}#The influence of a hidden unit",
)
def weights_transposed(W_next, deltas_next, a):
    return (W_next @ deltas_next) * a * (1 - a)


@EXERCISE.misconception(
    "This is how fast the cost changes with the activation of the hidden unit. Delta is about its "
    "pre-activation, so the slope of the unit is missing.",
    f"{HIDDEN}#The number δ of a hidden unit",
)
def slope_missing(W_next, deltas_next, a):
    return W_next.T @ deltas_next


@EXERCISE.misconception(
    "You follow the path through the last unit only. Each unit that the hidden unit feeds is one "
    "path to the cost, and paths add. Perhaps there is an = where += is meant.",
    f"{TWO_PATHS}#Why they add",
)
def last_path_only(W_next, deltas_next, a):
    for weights, delta in zip(W_next, deltas_next, strict=True):
        influence = weights * delta
    return influence * a * (1 - a)


@EXERCISE.misconception(
    "You add up the deltas of the next layer without the weights on the way. Seen from "
    "the hidden unit, the weight says how much of its activation arrives.",
    f"{HIDDEN}#The influence of a hidden unit",
)
def weights_missing(W_next, deltas_next, a):
    return np.sum(deltas_next) * a * (1 - a)


@EXERCISE.misconception(
    "You squash the activation once more before you take the slope. It has been squashed already.",
    f"{OUTPUT}#In code",
)
def slope_at_activation(W_next, deltas_next, a):
    s = 1 / (1 + np.exp(-a))
    return (W_next.T @ deltas_next) * s * (1 - s)


@EXERCISE.misconception(
    "You average over the paths. Influences along different paths add.", f"{TWO_PATHS}#Why they add"
)
def mean_over_paths(W_next, deltas_next, a):
    return (W_next.T @ deltas_next) / len(deltas_next) * a * (1 - a)


@EXERCISE.misconception(
    "You follow the path through the first unit only. Each unit that the hidden unit feeds is one "
    "path to the cost, and paths add. Perhaps a return stands inside a loop.",
    f"{TWO_PATHS}#Why they add",
)
def first_path_only(W_next, deltas_next, a):
    return W_next[0] * deltas_next[0] * a * (1 - a)


@EXERCISE.misconception(
    "You took the slope of tanh. These hidden units are logistic, and their slope is a different "
    "product of two factors.",
    f"{HIDDEN}#The number δ of a hidden unit",
)
def slope_of_tanh(W_next, deltas_next, a):
    return (W_next.T @ deltas_next) * (1 - a**2)


@EXERCISE.misconception(
    "You multiply the sum of the weights by the sum of the deltas. Each path has its own weight"
    " and its own delta: what does one path bring back, before the paths are added?",
    f"{HIDDEN}#The influence of a hidden unit",
)
def product_of_sums(W_next, deltas_next, a):
    return W_next.sum(axis=0) * deltas_next.sum() * a * (1 - a)


@EXERCISE.right
def by_einsum(W_next, deltas_next, a):
    return np.einsum("ij,i,j->j", W_next, deltas_next, a - a**2)


@EXERCISE.right
def by_accumulation(W_next, deltas_next, a):
    influence = np.zeros(len(a))
    for i in range(len(deltas_next)):
        for j in range(len(a)):
            influence[j] += W_next[i][j] * deltas_next[i]
    return influence * a * (1 - a)


@EXERCISE.right
def by_diagonal(W_next, deltas_next, a):
    return deltas_next @ W_next @ np.diag(a * (1 - a))


@EXERCISE.second(weights_transposed)
def rows(W_next, deltas_next, a):
    out = np.zeros(len(a))
    for j in range(len(a)):
        for i in range(len(deltas_next)):
            out[j] += W_next[j, i] * deltas_next[i]
    return out * a * (1 - a)


@EXERCISE.second(slope_missing)
def no_slope(W_next, deltas_next, a):
    return np.array([np.dot(W_next[:, j], deltas_next) for j in range(len(a))])


@EXERCISE.second(last_path_only)
def overwritten(W_next, deltas_next, a):
    out = np.zeros(len(a))
    for j in range(len(a)):
        for i in range(len(deltas_next)):
            out[j] = W_next[i, j] * deltas_next[i]
        out[j] *= a[j] * (1 - a[j])
    return out


@EXERCISE.second(weights_missing)
def no_weights(W_next, deltas_next, a):
    return np.array([sum(deltas_next) * p * (1 - p) for p in a])


@EXERCISE.second(slope_at_activation)
def twice(W_next, deltas_next, a):
    s = squash(a)
    return np.dot(deltas_next, W_next) * (s - s**2)


@EXERCISE.second(mean_over_paths)
def mean(W_next, deltas_next, a):
    return np.mean(W_next * deltas_next[:, None], axis=0) * a * (1 - a)


@EXERCISE.second(first_path_only)
def first(W_next, deltas_next, a):
    return [float(deltas_next[0]) * w * (p - p * p) for w, p in zip(W_next[0], a, strict=True)]


@EXERCISE.second(slope_of_tanh)
def tanh(W_next, deltas_next, a):
    return [(1 - p) * (1 + p) * (w @ deltas_next) for w, p in zip(W_next.T, a, strict=True)]


@EXERCISE.second(product_of_sums)
def sums(W_next, deltas_next, a):
    slopes = [p * (1 - p) for p in a]
    return [sum(w) * sum(deltas_next) * slope for w, slope in zip(W_next.T, slopes, strict=True)]
