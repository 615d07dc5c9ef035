"""Activation functions, their derivatives, and their forward/backward pairs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from backprop.validation import (
    Array,
    as_float_array,
    check_between,
    check_cache,
    check_same_shape,
)

__all__ = [
    "ActivationCache",
    "identity",
    "identity_backward",
    "identity_derivative",
    "identity_forward",
    "leaky_relu",
    "leaky_relu_backward",
    "leaky_relu_derivative",
    "leaky_relu_forward",
    "logistic",
    "logistic_backward",
    "logistic_derivative",
    "logistic_forward",
    "relu",
    "relu_backward",
    "relu_derivative",
    "relu_forward",
    "softmax",
    "softmax_backward",
    "softmax_forward",
    "tanh",
    "tanh_backward",
    "tanh_derivative",
    "tanh_forward",
]


class ActivationCache(NamedTuple):
    """What the backward pass of an activation function needs from its forward pass.

    Attributes
    ----------
    Z : Array, any shape
        Pre-activations, as they came.
    A : Array, same shape as Z
        Activations, as they went.
    slope : float
        Slope on the negative half-line; only the leaky ReLU has one.
    """

    Z: Array
    A: Array
    slope: float = 1.0


def logistic(z: ArrayLike) -> Array:
    r"""Logistic function, which squashes every real number into (0, 1).

    Parameters
    ----------
    z : ArrayLike, any shape
        Pre-activation. Every finite number is safe: nothing overflows, and small values keep
        their relative precision. Integers are computed in float64.

    Returns
    -------
    Array, same shape as z

    Raises
    ------
    ValueError
        If z is empty or not numeric.

    Notes
    -----
    .. math:: \sigma(z) = \frac{1}{1 + e^{-z}} = \frac{e^{z}}{1 + e^{z}}

    The first form overflows for large negative z and the second for large positive z, so each
    half of the line gets the form whose exponent is not positive. Complex numbers work too
    (with imaginary parts below 1), because the complex-step derivative needs them.

    References
    ----------
    D, *Compute Activation*.

    Examples
    --------
    >>> logistic(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    z = as_float_array(z, "z")
    negative = z.real < 0
    e = np.exp(np.where(negative, z, -z))
    return np.where(negative, e, 1) / (1 + e)


def logistic_derivative(z: ArrayLike) -> Array:
    r"""Derivative of the logistic function, as a function of the pre-activation z.

    Parameters
    ----------
    z : ArrayLike, any shape
        Pre-activation, not the activation σ(z). Every finite number is safe.

    Returns
    -------
    Array, same shape as z
        Between 0 and 1/4; the largest value is at z = 0.

    Raises
    ------
    ValueError
        If z is empty or not numeric.

    Notes
    -----
    .. math:: \sigma'(z) = \sigma(z)\,(1 - \sigma(z)) = \frac{e^{-|z|}}{(1 + e^{-|z|})^2}

    The product a(1 − a) loses all digits where a rounds to 1 (z > 37 in float64); the second
    form keeps them.

    References
    ----------
    D, *Hidden → Output Weights*.

    Examples
    --------
    >>> float(logistic_derivative(0.0))
    0.25
    """
    z = as_float_array(z, "z")
    e = np.exp(np.where(z.real < 0, z, -z))
    return e / (1 + e) ** 2


def logistic_forward(Z: ArrayLike) -> tuple[Array, ActivationCache]:
    """Apply the logistic function to every entry and keep what its backward pass needs.

    Parameters
    ----------
    Z : ArrayLike, any shape
        Pre-activations.

    Returns
    -------
    A : Array, same shape as Z
        ``logistic(Z)``.
    cache : ActivationCache
        ``(Z, A)``.

    Raises
    ------
    ValueError
        If Z is empty or not numeric.
    """
    Z = as_float_array(Z, "Z")
    A = logistic(Z)
    return A, ActivationCache(Z, A)


def logistic_backward(dA: ArrayLike, cache: ActivationCache) -> Array:
    r"""Gradient of the pre-activations of a logistic layer, given that of its activations.

    Parameters
    ----------
    dA : ArrayLike, same shape as Z
        Upstream gradient, ∂C/∂A.
    cache : ActivationCache
        ``(Z, A)`` as returned by :func:`logistic_forward`.

    Returns
    -------
    dZ : Array, same shape as Z

    Raises
    ------
    ValueError
        If the shape of dA is not the shape of A.

    Notes
    -----
    .. math:: dZ = dA \odot \sigma'(Z) = dA \odot A \odot (1 - A)

    The forward pass has paid for the exponential already, so A is used again. Where A rounds to 1
    the product is 0; :func:`logistic_derivative` tells the true value, below 1e-16.

    References
    ----------
    D, *Hidden → Output Weights*.

    Examples
    --------
    >>> A, cache = logistic_forward([0.0, 2.0])
    >>> logistic_backward([1.0, 1.0], cache).round(3)
    array([0.25 , 0.105])
    """
    dA = _upstream(dA, cache)
    return dA * cache.A * (1 - cache.A)


def tanh(z: ArrayLike) -> Array:
    """Hyperbolic tangent, which squashes every real number into (−1, 1).

    Parameters
    ----------
    z : ArrayLike, any shape
        Pre-activation; every finite number is safe.

    Returns
    -------
    Array, same shape as z

    Raises
    ------
    ValueError
        If z is empty or not numeric.

    Notes
    -----
    tanh(z) = 2σ(2z) − 1: a logistic function, stretched and centred on 0.

    Examples
    --------
    >>> tanh([-1.0, 0.0, 1.0]).round(3)
    array([-0.762,  0.   ,  0.762])
    """
    return np.tanh(as_float_array(z, "z"))


def tanh_derivative(z: ArrayLike) -> Array:
    r"""Derivative of the hyperbolic tangent, as a function of the pre-activation z.

    Parameters
    ----------
    z : ArrayLike, any shape
        Pre-activation, not the activation tanh(z). Every finite number is safe.

    Returns
    -------
    Array, same shape as z
        Between 0 and 1; the largest value is at z = 0.

    Raises
    ------
    ValueError
        If z is empty or not numeric.

    Notes
    -----
    .. math:: \tanh'(z) = 1 - \tanh^2(z) = \left(\frac{2e^{-|z|}}{1 + e^{-2|z|}}\right)^2

    The difference loses all digits where tanh(z) rounds to 1; the quotient keeps them.
    """
    z = as_float_array(z, "z")
    e = np.exp(np.where(z.real < 0, z, -z))
    return (2 * e / (1 + e * e)) ** 2


def tanh_forward(Z: ArrayLike) -> tuple[Array, ActivationCache]:
    """Apply the hyperbolic tangent to every entry and keep what its backward pass needs.

    Parameters
    ----------
    Z : ArrayLike, any shape
        Pre-activations.

    Returns
    -------
    A : Array, same shape as Z
        ``tanh(Z)``.
    cache : ActivationCache
        ``(Z, A)``.

    Raises
    ------
    ValueError
        If Z is empty or not numeric.

    Examples
    --------
    >>> A, cache = tanh_forward([0.0, 1.0])
    >>> tanh_backward([1.0, 1.0], cache).round(3)
    array([1.  , 0.42])
    """
    Z = as_float_array(Z, "Z")
    A = np.tanh(Z)
    return A, ActivationCache(Z, A)


def tanh_backward(dA: ArrayLike, cache: ActivationCache) -> Array:
    r"""Gradient of the pre-activations of a tanh layer, given that of its activations.

    Parameters
    ----------
    dA : ArrayLike, same shape as Z
        Upstream gradient, ∂C/∂A.
    cache : ActivationCache
        ``(Z, A)`` as returned by :func:`tanh_forward`.

    Returns
    -------
    dZ : Array, same shape as Z

    Raises
    ------
    ValueError
        If the shape of dA is not the shape of A.

    Notes
    -----
    .. math:: dZ = dA \odot (1 - A \odot A)

    A is tanh(Z) already: the tanh of A would be the tanh of a tanh.
    """
    dA = _upstream(dA, cache)
    return dA * (1 - cache.A * cache.A)


def relu(z: ArrayLike) -> Array:
    """Rectified linear unit, the larger of z and 0.

    Parameters
    ----------
    z : ArrayLike, any shape
        Pre-activation.

    Returns
    -------
    Array, same shape as z

    Raises
    ------
    ValueError
        If z is empty or not numeric.

    Examples
    --------
    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    return np.maximum(as_float_array(z, "z"), 0)


def relu_derivative(z: ArrayLike) -> Array:
    """Derivative of the rectified linear unit, as a function of the pre-activation z.

    Parameters
    ----------
    z : ArrayLike, any shape
        Pre-activation.

    Returns
    -------
    Array, same shape as z
        1 where z > 0, else 0, in the dtype of z.

    Raises
    ------
    ValueError
        If z is empty or not numeric.

    Notes
    -----
    ReLU has no derivative at 0; every number from 0 to 1 is a subgradient. We take 0, as PyTorch,
    TensorFlow and JAX do; others take 1 or ½.
    """
    z = as_float_array(z, "z")
    return (z > 0).astype(z.dtype)


def relu_forward(Z: ArrayLike) -> tuple[Array, ActivationCache]:
    """Apply the rectified linear unit to every entry and keep what its backward pass needs.

    Parameters
    ----------
    Z : ArrayLike, any shape
        Pre-activations. They are not overwritten: the backward pass reads their signs.

    Returns
    -------
    A : Array, same shape as Z
        ``relu(Z)``.
    cache : ActivationCache
        ``(Z, A)``.

    Raises
    ------
    ValueError
        If Z is empty or not numeric.

    Examples
    --------
    The backward pass lets through the gradients of the units that were active:

    >>> A, cache = relu_forward([[-2.0, 3.0], [4.0, -1.0]])
    >>> relu_backward([[10.0, 20.0], [30.0, 40.0]], cache)
    array([[ 0., 20.],
           [30.,  0.]])
    """
    Z = as_float_array(Z, "Z")
    A = np.maximum(Z, 0)
    return A, ActivationCache(Z, A)


def relu_backward(dA: ArrayLike, cache: ActivationCache) -> Array:
    r"""Gradient of the pre-activations of a ReLU layer, given that of its activations.

    Parameters
    ----------
    dA : ArrayLike, same shape as Z
        Upstream gradient, ∂C/∂A.
    cache : ActivationCache
        ``(Z, A)`` as returned by :func:`relu_forward`.

    Returns
    -------
    dZ : Array, same shape as Z

    Raises
    ------
    ValueError
        If the shape of dA is not the shape of A.

    Notes
    -----
    .. math:: dZ = dA \odot [Z > 0]

    The convention at the kink is ReLU′(0) = 0.
    """
    dA = _upstream(dA, cache)
    return dA * (cache.Z > 0)


def leaky_relu(z: ArrayLike, *, slope: float = 0.01) -> Array:
    """Leaky rectified linear unit: z where z > 0, and slope · z elsewhere.

    Parameters
    ----------
    z : ArrayLike, any shape
        Pre-activation.
    slope : float, 0 <= slope < 1
        Slope on the negative half-line.

    Returns
    -------
    Array, same shape as z

    Raises
    ------
    ValueError
        If the slope lies outside of [0, 1).

    Examples
    --------
    >>> leaky_relu([-2.0, 0.0, 3.0], slope=0.1)
    array([-0.2,  0. ,  3. ])
    """
    z = as_float_array(z, "z")
    return z * leaky_relu_derivative(z, slope=slope)


def leaky_relu_derivative(z: ArrayLike, *, slope: float = 0.01) -> Array:
    """Derivative of the leaky rectified linear unit, as a function of the pre-activation z.

    Parameters
    ----------
    z : ArrayLike, any shape
        Pre-activation.
    slope : float, 0 <= slope < 1
        Slope on the negative half-line.

    Returns
    -------
    Array, same shape as z
        1 where z > 0, else the slope, in the dtype of z.

    Raises
    ------
    ValueError
        If the slope lies outside of [0, 1).

    Notes
    -----
    At 0 we take the slope of the left side, as for :func:`relu_derivative`.
    """
    check_between(0, 1, slope=slope)
    z = as_float_array(z, "z")
    return np.where(z > 0, z.dtype.type(1), z.dtype.type(slope))


def leaky_relu_forward(Z: ArrayLike, *, slope: float = 0.01) -> tuple[Array, ActivationCache]:
    """Apply the leaky rectified linear unit and keep what its backward pass needs.

    Parameters
    ----------
    Z : ArrayLike, any shape
        Pre-activations.
    slope : float, 0 <= slope < 1
        Slope on the negative half-line.

    Returns
    -------
    A : Array, same shape as Z
        ``leaky_relu(Z, slope)``.
    cache : ActivationCache
        ``(Z, A, slope)``.

    Raises
    ------
    ValueError
        If the slope lies outside of [0, 1).
    """
    Z = as_float_array(Z, "Z")
    A = leaky_relu(Z, slope=slope)
    return A, ActivationCache(Z, A, slope)


def leaky_relu_backward(dA: ArrayLike, cache: ActivationCache) -> Array:
    r"""Gradient of the pre-activations of a leaky ReLU layer, given that of its activations.

    Parameters
    ----------
    dA : ArrayLike, same shape as Z
        Upstream gradient, ∂C/∂A.
    cache : ActivationCache
        ``(Z, A, slope)`` as returned by :func:`leaky_relu_forward`.

    Returns
    -------
    dZ : Array, same shape as Z

    Raises
    ------
    ValueError
        If the shape of dA is not the shape of A.

    Notes
    -----
    .. math:: dZ = dA \odot ([Z > 0] + \text{slope} \cdot [Z \le 0])
    """
    dA = _upstream(dA, cache)
    return dA * leaky_relu_derivative(cache.Z, slope=cache.slope)


def identity(z: ArrayLike) -> Array:
    """Return the pre-activation unchanged: the activation function of a linear unit.

    Parameters
    ----------
    z : ArrayLike, any shape
        Pre-activation.

    Returns
    -------
    Array, same shape as z
        A copy, so that nobody who changes it changes z.

    Raises
    ------
    ValueError
        If z is empty or not numeric.
    """
    return as_float_array(z, "z").copy()


def identity_derivative(z: ArrayLike) -> Array:
    """Derivative of the identity, which is 1 everywhere.

    Parameters
    ----------
    z : ArrayLike, any shape
        Pre-activation.

    Returns
    -------
    Array, same shape as z

    Raises
    ------
    ValueError
        If z is empty or not numeric.
    """
    return np.ones_like(as_float_array(z, "z"))


def identity_forward(Z: ArrayLike) -> tuple[Array, ActivationCache]:
    """Pass the pre-activations on and keep them, as every forward function does.

    Parameters
    ----------
    Z : ArrayLike, any shape
        Pre-activations.

    Returns
    -------
    A : Array, same shape as Z
    cache : ActivationCache
        ``(Z, A)``.

    Raises
    ------
    ValueError
        If Z is empty or not numeric.
    """
    Z = as_float_array(Z, "Z")
    A = identity(Z)
    return A, ActivationCache(Z, A)


def identity_backward(dA: ArrayLike, cache: ActivationCache) -> Array:
    """Gradient of the input of the identity: the upstream gradient itself.

    Parameters
    ----------
    dA : ArrayLike, same shape as Z
        Upstream gradient, ∂C/∂A.
    cache : ActivationCache
        ``(Z, A)`` as returned by :func:`identity_forward`.

    Returns
    -------
    dZ : Array, same shape as Z
        A copy of dA.

    Raises
    ------
    ValueError
        If the shape of dA is not the shape of A.
    """
    return _upstream(dA, cache).copy()


def softmax(Z: ArrayLike) -> Array:
    r"""Turn each row of logits into positive numbers that sum to 1.

    Parameters
    ----------
    Z : ArrayLike, shape (..., K)
        Logits; the last axis runs over the classes. Safe wherever the difference of two logits
        is finite.

    Returns
    -------
    Array, same shape as Z

    Raises
    ------
    ValueError
        If Z is a single number.

    Notes
    -----
    .. math:: s_k = \frac{e^{z_k}}{\sum_j e^{z_j}} = \frac{e^{z_k - c}}{\sum_j e^{z_j - c}}

    for every c. With c = max z the largest exponent is 0, so nothing overflows.

    Examples
    --------
    >>> softmax(np.array([[0.0, 0.0, 0.0, 0.0], [1000.0, 0.0, 1000.0, 0.0]]))
    array([[0.25, 0.25, 0.25, 0.25],
           [0.5 , 0.  , 0.5 , 0.  ]])
    """
    Z = _logits(Z)
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


def softmax_forward(Z: ArrayLike) -> tuple[Array, ActivationCache]:
    """Apply softmax to each row and keep what its backward pass needs.

    Parameters
    ----------
    Z : ArrayLike, shape (..., K)
        Logits.

    Returns
    -------
    S : Array, same shape as Z
        ``softmax(Z)``.
    cache : ActivationCache
        ``(Z, S)``.

    Raises
    ------
    ValueError
        If Z is a single number.
    """
    Z = _logits(Z)
    S = softmax(Z)
    return S, ActivationCache(Z, S)


def softmax_backward(dS: ArrayLike, cache: ActivationCache) -> Array:
    r"""Gradient of the logits, given the gradient of the softmax probabilities.

    Parameters
    ----------
    dS : ArrayLike, same shape as Z
        Upstream gradient, ∂C/∂S.
    cache : ActivationCache
        ``(Z, S)`` as returned by :func:`softmax_forward`.

    Returns
    -------
    dZ : Array, same shape as Z

    Raises
    ------
    ValueError
        If the shape of dS is not the shape of S.

    Notes
    -----
    The Jacobian of one row is diag(s) − ssᵀ. It is symmetric and not diagonal, and it need not be
    formed:

    .. math:: dz = (\operatorname{diag}(s) - s s^\top)\,ds = s \odot (ds - (s \cdot ds) 1)

    References
    ----------
    C calls ∂f₂/∂Z₂ diagonal, which fails for softmax.

    Examples
    --------
    A gradient that is the same for all classes changes nothing, because the sum stays 1:

    >>> A, cache = softmax_forward([[0.0, 0.0]])
    >>> softmax_backward([[1.0, 1.0]], cache)
    array([[0., 0.]])
    >>> softmax_backward([[1.0, 0.0]], cache)
    array([[ 0.25, -0.25]])
    """
    dS = _upstream(dS, cache, "dS")
    S = cache.A
    return S * (dS - (dS * S).sum(axis=-1, keepdims=True))


def _upstream(dA: ArrayLike, cache: ActivationCache, name: str = "dA") -> Array:
    check_cache(cache, ActivationCache)
    dA = as_float_array(dA, name)
    check_same_shape(**{name[1:]: cache.A, name: dA})
    return dA


def _logits(Z: ArrayLike) -> Array:
    Z = as_float_array(Z, "Z")
    if Z.ndim == 0:
        raise ValueError("Z is a single number, expected a row of logits of shape (..., K)")
    return Z
