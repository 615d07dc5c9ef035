"""The picture of a local linear map shows the function and the Jacobian that it was given."""

import numpy as np
import pytest

from backprop import plotting


def square_and_product(x):
    return np.array([x[0] ** 2, x[0] * x[1]])


def lines_in(axes):
    return [
        np.column_stack(line.get_data()) for line in axes.lines if line.get_linestyle() != "None"
    ]


def test_the_solid_grid_on_the_right_is_the_image_of_the_grid_on_the_left():
    J = [[2.0, 0.0], [2.0, 1.0]]
    figure = plotting.local_linear_map(square_and_product, J, [1.0, 2.0], 0.25, lines=3)
    before, after = figure.axes
    grid, images = lines_in(before), lines_in(after)
    assert len(grid) == 6
    assert len(images) == 12
    for line, image in zip(grid, images[:6], strict=True):
        np.testing.assert_allclose(image[:, 0], line[:, 0] ** 2)
        np.testing.assert_allclose(image[:, 1], line[:, 0] * line[:, 1])


def test_the_dashed_grid_touches_the_solid_one_at_the_point_and_follows_the_jacobian():
    J = np.array([[2.0, 0.0], [2.0, 1.0]])
    figure = plotting.local_linear_map(square_and_product, J, [1.0, 2.0], 0.25, lines=3)
    before, after = figure.axes
    dashed = [line for line in after.lines if line.get_linestyle() == "--"]
    for line, image in zip(lines_in(before), dashed, strict=True):
        expected = [[1.0, 2.0] + J @ (point - [1.0, 2.0]) for point in line]
        np.testing.assert_allclose(np.column_stack(image.get_data()), expected)


def test_a_linear_function_and_its_jacobian_give_the_same_picture():
    A = np.array([[1.0, 2.0], [-1.0, 3.0]])
    figure = plotting.local_linear_map(lambda x: A @ x, A, [0.5, -1.0], 1.0)
    images = lines_in(figure.axes[1])
    np.testing.assert_allclose(images[:10], images[10:])


@pytest.mark.parametrize(
    ("jacobian", "at", "half_width", "message"),
    [
        (np.eye(3), [0.0, 0.0], 1.0, "jacobian"),
        (np.eye(2), [0.0, 0.0, 0.0], 1.0, "at"),
        (np.eye(2), [0.0, 0.0], 0.0, "half_width"),
    ],
)
def test_what_is_not_a_map_of_the_plane_is_refused(jacobian, at, half_width, message):
    with pytest.raises(ValueError, match=message):
        plotting.local_linear_map(square_and_product, jacobian, at, half_width)
