import dataclasses

import numpy as np
import pytest

from backprop import units
from backprop.running_example import running_example, three_layer_example

EXAMPLE = running_example()
DEEPER = three_layer_example()
NAMES = [field.name for field in dataclasses.fields(EXAMPLE)]
SHAPES = {"X": (5, 4), "Y": (5, 3), "W1": (4, 2), "b1": (2,), "W2": (2, 3), "b2": (3,)}

DEEPER_SHAPES = {**SHAPES, "Y": (5, 6), "W3": (3, 6), "b3": (6,)}


def gradient_entries(example):
    gradients = units.batch_gradients(example.unit_network, example.X, example.Y)
    return np.concatenate([P.ravel() for layer in gradients for P in layer])


@pytest.mark.parametrize("name", NAMES)
def test_every_array_has_its_shape_and_few_digits(name):
    array = getattr(EXAMPLE, name)
    assert array.shape == SHAPES[name]
    np.testing.assert_array_equal(array, np.round(array, 2))


def test_the_four_dimensions_are_pairwise_distinct():
    assert len({*EXAMPLE.X.shape, EXAMPLE.W1.shape[1], EXAMPLE.W2.shape[1]}) == 4


def test_no_number_occurs_twice_in_the_inputs_the_targets_or_the_parameters():
    parameters = [EXAMPLE.W1, EXAMPLE.b1, EXAMPLE.W2, EXAMPLE.b2]
    for numbers in (EXAMPLE.X, EXAMPLE.Y, np.concatenate([P.ravel() for P in parameters])):
        assert np.unique(numbers).size == numbers.size
        assert np.all(numbers != 0)


def test_no_unit_is_saturated_for_any_example():
    for x in EXAMPLE.X:
        _, *activations = units.forward_pass(EXAMPLE.unit_network, x)
        for a in activations:
            assert np.all((a > 0.08) & (a < 0.91))


def test_no_gradient_entry_is_near_zero_or_equal_in_size_to_another():
    sizes = np.sort(np.abs(gradient_entries(EXAMPLE)))
    assert sizes[0] > 4e-3
    assert np.diff(sizes).min() > 2e-4


def test_unit_weights_are_the_transposes():
    hidden, output = EXAMPLE.unit_network
    assert (hidden.W.shape, output.W.shape) == ((2, 4), (3, 2))
    assert hidden.W[1, 3] == EXAMPLE.W1[3, 1] == -0.2
    assert output.W[2, 0] == EXAMPLE.W2[0, 2] == 0.5
    np.testing.assert_array_equal(output.b, EXAMPLE.b2)


@pytest.mark.parametrize("name", NAMES)
def test_no_array_can_be_changed_by_accident(name):
    array = getattr(EXAMPLE, name)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(EXAMPLE, name, array)


def test_the_transposes_cannot_be_changed_either():
    with pytest.raises(ValueError, match="read-only"):
        EXAMPLE.unit_network[0].W[0, 0] = 0


def test_each_call_gives_the_same_numbers_in_the_dtype_asked_for():
    narrow = running_example(dtype=np.float32)
    for name in NAMES:
        assert getattr(narrow, name).dtype == np.float32
        np.testing.assert_allclose(getattr(narrow, name), getattr(EXAMPLE, name), rtol=1e-7)
    with pytest.raises(ValueError, match="dtype is int64, expected a floating-point type"):
        running_example(dtype=np.int64)


def test_golden_numbers_of_the_first_example():
    """The numbers that the pages print; computed once with 30 digits by mpmath."""
    x, hidden, output = units.forward_pass(EXAMPLE.unit_network, EXAMPLE.X[0])
    delta_j, delta_i = units.backward_pass(EXAMPLE.unit_network, [x, hidden, output], EXAMPLE.Y[0])
    golden = [
        (hidden, [0.2973393457, 0.365864409]),
        (output, [0.4904491065, 0.5156727216, 0.5803702299]),
        (delta_i, [-0.03987316922, 0.1163037953, -0.07784283435]),
        (delta_j, [-0.04312228815, -0.003587798632]),
    ]
    for actual, expected in golden:
        np.testing.assert_allclose(actual, expected, rtol=1e-9)


@pytest.mark.parametrize("name", DEEPER_SHAPES)
def test_the_third_layer_has_its_shapes_and_cannot_be_changed(name):
    array = getattr(DEEPER, name)
    assert array.shape == DEEPER_SHAPES[name]
    np.testing.assert_array_equal(array, np.round(array, 2))
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 0


def test_the_first_two_layers_of_the_deeper_network_are_those_of_the_running_example():
    assert [field.name for field in dataclasses.fields(DEEPER)] == [*NAMES, "W3", "b3"]
    for name in set(NAMES) - {"Y"}:
        np.testing.assert_array_equal(getattr(DEEPER, name), getattr(EXAMPLE, name))


def test_the_five_dimensions_of_the_deeper_network_are_pairwise_distinct():
    sizes = [layer.W.shape[0] for layer in DEEPER.unit_network]
    assert sizes == [2, 3, 6]
    assert len({*DEEPER.X.shape, *sizes}) == 5


def test_no_number_occurs_twice_among_the_targets_or_the_parameters_of_three_layers():
    parameters = [DEEPER.W1, DEEPER.b1, DEEPER.W2, DEEPER.b2, DEEPER.W3, DEEPER.b3]
    for numbers in (DEEPER.Y, np.concatenate([P.ravel() for P in parameters])):
        assert np.unique(numbers).size == numbers.size
        assert np.all(numbers != 0)
    assert np.all((DEEPER.Y > 0) & (DEEPER.Y < 1))


def test_no_unit_of_three_layers_is_saturated_and_no_two_gradients_are_alike():
    for x in DEEPER.X:
        activations = np.concatenate(units.forward_pass(DEEPER.unit_network, x)[1:])
        assert np.all((activations > 0.08) & (activations < 0.91))
    sizes = np.sort(np.abs(gradient_entries(DEEPER)))
    assert sizes.size == 43
    assert sizes[0] > 5e-4
    assert np.diff(sizes).min() > 1e-4


def test_three_layers_come_in_the_dtype_asked_for():
    narrow = three_layer_example(dtype=np.float32)
    assert {getattr(narrow, name).dtype for name in DEEPER_SHAPES} == {np.dtype(np.float32)}
    with pytest.raises(ValueError, match="dtype is int64, expected a floating-point type"):
        three_layer_example(dtype=np.int64)
