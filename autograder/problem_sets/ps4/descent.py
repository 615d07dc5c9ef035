"""One step of gradient descent."""

import math

import numpy as np

from backprop.optimizers import GradientDescent, GradientDescentState
from coursekit.authoring.exercises import Cases, Exercise

from .optimizer_steps import steps_of
from .pages import SPACE, STEP
from .parameters import like_params


def descent_step(
    params: list[np.ndarray], grads: list[np.ndarray], learning_rate: float
) -> list[np.ndarray]:
    r"""One step of gradient descent.

    Parameters
    ----------
    params : list of array
        Parameters, of any shapes.
    grads : list of array
        The gradient of each of them, in the same order and of the same shape.
    learning_rate : float
        η.

    Returns
    -------
    list of array
        New parameters. The old ones stay as they are.

    Notes
    -----
    .. math:: \theta_{t+1} = \theta_t - \eta\, g_t

    Examples
    --------
    >>> descent_step([np.array([1.0, 3.0])], [np.array([2.0, -1.0])], 0.1)
    [array([0.8, 3.1])]
    """
    return [p - learning_rate * g for p, g in zip(params, grads, strict=True)]


def descent_call(rng):
    return like_params(rng), like_params(rng), float(rng.uniform(0.05, 0.5))


def descent_of_one(rng):
    return like_params(rng, shapes=((2, 3),)), like_params(rng, shapes=((2, 3),)), 0.3


EXERCISE = Exercise(
    descent_step,
    cases=[
        Cases("three parameters", descent_call, share=0.8),
        Cases("one parameter", descent_of_one, share=0.2, count=2),
    ],
    hints=[
        "If the gradient of a parameter is positive, should the parameter grow or shrink?",
        "Look at what you return: a new list, made by going through parameters and gradients side "
        "by side.",
        "The usual slips: a sign, a change returned in place of the new parameters, or the old "
        "arrays overwritten by `-=`.",
    ],
)


@EXERCISE.steps_in_package(new="grads", carried=["params"])
def by_backprop(params, grads, learning_rate):
    optimizer = GradientDescent(learning_rate)
    for moved, _ in steps_of(optimizer, params, GradientDescentState(step=0), grads):
        yield moved


@EXERCISE.misconception(
    "You step uphill. The gradient points to where the cost grows.",
    f"{SPACE}#Square to the contours: which way does the gradient point?",
)
def ascent(params, grads, learning_rate):
    return [p + learning_rate * g for p, g in zip(params, grads, strict=True)]


@EXERCISE.misconception(
    "The numbers are right, but you overwrite the old parameters. The caller may still need them: "
    "as the best so far, or to compare with.",
    f"{SPACE}#How an optimizer is called",
)
def in_place(params, grads, learning_rate):
    for p, g in zip(params, grads, strict=True):
        p -= learning_rate * g
    return params


@EXERCISE.misconception(
    "You return the change of the parameters. The exercise asks for the new parameters.",
    f"{SPACE}#How an optimizer is called",
)
def change_returned(params, grads, learning_rate):
    return [-learning_rate * g for g in grads]


@EXERCISE.misconception(
    "You divide each gradient by its length. Then the steps do not get shorter where the ground "
    "is flat.",
    f"{STEP}#One weight",
)
def direction_only(params, grads, learning_rate):
    return [p - learning_rate * g / np.linalg.norm(g) for p, g in zip(params, grads, strict=True)]


@EXERCISE.right
def by_loop(params, grads, learning_rate):
    new = []
    for k in range(len(params)):
        p = params[k].copy()
        for index in np.ndindex(p.shape):
            p[index] -= learning_rate * grads[k][index]
        new.append(p)
    return new


@EXERCISE.right
def by_subtract(params, grads, learning_rate):
    return tuple(map(lambda p, g: np.subtract(p, np.multiply(learning_rate, g)), params, grads))


@EXERCISE.second(ascent)
def uphill(params, grads, learning_rate):
    return [p - (-learning_rate) * g for p, g in zip(params, grads, strict=True)]


@EXERCISE.second(in_place)
def overwrites(params, grads, learning_rate):
    for k in range(len(params)):
        np.subtract(params[k], learning_rate * grads[k], out=params[k])
    return list(params)


@EXERCISE.second(change_returned)
def change(params, grads, learning_rate):
    return [0 - g * learning_rate for g in grads]


@EXERCISE.second(direction_only)
def unit_length(params, grads, learning_rate):
    return [
        p - learning_rate * g / math.sqrt((g**2).sum()) for p, g in zip(params, grads, strict=True)
    ]
