"""A whole layer backward: two Jacobians, and no matrix of them."""

import math

import numpy as np

from backprop.activations import logistic, logistic_derivative
from backprop.jacobians import elementwise_vjp, linear_vjp
from backprop.units import layer_preactivation
from coursekit.authoring.exercises import Cases, Exercise

from .elementwise_jacobian import vector_of_slopes
from .pages import ELEMENTWISE, JACOBIAN, PRODUCTS
from .squashing import squash


def layer_vjp(W, x, b, u):
    r"""Gradient with respect to the inputs of a layer of logistic units.

    Parameters
    ----------
    W : Array, shape (n_out, n_in)
        Weights; ``W[i, j]`` leads from input j to unit i.
    x : Array, shape (n_in,)
        Inputs of the layer.
    b : Array, shape (n_out,)
        Biases.
    u : Array, shape (n_out,)
        Upstream gradient: how fast the loss changes with each activation of the layer.

    Returns
    -------
    Array, shape (n_in,)
        How fast the loss changes with each input: the product of u and the Jacobian of
        x ↦ σ(Wx + b).

    Examples
    --------
    >>> W = np.array([[2.0, 4.0]])
    >>> layer_vjp(W, np.zeros(2), np.zeros(1), np.array([1.0]))
    array([0.5, 1. ])
    """
    a = logistic(W @ x + b)
    return (u * a * (1 - a)) @ W


def layer_and_upstream(n_out, n_in):
    def draw(rng):
        return (
            rng.normal(size=(n_out, n_in)),
            rng.normal(size=n_in),
            rng.normal(size=n_out),
            rng.normal(size=n_out),
        )

    return draw


EXERCISE = Exercise(
    layer_vjp,
    cases=[
        Cases("three units, two inputs", layer_and_upstream(3, 2), share=0.4),
        Cases("two units, four inputs", layer_and_upstream(2, 4), share=0.3),
        Cases("as many units as inputs", layer_and_upstream(3, 3), share=0.2),
        Cases("two units, one input", layer_and_upstream(2, 1), share=0.1, count=2),
    ],
    hints=[
        "On the way back from the loss, what do you meet first: the units or the weights?",
        "Start at the end with u and keep a vector all the way. Look at the shape after each of "
        "the two steps, and at where the slopes are taken.",
        "Most often the slopes are missing, taken at the wrong place or those of tanh, one slope "
        "serves all units, or the weights are applied from the wrong side.",
    ],
    situation="microscope?step=11&view=matrices",
    axes={"n_in": "input"},
)


@EXERCISE.in_package
def by_backprop(W, x, b, u):
    slopes = logistic_derivative(layer_preactivation(W, x, b))
    return linear_vjp(W, elementwise_vjp(slopes, u))


@EXERCISE.misconception(
    "Your signal passes back through the weights but not through the units: their slopes are "
    "missing.",
    f"{JACOBIAN}#In the network",
)
def slope_missing(W, x, b, u):
    return W.T @ u


@EXERCISE.misconception(
    "You multiply by W from the wrong side. Each input gets back what its own weights "
    "carry: look at the columns of W.",
    f"{PRODUCTS}#Walking through a chain",
)
def weights_transposed(W, x, b, u):
    return W @ (u * vector_of_slopes(W @ x + b))


@EXERCISE.misconception(
    "Your result does not depend on u. How much the loss cares about each activation is one of "
    "the factors.",
    f"{PRODUCTS}#Two questions",
)
def upstream_forgotten(W, x, b, u):
    return W.T @ vector_of_slopes(W @ x + b)


@EXERCISE.misconception(
    "The slope belongs to the pre-activation, and you take it at the activation.",
    f"{ELEMENTWISE}#Each output sees one input",
)
def slope_at_activation(W, x, b, u):
    return W.T @ (u * vector_of_slopes(squash(W @ x + b)))


@EXERCISE.misconception(
    "You go back through the weights first and then through the units, but the way back meets the "
    "units first. Where all sizes are equal this runs, and is wrong.",
    f"{PRODUCTS}#Walking through a chain",
)
def wrong_order(W, x, b, u):
    return (W.T @ u) * vector_of_slopes(W @ x + b)


@EXERCISE.misconception(
    "You take the slopes at Wx, but the layer squashes Wx + b.",
    f"{ELEMENTWISE}#Each output sees one input",
)
def bias_forgotten(W, x, b, u):
    return layer_vjp(W, x, 0 * b, u)


@EXERCISE.misconception(
    "This is the gradient of the weights. The exercise asks how fast the loss changes with what "
    "the layer receives.",
    f"{PRODUCTS}#Walking through a chain",
)
def gradient_of_weights(W, x, b, u):
    a = 1 / (1 + np.exp(-(W @ x + b)))
    return np.outer(u * a * (1 - a), x)


@EXERCISE.misconception(
    "You stop at the pre-activations. One more Jacobian leads from there to the inputs.",
    f"{PRODUCTS}#Walking through a chain",
)
def stopped_at_pre_activations(W, x, b, u):
    a = 1 / (1 + np.exp(-(W @ x + b)))
    return u * a * (1 - a)


@EXERCISE.misconception(
    "You took the slopes of tanh. These units are logistic, and their slope is a different product "
    "of two factors.",
    f"{ELEMENTWISE}#Each output sees one input",
)
def slopes_of_tanh(W, x, b, u):
    return (u * (1 - squash(W @ x + b) ** 2)) @ W


@EXERCISE.misconception(
    "You go back through the weights by an inverse, which would undo the layer. Derivatives undo "
    "nothing: on the way back, each weight is a factor once more.",
    f"{PRODUCTS}#Walking through a chain",
)
def inverse_of_weights(W, x, b, u):
    return np.linalg.pinv(W) @ (u * vector_of_slopes(W @ x + b))


@EXERCISE.right
def by_jacobian(W, x, b, u):
    a = 1 / (1 + np.exp(-(W @ x + b)))
    return u @ np.diag(a * (1 - a)) @ W


@EXERCISE.right
def by_loops(W, x, b, u):
    out = np.zeros(len(x))
    for i in range(len(b)):
        t = math.tanh((sum(W[i] * x) + b[i]) / 2)
        for j in range(len(x)):
            out[j] += u[i] * (1 - t * t) / 4 * W[i, j]
    return out


@EXERCISE.second(slope_missing)
def no_slope(W, x, b, u):
    return u @ W


@EXERCISE.second(weights_transposed)
def transposed(W, x, b, u):
    a = squash(W @ x + b)
    signal = u * (a - a**2)
    return np.array([W[j] @ signal for j in range(len(x))])


@EXERCISE.second(upstream_forgotten)
def no_upstream(W, x, b, u):
    a = squash(W @ x + b)
    return (a - a**2) @ W


@EXERCISE.second(slope_at_activation)
def twice(W, x, b, u):
    a = squash(squash(W @ x + b))
    return (u * (a - a**2)) @ W


@EXERCISE.second(wrong_order)
def order(W, x, b, u):
    a = squash(W @ x + b)
    return (u @ W) * (a - a**2)


@EXERCISE.second(bias_forgotten)
def bias(W, x, b, u):
    slope = 0.25 / np.cosh(0.5 * (W @ x)) ** 2
    return (u * slope) @ W


@EXERCISE.second(gradient_of_weights)
def weights(W, x, b, u):
    delta = u * 0.25 / np.cosh(0.5 * (W @ x + b)) ** 2
    return delta[:, None] * x


@EXERCISE.second(stopped_at_pre_activations)
def deltas(W, x, b, u):
    return u * 0.25 / np.cosh(0.5 * (W @ x + b)) ** 2


@EXERCISE.second(slopes_of_tanh)
def tanh(W, x, b, u):
    a = squash(W @ x + b)
    return W.T @ (u * (1 - a) * (1 + a))


@EXERCISE.second(inverse_of_weights)
def undone(W, x, b, u):
    a = squash(W @ x + b)
    return np.linalg.lstsq(W, u * (a - a**2), rcond=None)[0]
