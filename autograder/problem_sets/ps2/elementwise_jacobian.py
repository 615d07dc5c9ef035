"""The Jacobian of an element-wise function is diagonal."""

import math

import numpy as np

from backprop.activations import logistic_derivative
from backprop.jacobians import elementwise_jacobian
from coursekit.authoring.exercises import Cases, Exercise

from .pages import ELEMENTWISE
from .squashing import squash


def logistic_jacobian(z):
    r"""Jacobian of the logistic function, applied to every entry of a vector.

    Parameters
    ----------
    z : Array, shape (n,)
        Pre-activations.

    Returns
    -------
    Array, shape (n, n)
        Entry [i, j] is the derivative of activation i with respect to pre-activation j.

    Examples
    --------
    >>> logistic_jacobian(np.array([0.0, 0.0]))
    array([[0.25, 0.  ],
           [0.  , 0.25]])
    """
    return np.diag(logistic_derivative(z))


def pre_activations(n):
    def draw(rng):
        return (rng.normal(scale=2, size=n),)

    return draw


def whole_pre_activations(rng):
    return (rng.integers(-3, 4, 3),)


EXERCISE = Exercise(
    logistic_jacobian,
    cases=[
        Cases("three units", pre_activations(3), share=0.5),
        Cases("five units", pre_activations(5), share=0.2),
        Cases("one unit", pre_activations(1), share=0.1, count=2),
        Cases("whole numbers", whole_pre_activations, share=0.2),
    ],
    hints=[
        "How much does output 0 change when only input 1 changes?",
        "Look at the entries off the diagonal first, then at what stands on it. np.diag makes a "
        "matrix from a vector.",
        "Most often the slopes are right but stand in a vector, or in every row; or the diagonal "
        "holds something else than slopes; or what belongs to softmax stands beside it.",
    ],
    axes={"n": "unit"},
)


@EXERCISE.in_package
def by_backprop(z):
    return elementwise_jacobian(logistic_derivative(z))


@EXERCISE.misconception(
    "These are the right slopes, but in a vector. A Jacobian is a matrix: where in it do the "
    "slopes stand, and what stands elsewhere?",
    f"{ELEMENTWISE}#Each output sees one input",
)
def vector_of_slopes(z):
    return squash(z) * (1 - squash(z))


@EXERCISE.misconception(
    "You let every output depend on every input. Output i depends on input i alone.",
    f"{ELEMENTWISE}#Each output sees one input",
)
def every_row_full(z):
    return np.ones((len(z), 1)) * vector_of_slopes(z)


@EXERCISE.misconception(
    "You squash z twice before you take the slope.", f"{ELEMENTWISE}#Each output sees one input"
)
def slope_at_activation(z):
    return np.diag(vector_of_slopes(squash(z)))


@EXERCISE.misconception(
    "Your diagonal holds the activations. It should hold the slopes.",
    f"{ELEMENTWISE}#Each output sees one input",
)
def activations_for_slopes(z):
    return np.diag(squash(z))


@EXERCISE.misconception(
    "Your diagonal is right, but beside it two factors of different units are multiplied. Each of "
    "these entries asks how output i moves with an input that is not its own.",
    f"{ELEMENTWISE}#Each output sees one input",
)
def product_of_all_pairs(z):
    a = squash(z)
    return np.outer(a, 1 - a)


@EXERCISE.misconception(
    "You use the formula for the Jacobian of softmax, whose outputs share one sum. The logistic"
    " function takes each entry by itself.",
    f"{ELEMENTWISE}#Each output sees one input",
)
def as_for_softmax(z):
    a = squash(z)
    return np.diag(a) - np.outer(a, a)


@EXERCISE.right
def by_mask(z):
    a = np.tanh(np.asarray(z) / 2) / 2 + 0.5
    return np.eye(len(z)) * (a - a**2)


@EXERCISE.right
def by_loop(z):
    J = np.zeros((len(z), len(z)))
    for i, value in enumerate(z):
        J[i, i] = 1 / (2 + 2 * math.cosh(value))
    return J


@EXERCISE.second(vector_of_slopes)
def vector(z):
    a = squash(z)
    return a - a**2


@EXERCISE.second(every_row_full)
def full(z):
    a = squash(z)
    return np.tile(a - a**2, (len(z), 1))


@EXERCISE.second(slope_at_activation)
def twice(z):
    a = squash(squash(z))
    return np.eye(len(z)) * (a - a**2)


@EXERCISE.second(activations_for_slopes)
def values(z):
    return np.eye(len(z)) * squash(z)


@EXERCISE.second(product_of_all_pairs)
def pairs(z):
    a = squash(z)
    return [[p * (1 - q) for q in a] for p in a]


@EXERCISE.second(as_for_softmax)
def softmax(z):
    a = squash(z)
    return a[:, None] * (np.eye(len(z)) - a)
