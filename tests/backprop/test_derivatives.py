import math

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from oracles import complex_step_along, unchanged
from strategies import dtypes, generators, shapes, sizes

from backprop import derivatives

METHODS = ["forward", "central", "complex"]
ACCURACY = {"forward": 1e-6, "central": 1e-9, "complex": 1e-14}


# ---- scalar functions


def test_forward_difference_of_a_square_is_off_by_the_step():
    assert derivatives.forward_difference(lambda x: x * x, 3.0, h=0.5) == 6.5


def test_central_difference_of_a_square_is_exact_and_of_a_cube_off_by_the_squared_step():
    assert derivatives.central_difference(lambda x: x * x, 3.0, h=0.5) == 6.0
    assert derivatives.central_difference(lambda x: x**3, 2.0, h=0.5) == 12.25


@pytest.mark.parametrize(
    "formula",
    [derivatives.forward_difference, derivatives.central_difference, derivatives.complex_step],
)
@pytest.mark.parametrize("x", [-1.5, 0.25, 3.0])
def test_scalar_formulas_agree_with_sympy(formula, x):
    s = sp.symbols("s")
    expression = sp.sin(s) * sp.exp(s / 3)
    f = sp.lambdify(s, expression, "numpy")
    exact = float(sp.diff(expression, s).subs(s, x))
    accuracy = {"forward_difference": 1e-7, "central_difference": 1e-9, "complex_step": 1e-14}
    assert formula(f, x) == pytest.approx(exact, rel=accuracy[formula.__name__])


def test_the_complex_step_refuses_a_function_that_drops_the_imaginary_part():
    with pytest.raises(ValueError, match="f returned a real value for a complex argument"):
        derivatives.complex_step(abs, 1.0)


@pytest.mark.parametrize("h", [0.0, -1e-6, np.nan])
@pytest.mark.parametrize(
    "formula",
    [derivatives.forward_difference, derivatives.central_difference, derivatives.complex_step],
)
def test_a_step_that_is_not_positive_is_refused(formula, h):
    with pytest.raises(ValueError, match=f"h is {h}"):
        formula(lambda x: x, 1.0, h=h)


# ---- functions of arrays


@pytest.mark.parametrize("method", METHODS)
@given(rng=generators, shape=shapes())
def test_C_5_39_and_5_40_numerical_gradient_has_the_shape_of_its_argument(method, rng, shape):
    X, C = rng.normal(size=shape), rng.normal(size=shape)
    gradient = derivatives.numerical_gradient(lambda X: np.sum(C * X**3), X, method=method)
    expected = 3 * C * X**2
    assert gradient.shape == shape
    scale = 1 + np.abs(C).max() * (1 + np.abs(X).max()) ** 3 * X.size
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=ACCURACY[method] * scale)


def test_C_5_39_partial_derivative_varies_one_entry_and_keeps_the_others():
    x = sp.symbols("x1:4")
    f = x[0] * x[1] ** 2 + sp.exp(x[2]) * x[1]
    point = [0.5, -1.2, 0.3]
    numeric = sp.lambdify([x], f, "numpy")
    for j in range(3):
        exact = float(sp.diff(f, x[j]).subs(dict(zip(x, point, strict=True))))
        assert derivatives.partial_derivative(numeric, point, j) == pytest.approx(exact, rel=1e-8)


def test_C_5_40_gradient_of_a_scalar_function_as_a_jacobian_is_a_row():
    row = derivatives.numerical_jacobian(lambda x: x[0] * x[1], [2.0, 5.0])
    assert row.shape == (1, 2)
    np.testing.assert_allclose(row, [[5.0, 2.0]], rtol=1e-9)


def test_C_5_55_partial_derivative_of_a_vector_function_is_a_column_of_its_jacobian():
    column = derivatives.partial_derivative(three_functions, [0.5, 0.7], 1)
    np.testing.assert_allclose(column, [0.5, math.cos(0.7), 0.0], rtol=1e-9, atol=1e-12)


def three_functions(x):
    return np.array([x[0] * x[1], np.sin(x[1]), x[0] ** 2])


def test_C_5_54_a_vector_function_is_a_vector_of_functions_with_a_jacobian_row_each():
    J = derivatives.numerical_jacobian(three_functions, [0.5, 0.7])
    for i in range(3):
        row = derivatives.numerical_gradient(lambda x, i=i: three_functions(x)[i], [0.5, 0.7])
        np.testing.assert_allclose(J[i], row, rtol=1e-9, atol=1e-12)


def test_C_5_56a_and_5_56b_the_gradient_collects_the_columns_of_partial_derivatives():
    J = derivatives.numerical_jacobian(three_functions, [0.5, 0.7])
    assert J.shape == (3, 2)
    expected = [[0.7, 0.5], [0.0, math.cos(0.7)], [1.0, 0.0]]  # by hand
    np.testing.assert_allclose(J, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@given(rng=generators, m=sizes, n=sizes)
def test_C_5_57_5_58_and_5_59_numerical_jacobian_has_a_row_for_each_output(method, rng, m, n):
    A, x = rng.normal(size=(m, n)), rng.normal(size=n)
    J = derivatives.numerical_jacobian(lambda x: np.tanh(A @ x), x, method=method)
    expected = A / np.cosh(A @ x)[:, None] ** 2
    assert J.shape == (m, n)
    np.testing.assert_allclose(J, expected, rtol=0, atol=ACCURACY[method] * 100)


@pytest.mark.parametrize("method", METHODS)
@given(rng=generators, shape=shapes())
def test_directional_derivative_agrees_with_the_complex_step_for_array_values(method, rng, shape):
    X, V = rng.normal(size=shape), rng.normal(size=shape)

    def f(X):
        return np.stack([np.sin(X), X**2])

    actual = derivatives.directional_derivative(f, X, V, method=method)
    expected = complex_step_along(f, X, V)
    assert np.shape(actual) == (2, *shape)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=ACCURACY[method] * 100)


@pytest.mark.parametrize("method", METHODS)
def test_directional_derivative_is_linear_in_the_direction(method):
    x, v = np.array([0.3, -1.0]), np.array([2.0, 0.5])
    once = derivatives.directional_derivative(lambda x: x[0] * x[1], x, v, method=method)
    thrice = derivatives.directional_derivative(lambda x: x[0] * x[1], x, 3 * v, method=method)
    assert thrice == pytest.approx(3 * once, rel=1e-6)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_the_default_step_follows_the_size_of_the_entry(scale):
    gradient = derivatives.numerical_gradient(lambda x: np.sum(x**2), [scale, -3 * scale])
    np.testing.assert_allclose(gradient, [2 * scale, -6 * scale], rtol=1e-8)


def test_the_default_step_along_a_direction_follows_the_largest_entry():
    x, v = np.array([3e6, 1.0]), np.array([1.0, 1.0])
    actual = derivatives.directional_derivative(lambda x: x[0] ** 2, x, v)
    assert actual == pytest.approx(6e6, rel=1e-9)


@given(rng=generators, dtype=dtypes)
def test_float32_is_differentiated_in_float64(rng, dtype):
    X = rng.normal(size=(2, 3)).astype(dtype)
    seen = set()

    def f(X):
        seen.add(X.dtype)
        return np.sum(X**3)

    gradient = derivatives.numerical_gradient(f, X)
    assert gradient.dtype == np.float64
    assert seen == {np.dtype(np.float64)}
    np.testing.assert_allclose(gradient, 3 * X.astype(np.float64) ** 2, rtol=1e-7, atol=1e-8)


def test_integer_input_is_moved_by_less_than_one():
    np.testing.assert_allclose(
        derivatives.numerical_gradient(lambda x: np.sum(x**2), [1, 2]), [2.0, 4.0], rtol=1e-9
    )


@pytest.mark.parametrize("method", METHODS)
def test_neither_the_input_nor_a_function_that_changes_its_argument_does_harm(method):
    def rude(x):
        x *= x
        return x.sum()

    x = np.array([1.0, 2.0, 3.0])
    with unchanged(x):
        gradient = derivatives.numerical_gradient(rude, x, method=method)
        report = derivatives.gradient_check(rude, x, 2 * x, method=method, tolerance=1e-5)
    np.testing.assert_allclose(gradient, [2.0, 4.0, 6.0], rtol=1e-6)
    assert report.passed


# ---- gradient check


def quartic(X):
    return np.sum(X**4) / 4


def squares(X):
    return np.sum(X**2)


def _beside_a_million(claim):
    """A place where the squares of two entries hide that of a third, and a gradient there."""
    return np.array([1e6, 2e6, 3.0]), np.array([2e6, 4e6, claim])


@given(rng=generators, shape=shapes())
def test_a_right_gradient_passes(rng, shape):
    X = rng.normal(size=shape)
    assert derivatives.gradient_check(quartic, X, X**3)


@given(rng=generators, shape=shapes(1, 3), size=st.floats(1e-4, 10))
def test_one_wrong_entry_fails_and_is_named_with_both_numbers(rng, shape, size):
    X = rng.normal(size=shape)
    index = tuple(int(rng.integers(n)) for n in shape)
    gradient = X**3
    gradient[index] += size
    report = derivatives.gradient_check(quartic, X, gradient)
    assert not report
    assert (report.worst_index, report.wrong, report.entries) == (index, 1, X.size)
    assert report.analytic == gradient[index]
    assert report.numerical == pytest.approx(X[index] ** 3, rel=1e-6, abs=1e-8)


def test_an_entry_that_is_truly_zero_passes_although_rounding_is_all_there_is():
    X = np.array([1.0, 2.0])
    report = derivatives.gradient_check(lambda X: 1e3 * np.sin(X[0]), X, [1e3 * np.cos(1.0), 0.0])
    assert report.passed


@pytest.mark.parametrize("factor", [-1, 0, 0.5, 2, np.nan])
def test_a_scaled_or_undefined_gradient_fails(factor):
    X = np.array([[0.5, -1.0], [2.0, 0.3]])
    report = derivatives.gradient_check(quartic, X, factor * X**3)
    assert not report.passed
    assert report.wrong == 4


def test_the_report_can_be_read():
    report = derivatives.gradient_check(quartic, [[1.0, 2.0]], [[1.0, 4.0]])
    lines = str(report).splitlines()
    assert lines[0] == "gradient check FAILED: 1 of 2 entries differ"
    assert "[0, 1]" in lines[1]
    assert lines[2].split() == ["analytic", "4"]
    assert "ratio 0.5" in lines[3]
    assert "5.00e-01, tolerance 1e-06" in lines[4]
    assert "passed: 2 entries agree" in str(
        derivatives.gradient_check(quartic, [[1.0, 2.0]], [[1.0, 8.0]])
    )


@pytest.mark.parametrize("claim", [6.0, -200.0])
def test_an_entry_that_the_rounding_of_f_hides_is_no_proof_of_anything(claim):
    report = derivatives.gradient_check(squares, *_beside_a_million(claim))
    assert not report
    assert (report.wrong, report.unmeasured, report.worst_index) == (0, 1, (2,))
    assert report.analytic == claim
    assert "UNDECIDED: 1 of 3 entries cannot be measured" in str(report)


def test_a_hidden_entry_does_not_hide_a_wrong_one():
    X, gradient = _beside_a_million(6.0)
    gradient[0] *= 2
    report = derivatives.gradient_check(squares, X, gradient)
    assert (report.wrong, report.unmeasured, report.worst_index) == (1, 1, (0,))
    assert "FAILED: 1 of 3 entries differ" in str(report)


def test_without_a_difference_nothing_is_hidden():
    X, gradient = _beside_a_million(6.0)
    assert derivatives.gradient_check(squares, X, gradient, method="complex")
    gradient[2] = -200.0
    assert derivatives.gradient_check(squares, X, gradient, method="complex").wrong == 1


def test_a_constant_that_is_added_to_f_hides_small_derivatives():
    X = np.array([1e-3, 2e-3])
    assert derivatives.gradient_check(squares, X, 2 * X)
    report = derivatives.gradient_check(lambda X: 1e8 + squares(X), X, 2 * X)
    assert (report.wrong, report.unmeasured) == (0, 2)


def test_a_row_gradient_of_a_vector_is_refused():
    with pytest.raises(ValueError, match=r"gradient has shape \(1, 2\) but X has shape \(2,\)"):
        derivatives.gradient_check(quartic, [1.0, 2.0], [[1.0, 8.0]])


def test_relative_errors_are_symmetric_and_floored():
    a, n = np.array([1.0, 0.0, 2.0, 0.0, 1e-12]), np.array([1.0, 0.0, 1.0, 1e-9, 0.0])
    errors = derivatives.relative_errors(a, n, floor=1e-6)
    np.testing.assert_allclose(errors, [0, 0, 0.5, 1e-3, 1e-6])
    np.testing.assert_array_equal(errors, derivatives.relative_errors(n, a, floor=1e-6))
    np.testing.assert_allclose(derivatives.relative_errors(np.array([1e-3]), np.array([2e-3])), 0.5)
    np.testing.assert_array_equal(
        derivatives.relative_errors(np.array([np.nan, np.inf]), np.ones(2)), [np.inf, np.inf]
    )


# ---- step sizes


def test_step_size_study_shows_the_two_slopes_and_the_missing_rounding_branch():
    study = derivatives.step_size_study(np.exp, np.exp, 1.0)
    assert all(errors.shape == study.steps.shape == (65,) for errors in study)

    def slope(errors, low, high):
        inside = (study.steps > low) & (study.steps < high)
        return np.polyfit(np.log(study.steps[inside]), np.log(errors[inside]), 1)[0]

    assert slope(study.forward, 1e-6, 1e-2) == pytest.approx(1, abs=0.05)
    assert slope(study.central, 1e-3, 1e-1) == pytest.approx(2, abs=0.05)
    assert slope(study.forward, 1e-15, 1e-10) == pytest.approx(-1, abs=0.3)
    assert 1e-9 < study.steps[np.argmin(study.forward)] < 1e-7
    assert 1e-7 < study.steps[np.argmin(study.central)] < 1e-4
    assert study.complex_step[study.steps < 1e-8].max() < 1e-14


def test_the_default_steps_are_near_the_best_of_the_study():
    study = derivatives.step_size_study(np.exp, np.exp, 1.0)
    for name, errors in (("forward", study.forward), ("central", study.central)):
        formula = getattr(derivatives, f"{name}_difference")
        error = abs(formula(np.exp, 1.0) - np.e)
        window = np.abs(np.log10(study.steps / derivatives.DEFAULT_STEPS[name])) < 1
        assert error < 10 * np.median(errors[window])
        assert error < 1e-3 * errors[-1]


def test_own_steps_are_used_in_their_order():
    study = derivatives.step_size_study(np.square, lambda x: 2 * x, 3.0, steps=[0.5, 0.25])
    np.testing.assert_allclose(study.forward, [0.5, 0.25])
    np.testing.assert_allclose(study.central, [0.0, 0.0])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda d: d.numerical_gradient(np.sin, [1.0, 2.0]),
            r"f returned an array of shape \(2,\)",
        ),
        (lambda d: d.numerical_gradient(np.sum, [1.0, np.nan]), "X holds nan at index"),
        (lambda d: d.numerical_gradient(np.sum, [1j]), "X is complex, expected real"),
        (lambda d: d.numerical_gradient(np.sum, []), "X is empty"),
        (lambda d: d.numerical_gradient(np.sum, [1.0], method="best"), "method is 'best'"),
        (lambda d: d.numerical_gradient(np.sum, [1.0], h=0), "h is 0"),
        (lambda d: d.numerical_jacobian(np.sin, [[1.0]]), r"x has shape \(1, 1\)"),
        (lambda d: d.numerical_jacobian(np.diag, [1.0, 2.0]), r"f returned shape \(2, 2\)"),
        (lambda d: d.partial_derivative(np.sum, [1.0], 3), "index 3 is outside of X"),
        (lambda d: d.partial_derivative(np.sum, [[1.0, 2.0]], 0), "names 2 entries of X"),
        (lambda d: d.directional_derivative(np.sum, [1.0, 2.0], [1.0]), r"V has shape \(1,\)"),
        (
            lambda d: d.directional_derivative(np.abs, [1.0], [1.0], method="complex"),
            "not analytic",
        ),
        (lambda d: d.step_size_study(np.sin, np.cos, 1.0, steps=[0.1, 0.0]), "step is 0.0"),
    ],
)
def test_bad_input_is_refused_with_what_came_and_what_was_expected(call, says):
    with pytest.raises(ValueError, match=says):
        call(derivatives)
