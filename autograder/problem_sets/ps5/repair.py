"""Six mistakes to repair in the gradients of a network."""

import math
from itertools import combinations, pairwise

import numpy as np

from backprop.networks import mlp_loss_and_gradients
from coursekit.authoring.exercises import Cases, Exercise
from coursekit.checks.words import listed

from .pages import CHECK, DEPTH, LAYER, LOSSES, MINIBATCH, SOFTMAX
from .parameters import Params
from .passes import passes


def loss_and_gradients(params: Params, X: np.ndarray, y: np.ndarray) -> tuple[float, Params]:
    """Softmax cross-entropy of a network on a minibatch, and the gradients of its parameters.

    Parameters
    ----------
    params : list of (W, b)
        One pair for each layer; tanh after every layer but the last.
    X : array, shape (M, n_0)
        Minibatch, one example per row.
    y : array of int, shape (M,)
        Labels, from 0 to the number of outputs - 1.

    Returns
    -------
    loss : float
        The mean over the minibatch. It is finite however far apart the outputs are.
    gradients : list of (dW, db)
        One pair for each layer, the first layer first.

    Examples
    --------
    >>> params = [(np.array([[1.0, -1.0]]), np.array([0.0, 0.0]))]
    >>> X, y = np.array([[0.0]]), np.array([0])
    >>> loss, gradients = loss_and_gradients(params, X, y)
    >>> round(float(loss), 4)
    0.6931
    >>> dW, db = gradients[0]
    >>> db
    array([-0.5,  0.5])
    """
    A, inputs = X, []
    for W, b in params:
        inputs.append(A)
        Z = A @ W + b
        A = np.tanh(Z)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    targets = np.eye(Z.shape[1])[y]
    dZ = (np.exp(log_P) - targets) / len(y)
    gradients = []
    for A, (W, _) in zip(reversed(inputs), reversed(params), strict=True):
        gradients.append((A.T @ dZ, dZ.sum(axis=0)))
        dZ = (dZ @ W.T) * (1 - A**2)
    return -(targets * log_P).sum() / len(y), gradients[::-1]


def labelled_batch(M, *sizes, scale=1.0):
    def draw(rng):
        params = [
            (rng.normal(size=(a, b)) / np.sqrt(a), rng.normal(size=b)) for a, b in pairwise(sizes)
        ]
        W, b = params[-1]
        params[-1] = (scale * W, scale * b)
        return params, rng.normal(size=(M, sizes[0])), rng.integers(0, sizes[-1], M)

    return draw


EXERCISE = Exercise(
    loss_and_gradients,
    cases=[
        Cases("three layers", labelled_batch(5, 4, 2, 6, 3), share=0.5),
        Cases("one layer", labelled_batch(4, 3, 2), share=0.1),
        Cases("all sizes equal", labelled_batch(3, 3, 3, 3), share=0.1),
        Cases("one example", labelled_batch(1, 4, 2, 3), share=0.1),
        Cases("outputs that are far apart", labelled_batch(5, 4, 2, 3, scale=2000.0), share=0.2),
    ],
    hints=[
        "Which gradient disagrees with a central difference of the loss? And is the loss itself "
        "right?",
        "Begin at the end of the network: a mistake in the last layer spoils everything before "
        "it. Measure; do not just read.",
        "There are six mistakes: two in the loss, one in the first dZ, three in the loop and "
        "after it. Most often left are the logarithm of a probability that has become 0, the "
        "axis of the sum or of the largest output, the slope of tanh, a mean in the biases, or "
        "the order of the list.",
    ],
)


@EXERCISE.in_package
def by_backprop(params, X, y):
    return mlp_loss_and_gradients(params, X, y, loss="softmax_cross_entropy", activation="tanh")


def of_each_row(Z):
    return Z.max(axis=1, keepdims=True)


def repaired(*names, largest=of_each_row, slope=lambda A: 1 - A**2):
    """The broken function of the statement, with some of its mistakes repaired."""

    def wrong(params, X, y):
        A, inputs = X, []
        for W, b in params:
            inputs.append(A)
            Z = A @ W + b
            A = np.tanh(Z)
        along = 1 if "axis" in names else 0
        if "shift" in names:
            Z = Z - (largest(Z) if along else Z.max(axis=0))
        with np.errstate(all="ignore"):
            total = np.exp(Z).sum(axis=along, keepdims=True)
            P = np.exp(Z) / total
            # With the shift the logarithm is taken apart, as whoever shifts would do it.
            log_P = Z - np.log(total) if "shift" in names else np.log(P)
            loss = -log_P[np.arange(len(y)), y].mean()
        dZ = P - np.eye(Z.shape[1])[y]
        dZ = dZ / len(y) if "mean" in names else dZ
        gradients = []
        for A, (W, _) in zip(inputs[::-1], params[::-1], strict=True):
            db = dZ.sum(axis=0) if "bias" in names else dZ.mean(axis=0)
            gradients.append((A.T @ dZ, db))
            dZ = (dZ @ W.T) * (slope(A) if "slope" in names else 1 - A)
        return loss, gradients[::-1] if "order" in names else gradients

    return wrong


EXERCISE.misconception(
    "Your function still does what the one in the statement does: nothing has been repaired yet.",
    f"{CHECK}#The procedure",
    id="nothing-repaired",
)(repaired())

REPAIRS = ("axis", "shift", "mean", "bias", "slope", "order")


def all_but(name):
    return repaired(*(repair for repair in REPAIRS if repair != name))


EXERCISE.misconception(
    "One mistake is left: look at what sums to 1 in P.",
    f"{SOFTMAX}#Softmax: each output sees all inputs",
    id="axis-left",
)(all_but("axis"))

EXERCISE.misconception(
    "One mistake is left. It shows when outputs are hundreds apart.",
    f"{LOSSES}#Stable forms",
    id="overflow-left",
)(all_but("shift"))

EXERCISE.misconception(
    "One mistake is left, and it is in the first dZ: the loss is a mean.",
    f"{MINIBATCH}#Sum or mean",
    id="mean-left",
)(all_but("mean"))

EXERCISE.misconception(
    "One mistake is left: the gradients of the weights are right, those of the biases are means "
    "where they are to be sums.",
    f"{LAYER}#The biases",
    id="bias-left",
)(all_but("bias"))

EXERCISE.misconception(
    "One mistake is left: the last layer is right, those before it are not. The slope of tanh has "
    "a square in it.",
    f"{LAYER}#The activation between",
    id="slope-left",
)(all_but("slope"))

EXERCISE.misconception(
    "One mistake is left: every gradient is there, but the last layer comes first.",
    f"{DEPTH}#What is used again",
    id="order-left",
)(all_but("order"))


EXERCISE.misconception(
    "One mistake is left: you subtract the largest output of the whole minibatch. In an example"
    " far below it, only zeros are left after the exponential. Each example needs its own "
    "largest output.",
    f"{LOSSES}#Stable forms",
    id="one-largest-for-all",
)(repaired(*REPAIRS, largest=np.max))

EXERCISE.misconception(
    "One mistake is left: from each output you subtract the largest of its column. Softmax stays "
    "as it is only if one number is subtracted from all outputs of an example.",
    f"{LOSSES}#Stable forms",
    id="largest-of-each-column",
)(repaired(*REPAIRS, largest=lambda Z: Z.max(axis=0)))

EXERCISE.misconception(
    "One mistake is left: for the slope you take tanh of what has been through tanh already.",
    f"{LAYER}#The activation between",
    id="tanh-of-tanh",
)(repaired(*REPAIRS, slope=lambda A: 1 - np.tanh(A) ** 2))


def logarithm_of_quotient(floor=0.0):
    """All repaired but the logarithm, which is taken of probabilities above a floor."""

    def wrong(params, X, y):
        _, gradients = loss_and_gradients(params, X, y)
        A = X
        for W, b in params:
            Z = A @ W + b
            A = np.tanh(Z)
        P = np.exp(Z - of_each_row(Z))
        P /= P.sum(axis=1, keepdims=True)
        with np.errstate(all="ignore"):
            return -np.log(np.maximum(P[np.arange(len(y)), y], floor)).mean(), gradients

    return wrong


EXERCISE.misconception(
    "All gradients are right. The loss becomes infinite where a probability is too small for "
    "the machine. The logarithm of a quotient is a difference: compute that instead.",
    f"{LOSSES}#Stable forms",
    id="logarithm-left",
)(logarithm_of_quotient())

EXERCISE.misconception(
    "All gradients are right. In the loss you keep the probabilities above a small number, so "
    "the loss is too small where the outputs are far apart. The logarithm of a quotient is a "
    "difference: compute that instead.",
    f"{LOSSES}#Stable forms",
    id="floor-left",
)(logarithm_of_quotient(1e-12))

for floor in (1e-16, float(np.finfo(float).eps), 1e-15, 1e-10, 1e-9, 1e-8, 1e-7):
    words = (
        f"the probabilities get a floor of {floor:.3g} before the logarithm, which caps the loss"
    )
    EXERCISE.explained.append((words, logarithm_of_quotient(floor)))


@EXERCISE.right
def by_recursion(params, X, y):
    loss, _, gradients = passes(params, X, y)
    return float(loss), gradients


@EXERCISE.right
def by_examples(params, X, y):
    total, sums = 0.0, [[np.zeros_like(W), np.zeros_like(b)] for W, b in params]
    for x, label in zip(X, y, strict=True):
        states = [x]
        for W, b in params:
            z = W.T @ states[-1] + b
            states.append(np.tanh(z))
        top = max(z)
        total += top + math.log(sum(math.exp(v - top) for v in z)) - z[label]
        delta = np.exp(z - top) / np.exp(z - top).sum()
        delta[label] -= 1
        for k in range(len(params) - 1, -1, -1):
            sums[k][0] += np.outer(states[k], delta)
            sums[k][1] += delta
            delta = (params[k][0] @ delta) * (1 - states[k] ** 2)
    return total / len(y), [(dW / len(y), db / len(y)) for dW, db in sums]


@EXERCISE.right
def as_in_the_statement(params, X, y):
    """Its steps in their order, with all six repaired: each may be left as it was."""
    A, inputs = X, []
    for W, b in params:
        inputs.append(A)
        Z = A @ W + b
        A = np.tanh(Z)
    Z = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    logs = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    loss = -logs[np.arange(len(y)), y].mean()
    dZ = (P - np.eye(Z.shape[1])[y]) / len(y)
    gradients = []
    for A, (W, _) in zip(inputs[::-1], params[::-1], strict=True):
        gradients.append((A.T @ dZ, dZ.sum(axis=0)))
        dZ = (dZ @ W.T) * (1 - A**2)
    return loss, gradients[::-1]


@EXERCISE.second("nothing-repaired")
def as_printed(params, X, y):
    A, inputs = X, []
    for W, b in params:
        inputs.append(A)
        Z = A @ W + b
        A = np.tanh(Z)
    P = np.exp(Z) / np.exp(Z).sum(axis=0)
    loss = -np.log(P[np.arange(len(y)), y]).mean()
    dZ = P - np.eye(Z.shape[1])[y]
    gradients = []
    for A, (W, _) in zip(inputs[::-1], params[::-1]):  # noqa: B905
        gradients.append((A.T @ dZ, dZ.mean(axis=0)))
        dZ = (dZ @ W.T) * (1 - A)
    return loss, gradients


def left(name, value=True):
    def wrong(params, X, y):
        with np.errstate(all="ignore"):
            loss, _, gradients = passes(params, X, y, **{name: value})
        return loss, gradients[::-1] if name == "order" else gradients

    wrong.__name__ = f"{name}_left"
    return wrong


LEFT_IN_GRADIENTS = {
    "axis": "the sum in P runs over the examples",
    "shift": "the largest output is not subtracted before the exponential",
    "mean": "dZ is not divided by the number of examples",
    "bias": "the gradients of the biases are means",
    "slope": "the slope of tanh lacks its square",
    "no slope": "the slope of tanh is missing",
    "order": "the list begins with the last layer",
}
LEFT_IN_LOSS = {
    "axis": "the sum in the loss runs over the examples",
    "shift": "the loss takes the exponential before the largest output is subtracted",
}
"""What may be wrong in each of the two results, and how that is said."""


def several_left(in_loss, in_gradients):
    """The loss and the gradients, each with what may be left in it alone."""

    def wrong(params, X, y):
        with np.errstate(all="ignore"):
            loss, _, _ = passes(params, X, y, **dict.fromkeys(in_loss, True))
            _, _, gradients = passes(params, X, y, **dict.fromkeys(in_gradients, True))
        return loss, gradients[::-1] if "order" in in_gradients else gradients

    return wrong


for name, words in LEFT_IN_LOSS.items():
    EXERCISE.explained.append((words, several_left([name], [])))

for count in range(1, len(LEFT_IN_GRADIENTS)):
    for names in combinations(LEFT_IN_GRADIENTS, count):
        if not {"slope", "no slope"} <= set(names) and not {"axis", "shift"} <= set(names):
            said = listed([LEFT_IN_GRADIENTS[name] for name in names])
            EXERCISE.explained.append((said, several_left([], names)))


axis_left_again = EXERCISE.second("axis-left")(left("axis"))

overflow_left_again = EXERCISE.second("overflow-left")(left("shift"))

mean_left_again = EXERCISE.second("mean-left")(left("mean"))

bias_left_again = EXERCISE.second("bias-left")(left("bias"))

slope_left_again = EXERCISE.second("slope-left")(left("slope"))

order_left_again = EXERCISE.second("order-left")(left("order"))

one_largest = EXERCISE.second("one-largest-for-all")(left("largest", lambda Z: max(map(max, Z))))

largest_by_columns = EXERCISE.second("largest-of-each-column")(
    left("largest", lambda Z: np.array([max(column) for column in Z.T]))
)

tanh_twice = EXERCISE.second("tanh-of-tanh")(left("twice"))


@EXERCISE.second("logarithm-left")
def log_of_quotient(params, X, y, least=0.0):
    inputs = [X]
    for W, b in params[:-1]:
        inputs.append(np.tanh(inputs[-1] @ W + b))
    Z = inputs[-1] @ params[-1][0] + params[-1][1]
    E = np.exp(Z - Z.max(axis=1)[:, None])
    P, Y = E / E.sum(axis=1)[:, None], np.eye(Z.shape[1])[y]
    dZ, gradients = (P - Y) / len(y), []
    for A, (W, _) in zip(inputs[::-1], params[::-1], strict=True):
        gradients.insert(0, (A.T @ dZ, dZ.sum(axis=0)))
        dZ = dZ @ W.T * (1 - A * A)
    with np.errstate(all="ignore"):
        losses = [-np.log(p[k] if p[k] > least else least) for p, k in zip(P, y, strict=True)]
    return np.mean(losses), gradients


@EXERCISE.second("floor-left")
def log_above_floor(params, X, y):
    return log_of_quotient(params, X, y, least=1e-12)
