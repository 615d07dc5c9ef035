"""Independent implementations for problem set 0: right ones, and second wrong ones.

NumPy and the standard library only: this file also runs in the worker, beside student code.
"""

import numpy as np


def twice_by_addition(x):
    return x + x


def twice_by_division(x):
    print("twice of", x)
    return np.asarray(x) / 0.5


def columns_by_product(X):
    return np.ones(len(X)) @ X


def columns_by_loop(X):
    return [sum(row[j] for row in X) for j in range(X.shape[1])]


def errors_by_loop(a, y):
    return [p - t for p, (t,) in zip(a, y, strict=True)]


def errors_by_ravel(a, y):
    return np.subtract(a, y.ravel())


RIGHT = {
    "ps0-twice": [twice_by_addition, twice_by_division],
    "ps0-column-sums": [columns_by_product, columns_by_loop],
    "ps0-errors": [errors_by_loop, errors_by_ravel],
}


def wrong_square(x):
    return x * x


def wrong_plus(x):
    return np.add(x, 2)


def wrong_rows(X):
    return np.array([sum(row) for row in X])


def wrong_total(X):
    return sum(sum(row) for row in X)


def wrong_kept(X):
    return np.ones((1, len(X))) @ X


def wrong_mean(X):
    return sum(X) / len(X)


def wrong_broadcast(a, y):
    return a[None, :] - y


def wrong_column(a, y):
    return np.array([[p - t] for p, (t,) in zip(a, y, strict=True)])


def wrong_reversed(a, y):
    return -(a - y.ravel())


WRONG = {
    "ps0-twice": {"square": wrong_square, "two-added": wrong_plus},
    "ps0-column-sums": {
        "rows": wrong_rows,
        "everything": wrong_total,
        "axis-kept": wrong_kept,
        "mean": wrong_mean,
    },
    "ps0-errors": {
        "broadcast": wrong_broadcast,
        "column": wrong_column,
        "reversed": wrong_reversed,
    },
}
