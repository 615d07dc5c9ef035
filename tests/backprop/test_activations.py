import numpy as np
import pytest
from autograd import elementwise_grad
from autograd import numpy as anp
from hypothesis import given
from hypothesis import strategies as st
from oracles import assert_same, central_along, complex_step_along, complex_step_jacobian, unchanged
from strategies import arrays, dtypes, generators, shapes

from backprop import activations
from backprop.activations import (
    identity_backward,
    identity_forward,
    leaky_relu,
    leaky_relu_backward,
    leaky_relu_derivative,
    leaky_relu_forward,
    logistic,
    logistic_backward,
    logistic_derivative,
    logistic_forward,
    relu,
    relu_backward,
    relu_derivative,
    relu_forward,
    softmax,
    softmax_backward,
    softmax_forward,
    tanh,
    tanh_backward,
    tanh_derivative,
    tanh_forward,
)

SMOOTH = ("logistic", "tanh", "identity")
ELEMENTWISE = (*SMOOTH, "relu", "leaky_relu")
EVERY = (*ELEMENTWISE, "softmax")


def parts(name):
    names = (name, f"{name}_derivative", f"{name}_forward", f"{name}_backward")
    return [getattr(activations, part, None) for part in names]


def away_from_kinks(rng, shape):
    Z = rng.standard_normal(shape)
    return Z + np.where(Z > 0, 0.1, -0.1)


@pytest.mark.parametrize(
    ("z", "expected"),
    [(0.0, 0.5), (np.log(3), 0.75), (-np.log(3), 0.25), (np.log(9), 0.9), (1e4, 1.0), (-1e4, 0.0)],
)
def test_D_logistic_takes_its_known_values(z, expected):
    assert logistic(z) == pytest.approx(expected, abs=1e-15)


@given(z=st.floats(allow_nan=False, allow_infinity=False))
def test_logistic_is_safe_for_every_finite_number(z):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert 0 <= logistic(z) <= 1
        assert 0 <= logistic_derivative(z) <= 0.25
        assert 0 <= tanh_derivative(z) <= 1


@given(z=st.floats(-300, 300))
def test_logistic_of_minus_z_is_its_complement(z):
    assert logistic(z) + logistic(-z) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("z", [-700.0, -40.0, -5.0])
def test_logistic_keeps_its_relative_precision_where_it_is_small(z):
    # ln σ(z) = z − ln(1 + e^z), and the last term is at most e^z.
    assert np.log(logistic(z)) == pytest.approx(z - np.log1p(np.exp(z)), rel=1e-14)
    assert np.log(logistic_derivative(-z)) == pytest.approx(z - 2 * np.log1p(np.exp(z)), rel=1e-14)


@pytest.mark.parametrize("z", [-350.0, 350.0])
def test_tanh_derivative_keeps_its_relative_precision_where_tanh_rounds_to_one(z):
    assert np.log(tanh_derivative(z)) == pytest.approx(2 * (np.log(2) - 350), rel=1e-14)
    assert 1 - np.tanh(z) ** 2 == 0


@pytest.mark.parametrize(
    ("z", "expected", "tolerance"), [(0, 0.25, 1e-15), (2, 0.105, 5e-4), (5, 0.0066, 5e-5)]
)
def test_B_29_the_derivative_of_the_logistic_function_is_not_a_constant(z, expected, tolerance):
    assert logistic_derivative(z) == pytest.approx(expected, abs=tolerance)


def test_D_14_the_product_of_a_and_one_minus_a_belongs_to_the_logistic_function():
    z = np.linspace(-3, 3, 13)
    a = logistic(z)
    assert_same(logistic_derivative(z), a * (1 - a))
    assert np.abs(tanh_derivative(z) - tanh(z) * (1 - tanh(z))).max() > 1


@pytest.mark.parametrize("name", SMOOTH)
@given(rng=generators, shape=shapes())
def test_the_derivative_is_that_of_the_function_by_the_complex_step(name, rng, shape):
    function, derivative, *_ = parts(name)
    Z, V = np.asarray(rng.normal(0, 3, shape)), np.asarray(rng.standard_normal(shape))
    assert_same(derivative(Z) * V, complex_step_along(function, Z, V))


@pytest.mark.parametrize("name", ["relu", "leaky_relu"])
@given(rng=generators, shape=shapes())
def test_the_derivative_is_that_of_the_function_by_differences(name, rng, shape):
    function, derivative, *_ = parts(name)
    Z, V = away_from_kinks(rng, shape), rng.standard_normal(shape)
    assert_same(derivative(Z) * V, central_along(function, Z, V, 1e-3), rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("logistic", lambda z: 1 / (1 + anp.exp(-z))),
        ("tanh", anp.tanh),
        ("relu", lambda z: anp.maximum(z, 0)),
        ("leaky_relu", lambda z: anp.where(z > 0, z, 0.01 * z)),
    ],
)
def test_function_and_derivative_are_those_of_autograd(name, theirs):
    function, derivative, *_ = parts(name)
    Z = away_from_kinks(np.random.default_rng(0), (4, 3))
    assert_same(function(Z), theirs(Z))
    assert_same(derivative(Z), elementwise_grad(theirs)(Z))


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(rng=generators, shape=shapes())
def test_backward_is_the_derivative_times_a_random_upstream_gradient(name, rng, shape):
    function, _, forward, backward = parts(name)
    Z, V, dA = away_from_kinks(rng, shape), rng.standard_normal(shape), rng.standard_normal(shape)
    A, cache = forward(Z)
    assert_same(A, function(Z))
    dZ = backward(dA, cache)
    assert dZ.shape == shape
    assert_same(np.sum(dZ * V), np.sum(dA * central_along(function, Z, V, 1e-3)), rtol=1e-7)


@given(rng=generators, shape=shapes(1, 3))
def test_softmax_backward_is_the_jacobian_times_a_random_upstream_gradient(rng, shape):
    Z, V, dS = (rng.standard_normal(shape) for _ in range(3))
    S, cache = softmax_forward(Z)
    assert_same(S, softmax(Z))
    dZ = softmax_backward(dS, cache)
    assert dZ.shape == shape
    by_step = np.sum(dS * complex_step_along(softmax, Z, V))
    scale = np.abs(dS).max() * np.abs(V).max()
    assert np.sum(dZ * V) == pytest.approx(by_step, rel=1e-10, abs=1e-14 * scale)


def test_C_24_the_jacobian_of_softmax_is_not_diagonal():
    z = np.array([0.3, -0.5, 1.1])
    _, cache = softmax_forward(z)
    by_rows = np.stack([softmax_backward(row, cache) for row in np.eye(3)])
    J = complex_step_jacobian(softmax, z)
    assert_same(by_rows, J)
    off_diagonal = J - np.diag(np.diag(J))
    assert np.abs(off_diagonal).max() > 0.1


@given(rng=generators, shape=shapes(1, 3), shift=st.floats(-300, 300))
def test_softmax_rows_sum_to_one_and_ignore_a_shift(rng, shape, shift):
    Z = rng.standard_normal(shape)
    assert_same(softmax(Z).sum(axis=-1), np.ones(shape[:-1]))
    assert_same(softmax(Z + shift), softmax(Z), rtol=1e-9)


@pytest.mark.parametrize("scale", [1e3, 1e300])
def test_softmax_of_huge_logits_neither_overflows_nor_divides_zero_by_zero(scale):
    with np.errstate(over="raise", invalid="raise"):
        S = softmax(scale * np.array([[1.0, 0.5, -1.0]]))
    assert_same(S, np.array([[1.0, 0.0, 0.0]]))


def test_softmax_takes_each_row_for_itself():
    Z = np.random.default_rng(1).standard_normal((4, 3))
    assert_same(softmax(Z), np.array([softmax(z) for z in Z]))


def test_relu_has_the_derivative_zero_at_zero():
    assert relu_derivative(0.0) == 0
    assert relu_derivative(-0.0) == 0
    _, cache = relu_forward([0.0, 1.0, -1.0])
    assert relu_backward([5.0, 5.0, 5.0], cache).tolist() == [0.0, 5.0, 0.0]
    assert leaky_relu_derivative(0.0, slope=0.2) == 0.2


def test_leaky_relu_has_its_slope_on_the_left():
    assert leaky_relu([-2.0, 0.0, 3.0], slope=0.1).tolist() == [-0.2, 0.0, 3.0]
    _, cache = leaky_relu_forward([-2.0, 3.0], slope=0.1)
    assert leaky_relu_backward([1.0, 1.0], cache).tolist() == [0.1, 1.0]


@pytest.mark.parametrize("slope", [-0.1, 1.0, np.nan])
def test_a_slope_out_of_range_is_refused(slope):
    for function in (leaky_relu, leaky_relu_derivative, leaky_relu_forward):
        with pytest.raises(ValueError, match="slope is"):
            function(1.0, slope=slope)


@pytest.mark.parametrize("name", EVERY)
@given(data=st.data(), shape=shapes(1, 3), dtype=dtypes)
def test_dtype_and_shape_are_kept_and_no_argument_is_changed(name, data, shape, dtype):
    function, derivative, forward, backward = parts(name)
    Z, dA = data.draw(arrays(shape, dtype)), data.draw(arrays(shape, dtype))
    with unchanged(Z, dA):
        A, cache = forward(Z)
        results = [function(Z), A, backward(dA, cache)]
        results += [derivative(Z)] if derivative else []
    for result in results:
        assert result.shape == shape
        assert result.dtype == dtype
        assert not np.shares_memory(result, Z)
        assert not np.shares_memory(result, dA)


@pytest.mark.parametrize("name", EVERY)
def test_integers_are_computed_in_float64(name):
    function, derivative, forward, backward = parts(name)
    integers, floats = np.array([[-2, 3, 1]]), np.array([[-2.0, 3.0, 1.0]])
    assert_same(function(integers), function(floats))
    assert function(integers).dtype == np.float64
    if derivative:
        assert derivative(integers).dtype == np.float64
    dZ = backward(np.array([[1, 2, 3]]), forward(integers)[1])
    assert_same(dZ, backward(np.array([[1.0, 2.0, 3.0]]), forward(floats)[1]))


@pytest.mark.parametrize("name", EVERY)
def test_an_upstream_gradient_of_another_shape_is_refused(name):
    *_, forward, backward = parts(name)
    _, cache = forward(np.ones((5, 1)))
    with pytest.raises(ValueError, match=r"\(5,\).*\(5, 1\)"):
        backward(np.ones(5), cache)


def test_the_derivative_belongs_to_z_and_not_to_a():
    Z = np.linspace(-2, 2, 9)
    for forward, backward, derivative in (
        (logistic_forward, logistic_backward, logistic_derivative),
        (tanh_forward, tanh_backward, tanh_derivative),
    ):
        A, cache = forward(Z)
        assert_same(backward(np.ones(9), cache), derivative(Z))
        assert np.abs(derivative(A) - derivative(Z)).max() > 0.1


def test_the_identity_hands_out_copies():
    Z = np.ones(3)
    A, cache = identity_forward(Z)
    A += 1
    assert Z.tolist() == [1, 1, 1]
    dA = np.ones(3)
    dZ = identity_backward(dA, cache)
    dZ += 1
    assert dA.tolist() == [1, 1, 1]


def test_relu_does_not_overwrite_the_pre_activations():
    Z = np.array([-1.0, 2.0])
    _, cache = relu_forward(Z)
    assert cache.Z.tolist() == [-1.0, 2.0]
    assert relu(Z).tolist() == [0.0, 2.0]


def test_softmax_of_a_single_number_is_refused():
    for function in (softmax, softmax_forward):
        with pytest.raises(ValueError, match="single number"):
            function(1.0)
