import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from oracles import assert_same, complex_step_gradient, complex_step_jacobian, unchanged
from strategies import broadcastable_shapes, dtypes, generators, shapes, sizes

from backprop import units
from backprop.dual import jvp
from backprop.local_derivatives import generic_logistic, generic_relu
from backprop.running_example import running_example
from backprop.tape import (
    Variable,
    backward,
    gradients,
    reverse_jacobian,
    value_and_gradients,
    vjp,
)


def deep(x):
    """C (5.109); runs on numbers, complex numbers, dual numbers and variables."""
    u = x**2 + np.exp(x**2)
    return np.sqrt(u) + np.cos(u)


# ---- the derivative of (5.109)


@pytest.mark.parametrize("x", [-1.3, -0.5, 0.0, 0.7, 1.1])
def test_C_5_109_is_differentiated_to_C_5_110(x):
    s = sp.symbols("s")
    u = s**2 + sp.exp(s**2)
    printed = 2 * s * (1 / (2 * sp.sqrt(u)) - sp.sin(u)) * (1 + sp.exp(s**2))
    value, (slope,) = value_and_gradients(deep, x)
    assert value == pytest.approx(float((sp.sqrt(u) + sp.cos(u)).subs(s, x)), rel=1e-13)
    assert slope == pytest.approx(float(printed.subs(s, x)), rel=1e-12, abs=1e-15)


def test_C_5_110_needs_more_operations_written_out_than_the_graph_records():
    """The graph of (5.109) shares u; SymPy counts what writing it out repeats."""
    s = sp.symbols("s")
    u = s**2 + sp.exp(s**2)
    written_out = sp.count_ops(sp.diff(sp.sqrt(u) + sp.cos(u), s))
    x = Variable(0.7)
    nodes = backward(deep(x))
    recorded = [node.operation for node in nodes if node.operation != "input"]
    # x² is written twice in `deep`, so twice recorded; u is written once and used twice.
    assert sorted(recorded) == ["add", "add", "cos", "exp", "power", "power", "sqrt"]
    assert len(recorded) < written_out


# ---- graphs


def test_a_value_used_twice_gets_both_gradients():
    x = Variable(3.0)
    assert backward(x * x)[x] == 6.0
    assert backward(x + x)[x] == 2.0
    assert backward(x - x)[x] == 0.0


def test_a_diamond_with_unequal_paths_is_walked_in_the_right_order():
    """F = a·d with a = 2x, b = a², c = b·a, d = c + a: F = 2x(8x³ + 2x)."""
    x = Variable(1.5)
    a = 2 * x
    b = a**2
    c = b * a
    d = c + a
    assert backward(a * d)[x] == pytest.approx(64 * 1.5**3 + 8 * 1.5, rel=1e-14)
    assert backward(d * a)[x] == pytest.approx(64 * 1.5**3 + 8 * 1.5, rel=1e-14)


def test_depth_is_the_length_of_the_longest_path_from_an_input():
    x, y = Variable(1.0), Variable(2.0)
    u = x * y
    v = np.sin(u) * u
    assert [node.depth for node in (x, y, u, v, v + x)] == [0, 0, 1, 3, 4]


@given(rng=generators, steps=st.integers(2, 12))
def test_random_graphs_agree_with_the_complex_step(rng, steps):
    """Each step combines two earlier values, so paths branch, join and differ in length."""
    choices = [(rng.integers(3), *rng.integers(0, k + 1, size=2)) for k in range(steps)]

    def f(x):
        values = [x]
        for kind, i, j in choices:
            a, b = values[i], values[j]
            values.append([a + 2 * b, np.sin(a) * b, np.tanh(a) - b][kind])
        return sum(values[1:], values[0])

    x = rng.normal()
    (slope,) = gradients(f, x)
    assert slope == pytest.approx(np.imag(f(x + 1e-40j)) / 1e-40, rel=1e-10, abs=1e-12)


def test_a_second_call_finds_no_stale_gradients():
    x = Variable([1.0, 2.0])
    y = (x**3).sum()
    first, second = backward(y)[x], backward(y)[x]
    np.testing.assert_array_equal(first, [3.0, 12.0])
    np.testing.assert_array_equal(second, first)


def test_two_outputs_of_one_graph_do_not_mix():
    x = Variable(2.0)
    shared = x * x
    np.testing.assert_array_equal([backward(shared * 3)[x], backward(shared + x)[x]], [12.0, 5.0])


def test_gradients_of_values_in_between_are_given_too():
    x = Variable(2.0)
    y = x * x
    grads = backward(np.exp(y))
    assert grads[y] == pytest.approx(np.exp(4.0), rel=1e-14)
    assert Variable(2.0) not in grads


def test_no_two_gradients_share_memory():
    x, y = Variable([1.0, 2.0]), Variable([3.0, 4.0])
    grads = backward((x + y).sum())
    grads[x][0] = 99.0
    np.testing.assert_array_equal(grads[y], [1.0, 1.0])


def test_a_changed_array_does_not_falsify_the_gradient():
    array = np.array([1.0, 2.0])
    x = Variable(array)
    y = (x * x).sum()
    array[0] = 100.0
    np.testing.assert_array_equal(backward(y)[x], [2.0, 4.0])


def test_a_chain_of_twenty_thousand_operations_needs_no_recursion():
    x = Variable(1.0)
    y = x
    for _ in range(20_000):
        y = y + x
    assert backward(y)[x] == 20_001.0


# ---- operations

OPERATIONS = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "reflected": lambda x, y: (2 - x) * (3 / y) + (1 + x) - (-y) * 4,
    "power": lambda x, y: x**3 * y**-1 + x**0,
    "functions": lambda x, y: np.sin(x) * np.tanh(y) + np.log(y * y + 1) / np.sqrt(1 + x * x),
    "exp": lambda x, y: np.exp(x) * np.cos(y) + np.square(x),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@given(rng=generators, shape=broadcastable_shapes())
def test_operations_with_broadcasting_agree_with_the_complex_step(operation, rng, shape):
    x, y = rng.normal(size=shape[0]), rng.uniform(0.5, 2, size=shape[1])
    u = rng.normal(size=np.broadcast_shapes(*shape))
    value, (dx, dy) = vjp(operation, x, y, seed=u)
    assert_same(value, operation(x, y), 1e-13)
    measured_x = complex_step_gradient(lambda x: np.sum(u * operation(x, y)), x)
    measured_y = complex_step_gradient(lambda y: np.sum(u * operation(x, y)), y)
    np.testing.assert_allclose(dx, measured_x, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(dy, measured_y, rtol=1e-9, atol=1e-11)
    assert (np.shape(dx), np.shape(dy)) == shape


@given(rng=generators, m=sizes, k=sizes, n=sizes, left=st.booleans(), right=st.booleans())
def test_matrix_products_with_vectors_and_matrices(rng, m, k, n, left, right):
    A, B = rng.normal(size=(m, k) if left else k), rng.normal(size=(k, n) if right else k)
    u = rng.normal(size=np.shape(A @ B))
    value, (dA, dB) = vjp(lambda A, B: A @ B, A, B, seed=u)
    assert_same(value, A @ B, 1e-14)
    assert_same(dA, complex_step_gradient(lambda A: np.sum(u * (A @ B)), A), 1e-9)
    assert_same(dB, complex_step_gradient(lambda B: np.sum(u * (A @ B)), B), 1e-9)
    assert_same(vjp(lambda B: A @ B, B, seed=u)[1][0], dB, 1e-14)
    assert_same(vjp(lambda A: A @ B, A, seed=u)[1][0], dA, 1e-14)


@given(
    rng=generators, shape=shapes(1, 3), keepdims=st.booleans(), axis=st.sampled_from([None, 0, -1])
)
def test_sums_and_means_over_any_axis(rng, shape, keepdims, axis):
    X = rng.normal(size=shape)

    def f(X):
        total = (X * X).sum(axis=axis, keepdims=keepdims) * 2
        return total + (X * X * X).mean(axis=axis, keepdims=keepdims)

    u = rng.normal(size=np.shape(f(X)))
    _, (dX,) = vjp(f, X, seed=u)
    assert_same(dX, complex_step_gradient(lambda X: np.sum(u * f(X)), X), 1e-9)


INDICES = [
    0,
    -1,
    slice(None, None, 2),
    (slice(None), 1),
    [0, 0, 2],
    (np.array([0, 0]), [1, 1]),
    ...,
]


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_parts_give_their_gradient_back_to_their_places_and_repeats_add(index):
    X = np.random.default_rng(0).normal(size=(3, 2))
    u = np.random.default_rng(1).normal(size=np.shape(X[index]))
    _, (dX,) = vjp(lambda X: X[index] ** 2, X, seed=u)
    assert_same(dX, complex_step_gradient(lambda X: np.sum(u * X[index] ** 2), X), 1e-12)


@given(rng=generators, m=sizes, n=sizes)
def test_transpose_and_reshape_send_every_gradient_home(rng, m, n):
    X, u, w = rng.normal(size=(m, n)), rng.normal(size=(n, m)), rng.normal(size=m * n)

    def f(X):
        return (u * X.T * X.T).sum() + (w * X.reshape(-1) ** 3).sum()

    assert_same(gradients(f, X)[0], complex_step_gradient(f, X), 1e-9)


@given(rng=generators, shape=shapes())
def test_relu_and_logistic_agree_with_autograd(rng, shape):
    x, u = rng.normal(size=(2, *shape))
    for ours, theirs in (
        (generic_relu, lambda x: anp.maximum(x, 0)),
        (generic_logistic, lambda x: 1 / (1 + anp.exp(-x))),
    ):
        expected = autograd.grad(lambda x, f=theirs: anp.sum(u * f(x)))(x)
        assert_same(vjp(ours, x, seed=u)[1][0], expected, 1e-12)
    assert gradients(generic_relu, 0.0) == (0.0,)


def test_softmax_cross_entropy_agrees_with_autograd():
    rng = np.random.default_rng(0)
    Z, Y = rng.normal(size=(5, 3)), np.eye(3)[rng.integers(3, size=5)]

    def loss(Z, np=np):
        shifted = np.exp(Z)
        return -(Y * np.log(shifted / shifted.sum(axis=1, keepdims=True))).sum() / 5

    assert_same(gradients(loss, Z)[0], autograd.grad(lambda Z: loss(Z, anp))(Z), 1e-12)


# ---- networks and Jacobians


def test_running_example_agrees_with_the_loops():
    example = running_example()

    def cost(W1, b1, W2, b2):
        H = generic_logistic(example.X @ W1 + b1)
        A = generic_logistic(H @ W2 + b2)
        return ((A - example.Y) ** 2).sum() / 2 / len(example.X)

    dW1, db1, dW2, db2 = gradients(cost, example.W1, example.b1, example.W2, example.b2)
    hidden, output = units.batch_gradients(example.unit_network, example.X, example.Y)
    for actual, expected in (
        (dW1, hidden.W.T),
        (db1, hidden.b),
        (dW2, output.W.T),
        (db2, output.b),
    ):
        assert_same(actual, expected, 1e-12)


@given(rng=generators, m=sizes, n=sizes)
def test_C_5_57_reverse_jacobian_is_built_row_by_row(rng, m, n):
    A, x = rng.normal(size=(m, n)), rng.normal(size=n)
    J = reverse_jacobian(lambda x: np.sin(A @ x), x)
    assert_same(J, complex_step_jacobian(lambda x: np.sin(A @ x), x), 1e-9)
    assert reverse_jacobian(lambda x: (x * x).sum(), x).shape == (1, n)


@given(rng=generators, shape=shapes(1, 2))
def test_forward_and_reverse_mode_agree_on_every_pair_of_directions(rng, shape):
    X, V = rng.normal(size=(2, *shape))

    def f(X):
        return generic_logistic(X * X) @ np.ones(shape[-1]) + np.tanh(X).sum()

    value, tangent = jvp(f, X, V)
    u = rng.normal(size=value.shape)
    _, (dX,) = vjp(f, X, seed=u)
    assert np.sum(u * tangent) == pytest.approx(np.sum(dX * V), rel=1e-10, abs=1e-12)


# ---- promises


@given(rng=generators, m=sizes, k=sizes, dtype=dtypes)
def test_dtype_is_kept_and_nothing_is_changed_in_place(rng, m, k, dtype):
    X, W, b = (rng.normal(size=s).astype(dtype) for s in ((m, k), (k, 2), 2))

    def loss(X, W, b):
        A = generic_logistic(2 * (X @ W) + b + 1)
        return (A**2).mean() / 3 - generic_relu(W)[0].sum() * 0.5

    with unchanged(X, W, b):
        value, grads = vjp(loss, X, W, b)
    assert value.dtype == dtype
    assert [(g.shape, g.dtype) for g in grads] == [(p.shape, p.dtype) for p in (X, W, b)]


def test_a_float32_parameter_keeps_a_float32_gradient_beside_float64_data():
    (dW,) = gradients(lambda W: (np.ones((2, 3)) @ W).sum(), np.ones((3, 1), np.float32))
    assert dW.dtype == np.float32


def test_integers_become_float64():
    (slope,) = gradients(lambda x: x * x, 3)
    assert (slope, slope.dtype) == (6.0, np.float64)


def test_an_argument_that_is_not_used_gets_zeros():
    X = np.ones((2, 3))
    used, unused = gradients(lambda x, y: x * 2, 1.0, X)
    assert used == 2.0
    np.testing.assert_array_equal(unused, np.zeros((2, 3)))
    np.testing.assert_array_equal(gradients(lambda X: 3.0, X)[0], np.zeros((2, 3)))


def test_saturated_logistic_gives_no_warning():
    with np.errstate(all="raise", under="ignore"):
        assert gradients(generic_logistic, -1e4) == (0.0,)


def test_a_variable_shows_its_value_and_operation():
    assert repr(Variable(2.0) * 3) == "Variable(6.0, 'multiply')"


def test_comparisons_of_variables_are_by_identity():
    x = Variable(1.0)
    assert x == x
    assert x != Variable(1.0)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: backward(Variable([1.0, 2.0])), r"output has shape \(2,\), expected a scalar"),
        (
            lambda: backward(Variable([1.0, 2.0]), seed=1.0),
            r"seed has shape \(\) but output has shape",
        ),
        (lambda: backward(3.0), "output is a float, expected a Variable"),
        (lambda: gradients(np.sin, [1.0, 2.0]), "sum it, or pass seed"),
        (lambda: value_and_gradients(lambda x: x * 1, [1.0]), "expected a scalar"),
        (lambda: reverse_jacobian(np.sin, [[1.0]]), "x has shape"),
        (lambda: Variable("a"), "value has dtype"),
        (lambda: Variable([]), "value is empty"),
        (lambda: np.arctan(Variable(1.0)), "arctan has no local derivative"),
        (lambda: Variable(1.0) < 2, "less has no local derivative"),
        (lambda: Variable(2.0) ** Variable(2.0), "constant exponent"),
        (lambda: Variable(np.ones((2, 2, 2))) @ np.ones((2, 2)), "expected at most 2 axes"),
        (lambda: np.add(Variable(1.0), 1, out=np.ones(())), "write x = x \\+ y"),
        (lambda: Variable(np.ones((2, 3))) @ np.ones((2, 3)), "matmul"),
    ],
)
def test_bad_input_is_refused_with_what_came_and_what_was_expected(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_a_change_in_place_is_refused():
    x = Variable(1.0)
    with pytest.raises(ValueError, match="cannot be recorded"):
        x += 1
