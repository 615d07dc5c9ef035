from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import assert_same, complex_step_gradient, complex_step_jacobian, unchanged
from strategies import dtypes, generators, sizes

from backprop.activations import logistic, logistic_derivative, softmax, tanh, tanh_derivative
from backprop.columns import (
    ColumnCache,
    assembled_weight_gradient,
    bias_gradient_factors,
    column_backward,
    column_deltas,
    column_forward,
    column_loss,
    entry_derivative,
    layer_jacobian,
    loss_prefixes,
    parameter_jacobians,
    row_times,
)
from backprop.networks import Layer, mlp_loss_and_gradients
from backprop.optimizers import GradientDescent, apply_updates
from backprop.running_example import running_example

widths = st.lists(sizes, min_size=2, max_size=5)
DEEP = (6, 5, 4, 3, 2)  # K = 4 layers, every width another one


class Column:
    """A network in column form with one example, and its loss as a function of a parameter."""

    def __init__(self, widths=DEEP, activations="tanh", variant="half", seed=0):
        rng = np.random.default_rng(seed)
        self.activations, self.variant = activations, variant
        self.weights = [
            rng.standard_normal((n_out, n_in)) / np.sqrt(n_in) for n_in, n_out in pairwise(widths)
        ]
        self.biases = [rng.standard_normal(n) for n in widths[1:]]
        self.x, self.y = rng.standard_normal(widths[0]), rng.standard_normal(widths[-1])
        self.cache = column_forward(self.weights, self.biases, self.x, activations=activations)

    def loss(self, weights=None, biases=None, x=None):
        x = self.x if x is None else x
        cache = column_forward(
            weights or self.weights, biases or self.biases, x, activations=self.activations
        )
        return column_loss(cache.states[-1], self.y, variant=self.variant)

    def weight_gradient(self, layer):
        """Complex-step gradient; layers count from 1."""
        return complex_step_gradient(
            lambda W: self.loss(weights=_replaced(self.weights, layer, W)), self.weights[layer - 1]
        )

    def bias_gradient(self, layer):
        return complex_step_gradient(
            lambda b: self.loss(biases=_replaced(self.biases, layer, b)), self.biases[layer - 1]
        )


def _replaced(values, layer, value):
    return [value if i == layer else old for i, old in enumerate(values, start=1)]


def relative_error(actual, expected):
    return np.linalg.norm(actual - expected) / np.linalg.norm(expected)


@pytest.mark.parametrize("variant", ["half", "squared"])
@pytest.mark.parametrize("activations", ["logistic", "tanh", "identity"])
@given(rng=generators, widths=widths)
def test_gradients_are_those_of_the_complex_step(activations, variant, rng, widths):
    c = Column(widths, activations, variant, seed=rng)
    weight_gradients, bias_gradients = column_backward(c.y, c.cache, variant=variant)
    for layer in range(1, len(widths)):
        assert_same(weight_gradients[layer - 1], c.weight_gradient(layer), rtol=1e-9)
        assert_same(bias_gradients[layer - 1], c.bias_gradient(layer), rtol=1e-9)


@given(rng=generators, widths=widths)
def test_the_column_form_is_the_row_form_with_transposed_weights(rng, widths):
    c = Column(widths, "tanh", seed=rng)
    params = [Layer(W.T, b) for W, b in zip(c.weights, c.biases, strict=True)]
    loss, rows = mlp_loss_and_gradients(
        params,
        c.x[np.newaxis],
        c.y[np.newaxis],
        loss="half_squared_error",
        activation="tanh",
        output_activation="tanh",
    )
    weight_gradients, bias_gradients = column_backward(c.y, c.cache)
    assert c.loss() == pytest.approx(loss, rel=1e-12)
    for dW, db, layer in zip(weight_gradients, bias_gradients, rows, strict=True):
        assert_same(dW, layer.W.T, rtol=1e-9)
        assert_same(db, layer.b, rtol=1e-9)


def test_the_running_example_averages_its_columns_to_the_gradients_of_its_rows():
    e = running_example()
    _, rows = mlp_loss_and_gradients(
        [Layer(e.W1, e.b1), Layer(e.W2, e.b2)], e.X, e.Y,
        loss="half_squared_error", activation="logistic", output_activation="logistic",
    )  # fmt: skip
    columns = [
        column_backward(y, column_forward([e.W1.T, e.W2.T], [e.b1, e.b2], x))
        for x, y in zip(e.X, e.Y, strict=True)
    ]
    for i, layer in enumerate(rows):
        assert_same(np.mean([dWs[i] for dWs, _ in columns], axis=0), layer.W.T)
        assert_same(np.mean([dbs[i] for _, dbs in columns], axis=0), layer.b)


def test_C_5_111_a_deep_network_is_a_composition_of_its_layers():
    c = Column()
    f = c.x
    for A, b in zip(c.weights, c.biases, strict=True):
        f = tanh(A @ f + b)
    assert_same(c.cache.states[-1], f)


def test_C_5_112_the_zeroth_state_is_the_input():
    c = Column()
    assert_same(c.cache.states[0], c.x)


def test_C_5_113_each_state_is_the_activation_of_an_affine_map_of_the_last():
    c = Column()
    assert len(c.cache.states) == len(c.weights) + 1
    for i in range(1, len(c.weights) + 1):
        Z = c.weights[i - 1] @ c.cache.states[i - 1] + c.biases[i - 1]
        assert_same(c.cache.pre_activations[i - 1], Z)
        assert_same(c.cache.states[i], tanh(Z))


def test_C_5_114_the_squared_loss_has_no_half():
    c = Column(variant="squared")
    assert c.loss() == pytest.approx(np.linalg.norm(c.y - c.cache.states[-1]) ** 2, rel=1e-12)


def test_C_18_with_and_without_the_half_all_gradients_differ_by_the_factor_2():
    half, squared = (
        column_backward(Column().y, Column().cache),
        column_backward(Column().y, Column().cache, variant="squared"),
    )
    for one, other in zip((*half[0], *half[1]), (*squared[0], *squared[1]), strict=True):
        assert_same(other, 2 * one)


def test_C_5_115_the_last_parameters_need_two_factors():
    c = Column(variant="squared")
    K = len(c.weights)
    by_output = 2 * (c.cache.states[K] - c.y)
    by_weights, by_biases = parameter_jacobians(c.cache, K)
    assert_same(np.tensordot(by_output, by_weights, 1), c.weight_gradient(K))
    assert_same(by_output @ by_biases, c.bias_gradient(K))


@pytest.mark.parametrize(
    ("factors", "equation"), [(1, "C_5_116"), (2, "C_5_117"), (3, "C_5_118 for i = K - 4")]
)
def test_C_5_116_to_5_118_earlier_parameters_need_more_layer_jacobians(factors, equation):
    c = Column(variant="squared")
    K = len(c.weights)
    row = 2 * (c.cache.states[K] - c.y)
    for layer in range(K, K - factors, -1):
        row = row @ layer_jacobian(c.cache, layer)
    by_weights, by_biases = parameter_jacobians(c.cache, K - factors)
    assert_same(np.tensordot(row, by_weights, 1), c.weight_gradient(K - factors))
    assert_same(row @ by_biases, c.bias_gradient(K - factors))


def test_C_5_116_to_5_118_the_prefix_is_computed_once_and_used_again():
    c = Column(variant="squared")
    prefixes = loss_prefixes(c.y, c.cache, variant="squared")
    assert [p.shape for p in prefixes] == [(n,) for n in DEEP]
    for layer in range(1, len(DEEP)):
        assert_same(prefixes[layer - 1], prefixes[layer] @ layer_jacobian(c.cache, layer))
        by_weights, by_biases = parameter_jacobians(c.cache, layer)
        assert_same(np.tensordot(prefixes[layer], by_weights, 1), c.weight_gradient(layer))
        assert_same(prefixes[layer] @ by_biases, c.bias_gradient(layer))


def test_C_figure_5_9_the_gradient_by_the_input_of_each_layer_is_passed_backward():
    c = Column(variant="squared")
    prefixes = loss_prefixes(c.y, c.cache, variant="squared")
    by_input = complex_step_gradient(lambda x: c.loss(x=x), c.x)
    assert_same(prefixes[0], by_input)
    for layer in range(1, len(DEEP)):
        rest = column_tail(c, layer)
        assert_same(prefixes[layer], complex_step_gradient(rest, c.cache.states[layer]))


def column_tail(c, layer):
    """The loss as a function of the output of a layer."""

    def tail(state):
        for A, b in zip(c.weights[layer:], c.biases[layer:], strict=True):
            state = tanh(A @ state + b)
        return column_loss(state, c.y, variant=c.variant)

    return tail


def test_C_5_118_layer_and_parameter_jacobians_are_those_of_the_complex_step():
    c = Column()
    for layer, (A, b) in enumerate(zip(c.weights, c.biases, strict=True), start=1):
        f = c.cache.states[layer - 1]
        J = complex_step_jacobian(lambda v, A=A, b=b: tanh(A @ v + b), f)
        assert_same(layer_jacobian(c.cache, layer), J)
        by_weights, by_biases = parameter_jacobians(c.cache, layer)
        assert_same(by_biases, complex_step_jacobian(lambda v, A=A, f=f: tanh(A @ f + v), b))
        flat = complex_step_jacobian(
            lambda v, A=A, f=f, b=b: tanh(v.reshape(A.shape) @ f + b), A.ravel()
        )
        assert_same(by_weights, flat.reshape(len(b), *A.shape))


def test_C_21_the_last_weight_gradient_does_not_tell_the_one_before_but_the_prefix_does():
    # tanh(0) = 0: the hidden state vanishes, and with it ∂L/∂A₁, but not ∂L/∂A₀.
    weights = [np.array([[1.0, -1.0], [2.0, -2.0]]), np.array([[1.0, 3.0]])]
    cache = column_forward(weights, [np.zeros(2), np.zeros(1)], [1.0, 1.0], activations="tanh")
    (by_A0, by_A1), _ = column_backward([1.0], cache, variant="squared")
    assert np.abs(by_A1).max() == 0
    assert_same(by_A0, np.array([[-2.0, -2.0], [-6.0, -6.0]]))
    assert loss_prefixes([1.0], cache, variant="squared")[1].tolist() == [-2.0, -6.0]


class Example(Column):
    """C's specific example: two layers of logistic units, ½‖f₂ − Y‖²."""

    def __init__(self):
        super().__init__((4, 2, 3), "logistic")
        self.f0, self.f1, self.f2 = self.cache.states
        self.Z1, self.Z2 = self.cache.pre_activations
        self.A0, self.A1 = self.weights
        self.row = self.f2 - self.y
        self.D1, self.D2 = (np.diag(logistic_derivative(Z)) for Z in (self.Z1, self.Z2))


def test_C_specific_example_forward_path():
    e = Example()
    assert_same(e.Z1, e.A0 @ e.f0 + e.biases[0])
    assert_same(e.f1, logistic(e.Z1))
    assert_same(e.Z2, e.A1 @ e.f1 + e.biases[1])
    assert_same(e.f2, logistic(e.Z2))
    assert e.loss() == pytest.approx(0.5 * (e.f2 - e.y) @ (e.f2 - e.y), rel=1e-12)


def test_C_backward_path_1_the_derivative_by_b1():
    e = Example()
    assert_same(e.row @ e.D2 @ np.eye(3), e.bias_gradient(2))
    factors = bias_gradient_factors(e.y, e.cache, 2)
    for factor, expected in zip(factors, (e.row, e.D2, np.eye(3)), strict=True):
        assert_same(factor, expected)
    assert_same(row_times(factors), e.bias_gradient(2))


def test_C_backward_path_2_and_C_23_the_derivative_by_b0_has_five_factors():
    e = Example()
    factors = bias_gradient_factors(e.y, e.cache, 1)
    expected = (e.row, e.D2, e.A1, e.D1, np.eye(2))
    assert len(factors) == 5
    for factor, matrix in zip(factors, expected, strict=True):
        assert_same(factor, matrix)
    assert_same(row_times(factors), e.bias_gradient(1))
    # The slide's four labels leave out A₁; the product of the others does not even conform.
    with pytest.raises(ValueError, match="mismatch"):
        e.row @ e.D2 @ e.D1 @ np.eye(2)


@pytest.mark.parametrize("layer", [1, 2, 3, 4])
def test_C_backward_path_2_in_a_deeper_network_has_two_more_factors_a_layer(layer):
    c = Column()
    factors = bias_gradient_factors(c.y, c.cache, layer)
    assert len(factors) == 3 + 2 * (4 - layer)
    assert_same(row_times(factors), c.bias_gradient(layer))


def test_C_23_without_A1_the_product_is_wrong_where_it_conforms():
    c = Column((3, 3, 3), "logistic")
    row, D2, _, D1, identity = bias_gradient_factors(c.y, c.cache, 1)
    assert relative_error(row_times([row, D2, D1, identity]), c.bias_gradient(1)) > 0.5


def test_C_24_the_jacobian_of_softmax_as_output_is_not_diagonal():
    c = Column((4, 2, 3), ("logistic", "softmax"))
    row, S, *_ = bias_gradient_factors(c.y, c.cache, 2)
    assert_same(S, complex_step_jacobian(softmax, c.cache.pre_activations[1]))
    assert_same(row @ S, c.bias_gradient(2))
    assert relative_error(row @ np.diag(np.diag(S)), c.bias_gradient(2)) > 0.1
    weight_gradients, _ = column_backward(c.y, c.cache)
    assert_same(weight_gradients[0], c.weight_gradient(1))


@pytest.mark.parametrize("layer", [1, 2])
def test_C_backward_paths_3_and_4_the_derivatives_by_single_entries(layer):
    e = Example()
    expected = e.weight_gradient(layer)
    for i, j in np.ndindex(expected.shape):
        assert entry_derivative(e.y, e.cache, layer, i, j) == pytest.approx(
            expected[i, j], rel=1e-10
        )


@pytest.mark.parametrize("layer", [1, 2])
def test_C_25_the_entries_assemble_to_delta_times_f_transposed(layer):
    e = Example()
    delta = column_deltas(e.y, e.cache)[layer - 1]
    assembled = assembled_weight_gradient(delta, e.cache.states[layer - 1])
    entries = [
        [entry_derivative(e.y, e.cache, layer, i, j) for j in range(assembled.shape[1])]
        for i in range(assembled.shape[0])
    ]
    assert_same(assembled, np.array(entries))
    assert_same(assembled, e.weight_gradient(layer))


def test_C_25_the_gradient_of_the_total_is_the_sum_over_the_examples():
    rng = np.random.default_rng(3)
    e, X, Y = Example(), rng.standard_normal((5, 4)), rng.standard_normal((5, 3))

    def total(A1):
        caches = [column_forward([e.A0, A1], e.biases, x) for x in X]
        return sum(column_loss(c.states[-1], y) for c, y in zip(caches, Y, strict=True))

    singles = [
        column_backward(y, column_forward(e.weights, e.biases, x))[0][1]
        for x, y in zip(X, Y, strict=True)
    ]
    assert_same(sum(singles), complex_step_gradient(total, e.A1))
    assert relative_error(singles[0], sum(singles)) > 0.1


class ThreeLayers(Column):
    """B's network: x₃ as a function of x₀ and W₁, W₂, W₃, with biases in both passes."""

    def __init__(self):
        super().__init__((5, 4, 3, 2), "tanh")
        self.x0, self.x1, self.x2, self.x3 = self.cache.states
        self.d1, self.d2, self.d3 = (tanh_derivative(z) for z in self.cache.pre_activations)
        self.delta3 = (self.x3 - self.y) * self.d3
        self.delta2 = (self.weights[2].T @ self.delta3) * self.d2
        self.delta1 = (self.weights[1].T @ self.delta2) * self.d1


def test_B_forward_propagation_of_three_layers():
    b = ThreeLayers()
    (W1, W2, W3), (b1, b2, b3) = b.weights, b.biases
    assert_same(b.x1, tanh(W1 @ b.x0 + b1))
    assert_same(b.x2, tanh(W2 @ b.x1 + b2))
    assert_same(b.x3, tanh(W3 @ b.x2 + b3))


def test_B_stochastic_and_batch_loss():
    assert column_loss([1.0, 2.0], [0.0, 0.0]) == 2.5
    pairs = [([1.0, 2.0], [0.0, 0.0]), ([3.0, 4.0], [3.0, 0.0])]
    assert sum(column_loss(prediction, y) for prediction, y in pairs) == 2.5 + 8


@pytest.mark.parametrize("layer", [3, 2, 1])
def test_B_the_derivation_for_W3_W2_W1_and_their_biases(layer):
    b = ThreeLayers()
    delta = (b.delta1, b.delta2, b.delta3)[layer - 1]
    right = np.outer(delta, (b.x0, b.x1, b.x2)[layer - 1])
    assert_same(right, b.weight_gradient(layer))
    assert_same(delta, b.bias_gradient(layer))
    weight_gradients, bias_gradients = column_backward(b.y, b.cache)
    assert_same(weight_gradients[layer - 1], right)
    assert_same(bias_gradients[layer - 1], delta)


def test_B_27_the_norm_in_place_of_the_vector_gives_every_row_the_same_factor():
    b = ThreeLayers()
    printed = np.outer(np.linalg.norm(b.x3 - b.y) * b.d3, b.x2)
    assert relative_error(printed, b.weight_gradient(3)) > 0.2
    assert (np.sign(printed) != np.sign(b.weight_gradient(3))).any()


def test_B_28_without_the_derivative_of_f3_the_gradient_is_too_large():
    b = ThreeLayers()
    printed = np.outer(b.x3 - b.y, b.x2)
    assert relative_error(printed, b.weight_gradient(3)) > 0.1
    assert (np.abs(printed) > np.abs(b.weight_gradient(3))).all()


def test_B_29_a_constant_derivative_gives_a_wrong_gradient():
    e = Example()
    constant = (e.row * 0.25) @ e.A1 * 0.25
    assert relative_error(constant, e.bias_gradient(1)) > 0.05


def test_B_30_biases_belong_in_both_passes():
    b = ThreeLayers()
    without = column_forward(b.weights, [0 * bias for bias in b.biases], b.x0, activations="tanh")
    weight_gradients, _ = column_backward(b.y, without)
    assert relative_error(weight_gradients[2], b.weight_gradient(3)) > 0.1


def test_B_the_update_of_all_weights():
    b = ThreeLayers()
    gradients, _ = column_backward(b.y, b.cache)
    optimizer = GradientDescent(0.05)
    updates, _ = optimizer.update(gradients, optimizer.init(b.weights))
    for new, W, layer in zip(apply_updates(b.weights, updates), b.weights, (1, 2, 3), strict=True):
        assert_same(new, W - 0.05 * b.weight_gradient(layer))


@given(rng=generators, widths=widths, dtype=dtypes)
def test_the_dtype_is_kept_and_no_argument_is_changed(rng, widths, dtype):
    c = Column(widths, seed=rng)
    weights, biases = ([a.astype(dtype) for a in arrays] for arrays in (c.weights, c.biases))
    x, y = c.x.astype(dtype), c.y.astype(dtype)
    with unchanged(*weights, *biases, x, y):
        cache = column_forward(weights, biases, x)
        weight_gradients, bias_gradients = column_backward(y, cache)
    for leaf in (*cache.states, *weight_gradients, *bias_gradients, *loss_prefixes(y, cache)):
        assert leaf.dtype == dtype


def test_integers_are_computed_in_float64():
    cache = column_forward([[[1, -1]]], [[1]], [1, 2], activations="identity")
    assert cache.states[-1].tolist() == [0.0]
    assert [g.tolist() for g in column_backward([3], cache)[0]] == [[[-3.0, -6.0]]]


@pytest.mark.parametrize(
    ("arguments", "activations", "message"),
    [
        (([[[1.0, 2.0]]], [[1.0]], [1.0]), "logistic", "x has 1 entry but W has 2 columns"),
        (([[[1.0]]], [[1.0]], [[1.0]]), "logistic", r"x has shape \(1, 1\)"),
        (([[[1.0]]], [[1.0, 2.0]], [1.0]), "logistic", "b has 2 entries but W has 1 row"),
        (([[[1.0]]], [], [1.0]), "logistic", "0 biases but 1 weights"),
        (([], [], [1.0]), "logistic", "0 activations for 0 layers"),
        (([[[1.0]]], [[1.0]], [1.0]), ["tanh", "tanh"], "2 activations for 1 layers"),
        (([[[1.0]]], [[1.0]], [1.0]), "sine", "activation is 'sine'"),
    ],
)
def test_a_network_that_does_not_fit_is_refused(arguments, activations, message):
    with pytest.raises(ValueError, match=message):
        column_forward(*arguments, activations=activations)


@pytest.mark.parametrize("function", [layer_jacobian, parameter_jacobians])
@pytest.mark.parametrize("layer", [0, 3, -1])
def test_a_layer_that_does_not_exist_is_refused(function, layer):
    e = Example()
    for call in (
        lambda: function(e.cache, layer),
        lambda: bias_gradient_factors(e.y, e.cache, layer),
    ):
        with pytest.raises(ValueError, match=f"layer is {layer}, expected 1 to 2"):
            call()


@pytest.mark.parametrize("function", [column_deltas, column_backward, loss_prefixes])
def test_a_target_of_another_shape_or_an_unknown_variant_is_refused(function):
    e = Example()
    for y in (np.ones(2), np.ones((3, 1)), 1.0):
        with pytest.raises(ValueError, match="y has"):
            function(y, e.cache)
    with pytest.raises(ValueError, match="variant is 'third'"):
        function(e.y, e.cache, variant="third")


def test_an_entry_outside_of_the_matrix_is_refused():
    e = Example()
    for i, j in ((3, 0), (0, 2), (-1, 0)):
        with pytest.raises(ValueError, match="expected one inside"):
            entry_derivative(e.y, e.cache, 2, i, j)


def test_factors_that_do_not_conform_are_refused():
    with pytest.raises(ValueError, match="matrix has 3 rows but row has 2 entries"):
        row_times([np.ones(2), np.ones((3, 2))])


def test_the_cache_is_a_named_tuple_of_tuples():
    cache = Example().cache
    assert isinstance(cache, ColumnCache)
    assert all(isinstance(part, tuple) for part in cache)
