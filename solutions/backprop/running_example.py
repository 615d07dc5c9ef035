"""The one network and the one minibatch that all chapters compute with.

Four inputs, two hidden and three output units, five examples: no two of these numbers are equal,
so a forgotten transpose or a sum over the wrong axis cannot run unnoticed.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import DTypeLike

from backprop.units import UnitLayer
from backprop.validation import Array

__all__ = ["RunningExample", "running_example"]


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


def running_example(dtype: DTypeLike = np.float64) -> RunningExample:
    """Return the running example.

    Parameters
    ----------
    dtype : dtype, default float64
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
    parameters.  Every unit has an activation between 0.08 and 0.91, so none is saturated, and
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
