"""Shorten gradients that are too long, all by the same factor."""

import math

import numpy as np

from backprop.optimizers import global_norm
from coursekit.authoring.exercises import Cases, Exercise

from .equivalence import COMMUTES
from .pages import SPACE, STEP
from .parameters import like_params


def clip_gradients(grads: list[np.ndarray], limit: float) -> list[np.ndarray]:
    """Shorten gradients so that all of them together are not longer than a limit.

    Parameters
    ----------
    grads : list of array
        Gradients of all parameters, of any shapes. Together they are one long vector.
    limit : float, > 0
        Largest length of that vector.

    Returns
    -------
    list of array
        The gradients as they are where their length is within the limit; else all of them
        multiplied by one number, so that the length is the limit and the direction is kept.

    Examples
    --------
    >>> clip_gradients([np.array([3.0]), np.array([4.0])], 1.0)
    [array([0.6]), array([0.8])]
    """
    length = np.sqrt(sum(np.sum(g**2) for g in grads))
    return [g * min(1.0, limit / length) for g in grads]


def gradients_of_length(low, high):
    def draw(rng):
        grads = like_params(rng)
        length = np.sqrt(sum(np.sum(g**2) for g in grads))
        return grads, float(length * rng.uniform(low, high))

    return draw


EXERCISE = Exercise(
    clip_gradients,
    cases=[
        Cases("too long", gradients_of_length(0.05, 0.2), share=0.6),
        Cases("short enough", gradients_of_length(1.1, 3), share=0.4, only_with="too long"),
    ],
    hints=[
        "How long are all gradients together, taken as one vector, and is that above the limit?",
        "Look for one length and one factor: the same for every gradient in the list, and only "
        "where the limit is exceeded.",
        "The usual slip is to shorten each gradient, or each entry, separately; that changes the "
        "direction of the step. Next come a length without its squares or its root, lengths that "
        "are added, and shortening what is short enough.",
    ],
    equivalent={
        "min(1.0, limit / length) -> min(limit / length, 1.0)": COMMUTES,
    },
)


@EXERCISE.in_package
def by_backprop(grads, limit):
    """The package measures the length; it cuts nothing."""
    length = global_norm(grads)
    return [g * limit / length if length > limit else g for g in grads]


@EXERCISE.misconception(
    "You shorten each gradient separately. Their proportions change, and with them the direction "
    "of the step.",
    f"{SPACE}#Square to the contours: which way does the gradient point?",
)
def each_by_itself(grads, limit):
    return [g * min(1.0, limit / np.linalg.norm(g)) for g in grads]


@EXERCISE.misconception(
    "You cut single entries, so the step points in another direction. All entries have to shrink "
    "by the same factor.",
    f"{SPACE}#Square to the contours: which way does the gradient point?",
)
def entries_cut(grads, limit):
    return [np.clip(g, -limit, limit) for g in grads]


@EXERCISE.misconception(
    "You give every gradient the length of the limit. Short ones must stay as they are, or the "
    "steps never get short near the minimum.",
    f"{STEP}#One weight",
)
def always_scaled(grads, limit):
    return [g * limit / np.sqrt(sum(np.sum(h**2) for h in grads)) for g in grads]


@EXERCISE.misconception(
    "You compare the limit with the squared length: the root is missing.",
    f"{SPACE}#Square to the contours: which way does the gradient point?",
)
def no_root(grads, limit):
    return [g * min(1.0, limit / sum(np.sum(h**2) for h in grads)) for g in grads]


@EXERCISE.misconception(
    "You look at the longest gradient alone. All of them together form one vector, and that is "
    "longer.",
    f"{SPACE}#Square to the contours: which way does the gradient point?",
)
def longest_alone(grads, limit):
    longest = max(np.linalg.norm(g) for g in grads)
    return [g * min(1, limit / longest) for g in grads]


@EXERCISE.misconception(
    "You add up the lengths of the gradients. All together they are one vector, and that is "
    "shorter than the sum: lengths at right angles do not add.",
    f"{SPACE}#Square to the contours: which way does the gradient point?",
)
def lengths_added(grads, limit):
    total = sum(np.linalg.norm(g) for g in grads)
    return [g * min(1.0, limit / total) for g in grads]


@EXERCISE.right
def by_concatenation(grads, limit):
    length = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return [g.copy() for g in grads] if length <= limit else [g * limit / length for g in grads]


@EXERCISE.right
def by_loop(grads, limit):
    squared = 0.0
    for g in grads:
        for index in np.ndindex(g.shape):
            squared += float(g[index]) ** 2
    factor = limit / max(limit, math.sqrt(squared))
    return [factor * g for g in grads]


@EXERCISE.second(each_by_itself)
def each_alone(grads, limit):
    return [g * limit / max(limit, math.sqrt((g**2).sum())) for g in grads]


@EXERCISE.second(entries_cut)
def entries(grads, limit):
    return [np.minimum(np.maximum(g, -limit), limit) for g in grads]


@EXERCISE.second(always_scaled)
def always(grads, limit):
    length = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return [g / length * limit for g in grads]


@EXERCISE.second(no_root)
def squared(grads, limit):
    squared = sum(float((g * g).sum()) for g in grads)
    return [g if squared <= limit else g * limit / squared for g in grads]


@EXERCISE.second(longest_alone)
def longest(grads, limit):
    longest = np.sqrt(max(np.sum(np.square(g)) for g in grads))
    factor = limit / longest if longest > limit else 1.0
    return [np.multiply(factor, g) for g in grads]


@EXERCISE.second(lengths_added)
def one_after_another(grads, limit):
    total = 0.0
    for g in grads:
        total += math.sqrt((g * g).sum())
    return [g if total <= limit else limit * g / total for g in grads]
