import numpy as np
import pytest
from hypothesis import given
from oracles import assert_same, complex_step_gradient, complex_step_jacobian, unchanged
from strategies import dtypes, generators, shapes, sizes

from backprop import layouts


def quadratic(A):
    return lambda theta: theta @ A @ theta


@given(rng=generators, m=sizes, n=sizes)
def test_layouts_are_transposes_of_each_other_and_there_and_back_is_nothing(rng, m, n):
    J = rng.normal(size=(m, n))
    G = layouts.denominator_layout(J)
    assert G.shape == (n, m)
    i, j = int(rng.integers(m)), int(rng.integers(n))
    assert G[j, i] == J[i, j]
    np.testing.assert_array_equal(layouts.numerator_layout(G), J)


def test_denominator_layout_of_Ax_is_A_transposed():
    A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    J = complex_step_jacobian(lambda x: A @ x, np.ones(3))
    np.testing.assert_allclose(layouts.denominator_layout(J), [[1, 4], [2, 5], [3, 6]])


@given(rng=generators, n=sizes, k=sizes, m=sizes)
def test_the_chain_rule_has_the_inner_factor_first_in_denominator_layout(rng, n, k, m):
    A, B, x = rng.normal(size=(k, n)), rng.normal(size=(m, k)), rng.normal(size=n)
    inner = complex_step_jacobian(lambda x: np.sin(A @ x), x)
    outer = complex_step_jacobian(lambda f: np.sin(B @ f), np.sin(A @ x))
    whole = complex_step_jacobian(lambda x: np.sin(B @ np.sin(A @ x)), x)
    actual = layouts.chain_denominator(
        layouts.denominator_layout(inner), layouts.denominator_layout(outer)
    )
    assert_same(actual, layouts.denominator_layout(whole), 1e-9)


@given(rng=generators, m=sizes, n=sizes)
def test_the_bridge_from_a_jacobian_to_a_gradient(rng, m, n):
    A, x, y = rng.normal(size=(m, n)), rng.normal(size=n), rng.normal(size=m)
    J = complex_step_jacobian(lambda x: np.tanh(A @ x), x)
    gradient = layouts.gradient_from_jacobian(J, np.tanh(A @ x) - y)
    measured = complex_step_gradient(lambda x: np.sum((np.tanh(A @ x) - y) ** 2) / 2, x)
    assert_same(gradient, measured, 1e-9)


@given(rng=generators, shape=shapes())
def test_C_5_40_a_row_of_partials_takes_the_shape_of_its_parameter_and_back(rng, shape):
    G = rng.normal(size=shape)
    row = layouts.gradient_to_row(G)
    assert row.shape == (1, G.size)
    np.testing.assert_array_equal(row[0], list(G.flat))
    np.testing.assert_array_equal(layouts.row_to_gradient(row, shape), G)


def test_a_column_gradient_and_a_row_gradient_hold_the_same_numbers():
    """∇L is a column in L and a row in C; in the shape of θ both are one array."""
    A = np.array([[2.0, 1.0], [0.0, 3.0]])
    theta = np.array([1.0, -1.0])
    row = complex_step_jacobian(quadratic(A), theta)[None]
    column = layouts.denominator_layout(row)
    assert (row.shape, column.shape) == ((1, 2), (2, 1))
    np.testing.assert_allclose(layouts.row_to_gradient(row, (2,)), [3.0, -5.0])
    np.testing.assert_allclose(
        layouts.row_to_gradient(layouts.numerator_layout(column), (2,)), [3.0, -5.0]
    )


@given(rng=generators, n=sizes)
def test_C_and_L_a_descent_step_lowers_a_convex_cost(rng, n):
    M = rng.normal(size=(n, n))
    A = M @ M.T + np.eye(n)
    cost, theta = quadratic(A), rng.normal(size=n)
    gradient = complex_step_gradient(cost, theta)
    stepped = layouts.descent_step(theta, gradient, 0.5 / np.linalg.eigvalsh(A).max())
    assert stepped.shape == theta.shape
    assert cost(stepped) < cost(theta)


def test_C_erratum_17_column_minus_row_is_a_matrix_in_numpy_and_an_error_here():
    theta = np.array([[1.0], [2.0], [3.0]])
    row = np.array([[0.1, 0.2, 0.3]])
    assert (theta - row).shape == (3, 3)  # what NumPy does, without a word
    with pytest.raises(ValueError, match=r"would be broadcast to shape \(3, 3\)"):
        layouts.descent_step(theta, row, 1.0)
    stepped = layouts.descent_step(theta, layouts.row_to_gradient(row, theta.shape), 1.0)
    np.testing.assert_allclose(stepped, [[0.9], [1.8], [2.7]])


def test_a_vector_minus_a_column_is_refused_too():
    with pytest.raises(ValueError, match=r"would be broadcast to shape \(4, 4\)"):
        layouts.descent_step(np.ones(4), np.ones((4, 1)), 1.0)
    with pytest.raises(ValueError, match="theta - gradient would fail"):
        layouts.descent_step(np.ones(4), np.ones(3), 1.0)


@given(rng=generators, m=sizes, n=sizes, dtype=dtypes)
def test_dtype_is_kept_and_results_share_no_memory_with_the_arguments(rng, m, n, dtype):
    J, u = rng.normal(size=(m, n)).astype(dtype), rng.normal(size=m).astype(dtype)
    with unchanged(J, u):
        results = [
            layouts.denominator_layout(J),
            layouts.numerator_layout(J),
            layouts.chain_denominator(J, J.T),
            layouts.gradient_from_jacobian(J, u),
            layouts.gradient_to_row(J),
            layouts.row_to_gradient(J[:1], (n, 1)),
            layouts.descent_step(J, J, 0.5),
        ]
        for result in results:
            assert result.dtype == dtype
            assert not np.shares_memory(result, J)
            result[...] = 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: layouts.denominator_layout([1, 2]), "J has shape"),
        (lambda: layouts.numerator_layout([1, 2]), "G has shape"),
        (lambda: layouts.chain_denominator(np.ones((2, 3)), np.ones((2, 3))), "outer has 2 rows"),
        (lambda: layouts.gradient_from_jacobian(np.ones((2, 3)), np.ones(3)), "upstream has 3"),
        (lambda: layouts.gradient_to_row("G"), "G has dtype"),
        (lambda: layouts.row_to_gradient([[1, 2, 3]], (2, 2)), "row has 3 entries, which do not"),
        (lambda: layouts.row_to_gradient([[1], [2]], (2,)), "row has 2 rows, expected 1"),
        (lambda: layouts.descent_step([1.0], [1.0], -1), "learning_rate is -1"),
    ],
)
def test_bad_input_is_refused_with_what_came_and_what_was_expected(call, says):
    with pytest.raises(ValueError, match=says):
        call()
