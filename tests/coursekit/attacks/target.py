"""Two exercises to attack."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise, Misconception


def leaky(z, slope):
    """Rectifier that lets a little of the negative side through.

    Parameters
    ----------
    z : Array, any shape
    slope : float
        Between 0 and 1.

    Returns
    -------
    Array, same shape as z
    """
    return np.where(z > 0, z, slope * z)


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


def leaky_inputs(rng):
    return rng.normal(size=(3, 4)), rng.uniform(0.1, 0.5)


def cost_inputs(rng):
    return rng.normal(size=5), rng.normal(size=5)


def slope_everywhere(z, slope):
    return slope * z


def not_halved(a, y):
    return np.sum((y - a) ** 2)


SECTION = "book/chain_rule/units#The logistic function"

EXERCISES = {
    "target-leaky": Exercise(
        cases=[Cases("both signs", leaky_inputs, share=1)],
        misconceptions=[
            Misconception("slope-everywhere", slope_everywhere, "Positive numbers pass.", SECTION)
        ],
        hints=["Try z = 2 and z = -2 by hand."],
    ),
    "target-cost": Exercise(
        cases=[Cases("random", cost_inputs, share=1)],
        misconceptions=[
            Misconception("not-halved", not_halved, "There is a half in the formula.", SECTION)
        ],
        hints=["What is the cost of a = 2 and y = 0?"],
    ),
}
