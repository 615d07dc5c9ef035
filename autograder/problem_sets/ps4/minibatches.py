"""Shuffle a data set and cut it into minibatches."""

import math

import numpy as np

from backprop.minibatches import minibatches
from coursekit.authoring.exercises import Cases, Exercise

from .pages import BATCH


def split_minibatches(
    X: np.ndarray, Y: np.ndarray, batch_size: int, rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Shuffle a data set and cut it into minibatches.

    Parameters
    ----------
    X : array, shape (N, n_in)
        Examples, one per row.
    Y : array, shape (N,)
        The label of each example.
    batch_size : int, >= 1
        Number of examples of each minibatch.
    rng : numpy.random.Generator
        Call `rng.permutation(N)` once, and nothing else. Its k-th number says which example
        comes in place k.

    Returns
    -------
    list of (X_batch, Y_batch)
        Every example is in exactly one of them. Each minibatch holds `batch_size` examples, and
        the last one what is left.

    Examples
    --------
    >>> X, Y = np.arange(10.0).reshape(5, 2), np.arange(5)
    >>> batches = split_minibatches(X, Y, 2, np.random.default_rng(0))
    >>> [X_batch.shape for X_batch, Y_batch in batches]
    [(2, 2), (2, 2), (1, 2)]
    """
    order = rng.permutation(len(X))
    return [
        (X[order[start : start + batch_size]], Y[order[start : start + batch_size]])
        for start in range(0, len(X), batch_size)
    ]


def data_set(N, batch_size):
    def draw(rng):
        return rng.normal(size=(N, 2)), rng.permutation(N), batch_size, rng

    return draw


EXERCISE = Exercise(
    split_minibatches,
    cases=[
        Cases("a shorter last minibatch", [data_set(11, 4), data_set(10, 4)], share=0.5, count=4),
        Cases("all minibatches full", data_set(12, 4), share=0.2, count=2),
        Cases("one example each", data_set(6, 1), share=0.15, count=2),
        Cases("fewer examples than the batch size", data_set(5, 8), share=0.15, count=2),
    ],
    hints=[
        "Take 5 examples and minibatches of 2. How long is each minibatch, and does each example "
        "still stand beside its own label?",
        "Look at the indices: one list of shuffled row numbers serves both arrays. A slice that "
        "reaches past the end simply stops there.",
        "Most often examples and labels are shuffled separately, or the row numbers are used "
        "the wrong way round; or the short minibatch at the end is dropped, filled up, or added"
        " though it is empty. Else minibatches overlap, or are dealt out like cards.",
    ],
)


@EXERCISE.in_package
def by_backprop(X, Y, batch_size, rng):
    return list(minibatches(X, Y, batch_size, rng=rng))


def cut(X, Y, batch_size, by_x, by_y):
    return [
        (X[by_x[start : start + batch_size]], Y[by_y[start : start + batch_size]])
        for start in range(0, len(by_x), batch_size)
    ]


@EXERCISE.misconception(
    "Examples and labels are shuffled in two different orders. The pairs are torn apart, and "
    "nothing is left to learn.",
    f"{BATCH}#Three ways to count patterns",
)
def shuffled_apart(X, Y, batch_size, rng):
    return cut(X, Y, batch_size, rng.permutation(len(X)), rng.permutation(len(X)))


@EXERCISE.misconception(
    "You shuffle the examples but not their labels, so the pairs are torn apart.",
    f"{BATCH}#Three ways to count patterns",
)
def inputs_shuffled_only(X, Y, batch_size, rng):
    return cut(X, Y, batch_size, rng.permutation(len(X)), np.arange(len(X)))


@EXERCISE.misconception(
    "Your minibatches come in the order of the data. A minibatch stands for the whole only if it "
    "is drawn at random.",
    f"{BATCH}#Right on average",
)
def not_shuffled(X, Y, batch_size, rng):
    return cut(X, Y, batch_size, np.arange(len(X)), np.arange(len(X)))


@EXERCISE.misconception(
    "You lose what does not fill a whole minibatch. The last one is shorter, and it still counts.",
    f"{BATCH}#Three ways to count patterns",
)
def rest_dropped(X, Y, batch_size, rng):
    order = rng.permutation(len(X))[: len(X) // batch_size * batch_size]
    return cut(X, Y, batch_size, order, order)


@EXERCISE.misconception(
    "You fill the last minibatch up with examples from earlier ones. Each example counts once in "
    "an epoch; the last minibatch is simply shorter.",
    f"{BATCH}#Three ways to count patterns",
)
def filled_up(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    order = np.concatenate([order, order[: -len(X) % batch_size]])
    return cut(X, Y, batch_size, order, order)


@EXERCISE.misconception(
    "Your minibatches share the examples out evenly. All but the last should hold batch_size "
    "examples, and the last one whatever is left.",
    f"{BATCH}#Three ways to count patterns",
)
def evenly_cut(X, Y, batch_size, rng):
    parts = np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size))
    return [(X[part], Y[part]) for part in parts]


@EXERCISE.misconception(
    "You use the row numbers the wrong way round. The k-th number does not say to which place "
    "example k goes. It says which example comes in place k.",
    f"{BATCH}#Three ways to count patterns",
)
def order_turned_round(X, Y, batch_size, rng):
    order = np.argsort(rng.permutation(len(X)))
    return cut(X, Y, batch_size, order, order)


@EXERCISE.misconception(
    "You deal the examples out like cards, one to each minibatch in turn. Each minibatch takes "
    "the next batch_size places of the shuffled order, and the last one what is left.",
    f"{BATCH}#Three ways to count patterns",
)
def dealt_out(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    count = -(-len(X) // batch_size)
    return [(X[order[k::count]], Y[order[k::count]]) for k in range(count)]


@EXERCISE.misconception(
    "Each of your minibatches begins one place after the one before. So they overlap: some "
    "examples come several times in an epoch, and others never.",
    f"{BATCH}#Three ways to count patterns",
)
def one_place_further(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    starts = range(-(-len(X) // batch_size))
    return [(X[order[k : k + batch_size]], Y[order[k : k + batch_size]]) for k in starts]


@EXERCISE.right
def by_split(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    cuts = range(batch_size, len(X), batch_size)
    return list(zip(np.split(X[order], cuts), np.split(Y[order], cuts), strict=True))


@EXERCISE.right
def one_by_one(X, Y, batch_size, rng):
    batches, rows = [], []
    for row in rng.permutation(len(X)):
        rows.append(row)
        if len(rows) == batch_size:
            batches.append([X[rows], Y[rows]])
            rows = []
    if rows:
        batches.append([X[rows], Y[rows]])
    return batches


@EXERCISE.second(shuffled_apart)
def torn(X, Y, batch_size, rng):
    X, Y = X[rng.permutation(len(X))], Y[rng.permutation(len(Y))]
    return [(X[i : i + batch_size], Y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


@EXERCISE.second(inputs_shuffled_only)
def x_only(X, Y, batch_size, rng):
    X = X[rng.permutation(len(X))]
    return [(X[i : i + batch_size], Y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


@EXERCISE.second(not_shuffled)
def in_order(X, Y, batch_size, rng):
    return [(X[i : i + batch_size], Y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


@EXERCISE.second(rest_dropped)
def full_only(X, Y, batch_size, rng):
    return [b for b in by_split(X, Y, batch_size, rng) if len(b[0]) == batch_size]


@EXERCISE.second(filled_up)
def wrapped(X, Y, batch_size, rng):
    order = list(rng.permutation(len(X)))
    pad = (batch_size - len(order) % batch_size) % batch_size
    order += order[:pad]
    return [
        (X[order[i : i + batch_size]], Y[order[i : i + batch_size]])
        for i in range(0, len(order), batch_size)
    ]


@EXERCISE.second(evenly_cut)
def even_parts(X, Y, batch_size, rng):
    order, count = rng.permutation(len(X)), math.ceil(len(X) / batch_size)
    sizes = [len(X) // count + (k < len(X) % count) for k in range(count)]
    ends = np.cumsum(sizes)
    return [(X[order[e - s : e]], Y[order[e - s : e]]) for s, e in zip(sizes, ends, strict=True)]


@EXERCISE.second(order_turned_round)
def sent_to_places(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    shuffled, labels = np.empty_like(X), np.empty_like(Y)
    shuffled[order], labels[order] = X, Y
    return in_order(shuffled, labels, batch_size, rng)


@EXERCISE.second(dealt_out)
def like_cards(X, Y, batch_size, rng):
    hands = [[] for _ in range(math.ceil(len(X) / batch_size))]
    for turn, row in enumerate(rng.permutation(len(X))):
        hands[turn % len(hands)].append(row)
    return [(X[hand], Y[hand]) for hand in hands]


@EXERCISE.second(one_place_further)
def overlapping(X, Y, batch_size, rng):
    order, batches = list(rng.permutation(len(X))), []
    while len(batches) * batch_size < len(X):
        batches.append((X[order[:batch_size]], Y[order[:batch_size]]))
        order.pop(0)
    return batches
