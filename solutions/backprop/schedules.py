"""Learning-rate schedules: pure functions of the number of steps taken so far."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from backprop.validation import check_between, check_positive

__all__ = [
    "LearningRate",
    "Schedule",
    "constant",
    "cosine_decay",
    "exponential_decay",
    "learning_rate_at",
    "step_decay",
    "warmup",
]

Schedule = Callable[[int], float]
"""``step -> learning rate``; the first update of training asks for step 0."""

LearningRate = float | Schedule
"""Every optimizer takes either."""


def learning_rate_at(learning_rate: LearningRate, step: int) -> float:
    """Learning rate of one step, from a number or from a schedule.

    Parameters
    ----------
    learning_rate : float or Schedule, >= 0
        A number for all steps, or a function of the step.
    step : int, >= 0
        Number of updates made before this one.

    Returns
    -------
    float
        A Python float, so that float32 parameters stay float32.

    Raises
    ------
    ValueError
        If the learning rate is negative, infinite or NaN.
    """
    value = learning_rate(step) if callable(learning_rate) else learning_rate
    check_between(0, np.inf, learning_rate=value)
    return float(value)


def constant(value: float) -> Schedule:
    """Keep one learning rate for all steps.

    Parameters
    ----------
    value : float, > 0
        The learning rate.

    Returns
    -------
    Schedule

    Raises
    ------
    ValueError
        If the value is not positive.

    Examples
    --------
    >>> constant(0.1)(1000)
    0.1
    """
    check_positive(value=value)
    return lambda step: value


def step_decay(initial: float, factor: float, every: int) -> Schedule:
    r"""Multiply the learning rate by a factor after every so many steps.

    Parameters
    ----------
    initial : float, > 0
        Learning rate of step 0.
    factor : float, > 0
        Below 1 to decay.
    every : int, >= 1
        Number of steps between two drops.

    Returns
    -------
    Schedule

    Raises
    ------
    ValueError
        If an argument is not positive.

    Notes
    -----
    .. math:: \eta_t = \eta_0\, f^{\lfloor t / \text{every} \rfloor}

    Examples
    --------
    >>> schedule = step_decay(1.0, factor=0.1, every=100)
    >>> [round(schedule(step), 3) for step in (0, 99, 100, 200)]
    [1.0, 1.0, 0.1, 0.01]
    """
    check_positive(initial=initial, factor=factor, every=every)
    return lambda step: initial * factor ** (step // every)


def exponential_decay(initial: float, factor: float) -> Schedule:
    r"""Multiply the learning rate by a factor after every step.

    Parameters
    ----------
    initial : float, > 0
        Learning rate of step 0.
    factor : float, > 0
        Below 1 to decay.

    Returns
    -------
    Schedule

    Raises
    ------
    ValueError
        If an argument is not positive.

    Notes
    -----
    .. math:: \eta_t = \eta_0\, f^t

    Examples
    --------
    >>> schedule = exponential_decay(1.0, factor=0.5)
    >>> [schedule(step) for step in (0, 1, 2)]
    [1.0, 0.5, 0.25]
    """
    check_positive(initial=initial, factor=factor)
    return lambda step: initial * factor**step


def cosine_decay(initial: float, steps: int, *, final: float = 0.0) -> Schedule:
    r"""Lower the learning rate along half a period of the cosine.

    Parameters
    ----------
    initial : float, > 0
        Learning rate of step 0.
    steps : int, >= 1
        Step at which ``final`` is reached; it is kept from there on.
    final : float, >= 0
        Last learning rate.

    Returns
    -------
    Schedule

    Raises
    ------
    ValueError
        If ``initial`` or ``steps`` is not positive, or ``final`` is negative.

    Notes
    -----
    .. math::
        \eta_t = \eta_T + \tfrac12 (\eta_0 - \eta_T) \left(1 + \cos\frac{\pi t}{T}\right)

    References
    ----------
    Loshchilov and Hutter 2017, one period without restarts.

    Examples
    --------
    >>> schedule = cosine_decay(1.0, steps=100)
    >>> [round(float(schedule(step)), 3) for step in (0, 25, 50, 100, 200)]
    [1.0, 0.854, 0.5, 0.0, 0.0]
    """
    check_positive(initial=initial, steps=steps)
    check_between(0, np.inf, final=final)

    def schedule(step: int) -> float:
        progress = min(step, steps) / steps
        return final + 0.5 * (initial - final) * (1 + np.cos(np.pi * progress))

    return schedule


def warmup(schedule: LearningRate, steps: int) -> Schedule:
    r"""Raise the learning rate linearly before a schedule begins.

    Parameters
    ----------
    schedule : float or Schedule
        What follows; its step 0 comes after the warm-up.
    steps : int, >= 1
        Length of the warm-up.

    Returns
    -------
    Schedule

    Raises
    ------
    ValueError
        If ``steps`` is not positive.

    Notes
    -----
    .. math:: \eta_t = \frac{t + 1}{T}\, \eta^{\text{schedule}}_0 \quad (t < T), \qquad
              \eta_t = \eta^{\text{schedule}}_{t - T} \quad (t \ge T)

    The first step is not lost to a learning rate of 0.

    Examples
    --------
    >>> schedule = warmup(exponential_decay(1.0, factor=0.5), steps=4)
    >>> [schedule(step) for step in range(6)]
    [0.25, 0.5, 0.75, 1.0, 1.0, 0.5]
    """
    check_positive(steps=steps)

    def warmed_up(step: int) -> float:
        if step < steps:
            return learning_rate_at(schedule, 0) * (step + 1) / steps
        return learning_rate_at(schedule, step - steps)

    return warmed_up
