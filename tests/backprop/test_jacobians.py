import numpy as np
import pytest
from hypothesis import given
from oracles import assert_same, complex_step_along, complex_step_jacobian, unchanged
from strategies import dtypes, generators, sizes

from backprop import jacobians


def softmax(z):
    e = np.exp(z - z.real.max())
    return e / e.sum()


@given(rng=generators, m=sizes, n=sizes)
def test_C_5_67_entry_i_j_of_the_jacobian_of_Ax_is_A_ij(rng, m, n):
    A, x = rng.normal(size=(m, n)), rng.normal(size=n)
    i, j = int(rng.integers(m)), int(rng.integers(n))
    measured = complex_step_along(lambda x: (A @ x)[i], x, np.eye(n)[j])
    assert jacobians.linear_jacobian(A)[i, j] == pytest.approx(measured, rel=1e-12)


@given(rng=generators, m=sizes, n=sizes)
def test_C_5_68_jacobian_of_Ax_is_A_and_not_its_transpose(rng, m, n):
    A, x = rng.normal(size=(m, n)), rng.normal(size=n)
    assert_same(jacobians.linear_jacobian(A), complex_step_jacobian(lambda x: A @ x, x))


def test_the_jacobian_of_Ax_is_a_copy():
    A = np.eye(2)
    jacobians.linear_jacobian(A)[0, 0] = 7
    assert A[0, 0] == 1


@given(rng=generators, m=sizes, n=sizes)
def test_products_of_the_linear_map_need_no_jacobian(rng, m, n):
    A, x, v, u = rng.normal(size=(m, n)), *rng.normal(size=(2, n)), rng.normal(size=m)
    assert_same(jacobians.linear_jvp(A, v), complex_step_along(lambda x: A @ x, x, v), 1e-12)
    measured = complex_step_jacobian(lambda x: u @ (A @ x), x)
    np.testing.assert_allclose(jacobians.linear_vjp(A, u), measured, rtol=1e-10, atol=1e-13)
    assert jacobians.linear_vjp(A, u).shape == (n,)


@given(rng=generators, n=sizes)
def test_elementwise_jacobian_is_diagonal(rng, n):
    z, v, u = rng.normal(size=(3, n))
    slopes = 1 / np.cosh(z) ** 2
    assert_same(jacobians.elementwise_jacobian(slopes), complex_step_jacobian(np.tanh, z), 1e-12)
    assert_same(jacobians.elementwise_jvp(slopes, v), complex_step_along(np.tanh, z, v), 1e-12)
    measured = complex_step_jacobian(lambda z: u @ np.tanh(z), z)
    np.testing.assert_allclose(jacobians.elementwise_vjp(slopes, u), measured, rtol=1e-10)


def test_L_backward_units_amplify_by_the_slope():
    """The reversed network multiplies what comes from above by σ′(z), a fixed number."""
    u, slopes = np.array([2.0, -4.0]), np.array([0.25, 0.1])
    np.testing.assert_allclose(jacobians.elementwise_vjp(slopes, u), [0.5, -0.4])


@given(rng=generators, n=sizes)
def test_softmax_jacobian_and_its_products_agree_with_the_complex_step(rng, n):
    z, v, u = rng.normal(size=(3, n))
    s = softmax(z)
    measured = complex_step_jacobian(softmax, z)
    np.testing.assert_allclose(jacobians.softmax_jacobian(s), measured, rtol=1e-9, atol=1e-14)
    assert jacobians.softmax_jacobian(s).shape == (n, n)
    np.testing.assert_allclose(
        jacobians.softmax_jvp(s, v), complex_step_along(softmax, z, v), rtol=1e-9, atol=1e-14
    )
    np.testing.assert_allclose(
        jacobians.softmax_vjp(s, u),
        complex_step_jacobian(lambda z: u @ softmax(z), z),
        rtol=1e-9,
        atol=1e-14,
    )


def test_C_erratum_24_the_jacobian_of_softmax_is_not_diagonal():
    s = softmax(np.array([0.5, -0.2, 1.0]))
    J = jacobians.softmax_jacobian(s)
    printed = np.diag(np.diag(J))
    assert np.abs(J - printed).max() > 0.5 * np.abs(printed).max()
    np.testing.assert_allclose(J.sum(axis=0), 0, atol=1e-15)


def test_softmax_input_passed_for_its_value_is_refused():
    with pytest.raises(ValueError, match="expected 1; pass softmax"):
        jacobians.softmax_jacobian([0.5, -0.2, 1.0])
    with pytest.raises(ValueError, match="s has the sum nan"):
        jacobians.softmax_vjp([np.nan, 1.0], [1.0, 1.0])


@given(rng=generators, m=sizes, n=sizes)
def test_jvp_and_vjp_of_one_function_agree_on_every_pair(rng, m, n):
    """u·(Jv) = (uᵀJ)·v: the transpose identity, for each pair of products."""
    A, v, u = rng.normal(size=(m, n)), rng.normal(size=n), rng.normal(size=m)
    left, right = u @ jacobians.linear_jvp(A, v), jacobians.linear_vjp(A, u) @ v
    assert left == pytest.approx(right, rel=1e-9, abs=1e-12)
    s, w = softmax(rng.normal(size=n)), rng.normal(size=n)
    left, right = w @ jacobians.softmax_jvp(s, v), jacobians.softmax_vjp(s, w) @ v
    assert left == pytest.approx(right, rel=1e-9, abs=1e-12)


@given(rng=generators, dtype=dtypes, m=sizes, n=sizes)
def test_dtype_is_kept_and_nothing_is_changed_in_place(rng, dtype, m, n):
    A, v = rng.normal(size=(m, n)).astype(dtype), rng.normal(size=n).astype(dtype)
    u, s = rng.normal(size=m).astype(dtype), softmax(v).astype(dtype)
    with unchanged(A, v, u, s):
        results = [
            jacobians.linear_jacobian(A),
            jacobians.linear_jvp(A, v),
            jacobians.linear_vjp(A, u),
            jacobians.elementwise_jacobian(v),
            jacobians.elementwise_jvp(v, v),
            jacobians.elementwise_vjp(v, v),
            jacobians.softmax_jacobian(s),
            jacobians.softmax_jvp(s, v),
            jacobians.softmax_vjp(s, v),
        ]
    assert {result.dtype for result in results} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda j: j.linear_jacobian([1, 2]), "A has shape"),
        (
            lambda j: j.linear_jvp(np.ones((2, 3)), np.ones(2)),
            "v has 2 entries but A has 3",
        ),
        (lambda j: j.linear_vjp(np.ones((2, 3)), np.ones(3)), "u has 3 entries but A has 2 rows"),
        (lambda j: j.elementwise_jacobian(np.eye(2)), "slopes has shape"),
        (lambda j: j.elementwise_jvp(np.ones(2), np.ones((2, 1))), "v has shape"),
        (lambda j: j.elementwise_vjp(np.ones(2), np.ones(3)), "u has 3 entries but slopes has 2"),
        (lambda j: j.softmax_jvp([0.5, 0.5], [1.0]), "v has 1 entry but s has 2 entries"),
    ],
)
def test_bad_input_is_refused_with_what_came_and_what_was_expected(call, says):
    with pytest.raises(ValueError, match=says):
        call(jacobians)
