r"""Local derivatives of the elementary functions: the only calculus that both modes know.

Forward mode (:mod:`backprop.dual`) multiplies these numbers along the computation, reverse mode
(:mod:`backprop.tape`) against it. Each line holds a function and, for each of its operands, the
derivative of its value with respect to that operand, written with the operands and the value.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from backprop import activations
from backprop.validation import Array

__all__ = ["LOCAL_DERIVATIVES", "generic_logistic", "generic_relu", "local_derivative"]

Function = Callable[..., Array]
"""An elementary function of one or two operands."""

Slope = Callable[..., Array | float]
"""``(*operands, value) -> derivative``, entry by entry; a number where it is the same for all."""

Index = int | slice | tuple[int | slice, ...] | Array
"""What stands in the brackets of ``x[index]``."""


def _power_slope(x: Array, n: float, y: Array) -> Array:
    # At n = 0 the formula n·xⁿ⁻¹ would divide by zero where x is 0; the derivative is 0.
    return n * x ** (n - 1) if np.any(n) else 0 * x


LOCAL_DERIVATIVES: dict[Function, tuple[Slope, ...]] = {
    # two operands a, b with value y
    np.add: (lambda a, b, y: 1.0, lambda a, b, y: 1.0),
    np.subtract: (lambda a, b, y: 1.0, lambda a, b, y: -1.0),
    np.multiply: (lambda a, b, y: b, lambda a, b, y: a),
    np.divide: (lambda a, b, y: 1 / b, lambda a, b, y: -y / b),
    np.maximum: (lambda a, b, y: a > b, lambda a, b, y: b > a),
    np.power: (_power_slope,),
    # one operand x with value y
    np.negative: (lambda x, y: -1.0,),
    np.square: (lambda x, y: 2 * x,),
    np.sqrt: (lambda x, y: 0.5 / y,),
    np.exp: (lambda x, y: y,),
    np.log: (lambda x, y: 1 / x,),
    np.sin: (lambda x, y: np.cos(x),),
    np.cos: (lambda x, y: -np.sin(x),),
    np.tanh: (lambda x, y: 1 - y * y,),
    activations.logistic: (lambda x, y: activations.logistic_derivative(x),),
}


def local_derivative(function: Function, operand: int) -> Slope:
    """Look up the derivative of an elementary function with respect to one of its operands.

    Parameters
    ----------
    function : callable
        A NumPy function such as ``np.exp``, or ``backprop.activations.logistic``.
    operand : int
        Position of the operand, from 0.

    Returns
    -------
    callable
        Takes the operands and then the value of the function, returns the derivative, entry by
        entry.

    Raises
    ------
    ValueError
        If the function is not in the table, or the exponent of a power is the operand.

    Notes
    -----
    np.maximum gets the derivative 0 on both sides of a tie, so ReLU′(0) = 0.

    Examples
    --------
    >>> local_derivative(np.multiply, 0)(3.0, 5.0, 15.0)
    5.0
    """
    name = getattr(function, "__name__", repr(function))
    if function not in LOCAL_DERIVATIVES:
        known = ", ".join(sorted(known.__name__ for known in LOCAL_DERIVATIVES))
        raise ValueError(f"{name} has no local derivative here; use one of {known}, matmul")
    if operand >= len(LOCAL_DERIVATIVES[function]):
        raise ValueError(f"{name} expects a constant exponent; write np.exp(y * np.log(x))")
    return LOCAL_DERIVATIVES[function][operand]


def generic_logistic(x: Array) -> Array:
    """Logistic function of an array, of a dual number or of a variable on the tape.

    Parameters
    ----------
    x : Array, any shape
        Or a :class:`backprop.dual.Dual` or :class:`backprop.tape.Variable`.

    Returns
    -------
    Array, same shape as x
        Of the kind of x.
    """
    operate = getattr(x, "__array_ufunc__", None)
    if operate is None or isinstance(x, np.ndarray | np.generic):
        return activations.logistic(x)
    return operate(activations.logistic, "__call__", x)


def generic_relu(x: Array) -> Array:
    """Rectified linear unit of an array, of a dual number or of a variable on the tape.

    Parameters
    ----------
    x : Array, any shape
        Or a :class:`backprop.dual.Dual` or :class:`backprop.tape.Variable`.

    Returns
    -------
    Array, same shape as x
        max(x, 0), of the kind of x; its derivative at 0 is 0.
    """
    return np.maximum(x, 0)
