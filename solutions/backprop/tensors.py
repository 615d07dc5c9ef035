r"""Derivatives of matrices, which have more than two indices.

The indices of the function come first and those of the variable last: J_ijkl = ∂A_ij/∂B_kl.
Backpropagation never stores such an array. It contracts it with an upstream gradient, and the
contraction is a product of small matrices.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import numpy as np
from numpy.typing import ArrayLike

from backprop.derivatives import Method, numerical_jacobian, partial_derivative
from backprop.validation import Array, as_float_array, as_float_arrays, check_finite

__all__ = [
    "derivative_by_collating",
    "derivative_by_flattening",
    "example_matrix",
    "matmul_left_tensor",
    "matmul_right_tensor",
    "matvec_matrix_vjp",
    "matvec_row_derivative",
    "matvec_tensor",
    "tensor_jvp",
    "tensor_vjp",
]


def matvec_row_derivative(x: Array, i: int, M: int) -> Array:
    r"""Derivative of one entry f_i of f = Ax with respect to the whole matrix A.

    Parameters
    ----------
    x : Array, shape (N,)
        The vector that A multiplies.
    i : int
        Which entry of f, 0 ≤ i < M.
    M : int
        Number of rows of A.

    Returns
    -------
    Array, shape (M, N)
        x in row i and zeros in all others: f_i uses row i of A only.

    Raises
    ------
    ValueError
        If x is not a vector, or i is not a row of A.

    Notes
    -----
    .. math:: \frac{\partial f_i}{\partial A_{iq}} = x_q, \quad
              \frac{\partial f_i}{\partial A_{i,:}} = x^\top, \quad
              \frac{\partial f_i}{\partial A_{k \ne i,:}} = 0^\top

    The source counts one more axis of length 1 in front, for the one output f_i. The block is
    already in the layout of A and needs no transpose.

    References
    ----------
    C (5.88)–(5.92).
    """
    x = as_float_array(x, "x", ndim=1)
    if not 0 <= i < M:
        raise ValueError(f"i is {i} but A has {M} rows; expected 0 <= i < {M}")
    block = np.zeros((M, len(x)), dtype=x.dtype)
    block[i] = x
    return block


def matvec_tensor(A: Array, x: Array) -> Array:
    r"""Derivative of f = Ax with respect to A, a tensor with three indices.

    Parameters
    ----------
    A : Array, shape (M, N)
        The matrix.
    x : Array, shape (N,)
        The vector.

    Returns
    -------
    Array, shape (M, M, N)
        Entry [i, k, q] is ∂f_i/∂A_kq.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: \frac{\mathrm{d}f}{\mathrm{d}A} =
              \begin{bmatrix} \frac{\partial f_1}{\partial A} \\ \vdots \\
              \frac{\partial f_M}{\partial A} \end{bmatrix} \in \mathbb{R}^{M \times (M \times N)}

    Entry [i, k, q] is x_q where i = k, else 0. Of its M²N entries, M(M − 1)N are zero.

    References
    ----------
    C (5.85)–(5.92).

    Examples
    --------
    >>> A, x = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])
    >>> matvec_tensor(A, x)[1]
    array([[0., 0.],
           [5., 6.]])
    """
    A, x = as_float_arrays(A=(A, "M N"), x=(x, "N"))
    return np.stack([matvec_row_derivative(x, i, len(A)) for i in range(len(A))])


def matvec_matrix_vjp(x: Array, u: Array) -> Array:
    r"""Gradient with respect to A, given the gradient with respect to f = Ax.

    Parameters
    ----------
    x : Array, shape (N,)
        The vector that A multiplies.
    u : Array, shape (M,)
        Upstream gradient ∂L/∂f.

    Returns
    -------
    Array, shape (M, N)
        ∂L/∂A, in the shape of A.

    Raises
    ------
    ValueError
        If an argument is not a vector.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial A_{kq}}
              = \sum_i u_i \frac{\partial f_i}{\partial A_{kq}} = u_k\,x_q, \qquad
              \frac{\partial L}{\partial A} = u\,x^\top

    The zeros of the tensor leave one term of the sum. This outer product is the weight
    gradient of every layer.

    Examples
    --------
    >>> matvec_matrix_vjp(np.array([5.0, 6.0]), np.array([10.0]))
    array([[50., 60.]])
    """
    x, u = as_float_arrays(x=(x, "N"), u=(u, "M"))
    return np.outer(u, x)


def matmul_left_tensor(A: Array, B: Array) -> Array:
    r"""Derivative of the matrix product C = AB with respect to its left factor.

    Parameters
    ----------
    A : Array, shape (m, n)
        Left factor.
    B : Array, shape (n, p)
        Right factor.

    Returns
    -------
    Array, shape (m, p, m, n)
        Entry [i, j, k, l] is ∂C_ij/∂A_kl.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: C_{ij} = \sum_l A_{il} B_{lj} \;\Rightarrow\;
              \frac{\partial C_{ij}}{\partial A_{kl}} = \delta_{ik} B_{lj}

    References
    ----------
    C, section 5.4.
    """
    A, B = as_float_arrays(A=(A, "m n"), B=(B, "n p"))
    return np.einsum("ik,lj->ijkl", np.eye(len(A), dtype=B.dtype), B)


def matmul_right_tensor(A: Array, B: Array) -> Array:
    r"""Derivative of the matrix product C = AB with respect to its right factor.

    Parameters
    ----------
    A : Array, shape (m, n)
        Left factor.
    B : Array, shape (n, p)
        Right factor.

    Returns
    -------
    Array, shape (m, p, n, p)
        Entry [i, j, k, l] is ∂C_ij/∂B_kl.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: \frac{\partial C_{ij}}{\partial B_{kl}} = A_{ik}\,\delta_{jl}

    References
    ----------
    C, section 5.4.
    """
    A, B = as_float_arrays(A=(A, "m n"), B=(B, "n p"))
    return np.einsum("ik,jl->ijkl", A, np.eye(B.shape[1], dtype=A.dtype))


def tensor_jvp(T: Array, V: Array) -> Array:
    r"""Contract a derivative tensor with a direction of its variable.

    Parameters
    ----------
    T : Array, shape (..., k, l)
        Derivative whose last axes are those of the variable.
    V : Array, shape (k, l), or any other number of axes
        Direction in which the variable moves.

    Returns
    -------
    Array, shape (...)
        Direction in which the function moves.

    Raises
    ------
    ValueError
        If the last axes of T do not have the shape of V.

    Notes
    -----
    .. math:: \sum_{kl} J_{ijkl} V_{kl}
    """
    T, V = as_float_array(T, "T"), as_float_array(V, "V")
    if T.ndim < V.ndim or T.shape[T.ndim - V.ndim :] != V.shape:
        raise ValueError(f"T has shape {T.shape}, expected its last axes to be {V.shape} as in V")
    return np.tensordot(T, V, axes=V.ndim)


def tensor_vjp(T: Array, U: Array) -> Array:
    r"""Contract an upstream gradient with a derivative tensor.

    Parameters
    ----------
    T : Array, shape (i, j, ...)
        Derivative whose first axes are those of the function.
    U : Array, shape (i, j), or any other number of axes
        Upstream gradient, in the shape of the function's value.

    Returns
    -------
    Array, shape (...)
        Gradient in the shape of the variable.

    Raises
    ------
    ValueError
        If the first axes of T do not have the shape of U.

    Notes
    -----
    .. math:: \sum_{ij} U_{ij} J_{ijkl}
    """
    T, U = as_float_array(T, "T"), as_float_array(U, "U")
    if T.ndim < U.ndim or T.shape[: U.ndim] != U.shape:
        raise ValueError(f"T has shape {T.shape}, expected its first axes to be {U.shape} as in U")
    return np.tensordot(U, T, axes=U.ndim)


def derivative_by_collating(
    f: Callable[[Array], Array | float], B: ArrayLike, *, method: Method = "central"
) -> Array:
    r"""Numerical derivative of an array by an array: one partial derivative for each entry.

    Parameters
    ----------
    f : callable
        Takes an array like B and returns an array of any shape.
    B : ArrayLike, any shape
        Where to differentiate; real and finite.
    method : {"central", "forward", "complex"}
        As for :func:`backprop.derivatives.directional_derivative`.

    Returns
    -------
    Array, shape f(B).shape + B.shape
        In float64; entry [i, j, k, l] is ∂f_ij/∂B_kl for matrices.

    Raises
    ------
    ValueError
        If B is not an array of real, finite numbers.

    Notes
    -----
    Each ∂f/∂B_kl has the shape of f; they are laid side by side along new last axes.

    References
    ----------
    C, section 5.4, approach 1.
    """
    B = as_float_array(B, "B")
    slices = [partial_derivative(f, B, index, method=method) for index in np.ndindex(B.shape)]
    return np.stack(slices, axis=-1).reshape(np.shape(slices[0]) + B.shape)


def derivative_by_flattening(
    f: Callable[[Array], Array | float], B: ArrayLike, *, method: Method = "central"
) -> Array:
    r"""Numerical derivative of an array by an array: a Jacobian of flattened arrays, re-shaped.

    Parameters
    ----------
    f : callable
        Takes an array like B and returns an array of any shape.
    B : ArrayLike, any shape
        Where to differentiate; real and finite.
    method : {"central", "forward", "complex"}
        As for :func:`backprop.derivatives.directional_derivative`.

    Returns
    -------
    Array, shape f(B).shape + B.shape
        The same as :func:`derivative_by_collating`.

    Raises
    ------
    ValueError
        If B is not an array of real, finite numbers.

    Notes
    -----
    A 4×2 matrix becomes a vector of 8 entries, its derivative by 3 variables an 8×3 Jacobian,
    and this a 4×2×3 tensor. It works because flattening and re-shaping use the same order of
    entries, rows first.

    References
    ----------
    C, section 5.4, approach 2.
    """
    B = as_float_array(B, "B")
    check_finite(B=B)
    shape = np.shape(f(B.copy()))
    jacobian = numerical_jacobian(
        lambda b: np.reshape(f(b.reshape(B.shape)), prod(shape)), B.ravel(), method=method
    )
    return jacobian.reshape(shape + B.shape)


def example_matrix(x: Array) -> Array:
    r"""Return the 4×2 matrix of three variables with which the pages collate and flatten.

    Parameters
    ----------
    x : Array, shape (3,)
        The variables.

    Returns
    -------
    Array, shape (4, 2)
        The matrix A(x).

    Raises
    ------
    ValueError
        If x does not have three entries.

    Notes
    -----
    .. math:: A(x) = \begin{bmatrix} x_1 & x_2 \\ x_3 & x_1 x_2 \\ x_2 x_3 & x_1 x_3 \\
              x_1^2 & x_3^2 \end{bmatrix}

    The source leaves its matrix open; this one is ours.

    References
    ----------
    C, section 5.4.
    """
    (x,) = as_float_arrays(x=(x, "3"))
    x1, x2, x3 = x
    return np.array([[x1, x2], [x3, x1 * x2], [x2 * x3, x1 * x3], [x1**2, x3**2]])
