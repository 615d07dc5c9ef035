import numpy as np
import pytest

from backprop.running_example import running_example
from backprop.units import batch_gradients, network_cost
from backprop.weight_plane import weight_plane

HERE = np.array([0.7, -0.4])


def network_at(w):
    hidden, output = running_example().unit_network
    W = output.W.copy()
    W[0] = w
    return [hidden, output._replace(W=W)]


def test_the_cost_moves_as_the_cost_of_the_whole_network_does():
    example, plane, there = running_example(), weight_plane(), np.array([-1.1, 2.3])
    change = network_cost(network_at(there), example.X, example.Y) - network_cost(
        network_at(HERE), example.X, example.Y
    )
    assert plane(there) - plane(HERE) == pytest.approx(change, rel=1e-12)


@pytest.mark.parametrize("patterns", [None, [3], [4, 1]])
def test_the_gradient_is_that_of_the_unit_by_unit_backward_pass(patterns):
    example, w = running_example(), np.array([-1.1, 2.3])
    rows = range(5) if patterns is None else patterns
    unit_by_unit = batch_gradients(network_at(w), example.X[rows], example.Y[rows])[-1].W[0]
    gradient = weight_plane().gradient(w, patterns=patterns)
    assert gradient.shape == (2,)
    np.testing.assert_allclose(gradient, unit_by_unit, rtol=1e-12)


def test_many_points_are_computed_at_once():
    plane, points = weight_plane(), np.array([[[0.7, -0.4], [1.0, 2.0], [0.0, 0.0]]])
    assert plane(points).shape == (1, 3)
    assert plane.gradient(points, patterns=[1, 2]).shape == (1, 3, 2)
    np.testing.assert_allclose(plane(points)[0, 1], plane([1.0, 2.0]))
    np.testing.assert_allclose(
        plane.gradient(points, patterns=[1, 2])[0, 1], plane.gradient([1.0, 2.0], patterns=[1, 2])
    )


def test_a_point_that_is_no_pair_is_named():
    with pytest.raises(ValueError, match=r"w has shape \(3,\)"):
        weight_plane()([1.0, 2.0, 3.0])
