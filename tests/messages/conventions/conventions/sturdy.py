"""A mean of gradients that single examples cannot spoil."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import MINIBATCH, STEP


def sturdy_mean(G: np.ndarray, limit: float) -> tuple[int, np.ndarray]:
    """A mean of gradients that no single example can spoil.

    Parameters
    ----------
    G : array, shape (n, M)
        The gradient of one example per column.
    limit : float, > 0
        The longest that a gradient may be. Its length is the root of the mean of the squares of
        its n entries.

    Returns
    -------
    out : int
        How many gradients are left out: those longer than twice the limit.
    mean : array, shape (n,)
        The mean of all others. Those longer than the limit are shortened to it before.

    Examples
    --------
    >>> sturdy_mean(np.array([[1.0, 3.0, 8.0], [1.0, 3.0, 8.0]]), 2.0)
    (1, array([1.5, 1.5]))
    """
    lengths = np.sqrt(np.mean(G**2, axis=0))
    kept = lengths <= 2 * limit
    factors = np.minimum(1, limit / lengths[kept])
    return int(np.sum(~kept)), (factors * G[:, kept]).mean(axis=1)


def gradients_of(n, *lengths):
    """Gradients of given lengths, in limits."""

    def draw(rng):
        limit = float(rng.uniform(0.5, 1.5))
        G = rng.normal(size=(n, len(lengths)))
        G *= limit * np.array(lengths) / np.sqrt(np.mean(G**2, axis=0))
        return rng.permuted(G, axis=0), limit

    return draw


def at_the_bound(rng):
    """Lengths that are whole numbers: nothing is rounded."""
    signs = rng.choice([-1.0, 1.0], (4, 3))
    signs[:2, 0] = 1, -1
    return signs * [4.0, 1.0, 6.0], 2.0


EXERCISE = Exercise(
    sturdy_mean,
    cases=[
        Cases("short, long and too long", gradients_of(3, 0.6, 1.5, 2.6, 3.5, 0.8), share=0.5),
        Cases("more entries than examples", gradients_of(5, 1.4, 0.7, 2.4), share=0.3),
        Cases("just twice the limit", at_the_bound, share=0.2),
    ],
    hints=[
        "A gradient of n equal entries c: how long is it, and does that depend on n?",
        "Look at the three kinds apart from each other: those within the limit, those within "
        "twice the limit, and the rest.",
        "Most often the mean is divided by all examples, or the usual length is taken.",
    ],
    axes={"n": "weight"},
    equivalent={
        "np.minimum(1, limit / lengths[kept]) -> np.minimum(limit / lengths[kept], 1)": (
            "the smaller of two has no order"
        ),
    },
)


@EXERCISE.misconception(
    "You divide by the number of all examples. Those that are left out do not count.",
    f"{MINIBATCH}#Sum or mean",
)
def by_all(G, limit):
    out, mean = sturdy_mean(G, limit)
    return out, mean * (G.shape[1] - out) / G.shape[1]


@EXERCISE.misconception(
    "Your length is the root of a sum. Here it is that of a mean, so that layers of any size can "
    "be compared.",
    f"{STEP}#One weight",
)
def root_of_sum(G, limit):
    return sturdy_mean(G, limit / np.sqrt(len(G)))
