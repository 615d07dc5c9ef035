"""A multilayer perceptron of any depth over minibatches of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from backprop import losses
from backprop.activations import ActivationCache, softmax
from backprop.initializers import glorot_uniform
from backprop.layers import (
    LinearCache,
    activation_named,
    linear_forward,
    linear_input_gradient,
    linear_parameter_gradients,
)
from backprop.losses import LossCache
from backprop.validation import Array, as_float_array, check_cache, check_finite, check_layers

__all__ = [
    "LOSSES",
    "Layer",
    "LayerCache",
    "Loss",
    "accuracy",
    "initialize_mlp",
    "mlp_backward",
    "mlp_forward",
    "mlp_input_gradient",
    "mlp_loss",
    "mlp_loss_and_gradients",
    "mlp_predict_labels",
    "mlp_predict_probabilities",
]

Initializer = Callable[[int, int, np.random.Generator], Array]


class Layer(NamedTuple):
    """Parameters of one layer, or their gradients, which have the same shapes.

    Attributes
    ----------
    W : Array, shape (n_in, n_out)
        Weights.
    b : Array, shape (n_out,)
        Biases.
    """

    W: Array
    b: Array


class LayerCache(NamedTuple):
    """What the backward pass of one layer needs from its forward pass.

    Attributes
    ----------
    linear : LinearCache
        Input and weights of the affine map.
    activation : ActivationCache
        Pre-activations and activations.
    name : str
        Name of the activation function.
    """

    linear: LinearCache
    activation: ActivationCache
    name: str


class Loss(NamedTuple):
    """A loss function and its backward pass.

    Attributes
    ----------
    forward : callable
        ``(Y_hat, Y) -> (loss, cache)``.
    backward : callable
        ``(d_loss, cache) -> dY_hat``.
    """

    forward: Callable[[ArrayLike, ArrayLike], tuple[np.floating, LossCache]]
    backward: Callable[[float, LossCache], Array]


LOSSES = {
    name: Loss(getattr(losses, f"{name}_forward"), getattr(losses, f"{name}_backward"))
    for name in ("half_squared_error", "binary_cross_entropy", "softmax_cross_entropy")
}
"""Every loss by its name."""


def initialize_mlp(
    sizes: Sequence[int],
    rng: np.random.Generator,
    *,
    initializer: Initializer = glorot_uniform,
    dtype: DTypeLike = np.float64,
) -> list[Layer]:
    """Draw the weights of a network and set its biases to 0.

    Parameters
    ----------
    sizes : sequence of int
        Number of units of each layer, the input first: ``[4, 2, 3]`` has two layers of weights.
    rng : numpy.random.Generator
        Source of the random numbers.
    initializer : callable
        ``(n_in, n_out, rng) -> W``, one of :mod:`backprop.initializers`.
    dtype : DTypeLike
        float64 or float32.

    Returns
    -------
    list of Layer
        One ``(W, b)`` for each layer of weights.

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or a size is not a positive integer.

    Examples
    --------
    >>> params = initialize_mlp([4, 2, 3], np.random.default_rng(0))
    >>> [(W.shape, b.shape) for W, b in params]
    [((4, 2), (2,)), ((2, 3), (3,))]
    """
    if len(sizes) < 2:
        raise ValueError(f"sizes are {list(sizes)}, expected at least an input and an output")
    return [
        Layer(initializer(n_in, n_out, rng).astype(dtype), np.zeros(n_out, dtype))
        for n_in, n_out in pairwise(sizes)
    ]


def mlp_forward(
    params: Sequence[Layer],
    X: ArrayLike,
    *,
    activation: str = "relu",
    output_activation: str = "identity",
) -> tuple[Array, list[LayerCache]]:
    r"""Send a minibatch through all layers of a network.

    Parameters
    ----------
    params : sequence of Layer
        ``(W, b)`` for each layer, W of shape (n_in, n_out).
    X : ArrayLike, shape (M, n_0)
        Minibatch, one example per row.
    activation : str
        Name of the activation function of the hidden layers.
    output_activation : str
        Name of the activation function of the last layer. With a cross-entropy of logits it is
        the identity, because the logistic function or softmax is inside of the loss.

    Returns
    -------
    Y_hat : Array, shape (M, n_L)
    caches : list of LayerCache
        One for each layer, the first layer first.

    Raises
    ------
    ValueError
        If there is no layer, the shapes do not fit, or there is no activation of that name.

    Notes
    -----
    .. math:: A_0 = X, \qquad A_l = f_l(A_{l-1} W_l + 1 b_l^\top)

    References
    ----------
    P, *Relation*; C (5.112), (5.113) for one column.

    Examples
    --------
    >>> first = Layer(np.array([[1.0, -1.0]]), np.zeros(2))
    >>> last = Layer(np.array([[2.0], [3.0]]), np.array([0.5]))
    >>> Y_hat, caches = mlp_forward([first, last], [[1.0], [-1.0]])
    >>> Y_hat
    array([[2.5],
           [3.5]])
    """
    check_layers(params=params)
    names = [activation] * (len(params) - 1) + [output_activation]
    A, caches = as_float_array(X, "X"), []
    for (W, b), name in zip(params, names, strict=True):
        Z, linear_cache = linear_forward(A, W, b)
        A, activation_cache = activation_named(name).forward(Z)
        caches.append(LayerCache(linear_cache, activation_cache, name))
    return A, caches


def mlp_backward(dY_hat: ArrayLike, caches: Sequence[LayerCache]) -> list[Layer]:
    r"""Gradients of all parameters, given the gradient of the network's output.

    Parameters
    ----------
    dY_hat : ArrayLike, shape (M, n_L)
        Upstream gradient, ∂C/∂Ŷ, as returned by the backward pass of the loss.
    caches : sequence of LayerCache
        As returned by :func:`mlp_forward`.

    Returns
    -------
    list of Layer
        ``(dW, db)`` for each layer, the first layer first.

    Raises
    ------
    ValueError
        If the shape of dY_hat is not the shape of the output.

    Notes
    -----
    .. math::
        dZ_l = dA_l \odot f_l'(Z_l), \quad dW_l = A_{l-1}^\top dZ_l, \quad
        db_l = \sum_m (dZ_l)_m, \quad dA_{l-1} = dZ_l W_l^\top

    for l = L, …, 1. The factor dZ is computed once and used three times. The last product is left
    out for the first layer: see :func:`mlp_input_gradient`.

    References
    ----------
    P, *BP: this factor can be reused, don't compute it again*.

    Examples
    --------
    >>> first = Layer(np.array([[1.0, -1.0]]), np.zeros(2))
    >>> last = Layer(np.array([[2.0], [3.0]]), np.array([0.5]))
    >>> Y_hat, caches = mlp_forward([first, last], [[1.0], [-1.0]])
    >>> gradients = mlp_backward([[1.0], [1.0]], caches)
    >>> gradients[0].W
    array([[ 2., -3.]])
    >>> gradients[1].b
    array([2.])
    """
    gradients, dA = [], dY_hat
    for cache in _last_first(caches):
        dZ = activation_named(cache.name).backward(dA, cache.activation)
        gradients.append(Layer(*linear_parameter_gradients(dZ, cache.linear)))
        if cache is not caches[0]:
            dA = linear_input_gradient(dZ, cache.linear)
    return gradients[::-1]


def mlp_input_gradient(dY_hat: ArrayLike, caches: Sequence[LayerCache]) -> Array:
    r"""Gradient of the network's input, given the gradient of its output.

    Parameters
    ----------
    dY_hat : ArrayLike, shape (M, n_L)
        Upstream gradient, ∂C/∂Ŷ.
    caches : sequence of LayerCache
        As returned by :func:`mlp_forward`.

    Returns
    -------
    dX : Array, shape (M, n_0)

    Raises
    ------
    ValueError
        If the shape of dY_hat is not the shape of the output.

    Notes
    -----
    .. math:: dA_{l-1} = (dA_l \odot f_l'(Z_l))\, W_l^\top, \qquad dX = dA_0

    Examples
    --------
    >>> first = Layer(np.array([[1.0, -1.0]]), np.zeros(2))
    >>> last = Layer(np.array([[2.0], [3.0]]), np.array([0.5]))
    >>> Y_hat, caches = mlp_forward([first, last], [[1.0], [-1.0]])
    >>> mlp_input_gradient([[1.0], [1.0]], caches)
    array([[ 2.],
           [-3.]])
    """
    dA = as_float_array(dY_hat, "dY_hat")
    for cache in _last_first(caches):
        dZ = activation_named(cache.name).backward(dA, cache.activation)
        dA = linear_input_gradient(dZ, cache.linear)
    return dA


def mlp_loss(
    params: Sequence[Layer],
    X: ArrayLike,
    Y: ArrayLike,
    *,
    loss: str = "softmax_cross_entropy",
    activation: str = "relu",
    output_activation: str = "identity",
    l2: float = 0.0,
) -> np.floating:
    """Loss of a network on a minibatch.

    Parameters
    ----------
    params : sequence of Layer
        ``(W, b)`` for each layer.
    X : ArrayLike, shape (M, n_0)
        Minibatch.
    Y : ArrayLike, shape (M, n_L), or (M,) for labels
        Targets.
    loss : str
        ``"half_squared_error"``, ``"binary_cross_entropy"`` or ``"softmax_cross_entropy"``.
    activation, output_activation : str
        Names of the activation functions of the hidden layers and of the last one.
    l2 : float, >= 0
        λ of the L2 penalty: adds λ/2 times the squared norm of all weights, not of the biases.

    Returns
    -------
    np.floating
        A scalar, the mean over the minibatch.

    Raises
    ------
    ValueError
        If shapes do not fit, a name is unknown, ``l2`` is negative, or the loss is NaN.

    Examples
    --------
    A network whose weights are all 0 finds three classes equally probable, which costs ln 3:

    >>> params = [Layer(np.zeros((4, 3)), np.zeros(3))]
    >>> round(float(mlp_loss(params, np.ones((2, 4)), [0, 2])), 3)
    1.099
    """
    Y_hat, _ = mlp_forward(params, X, activation=activation, output_activation=output_activation)
    return _loss_named(loss).forward(Y_hat, Y)[0] + _penalty(params, l2)


def mlp_loss_and_gradients(
    params: Sequence[Layer],
    X: ArrayLike,
    Y: ArrayLike,
    *,
    loss: str = "softmax_cross_entropy",
    activation: str = "relu",
    output_activation: str = "identity",
    l2: float = 0.0,
) -> tuple[np.floating, list[Layer]]:
    """Loss of a network on a minibatch, and the gradients of all its parameters.

    Parameters
    ----------
    params : sequence of Layer
        ``(W, b)`` for each layer.
    X : ArrayLike, shape (M, n_0)
        Minibatch.
    Y : ArrayLike, shape (M, n_L), or (M,) for labels
        Targets.
    loss : str
        ``"half_squared_error"``, ``"binary_cross_entropy"`` or ``"softmax_cross_entropy"``.
    activation, output_activation : str
        Names of the activation functions of the hidden layers and of the last one.
    l2 : float, >= 0
        λ of the L2 penalty: adds λ/2 times the squared norm of all weights, not of the biases.

    Returns
    -------
    loss : np.floating
        A scalar, the mean over the minibatch.
    gradients : list of Layer
        ``(dW, db)`` for each layer.

    Raises
    ------
    ValueError
        If shapes do not fit, a name is unknown, ``l2`` is negative, or the loss is NaN.

    Notes
    -----
    Forward pass, loss, backward pass of the loss, backward pass of the network. All gradients
    belong to the same parameters, because no parameter changes before all of them are known.

    Examples
    --------
    >>> params = [Layer(np.zeros((4, 3)), np.zeros(3))]
    >>> loss, gradients = mlp_loss_and_gradients(params, np.ones((2, 4)), [0, 2])
    >>> gradients[0].b.round(3)
    array([-0.167,  0.333, -0.167])
    """
    loss_function = _loss_named(loss)
    Y_hat, caches = mlp_forward(
        params, X, activation=activation, output_activation=output_activation
    )
    value, loss_cache = loss_function.forward(Y_hat, Y)
    gradients = mlp_backward(loss_function.backward(1.0, loss_cache), caches)
    if l2 == 0:
        return value, gradients
    return value + _penalty(params, l2), _penalized(gradients, params, l2)


def mlp_predict_probabilities(
    params: Sequence[Layer], X: ArrayLike, *, activation: str = "relu"
) -> Array:
    """Probability of each class, for a network that was trained on logits.

    Parameters
    ----------
    params : sequence of Layer
        ``(W, b)`` for each layer.
    X : ArrayLike, shape (M, n_0)
        Examples.
    activation : str
        Name of the activation function of the hidden layers.

    Returns
    -------
    Array, shape (M, K)
        Each row sums to 1.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> params = [Layer(np.array([[0.0, 1.0]]), np.zeros(2))]
    >>> mlp_predict_probabilities(params, [[0.0], [2.0]]).round(2)
    array([[0.5 , 0.5 ],
           [0.12, 0.88]])
    """
    return softmax(mlp_forward(params, X, activation=activation)[0])


def mlp_predict_labels(params: Sequence[Layer], X: ArrayLike, *, activation: str = "relu") -> Array:
    """Most probable class of each example.

    Parameters
    ----------
    params : sequence of Layer
        ``(W, b)`` for each layer.
    X : ArrayLike, shape (M, n_0)
        Examples.
    activation : str
        Name of the activation function of the hidden layers.

    Returns
    -------
    Array of int, shape (M,)
        Softmax keeps the order, so the largest logit decides.

    Raises
    ------
    ValueError
        If the shapes do not fit or a logit is not finite: the largest of NaNs is the first.

    Examples
    --------
    >>> params = [Layer(np.array([[-1.0, 1.0]]), np.zeros(2))]
    >>> mlp_predict_labels(params, [[-3.0], [2.0]])
    array([0, 1])
    """
    logits, _ = mlp_forward(params, X, activation=activation)
    check_finite(logits=logits)
    return logits.argmax(axis=1)


def accuracy(
    params: Sequence[Layer], X: ArrayLike, labels: ArrayLike, *, activation: str = "relu"
) -> float:
    """Share of the examples whose most probable class is their label.

    Parameters
    ----------
    params : sequence of Layer
        ``(W, b)`` for each layer.
    X : ArrayLike, shape (M, n_0)
        Examples.
    labels : ArrayLike of int, shape (M,)
        True classes.
    activation : str
        Name of the activation function of the hidden layers.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the shapes do not fit: labels of shape (M, 1) would be compared with every prediction.

    Examples
    --------
    >>> params = [Layer(np.array([[-1.0, 1.0]]), np.zeros(2))]
    >>> accuracy(params, [[-3.0], [2.0]], [1, 1])
    0.5
    """
    predicted = mlp_predict_labels(params, X, activation=activation)
    if np.shape(labels) != predicted.shape:
        raise ValueError(f"labels have shape {np.shape(labels)}, expected {predicted.shape}")
    return float(np.mean(predicted == labels))


def _last_first(caches: Sequence[LayerCache]) -> Iterator[LayerCache]:
    for cache in reversed(caches):
        check_cache(cache, LayerCache)
        yield cache


def _loss_named(name: str) -> Loss:
    if name not in LOSSES:
        raise ValueError(f"loss is {name!r}, expected one of {', '.join(LOSSES)}")
    return LOSSES[name]


def _penalty(params: Sequence[Layer], l2: float) -> np.floating | float:
    if l2 == 0:
        return 0.0
    return sum(losses.l2_penalty_forward(W, l2)[0] for W, _ in params)


def _penalized(gradients: list[Layer], params: Sequence[Layer], l2: float) -> list[Layer]:
    return [
        Layer(dW + losses.l2_penalty_backward(1.0, (W, l2)), db)
        for (dW, db), (W, _) in zip(gradients, params, strict=True)
    ]
