"""A network of any depth, forward."""

from itertools import pairwise

import numpy as np

from backprop.networks import mlp_forward
from coursekit.authoring.exercises import Cases, Exercise

from .pages import DEPTH
from .sizes import SIZES


def network_forward(
    X: np.ndarray, params: list[tuple[np.ndarray, np.ndarray]]
) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray, np.ndarray]]]:
    r"""Send a minibatch through a network: tanh in the hidden layers, a linear last layer.

    Parameters
    ----------
    X : array, shape (M, n_0)
        Minibatch, one example per row.
    params : list of (W, b)
        One pair for each layer, the first layer first; W of shape (n_in, n_out), b of (n_out,).

    Returns
    -------
    Y_hat : array, shape (M, n_L)
        Output of the last layer, to which no activation function is applied.
    caches : list of (A_in, W, Z)
        One tuple for each layer, the first layer first: what came into the layer, its weights,
        and its pre-activations.

    Notes
    -----
    .. math:: A_0 = X, \quad Z_l = A_{l-1} W_l + 1 b_l^\top, \quad A_l = \tanh(Z_l)
              \quad (l < L), \quad \hat Y = Z_L

    Examples
    --------
    >>> first = (np.array([[0.5]]), np.array([0.0]))
    >>> last = (np.array([[2.0]]), np.array([1.0]))
    >>> Y_hat, caches = network_forward(np.array([[1.0]]), [first, last])
    >>> Y_hat.round(4), len(caches)
    (array([[1.9242]]), 2)
    """
    A, caches = X, []
    for W, b in params:
        Z = A @ W + b
        caches.append((A, W, Z))
        A = np.tanh(Z)
    return Z, caches


def network_call(M, *sizes):
    def draw(rng):
        return rng.normal(size=(M, sizes[0])), random_params(rng, sizes)

    return draw


def random_params(rng, sizes):
    return [
        (rng.normal(size=(n_in, n_out)) / np.sqrt(n_in), rng.normal(size=n_out))
        for n_in, n_out in pairwise(sizes)
    ]


EXERCISE = Exercise(
    network_forward,
    cases=[
        Cases("three layers", network_call(5, 4, 2, 6, 3), share=0.5),
        Cases("one layer", network_call(5, 4, 3), share=0.2),
        Cases("five layers, all sizes equal", network_call(3, *[3] * 6), share=0.2),
        Cases("one example", network_call(1, 2, 4, 3), share=0.1),
    ],
    hints=[
        "What goes from one layer to the next, and what comes out of the last one?",
        "Look at the loop: is the cache filled before A is overwritten, and is the last layer "
        "treated like the others?",
        "The usual slips: tanh or softmax after the last layer, or no tanh after the one before "
        "it; another function in its place; or the wrong one of two arrays in the cache, from "
        "before or after the layer.",
    ],
    situation="shapes?step=2",
    axes=SIZES,
)


@EXERCISE.in_package
def by_backprop(X, params):
    Y_hat, caches = mlp_forward(params, X, activation="tanh")
    return Y_hat, [(cache.linear.X, cache.linear.W, cache.activation.Z) for cache in caches]


def forward_variant(activate_last=False, bias=True, hidden=np.tanh, cached="Z"):
    def wrong(X, params):
        A, caches = X, []
        for number, (W, b) in enumerate(params, start=1):
            Z = A @ W + b * bias
            A_in, last = A, number == len(params)
            A = Z if last and not activate_last else hidden(Z)
            caches.append({"Z": (A_in, W, Z), "A": (A_in, W, A), "A_out": (A, W, Z)}[cached])
        return A, caches

    return wrong


EXERCISE.misconception(
    "You apply tanh to the last layer as well, so your outputs stay between -1 and 1. Here the "
    "last layer is linear.",
    f"{DEPTH}#A composition of layers",
    id="last-layer-squashed",
)(forward_variant(activate_last=True))

EXERCISE.misconception(
    "Nothing bends the signal between your layers. The whole network is then one linear layer, "
    "however deep you make it.",
    f"{DEPTH}#A composition of layers",
    id="no-activation",
)(forward_variant(hidden=lambda Z: Z))

EXERCISE.misconception(
    "Every layer adds its biases, and yours do not.",
    f"{DEPTH}#A composition of layers",
    id="biases-forgotten",
)(forward_variant(bias=False))

EXERCISE.misconception(
    "The output is right. The third part of each cache must be the pre-activation Z, from before "
    "tanh: that is where the slope is wanted.",
    f"{DEPTH}#What is used again",
    id="activation-cached",
)(forward_variant(cached="A"))

EXERCISE.misconception(
    "The output is right. The first part of each cache must be what came into the layer, "
    "not what left it.",
    f"{DEPTH}#What is used again",
    id="output-cached",
)(forward_variant(cached="A_out"))


@EXERCISE.misconception(
    "You apply softmax to the output. Here the network ends with its last layer, which is linear; "
    "softmax is part of the loss that follows.",
    f"{DEPTH}#A composition of layers",
)
def softmax_at_the_end(X, params):
    Z, caches = network_forward(X, params)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True), caches


EXERCISE.misconception(
    "Your hidden layers apply the logistic function, whose values lie between 0 and 1. Here they "
    "apply tanh.",
    f"{DEPTH}#A composition of layers",
    id="logistic-units",
)(forward_variant(hidden=lambda Z: 1 / (1 + np.exp(-Z))))


@EXERCISE.right
def by_recursion(X, params):
    (W, b), rest = params[0], params[1:]
    Z = np.einsum("mj,ji->mi", X, W) + b
    if not rest:
        return Z, [(X, W, Z)]
    Y_hat, caches = by_recursion(np.tanh(Z), rest)
    return Y_hat, [(X, W, Z), *caches]


@EXERCISE.right
def by_index(X, params):
    caches, last = [], len(params) - 1
    for k in range(len(params)):
        W, b = params[k]
        Z = X @ W + b
        caches.append([X, W, Z])
        X = Z if k == last else (np.exp(2 * Z) - 1) / (np.exp(2 * Z) + 1)
    return X, caches


@EXERCISE.second("last-layer-squashed")
def all_tanh(X, params):
    Y_hat, caches = by_index(X, params)
    return np.tanh(Y_hat), caches


@EXERCISE.second("no-activation")
def linear(X, params):
    caches = []
    for W, b in params:
        caches.append((X, W, X @ W + b))
        X = caches[-1][2]
    return X, caches


@EXERCISE.second("biases-forgotten")
def no_bias(X, params):
    return by_recursion(X, [(W, np.zeros_like(b)) for W, b in params])


@EXERCISE.second("activation-cached")
def caches_activations(X, params):
    Y_hat, caches = by_recursion(X, params)
    following = [A for A, _, _ in caches[1:]] + [Y_hat]
    return Y_hat, [(A, W, new) for (A, W, _), new in zip(caches, following, strict=True)]


@EXERCISE.second("output-cached")
def caches_outputs(X, params):
    Y_hat, caches = by_index(X, params)
    following = [A for A, _, _ in caches[1:]] + [Y_hat]
    return Y_hat, [(new, W, Z) for (_, W, Z), new in zip(caches, following, strict=True)]


@EXERCISE.second(softmax_at_the_end)
def probabilities(X, params):
    Z, caches = by_recursion(X, params)
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1)[:, None]), caches


@EXERCISE.second("logistic-units")
def logistic_hidden(X, params):
    Y_hat, caches = X, []
    for k, (W, b) in enumerate(params):
        A = (1 + np.tanh(Y_hat / 2)) / 2 if k else X
        Y_hat = A.dot(W) + b
        caches.append((A, W, Y_hat))
    return Y_hat, caches
