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
    hints=[
        "What should come out for x = 3, and what does your function give for it?",
        "Look at the last line of the function: which sign stands between x and the 2, and does "
        "the line begin with return?",
        "Two slips are common here: a power where a product belongs, and a result that is "
        "computed or printed but never returned. And `float` takes one number, where a table may "
        "come in.",
    ],
    no_page="it is a first try of the checks",
    alone="it is a first try of the checks",
)


@EXERCISE.misconception(
    "You squared the input: 3 became 9, and twice 3 is 6.", f"{SHAPES}#Two products"
)
def square(x):
    return x**2


@EXERCISE.misconception(
    "You added 2 to the input: 5 became 7, and twice 5 is 10.", f"{SHAPES}#Two products"
)
def two_added(x):
    return x + 2


@EXERCISE.misconception(
    "You return the input two times, one copy beside the other. Twice a number is again one "
    "number, and in a table each entry is doubled in its place.",
    f"{SHAPES}#Two products",
)
def side_by_side(x):
    return np.array([x, x])


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


@EXERCISE.second(side_by_side)
def listed(x):
    return [x for _ in range(2)]
