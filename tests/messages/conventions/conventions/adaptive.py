"""A step that each weight scales for itself."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import ADAM, RMSPROP, VARIANTS


def adaptive_step(
    w: np.ndarray, g: np.ndarray, s: np.ndarray, step: int, rate: float, share: float, eps: float
) -> tuple[np.ndarray, np.ndarray]:
    """Make a step in which each weight has a size of its own.

    Parameters
    ----------
    w, g, s : array, shape (n,)
        Weights, their gradient, and the average of its squares, without correction.
    step : int, >= 0
        How many steps were made before this one.
    rate : float
        Learning rate.
    share : float, 0 < share < 1
        The share of the new square in the average.
    eps : float, > 0
        Is added to the corrected average, under the root.

    Returns
    -------
    s : array, shape (n,)
        New average, without correction.
    w : array, shape (n,)
        New weights. The gradient is divided by the root of the new average, which is corrected
        for having begun at 0: divided by 1 less the weight that the beginning still has.

    Examples
    --------
    >>> w, g, s = np.array([1.0]), np.array([2.0]), np.array([0.0])
    >>> adaptive_step(w, g, s, 0, 0.5, 0.25, 5.0)
    (array([1.]), array([0.66666667]))
    """
    s = (1 - share) * s + share * g**2
    corrected = s / (1 - (1 - share) ** (step + 1))
    return s, w - rate * g / np.sqrt(corrected + eps)


def at_step(low, high, n=3):
    def draw(rng):
        step = int(rng.integers(low, high))
        s = rng.uniform(0.5, 2, n) * (step > 0)
        numbers = [float(rng.uniform(a, b)) for a, b in ((0.1, 0.9), (0.1, 0.4), (0.1, 1))]
        return rng.normal(size=n), rng.normal(size=n), s, step, *numbers

    return draw


EXERCISE = Exercise(
    adaptive_step,
    cases=[
        Cases("in the middle of a run", at_step(1, 6), share=0.7, count=4),
        Cases("the first step", at_step(0, 1), share=0.3, count=2),
    ],
    hints=[
        "After the first step, what is the corrected average, whatever the share?",
        "Look at the average alone first: which of the two parts gets `share`? Then at the power "
        "in the correction, at its first step.",
        "Most often the share is taken for what is kept, or the power is one too low.",
    ],
)


@EXERCISE.misconception(
    "You add eps to the root. Here it is added before the root is taken.",
    f"{VARIANTS}#Where is ε?",
)
def eps_outside(w, g, s, step, rate, share, eps):
    s = (1 - share) * s + share * g**2
    return s, w - rate * g / (np.sqrt(s / (1 - (1 - share) ** (step + 1))) + eps)


@EXERCISE.misconception(
    "You use the average as it is. It began at 0, which makes the first steps too long.",
    f"{ADAM}#The rule",
)
def not_corrected(w, g, s, step, rate, share, eps):
    s = s + share * (g**2 - s)
    return s, w - rate * g / np.sqrt(s + eps)


@EXERCISE.misconception(
    "You give the new square what the old average should keep, and the other way round.",
    f"{RMSPROP}#The rule",
)
def shares_swapped(w, g, s, step, rate, share, eps):
    return adaptive_step(w, g, s, step, rate, 1 - share, eps)
