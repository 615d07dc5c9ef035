"""The logistic function, safe for all numbers."""

import math

import numpy as np

from backprop.activations import logistic
from coursekit.authoring.exercises import Cases, Exercise

from .pages import UNITS
from .places_on_a_curve import far_from_zero, moderate_inputs, one_number, whole_numbers
from .squashing import squash

EXERCISE = Exercise(
    logistic,
    cases=[
        Cases("moderate numbers", moderate_inputs, share=0.5),
        Cases("one number", one_number, share=0.15),
        Cases("whole numbers", whole_numbers, share=0.15),
        Cases("far from zero", far_from_zero, share=0.2, count=2),
    ],
    hints=[
        "What is the logistic function at z = 0, worked out by hand? And what should its values "
        "at 2 and at -2 add up to?",
        "Look at the exponent. exp of a large positive number overflows; exp of a large negative "
        "one is just 0. Can you arrange the formula so that only the second kind occurs?",
        "Three slips are common: a minus that is lost in the exponent or beside it, a formula "
        "that is fine near 0 but overflows far out on one side, and a limit that cuts z off too "
        "soon.",
    ],
    equivalent={
        "z.real < 0 -> z.real <= 0": "at 0 both forms give the same number",
        "0 -> 1": "between 0 and 1 both forms are safe and equal",
    },
)


@EXERCISE.misconception(
    "Your values fall where they should rise: for large z they come close to 0. Look at the sign "
    "in the exponent.",
    f"{UNITS}#The logistic function",
)
def sign_of_exponent(z):
    return 1 / (1 + np.exp(z))


@EXERCISE.misconception(
    "These are values of tanh, which runs from -1 to 1. The logistic function runs from 0 to 1.",
    f"{UNITS}#The logistic function",
)
def tanh_for_logistic(z):
    return np.tanh(z)


@EXERCISE.misconception(
    "Your values are right in the middle, but for large z you divide infinity by infinity. Make "
    "sure that no exp gets a large positive number.",
    f"{UNITS}#The logistic function",
)
def overflow(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / (1 + np.exp(z))


@EXERCISE.right
def by_tanh(z):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))


@EXERCISE.right
def by_loop(z):
    z = np.array(z, dtype=float)
    out = np.empty_like(z)
    for index in np.ndindex(z.shape):
        out[index] = 0.0 if z[index] < -700 else 1 / (1 + math.exp(-z[index]))
    return out


@EXERCISE.right
def in_lists(z):
    if isinstance(z, list):
        return [in_lists(part) for part in z]
    if np.ndim(z):
        return in_lists(np.asarray(z).tolist())
    return math.exp(min(z, 0)) / (math.exp(-abs(z)) + 1)


@EXERCISE.right
def with_a_warning(z):
    z = np.asarray(z, dtype=np.float64)
    return 1 / (1 + np.exp(-z))


@EXERCISE.second(sign_of_exponent)
def one_minus(z):
    return 1 - squash(z)


@EXERCISE.second(tanh_for_logistic)
def tanh_by_exp(z):
    e = np.exp(-2 * np.abs(np.asarray(z, dtype=float)))
    return np.sign(z) * (1 - e) / (1 + e)


@EXERCISE.second(overflow)
def unprotected(z):
    e = np.exp(np.asarray(z, dtype=float))
    return e / (e + 1)
