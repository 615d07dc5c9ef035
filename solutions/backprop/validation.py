"""What every function of the package asks of its arguments, and how it says so.

One line at the top of a function turns its arguments into float arrays and compares their
shapes. It looks at types and shapes only, never at every entry, so that its cost does not grow
with the data; :func:`check_finite` is the exception, and is called where a NaN would go unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Array",
    "as_data",
    "as_float_array",
    "as_float_arrays",
    "as_float_scalar",
    "check_between",
    "check_cache",
    "check_finite",
    "check_layers",
    "check_positive",
    "check_same_shape",
]

Array = NDArray[np.floating]
"""An array of floating-point numbers."""


def as_float_array(value: ArrayLike, name: str, *, ndim: int | None = None) -> Array:
    """Return a value as an array of floating-point numbers.

    Parameters
    ----------
    value : ArrayLike, any shape
        Floats keep their dtype. Integers, Booleans and lists of them become float64. Complex
        numbers are kept, because the complex step differentiates the functions of this package
        by passing complex arguments; a function that is not analytic says so itself.
    name : str
        What the function's own documentation calls the value.
    ndim : int, optional
        Number of axes that the value must have; by default any number.

    Returns
    -------
    Array, same shape as value
        The value itself where it already is such an array: it is not copied.

    Raises
    ------
    ValueError
        If the value is ragged, empty, not numeric, or does not have ``ndim`` axes.

    Examples
    --------
    >>> as_float_array([1, 2], "x", ndim=1)
    array([1., 2.])
    """
    array = _as_numbers(value, name)
    if array.size == 0:
        raise ValueError(f"{name} is empty, shape {array.shape}; it needs at least one entry")
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name} has shape {array.shape}, expected {ndim} axes; reshape it")
    return array


def as_data(value: ArrayLike, name: str) -> NDArray[np.generic]:
    """Return a value as an array in its own dtype: labels stay integers.

    Parameters
    ----------
    value : ArrayLike, any shape
        Whatever an array can be made from.
    name : str
        What the function's own documentation calls the value.

    Returns
    -------
    NDArray, same shape as value
        The value itself where it already is an array.

    Raises
    ------
    ValueError
        If the value is ragged, as parameters are that stand in the place of data.
    """
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array of numbers: {error}") from None


def _as_numbers(value: ArrayLike, name: str) -> Array:
    array = as_data(value, name)
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    if array.dtype.kind not in "fc":
        raise ValueError(
            f"{name} has dtype {array.dtype}, expected numbers; "
            "check for strings, None or rows of different lengths"
        )
    return cast(Array, array)


def as_float_scalar(value: float, name: str) -> float:
    """Return a value as one floating-point number that does not raise the precision of arrays.

    Parameters
    ----------
    value : float
        A Python or NumPy number, or an array without axes. Python numbers stay Python numbers,
        so that float32 arrays that they meet stay float32; NumPy numbers keep their dtype.
    name : str
        What the function's own documentation calls the value.

    Returns
    -------
    float
        A Python float or complex, or a NumPy scalar.

    Raises
    ------
    ValueError
        If the value is not one number.
    """
    if isinstance(value, int):
        return float(value)
    if isinstance(value, float | complex):
        return value
    array = as_float_array(value, name)
    if array.ndim:
        raise ValueError(f"{name} has shape {array.shape}, expected a single number")
    return array[()]


def as_float_arrays(**arguments: tuple[ArrayLike, str]) -> tuple[Array, ...]:
    """Return several values as float arrays whose shapes agree.

    Parameters
    ----------
    **arguments : tuple of ArrayLike and str
        ``name=(value, axes)``, where ``axes`` names the axes of the value, separated by blanks:
        ``"M n_in"`` for a matrix of shape (M, n_in), ``""`` for a scalar. Axes that have the
        same name must have the same length. A digit asks for that very length.

    Returns
    -------
    tuple of Array
        The values in the order given, converted as by :func:`as_float_array`.

    Raises
    ------
    ValueError
        If a value cannot be converted, has the wrong number of axes (no axis is ever added or
        broadcast), or if two axes of the same name differ in length.

    Examples
    --------
    >>> X, W = as_float_arrays(X=([[1, 2]], "M n_in"), W=([[3], [4]], "n_in n_out"))
    >>> (X @ W).shape
    (1, 1)
    >>> as_float_arrays(X=([[1, 2]], "M n_in"), W=([[3]], "n_in n_out"))
    Traceback (most recent call last):
    ...
    ValueError: W has 1 row but X has 2 columns; both are n_in and must be equal
    """
    arrays = []
    found: dict[str, tuple[str, Array, int]] = {}
    for name, (value, axes) in arguments.items():
        array = as_float_array(value, name)
        _check_axes(name, array, _split(axes), found)
        arrays.append(array)
    return tuple(arrays)


@cache
def _split(axes: str) -> tuple[str, ...]:
    return tuple(axes.split())


def _check_axes(
    name: str, array: Array, axes: tuple[str, ...], found: dict[str, tuple[str, Array, int]]
) -> None:
    if array.ndim != len(axes):
        comma = "," if len(axes) == 1 else ""
        expected = f"({', '.join(axes)}{comma})" if axes else "a scalar"
        raise ValueError(
            f"{name} has shape {array.shape}, expected {expected}; "
            "reshape it or check which argument was passed"
        )
    for axis, symbol in enumerate(axes):
        length = array.shape[axis]
        if symbol.isdigit() and length != int(symbol):
            raise ValueError(f"{name} has {_count(array, axis)}, expected {symbol}")
        other, other_array, other_axis = found.setdefault(symbol, (name, array, axis))
        if length != other_array.shape[other_axis]:
            raise ValueError(
                f"{name} has {_count(array, axis)} but {other} has "
                f"{_count(other_array, other_axis)}; both are {symbol} and must be equal"
            )


def _count(array: Array, axis: int) -> str:
    length = array.shape[axis]
    if array.ndim > 2:
        return f"length {length} on axis {axis}"
    singular, plural = (
        ("entry", "entries") if array.ndim == 1 else (("row", "rows"), ("column", "columns"))[axis]
    )
    return f"{length} {singular if length == 1 else plural}"


def check_same_shape(**arrays: Array) -> None:
    """Check that arrays have one and the same shape.

    Parameters
    ----------
    **arrays : Array, any shape
        The arrays by the names that the message uses.

    Raises
    ------
    ValueError
        If two shapes differ, even where NumPy would broadcast one to the other.

    Examples
    --------
    >>> check_same_shape(a=np.ones(5), y=np.ones((5, 1)))
    Traceback (most recent call last):
    ...
    ValueError: y has shape (5, 1) but a has shape (5,); they must be equal, reshape one of them
    """
    (first_name, first), *others = arrays.items()
    for name, array in others:
        if np.shape(array) != np.shape(first):
            raise ValueError(
                f"{name} has shape {np.shape(array)} but {first_name} has shape "
                f"{np.shape(first)}; they must be equal, reshape one of them"
            )


def check_finite(**arrays: Array) -> None:
    """Check that arrays hold no NaN and no infinity.

    Parameters
    ----------
    **arrays : Array, any shape
        The arrays by the names that the message uses.

    Raises
    ------
    ValueError
        If an entry is not finite; the message gives its index.
    """
    for name, array in arrays.items():
        finite = np.isfinite(array)
        if not finite.all():
            index = tuple(int(i) for i in np.argwhere(~finite)[0])
            raise ValueError(
                f"{name} holds {np.asarray(array)[index]} at index {index}; "
                "expected finite numbers, look for a division by 0, log(0) or an overflow"
            )


def check_positive(**numbers: float) -> None:
    """Check that numbers are finite and greater than 0.

    Parameters
    ----------
    **numbers : float
        The numbers by the names that the message uses.

    Raises
    ------
    ValueError
        If a number is 0, negative, infinite or NaN.
    """
    for name, number in numbers.items():
        if not (np.isfinite(number) and number > 0):
            raise ValueError(f"{name} is {number}, expected a finite number greater than 0")


def check_between(low: float, high: float, **numbers: float) -> None:
    """Check that numbers lie in the half-open interval [low, high).

    Parameters
    ----------
    low, high : float
        Bounds; ``low`` is allowed, ``high`` is not.
    **numbers : float
        The numbers by the names that the message uses.

    Raises
    ------
    ValueError
        If a number lies outside of [low, high) or is NaN.
    """
    for name, number in numbers.items():
        if not low <= number < high:
            raise ValueError(f"{name} is {number}, expected {low} <= {name} < {high}")


def check_layers(**networks: Sequence[tuple[ArrayLike, ArrayLike]]) -> None:
    """Check that networks are sequences of layers (W, b), and not the data of a swapped call.

    Parameters
    ----------
    **networks : sequence of tuple of ArrayLike, any shape
        The networks by the names that the message uses.

    Raises
    ------
    ValueError
        If a network has no layer, is not a sequence, or holds what is not a pair of arrays.

    Examples
    --------
    >>> check_layers(params=np.ones(5))
    Traceback (most recent call last):
    ...
    ValueError: params has shape (5,), expected layers (W, b); the parameters come before the data
    """
    for name, layers in networks.items():
        if not isinstance(layers, Sequence):
            raise _no_layers(name, layers)
        if len(layers) == 0:
            raise ValueError(f"{name} is empty, expected at least one layer (W, b)")
        for index, layer in enumerate(layers):
            if not isinstance(layer, tuple | list) or len(layer) != 2 or np.isscalar(layer[0]):
                raise _no_layers(f"{name}[{index}]", layer)


def _no_layers(name: str, value: object) -> ValueError:
    return ValueError(
        f"{name} {_looks(value)}, expected layers (W, b); the parameters come before the data"
    )


def check_cache(cache: object, kind: type[tuple[object, ...]]) -> None:
    """Check that a backward pass was given what the forward pass kept, and not a gradient.

    Parameters
    ----------
    cache : object
        What stands in the place of the cache.
    kind : type
        The NamedTuple that is expected there; another one with its first field will do.

    Raises
    ------
    ValueError
        If the cache has no such field.
    """
    if not hasattr(cache, next(iter(kind.__annotations__))):
        raise ValueError(
            f"cache {_looks(cache)}, expected the {kind.__name__} that the forward pass returned; "
            "the gradient or the target comes first, then the cache"
        )


def _looks(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"has shape {value.shape}"
    return f"is {value!r}" if np.isscalar(value) else f"is of type {type(value).__name__}"
