r"""Two layouts for derivatives, and the bridge from a Jacobian to a gradient.

In **numerator layout** (this book's Jacobians) ∂f/∂x has one row for each entry of f. In
**denominator layout** it has one row for each entry of x: the transpose. A **gradient** has the
shape of its parameter in this book, because it is subtracted from it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backprop.validation import Array, as_float_array, as_float_arrays, check_positive

__all__ = [
    "chain_denominator",
    "denominator_layout",
    "descent_step",
    "gradient_from_jacobian",
    "gradient_to_row",
    "numerator_layout",
    "row_to_gradient",
]


def denominator_layout(J: Array) -> Array:
    r"""Re-arrange a Jacobian from numerator to denominator layout.

    Parameters
    ----------
    J : Array, shape (m, n)
        Entry [i, j] is ∂f_i/∂x_j.

    Returns
    -------
    Array, shape (n, m)
        Entry [j, i] is ∂f_i/∂x_j; a copy.

    Raises
    ------
    ValueError
        If J is not a matrix.

    Notes
    -----
    .. math:: \frac{\partial}{\partial x} A x = A \text{ (numerator)}, \quad
              A^\top \text{ (denominator)}
    """
    return as_float_array(J, "J", ndim=2).T.copy()


def numerator_layout(G: Array) -> Array:
    r"""Re-arrange a derivative from denominator to numerator layout.

    Parameters
    ----------
    G : Array, shape (n, m)
        Entry [j, i] is ∂f_i/∂x_j.

    Returns
    -------
    Array, shape (m, n)
        Entry [i, j] is ∂f_i/∂x_j; a copy.

    Raises
    ------
    ValueError
        If G is not a matrix.

    References
    ----------
    C (5.57)–(5.59), which use numerator layout.
    """
    return as_float_array(G, "G", ndim=2).T.copy()


def chain_denominator(inner: Array, outer: Array) -> Array:
    r"""Chain rule in denominator layout, where the **inner** derivative stands on the left.

    Parameters
    ----------
    inner : Array, shape (n, k)
        ∂f/∂x in denominator layout.
    outer : Array, shape (k, m)
        ∂g/∂f in denominator layout.

    Returns
    -------
    Array, shape (n, m)
        ∂g/∂x in denominator layout.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: \Big(\frac{\partial g}{\partial f}\frac{\partial f}{\partial x}\Big)^\top
              = \Big(\frac{\partial f}{\partial x}\Big)^\top
              \Big(\frac{\partial g}{\partial f}\Big)^\top

    The order in which D and P write their factors, inner first, belongs to this layout.

    References
    ----------
    D, *Chain Rule*; P, derivative of ŷ with respect to w₁.
    """
    inner, outer = as_float_arrays(inner=(inner, "n k"), outer=(outer, "k m"))
    return inner @ outer


def gradient_from_jacobian(J: Array, upstream: Array) -> Array:
    r"""Gradient of a loss with respect to x, from the Jacobian of f(x) and the loss's own.

    Parameters
    ----------
    J : Array, shape (m, n)
        Jacobian ∂f/∂x in numerator layout.
    upstream : Array, shape (m,)
        ∂L/∂f.

    Returns
    -------
    Array, shape (n,)
        ∂L/∂x in the shape of x.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: \nabla_x L = J^\top\,\nabla_f L

    The one bridge between Jacobians, which have a layout, and gradients, which have the shape
    of their parameter.
    """
    J, upstream = as_float_arrays(J=(J, "m n"), upstream=(upstream, "m"))
    return J.T @ upstream


def gradient_to_row(G: Array) -> Array:
    """Write a gradient as the row that numerator layout asks for.

    Parameters
    ----------
    G : Array, any shape
        Gradient in the shape of its parameter.

    Returns
    -------
    Array, shape (1, n)
        The same n numbers, rows of G first; a copy.

    Raises
    ------
    ValueError
        If G is not an array of numbers.

    References
    ----------
    C (5.40).
    """
    return as_float_array(G, "G").reshape(1, -1).copy()


def row_to_gradient(row: Array, shape: Sequence[int]) -> Array:
    """Give a row of partial derivatives the shape of its parameter.

    Parameters
    ----------
    row : Array, shape (1, n)
        Jacobian of a scalar function in numerator layout.
    shape : sequence of int
        Shape of the parameter, with n entries.

    Returns
    -------
    Array, shape as given
        The same numbers; a copy.

    Raises
    ------
    ValueError
        If ``row`` is not a single row, or its length does not fit the shape.

    References
    ----------
    C (5.40).
    """
    (row,) = as_float_arrays(row=(row, "1 n"))
    if row.size != np.prod(shape, dtype=int):
        raise ValueError(f"row has {row.size} entries, which do not fill shape {tuple(shape)}")
    return row.reshape(shape).copy()


def descent_step(theta: Array, gradient: Array, learning_rate: float) -> Array:
    r"""One step of gradient descent that refuses a gradient of another shape.

    Parameters
    ----------
    theta : Array, any shape
        Parameters θ.
    gradient : Array, same shape as theta
        Gradient of the loss.
    learning_rate : float
        η, greater than 0.

    Returns
    -------
    Array, same shape as theta
        The new parameters.

    Raises
    ------
    ValueError
        If the shapes differ, or η is not positive.

    Notes
    -----
    .. math:: \theta(t + 1) = \theta(t) - \eta\,\frac{\partial E}{\partial \theta}

    Where the gradient of a scalar is a row and θ a column, NumPy broadcasts (D, 1) − (1, D) to
    (D, D) without an error.

    References
    ----------
    C, *Problem Formulation*; L, *Gradient Descent*.
    """
    theta, gradient = as_float_array(theta, "theta"), as_float_array(gradient, "gradient")
    check_positive(learning_rate=learning_rate)
    if gradient.shape != theta.shape:
        result = _broadcast_shape(theta.shape, gradient.shape)
        raise ValueError(
            f"gradient has shape {gradient.shape} but theta has shape {theta.shape}; "
            f"theta - gradient would {result}; a gradient has the shape of its parameter, "
            "so transpose or reshape it"
        )
    return theta - learning_rate * gradient


def _broadcast_shape(first: tuple[int, ...], second: tuple[int, ...]) -> str:
    try:
        return f"be broadcast to shape {np.broadcast_shapes(first, second)}"
    except ValueError:
        return "fail"
