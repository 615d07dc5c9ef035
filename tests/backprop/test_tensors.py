import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from oracles import assert_same, complex_step_along, complex_step_gradient, unchanged
from strategies import dtypes, generators, shapes, sizes

from backprop import tensors


@given(rng=generators, M=sizes, N=sizes)
def test_C_5_85_and_5_86_derivative_of_Ax_by_A_has_three_indices(rng, M, N):
    A, x = rng.normal(size=(M, N)), rng.normal(size=N)
    T = tensors.matvec_tensor(A, x)
    assert T.shape == (M, M, N)
    assert_same(T, autograd.jacobian(lambda A: anp.dot(A, x))(A))


@given(rng=generators, M=sizes, N=sizes)
def test_C_5_87_the_tensor_stacks_the_blocks_of_all_outputs(rng, M, N):
    A, x = rng.normal(size=(M, N)), rng.normal(size=N)
    T = tensors.matvec_tensor(A, x)
    for i in range(M):
        assert_same(T[i], complex_step_gradient(lambda A, i=i: (A @ x)[i], A))


def test_C_5_88_to_5_89_by_hand():
    """f₁ = A₁₁x₁ + A₁₂x₂ gives ∂f₁/∂A₁q = x_q."""
    T = tensors.matvec_tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [7.0, -8.0])
    np.testing.assert_array_equal(T[0], [[7, -8], [0, 0], [0, 0]])
    np.testing.assert_array_equal(T[2], [[0, 0], [0, 0], [7, -8]])


@given(rng=generators, M=sizes, N=sizes)
def test_C_5_90_own_row_gets_x_transposed(rng, M, N):
    A, x, d = rng.normal(size=(M, N)), *rng.normal(size=(2, N))
    i = int(rng.integers(M))
    V = np.zeros((M, N))
    V[i] = d
    measured = complex_step_along(lambda A: (A @ x)[i], A, V)
    assert tensors.matvec_row_derivative(x, i, M)[i] @ d == pytest.approx(measured, rel=1e-9)


@given(rng=generators, M=sizes, N=sizes)
def test_C_5_91_other_rows_get_zero(rng, M, N):
    x, i = rng.normal(size=N), int(rng.integers(M))
    block = tensors.matvec_row_derivative(x, i, M)
    np.testing.assert_array_equal(np.delete(block, i, axis=0), np.zeros((M - 1, N)))


@given(rng=generators, M=sizes, N=sizes)
def test_C_5_92_block_has_the_layout_of_A(rng, M, N):
    A, x, i = rng.normal(size=(M, N)), rng.normal(size=N), int(rng.integers(M))
    block = tensors.matvec_row_derivative(x, i, M)
    assert block.shape == A.shape
    assert_same(block, complex_step_gradient(lambda A: (A @ x)[i], A))


def test_C_erratum_26_a_transpose_of_the_block_does_not_fit_and_is_wrong_where_it_fits():
    rng = np.random.default_rng(0)
    A, x, V = rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=(3, 3))
    block = tensors.matvec_row_derivative(x, 1, 3)
    measured = complex_step_along(lambda A: (A @ x)[1], A, V)
    assert np.sum(block * V) == pytest.approx(measured, rel=1e-12)
    assert abs(np.sum(block.T * V) - measured) > 0.1 * abs(measured)
    assert tensors.matvec_row_derivative([1.0, 2.0], 1, 3).T.shape != (3, 2)


@given(rng=generators, M=sizes, N=sizes)
def test_gradient_with_respect_to_A_is_an_outer_product(rng, M, N):
    A, x, u = rng.normal(size=(M, N)), rng.normal(size=N), rng.normal(size=M)
    measured = complex_step_gradient(lambda A: u @ (A @ x), A)
    assert_same(tensors.matvec_matrix_vjp(x, u), measured)
    assert_same(tensors.tensor_vjp(tensors.matvec_tensor(A, x), u), measured)


def test_the_derivative_of_a_scalar_contracts_to_a_scalar_and_scales_to_a_gradient():
    G, V = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [0.0, -1.0]])
    assert tensors.tensor_jvp(G, V) == -3.0
    assert tensors.tensor_vjp(G, V) == -3.0
    np.testing.assert_array_equal(tensors.tensor_vjp(G, np.array(2.0)), 2 * G)


# ---- matrix by matrix


@given(rng=generators, m=sizes, n=sizes, p=sizes)
def test_C_5_4_derivatives_of_a_matrix_product_have_four_indices(rng, m, n, p):
    A, B = rng.normal(size=(m, n)), rng.normal(size=(n, p))
    left, right = tensors.matmul_left_tensor(A, B), tensors.matmul_right_tensor(A, B)
    assert left.shape == (m, p, m, n)
    assert right.shape == (m, p, n, p)
    assert_same(left, autograd.jacobian(lambda A: anp.dot(A, B))(A))
    assert_same(right, autograd.jacobian(lambda B: anp.dot(A, B))(B))


@given(rng=generators, m=sizes, n=sizes, p=sizes)
def test_contractions_of_the_four_index_tensors_are_products_of_matrices(rng, m, n, p):
    A, B = rng.normal(size=(m, n)), rng.normal(size=(n, p))
    U, V = rng.normal(size=(m, p)), rng.normal(size=(m, n))
    left = tensors.matmul_left_tensor(A, B)
    assert_same(tensors.tensor_vjp(left, U), U @ B.T, 1e-12)
    assert_same(tensors.tensor_jvp(left, V), V @ B, 1e-12)
    assert_same(tensors.tensor_vjp(tensors.matmul_right_tensor(A, B), U), A.T @ U, 1e-12)


@given(rng=generators, value=shapes(0, 2), variable=shapes(1, 2))
def test_collating_and_flattening_agree_for_every_pair_of_shapes(rng, value, variable):
    B, C = rng.normal(size=variable), rng.normal(size=(*value, *variable))

    def f(B):
        return np.sin(np.tensordot(C, B, axes=len(variable)))

    expected = autograd.jacobian(lambda B: anp.sin(anp.tensordot(C, B, axes=len(variable))))(B)
    for approach in (tensors.derivative_by_collating, tensors.derivative_by_flattening):
        assert_same(approach(f, B, method="complex"), np.reshape(expected, value + variable), 1e-9)
        assert approach(f, B).shape == value + variable


def test_C_5_4_example_of_a_4_by_2_matrix_of_3_variables():
    """By hand, at x = (2, 3, 5): one 4×2 slice for each variable."""
    x = np.array([2.0, 3.0, 5.0])
    slices = [
        [[1, 0], [0, 3], [0, 5], [4, 0]],
        [[0, 1], [0, 2], [5, 0], [0, 0]],
        [[0, 0], [1, 0], [3, 2], [0, 10]],
    ]
    expected = np.stack(np.array(slices, float), axis=-1)
    collated = tensors.derivative_by_collating(tensors.example_matrix, x, method="complex")
    flattened = tensors.derivative_by_flattening(tensors.example_matrix, x, method="complex")
    assert collated.shape == flattened.shape == (4, 2, 3)
    assert_same(collated, expected, 1e-14)
    assert_same(flattened, expected, 1e-14)
    np.testing.assert_array_equal(tensors.example_matrix(x), [[2, 3], [5, 6], [15, 10], [4, 25]])


def test_flattening_by_columns_but_shaping_by_rows_scrambles_the_tensor():
    x = np.array([2.0, 3.0, 5.0])
    right = tensors.derivative_by_flattening(tensors.example_matrix, x, method="complex")
    scrambled = right.reshape(8, 3).reshape(4, 2, 3, order="F")
    assert not np.allclose(right, scrambled)


@pytest.mark.parametrize(
    "approach", [tensors.derivative_by_collating, tensors.derivative_by_flattening]
)
def test_a_function_that_changes_its_argument_does_no_harm(approach):
    def rude(B):
        B *= B
        return B

    B = np.array([1.0, 2.0])
    with unchanged(B):
        np.testing.assert_allclose(approach(rude, B), [[2, 0], [0, 4]], rtol=1e-9, atol=1e-9)


@given(rng=generators, M=sizes, N=sizes, dtype=dtypes)
def test_dtype_is_kept_and_nothing_is_changed_in_place(rng, M, N, dtype):
    A, x, u = (rng.normal(size=s).astype(dtype) for s in ((M, N), N, M))
    with unchanged(A, x, u):
        T = tensors.matvec_tensor(A, x)
        results = [
            T,
            tensors.matvec_row_derivative(x, 0, M),
            tensors.matvec_matrix_vjp(x, u),
            tensors.matmul_left_tensor(A, A.T),
            tensors.matmul_right_tensor(A, A.T),
            tensors.tensor_vjp(T, u),
            tensors.tensor_jvp(T, A),
        ]
        tensors.derivative_by_collating(np.tanh, A)
        tensors.derivative_by_flattening(np.tanh, A)
    assert {result.dtype for result in results} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: tensors.matvec_row_derivative([1, 2], 3, 3), "i is 3 but A has 3 rows"),
        (lambda: tensors.matvec_row_derivative([1, 2], -1, 3), "i is -1"),
        (lambda: tensors.matvec_tensor(np.ones((2, 3)), np.ones(2)), "x has 2 entries but A has 3"),
        (lambda: tensors.matvec_matrix_vjp([1], [[1]]), "u has shape"),
        (
            lambda: tensors.matmul_left_tensor(np.ones((2, 3)), np.ones((2, 3))),
            "B has 2 rows",
        ),
        (lambda: tensors.matmul_right_tensor(np.ones((2, 3)), np.ones(3)), "B has shape"),
        (lambda: tensors.tensor_jvp(np.ones((2, 3, 4)), np.ones((4, 3))), "its last axes to be"),
        (lambda: tensors.tensor_vjp(np.ones((2, 3, 4)), np.ones((3, 2))), "its first axes to be"),
        (lambda: tensors.tensor_vjp(np.ones(2), np.ones((2, 3))), "its first axes to be"),
        (lambda: tensors.example_matrix([1, 2]), "x has 2 entries, expected 3"),
        (lambda: tensors.derivative_by_collating(np.sin, []), "B is empty"),
        (lambda: tensors.derivative_by_collating(np.sin, [np.inf]), "X holds inf"),
        (lambda: tensors.derivative_by_flattening(np.sin, [np.inf]), "B holds inf"),
    ],
)
def test_bad_input_is_refused_with_what_came_and_what_was_expected(call, says):
    with pytest.raises(ValueError, match=says):
        call()
