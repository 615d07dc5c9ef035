from functools import partial

import numpy as np
import pytest
from autograd import grad
from autograd import numpy as anp
from hypothesis import given
from hypothesis import strategies as st
from oracles import assert_same, complex_step_along, complex_step_gradient
from strategies import dtypes, generators, sizes

from backprop import units
from backprop.activations import logistic, logistic_derivative, softmax, tanh, tanh_derivative
from backprop.initializers import normal
from backprop.losses import half_squared_error_backward, half_squared_error_forward
from backprop.networks import (
    Layer,
    accuracy,
    initialize_mlp,
    mlp_backward,
    mlp_forward,
    mlp_input_gradient,
    mlp_loss,
    mlp_loss_and_gradients,
    mlp_predict_labels,
    mlp_predict_probabilities,
)
from backprop.optimizers import GradientDescent, apply_updates, tree_leaves
from backprop.running_example import running_example

widths = st.lists(sizes, min_size=2, max_size=4)
CASES = [
    ("half_squared_error", "tanh", "identity"),
    ("half_squared_error", "logistic", "logistic"),
    ("half_squared_error", "tanh", "softmax"),
    ("binary_cross_entropy", "tanh", "identity"),
    ("softmax_cross_entropy", "logistic", "identity"),
]


def draw_params(rng, widths, dtype=np.float64):
    layers = initialize_mlp(widths, rng, initializer=partial(normal, scale=1.0), dtype=dtype)
    return [Layer(W, rng.standard_normal(len(b)).astype(dtype)) for W, b in layers]


def draw_targets(rng, loss, M, K):
    Y = rng.standard_normal((M, K))
    return {"binary_cross_entropy": logistic(Y), "softmax_cross_entropy": softmax(Y)}.get(loss, Y)


def along(params, directions, t):
    """Parameters moved by t along the directions."""
    return [Layer(W + t * V, b + t * v) for (W, b), (V, v) in zip(params, directions, strict=True)]


@pytest.mark.parametrize(("loss", "activation", "output"), CASES)
@given(rng=generators, M=sizes, widths=widths)
def test_gradients_are_those_of_the_complex_step(loss, activation, output, rng, M, widths):
    params, directions = draw_params(rng, widths), draw_params(rng, widths)
    X, Y = rng.standard_normal((M, widths[0])), draw_targets(rng, loss, M, widths[-1])
    options = {"activation": activation, "output_activation": output, "l2": 0.3}
    value, gradients = mlp_loss_and_gradients(params, X, Y, loss=loss, **options)
    assert [g.W.shape for g in gradients] == [layer.W.shape for layer in params]
    assert [g.b.shape for g in gradients] == [layer.b.shape for layer in params]
    assert value == mlp_loss(params, X, Y, loss=loss, **options)
    h = 1e-30
    stepped = mlp_loss(along(params, directions, 1j * h), X, Y, loss=loss, **options).imag / h
    products = [
        np.sum(g * v) for g, v in zip(tree_leaves(gradients), tree_leaves(directions), strict=True)
    ]
    scale = np.abs(products).sum()
    assert sum(products) == pytest.approx(stepped, rel=1e-9, abs=1e-13 * scale + 1e-300)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_gradients_with_kinks_are_those_of_autograd(activation):
    rng = np.random.default_rng(0)
    params, X = draw_params(rng, (5, 4, 3, 2)), rng.standard_normal((7, 5))
    labels = rng.integers(0, 2, 7)
    slope = {"relu": 0.0, "leaky_relu": 0.01}[activation]

    def loss(params):
        A = X
        for W, b in params[:-1]:
            Z = A @ W + b
            A = anp.where(Z > 0, Z, slope * Z)
        Z = A @ params[-1][0] + params[-1][1]
        return anp.mean(anp.log(anp.sum(anp.exp(Z), axis=1)) - Z[np.arange(7), labels])

    value, gradients = mlp_loss_and_gradients(params, X, labels, activation=activation)
    assert_same(value, loss(params))
    theirs = grad(loss)([tuple(layer) for layer in params])
    for ours, their in zip(tree_leaves(gradients), tree_leaves(theirs), strict=True):
        assert_same(ours, their)


@given(rng=generators, M=sizes, widths=widths)
def test_the_matrix_form_is_the_network_unit_by_unit(rng, M, widths):
    params = draw_params(rng, widths)
    X, Y = rng.standard_normal((M, widths[0])), rng.standard_normal((M, widths[-1]))
    network = [units.UnitLayer(W.T, b) for W, b in params]
    value, gradients = mlp_loss_and_gradients(
        params, X, Y, loss="half_squared_error", activation="logistic", output_activation="logistic"
    )
    assert value == pytest.approx(units.network_cost(network, X, Y), rel=1e-12)
    for ours, theirs in zip(gradients, units.batch_gradients(network, X, Y), strict=True):
        assert_same(ours.W, theirs.W.T, rtol=1e-9)
        assert_same(ours.b, theirs.b, rtol=1e-9)


def test_the_running_example_has_the_same_gradients_in_rows_and_in_units():
    e = running_example()
    params = [Layer(e.W1, e.b1), Layer(e.W2, e.b2)]
    value, gradients = mlp_loss_and_gradients(
        params,
        e.X,
        e.Y,
        loss="half_squared_error",
        activation="logistic",
        output_activation="logistic",
    )
    assert value == pytest.approx(units.network_cost(e.unit_network, e.X, e.Y), rel=1e-12)
    for ours, theirs in zip(
        gradients, units.batch_gradients(e.unit_network, e.X, e.Y), strict=True
    ):
        assert_same(ours.W, theirs.W.T)
        assert_same(ours.b, theirs.b)


@given(rng=generators, M=sizes, widths=widths)
def test_the_input_gradient_is_that_of_the_complex_step(rng, M, widths):
    params, X = draw_params(rng, widths), rng.standard_normal((M, widths[0]))
    V, dY = rng.standard_normal(X.shape), rng.standard_normal((M, widths[-1]))
    dX = mlp_input_gradient(dY, mlp_forward(params, X, activation="tanh")[1])
    assert dX.shape == X.shape
    by_step = np.sum(
        dY * complex_step_along(lambda Z: mlp_forward(params, Z, activation="tanh")[0], X, V)
    )
    scale = np.abs(dX).max() * np.abs(V).sum()
    assert np.sum(dX * V) == pytest.approx(by_step, rel=1e-9, abs=1e-14 * scale)


def test_the_input_gradient_of_a_network_without_layers_is_the_gradient_of_its_output_as_an_array():
    gradient = mlp_input_gradient([[1, 2]], [])
    assert isinstance(gradient, np.ndarray)
    assert gradient.dtype == np.float64


@given(rng=generators, M=sizes, widths=widths)
def test_gradients_of_a_minibatch_are_the_mean_of_those_of_its_rows(rng, M, widths):
    params, X = draw_params(rng, widths), rng.standard_normal((M, widths[0]))
    labels = rng.integers(0, widths[-1], M)
    loss, gradients = mlp_loss_and_gradients(params, X, labels)
    rows = [mlp_loss_and_gradients(params, X[[m]], labels[[m]]) for m in range(M)]
    assert loss == pytest.approx(np.mean([row[0] for row in rows]), rel=1e-10, abs=1e-14)
    order = rng.permutation(M)
    shuffled = mlp_loss_and_gradients(params, X[order], labels[order])
    assert shuffled[0] == pytest.approx(loss, rel=1e-10, abs=1e-14)
    for i, ours in enumerate(tree_leaves(gradients)):
        singles = [list(tree_leaves(row[1]))[i] for row in rows]
        np.testing.assert_allclose(ours, np.mean(singles, axis=0), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(ours, list(tree_leaves(shuffled[1]))[i], rtol=1e-9, atol=1e-12)


@given(rng=generators, M=sizes, widths=widths, dtype=dtypes)
def test_the_dtype_is_kept_and_no_argument_is_changed(rng, M, widths, dtype):
    params, X = draw_params(rng, widths, dtype), rng.standard_normal((M, widths[0])).astype(dtype)
    labels = rng.integers(0, widths[-1], M)
    before = [array.copy() for array in (*tree_leaves(params), X, labels)]
    loss, gradients = mlp_loss_and_gradients(params, X, labels, l2=0.1)
    assert loss.dtype == dtype
    assert all(leaf.dtype == dtype for leaf in tree_leaves(gradients))
    for array, copy in zip((*tree_leaves(params), X, labels), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_a_second_call_gives_the_same_gradients():
    rng = np.random.default_rng(1)
    params, X = draw_params(rng, (4, 3, 2)), rng.standard_normal((5, 4))
    Y_hat, caches = mlp_forward(params, X)
    first, second = mlp_backward(Y_hat, caches), mlp_backward(Y_hat, caches)
    for one, other in zip(tree_leaves(first), tree_leaves(second), strict=True):
        np.testing.assert_array_equal(one, other)


def test_one_layer_used_twice_is_two_layers_with_equal_weights():
    rng = np.random.default_rng(2)
    (shared,) = draw_params(rng, (3, 3))
    X = rng.standard_normal((5, 3))
    tied, _ = mlp_forward([shared, shared], X, activation="tanh")
    assert_same(tied, tanh(X @ shared.W + shared.b) @ shared.W + shared.b)


@pytest.mark.parametrize("l2", [0.0, 1.0, 2.5])
def test_the_loss_alone_is_the_loss_that_comes_with_the_gradients(l2):
    rng = np.random.default_rng(9)
    params, X = draw_params(rng, (4, 3, 2)), rng.standard_normal((3, 4))
    alone = mlp_loss(params, X, [0, 1, 1], l2=l2)
    assert alone == mlp_loss_and_gradients(params, X, [0, 1, 1], l2=l2)[0]
    squares = sum(np.sum(W**2) for W, _ in params)
    assert alone - mlp_loss(params, X, [0, 1, 1]) == pytest.approx(l2 / 2 * squares)


def test_the_L2_penalty_leaves_the_biases_alone():
    rng = np.random.default_rng(3)
    params, X = draw_params(rng, (4, 3, 2)), rng.standard_normal((5, 4))
    plain = mlp_loss_and_gradients(params, X, [0, 1, 1, 0, 1])
    decayed = mlp_loss_and_gradients(params, X, [0, 1, 1, 0, 1], l2=0.5)
    assert decayed[0] - plain[0] == pytest.approx(0.25 * sum(np.sum(W**2) for W, _ in params))
    for one, other, (W, _) in zip(decayed[1], plain[1], params, strict=True):
        assert_same(one.W - other.W, 0.5 * W, rtol=1e-9)
        np.testing.assert_array_equal(one.b, other.b)


# P's network: three layers without biases, all five dimensions different.
M, N0, N1, N2, N3 = 7, 6, 5, 4, 3


class Poster:
    """The quantities of the poster by their names there, with f₁ = f₂ = tanh, f₃ = logistic."""

    def __init__(self, sizes=(M, N0, N1, N2, N3)):
        rng = np.random.default_rng(7)
        M, n0, n1, n2, n3 = sizes
        self.x, self.y = rng.standard_normal((M, n0)), rng.standard_normal((M, n3))
        self.w1, self.w2, self.w3 = (
            rng.standard_normal(shape) for shape in ((n0, n1), (n1, n2), (n2, n3))
        )
        self.params = [Layer(w, np.zeros(w.shape[1])) for w in (self.w1, self.w2, self.w3)]
        self.y_hat, self.caches = mlp_forward(
            self.params, self.x, activation="tanh", output_activation="logistic"
        )
        self.h1, self.h2 = (cache.activation.A for cache in self.caches[:2])
        self.f1, self.f2 = (tanh_derivative(cache.activation.Z) for cache in self.caches[:2])
        self.f3 = logistic_derivative(self.caches[2].activation.Z)
        _, self.loss_cache = half_squared_error_forward(self.y_hat, self.y)
        self.L = half_squared_error_backward(1.0, self.loss_cache)

    def gradients(self, upstream):
        return [layer.W for layer in mlp_backward(upstream, self.caches)]

    def of_sum(self):
        return self.gradients(np.ones_like(self.y_hat))

    def of_loss(self):
        return self.gradients(self.L)

    def numerical(self, layer, of):
        """Complex-step gradient of a scalar function of ŷ with respect to one weight matrix."""

        def function(w):
            params = [*self.params]
            params[layer] = Layer(w, np.zeros(w.shape[1]))
            return of(
                mlp_forward(params, self.x, activation="tanh", output_activation="logistic")[0]
            )

        return complex_step_gradient(function, self.params[layer].W)

    def loss(self, y_hat):
        return half_squared_error_forward(y_hat, self.y)[0]


def relative_error(actual, expected):
    return np.linalg.norm(actual - expected) / np.linalg.norm(expected)


def test_P_relations_and_dimensions_of_the_three_layers():
    p = Poster()
    h1, h2 = tanh(p.x @ p.w1), tanh(tanh(p.x @ p.w1) @ p.w2)
    assert p.h1.shape == (M, N1)
    assert p.h2.shape == (M, N2)
    assert p.y_hat.shape == (M, N3)
    assert_same(p.h1, h1)
    assert_same(p.h2, h2)
    assert_same(p.y_hat, logistic(h2 @ p.w3))


def test_P_derivative_of_the_output_by_w3():
    p = Poster()
    assert_same(p.of_sum()[2], p.h2.T @ p.f3)
    assert_same(p.of_sum()[2], p.numerical(2, np.sum))


def test_P_1_derivative_of_the_output_by_w2_needs_the_elementwise_product():
    p = Poster()
    right = p.h1.T @ (p.f2 * (p.f3 @ p.w3.T))
    assert_same(right, p.numerical(1, np.sum))
    assert_same(p.of_sum()[1], right)
    with pytest.raises(ValueError, match="mismatch"):
        p.h1.T @ p.f2 @ p.f3 @ p.w3.T


def test_P_2_derivative_of_the_output_by_w1_needs_a_product_between_the_weights():
    p = Poster()
    right = p.x.T @ (p.f1 * ((p.f2 * (p.f3 @ p.w3.T)) @ p.w2.T))
    assert_same(right, p.numerical(0, np.sum))
    assert_same(p.of_sum()[0], right)
    with pytest.raises(ValueError, match="mismatch"):
        p.x.T @ p.f1 @ p.f2 @ p.f3 @ p.w3.T @ p.w2.T
    with pytest.raises(ValueError, match="broadcast"):
        p.x.T @ (p.f1 * (p.f2 * (p.f3 @ p.w3.T @ p.w2.T)))


def test_P_1_and_2_run_without_an_error_and_are_wrong_when_all_dimensions_are_equal():
    p = Poster((4, 4, 4, 4, 4))
    literal_w2 = p.h1.T @ p.f2 @ p.f3 @ p.w3.T
    literal_w1 = p.x.T @ p.f1 @ p.f2 @ p.f3 @ p.w3.T @ p.w2.T
    assert relative_error(literal_w2, p.of_sum()[1]) > 0.5
    assert relative_error(literal_w1, p.of_sum()[0]) > 0.5


def test_P_3_the_derivative_by_w3_is_the_gradient_of_the_sum_and_not_the_4_index_derivative():
    p = Poster()
    four_index = np.empty((M, N3, N2, N3))
    for m in range(M):
        for k in range(N3):
            four_index[m, k] = p.numerical(2, lambda y_hat, m=m, k=k: y_hat[m, k])
    assert_same(four_index.sum(axis=(0, 1)), p.h2.T @ p.f3)
    assert four_index.shape != (p.h2.T @ p.f3).shape
    assert np.abs(four_index[:, 0, :, 1]).max() == 0


def test_P_derivative_of_the_loss_by_the_output():
    p = Poster()
    assert p.L.shape == (M, N3)
    assert_same(p.L, complex_step_gradient(p.loss, p.y_hat))


def test_P_4_derivative_of_the_loss_by_w3_multiplies_elementwise_first():
    p = Poster()
    right = p.h2.T @ (p.f3 * p.L)
    assert_same(right, p.numerical(2, p.loss))
    assert_same(p.of_loss()[2], right)
    with pytest.raises(ValueError, match="broadcast"):
        (p.h2.T @ p.f3) * p.L


def test_P_5_derivative_of_the_loss_by_w2_needs_the_brackets():
    p = Poster()
    right = p.h1.T @ (p.f2 * ((p.f3 * p.L) @ p.w3.T))
    assert_same(right, p.numerical(1, p.loss))
    assert_same(p.of_loss()[1], right)
    with pytest.raises(ValueError, match="broadcast"):
        (p.h1.T @ p.f2) * ((p.f3 * p.L) @ p.w3.T)


def test_P_5_derivative_of_the_loss_by_w1_reuses_delta_2_which_contains_f2():
    p = Poster()
    delta2 = p.f2 * ((p.f3 * p.L) @ p.w3.T)
    assert delta2.shape == (M, N2)
    right = p.x.T @ (p.f1 * (delta2 @ p.w2.T))
    assert_same(right, p.numerical(0, p.loss))
    assert_same(p.of_loss()[0], right)
    without_f2 = p.x.T @ (p.f1 * (((p.f3 * p.L) @ p.w3.T) @ p.w2.T))
    assert relative_error(without_f2, right) > 0.1
    with pytest.raises(ValueError, match="broadcast"):
        (p.x.T @ p.f1) * (delta2 @ p.w2.T)


def test_P_4_and_5_run_without_an_error_and_are_wrong_when_all_dimensions_are_equal():
    p = Poster((4, 4, 4, 4, 4))
    delta3 = p.f3 * p.L
    delta2 = p.f2 * (delta3 @ p.w3.T)
    literal = [
        (p.x.T @ p.f1) * (delta2 @ p.w2.T),
        (p.h1.T @ p.f2) * (delta3 @ p.w3.T),
        (p.h2.T @ p.f3) * p.L,
    ]
    for printed, right in zip(literal, p.of_loss(), strict=True):
        assert relative_error(printed, right) > 0.5


def test_P_6_a_loss_is_a_scalar_and_the_derivative_belongs_to_the_pre_activation():
    p = Poster()
    assert np.shape(p.loss(p.y_hat)) == ()
    at_the_activation = p.h2.T @ (logistic_derivative(p.y_hat) * p.L)
    assert relative_error(at_the_activation, p.of_loss()[2]) > 0.05


def test_P_6_a_cross_entropy_is_no_function_of_the_difference():
    # Two pairs with the same difference ŷ − y, and two losses.
    def cross_entropy(y_hat, y):
        return -np.sum(y * np.log(y_hat))

    one = cross_entropy(np.array([0.5, 0.5]), np.array([0.3, 0.7]))
    other = cross_entropy(np.array([0.4, 0.6]), np.array([0.2, 0.8]))
    assert abs(one - other) > 0.09


def test_P_7_summing_over_the_minibatch_is_M_times_the_average():
    p = Poster()
    summed = p.h2.T @ (p.f3 * (p.y_hat - p.y))
    assert_same(summed, M * p.of_loss()[2])


def test_P_stochastic_gradient_descent_subtracts_the_gradient_times_the_step_size():
    p, gamma = Poster(), 0.1
    optimizer = GradientDescent(gamma)
    updates, _ = optimizer.update(p.of_loss(), optimizer.init(p.of_loss()))
    after = apply_updates([p.w1, p.w2, p.w3], updates)
    for new, old, i in zip(after, (p.w1, p.w2, p.w3), range(3), strict=True):
        assert_same(new, old - gamma * p.numerical(i, p.loss))


def test_P_8_the_gradient_of_a_minibatch_is_the_whole_gradient_on_average():
    p = Poster()
    singles = [
        mlp_loss_and_gradients(
            p.params,
            p.x[[m]],
            p.y[[m]],
            loss="half_squared_error",
            activation="tanh",
            output_activation="logistic",
        )[1][0].W
        for m in range(M)
    ]
    assert_same(np.mean(singles, axis=0), p.of_loss()[0])
    assert relative_error(singles[0], p.of_loss()[0]) > 0.1


def test_predictions_are_probabilities_and_their_largest():
    rng = np.random.default_rng(4)
    params, X = draw_params(rng, (4, 3, 5)), rng.standard_normal((6, 4))
    probabilities, labels = mlp_predict_probabilities(params, X), mlp_predict_labels(params, X)
    assert_same(probabilities.sum(axis=1), np.ones(6))
    assert labels.tolist() == [int(np.argmax(row)) for row in probabilities]
    assert accuracy(params, X, labels) == 1.0
    assert accuracy(params, X, (labels + 1) % 5) == 0.0


def test_labels_in_a_column_are_refused_by_accuracy():
    params = draw_params(np.random.default_rng(5), (2, 3))
    with pytest.raises(ValueError, match=r"labels have shape \(4, 1\), expected \(4,\)"):
        accuracy(params, np.ones((4, 2)), np.zeros((4, 1)))


def test_an_initial_network_has_zero_biases_and_the_dtype_asked_for():
    params = initialize_mlp([4, 2, 3], np.random.default_rng(6), dtype=np.float32)
    assert [(W.shape, b.shape) for W, b in params] == [((4, 2), (2,)), ((2, 3), (3,))]
    assert all(leaf.dtype == np.float32 for leaf in tree_leaves(params))
    assert all(not b.any() for _, b in params)


@pytest.mark.parametrize("sizes", [[], [3]])
def test_a_network_without_layers_is_refused(sizes):
    with pytest.raises(ValueError, match="expected at least an input and an output"):
        initialize_mlp(sizes, np.random.default_rng(0))
    with pytest.raises(ValueError, match="params is empty"):
        mlp_forward([], np.ones((2, 3)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loss": "hinge"}, "loss is 'hinge', expected one of half_squared_error"),
        ({"activation": "sigmoid"}, "activation is 'sigmoid'"),
        ({"output_activation": "sigmoid"}, "activation is 'sigmoid'"),
        ({"l2": -0.1}, "l2 is -0.1"),
        ({"l2": np.nan}, "l2 is nan"),
    ],
)
def test_options_that_do_not_exist_are_refused(options, message):
    params = draw_params(np.random.default_rng(0), (3, 2, 2))
    for function in (mlp_loss, mlp_loss_and_gradients):
        with pytest.raises(ValueError, match=message):
            function(params, np.ones((1, 3)), [0], **options)


def test_a_NaN_in_the_data_is_refused_even_where_relu_would_hide_it():
    params = draw_params(np.random.default_rng(0), (3, 2, 2))
    with pytest.raises(ValueError, match="NaN"):
        mlp_loss_and_gradients(params, [[np.nan, 0.0, 0.0]], [0])


def test_a_prediction_from_NaN_is_refused_because_argmax_would_name_a_class():
    params = draw_params(np.random.default_rng(0), (3, 2))
    for predict in (mlp_predict_labels, partial(accuracy, labels=[0])):
        with pytest.raises(ValueError, match="logits holds nan"):
            predict(params, [[np.nan, 0.0, 0.0]])


def test_layers_that_do_not_fit_are_refused():
    params = [Layer(np.ones((3, 2)), np.ones(2)), Layer(np.ones((4, 1)), np.ones(1))]
    with pytest.raises(ValueError, match="W has 4 rows but X has 2 columns"):
        mlp_forward(params, np.ones((5, 3)))


def test_an_upstream_gradient_of_another_shape_is_refused():
    params = draw_params(np.random.default_rng(0), (3, 2, 1))
    _, caches = mlp_forward(params, np.ones((5, 3)))
    for backward in (mlp_backward, mlp_input_gradient):
        with pytest.raises(ValueError, match=r"\(5,\)"):
            backward(np.ones(5), caches)
