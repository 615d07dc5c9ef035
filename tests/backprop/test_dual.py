import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from oracles import assert_same, complex_step_along, complex_step_jacobian, unchanged
from strategies import broadcastable_shapes, dtypes, generators, shapes, sizes

from backprop.dual import Dual, derivative, forward_jacobian, jvp
from backprop.local_derivatives import generic_logistic, generic_relu


def deep(x):
    """C (5.109); runs on numbers, complex numbers, dual numbers and arrays."""
    u = x**2 + np.exp(x**2)
    return np.sqrt(u) + np.cos(u)


@pytest.mark.parametrize("x", [-1.3, -0.5, 0.0, 0.7, 1.1])
def test_C_5_109_is_differentiated_to_C_5_110(x):
    s = sp.symbols("s")
    u = s**2 + sp.exp(s**2)
    printed = 2 * s * (1 / (2 * sp.sqrt(u)) - sp.sin(u)) * (1 + sp.exp(s**2))
    assert sp.simplify(sp.diff(sp.sqrt(u) + sp.cos(u), s) - printed) == 0
    assert derivative(deep, x) == pytest.approx(float(printed.subs(s, x)), rel=1e-12, abs=1e-15)


def test_a_dual_number_carries_its_derivative_through_a_product():
    result = Dual(3.0, 1.0) * Dual(5.0, 2.0)
    assert (result.value, result.tangent) == (15.0, 11.0)


def test_a_value_used_twice_counts_twice():
    assert derivative(lambda x: x * x, 3.0) == 6.0


OPERATIONS = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "reflected": lambda x, y: (2 - x) * (3 / y) + (1 + x) - (-y) * 4,
    "power": lambda x, y: x**3 * y**-1,
    "functions": lambda x, y: np.sin(x) * np.tanh(y) + np.log(y * y + 1) / np.sqrt(1 + x * x),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@given(rng=generators, shape=broadcastable_shapes())
def test_operations_with_broadcasting_agree_with_the_complex_step(operation, rng, shape):
    x, dx = rng.normal(size=(2, *shape[0]))
    y, dy = rng.uniform(0.5, 2, size=(2, *shape[1]))
    result = operation(Dual(x, dx), Dual(y, dy))
    measured = np.imag(operation(x + 1e-40j * dx, y + 1e-40j * dy)) / 1e-40
    assert_same(result.value, operation(x, y), 1e-13)
    assert_same(result.tangent, measured, 1e-9)


@given(rng=generators, m=sizes, k=sizes, n=sizes, left=st.booleans(), right=st.booleans())
def test_matrix_products_with_vectors_and_matrices(rng, m, k, n, left, right):
    A, dA = rng.normal(size=(2, m, k) if left else (2, k))
    B, dB = rng.normal(size=(2, k, n) if right else (2, k))
    result = Dual(A, dA) @ Dual(B, dB)
    measured = np.imag((A + 1e-40j * dA) @ (B + 1e-40j * dB)) / 1e-40
    assert_same(result.tangent, measured, 1e-9)
    assert_same((A @ Dual(B, dB)).tangent, A @ dB, 1e-12)
    assert_same((Dual(A, dA) @ B).tangent, dA @ B, 1e-12)


@given(rng=generators, m=sizes, n=sizes, keepdims=st.booleans(), axis=st.sampled_from([None, 0, 1]))
def test_sums_means_transposes_and_parts(rng, m, n, keepdims, axis):
    X, V = rng.normal(size=(2, m, n))

    def f(X):
        total = (X * X).sum(axis=axis, keepdims=keepdims) * 2
        return total + (X * X * X).mean(axis=axis, keepdims=keepdims)

    assert_same(jvp(f, X, V)[1], complex_step_along(f, X, V), 1e-9)

    def g(X):
        return X.T[0] * X[0, 0] + X.reshape(n, m)[0, 0]

    assert_same(jvp(g, X, V)[1], complex_step_along(g, X, V), 1e-9)


def test_a_sum_and_a_mean_over_everything_have_no_axis_left():
    x = Dual(np.ones((2, 3)), np.full((2, 3), 0.5))
    assert (x.sum().value, x.sum().tangent) == (6.0, 3.0)
    assert x.sum().value.shape == x.mean().tangent.shape == ()


@given(rng=generators, shape=shapes())
def test_relu_and_logistic_agree_with_autograd(rng, shape):
    x = rng.normal(size=shape)
    for ours, theirs in (
        (generic_relu, lambda x: anp.maximum(x, 0)),
        (generic_logistic, lambda x: 1 / (1 + anp.exp(-x))),
    ):
        expected = autograd.elementwise_grad(theirs)(x)
        assert_same(jvp(ours, x, np.ones(shape))[1], np.asarray(expected), 1e-12)
    assert derivative(generic_relu, 0.0) == 0.0


@given(rng=generators, m=sizes, n=sizes)
def test_C_5_57_forward_jacobian_is_built_column_by_column(rng, m, n):
    A, x = rng.normal(size=(m, n)), rng.normal(size=n)
    passes = []

    def f(x):
        passes.append(x)
        return np.sin(A @ x)

    J = forward_jacobian(f, x)
    assert len(passes) == n  # one pass for each input
    assert_same(J, complex_step_jacobian(lambda x: np.sin(A @ x), x), 1e-9)
    assert forward_jacobian(lambda x: (x * x).sum(), x).shape == (1, n)


@given(rng=generators, shape=shapes(), dtype=dtypes)
def test_dtype_is_kept_and_nothing_is_changed_in_place(rng, shape, dtype):
    X, V = np.asarray(rng.normal(size=(2, *shape)), dtype)
    with unchanged(X, V):
        value, tangent = jvp(
            lambda x: generic_logistic(2 * x + 1) * generic_relu(x) - x**2 / 3, X, V
        )
    assert value.dtype == tangent.dtype == dtype
    assert value.shape == tangent.shape == shape


def test_a_function_that_ignores_its_argument_has_the_derivative_zero():
    assert derivative(lambda x: 3.0, 1.0) == 0.0
    tangent = jvp(lambda x: np.ones(3), 1.0, 1.0)[1]
    np.testing.assert_array_equal(tangent, np.zeros(3))


def test_a_large_argument_of_the_logistic_gives_no_warning():
    with np.errstate(all="raise", under="ignore"):
        assert derivative(generic_logistic, -1e4) == 0.0
        assert derivative(generic_logistic, 40.0) == pytest.approx(np.exp(-40.0), rel=1e-12)


def test_a_dual_number_shows_its_value_and_tangent():
    assert repr(Dual([1.0, 2.0], [0.5, 0.0])) == "Dual([1. 2.], [0.5 0. ])"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Dual([1.0, 2.0], 1.0), "tangent has shape"),
        (lambda: jvp(np.sin, np.ones(3), np.ones((3, 1))), "tangent has shape"),
        (lambda: derivative(np.sin, [1.0]), "expected numbers"),
        (lambda: forward_jacobian(np.sin, np.ones((2, 2))), "x has shape"),
        (lambda: np.arctan(Dual(1.0, 1.0)), "arctan has no local derivative"),
        (lambda: Dual(1.0, 1.0) ** Dual(1.0, 1.0), "constant exponent"),
        (lambda: np.add.reduce(Dual([1.0], [1.0])), "cannot take part in add"),
    ],
)
def test_bad_input_is_refused_with_what_came_and_what_was_expected(call, says):
    with pytest.raises(ValueError, match=says):
        call()
