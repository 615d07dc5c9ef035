"""Every number of one pattern's forward and backward pass, for tables and figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from backprop.activations import logistic_derivative
from backprop.units import (
    UnitLayer,
    backward_pass,
    forward_pass,
    layer_preactivation,
    pattern_cost,
)
from backprop.validation import Array, as_float_array

__all__ = ["PassTrace", "trace_pass"]


class PassTrace(NamedTuple):
    """The numbers of a pass, layer by layer; L is the number of weight layers.

    Attributes
    ----------
    weights : list of Array, shapes (n_in, n_out)
        L matrices in matrix form: the unit form's w_ij is ``weights[layer][j, i]``.
    biases : list of Array, shapes (n_out,)
        L vectors.
    pre_activations : list of Array, shapes (n_out,)
        L vectors z.
    activations : list of Array, shapes (n,)
        L + 1 vectors, the inputs first.
    targets : Array, shape (n_L,)
        y.
    cost : float
        C of this pattern.
    slopes : list of Array, shapes (n_out,)
        L vectors σ′(z).
    influences : list of Array, shapes (n_out,)
        L vectors ∂C/∂a.
    deltas : list of Array, shapes (n_out,)
        L vectors δ = ∂C/∂z.
    """

    weights: list[Array]
    biases: list[Array]
    pre_activations: list[Array]
    activations: list[Array]
    targets: Array
    cost: float
    slopes: list[Array]
    influences: list[Array]
    deltas: list[Array]


def trace_pass(network: Sequence[UnitLayer], x: Array, y: Array) -> PassTrace:
    r"""Return every number of one pattern's forward and backward pass.

    Parameters
    ----------
    network : sequence of UnitLayer
        The layers in the order in which the signal meets them.
    x : Array, shape (n_in,)
        Inputs of the pattern.
    y : Array, shape (n_out,)
        Target values of the pattern.

    Returns
    -------
    PassTrace
        In the order of the network.

    Raises
    ------
    ValueError
        If shapes do not agree.

    Notes
    -----
    .. math:: \frac{\partial C}{\partial a_i} = a_i - y_i \text{ (output)}, \qquad
              \frac{\partial C}{\partial a_j} = \sum_i w_{ij}\,\delta_i \text{ (hidden)}

    References
    ----------
    D, *Forward Pass*, *Backward Pass*.
    """
    y = as_float_array(y, "y", ndim=1)
    activations = forward_pass(network, x)
    deltas = backward_pass(network, activations, y)
    pre_activations = [
        layer_preactivation(W, a, b) for (W, b), a in zip(network, activations[:-1], strict=True)
    ]
    hidden = [layer.W.T @ delta for layer, delta in zip(network[1:], deltas[1:], strict=True)]
    return PassTrace(
        weights=[layer.W.T for layer in network],
        biases=[layer.b for layer in network],
        pre_activations=pre_activations,
        activations=activations,
        targets=y,
        cost=pattern_cost(activations[-1], y),
        slopes=[logistic_derivative(z) for z in pre_activations],
        influences=[*hidden, activations[-1] - y],
        deltas=deltas,
    )
