"""The Jacobian of a layer with respect to its weights."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import WEIGHTS


def weight_slopes(W: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Derivatives of what a layer puts out with respect to its weights.

    Parameters
    ----------
    W : array, shape (n_in + 1, n_out)
        Weights from each input to each unit. The first row holds the thresholds, which are
        weights from an input that is always -1.
    x : array, shape (n_in,)
        Inputs, without the -1.

    Returns
    -------
    array, shape (n_weights, n_out)
        A row for each weight, a column for each unit. The weights are taken column by column:
        first all of the first unit. A unit puts out tanh(z/2), where z is its weighted sum.

    Examples
    --------
    >>> weight_slopes(np.zeros((3, 1)), np.array([4.0, 6.0]))
    array([[-0.5],
           [ 2. ],
           [ 3. ]])
    """
    inputs = np.concatenate([[-1.0], x])
    slopes = (1 - np.tanh(inputs @ W / 2) ** 2) / 2
    return np.kron(np.diag(slopes), inputs[:, None])


def layer(n_in, n_out):
    def draw(rng):
        return rng.normal(size=(n_in + 1, n_out)), rng.normal(size=n_in)

    return draw


EXERCISE = Exercise(
    weight_slopes,
    cases=[
        Cases("two inputs, three units", layer(2, 3), share=0.5),
        Cases("three inputs, two units", layer(3, 2), share=0.5),
    ],
    hints=[
        "How many weights are there for 2 inputs and 3 units, and on how many of them does one "
        "unit depend?",
        "Look at one column: where are its zeros? Then at the slope of the unit, and at the row "
        "that stands for a threshold.",
        "Most often the weights are taken row by row, or the inner ½ is lost.",
    ],
    axes={"n_weights": "weight", "n_out": "unit"},
)


@EXERCISE.misconception(
    "You take the weights row by row. Here all weights of a unit stand together.",
    f"{WEIGHTS}#A layer with respect to its weights",
)
def row_by_row(W, x):
    inputs = np.append(-1.0, x)
    return np.kron(inputs[:, None], np.diag((1 - np.tanh(inputs @ W / 2) ** 2) / 2))


@EXERCISE.misconception(
    "The factor ½ in front of the weighted sum is missing in your slope.",
    f"{WEIGHTS}#A layer with respect to its weights",
)
def inner_half_lost(W, x):
    return 2 * weight_slopes(W, x)
