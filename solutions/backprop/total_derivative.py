r"""The rules of differentiation as products of matrices, in the order that matrices need.

Numbers commute, matrices do not: the Jacobian of the outer function stands on the left. A
``_jacobian`` has one row for each output and one column for each input, also where there is one
row only; a ``_jvp`` moves a direction forward; a ``_vjp`` moves an upstream gradient backward and
answers with one gradient for each operand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from backprop.validation import Array, as_float_array, as_float_arrays, as_float_scalar

__all__ = [
    "chain_jacobian",
    "chain_jvp",
    "chain_vjp",
    "dot_jacobian",
    "dot_jvp",
    "dot_vjp",
    "product_jacobian",
    "product_jvp",
    "product_vjp",
    "sum_jacobian",
    "sum_jvp",
    "sum_vjp",
    "total_derivative",
    "total_gradient",
]


# A number; NumPy's stubs call the product of two vectors an array.
def total_derivative(partials: Array, rates: Array, explicit: float = 0.0) -> np.floating | Array:
    r"""Total derivative df/dt of f(x_1(t), ..., x_n(t), t): the sum over all paths.

    Parameters
    ----------
    partials : Array, shape (n,)
        ∂f/∂x_i, each with the other arguments kept constant.
    rates : Array, shape (n,)
        dx_i/dt.
    explicit : float, default 0.0
        ∂f/∂t with all x_i kept constant, where f also depends on t directly.

    Returns
    -------
    float
        df/dt.

    Raises
    ------
    ValueError
        If ``partials`` and ``rates`` are not vectors of the same length.

    Notes
    -----
    .. math:: \frac{\mathrm{d}f}{\mathrm{d}t}
              = \sum_i \frac{\partial f}{\partial x_i}\,\frac{\mathrm{d}x_i}{\mathrm{d}t}
              + \frac{\partial f}{\partial t}

    d asks what happens to f in the end, ∂ what happens along one path.

    References
    ----------
    C (5.49); B, *Backward Pass*.

    Examples
    --------
    >>> float(total_derivative(np.array([4.0, 6.0]), np.array([3.0, 4.0])))
    36.0
    """
    partials, rates = as_float_arrays(partials=(partials, "n"), rates=(rates, "n"))
    return partials @ rates + as_float_scalar(explicit, "explicit")


def total_gradient(partials: Array, inner: Array) -> Array:
    r"""Gradient of f(x(s)) with respect to s: a row of partials times a Jacobian.

    Parameters
    ----------
    partials : Array, shape (n,)
        ∂f/∂x_i.
    inner : Array, shape (n, p)
        Jacobian of x with respect to s: ``inner[i, j]`` is ∂x_i/∂s_j.

    Returns
    -------
    Array, shape (p,)
        df/ds_j in the shape of s.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: \frac{\mathrm{d}f}{\mathrm{d}(s, t)} =
              \begin{bmatrix} \frac{\partial f}{\partial x_1} & \frac{\partial f}{\partial x_2}
              \end{bmatrix}
              \begin{bmatrix} \frac{\partial x_1}{\partial s} & \frac{\partial x_1}{\partial t} \\
              \frac{\partial x_2}{\partial s} & \frac{\partial x_2}{\partial t} \end{bmatrix}

    References
    ----------
    C (5.51)–(5.53), of which (5.53) lost its second row in the slides.
    """
    partials, inner = as_float_arrays(partials=(partials, "n"), inner=(inner, "n p"))
    return partials @ inner


def chain_jacobian(outer: Array, inner: Array) -> Array:
    r"""Chain rule: Jacobian of a composition g(f(x)).

    Parameters
    ----------
    outer : Array, shape (m, k)
        ∂g/∂f, taken at f(x).
    inner : Array, shape (k, n)
        ∂f/∂x.

    Returns
    -------
    Array, shape (m, n)
        ∂g/∂x.

    Raises
    ------
    ValueError
        If the columns of ``outer`` are not as many as the rows of ``inner``: look at the order.

    Notes
    -----
    .. math:: \frac{\partial}{\partial x} (g \circ f)(x)
              = \frac{\partial g}{\partial f}\,\frac{\partial f}{\partial x}

    D writes inner × outer, which is the same for numbers. For Jacobians in numerator layout it
    is wrong, and where all dimensions are equal it is wrong without an error.

    References
    ----------
    C (5.48); B, *Chain Rule*.
    """
    outer, inner = as_float_arrays(outer=(outer, "m k"), inner=(inner, "k n"))
    return outer @ inner


def chain_jvp(jvps: Sequence[Callable[[Array], Array]], v: Array) -> Array:
    r"""Jacobian–vector product of a composition, from the inside out.

    Parameters
    ----------
    jvps : sequence of callable
        v ↦ J v of each function, in the order in which the functions are applied.
    v : Array, any shape
        Direction in which the input moves.

    Returns
    -------
    Array, any shape
        The direction in which the output moves.

    Raises
    ------
    ValueError
        If ``v`` is not an array of numbers.

    Notes
    -----
    .. math:: J_K \cdots (J_2 (J_1 v))

    This is forward mode: it follows the computation and needs no cache.
    """
    v = as_float_array(v, "v")
    for jvp in jvps:
        v = jvp(v)
    return v


def chain_vjp(vjps: Sequence[Callable[[Array], Array]], u: Array) -> Array:
    r"""Vector–Jacobian product of a composition, from the outside in.

    Parameters
    ----------
    vjps : sequence of callable
        u ↦ uᵀJ of each function, in the order in which the functions are **applied**.
    u : Array, any shape
        Upstream gradient of the output.

    Returns
    -------
    Array, any shape
        Gradient with respect to the input.

    Raises
    ------
    ValueError
        If ``u`` is not an array of numbers.

    Notes
    -----
    .. math:: ((u^\top J_K) J_{K-1}) \cdots J_1

    This is reverse mode. For a scalar output u is one number, and every product is a row times
    a matrix; multiplying the matrices first gives the same and costs more.
    """
    u = as_float_array(u, "u")
    for vjp in reversed(vjps):
        u = vjp(u)
    return u


def sum_jacobian(J_f: Array, J_g: Array) -> Array:
    r"""Sum rule: Jacobian of f(x) + g(x).

    Parameters
    ----------
    J_f, J_g : Array, shape (m, n)
        ∂f/∂x and ∂g/∂x.

    Returns
    -------
    Array, shape (m, n)
        ∂(f + g)/∂x.

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    .. math:: \frac{\partial}{\partial x}(f + g)
              = \frac{\partial f}{\partial x} + \frac{\partial g}{\partial x}

    References
    ----------
    C (5.47).
    """
    J_f, J_g = as_float_arrays(J_f=(J_f, "m n"), J_g=(J_g, "m n"))
    return J_f + J_g


def sum_jvp(df: Array, dg: Array) -> Array:
    """Direction in which f + g moves when f and g move.

    Parameters
    ----------
    df, dg : Array, shape (m,)
        Directions in which f and g move.

    Returns
    -------
    Array, shape (m,)
        df + dg.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    df, dg = as_float_arrays(df=(df, "m"), dg=(dg, "m"))
    return df + dg


def sum_vjp(upstream: Array) -> tuple[Array, Array]:
    """Gradients of f + g with respect to f and to g: each gets the upstream gradient.

    Parameters
    ----------
    upstream : Array, shape (m,)
        Gradient of the sum.

    Returns
    -------
    df, dg : Array, shape (m,)
        Two copies, so that neither changes with the other.

    Raises
    ------
    ValueError
        If ``upstream`` is not a vector.
    """
    upstream = as_float_array(upstream, "upstream", ndim=1)
    return upstream.copy(), upstream.copy()


def product_jacobian(f: Array, g: Array, J_f: Array, J_g: Array) -> Array:
    r"""Product rule: Jacobian of the element-wise product f(x) ⊙ g(x).

    Parameters
    ----------
    f, g : Array, shape (m,)
        Values of the two functions; m = 1 for scalar functions.
    J_f, J_g : Array, shape (m, n)
        ∂f/∂x and ∂g/∂x.

    Returns
    -------
    Array, shape (m, n)
        ∂(f ⊙ g)/∂x.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: \frac{\partial}{\partial x}(f \odot g)
              = \operatorname{diag}(g)\,\frac{\partial f}{\partial x}
              + \operatorname{diag}(f)\,\frac{\partial g}{\partial x}

    For scalar functions this is (5.46). There the order of a factor and its row of partials
    does not matter; for vectors the diagonal matrix must stand on the left.

    References
    ----------
    C (5.46).
    """
    f, g, J_f, J_g = as_float_arrays(f=(f, "m"), g=(g, "m"), J_f=(J_f, "m n"), J_g=(J_g, "m n"))
    return g[:, None] * J_f + f[:, None] * J_g


def product_jvp(f: Array, g: Array, df: Array, dg: Array) -> Array:
    """Direction in which f ⊙ g moves when f and g move.

    Parameters
    ----------
    f, g : Array, shape (m,)
        Values of the two functions.
    df, dg : Array, shape (m,)
        Directions in which they move.

    Returns
    -------
    Array, shape (m,)
        g ⊙ df + f ⊙ dg.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    f, g, df, dg = as_float_arrays(f=(f, "m"), g=(g, "m"), df=(df, "m"), dg=(dg, "m"))
    return g * df + f * dg


def product_vjp(f: Array, g: Array, upstream: Array) -> tuple[Array, Array]:
    """Gradients of f ⊙ g with respect to f and to g: each gets the value of the other.

    Parameters
    ----------
    f, g : Array, shape (m,)
        Values of the two functions.
    upstream : Array, shape (m,)
        Gradient of the product.

    Returns
    -------
    df, dg : Array, shape (m,)
        ``upstream ⊙ g`` and ``upstream ⊙ f``.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    f, g, upstream = as_float_arrays(f=(f, "m"), g=(g, "m"), upstream=(upstream, "m"))
    return upstream * g, upstream * f


def dot_jacobian(u: Array, v: Array, J_u: Array, J_v: Array) -> Array:
    r"""Jacobian of the dot product of two vectors u(x) and v(x), a row.

    Parameters
    ----------
    u, v : Array, shape (m,)
        Values of the two functions.
    J_u, J_v : Array, shape (m, n)
        ∂u/∂x and ∂v/∂x.

    Returns
    -------
    Array, shape (1, n)
        ∂(u·v)/∂x.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: \frac{\partial (u \cdot v)}{\partial x}
              = u^\top \frac{\partial v}{\partial x} + v^\top \frac{\partial u}{\partial x}

    Each factor meets the Jacobian of the **other**.

    References
    ----------
    P, *Matrix Calculus Rule*.
    """
    u, v, J_u, J_v = as_float_arrays(u=(u, "m"), v=(v, "m"), J_u=(J_u, "m n"), J_v=(J_v, "m n"))
    return (u @ J_v + v @ J_u)[np.newaxis, :]


def dot_jvp(u: Array, v: Array, du: Array, dv: Array) -> np.floating:
    """Rate at which u·v moves when u and v move.

    Parameters
    ----------
    u, v : Array, shape (m,)
        Values of the two functions.
    du, dv : Array, shape (m,)
        Directions in which they move.

    Returns
    -------
    np.floating
        u·dv + v·du.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    u, v, du, dv = as_float_arrays(u=(u, "m"), v=(v, "m"), du=(du, "m"), dv=(dv, "m"))
    return np.dot(u, dv) + np.dot(v, du)


def dot_vjp(u: Array, v: Array, *, upstream: float = 1.0) -> tuple[Array, Array]:
    """Gradients of u·v with respect to u and to v: each gets the value of the other.

    Parameters
    ----------
    u, v : Array, shape (m,)
        Values of the two functions.
    upstream : float
        Gradient of the dot product.

    Returns
    -------
    du, dv : Array, shape (m,)
        ``upstream · v`` and ``upstream · u``.

    Raises
    ------
    ValueError
        If the shapes differ or ``upstream`` is not a number.
    """
    u, v = as_float_arrays(u=(u, "m"), v=(v, "m"))
    upstream = as_float_scalar(upstream, "upstream")
    return upstream * v, upstream * u
