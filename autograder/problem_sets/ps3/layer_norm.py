"""The backward pass of a layer that normalizes its rows: paths that cross."""

from functools import wraps

import numpy as np

from backprop.tape import vjp
from coursekit.authoring.exercises import Cases, Exercise

from .pages import LAYER, MINIBATCH, PATHS, SOFTMAX

CROSSING = f"{SOFTMAX}#Softmax: each output sees all inputs"


def layer_norm_backward(
    dY: np.ndarray, X: np.ndarray, gain: np.ndarray, eps: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of a layer that normalizes each row, given the gradient of its output.

    Each row x of X becomes gain * (x - mean) / sqrt(variance + eps) + shift, entry by entry.
    Mean and variance are those of the n entries of the row; the variance is the mean of the
    squared distances from the mean.

    Parameters
    ----------
    dY : array, shape (M, n)
        Upstream gradient, ∂C/∂Y. The loss has divided by M already.
    X : array, shape (M, n)
        Minibatch, one example per row.
    gain : array, shape (n,)
        A factor for each column, the same for all rows.
    eps : float, above 0
        Added to the variance, so that a row of equal numbers can be divided.

    Returns
    -------
    dX : array, shape (M, n)
    d_gain : array, shape (n,)
    d_shift : array, shape (n,)

    Examples
    --------
    >>> dY, X = np.array([[1.0, 0.0]]), np.array([[5.0, 1.0]])
    >>> layer_norm_backward(dY, X, gain=np.array([3.0, 1.0]), eps=12.0)
    (array([[ 0.28125, -0.28125]]), array([0.5, 0. ]), array([1., 0.]))
    """
    centred = X - X.mean(axis=1, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=1, keepdims=True) + eps)
    normalized = centred / scale
    G = dY * gain
    along = (G * normalized).mean(axis=1, keepdims=True)
    dX = (G - G.mean(axis=1, keepdims=True) - normalized * along) / scale
    return dX, (dY * normalized).sum(axis=0), dY.sum(axis=0)


def rows_to_normalize(M, n, eps=1e-5):
    def draw(rng):
        X = rng.normal(size=(M, 1)) + rng.uniform(0.5, 2.0, size=(M, 1)) * rng.normal(size=(M, n))
        return rng.normal(size=(M, n)), X, rng.uniform(0.5, 2.0, size=n), eps

    return draw


def with_a_row_of_equal_numbers(rng):
    dY, X, gain, eps = rows_to_normalize(3, 4, eps=0.25)(rng)
    X[1] = X[1, 0]
    return dY, X, gain, eps


EXERCISE = Exercise(
    layer_norm_backward,
    cases=[
        Cases("five examples of four numbers", rows_to_normalize(5, 4), share=0.4),
        Cases("as many examples as numbers", rows_to_normalize(3, 3), share=0.2),
        Cases("a large eps", rows_to_normalize(4, 5, eps=0.5), share=0.2),
        Cases("one example", rows_to_normalize(1, 4), share=0.1),
        Cases("a row of equal numbers", with_a_row_of_equal_numbers, share=0.1, count=2),
    ],
    hints=[
        "Let one entry of a row of X move. On which entries of that row of Y does it act, and "
        "along how many paths?",
        "Give the normalized row a name, and find its gradient first. From there three ways lead "
        "back to X: straight on, through the mean, and through the variance.",
        "Most often a path is missing, a sum is taken over the wrong axis, or the gain comes in "
        "at the wrong place. Try a row of three numbers, and move one of them by a little.",
    ],
    axes={"M": "example", "n": "column"},
)


@EXERCISE.in_package
def by_backprop(dY, X, gain, eps):
    """Reverse mode finds all paths by itself."""

    def forward(X, gain, shift):
        centred = X - X.mean(axis=1, keepdims=True)
        variance = (centred * centred).mean(axis=1, keepdims=True)
        return gain * centred / np.sqrt(variance + eps) + shift

    _, gradients = vjp(forward, X, gain, np.zeros(len(gain)), seed=dY)
    return gradients


def row_means(A):
    return A.mean(axis=1, keepdims=True)


def only_dX_wrong(dX):
    """Of a wrong way back to the input: the function that gives the other two gradients right."""

    @wraps(dX)
    def wrong(dY, X, gain, eps):
        scale = np.sqrt(row_means((X - row_means(X)) ** 2) + eps)
        normalized = (X - row_means(X)) / scale
        return dX(dY * gain, normalized, scale), (dY * normalized).sum(axis=0), dY.sum(axis=0)

    return wrong


@EXERCISE.misconception(
    "You take mean and variance for constants. They are made from the row, so each entry acts "
    "through them on all entries of its row of Y: two more paths, and paths add.",
    CROSSING,
)
@only_dX_wrong
def one_path_of_three(G, normalized, scale):
    return G / scale


@EXERCISE.misconception(
    "The path through the variance is missing: when an entry moves, so does the number that the "
    "whole row is divided by.",
    f"{PATHS}#Why they add",
)
@only_dX_wrong
def variance_held(G, normalized, scale):
    return (G - row_means(G)) / scale


@EXERCISE.misconception(
    "The path through the mean is missing: when an entry moves, so does the number that is "
    "subtracted from the whole row.",
    f"{PATHS}#Why they add",
)
@only_dX_wrong
def mean_held(G, normalized, scale):
    return (G - normalized * row_means(G * normalized)) / scale


@EXERCISE.misconception(
    "You add up over the row where the mean of the row is meant: the paths through mean and "
    "variance carry a factor 1/n.",
    f"{PATHS}#Why they add",
)
@only_dX_wrong
def sums_for_means(G, normalized, scale):
    return (G - G.shape[1] * (row_means(G) + normalized * row_means(G * normalized))) / scale


@EXERCISE.misconception(
    "On the way back to X you pass the gain without multiplying by it.",
    f"{LAYER}#The layer before",
)
def gain_forgotten(dY, X, gain, eps):
    dX, _, _ = layer_norm_backward(dY, X, np.ones(len(gain)), eps)
    return dX, *layer_norm_backward(dY, X, gain, eps)[1:]


@EXERCISE.misconception(
    "In the gradient of the gain you multiply by X. What does the gain multiply in the forward "
    "pass: X as it is, or something made from it?",
    f"{LAYER}#The weights",
)
def gain_from_raw_inputs(dY, X, gain, eps):
    dX, _, d_shift = layer_norm_backward(dY, X, gain, eps)
    return dX, (dY * X).sum(axis=0), d_shift


@EXERCISE.misconception(
    "You average the gradients of gain and shift over the examples. The loss has divided by M "
    "already, and here the contributions of the examples add.",
    f"{MINIBATCH}#Sum or mean",
)
def parameters_averaged(dY, X, gain, eps):
    dX, d_gain, d_shift = layer_norm_backward(dY, X, gain, eps)
    return dX, d_gain / len(X), d_shift / len(X)


@EXERCISE.misconception(
    "You normalize columns, over the examples. Here each row has a mean and a variance of its "
    "own, and an example knows nothing of the others: look at the axes.",
    CROSSING,
)
def over_the_examples(dY, X, gain, eps):
    centred = X - X.mean(axis=0)
    scale = np.sqrt((centred**2).mean(axis=0) + eps)
    normalized, G = centred / scale, dY * gain
    dX = (G - G.mean(axis=0) - normalized * (G * normalized).mean(axis=0)) / scale
    return dX, (dY * normalized).sum(axis=0), dY.sum(axis=0)


@EXERCISE.misconception(
    "You add eps outside of the root. Here it is added to the variance, inside.", CROSSING
)
def eps_outside(dY, X, gain, eps):
    scale = X.std(axis=1, keepdims=True) + eps
    normalized, G = (X - row_means(X)) / scale, dY * gain
    dX = (G - row_means(G) - normalized * row_means(G * normalized)) / scale
    return dX, (dY * normalized).sum(axis=0), dY.sum(axis=0)


@EXERCISE.misconception(
    "You divide by n − 1 in the variance. Here it is the mean of the squares, divided by n.",
    CROSSING,
)
def variance_of_a_sample(dY, X, gain, eps):
    scale = np.sqrt(X.var(axis=1, keepdims=True, ddof=1) + eps)
    normalized, G = (X - row_means(X)) / scale, dY * gain
    along = (G * normalized).sum(axis=1, keepdims=True) / (X.shape[1] - 1)
    dX = (G - row_means(G) - normalized * along) / scale
    return dX, (dY * normalized).sum(axis=0), dY.sum(axis=0)


@EXERCISE.misconception(
    "You multiply by the gain at the very end. On the way back from Y you meet the gain before "
    "the means. So of which numbers should the means be taken?",
    f"{PATHS}#Why they add",
)
def gain_after_means(dY, X, gain, eps):
    dX, d_gain, d_shift = layer_norm_backward(dY, X, np.ones(len(gain)), eps)
    return gain * dX, d_gain, d_shift


@EXERCISE.misconception(
    "You multiply the gradient of the gain by the gain. How fast Y grows with it depends on what "
    "it multiplies, and not on how large it is itself.",
    f"{LAYER}#The weights",
)
def gain_in_its_own_gradient(dY, X, gain, eps):
    dX, d_gain, d_shift = layer_norm_backward(dY, X, gain, eps)
    return dX, gain * d_gain, d_shift


@EXERCISE.right
def by_jacobians(dY, X, gain, eps):
    n = X.shape[1]
    dX, d_gain = np.zeros(X.shape), np.zeros(n)
    for m, (x, upstream) in enumerate(zip(X, dY, strict=True)):
        scale = np.sqrt(x.var() + eps)
        y = (x - x.mean()) / scale
        dX[m] = (np.eye(n) - 1 / n - np.outer(y, y) / n) / scale @ (upstream * gain)
        d_gain += upstream * y
    return dX, d_gain, dY.sum(axis=0)


def stepwise(dY, X, gain, eps, through_mean=1.0, through_variance=1.0, ddof=0):
    """Each value of the forward pass, and on the way back each path with a factor of its own."""
    n = X.shape[1]
    centred = X - X.sum(axis=1)[:, None] / n
    variance = (centred * centred).sum(axis=1)[:, None] / (n - ddof)
    factor = (variance + eps) ** -0.5
    d_normalized = dY * gain
    d_factor = (d_normalized * centred).sum(axis=1)[:, None]
    d_variance = d_factor * -0.5 * (variance + eps) ** -1.5
    d_centred = d_normalized * factor
    d_centred = d_centred + through_variance * 2 / (n - ddof) * centred * d_variance
    dX = d_centred - through_mean * d_centred.sum(axis=1)[:, None] / n
    return [dX, sum(dY * centred * factor), sum(dY)]


@EXERCISE.right
def step_by_step(dY, X, gain, eps):
    return stepwise(dY, X, gain, eps)


@EXERCISE.second(one_path_of_three)
def straight_through(dY, X, gain, eps):
    return stepwise(dY, X, gain, eps, through_mean=0.0, through_variance=0.0)


@EXERCISE.second(variance_held)
def no_variance(dY, X, gain, eps):
    return stepwise(dY, X, gain, eps, through_variance=0.0)


@EXERCISE.second(mean_held)
def no_mean(dY, X, gain, eps):
    return stepwise(dY, X, gain, eps, through_mean=0.0)


@EXERCISE.second(sums_for_means)
def no_division(dY, X, gain, eps):
    n = X.shape[1]
    return stepwise(dY, X, gain, eps, through_mean=n, through_variance=n)


@EXERCISE.second(gain_forgotten)
def no_gain(dY, X, gain, eps):
    return [stepwise(dY, X, 1.0, eps)[0], *stepwise(dY, X, gain, eps)[1:]]


@EXERCISE.second(gain_from_raw_inputs)
def raw(dY, X, gain, eps):
    dX, _, d_shift = stepwise(dY, X, gain, eps)
    return dX, np.einsum("mn,mn->n", dY, X), d_shift


@EXERCISE.second(parameters_averaged)
def means(dY, X, gain, eps):
    dX, d_gain, _ = stepwise(dY, X, gain, eps)
    return dX, d_gain / dY.shape[0], np.mean(dY, axis=0)


@EXERCISE.second(over_the_examples)
def columns(dY, X, gain, eps):
    dX = stepwise((dY * gain).T, X.T, 1.0, eps)[0].T
    y = (X - np.mean(X, axis=0)) / np.sqrt(np.var(X, axis=0) + eps)
    return dX, np.sum(dY * y, axis=0), np.sum(dY, axis=0)


@EXERCISE.second(eps_outside)
def root_then_eps(dY, X, gain, eps):
    root = np.sqrt(np.mean((X.T - X.mean(axis=1)) ** 2, axis=0))[:, None] + eps
    y, G, n = (X - np.mean(X, axis=1)[:, None]) / root, gain * dY, X.shape[1]
    dX = G - G.sum(axis=1)[:, None] / n - y * (G * y).sum(axis=1)[:, None] / n
    return dX / root, sum(dY * y), sum(dY)


@EXERCISE.second(variance_of_a_sample)
def divided_by_one_less(dY, X, gain, eps):
    return stepwise(dY, X, gain, eps, ddof=1)


@EXERCISE.second(gain_after_means)
def gain_last(dY, X, gain, eps):
    dX, d_gain, d_shift = stepwise(dY, X, 1.0, eps)
    return np.multiply(dX, gain), d_gain, d_shift


@EXERCISE.second(gain_in_its_own_gradient)
def gain_twice(dY, X, gain, eps):
    dX, _, d_shift = stepwise(dY, X, gain, eps)
    return dX, stepwise(dY * gain, X, 1.0, eps)[1], d_shift
