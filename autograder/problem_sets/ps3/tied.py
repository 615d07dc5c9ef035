"""The gradient of a matrix that is used twice, once transposed."""

from functools import wraps

import numpy as np

from backprop.tape import vjp
from coursekit.authoring.exercises import Cases, Exercise

from .pages import LAYER, PATHS


def tied_gradient(X: np.ndarray, W: np.ndarray, dY: np.ndarray) -> np.ndarray:
    """Gradient of weights that are used twice: forward to a code, transposed back from it.

    The network squeezes its input through few units and builds it up again, with one and the
    same matrix: H = tanh(X W), Y = H Wᵀ.

    Parameters
    ----------
    X : array, shape (M, n)
        Minibatch, one example per row.
    W : array, shape (n, h)
        Weights, used in both layers.
    dY : array, shape (M, n)
        Upstream gradient, ∂C/∂Y.

    Returns
    -------
    dW : array, shape (n, h)
        ∂C/∂W, along both paths.

    Examples
    --------
    >>> X, W, dY = np.array([[1.0]]), np.array([[0.5]]), np.array([[1.0]])
    >>> tied_gradient(X, W, dY).round(4)
    array([[0.8553]])
    """
    H = np.tanh(X @ W)
    dZ = (dY @ W) * (1 - H**2)
    return X.T @ dZ + dY.T @ H


def tied_call(M, n, h):
    def draw(rng):
        return (
            rng.normal(size=(M, n)),
            rng.normal(size=(n, h)) / np.sqrt(n),
            rng.normal(size=(M, n)),
        )

    return draw


EXERCISE = Exercise(
    tied_gradient,
    cases=[
        Cases("five examples, four inputs, two units", tied_call(5, 4, 2), share=0.6),
        Cases("as many units as inputs", tied_call(3, 3, 3), share=0.2),
        Cases("one example", tied_call(1, 4, 3), share=0.2),
    ],
    hints=[
        "Suppose the two uses of W had two names, V for the transposed one. What would be the "
        "gradient of each?",
        "Look at what the second use looks like: it is a transpose, so its gradient has the shape "
        "of the transpose. A central difference tells you which of the two parts is wrong.",
        "Most often one of the two uses is left out, or the slope of tanh on the way through H; "
        "or that slope is taken of the wrong array, or counts for both uses.",
    ],
    axes={"n": "input", "h": "hidden unit"},
)


@EXERCISE.in_package
def by_backprop(X, W, dY):
    """Reverse mode meets W twice, and adds up by itself."""
    _, (dW,) = vjp(lambda W: np.tanh(X @ W) @ W.T, W, seed=dY)
    return dW


def tied_variant(combine):
    @wraps(combine)
    def wrong(X, W, dY):
        H = np.tanh(X @ W)
        dH = dY @ W
        return combine(X.T @ (dH * (1 - H**2)), dY.T @ H, X, H, dH, dY)

    return wrong


@EXERCISE.misconception(
    "You follow W only where it makes H. W is used a second time, where H becomes Y, and that "
    "path counts as well.",
    f"{PATHS}#Why they add",
)
@tied_variant
def first_use_only(first, second, *_):
    return first


@EXERCISE.misconception(
    "You follow W where it is used last, and forget that it also made H.", f"{PATHS}#Why they add"
)
@tied_variant
def second_use_only(first, second, *_):
    return second


@EXERCISE.misconception(
    "Influences along two paths add; you subtract one from the other.", f"{PATHS}#Why they add"
)
@tied_variant
def difference_of_paths(first, second, *_):
    return first - second


@EXERCISE.misconception(
    "You take the mean of the two paths. Their influences add.", f"{PATHS}#Why they add"
)
@tied_variant
def mean_of_paths(first, second, *_):
    return (first + second) / 2


@EXERCISE.misconception(
    "On the path through H the slope of tanh is missing.", f"{LAYER}#The activation between"
)
@tied_variant
def derivative_missing(first, second, X, H, dH, dY):
    return X.T @ dH + second


@EXERCISE.misconception(
    "The second use is Wᵀ, and its gradient has the shape of Wᵀ. Transpose it before you add. "
    "Where W is square your sum runs, and is wrong.",
    f"{LAYER}#The shape argument, and where it deceives",
)
@tied_variant
def second_use_transposed(first, second, X, H, dH, dY):
    return first + H.T @ dY


@EXERCISE.misconception(
    "You multiply by the slope of tanh on both paths. Where W is used last, H goes into the "
    "product as it is: tanh comes before it.",
    f"{LAYER}#The activation between",
)
@tied_variant
def slope_on_both_paths(first, second, X, H, dH, dY):
    return first + dY.T @ (H * (1 - H**2))


@EXERCISE.right
def by_two_names(X, W, dY):
    V = W.T.copy()
    H = np.tanh(np.dot(X, W))
    dV = np.einsum("mh,mn->hn", H, dY)
    dH = np.einsum("mn,hn->mh", dY, V)
    dW = np.einsum("mn,mh->nh", X, dH / np.cosh(np.dot(X, W)) ** 2)
    return dW + dV.T


@EXERCISE.right
def by_examples(X, W, dY):
    total = np.zeros(W.shape)
    for x, d in zip(X, dY, strict=True):
        h = np.tanh(W.T @ x)
        total += np.outer(d, h) + np.outer(x, (W.T @ d) * (1 - h * h))
    return total


def tied_parts(X, W, dY):
    H = np.tanh(X @ W)
    return X.T @ ((dY @ W) / np.cosh(X @ W) ** 2), (H.T @ dY).T


@EXERCISE.second(first_use_only)
def encoder(X, W, dY):
    return tied_parts(X, W, dY)[0]


@EXERCISE.second(second_use_only)
def decoder(X, W, dY):
    return tied_parts(X, W, dY)[1]


@EXERCISE.second(difference_of_paths)
def minus(X, W, dY):
    encoder, decoder = tied_parts(X, W, dY)
    return encoder - decoder


@EXERCISE.second(mean_of_paths)
def mean(X, W, dY):
    return np.mean(tied_parts(X, W, dY), axis=0)


@EXERCISE.second(derivative_missing)
def no_slope(X, W, dY):
    return X.T @ dY @ W + tied_parts(X, W, dY)[1]


@EXERCISE.second(second_use_transposed)
def untransposed(X, W, dY):
    encoder, decoder = tied_parts(X, W, dY)
    return encoder + decoder.T


@EXERCISE.second(slope_on_both_paths)
def slope_twice(X, W, dY):
    H = np.tanh(X @ W)
    encoder, _ = tied_parts(X, W, dY)
    return encoder + np.einsum("mn,mh->nh", dY, H - H**3)
