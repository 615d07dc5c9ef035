"""A linear layer, backward: dX, dW and db."""

from functools import wraps

import numpy as np

from backprop.layers import LinearCache, linear_backward
from coursekit.authoring.exercises import Cases, Exercise

from .pages import LAYER, MINIBATCH
from .sizes import SIZES


def layer_upstream(M, n_in, n_out):
    def draw(rng):
        cache = LinearCache(rng.normal(size=(M, n_in)), rng.normal(size=(n_in, n_out)))
        return rng.normal(size=(M, n_out)), cache

    return draw


EXERCISE = Exercise(
    linear_backward,
    cases=[
        Cases("five examples, four inputs, three outputs", layer_upstream(5, 4, 3), share=0.6),
        Cases("all sizes equal", layer_upstream(3, 3, 3), share=0.2),
        Cases("one example", layer_upstream(1, 2, 4), share=0.2),
    ],
    hints=[
        "A gradient has the shape of the thing it belongs to. Which shapes must dX, dW and db "
        "have, and which have yours?",
        "Look at each gradient apart from the others. You derived dX and dW above; db is what "
        "remains of dW when the input is a constant 1.",
        "Most often you divide by M once more, though the loss has done it. Or a transpose is "
        "missing, which a square matrix hides. Or only one example counts where all should be "
        "added, or db adds up the outputs as well.",
    ],
    situation="shapes?step=9&at=2-1",
    axes=SIZES,
)


def linear_gradients(change):
    """The right three gradients with one of them changed, so that a mistake stands alone."""

    @wraps(change)
    def wrong(dY, cache):
        X, W = cache
        right = {"dX": dY @ W.T, "dW": X.T @ dY, "db": dY.sum(axis=0)}
        right |= change(dY, X, W)
        return right["dX"], right["dW"], right["db"]

    return wrong


@EXERCISE.misconception(
    "You divide by the number of examples. The loss has already done so: its 1/M is inside dY. A "
    "layer only adds up.",
    f"{MINIBATCH}#Sum or mean",
)
@linear_gradients
def averaged_again(dY, X, W):
    return {"dW": X.T @ dY / len(X), "db": dY.sum(axis=0) / len(X)}


@EXERCISE.misconception(
    "You average db over the examples, but not dW. Both add up what the examples contribute; the "
    "loss has averaged already.",
    f"{MINIBATCH}#Sum or mean",
)
@linear_gradients
def bias_averaged(dY, X, W):
    return {"db": dY.mean(axis=0)}


@EXERCISE.misconception(
    "Your db has one row per example. Every example uses the bias, so its gradient is a sum over "
    "them, in the shape of b.",
    f"{LAYER}#The biases",
)
@linear_gradients
def bias_not_summed(dY, X, W):
    return {"db": dY}


@EXERCISE.misconception(
    "You sum db over the output units. Each output unit has a bias of its own; it is the examples "
    "that are added up.",
    f"{LAYER}#The biases",
)
@linear_gradients
def bias_wrong_axis(dY, X, W):
    return {"db": dY.sum(axis=1)}


@EXERCISE.misconception(
    "The numbers in db are right, but its shape is not. A gradient has the shape of its "
    "parameter, and b has one axis.",
    f"{LAYER}#The biases",
)
@linear_gradients
def bias_keeps_axis(dY, X, W):
    return {"db": dY.sum(axis=0, keepdims=True)}


@EXERCISE.misconception(
    "For dX you multiply by W as it stands, which runs only where W is square. Forward, W leads "
    "from inputs to outputs; backward, it has to lead the other way.",
    f"{LAYER}#The layer before",
)
@linear_gradients
def weights_not_transposed(dY, X, W):
    return {"dX": dY @ W}


@EXERCISE.misconception(
    "For dW you multiply by X as it stands, which runs only where X is square. The sum runs over "
    "the examples, so their index has to be the inner one.",
    f"{LAYER}#The weights",
)
@linear_gradients
def input_not_transposed(dY, X, W):
    return {"dW": X @ dY}


@EXERCISE.misconception(
    "Your dW is the transpose of the gradient: it has shape (n_out, n_in). A gradient has the "
    "shape of its parameter.",
    f"{LAYER}#The shape argument, and where it deceives",
)
@linear_gradients
def factors_swapped(dY, X, W):
    return {"dW": dY.T @ X}


@EXERCISE.misconception(
    "Your gradients do not depend on dY. They are derivatives of the sum of all outputs, but the "
    "cost weights each output with its upstream gradient.",
    f"{MINIBATCH}#Backward, one step after another",
)
@linear_gradients
def upstream_forgotten(dY, X, W):
    return {
        "dX": np.ones_like(dY) @ W.T,
        "dW": X.T @ np.ones_like(dY),
        "db": np.ones_like(dY).sum(axis=0),
    }


@EXERCISE.misconception(
    "Your dW and db hold only what the first example contributes. All examples use the same "
    "weights, and their contributions add.",
    f"{LAYER}#The weights",
)
@linear_gradients
def first_example_only(dY, X, W):
    return {"dW": np.outer(X[0], dY[0]), "db": dY[0]}


@EXERCISE.misconception(
    "All three gradients are right, but they come in another order. The docstring asks for dX, "
    "dW, db.",
    f"{LAYER}#The biases",
)
def other_order(dY, cache):
    X, W = cache
    return X.T @ dY, dY.sum(axis=0), dY @ W.T


@EXERCISE.misconception(
    "All three of your gradients are too small by the number of examples. The loss has divided "
    "already, and its 1/M came in with dY: a layer passes it on.",
    f"{MINIBATCH}#Sum or mean",
)
def all_averaged(dY, cache):
    return linear_backward(dY / len(dY), cache)


@EXERCISE.right
def by_einsum(dY, cache):
    return (
        np.einsum("mi,ji->mj", dY, cache.W),
        np.einsum("mj,mi->ji", cache.X, dY),
        np.einsum("mi->i", dY),
    )


@EXERCISE.right
def by_examples(dY, cache):
    X, W = cache
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), [0.0] * W.shape[1]
    for m in range(len(X)):
        for j in range(W.shape[0]):
            for i in range(W.shape[1]):
                dX[m, j] += dY[m, i] * W[j, i]
                dW[j, i] += dY[m, i] * X[m, j]
        db = [old + new for old, new in zip(db, dY[m], strict=True)]
    return dX, dW, db


@EXERCISE.second(averaged_again)
def averaged(dY, cache):
    dX, dW, db = by_examples(dY, cache)
    return dX, dW / dX.shape[0], np.array(db) / dX.shape[0]


@EXERCISE.second(bias_averaged)
def bias_mean(dY, cache):
    dX, dW, _ = by_einsum(dY, cache)
    return dX, dW, np.mean(dY, 0)


@EXERCISE.second(bias_not_summed)
def bias_unsummed(dY, cache):
    dX, dW, _ = by_einsum(dY, cache)
    return dX, dW, 1.0 * dY


@EXERCISE.second(bias_wrong_axis)
def bias_axis(dY, cache):
    dX, dW, _ = by_einsum(dY, cache)
    return dX, dW, np.einsum("mi->m", dY)


@EXERCISE.second(bias_keeps_axis)
def bias_row(dY, cache):
    dX, dW, db = by_einsum(dY, cache)
    return dX, dW, db[np.newaxis, :]


@EXERCISE.second(weights_not_transposed)
def untransposed_w(dY, cache):
    _, dW, db = by_einsum(dY, cache)
    return np.dot(dY, cache.W), dW, db


@EXERCISE.second(input_not_transposed)
def untransposed_x(dY, cache):
    dX, _, db = by_einsum(dY, cache)
    return dX, np.dot(cache.X, dY), db


@EXERCISE.second(factors_swapped)
def swapped(dY, cache):
    dX, dW, db = by_einsum(dY, cache)
    return dX, dW.T, db


@EXERCISE.second(upstream_forgotten)
def no_upstream(dY, cache):
    return by_examples(0 * dY + 1, cache)


@EXERCISE.second(first_example_only)
def first(dY, cache):
    dX, _, _ = by_einsum(dY, cache)
    return dX, cache.X[:1].T @ dY[:1], dY[0].copy()


@EXERCISE.second(other_order)
def weights_first(dY, cache):
    dX = np.einsum("mi,ji->mj", dY, cache[1])
    return np.einsum("mj,mi->ji", cache[0], dY), np.ones(len(dY)) @ dY, dX


@EXERCISE.second(all_averaged)
def means_of_all(dY, cache):
    return tuple(np.asarray(part) / dY.shape[0] for part in by_examples(dY, cache))
