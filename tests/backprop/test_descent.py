import numpy as np
import pytest

from backprop.descent import descend
from backprop.objectives import Quadratic
from backprop.optimizers import GradientDescent, Nesterov

BOWL = Quadratic([1.0, 3.0])


def test_the_path_of_gradient_descent_on_a_quadratic_is_a_geometric_sequence():
    path = descend([2.0, -1.0], BOWL.gradient, GradientDescent(0.25), 6)
    t = np.arange(7)
    assert path.shape == (7, 2)
    np.testing.assert_allclose(path, np.column_stack([2 * 0.75**t, -(0.25**t)]), rtol=1e-12)


def test_the_first_point_is_the_start_also_without_a_step():
    np.testing.assert_array_equal(
        descend([2, -1], BOWL.gradient, GradientDescent(0.1), 0), [[2.0, -1.0]]
    )


def test_Nesterov_is_asked_for_its_gradient_at_the_look_ahead_point():
    asked = []
    path = descend(
        [2.0, -1.0],
        lambda point: asked.append(point) or BOWL.gradient(point),
        Nesterov(0.1, 0.5),
        3,
    )
    np.testing.assert_allclose(asked[2], path[2] + 0.5 * (path[2] - path[1]), rtol=1e-12)
    assert not np.allclose(asked[2], path[2])


def test_the_start_is_left_as_it_was():
    start = np.array([2.0, -1.0])
    path = descend(start, BOWL.gradient, GradientDescent(0.1), 2)
    path[0] = 9.0
    np.testing.assert_array_equal(start, [2.0, -1.0])


def test_a_gradient_of_another_shape_is_named():
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        descend([2.0, -1.0], lambda x: np.zeros((2, 1)), GradientDescent(0.1), 1)


def test_a_negative_number_of_steps_is_named():
    with pytest.raises(ValueError, match="steps is -1"):
        descend([2.0, -1.0], BOWL.gradient, GradientDescent(0.1), -1)
