"""The Jacobian of softmax, from its probabilities."""

import numpy as np

from backprop.jacobians import softmax_jacobian
from coursekit.authoring.exercises import Cases, Exercise

from .pages import ELEMENTWISE
from .softmax import by_logarithm


def probabilities(n):
    def draw(rng):
        e = np.exp(rng.normal(size=n))
        return (e / e.sum(),)

    return draw


EXERCISE = Exercise(
    softmax_jacobian,
    cases=[
        Cases("three probabilities", probabilities(3), share=0.6),
        Cases("five probabilities", probabilities(5), share=0.3),
        Cases("two probabilities", probabilities(2), share=0.1),
    ],
    hints=[
        "Each row of the Jacobian sums to 0: if all logits rise together, nothing changes.",
        "Two terms: one on the diagonal, one everywhere. np.outer makes the second.",
    ],
    equivalent={
        "_probabilities(s) -> s": "only refuses what no case holds",
    },
)


@EXERCISE.misconception(
    "Your diagonal is right, and off it you have zeros. If one logit rises, all other "
    "probabilities fall: softmax is not element-wise.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def diagonal_only(s):
    return np.diag(s * (1 - s))


@EXERCISE.misconception(
    "This treats the sum in the denominator as a constant. It contains every logit.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def second_term_missing(s):
    return np.diag(s)


@EXERCISE.misconception(
    "Right in size, wrong in sign: if a logit rises, its own probability rises.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def sign_turned_round(s):
    return np.outer(s, s) - np.diag(s)


@EXERCISE.misconception(
    "You subtract the vector from every row. The second term is a matrix: the product of "
    "each probability with each other.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def row_subtracted(s):
    return np.diag(s) - s


@EXERCISE.misconception(
    "Your function is given the probabilities, and applies softmax to them once more.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def softmax_again(s):
    e = np.exp(s)
    t = e / e.sum()
    return np.diag(t) - np.outer(t, t)


@EXERCISE.misconception(
    "You add the second term. If one logit rises, all other probabilities fall: off the "
    "diagonal everything is negative.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def product_added(s):
    return np.diag(s) + np.outer(s, s)


@EXERCISE.right
def by_entries(s):
    n = len(s)
    return [[s[i] * ((i == j) - s[j]) for j in range(n)] for i in range(n)]


@EXERCISE.right
def by_identity(s):
    return s[:, None] * (np.identity(s.size) - s[None, :])


@EXERCISE.second(diagonal_only)
def diagonal(s):
    return np.eye(len(s)) * (s - s**2)


@EXERCISE.second(second_term_missing)
def first_term(s):
    return s * np.identity(len(s))


@EXERCISE.second(sign_turned_round)
def negative(s):
    return -np.array(by_entries(s))


@EXERCISE.second(row_subtracted)
def row(s):
    return np.eye(len(s)) * s - s[None, :]


@EXERCISE.second(softmax_again)
def twice(s):
    return by_identity(by_logarithm(s))


@EXERCISE.second(product_added)
def added(s):
    return [[p * (q + (i == j)) for j, q in enumerate(s)] for i, p in enumerate(s)]
