"""One example as a column, in the notation of B and C: products of rows, diagonals and weights.

A one-dimensional array multiplies from the left as a row and from the right as a column, so the
products below read as the formulas do. Weights are W[out, in] here, the transposes of the weights
of :mod:`backprop.layers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from backprop.layers import activation_named
from backprop.validation import Array, as_float_array, as_float_arrays, check_cache

__all__ = [
    "ColumnCache",
    "assembled_weight_gradient",
    "bias_gradient_factors",
    "column_backward",
    "column_deltas",
    "column_forward",
    "column_loss",
    "entry_derivative",
    "layer_jacobian",
    "loss_prefixes",
    "parameter_jacobians",
    "row_times",
]


class ColumnCache(NamedTuple):
    """Everything that the forward pass of one example has computed.

    Attributes
    ----------
    weights : tuple of Array, shapes (n_l, n_{l−1})
        W_1, …, W_K; C calls them A_0, …, A_{K−1}.
    states : tuple of Array, shapes (n_l,)
        x_0, …, x_K: the input and the output of each layer; C calls them f_0, …, f_K.
    pre_activations : tuple of Array, shapes (n_l,)
        z_1, …, z_K.
    activations : tuple of str
        Name of the activation function of each layer.
    """

    weights: tuple[Array, ...]
    states: tuple[Array, ...]
    pre_activations: tuple[Array, ...]
    activations: tuple[str, ...]


def column_forward(
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    x: ArrayLike,
    *,
    activations: str | Sequence[str] = "logistic",
) -> ColumnCache:
    r"""Send one example through a network, as a column.

    Parameters
    ----------
    weights : sequence of ArrayLike, shapes (n_l, n_{l−1})
        W_1, …, W_K.
    biases : sequence of ArrayLike, shapes (n_l,)
        b_1, …, b_K.
    x : ArrayLike, shape (n_0,)
        Input x_0.
    activations : str or sequence of str
        Name of the activation function of all layers, or one name for each layer.

    Returns
    -------
    ColumnCache
        Its last state is the prediction.

    Raises
    ------
    ValueError
        If shapes or the numbers of layers do not fit.

    Notes
    -----
    .. math:: x_l = f_l(z_l), \qquad z_l = W_l x_{l-1} + b_l

    B leaves the biases out of its forward pass and has them in its derivative; they belong in both.

    References
    ----------
    B, *Matrix Representation*; C (5.111)–(5.113), with A_{l−1} for W_l and f_l for x_l.
    """
    names = _activation_names(activations, len(weights))
    if len(biases) != len(weights):
        raise ValueError(f"{len(biases)} biases but {len(weights)} weights, expected as many")
    states, pre_activations, matrices = [as_float_array(x, "x", ndim=1)], [], []
    for W, b, name in zip(weights, biases, names, strict=True):
        W, x, b = as_float_arrays(W=(W, "n_out n_in"), x=(states[-1], "n_in"), b=(b, "n_out"))
        matrices.append(W)
        pre_activations.append(W @ x + b)
        states.append(activation_named(name).function(pre_activations[-1]))
    return ColumnCache(tuple(matrices), tuple(states), tuple(pre_activations), names)


def column_loss(prediction: ArrayLike, y: ArrayLike, *, variant: str = "half") -> np.floating:
    r"""Squared error of one example.

    Parameters
    ----------
    prediction : ArrayLike, shape (n_K,)
        Output of the network.
    y : ArrayLike, shape (n_K,)
        Target.
    variant : str
        ``"half"`` for ½‖·‖², ours and that of B and of C's example, or ``"squared"`` for ‖·‖².

    Returns
    -------
    np.floating
        A scalar.

    Raises
    ------
    ValueError
        If the shapes differ or there is no such variant.

    Notes
    -----
    .. math:: E = \tfrac12 \lVert x_K - y \rVert^2 \quad\text{or}\quad
              L = \lVert y - x_K \rVert^2

    References
    ----------
    C, *Specific Example* (with ½) and (5.114) (without).
    """
    prediction, y = as_float_arrays(prediction=(prediction, "n_K"), y=(y, "n_K"))
    return 0.5 * _loss_scale(variant) * ((prediction - y) ** 2).sum()


def layer_jacobian(cache: ColumnCache, layer: int) -> Array:
    r"""Jacobian of the output of a layer with respect to its input.

    Parameters
    ----------
    cache : ColumnCache
        As returned by :func:`column_forward`.
    layer : int, from 1 to K
        The layer l.

    Returns
    -------
    Array, shape (n_l, n_{l−1})

    Raises
    ------
    ValueError
        If there is no such layer.

    Notes
    -----
    .. math:: \frac{\partial x_l}{\partial x_{l-1}}
              = \frac{\partial f_l}{\partial z_l}\, W_l

    ∂f/∂z is diagonal for element-wise functions and diag(s) − ssᵀ for softmax.

    References
    ----------
    C (5.116)–(5.118), the factors ∂f_{i+1}/∂f_i.
    """
    return _activation_jacobian(cache, layer) @ cache.weights[layer - 1]


def parameter_jacobians(cache: ColumnCache, layer: int) -> tuple[Array, Array]:
    r"""Jacobians of the output of a layer with respect to its own weights and biases.

    Parameters
    ----------
    cache : ColumnCache
        As returned by :func:`column_forward`.
    layer : int, from 1 to K
        The layer l.

    Returns
    -------
    by_weights : Array, shape (n_l, n_l, n_{l−1})
        ``by_weights[i, p, q]`` is ∂(x_l)_i / ∂(W_l)_pq.
    by_biases : Array, shape (n_l, n_l)

    Raises
    ------
    ValueError
        If there is no such layer.

    Notes
    -----
    .. math::
        \frac{\partial (x_l)_i}{\partial (W_l)_{pq}} =
        \left(\frac{\partial f_l}{\partial z_l}\right)_{ip} (x_{l-1})_q, \qquad
        \frac{\partial x_l}{\partial b_l} = \frac{\partial f_l}{\partial z_l}

    References
    ----------
    C (5.115)–(5.118), the factors ∂f_{i+1}/∂θ_i.
    """
    D = _activation_jacobian(cache, layer)
    return np.multiply.outer(D, cache.states[layer - 1]), D


def loss_prefixes(y: ArrayLike, cache: ColumnCache, *, variant: str = "half") -> list[Array]:
    r"""Derivatives of the loss with respect to the output of each layer: what is passed backward.

    Parameters
    ----------
    y : ArrayLike, shape (n_K,)
        Target.
    cache : ColumnCache
        As returned by :func:`column_forward`.
    variant : str
        ``"half"`` or ``"squared"``, as in :func:`column_loss`.

    Returns
    -------
    list of Array, shapes (n_l,)
        Rows ∂L/∂x_0, …, ∂L/∂x_K, the input first.

    Raises
    ------
    ValueError
        If the shape of y is not that of the output or there is no such variant.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial x_{l-1}} =
              \frac{\partial L}{\partial x_l} \frac{\partial x_l}{\partial x_{l-1}}

    Each row is the last one times one Jacobian. This growing prefix is what is re-used, not
    ∂L/∂θ_{i+1}, as the text below (5.118) has it.

    References
    ----------
    C (5.115)–(5.118).
    """
    rows: list[Array] = [_loss_scale(variant) * _error(y, cache)]
    for layer in range(len(cache.weights), 0, -1):
        rows.append(rows[-1] @ layer_jacobian(cache, layer))
    return rows[::-1]


def column_deltas(y: ArrayLike, cache: ColumnCache, *, variant: str = "half") -> list[Array]:
    r"""Rows δ_l = ∂E/∂z_l of all layers, from the last to the first and each from the next.

    Parameters
    ----------
    y : ArrayLike, shape (n_K,)
        Target.
    cache : ColumnCache
        As returned by :func:`column_forward`.
    variant : str
        ``"half"`` or ``"squared"``, as in :func:`column_loss`.

    Returns
    -------
    list of Array, shapes (n_l,)
        δ_1, …, δ_K, the first layer first.

    Raises
    ------
    ValueError
        If the shape of y is not that of the output or there is no such variant.

    Notes
    -----
    .. math::
        \delta_K = (x_K - y)^\top \frac{\partial f_K}{\partial z_K}, \qquad
        \delta_l = \delta_{l+1} W_{l+1} \frac{\partial f_l}{\partial z_l}

    References
    ----------
    C, *Backward Path (1)* and *(2)*; B, *Chain Rule*, whose ‖x₃ − y‖ must be the vector.
    """
    row: Array = _loss_scale(variant) * _error(y, cache)
    deltas: list[Array] = []
    for layer in range(len(cache.weights), 0, -1):
        deltas.append(row @ _activation_jacobian(cache, layer))
        row = deltas[-1] @ cache.weights[layer - 1]
    return deltas[::-1]


def assembled_weight_gradient(delta: ArrayLike, x: ArrayLike) -> Array:
    r"""Gradient of a weight matrix, assembled from the derivatives of its entries.

    Parameters
    ----------
    delta : ArrayLike, shape (n_out,)
        ∂E/∂z of the layer.
    x : ArrayLike, shape (n_in,)
        Input of the layer.

    Returns
    -------
    Array, shape (n_out, n_in)

    Raises
    ------
    ValueError
        If one of them does not have one axis.

    Notes
    -----
    .. math:: \frac{\partial E}{\partial W} = \delta\, x^\top
              \quad\text{with δ and x as columns}

    References
    ----------
    C stops at single entries, *Backward Path (3)* and *(4)*; this is the step that it leaves out.
    """
    delta, x = as_float_arrays(delta=(delta, "n_out"), x=(x, "n_in"))
    return np.outer(delta, x)


def column_backward(
    y: ArrayLike, cache: ColumnCache, *, variant: str = "half"
) -> tuple[list[Array], list[Array]]:
    r"""Gradients of all weights and biases for one example.

    Parameters
    ----------
    y : ArrayLike, shape (n_K,)
        Target.
    cache : ColumnCache
        As returned by :func:`column_forward`.
    variant : str
        ``"half"`` or ``"squared"``, as in :func:`column_loss`.

    Returns
    -------
    weight_gradients : list of Array, shapes (n_l, n_{l−1})
    bias_gradients : list of Array, shapes (n_l,)

    Raises
    ------
    ValueError
        If the shape of y is not that of the output or there is no such variant.

    Notes
    -----
    For three layers with element-wise activation functions, with δ as columns:

    .. math::
        \delta_3 &= (x_3 - y) \odot f_3'(z_3), &
        \partial L/\partial W_3 &= \delta_3 x_2^\top, & \partial L/\partial b_3 &= \delta_3 \\
        \delta_2 &= (W_3^\top \delta_3) \odot f_2'(z_2), &
        \partial L/\partial W_2 &= \delta_2 x_1^\top, & \partial L/\partial b_2 &= \delta_2 \\
        \delta_1 &= (W_2^\top \delta_2) \odot f_1'(z_1), &
        \partial L/\partial W_1 &= \delta_1 x_0^\top, & \partial L/\partial b_1 &= \delta_1

    References
    ----------
    B, *Chain Rule*, which gives W₃ only and drops f₃′.
    """
    deltas = column_deltas(y, cache, variant=variant)
    weight_gradients = [
        assembled_weight_gradient(delta, x)
        for delta, x in zip(deltas, cache.states[:-1], strict=True)
    ]
    return weight_gradients, deltas


def bias_gradient_factors(y: ArrayLike, cache: ColumnCache, layer: int) -> list[Array]:
    r"""Factors whose product, from left to right, is the derivative of E by a bias vector.

    Parameters
    ----------
    y : ArrayLike, shape (n_K,)
        Target.
    cache : ColumnCache
        As returned by :func:`column_forward`.
    layer : int, from 1 to K
        Layer of the bias; C's b_1 belongs to layer 2, and its b_0 to layer 1.

    Returns
    -------
    list of Array
        For the first of two layers: row, ∂f₂/∂Z₂, A₁, ∂f₁/∂Z₁, identity.

    Raises
    ------
    ValueError
        If there is no such layer or the shape of y is not that of the output.

    Notes
    -----
    .. math:: \frac{\partial E}{\partial b_0} = (f_2 - Y)^\top
              \operatorname{diag}\sigma'(Z_2)\, A_1 \operatorname{diag}\sigma'(Z_1)\, I

    References
    ----------
    C, *Backward Path (1)* and *(2)*: the slide has five factors but only four labels.
    """
    factors: list[Array] = [_error(y, cache)]
    D = _activation_jacobian(cache, layer)
    for current in range(len(cache.weights), layer, -1):
        factors += [_activation_jacobian(cache, current), cache.weights[current - 1]]
    return [*factors, D, np.eye(len(D), dtype=D.dtype)]


def row_times(factors: Sequence[Array]) -> Array:
    """Multiply a row by matrices, from left to right, so that every product is a row.

    Parameters
    ----------
    factors : sequence of Array, shapes (n,), (n, m), (m, p), …
        A row, and matrices that take what the one before gives.

    Returns
    -------
    Array, one axis

    Raises
    ------
    ValueError
        If two neighbours do not conform.

    Notes
    -----
    From left to right costs one vector–matrix product a factor. From right to left, which is
    forward mode, costs matrix–matrix products.
    """
    row, *matrices = factors
    for matrix in matrices:
        row, matrix = as_float_arrays(row=(row, "n"), matrix=(matrix, "n m"))
        row = row @ matrix
    return row


def entry_derivative(y: ArrayLike, cache: ColumnCache, layer: int, i: int, j: int) -> np.floating:
    r"""Derivative of E with respect to one entry of a weight matrix.

    Parameters
    ----------
    y : ArrayLike, shape (n_K,)
        Target.
    cache : ColumnCache
        As returned by :func:`column_forward`.
    layer : int, from 1 to K
        Layer of the weight; C's α is an entry of layer 2, and its β of layer 1.
    i, j : int
        Row and column of the entry.

    Returns
    -------
    np.floating
        A scalar.

    Raises
    ------
    ValueError
        If there is no such layer or entry.

    Notes
    -----
    .. math:: \frac{\partial E}{\partial \alpha} = \delta_2\, \frac{\partial A_1}{\partial \alpha}
              f_1

    ∂A₁/∂α is 1 at the place of α and 0 elsewhere, so the product is δ_i f_j.

    References
    ----------
    C, *Backward Path (3)* and *(4)*.
    """
    delta = row_times(bias_gradient_factors(y, cache, layer))
    W, x = cache.weights[layer - 1], cache.states[layer - 1]
    if not (0 <= i < W.shape[0] and 0 <= j < W.shape[1]):
        raise ValueError(f"entry ({i}, {j}) of a matrix of shape {W.shape}, expected one inside")
    single_entry = np.zeros_like(W)
    single_entry[i, j] = 1
    return np.dot(delta @ single_entry, x)


def _error(y: ArrayLike, cache: ColumnCache) -> Array:
    check_cache(cache, ColumnCache)
    prediction, y = as_float_arrays(prediction=(cache.states[-1], "n_K"), y=(y, "n_K"))
    return prediction - y


def _activation_jacobian(cache: ColumnCache, layer: int) -> Array:
    check_cache(cache, ColumnCache)
    if not 1 <= layer <= len(cache.weights):
        raise ValueError(f"layer is {layer}, expected 1 to {len(cache.weights)}")
    derivative = activation_named(cache.activations[layer - 1]).derivative
    if derivative is not None:
        return np.diag(derivative(cache.pre_activations[layer - 1]))
    s = cache.states[layer]
    return np.diag(s) - np.outer(s, s)


def _activation_names(activations: str | Sequence[str], layers: int) -> tuple[str, ...]:
    names = (activations,) * layers if isinstance(activations, str) else tuple(activations)
    if len(names) != layers or layers == 0:
        raise ValueError(f"{len(names)} activations for {layers} layers, expected as many")
    return names


def _loss_scale(variant: str) -> float:
    if variant not in ("half", "squared"):
        raise ValueError(f"variant is {variant!r}, expected 'half' or 'squared'")
    return 1.0 if variant == "half" else 2.0
