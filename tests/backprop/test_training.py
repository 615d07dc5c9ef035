from functools import partial
from statistics import median

import numpy as np
import pytest
from oracles import assert_same

from backprop.datasets import load_digits, train_test_split, two_spirals, xor
from backprop.initializers import glorot_normal, he_normal, zeros
from backprop.minibatches import minibatches
from backprop.networks import (
    Layer,
    accuracy,
    initialize_mlp,
    mlp_forward,
    mlp_loss,
    mlp_loss_and_gradients,
)
from backprop.objectives import ravine, ravine_gradient
from backprop.optimizers import (
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    apply_updates,
    global_norm,
    tree_leaves,
)
from backprop.schedules import cosine_decay
from backprop.training import train, training_step


def small_problem(dtype=np.float64):
    rng = np.random.default_rng(0)
    X, labels = rng.standard_normal((11, 4)).astype(dtype), rng.integers(0, 3, 11)
    return initialize_mlp([4, 5, 3], rng, dtype=dtype), X, labels


class Converted:
    """What NumPy can make an array from, and nothing else."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)


def test_whatever_an_array_can_be_made_from_can_be_trained_on():
    params, X, labels = small_problem()
    how, options = (mlp_loss_and_gradients, GradientDescent()), {"epochs": 2, "batch_size": 4}
    expected, there = train(params, X, labels, *how, **options)
    actual, here = train(params, Converted(X), Converted(labels), *how, **options)
    assert here == there
    for one, other in zip(tree_leaves(actual), tree_leaves(expected), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
def test_digits_are_read_with_a_median_accuracy_of_97_percent_over_five_splits():
    accuracies = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        split = train_test_split(*load_digits(), rng, test_share=0.25)
        epochs, batch_size = 30, 32
        steps = epochs * -(-len(split.train.X) // batch_size)
        params, _ = train(
            initialize_mlp([64, 128, 64, 10], rng, initializer=he_normal),
            *split.train, mlp_loss_and_gradients, Adam(cosine_decay(0.003, steps)),
            epochs=epochs, batch_size=batch_size, rng=rng,
        )  # fmt: skip
        assert len(split.test.X) == 449
        accuracies.append(accuracy(params, *split.test))
    assert median(accuracies) >= 0.97


def test_xor_is_learned_by_two_hidden_layers_of_logistic_units():
    X, Y = xor()
    options = {"loss": "half_squared_error", "activation": "tanh", "output_activation": "logistic"}
    params, history = train(
        initialize_mlp([2, 4, 1], np.random.default_rng(0), initializer=glorot_normal),
        X, Y, partial(mlp_loss_and_gradients, **options), Momentum(0.5), epochs=1500, batch_size=4,
    )  # fmt: skip
    Y_hat, _ = mlp_forward(params, X, activation="tanh", output_activation="logistic")
    assert (np.abs(Y_hat - Y) < 0.1).all()
    assert history.losses[-1] < 0.01 * history.losses[0]


def test_xor_is_not_learned_without_a_hidden_layer():
    X, Y = xor()
    params, _ = train(
        initialize_mlp([2, 1], np.random.default_rng(0)),
        X, Y, partial(mlp_loss_and_gradients, loss="binary_cross_entropy"), Momentum(0.5),
        epochs=500, batch_size=4,
    )  # fmt: skip
    assert mlp_loss(params, X, Y, loss="binary_cross_entropy") == pytest.approx(np.log(2), rel=1e-6)


def test_spirals_are_parted():
    rng = np.random.default_rng(1)
    X, labels = two_spirals(100, rng)
    params, _ = train(
        initialize_mlp([2, 32, 32, 2], rng, initializer=he_normal), X, labels,
        mlp_loss_and_gradients, Adam(0.01), epochs=120, batch_size=50, rng=rng,
    )  # fmt: skip
    assert accuracy(params, X, labels) > 0.98


def test_hidden_units_that_start_equal_stay_equal():
    _, X, labels = small_problem()
    params = initialize_mlp([4, 5, 3], np.random.default_rng(0), initializer=zeros)
    params, _ = train(params, X, labels, mlp_loss_and_gradients, Adam(0.1), epochs=5, batch_size=4)
    assert np.ptp(params[0].W, axis=1).max() == 0
    assert np.ptp(params[1].W, axis=0).max() == 0


@pytest.mark.parametrize("optimizer", [GradientDescent(0.1), Momentum(0.1), Nesterov(0.1), Adam()])
def test_training_is_the_loop_written_out(optimizer):
    params, X, labels = small_problem()
    trained, history = train(
        params, X, labels, mlp_loss_and_gradients, optimizer, epochs=3, batch_size=4,
        rng=np.random.default_rng(7), record_gradient_norms=True,
    )  # fmt: skip
    state, rng, losses, norms = optimizer.init(params), np.random.default_rng(7), [], []
    for _ in range(3):
        for X_batch, Y_batch in minibatches(X, labels, 4, rng=rng):
            point = optimizer.lookahead(params, state)
            loss, gradients = mlp_loss_and_gradients(point, X_batch, Y_batch)
            updates, state = optimizer.update(gradients, state)
            params = apply_updates(params, updates)
            losses.append(loss)
            norms.append(global_norm(gradients))
    for ours, expected in zip(tree_leaves(trained), tree_leaves(params), strict=True):
        np.testing.assert_array_equal(ours, expected)
    assert history.losses == losses
    assert history.gradient_norms == norms


def test_Nesterov_takes_the_gradient_at_the_lookahead_point():
    asked = []

    def loss_and_gradients(theta, X, Y):
        asked.append(theta)
        return ravine(theta), ravine_gradient(theta)

    optimizer, theta = Nesterov(0.01, 0.9), np.array([1.0, 1.0])
    state = optimizer.init(theta)
    first = training_step(theta, state, [], [], loss_and_gradients, optimizer)
    second = training_step(first.params, first.state, [], [], loss_and_gradients, optimizer)
    assert_same(asked[0], theta)
    assert_same(asked[1], first.params + 0.9 * (first.params - theta))
    assert second.loss == ravine(asked[1])


def test_the_loss_of_an_epoch_weighs_the_ragged_minibatch_by_its_length():
    params, X, labels = small_problem()
    frozen = GradientDescent(0.0)
    _, history = train(params, X, labels, mlp_loss_and_gradients, frozen, epochs=1, batch_size=4)
    assert len(history.losses) == 3
    assert history.epochs[0].loss == pytest.approx(mlp_loss(params, X, labels), rel=1e-12)
    assert history.epochs[0].loss != pytest.approx(np.mean(history.losses), rel=1e-6)


def test_the_history_has_a_loss_for_each_step_and_metrics_for_each_epoch():
    params, X, labels = small_problem()
    reports = []
    trained, history = train(
        params, X, labels, mlp_loss_and_gradients, Adam(0.01), epochs=4, batch_size=4,
        metrics={"accuracy": lambda p: accuracy(p, X, labels), "norm": global_norm},
        callback=reports.append,
    )  # fmt: skip
    assert len(history.losses) == 4 * 3
    assert history.gradient_norms == []
    assert [epoch.number for epoch in history.epochs] == [1, 2, 3, 4]
    assert reports == history.epochs
    assert history.epochs[-1].metrics["accuracy"] == accuracy(trained, X, labels)
    assert history.epochs[-1].metrics["norm"] == global_norm(trained)


def test_two_trainings_share_no_history():
    params, X, labels = small_problem()
    options = {"epochs": 1, "batch_size": 11}
    _, first = train(params, X, labels, mlp_loss_and_gradients, Adam(), **options)
    _, second = train(params, X, labels, mlp_loss_and_gradients, Adam(), **options)
    assert len(first.losses) == len(second.losses) == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_training_keeps_the_dtype_and_changes_no_argument(dtype):
    params, X, labels = small_problem(dtype)
    before = [array.copy() for array in (*tree_leaves(params), X, labels)]
    trained, _ = train(
        params, X, labels,
        partial(mlp_loss_and_gradients, l2=0.01), Adam(cosine_decay(0.01, 6)),
        epochs=2, batch_size=4, rng=np.random.default_rng(0),
    )  # fmt: skip
    assert all(leaf.dtype == dtype for leaf in tree_leaves(trained))
    assert all(isinstance(layer, Layer) for layer in trained)
    for array, copy in zip((*tree_leaves(params), X, labels), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_a_seed_repeats_a_training_bit_by_bit():
    params, X, labels = small_problem()
    runs = [
        train(
            params, X, labels, mlp_loss_and_gradients, Adam(), epochs=2, batch_size=4,
            rng=np.random.default_rng(3),
        )[0]
        for _ in range(2)
    ]  # fmt: skip
    for one, other in zip(tree_leaves(runs[0]), tree_leaves(runs[1]), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_training_that_diverges_stops_with_a_message():
    params, X, labels = small_problem()
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="the loss is NaN"):
        train(
            params, X, labels, mlp_loss_and_gradients, GradientDescent(1e200), epochs=9,
            batch_size=4,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epochs": 0}, "epochs is 0"),
        ({"epochs": 1.5}, r"epochs is 1\.5"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"batch_size": 2.5}, r"batch_size is 2\.5"),
    ],
)
def test_numbers_that_cannot_be_are_refused(options, message):
    params, X, labels = small_problem()
    with pytest.raises(ValueError, match=message):
        train(
            params, X, labels, mlp_loss_and_gradients, Adam(),
            **{"epochs": 1, "batch_size": 4, **options},
        )  # fmt: skip


def test_data_of_different_lengths_is_refused():
    params, X, labels = small_problem()
    with pytest.raises(ValueError, match="X has 11 examples and Y has 10"):
        train(params, X, labels[:-1], mlp_loss_and_gradients, Adam(), epochs=1, batch_size=4)
