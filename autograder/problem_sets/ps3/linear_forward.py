"""A linear layer, forward, with what the way back needs."""

import numpy as np

from backprop.layers import linear_forward
from coursekit.authoring.exercises import Cases, Exercise

from .pages import LAYER, MINIBATCH
from .sizes import SIZES


def layer_arguments(M, n_in, n_out):
    def draw(rng):
        return rng.normal(size=(M, n_in)), rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)

    return draw


def whole_number_layer(rng):
    return (
        rng.integers(-3, 4, (5, 2)),
        rng.integers(-3, 4, (2, 3)),
        rng.integers(-3, 4, 3),
    )


EXERCISE = Exercise(
    linear_forward,
    cases=[
        Cases("five examples, four inputs, three outputs", layer_arguments(5, 4, 3), share=0.5),
        Cases("all sizes equal", layer_arguments(3, 3, 3), share=0.2),
        Cases("one example", layer_arguments(1, 2, 4), share=0.15),
        Cases("whole numbers", whole_number_layer, share=0.15, count=2),
    ],
    hints=[
        "Shapes before code: (M, n_in) times which shape gives (M, n_out)?",
        "Look at both things that come back: Y, and a cache with the two arrays that the "
        "docstring names.",
        "The usual slips: a transpose that belongs to the column convention, a bias added along "
        "the wrong axis or inside of the sum, or the wrong array in the cache.",
    ],
    situation="shapes?step=1",
    axes=SIZES,
)


@EXERCISE.misconception(
    "The biases are missing. The same bias vector is added to every row.",
    f"{MINIBATCH}#The network and its shapes",
)
def bias_forgotten(X, W, b):
    return X @ W, (X, W)


@EXERCISE.misconception(
    "You transpose W. With one example per row, W has one row for each input and stands to the "
    "right of X just as it is. The transpose belongs to the column convention.",
    f"{MINIBATCH}#Rows or columns",
)
def weights_transposed(X, W, b):
    return X @ W.T + b, (X, W)


@EXERCISE.misconception(
    "You add one bias to each example. A bias belongs to an output unit, and so to a column.",
    f"{MINIBATCH}#The network and its shapes",
)
def bias_per_example(X, W, b):
    return X @ W + b[:, np.newaxis], (X, W)


@EXERCISE.misconception(
    "Y is right, but the cache holds the output of the layer. The gradient of the weights needs "
    "what came in.",
    f"{LAYER}#The weights",
)
def output_cached(X, W, b):
    return X @ W + b, (X @ W + b, W)


@EXERCISE.misconception(
    "Y is right, but the cache has three parts instead of two. The derivative of a sum does not "
    "depend on its term b, so b is not needed.",
    f"{LAYER}#The biases",
)
def bias_cached(X, W, b):
    return X @ W + b, (X, W, b)


@EXERCISE.misconception(
    "You add the bias inside of the sum over the inputs, so it counts once for each input. Each"
    " output unit adds its bias only once.",
    f"{MINIBATCH}#The network and its shapes",
)
def bias_for_each_input(X, W, b):
    return X @ W + X.shape[1] * b, (X, W)


@EXERCISE.right
def by_einsum(X, W, b):
    return np.einsum("mj,ji->mi", X, W) + b, (X, W)


@EXERCISE.right
def by_loops(X, W, b):
    Y = [[sum(x * W[:, i]) + b[i] for i in range(W.shape[1])] for x in X]
    print("Y is", Y)
    return Y, [X, W]


@EXERCISE.second(bias_forgotten)
def no_bias(X, W, b):
    Y = np.dot(X, W)
    return Y, (X, W)


@EXERCISE.second(weights_transposed)
def transposed(X, W, b):
    Y = (W @ X.T).T + b
    return Y, (X, W)


@EXERCISE.second(bias_per_example)
def bias_by_rows(X, W, b):
    Y = X.dot(W)
    return (Y.T + b).T, (X, W)


@EXERCISE.second(output_cached)
def caches_y(X, W, b):
    Y = np.add(X @ W, b)
    return Y, (Y.copy(), W)


@EXERCISE.second(bias_cached)
def caches_three(X, W, b):
    return b + X @ W, [X, W, b]


@EXERCISE.second(bias_for_each_input)
def bias_in_the_loop(X, W, b):
    Y = np.zeros((len(X), len(b)))
    for j, weights in enumerate(W):
        Y += np.outer(X[:, j], weights) + b
    return Y, (X, W)
