"""Activation functions, their derivatives, and their forward/backward pairs."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating]


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

    Notes
    -----
    .. math:: \sigma(z) = \frac{1}{1 + e^{-z}} = \frac{e^{z}}{1 + e^{z}}

    The first form overflows for large negative z and the second for large positive z, so each
    half of the line gets the form whose exponent is not positive. Complex numbers work too
    (|Im z| < 1 is plenty), because the complex-step derivative needs them.

    References
    ----------
    D, *Compute Activation*.
    """
    z = _floats(z)
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

    Notes
    -----
    .. math:: \sigma'(z) = \sigma(z)\,(1 - \sigma(z)) = \frac{e^{-|z|}}{(1 + e^{-|z|})^2}

    The product a(1 − a) loses all digits where a rounds to 1 (z > 37 in float64); the second
    form keeps them.

    References
    ----------
    D, *Hidden → Output Weights*.
    """
    z = _floats(z)
    e = np.exp(np.where(z.real < 0, z, -z))
    return e / (1 + e) ** 2


def _floats(values: ArrayLike) -> Array:
    array = np.asarray(values)
    return array if np.issubdtype(array.dtype, np.inexact) else array.astype(np.float64)
