"""Softmax with cross-entropy, forward, safe for all logits."""

import math
from functools import wraps

import numpy as np

from backprop.losses import softmax_cross_entropy_forward
from coursekit.authoring.exercises import Cases, Exercise

from .pages import LOSSES, MINIBATCH, SOFTMAX


def logits_and_labels(M, K, scale=1.5):
    def draw(rng):
        return rng.normal(scale=scale, size=(M, K)), rng.integers(0, K, M)

    return draw


def logits_and_distributions(rng):
    return rng.normal(scale=1.5, size=(5, 3)), rng.dirichlet(np.ones(3), size=5)


def far_apart_logits(rng):
    Z = rng.choice([-900.0, 900.0], size=(5, 3))
    Z[0], Z[1, 0] = -900, 900  # one row far below the others, as a whole
    return Z + rng.normal(size=(5, 3)), rng.integers(0, 3, 5)


EXERCISE = Exercise(
    softmax_cross_entropy_forward,
    cases=[
        Cases("labels", logits_and_labels(5, 3), share=0.4),
        Cases("soft targets", logits_and_distributions, share=0.2),
        Cases("one example", logits_and_labels(1, 4), share=0.1),
        Cases("as many examples as classes", logits_and_labels(3, 3), share=0.1),
        Cases("logits that are far apart", far_apart_logits, share=0.2),
    ],
    hints=[
        "For the logits (0, 0) and the label 0 the loss is ln 2. Does yours say so?",
        "Look at three places: the axis along which you normalise, the logarithm, and the mean. "
        "Labels become rows with a single 1 before anything else.",
        "Most often a probability rounds to zero before its logarithm is taken. The logarithm "
        "of a quotient is a difference: compute that. Next come the wrong axis, of the sum or "
        "of the largest logit, a mean over the classes as well, and soft targets that are "
        "treated like labels.",
    ],
    equivalent={
        "_not_nan(loss) -> loss": "refuses NaN, which no case holds",
        "_class_targets: if not labels:\n    _check_distributions(Y) -> "
        "if not not labels:\n    _check_distributions(Y)": "refuses what no case holds",
        "_class_targets: not labels -> labels": "refuses what no case holds",
    },
)


def rows_of_targets(Z, Y):
    return np.eye(Z.shape[1])[Y] if np.ndim(Y) == 1 else Y


def log_probabilities(Z, axis=1):
    shifted = Z - Z.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def cross_entropy_variant(loss=None, log_softmax=log_probabilities):
    """A cross-entropy whose last step, or whose softmax, is another one."""

    def wrong(Z, Y):
        Y = rows_of_targets(Z, Y)
        with np.errstate(all="ignore"):
            log_p = log_softmax(Z)
            value = (loss or mean_over_examples)(Y, log_p)
        return value, (np.exp(log_p), Y)

    return wrong


def mean_over_examples(Y, log_p):
    return -(Y * log_p).sum() / len(Y)


EXERCISE.misconception(
    "You add up the losses of the examples; the loss is their mean.",
    f"{MINIBATCH}#Sum or mean",
    id="sum-for-mean",
)(cross_entropy_variant(lambda Y, log_p: -(Y * log_p).sum()))

EXERCISE.misconception(
    "You divide by the number of classes as well. The sum runs over the classes, the mean over "
    "the examples.",
    f"{LOSSES}#Softmax and its cross-entropy",
    id="mean-over-classes",
)(cross_entropy_variant(lambda Y, log_p: -(Y * log_p).mean()))

EXERCISE.misconception(
    "Your loss is negative. The logarithm of a probability is never positive; the sign in "
    "front turns it into a loss.",
    f"{LOSSES}#Softmax and its cross-entropy",
    id="sign",
)(cross_entropy_variant(lambda Y, log_p: (Y * log_p).sum() / len(Y)))

EXERCISE.misconception(
    "Your probabilities sum to 1 over the examples. Each example, a row, has a "
    "distribution of its own.",
    f"{SOFTMAX}#Softmax: each output sees all inputs",
    id="softmax-down-the-examples",
)(cross_entropy_variant(log_softmax=lambda Z: log_probabilities(Z, axis=0)))


def over_everything(Z):
    return Z - Z.max() - np.log(np.exp(Z - Z.max()).sum())


EXERCISE.misconception(
    "All your probabilities together sum to 1. Each row has to do so on its own.",
    f"{SOFTMAX}#Softmax: each output sees all inputs",
    id="softmax-over-everything",
)(cross_entropy_variant(log_softmax=over_everything))


def unshifted(Z):
    E = np.exp(Z)
    return np.log(E / E.sum(axis=1, keepdims=True))


EXERCISE.misconception(
    "This is right for moderate logits. For logits in the hundreds exp overflows, or a "
    "probability rounds to 0 before you take its logarithm.",
    f"{LOSSES}#Stable forms",
    id="overflow",
)(cross_entropy_variant(log_softmax=unshifted))


def with_floor(floor):
    """A cross-entropy whose probabilities are kept above a small number."""

    def wrong(Z, Y):
        Y, p = rows_of_targets(Z, Y), np.exp(log_probabilities(Z))
        return -(Y * np.log(np.maximum(p, floor))).sum() / len(Y), (p, Y)

    return wrong


EXERCISE.misconception(
    "You keep the probability away from 0 before the logarithm, which caps the loss of a bad "
    "prediction. The logarithm of a quotient is a difference: compute that instead.",
    f"{LOSSES}#Stable forms",
    id="clipped",
)(with_floor(1e-12))

for floor in (1e-16, float(np.finfo(float).eps), 1e-15, 1e-10, 1e-9, 1e-8, 1e-7):
    words = (
        f"the probabilities get a floor of {floor:.3g} before the logarithm, which caps the loss"
    )
    EXERCISE.explained.append((words, with_floor(floor)))


@EXERCISE.misconception(
    "This is right for soft targets. Labels are class numbers, one for each example: first turn "
    "them into rows with a single 1.",
    f"{LOSSES}#Softmax and its cross-entropy",
)
def labels_not_expanded(Z, Y):
    log_p = log_probabilities(Z)
    return -(Y * log_p).sum() / len(Y), (np.exp(log_p), Y)


@EXERCISE.misconception(
    "This is right while the logits are close together. A probability that is too small for the"
    " machine becomes 0, and its logarithm infinite. The logarithm of a quotient is a "
    "difference: compute that instead.",
    f"{LOSSES}#Stable forms",
)
def logarithm_of_softmax(Z, Y):
    Y, P = rows_of_targets(Z, Y), np.exp(log_probabilities(Z))
    with np.errstate(all="ignore"):
        return -(Y * np.log(P)).sum() / len(Y), (P, Y)


def as_rows(Z, Y):
    if np.asarray(Y).ndim == 2:
        return np.asarray(Y)
    rows = np.zeros(np.shape(Z))
    rows[np.arange(len(Z)), Y] = 1
    return rows


def likeliest(Y):
    return Y.argmax(axis=1) if np.ndim(Y) == 2 else Y


@EXERCISE.misconception(
    "This is right for labels. Soft targets count as they are; you keep the likeliest class of "
    "each row, and the share of the others is lost.",
    f"{LOSSES}#Softmax and its cross-entropy",
)
def soft_targets_made_hard(Z, Y):
    return softmax_cross_entropy_forward(Z, likeliest(Y))


@EXERCISE.misconception(
    "This is right for labels. With soft targets your cache is right, but in the loss only the "
    "likeliest class of each row counts. Every class costs something, by its share.",
    f"{LOSSES}#Softmax and its cross-entropy",
)
def likeliest_class_in_loss(Z, Y):
    loss, _ = softmax_cross_entropy_forward(Z, likeliest(Y))
    return loss, softmax_cross_entropy_forward(Z, Y)[1]


@EXERCISE.misconception(
    "You add a second term, for what is not the target, as the loss of yes-or-no outputs has "
    "it. Softmax makes one choice among all classes, and its loss has only the terms of the "
    "targets.",
    f"{LOSSES}#Cross-entropy with logistic units",
)
def as_for_logistic_units(Z, Y):
    Y, P = rows_of_targets(Z, Y), np.exp(log_probabilities(Z))
    with np.errstate(all="ignore"):
        return -(Y * np.log(P) + (1 - Y) * np.log(1 - P)).sum() / len(Y), (P, Y)


@EXERCISE.misconception(
    "You subtract the largest logit of the whole minibatch. In a row that lies far below it, "
    "only zeros are left after the exponential. So each row needs its own largest logit.",
    f"{LOSSES}#Stable forms",
)
def one_largest_for_all(Z, Y):
    Y, E = rows_of_targets(Z, Y), np.exp(Z - Z.max())
    with np.errstate(all="ignore"):
        sums = E.sum(axis=1, keepdims=True)
        return -(Y * (Z - Z.max() - np.log(sums))).sum() / len(Y), (E / sums, Y)


@EXERCISE.right
def by_loops(Z, Y):
    rows, total, P = as_rows(Z, Y), 0.0, []
    for z, y in zip(Z, rows, strict=True):
        top = max(z)
        log_sum = math.log(sum(math.exp(v - top) for v in z))
        logs = [v - top - log_sum for v in z]
        total -= sum(t * v for t, v in zip(y, logs, strict=True))
        P.append([math.exp(v) for v in logs])
    return total / len(Z), (np.array(P), rows)


@EXERCISE.right
def by_logaddexp(Z, Y):
    log_p = Z - np.logaddexp.reduce(Z, axis=1)[:, None]
    rows = as_rows(Z, Y)
    return -np.mean((rows * log_p).sum(axis=1)), (np.exp(log_p), rows)


def loss_with(value):
    @wraps(value)
    def wrong(Z, Y):
        _, (P, rows) = by_logaddexp(Z, Y)
        log_p = Z - np.logaddexp.reduce(Z, axis=1)[:, None]
        return value(rows, log_p), (P, rows)

    return wrong


@EXERCISE.second("sum-for-mean")
@loss_with
def summed(rows, log_p):
    return -np.einsum("mk,mk", rows, log_p)


@EXERCISE.second("mean-over-classes")
@loss_with
def mean_of_all(rows, log_p):
    return np.mean(-rows * log_p)


@EXERCISE.second("sign")
@loss_with
def negative(rows, log_p):
    return np.mean(np.sum(rows * log_p, axis=1))


@EXERCISE.second("softmax-down-the-examples")
def down_the_examples(Z, Y):
    log_p = Z - np.logaddexp.reduce(Z, axis=0)
    rows = as_rows(Z, Y)
    return -np.sum(rows * log_p) / len(Z), (np.exp(log_p), rows)


@EXERCISE.second("softmax-over-everything")
def loss_over_everything(Z, Y):
    log_p = Z - np.logaddexp.reduce(Z, axis=None)
    rows = as_rows(Z, Y)
    return -np.sum(rows * log_p) / len(Z), (np.exp(log_p), rows)


@EXERCISE.second("overflow")
def overflows(Z, Y):
    rows = as_rows(Z, Y)
    P = np.exp(Z) / np.exp(Z).sum(axis=1).reshape(-1, 1)
    return -(rows * np.log(P)).sum() / len(Z), (P, rows)


@EXERCISE.second("clipped")
def clipped_at(Z, Y):
    _, (P, rows) = by_loops(Z, Y)
    return -np.sum(rows * np.log(np.clip(P, 1e-12, 1))) / len(Z), (P, rows)


@EXERCISE.second(labels_not_expanded)
def without_labels(Z, Y):
    log_p = Z - np.logaddexp.reduce(Z, axis=1)[:, None]
    return -(np.asarray(Y) * log_p).sum() / len(Y), (np.exp(log_p), Y)


@EXERCISE.second(logarithm_of_softmax)
def log_of_quotient(Z, Y):
    E = np.exp(Z - Z.max(axis=1)[:, None])
    P = E / E.sum(axis=1)[:, None]
    T = np.eye(Z.shape[1])[Y] if np.ndim(Y) == 1 else Y
    with np.errstate(all="ignore"):
        losses = [-np.sum(t * np.log(p)) for t, p in zip(T, P, strict=True)]
    return sum(losses) / len(losses), (P, T)


@EXERCISE.second(soft_targets_made_hard)
def hard_rows(Z, Y):
    return by_logaddexp(Z, np.argmax(as_rows(Z, Y), axis=1))


@EXERCISE.second(likeliest_class_in_loss)
def loss_by_labels(Z, Y):
    _, (P, rows) = by_loops(Z, Y)
    log_p = Z - np.logaddexp.reduce(Z, axis=1)[:, None]
    return -np.mean([v[np.argmax(t)] for v, t in zip(log_p, rows, strict=True)]), (P, rows)


@EXERCISE.second(as_for_logistic_units)
def yes_or_no_terms(Z, Y):
    _, (P, rows) = by_loops(Z, Y)
    with np.errstate(all="ignore"):
        yes, no = rows * np.log(P), (1 - rows) * np.log(1 - P)
    return np.mean(-np.sum(yes + no, axis=1)), (P, rows)


@EXERCISE.second(one_largest_for_all)
def shifted_by_one_number(Z, Y):
    rows, E = as_rows(Z, Y), np.exp(Z - np.max(Z))
    with np.errstate(all="ignore"):
        P = E / E.sum(axis=1)[:, None]
        losses = -np.sum(rows * np.log(P), axis=1)
    return losses.mean(), (P, rows)
