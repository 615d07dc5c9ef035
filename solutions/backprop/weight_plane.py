"""One output unit of the running example as a function of its two weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from backprop.activations import logistic
from backprop.running_example import running_example
from backprop.validation import Array, as_float_array

__all__ = ["WeightPlane", "weight_plane"]


@dataclass(frozen=True)
class WeightPlane:
    r"""Cost of one logistic unit with two weights, all other parameters held fixed.

    Parameters
    ----------
    inputs : Array, shape (n, 2)
        What the unit receives, one pattern in each row.
    targets : Array, shape (n,)
        Its targets.
    bias : float
        Its bias.

    Notes
    -----
    .. math:: C(w) = \frac1n \sum_p \tfrac12 (a^{(p)} - y^{(p)})^2, \qquad
              a^{(p)} = \sigma(w_1 x_1^{(p)} + w_2 x_2^{(p)} + b)
    """

    inputs: Array
    targets: Array
    bias: float

    def __call__(self, w: ArrayLike) -> Array:
        """Cost at one or more points of the plane.

        Parameters
        ----------
        w : ArrayLike, shape (..., 2)
            Pairs of weights along the last axis.

        Returns
        -------
        Array, shape (...)

        Raises
        ------
        ValueError
            If the last axis does not have length 2.
        """
        return 0.5 * np.mean((self._activations(w) - self.targets) ** 2, axis=-1)

    def gradient(self, w: ArrayLike, *, patterns: ArrayLike | None = None) -> Array:
        r"""Gradient of the mean cost of some patterns.

        Parameters
        ----------
        w : ArrayLike, shape (..., 2)
            Pairs of weights along the last axis.
        patterns : ArrayLike of int, shape (m,), optional
            Numbers of the patterns, from 0; by default all.

        Returns
        -------
        Array, same shape as w

        Raises
        ------
        ValueError
            If the last axis does not have length 2.

        Notes
        -----
        .. math:: \frac{\partial C}{\partial w_j}
                  = \frac1m \sum_p (a^{(p)} - y^{(p)})\, a^{(p)} (1 - a^{(p)})\, x_j^{(p)}
        """
        rows = np.arange(len(self.targets)) if patterns is None else np.asarray(patterns)
        a = self._activations(w)[..., rows]
        deltas = (a - self.targets[rows]) * a * (1 - a)
        return deltas @ self.inputs[rows] / len(rows)

    def _activations(self, w: ArrayLike) -> Array:
        w = as_float_array(w, "w")
        if w.ndim == 0 or w.shape[-1] != 2:
            raise ValueError(f"w has shape {w.shape}, expected pairs of weights, (..., 2)")
        return logistic(w @ self.inputs.T + self.bias)


def weight_plane() -> WeightPlane:
    """The plane of the two weights into the first output unit of the running example.

    Returns
    -------
    WeightPlane
        The network itself is at w = (0.7, -0.4); the cost is the part that this unit has in the
        mean cost of the five patterns.
    """
    example = running_example()
    hidden = logistic(example.X @ example.W1 + example.b1)
    return WeightPlane(hidden, example.Y[:, 0], float(example.b2[0]))
