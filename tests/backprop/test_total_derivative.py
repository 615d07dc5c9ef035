import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from oracles import assert_same, complex_step_along, complex_step_jacobian, unchanged
from strategies import dtypes, generators, sizes

from backprop import total_derivative as rules

T, S = sp.symbols("t s")
X1, X2 = sp.symbols("x1 x2")
OUTER = X1**2 * sp.sin(X2)
INNER = (sp.exp(T) * S, T * S + S**2)
POINT = {S: 0.7, T: -0.4}


def numbers(expression):
    """Values at the point, with x1 and x2 as functions of s and t."""
    inner = dict(zip((X1, X2), INNER, strict=True))
    return float(expression.subs(inner).subs(POINT))


PARTIALS = np.array([numbers(sp.diff(OUTER, x)) for x in (X1, X2)])
RATES_S, RATES_T = (np.array([numbers(sp.diff(x, v)) for x in INNER]) for v in (S, T))
COMPOSED = OUTER.subs(dict(zip((X1, X2), INNER, strict=True)))
DF_DS, DF_DT = (float(sp.diff(COMPOSED, v).subs(POINT)) for v in (S, T))


def smooth(rng, m, n):
    """A random smooth function from n to m dimensions."""
    A, B = rng.normal(size=(2, m, n))
    return lambda x: np.sin(A @ x) + B @ x


# ---- total derivative


def test_C_5_49_total_derivative_sums_over_both_paths():
    assert rules.total_derivative(PARTIALS, RATES_T) == pytest.approx(DF_DT, rel=1e-13)


def test_C_5_51_partial_derivative_with_respect_to_s():
    assert rules.total_gradient(PARTIALS, np.stack([RATES_S, RATES_T], axis=1))[0] == pytest.approx(
        DF_DS, rel=1e-13
    )


def test_C_5_52_partial_derivative_with_respect_to_t():
    assert rules.total_gradient(PARTIALS, np.stack([RATES_S, RATES_T], axis=1))[1] == pytest.approx(
        DF_DT, rel=1e-13
    )


def test_C_5_53_gradient_is_a_row_times_the_matrix_of_all_four_partials():
    inner = np.stack([RATES_S, RATES_T], axis=1)
    assert_same(rules.total_gradient(PARTIALS, inner), np.array([DF_DS, DF_DT]), 1e-13)
    assert_same(rules.chain_jacobian(PARTIALS[None], inner), np.array([[DF_DS, DF_DT]]), 1e-13)


def test_C_erratum_22_the_garbled_matrix_of_5_53_does_not_conform():
    """The text kept one row, ∂x₁/∂s ∂x₁/∂t; the second row is needed."""
    printed = np.array([[RATES_S[0], RATES_T[0]]])
    with pytest.raises(ValueError, match="inner has 1 row but partials has 2 entries"):
        rules.total_gradient(PARTIALS, printed)


def test_total_derivative_adds_the_explicit_dependence():
    """f(x(t), t) = x t with x = t²: df/dt = 3t², of which t² is ∂f/∂t."""
    t = 1.3
    assert rules.total_derivative([t], [2 * t], explicit=t**2) == pytest.approx(3 * t**2)


def test_the_last_path_alone_is_not_the_total_derivative():
    """F = uv with u = 3x, v = x² at x = 2: 12 along one path, 24 along the other."""
    assert rules.total_derivative([4.0, 6.0], [3.0, 4.0]) == 36.0


def test_B_backward_pass_cost_reaches_a_unit_through_all_units_that_it_feeds():
    w3, w4 = 1.5, -0.4
    a = sp.symbols("a")
    z3, z4 = w3 * a, w4 * a
    cost = sp.Rational(1, 2) * (z3 - 1) ** 2 + sp.cos(z4)
    at = {a: 0.8}
    partials = [float((z3 - 1).subs(at)), float((-sp.sin(z4)).subs(at))]
    exact = float(sp.diff(cost, a).subs(at))
    assert rules.total_derivative(partials, [w3, w4]) == pytest.approx(exact, rel=1e-13)


# ---- chain rule


@given(rng=generators, n=sizes, k=sizes, m=sizes)
def test_C_5_48_chain_rule_has_the_outer_jacobian_on_the_left(rng, n, k, m):
    f, g, x = smooth(rng, k, n), smooth(rng, m, k), rng.normal(size=n)
    outer, inner = complex_step_jacobian(g, f(x)), complex_step_jacobian(f, x)
    assert_same(rules.chain_jacobian(outer, inner), complex_step_jacobian(lambda x: g(f(x)), x))


@given(rng=generators, n=sizes, k=sizes, m=sizes)
def test_B_chain_rule_z_of_y_of_x_in_products_without_matrices(rng, n, k, m):
    f, g, x, v = smooth(rng, k, n), smooth(rng, m, k), *rng.normal(size=(2, n))
    u = rng.normal(size=m)
    inner, outer = complex_step_jacobian(f, x), complex_step_jacobian(g, f(x))
    jvps = [lambda v: inner @ v, lambda v: outer @ v]
    vjps = [lambda u: u @ inner, lambda u: u @ outer]
    assert_same(rules.chain_jvp(jvps, v), complex_step_along(lambda x: g(f(x)), x, v))
    measured = complex_step_jacobian(lambda x: u @ g(f(x)), x)
    np.testing.assert_allclose(rules.chain_vjp(vjps, u), measured, rtol=1e-9, atol=1e-12)


def test_D_hand_mouse_cursor_influences_multiply_in_either_order():
    h = sp.symbols("h")
    mouse = 3 * h**2
    cursor = sp.sin(mouse)
    at = {h: 0.4}
    d_mouse = np.array([[float(sp.diff(mouse, h).subs(at))]])
    d_cursor = np.array([[float(sp.cos(mouse).subs(at))]])
    exact = float(sp.diff(cursor, h).subs(at))
    assert_same(rules.chain_jacobian(d_cursor, d_mouse), np.array([[exact]]), 1e-13)
    assert_same(rules.chain_jacobian(d_mouse, d_cursor), np.array([[exact]]), 1e-13)


def test_D_erratum_15_inner_times_outer_is_wrong_for_jacobians_and_silent_when_square():
    rng = np.random.default_rng(0)
    f, g, x = smooth(rng, 3, 3), smooth(rng, 3, 3), rng.normal(size=3)
    outer, inner = complex_step_jacobian(g, f(x)), complex_step_jacobian(f, x)
    true = complex_step_jacobian(lambda x: g(f(x)), x)
    assert_same(rules.chain_jacobian(outer, inner), true)
    assert np.abs(rules.chain_jacobian(inner, outer) - true).max() > 0.1 * np.abs(true).max()
    with pytest.raises(ValueError, match="inner has 4 rows but outer has 2 columns"):
        rules.chain_jacobian(np.ones((3, 2)), np.ones((4, 3)))


# ---- sums and products


@given(rng=generators, n=sizes, m=sizes)
def test_C_5_47_sum_rule(rng, n, m):
    f, g, x, v = smooth(rng, m, n), smooth(rng, m, n), *rng.normal(size=(2, n))
    J_f, J_g = complex_step_jacobian(f, x), complex_step_jacobian(g, x)
    assert_same(rules.sum_jacobian(J_f, J_g), complex_step_jacobian(lambda x: f(x) + g(x), x))
    assert_same(rules.sum_jvp(J_f @ v, J_g @ v), complex_step_along(lambda x: f(x) + g(x), x, v))


def test_the_backward_pass_of_a_sum_hands_each_term_an_own_copy_of_the_gradient():
    upstream = np.array([1.5, -2.0])
    df, dg = rules.sum_vjp(upstream)
    np.testing.assert_array_equal(df, upstream)
    df[0] = 9
    assert dg[0] == upstream[0] == 1.5


@given(rng=generators, n=sizes)
def test_C_5_46_product_rule_of_scalar_functions(rng, n):
    f, g, x = smooth(rng, 1, n), smooth(rng, 1, n), rng.normal(size=n)
    J = rules.product_jacobian(f(x), g(x), complex_step_jacobian(f, x), complex_step_jacobian(g, x))
    assert J.shape == (1, n)
    assert_same(J, complex_step_jacobian(lambda x: f(x) * g(x), x))


@given(rng=generators, n=sizes, m=sizes)
def test_C_5_46_product_rule_of_vector_functions_entry_by_entry(rng, n, m):
    f, g, x, v = smooth(rng, m, n), smooth(rng, m, n), *rng.normal(size=(2, n))
    u = rng.normal(size=m)
    J_f, J_g = complex_step_jacobian(f, x), complex_step_jacobian(g, x)

    def product(x):
        return f(x) * g(x)

    assert_same(rules.product_jacobian(f(x), g(x), J_f, J_g), complex_step_jacobian(product, x))
    assert_same(rules.product_jvp(f(x), g(x), J_f @ v, J_g @ v), complex_step_along(product, x, v))
    df, dg = rules.product_vjp(f(x), g(x), u)
    measured = complex_step_jacobian(lambda x: u @ product(x), x)
    np.testing.assert_allclose(df @ J_f + dg @ J_g, measured, rtol=1e-9, atol=1e-12)


@given(rng=generators, n=sizes, m=sizes)
def test_P_matrix_calculus_rule_for_the_dot_product(rng, n, m):
    """∂(u·v)/∂x = uᵀ ∂v/∂x + vᵀ ∂u/∂x."""
    u, v, x, d = smooth(rng, m, n), smooth(rng, m, n), *rng.normal(size=(2, n))
    J_u, J_v = complex_step_jacobian(u, x), complex_step_jacobian(v, x)

    def dot(x):
        return u(x) @ v(x)

    measured = complex_step_jacobian(dot, x)
    row = rules.dot_jacobian(u(x), v(x), J_u, J_v)
    assert row.shape == (1, n)
    np.testing.assert_allclose(row[0], measured, rtol=1e-9, atol=1e-12)
    rate = rules.dot_jvp(u(x), v(x), J_u @ d, J_v @ d)
    assert rate == pytest.approx(complex_step_along(dot, x, d), rel=1e-9, abs=1e-12)
    du, dv = rules.dot_vjp(u(x), v(x), upstream=-2.0)
    np.testing.assert_allclose(du @ J_u + dv @ J_v, -2 * measured, rtol=1e-9, atol=1e-12)


def test_P_rule_with_the_factors_at_their_own_jacobians_is_another_number():
    u, v = np.array([1.0, 2.0]), np.array([3.0, 5.0])
    J_u, J_v = np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]])
    np.testing.assert_array_equal(rules.dot_jacobian(u, v, J_u, J_v), [[5.0]])  # 2·1 + 3·1
    assert u @ J_u + v @ J_v != 5.0


# ---- promises


@given(rng=generators, dtype=dtypes, m=sizes, n=sizes)
def test_dtype_is_kept_and_nothing_is_changed_in_place(rng, dtype, m, n):
    J, K = rng.normal(size=(2, m, n)).astype(dtype)
    f, g = rng.normal(size=(2, m)).astype(dtype)
    with unchanged(J, K, f, g):
        results = [
            rules.total_derivative(f, g, 0.5),
            rules.total_gradient(f, J),
            rules.chain_jacobian(J, K.T),
            rules.sum_jacobian(J, K),
            rules.sum_jvp(f, g),
            *rules.sum_vjp(f),
            rules.product_jacobian(f, g, J, K),
            rules.product_jvp(f, g, f, g),
            *rules.product_vjp(f, g, f),
            rules.dot_jacobian(f, g, J, K),
            rules.dot_jvp(f, g, f, g),
            *rules.dot_vjp(f, g, upstream=0.5),
            rules.chain_vjp([lambda u: 2 * u], f),
        ]
    assert {result.dtype for result in results} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: rules.total_derivative([1, 2], [1]),
            "rates has 1 entry but partials has 2",
        ),
        (lambda: rules.total_derivative([1], [[1]]), "rates has shape"),
        (lambda: rules.total_derivative([1], [1], [1, 2]), "explicit has shape"),
        (lambda: rules.sum_jacobian(np.ones((2, 3)), np.ones((2, 1))), "J_g has 1 column but J_f"),
        (lambda: rules.sum_jvp([1, 2], [1]), "dg has 1 entry"),
        (lambda: rules.sum_vjp(1.0), "upstream has shape"),
        (lambda: rules.product_jacobian([1], [1, 2], [[1]], [[1]]), "g has 2 entries"),
        (lambda: rules.product_jvp([1], [1], [1], [[1]]), "dg has shape"),
        (lambda: rules.product_vjp([1], [1], [1, 2]), "upstream has 2 entries"),
        (lambda: rules.dot_jacobian([1], [1], [[1]], [[1, 2]]), "J_v has 2 columns"),
        (lambda: rules.dot_jvp([1], [1], [1], [1, 2]), "dv has 2 entries"),
        (lambda: rules.dot_vjp([1], [1], upstream=[1, 2]), "upstream has shape"),
        (lambda: rules.chain_jvp([], []), "v is empty"),
        (lambda: rules.chain_vjp([], "u"), "u has dtype"),
    ],
)
def test_bad_input_is_refused_with_what_came_and_what_was_expected(call, says):
    with pytest.raises(ValueError, match=says):
        call()
