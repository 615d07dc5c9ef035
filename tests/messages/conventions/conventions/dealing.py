"""Deal examples out to minibatches."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import BATCH


def make_batches(
    X: np.ndarray, y: np.ndarray, count: int, rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Make minibatches of examples.

    Parameters
    ----------
    X : array, shape (n, M)
        One example per column.
    y : array, shape (M,)
        The label of each example.
    count : int, >= 1
        Number of minibatches; all get as many examples.
    rng : numpy.random.Generator
        Call `rng.permutation(M)` once. Its k-th number is the place to which example k goes.

    Returns
    -------
    list of (y_batch, X_batch)
        The examples are dealt like cards, in the order of their places: one to each minibatch,
        and again. Those that are too many stay out; they are taken away from the front.

    Examples
    --------
    >>> X, y = np.arange(5.0).reshape(1, 5), np.arange(5)
    >>> np.random.default_rng(1).permutation(5)
    array([4, 0, 1, 2, 3])
    >>> for y_batch, _ in make_batches(X, y, 2, np.random.default_rng(1)):
    ...     print(y_batch)
    [2 4]
    [3 0]
    """
    dealt = count * int(len(y) / count)
    order = np.argsort(rng.permutation(len(y)))[-dealt:]
    return [(y[order[b::count]], X[:, order[b::count]]) for b in range(count)]


def data(M, count):
    def draw(rng):
        return rng.normal(size=(2, M)), rng.permutation(M), count, rng

    return draw


EXERCISE = Exercise(
    make_batches,
    cases=[
        Cases("some are too many", [data(11, 3), data(14, 4)], share=0.6, count=4),
        Cases("all are dealt", data(12, 3), share=0.4),
    ],
    hints=[
        "With 11 examples and 3 minibatches, how many examples does each get, and how many stay "
        "out?",
        "Look at the first number of the permutation. Does it say where the first example goes, "
        "or which example comes first?",
        "Most often the cards are cut into piles where they should be dealt.",
    ],
)


@EXERCISE.misconception(
    "You cut the examples into piles. Deal them: one to each minibatch, then the next round.",
    f"{BATCH}#Three ways to count patterns",
)
def in_piles(X, y, count, rng):
    order = np.argsort(rng.permutation(len(y)))[len(y) % count :]
    return [(y[part], X[:, part]) for part in np.split(order, count)]


@EXERCISE.misconception(
    "You take a number of the permutation for the example that comes. It is the place to which "
    "an example goes.",
    f"{BATCH}#Three ways to count patterns",
)
def which_comes(X, y, count, rng):
    order = rng.permutation(len(y))[len(y) % count :]
    return [(y[order[b::count]], X[:, order[b::count]]) for b in range(count)]
