"""Weights to begin with, from given numbers."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import SHAPES, STEP


def spread_weights(numbers: np.ndarray, n_in: int, n_out: int, gain: float) -> np.ndarray:
    """Weights to begin with, made of given numbers.

    Parameters
    ----------
    numbers : array, shape (n_in * n_out,)
        Between 0 and 1. They are used up input by input: first for the weights of all units
        from the first input.
    n_in, n_out : int
        Number of inputs and of units.
    gain : float

    Returns
    -------
    array, shape (n_out, n_in + 1)
        The numbers are spread from -b to b, where b is gain times the root of 3 by the number of
        inputs; the bias counts as an input. The first column holds the biases, which all begin
        at half of b.

    Examples
    --------
    >>> spread_weights(np.array([0.0, 0.25, 0.5, 1.0]), 2, 2, 1.0)
    array([[ 0.5, -1. ,  0. ],
           [ 0.5, -0.5,  1. ]])
    """
    bound = gain * np.sqrt(3 / (n_in + 1))
    weights = bound * (2 * numbers - 1).reshape(n_in, n_out).T
    return np.column_stack([np.full(n_out, bound / 2), weights])


def layer_of(n_in, n_out):
    def draw(rng):
        return rng.random(n_in * n_out), n_in, n_out, float(rng.uniform(0.5, 2))

    return draw


EXERCISE = Exercise(
    spread_weights,
    cases=[
        Cases("more inputs than units", layer_of(4, 3), share=0.5),
        Cases("more units than inputs", layer_of(2, 5), share=0.5),
    ],
    hints=[
        "A number of ½: which weight does it become, whatever the gain?",
        "Look at one column: all of its weights come from neighbouring numbers, and the first "
        "column comes from none.",
        "Most often the numbers are used up unit by unit, or the bias is not counted.",
    ],
    axes={"n_out": "unit"},
)


@EXERCISE.misconception(
    "You use the numbers up unit by unit. All units come before the next input.",
    f"{SHAPES}#Shapes and axes",
)
def unit_by_unit(numbers, n_in, n_out, gain):
    turned = numbers.reshape(n_out, n_in).T.ravel()
    return spread_weights(turned, n_in, n_out, gain)


@EXERCISE.misconception(
    "Your bound leaves the bias out of the count.",
    f"{STEP}#One weight",
)
def bias_not_counted(numbers, n_in, n_out, gain):
    return spread_weights(numbers, n_in, n_out, gain * np.sqrt(1 + 1 / n_in))
