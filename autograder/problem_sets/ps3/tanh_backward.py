"""tanh, backward, from its activation."""

import numpy as np

from backprop.activations import tanh_backward
from coursekit.authoring.exercises import Cases, Exercise

from .activation_layers import activation_call
from .pages import LAYER

EXERCISE = Exercise(
    tanh_backward,
    cases=[
        Cases("five examples, three units", activation_call(np.tanh, 5, 3), share=0.8),
        Cases("one example", activation_call(np.tanh, 1, 4), share=0.2),
    ],
    hints=[
        "At which z is tanh steepest, and how steep is it there?",
        "Look at what the cache holds: the slope of tanh can be written with the activation alone.",
        "The usual slips: the slope is taken of the wrong array, it does not multiply dA, tanh "
        "is applied twice, or the square is missing.",
    ],
)


@EXERCISE.misconception(
    "You pass on the gradient of the activations as if it were the gradient of the "
    "pre-activations. The slope of tanh is missing.",
    f"{LAYER}#The activation between",
)
def derivative_missing(dA, cache):
    return dA.copy()


@EXERCISE.misconception(
    "The formula 1 - a² is about the activation a, and you put the pre-activation into it.",
    f"{LAYER}#The activation between",
)
def pre_activation_in_place_of_activation(dA, cache):
    return dA * (1 - cache.Z**2)


@EXERCISE.misconception(
    "You took tanh of the activation, which has been through tanh already. The slope is wanted at "
    "z.",
    f"{LAYER}#The activation between",
)
def tanh_of_tanh(dA, cache):
    return dA * (1 - np.tanh(cache.A) ** 2)


@EXERCISE.misconception(
    "At z = 0 your slope is 1, as it should be, but for negative z it is larger than 1. "
    "The slope of tanh is the same at z and -z.",
    f"{LAYER}#The activation between",
)
def not_squared(dA, cache):
    return dA * (1 - cache.A)


@EXERCISE.misconception(
    "This is the slope of the logistic function, written with its activation. The slope of tanh "
    "is a different one: at z = 0 it is 1.",
    f"{LAYER}#The activation between",
)
def slope_of_the_logistic_function(dA, cache):
    return dA * cache.A * (1 - cache.A)


@EXERCISE.misconception(
    "This is the slope alone. It has to be multiplied by the upstream gradient, dA.",
    f"{LAYER}#The activation between",
)
def upstream_forgotten(dA, cache):
    return 1 - cache.A**2


@EXERCISE.misconception(
    "Your slope grows where the activation is large, as that of the function tan does. tanh "
    "gets flat on both sides, so its slope must fall there.",
    f"{LAYER}#The activation between",
)
def slope_of_the_tangent(dA, cache):
    return dA * (1 + cache.A**2)


@EXERCISE.misconception(
    "At z = 0 your slope is 1, as it should be, but on both sides it falls too slowly: it is "
    "the square root of the slope of tanh.",
    f"{LAYER}#The activation between",
)
def root_of_slope(dA, cache):
    return dA / np.cosh(cache.Z)


@EXERCISE.right
def by_cosh(dA, cache):
    return dA / np.cosh(cache.Z) ** 2


@EXERCISE.right
def by_lists(dA, cache):
    return [
        [d * (1 - a) * (1 + a) for d, a in zip(ds, row, strict=True)]
        for ds, row in zip(dA, cache.A, strict=True)
    ]


@EXERCISE.second(derivative_missing)
def passes_on(dA, cache):
    return 1.0 * dA


@EXERCISE.second(pre_activation_in_place_of_activation)
def at_z(dA, cache):
    return dA - dA * cache.Z * cache.Z


@EXERCISE.second(tanh_of_tanh)
def twice(dA, cache):
    return dA / np.cosh(np.tanh(cache.Z)) ** 2


@EXERCISE.second(not_squared)
def linear(dA, cache):
    return dA - dA * np.tanh(cache.Z)


@EXERCISE.second(slope_of_the_logistic_function)
def as_logistic(dA, cache):
    return (cache.A - cache.A**2) * dA


@EXERCISE.second(upstream_forgotten)
def slope(dA, cache):
    return 1 / np.cosh(cache[0]) ** 2


@EXERCISE.second(slope_of_the_tangent)
def as_tangent(dA, cache):
    return dA + dA * np.tanh(cache.Z) ** 2


@EXERCISE.second(root_of_slope)
def by_circle(dA, cache):
    return np.sqrt(1 - cache.A * cache.A) * dA
