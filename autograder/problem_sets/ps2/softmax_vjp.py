"""Softmax backward, without its Jacobian."""

import numpy as np

from backprop.jacobians import softmax_vjp
from coursekit.authoring.exercises import Cases, Exercise

from .pages import ELEMENTWISE, PRODUCTS
from .softmax import by_logarithm
from .softmax_jacobian import by_identity, probabilities


def probabilities_and_upstream(n):
    def draw(rng):
        return *probabilities(n)(rng), rng.normal(size=n)

    return draw


EXERCISE = Exercise(
    softmax_vjp,
    cases=[
        Cases("three probabilities", probabilities_and_upstream(3), share=0.6),
        Cases("six probabilities", probabilities_and_upstream(6), share=0.4),
    ],
    hints=[
        "Multiply u by your Jacobian with pencil and paper. Which two terms do you get for entry "
        "0?",
        "Look at the second term: all entries share one number, the sum of s times u. No n-by-n "
        "matrix is needed.",
        "The usual slip is to leave out that shared term, to take the plain mean of u for it, "
        "or not to weight it with s. Or softmax is taken again of what is a softmax already.",
    ],
    axes={"n": "logit"},
    equivalent={
        "s @ u -> u @ s": "a product of two vectors has no order",
    },
)


@EXERCISE.misconception(
    "You use only the diagonal of the Jacobian. Every probability depends on every logit.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def diagonal_only(s, u):
    return u * s * (1 - s)


@EXERCISE.misconception(
    "The term that all outputs share is missing: the sum in the denominator moves, too.",
    f"{PRODUCTS}#Without the matrix",
)
def second_term_missing(s, u):
    return u * s


@EXERCISE.misconception(
    "Your result does not depend on u. The upstream gradient is one of its two factors.",
    f"{PRODUCTS}#Two questions",
)
def upstream_forgotten(s, u):
    return s * (np.ones(len(s)) - s.sum())


@EXERCISE.misconception(
    "You subtract the plain mean of u. The shared term weights each entry of u with its "
    "probability.",
    f"{PRODUCTS}#Without the matrix",
)
def plain_mean(s, u):
    return s * (u - u.mean())


@EXERCISE.misconception(
    "The sizes are right, but every sign is wrong. Of your two terms, which one do you subtract"
    " from the other?",
    f"{PRODUCTS}#Without the matrix",
)
def sign_turned_round(s, u):
    return s * (s @ u - u)


@EXERCISE.misconception(
    "You subtract the shared number from every entry as it is. It has to be weighted with the "
    "probability of that entry, as the first term is.",
    f"{PRODUCTS}#Without the matrix",
)
def shared_not_weighted(s, u):
    return s * u - s @ u


@EXERCISE.misconception(
    "You subtract u from the probabilities, as if u were the target of a cross-entropy. Here u is "
    "the gradient of any loss, and the Jacobian multiplies it.",
    f"{PRODUCTS}#Two questions",
)
def upstream_as_target(s, u):
    return s - u


@EXERCISE.misconception(
    "You apply softmax to s once more. Your function is given probabilities already.",
    f"{PRODUCTS}#Without the matrix",
)
def softmax_again(s, u):
    e = np.exp(s)
    t = e / e.sum()
    return t * (u - t @ u)


@EXERCISE.right
def by_matrix(s, u):
    return u @ (np.diag(s) - np.outer(s, s))


@EXERCISE.right
def by_sum(s, u):
    shared = sum(p * q for p, q in zip(s, u, strict=True))
    return np.array([p * (q - shared) for p, q in zip(s, u, strict=True)])


@EXERCISE.second(diagonal_only)
def diagonal(s, u):
    return u @ np.diag(s - s**2)


@EXERCISE.second(second_term_missing)
def first_term(s, u):
    return np.diag(s) @ u


@EXERCISE.second(upstream_forgotten)
def ones(s, u):
    return np.ones(len(s)) @ by_identity(s)


@EXERCISE.second(plain_mean)
def mean(s, u):
    return s * u - s * np.mean(u)


@EXERCISE.second(sign_turned_round)
def sign(s, u):
    return -by_sum(s, u)


@EXERCISE.second(shared_not_weighted)
def shared_as_it_is(s, u):
    shared = sum(p * q for p, q in zip(s, u, strict=True))
    return [p * q - shared for p, q in zip(s, u, strict=True)]


@EXERCISE.second(upstream_as_target)
def cross_entropy(s, u):
    return np.array([p - q for p, q in zip(s, u, strict=True)])


@EXERCISE.second(softmax_again)
def twice(s, u):
    return u @ by_identity(by_logarithm(s))
