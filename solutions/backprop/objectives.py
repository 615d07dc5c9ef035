"""Functions of two or more variables with known minima, to watch optimizers on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from backprop.validation import Array, as_float_array, check_between, check_positive

__all__ = [
    "Quadratic",
    "beale",
    "beale_gradient",
    "quadratic_with_condition",
    "random_rotation",
    "ravine",
    "ravine_gradient",
    "rosenbrock",
    "rosenbrock_gradient",
    "saddle",
    "saddle_gradient",
]


@dataclass(frozen=True, eq=False)  # arrays do not compare to one truth value
class Quadratic:
    r"""Quadratic form with chosen eigenvalues, whose minimum is 0 at the origin.

    Parameters
    ----------
    eigenvalues : ArrayLike, shape (n,)
        Curvatures along the principal axes; convex where all are positive.
    rotation : ArrayLike, shape (n, n), optional
        Orthogonal matrix whose columns are the principal axes; by default the coordinate axes.

    Raises
    ------
    ValueError
        If the shapes do not fit or the rotation is not orthogonal.

    Notes
    -----
    .. math:: f(x) = \tfrac12 x^\top H x, \qquad H = Q \operatorname{diag}(\lambda)\, Q^\top

    Gradient descent converges if and only if 0 < η < 2/λ_max, and with momentum if and only if
    0 < η < 2(1 + α)/λ_max.
    """

    eigenvalues: ArrayLike
    rotation: ArrayLike | None = None

    def __post_init__(self) -> None:
        eigenvalues = as_float_array(self.eigenvalues, "eigenvalues", ndim=1)
        n = len(eigenvalues)
        Q = np.eye(n) if self.rotation is None else as_float_array(self.rotation, "rotation")
        if Q.shape != (n, n) or not np.allclose(Q.T @ Q, np.eye(n)):
            raise ValueError(f"rotation has shape {Q.shape}, expected an orthogonal ({n}, {n})")

    @property
    def hessian(self) -> Array:
        """Matrix H of second derivatives.

        Returns
        -------
        Array, shape (n, n)

        Raises
        ------
        ValueError
            If the eigenvalues are not numbers.
        """
        eigenvalues = as_float_array(self.eigenvalues, "eigenvalues", ndim=1)
        Q = np.eye(len(eigenvalues)) if self.rotation is None else np.asarray(self.rotation)
        return (Q * eigenvalues) @ Q.T

    def __call__(self, x: ArrayLike) -> Array:
        """Value at one or more points.

        Parameters
        ----------
        x : ArrayLike, shape (..., n)
            Points along the last axis.

        Returns
        -------
        Array, shape (...)

        Raises
        ------
        ValueError
            If the last axis does not have length n.
        """
        x = _points(x, len(self.hessian))
        return 0.5 * np.sum(self.gradient(x) * x, axis=-1)

    def gradient(self, x: ArrayLike) -> Array:
        """Gradient at one or more points, Hx.

        Parameters
        ----------
        x : ArrayLike, shape (..., n)
            Points along the last axis.

        Returns
        -------
        Array, same shape as x

        Raises
        ------
        ValueError
            If the last axis does not have length n.
        """
        H = self.hessian
        x = _points(x, len(H))
        return x @ H.astype(x.dtype)


def quadratic_with_condition(
    condition: float, *, n: int = 2, rng: np.random.Generator | None = None
) -> Quadratic:
    """Convex quadratic with a chosen condition number and largest eigenvalue 1.

    Parameters
    ----------
    condition : float, >= 1
        λ_max / λ_min.
    n : int, >= 2
        Number of variables. The eigenvalues are spaced evenly on a logarithmic scale.
    rng : numpy.random.Generator, optional
        Turns the axes at random; by default they are the coordinate axes.

    Returns
    -------
    Quadratic

    Raises
    ------
    ValueError
        If the condition number is below 1 or there are fewer than two variables.
    """
    check_between(1, np.inf, condition=condition)
    check_between(2, np.inf, n=n)
    rotation = None if rng is None else random_rotation(n, rng)
    return Quadratic(np.geomspace(1 / condition, 1, n), rotation)


def random_rotation(n: int, rng: np.random.Generator) -> Array:
    """Draw an orthogonal matrix.

    Parameters
    ----------
    n : int, >= 1
        Number of rows and columns.
    rng : numpy.random.Generator
        Source of the random numbers.

    Returns
    -------
    Array, shape (n, n)
        Its transpose is its inverse.

    Raises
    ------
    ValueError
        If n is not positive.
    """
    check_positive(n=n)
    return np.linalg.qr(rng.standard_normal((n, n)))[0]


def rosenbrock(x: ArrayLike) -> Array:
    r"""Rosenbrock's banana: a curved valley with the minimum 0 at (1, 1).

    Parameters
    ----------
    x : ArrayLike, shape (..., 2)
        Points along the last axis.

    Returns
    -------
    Array, shape (...)

    Raises
    ------
    ValueError
        If the last axis does not have length 2.

    Notes
    -----
    .. math:: f(x, y) = (1 - x)^2 + 100\,(y - x^2)^2

    References
    ----------
    Rosenbrock 1960.
    """
    x, y = _coordinates(x)
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def rosenbrock_gradient(x: ArrayLike) -> Array:
    """Gradient of :func:`rosenbrock`.

    Parameters
    ----------
    x : ArrayLike, shape (..., 2)
        Points along the last axis.

    Returns
    -------
    Array, same shape as x

    Raises
    ------
    ValueError
        If the last axis does not have length 2.
    """
    x, y = _coordinates(x)
    height = y - x * x
    return np.stack([-2 * (1 - x) - 400 * x * height, 200 * height], axis=-1)


def beale(x: ArrayLike) -> Array:
    r"""Beale's function: flat regions between steep walls, with the minimum 0 at (3, ½).

    Parameters
    ----------
    x : ArrayLike, shape (..., 2)
        Points along the last axis; usually within ±4.5.

    Returns
    -------
    Array, shape (...)

    Raises
    ------
    ValueError
        If the last axis does not have length 2.

    Notes
    -----
    .. math:: f(x, y) = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2

    References
    ----------
    Beale 1958.
    """
    x, y = _coordinates(x)
    return np.sum([(c - x + x * y**k) ** 2 for k, c in _BEALE], axis=0)


def beale_gradient(x: ArrayLike) -> Array:
    """Gradient of :func:`beale`.

    Parameters
    ----------
    x : ArrayLike, shape (..., 2)
        Points along the last axis.

    Returns
    -------
    Array, same shape as x

    Raises
    ------
    ValueError
        If the last axis does not have length 2.
    """
    x, y = _coordinates(x)
    terms = [(k, c - x + x * y**k) for k, c in _BEALE]
    by_x = sum(2 * term * (y**k - 1) for k, term in terms)
    by_y = sum(2 * term * k * x * y ** (k - 1) for k, term in terms)
    return np.stack([by_x, by_y], axis=-1)


def saddle(x: ArrayLike) -> Array:
    r"""Saddle with two minima beside it: the gradient vanishes at the origin, which is none.

    Parameters
    ----------
    x : ArrayLike, shape (..., 2)
        Points along the last axis.

    Returns
    -------
    Array, shape (...)

    Raises
    ------
    ValueError
        If the last axis does not have length 2.

    Notes
    -----
    .. math:: f(x, y) = \tfrac12 x^2 - \tfrac12 y^2 + \tfrac14 y^4

    The minima are −¼ at (0, ±1). On the axis y = 0 gradient descent runs into the saddle.
    """
    x, y = _coordinates(x)
    return 0.5 * x**2 - 0.5 * y**2 + 0.25 * y**4


def saddle_gradient(x: ArrayLike) -> Array:
    """Gradient of :func:`saddle`.

    Parameters
    ----------
    x : ArrayLike, shape (..., 2)
        Points along the last axis.

    Returns
    -------
    Array, same shape as x

    Raises
    ------
    ValueError
        If the last axis does not have length 2.
    """
    x, y = _coordinates(x)
    return np.stack([x, y**3 - y], axis=-1)


def ravine(x: ArrayLike, *, steepness: float = 20.0) -> Array:
    r"""Long valley with steep walls, across which gradient descent zigzags.

    Parameters
    ----------
    x : ArrayLike, shape (..., 2)
        Points along the last axis.
    steepness : float, > 0
        Curvature across the valley; along it the curvature is 1.

    Returns
    -------
    Array, shape (...)

    Raises
    ------
    ValueError
        If the last axis does not have length 2 or the steepness is not positive.

    Notes
    -----
    .. math:: f(x, y) = \tfrac12 x^2 + \tfrac12 s\, y^2

    The condition number is s for s ≥ 1; the minimum is 0 at the origin.
    """
    check_positive(steepness=steepness)
    x, y = _coordinates(x)
    return 0.5 * x**2 + 0.5 * steepness * y**2


def ravine_gradient(x: ArrayLike, *, steepness: float = 20.0) -> Array:
    """Gradient of :func:`ravine`.

    Parameters
    ----------
    x : ArrayLike, shape (..., 2)
        Points along the last axis.
    steepness : float, > 0
        Curvature across the valley.

    Returns
    -------
    Array, same shape as x

    Raises
    ------
    ValueError
        If the last axis does not have length 2 or the steepness is not positive.
    """
    check_positive(steepness=steepness)
    x, y = _coordinates(x)
    return np.stack([x, steepness * y], axis=-1)


_BEALE = ((1, 1.5), (2, 2.25), (3, 2.625))


def _points(x: ArrayLike, n: int) -> Array:
    x = as_float_array(x, "x")
    if x.ndim == 0 or x.shape[-1] != n:
        raise ValueError(f"x has shape {x.shape}, expected points of shape (..., {n})")
    return x


def _coordinates(x: ArrayLike) -> tuple[Array, Array]:
    x = _points(x, 2)
    return x[..., 0], x[..., 1]
