"""The total derivative: the paths through several variables, and a direct one."""

import numpy as np

from backprop.total_derivative import total_derivative
from coursekit.authoring.exercises import Cases, Exercise

from .pages import CHAIN


def rates(n, explicit):
    def draw(rng):
        return rng.normal(size=n), rng.normal(size=n), float(rng.normal()) if explicit else 0.0

    return draw


EXERCISE = Exercise(
    total_derivative,
    cases=[
        Cases("three variables on the way", rates(3, False), share=0.5),
        Cases("a direct influence besides", rates(2, True), share=0.5),
    ],
    hints=[
        "Draw the graph from t to f. How many paths are there, and what is the product along each?",
        "Look at how you combine them: along one path factors multiply, and different paths add. "
        "Is there a path that passes through no variable?",
        "Most often one path is left out or counts more than once, usually the direct one; or "
        "sums are multiplied where products should be added.",
    ],
    equivalent={
        "partials @ rates -> rates @ partials": "a product of two vectors has no order",
    },
)


@EXERCISE.misconception(
    "The function also depends on t directly. That is one more path, and paths add.",
    f"{CHAIN}#d and ∂",
)
def direct_influence_forgotten(partials, rates, explicit=0.0):
    return partials @ rates


@EXERCISE.misconception(
    "You add up the partials and the rates, and then multiply the two sums. Multiply along each"
    " path first, then add over the paths.",
    f"{CHAIN}#One variable through two",
)
def product_of_sums(partials, rates, explicit=0.0):
    return np.sum(partials) * np.sum(rates) + explicit


@EXERCISE.misconception(
    "You follow only one path. There is one through each variable.",
    f"{CHAIN}#One variable through two",
)
def last_path_only(partials, rates, explicit=0.0):
    return partials[-1] * rates[-1] + explicit


@EXERCISE.misconception(
    "The direct path counts once for each variable. It passes through none of them, and there is "
    "one such path.",
    f"{CHAIN}#d and ∂",
)
def direct_path_repeated(partials, rates, explicit=0.0):
    return np.sum(partials * rates + explicit)


@EXERCISE.misconception(
    "You multiply the paths with each other. Factors along one path are multiplied; the paths "
    "themselves add.",
    f"{CHAIN}#One variable through two",
)
def paths_multiplied(partials, rates, explicit=0.0):
    return np.prod(partials * rates) + explicit


@EXERCISE.right
def by_dot(partials, rates, explicit=0.0):
    return explicit + np.dot(partials, rates)


@EXERCISE.right
def by_paths(partials, rates, explicit=0.0):
    total = explicit
    for outer, inner in zip(partials, rates, strict=True):
        total += outer * inner
    return total


@EXERCISE.second(direct_influence_forgotten)
def explicit(partials, rates, explicit=0.0):
    return sum(p * r for p, r in zip(partials, rates, strict=True))


@EXERCISE.second(product_of_sums)
def sums(partials, rates, explicit=0.0):
    return sum(partials) * sum(rates) + explicit


@EXERCISE.second(last_path_only)
def last(partials, rates, explicit=0.0):
    for p, r in zip(partials, rates, strict=True):
        total = p * r
    return total + explicit


@EXERCISE.second(direct_path_repeated)
def direct_path_in_loop(partials, rates, explicit=0.0):
    total = 0.0
    for p, r in zip(partials, rates, strict=True):
        total += p * r + explicit
    return total


@EXERCISE.second(paths_multiplied)
def product_of_products(partials, rates, explicit=0.0):
    product = 1.0
    for p, r in zip(partials, rates, strict=True):
        product *= p * r
    return explicit + product
