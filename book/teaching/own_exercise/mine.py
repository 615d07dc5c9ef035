"""The declarations beside mine.md."""

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


def inputs(rng):
    return rng.normal(size=(3, 4)), rng.uniform(0.1, 0.5)


def slope_everywhere(z, slope):
    return slope * z


EXERCISES = {
    "mine-leaky": Exercise(
        cases=[Cases("both signs", inputs, share=1)],
        misconceptions=[
            Misconception(
                "slope-everywhere",
                slope_everywhere,
                "The slope acts on positive numbers too. Which side should stay as it is?",
                "book/chain_rule/units#The logistic function",
            )
        ],
        hints=["Try z = 2 and z = -2 by hand."],
    )
}
