"""A step with a velocity."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import MOMENTUM, VARIANTS


def velocity_step(
    w: np.ndarray, g: np.ndarray, v: np.ndarray, rate: float, alpha: float, decay: float
) -> np.ndarray:
    """Make a step with a velocity.

    Parameters
    ----------
    w, g, v : array, shape (n,)
        Weights, gradient and velocity. The velocity points downhill.
    rate : float
        Learning rate: how far the velocity carries in a step.
    alpha : float, 0 <= alpha < 1
        The share of the velocity that is kept; the pull has the rest, 1 - alpha.
    decay : float
        The weights, multiplied by this, are added to the gradient: that is the pull, which the
        velocity goes against.

    Returns
    -------
    array, shape (2, n)
        First the new velocity, then the new weights. The weights move first, by the velocity as
        it was passed in; the pull is taken at the weights that have moved.

    Examples
    --------
    >>> w, g, v = np.array([1.0]), np.array([2.0]), np.array([4.0])
    >>> velocity_step(w, g, v, 0.5, 0.75, 2.0)
    array([[1.],
           [3.]])
    """
    moved = w + rate * v
    pull = g + decay * moved
    return np.stack([alpha * v - (1 - alpha) * pull, moved])


def in_a_run(n):
    def draw(rng):
        numbers = [float(rng.uniform(a, b)) for a, b in ((0.1, 0.9), (0.5, 0.9), (0.1, 0.8))]
        return *rng.normal(size=(3, n)), *numbers

    return draw


EXERCISE = Exercise(
    velocity_step,
    cases=[
        Cases("three weights", in_a_run(3), share=0.6),
        Cases("five weights", in_a_run(5), share=0.4),
    ],
    hints=[
        "If the gradient is 0 and nothing decays, what becomes of velocity and weights in one "
        "step?",
        "Look at the order: what moves first, and which weights does the decay see?",
        "Most often the new velocity moves the weights, or the pull comes in whole.",
    ],
    axes={"n": "weight"},
    equivalent={
        "np.stack([alpha * v - (1 - alpha) * pull, moved]) -> "
        "[alpha * v - (1 - alpha) * pull, moved]": "a list of two arrays is taken as an array",
    },
)


@EXERCISE.misconception(
    "Your pull comes in whole. It has the share that the old velocity leaves.",
    f"{VARIANTS}#Where is η in momentum?",
)
def whole_pull(w, g, v, rate, alpha, decay):
    moved = w + rate * v
    return np.stack([alpha * v - g - decay * moved, moved])


@EXERCISE.misconception(
    "You renew the velocity first and move with the new one.",
    f"{MOMENTUM}#The rule",
)
def velocity_first(w, g, v, rate, alpha, decay):
    v = alpha * v - (1 - alpha) * (g + decay * w)
    return np.stack([v, w + rate * v])
