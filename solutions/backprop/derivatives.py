"""Derivatives by numbers: finite differences, the complex step, and the gradient check.

All functions here compute in float64, whatever the dtype of their input: a difference of two
float32 values of f keeps too few digits to check anything. They hand a fresh array to each call
of f, so an f that changes its argument does no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backprop.validation import (
    Array,
    as_float_array,
    check_finite,
    check_positive,
    check_same_shape,
)

__all__ = [
    "GradientCheck",
    "StepSizeStudy",
    "central_difference",
    "complex_step",
    "directional_derivative",
    "forward_difference",
    "gradient_check",
    "numerical_gradient",
    "numerical_jacobian",
    "partial_derivative",
    "relative_errors",
    "step_size_study",
]

Method = Literal["forward", "central", "complex"]

# √ε and ∛ε balance truncation against rounding; powers of two keep x + h exact more often.
DEFAULT_STEPS = {"forward": 2.0**-26, "central": 2.0**-17, "complex": 2.0**-66}
THREE_DIGITS = 1e-3


def forward_difference(f: Callable[[float], float], x: float, *, h: float = 2.0**-26) -> float:
    r"""Forward difference quotient of a scalar function.

    Parameters
    ----------
    f : callable
        Takes a float and returns a float.
    x : float
        Where to differentiate.
    h : float
        Step, greater than 0; 2⁻²⁶ unless given.

    Returns
    -------
    float
        Approximation of f′(x).

    Raises
    ------
    ValueError
        If ``h`` is not positive.

    Notes
    -----
    .. math:: f'(x) = \frac{f(x + h) - f(x)}{h} + O(h)

    Rounding adds an error of about ε|f(x)|/h, so the best step is near √ε ≈ 1.5e-8 and half of
    the digits are lost.

    References
    ----------
    C (5.39) for n = 1.

    Examples
    --------
    >>> forward_difference(lambda x: x * x, 3.0, h=0.5)
    6.5
    """
    check_positive(h=h)
    return (f(x + h) - f(x)) / h


def central_difference(f: Callable[[float], float], x: float, h: float = 2.0**-17) -> float:
    r"""Central difference quotient of a scalar function.

    Parameters
    ----------
    f : callable
        Takes a float and returns a float.
    x : float
        Where to differentiate.
    h : float, default 2**-17
        Step, greater than 0.

    Returns
    -------
    float
        Approximation of f′(x).

    Raises
    ------
    ValueError
        If ``h`` is not positive.

    Notes
    -----
    .. math:: f'(x) = \frac{f(x + h) - f(x - h)}{2h} + O(h^2)

    The even powers of h cancel. The best step is near ∛ε ≈ 6e-6; about ten digits remain.

    Examples
    --------
    >>> central_difference(lambda x: x * x, 3.0, h=0.5)
    6.0
    """
    check_positive(h=h)
    return (f(x + h) - f(x - h)) / (2 * h)


def complex_step(f: Callable[[complex], complex], x: float, *, h: float = 2.0**-66) -> float:
    r"""Complex-step derivative of a scalar function, right to the last digits.

    Parameters
    ----------
    f : callable
        Takes and returns a complex number, and is analytic: no ``abs``, ``max``, comparison of
        values or conversion to float inside.
    x : float
        Where to differentiate.
    h : float
        Step, greater than 0; 2⁻⁶⁶ unless given. It may be tiny: nothing is subtracted.

    Returns
    -------
    float
        f′(x).

    Raises
    ------
    ValueError
        If ``h`` is not positive, or f returns a real number: it has lost the imaginary part.

    Notes
    -----
    .. math:: f'(x) = \frac{\operatorname{Im} f(x + ih)}{h} + O(h^2)

    References
    ----------
    Squire and Trapp, *Using Complex Variables to Estimate Derivatives of Real Functions*, 1998;
    the idea is that of Lyness and Moler, *Numerical Differentiation of Analytic Functions*, 1967.

    Examples
    --------
    >>> round(complex_step(lambda x: x**3, 2.0), 12)
    12.0
    """
    check_positive(h=h)
    return float(_imaginary_part(f(x + 1j * h)) / h)


def directional_derivative(
    f: Callable[[Array], Array | float],
    X: ArrayLike,
    V: ArrayLike,
    *,
    method: Method = "central",
    h: float | None = None,
) -> Array | float:
    r"""Derivative of a function along a direction: how fast f changes when X moves along V.

    Parameters
    ----------
    f : callable
        Takes an array like X and returns a scalar or an array of any shape.
    X : ArrayLike, any shape
        Where to differentiate; real and finite.
    V : ArrayLike, same shape as X
        Direction. It is not normalized, so the result is linear in V.
    method : {"central", "forward", "complex"}
        Which quotient to take; ``"complex"`` needs an analytic f.
    h : float, optional
        Step, greater than 0; by default the method's own, times ``max(1, abs(X).max())`` for
        the two differences.

    Returns
    -------
    float or Array, same shape as f(X)
        The derivative of t ↦ f(X + tV) at t = 0, in float64.

    Raises
    ------
    ValueError
        If the shapes of X and V differ, X is not finite, ``h`` is not positive or the method is
        unknown.

    Notes
    -----
    .. math:: D f(X)[V] = \lim_{t \to 0} \frac{f(X + tV) - f(X)}{t}

    For scalar f this is the sum of the entries of ∇f ⊙ V, for vectors the Jacobian–vector product
    J v. One pair of calls checks a whole gradient at once, whatever its size.
    """
    X, V = _as_float64(X, "X"), _as_float64(V, "V")
    check_same_shape(X=X, V=V)
    if method not in DEFAULT_STEPS:
        raise ValueError(f"method is {method!r}, expected one of {sorted(DEFAULT_STEPS)}")
    if h is None:
        h = DEFAULT_STEPS[method] * (1 if method == "complex" else max(1, np.abs(X).max()))
    check_positive(h=h)
    if method == "complex":
        return _imaginary_part(f(X + 1j * h * V)) / h
    if method == "forward":
        return (np.asarray(f(X + h * V)) - f(X.copy())) / h
    return (np.asarray(f(X + h * V)) - f(X - h * V)) / (2 * h)


def partial_derivative(
    f: Callable[[Array], Array | float],
    X: ArrayLike,
    index: int | tuple[int, ...],
    *,
    method: Method = "central",
    h: float | None = None,
) -> Array | float:
    r"""Partial derivative of a function with respect to one entry of its argument.

    Parameters
    ----------
    f : callable
        Takes an array like X and returns a scalar or an array of any shape.
    X : ArrayLike, any shape
        Where to differentiate; real and finite.
    index : int or tuple of int
        Which entry of X varies; all others are kept constant.
    method : {"central", "forward", "complex"}
        As for :func:`directional_derivative`.
    h : float, optional
        Step; by default the method's own, times ``max(1, abs(X[index]))`` for the two differences.

    Returns
    -------
    float or Array, same shape as f(X)
        ∂f/∂X[index], in float64.

    Raises
    ------
    ValueError
        If ``index`` does not name one entry of X, or as :func:`directional_derivative`.

    Notes
    -----
    .. math:: \frac{\partial f}{\partial x_j}
              = \lim_{h \to 0} \frac{f(x_1, \dots, x_j + h, \dots, x_n) - f(x)}{h}

    References
    ----------
    C (5.39), and (5.55) for vector-valued f.
    """
    X = _as_float64(X, "X")
    V = np.zeros_like(X)
    try:
        V[index] = 1.0
    except IndexError:
        raise ValueError(f"index {index} is outside of X, which has shape {X.shape}") from None
    if V.sum() != 1:
        raise ValueError(f"index {index} names {int(V.sum())} entries of X, expected one")
    if h is None and method in ("forward", "central"):
        h = DEFAULT_STEPS[method] * max(1.0, abs(float(X[index])))
    return directional_derivative(f, X, V, method=method, h=h)


def numerical_gradient(
    f: Callable[[Array], float],
    X: ArrayLike,
    *,
    method: Method = "central",
    h: float | None = None,
) -> Array:
    r"""Gradient of a scalar function, one partial derivative at a time.

    Parameters
    ----------
    f : callable
        Takes an array like X and returns a scalar.
    X : ArrayLike, any shape
        Where to differentiate; real and finite.
    method : {"central", "forward", "complex"}
        As for :func:`directional_derivative`.
    h : float, optional
        Step, greater than 0; by default chosen for each entry.

    Returns
    -------
    Array, same shape as X
        The gradient in float64, also for integer and float32 X.

    Raises
    ------
    ValueError
        If f does not return a scalar, or as :func:`directional_derivative`.

    Notes
    -----
    .. math:: G_k = \frac{\partial f}{\partial X_k}

    A gradient has the shape of its parameter. C (5.40) collects the same numbers in a row; that
    is :func:`numerical_jacobian`. The cost is two calls of f for every entry of X, which is why
    this checks backpropagation and does not replace it.

    References
    ----------
    C (5.39), (5.40).

    Examples
    --------
    >>> numerical_gradient(lambda x: (x**2).sum(), [1.0, -3.0]).round(6)
    array([ 2., -6.])
    """
    X = _as_float64(X, "X")
    gradient = np.empty_like(X)
    for index in np.ndindex(X.shape):
        value = partial_derivative(f, X, index, method=method, h=h)
        if np.ndim(value):
            raise ValueError(
                f"f returned an array of shape {np.shape(value)}, expected a scalar; "
                "sum its entries or use numerical_jacobian"
            )
        gradient[index] = value
    return gradient


def numerical_jacobian(
    f: Callable[[Array], Array | float],
    x: ArrayLike,
    *,
    method: Method = "central",
    h: float | None = None,
) -> Array:
    r"""Jacobian of a function of a vector, one column at a time.

    Parameters
    ----------
    f : callable
        Takes an array of shape (n,) and returns an array of shape (m,) or a scalar.
    x : ArrayLike, shape (n,)
        Where to differentiate; real and finite.
    method : {"central", "forward", "complex"}
        As for :func:`directional_derivative`.
    h : float, optional
        Step, greater than 0; by default chosen for each entry.

    Returns
    -------
    Array, shape (m, n)
        Entry [i, j] is ∂f_i/∂x_j, in float64; for scalar f a row of shape (1, n).

    Raises
    ------
    ValueError
        If x or f(x) is not a vector, or as :func:`directional_derivative`.

    Notes
    -----
    .. math:: J = \begin{bmatrix} \frac{\partial f}{\partial x_1} & \cdots &
              \frac{\partial f}{\partial x_n} \end{bmatrix}, \quad
              J(i, j) = \frac{\partial f_i}{\partial x_j}

    References
    ----------
    C (5.40), (5.54)–(5.59).

    Examples
    --------
    >>> numerical_jacobian(lambda x: np.array([x[0] * x[1], x[0]]), [2.0, 5.0]).round(6)
    array([[5., 2.],
           [1., 0.]])
    """
    x = _as_float64(x, "x")
    if x.ndim != 1:
        raise ValueError(f"x has shape {x.shape}, expected a vector; flatten it first")
    columns = [partial_derivative(f, x, j, method=method, h=h) for j in range(len(x))]
    if np.ndim(columns[0]) > 1:
        raise ValueError(f"f returned shape {np.shape(columns[0])}, expected (m,) or a scalar")
    return np.stack([np.atleast_1d(column) for column in columns], axis=1)


def relative_errors(analytic: Array, numerical: Array, *, floor: float = 0.0) -> Array:
    r"""Relative errors, entry by entry, symmetric in both arguments.

    Parameters
    ----------
    analytic, numerical : Array, any shape
        Two arrays of the same shape.
    floor : float
        Smallest denominator. It keeps entries that are truly zero, where any rounding error
        is as large as the value, from being compared digit by digit.

    Returns
    -------
    Array, same shape as analytic
        0 where both are equal, infinite where one of them is NaN.

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    .. math:: e_k = \frac{|a_k - n_k|}{\max(|a_k|, |n_k|, \text{floor})}

    Others divide by the sum \|a\| + \|n\|, which halves the error.
    """
    analytic, numerical = as_float_array(analytic, "analytic"), as_float_array(numerical, "n")
    check_same_shape(numerical=numerical, analytic=analytic)
    with np.errstate(invalid="ignore"):
        difference = np.abs(analytic - numerical)
        scale = np.maximum(np.maximum(np.abs(analytic), np.abs(numerical)), floor)
        errors = difference / np.where(difference == 0, 1, scale)
    return np.where(np.isnan(errors), np.inf, errors)


@dataclass(frozen=True)
class GradientCheck:
    """Report of a gradient check; true where it passed.

    Attributes
    ----------
    passed : bool
        Whether every entry was measured and none is wrong.
    entries : int
        Number of entries compared.
    wrong : int
        Number of entries whose relative error is larger than the tolerance.
    unmeasured : int
        Number of entries that f is too large to tell from other numbers: its rounding hides them.
    worst_index : tuple of int
        Where the relative error is largest.
    analytic : float
        What the code under test says there.
    numerical : float
        What the difference quotient says there.
    relative_error : float
        The largest relative error, as defined by :func:`relative_errors`.
    tolerance : float
        What it was compared with.
    """

    passed: bool
    entries: int
    wrong: int
    unmeasured: int
    worst_index: tuple[int, ...]
    analytic: float
    numerical: float
    relative_error: float
    tolerance: float

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        ratio = "" if self.numerical == 0 else f", ratio {self.analytic / self.numerical:.6g}"
        return (
            f"{self._verdict()}\n"
            f"  worst entry    {list(self.worst_index)}\n"
            f"  analytic       {self.analytic:.12g}\n"
            f"  numerical      {self.numerical:.12g}{ratio}\n"
            f"  relative error {self.relative_error:.2e}, tolerance {self.tolerance:.0e}"
        )

    def _verdict(self) -> str:
        if self.passed:
            return f"gradient check passed: {self.entries} entries agree"
        if self.wrong:
            return f"gradient check FAILED: {self.wrong} of {self.entries} entries differ"
        return (
            f"gradient check UNDECIDED: {self.unmeasured} of {self.entries} entries cannot be "
            "measured,\nthe rounding of f is as large; scale X or f, or subtract a constant from f"
        )


def gradient_check(
    f: Callable[[Array], float],
    X: ArrayLike,
    gradient: ArrayLike,
    *,
    method: Method = "central",
    h: float | None = None,
    tolerance: float = 1e-6,
) -> GradientCheck:
    r"""Compare a gradient that was derived with one that was measured.

    Parameters
    ----------
    f : callable
        Takes an array like X and returns a scalar.
    X : ArrayLike, any shape
        Where to compare; real and finite.
    gradient : ArrayLike, same shape as X
        The analytic gradient of f at X, for example from backpropagation.
    method : {"central", "forward", "complex"}
        How the numerical gradient is made.
    h : float, optional
        Step, greater than 0; by default chosen for each entry.
    tolerance : float
        Largest relative error that passes. A gradient computed in float32 needs about 1e-3.

    Returns
    -------
    GradientCheck
        Names the worst entry with both of its numbers; ``print`` shows it.

    Raises
    ------
    ValueError
        If the gradient does not have the shape of X, or as :func:`numerical_gradient`.

    Notes
    -----
    The relative error of entry k is

    .. math:: \frac{|a_k - n_k|}{\max(|a_k|, |n_k|, s)}, \quad
              s = \max\big(10^{-3} \max_l |n_l|,\; 10^{-4} |f(X)|\big)

    with a analytic and n numerical. The floor s is needed because a difference of f carries
    rounding errors that scale with f, however small the derivative is; the complex step takes no
    difference, and its floor has no \|f(X)\|. Where two numbers count as equal for this floor
    alone, although not even three digits of them agree, the entry is *unmeasured*: neither right
    nor wrong, and the check does not pass. A kink (ReLU at 0) within one step of X makes a right
    gradient fail.

    Examples
    --------
    >>> bool(gradient_check(lambda x: (x**2).sum(), [1.0, 2.0], [2.0, 4.0]))
    True

    Beside two million, a 3 does not show:

    >>> gradient_check(lambda x: (x**2).sum(), [2e6, 3.0], [4e6, 6.0]).unmeasured
    1
    """
    X = _as_float64(X, "X")
    analytic = as_float_array(gradient, "gradient")
    check_same_shape(X=X, gradient=analytic)
    numerical = numerical_gradient(f, X, method=method, h=h)
    of_gradient = 1e-3 * np.abs(numerical).max()
    of_f = 0.0 if method == "complex" else 1e-4 * abs(float(f(X)))
    errors = relative_errors(analytic, numerical, floor=max(of_gradient, of_f))
    own = relative_errors(analytic, numerical, floor=of_gradient)
    hidden = (errors <= tolerance) & (own > max(tolerance, THREE_DIGITS))
    return _report(analytic, numerical, errors, hidden, tolerance)


def _report(
    analytic: Array, numerical: Array, errors: Array, hidden: NDArray[np.bool_], tolerance: float
) -> GradientCheck:
    wrong, unmeasured = int((errors > tolerance).sum()), int(hidden.sum())
    shown = errors if wrong or not unmeasured else np.where(hidden, errors, -1.0)
    worst = tuple(int(i) for i in np.unravel_index(np.argmax(shown), errors.shape))
    return GradientCheck(
        passed=wrong == unmeasured == 0,
        entries=errors.size,
        wrong=wrong,
        unmeasured=unmeasured,
        worst_index=worst,
        analytic=float(analytic[worst]),
        numerical=float(numerical[worst]),
        relative_error=float(errors[worst]),
        tolerance=tolerance,
    )


class StepSizeStudy(NamedTuple):
    """Absolute errors of three derivative formulas against the step.

    Attributes
    ----------
    steps : Array, shape (n,)
        The steps h.
    forward : Array, shape (n,)
        Absolute error of the forward difference at each step.
    central : Array, shape (n,)
        Absolute error of the central difference.
    complex_step : Array, shape (n,)
        Absolute error of the complex step.
    """

    steps: Array
    forward: Array
    central: Array
    complex_step: Array


def step_size_study(
    f: Callable[[complex], complex],
    derivative: Callable[[float], float],
    x: float,
    *,
    steps: ArrayLike | None = None,
) -> StepSizeStudy:
    """Measure the error of the three derivative formulas over a range of steps.

    Parameters
    ----------
    f : callable
        An analytic scalar function of a float or complex number.
    derivative : callable
        Its exact derivative, a function of a float.
    x : float
        Where to differentiate.
    steps : ArrayLike, shape (n,), optional
        Steps h, all greater than 0; by default four for each decade from 1e-16 to 1.

    Returns
    -------
    StepSizeStudy
        Four arrays of shape (n,).

    Raises
    ------
    ValueError
        If ``steps`` is not a vector of positive numbers.

    Notes
    -----
    In a log-log plot the differences make a V: truncation falls with slope 1 (forward) or 2
    (central) as h shrinks, rounding rises with slope −1. The complex step has no rounding branch.
    """
    default = np.logspace(-16, 0, 65)
    steps = default if steps is None else as_float_array(steps, "steps", ndim=1)
    check_positive(smallest_step=float(np.min(steps)))
    exact = derivative(x)
    real = cast(Callable[[float], float], f)  # as an analytic function is of real numbers
    errors = [
        np.array([abs(measured(h=float(h)) - exact) for h in steps])
        for measured in (
            partial(forward_difference, real, x),
            partial(central_difference, real, x),
            partial(complex_step, f, x),
        )
    ]
    return StepSizeStudy(steps, *errors)


def _as_float64(values: ArrayLike, name: str) -> Array:
    array = as_float_array(values, name)
    if np.iscomplexobj(array):
        raise ValueError(f"{name} is complex, expected real numbers; pass its real part")
    check_finite(**{name: array})
    return array.astype(np.float64)


def _imaginary_part(value: Array | complex) -> Array | float:
    if not np.iscomplexobj(value):
        raise ValueError(
            "f returned a real value for a complex argument: it is not analytic or converts to "
            "float; use the central difference"
        )
    return value.imag
