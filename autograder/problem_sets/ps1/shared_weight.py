"""The influence of a weight that two units share: two paths to the cost."""

import math

import numpy as np

from backprop.activations import logistic
from backprop.units import UnitLayer, pattern_gradients
from coursekit.authoring.exercises import Cases, Exercise

from .pages import HIDDEN, TWO_PATHS
from .squashing import squash


def shared_weight_slope(w, x, y):
    r"""Influence of a weight that two units share, on the cost of one pattern.

    Two logistic units stand one behind the other. Both have the same weight w, and no bias: the
    first receives x, the second receives what the first sends.

    Parameters
    ----------
    w : float
        The weight, of both connections.
    x : float
        Input of the first unit.
    y : float
        Target of the second unit.

    Returns
    -------
    float
        dC/dw, where C is half the squared error of the second unit.

    Examples
    --------
    >>> round(float(shared_weight_slope(1.0, 2.0, 0.0)), 4)
    0.1598
    """
    hidden = logistic(w * x)
    a = logistic(w * hidden)
    delta = (a - y) * a * (1 - a)
    delta_hidden = w * delta * hidden * (1 - hidden)
    return delta * hidden + delta_hidden * x


def one_shared_weight(rng):
    sign = rng.choice([-1.0, 1.0])
    return float(sign * rng.uniform(0.5, 2)), float(rng.normal(scale=2)), float(rng.uniform())


def whole_shared_weight(rng):
    return int(rng.choice([-2, -1, 1, 2])), int(rng.choice([-2, -1, 1, 2])), int(rng.integers(0, 2))


EXERCISE = Exercise(
    shared_weight_slope,
    cases=[
        Cases("numbers", one_shared_weight, share=0.8, count=6),
        Cases("whole numbers", whole_shared_weight, share=0.2),
    ],
    hints=[
        "Suppose the weight had two names, one at each place where it is used. What would be the "
        "influence of each, and of both together?",
        "Look at each path from w to the cost, and write down every factor along it. Then "
        "measure: your central difference takes the cost as a function of w.",
        "Most often one of the two uses is forgotten, or a factor on the longer path; or what "
        "the two paths bring is multiplied, and not added; or the first unit gets a target, too.",
    ],
)


@EXERCISE.in_package
def by_backprop(w, x, y):
    """The package knows of no sharing: it gives each of the two weights its own influence."""
    unit = UnitLayer(np.array([[w]]), np.zeros(1))
    early, late = pattern_gradients([unit, unit], np.array([x]), np.array([y]))
    return early.W[0, 0] + late.W[0, 0]


def shared_parts(w, x, y):
    hidden = squash(w * x)
    a = squash(w * hidden)
    return hidden, (a - y) * a * (1 - a)


@EXERCISE.misconception(
    "You see the weight where the second unit uses it. The first unit uses it too: w has "
    "two paths to the cost.",
    f"{TWO_PATHS}#Why they add",
)
def late_path_only(w, x, y):
    hidden, delta = shared_parts(w, x, y)
    return delta * hidden


@EXERCISE.misconception(
    "You see the weight where the first unit uses it. The second unit uses it too: w has "
    "two paths to the cost.",
    f"{TWO_PATHS}#Why they add",
)
def early_path_only(w, x, y):
    hidden, delta = shared_parts(w, x, y)
    return w * delta * hidden * (1 - hidden) * x


@EXERCISE.misconception(
    "On the longer path, the slope of the first unit is missing.",
    f"{HIDDEN}#The number δ of a hidden unit",
)
def inner_slope_missing(w, x, y):
    hidden, delta = shared_parts(w, x, y)
    return delta * hidden + w * delta * x


@EXERCISE.misconception(
    "A factor is missing on the longer path: how much of the first unit's activation arrives at "
    "the second?",
    f"{HIDDEN}#The influence of a hidden unit",
)
def inner_weight_missing(w, x, y):
    hidden, delta = shared_parts(w, x, y)
    return delta * hidden + delta * hidden * (1 - hidden) * x


@EXERCISE.misconception(
    "You average the two paths. Influences along different paths add.", f"{TWO_PATHS}#Why they add"
)
def paths_averaged(w, x, y):
    return (late_path_only(w, x, y) + early_path_only(w, x, y)) / 2


@EXERCISE.misconception(
    "You multiply the two paths. Along a path influences multiply; different paths add.",
    f"{TWO_PATHS}#Why they add",
)
def paths_multiplied(w, x, y):
    h = logistic(w * x)
    a = logistic(w * h)
    return (a - y) * a * (1 - a) * h * (w * h * (1 - h) * x)


@EXERCISE.misconception(
    "You hold the first unit to the target, too. Only the second unit has one. The first "
    "matters to the cost by what it sends to the second.",
    f"{HIDDEN}#The influence of a hidden unit",
)
def target_for_both(w, x, y):
    hidden, delta = shared_parts(w, x, y)
    return delta * hidden + (hidden - y) * hidden * (1 - hidden) * x


@EXERCISE.misconception(
    "You treat the two units as one, with the weight squared. The first unit squashes what it "
    "adds up, so the two weights do not meet as a product.",
    f"{TWO_PATHS}#Why they add",
)
def one_unit_with_a_square(w, x, y):
    a = squash(w**2 * x)
    return (a - y) * a * (1 - a) * 2 * w * x


@EXERCISE.right
def by_paths(w, x, y):
    h = 1 / (1 + math.exp(-w * x))
    a = 1 / (1 + math.exp(-w * h))
    return (a - y) * (a - a * a) * (h + w * x * (h - h * h))


@EXERCISE.right
def by_complex_step(w, x, y):
    w = w + 1e-30j
    h = 1 / (1 + np.exp(-w * x))
    a = 1 / (1 + np.exp(-w * h))
    return ((y - a) ** 2 / 2).imag / 1e-30


@EXERCISE.right
def by_measuring(w, x, y):
    def cost(v):
        h = 1 / (1 + math.exp(-v * x))
        return (y - 1 / (1 + math.exp(-v * h))) ** 2 / 2

    return (8 * (cost(w + 1e-3) - cost(w - 1e-3)) - cost(w + 2e-3) + cost(w - 2e-3)) / 12e-3


def shared(w, x, y):
    h = squash(w * x)
    a = squash(w * h)
    return h, (a - y) * a * (1 - a)


@EXERCISE.second(late_path_only)
def late(w, x, y):
    h, delta = shared(w, x, y)
    return h * delta


@EXERCISE.second(early_path_only)
def early(w, x, y):
    h, delta = shared(w, x, y)
    return x * (h - h**2) * w * delta


@EXERCISE.second(inner_slope_missing)
def slope(w, x, y):
    h, delta = shared(w, x, y)
    return delta * (h + w * x)


@EXERCISE.second(inner_weight_missing)
def weight(w, x, y):
    h, delta = shared(w, x, y)
    return delta * (h + x * (h - h**2))


@EXERCISE.second(paths_averaged)
def mean(w, x, y):
    return 0.5 * by_paths(w, x, y)


@EXERCISE.second(paths_multiplied)
def product(w, x, y):
    h = 1 / (1 + math.exp(-w * x))
    a = 1 / (1 + math.exp(-w * h))
    late, early = h, w * (h - h * h) * x
    return (a - y) * (a - a * a) * (late * early)


@EXERCISE.second(target_for_both)
def two_errors(w, x, y):
    total, signal = 0.0, x
    for _ in range(2):
        a = 1 / (1 + math.exp(-w * signal))
        total += (a - y) * (a - a * a) * signal
        signal = a
    return total


@EXERCISE.second(one_unit_with_a_square)
def collapsed(w, x, y):
    a = 1 / (1 + math.exp(-w * (w * x)))
    return 2 * w * x * (a - a * a) * (a - y)
