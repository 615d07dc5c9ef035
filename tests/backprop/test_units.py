from itertools import pairwise

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from oracles import assert_same, complex_step_along, complex_step_gradient, unchanged
from strategies import dtypes, generators, sizes

from backprop import units
from backprop.running_example import running_example
from backprop.units import UnitLayer

depths = st.lists(sizes, min_size=2, max_size=4)


def random_case(rng, layer_sizes, n, dtype=np.float64):
    network = [
        UnitLayer(
            rng.standard_normal((n_out, n_in)).astype(dtype),
            rng.standard_normal(n_out).astype(dtype),
        )
        for n_in, n_out in pairwise(layer_sizes)
    ]
    X = rng.standard_normal((n, layer_sizes[0])).astype(dtype)
    Y = rng.random((n, layer_sizes[-1])).astype(dtype)
    return network, X, Y


def matrix_cost(parameters, X, Y):
    """The mean cost in matrix form, for autograd: shares no code with the loops."""
    A = X
    for W, b in parameters:
        A = 1 / (1 + anp.exp(-(anp.dot(A, W.T) + b)))
    return anp.sum((Y - A) ** 2) / 2 / len(X)


def autograd_gradients(network, X, Y):
    return autograd.grad(matrix_cost)([tuple(layer) for layer in network], X, Y)


# ---- forward pass and cost


def test_D_compute_activation_of_one_unit_with_three_inputs():
    w, x, b = [0.5, -1.5, 2.0], [2.0, 1.0, 0.25], 0.125
    assert units.unit_preactivation(w, x, b) == 0.125  # 1 − 1.5 + 0.5 + 0.125


def test_B_preactivation_of_a_neuron_with_two_inputs():
    x1, x2, w1, w2, b = sp.symbols("x1 x2 w1 w2 b")
    z = w1 * x1 + w2 * x2 + b
    numbers = {x1: 0.5, x2: -2, w1: 3, w2: 0.25, b: 1}
    assert units.unit_preactivation([3, 0.25], [0.5, -2], 1) == float(z.subs(numbers))


def test_D_how_to_update_the_bias_the_bias_is_the_weight_of_a_constant_input_1():
    w, x, b = np.array([0.3, -0.7, 1.1]), np.array([2.0, 0.5, -1.0]), 0.9
    as_weight = units.unit_preactivation([*w, b], [*x, 1.0], 0.0)
    assert units.unit_preactivation(w, x, b) == pytest.approx(as_weight, rel=1e-15)


@given(rng=generators, n_in=sizes, n_out=sizes)
def test_layer_preactivation_is_the_matrix_product(rng, n_in, n_out):
    W, x, b = rng.normal(size=(n_out, n_in)), rng.normal(size=n_in), rng.normal(size=n_out)
    assert_same(units.layer_preactivation(W, x, b), W @ x + b, rtol=1e-13)


def test_D_forward_pass_computes_hidden_then_output_activations():
    network = [UnitLayer(np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2))]
    network += [UnitLayer(np.array([[1.0, 3.0]]), np.array([-2.0]))]
    x, hidden, output = units.forward_pass(network, np.zeros(2))
    np.testing.assert_array_equal(hidden, [0.5, 0.5])
    np.testing.assert_array_equal(output, [0.5])  # z = 0.5 + 1.5 − 2 = 0
    np.testing.assert_array_equal(x, [0, 0])


@given(rng=generators, layer_sizes=depths)
def test_forward_pass_agrees_with_the_matrix_form(rng, layer_sizes):
    network, X, _ = random_case(rng, layer_sizes, 1)
    a = X[0]
    for (W, b), actual in zip(network, units.forward_pass(network, X[0])[1:], strict=True):
        a = 1 / (1 + np.exp(-(W @ a + b)))
        assert_same(actual, a, rtol=1e-12)


def test_D_cost_of_one_pattern_by_hand():
    assert units.pattern_cost([0.5, 1.0, 0.25], [1.0, 0.0, 0.25]) == 0.625


def test_D_cost_averages_over_n_patterns():
    A, Y = np.array([[0.5, 1.0], [0.0, 0.0]]), np.array([[1.0, 0.0], [1.0, 2.0]])
    assert units.mean_cost(A, Y) == (0.625 + 2.5) / 2


@given(rng=generators, layer_sizes=depths, n=sizes)
def test_network_cost_agrees_with_the_matrix_form(rng, layer_sizes, n):
    network, X, Y = random_case(rng, layer_sizes, n)
    assert units.network_cost(network, X, Y) == pytest.approx(matrix_cost(network, X, Y), rel=1e-12)


# ---- deltas and gradients


def test_D_output_delta_of_output_unit_i_by_hand():
    assert_same(units.output_deltas([0.5, 0.8], [1.0, 0.3]), np.array([-0.125, 0.08]), 1e-15)


@given(rng=generators, n=sizes)
def test_D_output_deltas_are_the_derivatives_of_the_cost_by_the_preactivations(rng, n):
    z, y = rng.normal(size=n), rng.random(n)

    def cost(z):
        return np.sum((y - 1 / (1 + np.exp(-z))) ** 2) / 2

    a = 1 / (1 + np.exp(-z))
    assert_same(units.output_deltas(a, y), complex_step_gradient(cost, z))


def test_D_hidden_delta_of_hidden_unit_j_by_hand():
    deltas = units.hidden_deltas([[2.0, 0.0], [1.0, 4.0]], [0.5, -0.25], [0.5, 0.2])
    assert_same(deltas, np.array([0.1875, -0.16]), 1e-15)


@given(rng=generators, n_hidden=sizes, n_next=sizes)
def test_D_hidden_deltas_sum_the_influence_over_all_units_that_are_fed(rng, n_hidden, n_next):
    W, z, u = (
        rng.normal(size=(n_next, n_hidden)),
        rng.normal(size=n_hidden),
        rng.normal(size=n_next),
    )

    def downstream(z):
        return u @ (W @ (1 / (1 + np.exp(-z))))  # any cost whose ∂C/∂z_i is u_i

    a = 1 / (1 + np.exp(-z))
    assert_same(units.hidden_deltas(W, u, a), complex_step_gradient(downstream, z))


def test_B_backward_pass_of_a_unit_that_feeds_two():
    """∂C/∂z = σ′(z)[w₃ ∂C/∂z′ + w₄ ∂C/∂z″], by SymPy."""
    z, w3, w4, c3, c4 = sp.symbols("z w3 w4 c3 c4")
    a = 1 / (1 + sp.exp(-z))
    cost = c3 * (w3 * a) + c4 * (w4 * a)  # linear in z′ and z″, with slopes c3 and c4
    numbers = {z: 0.7, w3: 1.5, w4: -0.4, c3: 0.3, c4: -2.0}
    expected = float(sp.diff(cost, z).subs(numbers))
    a_number = float(a.subs(numbers))
    (delta,) = units.hidden_deltas([[1.5], [-0.4]], [0.3, -2.0], [a_number])
    assert delta == pytest.approx(expected, rel=1e-13)


@given(rng=generators, n_in=sizes, n_out=sizes)
def test_B_forward_pass_dz_dw_is_the_input_of_the_weight(rng, n_in, n_out):
    W, x, b = rng.normal(size=(n_out, n_in)), rng.normal(size=n_in), rng.normal(size=n_out)
    i, j = int(rng.integers(n_out)), int(rng.integers(n_in))
    E = np.zeros_like(W)
    E[i, j] = 1
    dz = complex_step_along(lambda W: units.layer_preactivation(W, x, b), W, E)
    expected = np.zeros(n_out)
    expected[i] = x[j]
    assert_same(dz, expected)


def test_D_hidden_to_output_weight_factor_by_factor():
    """∂z/∂w · ∂a/∂z · ∂C/∂a, each factor measured on its own."""
    w, a_j, b, y = 0.8, 0.6, -0.3, 0.9
    z = w * a_j + b
    a = 1 / (1 + np.exp(-z))
    dz_dw = complex_step_along(lambda w: w * a_j + b, w, 1.0)
    da_dz = complex_step_along(lambda z: 1 / (1 + np.exp(-z)), z, 1.0)
    dC_da = complex_step_along(lambda a: (y - a) ** 2 / 2, a, 1.0)
    gradient = units.weight_gradients(units.output_deltas([a], [y]), [a_j])
    assert_same(gradient, np.array([[dz_dw * da_dz * dC_da]]))


@given(rng=generators, layer_sizes=depths)
def test_D_deltas_of_all_layers_are_the_derivatives_by_the_preactivations(rng, layer_sizes):
    """A bias enters z with slope 1, so δ = ∂C/∂b, and that autograd knows."""
    network, X, Y = random_case(rng, layer_sizes, 1)
    deltas = units.backward_pass(network, units.forward_pass(network, X[0]), Y[0])
    for delta, (_, db) in zip(deltas, autograd_gradients(network, X, Y), strict=True):
        assert_same(delta, db)


@given(rng=generators, layer_sizes=depths)
def test_L_gradient_for_all_w_is_forward_factor_times_backward_factor(rng, layer_sizes):
    network, X, Y = random_case(rng, layer_sizes, 1)
    gradients = units.pattern_gradients(network, X[0], Y[0])
    for (dW, db), (expected_dW, expected_db) in zip(
        gradients, autograd_gradients(network, X, Y), strict=True
    ):
        assert_same(dW, expected_dW)
        assert_same(db, expected_db)


@given(rng=generators, layer_sizes=depths, n=sizes)
def test_batch_gradients_are_the_gradients_of_the_mean_cost(rng, layer_sizes, n):
    network, X, Y = random_case(rng, layer_sizes, n)
    gradients = units.batch_gradients(network, X, Y)
    for (dW, db), (expected_dW, expected_db) in zip(
        gradients, autograd_gradients(network, X, Y), strict=True
    ):
        assert_same(dW, expected_dW)
        assert_same(db, expected_db)


def test_running_example_gradients_agree_with_the_complex_step():
    example = running_example()
    network = example.unit_network
    gradients = units.batch_gradients(network, example.X, example.Y)
    for layer in range(2):
        for name in ("W", "b"):

            def cost(P, layer=layer, name=name):
                changed = list(network)
                changed[layer] = changed[layer]._replace(**{name: P})
                return units.network_cost(changed, example.X, example.Y)

            measured = complex_step_gradient(cost, getattr(network[layer], name))
            assert_same(getattr(gradients[layer], name), measured)


def test_B_total_loss_and_its_derivative_are_sums_over_the_examples():
    example = running_example()
    network, n = example.unit_network, len(example.X)
    total = sum(
        units.pattern_cost(units.forward_pass(network, x)[-1], y)
        for x, y in zip(example.X, example.Y, strict=True)
    )
    assert units.network_cost(network, example.X, example.Y) * n == pytest.approx(total, rel=1e-14)
    summed = sum(
        units.pattern_gradients(network, x, y)[0].W
        for x, y in zip(example.X, example.Y, strict=True)
    )
    measured = complex_step_gradient(
        lambda W: (
            n * units.network_cost([UnitLayer(W, network[0].b), network[1]], example.X, example.Y)
        ),
        network[0].W,
    )
    assert_same(summed, measured)


# ---- updates


def test_D_change_is_against_the_sign_of_the_cost_gradient():
    """Where C grows with w the weight goes down, where C falls it goes up."""
    deltas, inputs = [0.5, -0.5], [2.0]
    changes = units.weight_changes(deltas, inputs, 0.1)
    assert_same(changes, np.array([[-0.1], [0.1]]), 1e-15)


@given(rng=generators, n_in=sizes, n_out=sizes, eta=st.floats(1e-3, 2))
def test_D_weight_and_bias_changes_are_minus_eta_times_the_gradient(rng, n_in, n_out, eta):
    deltas, inputs = rng.normal(size=n_out), rng.normal(size=n_in)
    # One linear layer with upstream δ has the gradient δ_i a_j with respect to W, δ_i to b.
    dW = autograd.grad(lambda W: anp.dot(deltas, anp.dot(W, inputs)))(np.zeros((n_out, n_in)))
    assert_same(units.weight_changes(deltas, inputs, eta), -eta * dW, 1e-13)
    assert_same(units.bias_changes(deltas, eta), -eta * deltas, 1e-15)
    (change,) = units.gradient_changes([UnitLayer(dW, deltas)], eta)
    assert_same(change.W, -eta * dW, 1e-15)


def test_D_backward_pass_updates_all_weights_with_their_changes():
    example = running_example()
    network, x, y, eta = example.unit_network, example.X[0], example.Y[0], 0.5
    stepped = units.train_step(network, x, y, eta)
    expected = autograd_gradients(network, example.X[:1], example.Y[:1])
    for new, old, (dW, db) in zip(stepped, network, expected, strict=True):
        assert_same(new.W, old.W - eta * dW, 1e-12)
        assert_same(new.b, old.b - eta * db, 1e-12)


def test_L_iteration_theta_1_is_theta_0_minus_eta_times_the_gradient_and_lowers_the_cost():
    example = running_example()
    theta = example.unit_network
    costs = [units.network_cost(theta, example.X, example.Y)]
    for _ in range(5):
        changes = units.gradient_changes(units.batch_gradients(theta, example.X, example.Y), 0.5)
        theta = units.apply_changes(theta, changes)
        costs.append(units.network_cost(theta, example.X, example.Y))
    assert np.all(np.diff(costs) < 0)


def test_D_adding_momentum_for_weights_and_biases_of_every_layer():
    """Δ(t) = −η g + αΔ(t−1) for a constant g is a geometric series: −ηg(1 − αᵗ)/(1 − α)."""
    g = [UnitLayer(np.array([[2.0, -1.0]]), np.array([0.5])), UnitLayer(np.eye(2), np.ones(2))]
    eta, alpha, t = 0.1, 0.9, 7
    changes = units.gradient_changes(g, eta)
    delta = [UnitLayer(0 * W, 0 * b) for W, b in g]
    for _ in range(t):
        delta = units.add_momentum(changes, delta, alpha)
    factor = -eta * (1 - alpha**t) / (1 - alpha)
    for (W, b), (gW, gb) in zip(delta, g, strict=True):
        assert_same(W, factor * gW, 1e-13)
        assert_same(b, factor * gb, 1e-13)


# ---- errata


def test_D_erratum_9_the_gradient_for_one_pattern_is_not_that_of_the_average():
    example = running_example()
    network = example.unit_network
    mean = autograd_gradients(network, example.X, example.Y)[0][0]
    one = units.pattern_gradients(network, example.X[0], example.Y[0])[0].W
    assert np.abs(one - mean).max() > 0.5 * np.abs(mean).max()
    assert_same(units.batch_gradients(network, example.X, example.Y)[0].W, mean)


def test_D_erratum_10_without_superscripts_every_pattern_has_the_cost_of_the_first():
    example = running_example()
    A = np.array([units.forward_pass(example.unit_network, x)[-1] for x in example.X])
    printed = sum(units.pattern_cost(A[0], example.Y[0]) for _ in A) / len(A)
    assert abs(printed - units.mean_cost(A, example.Y)) > 1e-3


def test_D_erratum_12_with_alpha_1_the_motion_is_never_damped():
    """On C = w²/2 with α = 1 the amplitude stays; any α < 1 brings the weight to rest."""

    def swing(alpha, steps=400, eta=0.1):
        w, delta, trace = 1.0, 0.0, []
        for _ in range(steps):
            delta = -eta * w + alpha * delta
            w += delta
            trace.append(abs(w))
        return max(trace[-50:])

    assert swing(1.0) > 0.9
    assert swing(0.9) < 1e-6
    layer = [UnitLayer(np.ones((1, 1)), np.ones(1))]
    with pytest.raises(ValueError, match=r"momentum is 1, expected 0 <= momentum < 1"):
        units.add_momentum(layer, layer, 1)


def test_D_erratum_13_an_output_unit_sums_the_hidden_activations_not_the_inputs():
    example = running_example()
    hidden, output = example.unit_network
    x, a_hidden, a_output = units.forward_pass(example.unit_network, example.X[0])
    with pytest.raises(ValueError, match="x has 4 entries but W has 2 columns"):
        units.layer_preactivation(output.W, x, output.b)
    z = np.log(a_output / (1 - a_output))
    assert_same(z, output.W @ a_hidden + output.b, 1e-12)
    assert hidden.W.shape == (2, 4)


@pytest.mark.parametrize("z", [0.5, 1.0, 2.0])
def test_D_erratum_14_a_times_1_minus_a_is_the_slope_of_the_logistic_only(z):
    logistic, tanh = 1 / (1 + np.exp(-z)), np.tanh(z)
    slope_logistic = complex_step_along(lambda z: 1 / (1 + np.exp(-z)), z, 1.0)
    slope_tanh = complex_step_along(np.tanh, z, 1.0)
    assert logistic * (1 - logistic) == pytest.approx(slope_logistic, rel=1e-12)
    assert abs(tanh * (1 - tanh) - slope_tanh) > 0.02


def test_D_erratum_16_deltas_after_a_weight_has_changed_are_the_gradient_of_neither_network():
    """D computes all δ first and is right: the tempting other order is measurably wrong."""
    example = running_example()
    hidden, output = example.unit_network
    x, y, eta = example.X[0], example.Y[0], 0.5
    activations = units.forward_pass([hidden, output], x)
    (true_dW, _), _ = autograd_gradients([hidden, output], x[None], y[None])
    delta_i = units.output_deltas(activations[-1], y)
    changed = UnitLayer(output.W + units.weight_changes(delta_i, activations[1], eta), output.b)
    delta_j = units.hidden_deltas(changed.W, delta_i, activations[1])
    wrong = units.weight_gradients(delta_j, x)
    (changed_dW, _), _ = autograd_gradients([hidden, changed], x[None], y[None])
    scale = np.abs(true_dW).max()
    assert np.abs(wrong - true_dW).max() > 0.01 * scale
    assert np.abs(wrong - changed_dW).max() > 0.005 * scale
    assert_same(units.pattern_gradients([hidden, output], x, y)[0].W, true_dW)


def test_L_erratum_31_one_example_l_is_not_the_total_loss_and_superscripts_are_not_powers():
    example = running_example()
    network = example.unit_network
    one = units.pattern_gradients(network, example.X[0], example.Y[0])
    total = [
        UnitLayer(5 * W, 5 * b) for W, b in units.batch_gradients(network, example.X, example.Y)
    ]
    assert np.abs(one[1].W - total[1].W).max() > 0.1 * np.abs(total[1].W).max()
    # θ⁰ is where the iteration starts; read as a power it would be 1 everywhere.
    assert not np.allclose(network[0].W, network[0].W ** 0)


def test_L_erratum_31_the_forward_pass_gives_dz_dw_as_a_value_and_is_not_forward_mode():
    """∂z/∂w is an activation that the forward pass has anyway; no tangent is carried."""
    example = running_example()
    network = example.unit_network
    activations = units.forward_pass(network, example.X[0])
    deltas = units.backward_pass(network, activations, example.Y[0])
    expected = autograd_gradients(network, example.X[:1], example.Y[:1])
    for a, delta, (dW, _) in zip(activations[:-1], deltas, expected, strict=True):
        assert_same(np.multiply.outer(delta, a), dW)


# ---- training


def test_xor_is_learned_by_the_loops():
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    Y = np.array([[0], [1], [1], [0]])
    network = units.random_network([2, 3, 1], np.random.default_rng(3))
    trained, costs = units.train_network(network, X, Y, learning_rate=2.0, epochs=400, momentum=0.9)
    outputs = [units.forward_pass(trained, x)[-1][0] for x in X]
    np.testing.assert_array_equal(np.round(outputs), Y[:, 0])
    assert costs.shape == (401,)
    assert costs[-1] < 0.02 * costs[0]


def test_no_epoch_leaves_the_network_and_measures_its_cost_once():
    example = running_example()
    network, costs = units.train_network(
        example.unit_network, example.X, example.Y, learning_rate=1.0, epochs=0
    )
    np.testing.assert_array_equal(network[0].W, example.W1.T)
    assert_same(costs, np.array([matrix_cost(example.unit_network, example.X, example.Y)]))


def test_one_epoch_with_batch_size_1_is_a_train_step_for_each_pattern():
    example = running_example()
    network = example.unit_network
    trained, _ = units.train_network(
        network, example.X, example.Y, learning_rate=0.7, epochs=1, batch_size=1
    )
    for x, y in zip(example.X, example.Y, strict=True):
        network = units.train_step(network, x, y, 0.7)
    for actual, expected in zip(trained, network, strict=True):
        assert_same(actual.W, expected.W, 1e-14)
        assert_same(actual.b, expected.b, 1e-14)


def test_a_ragged_last_batch_is_averaged_over_its_own_size():
    example = running_example()
    network = example.unit_network
    trained, _ = units.train_network(
        network, example.X, example.Y, learning_rate=0.7, epochs=1, batch_size=3
    )
    for rows in (slice(0, 3), slice(3, 5)):
        grads = autograd_gradients(network, example.X[rows], example.Y[rows])
        network = [
            UnitLayer(W - 0.7 * dW, b - 0.7 * db)
            for (W, b), (dW, db) in zip(network, grads, strict=True)
        ]
    assert_same(trained[0].W, network[0].W, 1e-12)


def test_shuffling_comes_from_the_generator_and_moves_inputs_with_their_targets():
    example = running_example()
    runs = [
        units.train_network(
            example.unit_network,
            example.X,
            example.Y,
            learning_rate=0.5,
            epochs=3,
            batch_size=2,
            rng=np.random.default_rng(seed),
        )[0]
        for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(runs[0][0].W, runs[1][0].W)
    assert not np.array_equal(runs[0][0].W, runs[2][0].W)
    whole, ordered = (
        units.train_network(
            example.unit_network, example.X, example.Y, learning_rate=0.5, epochs=1, rng=rng
        )[0]
        for rng in (np.random.default_rng(1), None)
    )
    assert_same(whole[0].W, ordered[0].W, 1e-12)


@given(rng=generators, layer_sizes=depths, n=sizes)
def test_the_order_of_the_patterns_does_not_matter_to_the_batch(rng, layer_sizes, n):
    network, X, Y = random_case(rng, layer_sizes, n)
    order = rng.permutation(n)
    gradients = units.batch_gradients(network, X, Y)
    permuted = units.batch_gradients(network, X[order], Y[order])
    for (dW, db), (dW_permuted, db_permuted) in zip(gradients, permuted, strict=True):
        assert_same(dW_permuted, dW, 1e-12)
        assert_same(db_permuted, db, 1e-12)


# ---- promises


@given(rng=generators, layer_sizes=depths, n=sizes, dtype=dtypes)
def test_dtype_is_kept_and_nothing_is_changed_in_place(rng, layer_sizes, n, dtype):
    network, X, Y = random_case(rng, layer_sizes, n, dtype)
    with unchanged(X, Y, *(P for layer in network for P in layer)):
        gradients = units.batch_gradients(network, X, Y)
        stepped = units.train_step(network, X[0], Y[0], 0.5)
        trained, costs = units.train_network(
            network, X, Y, learning_rate=0.5, epochs=1, momentum=0.5
        )
    assert costs.dtype == dtype
    for layer, *others in zip(network, gradients, stepped, trained, strict=True):
        for other in others:
            assert (other.W.shape, other.b.shape) == (layer.W.shape, layer.b.shape)
            assert other.W.dtype == other.b.dtype == dtype


def test_integers_are_computed_as_float64():
    assert units.layer_preactivation([[1, 2]], [3, 4], [5]).dtype == np.float64
    assert units.output_deltas([1], [0]).dtype == np.float64
    assert units.weight_changes([1], [1], 1).dtype == np.float64


@pytest.mark.parametrize("z", [-1e4, -40.0, 40.0, 1e4])
def test_saturated_units_give_no_warning(z):
    network = [UnitLayer(np.array([[1.0]]), np.zeros(1)), UnitLayer(np.array([[z]]), np.zeros(1))]
    with np.errstate(all="raise", under="ignore"):
        gradients = units.pattern_gradients(network, [z], [0.5])
    assert np.isfinite(gradients[0].W).all()


def test_random_network_has_the_sizes_asked_for_and_comes_from_the_generator():
    network = units.random_network([4, 2, 3], np.random.default_rng(0), scale=0.5)
    assert [layer.W.shape for layer in network] == [(2, 4), (3, 2)]
    big = units.random_network([300, 300], np.random.default_rng(0), scale=0.5)[0].W
    assert big.std() == pytest.approx(0.5, rel=0.01)
    default = units.random_network([300, 300], np.random.default_rng(0))[0].W
    assert default.std() == pytest.approx(1, rel=0.01)
    again = units.random_network([4, 2, 3], np.random.default_rng(0), scale=0.5)
    np.testing.assert_array_equal(network[1].W, again[1].W)


EXAMPLE = running_example()
NETWORK = EXAMPLE.unit_network


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: units.unit_preactivation([1, 2], [1], 0), "x has 1 entry but w has 2 entries"),
        (lambda: units.unit_preactivation([1], [1], [0, 1]), "b has shape"),
        (
            lambda: units.layer_preactivation(EXAMPLE.W1, EXAMPLE.X[0], EXAMPLE.b1),
            "x has 4 entries but W has 2 columns",
        ),
        (lambda: units.pattern_cost([1, 2], [[1], [2]]), r"y has shape \(2, 1\)"),
        (lambda: units.mean_cost(np.ones((5, 3)), np.ones((5, 1))), "Y has 1 column but A has 3"),
        (lambda: units.mean_cost(np.ones((0, 3)), np.ones((0, 3))), "A is empty"),
        (lambda: units.output_deltas([1, 2], [1]), "y has 1 entry but a has 2 entries"),
        (
            lambda: units.hidden_deltas(EXAMPLE.W2, np.ones(3), np.ones(2)),
            "deltas_next has 3 entries but W_next has 2 rows",
        ),
        (lambda: units.forward_pass([], [1.0]), "network is empty, expected at least one layer"),
        (lambda: units.forward_pass(NETWORK, EXAMPLE.X), "x has shape"),
        (
            lambda: units.backward_pass(NETWORK, [np.ones(3)], np.ones(3)),
            "activations has 1 arrays",
        ),
        (lambda: units.weight_changes([1], [1], 0), "learning_rate is 0"),
        (lambda: units.bias_changes([1], -1.0), "learning_rate is -1.0"),
        (lambda: units.gradient_changes(NETWORK, np.nan), "learning_rate is nan"),
        (lambda: units.apply_changes(NETWORK, NETWORK[:1]), "changes has shapes"),
        (lambda: units.add_momentum(NETWORK, NETWORK[::-1], 0.5), "previous has shapes"),
        (lambda: units.random_network([3], np.random.default_rng(0)), r"sizes is \[3\]"),
        (lambda: units.random_network([3, 0], np.random.default_rng(0)), r"sizes is \[3, 0\]"),
        (
            lambda: units.train_network(
                NETWORK, EXAMPLE.X, EXAMPLE.Y[:3], learning_rate=1, epochs=1
            ),
            "Y has 3 rows but X has 5 rows",
        ),
        (
            lambda: units.train_network(
                NETWORK, EXAMPLE.X, EXAMPLE.Y, learning_rate=1, epochs=1, batch_size=0
            ),
            "batch_size is 0",
        ),
    ],
)
def test_bad_input_is_refused_with_what_came_and_what_was_expected(call, says):
    with pytest.raises(ValueError, match=says):
        call()
