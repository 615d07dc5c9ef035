"""A network of any depth, backward."""

import numpy as np

from backprop.activations import ActivationCache
from backprop.layers import LinearCache
from backprop.networks import LayerCache, mlp_backward
from coursekit.authoring.exercises import Cases, Exercise

from .network_forward import network_call, network_forward
from .pages import DEPTH, LAYER, MINIBATCH, THREE


def network_backward(
    dY_hat: np.ndarray, caches: list[tuple[np.ndarray, np.ndarray, np.ndarray]]
) -> list[tuple[np.ndarray, np.ndarray]]:
    r"""Gradients of all weights and biases of the network of `network_forward`.

    Parameters
    ----------
    dY_hat : array, shape (M, n_L)
        Upstream gradient, ∂C/∂Ŷ. The loss has already divided by M.
    caches : list of (A_in, W, Z)
        As returned by `network_forward`.

    Returns
    -------
    list of (dW, db)
        One pair for each layer, the first layer first.

    Notes
    -----
    .. math:: dZ_L = d\hat Y, \quad dZ_l = (dZ_{l+1} W_{l+1}^\top) \odot \tanh'(Z_l),
              \quad dW_l = A_{l-1}^\top dZ_l, \quad db_l = \sum_m (dZ_l)_m

    Examples
    --------
    >>> first = (np.array([[1.0]]), np.array([[0.5]]), np.array([[0.0]]))
    >>> last = (np.array([[0.0]]), np.array([[2.0]]), np.array([[0.3]]))
    >>> network_backward(np.array([[1.0]]), [first, last])
    [(array([[2.]]), array([2.])), (array([[0.]]), array([1.]))]
    """
    dZ, gradients = dY_hat, []
    for layer in reversed(range(len(caches))):
        A_in, W, _ = caches[layer]
        gradients.append((A_in.T @ dZ, dZ.sum(axis=0)))
        if layer > 0:
            dZ = (dZ @ W.T) * (1 - np.tanh(caches[layer - 1][2]) ** 2)
    return gradients[::-1]


def backward_call(M, *sizes):
    def draw(rng):
        Y_hat, caches = network_forward(*network_call(M, *sizes)(rng))
        return rng.normal(size=Y_hat.shape), caches

    return draw


EXERCISE = Exercise(
    network_backward,
    cases=[
        Cases("three layers", backward_call(5, 4, 2, 6, 3), share=0.5),
        Cases("one layer", backward_call(5, 4, 3), share=0.1),
        Cases("five layers, all sizes equal", backward_call(3, *[3] * 6), share=0.2),
        Cases("one example", backward_call(1, 2, 4, 3), share=0.2),
    ],
    hints=[
        "Take two layers and no loop. Which gradient do you need before any other, and what do "
        "you make from it?",
        "Look at dZ of one layer: it is used three times, for dW, for db and for the layer "
        "before. The first layer needs no gradient of its input.",
        "Most often the slope of tanh is missing, has another sign, or is taken at the wrong "
        "layer; or db is a mean; or the list comes out in the order of the pass.",
    ],
    situation="shapes?step=8&ask=1",
)


@EXERCISE.in_package
def by_backprop(dY_hat, caches):
    names = ["tanh"] * (len(caches) - 1) + ["identity"]
    return mlp_backward(
        dY_hat,
        [
            LayerCache(LinearCache(A_in, W), ActivationCache(Z, np.tanh(Z)), name)
            for (A_in, W, Z), name in zip(caches, names, strict=True)
        ],
    )


def right_slope(caches, layer):
    return 1 - np.tanh(caches[layer][2]) ** 2


def backward_variant(
    slope=right_slope, first=lambda dY, caches: dY, through="W", share=lambda M: (1, 1), order=-1
):
    """A backward pass with one thing changed."""

    def wrong(dY_hat, caches):
        dZ, gradients = first(dY_hat, caches), []
        for_weights, for_biases = share(len(dY_hat))
        for layer in reversed(range(len(caches))):
            A_in, W, _ = caches[layer]
            dW = A_in.T @ dZ
            gradients.append((dW / for_weights, dZ.sum(axis=0) / for_biases))
            if layer > 0:
                back = {"W": W.T, "dW": dW.T, "untransposed": W}[through]
                dZ = (dZ @ back) * slope(caches, layer - 1)
        return gradients[::order]

    return wrong


EXERCISE.misconception(
    "Between the layers the slope of tanh is missing: you use the gradient of the "
    "activations as if it were that of the pre-activations.",
    f"{DEPTH}#What is used again",
    id="hidden-derivative-missing",
)(backward_variant(slope=lambda caches, layer: 1))

EXERCISE.misconception(
    "You multiply the upstream gradient by a slope of tanh before the last layer. The "
    "last layer is linear.",
    f"{DEPTH}#A composition of layers",
    id="last-layer-squashed",
)(backward_variant(first=lambda dY, caches: dY * right_slope(caches, -1)))


def own_slope_of_next(caches, layer):
    return 1 - np.tanh(caches[layer + 1][2]) ** 2


EXERCISE.misconception(
    "The slope is taken at the pre-activations of the wrong layer. When you step back "
    "through W_l, you arrive at the activations of layer l - 1: which Z made those?",
    f"{DEPTH}#What is used again",
    id="slope-of-wrong-layer",
)(backward_variant(slope=own_slope_of_next))


def slope_at_pre_activation(caches, layer):
    return 1 - caches[layer][2] ** 2


EXERCISE.misconception(
    "The formula 1 - a² speaks of activations; the cache holds pre-activations.",
    f"{LAYER}#The activation between",
    id="pre-activation-in-place-of-activation",
)(backward_variant(slope=slope_at_pre_activation))


def slope_of_activation(caches, layer):
    return 1 - np.tanh(np.tanh(caches[layer][2])) ** 2


EXERCISE.misconception(
    "You took the slope at the activation instead of the pre-activation, so tanh was applied "
    "twice.",
    f"{LAYER}#The activation between",
    id="tanh-of-tanh",
)(backward_variant(slope=slope_of_activation))

EXERCISE.misconception(
    "You go back through dW, the gradient of the weights. The signal went forward through the "
    "weights themselves, and it has to go back the same way.",
    f"{THREE}#The layer before",
    id="back-through-the-gradient",
)(backward_variant(through="dW"))

EXERCISE.misconception(
    "On the way back you multiply by W as it stands, which runs only where W is square. "
    "Forward, W leads from inputs to outputs; backward, it has to lead the other way.",
    f"{THREE}#The layer before",
    id="weights-not-transposed",
)(backward_variant(through="untransposed"))

EXERCISE.misconception(
    "You divide every gradient by the number of examples once more. The 1/M is already inside "
    "dY_hat.",
    f"{MINIBATCH}#Sum or mean",
    id="averaged-again",
)(backward_variant(share=lambda M: (M, M)))

EXERCISE.misconception(
    "You average the gradients of the biases, but not those of the weights. Both add up.",
    f"{MINIBATCH}#Sum or mean",
    id="bias-averaged",
)(backward_variant(share=lambda M: (1, M)))

EXERCISE.misconception(
    "All gradients are right, but they come in the wrong order. The pass goes from the last layer "
    "to the first; the list begins with the first.",
    f"{DEPTH}#What is used again",
    id="order-reversed",
)(backward_variant(order=1))


@EXERCISE.misconception(
    "You use the gradient of the output for every layer. Each layer has its own dZ, made "
    "from that of the next.",
    f"{DEPTH}#What is used again",
)
def delta_of_last_layer_everywhere(dY_hat, caches):
    gradients = []
    for A_in, _, _ in caches:
        gradients.append((A_in.T @ dY_hat, dY_hat.sum(axis=0)))
    return gradients


@EXERCISE.misconception(
    "You return three gradients for each layer. The exercise asks for two: that of the weights "
    "and that of the biases.",
    f"{DEPTH}#What is used again",
)
def input_gradients_too(dY_hat, caches):
    triples, dZ = [], dY_hat
    for A_in, W, _ in reversed(caches):
        triples.append((dZ @ W.T, A_in.T @ dZ, dZ.sum(axis=0)))
        dZ = (dZ @ W.T) * (1 - A_in**2)
    return triples[::-1]


def slope_of_logistic_unit(caches, layer):
    A = np.tanh(caches[layer][2])
    return A * (1 - A)


EXERCISE.misconception(
    "Between the layers you use the slope of the logistic function. These layers apply tanh, whose "
    "slope is 1 where its activation is 0.",
    f"{LAYER}#The activation between",
    id="slope-of-logistic-unit",
)(backward_variant(slope=slope_of_logistic_unit))


@EXERCISE.right
def by_recursion(dY_hat, caches):
    *earlier, (A, W, _) = caches
    here = (np.einsum("mj,mi->ji", A, dY_hat), np.einsum("mi->i", dY_hat))
    if not earlier:
        return [here]
    return [*by_recursion((dY_hat @ W.T) / np.cosh(earlier[-1][2]) ** 2, earlier), here]


@EXERCISE.right
def by_insertion(dY_hat, caches):
    dZ, found = np.array(dY_hat), []
    for k in range(len(caches) - 1, -1, -1):
        A, W, _ = caches[k]
        found.insert(0, [A.T.dot(dZ), np.ones(len(dZ)).dot(dZ)])
        dZ = dZ.dot(W.T) * (1 - A**2)  # A is tanh of the pre-activation before, or unused
    return found


def gradients_with(slope=None, start=None, back=None):
    """A backward pass in which one factor can be another."""

    def wrong(dY_hat, caches):
        dZ = dY_hat if start is None else dY_hat * start(caches)
        found = {}
        for k in range(len(caches) - 1, -1, -1):
            A, W, _ = caches[k]
            found[k] = (A.T @ dZ, dZ.sum(0))
            if k:
                dA = dZ @ W.T if back is None else dZ @ back(W, found[k][0])
                dZ = dA * (slope or (lambda caches, k: 1 - caches[k][0] ** 2))(caches, k)
        return [found[k] for k in sorted(found)]

    return wrong


no_slope = EXERCISE.second("hidden-derivative-missing")(gradients_with(slope=lambda caches, k: 1.0))

slope_at_output = EXERCISE.second("last-layer-squashed")(
    gradients_with(start=lambda caches: np.cosh(caches[-1][2]) ** -2.0)
)

slope_of_next = EXERCISE.second("slope-of-wrong-layer")(
    gradients_with(slope=lambda caches, k: np.cosh(caches[k][2]) ** -2.0)
)

slope_with_z = EXERCISE.second("pre-activation-in-place-of-activation")(
    gradients_with(slope=lambda caches, k: 1 - caches[k - 1][2] * caches[k - 1][2])
)

slope_twice = EXERCISE.second("tanh-of-tanh")(
    gradients_with(slope=lambda caches, k: np.cosh(caches[k][0]) ** -2.0)
)

back_by_gradient = EXERCISE.second("back-through-the-gradient")(
    gradients_with(back=lambda W, dW: dW.T)
)

back_untransposed = EXERCISE.second("weights-not-transposed")(gradients_with(back=lambda W, dW: W))


@EXERCISE.second("averaged-again")
def all_averaged(dY_hat, caches):
    return by_recursion(dY_hat / len(dY_hat), caches)


@EXERCISE.second("bias-averaged")
def biases_averaged(dY_hat, caches):
    return [(dW, db / len(dY_hat)) for dW, db in by_recursion(dY_hat, caches)]


@EXERCISE.second("order-reversed")
def backward_order(dY_hat, caches):
    return list(reversed(by_insertion(dY_hat, caches)))


@EXERCISE.second(delta_of_last_layer_everywhere)
def one_delta(dY_hat, caches):
    return [(np.dot(A.T, dY_hat), np.sum(dY_hat, 0)) for A, W, Z in caches]


@EXERCISE.second(input_gradients_too)
def triples(dY_hat, caches):
    A_in, W, _ = caches[-1]
    here = (np.dot(dY_hat, W.T), np.dot(A_in.T, dY_hat), sum(dY_hat))
    if len(caches) == 1:
        return [here]
    slope = 1 / np.cosh(caches[-2][2]) ** 2
    return [*triples(here[0] * slope, caches[:-1]), here]


slope_as_logistic = EXERCISE.second("slope-of-logistic-unit")(
    gradients_with(slope=lambda caches, k: caches[k][0] - caches[k][0] ** 2)
)
