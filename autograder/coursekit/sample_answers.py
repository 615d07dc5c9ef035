"""What the good student of the sample class hands in for problem set 1."""

import numpy as np


def logistic(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))
    return np.where(z < 0, e / (1 + e), 1 / (1 + e))


def layer_preactivation(W, x, b):
    return W @ x + b


def mean_cost(A, Y):
    return 0.5 * np.sum((Y - A) ** 2) / len(A)


def output_deltas(a, y):
    return (a - y) * a * (1 - a)
