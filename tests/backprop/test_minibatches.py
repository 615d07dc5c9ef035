import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import unchanged

from backprop.minibatches import minibatches

lengths = st.integers(1, 40)


def data(N):
    return np.arange(2.0 * N).reshape(N, 2), np.arange(N)


@given(N=lengths, batch_size=st.integers(1, 50), seed=st.one_of(st.none(), st.integers(0, 9)))
def test_every_example_comes_once_and_with_its_own_target(N, batch_size, seed):
    X, Y = data(N)
    rng = None if seed is None else np.random.default_rng(seed)
    with unchanged(X, Y):
        batches = list(minibatches(X, Y, batch_size, rng=rng))
    assert sorted(y for _, Y_batch in batches for y in Y_batch) == list(range(N))
    for X_batch, Y_batch in batches:
        np.testing.assert_array_equal(X_batch[:, 0], 2 * Y_batch)


@given(N=lengths, batch_size=st.integers(1, 50))
def test_all_minibatches_are_full_but_the_last_one_holds_what_is_left(N, batch_size):
    sizes = [len(X) for X, _ in minibatches(*data(N), batch_size)]
    assert sum(sizes) == N
    assert sizes[:-1] == [batch_size] * (len(sizes) - 1)
    assert 1 <= sizes[-1] <= batch_size


def test_a_ragged_last_minibatch_by_hand():
    batches = list(minibatches(*data(7), 3))
    assert [Y.tolist() for _, Y in batches] == [[0, 1, 2], [3, 4, 5], [6]]


def test_the_order_is_that_of_the_data_without_a_generator_and_random_with_one():
    plain, shuffled = (
        [y for _, Y in minibatches(*data(30), 4, rng=rng) for y in Y]
        for rng in (None, np.random.default_rng(0))
    )
    assert plain == list(range(30))
    assert shuffled != plain


def test_each_epoch_is_shuffled_anew_and_a_seed_repeats_it():
    def epochs(seed):
        rng = np.random.default_rng(seed)
        return [[y for _, Y in minibatches(*data(30), 4, rng=rng) for y in Y] for _ in range(2)]

    first, second = epochs(0)
    assert first != second
    assert epochs(0) == [first, second]


def test_D_batch_and_stochastic_gradient_descent_are_the_two_extremes():
    assert len(list(minibatches(*data(9), 9))) == 1
    assert len(list(minibatches(*data(9), 1))) == 9


def test_a_minibatch_is_a_copy():
    X, Y = data(4)
    X_batch, Y_batch = next(minibatches(X, Y, 4))
    X_batch += 100
    Y_batch += 100
    np.testing.assert_array_equal(X, data(4)[0])
    np.testing.assert_array_equal(Y, data(4)[1])


@pytest.mark.parametrize(
    ("X", "Y", "batch_size", "message"),
    [
        (np.ones((4, 2)), np.ones(5), 2, "X has 4 examples and Y has 5"),
        (np.ones((0, 2)), np.ones(0), 2, "X has 0 examples"),
        (np.ones((4, 2)), np.ones(4), 0, "batch_size is 0, expected a positive integer"),
        (np.ones((4, 2)), np.ones(4), -1, "batch_size is -1"),
        (np.ones((4, 2)), np.ones(4), 1.5, r"batch_size is 1\.5"),
    ],
)
def test_bad_arguments_are_refused_at_the_call(X, Y, batch_size, message):
    with pytest.raises(ValueError, match=message):
        minibatches(X, Y, batch_size)
