import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import dtypes, generators, shapes

from backprop.activations import ActivationCache
from backprop.validation import (
    as_data,
    as_float_array,
    as_float_arrays,
    as_float_scalar,
    check_between,
    check_cache,
    check_finite,
    check_layers,
    check_positive,
    check_same_shape,
)


@given(shape=shapes(), dtype=dtypes)
def test_a_float_array_is_returned_as_it_is(shape, dtype):
    array = np.ones(shape, dtype)
    assert as_float_array(array, "x") is array


@pytest.mark.parametrize("value", [[1, 2], (1, 2), np.array([1, 2], np.int8), [True, 2]])
def test_integers_and_lists_become_float64(value):
    array = as_float_array(value, "x")
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, [1.0, 2.0])


def test_complex_numbers_are_kept_for_the_complex_step():
    assert as_float_array([1 + 2j], "x").dtype == np.complex128


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "x has dtype object"),
        (["a"], "x has dtype <U1"),
        ([[1, 2], [3]], "x must be a rectangular array"),
        (np.array([object()]), "x has dtype object"),
        (np.array(["2020-01-01"], "datetime64[D]"), "x has dtype datetime64"),
        ([], r"x is empty, shape \(0,\)"),
        (np.ones((0, 4)), r"x is empty, shape \(0, 4\)"),
    ],
)
def test_what_is_not_an_array_of_numbers_is_refused_by_name(value, says):
    with pytest.raises(ValueError, match=says):
        as_float_array(value, "x")


def test_a_wrong_number_of_axes_is_refused_with_the_shape():
    with pytest.raises(ValueError, match=r"x has shape \(2,\), expected 2 axes"):
        as_float_array([1, 2], "x", ndim=2)


def test_shapes_that_agree_pass_in_the_order_given():
    X, W, b = as_float_arrays(
        X=(np.ones((5, 4)), "M n_in"), W=(np.ones((4, 3)), "n_in n_out"), b=([1, 2, 3], "n_out")
    )
    assert (X.shape, W.shape, b.shape) == ((5, 4), (4, 3), (3,))


@pytest.mark.parametrize(
    ("W", "says"),
    [
        (np.ones((3, 2)), "W has 3 rows but X has 4 columns; both are n_in and must be equal"),
        (np.ones((1, 2)), "W has 1 row but X has 4 columns"),
        (np.ones(4), r"W has shape \(4,\), expected \(n_in, n_out\)"),
        (1.0, r"W has shape \(\), expected \(n_in, n_out\)"),
        (np.ones((1, 4, 2)), r"W has shape \(1, 4, 2\)"),
    ],
)
def test_shapes_that_disagree_are_named_with_their_axes(W, says):
    with pytest.raises(ValueError, match=says):
        as_float_arrays(X=(np.ones((5, 4)), "M n_in"), W=(W, "n_in n_out"))


def test_a_vector_never_passes_for_a_column():
    with pytest.raises(ValueError, match=r"y has shape \(5,\), expected \(M, n\)"):
        as_float_arrays(a=(np.ones((5, 1)), "M n"), y=(np.ones(5), "M n"))


def test_a_vector_length_is_told_in_entries_and_a_tensor_length_by_axis():
    with pytest.raises(ValueError, match="b has 2 entries but W has 3 columns"):
        as_float_arrays(W=(np.ones((4, 3)), "n m"), b=(np.ones(2), "m"))
    with pytest.raises(ValueError, match="T has length 2 on axis 2 but x has 1 entry"):
        as_float_arrays(x=(np.ones(1), "n"), T=(np.ones((4, 3, 2)), "i j n"))


def test_an_axis_can_ask_for_a_length_and_a_scalar_for_no_axis():
    as_float_arrays(x=(np.ones(3), "3"), s=(2, ""))
    with pytest.raises(ValueError, match="x has 4 entries, expected 3"):
        as_float_arrays(x=(np.ones(4), "3"))
    with pytest.raises(ValueError, match=r"s has shape \(1,\), expected a scalar"):
        as_float_arrays(s=([2.0], ""))


@pytest.mark.parametrize(
    ("value", "kind"),
    [(2, float), (True, float), (0.5, float), (1j, complex), (np.float32(2), np.float32)],
)
def test_a_scalar_keeps_its_precision(value, kind):
    scalar = as_float_scalar(value, "b")
    assert type(scalar) is kind
    assert scalar == value


def test_an_array_scalar_loses_its_axes_only_if_it_has_none():
    assert as_float_scalar(np.array(3, np.int64), "b") == 3.0
    with pytest.raises(ValueError, match=r"b has shape \(1,\), expected a single number"):
        as_float_scalar(np.ones(1), "b")
    with pytest.raises(ValueError, match="b has dtype"):
        as_float_scalar("3", "b")


@given(shape=shapes(), others=st.lists(shapes(), min_size=1, max_size=3))
def test_only_equal_shapes_pass_whether_or_not_they_broadcast(shape, others):
    arrays = {f"a{k}": np.ones(other) for k, other in enumerate(others)}
    if all(other == shape for other in others):
        check_same_shape(first=np.ones(shape), **arrays)
    else:
        with pytest.raises(ValueError, match="they must be equal"):
            check_same_shape(first=np.ones(shape), **arrays)


@given(shape=shapes(1, 3), bad=st.sampled_from([np.nan, np.inf, -np.inf]), rng=generators)
def test_the_index_of_an_entry_that_is_not_finite_is_told(shape, bad, rng):
    X = rng.standard_normal(shape)
    check_finite(X=X)
    index = tuple(int(rng.integers(n)) for n in shape)
    X[index] = bad
    with pytest.raises(ValueError, match=f"X holds {bad} at index ") as error:
        check_finite(X=X)
    assert str(index) in str(error.value)


@pytest.mark.parametrize("number", [0, -1.0, np.nan, np.inf])
def test_numbers_that_must_be_positive_are_refused_otherwise(number):
    check_positive(eta=1e-300)
    with pytest.raises(ValueError, match=f"eta is {number}, expected a finite number greater"):
        check_positive(eta=number)


@pytest.mark.parametrize("number", [-0.1, 1, 1.5, np.nan])
def test_the_upper_bound_of_an_interval_is_left_out(number):
    check_between(0, 1, alpha=0)
    with pytest.raises(ValueError, match=f"alpha is {number}, expected 0 <= alpha < 1"):
        check_between(0, 1, alpha=number)


# ---- what tells parameters, data and caches apart


def test_labels_stay_integers_as_data_and_parameters_are_no_data():
    assert as_data([0, 2], "labels").dtype.kind == "i"
    with pytest.raises(ValueError, match="X must be a rectangular array of numbers"):
        as_data([(np.ones((4, 2)), np.ones(2)), (np.ones((2, 3)), np.ones(3))], "X")


@pytest.mark.parametrize("pair", [tuple, list])
def test_layers_are_pairs_of_any_kind(pair):
    check_layers(params=[pair((np.ones((4, 2)), np.ones(2)))], network=(pair(([[1.0]], [0.0])),))


@pytest.mark.parametrize(
    ("layers", "says"),
    [
        ([], "params is empty, expected at least one layer"),
        (np.ones((5, 3)), r"params has shape \(5, 3\), expected layers"),
        ({"W": 1.0}, "params is of type dict, expected layers"),
        ([[1.0, 2.0]], r"params\[0\] is of type list, expected layers"),
        ([np.ones((2, 3))], r"params\[0\] has shape \(2, 3\), expected layers"),
        ([([[1.0]], [0.0]), 3.0], r"params\[1\] is 3.0, expected layers"),
    ],
)
def test_what_is_no_network_is_named(layers, says):
    with pytest.raises(ValueError, match=says):
        check_layers(params=layers)


def test_a_cache_is_known_by_its_first_field():
    check_cache(ActivationCache(np.ones(2), np.ones(2)), ActivationCache)
    for gradient, says in ((np.ones(2), r"cache has shape \(2,\)"), (1.0, "cache is 1.0")):
        with pytest.raises(ValueError, match=f"{says}, expected the ActivationCache"):
            check_cache(gradient, ActivationCache)
