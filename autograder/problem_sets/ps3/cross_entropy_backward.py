"""Softmax with cross-entropy, backward: a difference, divided by M."""

from functools import wraps

import numpy as np

from backprop.losses import LossCache, softmax_cross_entropy_backward
from coursekit.authoring.exercises import Cases, Exercise

from .pages import LOSSES, MINIBATCH, SOFTMAX
from .sizes import SIZES


def loss_call(M, K):
    def draw(rng):
        S = rng.dirichlet(np.ones(K), size=M)
        Y = np.eye(K)[rng.integers(0, K, M)]
        return float(rng.uniform(0.5, 3)), LossCache(S, Y)

    return draw


def soft_targets(rng):
    d_loss, cache = loss_call(5, 3)(rng)
    return d_loss, cache._replace(Y=rng.dirichlet(np.ones(3), size=5))


def one_upstream(rng):
    return 1.0, loss_call(5, 3)(rng)[1]


EXERCISE = Exercise(
    softmax_cross_entropy_backward,
    cases=[
        Cases("five examples, three classes", loss_call(5, 3), share=0.4),
        Cases("soft targets", soft_targets, share=0.2),
        Cases("one example", loss_call(1, 4), share=0.2),
        Cases("an upstream gradient of 1", one_upstream, share=0.2, count=2),
    ],
    hints=[
        "Each row of this gradient adds up to 0. Why must it, and does yours?",
        "Look at the difference that vanishes when every probability is right. Which two "
        "numbers change its size: one that your function is given, and one that comes from the "
        "mean?",
        "Most often the division by the number of examples is missing, or the Jacobian of "
        "softmax is applied a second time. Else only its diagonal is used, as if a logit acted "
        "on its own class alone, or the likeliest class gets a 1 in place of its probability.",
    ],
    situation="microscope?example=deep&step=12",
    axes=SIZES,
)


def loss_gradient(formula):
    @wraps(formula)
    def wrong(d_loss, cache):
        return formula(d_loss, cache.Y_hat, cache.Y, len(cache.Y))

    return wrong


@EXERCISE.misconception(
    "The 1/M of the mean is missing. The loss divides by the number of examples, and so must its "
    "gradient: here, and nowhere else.",
    f"{MINIBATCH}#Sum or mean",
)
@loss_gradient
def not_averaged(d, S, Y, M):
    return d * (S - Y)


@EXERCISE.misconception(
    "The sizes are right and the signs are wrong. Where the probability is larger than its "
    "target, a larger logit makes the loss larger.",
    f"{LOSSES}#Softmax and its cross-entropy",
)
@loss_gradient
def sign(d, S, Y, M):
    return d * (Y - S) / M


@EXERCISE.misconception(
    "You multiply by s(1 - s) once more. The derivative of softmax has already cancelled against "
    "that of the logarithm, so it must not be applied again.",
    f"{LOSSES}#Softmax and its cross-entropy",
)
@loss_gradient
def derivative_applied_again(d, S, Y, M):
    return d * (S - Y) * S * (1 - S) / M


@EXERCISE.misconception(
    "This is the gradient with respect to the probabilities. The exercise asks for that of the "
    "logits: the Jacobian of softmax lies between them.",
    f"{LOSSES}#Softmax and its cross-entropy",
)
@loss_gradient
def gradient_of_probabilities(d, S, Y, M):
    return -d * Y / S / M


@EXERCISE.misconception(
    "This is right only if the upstream gradient is 1. All of it has to be multiplied by that "
    "gradient, d_loss.",
    f"{MINIBATCH}#Backward, one step after another",
)
@loss_gradient
def upstream_forgotten(d, S, Y, M):
    return (S - Y) / M


@EXERCISE.misconception(
    "You divide by the number of classes as well. Only the examples are averaged.",
    f"{LOSSES}#Softmax and its cross-entropy",
)
@loss_gradient
def mean_over_classes(d, S, Y, M):
    return d * (S - Y) / S.size


@EXERCISE.misconception(
    "You leave out what a logit does to the probabilities of the other classes. It lowers them "
    "all, so every logit has a gradient, also where its target is 0.",
    f"{SOFTMAX}#Softmax: each output sees all inputs",
)
@loss_gradient
def own_probability_only(d, S, Y, M):
    return d * Y * (S - 1) / M


@EXERCISE.misconception(
    "You compare the targets with a decision, 1 for the likeliest class and 0 for the rest. The "
    "probabilities themselves belong there: they say how sure the network is.",
    f"{LOSSES}#Softmax and its cross-entropy",
)
@loss_gradient
def decision_for_probabilities(d, S, Y, M):
    return d * (np.eye(S.shape[1])[S.argmax(axis=1)] - Y) / M


@EXERCISE.misconception(
    "You divide by s(1 - s). That is the gradient of the loss of yes-or-no outputs, with respect "
    "to their probabilities. Here the logits are asked for, and softmax lies between.",
    f"{LOSSES}#Cross-entropy with logistic units",
)
@loss_gradient
def as_for_logistic_units(d, S, Y, M):
    return d * (S - Y) / (S * (1 - S)) / M


@EXERCISE.right
def by_rows(d_loss, cache):
    M = len(cache.Y)
    return [d_loss / M * (s - y) for s, y in zip(cache.Y_hat, cache.Y, strict=True)]


@EXERCISE.right
def by_jacobian(d_loss, cache):
    P, Y = cache
    rows = [(np.diag(p) - np.outer(p, p)) @ (-y / p) for p, y in zip(P, Y, strict=True)]
    return d_loss * np.array(rows) / len(rows)


@EXERCISE.second(not_averaged)
def unaveraged(d_loss, cache):
    return np.subtract(*cache) * d_loss


@EXERCISE.second(sign)
def ascending(d_loss, cache):
    return -np.array(by_rows(d_loss, cache))


@EXERCISE.second(derivative_applied_again)
def twice(d_loss, cache):
    P = cache.Y_hat
    return np.array(by_rows(d_loss, cache)) * (P - P**2)


@EXERCISE.second(gradient_of_probabilities)
def of_probabilities(d_loss, cache):
    return np.where(cache.Y > 0, -d_loss / (len(cache.Y) * cache.Y_hat), 0) * cache.Y


@EXERCISE.second(upstream_forgotten)
def no_upstream(d_loss, cache):
    return by_rows(1.0, cache)


@EXERCISE.second(mean_over_classes)
def all_averaged(d_loss, cache):
    return unaveraged(d_loss, cache) / np.size(cache.Y)


@EXERCISE.second(own_probability_only)
def by_diagonal(d_loss, cache):
    P, Y = cache
    rows = [np.diag(p - p**2) @ (-y / p) for p, y in zip(P, Y, strict=True)]
    return d_loss * np.array(rows) / len(rows)


@EXERCISE.second(decision_for_probabilities)
def by_decision(d_loss, cache):
    decided = cache.Y_hat == cache.Y_hat.max(axis=1)[:, None]
    return by_rows(d_loss, cache._replace(Y_hat=decided.astype(float)))


@EXERCISE.second(as_for_logistic_units)
def yes_or_no(d_loss, cache):
    P, Y = cache
    return d_loss * ((1 - Y) / (1 - P) - Y / P) / P.shape[0]
