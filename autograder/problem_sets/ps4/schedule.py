"""A learning rate that warms up and comes down along a cosine."""

import math

import numpy as np

from backprop import schedules
from coursekit.authoring.exercises import Cases, Exercise

from .equivalence import COMMUTES
from .pages import SCHEDULES


def cosine_learning_rate(step: int, warmup: int, steps: int, peak: float) -> float:
    r"""Learning rate of a step: a linear warm-up, then half a period of the cosine down to 0.

    Parameters
    ----------
    step : int, >= 0
        Number of updates made before this one.
    warmup : int, >= 1
        Number of steps of the warm-up.
    steps : int, > warmup
        Number of all steps; from there on the learning rate is 0.
    peak : float
        Largest learning rate.

    Returns
    -------
    float

    Notes
    -----
    .. math::
        \eta_t = \frac{t + 1}{w}\, \eta_{\max} \quad (t < w), \qquad
        \eta_t = \frac{\eta_{\max}}{2} \left(1 + \cos \frac{\pi (t - w)}{T - w}\right)
        \quad (w \le t \le T)

    Examples
    --------
    >>> rates = [cosine_learning_rate(step, 2, 6, 1.0) for step in range(7)]
    >>> [round(float(rate), 4) for rate in rates]
    [0.5, 1.0, 1.0, 0.8536, 0.5, 0.1464, 0.0]
    """
    if step < warmup:
        return peak * (step + 1) / warmup
    progress = min((step - warmup) / (steps - warmup), 1.0)
    return 0.5 * peak * (1 + np.cos(np.pi * progress))


def at_step(low, high):
    def draw(rng):
        warmup = int(rng.integers(5, 10))
        steps = int(rng.integers(30, 50))
        place = {"w": warmup, "T": steps}
        first, last = place.get(low, low), place.get(high, high)
        return int(rng.integers(first, last)), warmup, steps, float(rng.uniform(0.1, 1))

    return draw


def seam(place, shift=0):
    def draw(rng):
        _, warmup, steps, peak = at_step(0, "w")(rng)
        return {"w": warmup, "T": steps}.get(place, place) + shift, warmup, steps, peak

    return draw


EXERCISE = Exercise(
    cosine_learning_rate,
    cases=[
        Cases("during the warm-up", at_step(0, "w"), share=0.2, count=6),
        Cases("on the way down", at_step("w", "T"), share=0.3, count=6),
        Cases("after the end", at_step(50, 90), 0.3, count=4, only_with="on the way down"),
        Cases("where two parts meet", [seam(0), seam("w", -1), seam("w"), seam("T")], 0.2, 8),
    ],
    hints=[
        "There are two phases. In the second, how much of the way down has been covered, as a "
        "number from 0 to 1?",
        "Look at the seams: step 0, the last step of the warm-up, the first one after it, and "
        "everything past the end.",
        "Most often it is off by one at a seam, the cosine climbs again after the end, the angle "
        "is in degrees, or the way down is too long or too short: half a period of the cosine "
        "covers it.",
    ],
    equivalent={
        "min((step - warmup) / (steps - warmup), 1.0) -> "
        "min(1.0, (step - warmup) / (steps - warmup))": COMMUTES,
    },
)


@EXERCISE.in_package
def by_backprop(step, warmup, steps, peak):
    return schedules.warmup(schedules.cosine_decay(peak, steps - warmup), warmup)(step)


@EXERCISE.misconception(
    "The first step has learning rate 0 and does nothing. The warm-up starts above 0.",
    f"{SCHEDULES}#Four schedules",
)
def first_step_lost(step, warmup, steps, peak):
    return (
        peak * step / warmup if step < warmup else cosine_learning_rate(step, warmup, steps, peak)
    )


@EXERCISE.misconception(
    "Your cosine starts at step 0 instead of after the warm-up, so the learning rate jumps where "
    "the two meet.",
    f"{SCHEDULES}#Four schedules",
)
def warm_up_counted_twice(step, warmup, steps, peak):
    return (
        peak * (step + 1) / warmup
        if step < warmup
        else 0.5 * peak * (1 + np.cos(np.pi * min(step / steps, 1.0)))
    )


@EXERCISE.misconception(
    "After the end your learning rate rises again, because the cosine goes on. Stop it there.",
    f"{SCHEDULES}#Four schedules",
)
def rises_again(step, warmup, steps, peak):
    return (
        peak * (step + 1) / warmup
        if step < warmup
        else 0.5 * peak * (1 + np.cos(np.pi * (step - warmup) / (steps - warmup)))
    )


@EXERCISE.misconception(
    "Your angle is in degrees, and the cosine of Python takes radians: your learning rate swings "
    "up and down many times on its way.",
    f"{SCHEDULES}#Four schedules",
)
def degrees(step, warmup, steps, peak):
    if not warmup <= step < steps:
        return cosine_learning_rate(step, warmup, steps, peak)
    return 0.5 * peak * (1 + np.cos(180 * (step - warmup) / (steps - warmup)))


@EXERCISE.misconception(
    "Your way down is a quarter of a period, flat at the peak and steep at the end. It should be "
    "half a period, which is flat at both ends.",
    f"{SCHEDULES}#Four schedules",
)
def quarter_of_a_period(step, warmup, steps, peak):
    if not warmup <= step < steps:
        return cosine_learning_rate(step, warmup, steps, peak)
    return peak * np.cos(np.pi / 2 * (step - warmup) / (steps - warmup))


@EXERCISE.right
def by_sine(step, warmup, steps, peak):
    if step < warmup:
        return peak / warmup * (1 + step)
    if step >= steps:
        return 0.0
    return peak * math.sin(math.pi / 2 * (steps - step) / (steps - warmup)) ** 2


@EXERCISE.right
def by_interpolation(step, warmup, steps, peak):
    done = np.interp(step, [warmup, steps], [0, 1])
    return (
        min(peak * (step + 1) / warmup, peak)
        if step < warmup
        else peak * (1 + np.cos(np.pi * done)) / 2
    )


@EXERCISE.second(first_step_lost)
def from_zero(step, warmup, steps, peak):
    return peak * step / warmup if step < warmup else by_sine(step, warmup, steps, peak)


@EXERCISE.second(warm_up_counted_twice)
def from_start(step, warmup, steps, peak):
    if step < warmup:
        return by_sine(step, warmup, steps, peak)
    return peak * math.cos(math.pi / 2 * min(step, steps) / steps) ** 2


@EXERCISE.second(rises_again)
def periodic(step, warmup, steps, peak):
    if step < warmup:
        return by_sine(step, warmup, steps, peak)
    return peak * math.cos(math.pi / 2 * (step - warmup) / (steps - warmup)) ** 2


@EXERCISE.second(degrees)
def in_degrees(step, warmup, steps, peak):
    if step < warmup:
        return (step + 1) / warmup * peak
    if step >= steps:
        return 0.0
    share = (step - warmup) / (steps - warmup)
    return peak * math.cos(90 * share) ** 2


@EXERCISE.second(quarter_of_a_period)
def quarter(step, warmup, steps, peak):
    if step < warmup:
        return (step + 1) / warmup * peak
    return peak * math.sin(math.pi / 2 * max(steps - step, 0) / (steps - warmup))
