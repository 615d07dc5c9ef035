"""Minibatches: a data set in random order, a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backprop.validation import as_data

__all__ = ["minibatches"]


def minibatches(
    X: ArrayLike, Y: ArrayLike, batch_size: int, *, rng: np.random.Generator | None = None
) -> Iterator[tuple[NDArray[np.generic], NDArray[np.generic]]]:
    """Walk once over a data set, in minibatches.

    Parameters
    ----------
    X : ArrayLike, shape (N, ...)
        Examples, one per row.
    Y : ArrayLike, shape (N, ...)
        Targets; they are shuffled together with their examples.
    batch_size : int, >= 1
        Number of examples of each minibatch. The last one holds what is left, so that every
        example is seen once: divide by the length that it has, not by ``batch_size``.
    rng : numpy.random.Generator, optional
        Shuffles anew at each call; without it the order of the data is kept.

    Yields
    ------
    X_batch : Array, shape (M, ...)
        M is ``batch_size``, but for the last minibatch.
    Y_batch : Array, shape (M, ...)

    Raises
    ------
    ValueError
        If X and Y differ in length, there is no example, or ``batch_size`` is not a positive
        integer. The error comes with the call, not with the first minibatch.

    Notes
    -----
    ``batch_size=N`` is batch gradient descent, ``batch_size=1`` is stochastic gradient descent in
    the narrow sense.

    References
    ----------
    D, *Mini-Batch Gradient Descent*; P, *Minibatch of size M*.

    Examples
    --------
    >>> X, Y = np.arange(5), np.arange(5) * 10
    >>> for X_batch, Y_batch in minibatches(X, Y, batch_size=2):
    ...     print(X_batch, Y_batch)
    [0 1] [ 0 10]
    [2 3] [20 30]
    [4] [40]
    """
    X, Y = as_data(X, "X"), as_data(Y, "Y")
    if len(X) != len(Y) or len(X) == 0:
        raise ValueError(
            f"X has {len(X)} examples and Y has {len(Y)}; expected equal numbers, at least 1"
        )
    if not isinstance(batch_size, int | np.integer) or batch_size < 1:
        raise ValueError(f"batch_size is {batch_size!r}, expected a positive integer")
    order = np.arange(len(X)) if rng is None else rng.permutation(len(X))
    starts = range(0, len(X), batch_size)
    return ((X[rows], Y[rows]) for rows in (order[i : i + batch_size] for i in starts))
