"""Train a network that reads digits, judged by images that it has not seen."""

import functools
import math
from itertools import pairwise

import numpy as np

from backprop import training
from backprop.datasets import load_digits
from backprop.networks import initialize_mlp, mlp_loss_and_gradients
from backprop.optimizers import Adam
from coursekit.authoring.exercises import Answered, Cases, Exercise
from coursekit.checks.held_out import HeldOut

from .parameters import Params


def train(X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> Params:
    """Train a network that reads handwritten digits.

    Parameters
    ----------
    X : array, shape (N, 64)
        Images, one per row; ink from 0 to 1.
    y : array of int, shape (N,)
        Which digit each image shows, 0 to 9.
    rng : numpy.random.Generator
        Source of all random numbers.

    Returns
    -------
    list of (W, b)
        The layers of the trained network: tanh between them, nothing after the last one, which
        has 10 outputs; the largest says the digit. At most 20 000 numbers in all.
    """
    sizes = (X.shape[1], 64, 10)
    params = [
        array
        for a, b in pairwise(sizes)
        for array in (rng.normal(size=(a, b)) / np.sqrt(a), np.zeros(b))
    ]
    m, v = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    targets, t = np.eye(sizes[-1])[y], 0
    for _ in range(30):
        for rows in np.array_split(rng.permutation(len(X)), len(X) // 32):
            W1, b1, W2, b2 = params
            H = np.tanh(X[rows] @ W1 + b1)
            E = np.exp(H @ W2 + b2)
            dZ = (E / E.sum(axis=1, keepdims=True) - targets[rows]) / len(rows)
            dH = (dZ @ W2.T) * (1 - H**2)
            grads = (X[rows].T @ dH, dH.sum(axis=0), H.T @ dZ, dZ.sum(axis=0))
            t += 1
            m = [0.9 * a + 0.1 * g for a, g in zip(m, grads, strict=True)]
            v = [0.999 * a + 0.001 * g**2 for a, g in zip(v, grads, strict=True)]
            rate = 0.01 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            steps = [rate * a / (np.sqrt(s) + 1e-8) for a, s in zip(m, v, strict=True)]
            params = [p - step for p, step in zip(params, steps, strict=True)]
    return [(params[0], params[1]), (params[2], params[3])]


@functools.cache
def digits():
    return load_digits()


def split_of_digits(inverted, scale):
    """Draws images to learn from and others to be judged by, the pixels in a new order."""

    def draw(rng):
        images, labels = digits()
        order, pixels = rng.permutation(len(images))[:1400], rng.permutation(64)
        X, y = images[order][:, pixels], labels[order]
        if inverted:
            X = np.where(rng.random((len(X), 1)) < 0.5, 1 - X, X)
        return Answered(
            (X[:1000], y[:1000], np.random.default_rng(rng.integers(2**32))),
            HeldOut(X[1000:], y[1000:], scale, 20_000),
        )

    return draw


EXERCISE = Exercise(
    train,
    cases=[
        Cases(
            "pixels in another order",
            split_of_digits(False, ((0.5, 0.25), (0.8, 0.5), (0.88, 0.75), (0.93, 1.0))),
            share=0.5,
            count=2,
        ),
        Cases(
            "half of the images white on black",
            split_of_digits(True, ((0.4, 0.25), (0.7, 0.5), (0.83, 0.75), (0.9, 1.0))),
            share=0.5,
            count=2,
        ),
    ],
    hints=[
        "How do loss and accuracy develop on examples that you put aside, and on those that you "
        "train on?",
        "Before a long run, train on one minibatch again and again: its loss must go to 0. If it "
        "does not, look at the backward pass and the learning rate.",
        "Near 10 %? Labels and images were shuffled apart, all weights began equal, nothing is "
        "changed, or the step is far too long or goes uphill. Near 25 % on the second group, no "
        "hidden layer learns. In between: too few or too short steps, first weights that are too "
        "large, or images that were scaled in training alone.",
    ],
    cpu_seconds=20.0,
    no_example="any network that learns will do",
)


@EXERCISE.in_package
def by_backprop(X, y, rng):
    """Another training than the reference's, held to the same images."""
    params, _ = training.train(
        initialize_mlp([X.shape[1], 64, 10], rng),
        X,
        y,
        functools.partial(mlp_loss_and_gradients, activation="tanh"),
        Adam(0.01),
        epochs=30,
        batch_size=32,
        rng=rng,
    )
    return params


@EXERCISE.right
def with_momentum(X, y, rng):
    widths = [X.shape[1], 60, 30, 10]
    params = [[rng.normal(0, math.sqrt(1 / n), (n, k)), np.zeros(k)] for n, k in pairwise(widths)]
    velocity = [[0 * W, 0 * b] for W, b in params]
    for epoch in range(40):
        rate = 0.1 * (1 - epoch / 40)
        order = rng.permutation(len(X))
        for start in range(0, len(X), 25):
            rows = order[start : start + 25]
            states = [X[rows] - 0.5]
            for W, b in params:
                states.append(np.tanh(states[-1] @ W + b))
            Z = states[-2] @ params[-1][0] + params[-1][1]
            delta = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
            delta[np.arange(len(rows)), y[rows]] -= 1
            delta /= len(rows)
            for k in (2, 1, 0):
                W, b = params[k]
                back = (delta @ W.T) * (1 - states[k] ** 2)
                velocity[k][0] = 0.9 * velocity[k][0] - rate * (states[k].T @ delta)
                velocity[k][1] = 0.9 * velocity[k][1] - rate * delta.sum(0)
                params[k] = [W + velocity[k][0], b + velocity[k][1]]
                delta = back
    params[0][1] = params[0][1] - 0.5 * params[0][0].sum(0)  # the shift by 0.5, put into the bias
    return params


@EXERCISE.right
def with_rmsprop(X, y, rng):
    W, b = rng.normal(size=(64, 100)) / 8, np.zeros(100)
    V, c = np.zeros((100, 10)), np.zeros(10)
    squares = [np.zeros_like(p) for p in (W, b, V, c)]
    for epoch in range(40):
        rate = 0.004 * 0.94**epoch
        for rows in np.split(rng.permutation(len(X)), range(40, len(X), 40)):
            H = np.tanh(X[rows] @ W + b)
            Z = H @ V + c
            P = np.exp(Z - Z.max(1)[:, None])
            dZ = (P / P.sum(1)[:, None] - (y[rows][:, None] == np.arange(10))) / len(rows)
            dH = dZ @ V.T * (1 - H * H)
            grads = [X[rows].T @ dH, dH.sum(0), H.T @ dZ, dZ.sum(0)]
            squares = [0.95 * s + 0.05 * g * g for s, g in zip(squares, grads, strict=True)]
            moves = [rate * g / (s**0.5 + 1e-6) for g, s in zip(grads, squares, strict=True)]
            W, b, V, c = W - moves[0], b - moves[1], V - moves[2], c - moves[3]
    return (W.astype(np.float32), b.astype(np.float32)), (V.tolist(), c.tolist())
