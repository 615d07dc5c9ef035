"""Cases, misconceptions and hints of problem set 0."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise, Misconception

SHAPES = "book/prerequisites/shapes"
SUMS = "book/prerequisites/sums"


# A first function


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


def table(M, n):
    def draw(rng):
        return (rng.normal(size=(M, n)),)

    return draw


def twice_squared(x):
    return x**2


def twice_plus_two(x):
    return x + 2


TWICE = Exercise(
    cases=[
        Cases("one number", one_number, share=0.5),
        Cases("a table", table(2, 3), share=0.5),
    ],
    misconceptions=[
        Misconception(
            "square", twice_squared, "This is the square of the input.", f"{SHAPES}#Two products"
        ),
        Misconception(
            "two-added", twice_plus_two, "You add 2 to the input.", f"{SHAPES}#Two products"
        ),
    ],
    hints=["Multiply, and do not forget the word return."],
)


# Sums along an axis


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


def sums_of_rows(X):
    return X.sum(axis=1)


def sum_of_everything(X):
    return X.sum()


def sums_kept(X):
    return X.sum(axis=0, keepdims=True)


def means_of_columns(X):
    return X.mean(axis=0)


COLUMN_SUMS = Exercise(
    cases=[
        Cases("two rows, three columns", table(2, 3), share=0.5),
        Cases("five rows, two columns", table(5, 2), share=0.3),
        Cases("as many rows as columns", table(3, 3), share=0.2),
    ],
    misconceptions=[
        Misconception(
            "rows",
            sums_of_rows,
            "You add up each row. The axis that you name is the one that disappears.",
            f"{SHAPES}#Shapes and axes",
        ),
        Misconception(
            "everything",
            sum_of_everything,
            "You add up everything. One axis must remain: that of the columns.",
            f"{SHAPES}#Shapes and axes",
        ),
        Misconception(
            "axis-kept",
            sums_kept,
            "The numbers are right, but there is an axis of length 1 too many.",
            f"{SHAPES}#Shapes and axes",
        ),
        Misconception(
            "mean",
            means_of_columns,
            "You divide by the number of rows. Asked for are sums.",
            f"{SUMS}#Two indices",
        ),
    ],
    hints=["Which of the two axes must disappear?", "sum takes an argument axis."],
)


# Shapes that broadcast


def errors(a, y):
    """Errors of M predictions, whose targets come as a column.

    Parameters
    ----------
    a : Array, shape (M,)
        Predictions.
    y : Array, shape (M, 1)
        Targets, a table with one column.

    Returns
    -------
    Array, shape (M,)
        Prediction minus target, for each of the M.

    Examples
    --------
    >>> errors(np.array([1.0, 2.0, 3.0]), np.array([[1.0], [1.0], [1.0]]))
    array([0., 1., 2.])
    """
    targets = y[:, 0]
    return a - targets


def predictions_and_targets(M):
    def draw(rng):
        return rng.normal(size=M), rng.normal(size=(M, 1))

    return draw


def errors_broadcast(a, y):
    return a - y


def errors_as_column(a, y):
    return a[:, None] - y


def errors_reversed(a, y):
    return y[:, 0] - a


ERRORS = Exercise(
    cases=[
        Cases("four predictions", predictions_and_targets(4), share=0.6),
        Cases("three predictions", predictions_and_targets(3), share=0.4),
    ],
    misconceptions=[
        Misconception(
            "broadcast",
            errors_broadcast,
            "A vector minus a column is a square table in NumPy: every prediction meets every "
            "target. Make both shapes equal before you subtract.",
            f"{SHAPES}#Broadcasting",
        ),
        Misconception(
            "column",
            errors_as_column,
            "The numbers are right, in a column. Asked for is a vector.",
            f"{SHAPES}#Shapes and axes",
        ),
        Misconception(
            "reversed",
            errors_reversed,
            "You subtract the prediction from the target; the other way round is asked.",
            f"{SHAPES}#Broadcasting",
        ),
    ],
    hints=["Print a.shape, y.shape and (a - y).shape.", "y[:, 0] is a vector."],
)


EXERCISES = {"ps0-twice": TWICE, "ps0-column-sums": COLUMN_SUMS, "ps0-errors": ERRORS}
