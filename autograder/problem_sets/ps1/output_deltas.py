"""The deltas of the output units."""

import numpy as np

from backprop.units import output_deltas
from coursekit.authoring.exercises import Cases, Exercise

from .pages import OUTPUT, UNITS
from .squashing import squash


def activations_and_targets(n_out):
    def draw(rng):
        return rng.uniform(0.05, 0.95, n_out), rng.integers(0, 2, n_out).astype(float)

    return draw


EXERCISE = Exercise(
    output_deltas,
    cases=[
        Cases("three outputs", activations_and_targets(3), share=0.7, count=4),
        Cases("one output", activations_and_targets(1), share=0.3),
    ],
    hints=[
        "Delta has two factors: how the cost changes with a, and how a changes with z. What is "
        "each of them for the first unit?",
        "Look at the second factor. It can be written with the activation alone: at which "
        "activation is it largest?",
        "Most often the second factor is missing, or it is computed from the activation as if "
        "that were the pre-activation. A wrong sign comes next, then a factor 2: the cost has a "
        "half.",
    ],
    situation="microscope?step=8&ask=1",
    axes={"n_out": "unit"},
)


@EXERCISE.misconception(
    "This is how fast the cost changes with the activation a, and delta is about z: with this "
    "cost, the step from z to a is still missing. (Only with a cross-entropy would this be delta.)",
    f"{OUTPUT}#One path",
)
def output_derivative_missing(a, y):
    return a - y


@EXERCISE.misconception(
    "The sizes are right and the signs are wrong. If an activation is above its target, a larger "
    "z makes the cost larger: delta is positive there.",
    f"{OUTPUT}#One path",
)
def sign_turned_round(a, y):
    return (y - a) * a * (1 - a)


@EXERCISE.misconception(
    "You squash the activation once more before you take the slope, but it has been squashed "
    "already. The slope at z can be written with the activation as it comes in.",
    f"{UNITS}#The logistic function",
)
def derivative_at_activation(a, y):
    s = 1 / (1 + np.exp(-a))
    return (a - y) * s * (1 - s)


@EXERCISE.misconception(
    "You took the slope of tanh. These units are logistic, and their slope is a different product "
    "of two factors.",
    f"{OUTPUT}#One path",
)
def slope_of_tanh(a, y):
    return (a - y) * (1 - a**2)


@EXERCISE.misconception(
    "This is target minus activation. The influence of the activation has the opposite sign, and "
    "the step from z to a is missing.",
    f"{OUTPUT}#One path",
)
def slope_and_sign(a, y):
    return y - a


@EXERCISE.misconception(
    "Your deltas are twice what they should be. The square brings a 2 down, and the one half of "
    "the cost cancels it.",
    f"{OUTPUT}#One path",
)
def half_forgotten(a, y):
    return 2 * (a - y) * a * (1 - a)


@EXERCISE.misconception(
    "Your first factor is the cost of each unit. What belongs there is how fast that cost changes "
    "with the activation.",
    f"{OUTPUT}#One path",
)
def cost_for_its_derivative(a, y):
    return 0.5 * (y - a) ** 2 * a * (1 - a)


@EXERCISE.right
def by_arrays(a, y):
    return (a - y) * a * (1 - a)


@EXERCISE.right
def by_difference_of_squares(a, y):
    return np.array([(p - p * p) * (p - q) for p, q in zip(a, y, strict=True)])


@EXERCISE.right
def by_expansion(a, y):
    return (a**2 - a**3 - a * y + a**2 * y).tolist()


@EXERCISE.second(output_derivative_missing)
def no_slope(a, y):
    return -(y - a)


@EXERCISE.second(sign_turned_round)
def sign(a, y):
    return np.array([(q - p) * (p - p * p) for p, q in zip(a, y, strict=True)])


@EXERCISE.second(derivative_at_activation)
def twice(a, y):
    s = squash(a)
    return (a - y) * (s - s**2)


@EXERCISE.second(slope_of_tanh)
def tanh(a, y):
    return [(p - q) * (1 - p) * (1 + p) for p, q in zip(a, y, strict=True)]


@EXERCISE.second(slope_and_sign)
def error(a, y):
    return [float(q) - float(p) for p, q in zip(a, y, strict=True)]


@EXERCISE.second(half_forgotten)
def doubled(a, y):
    return [2 * (p - q) * (p - p * p) for p, q in zip(a, y, strict=True)]


@EXERCISE.second(cost_for_its_derivative)
def cost_times_slope(a, y):
    costs = np.square(np.subtract(a, y)) / 2
    return costs * (a - a**2)
