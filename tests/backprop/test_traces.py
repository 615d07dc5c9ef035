"""The trace of a pass holds the derivatives that a complex step finds."""

import numpy as np
import pytest

from backprop.activations import logistic
from backprop.plotting import PassValues
from backprop.running_example import running_example
from backprop.traces import PassTrace, trace_pass

EXAMPLE = running_example()
TRACE = trace_pass(EXAMPLE.unit_network, EXAMPLE.X[0], EXAMPLE.Y[0])


def cost_from(layer, values, start):
    """Cost when the values of a layer (z or a, by `start`) are replaced."""
    weights, biases = (EXAMPLE.W1, EXAMPLE.W2), (EXAMPLE.b1, EXAMPLE.b2)
    a = logistic(values) if start == "z" else values
    for W, b in list(zip(weights, biases, strict=True))[layer + 1 :]:
        a = logistic(a @ W + b)
    return np.sum((a - EXAMPLE.Y[0]) ** 2) / 2


def gradient_from(layer, values, start):
    steps = 1e-30j * np.eye(len(values))
    return np.array([cost_from(layer, values + step, start).imag / 1e-30 for step in steps])


def test_the_figures_take_a_trace_as_it_is():
    assert PassTrace._fields == PassValues._fields


def test_shapes_are_those_of_the_matrix_form():
    assert [W.shape for W in TRACE.weights] == [(4, 2), (2, 3)]
    for name in ("biases", "pre_activations", "slopes", "influences", "deltas"):
        assert [v.shape for v in getattr(TRACE, name)] == [(2,), (3,)], name
    assert [a.shape for a in TRACE.activations] == [(4,), (2,), (3,)]


@pytest.mark.parametrize("layer", [0, 1])
def test_influences_and_deltas_are_derivatives_of_the_cost(layer):
    influence = gradient_from(layer, TRACE.activations[layer + 1], "a")
    np.testing.assert_allclose(TRACE.influences[layer], influence, rtol=1e-12)
    delta = gradient_from(layer, TRACE.pre_activations[layer], "z")
    np.testing.assert_allclose(TRACE.deltas[layer], delta, rtol=1e-12)


def test_a_delta_is_an_influence_times_a_slope():
    for influence, slope, delta in zip(TRACE.influences, TRACE.slopes, TRACE.deltas, strict=True):
        np.testing.assert_allclose(influence * slope, delta, rtol=1e-12)


def test_the_cost_is_that_of_the_traced_activations():
    assert TRACE.cost == pytest.approx(cost_from(1, TRACE.activations[-1], "a"), rel=1e-14)


def test_targets_of_another_length_are_refused():
    with pytest.raises(ValueError, match="n_out"):
        trace_pass(EXAMPLE.unit_network, EXAMPLE.X[0], EXAMPLE.Y[0, :2])
