"""A learning rate that comes down in stairs."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import SCHEDULES


def staircase(steps: np.ndarray, every: int, ratio: float, peak: float, floor: float) -> np.ndarray:
    """Learning rates that come down in stairs.

    Parameters
    ----------
    steps : array of int, shape (n,)
        Numbers of steps; the first step of a training is step 1.
    every : int, >= 1
        How many steps a stair is wide. The first one is twice as wide.
    ratio : float, 0 < ratio < 1
        The share of the learning rate that is lost from one stair to the next.
    peak : float
        Learning rate on the first stair.
    floor : float, 0 < floor < 1
        Share of the peak below which the learning rate never falls.

    Returns
    -------
    array, shape (n,)

    Examples
    --------
    >>> staircase(np.arange(1, 10), 2, 0.25, 8.0, 0.5)
    array([8. , 8. , 8. , 8. , 6. , 6. , 4.5, 4.5, 4. ])
    """
    stair = np.maximum(np.ceil(steps / every) - 2, 0)
    return np.maximum(peak * (1 - ratio) ** stair, floor * peak)


def stairs(first, last):
    def draw(rng):
        every = int(rng.integers(2, 5))
        steps = np.arange(first * every, last * every + 1) + 1
        numbers = [float(rng.uniform(a, b)) for a, b in ((0.15, 0.3), (2, 4), (0.2, 0.3))]
        return steps, every, *numbers

    return draw


EXERCISE = Exercise(
    staircase,
    cases=[
        Cases("the first stairs", stairs(0, 4), share=0.5),
        Cases("down to the floor", stairs(3, 14), share=0.5),
    ],
    hints=[
        "Draw the first three stairs for stairs of 2 steps. On which step does the rate fall?",
        "Look at the last step of a stair and at the first of the next one; and at what is left "
        "of the rate, which is not what is lost.",
        "Most often all stairs are as wide, or the count is off by one.",
    ],
    equivalent={
        "np.maximum(np.ceil(steps / every) - 2, 0) -> np.maximum(0, np.ceil(steps / every) - 2)": (
            "the larger of two has no order"
        ),
        "np.maximum(peak * (1 - ratio) ** stair, floor * peak) -> "
        "np.maximum(floor * peak, peak * (1 - ratio) ** stair)": "the larger of two has no order",
    },
)


@EXERCISE.misconception(
    "Your first stair is as wide as the others. It should last for two of them.",
    f"{SCHEDULES}#Four schedules",
)
def equal_stairs(steps, every, ratio, peak, floor):
    return np.maximum(peak * (1 - ratio) ** ((steps - 1) // every), floor * peak)


@EXERCISE.misconception(
    "You count steps from 0, so every stair ends one step early.",
    f"{SCHEDULES}#Four schedules",
)
def from_zero(steps, every, ratio, peak, floor):
    return staircase(steps + 1, every, ratio, peak, floor)
