import numpy as np
import pytest
from autograd import grad
from autograd import numpy as anp
from hypothesis import given
from hypothesis import strategies as st
from oracles import assert_same, complex_step_along, complex_step_gradient, unchanged
from strategies import arrays, dtypes, generators, sizes

from backprop import units
from backprop.activations import logistic, softmax
from backprop.losses import (
    binary_cross_entropy_backward,
    binary_cross_entropy_forward,
    half_squared_error_backward,
    half_squared_error_forward,
    l2_penalty_backward,
    l2_penalty_forward,
    log_softmax,
    one_hot,
    softmax_cross_entropy_backward,
    softmax_cross_entropy_forward,
)

LOSSES = {
    "half squared error": (half_squared_error_forward, half_squared_error_backward),
    "binary cross-entropy": (binary_cross_entropy_forward, binary_cross_entropy_backward),
    "softmax cross-entropy": (softmax_cross_entropy_forward, softmax_cross_entropy_backward),
}


def every_loss(test):
    return pytest.mark.parametrize("name", LOSSES)(test)


def draw(name, rng, M, K, dtype=np.float64):
    """Predictions or logits, and targets that the loss accepts."""
    Z, Y = rng.standard_normal((M, K)), rng.standard_normal((M, K))
    Y = {"half squared error": Y, "binary cross-entropy": logistic(Y)}.get(name, softmax(Y))
    return Z.astype(dtype), Y.astype(dtype)


@every_loss
@given(rng=generators, M=sizes, K=sizes)
def test_backward_is_the_derivative_by_the_complex_step(name, rng, M, K):
    forward, backward = LOSSES[name]
    Z, Y = draw(name, rng, M, K)
    V, upstream = rng.standard_normal((M, K)), rng.standard_normal()
    dZ = backward(upstream, forward(Z, Y)[1])
    assert dZ.shape == (M, K)
    by_step = upstream * complex_step_along(lambda X: forward(X, Y)[0], Z, V)
    assert np.sum(dZ * V) == pytest.approx(by_step, rel=1e-10, abs=1e-14)


AUTOGRAD = {
    "half squared error": lambda Z, Y: anp.mean(anp.sum((Z - Y) ** 2, axis=1)) / 2,
    "binary cross-entropy": lambda Z, Y: anp.mean(
        anp.sum(anp.logaddexp(0, -Z) * Y + anp.logaddexp(0, Z) * (1 - Y), axis=1)
    ),
    "softmax cross-entropy": lambda Z, Y: (
        -anp.mean(
            anp.sum(Y * anp.log(anp.exp(Z) / anp.sum(anp.exp(Z), axis=1, keepdims=True)), axis=1)
        )
    ),
}


@every_loss
def test_loss_and_gradient_are_those_of_autograd(name):
    forward, backward = LOSSES[name]
    Z, Y = draw(name, np.random.default_rng(0), 5, 3)
    loss, cache = forward(Z, Y)
    assert_same(loss, AUTOGRAD[name](Z, Y))
    assert_same(backward(1.0, cache), grad(AUTOGRAD[name])(Z, Y))


@given(rng=generators, M=sizes, K=sizes)
def test_D_half_squared_error_is_the_mean_cost_of_the_units(rng, M, K):
    A, Y = rng.standard_normal((M, K)), rng.standard_normal((M, K))
    assert_same(half_squared_error_forward(A, Y)[0], units.mean_cost(A, Y))


def test_half_squared_error_by_hand():
    loss, cache = half_squared_error_forward([[1.0, 2.0], [3.0, 5.0]], [[0.0, 0.0], [3.0, 1.0]])
    assert loss == 0.5 * (1 + 4 + 0 + 16) / 2
    assert half_squared_error_backward(1.0, cache).tolist() == [[0.5, 1.0], [0.0, 2.0]]


def test_P_7_a_sum_over_the_minibatch_is_too_large_by_the_factor_M():
    rng = np.random.default_rng(2)
    X, W, Y = rng.standard_normal((5, 4)), rng.standard_normal((4, 3)), rng.standard_normal((5, 3))
    _, cache = half_squared_error_forward(X @ W, Y)
    averaged = X.T @ half_squared_error_backward(1.0, cache)
    summed = X.T @ (X @ W - Y)  # P, h^T δ with δ = L', without 1/M
    assert_same(summed / averaged, np.full((4, 3), 5.0))
    by_step = complex_step_gradient(lambda V: half_squared_error_forward(X @ V, Y)[0], W)
    assert_same(averaged, by_step)


@every_loss
@given(rng=generators, M=sizes, K=sizes)
def test_a_minibatch_is_the_mean_of_minibatches_of_one(name, rng, M, K):
    forward, backward = LOSSES[name]
    Z, Y = draw(name, rng, M, K)
    loss, cache = forward(Z, Y)
    single = [forward(Z[m : m + 1], Y[m : m + 1]) for m in range(M)]
    assert loss == pytest.approx(np.mean([one[0] for one in single]), rel=1e-12, abs=1e-15)
    rows = np.concatenate([backward(1.0, one[1]) for one in single]) / M
    assert_same(backward(1.0, cache), rows)


@every_loss
@given(rng=generators, M=sizes, K=sizes)
def test_the_order_of_the_examples_does_not_matter(name, rng, M, K):
    forward, backward = LOSSES[name]
    Z, Y = draw(name, rng, M, K)
    order = rng.permutation(M)
    loss, cache = forward(Z, Y)
    shuffled, shuffled_cache = forward(Z[order], Y[order])
    assert shuffled == pytest.approx(loss, rel=1e-12, abs=1e-15)
    assert_same(backward(1.0, shuffled_cache), backward(1.0, cache)[order])


@every_loss
@given(data=st.data(), rng=generators, M=sizes, K=sizes, dtype=dtypes)
def test_the_dtype_is_kept_and_no_argument_is_changed(name, data, rng, M, K, dtype):
    forward, backward = LOSSES[name]
    Z, Y = draw(name, rng, M, K, dtype)
    with unchanged(Z, Y):
        loss, cache = forward(Z, Y)
        dZ = backward(1.0, cache)
    assert loss.dtype == dtype
    assert dZ.dtype == dtype
    assert dZ.shape == (M, K)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_labels_keep_the_dtype_of_the_logits(dtype):
    loss, cache = softmax_cross_entropy_forward(np.ones((2, 3), dtype), np.array([0, 2]))
    assert loss.dtype == dtype
    assert softmax_cross_entropy_backward(1.0, cache).dtype == dtype


@given(rng=generators, M=sizes, K=sizes)
def test_labels_mean_the_same_as_one_hot_targets(rng, M, K):
    Z, labels = rng.standard_normal((M, K)), rng.integers(0, K, M)
    loss, cache = softmax_cross_entropy_forward(Z, labels)
    expected, expected_cache = softmax_cross_entropy_forward(Z, one_hot(labels, K))
    assert loss == expected
    assert_same(
        softmax_cross_entropy_backward(1.0, cache),
        softmax_cross_entropy_backward(1.0, expected_cache),
    )


@given(rng=generators, M=sizes)
def test_two_classes_of_softmax_are_the_binary_cross_entropy_of_the_difference(rng, M):
    Z, labels = rng.standard_normal((M, 2)), rng.integers(0, 2, M)
    difference = Z[:, 1:] - Z[:, :1]
    expected, _ = binary_cross_entropy_forward(difference, labels[:, np.newaxis])
    assert softmax_cross_entropy_forward(Z, labels)[0] == pytest.approx(expected, rel=1e-12)


def test_the_loss_of_equal_logits_is_the_logarithm_of_the_number_of_classes():
    assert softmax_cross_entropy_forward(np.zeros((4, 10)), [1, 2, 3, 4])[0] == pytest.approx(
        np.log(10)
    )
    assert binary_cross_entropy_forward(np.zeros((4, 1)), np.ones((4, 1)))[0] == pytest.approx(
        np.log(2)
    )


@pytest.mark.parametrize("scale", [50.0, 1e3, 1e300])
def test_the_cross_entropies_of_huge_logits_are_finite_and_exact(scale):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        right, cache = softmax_cross_entropy_forward([[scale, -scale]], [0])
        wrong, wrong_cache = softmax_cross_entropy_forward([[scale, -scale]], [1])
        binary_wrong, binary_cache = binary_cross_entropy_forward([[scale]], [[0.0]])
        binary_right, _ = binary_cross_entropy_forward([[-scale]], [[0.0]])
    assert right == pytest.approx(0, abs=1e-20)
    assert wrong == pytest.approx(2 * scale)
    assert binary_wrong == pytest.approx(scale)
    assert binary_right == pytest.approx(0, abs=1e-20)
    assert np.abs(softmax_cross_entropy_backward(1.0, cache)).max() < 1e-20
    assert_same(softmax_cross_entropy_backward(1.0, wrong_cache), np.array([[1.0, -1.0]]))
    assert_same(binary_cross_entropy_backward(1.0, binary_cache), np.array([[1.0]]))


def test_the_derivative_of_the_output_activation_cancels_with_the_cross_entropies():
    rng = np.random.default_rng(1)
    Z, Y = rng.standard_normal((4, 3)), softmax(rng.standard_normal((4, 3)))
    for forward, backward, predict in (
        (softmax_cross_entropy_forward, softmax_cross_entropy_backward, softmax),
        (binary_cross_entropy_forward, binary_cross_entropy_backward, logistic),
    ):
        assert_same(4 * backward(1.0, forward(Z, Y)[1]) + Y, predict(Z))


@given(rng=generators, M=sizes, K=sizes)
def test_log_softmax_is_the_logarithm_of_softmax(rng, M, K):
    Z = rng.standard_normal((M, K))
    assert np.exp(log_softmax(Z)) == pytest.approx(softmax(Z), rel=1e-12)


def test_one_hot_puts_a_one_at_the_label():
    assert one_hot([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]


@given(data=st.data(), M=sizes, K=sizes, l2=st.floats(0, 10))
def test_the_L2_penalty_has_the_gradient_lambda_times_W(data, M, K, l2):
    W, V = data.draw(arrays((M, K))), data.draw(arrays((M, K)))
    penalty, cache = l2_penalty_forward(W, l2)
    assert penalty == pytest.approx(l2 / 2 * np.linalg.norm(W) ** 2, rel=1e-12, abs=1e-300)
    by_step = complex_step_along(lambda X: l2_penalty_forward(X, l2)[0], W, V)
    assert np.sum(l2_penalty_backward(1.0, cache) * V) == pytest.approx(
        by_step, rel=1e-9, abs=1e-12 * l2 + 1e-300
    )
    assert l2_penalty_backward(1.0, cache).shape == W.shape


@pytest.mark.parametrize("one", [1.0, np.float64(1.0)])
def test_penalty_and_losses_keep_float32_whatever_the_type_of_the_factor(one):
    penalty, cache = l2_penalty_forward(np.ones((2, 2), np.float32), 0.1 * one)
    assert penalty.dtype == l2_penalty_backward(one, cache).dtype == np.float32
    for name, (forward, backward) in LOSSES.items():
        Z, Y = draw(name, np.random.default_rng(0), 3, 2, np.float32)
        assert backward(one, forward(Z, Y)[1]).dtype == np.float32


@every_loss
@pytest.mark.parametrize(
    ("Z", "Y"),
    [
        (np.ones(5), np.ones((5, 1))),
        (np.ones((5, 1)), np.ones((1, 5))),
        (np.ones((5, 2)), np.ones((5, 3))),
        (np.ones((0, 2)), np.ones((0, 2))),
        (np.ones((2, 2, 1)), np.ones((2, 2, 1))),
    ],
)
def test_shapes_that_differ_are_refused_and_not_broadcast(name, Z, Y):
    with pytest.raises(ValueError, match=r"shape|columns|rows|empty"):
        LOSSES[name][0](Z, Y)


@pytest.mark.parametrize("name", ["half squared error", "binary cross-entropy"])
def test_targets_of_one_axis_are_refused(name):
    with pytest.raises(ValueError, match=r"Y has shape \(5,\)"):
        LOSSES[name][0](np.ones((5, 1)), np.ones(5))


@every_loss
def test_a_NaN_in_the_predictions_is_refused(name):
    with pytest.raises(ValueError, match="NaN"):
        LOSSES[name][0]([[np.nan, 0.0]], [[1.0, 0.0]])


@every_loss
def test_a_NaN_in_the_targets_is_refused(name):
    with pytest.raises(ValueError, match=r"NaN|nan"):
        LOSSES[name][0]([[1.0, 0.0]], [[np.nan, 0.0]])


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 3], "labels go from 0 to 3, expected 0 to 2"),
        ([-1, 0], "labels go from -1 to 0"),
        ([0.0, 1.0], "dtype float64, expected integers"),
        ([0, 1, 2], "3 rows but Z has 2"),
    ],
)
def test_labels_out_of_range_are_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        softmax_cross_entropy_forward(np.ones((2, 3)), labels)


@pytest.mark.parametrize("Y", [[[0.5, 0.6]], [[1.5, -0.5]], [[0.0, 0.0]], [[0.0, 1.5]]])
def test_rows_that_are_no_distribution_are_refused(Y):
    with pytest.raises(ValueError, match=r"expected targets from 0 to 1|does not sum to 1"):
        softmax_cross_entropy_forward([[1.0, 2.0]], Y)


def test_targets_out_of_range_are_refused_by_the_binary_cross_entropy():
    for low, high in ((-1.0, 1.0), (0.0, 1.5)):
        with pytest.raises(ValueError, match=f"Y goes from {low} to {high}"):
            binary_cross_entropy_forward([[1.0, 2.0]], [[low, high]])


def test_a_negative_decay_is_refused():
    with pytest.raises(ValueError, match=r"l2 is -0.1"):
        l2_penalty_forward([[1.0]], -0.1)
