import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from oracles import (
    assert_same,
    complex_step_along,
    complex_step_gradient,
    complex_step_jacobian,
    unchanged,
)
from strategies import dtypes, generators, sizes

from backprop import least_squares as ls


def case(rng, N, D):
    return rng.normal(size=D), rng.normal(size=(N, D)), rng.normal(size=N)


def norm_squared(e):
    return np.sum(e * e)  # not |e|²: the complex step needs an analytic function


def test_C_5_75_a_linear_model_that_fits_has_no_residual():
    Phi, theta = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]]), np.array([0.5, -2.0])
    y = np.array([-3.5, -2.0, 3.5])  # Φθ by hand
    np.testing.assert_array_equal(ls.residual(theta, Phi, y), np.zeros(3))


def test_C_5_76_loss_is_the_squared_norm_and_half_of_it_on_request():
    theta, Phi, y = [0.0], [[1.0], [1.0]], [3.0, 4.0]
    assert ls.least_squares_loss(theta, Phi, y) == 25.0
    assert ls.least_squares_loss(theta, Phi, y, half=True) == 12.5


def test_C_5_77_residual_is_observation_minus_prediction():
    np.testing.assert_array_equal(ls.residual([2.0], [[1.0], [3.0]], [5.0, 5.0]), [3.0, -1.0])


@given(rng=generators, N=sizes, D=sizes, half=st.booleans())
def test_C_5_78_the_jacobian_of_the_loss_is_1_by_D(rng, N, D, half):
    assert ls.least_squares_jacobian(*case(rng, N, D), half=half).shape == (1, D)


@given(rng=generators, N=sizes, D=sizes)
def test_C_5_79_and_5_80_chain_rule_sums_over_the_examples(rng, N, D):
    """Entry d as the sum over n of two factors, each measured by the complex step."""
    theta, Phi, y = case(rng, N, D)
    e = y - Phi @ theta
    dL_de = complex_step_gradient(norm_squared, e)
    de_dtheta = complex_step_jacobian(lambda t: y - Phi @ t, theta)
    entries = [[sum(dL_de[n] * de_dtheta[n, d] for n in range(N)) for d in range(D)]]
    assert_same(ls.least_squares_jacobian(theta, Phi, y), np.array(entries))


@given(rng=generators, N=sizes)
def test_C_5_81_jacobian_of_the_squared_norm_is_a_row(rng, N):
    e, v = rng.normal(size=(2, N))
    measured = complex_step_gradient(norm_squared, e)
    assert_same(ls.squared_norm_jacobian(e), measured[None])
    assert_same(ls.squared_norm_jacobian(e, half=True), measured[None] / 2)
    assert_same(ls.squared_norm_vjp(e, upstream=-0.5), -measured / 2)
    assert_same(ls.squared_norm_vjp(e, half=True), measured / 2)
    rate = complex_step_along(norm_squared, e, v)
    assert ls.squared_norm_jvp(e, v) == pytest.approx(rate, rel=1e-9, abs=1e-12)
    assert ls.squared_norm_jvp(e, v, half=True) == pytest.approx(rate / 2, rel=1e-9, abs=1e-12)


@given(rng=generators, N=sizes, D=sizes)
def test_C_5_82_jacobian_of_the_residual_is_minus_Phi(rng, N, D):
    theta, Phi, y = case(rng, N, D)
    u, v = rng.normal(size=N), rng.normal(size=D)
    measured = complex_step_jacobian(lambda t: y - Phi @ t, theta)
    assert_same(ls.residual_jacobian(Phi), measured)
    assert_same(ls.residual_jvp(Phi, v), measured @ v, 1e-9)
    assert_same(ls.residual_vjp(Phi, u), measured.T @ u, 1e-9)


@pytest.mark.parametrize("half", [False, True])
@given(rng=generators, N=sizes, D=sizes)
def test_C_5_83_chain_rule_gives_the_gradient(half, rng, N, D):
    theta, Phi, y = case(rng, N, D)
    measured = complex_step_gradient(lambda t: norm_squared(y - Phi @ t), theta)
    expected = measured[None] / (2 if half else 1)
    assert_same(ls.least_squares_jacobian(theta, Phi, y, half=half), expected)


@pytest.mark.parametrize("half", [False, True])
@given(rng=generators, N=sizes, D=sizes)
def test_C_5_84_direct_differentiation_gives_the_same(half, rng, N, D):
    theta, Phi, y = case(rng, N, D)
    measured = complex_step_gradient(lambda t: ls.least_squares_loss(t, Phi, y, half=half), theta)
    gradient = ls.least_squares_gradient(theta, Phi, y, half=half)
    assert_same(gradient, measured, 1e-9)
    row = ls.least_squares_jacobian(theta, Phi, y, half=half)
    assert_same(row, gradient[None], 1e-9)


def test_C_5_83_is_verified_symbolically():
    t1, t2 = sp.symbols("t1 t2")
    Phi, y = sp.Matrix([[1, 2], [3, -1], [0, 4]]), sp.Matrix([2, 0, -3])
    e = y - Phi * sp.Matrix([t1, t2])
    at = {t1: sp.Rational(1, 2), t2: -2}
    exact = [float(sp.diff((e.T * e)[0], t).subs(at)) for t in (t1, t2)]
    numeric = np.array(Phi.tolist(), float), np.array(y.tolist(), float)[:, 0]
    assert_same(ls.least_squares_gradient([0.5, -2.0], *numeric), np.array(exact), 1e-14)


def test_the_gradient_vanishes_at_the_solution_of_the_normal_equations():
    rng = np.random.default_rng(0)
    _, Phi, y = case(rng, 8, 3)
    theta = np.linalg.lstsq(Phi, y, rcond=None)[0]
    np.testing.assert_allclose(ls.least_squares_gradient(theta, Phi, y), 0, atol=1e-12)


def test_C_erratum_18_the_two_norms_differ_by_a_factor_of_two():
    theta, Phi, y = case(np.random.default_rng(1), 5, 2)
    full = ls.least_squares_gradient(theta, Phi, y)
    half = ls.least_squares_gradient(theta, Phi, y, half=True)
    np.testing.assert_allclose(full / half, 2.0, rtol=1e-12)
    measured = complex_step_gradient(lambda t: norm_squared(y - Phi @ t), theta)
    assert np.abs(half - measured).max() > 0.4 * np.abs(measured).max()


@given(rng=generators, m=sizes, D=sizes)
def test_C_problem_formulation_error_of_any_model(rng, m, D):
    """∂E/∂θ = (Ŷ − Y)ᵀ ∂Ŷ/∂θ for a model that is not linear."""
    A, theta, Y = rng.normal(size=(m, D)), rng.normal(size=D), rng.normal(size=m)

    def model(theta):
        return np.tanh(A @ theta)

    row = ls.half_squared_distance_jacobian(model(theta), Y, complex_step_jacobian(model, theta))
    measured = complex_step_gradient(lambda t: ls.half_squared_distance(model(t), Y), theta)
    assert row.shape == (1, D)
    assert_same(row, measured[None])
    assert ls.half_squared_distance([1.0, 3.0], [0.0, 1.0]) == 2.5


def test_C_erratum_19_an_index_for_examples_and_layers_counts_two_things():
    """Total cost sums over K examples; a network of K layers has nothing to do with that K."""
    rng = np.random.default_rng(2)
    theta, Phi, y = case(rng, 7, 2)
    examples = sum(ls.least_squares_loss(theta, Phi[r : r + 1], y[r : r + 1]) for r in range(7))
    layers = sum(ls.least_squares_loss(theta, Phi[r : r + 1], y[r : r + 1]) for r in range(2))
    assert ls.least_squares_loss(theta, Phi, y) == pytest.approx(examples, rel=1e-13)
    assert abs(layers - examples) > 0.1 * examples


def test_C_erratum_19_with_y_as_output_and_target_every_parameter_is_perfect():
    """(5.75) calls the output y and (5.77) the target: taken as one, nothing is left to learn."""
    rng = np.random.default_rng(3)
    theta, Phi, target = case(rng, 5, 2)
    output = Phi @ theta
    np.testing.assert_array_equal(ls.least_squares_jacobian(theta, Phi, output), [[0.0, 0.0]])
    assert np.abs(ls.least_squares_jacobian(theta, Phi, target)).min() > 0.1


@given(rng=generators, N=sizes, D=sizes, dtype=dtypes)
def test_dtype_is_kept_and_nothing_is_changed_in_place(rng, N, D, dtype):
    theta, Phi, y = (array.astype(dtype) for array in case(rng, N, D))
    with unchanged(theta, Phi, y):
        results = [
            ls.residual(theta, Phi, y),
            ls.residual_jacobian(Phi),
            ls.residual_jvp(Phi, theta),
            ls.residual_vjp(Phi, y),
            ls.squared_norm_jacobian(y),
            ls.squared_norm_jvp(y, y),
            ls.squared_norm_vjp(y),
            ls.least_squares_loss(theta, Phi, y, half=True),
            ls.least_squares_jacobian(theta, Phi, y),
            ls.least_squares_gradient(theta, Phi, y),
            ls.half_squared_distance(y, y),
            ls.half_squared_distance_jacobian(y, y, Phi),
        ]
    assert {result.dtype for result in results} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: ls.residual([1], [[1], [2]], [[1], [2]]),
            r"y has shape \(2, 1\), expected",
        ),
        (
            lambda: ls.residual([1, 2], [[1], [2]], [1, 2]),
            "Phi has 1 column but theta has 2",
        ),
        (lambda: ls.residual_jacobian([1]), "Phi has shape"),
        (lambda: ls.residual_jvp([[1, 2]], [1]), "v has 1 entry but Phi has 2 columns"),
        (lambda: ls.residual_vjp([[1, 2]], [1, 2]), "u has 2 entries but Phi has 1 row"),
        (lambda: ls.squared_norm_jacobian([[1]]), "e has shape"),
        (lambda: ls.squared_norm_jvp([1], [1, 2]), "v has 2 entries"),
        (lambda: ls.squared_norm_vjp([]), "e is empty"),
        (
            lambda: ls.least_squares_gradient([1], [[1], [2]], [1]),
            "y has 1 entry but Phi has 2",
        ),
        (lambda: ls.half_squared_distance([1, 2], [[1], [2]]), "Y has shape"),
        (lambda: ls.half_squared_distance_jacobian([1], [1], [[1], [2]]), "J has 2 rows"),
    ],
)
def test_bad_input_is_refused_with_what_came_and_what_was_expected(call, says):
    with pytest.raises(ValueError, match=says):
        call()
