"""What a unit adds up before it squashes."""

import math

import numpy as np

from backprop.activations import logistic
from backprop.units import unit_preactivation
from coursekit.authoring.exercises import Cases, Exercise

from .pages import UNITS


def unit_inputs(n_in):
    def draw(rng):
        return rng.normal(size=n_in), rng.normal(size=n_in), float(rng.normal())

    return draw


def whole_unit_inputs(rng):
    return rng.integers(-4, 5, 3), rng.integers(-4, 5, 3), int(rng.integers(1, 5))


EXERCISE = Exercise(
    unit_preactivation,
    cases=[
        Cases("four inputs", unit_inputs(4), share=0.6),
        Cases("two inputs", unit_inputs(2), share=0.2),
        Cases("one input", unit_inputs(1), share=0.1, count=2),
        Cases("whole numbers", whole_unit_inputs, share=0.1),
    ],
    hints=[
        "Write down the sum for two inputs: how many terms does it have?",
        "Look at each term: there is one product for every input, and one term that belongs to no "
        "input at all.",
        "Most often the bias is missing or is added more than once, an input is skipped, or the "
        "products are not added up; or the sums are formed first and multiplied afterwards.",
    ],
    situation="microscope?step=2&see=u.0.0",
)


@EXERCISE.misconception(
    "Your sum lacks the bias, which is the weight of a constant input 1.", f"{UNITS}#The bias"
)
def bias_forgotten(w, x, b):
    return np.sum(w * x)


@EXERCISE.misconception(
    "You multiply the sum of the weights by the sum of the inputs. Each input has a "
    "weight of its own: multiply first, then add up.",
    f"{UNITS}#A unit",
)
def product_of_sums(w, x, b):
    return np.sum(w) * np.sum(x) + b


@EXERCISE.misconception(
    "You add the bias once for every input. A unit has one bias.", f"{UNITS}#The bias"
)
def bias_with_every_input(w, x, b):
    return np.sum(w * x + b)


@EXERCISE.misconception(
    "You average the products. A unit adds them up, so that more inputs can give more.",
    f"{UNITS}#A unit",
)
def mean_for_sum(w, x, b):
    return np.mean(w * x) + b


@EXERCISE.misconception(
    "This is the activation. The exercise asks for the number before it is squashed.",
    f"{UNITS}#A unit",
)
def squashed(w, x, b):
    return logistic(np.dot(w, x) + b)


@EXERCISE.misconception(
    "The sum of products is right, but you subtract the bias. It is one more term of the sum.",
    f"{UNITS}#The bias",
)
def bias_subtracted(w, x, b):
    return np.dot(w, x) - b


@EXERCISE.misconception(
    "You return one number for each input. A unit adds up the products of all its inputs, and "
    "has one sum.",
    f"{UNITS}#A unit",
)
def not_added_up(w, x, b):
    return w * x + b


@EXERCISE.misconception(
    "You return 1 or 0, as a unit with a threshold sends it. The exercise asks for the number "
    "that such a unit would compare with 0.",
    f"{UNITS}#Neuron, sigmoid, perceptron: what others call it",
)
def threshold(w, x, b):
    return 1.0 if np.dot(w, x) + b > 0 else 0.0


@EXERCISE.right
def by_dot(w, x, b):
    return np.dot(w, x) + b


@EXERCISE.right
def by_constant_input(w, x, b):
    return sum(p * q for p, q in zip([*w, b], [*x, 1], strict=True))


@EXERCISE.second(bias_forgotten)
def no_bias(w, x, b):
    return float(np.dot(w, x))


@EXERCISE.second(product_of_sums)
def sums(w, x, b):
    total = 0
    for p in w:
        for q in x:
            total += p * q
    return total + b


@EXERCISE.second(bias_with_every_input)
def bias_in_loop(w, x, b):
    z = 0
    for p, q in zip(w, x, strict=True):
        z += p * q + b
    return z


@EXERCISE.second(mean_for_sum)
def mean(w, x, b):
    return np.dot(w, x) / len(w) + b


@EXERCISE.second(squashed)
def squashed_by_tanh(w, x, b):
    z = sum(weight * value for weight, value in zip(w, x, strict=True)) + b
    return (1 + math.tanh(z / 2)) / 2


@EXERCISE.second(bias_subtracted)
def bias_taken_away(w, x, b):
    return sum(weight * value for weight, value in zip(w, x, strict=True)) - b


@EXERCISE.second(not_added_up)
def one_for_each_input(w, x, b):
    return [weight * value + b for weight, value in zip(w, x, strict=True)]


@EXERCISE.second(threshold)
def step(w, x, b):
    return np.heaviside(sum(weight * value for weight, value in zip(w, x, strict=True)) + b, 0)
