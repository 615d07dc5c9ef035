"""Softmax along the last axis, safe for all logits."""

import math

import numpy as np

from backprop.activations import softmax
from coursekit.authoring.exercises import Cases, Exercise

from .pages import ELEMENTWISE


def logits(*shape):
    def draw(rng):
        return (rng.normal(scale=2, size=shape),)

    return draw


def huge_logits(rng):
    return (np.array([[1000.0, 1001.0, 998.0], [-1000.0, -1001.5, 2.0]]) + rng.normal(size=(2, 3)),)


EXERCISE = Exercise(
    softmax,
    cases=[
        Cases("five rows of three logits", logits(5, 3), share=0.4),
        Cases("as many rows as logits", logits(3, 3), share=0.15),
        Cases("one row, as a vector", logits(4), share=0.15),
        Cases("huge logits", huge_logits, share=0.2, count=2),
        Cases("three axes", logits(2, 4, 3), share=0.1, count=1),
    ],
    hints=[
        "What should the numbers of one row add up to, and what do yours add up to?",
        "Look at the axis of the sum: the one along a row is the last. keepdims=True keeps it for "
        "the division. And what happens to exp of 1000?",
        "The usual slips are the other axis, an axis that a vector does not have, and exp of "
        "numbers that are too large for the machine: cutting them off changes the shares.",
    ],
    equivalent={
        "_logits(Z) -> Z": "only refuses what no case holds",
    },
)


@EXERCISE.misconception(
    "Your columns sum to 1. Each example is a row, so it is the rows that must.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def wrong_axis(Z):
    E = np.exp(Z - np.max(Z, axis=0))
    return E / E.sum(axis=0)


@EXERCISE.misconception(
    "All your numbers together sum to 1. Each row has to do so on its own.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def over_everything(Z):
    return np.exp(Z - np.logaddexp.reduce(np.ravel(Z)))


@EXERCISE.misconception(
    "This is right for small logits, but for large ones you divide infinity by infinity. You may "
    "subtract the same number from all logits of a row: the result stays the same.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def overflow(Z):
    E = np.exp(Z)
    return E / E.sum(axis=-1, keepdims=True)


@EXERCISE.misconception(
    "You divide the logits by their sum. Logits can be negative; probabilities cannot.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def exp_missing(Z):
    return Z / np.sum(Z, axis=-1, keepdims=True)


@EXERCISE.misconception(
    "Your largest logit gets the smallest probability. Look at the sign of the logits in the "
    "exponent.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def sign_of_logits(Z):
    E = np.exp(np.min(Z, axis=-1, keepdims=True) - Z)
    return E / E.sum(axis=-1, keepdims=True)


@EXERCISE.misconception(
    "You subtract the largest logit of the whole table. A row that lies far below it becomes 0 "
    "divided by 0, so each row needs a shift of its own.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def one_shift_for_all_rows(Z):
    with np.errstate(all="ignore"):
        E = np.exp(Z - np.max(Z))
        return E / E.sum(axis=-1, keepdims=True)


@EXERCISE.misconception(
    "You go along axis 1. In a table that is the row, but a vector has no such axis, and with "
    "three axes it is another one. Which is the last, however many there are?",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def second_axis(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@EXERCISE.misconception(
    "You take each item of Z for a row. In a table it is one, but the items of a vector are single "
    "numbers, and with three axes they are tables.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def each_item_a_row(Z):
    rows = [np.exp(item - np.max(item)) for item in Z]
    return np.array([row / np.sum(row) for row in rows])


@EXERCISE.misconception(
    "You divide logistic activations by their sum. Softmax makes another positive number of each "
    "logit, one that grows without a limit.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def shares_of_activations(Z):
    a = 1 / (1 + np.exp(-np.asarray(Z)))
    return a / a.sum(axis=-1, keepdims=True)


@EXERCISE.misconception(
    "You cut large logits off, and those beyond the limit then all count the same. What has to "
    "stay is how far the logits of a row are apart.",
    f"{ELEMENTWISE}#Softmax: each output sees all inputs",
)
def cut_off(Z):
    E = np.exp(np.clip(Z, -700, 700))
    return E / E.sum(axis=-1, keepdims=True)


@EXERCISE.right
def by_logarithm(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=-1, keepdims=True))


@EXERCISE.right
def by_rows(Z):
    if np.ndim(Z) > 1:
        return np.array([by_rows(row) for row in Z])
    e = [math.exp(z - max(Z)) for z in Z]
    return np.array(e) / sum(e)


@EXERCISE.second(wrong_axis)
def axis(Z):
    Z = np.asarray(Z)
    return np.exp(Z - np.logaddexp.reduce(Z, axis=0))


@EXERCISE.second(over_everything)
def flat(Z):
    flat = np.exp(Z.ravel() - Z.max())
    return (flat / flat.sum()).reshape(Z.shape)


@EXERCISE.second(overflow)
def unshifted(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=-1)[..., None]


@EXERCISE.second(exp_missing)
def no_exp(Z):
    return Z / Z.sum(axis=-1)[..., None]


@EXERCISE.second(sign_of_logits)
def sign(Z):
    return by_logarithm(-Z)


@EXERCISE.second(one_shift_for_all_rows)
def shift(Z):
    Z = np.asarray(Z, dtype=float)
    with np.errstate(all="ignore"):
        E = np.exp(Z - Z.max())
        return np.apply_along_axis(lambda row: row / row.sum(), -1, E)


@EXERCISE.second(second_axis)
def rows_of_a_table(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))


@EXERCISE.second(each_item_a_row)
def by_items(Z):
    P = np.zeros(Z.shape)
    for i in range(len(Z)):
        P[i] = np.exp(Z[i] - np.logaddexp.reduce(np.ravel(Z[i])))
    return P


@EXERCISE.second(shares_of_activations)
def squashed_first(Z):
    a = np.exp(-np.logaddexp(0, -Z))
    return a / np.sum(a, axis=-1)[..., None]


@EXERCISE.second(cut_off)
def limited(Z):
    E = np.exp(np.minimum(Z, 500))
    return E / np.sum(E, axis=-1)[..., None]
