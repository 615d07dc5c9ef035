import inspect
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import assert_same

from backprop import optimizers
from backprop.objectives import Quadratic, ravine_gradient, rosenbrock, rosenbrock_gradient
from backprop.optimizers import (
    Adagrad,
    Adam,
    GradientDescent,
    Momentum,
    Nadam,
    Nesterov,
    Optimizer,
    RMSprop,
    apply_updates,
    global_norm,
    tree_leaves,
    tree_map,
)

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "golden/trajectories.json").read_text(encoding="utf-8")
)
BOOK = Path(__file__).parents[2] / "book"
REFERENCES, GLOSSARY, PAGES = BOOK / "references.bib", BOOK / "glossary.md", BOOK / "optimizers"
KINDS = [
    thing
    for thing in vars(optimizers).values()
    if inspect.isclass(thing) and issubclass(thing, Optimizer) and thing is not Optimizer
]
"""Every optimizer that the package offers: a new one is tested as soon as it is there."""
EVERY_OPTIMIZER = [
    kind(**choice)
    for kind in KINDS
    for choice in [{"variant": variant} for variant in kind.variants] or [{}]
]
WITH_MEMORY = [optimizer for optimizer in EVERY_OPTIMIZER if len(optimizer.init(0.0)) > 1]
SGD, ADAPTIVE = {"momentum": 0.9}, {"eps": 1e-3}


def named(optimizer):
    return f"{type(optimizer).__name__}-{getattr(optimizer, 'variant', '')}"


def every_optimizer(test):
    return pytest.mark.parametrize("optimizer", EVERY_OPTIMIZER, ids=named)(test)


def dropping(initial):
    return lambda step: initial if step < GOLDEN["drop_at"] else initial / 10


def trajectory(optimizer, start, gradients):
    params, state = np.array(start), optimizer.init(np.array(start))
    for gradient in gradients:
        updates, state = optimizer.update(np.array(gradient), state)
        params = apply_updates(params, updates)
        yield params


def descend(optimizer, gradient, params, steps):
    state = optimizer.init(params)
    for _ in range(steps):
        grads = gradient(optimizer.lookahead(params, state))
        updates, state = optimizer.update(grads, state)
        params = apply_updates(params, updates)
    return params


def first_step(optimizer, gradient=1.0):
    return float(optimizer.update(gradient, optimizer.init(0.0))[0])


TRAJECTORIES = [
    ("torch SGD", GradientDescent(dropping(0.1))),
    ("torch SGD momentum", Momentum(dropping(0.1), variant="framework", **SGD)),
    ("optax sgd momentum", Momentum(dropping(0.1), variant="framework", **SGD)),
    ("keras SGD momentum", Momentum(dropping(0.1), **SGD)),
    ("optax averaged momentum", Momentum(dropping(0.1), variant="average", **SGD)),
    ("torch SGD nesterov", Nesterov(dropping(0.1), variant="pytorch", **SGD)),
    ("optax sgd nesterov", Nesterov(dropping(0.1), variant="pytorch", **SGD)),
    ("keras SGD nesterov", Nesterov(dropping(0.1), variant="lookahead_iterate", **SGD)),
    ("torch Adagrad", Adagrad(dropping(0.1), **ADAPTIVE)),
    ("keras Adagrad", Adagrad(dropping(0.1), 1e-3, 0.1, variant="eps_inside")),
    ("optax adagrad", Adagrad(dropping(0.1), 1e-3, 0.1, variant="eps_inside")),
    ("torch RMSprop", RMSprop(dropping(0.01), **ADAPTIVE)),
    ("keras RMSprop", RMSprop(dropping(0.01), variant="eps_inside", **ADAPTIVE)),
    ("optax rmsprop", RMSprop(dropping(0.01), variant="eps_inside", **ADAPTIVE)),
    ("torch Adam", Adam(dropping(0.01), **ADAPTIVE)),
    ("optax adam", Adam(dropping(0.01), **ADAPTIVE)),
    ("keras Adam", Adam(dropping(0.01), variant="eps_hat", **ADAPTIVE)),
    ("torch NAdam", Nadam(dropping(0.01), variant="pytorch", **ADAPTIVE)),
    ("keras Nadam", Nadam(dropping(0.01), variant="keras", **ADAPTIVE)),
    ("optax nadam", Nadam(dropping(0.01), **ADAPTIVE)),
]
"""Of the frameworks, and the optimizer that makes the same."""


@pytest.mark.parametrize(("name", "optimizer"), TRAJECTORIES)
def test_the_trajectory_is_that_of_the_framework(name, optimizer):
    golden = np.array(GOLDEN["trajectories"][name])
    ours = np.array(list(trajectory(optimizer, GOLDEN["start"], GOLDEN["gradients"])))
    start = np.array(GOLDEN["start"])
    assert ours.shape == golden.shape
    # Distances travelled, not positions: the smallest parameter travels 1e-6.
    np.testing.assert_allclose(ours - start, golden - start, rtol=1e-6, atol=1e-13)


def test_every_golden_trajectory_differs_from_every_other_formula():
    ends = [
        np.array(GOLDEN["trajectories"][name][-1])
        for name in ("torch Adam", "keras Adam", "torch NAdam", "keras Nadam", "optax nadam")
    ]
    for i, one in enumerate(ends):
        for other in ends[:i]:
            assert np.abs(one / other - 1)[1:3].max() > 1e-5


FIRST_STEPS = [
    (GradientDescent(1.0), 1.0),
    (Momentum(1.0), 1.0),
    (Momentum(1.0, variant="average"), 0.1),
    (Nesterov(1.0), 1.0),
    (Nesterov(1.0, variant="lookahead_iterate"), 1.9),
    (Nesterov(1.0, variant="pytorch"), 1.9),
    (Adagrad(1.0, eps=1e-30), 1.0),
    (RMSprop(1.0, eps=1e-30), 3.162),
    (Adam(1.0, eps=1e-30), 1.0),
    (Adam(1.0, eps=1e-30, variant="no_bias_correction"), 3.162),
    (Nadam(1.0, eps=1e-30), 1.474),
    (Nadam(1.0, eps=1e-30, variant="ruder"), 1.900),
    (Nadam(1.0, eps=1e-30, variant="dozat"), 1.310),
    (Nadam(1.0, eps=1e-30, variant="dozat", momentum_decay=1.0), 1.334),
    (Nadam(1.0, eps=1e-30, variant="keras"), 1.063),
    (Nadam(1.0, eps=1e-30, variant="pytorch"), 1.056),
]
"""Lengths of the first step, in units of the learning rate: fingerprints of the formulas."""


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    FIRST_STEPS,
    ids=lambda value: named(value) if not isinstance(value, float) else str(value),
)
def test_the_first_step_has_its_known_length(optimizer, expected):
    assert first_step(optimizer) == pytest.approx(-expected, abs=5e-4)


def test_Adam_with_a_step_count_one_too_large_starts_with_0744_of_the_learning_rate():
    optimizer = Adam(1.0, eps=1e-30)
    late = optimizer.init(0.0)._replace(step=1)
    assert float(optimizer.update(1.0, late)[0]) == pytest.approx(-0.744, abs=5e-4)


def test_a_misplaced_epsilon_shows_where_gradients_are_tiny():
    outside = RMSprop(1.0, eps=1e-8)
    inside = RMSprop(1.0, eps=1e-8, variant="eps_inside")
    assert first_step(outside, 1e-6) == pytest.approx(-3.07, abs=5e-3)
    assert first_step(inside, 1e-6) == pytest.approx(-0.01, abs=5e-4)


def test_the_two_forms_of_momentum_agree_while_the_learning_rate_is_constant():
    gradients = np.random.default_rng(0).standard_normal((20, 3))
    ours = list(trajectory(Momentum(0.1), np.ones(3), gradients))
    theirs = list(trajectory(Momentum(0.1, variant="framework"), np.ones(3), gradients))
    assert_same(np.array(ours), np.array(theirs))


@pytest.mark.parametrize(("variant", "expected"), [("classical", 9.1), ("framework", 1.0)])
def test_the_two_forms_of_momentum_part_when_the_learning_rate_drops(variant, expected):
    steps, eta = 400, 1.0
    optimizer = Momentum(lambda t: eta if t < steps else eta / 10, 0.9, variant)
    state = optimizer.init(0.0)
    for _ in range(steps + 1):
        update, state = optimizer.update(1.0, state)
    assert float(update) == pytest.approx(-expected * eta, rel=1e-6)


def test_D_momentum_rule_holds_for_all_four_kinds_of_parameters():
    rng = np.random.default_rng(1)
    shapes = {"w_ij": (3, 2), "b_i": (3,), "w_jk": (2, 4), "b_j": (2,)}
    old, new = ({k: rng.standard_normal(s) for k, s in shapes.items()} for _ in range(2))
    eta, alpha = 0.3, 0.8
    optimizer = Momentum(eta, alpha)
    before, state = optimizer.update(old, optimizer.init(old))
    after, _ = optimizer.update(new, state)
    for key in shapes:
        for index in np.ndindex(shapes[key]):  # the rule as printed, entry by entry
            change = -eta * new[key][index] + alpha * before[key][index]
            assert after[key][index] == pytest.approx(change, rel=1e-12)


def test_D_12_momentum_of_one_is_refused_because_it_never_damps():
    with pytest.raises(ValueError, match="momentum is 1"):
        Momentum(0.1, momentum=1.0)


def test_D_12_momentum_of_one_keeps_the_energy_while_less_than_one_loses_it():
    # The rule written out, since the class refuses α = 1: f = θ²/2, η = 0.01.
    def amplitude(alpha):
        theta, change, late = 1.0, 0.0, []
        for step in range(4000):
            change = alpha * change - 0.01 * theta
            theta += change
            late += [abs(theta)] if step >= 3900 else []
        return max(late)

    assert amplitude(1.0) > 0.9
    assert amplitude(0.9) < 1e-6


def test_D_11_a_learning_rate_between_0_and_1_is_neither_necessary_nor_sufficient():
    steep = Quadratic([3.0])
    flat = Quadratic([0.01])
    inside = descend(GradientDescent(0.9), steep.gradient, np.ones(1), 50)
    outside = descend(GradientDescent(50.0), flat.gradient, np.ones(1), 50)
    assert abs(inside[0]) == pytest.approx(abs(1 - 2.7) ** 50)
    assert abs(inside[0]) > 1e11
    assert abs(outside[0]) < 1e-14


@given(largest=st.floats(0.1, 10), share=st.floats(0.05, 0.95))
def test_gradient_descent_converges_below_two_over_the_largest_eigenvalue(largest, share):
    objective = Quadratic([largest / 3, largest])
    end = descend(GradientDescent(share * 2 / largest), objective.gradient, np.ones(2), 600)
    assert np.abs(end).max() < 1e-6


@given(largest=st.floats(0.1, 10), excess=st.floats(1.05, 2))
def test_gradient_descent_diverges_above_two_over_the_largest_eigenvalue(largest, excess):
    objective = Quadratic([largest / 3, largest])
    end = descend(GradientDescent(excess * 2 / largest), objective.gradient, np.ones(2), 200)
    assert abs(end[1]) > 1e6


def test_at_the_bound_gradient_descent_oscillates_for_ever():
    end = descend(GradientDescent(2 / 4.0), Quadratic([4.0]).gradient, np.ones(1), 101)
    assert end[0] == -1.0


@pytest.mark.parametrize(("share", "converges"), [(0.98, True), (1.02, False)])
def test_momentum_converges_below_two_times_one_plus_alpha_over_the_largest_eigenvalue(
    share, converges
):
    alpha, largest = 0.5, 4.0
    optimizer = Momentum(share * 2 * (1 + alpha) / largest, alpha)
    end = descend(optimizer, Quadratic([1.0, largest]).gradient, np.ones(2), 2000)
    assert (np.abs(end).max() < 1e-3) == converges


def test_the_lookahead_iterates_are_the_lookahead_points_of_Sutskever():
    sutskever, iterate = Nesterov(0.02), Nesterov(0.02, variant="lookahead_iterate")
    pytorch = Nesterov(0.02, variant="pytorch")
    theta = np.array([1.0, -2.0])
    states = [optimizer.init(theta) for optimizer in (sutskever, iterate, pytorch)]
    points, there = [theta, theta], theta
    for _ in range(15):
        ahead = sutskever.lookahead(there, states[0])
        assert_same(points[0], ahead, rtol=1e-9)
        assert_same(points[1], ahead, rtol=1e-9)
        updates, states[0] = sutskever.update(ravine_gradient(ahead), states[0])
        there = apply_updates(there, updates)
        for i, optimizer in enumerate((iterate, pytorch)):
            updates, states[i + 1] = optimizer.update(ravine_gradient(points[i]), states[i + 1])
            points[i] = apply_updates(points[i], updates)


def test_Nesterov_damps_a_ravine_that_makes_momentum_oscillate():
    start = np.array([5.0, 1.0])
    momentum = descend(Momentum(0.04), ravine_gradient, start, 60)
    nesterov = descend(Nesterov(0.04), ravine_gradient, start, 60)
    assert abs(nesterov[1]) < abs(momentum[1]) / 10


def test_the_eps_hat_form_is_algorithm_1_with_another_epsilon_at_each_step():
    gradients = 1e-3 * np.random.default_rng(2).standard_normal((5, 3))
    plain = Adam(0.1, eps=1e-3)
    state = plain.init(np.zeros(3))
    for t, gradient in enumerate(gradients, start=1):
        hat = Adam(0.1, eps=1e-3 * np.sqrt(1 - 0.999**t), variant="eps_hat")
        expected, _ = hat.update(gradient, state)
        actual, state = plain.update(gradient, state)
        assert_same(actual, expected)


@given(scale=st.floats(1e-3, 1e3))
def test_Adam_does_not_see_the_scale_of_the_gradients(scale):
    gradients = np.random.default_rng(3).standard_normal((6, 4))
    small = np.array(list(trajectory(Adam(eps=1e-30), np.zeros(4), gradients)))
    large = np.array(list(trajectory(Adam(eps=1e-30), np.zeros(4), scale * gradients)))
    assert_same(small, large, rtol=1e-9)


@pytest.mark.parametrize(
    ("optimizer", "length"),
    [
        (Adam(1.0, eps=1e-30), lambda t: 1.0),
        (
            Adam(1.0, eps=1e-30, variant="no_bias_correction"),
            lambda t: (1 - 0.9**t) / np.sqrt(1 - 0.999**t),
        ),
        (
            Nadam(1.0, eps=1e-30),
            lambda t: 0.9 * (1 - 0.9**t) / (1 - 0.9 ** (t + 1)) + 0.1 / (1 - 0.9**t),
        ),
        (Nadam(1.0, eps=1e-30, variant="ruder"), lambda t: 0.9 + 0.1 / (1 - 0.9**t)),
        (RMSprop(1.0, eps=1e-30), lambda t: 1 / np.sqrt(1 - 0.9**t)),
        (Momentum(1.0), lambda t: (1 - 0.9**t) / 0.1),
        (Momentum(1.0, variant="average"), lambda t: 1 - 0.9**t),
    ],
    ids=lambda value: named(value) if hasattr(value, "variant") else "",
)
def test_under_a_constant_gradient_every_step_has_its_closed_form(optimizer, length):
    state = optimizer.init(0.0)
    for t in range(1, 30):
        update, state = optimizer.update(2.0 if isinstance(optimizer, Adam) else 1.0, state)
        assert float(update) == pytest.approx(-length(t), rel=1e-9)


@pytest.mark.parametrize(("decay", "beta1"), [(0.0, 0.45), (1e4, 0.9)])
def test_Dozats_schedule_begins_at_half_of_beta1_and_ends_at_beta1(decay, beta1):
    gradients = np.random.default_rng(8).standard_normal((12, 3))
    dozat = Nadam(0.1, 0.9, eps=1e-3, variant="dozat", momentum_decay=decay)
    limit = Nadam(0.1, beta1, eps=1e-3)
    ours, expected = (np.array(list(trajectory(o, np.zeros(3), gradients))) for o in (dozat, limit))
    assert_same(ours, expected)


DEFAULTS = [
    GradientDescent(0.1),
    Momentum(0.01, 0.9, "classical"),
    Nesterov(0.01, 0.9, "sutskever"),
    Adagrad(0.01, 1e-8, 0.0, "eps_outside"),
    RMSprop(0.001, 0.9, 1e-8, "eps_outside"),
    Adam(0.001, 0.9, 0.999, 1e-8, "algorithm1"),
    Nadam(0.001, 0.9, 0.999, 1e-8, "constant", None),
]


@pytest.mark.parametrize("usual", DEFAULTS, ids=named)
def test_the_defaults_are_the_usual_ones(usual):
    assert type(usual)() == usual


def test_Adagrad_steps_shrink_with_the_root_of_the_number_of_steps():
    positions = np.array(list(trajectory(Adagrad(1.0, eps=1e-30), np.zeros(1), np.ones((50, 1)))))
    lengths = -np.diff(positions[:, 0], prepend=0.0)
    assert_same(lengths, 1 / np.sqrt(np.arange(1, 51)))


DOWN_THE_BANANA = [
    GradientDescent(0.001), Momentum(0.0005), Nesterov(0.0005), Adagrad(0.5),
    RMSprop(0.002), Adam(0.02), Nadam(0.02),
    Nesterov(0.0005, variant="pytorch"), Adam(0.02, variant="eps_hat"),
]  # fmt: skip


@pytest.mark.parametrize("optimizer", DOWN_THE_BANANA, ids=named)
def test_every_optimizer_goes_down_the_banana_of_Rosenbrock(optimizer):
    start = np.array([-1.2, 1.0])
    end = descend(optimizer, rosenbrock_gradient, start, 3000)
    assert rosenbrock(end) < 0.05 * rosenbrock(start)


class Pair(NamedTuple):
    W: np.ndarray
    b: np.ndarray


TREES = {
    "array": lambda rng: rng.standard_normal((3, 2)),
    "list": lambda rng: [rng.standard_normal((3, 2)), rng.standard_normal(2)],
    "tuple": lambda rng: (rng.standard_normal(1),),
    "named tuple": lambda rng: Pair(rng.standard_normal((3, 2)), rng.standard_normal(2)),
    "dict": lambda rng: {"W": rng.standard_normal((3, 2)), "b": rng.standard_normal(2)},
    "nested": lambda rng: [Pair(rng.standard_normal((2, 2)), rng.standard_normal(2)), {"c": 1.5}],
}


def flat(tree):
    return np.concatenate([np.ravel(leaf) for leaf in tree_leaves(tree)])


@every_optimizer
@pytest.mark.parametrize("kind", TREES)
def test_a_tree_is_trained_as_one_long_vector_would_be(optimizer, kind):
    rng = np.random.default_rng(4)
    params, grads = TREES[kind](rng), [TREES[kind](rng) for _ in range(4)]
    state = optimizer.init(params)
    vector, vector_state = flat(params), optimizer.init(flat(params))
    for gradient in grads:
        updates, state = optimizer.update(gradient, state)
        expected, vector_state = optimizer.update(flat(gradient), vector_state)
        assert type(updates) is type(gradient) or kind == "array"
        assert_same(flat(updates), expected)
        params = apply_updates(params, updates)
        vector = apply_updates(vector, expected)
    assert_same(flat(params), vector)


@every_optimizer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_is_kept(optimizer, dtype):
    params = {"W": np.ones((2, 3), dtype), "b": np.ones(3, dtype)}
    updates, state = optimizer.update(params, optimizer.init(params))
    updates, state = optimizer.update(params, state)
    for leaf in tree_leaves((updates, state[1:2], apply_updates(params, updates))):
        assert leaf.dtype == dtype


@every_optimizer
def test_a_schedule_keeps_float32_although_it_returns_float64(optimizer):
    params = np.ones(3, np.float32)
    scheduled = type(optimizer)(lambda step: np.float64(0.1))
    assert scheduled.update(params, scheduled.init(params))[0].dtype == np.float32


@every_optimizer
def test_hyperparameters_that_are_numpy_numbers_keep_float32(optimizer):
    params = np.ones(3, np.float32)
    optimizer = replaced(optimizer, dict.fromkeys(numbers(optimizer), np.float64(0.5)))
    state = optimizer.init(params)
    for _ in range(2):
        updates, state = optimizer.update(params, state)
    for leaf in tree_leaves((updates, state[1:2], optimizer.lookahead(params, state))):
        assert leaf.dtype == np.float32


def numbers(optimizer):
    """Hyperparameters that are numbers."""
    return [field.name for field in fields(optimizer) if field.name != "variant"]


def replaced(optimizer, hyperparameters):
    variant = {"variant": optimizer.variant} if optimizer.variants else {}
    return type(optimizer)(**hyperparameters, **variant)


@every_optimizer
def test_integer_parameters_become_float64(optimizer):
    updates, _ = optimizer.update([3, 4], optimizer.init([1, 2]))
    assert_same(flat(updates), flat(optimizer.update([3.0, 4.0], optimizer.init([1.0, 2.0]))[0]))
    assert apply_updates(np.array([1, 2]), np.array([0.5, 0.5])).tolist() == [1.5, 2.5]


@every_optimizer
def test_nothing_is_changed_in_place_and_nothing_is_shared(optimizer):
    rng = np.random.default_rng(5)
    same = rng.standard_normal((2, 2))
    params, grads = [same, same], [rng.standard_normal((2, 2)) for _ in range(2)]
    state = optimizer.init(params)
    leaves = [leaf for leaf in tree_leaves(state) if leaf.ndim]
    copies = [leaf.copy() for leaf in (*leaves, *params, *grads)]
    updates, after = optimizer.update(grads, state)
    new = [leaf for leaf in tree_leaves((updates, after)) if leaf.ndim]
    everything = [*leaves, *new, *grads, same]
    for i, one in enumerate(everything):
        assert not any(np.shares_memory(one, other) for other in everything[:i])
    for leaf, copy in zip((*leaves, *params, *grads), copies, strict=True):
        np.testing.assert_array_equal(leaf, copy)


@every_optimizer
def test_the_same_call_twice_gives_the_same_answer(optimizer):
    grads = np.array([1.0, -2.0])
    _, state = optimizer.update(grads, optimizer.init(grads))
    first, second = optimizer.update(grads, state), optimizer.update(grads, state)
    assert_same(first[0], second[0])
    assert first[1][0] == second[1][0] == 2


@every_optimizer
def test_two_parameters_with_equal_histories_move_alike(optimizer):
    params, state = [np.zeros(2), np.zeros(2)], optimizer.init([np.zeros(2), np.zeros(2)])
    for step in range(3):
        gradient = np.array([1.0, -step])
        updates, state = optimizer.update([gradient, gradient], state)
        params = apply_updates(params, updates)
    assert_same(params[0], params[1])


@every_optimizer
def test_a_zero_gradient_at_the_start_moves_nothing(optimizer):
    updates, _ = optimizer.update(np.zeros(3), optimizer.init(np.zeros(3)))
    np.testing.assert_array_equal(updates, np.zeros(3))


@every_optimizer
def test_only_Sutskever_looks_ahead(optimizer):
    params = np.ones(2)
    _, state = optimizer.update(np.ones(2), optimizer.init(params))
    moved = not np.array_equal(optimizer.lookahead(params, state), params)
    assert moved == (isinstance(optimizer, Nesterov) and optimizer.variant == "sutskever")


@every_optimizer
@pytest.mark.parametrize("learning_rate", [-0.1, np.nan, np.inf])
def test_a_learning_rate_out_of_range_is_refused(optimizer, learning_rate):
    with pytest.raises(ValueError, match="learning_rate is"):
        type(optimizer)(learning_rate)
    with pytest.raises(ValueError, match="learning_rate is"):
        type(optimizer)(lambda step: learning_rate)


@every_optimizer
def test_hyperparameters_are_frozen(optimizer):
    with pytest.raises(AttributeError):
        optimizer.learning_rate = 1.0


OUT_OF_RANGE = [
    (Momentum, {"momentum": -0.1}, "momentum is -0.1"),
    (Momentum, {"variant": "heavy"}, "variant is 'heavy', expected one of classical"),
    (Nesterov, {"momentum": 1.0}, "momentum is 1"),
    (Nesterov, {"variant": "heavy"}, "variant is 'heavy'"),
    (Adagrad, {"eps": 0.0}, "eps is 0"),
    (Adagrad, {"initial_accumulator": -1.0}, "initial_accumulator is -1"),
    (RMSprop, {"decay": 1.0}, "decay is 1"),
    (RMSprop, {"eps": -1e-8}, "eps is -1e-08"),
    (Adam, {"beta1": 1.0}, "beta1 is 1"),
    (Adam, {"beta2": -0.5}, "beta2 is -0.5"),
    (Adam, {"eps": 0.0}, "eps is 0"),
    (Adam, {"variant": "amsgrad"}, "variant is 'amsgrad'"),
    (Nadam, {"beta2": 1.5}, "beta2 is 1.5"),
    (Nadam, {"eps": np.nan}, "eps is nan"),
    (Nadam, {"momentum_decay": -1.0}, "momentum_decay is -1"),
]


@pytest.mark.parametrize(("kind", "options", "message"), OUT_OF_RANGE)
def test_a_hyperparameter_out_of_range_is_refused(kind, options, message):
    with pytest.raises(ValueError, match=message):
        kind(0.1, **options)


@every_optimizer
def test_a_hyperparameter_that_is_no_number_is_refused_by_its_name(optimizer):
    for name in numbers(optimizer):
        with pytest.raises(ValueError, match=f"^{name} is nan"):
            replaced(optimizer, {name: np.nan})


@every_optimizer
def test_a_few_steps_make_a_convex_function_smaller(optimizer):
    objective, start = Quadratic([1.0, 2.0]), np.array([1.0, -1.0])
    assert objective(descend(optimizer, objective.gradient, start, 20)) < objective(start)


@pytest.mark.parametrize("optimizer", WITH_MEMORY, ids=named)
def test_gradients_of_another_shape_are_refused(optimizer):
    state = optimizer.init({"W": np.ones((3, 1))})
    with pytest.raises(
        ValueError, match=r"\['W'\] has shape \(3, 1\).*\(1, 3\)|\(1, 3\).*\(3, 1\)"
    ):
        optimizer.update({"W": np.ones((1, 3))}, state)


def test_a_column_minus_a_row_is_refused_and_not_broadcast():
    with pytest.raises(ValueError, match=r"\(3, 1\) in the first tree and \(1, 3\)"):
        apply_updates(np.ones((3, 1)), np.ones((1, 3)))


@pytest.mark.parametrize(
    ("one", "other"),
    [({"a": 1.0}, [1.0]), ([1.0, 2.0], [1.0]), ({"a": 1.0}, {"b": 1.0}), ([1.0], 1.0)],
)
def test_trees_of_different_structure_are_refused(one, other):
    with pytest.raises(ValueError, match=r"equal structure|equal shapes"):
        tree_map(np.add, one, other)


def test_leaves_that_are_not_numbers_are_refused():
    with pytest.raises(ValueError, match=r"\['a'\] has dtype"):
        tree_map(np.add, {"a": "text"}, {"a": 1.0})


def test_dicts_are_matched_by_key_and_not_by_order():
    assert tree_map(np.subtract, {"a": 3.0, "b": 1.0}, {"b": 1.0, "a": 1.0}) == {"a": 2.0, "b": 0.0}


def test_the_global_norm_is_that_of_one_long_vector():
    tree = TREES["nested"](np.random.default_rng(6))
    assert global_norm(tree) == pytest.approx(np.linalg.norm(flat(tree)), rel=1e-12)


# ---- what a newcomer is asked for

LISTS = {
    "TRAJECTORIES": {type(optimizer) for _, optimizer in TRAJECTORIES},
    "FIRST_STEPS": {type(optimizer) for optimizer, _ in FIRST_STEPS},
    "DEFAULTS": set(map(type, DEFAULTS)),
    "DOWN_THE_BANANA": set(map(type, DOWN_THE_BANANA)),
    "OUT_OF_RANGE": {kind for kind, _, _ in OUT_OF_RANGE},
}
LEFT_OUT = {
    ("OUT_OF_RANGE", GradientDescent): "it has a learning rate only, which is tried with all",
}
"""A list, an optimizer that is not in it, and why."""


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_every_optimizer_or_says_why_not(name):
    missing = set(KINDS) - LISTS[name]
    left_out = {kind for where, kind in LEFT_OUT if where == name}
    assert left_out <= missing, f"{name} has what LEFT_OUT leaves out; take it out there"
    names = ", ".join(sorted(kind.__name__ for kind in missing - left_out))
    assert not names, f"add {names} to {name} of this file, or to LEFT_OUT with a reason"


def test_every_golden_trajectory_is_compared():
    assert [name for name, _ in TRAJECTORIES] == list(dict.fromkeys(n for n, _ in TRAJECTORIES))
    assert {name for name, _ in TRAJECTORIES} == set(GOLDEN["trajectories"])


@pytest.mark.parametrize("kind", KINDS)
def test_an_optimizer_is_offered_and_shows_its_formula_and_an_example(kind):
    assert kind.__name__ in optimizers.__all__
    assert ".. math::" in inspect.getdoc(kind)
    assert f">>> optimizer = {kind.__name__}(" in inspect.getdoc(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_an_optimizer_names_its_source_which_is_in_the_bibliography(kind):
    references = inspect.getdoc(kind).partition("References\n----------\n")[2].partition("\n\n")[0]
    papers = re.findall(r"\b([A-Z]\w+)(?: and [A-Z]\w+| et al\.)? (\d{4})", references)
    letters = re.findall(r"\b[DBLCP]\b", references)
    assert papers or letters, "cite where it comes from: a paper, as in Duchi et al. 2011"
    known = re.findall(r"^@\w+\{(\w+),", REFERENCES.read_text(encoding="utf-8"), re.M)
    missing = [f"{name} {year}" for name, year in papers if f"{name.lower()}{year}" not in known]
    assert not missing, f"{missing} must be in book/references.bib"


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_the_book_computes_with_an_optimizer_and_the_glossary_has_it(kind):
    pages = "\n".join(path.read_text(encoding="utf-8") for path in PAGES.glob("*.md"))
    assert re.search(rf"\b{kind.__name__}\(", pages), "show a step of it, computed, in a cell"
    terms = re.findall(r"^\S.*$", GLOSSARY.read_text(encoding="utf-8"), re.M)
    name = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", kind.__name__).casefold()
    assert any(name in term.casefold() for term in terms), f"{GLOSSARY.name} lacks {name}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_methods_of_an_optimizer_have_a_text_if_only_that_of_the_base_class(kind):
    for method in ("init", "lookahead", "update"):
        assert "Parameters\n----------" in inspect.getdoc(getattr(kind, method))
