"""The gradient of a data set from those of its minibatches."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .equivalence import COMMUTES
from .pages import MINIBATCH


def combined_gradient(gradients: list[np.ndarray], sizes: list[int]) -> np.ndarray:
    """Gradient of the mean loss over a data set, from the gradients of its minibatches.

    Parameters
    ----------
    gradients : list of array, all of one shape
        For each minibatch the gradient of the mean loss of its examples.
    sizes : list of int
        Number of examples of each minibatch. They need not be equal: the last one of an epoch is
        often shorter.

    Returns
    -------
    array, the shape of one gradient
        The gradient that one backward pass over all examples together would give.

    Examples
    --------
    >>> combined_gradient([np.array([1.0, 2.0]), np.array([5.0, 6.0])], [3, 1])
    array([2., 3.])
    """
    total = sum(size * dW for size, dW in zip(sizes, gradients, strict=True))
    return total / sum(sizes)


def minibatch_gradients(*sizes):
    def draw(rng):
        return [rng.normal(size=(4, 3)) for _ in sizes], list(sizes)

    return draw


EXERCISE = Exercise(
    combined_gradient,
    cases=[
        Cases("a shorter last minibatch", minibatch_gradients(5, 5, 5, 2), share=0.5),
        Cases("all sizes different", minibatch_gradients(7, 3, 4), share=0.3),
        Cases("equal sizes", minibatch_gradients(4, 4, 4), share=0.1),
        Cases("one minibatch", minibatch_gradients(6), share=0.1),
    ],
    hints=[
        "Take two minibatches, one of 1 example and one of 3. How much should each single example "
        "count in the mean over all 4?",
        "Look at what each gradient is: a mean over its own minibatch. Undo that, add up, and "
        "take the mean once at the end.",
        "The usual slip is to treat all minibatches alike, although they are not equally long. "
        "Else a mean is divided by its size, where it is to be multiplied, or one minibatch is "
        "left out.",
    ],
    situation="shapes?step=4",
    equivalent={
        "zip(sizes, gradients, strict=True) -> zip(gradients, sizes, strict=True)": COMMUTES,
    },
    alone="the package never joins the gradients of minibatches",
)


@EXERCISE.misconception(
    "You average the minibatches as if all were equally long. An example in a short one then "
    "counts more than an example in a long one.",
    f"{MINIBATCH}#Sum or mean",
)
def plain_mean(gradients, sizes):
    return np.mean(gradients, axis=0)


@EXERCISE.misconception(
    "You add up the gradients, but each one is already a mean. With twice as many minibatches of "
    "the same kind, yours would be twice as long.",
    f"{MINIBATCH}#Sum or mean",
)
def sum_(gradients, sizes):
    return np.sum(gradients, axis=0)


@EXERCISE.misconception(
    "You turned each mean back into a sum, and added these up over all examples. The exercise "
    "asks for the gradient of the mean.",
    f"{MINIBATCH}#Sum or mean",
)
def not_divided(gradients, sizes):
    return sum(n * g for n, g in zip(sizes, gradients, strict=True))


@EXERCISE.misconception(
    "You divide by the number of examples that there would be if all minibatches were "
    "equally long.",
    f"{MINIBATCH}#Sum or mean",
)
def nominal_size(gradients, sizes):
    return sum(n * g for n, g in zip(sizes, gradients, strict=True)) / (sizes[0] * len(sizes))


@EXERCISE.misconception(
    "You divide by the number of minibatches. The mean is over examples: how many are there?",
    f"{MINIBATCH}#Sum or mean",
)
def divided_by_minibatches(gradients, sizes):
    return sum(n * g for n, g in zip(sizes, gradients, strict=True)) / len(sizes)


@EXERCISE.misconception(
    "You add up the gradients and divide by the number of examples, as if each gradient were a "
    "sum. Each is a mean already: for how many examples does it stand?",
    f"{MINIBATCH}#Sum or mean",
)
def taken_for_sums(gradients, sizes):
    return np.sum(gradients, axis=0) / sum(sizes)


@EXERCISE.misconception(
    "You take one mean over all entries, and a single number is left. Every entry of the gradient "
    "has a mean of its own, in which a long minibatch counts for more than a short one.",
    f"{MINIBATCH}#Sum or mean",
)
def mean_of_all_entries(gradients, sizes):
    return np.mean(gradients)


@EXERCISE.right
def by_average(gradients, sizes):
    return np.average(gradients, axis=0, weights=sizes)


@EXERCISE.right
def one_by_one(gradients, sizes):
    mean, seen = np.zeros_like(gradients[0]), 0
    for dW, n in zip(gradients, sizes, strict=True):
        seen += n
        mean = mean + (dW - mean) * n / seen
    return mean


@EXERCISE.second(plain_mean)
def plainly(gradients, sizes):
    return sum(gradients) / len(gradients)


@EXERCISE.second(sum_)
def added(gradients, sizes):
    return np.add.reduce(gradients)


@EXERCISE.second(not_divided)
def total(gradients, sizes):
    return np.tensordot(sizes, np.array(gradients), axes=1)


@EXERCISE.second(nominal_size)
def by_first(gradients, sizes):
    return np.tensordot(sizes, np.array(gradients), axes=1) / (len(gradients) * sizes[0])


@EXERCISE.second(divided_by_minibatches)
def count(gradients, sizes):
    return np.mean([n * np.asarray(g) for n, g in zip(sizes, gradients, strict=True)], axis=0)


@EXERCISE.second(taken_for_sums)
def shared_out(gradients, sizes):
    return sum(g / sum(sizes) for g in gradients)


@EXERCISE.second(mean_of_all_entries)
def one_number(gradients, sizes):
    return sum(g.mean() for g in gradients) / len(gradients)
