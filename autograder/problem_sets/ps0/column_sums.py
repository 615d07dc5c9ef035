"""Sum each column of a table."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import SHAPES, SUMS
from .tables import table


def column_sums(X):
    """Sum of each column of a table.

    Parameters
    ----------
    X : Array, shape (M, n)
        A table of M rows and n columns.

    Returns
    -------
    Array, shape (n,)
        Entry j is the sum of column j.

    Examples
    --------
    >>> column_sums(np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]))
    array([11., 22., 33.])
    """
    return np.sum(X, axis=0)


EXERCISE = Exercise(
    column_sums,
    cases=[
        Cases("two rows, three columns", table(2, 3), share=0.5),
        Cases("five rows, two columns", table(5, 2), share=0.3),
        Cases("as many rows as columns", table(3, 3), share=0.2),
    ],
    hints=[
        "A table with 3 rows and 2 columns goes in. How many numbers should come out?",
        "Look at how you add up. In a call, the axis that you name is the one that disappears; "
        "in a loop, each row counts, the first and the last as well.",
        "The usual slip is the other axis, or none at all: NumPy then adds up the whole table. "
        "In a loop a row is skipped or counted twice, or a `return` comes too early.",
    ],
    situation="shapes?step=13",
    axes={"n": "column"},
    alone="it is about NumPy's axes",
)


@EXERCISE.misconception(
    "You add up each row, so you get one number for each row. Entry j should be the sum of "
    "column j. If you name an axis in a call, that axis disappears.",
    f"{SHAPES}#Shapes and axes",
)
def rows(X):
    return X.sum(axis=1)


@EXERCISE.misconception(
    "You add up the whole table. One axis has to remain: the one that counts the columns.",
    f"{SHAPES}#Shapes and axes",
)
def everything(X):
    return X.sum()


@EXERCISE.misconception(
    "The numbers are right, but the result has an extra axis of length 1.",
    f"{SHAPES}#Shapes and axes",
)
def axis_kept(X):
    return X.sum(axis=0, keepdims=True)


@EXERCISE.misconception(
    "You divide by the number of rows. The exercise asks for sums, not for means.",
    f"{SUMS}#Two indices",
)
def mean(X):
    return X.mean(axis=0)


@EXERCISE.misconception(
    "The first row counts twice. Where the sums begin with that row, it must not be added once "
    "more.",
    f"{SUMS}#One index",
)
def first_row_twice(X):
    return X[0] + X.sum(axis=0)


@EXERCISE.misconception(
    "You count the rows, and form that many sums. There is one sum for each column.",
    f"{SHAPES}#Shapes and axes",
)
def as_many_as_rows(X):
    return np.array([X[:, j].sum() for j in range(len(X))])


@EXERCISE.right
def by_product(X):
    return np.ones(len(X)) @ X


@EXERCISE.right
def by_loop(X):
    return [sum(row[j] for row in X) for j in range(X.shape[1])]


@EXERCISE.second(rows)
def row_by_row(X):
    return np.array([sum(row) for row in X])


@EXERCISE.second(everything)
def total(X):
    return sum(sum(row) for row in X)


@EXERCISE.second(axis_kept)
def as_one_row(X):
    return np.ones((1, len(X))) @ X


@EXERCISE.second(mean)
def averaged(X):
    return sum(X) / len(X)


@EXERCISE.second(first_row_twice)
def started_with_a_row(X):
    sums = X[0].copy()
    for row in X:
        sums += row
    return sums


@EXERCISE.second(as_many_as_rows)
def a_place_for_each_row(X):
    sums = np.zeros(len(X))
    for row in X:
        for j in range(len(sums)):
            sums[j] += row[j]
    return sums
