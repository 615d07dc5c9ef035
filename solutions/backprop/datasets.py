"""Data to learn from: handwritten digits, XOR and two spirals."""

from __future__ import annotations

from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from backprop.validation import Array, as_float_array, check_between, check_positive

__all__ = ["Dataset", "Split", "load_digits", "train_test_split", "two_spirals", "xor"]


class Dataset(NamedTuple):
    """Examples and their targets.

    Attributes
    ----------
    X : Array, shape (N, n_in)
        Examples, one per row.
    Y : Array, shape (N,) or (N, n_out)
        Integer labels, or targets.
    """

    X: Array
    Y: Array


class Split(NamedTuple):
    """Two parts of a data set that have no example in common.

    Attributes
    ----------
    train : Dataset
        What the network learns from.
    test : Dataset
        What it is judged by: held out.
    """

    train: Dataset
    test: Dataset


def load_digits() -> Dataset:
    """Load the UCI handwritten digits, 8 by 8 pixels.

    Returns
    -------
    Dataset
        X of shape (1797, 64), float64, ink from 0 (none) to 1 (full), the pixels row by row;
        integer labels 0 to 9 of shape (1797,).

    References
    ----------
    Alpaydin and Kaynak 1998, UCI Machine Learning Repository, CC BY 4.0.
    """
    path = resources.files("backprop") / "data" / "digits.npz"
    with path.open("rb") as file, np.load(file) as arrays:
        return Dataset(arrays["pixels"] / 16.0, arrays["labels"].astype(np.int64))


def xor() -> Dataset:
    """Exclusive or of two bits, which no single layer can learn.

    Returns
    -------
    Dataset
        X of shape (4, 2) and Y of shape (4, 1), zeros and ones.

    Examples
    --------
    >>> X, Y = xor()
    >>> np.column_stack([X, Y])
    array([[0., 0., 0.],
           [0., 1., 1.],
           [1., 0., 1.],
           [1., 1., 0.]])
    """
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return Dataset(X, np.array([[0.0], [1.0], [1.0], [0.0]]))


def two_spirals(
    points: int, rng: np.random.Generator, *, noise: float = 0.02, turns: float = 1.5
) -> Dataset:
    """Two intertwined spirals, which need a curved boundary between two classes.

    Parameters
    ----------
    points : int, >= 1
        Number of points of each spiral.
    rng : numpy.random.Generator
        Source of the random numbers.
    noise : float, >= 0
        Standard deviation of the points about their spiral.
    turns : float, > 0
        Number of turns of each spiral; the radius grows from 0.1 to 1.

    Returns
    -------
    Dataset
        X of shape (2 points, 2), integer labels 0 and 1 of shape (2 points,).

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    check_positive(points=points, turns=turns)
    check_between(0, np.inf, noise=noise)
    radius = np.linspace(0.1, 1, points)
    angle = 2 * np.pi * turns * radius
    spiral = radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    X = np.concatenate([spiral, -spiral])
    return Dataset(X + noise * rng.standard_normal(X.shape), np.repeat([0, 1], points))


def train_test_split(
    X: ArrayLike, Y: ArrayLike, rng: np.random.Generator, *, test_share: float = 0.25
) -> Split:
    """Divide a data set at random into one part to learn from and one to be judged by.

    Parameters
    ----------
    X : ArrayLike, shape (N, n_in)
        Examples.
    Y : ArrayLike, shape (N,) or (N, n_out)
        Labels or targets; they stay with their examples.
    rng : numpy.random.Generator
        Source of the random numbers.
    test_share : float, 0 < test_share < 1
        Share of the examples that is held out, rounded to a whole number of examples.

    Returns
    -------
    Split
        ``(train, test)``. Every example is in exactly one of them.

    Raises
    ------
    ValueError
        If X and Y differ in length, or one of the parts would be empty.
    """
    X, Y = as_float_array(X, "X", ndim=2), np.asarray(Y)
    if len(X) != len(Y):
        raise ValueError(f"X has {len(X)} examples but Y has {len(Y)}; each needs its target")
    held_out = round(test_share * len(X))
    if not 0 < held_out < len(X):
        raise ValueError(
            f"test_share is {test_share}, which holds out {held_out} of {len(X)} examples; "
            "expected at least one in each part"
        )
    order = rng.permutation(len(X))
    test, train = order[:held_out], order[held_out:]
    return Split(Dataset(X[train], Y[train]), Dataset(X[test], Y[test]))
