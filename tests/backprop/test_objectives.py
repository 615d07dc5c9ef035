import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import assert_same, complex_step_along, unchanged
from strategies import generators, shapes

from backprop.objectives import (
    Quadratic,
    beale,
    beale_gradient,
    quadratic_with_condition,
    random_rotation,
    ravine,
    ravine_gradient,
    rosenbrock,
    rosenbrock_gradient,
    saddle,
    saddle_gradient,
)

ROTATED = quadratic_with_condition(25.0, n=2, rng=np.random.default_rng(0))
OBJECTIVES = {
    "quadratic": (ROTATED, ROTATED.gradient),
    "rosenbrock": (rosenbrock, rosenbrock_gradient),
    "beale": (beale, beale_gradient),
    "saddle": (saddle, saddle_gradient),
    "ravine": (ravine, ravine_gradient),
}


def every_objective(test):
    return pytest.mark.parametrize("name", OBJECTIVES)(test)


@every_objective
@given(rng=generators, shape=shapes(0, 2))
def test_the_gradient_is_that_of_the_complex_step_at_many_points_at_once(name, rng, shape):
    function, gradient = OBJECTIVES[name]
    x, v = rng.standard_normal((*shape, 2)), rng.standard_normal((*shape, 2))
    with unchanged(x):
        value, slope = function(x), gradient(x)
    assert np.shape(value) == shape
    assert slope.shape == x.shape
    assert_same((slope * v).sum(axis=-1), complex_step_along(function, x, v), rtol=1e-8)


@pytest.mark.parametrize(
    ("name", "minimum", "value"),
    [
        ("quadratic", (0.0, 0.0), 0.0), ("rosenbrock", (1.0, 1.0), 0.0), ("beale", (3.0, 0.5), 0.0),
        ("ravine", (0.0, 0.0), 0.0), ("saddle", (0.0, 1.0), -0.25), ("saddle", (0.0, -1.0), -0.25),
    ],
)  # fmt: skip
def test_the_minimum_is_where_it_is_said_to_be(name, minimum, value):
    function, gradient = OBJECTIVES[name]
    assert function(minimum) == pytest.approx(value, abs=1e-15)
    assert_same(gradient(minimum) + 1, np.ones(2))
    around = np.array(minimum) + 0.01 * np.random.default_rng(1).standard_normal((50, 2))
    assert (function(around) > value).all()


def test_the_saddle_is_neither_a_minimum_nor_a_maximum():
    assert saddle_gradient([0.0, 0.0]).tolist() == [0.0, 0.0]
    assert saddle([0.0, 0.1]) < saddle([0.0, 0.0]) < saddle([0.1, 0.0])


@pytest.mark.parametrize(
    ("function", "x", "expected"),
    [
        (rosenbrock, (-1.0, 2.0), 104.0), (rosenbrock, (0.0, 0.0), 1.0), (ravine, (2.0, 1.0), 12.0),
        (beale, (0.0, 0.0), 14.203125), (beale, (1.0, 1.0), 14.203125),
    ],
)  # fmt: skip
def test_values_by_hand(function, x, expected):
    assert function(x) == expected


@given(rng=generators, n=st.integers(1, 5))
def test_a_quadratic_has_the_eigenvalues_and_axes_that_were_chosen(rng, n):
    eigenvalues, Q = np.sort(rng.uniform(0.1, 10, n)), random_rotation(n, rng)
    objective = Quadratic(eigenvalues, Q)
    assert_same(np.linalg.eigvalsh(objective.hessian), eigenvalues, rtol=1e-9)
    for axis, eigenvalue in zip(Q.T, eigenvalues, strict=True):
        assert objective(axis) == pytest.approx(eigenvalue / 2, rel=1e-9)
        assert_same(objective.gradient(axis), eigenvalue * axis, rtol=1e-9)


@given(condition=st.floats(1, 1e4), n=st.integers(2, 5), rng=generators)
def test_the_condition_number_is_the_one_asked_for(condition, n, rng):
    for objective in (
        quadratic_with_condition(condition, n=n),
        quadratic_with_condition(condition, n=n, rng=rng),
    ):
        eigenvalues = np.linalg.eigvalsh(objective.hessian)
        assert eigenvalues[-1] == pytest.approx(1, rel=1e-9)
        assert eigenvalues[-1] / eigenvalues[0] == pytest.approx(condition, rel=1e-6)


def test_the_ravine_has_the_steepness_as_its_condition_number():
    axes = np.eye(2)
    assert (ravine(axes, steepness=50.0) * 2).tolist() == [1.0, 50.0]
    assert ravine_gradient(axes, steepness=50.0).tolist() == [[1.0, 0.0], [0.0, 50.0]]


def test_integers_and_lists_are_points_too():
    assert rosenbrock_gradient([0, 1]).dtype == np.float64
    assert Quadratic([2, 4])([1, 1]) == 3.0


def test_float32_points_keep_their_dtype():
    x = np.ones((3, 2), np.float32)
    smooth = (ROTATED, ROTATED.gradient, saddle_gradient, ravine_gradient)
    for function in (
        *smooth,
        rosenbrock,
        rosenbrock_gradient,
        beale,
        beale_gradient,
        saddle,
        ravine_gradient,
    ):
        assert function(x).dtype == np.float32


@every_objective
@pytest.mark.parametrize("x", [1.0, np.ones(3), np.ones((2, 1))])
def test_points_of_another_dimension_are_refused(name, x):
    for function in OBJECTIVES[name]:
        with pytest.raises(ValueError, match=r"expected points of shape \(..., 2\)"):
            function(x)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Quadratic([1.0, 2.0], np.eye(3)), lambda: Quadratic([1.0, 2.0], np.ones((2, 2))),
        lambda: Quadratic([[1.0]]), lambda: quadratic_with_condition(0.5),
        lambda: quadratic_with_condition(2.0, n=1), lambda: ravine([0.0, 0.0], steepness=-1.0),
        lambda: ravine_gradient([0.0, 0.0], steepness=0.0),
        lambda: random_rotation(0, np.random.default_rng(0)),
    ],
)  # fmt: skip
def test_arguments_out_of_range_are_refused(make):
    with pytest.raises(ValueError, match="expected"):
        make()
