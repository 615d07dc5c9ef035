import numpy as np
import pytest
from hypothesis import given
from strategies import sizes

from backprop.initializers import glorot_normal, glorot_uniform, he_normal, normal, zeros
from backprop.networks import initialize_mlp, mlp_forward

RANDOM = (normal, glorot_normal, glorot_uniform, he_normal)


@pytest.mark.parametrize("initializer", [zeros, *RANDOM])
@given(n_in=sizes, n_out=sizes)
def test_weights_have_a_row_for_each_input_and_a_column_for_each_output(initializer, n_in, n_out):
    assert initializer(n_in, n_out, np.random.default_rng(0)).shape == (n_in, n_out)


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [
        (normal, 0.01**2),
        (glorot_normal, 2 / 700),
        (glorot_uniform, 2 / 700),
        (he_normal, 2 / 300),
    ],
)
def test_the_variance_is_that_of_the_formula_with_fan_in_300_and_fan_out_400(initializer, variance):
    W = initializer(300, 400, np.random.default_rng(1))
    assert W.var() == pytest.approx(variance, rel=0.03)
    assert abs(W.mean()) < 4 * np.sqrt(variance / W.size)


def test_glorot_uniform_stays_within_its_bound_and_reaches_it():
    W = glorot_uniform(300, 400, np.random.default_rng(2))
    assert np.sqrt(6 / 700) * 0.999 < np.abs(W).max() <= np.sqrt(6 / 700)


@pytest.mark.parametrize("initializer", RANDOM)
def test_the_generator_alone_decides(initializer):
    one, again, other = (initializer(3, 4, np.random.default_rng(s)) for s in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert (one != other).all()


def test_zeros_are_zeros_without_a_generator():
    assert zeros(2, 3).tolist() == [[0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("initializer", "activation", "low", "high"),
    [
        (he_normal, "relu", 0.5, 2.0),
        (glorot_normal, "tanh", 0.1, 1.0),
        (normal, "tanh", 0.0, 1e-10),
    ],
)
def test_the_scale_of_a_deep_network_is_kept_or_lost_by_its_initialization(
    initializer, activation, low, high
):
    rng = np.random.default_rng(3)
    params = initialize_mlp([100] * 11, rng, initializer=initializer)
    X = rng.standard_normal((50, 100))
    A, _ = mlp_forward(params, X, activation=activation, output_activation=activation)
    assert low < np.sqrt(np.mean(A**2)) / np.sqrt(np.mean(X**2)) < high


@pytest.mark.parametrize("initializer", [zeros, *RANDOM])
@pytest.mark.parametrize("units", [(0, 3), (3, 0), (-1, 3), (2.5, 3)])
def test_a_number_of_units_that_is_none_is_refused(initializer, units):
    with pytest.raises(ValueError, match="expected a positive integer"):
        initializer(*units, np.random.default_rng(0))


def test_a_negative_scale_is_refused():
    with pytest.raises(ValueError, match="scale is -1"):
        normal(2, 2, np.random.default_rng(0), scale=-1.0)
