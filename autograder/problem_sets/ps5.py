"""References, cases, misconceptions and hints of problem set 5."""

import functools
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from backprop.datasets import load_digits
from coursekit.authoring.exercises import Answered, Cases, Exercise, Misconception
from coursekit.checks.held_out import HeldOut
from coursekit.checks.values import Code

LAYER = "book/matrix_backprop/units_to_layer"
DEPTH = "book/matrix_backprop/any_depth"
MINIBATCH = "book/matrix_backprop/minibatch"
LOSSES = "book/matrix_backprop/losses"
SOFTMAX = "book/jacobians/elementwise_softmax"
CHECK = "book/jacobians/gradient_check"

Params = list[tuple[np.ndarray, np.ndarray]]


# Six mistakes


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


REPAIRS = ("axis", "shift", "mean", "bias", "slope", "order")


def repaired(*names):
    """The broken function of the statement, with some of its mistakes repaired."""

    def wrong(params, X, y):
        A, inputs = X, []
        for W, b in params:
            inputs.append(A)
            Z = A @ W + b
            A = np.tanh(Z)
        along = 1 if "axis" in names else 0
        Z = Z - (Z.max(axis=along, keepdims=True) if "shift" in names else 0)
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
            dZ = (dZ @ W.T) * (1 - A**2 if "slope" in names else 1 - A)
        return loss, gradients[::-1] if "order" in names else gradients

    return wrong


def all_but(name):
    return repaired(*(repair for repair in REPAIRS if repair != name))


def logarithm_left(params, X, y):
    _, gradients = loss_and_gradients(params, X, y)
    A = X
    for W, b in params:
        Z = A @ W + b
        A = np.tanh(Z)
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return -np.log(P[np.arange(len(y)), y]).mean(), gradients


REPAIR = Exercise(
    cases=[
        Cases("three layers", labelled_batch(5, 4, 2, 6, 3), share=0.5),
        Cases("one layer", labelled_batch(4, 3, 2), share=0.1),
        Cases("all sizes equal", labelled_batch(3, 3, 3, 3), share=0.1),
        Cases("one example", labelled_batch(1, 4, 2, 3), share=0.1),
        Cases("outputs that are far apart", labelled_batch(5, 4, 2, 3, scale=2000.0), share=0.2),
    ],
    misconceptions=[
        Misconception(
            "nothing-repaired",
            repaired(),
            "This does what the function of the statement does: nothing has been repaired yet.",
            f"{CHECK}#The procedure",
        ),
        Misconception(
            "axis-left",
            all_but("axis"),
            "One mistake is left: look at what sums to 1 in P.",
            f"{SOFTMAX}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "overflow-left",
            all_but("shift"),
            "One mistake is left: it shows when outputs are hundreds apart.",
            f"{LOSSES}#Stable forms",
        ),
        Misconception(
            "mean-left",
            all_but("mean"),
            "One mistake is left, and it is in the first dZ: the loss is a mean.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "bias-left",
            all_but("bias"),
            "One mistake is left: the gradients of the weights are right, those of the biases not.",
            f"{LAYER}#The biases",
        ),
        Misconception(
            "slope-left",
            all_but("slope"),
            "One mistake is left: the last layer is right, those before it are not.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "order-left",
            all_but("order"),
            "One mistake is left: every gradient is there, but not in its place.",
            f"{DEPTH}#What is used again",
        ),
        Misconception(
            "logarithm-left",
            logarithm_left,
            "All gradients are right. The loss becomes infinite where a probability is too "
            "small for the machine: take the logarithm of the quotient apart.",
            f"{LOSSES}#Stable forms",
        ),
    ],
    hints=[
        "Do not read; measure. Compare each gradient with a central difference of the loss, once "
        "the loss itself is right.",
        "Begin at the end of the network: a mistake in the last layer spoils all before it.",
        "There are six: two in the loss, one in the first dZ, three in the loop and after it.",
    ],
)


# Bug hunt


def gradients_are_right(network: Callable, rng: np.random.Generator) -> bool:
    """Whether a function returns the gradients of its own loss, for every network.

    Parameters
    ----------
    network : callable
        `network(params, X, y)` returns `(loss, gradients)`, as `loss_and_gradients` does: params
        is a list of (W, b) of any length and sizes, X has the shape (M, n_0), y holds M labels,
        and gradients is a list of (dW, db). The loss is right for its activation function, which
        need not be tanh. It never raises.
    rng : numpy.random.Generator
        Source of random numbers: choose networks and data yourself.

    Returns
    -------
    bool
        True if all gradients are right, for deep and flat networks, for layers that widen and
        narrow, for one example and for several.

    Examples
    --------
    >>> def network(params, X, y):
    ...     return 0.0, [(W + 1, b + 1) for W, b in params]
    >>> gradients_are_right(network, np.random.default_rng(0))
    False
    """
    networks = "4-3-2 1-2-3 5-4-2-3 1-3-5-2 3-4-4-2-5 4-3-3"  # examples first, then widths
    for M, *sizes in ([int(n) for n in name.split("-")] for name in networks.split()):
        shapes = [shape for a, b in pairwise(sizes) for shape in ((a, b), (b,))]
        flat = [rng.normal(size=shape) for shape in shapes]
        X, y = rng.normal(size=(M, sizes[0])), rng.integers(min(sizes), size=M)
        found = network(list(zip(flat[::2], flat[1::2], strict=True)), X, y)[1]
        gradients = [gradient for pair in found for gradient in pair]
        for k, gradient in enumerate(gradients):
            if np.shape(gradient) != flat[k].shape:
                return False
            V = rng.normal(size=flat[k].shape)
            losses = []
            for step in (1e-5, -1e-5):
                moved = [p + step * V if n == k else p for n, p in enumerate(flat)]
                losses.append(network(list(zip(moved[::2], moved[1::2], strict=True)), X, y)[0])
            difference = (losses[0] - losses[1]) / 2e-5
            if not np.isclose(difference, (gradient * V).sum()):
                return False
    return True


ACTIVATIONS = {
    "np.tanh(Z)": "1 - np.tanh(Z) ** 2",
    "np.sin(Z)": "np.cos(Z)",
    "1 / (1 + np.exp(-Z))": "0.25 / np.cosh(0.5 * Z) ** 2",
    "Z + 0.1 * Z ** 2": "1 + 0.2 * Z",
}

TEMPLATE = """\
def network(params, X, y):
    A, inputs, slopes = X, [], [np.ones_like(X)]
    for W, b in params:
        inputs.append(A)
        Z = A @ W + b
        A = {activation}
        slopes.append({slope})
    Z = Z - Z.max(axis=1, keepdims=True)
    log_P = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    loss = -log_P[np.arange(len(y)), y].mean()
    dZ = (np.exp(log_P) - np.eye(Z.shape[1])[y]) / len(y)
    gradients = []
    depth = len(params)
    for layer in reversed(range(depth)):
        W, b = params[layer]
        A, slope = inputs[layer], slopes[layer]
        dW, db = A.T @ dZ, dZ.sum(axis=0)
        {mistake}
        gradients.append((dW, db))
        dZ = (dZ @ W.T) * slope
    return loss, gradients[::-1]"""


def suspect(mistake="pass", activation=None):
    def draw(rng):
        chosen = activation or list(ACTIVATIONS)[rng.integers(len(ACTIVATIONS))]
        source = TEMPLATE.format(activation=chosen, slope=ACTIVATIONS[chosen], mistake=mistake)
        return Code(source), rng

    return draw


INNOCENT = [
    *[suspect(activation=activation) for activation in ACTIVATIONS] * 3,
    suspect("dW = np.einsum('mj,mi->ji', A, dZ)"),
    suspect("db = np.ones(len(y)) @ dZ"),
    suspect("dW, db = (dZ.T @ A).T, dZ.mean(axis=0) * len(y)"),
    suspect("dW = sum(np.outer(a, d) for a, d in zip(A, dZ))"),
]

PLAIN = [
    "dW = -dW",
    "db = 2 * db",
    "slope = np.ones_like(slope)",
    "dW = dW * 1.002",
    "db = db[np.newaxis]",
    "db = db - 0.02",
    "dW = dW / len(y) if len(y) > 1 else 2 * dW",
    "slope = -slope",
]

CONDITIONAL = [
    "db = 2 * db if len(y) == 1 else db",
    "dW = 2 * dW if depth == 1 else dW",
    "slope = 0.9 * slope if depth > 2 else slope",
    "dW = 1.5 * dW if W.shape[0] < W.shape[1] else dW",
    "dW = 0.5 * dW if W.shape[0] > W.shape[1] else dW",
    "dW = dW.T if W.shape[0] == W.shape[1] else dW",
    "db = dZ.mean(axis=0) if len(y) > 1 else db",
    "db = 0.9 * db if layer == 0 and depth > 1 else db",
]

HIDDEN_PLAIN = [
    "dW[0, 0] *= 1.2",
    "dW = dW + 0.01 * W",
    "db = db[::-1] + 1e-3",
    "slope = slope ** 2 + 0.1",
    "dW = dW * (A.T @ dZ > 0)",
    "db = dZ[0] * (len(y) + 1)",
    "slope = slope * 1.01; dW = dW * 1.01",
    "dW = np.clip(dW, -0.02, 0.02)",
]

HIDDEN_CONDITIONAL = [
    "dW = 0.7 * dW if len(y) == 1 else dW",
    "db = 3 * db if depth == 1 else db",
    "dW = 2 * dW if layer == 1 and depth > 2 else dW",
    "db = 2 * db if W.shape[0] < W.shape[1] else db",
    "slope = 1.1 * slope if W.shape[0] > W.shape[1] and depth > 1 else slope",
    "dW = 0.9 * dW if W.shape[0] == W.shape[1] else dW",
    "dW = dW / len(y) if depth > 1 else dW",
    "db = 0 * db if layer < depth - 2 else db",
]

PUBLIC_PLAIN = [
    "dW[-1] = 0",
    "dW = dW + 0.05",
    "slope = 1.5 * slope; db = 1.1 * db",
    "dW = np.abs(dW)",
    "db = db * (db > 0) - 0.01",
    "dW = dW[::-1] * 1.1",
    "db = db + dW.sum() + 0.01",
    "dW = A.T @ (dZ * dZ)",
]

PUBLIC_CONDITIONAL = [
    "dW = -dW if len(y) == 1 else dW",
    "dW = 0.5 * dW if depth == 1 else dW",
    "db = 2 * db if layer == 1 and depth > 2 else db",
    "db = 0.5 * db if W.shape[0] < W.shape[1] else db",
    "db = -db if W.shape[0] > W.shape[1] else db",
    "db = 2 * db if W.shape[0] == W.shape[1] else db",
    "dW = 0.9 * dW if layer == 0 and depth > 1 else dW",
    "dW = 0 * dW if layer < depth - 2 else dW",
]


def line_up(*mistakes):
    return [*INNOCENT, *(suspect(mistake) for group in mistakes for mistake in group)]


def narrow_test(networks, parts=("dW", "db"), layers=slice(None)):
    """A test that looks at some networks, some layers or some parameters only."""

    def wrong(network, rng):
        for M, *sizes in networks:
            params = [(rng.normal(size=(a, b)), rng.normal(size=b)) for a, b in pairwise(sizes)]
            X, y = rng.normal(size=(M, sizes[0])), rng.integers(0, sizes[-1], M)
            gradients = network(params, X, y)[1]
            for layer in range(len(params))[layers]:
                for part in ({"dW": 0, "db": 1}[name] for name in parts):
                    V = rng.normal(size=params[layer][part].shape)
                    if not fits(network, params, X, y, layer, part, gradients[layer][part], V):
                        return False
        return True

    return wrong


def fits(network, params, X, y, layer, part, gradient, V):
    """Whether a gradient agrees with a central difference along V."""
    if np.shape(gradient) != V.shape:
        return False
    losses = []
    for step in (1e-5, -1e-5):
        moved = [list(pair) for pair in params]
        moved[layer][part] = moved[layer][part] + step * V
        losses.append(network(moved, X, y)[0])
    return bool(np.isclose((losses[0] - losses[1]) / 2e-5, (gradient * V).sum()))


NETWORKS = ((4, 3, 2), (1, 2, 3), (5, 4, 2, 3), (1, 3, 5, 2), (3, 4, 4, 2, 5), (4, 3, 3))


HUNT = Exercise(
    cases=[
        Cases(
            "mistakes that show on every network",
            line_up(PLAIN, HIDDEN_PLAIN),
            share=0.5,
            count=32,
            public=line_up(PLAIN, PUBLIC_PLAIN),
        ),
        Cases(
            "mistakes that show on some networks only",
            line_up(CONDITIONAL, HIDDEN_CONDITIONAL),
            share=0.5,
            count=32,
            public=line_up(CONDITIONAL, PUBLIC_CONDITIONAL),
        ),
    ],
    misconceptions=[
        Misconception(
            "one-network",
            narrow_test(NETWORKS[2:3]),
            "You try one network. A mistake may need another depth, a layer that widens, or a "
            "minibatch of one example to show.",
            f"{CHECK}#The procedure",
        ),
        Misconception(
            "weights-only",
            narrow_test(NETWORKS, parts=("dW",)),
            "You look at the weights alone. The biases have gradients of their own.",
            f"{LAYER}#The biases",
        ),
        Misconception(
            "last-layer-only",
            narrow_test(NETWORKS, layers=slice(-1, None)),
            "You look at the last layer alone. What goes wrong on the way back shows in the "
            "layers before it.",
            f"{DEPTH}#What is used again",
        ),
        Misconception(
            "several-examples-only",
            narrow_test([network for network in NETWORKS if network[0] > 1]),
            "You never try a minibatch of one example.",
            f"{MINIBATCH}#Sum or mean",
        ),
    ],
    hints=[
        "That the loss goes down after a step proves little: most wrong gradients lead downhill.",
        "Central differences of the loss, for every parameter of the network or in a random "
        "direction for each.",
        "Write down what can be varied: the depth, the widths, the number of examples. Then a "
        "list of small networks that has it all.",
    ],
    equivalent={
        "np.isclose(difference, (gradient * V).sum()) -> "
        "np.isclose((gradient * V).sum(), difference)": "this is the same in either order",
    },
    cpu_seconds=20.0,
)


# Training


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
    for _ in range(60):
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


TRAIN = Exercise(
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
        "Put away a part of the examples, and watch loss and accuracy on both parts.",
        "Before a long run: one minibatch, trained on again and again. Its loss must go to 0.",
        "Stuck near 10 %? Then labels and images were shuffled apart, or the weights began equal, "
        "or the step is far too long. Near 25 % on the second group? Then no hidden layer learns.",
    ],
    cpu_seconds=20.0,
)


EXERCISES = {
    "ps5-repair": REPAIR,
    "ps5-hunt": HUNT,
    "ps5-train": TRAIN,
}
