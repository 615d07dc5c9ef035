r"""Reverse mode: record the computation, then walk it backward.

A :class:`Variable` remembers how it was computed: its parents, and for each parent the
vector–Jacobian product that turns the gradient of the variable into a gradient of the parent.
:func:`backward` visits every variable once, after all that use it, and adds up what arrives.
Functions are written as for arrays, with operators and with NumPy's names.

>>> x = Variable([1.0, 2.0, 3.0])
>>> backward((x * x).sum())[x]
array([2., 4., 6.])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike

from backprop.local_derivatives import Function, Index, local_derivative
from backprop.validation import Array, as_float_array

__all__ = [
    "Variable",
    "backward",
    "gradients",
    "reverse_jacobian",
    "value_and_gradients",
    "vjp",
]

Pullback = Callable[[Array], Array]


class Variable(NDArrayOperatorsMixin):
    """A value that knows how it was computed: a node of the computational graph.

    Parameters
    ----------
    value : ArrayLike, any shape
        The value. An input is copied, so that a later change of the array cannot falsify a
        gradient.
    operation : str
        Name of the operation that computed the value.
    parents : tuple of (Variable, callable) pairs
        The operands, each with its vector–Jacobian product dy ↦ gradient of the operand.

    Raises
    ------
    ValueError
        If the value is not an array of numbers.

    Notes
    -----
    ``depth`` is the length of the longest path from an input. An operand is less deep than
    what is computed from it, so going from deep to shallow meets every variable after all of its
    users, however unequal the paths are.

    Examples
    --------
    >>> x = Variable([1.0, 2.0])
    >>> y = np.exp(x) * 2
    >>> y.operation
    'multiply'
    >>> y.parents[0][0].operation
    'exp'
    """

    def __init__(
        self,
        value: ArrayLike,
        operation: str = "input",
        parents: tuple[tuple[Variable, Pullback], ...] = (),
    ) -> None:
        value = as_float_array(value, "value")
        self.value = value if parents else value.copy()
        self.operation = operation
        self.parents = parents
        self.depth: int = 1 + max((parent.depth for parent, _ in parents), default=-1)

    # A node equals itself only: it is looked up among the gradients by identity.
    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Variable({self.value}, {self.operation!r})"

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the value.

        Returns
        -------
        tuple of int
        """
        return self.value.shape

    def __array_ufunc__(
        self, function: Function, method: str, *operands: Variable | ArrayLike, **options: object
    ) -> Variable:
        """Operators and NumPy's functions arrive here."""
        if method != "__call__" or options:
            raise ValueError(
                f"{function.__name__} with {sorted(options) or method} cannot be recorded; "
                "write x = x + y instead of x += y, and x.sum() instead of np.add.reduce(x)"
            )
        values: list[Any] = [x.value if isinstance(x, Variable) else x for x in operands]
        result = function(*values)
        rule = _matmul_pullback if function is np.matmul else _elementwise_pullback
        pullbacks = [
            (x, rule(function, k, values, result))
            for k, x in enumerate(operands)
            if isinstance(x, Variable)
        ]
        return _record(function.__name__, result, *pullbacks)

    def __getitem__(self, index: Index) -> Variable:
        def pullback(dy: Array) -> Array:
            dx = np.zeros_like(self.value)
            # An entry that was taken twice gets both gradients.
            np.add.at(dx, index, dy)  # type: ignore[arg-type]  # NumPy takes slices, its stub does not
            return dx

        return _record("index", self.value[index], (self, pullback))

    @property
    def T(self) -> Variable:  # NumPy's name
        """Transpose.

        Returns
        -------
        Variable
            Axes in reverse order.
        """
        return _record("transpose", self.value.T, (self, lambda dy: dy.T))

    def reshape(self, *shape: int) -> Variable:
        """Give the value another shape, rows first.

        Parameters
        ----------
        *shape : int
            The new shape, with as many entries.

        Returns
        -------
        Variable
            The same numbers.
        """
        return _record(
            "reshape", self.value.reshape(*shape), (self, lambda dy: dy.reshape(self.shape))
        )

    def sum(self, axis: int | None = None, keepdims: bool = False) -> Variable:
        """Sum over an axis; every term gets the gradient of its sum.

        Parameters
        ----------
        axis : int, optional
            The axis that is summed over; by default all.
        keepdims : bool
            Whether the axis stays, with length 1.

        Returns
        -------
        Variable
            The sums.
        """

        def pullback(dy: Array) -> Array:
            kept = dy if keepdims or axis is None else np.expand_dims(dy, axis)
            return np.broadcast_to(kept, self.shape)

        return _record("sum", self.value.sum(axis=axis, keepdims=keepdims), (self, pullback))

    def mean(self, axis: int | None = None, keepdims: bool = False) -> Variable:
        """Mean over an axis.

        Parameters
        ----------
        axis : int, optional
            The axis that is averaged over; by default all.
        keepdims : bool
            Whether the axis stays, with length 1.

        Returns
        -------
        Variable
            The means.
        """
        count = self.value.size if axis is None else self.shape[axis]
        return self.sum(axis, keepdims) / count


def backward(output: Variable, *, seed: ArrayLike | None = None) -> dict[Variable, Array]:
    r"""Gradients of an output with respect to every variable that it was computed from.

    Parameters
    ----------
    output : Variable
        The end of the computation.
    seed : ArrayLike, same shape as output, optional
        Upstream gradient of the output; needed where it is not a scalar, by default 1.

    Returns
    -------
    dict of Variable to Array
        The gradient of each variable, in its shape and dtype. A fresh dictionary at every
        call: nothing is stored in the graph, so nothing is left over for the next call.

    Raises
    ------
    ValueError
        If the output is not a Variable, not a scalar and without a seed, or the seed has another
        shape.

    Notes
    -----
    .. math:: \bar{x} = \sum_{y \text{ uses } x} \bar{y}\,\frac{\partial y}{\partial x}

    Gradients that arrive along several paths add up.

    Examples
    --------
    >>> x, y = Variable(3.0), Variable(5.0)
    >>> gradients = backward(x * y + x)
    >>> float(gradients[x]), float(gradients[y])
    (6.0, 3.0)
    """
    grads = {output: _seed(output, seed)}
    for node in sorted(_ancestors(output), key=lambda node: node.depth, reverse=True):
        for parent, pullback in node.parents:
            contribution = pullback(grads[node]).astype(parent.value.dtype)
            # Not +=: the array may be shared with another variable.
            grads[parent] = grads[parent] + contribution if parent in grads else contribution
    return grads


def vjp(
    f: Callable[..., Variable], *arrays: ArrayLike, seed: ArrayLike | None = None
) -> tuple[Array, tuple[Array, ...]]:
    """Value of a function and its vector–Jacobian products with respect to all arguments.

    Parameters
    ----------
    f : callable
        Takes as many variables as there are arrays and returns a variable.
    *arrays : ArrayLike
        The arguments.
    seed : ArrayLike, same shape as the value of f, optional
        Upstream gradient; by default 1 for a scalar.

    Returns
    -------
    value : Array, any shape
        f at the arguments.
    gradients : tuple of Array
        One for each argument, in its shape; zeros where f does not depend on it.

    Raises
    ------
    ValueError
        As :func:`backward`.

    Examples
    --------
    >>> value, (dA,) = vjp(lambda A: A @ np.array([1.0, 2.0]), np.eye(2), seed=[1.0, 10.0])
    >>> dA
    array([[ 1.,  2.],
           [10., 20.]])
    """
    inputs = [Variable(array) for array in arrays]
    output = f(*inputs)
    if not isinstance(output, Variable):
        output = Variable(output)
    grads = backward(output, seed=seed)
    return output.value, tuple(grads.get(x, np.zeros_like(x.value)) for x in inputs)


def value_and_gradients(
    f: Callable[..., Variable], *arrays: ArrayLike
) -> tuple[float, tuple[Array, ...]]:
    """Value of a scalar function and its gradients with respect to all arguments.

    Parameters
    ----------
    f : callable
        Takes as many variables as there are arrays and returns a scalar variable.
    *arrays : ArrayLike
        The arguments.

    Returns
    -------
    value : float
        f at the arguments.
    gradients : tuple of Array
        One for each argument, in its shape; zeros where f does not depend on it.

    Raises
    ------
    ValueError
        If f does not return a scalar.

    Examples
    --------
    >>> value, (dx,) = value_and_gradients(lambda x: (x * x).sum(), [1.0, 2.0])
    >>> value, dx
    (5.0, array([2., 4.]))
    """
    value, grads = vjp(f, *arrays)
    return float(value), grads


def gradients(f: Callable[..., Variable], *arrays: ArrayLike) -> tuple[Array, ...]:
    """Gradients of a scalar function with respect to all of its arguments.

    Parameters
    ----------
    f : callable
        Takes as many variables as there are arrays and returns a scalar variable.
    *arrays : ArrayLike
        The arguments.

    Returns
    -------
    tuple of Array
        One gradient for each argument, in its shape.

    Raises
    ------
    ValueError
        If f does not return a scalar.

    Examples
    --------
    >>> [float(gradient) for gradient in gradients(lambda x, y: x * y, 3.0, 5.0)]
    [5.0, 3.0]
    """
    return value_and_gradients(f, *arrays)[1]


def reverse_jacobian(f: Callable[[Variable], Variable], x: ArrayLike) -> Array:
    """Jacobian by reverse mode: one pass for each **output**, each giving a row.

    Parameters
    ----------
    f : callable
        Takes a variable of shape (n,) and returns a variable of shape (m,) or a scalar.
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
    >>> reverse_jacobian(lambda x: x * x, [1.0, 2.0])
    array([[2., 0.],
           [0., 4.]])
    """
    point = Variable(as_float_array(x, "x", ndim=1))
    y = f(point)
    seeds = np.eye(y.value.size, dtype=y.value.dtype)
    return np.stack([backward(y, seed=seed.reshape(y.shape))[point] for seed in seeds])


def _record(operation: str, value: Array, *parents: tuple[Variable, Pullback]) -> Variable:
    return Variable(value, operation, parents)


def _elementwise_pullback(function: Function, k: int, values: list[Any], y: Array) -> Pullback:
    slope = local_derivative(function, k)
    return lambda dy: _sum_to_shape(dy * slope(*values, y), np.shape(values[k]))


def _matmul_pullback(function: Function, k: int, values: list[Any], y: Array) -> Pullback:
    A, B = values
    if max(np.ndim(A), np.ndim(B)) > 2:
        raise ValueError(f"A @ B has shapes {np.shape(A)}, {np.shape(B)}; expected at most 2 axes")
    # A vector on the left is a row, a vector on the right a column.
    rows, columns = np.atleast_2d(A), B if np.ndim(B) == 2 else np.reshape(B, (-1, 1))

    def pullback(dy: Array) -> Array:
        dY = np.reshape(dy, (rows.shape[0], columns.shape[1]))
        gradient = dY @ columns.T if k == 0 else rows.T @ dY
        return gradient.reshape(np.shape(values[k]))

    return pullback


def _sum_to_shape(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Undo broadcasting: an entry that was used many times gets the sum of the gradients."""
    gradient = gradient.sum(axis=tuple(range(np.ndim(gradient) - len(shape))))
    stretched = tuple(k for k, n in enumerate(shape) if n == 1 and gradient.shape[k] != 1)
    return gradient.sum(axis=stretched, keepdims=True)


def _ancestors(output: Variable) -> set[Variable]:
    found, waiting = {output}, [output]
    while waiting:
        new = {parent for parent, _ in waiting.pop().parents} - found
        found |= new
        waiting.extend(new)
    return found


def _seed(output: Variable, seed: ArrayLike | None) -> Array:
    if not isinstance(output, Variable):
        raise ValueError(f"output is a {type(output).__name__}, expected a Variable")
    if seed is None:
        if output.shape != ():
            raise ValueError(
                f"output has shape {output.shape}, expected a scalar; "
                "sum it, or pass seed, its upstream gradient"
            )
        return np.ones_like(output.value)
    seed = as_float_array(seed, "seed").astype(output.value.dtype)
    if seed.shape != output.shape:
        raise ValueError(f"seed has shape {seed.shape} but output has shape {output.shape}")
    return seed
