"""Twice a number: the first check that a student meets."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import SHAPES
from .tables import table


def twice(x):
    """Twice the input.

    Parameters
    ----------
    x : float or Array, any shape

    Returns
    -------
    float or Array, same shape as x

    Examples
    --------
    >>> twice(4.5)
    9.0
    """
    return x + x


def one_number(rng):
    return (float(rng.normal()),)


EXERCISE = Exercise(
    twice,
    cases=[
        Cases("one number", one_number, share=0.5),
        Cases("a table", table(2, 3), share=0.5),
    ],
    hints=["Multiply, and do not forget the word return."],
    no_page="it is a first try of the checks",
    alone="it is a first try of the checks",
)


@EXERCISE.misconception("This is the square of the input.", f"{SHAPES}#Two products")
def square(x):
    return x**2


@EXERCISE.misconception("You add 2 to the input.", f"{SHAPES}#Two products")
def two_added(x):
    return x + 2


@EXERCISE.right
def by_addition(x):
    return x + x


@EXERCISE.right
def by_division(x):
    print("twice of", x)
    return np.asarray(x) / 0.5


@EXERCISE.second(square)
def by_itself(x):
    return x * x


@EXERCISE.second(two_added)
def plus_two(x):
    return np.add(x, 2)
