"""Hold a gradient to differences of the cost."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import CHECKING, NUMERICAL


def slopes_agree(
    gradient: np.ndarray, ahead: np.ndarray, behind: np.ndarray, h: float, limit: float
) -> tuple[int, float, bool]:
    """Hold a gradient to differences of the cost.

    Parameters
    ----------
    gradient : array, shape (n,)
        To be checked.
    ahead, behind : array, shape (n,)
        The cost with each weight in turn made larger, and made smaller, by half of h.
    h : float, > 0
        How far the two places are apart.
    limit : float, > 0
        The largest error that is admitted.

    Returns
    -------
    place : int
        Where the error is largest; the first weight is number 1.
    error : float
        The largest error. The error of a weight is the distance of the two slopes, divided by
        the absolute value of the larger one.
    passed : bool
        Whether the largest error is within the limit, which it may reach.

    Examples
    --------
    >>> gradient, ahead, behind = np.array([[3.0, 4.0], [3.0, 3.0], [1.0, 1.0]])
    >>> slopes_agree(gradient, ahead, behind, 1.0, 0.5)
    (2, 0.5, True)
    """
    numeric = (ahead - behind) / h
    errors = np.abs(gradient - numeric) / np.maximum(np.abs(gradient), np.abs(numeric))
    worst = int(np.argmax(errors))
    return worst + 1, float(errors[worst]), bool(errors[worst] <= limit)


def costs(n, off):
    """A gradient of which one entry is off, by a share of it."""

    def draw(rng):
        slopes = rng.choice([-1.0, 1.0], n) * rng.uniform(0.5, 2, n)
        behind, h = rng.normal(size=n), float(rng.uniform(0.1, 0.3))
        gradient = slopes * rng.uniform(0.99, 1.01, n)
        gradient[rng.integers(n)] *= off
        return gradient, behind + h * slopes, behind, h, 0.25

    return draw


def just_at_the_limit(rng):
    """Powers of 2, so that nothing is rounded."""
    slopes = rng.permutation([4.0, -2.0, 8.0])
    behind = rng.integers(-4, 4, 3) * 1.0
    return slopes * [1, 2, 1], behind + slopes / 4, behind, 0.25, 0.5


EXERCISE = Exercise(
    slopes_agree,
    cases=[
        Cases("one slope too large", costs(4, 1.6), share=0.4),
        Cases("one slope too small", costs(5, 0.9), share=0.4),
        Cases("just at the limit", just_at_the_limit, share=0.2),
    ],
    hints=[
        "How far apart are the two places at which the cost was measured?",
        "Look at one weight: by what is the distance of its two slopes divided?",
        "Most often the difference is divided by 2h, as where h is the way to each side.",
    ],
    equivalent={
        "np.maximum(np.abs(gradient), np.abs(numeric)) -> "
        "np.maximum(np.abs(numeric), np.abs(gradient))": "the larger of two has no order",
    },
)


@EXERCISE.misconception(
    "You divide by 2h. Here h is the whole distance of the two places.",
    f"{NUMERICAL}#Error one: truncation",
)
def twice_h(gradient, ahead, behind, h, limit):
    return slopes_agree(gradient, ahead, behind, 2 * h, limit)


@EXERCISE.misconception(
    "You divide by the sum of both slopes. The larger one alone is asked for.",
    f"{CHECKING}#How far off is too far?",
)
def by_sum(gradient, ahead, behind, h, limit):
    numeric = (ahead - behind) / h
    errors = np.abs(gradient - numeric) / (np.abs(gradient) + np.abs(numeric))
    return int(np.argmax(errors)) + 1, float(errors.max()), bool(errors.max() <= limit)
