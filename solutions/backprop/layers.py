"""The linear layer and the activation layer: what a network is made of.

>>> Y, cache = linear_forward([[1.0, 2.0], [3.0, 4.0]], [[1.0], [10.0]], [0.5])
>>> Y
array([[21.5],
       [43.5]])
>>> dX, dW, db = linear_backward([[1.0], [1.0]], cache)
>>> dX
array([[ 1., 10.],
       [ 1., 10.]])
>>> dW
array([[4.],
       [6.]])
>>> db
array([2.])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from numpy.typing import ArrayLike

from backprop import activations
from backprop.activations import ActivationCache
from backprop.validation import Array, as_float_arrays, check_cache

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "LinearCache",
    "activation_named",
    "linear_backward",
    "linear_forward",
    "linear_input_gradient",
    "linear_parameter_gradients",
]


class LinearCache(NamedTuple):
    """What the backward pass of a linear layer needs from its forward pass.

    Attributes
    ----------
    X : Array, shape (M, n_in)
        Input of the layer.
    W : Array, shape (n_in, n_out)
        Weights of the layer.
    """

    X: Array
    W: Array


def linear_forward(X: ArrayLike, W: ArrayLike, b: ArrayLike) -> tuple[Array, LinearCache]:
    r"""Apply an affine map to each row of a minibatch.

    Parameters
    ----------
    X : ArrayLike, shape (M, n_in)
        Minibatch, one example per row.
    W : ArrayLike, shape (n_in, n_out)
        Weights; ``W[j, i]`` leads from unit j to unit i.
    b : ArrayLike, shape (n_out,)
        Biases.

    Returns
    -------
    Y : Array, shape (M, n_out)
    cache : LinearCache
        ``(X, W)``; the backward pass has no use for b.

    Raises
    ------
    ValueError
        If the shapes do not fit or the minibatch is empty.

    Notes
    -----
    .. math:: Y = X W + 1 b^\top

    The same bias is added to every row. Sources that write Wx + b keep one example per column;
    their W is the transpose of ours.

    References
    ----------
    P, *Relation*.
    """
    X, W, b = as_float_arrays(X=(X, "M n_in"), W=(W, "n_in n_out"), b=(b, "n_out"))
    return X @ W + b, LinearCache(X, W)


def linear_backward(dY: ArrayLike, cache: LinearCache) -> tuple[Array, Array, Array]:
    r"""Gradients of a linear layer, given the gradient of its output.

    Parameters
    ----------
    dY : ArrayLike, shape (M, n_out)
        Upstream gradient, ∂C/∂Y.
    cache : LinearCache
        ``(X, W)`` as returned by :func:`linear_forward`.

    Returns
    -------
    dX : Array, shape (M, n_in)
    dW : Array, shape (n_in, n_out)
    db : Array, shape (n_out,)
        Summed over the minibatch: the loss has already divided by M.

    Raises
    ------
    ValueError
        If dY does not have one row for each row of X and one column for each column of W.

    Notes
    -----
    .. math:: dX = dY\,W^\top, \quad dW = X^\top dY, \quad db = \sum_m dY_m

    References
    ----------
    P, *Derivatives of loss with respect to the weights*.
    """
    dY, X, W = _checked(dY, cache)
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)


def linear_parameter_gradients(dY: ArrayLike, cache: LinearCache) -> tuple[Array, Array]:
    r"""Gradients of the weights and biases only, for the first layer of a network.

    Parameters
    ----------
    dY : ArrayLike, shape (M, n_out)
        Upstream gradient, ∂C/∂Y.
    cache : LinearCache
        ``(X, W)`` as returned by :func:`linear_forward`.

    Returns
    -------
    dW : Array, shape (n_in, n_out)
    db : Array, shape (n_out,)

    Raises
    ------
    ValueError
        If the shape of dY does not fit the cache.

    Notes
    -----
    .. math:: dW = X^\top dY, \quad db = \sum_m dY_m

    Training has no use for the gradient of the data, and the first layer is often the widest.

    Examples
    --------
    >>> Y, cache = linear_forward([[1.0, 2.0]], [[1.0], [10.0]], [0.5])
    >>> dW, db = linear_parameter_gradients([[3.0]], cache)
    >>> dW
    array([[3.],
           [6.]])
    """
    dY, X, _ = _checked(dY, cache)
    return X.T @ dY, dY.sum(axis=0)


def linear_input_gradient(dY: ArrayLike, cache: LinearCache) -> Array:
    r"""Gradient of the input of a linear layer only.

    Parameters
    ----------
    dY : ArrayLike, shape (M, n_out)
        Upstream gradient, ∂C/∂Y.
    cache : LinearCache
        ``(X, W)`` as returned by :func:`linear_forward`.

    Returns
    -------
    dX : Array, shape (M, n_in)

    Raises
    ------
    ValueError
        If the shape of dY does not fit the cache.

    Notes
    -----
    .. math:: dX = dY\,W^\top

    Examples
    --------
    >>> Y, cache = linear_forward([[1.0, 2.0]], [[1.0], [10.0]], [0.5])
    >>> linear_input_gradient([[3.0]], cache)
    array([[ 3., 30.]])
    """
    dY, _, W = _checked(dY, cache)
    return dY @ W.T


class Activation(NamedTuple):
    """An activation function together with its derivative and its two passes.

    Attributes
    ----------
    function : callable
        The function itself, of the pre-activation.
    derivative : callable or None
        Its derivative, of the pre-activation; None for softmax, whose Jacobian is not diagonal.
    forward : callable
        Forward pass: ``Z -> (A, cache)``.
    backward : callable
        Backward pass: ``(dA, cache) -> dZ``.
    """

    function: Callable[..., Array]
    derivative: Callable[..., Array] | None
    forward: Callable[..., tuple[Array, ActivationCache]]
    backward: Callable[..., Array]


ACTIVATIONS = {
    name: Activation(
        getattr(activations, name),
        getattr(activations, f"{name}_derivative", None),
        getattr(activations, f"{name}_forward"),
        getattr(activations, f"{name}_backward"),
    )
    for name in ("logistic", "tanh", "relu", "leaky_relu", "identity", "softmax")
}
"""Every activation function by its name."""


def activation_named(name: str) -> Activation:
    """Look up an activation function by its name.

    Parameters
    ----------
    name : str
        ``"logistic"``, ``"tanh"``, ``"relu"``, ``"leaky_relu"``, ``"identity"`` or ``"softmax"``.

    Returns
    -------
    Activation
        ``(function, derivative, forward, backward)``.

    Raises
    ------
    ValueError
        If there is no such activation function.

    Examples
    --------
    >>> activation_named("relu").function([-1.0, 2.0])
    array([0., 2.])
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"activation is {name!r}, expected one of {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]


def _checked(dY: ArrayLike, cache: LinearCache) -> tuple[Array, ...]:
    check_cache(cache, LinearCache)
    return as_float_arrays(dY=(dY, "M n_out"), X=(cache.X, "M n_in"), W=(cache.W, "n_in n_out"))
