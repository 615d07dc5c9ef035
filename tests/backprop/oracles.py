"""Ways to know a derivative that do not use the code under test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

TINY = 1e-40


def complex_step_along(f: Callable[[np.ndarray], np.ndarray], X, V) -> np.ndarray:
    """Derivative of an analytic f along V, exact to rounding."""
    return np.imag(f(np.asarray(X) + 1j * TINY * np.asarray(V))) / TINY


def central_along(f: Callable[[np.ndarray], np.ndarray], X, V, h: float = 1e-5) -> np.ndarray:
    """Fourth-order central difference along V, for functions that refuse complex numbers."""
    X, V = np.asarray(X, float), np.asarray(V, float)
    near = np.asarray(f(X + h * V)) - f(X - h * V)
    far = np.asarray(f(X + 2 * h * V)) - f(X - 2 * h * V)
    return (8 * near - far) / (12 * h)


def complex_step_gradient(f: Callable[[np.ndarray], float], X) -> np.ndarray:
    """Gradient of an analytic scalar f, entry by entry."""
    X = np.asarray(X, float)
    gradient = np.empty_like(X)
    for index in np.ndindex(X.shape):
        V = np.zeros_like(X)
        V[index] = 1
        gradient[index] = complex_step_along(f, X, V)
    return gradient


def complex_step_jacobian(f: Callable[[np.ndarray], np.ndarray], x) -> np.ndarray:
    """Jacobian of an analytic vector function, column by column."""
    return np.stack([complex_step_along(f, x, v) for v in np.eye(len(x))], axis=-1)


def assert_same(actual, expected, rtol: float = 1e-10) -> None:
    """Compare shapes, then values, with an absolute tolerance scaled to the largest entry."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    atol = rtol * np.abs(expected).max(initial=0)
    np.testing.assert_allclose(actual, expected, rtol=rtol, atol=atol)


@contextmanager
def unchanged(*arrays: np.ndarray) -> Iterator[None]:
    """Fail if the block changes one of the arrays."""
    copies = [array.copy() for array in arrays]
    yield
    for array, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)
