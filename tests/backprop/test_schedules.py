import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop.optimizers import GradientDescent
from backprop.schedules import (
    constant,
    cosine_decay,
    exponential_decay,
    learning_rate_at,
    step_decay,
    warmup,
)

steps = st.integers(0, 500)
rates = st.floats(1e-4, 10)


@given(value=rates, step=steps)
def test_a_constant_schedule_and_a_number_are_the_same(value, step):
    assert learning_rate_at(constant(value), step) == learning_rate_at(value, step) == value


def test_step_decay_drops_after_every_so_many_steps():
    schedule = step_decay(0.8, 0.5, every=3)
    assert [schedule(t) for t in range(7)] == [0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2]


@given(initial=rates, factor=st.floats(0.5, 1), step=steps)
def test_exponential_decay_multiplies_once_a_step(initial, factor, step):
    schedule = exponential_decay(initial, factor)
    assert schedule(0) == initial
    assert schedule(step + 1) == pytest.approx(factor * schedule(step), rel=1e-9)


def test_cosine_decay_takes_its_known_values():
    schedule = cosine_decay(1.0, 100, final=0.2)
    assert schedule(0) == 1.0
    assert schedule(50) == pytest.approx(0.6)
    assert schedule(100) == pytest.approx(0.2)
    assert schedule(1000) == pytest.approx(0.2)
    assert schedule(25) + schedule(75) == pytest.approx(1.2)


@given(initial=rates, length=st.integers(1, 200))
def test_cosine_decay_never_rises(initial, length):
    values = [cosine_decay(initial, length)(t) for t in range(length + 5)]
    assert (np.diff(values) <= 0).all()
    assert min(values) >= 0


def test_warmup_rises_linearly_and_then_the_schedule_begins():
    schedule = warmup(exponential_decay(0.4, 0.5), 4)
    assert [schedule(t) for t in range(6)] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.4, 0.2])
    assert warmup(0.4, 2)(7) == 0.4


@given(step=steps)
def test_schedules_are_functions_of_the_step_alone(step):
    for schedule in (step_decay(1, 0.9, 5), cosine_decay(1, 50), warmup(cosine_decay(1, 9), 5)):
        assert schedule(step) == schedule(step)


def test_an_optimizer_asks_for_step_0_first_and_then_for_each_step_once():
    asked = []

    def schedule(step):
        asked.append(step)
        return 0.1 * (step + 1)

    optimizer = GradientDescent(schedule)
    asked.clear()  # the constructor has looked at step 0
    state, moves = optimizer.init(0.0), []
    for _ in range(3):
        update, state = optimizer.update(1.0, state)
        moves.append(float(update))
    assert asked == [0, 1, 2]
    assert moves == pytest.approx([-0.1, -0.2, -0.3])


def test_the_learning_rate_is_a_python_float_that_leaves_float32_alone():
    rate = learning_rate_at(cosine_decay(1.0, 10), 3)
    assert type(rate) is float
    assert type(learning_rate_at(np.float32(0.5), 0)) is float


@pytest.mark.parametrize(
    "make",
    [
        lambda: constant(0.0), lambda: constant(-1.0), lambda: step_decay(1.0, -0.5, 2),
        lambda: step_decay(1.0, 0.5, 0), lambda: step_decay(-1.0, 0.5, 2),
        lambda: exponential_decay(0.0, 0.5), lambda: exponential_decay(1.0, np.nan),
        lambda: cosine_decay(1.0, 0), lambda: cosine_decay(1.0, 10, final=-0.1),
        lambda: cosine_decay(np.inf, 10), lambda: warmup(1.0, 0),
    ],
)  # fmt: skip
def test_arguments_out_of_range_are_refused(make):
    with pytest.raises(ValueError, match="expected"):
        make()


def test_a_schedule_that_turns_negative_is_refused_when_it_does():
    optimizer = GradientDescent(lambda step: 0.1 - step)
    _, state = optimizer.update(1.0, optimizer.init(0.0))
    with pytest.raises(ValueError, match=r"learning_rate is -0.9"):
        optimizer.update(1.0, state)
