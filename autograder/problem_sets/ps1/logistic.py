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
        "that is fine near 0 but overflows far out on one side, and a limit that cuts z off too"
        " soon. Next comes a sum over all entries, or the largest of them: each entry is "
        "squashed by itself.",
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


@EXERCISE.misconception(
    "Your values never fall below one half: the left side of your curve is the mirror image of "
    "the right one. It should go on falling there, towards 0.",
    f"{UNITS}#The logistic function",
)
def mirror_image(z):
    return 1 / (1 + np.exp(-np.abs(z)))


@EXERCISE.misconception(
    "You divide by a sum over all entries, as softmax does. Here each entry is squashed by "
    "itself, whatever the others are.",
    f"{UNITS}#The logistic function",
)
def shares_of_all(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


@EXERCISE.misconception(
    "You subtract the largest entry of z from all entries. In softmax that changes nothing. "
    "Here you get the values of the function at other places than z.",
    f"{UNITS}#The logistic function",
)
def shifted_by_the_largest(z):
    e = np.exp(z - np.max(z))
    return e / (1 + e)


@EXERCISE.misconception(
    "You return a straight line that is cut off at 0 and 1. Some libraries use it for speed. The "
    "logistic function is a smooth curve that never gets to 0 or 1.",
    f"{UNITS}#The logistic function",
)
def straight_line(z):
    return np.clip(0.2 * np.asarray(z) + 0.5, 0, 1)


@EXERCISE.misconception(
    "You return the tangent at z = 0, cut off at 0 and 1. The curve touches this line at z = 0 "
    "only: everywhere else the curve is flatter.",
    f"{UNITS}#The logistic function",
)
def tangent_cut_off(z):
    return np.clip(0.25 * np.asarray(z) + 0.5, 0, 1)


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


@EXERCISE.second(mirror_image)
def larger_of_both(z):
    return np.maximum(squash(z), 1 - squash(z))


@EXERCISE.second(shares_of_all)
def softmax(z):
    return np.exp(z - np.logaddexp.reduce(np.ravel(z)))


@EXERCISE.second(shifted_by_the_largest)
def squashed_after_a_shift(z):
    z = np.asarray(z, dtype=float)
    return squash(z - z.max())


@EXERCISE.second(straight_line)
def hard_sigmoid(z):
    return np.maximum(0, np.minimum(1, (np.asarray(z) + 2.5) / 5))


@EXERCISE.second(tangent_cut_off)
def ramp(z):
    z = np.asarray(z)
    return np.where(z < -2, 0, np.where(z > 2, 1, (2 + z) / 4))
