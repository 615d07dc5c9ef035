"""The one network and the one minibatch that all chapters compute with.

Four inputs, two hidden and three output units, five examples: no two of these numbers are equal,
so a forgotten transpose or a sum over the wrong axis cannot run unnoticed. Where two layers are
too few to see what repeats, the same network has a third layer, of 6 units.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import DTypeLike

from backprop.units import UnitLayer
from backprop.validation import Array

__all__ = ["RunningExample", "ThreeLayerExample", "running_example", "three_layer_example"]


@dataclass(frozen=True, eq=False)
class RunningExample:
    """A 4–2–3 network with a minibatch of 5; its arrays are read-only.

    Attributes
    ----------
    X : Array, shape (5, 4)
        Inputs, one example in each row.
    Y : Array, shape (5, 3)
        Target values, between 0 and 1.
    W1 : Array, shape (4, 2)
        ``W1[k, j]`` is the weight from input unit k to hidden unit j.
    b1 : Array, shape (2,)
        Biases of the hidden units.
    W2 : Array, shape (2, 3)
        ``W2[j, i]`` is the weight from hidden unit j to output unit i.
    b2 : Array, shape (3,)
        Biases of the output units.
    """

    X: Array
    Y: Array
    W1: Array
    b1: Array
    W2: Array
    b2: Array

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).flags.writeable = False

    @property
    def unit_network(self) -> list[UnitLayer]:
        """The same network in unit form: ``W[i, j]`` leads from unit j to unit i.

        Returns
        -------
        list of UnitLayer
            Weights of shapes (2, 4) and (3, 2): the transposes of ``W1`` and ``W2``.
        """
        return [UnitLayer(self.W1.T, self.b1), UnitLayer(self.W2.T, self.b2)]


@dataclass(frozen=True, eq=False)
class ThreeLayerExample(RunningExample):
    """The 4–2–3 network with a third layer of 6 units, and the minibatch of 5 with its targets.

    Attributes
    ----------
    X, W1, b1, W2, b2 : Array
        As in :class:`RunningExample`.
    Y : Array, shape (5, 6)
        Target values of the third layer, between 0 and 1.
    W3 : Array, shape (3, 6)
        ``W3[j, i]`` is the weight from unit j of the second to unit i of the third layer.
    b3 : Array, shape (6,)
        Biases of the third layer.
    """

    W3: Array
    b3: Array

    @property
    def unit_network(self) -> list[UnitLayer]:
        """The same network in unit form: ``W[i, j]`` leads from unit j to unit i.

        Returns
        -------
        list of UnitLayer
            Weights of shapes (2, 4), (3, 2) and (6, 3).
        """
        return [*super().unit_network, UnitLayer(self.W3.T, self.b3)]


def running_example(*, dtype: DTypeLike = np.float64) -> RunningExample:
    """Return the running example.

    Parameters
    ----------
    dtype : DTypeLike
        Type of the arrays, a floating-point type.

    Returns
    -------
    RunningExample
        Fresh arrays with the same numbers at every call.

    Raises
    ------
    ValueError
        If ``dtype`` is not a floating-point type.

    Notes
    -----
    Chosen for pencil and paper: one or two decimals, no number twice in X, in Y or among the
    parameters. Every unit has an activation between 0.08 and 0.91, so none is saturated, and
    no entry of the gradient is near 0 or equal to another one.

    Examples
    --------
    >>> running_example().X[0]
    array([ 0.5, -1. ,  0.8,  0.2])
    """
    if not np.issubdtype(dtype, np.floating):
        raise ValueError(f"dtype is {np.dtype(dtype)}, expected a floating-point type")
    return RunningExample(
        X=np.array(
            [
                [0.5, -1.0, 0.8, 0.2],
                [1.2, 0.3, -0.6, 0.9],
                [-0.4, 0.7, 1.1, -0.9],
                [0.1, -0.2, 1.5, -1.3],
                [-0.7, 1.4, -0.3, 0.6],
            ],
            dtype,
        ),
        Y=np.array(
            [
                [0.65, 0.05, 0.9],
                [0.85, 0.15, 0.8],
                [0.7, 0.2, 0.6],
                [0.95, 0.5, 0.4],
                [0.35, 0.3, 0.1],
            ],
            dtype,
        ),
        W1=np.array([[0.4, -0.7], [0.9, 0.3], [-0.6, 0.8], [1.1, -0.2]], dtype),
        b1=np.array([0.1, -0.5], dtype),
        W2=np.array([[0.7, -1.2, 0.5], [-0.4, 0.6, 1.3]], dtype),
        b2=np.array([-0.1, 0.2, -0.3], dtype),
    )


def three_layer_example(*, dtype: DTypeLike = np.float64) -> ThreeLayerExample:
    """Return the running example with a third layer.

    Parameters
    ----------
    dtype : DTypeLike
        Type of the arrays, a floating-point type.

    Returns
    -------
    ThreeLayerExample
        Fresh arrays with the same numbers at every call; ``X`` and the first two layers are those
        of :func:`running_example`.

    Raises
    ------
    ValueError
        If ``dtype`` is not a floating-point type.

    Notes
    -----
    Chosen as the running example: at most two decimals, no number twice among the parameters or
    the targets, no unit saturated, no two entries of the gradient of equal size.

    Examples
    --------
    >>> three_layer_example().W3.shape
    (3, 6)
    """
    two_layers = running_example(dtype=dtype)
    return ThreeLayerExample(
        X=two_layers.X,
        Y=np.array(
            [
                [0.72, 0.94, 0.93, 0.19, 0.45, 0.82],
                [0.65, 0.83, 0.88, 0.32, 0.33, 0.86],
                [0.8, 0.44, 0.31, 0.51, 0.34, 0.26],
                [0.27, 0.48, 0.1, 0.35, 0.71, 0.42],
                [0.58, 0.38, 0.17, 0.14, 0.24, 0.4],
            ],
            dtype,
        ),
        W1=two_layers.W1,
        b1=two_layers.b1,
        W2=two_layers.W2,
        b2=two_layers.b2,
        W3=np.array(
            [
                [0.95, -0.35, 1.4, -1.1, 0.25, -0.8],
                [-0.45, 1.2, -0.65, 0.55, -1.3, 0.35],
                [0.75, -0.9, 0.15, 1.0, -0.25, -1.4],
            ],
            dtype,
        ),
        b3=np.array([0.05, -0.15, 0.45, -0.55, 0.65, -0.05], dtype),
    )
