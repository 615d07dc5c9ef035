"""Checks of what a figure function is given: a mistake is named before anything is drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Value = TypeVar("Value")


def as_array(value: ArrayLike, name: str, ndim: int) -> Array:
    """Convert to a float64 array with a given number of axes.

    Parameters
    ----------
    value : ArrayLike, any shape
        What the caller gave.
    name : str
        Name of the argument, for the message.
    ndim : int
        Number of axes expected.

    Returns
    -------
    Array
        The same numbers as float64.

    Raises
    ------
    ValueError
        If the number of axes differs, the array is empty, or a number is NaN.
    """
    array = np.asarray(value, dtype=np.float64)
    if array.ndim != ndim:
        raise ValueError(f"{name} has shape {array.shape}; expected {ndim} axes: reshape it")
    if array.size == 0:
        raise ValueError(f"{name} is empty; give at least one value")
    if np.isnan(array).any():
        raise ValueError(f"{name} contains NaN; leave those points out")
    return array


def require_same(name: str, came: object, other: str, expected: object) -> None:
    """Raise unless two lengths, shapes or values agree.

    Parameters
    ----------
    name : str
        What the first is called in the message.
    came : object
        The first of the two things to compare with ``==``.
    other : str
        What the second is called in the message.
    expected : object
        The second of them.

    Raises
    ------
    ValueError
        If they differ.
    """
    if came != expected:
        raise ValueError(f"{name} is {came}; expected {expected}, to agree with {other}")


def require_member(name: str, value: Value, options: Collection[Value]) -> None:
    """Raise unless a value is one of the options.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : object
        What the caller gave.
    options : collection
        What is allowed.

    Raises
    ------
    ValueError
        If it is none of them.
    """
    if value not in options:
        raise ValueError(f"{name} is {value!r}; use one of {list(options)}")


def require_some(name: str, value: Mapping[str, object] | Sequence[object]) -> None:
    """Raise if there is nothing to draw.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : mapping or sequence
        What the caller gave.

    Raises
    ------
    ValueError
        If it has no entry.
    """
    if len(value) == 0:
        raise ValueError(f"{name} is empty; give at least one entry")


def as_curves(curves: Mapping[str, ArrayLike], name: str, ndim: int) -> dict[str, Array]:
    """Convert named lines to arrays, with the line's name in every message.

    Parameters
    ----------
    curves : mapping of str to ArrayLike
        The lines.
    name : str
        Name of the argument, for the message.
    ndim : int
        Number of axes expected of each.

    Returns
    -------
    dict of str to Array
        The same lines as float64.

    Raises
    ------
    ValueError
        If there is none, or one has the wrong number of axes.
    """
    require_some(name, curves)
    return {key: as_array(line, f"{name}[{key!r}]", ndim) for key, line in curves.items()}


def as_interval(value: tuple[float, float], name: str) -> tuple[float, float]:
    """Check that an interval is finite and runs from low to high.

    Parameters
    ----------
    value : tuple of float
        ``(low, high)``.
    name : str
        Name of the argument, for the message.

    Returns
    -------
    tuple of float
        The interval.

    Raises
    ------
    ValueError
        If it has not two finite ends with ``low < high``.
    """
    low, high = as_array(value, name, 1) if len(value) == 2 else (np.inf, np.inf)
    if not (np.isfinite([low, high]).all() and low < high):
        raise ValueError(f"{name} is {value}; expected (low, high), finite, with low < high")
    return float(low), float(high)
