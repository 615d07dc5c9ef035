"""A cost to attack."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import LOGISTIC


def cost(a, y):
    """Half the squared distance of two arrays of one shape.

    Parameters
    ----------
    a, y : Array, shape (n,)

    Returns
    -------
    float
    """
    return 0.5 * np.sum((y - a) ** 2)


def inputs(rng):
    return rng.normal(size=5), rng.normal(size=5)


EXERCISE = Exercise(
    cost,
    cases=[Cases("random", inputs, share=1)],
    hints=["What is the cost of a = 2 and y = 0?"],
)


@EXERCISE.misconception("There is a half in the formula.", LOGISTIC)
def not_halved(a, y):
    return np.sum((y - a) ** 2)
