"""ReLU, backward, with slope 0 at 0."""

import numpy as np

from backprop.activations import relu_backward
from coursekit.authoring.exercises import Cases, Exercise

from .activation_layers import ActivationCache, activation_call
from .pages import LAYER


def relu(Z):
    return np.maximum(Z, 0)


def some_exactly_zero(rng):
    Z = rng.normal(size=(3, 4))
    Z[:, 1] = 0
    return rng.normal(size=(3, 4)), ActivationCache(Z, relu(Z))


EXERCISE = Exercise(
    relu_backward,
    cases=[
        Cases("five examples, three units", activation_call(relu, 5, 3), share=0.7),
        Cases("one example", activation_call(relu, 1, 4), share=0.15),
        Cases("some pre-activations exactly 0", some_exactly_zero, share=0.15, count=2),
    ],
    hints=[
        "What is the slope of ReLU to the left of 0, and what is it to the right?",
        "Look at cache.Z, the pre-activations: they decide where the unit is on. A comparison "
        "gives True and False, which multiply like 1 and 0.",
        "Most often the comparison is made with the wrong array, or z = 0 counts as on. Writing"
        " into dA is the third.",
    ],
    situation="shapes?step=11",
)


@EXERCISE.misconception(
    "You pass the gradient on unchanged. Where the unit is off, its output does not change with "
    "z, so nothing goes back through it.",
    f"{LAYER}#The activation between",
)
def derivative_missing(dA, cache):
    return dA.copy()


@EXERCISE.misconception(
    "This is right wherever z is not 0. At z = 0 there is no derivative, and you take 1, which is "
    "another convention. Ours is 0, as the docstring says.",
    f"{LAYER}#The activation between",
)
def another_convention_at_zero(dA, cache):
    return dA * (cache.Z >= 0)


@EXERCISE.misconception(
    "You cut the gradient off where the gradient is negative. What switches a unit off is its own "
    "pre-activation, in the forward pass.",
    f"{LAYER}#The activation between",
)
def mask_of_the_gradient(dA, cache):
    return dA * (dA > 0)


@EXERCISE.misconception(
    "You multiply by the activation itself. What belongs there is its slope, which takes only two "
    "values.",
    f"{LAYER}#The activation between",
)
def activation_for_derivative(dA, cache):
    return dA * cache.A


@EXERCISE.misconception(
    "The numbers are right, but you overwrite dA, and the caller may still need it. Make a new "
    "array.",
    f"{LAYER}#The activation between",
)
def writes_into_its_argument(dA, cache):
    dA[cache.Z <= 0] = 0
    return dA


@EXERCISE.misconception(
    "This is the slope alone. It has to be multiplied by the upstream gradient, dA.",
    f"{LAYER}#The activation between",
)
def upstream_forgotten(dA, cache):
    return (cache.Z > 0).astype(float)


@EXERCISE.misconception(
    "Where z is negative your gradient comes back with its sign turned, as if the output fell "
    "there. The output of a unit that is off does not move at all.",
    f"{LAYER}#The activation between",
)
def sign_for_slope(dA, cache):
    return dA * np.sign(cache.Z)


@EXERCISE.right
def by_where(dA, cache):
    return np.where(cache.Z > 0, dA, 0.0)


@EXERCISE.right
def by_loop(dA, cache):
    dZ = dA.copy()
    for index in np.ndindex(dZ.shape):
        if cache.A[index] <= 0:
            dZ[index] = 0
    return dZ


@EXERCISE.second(derivative_missing)
def passes_on(dA, cache):
    return 1.0 * dA


@EXERCISE.second(another_convention_at_zero)
def one_at_zero(dA, cache):
    return np.where(cache.Z < 0, 0, dA)


@EXERCISE.second(mask_of_the_gradient)
def of_upstream(dA, cache):
    return np.maximum(dA, 0)


@EXERCISE.second(activation_for_derivative)
def by_activation(dA, cache):
    return np.multiply(np.maximum(cache.Z, 0), dA)


@EXERCISE.second(writes_into_its_argument)
def in_place(dA, cache):
    dA *= cache.Z > 0
    return dA


@EXERCISE.second(upstream_forgotten)
def slope(dA, cache):
    return np.where(cache[0] > 0, 1.0, 0.0)


@EXERCISE.second(sign_for_slope)
def turned_round(dA, cache):
    return np.where(cache.Z < 0, -dA, dA) * (cache.Z != 0)
