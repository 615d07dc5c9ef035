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
        "If all logits rise by the same amount, no probability changes. What does that say about "
        "the sum of each row, and is it so in yours?",
        "Look at the diagonal and at the rest apart from each other: there are two terms, one on "
        "the diagonal only and one everywhere. np.outer makes the second.",
        "Most often the entries off the diagonal are wrong: they are zero, they have the wrong "
        "sign, or each probability is multiplied by itself where two different ones meet.",
    ],
    axes={"n": "class"},
    equivalent={
        "_probabilities(s) -> s": "only refuses what no case holds",
    },
)


@EXERCISE.misconception(
    "Your diagonal is right, but everything else is zero. If one logit rises, all other "
    "probabilities fall: softmax is not element-wise.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def diagonal_only(s):
    return np.diag(s * (1 - s))


@EXERCISE.misconception(
    "A term is missing. You treat the sum in the denominator of softmax as a constant, but this"
    " sum contains every logit.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def second_term_missing(s):
    return np.diag(s)


@EXERCISE.misconception(
    "The sizes are right and the signs are wrong: if a logit rises, its own probability rises.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def sign_turned_round(s):
    return np.outer(s, s) - np.diag(s)


@EXERCISE.misconception(
    "You subtract the vector from every row. The second term is a matrix: it holds a product "
    "for every pair of probabilities.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def row_subtracted(s):
    return np.diag(s) - s


@EXERCISE.misconception(
    "Your function is given probabilities, and applies softmax to them once more.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def softmax_again(s):
    e = np.exp(s)
    t = e / e.sum()
    return np.diag(t) - np.outer(t, t)


@EXERCISE.misconception(
    "You add the second term. If one logit rises, all other probabilities fall: everything off "
    "the diagonal is negative.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def product_added(s):
    return np.diag(s) + np.outer(s, s)


@EXERCISE.misconception(
    "You square the probabilities one by one, so the same squares are subtracted from every row. "
    "Beside the diagonal, two different probabilities meet.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def squares_subtracted(s):
    return np.diag(s) - s * s


@EXERCISE.misconception(
    "You use everywhere what holds on the diagonal. On the diagonal a probability meets its own"
    " logit. In all other places it meets the logit of another class: does the probability rise"
    " or fall when that logit rises?",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def diagonal_everywhere(s):
    return np.outer(s, 1 - s)


@EXERCISE.misconception(
    "These are the numbers of the diagonal alone, in a vector. Every probability depends on every "
    "logit, so there is a whole table to fill.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def vector_of_slopes(s):
    return s * (1 - s)


@EXERCISE.misconception(
    "Your diagonal is right; beside it, only the signs are wrong. If one logit rises, what do the "
    "probabilities of the other classes do?",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def rest_rises(s):
    return np.outer(s, s) + np.diag(s - 2 * s**2)


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


@EXERCISE.second(squares_subtracted)
def squares(s):
    return s * np.eye(len(s)) - s**2


@EXERCISE.second(diagonal_everywhere)
def one_formula(s):
    return [[p * (1 - q) for q in s] for p in s]


@EXERCISE.second(vector_of_slopes)
def entry_by_entry(s):
    return np.array([p - p * p for p in s])


@EXERCISE.second(rest_rises)
def positive(s):
    return np.abs(by_identity(s))
