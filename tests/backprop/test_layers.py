import numpy as np
import pytest
from autograd import grad
from autograd import numpy as anp
from hypothesis import given
from hypothesis import strategies as st
from oracles import assert_same, complex_step_along, unchanged
from strategies import arrays, dtypes, generators, sizes

from backprop import units
from backprop.layers import (
    ACTIVATIONS,
    activation_named,
    linear_backward,
    linear_forward,
    linear_input_gradient,
    linear_parameter_gradients,
)


def draw(rng, M, n_in, n_out):
    return (
        rng.standard_normal((M, n_in)),
        rng.standard_normal((n_in, n_out)),
        rng.normal(size=n_out),
    )


@given(rng=generators, M=sizes, n_in=sizes, n_out=sizes)
def test_linear_forward_is_the_unit_form_with_the_transpose_of_the_weights(rng, M, n_in, n_out):
    X, W, b = draw(rng, M, n_in, n_out)
    Y, _ = linear_forward(X, W, b)
    assert_same(Y, np.array([units.layer_preactivation(W.T, x, b) for x in X]))


@given(rng=generators, M=sizes, n_in=sizes, n_out=sizes)
def test_linear_backward_is_the_derivative_with_a_random_upstream_gradient(rng, M, n_in, n_out):
    (X, W, b), directions = draw(rng, M, n_in, n_out), draw(rng, M, n_in, n_out)
    dY = rng.standard_normal((M, n_out))
    gradients = linear_backward(dY, linear_forward(X, W, b)[1])
    assert [g.shape for g in gradients] == [(M, n_in), (n_in, n_out), (n_out,)]
    paths = (
        (gradients[0], X, directions[0], lambda V: linear_forward(V, W, b)[0]),
        (gradients[1], W, directions[1], lambda V: linear_forward(X, V, b)[0]),
        (gradients[2], b, directions[2], lambda V: linear_forward(X, W, V)[0]),
    )
    for gradient, point, V, function in paths:
        by_step = np.sum(dY * complex_step_along(function, point, V))
        scale = np.abs(gradient).max() * np.abs(V).sum()
        assert np.sum(gradient * V) == pytest.approx(by_step, rel=1e-10, abs=1e-14 * scale)


def test_linear_backward_is_that_of_autograd():
    rng = np.random.default_rng(0)
    X, W, b = draw(rng, 5, 4, 3)
    dY = rng.standard_normal((5, 3))
    theirs = grad(lambda p: anp.sum(dY * (p[0] @ p[1] + p[2])))((X, W, b))
    for ours, their in zip(linear_backward(dY, linear_forward(X, W, b)[1]), theirs, strict=True):
        assert_same(ours, their)


@given(rng=generators, M=sizes, n_in=sizes, n_out=sizes)
def test_the_halves_of_linear_backward_are_its_parts(rng, M, n_in, n_out):
    X, W, b = draw(rng, M, n_in, n_out)
    dY, (_, cache) = rng.standard_normal((M, n_out)), linear_forward(X, W, b)
    dX, dW, db = linear_backward(dY, cache)
    assert_same(linear_input_gradient(dY, cache), dX)
    for ours, expected in zip(linear_parameter_gradients(dY, cache), (dW, db), strict=True):
        assert_same(ours, expected)


@given(rng=generators, M=sizes, n_in=sizes, n_out=sizes)
def test_parameter_gradients_of_a_minibatch_are_the_sum_of_those_of_its_rows(rng, M, n_in, n_out):
    X, W, b = draw(rng, M, n_in, n_out)
    dY = rng.standard_normal((M, n_out))
    _, dW, db = linear_backward(dY, linear_forward(X, W, b)[1])
    rows = [linear_backward(dY[[m]], linear_forward(X[[m]], W, b)[1]) for m in range(M)]
    assert_same(dW, sum(row[1] for row in rows), rtol=1e-9)
    assert_same(db, sum(row[2] for row in rows), rtol=1e-9)


@given(rng=generators, M=sizes, n_in=sizes, n_out=sizes)
def test_the_order_of_the_rows_matters_to_dX_only(rng, M, n_in, n_out):
    X, W, b = draw(rng, M, n_in, n_out)
    dY, order = rng.standard_normal((M, n_out)), rng.permutation(M)
    dX, dW, db = linear_backward(dY, linear_forward(X, W, b)[1])
    shuffled = linear_backward(dY[order], linear_forward(X[order], W, b)[1])
    for ours, expected in zip(shuffled, (dX[order], dW, db), strict=True):
        assert_same(ours, expected, rtol=1e-9)


@given(data=st.data(), M=sizes, n_in=sizes, n_out=sizes, dtype=dtypes)
def test_dtype_is_kept_and_no_argument_is_changed(data, M, n_in, n_out, dtype):
    X, W, b, dY = (
        data.draw(arrays(shape, dtype))
        for shape in ((M, n_in), (n_in, n_out), (n_out,), (M, n_out))
    )
    with unchanged(X, W, b, dY):
        Y, cache = linear_forward(X, W, b)
        results = [Y, *linear_backward(dY, cache)]
    assert all(result.dtype == dtype for result in results)


def test_integers_are_computed_in_float64():
    Y, cache = linear_forward([[1, 2]], [[3], [4]], [5])
    assert Y.tolist() == [[16.0]]
    assert Y.dtype == np.float64
    assert [g.tolist() for g in linear_backward([[2]], cache)] == [[[6, 8]], [[2], [4]], [2]]


@pytest.mark.parametrize(
    ("X", "W", "b", "message"),
    [
        (np.ones((5, 4)), np.ones((3, 2)), np.ones(2), "W has 3 rows but X has 4 columns"),
        (np.ones((5, 4)), np.ones((4, 2)), np.ones(3), "b has 3 entries but W has 2 columns"),
        (np.ones((5, 4)), np.ones((4, 2)), np.ones((1, 2)), r"b has shape \(1, 2\)"),
        (np.ones((5, 4)), np.ones((4, 2)), 1.0, r"b has shape \(\)"),
        (np.ones(4), np.ones((4, 2)), np.ones(2), r"X has shape \(4,\)"),
        (np.ones((0, 4)), np.ones((4, 2)), np.ones(2), "X is empty"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(X, W, b, message):
    with pytest.raises(ValueError, match=message):
        linear_forward(X, W, b)


@pytest.mark.parametrize("shape", [(5,), (5, 1), (1, 3), (4, 3), (5, 4)])
def test_an_upstream_gradient_that_would_broadcast_is_refused(shape):
    _, cache = linear_forward(np.ones((5, 4)), np.ones((4, 3)), np.ones(3))
    for backward in (linear_backward, linear_parameter_gradients, linear_input_gradient):
        with pytest.raises(ValueError, match="dY"):
            backward(np.ones(shape), cache)


def test_every_activation_layer_finds_its_functions_by_name():
    for name in ACTIVATIONS:
        layer = activation_named(name)
        assert layer.function.__name__ == name
        assert layer.forward.__name__ == f"{name}_forward"
        assert layer.backward.__name__ == f"{name}_backward"
        assert (layer.derivative is None) == (name == "softmax")


def test_an_unknown_activation_is_refused():
    with pytest.raises(ValueError, match="activation is 'sigmoid', expected one of logistic"):
        activation_named("sigmoid")
