"""Loss functions in forward/backward pairs: each a mean over the minibatch, each a scalar.

>>> loss, cache = softmax_cross_entropy_forward([[0.0, 0.0, 0.0]], [2])
>>> round(float(loss), 3)  # ln 3: three classes are equally probable
1.099
>>> softmax_cross_entropy_backward(1.0, cache).round(3)
array([[ 0.333,  0.333, -0.667]])
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from backprop.activations import logistic
from backprop.validation import Array, as_float_array, as_float_arrays, check_between

__all__ = [
    "LossCache",
    "binary_cross_entropy_backward",
    "binary_cross_entropy_forward",
    "half_squared_error_backward",
    "half_squared_error_forward",
    "l2_penalty_backward",
    "l2_penalty_forward",
    "log_softmax",
    "one_hot",
    "softmax_cross_entropy_backward",
    "softmax_cross_entropy_forward",
]


class LossCache(NamedTuple):
    """What the backward pass of a loss needs from its forward pass.

    Attributes
    ----------
    Y_hat : Array, shape (M, n_out)
        Predictions; for the cross-entropies these are probabilities, made from the logits.
    Y : Array, same shape as Y_hat
        Targets; integer labels have become rows with a single 1.
    """

    Y_hat: Array
    Y: Array


def half_squared_error_forward(Y_hat: ArrayLike, Y: ArrayLike) -> tuple[np.floating, LossCache]:
    r"""Half the squared error, averaged over the minibatch.

    Parameters
    ----------
    Y_hat : ArrayLike, shape (M, n_out)
        Predictions, one example per row.
    Y : ArrayLike, shape (M, n_out)
        Targets.

    Returns
    -------
    loss : np.floating
        A scalar.
    cache : LossCache
        ``(Y_hat, Y)``.

    Raises
    ------
    ValueError
        If the shapes differ (one axis against two is an error, too), if the minibatch is empty,
        or if the loss is NaN.

    Notes
    -----
    .. math:: C = \frac{1}{M} \sum_{m=1}^{M} \tfrac12 \lVert \hat y_m - y_m \rVert^2

    The sum runs over the outputs, the mean over the examples. Others differ: C and B sum over the
    examples, Deisenroth et al. drop the ½, PyTorch drops the ½ and averages over the outputs, too.

    References
    ----------
    D, *Cost/Loss for n Patterns*.

    Examples
    --------
    >>> loss, cache = half_squared_error_forward([[1.0], [3.0]], [[0.0], [0.0]])
    >>> float(loss)  # (1 + 9) / 2, over two examples
    2.5
    """
    Y_hat, Y = as_float_arrays(Y_hat=(Y_hat, "M n_out"), Y=(Y, "M n_out"))
    loss = 0.5 * ((Y_hat - Y) ** 2).sum() / len(Y)
    return _not_nan(loss), LossCache(Y_hat, Y)


def half_squared_error_backward(d_loss: float, cache: LossCache) -> Array:
    r"""Gradient of the predictions under half the squared error.

    Parameters
    ----------
    d_loss : float
        Upstream gradient: 1 where the loss is what is minimized.
    cache : LossCache
        ``(Y_hat, Y)`` as returned by :func:`half_squared_error_forward`.

    Returns
    -------
    dY_hat : Array, shape (M, n_out)

    Notes
    -----
    .. math:: d\hat Y = \frac{1}{M} (\hat Y - Y)

    This 1/M is the only one of the whole backward pass.

    References
    ----------
    D, *Hidden → Output Weights*, for one pattern, where M = 1. P, *Averaging of gradients*.

    Examples
    --------
    >>> loss, cache = half_squared_error_forward([[1.0], [3.0]], [[0.0], [0.0]])
    >>> half_squared_error_backward(1.0, cache)
    array([[0.5],
           [1.5]])
    """
    return (cache.Y_hat - cache.Y) * (float(d_loss) / len(cache.Y))


def binary_cross_entropy_forward(Z: ArrayLike, Y: ArrayLike) -> tuple[np.floating, LossCache]:
    r"""Binary cross-entropy of logits, averaged over the minibatch.

    Parameters
    ----------
    Z : ArrayLike, shape (M, n_out)
        Logits, not probabilities: the logistic function is inside of this loss.
    Y : ArrayLike, shape (M, n_out)
        Targets between 0 and 1.

    Returns
    -------
    loss : np.floating
        A scalar: summed over the outputs, averaged over the examples.
    cache : LossCache
        ``(logistic(Z), Y)``.

    Raises
    ------
    ValueError
        If the shapes differ, the minibatch is empty, a target lies outside of [0, 1], or the loss
        is NaN.

    Notes
    -----
    .. math::
        \begin{aligned}
        C &= -\frac1M \sum \left[ y \ln \sigma(z) + (1 - y) \ln (1 - \sigma(z)) \right] \\
          &= \frac1M \sum \left[ \max(z, 0) - y z + \ln(1 + e^{-|z|}) \right]
        \end{aligned}

    The first form takes the logarithm of 0 where σ(z) rounds to 0 or 1; the second never does.

    Examples
    --------
    Not to know costs ln 2; to be wrong and sure costs as much as the logit is large:

    >>> round(float(binary_cross_entropy_forward([[0.0]], [[1.0]])[0]), 3)
    0.693
    >>> round(float(binary_cross_entropy_forward([[-1000.0]], [[1.0]])[0]), 3)
    1000.0
    """
    Z, Y = as_float_arrays(Z=(Z, "M n_out"), Y=(Y, "M n_out"))
    _check_probabilities(Y)
    softplus_of_minus_abs = np.log1p(np.exp(np.where(Z > 0, -Z, Z)))
    loss = (np.maximum(Z, 0) - Y * Z + softplus_of_minus_abs).sum() / len(Y)
    return _not_nan(loss), LossCache(logistic(Z), Y)


def binary_cross_entropy_backward(d_loss: float, cache: LossCache) -> Array:
    r"""Gradient of the logits under the binary cross-entropy.

    Parameters
    ----------
    d_loss : float
        Upstream gradient: 1 where the loss is what is minimized.
    cache : LossCache
        ``(logistic(Z), Y)`` as returned by :func:`binary_cross_entropy_forward`.

    Returns
    -------
    dZ : Array, shape (M, n_out)

    Notes
    -----
    .. math:: dZ = \frac1M (\sigma(Z) - Y)

    The derivative of the logistic function has cancelled: to multiply by it again is wrong.

    Examples
    --------
    >>> loss, cache = binary_cross_entropy_forward([[0.0]], [[1.0]])
    >>> binary_cross_entropy_backward(1.0, cache)
    array([[-0.5]])
    """
    return (cache.Y_hat - cache.Y) * (float(d_loss) / len(cache.Y))


def log_softmax(Z: ArrayLike) -> Array:
    r"""Logarithm of the softmax of each row, without the softmax ever rounding to 0.

    Parameters
    ----------
    Z : ArrayLike, shape (M, K)
        Logits, one example per row.

    Returns
    -------
    Array, shape (M, K)
        Not positive.

    Raises
    ------
    ValueError
        If Z does not have two axes or is empty.

    Notes
    -----
    .. math:: \ln s_k = (z_k - c) - \ln \sum_j e^{z_j - c}, \qquad c = \max_j z_j

    Examples
    --------
    >>> log_softmax([[0.0, -1000.0]])
    array([[    0., -1000.]])
    """
    Z = as_float_array(Z, "Z", ndim=2)
    shifted = Z - Z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def one_hot(labels: ArrayLike, classes: int) -> Array:
    """Turn integer labels into rows with a single 1.

    Parameters
    ----------
    labels : ArrayLike of int, shape (M,)
        Each from 0 to classes − 1.
    classes : int
        Number of classes K.

    Returns
    -------
    Array, shape (M, classes)
        float64.

    Raises
    ------
    ValueError
        If the labels are not integers, not one axis, or out of range.

    Examples
    --------
    >>> one_hot([2, 0], classes=3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    labels = np.asarray(labels)
    _check_labels(labels, classes)
    return (labels[:, np.newaxis] == np.arange(classes)).astype(np.float64)


def softmax_cross_entropy_forward(Z: ArrayLike, Y: ArrayLike) -> tuple[np.floating, LossCache]:
    r"""Cross-entropy of the softmax of logits, averaged over the minibatch.

    Parameters
    ----------
    Z : ArrayLike, shape (M, K)
        Logits, not probabilities: the softmax is inside of this loss.
    Y : ArrayLike, shape (M,) or (M, K)
        Integer labels from 0 to K − 1, or soft targets: rows of probabilities that sum to 1.

    Returns
    -------
    loss : np.floating
        A scalar.
    cache : LossCache
        ``(softmax(Z), Y)`` with Y of shape (M, K).

    Raises
    ------
    ValueError
        If the shapes do not fit, a label is out of range, a row of soft targets is not a
        distribution, the minibatch is empty, or the loss is NaN.

    Notes
    -----
    .. math:: C = -\frac1M \sum_{m=1}^{M} \sum_{k=1}^{K} y_{mk} \ln \operatorname{softmax}(z_m)_k

    For the label k of an example only one term of the inner sum is left.
    """
    Z = as_float_array(Z, "Z", ndim=2)
    Y = _class_targets(Y, Z)
    log_probabilities = log_softmax(Z)
    loss = -(Y * log_probabilities).sum() / len(Y)
    return _not_nan(loss), LossCache(np.exp(log_probabilities), Y)


def softmax_cross_entropy_backward(d_loss: float, cache: LossCache) -> Array:
    r"""Gradient of the logits under the softmax cross-entropy.

    Parameters
    ----------
    d_loss : float
        Upstream gradient: 1 where the loss is what is minimized.
    cache : LossCache
        ``(softmax(Z), Y)`` as returned by :func:`softmax_cross_entropy_forward`.

    Returns
    -------
    dZ : Array, shape (M, K)

    Notes
    -----
    .. math:: dZ = \frac1M (\operatorname{softmax}(Z) - Y)

    The softmax's Jacobian diag(s) − ssᵀ has cancelled, because each row of Y sums to 1.
    """
    return (cache.Y_hat - cache.Y) * (float(d_loss) / len(cache.Y))


def l2_penalty_forward(W: ArrayLike, l2: float) -> tuple[np.floating, tuple[Array, float]]:
    r"""L2 penalty of a weight matrix: half its squared norm, times a factor.

    Parameters
    ----------
    W : ArrayLike, any shape
        Weights. Biases have no penalty.
    l2 : float, >= 0
        λ. It does not depend on the size of the minibatch.

    Returns
    -------
    penalty : np.floating
        A scalar.
    cache : tuple of Array and float
        ``(W, l2)``.

    Raises
    ------
    ValueError
        If ``l2`` is negative or the penalty is NaN.

    Notes
    -----
    .. math:: R = \frac{\lambda}{2} \lVert W \rVert^2

    With the ½ the gradient is λW. Others write λ‖W‖², whose gradient is 2λW. Weight decay is
    something else: AdamW takes λW from the weights beside the update and not through the gradient.
    """
    W, l2 = as_float_array(W, "W"), float(l2)
    check_between(0, np.inf, l2=l2)
    return _not_nan(0.5 * l2 * (W * W).sum()), (W, l2)


def l2_penalty_backward(d_penalty: float, cache: tuple[Array, float]) -> Array:
    r"""Gradient of the L2 penalty with respect to the weights.

    Parameters
    ----------
    d_penalty : float
        Upstream gradient: 1 where the penalty is added to the loss.
    cache : tuple of Array and float, the Array of the shape of W
        ``(W, l2)`` as returned by :func:`l2_penalty_forward`.

    Returns
    -------
    dW : Array, same shape as W

    Notes
    -----
    .. math:: dW = \lambda W
    """
    W, l2 = cache
    return (float(d_penalty) * l2) * W


def _not_nan(loss: np.floating) -> np.floating:
    # One look at a scalar finds what a look at every entry would.
    if np.isnan(loss):
        raise ValueError(
            "the loss is NaN, expected a number; look for NaN in the predictions "
            "and targets, and for a learning rate so large that training diverged"
        )
    return loss


def _check_probabilities(Y: Array) -> None:
    if not (Y.min() >= 0 and Y.max() <= 1):
        raise ValueError(f"Y goes from {Y.min()} to {Y.max()}, expected targets from 0 to 1")


def _check_labels(labels: Array, classes: int) -> None:
    if labels.ndim != 1 or labels.dtype.kind not in "iu" or labels.size == 0:
        raise ValueError(
            f"labels have shape {labels.shape} and dtype {labels.dtype}, "
            "expected integers of shape (M,) with M at least 1"
        )
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"labels go from {labels.min()} to {labels.max()}, "
            f"expected 0 to {classes - 1} for {classes} classes"
        )


def _class_targets(Y: ArrayLike, Z: Array) -> Array:
    labels = np.ndim(Y) == 1
    if labels:
        Y = one_hot(Y, Z.shape[1]).astype(Z.real.dtype)
    Z, Y = as_float_arrays(Z=(Z, "M K"), Y=(Y, "M K"))
    if not labels:
        _check_distributions(Y)
    return Y


def _check_distributions(Y: Array) -> None:
    _check_probabilities(Y)
    if abs(Y.sum(axis=1) - 1).max() > 1e-4:
        raise ValueError(
            "a row of Y does not sum to 1, expected rows of probabilities, "
            "or integer labels of shape (M,)"
        )
