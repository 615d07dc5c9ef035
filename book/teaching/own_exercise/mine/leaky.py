"""A rectifier that lets a little of the negative side through."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

UNITS = "book/chain_rule/units"


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

    Examples
    --------
    >>> leaky(np.array([-2.0, 3.0]), 0.5)
    array([-1.,  3.])
    """
    return np.where(z > 0, z, slope * z)


def inputs(*shape):
    def draw(rng):
        return rng.normal(size=shape), rng.uniform(0.1, 0.5)

    return draw


EXERCISE = Exercise(
    leaky,
    cases=[
        Cases("a table", inputs(3, 4), share=0.5),
        Cases("a vector", inputs(8), share=0.5),
    ],
    hints=[
        "What should come out for z = 2 and for z = -2, worked out by hand?",
        "Look at the condition: which side of 0 is it about, and what happens on the other one?",
        "Most often the slope acts on both sides, or on the wrong one.",
    ],
    equivalent={
        "z > 0 -> z >= 0": "at 0 both sides are 0",
    },
)


@EXERCISE.misconception(
    "The slope acts on positive numbers too. Which side should stay as it is?",
    f"{UNITS}#The logistic function",
)
def slope_everywhere(z, slope):
    return slope * z


@EXERCISE.right
def by_maximum(z, slope):
    return np.maximum(z, slope * z)


@EXERCISE.right
def by_mask(z, slope):
    result = z.copy()
    result[z < 0] *= slope
    return result


@EXERCISE.second(slope_everywhere)
def shrunk(z, slope):
    return z - (1 - slope) * z
