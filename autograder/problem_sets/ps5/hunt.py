"""A bug hunt through networks whose code cannot be seen, judged by what it lets pass."""

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np

from backprop.derivatives import gradient_check
from backprop.networks import initialize_mlp
from coursekit.authoring.exercises import Cases, Exercise

from .pages import CHECK, DEPTH, LAYER, MINIBATCH
from .suspects import (
    CONDITIONAL,
    HIDDEN_CONDITIONAL,
    HIDDEN_PLAIN,
    PLAIN,
    PUBLIC_CONDITIONAL,
    PUBLIC_PLAIN,
    line_up,
)


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


EXERCISE = Exercise(
    gradients_are_right,
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
    hints=[
        "This network got the wrong answer from you. What do its gradients have that your test "
        "does not see, or does not allow for?",
        "Look at what you compare: every gradient of each network with central differences of "
        "the loss. That the loss goes down proves little. Then look at the list of networks that "
        "you try.",
        "Wrong ones pass? Most often biases or some layers are not checked, minibatches of one "
        "example or of several are missing, directions are compared without lengths, or the "
        "limit is too wide. Right ones fail? Then the step is too long, a parameter is not put "
        "back, or the limit is too narrow.",
    ],
    equivalent={
        "np.isclose(difference, (gradient * V).sum()) -> "
        "np.isclose((gradient * V).sum(), difference)": "this is the same in either order",
    },
    cpu_seconds=20.0,
)


@EXERCISE.in_package
def by_backprop(network, rng):
    for M, *sizes in NETWORKS:
        params = initialize_mlp(sizes, rng)
        X, y = rng.normal(size=(M, sizes[0])), rng.integers(sizes[-1], size=M)
        for layer, gradients in enumerate(network(params, X, y)[1]):
            for part, gradient in enumerate(gradients):
                place = params[layer][part]
                loss = partial(loss_at, network, params, X, y, layer, part)
                if np.shape(gradient) != place.shape or not gradient_check(loss, place, gradient):
                    return False
    return True


def loss_at(network, params, X, y, layer, part, moved):
    """The loss where one array of weights or biases is another one."""
    pairs = [list(pair) for pair in params]
    pairs[layer][part] = moved
    return network(pairs, X, y)[0]


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
    losses = [
        loss_at(network, params, X, y, layer, part, params[layer][part] + step * V)
        for step in (1e-5, -1e-5)
    ]
    return bool(np.isclose((losses[0] - losses[1]) / 2e-5, (gradient * V).sum()))


NETWORKS = ((4, 3, 2), (1, 2, 3), (5, 4, 2, 3), (1, 3, 5, 2), (3, 4, 4, 2, 5), (4, 3, 3))

EXERCISE.misconception(
    "You try one network only. Some mistakes show only at another depth, in a layer that widens, "
    "or with a minibatch of one example.",
    f"{CHECK}#The procedure",
    id="one-network",
)(narrow_test(NETWORKS[2:3]))

EXERCISE.misconception(
    "You look at the weights alone. The biases have gradients, too.",
    f"{LAYER}#The biases",
    id="weights-only",
)(narrow_test(NETWORKS, parts=("dW",)))

EXERCISE.misconception(
    "You look at the last layer alone. What goes wrong on the way back shows in the "
    "layers before it.",
    f"{DEPTH}#What is used again",
    id="last-layer-only",
)(narrow_test(NETWORKS, layers=slice(-1, None)))

EXERCISE.misconception(
    "You never try a minibatch of one example.",
    f"{MINIBATCH}#Sum or mean",
    id="several-examples-only",
)(narrow_test([network for network in NETWORKS if network[0] > 1]))

EXERCISE.misconception(
    "Every minibatch that you try has one example. There a mean is a sum, so what goes wrong with "
    "several is never seen.",
    f"{MINIBATCH}#Sum or mean",
    id="one-example-only",
)(narrow_test([(1, *sizes) for _, *sizes in NETWORKS]))

EXERCISE.misconception(
    "You look at the first layer alone. What comes back to it has passed all others, but each of "
    "them has gradients of its own, which can be wrong by themselves.",
    f"{DEPTH}#What is used again",
    id="first-layer-only",
)(narrow_test(NETWORKS, layers=slice(1)))

PLENTY = [
    (3, 2, 4),
    (1, 4, 2),
    (2, 3, 3),
    (4, 2, 3, 5),
    (1, 5, 3, 2),
    (3, 3, 3, 3),
    (2, 5, 4, 2, 3),
]


def entries_agree(network, params, X, y, k, kind, gradient):
    array = params[k][kind]
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + 2e-5
        above = network(params, X, y)[0]
        array[index] = kept - 2e-5
        below = network(params, X, y)[0]
        array[index] = kept
        if abs((above - below) / 4e-5 - gradient[index]) > 1e-6:
            return False
    return True


@EXERCISE.right
def in_two_directions(network, rng):
    """Along each direction all parameters of a network move at once."""
    for M, *widths in PLENTY:
        arrays = [rng.normal(size=n) for pair in pairwise(widths) for n in (pair, pair[1])]
        X, y = rng.normal(size=(M, widths[0])), rng.integers(widths[-1], size=M)
        found = [part for layer in network(layers_of(arrays), X, y)[1] for part in layer]
        if [np.shape(part) for part in found] != [array.shape for array in arrays]:
            return False
        for _ in range(2):
            signs = [rng.choice([-1.0, 1.0], array.shape) for array in arrays]
            above, below = (
                network(layers_of([a + h * s for a, s in zip(arrays, signs, strict=True)]), X, y)[0]
                for h in (1e-5, -1e-5)
            )
            slope = sum(np.vdot(part, s) for part, s in zip(found, signs, strict=True))
            if not math.isclose((above - below) / 2e-5, slope, rel_tol=1e-4, abs_tol=1e-7):
                return False
    return True


def layers_of(arrays):
    return list(zip(arrays[::2], arrays[1::2], strict=True))


@EXERCISE.right
def hunt(network, rng, shapes=PLENTY, skip=(), draw=None):
    """Entry by entry; ``skip`` names what is not looked at."""
    for M, *widths in shapes:
        params = [
            [rng.uniform(-1, 1, pair), rng.uniform(-1, 1, pair[1])] for pair in pairwise(widths)
        ]
        X, y = rng.uniform(-2, 2, (M, widths[0])), rng.integers(widths[-1], size=M)
        found = network(params, X, y)[1]
        for k in range(len(params)):
            if ("early" in skip and k < len(params) - 1) or ("late" in skip and k > 0):
                continue
            for kind in (0, 1):
                if "bias" in skip and kind == 1:
                    continue
                if np.shape(found[k][kind]) != params[k][kind].shape:
                    return False
                if not entries_agree(network, params, X, y, k, kind, found[k][kind]):
                    return False
    return True


@EXERCISE.second("one-network")
def one_shape(network, rng):
    return hunt(network, rng, [(6, 5, 3, 4)])


@EXERCISE.second("weights-only")
def weights(network, rng):
    return hunt(network, rng, skip=("bias",))


@EXERCISE.second("last-layer-only")
def last(network, rng):
    return hunt(network, rng, skip=("early",))


@EXERCISE.second("several-examples-only")
def several(network, rng):
    return hunt(network, rng, [shape for shape in PLENTY if shape[0] != 1])


@EXERCISE.second("one-example-only")
def singles(network, rng):
    return hunt(network, rng, [(1, *widths) for _, *widths in PLENTY])


@EXERCISE.second("first-layer-only")
def first(network, rng):
    return hunt(network, rng, skip=("late",))
