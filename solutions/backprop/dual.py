r"""Forward mode: numbers that carry their derivative with them.

A dual number is a value with a tangent, the rate at which the value moves when the input moves.
Each operation computes both, the tangent by the chain rule, so the derivative is known as soon as
the value is. Functions are written as for arrays, with operators and with NumPy's names.

>>> def f(x):
...     return np.sqrt(x**2 + np.exp(x**2))
>>> f(Dual(0.0, 1.0))
Dual(1.0, 0.0)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike

from backprop.local_derivatives import Function, Index, local_derivative
from backprop.validation import Array, as_float_array, check_same_shape

__all__ = ["Dual", "derivative", "forward_jacobian", "jvp"]


class Dual(NDArrayOperatorsMixin):
    r"""A value and its tangent.

    Parameters
    ----------
    value : ArrayLike, any shape
        The value.
    tangent : ArrayLike, same shape as value
        The rate at which it moves, in the dtype of the value.

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    .. math:: (a + a'\epsilon)(b + b'\epsilon) = ab + (a'b + ab')\,\epsilon, \quad
              \epsilon^2 = 0

    Examples
    --------
    >>> x = Dual(3.0, 1.0)
    >>> x * x + 2
    Dual(11.0, 6.0)
    """

    def __init__(self, value: ArrayLike, tangent: ArrayLike) -> None:
        self.value = as_float_array(value, "value")
        self.tangent = as_float_array(tangent, "tangent").astype(self.value.dtype, copy=False)
        check_same_shape(value=self.value, tangent=self.tangent)

    def __repr__(self) -> str:
        return f"Dual({self.value}, {self.tangent})"

    def __array_ufunc__(
        self, function: Function, method: str, *operands: Dual | ArrayLike, **options: object
    ) -> Dual:
        """Operators and NumPy's functions arrive here."""
        if method != "__call__" or options:
            raise ValueError(
                f"a dual number cannot take part in {function.__name__} with {options}"
            )
        values = [_value(operand) for operand in operands]
        result = function(*values)
        duals = [(k, operand) for k, operand in enumerate(operands) if isinstance(operand, Dual)]
        if function is np.matmul:
            terms = [_matmul_term(values, k, dual.tangent) for k, dual in duals]
        else:
            terms = [
                local_derivative(function, k)(*values, result) * dual.tangent for k, dual in duals
            ]
        return Dual(result, np.broadcast_to(sum(terms), np.shape(result)))

    def __getitem__(self, index: Index) -> Dual:
        return Dual(self.value[index], self.tangent[index])

    @property
    def T(self) -> Dual:  # NumPy's name
        """Transpose of value and tangent.

        Returns
        -------
        Dual
            Axes in reverse order.
        """
        return Dual(self.value.T, self.tangent.T)

    def reshape(self, *shape: int) -> Dual:
        """Give value and tangent another shape, rows first.

        Parameters
        ----------
        *shape : int
            The new shape, with as many entries.

        Returns
        -------
        Dual
            The same numbers.
        """
        return Dual(self.value.reshape(*shape), self.tangent.reshape(*shape))

    def sum(self, axis: int | None = None, keepdims: bool = False) -> Dual:
        """Sum over an axis; the tangent of a sum is the sum of the tangents.

        Parameters
        ----------
        axis : int, optional
            The axis that is summed over; by default all.
        keepdims : bool
            Whether the axis stays, with length 1.

        Returns
        -------
        Dual
            The sums.
        """
        return Dual(
            self.value.sum(axis=axis, keepdims=keepdims),
            self.tangent.sum(axis=axis, keepdims=keepdims),
        )

    def mean(self, axis: int | None = None, keepdims: bool = False) -> Dual:
        """Mean over an axis.

        Parameters
        ----------
        axis : int, optional
            The axis that is averaged over; by default all.
        keepdims : bool
            Whether the axis stays, with length 1.

        Returns
        -------
        Dual
            The means.
        """
        return Dual(
            self.value.mean(axis=axis, keepdims=keepdims),
            self.tangent.mean(axis=axis, keepdims=keepdims),
        )


def derivative(f: Callable[[Dual], Dual], x: float) -> float:
    """Derivative of a function of one number.

    Parameters
    ----------
    f : callable
        Takes a dual number and returns one.
    x : float
        Where to differentiate.

    Returns
    -------
    float
        f′(x); 0 where f does not depend on its argument.

    Raises
    ------
    ValueError
        If x or f(x) is not a single number.

    Examples
    --------
    >>> derivative(np.square, 3.0)
    6.0
    """
    tangent = jvp(f, x, np.ones(np.shape(x)))[1]
    if np.ndim(x) or np.ndim(tangent):
        raise ValueError(
            f"x has shape {np.shape(x)} and f(x) {np.shape(tangent)}; expected numbers"
        )
    return float(tangent)


def jvp(f: Callable[[Dual], Dual], X: ArrayLike, V: ArrayLike) -> tuple[Array, Array]:
    r"""Value of a function and its Jacobian–vector product, in one pass.

    Parameters
    ----------
    f : callable
        Takes a dual number with the shape of X and returns a dual number.
    X : ArrayLike, any shape
        Where to differentiate.
    V : ArrayLike, same shape as X
        Direction in which X moves.

    Returns
    -------
    value : Array, any shape
        f(X).
    tangent : Array, same shape as value
        The rate at which f moves; zeros where f does not depend on its argument.

    Raises
    ------
    ValueError
        If the shapes of X and V differ.

    Notes
    -----
    .. math:: \frac{\mathrm{d}}{\mathrm{d}t} f(X + tV) \Big|_{t=0} = J\,v

    Examples
    --------
    >>> value, tangent = jvp(lambda x: (x * x).sum(), [1.0, 2.0], [1.0, 0.0])
    >>> float(value), float(tangent)
    (5.0, 2.0)
    """
    result = f(Dual(X, V))
    if not isinstance(result, Dual):
        return np.asarray(result), np.zeros(np.shape(result))
    return result.value, result.tangent


def forward_jacobian(f: Callable[[Dual], Dual], x: ArrayLike) -> Array:
    """Jacobian by forward mode: one pass for each **input**, each giving a column.

    Parameters
    ----------
    f : callable
        Takes a dual vector of length n and returns a dual vector of length m or a number.
    x : ArrayLike, shape (n,)
        Where to differentiate.

    Returns
    -------
    Array, shape (m, n)
        Entry [i, j] is ∂f_i/∂x_j.

    Raises
    ------
    ValueError
        If x is not a vector.

    References
    ----------
    C (5.57)–(5.59).

    Examples
    --------
    >>> forward_jacobian(lambda x: x * x, [1.0, 2.0])
    array([[2., 0.],
           [0., 4.]])
    """
    x = as_float_array(x, "x", ndim=1)
    directions = np.eye(len(x), dtype=x.dtype)
    return np.stack([np.atleast_1d(jvp(f, x, v)[1]) for v in directions], axis=1)


def _value(operand: Dual | ArrayLike) -> Any:
    # Constants stay as they are: a Python number does not turn float32 into float64.
    return operand.value if isinstance(operand, Dual) else operand


def _matmul_term(values: list[Any], k: int, tangent: Array) -> Array:
    return tangent @ values[1] if k == 0 else values[0] @ tangent
