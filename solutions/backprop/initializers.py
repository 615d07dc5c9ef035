"""Initial weights: where training starts, and whether a deep network can learn at all."""

from __future__ import annotations

import numpy as np

from backprop.validation import Array, check_between

__all__ = ["glorot_normal", "glorot_uniform", "he_normal", "normal", "zeros"]


def zeros(n_in: int, n_out: int, rng: np.random.Generator | None = None) -> Array:
    """All weights 0: right for biases, wrong for hidden weights.

    Parameters
    ----------
    n_in, n_out : int, >= 1
        Number of units that the layer reads and writes.
    rng : numpy.random.Generator, optional
        Ignored, so that every initializer is called alike.

    Returns
    -------
    Array, shape (n_in, n_out)

    Raises
    ------
    ValueError
        If a number of units is not a positive integer.

    Notes
    -----
    Equal hidden units get equal gradients and stay equal for ever: the symmetry is never broken.
    """
    _check_units(n_in, n_out)
    return np.zeros((n_in, n_out))


def normal(n_in: int, n_out: int, rng: np.random.Generator, *, scale: float = 0.01) -> Array:
    """Draw the weights from a normal distribution of mean 0 with a chosen standard deviation.

    Parameters
    ----------
    n_in, n_out : int, >= 1
        Number of units that the layer reads and writes.
    rng : numpy.random.Generator
        Source of the random numbers.
    scale : float, >= 0
        Standard deviation.

    Returns
    -------
    Array, shape (n_in, n_out)

    Raises
    ------
    ValueError
        If a number of units is not a positive integer, or the scale is negative.
    """
    _check_units(n_in, n_out)
    check_between(0, np.inf, scale=scale)
    return scale * rng.standard_normal((n_in, n_out))


def glorot_normal(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    r"""Draw normal weights that keep the variance of a tanh layer in both directions.

    Parameters
    ----------
    n_in, n_out : int, >= 1
        Fan-in and fan-out: rows and columns of W.
    rng : numpy.random.Generator
        Source of the random numbers.

    Returns
    -------
    Array, shape (n_in, n_out)

    Raises
    ------
    ValueError
        If a number of units is not a positive integer.

    Notes
    -----
    .. math:: \operatorname{Var} w = \frac{2}{n_{in} + n_{out}}

    Keeping the activations' variance asks for 1/n_in, keeping the gradients' for 1/n_out; this is
    the compromise.

    References
    ----------
    Glorot and Bengio 2010.
    """
    _check_units(n_in, n_out)
    return normal(n_in, n_out, rng, scale=np.sqrt(2 / (n_in + n_out)))


def glorot_uniform(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    r"""Draw uniform weights that keep the variance of a tanh layer in both directions.

    Parameters
    ----------
    n_in, n_out : int, >= 1
        Fan-in and fan-out: rows and columns of W.
    rng : numpy.random.Generator
        Source of the random numbers.

    Returns
    -------
    Array, shape (n_in, n_out)
        Between −r and r.

    Raises
    ------
    ValueError
        If a number of units is not a positive integer.

    Notes
    -----
    .. math:: r = \sqrt{\frac{6}{n_{in} + n_{out}}}

    The variance of this uniform distribution is r²/3, the variance of :func:`glorot_normal`.

    References
    ----------
    Glorot and Bengio 2010.

    Examples
    --------
    >>> W = glorot_uniform(300, 100, np.random.default_rng(0))
    >>> W.shape, round(float(np.abs(W).max()), 3), round((6 / 400) ** 0.5, 3)
    ((300, 100), 0.122, 0.122)
    """
    _check_units(n_in, n_out)
    bound = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-bound, bound, (n_in, n_out))


def he_normal(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    r"""Draw normal weights that keep the variance of a ReLU layer on its way forward.

    Parameters
    ----------
    n_in, n_out : int, >= 1
        Fan-in and fan-out: rows and columns of W.
    rng : numpy.random.Generator
        Source of the random numbers.

    Returns
    -------
    Array, shape (n_in, n_out)

    Raises
    ------
    ValueError
        If a number of units is not a positive integer.

    Notes
    -----
    .. math:: \operatorname{Var} w = \frac{2}{n_{in}}

    The 2 makes up for the half of the units that ReLU switches off.

    References
    ----------
    He et al. 2015.
    """
    _check_units(n_in, n_out)
    return normal(n_in, n_out, rng, scale=np.sqrt(2 / n_in))


def _check_units(*numbers: int) -> None:
    for number in numbers:
        if not isinstance(number, int | np.integer) or number < 1:
            raise ValueError(f"a layer of {number!r} units, expected a positive integer")
