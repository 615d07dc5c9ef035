"""Normalise a layer over its units."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import SHAPES, VARIANTS


def normalise_layer(
    X: np.ndarray, gain: np.ndarray, shift: np.ndarray, eps: float
) -> tuple[np.ndarray, np.ndarray]:
    """Normalise what enters a layer.

    Parameters
    ----------
    X : array, shape (n, M)
        One example per column.
    gain, shift : array, shape (n,)
        A factor and a summand for each unit.
    eps : float, > 0
        Is added to the standard deviation, outside of the root.

    Returns
    -------
    spread : array, shape (M,)
        Standard deviation of each example, with n - 1 in the denominator and without eps.
    Y : array, shape (n, M)
        Each example less its mean, divided by its spread and eps; then the shift is added, and
        last comes the gain.

    Examples
    --------
    >>> X, twos = np.array([[1.0], [3.0]]), np.array([2.0, 2.0])
    >>> spread, Y = normalise_layer(X, twos, twos / 2, 0.5)
    >>> spread.round(3), Y.round(3)
    (array([1.414]), array([[0.955],
           [3.045]]))
    """
    away = X - X.mean(axis=0)
    spread = np.sqrt((away**2).sum(axis=0) / (len(X) - 1))
    return spread, gain[:, None] * (away / (spread + eps) + shift[:, None])


def activations(n, M):
    def draw(rng):
        X = rng.normal(1, 2, (n, M))
        return X, rng.uniform(0.5, 2, n), rng.uniform(-1, 1, n), float(rng.uniform(0.2, 0.8))

    return draw


EXERCISE = Exercise(
    normalise_layer,
    cases=[
        Cases("more units than examples", activations(5, 3), share=0.5),
        Cases("more examples than units", activations(3, 4), share=0.5),
    ],
    hints=[
        "How many means are there for 5 units and 3 examples?",
        "Look at the spread first, at what it is divided by; then at where eps, shift and gain "
        "come in, one after the other.",
        "Most often eps stands under the root, or the sum is divided by n.",
    ],
    axes={"n": "unit", "M": "example"},
)


@EXERCISE.misconception(
    "You divide by n. Here the mean was taken from the same numbers, so it is one less.",
    f"{SHAPES}#Shapes and axes",
)
def all_units(X, gain, shift, eps):
    away = X - X.mean(axis=0)
    spread = X.std(axis=0)
    return spread, gain[:, None] * (away / (spread + eps) + shift[:, None])


@EXERCISE.misconception(
    "Your eps stands under the root. It belongs beside the spread.",
    f"{VARIANTS}#Where is ε?",
)
def eps_under_root(X, gain, shift, eps):
    away, spread = X - X.mean(axis=0), X.std(axis=0, ddof=1)
    return spread, gain[:, None] * (away / np.sqrt(spread**2 + eps) + shift[:, None])
