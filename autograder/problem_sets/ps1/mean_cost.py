"""The cost of several patterns: the mean of half squared distances."""

import numpy as np

from backprop.units import mean_cost
from coursekit.authoring.exercises import Cases, Exercise

from .pages import COST


def outputs_and_targets(n, n_out):
    def draw(rng):
        return rng.uniform(0.05, 0.95, (n, n_out)), rng.integers(0, 2, (n, n_out)).astype(float)

    return draw


EXERCISE = Exercise(
    mean_cost,
    cases=[
        Cases("five patterns, three outputs", outputs_and_targets(5, 3), share=0.6),
        Cases("four patterns, one output", outputs_and_targets(4, 1), share=0.2),
        Cases("one pattern", outputs_and_targets(1, 3), share=0.2),
    ],
    hints=[
        "Take the first pattern alone. What is its cost, worked out by hand?",
        "There are two sums: one runs over the outputs, one over the patterns. Look at which of "
        "them you turn into an average.",
        "Most often it is a factor: a forgotten half, a sum over patterns that is not averaged, "
        "or an average over the outputs as well. Next comes a square that is taken of a sum, and "
        "not of each error; or it is another cost, made of logarithms.",
    ],
    situation="microscope?step=7",
    equivalent={
        "pattern_cost(A[p], Y[p]) -> pattern_cost(Y[p], A[p])": "the square has no sign",
    },
)


@EXERCISE.misconception(
    "You add up the costs of all patterns, but the cost is their average. Twice as much data of "
    "the same kind should not cost twice as much.",
    f"{COST}#Many patterns",
)
def sum_for_mean(A, Y):
    return 0.5 * np.sum((Y - A) ** 2)


@EXERCISE.misconception(
    "Your cost is twice what it should be: the square has a factor of one half in front.",
    f"{COST}#One pattern",
)
def half_forgotten(A, Y):
    return np.sum((Y - A) ** 2) / len(A)


@EXERCISE.misconception(
    "You average over the output units as well. The cost of one pattern is the sum over its "
    "outputs; only the patterns are averaged.",
    f"{COST}#Many patterns",
)
def mean_over_outputs(A, Y):
    return 0.5 * np.mean((Y - A) ** 2)


@EXERCISE.misconception(
    "You add up the distances. The cost adds up their squares.", f"{COST}#One pattern"
)
def absolute_for_square(A, Y):
    return 0.5 * np.sum(np.abs(Y - A)) / len(A)


@EXERCISE.misconception(
    "This is the mean over all entries of the table, without the half. The cost adds up"
    " over the output units, averages over the patterns, and has a factor one half.",
    f"{COST}#Many patterns",
)
def mean_of_squares(A, Y):
    return np.mean((A - Y) ** 2)


@EXERCISE.misconception(
    "You add up over the patterns and average over the output units. It should be the other way "
    "round.",
    f"{COST}#Many patterns",
)
def averaged_over_outputs_only(A, Y):
    return 0.5 * np.sum((A - Y) ** 2) / np.shape(A)[1]


@EXERCISE.misconception(
    "This is the cross-entropy, which is made of logarithms. The cost here is made of squares: "
    "how far is each output from its target?",
    f"{COST}#One pattern",
)
def cross_entropy(A, Y):
    return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / len(A)


@EXERCISE.misconception(
    "You take the logarithm of the outputs whose target is 1. That is a cost for classes. Here "
    "every output counts, by the square of its error.",
    f"{COST}#One pattern",
)
def logarithm_of_the_class(A, Y):
    return -np.sum(Y * np.log(A)) / len(A)


@EXERCISE.misconception(
    "You add up the errors of a pattern before you square, so that those above and below their "
    "targets cancel. Each error has a square of its own.",
    f"{COST}#One pattern",
)
def square_of_the_sum(A, Y):
    return 0.5 * np.mean(np.sum(A - Y, axis=1) ** 2)


@EXERCISE.right
def by_norm(A, Y):
    return np.mean(np.linalg.norm(A - Y, axis=1) ** 2) / 2


@EXERCISE.right
def by_expansion(A, Y):
    n = A.shape[0]
    return (np.vdot(A, A) - 2 * np.vdot(A, Y) + np.vdot(Y, Y)) / (2 * n)


@EXERCISE.right
def by_loops(A, Y):
    total = 0.0
    for a, y in zip(A.tolist(), Y.tolist(), strict=True):
        for p, q in zip(a, y, strict=True):
            total += (p - q) * (p - q) / 2
    return total / len(A)


@EXERCISE.second(sum_for_mean)
def total(A, Y):
    return sum(np.sum((a - y) ** 2) / 2 for a, y in zip(A, Y, strict=True))


@EXERCISE.second(half_forgotten)
def double(A, Y):
    return np.mean([np.sum((a - y) ** 2) for a, y in zip(A, Y, strict=True)])


@EXERCISE.second(mean_over_outputs)
def all_means(A, Y):
    return np.square(A - Y).sum() / (2 * A.size)


@EXERCISE.second(absolute_for_square)
def distance(A, Y):
    return np.mean([np.abs(a - y).sum() / 2 for a, y in zip(A, Y, strict=True)])


@EXERCISE.second(mean_of_squares)
def squares(A, Y):
    return np.square(np.subtract(Y, A)).sum() / np.size(A)


@EXERCISE.second(averaged_over_outputs_only)
def outputs(A, Y):
    return (np.square(np.subtract(A, Y)).sum(axis=0) / 2).mean()


@EXERCISE.second(cross_entropy)
def log_loss(A, Y):
    return np.mean([-np.log(np.where(y == 1, a, 1 - a)).sum() for a, y in zip(A, Y, strict=True)])


@EXERCISE.second(logarithm_of_the_class)
def negative_logarithms(A, Y):
    return np.mean([-(y @ np.log(a)) for a, y in zip(A, Y, strict=True)])


@EXERCISE.second(square_of_the_sum)
def summed_too_early(A, Y):
    total = 0
    for a, y in zip(A, Y, strict=True):
        total += (sum(a) - sum(y)) ** 2 / 2
    return total / len(A)
