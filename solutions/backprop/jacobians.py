r"""Jacobians of the functions that networks are made of, with products that do without them.

Numerator layout throughout: a Jacobian has one row for each output and one column for each input,
J(i, j) = ∂f_i/∂x_j. Each Jacobian is followed by its Jacobian–vector product J v (forward mode:
how a change of the input moves the output) and its vector–Jacobian product uᵀJ (reverse mode: how
an upstream gradient reaches the input), which never form the matrix.
"""

from __future__ import annotations

import numpy as np

from backprop.validation import Array, as_float_array, as_float_arrays

__all__ = [
    "elementwise_jacobian",
    "elementwise_jvp",
    "elementwise_vjp",
    "linear_jacobian",
    "linear_jvp",
    "linear_vjp",
    "softmax_jacobian",
    "softmax_jvp",
    "softmax_vjp",
]


def linear_jacobian(A: Array) -> Array:
    r"""Jacobian of f(x) = Ax with respect to x.

    Parameters
    ----------
    A : Array, shape (m, n)
        The matrix of the linear map.

    Returns
    -------
    Array, shape (m, n)
        Entry [i, j] is ∂f_i/∂x_j, which does not depend on x. A new array.

    Raises
    ------
    ValueError
        If A is not a matrix.

    Notes
    -----
    It is A itself; what is returned is a copy.

    .. math:: f_i = \sum_j A_{ij} x_j \;\Rightarrow\; \frac{\partial f_i}{\partial x_j} = A_{ij}

    Books in denominator layout write Aᵀ.

    References
    ----------
    C (5.67), (5.68).

    Examples
    --------
    >>> J = linear_jacobian(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    >>> float(J[0, 2])
    3.0
    """
    return as_float_array(A, "A", ndim=2).copy()


def linear_jvp(A: Array, v: Array) -> Array:
    r"""Jacobian–vector product of f(x) = Ax.

    Parameters
    ----------
    A : Array, shape (m, n)
        The matrix of the linear map.
    v : Array, shape (n,)
        Direction in which x moves.

    Returns
    -------
    Array, shape (m,)
        Av, the direction in which f moves.

    Raises
    ------
    ValueError
        If the shapes do not agree.
    """
    A, v = as_float_arrays(A=(A, "m n"), v=(v, "n"))
    return A @ v


def linear_vjp(A: Array, u: Array) -> Array:
    r"""Vector–Jacobian product of f(x) = Ax.

    Parameters
    ----------
    A : Array, shape (m, n)
        The matrix of the linear map.
    u : Array, shape (m,)
        Upstream gradient ∂L/∂f.

    Returns
    -------
    Array, shape (n,)
        uᵀA, which is the gradient ∂L/∂x = Aᵀu in the shape of x.

    Raises
    ------
    ValueError
        If the shapes do not agree.
    """
    A, u = as_float_arrays(A=(A, "m n"), u=(u, "m"))
    return u @ A


def elementwise_jacobian(slopes: Array) -> Array:
    r"""Jacobian of an element-wise function, a diagonal matrix.

    Parameters
    ----------
    slopes : Array, shape (n,)
        σ′(z), the derivative of the function at each entry of its input z.

    Returns
    -------
    Array, shape (n, n)
        diag(σ′(z)).

    Raises
    ------
    ValueError
        If ``slopes`` is not a vector.

    Notes
    -----
    .. math:: f_i = \sigma(z_i) \;\Rightarrow\;
              \frac{\partial f_i}{\partial z_j} = \begin{cases} \sigma'(z_i) & i = j \\
              0 & i \ne j \end{cases}

    Output i sees input i only. Softmax is not of this kind.

    References
    ----------
    C, *Backward Path (1)*.
    """
    return np.diag(as_float_array(slopes, "slopes", ndim=1))


def elementwise_jvp(slopes: Array, v: Array) -> Array:
    r"""Jacobian–vector product of an element-wise function.

    Parameters
    ----------
    slopes : Array, shape (n,)
        σ′(z), the derivative of the function at each entry of its input z.
    v : Array, shape (n,)
        Direction in which the input moves.

    Returns
    -------
    Array, shape (n,)
        σ′(z) ⊙ v: n products where the matrix has n² entries.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    slopes, v = as_float_arrays(slopes=(slopes, "n"), v=(v, "n"))
    return slopes * v


def elementwise_vjp(slopes: Array, u: Array) -> Array:
    r"""Vector–Jacobian product of an element-wise function.

    Parameters
    ----------
    slopes : Array, shape (n,)
        σ′(z), the derivative of the function at each entry of its input z.
    u : Array, shape (n,)
        Upstream gradient.

    Returns
    -------
    Array, shape (n,)
        u ⊙ σ′(z).

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    slopes, u = as_float_arrays(slopes=(slopes, "n"), u=(u, "n"))
    return u * slopes


def softmax_jacobian(s: Array) -> Array:
    r"""Jacobian of the softmax function, a full matrix.

    Parameters
    ----------
    s : Array, shape (n,)
        The **values** of softmax, not its input: positive, with sum 1.

    Returns
    -------
    Array, shape (n, n)
        Symmetric; each row and each column has the sum 0.

    Raises
    ------
    ValueError
        If ``s`` is not a vector with sum 1: the input of softmax was passed.

    Notes
    -----
    .. math:: s_i = \frac{e^{z_i}}{\sum_k e^{z_k}} \;\Rightarrow\;
              J = \operatorname{diag}(s) - s s^\top, \quad
              \frac{\partial s_i}{\partial z_j} = s_i (\delta_{ij} - s_j)

    C calls the Jacobian of an activation diagonal; that fails here, because every output has
    all inputs in its denominator.

    Examples
    --------
    >>> softmax_jacobian(np.array([0.5, 0.25, 0.25]))
    array([[ 0.25  , -0.125 , -0.125 ],
           [-0.125 ,  0.1875, -0.0625],
           [-0.125 , -0.0625,  0.1875]])
    """
    s = _probabilities(s)
    return np.diag(s) - np.outer(s, s)


def softmax_jvp(s: Array, v: Array) -> Array:
    r"""Jacobian–vector product of the softmax function.

    Parameters
    ----------
    s : Array, shape (n,)
        The values of softmax: positive, with sum 1.
    v : Array, shape (n,)
        Direction in which the input moves.

    Returns
    -------
    Array, shape (n,)
        The direction in which the values move; its entries have the sum 0.

    Raises
    ------
    ValueError
        If ``s`` does not have the sum 1 or the shapes differ.

    Notes
    -----
    .. math:: J v = s \odot (v - s^\top v)
    """
    s, v = as_float_arrays(s=(_probabilities(s), "n"), v=(v, "n"))
    return s * (v - s @ v)


def softmax_vjp(s: Array, u: Array) -> Array:
    r"""Vector–Jacobian product of the softmax function.

    Parameters
    ----------
    s : Array, shape (n,)
        The values of softmax: positive, with sum 1.
    u : Array, shape (n,)
        Upstream gradient.

    Returns
    -------
    Array, shape (n,)
        The gradient with respect to the input; its entries have the sum 0, because adding one
        number to all inputs changes nothing.

    Raises
    ------
    ValueError
        If ``s`` does not have the sum 1 or the shapes differ.

    Notes
    -----
    .. math:: u^\top J = s \odot (u - s^\top u)

    The same as the Jacobian–vector product, because J is symmetric.

    Examples
    --------
    >>> softmax_vjp(np.array([0.5, 0.25, 0.25]), np.array([1.0, 0.0, 2.0]))
    array([ 0.  , -0.25,  0.25])
    """
    s, u = as_float_arrays(s=(_probabilities(s), "n"), u=(u, "n"))
    return s * (u - s @ u)


def _probabilities(s: Array) -> Array:
    s = as_float_array(s, "s", ndim=1)
    # Written so that NaN fails too.
    if not abs(s.sum() - 1) < 1e-3:
        raise ValueError(f"s has the sum {s.sum()}, expected 1; pass softmax(z), not z")
    return s
