import numpy as np
import pytest
from hypothesis import given
from oracles import complex_step_along
from strategies import dtypes, generators, shapes

from backprop import activations
from backprop.local_derivatives import (
    LOCAL_DERIVATIVES,
    generic_logistic,
    generic_relu,
    local_derivative,
)

NOT_ANALYTIC = {np.maximum}
ONE_OPERAND = [f for f, rules in LOCAL_DERIVATIVES.items() if len(rules) == 1 and f != np.power]
TWO_OPERANDS = [np.add, np.subtract, np.multiply, np.divide]


def name(function):
    return function.__name__


@pytest.mark.parametrize("function", ONE_OPERAND, ids=name)
@given(rng=generators, shape=shapes())
def test_functions_of_one_operand_agree_with_the_complex_step(function, rng, shape):
    x = rng.uniform(0.2, 2.5, shape)  # positive for log and sqrt
    measured = complex_step_along(function, x, np.ones(shape))
    actual = local_derivative(function, 0)(x, function(x)) * np.ones(shape)
    np.testing.assert_allclose(actual, measured, rtol=1e-12)


@pytest.mark.parametrize("operand", [0, 1])
@pytest.mark.parametrize("function", TWO_OPERANDS, ids=name)
@given(rng=generators, shape=shapes())
def test_functions_of_two_operands_agree_with_the_complex_step(function, operand, rng, shape):
    a, b = rng.uniform(0.5, 2.5, (2, *shape))

    def varied(v):
        return function(v, b) if operand == 0 else function(a, v)

    measured = complex_step_along(varied, (a, b)[operand], np.ones(shape))
    actual = local_derivative(function, operand)(a, b, function(a, b)) * np.ones(shape)
    np.testing.assert_allclose(actual, measured, rtol=1e-12)


@pytest.mark.parametrize("n", [-2, -1, 0, 1, 2, 3, 0.5, 2.5])
def test_powers_agree_with_the_complex_step(n):
    x = np.array([0.3, 1.0, 2.7])
    measured = complex_step_along(lambda x: x**n, x, np.ones(3))
    np.testing.assert_allclose(local_derivative(np.power, 0)(x, n, x**n), measured, rtol=1e-12)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_whole_powers_are_differentiated_at_zero_without_a_warning(n):
    x = np.zeros(2)
    slope = local_derivative(np.power, 0)(x, n, x**n)
    np.testing.assert_array_equal(slope, np.full(2, 1.0 if n == 1 else 0.0))


def test_maximum_follows_the_larger_operand_and_neither_at_a_tie():
    a, b = np.array([1.0, 3.0, 2.0]), np.array([2.0, 1.0, 2.0])
    np.testing.assert_array_equal(local_derivative(np.maximum, 0)(a, b, None), [0, 1, 0])
    np.testing.assert_array_equal(local_derivative(np.maximum, 1)(a, b, None), [1, 0, 0])


def test_every_line_of_the_table_is_tested():
    tested = {*ONE_OPERAND, *TWO_OPERANDS, np.power, *NOT_ANALYTIC}
    assert set(LOCAL_DERIVATIVES) == tested


@given(rng=generators, shape=shapes(), dtype=dtypes)
def test_logistic_and_relu_of_plain_arrays_are_plain_arrays(rng, shape, dtype):
    x = np.asarray(rng.normal(size=shape), dtype)
    for actual, expected in (
        (generic_logistic(x), activations.logistic(x)),
        (generic_relu(x), np.where(x > 0, x, 0)),
    ):
        assert isinstance(actual, np.ndarray | np.generic)
        assert actual.dtype == dtype
        np.testing.assert_array_equal(actual, expected)


def test_logistic_takes_numbers_and_lists_too():
    assert generic_logistic(0.0) == 0.5
    np.testing.assert_array_equal(generic_logistic([0, 0]), [0.5, 0.5])


def test_an_unknown_function_is_refused_with_those_that_are_known():
    with pytest.raises(ValueError, match=r"arctan has no local derivative here; use one of add, "):
        local_derivative(np.arctan, 0)
    with pytest.raises(ValueError, match=r"constant exponent; write np.exp\(y \* np.log\(x\)\)"):
        local_derivative(np.power, 1)
