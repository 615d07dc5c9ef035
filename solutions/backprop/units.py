"""A network written unit by unit, with one index for each letter of the formulas.

Output units have index i, hidden units j and input units k; ``W[i, j]`` is the weight w_ij of
the connection **from** unit j **to** unit i. The loops are slow on purpose: each line is a line
of the derivation. All units are logistic, as in the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from backprop.activations import logistic
from backprop.validation import (
    Array,
    as_float_array,
    as_float_arrays,
    as_float_scalar,
    check_between,
    check_layers,
    check_positive,
)

__all__ = [
    "UnitLayer",
    "add_momentum",
    "apply_changes",
    "backward_pass",
    "batch_gradients",
    "bias_changes",
    "forward_pass",
    "gradient_changes",
    "hidden_deltas",
    "layer_preactivation",
    "mean_cost",
    "network_cost",
    "output_deltas",
    "pattern_cost",
    "pattern_gradients",
    "random_network",
    "train_network",
    "train_step",
    "unit_preactivation",
    "weight_changes",
    "weight_gradients",
]


class UnitLayer(NamedTuple):
    """One layer of units, or the gradient or the change of its parameters.

    Attributes
    ----------
    W : Array, shape (n_out, n_in)
        ``W[i, j]`` belongs to the connection from unit j to unit i.
    b : Array, shape (n_out,)
        ``b[i]`` belongs to unit i; it is the weight of a constant input 1.
    """

    W: Array
    b: Array


def unit_preactivation(w: Array, x: Array, b: float) -> float:
    r"""Pre-activation z of one unit: the weighted sum of its inputs plus its bias.

    Parameters
    ----------
    w : Array, shape (n_in,)
        Weights of the connections into the unit.
    x : Array, shape (n_in,)
        What the units of the layer before send.
    b : float
        Bias of the unit, the weight of a constant input 1.

    Returns
    -------
    float
        The pre-activation z.

    Raises
    ------
    ValueError
        If ``w`` and ``x`` differ in length or are not vectors, or ``b`` is not one number.

    Notes
    -----
    .. math:: z = \Big(\sum_k w_k x_k\Big) + b

    References
    ----------
    D, *Compute Activation*; B, *A Simple Overview*.

    Examples
    --------
    >>> w, x = np.array([0.5, -1.0]), np.array([2.0, 3.0])
    >>> float(unit_preactivation(w, x, 1.0))
    -1.0
    """
    w, x = as_float_arrays(w=(w, "n_in"), x=(x, "n_in"))
    z = as_float_scalar(b, "b")
    for k in range(len(x)):
        z = z + w[k] * x[k]
    return z


def layer_preactivation(W: Array, x: Array, b: Array) -> Array:
    r"""Pre-activations of all units of one layer, unit by unit.

    Parameters
    ----------
    W : Array, shape (n_out, n_in)
        ``W[i, j]`` is the weight from unit j of the layer before to unit i of this layer.
    x : Array, shape (n_in,)
        Activations of the layer before, or the inputs of the network.
    b : Array, shape (n_out,)
        Biases.

    Returns
    -------
    Array, shape (n_out,)
        The pre-activations z_i.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: z_i = \Big(\sum_j w_{ij} x_j\Big) + b_i

    The source writes the sum of an output unit with x where the activations of the hidden
    units are meant (*How to Update the Bias?*); here x stands for whatever the layer before sends.

    References
    ----------
    D, *Forward Pass*.

    Examples
    --------
    >>> W = np.array([[1.0, 2.0], [0.0, 3.0], [-1.0, 1.0]])
    >>> layer_preactivation(W, np.array([1.0, 2.0]), np.array([0.5, 0.0, 0.0]))
    array([5.5, 6. , 1. ])
    """
    W, x, b = as_float_arrays(W=(W, "n_out n_in"), x=(x, "n_in"), b=(b, "n_out"))
    return np.array([unit_preactivation(W[i], x, b[i]) for i in range(len(b))])


def pattern_cost(a: Array, y: Array) -> float:
    r"""Cost of one pattern: half the sum of the squared errors of the output units.

    Parameters
    ----------
    a : Array, shape (n_out,)
        Activations of the output units.
    y : Array, shape (n_out,)
        Target values.

    Returns
    -------
    float
        The cost, not negative.

    Raises
    ------
    ValueError
        If ``a`` and ``y`` are not vectors of the same length.

    Notes
    -----
    .. math:: C = \sum_i \tfrac12 (y_i - a_i)^2

    The factor ½ cancels the 2 of the derivative, ∂C/∂a_i = a_i − y_i.

    References
    ----------
    D, *Cost/Loss for One Pattern*.

    Examples
    --------
    >>> float(pattern_cost(np.array([0.5, 1.0]), np.array([1.0, 0.0])))
    0.625
    """
    a, y = as_float_arrays(a=(a, "n_out"), y=(y, "n_out"))
    return sum((y[i] - a[i]) ** 2 / 2 for i in range(len(y)))


def mean_cost(A: Array, Y: Array) -> float:
    r"""Cost averaged over all patterns.

    Parameters
    ----------
    A : Array, shape (n, n_out)
        Activations of the output units, one pattern in each row.
    Y : Array, shape (n, n_out)
        Target values.

    Returns
    -------
    float
        The mean over the n patterns, not over the output units.

    Raises
    ------
    ValueError
        If the shapes differ, or if there is no pattern.

    Notes
    -----
    .. math:: C = \frac1n \sum_p \sum_i \tfrac12 \big(y_i^{(p)} - a_i^{(p)}\big)^2

    References
    ----------
    D, *Cost/Loss for n Patterns*. B and C sum where D averages.

    Examples
    --------
    >>> A = np.array([[0.5, 1.0], [1.0, 0.0]])
    >>> Y = np.array([[1.0, 0.0], [1.0, 0.0]])
    >>> float(mean_cost(A, Y))
    0.3125
    """
    A, Y = as_float_arrays(A=(A, "n n_out"), Y=(Y, "n n_out"))
    n = len(Y)
    return sum(pattern_cost(A[p], Y[p]) for p in range(n)) / n


def forward_pass(network: Sequence[UnitLayer], x: Array) -> list[Array]:
    r"""Activations of all layers for one pattern, from the input to the output.

    Parameters
    ----------
    network : sequence of UnitLayer
        The layers in the order in which the signal meets them.
    x : Array, shape (n_in,)
        Inputs of the network.

    Returns
    -------
    list of Array
        One array for each layer of units, the inputs first: ``[x, a_hidden, ..., a_output]``.

    Raises
    ------
    ValueError
        If the network has no layer or the sizes of neighbours do not agree.

    Notes
    -----
    .. math:: z_j = \Big(\sum_k w_{jk} x_k\Big) + b_j, \quad a_j = \sigma(z_j), \qquad
              z_i = \Big(\sum_j w_{ij} a_j\Big) + b_i, \quad a_i = \sigma(z_i)

    References
    ----------
    D, *Forward Pass*.

    Examples
    --------
    >>> network = [UnitLayer(np.array([[1.0, -1.0]]), np.array([0.0]))]
    >>> forward_pass(network, np.array([3.0, 3.0]))[-1]
    array([0.5])
    """
    check_layers(network=network)
    activations = [as_float_array(x, "x", ndim=1)]
    for W, b in network:
        activations.append(logistic(layer_preactivation(W, activations[-1], b)))
    return activations


def output_deltas(a: Array, y: Array) -> Array:
    r"""Deltas δ_i = ∂C/∂z_i of the output units, for one pattern.

    Parameters
    ----------
    a : Array, shape (n_out,)
        Activations of the logistic output units, between 0 and 1.
    y : Array, shape (n_out,)
        Target values.

    Returns
    -------
    Array, shape (n_out,)
        The deltas δ_i.

    Raises
    ------
    ValueError
        If ``a`` and ``y`` are not vectors of the same length.

    Notes
    -----
    .. math:: \delta_i = \frac{\partial a_i}{\partial z_i}\,\frac{\partial C}{\partial a_i}
              = (a_i - y_i)\,a_i\,(1 - a_i)

    The factor a(1 − a) is σ′(z) of the logistic unit, written with the activation. Another
    activation function has another factor.

    References
    ----------
    D, *Update Rule for Output Unit i*.

    Examples
    --------
    >>> output_deltas(np.array([0.5, 0.8]), np.array([1.0, 0.3]))
    array([-0.125,  0.08 ])
    """
    a, y = as_float_arrays(a=(a, "n_out"), y=(y, "n_out"))
    return np.array([(a[i] - y[i]) * a[i] * (1 - a[i]) for i in range(len(a))])


def hidden_deltas(W_next: Array, deltas_next: Array, a: Array) -> Array:
    r"""Deltas δ_j = ∂C/∂z_j of a hidden layer, from the deltas of the layer that it feeds.

    Parameters
    ----------
    W_next : Array, shape (n_next, n_hidden)
        ``W_next[i, j]`` is the weight from hidden unit j to unit i of the next layer.
    deltas_next : Array, shape (n_next,)
        Deltas δ_i of the next layer.
    a : Array, shape (n_hidden,)
        Activations of the logistic hidden units, between 0 and 1.

    Returns
    -------
    Array, shape (n_hidden,)
        The deltas δ_j.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Notes
    -----
    .. math:: \delta_j = \Big(\sum_i w_{ij}\,\delta_i\Big)\,a_j\,(1 - a_j)

    The sum in brackets is ∂C/∂a_j. It runs over the units that hidden unit j **feeds**: its
    influence on the cost acts through all of them, and influences along different paths add.

    References
    ----------
    D, *Update Rule for Hidden Unit j*; B, *Backward Pass*.

    Examples
    --------
    >>> W_next = np.array([[2.0, 0.0], [1.0, 4.0]])
    >>> hidden_deltas(W_next, np.array([0.5, -0.25]), np.array([0.5, 0.2]))
    array([ 0.1875, -0.16  ])
    """
    W_next, deltas_next, a = as_float_arrays(
        W_next=(W_next, "n_next n_hidden"),
        deltas_next=(deltas_next, "n_next"),
        a=(a, "n_hidden"),
    )
    deltas = []
    for j in range(len(a)):
        influence = sum(W_next[i, j] * deltas_next[i] for i in range(len(deltas_next)))
        deltas.append(influence * a[j] * (1 - a[j]))
    return np.array(deltas)


def backward_pass(
    network: Sequence[UnitLayer], activations: Sequence[Array], y: Array
) -> list[Array]:
    """Deltas of all layers for one pattern, computed from the output back to the first layer.

    Parameters
    ----------
    network : sequence of UnitLayer
        The layers in the order in which the signal meets them.
    activations : sequence of Array, shapes (n,)
        As returned by :func:`forward_pass`, the inputs first.
    y : Array, shape (n_out,)
        Target values.

    Returns
    -------
    list of Array
        One array of deltas for each layer of the network, in the order of the network.

    Raises
    ------
    ValueError
        If the number of activations does not belong to the network, or shapes do not agree.

    Notes
    -----
    No weight changes here. A hidden delta asks how the cost reacts to the network that made
    the activations; with weights that are already changed the answer would mix two networks and
    be the gradient of neither. So all deltas come first and all changes after them.

    References
    ----------
    D, *Backward Pass*.

    Examples
    --------
    >>> network = [UnitLayer(np.array([[1.0, -1.0]]), np.array([0.0]))]
    >>> activations = forward_pass(network, np.array([3.0, 3.0]))
    >>> backward_pass(network, activations, np.array([1.0]))  # (0.5 − 1) · 0.25
    [array([-0.125])]
    """
    check_layers(network=network)
    if len(activations) != len(network) + 1:
        raise ValueError(
            f"activations has {len(activations)} arrays but network has {len(network)} layers; "
            "expected one more than layers, pass all that forward_pass returns"
        )
    deltas = [output_deltas(activations[-1], y)]
    for layer in reversed(range(1, len(network))):
        deltas.append(hidden_deltas(network[layer].W, deltas[-1], activations[layer]))
    return deltas[::-1]


def weight_gradients(deltas: Array, inputs: Array) -> Array:
    r"""Cost gradients ∂C/∂w_ij of the weights into one layer, for one pattern.

    Parameters
    ----------
    deltas : Array, shape (n_out,)
        Deltas δ_i of the layer.
    inputs : Array, shape (n_in,)
        Activations a_j that the layer received.

    Returns
    -------
    Array, shape (n_out, n_in)
        Entry [i, j] is ∂C/∂w_ij. The gradient of bias b_i is δ_i itself.

    Raises
    ------
    ValueError
        If an argument is not a vector.

    Notes
    -----
    .. math:: \frac{\partial C}{\partial w_{ij}}
              = \frac{\partial z_i}{\partial w_{ij}}\,\frac{\partial C}{\partial z_i}
              = a_j\,\delta_i

    The first factor is known from the forward pass, the second from the backward pass.

    References
    ----------
    D, *Hidden → Output Weights*; B, *Using Chain Rule*; L, *Backpropagation*.
    """
    deltas, inputs = as_float_arrays(deltas=(deltas, "n_out"), inputs=(inputs, "n_in"))
    return np.array([[delta * a for a in inputs] for delta in deltas])


def weight_changes(deltas: Array, inputs: Array, learning_rate: float) -> Array:
    r"""Changes Δw_ij of the weights into one layer, for one pattern.

    Parameters
    ----------
    deltas : Array, shape (n_out,)
        Deltas δ_i of the layer.
    inputs : Array, shape (n_in,)
        Activations a_j that the layer received.
    learning_rate : float
        η, greater than 0.

    Returns
    -------
    Array, shape (n_out, n_in)
        Entry [i, j] is to be **added** to w_ij.

    Raises
    ------
    ValueError
        If an argument is not a vector, or η is not positive.

    Notes
    -----
    .. math:: \Delta w_{ij} = -\eta\,\frac{\partial C}{\partial w_{ij}} = -\eta\,\delta_i\,a_j

    The source asks for 0 < η < 1. That bound is neither necessary nor sufficient: on a
    quadratic cost the steps converge where η < 2/λ_max, λ_max the largest curvature.

    References
    ----------
    D, *How to Update the Weights?*, *Update Rule for Output Unit i*.
    """
    check_positive(learning_rate=learning_rate)
    deltas, inputs = as_float_arrays(deltas=(deltas, "n_out"), inputs=(inputs, "n_in"))
    return np.array([[-learning_rate * delta * a for a in inputs] for delta in deltas])


def bias_changes(deltas: Array, learning_rate: float) -> Array:
    r"""Changes Δb_i of the biases of one layer, for one pattern.

    Parameters
    ----------
    deltas : Array, shape (n_out,)
        Deltas δ_i of the layer.
    learning_rate : float
        η, greater than 0.

    Returns
    -------
    Array, shape (n_out,)
        Entry [i] is to be **added** to b_i.

    Raises
    ------
    ValueError
        If ``deltas`` is not a vector, or η is not positive.

    Notes
    -----
    .. math:: \Delta b_i = -\eta\,\delta_i

    A bias is the weight of a constant input 1, so this is the weight rule with a_j = 1.

    References
    ----------
    D, *How to Update the Bias?*.
    """
    check_positive(learning_rate=learning_rate)
    deltas = as_float_array(deltas, "deltas", ndim=1)
    return np.array([-learning_rate * delta for delta in deltas])


def apply_changes(network: Sequence[UnitLayer], changes: Sequence[UnitLayer]) -> list[UnitLayer]:
    r"""Return a network whose parameters are the old ones plus their changes.

    Parameters
    ----------
    network, changes : sequence of UnitLayer
        Layers of the same shapes.

    Returns
    -------
    list of UnitLayer
        A new network; the old one is not changed.

    Raises
    ------
    ValueError
        If the numbers of layers or the shapes differ.

    Notes
    -----
    .. math:: w_{ij} \leftarrow w_{ij} + \Delta w_{ij}, \quad b_i \leftarrow b_i + \Delta b_i

    References
    ----------
    D, *Backward Pass*.
    """
    _check_alike(network, changes, "changes")
    return [UnitLayer(W + dW, b + db) for (W, b), (dW, db) in zip(network, changes, strict=True)]


def train_step(
    network: Sequence[UnitLayer], x: Array, y: Array, learning_rate: float
) -> list[UnitLayer]:
    """Return the network after one step of gradient descent on one pattern.

    Parameters
    ----------
    network : sequence of UnitLayer
        The layers in the order in which the signal meets them.
    x : Array, shape (n_in,)
        Inputs of the pattern.
    y : Array, shape (n_out,)
        Target values of the pattern.
    learning_rate : float
        η, greater than 0.

    Returns
    -------
    list of UnitLayer
        A new network; the old one is not changed.

    Raises
    ------
    ValueError
        If shapes do not agree, or η is not positive.

    Notes
    -----
    Forward pass, then all deltas, then all changes, in this order; :func:`backward_pass` says
    why.

    References
    ----------
    D, *Backward Pass*.
    """
    activations = forward_pass(network, x)
    deltas = backward_pass(network, activations, y)
    changes = [
        UnitLayer(weight_changes(delta, a, learning_rate), bias_changes(delta, learning_rate))
        for delta, a in zip(deltas, activations[:-1], strict=True)
    ]
    return apply_changes(network, changes)


def network_cost(network: Sequence[UnitLayer], X: Array, Y: Array) -> float:
    """Cost of a network averaged over patterns.

    Parameters
    ----------
    network : sequence of UnitLayer
        The layers in the order in which the signal meets them.
    X : Array, shape (n, n_in)
        Inputs, one pattern in each row.
    Y : Array, shape (n, n_out)
        Target values.

    Returns
    -------
    float
        As :func:`mean_cost`.

    Raises
    ------
    ValueError
        If shapes do not agree.

    References
    ----------
    D, *Cost/Loss for n Patterns*.
    """
    X, Y = as_float_arrays(X=(X, "n n_in"), Y=(Y, "n n_out"))
    return mean_cost(np.array([forward_pass(network, x)[-1] for x in X]), Y)


def pattern_gradients(network: Sequence[UnitLayer], x: Array, y: Array) -> list[UnitLayer]:
    """Cost gradients of all weights and biases, for one pattern.

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
    list of UnitLayer
        For each layer (∂C/∂W, ∂C/∂b), in the shapes of W and b.

    Raises
    ------
    ValueError
        If shapes do not agree.

    References
    ----------
    D, *Hidden → Output Weights*, *Input → Hidden Weights*; L, *Backpropagation – Summary*.
    """
    activations = forward_pass(network, x)
    deltas = backward_pass(network, activations, y)
    return [
        UnitLayer(weight_gradients(delta, a), delta)
        for delta, a in zip(deltas, activations[:-1], strict=True)
    ]


def batch_gradients(network: Sequence[UnitLayer], X: Array, Y: Array) -> list[UnitLayer]:
    r"""Gradients of the mean cost: the mean of the patterns' gradients.

    Parameters
    ----------
    network : sequence of UnitLayer
        The layers in the order in which the signal meets them.
    X : Array, shape (n, n_in)
        Inputs, one pattern in each row.
    Y : Array, shape (n, n_out)
        Target values.

    Returns
    -------
    list of UnitLayer
        For each layer (∂C/∂W, ∂C/∂b), in the shapes of W and b.

    Raises
    ------
    ValueError
        If shapes do not agree, or if there is no pattern.

    Notes
    -----
    .. math:: \frac{\partial C}{\partial w} = \frac1n \sum_p \frac{\partial C^{(p)}}{\partial w}

    The source defines the cost as an average over patterns but differentiates it for one
    pattern; this function closes the gap. B sums: its gradient is n times this one.

    References
    ----------
    D, *Cost/Loss for n Patterns*; B, *A Simple Overview*.
    """
    X, Y = as_float_arrays(X=(X, "n n_in"), Y=(Y, "n n_out"))
    n = len(X)
    per_pattern = [pattern_gradients(network, X[p], Y[p]) for p in range(n)]
    return [
        UnitLayer(sum(layer.W for layer in layers) / n, sum(layer.b for layer in layers) / n)
        for layers in zip(*per_pattern, strict=True)
    ]


def gradient_changes(gradients: Sequence[UnitLayer], learning_rate: float) -> list[UnitLayer]:
    r"""Changes of all parameters: −η times their cost gradients.

    Parameters
    ----------
    gradients : sequence of UnitLayer
        For each layer (∂C/∂W, ∂C/∂b).
    learning_rate : float
        η, greater than 0.

    Returns
    -------
    list of UnitLayer
        For each layer (ΔW, Δb), to be **added** to the parameters.

    Raises
    ------
    ValueError
        If η is not positive.

    Notes
    -----
    .. math:: \Delta w = -\eta\,\frac{\partial C}{\partial w}

    A positive gradient says that a larger weight makes the cost larger, so the weight goes
    down; a negative one that it goes up.

    References
    ----------
    D, *How to Update the Weights?*.
    """
    check_positive(learning_rate=learning_rate)
    return [UnitLayer(-learning_rate * dW, -learning_rate * db) for dW, db in gradients]


def add_momentum(
    changes: Sequence[UnitLayer], previous: Sequence[UnitLayer], momentum: float
) -> list[UnitLayer]:
    r"""Changes with momentum: those of the current gradient plus α times the previous ones.

    Parameters
    ----------
    changes : sequence of UnitLayer
        Changes −η ∂C/∂w from the current cost gradient.
    previous : sequence of UnitLayer
        Changes that were made at the previous step; zeros before the first step.
    momentum : float
        α, 0 ≤ α < 1.

    Returns
    -------
    list of UnitLayer
        The changes to make, and to remember for the next step.

    Raises
    ------
    ValueError
        If the shapes differ, or α lies outside of [0, 1).

    Notes
    -----
    .. math:: \Delta w_{ij}(t) = -\eta\,\delta_i a_j + \alpha\,\Delta w_{ij}(t-1)

    and likewise for the biases and for the weights of every other layer. The source allows
    α = 1, with which nothing ever damps the motion.

    References
    ----------
    D, *Adding Momentum*.
    """
    check_between(0, 1, momentum=momentum)
    _check_alike(changes, previous, "previous")
    return [
        UnitLayer(W + momentum * W_before, b + momentum * b_before)
        for (W, b), (W_before, b_before) in zip(changes, previous, strict=True)
    ]


def random_network(
    sizes: Sequence[int], rng: np.random.Generator, *, scale: float = 1.0
) -> list[UnitLayer]:
    """Return a network with normally distributed weights and zero biases.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of units from the input to the output, at least two numbers.
    rng : numpy.random.Generator
        Source of the random numbers.
    scale : float
        Standard deviation of the weights, greater than 0. Equal weights would keep the units
        of a layer equal for ever.

    Returns
    -------
    list of UnitLayer
        One layer for each pair of neighbours in ``sizes``.

    Raises
    ------
    ValueError
        If there are fewer than two sizes, a size is less than 1, or ``scale`` is not positive.

    Examples
    --------
    >>> network = random_network([4, 2, 3], np.random.default_rng(0))
    >>> [(W.shape, b.shape) for W, b in network]
    [((2, 4), (2,)), ((3, 2), (3,))]
    """
    check_positive(scale=scale)
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes is {list(sizes)}, expected two or more numbers of at least 1")
    return [
        UnitLayer(scale * rng.standard_normal((n_out, n_in)), np.zeros(n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def train_network(
    network: Sequence[UnitLayer],
    X: Array,
    Y: Array,
    *,
    learning_rate: float,
    epochs: int,
    batch_size: int | None = None,
    momentum: float = 0.0,
    rng: np.random.Generator | None = None,
) -> tuple[list[UnitLayer], Array]:
    """Train a network by loops and return it with its cost after each epoch.

    Parameters
    ----------
    network : sequence of UnitLayer
        The network to start from; it is not changed.
    X : Array, shape (n, n_in)
        Inputs, one pattern in each row.
    Y : Array, shape (n, n_out)
        Target values.
    learning_rate : float
        η, greater than 0.
    epochs : int
        Number of passes through the patterns, not negative.
    batch_size : int, optional
        Number m of patterns for each update: 1 is stochastic, the default n is batch gradient
        descent, numbers between are mini-batch; the last batch may be smaller.
    momentum : float
        α, 0 ≤ α < 1.
    rng : numpy.random.Generator, optional
        Shuffles the patterns anew in each epoch; by default they keep their order.

    Returns
    -------
    network : list of UnitLayer
        The trained network.
    costs : Array, shape (epochs + 1,)
        Mean cost over all patterns before the first epoch and after each.

    Raises
    ------
    ValueError
        If shapes do not agree or a hyperparameter is out of its range.

    References
    ----------
    D, *Gradient Descent*, *Stochastic Gradient Descent*, *Mini-Batch Gradient Descent*, *Adding
    Momentum*.

    Examples
    --------
    >>> network = [UnitLayer(np.array([[0.0, 0.0]]), np.array([0.0]))]
    >>> X, Y = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0], [1.0]])
    >>> trained, costs = train_network(network, X, Y, learning_rate=5.0, epochs=50)
    >>> costs[[0, -1]].round(3)
    array([0.125, 0.003])
    """
    X, Y = as_float_arrays(X=(X, "n n_in"), Y=(Y, "n n_out"))
    n, m = len(X), len(X) if batch_size is None else batch_size
    if m < 1 or epochs < 0:
        raise ValueError(f"batch_size is {m} and epochs {epochs}, expected >= 1 and >= 0")
    previous = [UnitLayer(np.zeros_like(W), np.zeros_like(b)) for W, b in network]
    costs = [network_cost(network, X, Y)]
    for _ in range(epochs):
        order = np.arange(n) if rng is None else rng.permutation(n)
        for start in range(0, n, m):
            rows = order[start : start + m]
            changes = gradient_changes(batch_gradients(network, X[rows], Y[rows]), learning_rate)
            previous = add_momentum(changes, previous, momentum)
            network = apply_changes(network, previous)
        costs.append(network_cost(network, X, Y))
    return list(network), np.array(costs)


def _check_alike(layers: Sequence[UnitLayer], others: Sequence[UnitLayer], name: str) -> None:
    shapes = [(np.shape(W), np.shape(b)) for W, b in layers]
    other_shapes = [(np.shape(W), np.shape(b)) for W, b in others]
    if shapes != other_shapes:
        raise ValueError(f"{name} has shapes {other_shapes}, expected {shapes}, layer by layer")
