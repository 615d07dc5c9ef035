"""A rectifier to attack."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import LOGISTIC


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


def inputs(rng):
    return rng.normal(size=(3, 4)), rng.uniform(0.1, 0.5)


EXERCISE = Exercise(
    leaky,
    cases=[Cases("both signs", inputs, share=1)],
    hints=["Try z = 2 and z = -2 by hand."],
)


@EXERCISE.misconception("Positive numbers pass.", LOGISTIC)
def slope_everywhere(z, slope):
    return slope * z
