"""The slope of the logistic function."""

import numpy as np

from backprop.activations import logistic_derivative
from coursekit.authoring.exercises import Cases, Exercise

from .logistic import by_loop, by_tanh
from .pages import OUTPUT, UNITS
from .places_on_a_curve import far_from_zero, moderate_inputs, one_number, whole_numbers
from .squashing import squash

EXERCISE = Exercise(
    logistic_derivative,
    cases=[
        Cases("moderate numbers", moderate_inputs, share=0.5),
        Cases("one number", one_number, share=0.15),
        Cases("whole numbers", whole_numbers, share=0.15),
        Cases("far from zero", far_from_zero, share=0.2, count=2),
    ],
    hints=[
        "Draw the curve. How steep is it at z = 0, and how steep far out on either side?",
        "Look at what you feed into the formula. The slope is a product of two factors, and both "
        "are made of the activation at z.",
        "The usual slip is to put z where the activation belongs, to squash twice, or to "
        "measure the slope, which is too coarse. If you use tanh, a half inside it or a quarter"
        " in front of it is easily lost. Then there is an overflow far out on the left.",
    ],
    situation="microscope?example=saturated&step=8&see=u.1.0",
    equivalent={
        "z.real < 0 -> z.real <= 0": "at 0 both forms give the same number",
        "0 -> 1": "between 0 and 1 both forms are safe and equal",
    },
)


@EXERCISE.misconception(
    "You put z where the activation belongs. The product of a and 1 - a is about activations, and "
    "your function is given the pre-activation.",
    f"{UNITS}#The logistic function",
)
def z_for_activation(z):
    return z * (1 - z)


@EXERCISE.misconception(
    "You squash z twice before you take the slope. The exercise asks for the slope at z itself.",
    f"{OUTPUT}#In code",
)
def squashed_twice(z):
    a = 1 / (1 + np.exp(-z))
    b = 1 / (1 + np.exp(-a))
    return b * (1 - b)


@EXERCISE.misconception(
    "One quarter is the slope at z = 0 only. Everywhere else the curve is flatter.",
    f"{UNITS}#The logistic function",
)
def constant_slope(z):
    return np.full(np.shape(z), 0.25)


@EXERCISE.misconception(
    "Your values are right in the middle, but for very negative z you divide infinity by "
    "infinity. Can the slope be written with the activation alone?",
    f"{UNITS}#The logistic function",
)
def overflow(z):
    with np.errstate(all="ignore"):
        return np.exp(-z) / (1 + np.exp(-z)) ** 2


@EXERCISE.misconception(
    "Your slope is below 0, but the curve goes up wherever you look.",
    f"{UNITS}#The logistic function",
)
def sign_turned_round(z):
    a = 1 / (1 + np.exp(-z))
    return a * (a - 1)


@EXERCISE.misconception(
    "You take differences between neighbours in the array. A single number has none, and the "
    "slope at one z does not depend on which others come in with it.",
    f"{UNITS}#The logistic function",
)
def between_neighbours(z):
    return np.gradient(squash(z), z)


@EXERCISE.misconception(
    "You took the slope of tanh, with the activation of a logistic unit in it. The logistic "
    "function has another one: a product of two factors.",
    f"{UNITS}#The logistic function",
)
def slope_of_tanh(z):
    return 1 - squash(z) ** 2


@EXERCISE.misconception(
    "There is a factor z too many. What the chain rule brings in is how fast the exponent changes "
    "with z, not the exponent itself.",
    f"{UNITS}#The logistic function",
)
def exponent_brought_down(z):
    a = by_tanh(z)
    return a * (1 - a) * z


@EXERCISE.right
def by_product(z):
    a = by_tanh(z)
    return a * (1 - a)


@EXERCISE.right
def by_cosh(z):
    return 1 / (4 * np.cosh(np.clip(np.asarray(z, dtype=float), -300, 300) / 2) ** 2)


@EXERCISE.right
def by_difference_of_squares(z):
    a = by_loop(z)
    print("a is", a)
    return a - a**2


@EXERCISE.second(z_for_activation)
def of_z(z):
    return z - np.multiply(z, z)


@EXERCISE.second(squashed_twice)
def of_sigma(z):
    s = squash(squash(z))
    return s - s * s


@EXERCISE.second(constant_slope)
def quarter(z):
    return 0.25 + 0 * np.asarray(z)


@EXERCISE.second(overflow)
def unprotected(z):
    e = np.exp(-np.asarray(z, dtype=float))
    return e / (1 + 2 * e + e * e)


@EXERCISE.second(sign_turned_round)
def negative(z):
    return -by_cosh(z)


@EXERCISE.second(between_neighbours)
def numpy_gradient(z):
    z = np.asarray(z, dtype=float)
    a = 1 / (1 + np.exp(-z))
    return np.gradient(a, z)


@EXERCISE.second(slope_of_tanh)
def two_brackets(z):
    a = by_tanh(z)
    return (1 + a) * (1 - a)


@EXERCISE.second(exponent_brought_down)
def times_z(z):
    return by_cosh(z) * z
