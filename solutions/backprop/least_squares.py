r"""The least-squares loss of a linear model, differentiated by the chain rule and directly.

Dimensions first: the loss is one number and θ has D entries, so its Jacobian is 1×D and its
gradient has the shape of θ. ``half=True`` gives ½‖e‖² in place of ‖e‖² and halves everything.
"""

from __future__ import annotations

import numpy as np

from backprop.validation import Array, as_float_array, as_float_arrays

__all__ = [
    "half_squared_distance",
    "half_squared_distance_jacobian",
    "least_squares_gradient",
    "least_squares_jacobian",
    "least_squares_loss",
    "residual",
    "residual_jacobian",
    "residual_jvp",
    "residual_vjp",
    "squared_norm_jacobian",
    "squared_norm_jvp",
    "squared_norm_vjp",
]


def residual(theta: Array, Phi: Array, y: Array) -> Array:
    r"""Residual of a linear model: what the observations are above the predictions.

    Parameters
    ----------
    theta : Array, shape (D,)
        Parameters θ.
    Phi : Array, shape (N, D)
        Input features Φ, one example in each row.
    y : Array, shape (N,)
        Observations.

    Returns
    -------
    Array, shape (N,)
        The residual e.

    Raises
    ------
    ValueError
        If the shapes do not agree; y of shape (N, 1) is refused, because y − Φθ would be N×N.

    Notes
    -----
    .. math:: e(\theta) = y - \Phi\theta

    References
    ----------
    C (5.75), (5.77).
    """
    theta, Phi, y = as_float_arrays(theta=(theta, "D"), Phi=(Phi, "N D"), y=(y, "N"))
    return y - Phi @ theta


def residual_jacobian(Phi: Array) -> Array:
    r"""Jacobian of the residual with respect to the parameters.

    Parameters
    ----------
    Phi : Array, shape (N, D)
        Input features Φ.

    Returns
    -------
    Array, shape (N, D)
        ∂e/∂θ.

    Raises
    ------
    ValueError
        If Φ is not a matrix.

    Notes
    -----
    .. math:: \frac{\partial e}{\partial \theta} = -\Phi

    References
    ----------
    C (5.82).
    """
    return -as_float_array(Phi, "Phi", ndim=2)


def residual_jvp(Phi: Array, v: Array) -> Array:
    """Direction in which the residual moves when θ moves.

    Parameters
    ----------
    Phi : Array, shape (N, D)
        Input features Φ.
    v : Array, shape (D,)
        Direction in which θ moves.

    Returns
    -------
    Array, shape (N,)
        −Φv.

    Raises
    ------
    ValueError
        If the shapes do not agree.
    """
    Phi, v = as_float_arrays(Phi=(Phi, "N D"), v=(v, "D"))
    return -(Phi @ v)


def residual_vjp(Phi: Array, u: Array) -> Array:
    """Gradient with respect to θ, given the gradient with respect to the residual.

    Parameters
    ----------
    Phi : Array, shape (N, D)
        Input features Φ.
    u : Array, shape (N,)
        Upstream gradient ∂L/∂e.

    Returns
    -------
    Array, shape (D,)
        −uᵀΦ.

    Raises
    ------
    ValueError
        If the shapes do not agree.
    """
    Phi, u = as_float_arrays(Phi=(Phi, "N D"), u=(u, "N"))
    return -(u @ Phi)


def squared_norm_jacobian(e: Array, *, half: bool = False) -> Array:
    r"""Jacobian of the squared norm ‖e‖² with respect to e, a row.

    Parameters
    ----------
    e : Array, shape (N,)
        Residual.
    half : bool
        Whether the loss is ½‖e‖².

    Returns
    -------
    Array, shape (1, N)
        2eᵀ, or eᵀ with ``half``.

    Raises
    ------
    ValueError
        If e is not a vector.

    Notes
    -----
    .. math:: \frac{\partial}{\partial e} e^\top e = 2 e^\top

    References
    ----------
    C (5.76), (5.81).
    """
    e = as_float_array(e, "e", ndim=1)
    return (1 if half else 2) * e[np.newaxis, :]


def squared_norm_jvp(e: Array, v: Array, *, half: bool = False) -> np.floating:
    """Rate at which ‖e‖² moves when e moves.

    Parameters
    ----------
    e : Array, shape (N,)
        Residual.
    v : Array, shape (N,)
        Direction in which e moves.
    half : bool
        Whether the loss is ½‖e‖².

    Returns
    -------
    np.floating
        2 e·v, or e·v with ``half``.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    e, v = as_float_arrays(e=(e, "N"), v=(v, "N"))
    return (1 if half else 2) * np.dot(e, v)


def squared_norm_vjp(e: Array, *, upstream: float = 1.0, half: bool = False) -> Array:
    """Gradient with respect to e, given the gradient with respect to ‖e‖².

    Parameters
    ----------
    e : Array, shape (N,)
        Residual.
    upstream : float
        Gradient of the squared norm.
    half : bool
        Whether the loss is ½‖e‖².

    Returns
    -------
    Array, shape (N,)
        2e, or e with ``half``, times the upstream gradient.

    Raises
    ------
    ValueError
        If e is not a vector.
    """
    return (1 if half else 2) * upstream * as_float_array(e, "e", ndim=1)


def least_squares_loss(theta: Array, Phi: Array, y: Array, *, half: bool = False) -> np.floating:
    r"""Least-squares loss of a linear model, summed over the examples.

    Parameters
    ----------
    theta : Array, shape (D,)
        Parameters θ.
    Phi : Array, shape (N, D)
        Input features Φ, one example in each row.
    y : Array, shape (N,)
        Observations.
    half : bool
        Whether to take ½‖e‖².

    Returns
    -------
    np.floating
        ‖y − Φθ‖², or half of it.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: L_2(\theta) = \|y - \Phi\theta\|^2 = (y - \Phi\theta)^\top (y - \Phi\theta)

    C takes ½‖·‖² on its own slides and ‖·‖² in (5.76) and (5.114): a factor of 2 in every
    gradient.

    References
    ----------
    C (5.75), (5.76), (5.84).
    """
    e = residual(theta, Phi, y)
    return np.dot(e, e) / (2 if half else 1)


def least_squares_jacobian(theta: Array, Phi: Array, y: Array, *, half: bool = False) -> Array:
    r"""Jacobian of the least-squares loss by the chain rule: a row times a matrix.

    Parameters
    ----------
    theta : Array, shape (D,)
        Parameters θ.
    Phi : Array, shape (N, D)
        Input features Φ, one example in each row.
    y : Array, shape (N,)
        Observations.
    half : bool
        Whether the loss is ½‖e‖².

    Returns
    -------
    Array, shape (1, D)
        ∂L/∂θ, a row as in numerator layout.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: \underbrace{\frac{\partial L}{\partial \theta}}_{1 \times D}
              = \underbrace{\frac{\partial L}{\partial e}}_{1 \times N}
              \underbrace{\frac{\partial e}{\partial \theta}}_{N \times D} = -2 e^\top \Phi

    References
    ----------
    C (5.78)–(5.83).
    """
    e = residual(theta, Phi, y)
    return squared_norm_jacobian(e, half=half) @ residual_jacobian(Phi)


def least_squares_gradient(theta: Array, Phi: Array, y: Array, half: bool = False) -> Array:
    r"""Gradient of the least-squares loss, differentiated directly.

    Parameters
    ----------
    theta : Array, shape (D,)
        Parameters θ.
    Phi : Array, shape (N, D)
        Input features Φ, one example in each row.
    y : Array, shape (N,)
        Observations.
    half : bool, default False
        Whether the loss is ½‖e‖².

    Returns
    -------
    Array, shape (D,)
        In the shape of θ: the transpose of :func:`least_squares_jacobian`.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    Multiplied out, the loss is a quadratic in θ, whose terms are differentiated one by one:

    .. math:: L_2 = y^\top y - 2\,\theta^\top \Phi^\top y + \theta^\top \Phi^\top\Phi\,\theta
              \;\Rightarrow\; \nabla L_2 = -2\,\Phi^\top y + 2\,\Phi^\top\Phi\,\theta

    Practical for a function as simple as this, not for a deep composition.

    References
    ----------
    C (5.84).

    Examples
    --------
    >>> Phi = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    >>> y = np.array([1.0, 1.0, 3.0])
    >>> least_squares_gradient(np.array([1.0, 1.0]), Phi, y)
    array([2., 2.])
    """
    theta, Phi, y = as_float_arrays(theta=(theta, "D"), Phi=(Phi, "N D"), y=(y, "N"))
    return (1 if half else 2) * (Phi.T @ Phi @ theta - Phi.T @ y)


def half_squared_distance(Y_hat: Array, Y: Array) -> np.floating:
    r"""Error of C's network example: half the squared distance from the target.

    Parameters
    ----------
    Y_hat : Array, shape (m,)
        Output Ŷ(θ) for one example.
    Y : Array, shape (m,)
        Target.

    Returns
    -------
    np.floating
        ½‖Ŷ − Y‖².

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    .. math:: E(\theta) = \tfrac12 (\hat Y(\theta) - Y)^\top (\hat Y(\theta) - Y)

    References
    ----------
    C, *Problem Formulation*.
    """
    Y_hat, Y = as_float_arrays(Y_hat=(Y_hat, "m"), Y=(Y, "m"))
    return np.dot(Y_hat - Y, Y_hat - Y) / 2


def half_squared_distance_jacobian(Y_hat: Array, Y: Array, J: Array) -> Array:
    r"""Jacobian of C's error with respect to the parameters of any model.

    Parameters
    ----------
    Y_hat : Array, shape (m,)
        Output Ŷ(θ) for one example.
    Y : Array, shape (m,)
        Target.
    J : Array, shape (m, D)
        Jacobian ∂Ŷ/∂θ of the model.

    Returns
    -------
    Array, shape (1, D)
        ∂E/∂θ.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: \frac{\partial E}{\partial \theta}
              = (\hat Y(\theta) - Y)^\top\,\frac{\partial \hat Y(\theta)}{\partial \theta}

    References
    ----------
    C, *Problem Formulation*.
    """
    Y_hat, Y, J = as_float_arrays(Y_hat=(Y_hat, "m"), Y=(Y, "m"), J=(J, "m D"))
    return ((Y_hat - Y) @ J)[np.newaxis, :]
