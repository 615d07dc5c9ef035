"""Scale a minibatch with statistics that go along."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import MINIBATCH, VARIANTS


def scale_batch(
    X: np.ndarray, mean: np.ndarray, variance: np.ndarray, rate: float, eps: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scale a minibatch, and keep account of it.

    Parameters
    ----------
    X : array, shape (M, n)
        One example per row.
    mean, variance : array, shape (n,)
        What is known so far of each input.
    rate : float, 0 < rate < 1
        The share that the minibatch has in the new mean and in the new variance.
    eps : float, > 0
        Is added to the variance, under the root.

    Returns
    -------
    mean, variance : array, shape (n,)
        The new ones. The variance of a minibatch is taken around its own mean, with M - 1 in the
        denominator.
    Y : array, shape (M, n)
        The minibatch less the new mean, divided by the root of the new variance and eps.

    Examples
    --------
    >>> X = np.array([[1.0], [3.0]])
    >>> scale_batch(X, np.array([4.0]), np.array([4.0]), 0.5, 1.0)
    (array([3.]), array([3.]), array([[-1.],
           [ 0.]]))
    """
    mean = (1 - rate) * mean + rate * X.mean(axis=0)
    variance = (1 - rate) * variance + rate * X.var(axis=0, ddof=1)
    return mean, variance, (X - mean) / np.sqrt(variance + eps)


def minibatch(M, n):
    def draw(rng):
        X = rng.normal(1, 2, (M, n))
        rate, eps = float(rng.uniform(0.1, 0.4)), float(rng.uniform(0.1, 1))
        return X, rng.normal(size=n), rng.uniform(0.5, 2, n), rate, eps

    return draw


EXERCISE = Exercise(
    scale_batch,
    cases=[
        Cases("four examples", minibatch(4, 2), share=0.6),
        Cases("more inputs than examples", minibatch(3, 5), share=0.4),
    ],
    hints=[
        "If rate were 1, what would the new mean be?",
        "Look at the three results in their order: each uses the ones before it.",
        "Most often the minibatch is scaled with its own mean and not with the one that goes "
        "along.",
    ],
    axes={"M": "example", "n": "input"},
)


@EXERCISE.misconception(
    "You scale with the mean and the variance of the minibatch. Use those that go along.",
    f"{MINIBATCH}#Rows or columns",
)
def own_statistics(X, mean, variance, rate, eps):
    mean, variance, _ = scale_batch(X, mean, variance, rate, eps)
    return mean, variance, (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0, ddof=1) + eps)


@EXERCISE.misconception(
    "You add eps to the root. Here it is added to the variance.",
    f"{VARIANTS}#Where is ε?",
)
def eps_outside(X, mean, variance, rate, eps):
    mean, variance, _ = scale_batch(X, mean, variance, rate, eps)
    return mean, variance, (X - mean) / (np.sqrt(variance) + eps)
