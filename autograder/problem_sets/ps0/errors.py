"""Subtract a column of targets from a vector of predictions, without broadcasting."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import SHAPES


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


EXERCISE = Exercise(
    errors,
    cases=[
        Cases("four predictions", predictions_and_targets(4), share=0.6),
        Cases("three predictions", predictions_and_targets(3), share=0.4),
    ],
    hints=[
        "Which shapes do a, y and a - y have? Print all three: is the last one what you expect?",
        "Look at y: it is a column with two axes, and a is a vector with one. Make them alike "
        "before you subtract.",
        "The usual slip is to subtract at once: NumPy then pairs each number of a with each "
        "number of y, and reports no error. Next come a sign that is turned or lost, and one "
        "target that is taken for all.",
    ],
    axes={"M": "prediction"},
    alone="it is about NumPy's broadcasting",
)


@EXERCISE.misconception(
    "A vector minus a column is a square table in NumPy: each number of the one meets each number "
    "of the other. Make the two shapes equal before you subtract.",
    f"{SHAPES}#Broadcasting",
)
def broadcast(a, y):
    return a - y


@EXERCISE.misconception(
    "The numbers are right, but they stand in a column. The exercise asks for a vector.",
    f"{SHAPES}#Shapes and axes",
)
def column(a, y):
    return a[:, None] - y


@EXERCISE.misconception(
    "You subtract the prediction from the target. The exercise asks for the opposite.",
    f"{SHAPES}#Broadcasting",
)
def reversed_(a, y):
    return y[:, 0] - a


@EXERCISE.misconception(
    "These are the sizes of the errors. The sign of an error counts, too: it says whether the "
    "prediction is too high or too low.",
    f"{SHAPES}#Broadcasting",
)
def sizes(a, y):
    return np.abs(a - y[:, 0])


@EXERCISE.misconception(
    "You square the errors, as a cost does. The exercise asks for the errors themselves, each with "
    "its sign.",
    f"{SHAPES}#Broadcasting",
)
def squares(a, y):
    return (a - y[:, 0]) ** 2


@EXERCISE.misconception(
    "You subtract the first target from all predictions. Each prediction has a target of its own, "
    "in the row of y that has the same number.",
    f"{SHAPES}#Shapes and axes",
)
def first_target_for_all(a, y):
    return a - y[0]


@EXERCISE.misconception(
    "You subtract all targets from the first prediction. Each target belongs to one prediction, "
    "the one that has the same number.",
    f"{SHAPES}#Broadcasting",
)
def first_prediction_for_all(a, y):
    return (a - y)[:, 0]


@EXERCISE.right
def by_loop(a, y):
    return [p - t for p, (t,) in zip(a, y, strict=True)]


@EXERCISE.right
def by_ravel(a, y):
    return np.subtract(a, y.ravel())


@EXERCISE.second(broadcast)
def with_an_axis(a, y):
    return a[None, :] - y


@EXERCISE.second(column)
def column_by_loop(a, y):
    return np.array([[p - t] for p, (t,) in zip(a, y, strict=True)])


@EXERCISE.second(reversed_)
def negative(a, y):
    return -(a - y.ravel())


@EXERCISE.second(sizes)
def sizes_by_loop(a, y):
    return [abs(p - t) for p, (t,) in zip(a, y, strict=True)]


@EXERCISE.second(squares)
def squares_of_opposites(a, y):
    return np.square(np.subtract(y.ravel(), a))


@EXERCISE.second(first_target_for_all)
def first_row_of_the_table(a, y):
    return (a - y)[0]


@EXERCISE.second(first_prediction_for_all)
def by_one_prediction(a, y):
    return np.array([a[0] - target for target in y[:, 0]])
