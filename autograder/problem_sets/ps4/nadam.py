"""One step of Nadam."""

import math
from functools import wraps

import numpy as np

from backprop.optimizers import Nadam, NadamState
from coursekit.authoring.exercises import Cases, Exercise

from .adam import adam_step, by_entries, by_one_rate
from .optimizer_steps import steps_of
from .pages import NADAM
from .parameters import averages_call


def nadam_step(
    params: list[np.ndarray],
    grads: list[np.ndarray],
    state: tuple[int, list[np.ndarray], list[np.ndarray]],
    learning_rate: float,
    beta1: float,
    beta2: float,
    eps: float,
) -> tuple[list[np.ndarray], tuple[int, list[np.ndarray], list[np.ndarray]]]:
    r"""One step of Nadam, with constant momentum.

    Parameters
    ----------
    params : list of array
        Parameters, of any shapes.
    grads : list of array
        The gradient of each of them.
    state : tuple (steps, m, v)
        As for Adam.
    learning_rate : float
        η.
    beta1, beta2 : float, 0 <= beta < 1
        β₁ and β₂.
    eps : float, > 0
        ε.

    Returns
    -------
    params : list of array
        New parameters.
    state : tuple (steps, m, v)
        After this step, averages without correction.

    Notes
    -----
    m, v and the corrected v are those of Adam.

    .. math:: \theta_{t+1} = \theta_t - \frac{\eta}{\sqrt{\hat v_t} + \epsilon} \left[
              \frac{\beta_1 m_t}{1 - \beta_1^{t+1}} + \frac{(1 - \beta_1)\, g_t}{1 - \beta_1^t}
              \right]

    Examples
    --------
    >>> state = (0, [np.array([0.0])], [np.array([0.0])])
    >>> params, grads = [np.array([1.0])], [np.array([2.0])]
    >>> params, state = nadam_step(params, grads, state, 0.3, 0.5, 0.5, 2.0)
    >>> params[0].round(6), state
    (array([0.8]), (1, [array([1.])], [array([2.])]))
    """
    steps, old_m, old_v = state
    t = steps + 1
    m = [beta1 * a + (1 - beta1) * g for a, g in zip(old_m, grads, strict=True)]
    v = [beta2 * a + (1 - beta2) * g**2 for a, g in zip(old_v, grads, strict=True)]
    ahead = [
        beta1 * a / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
        for a, g in zip(m, grads, strict=True)
    ]
    moved = [
        p - learning_rate * d / (np.sqrt(s / (1 - beta2**t)) + eps)
        for p, d, s in zip(params, ahead, v, strict=True)
    ]
    return moved, (t, m, v)


EXERCISE = Exercise(
    nadam_step,
    cases=[
        Cases("in the middle of a run", averages_call(), share=0.4),
        Cases("the first step", averages_call(first=True), share=0.3, count=2),
        Cases("gradients as small as ε", averages_call(scale=1e-3, eps=1e-3), share=0.3),
    ],
    hints=[
        "Begin with your Adam. Which single term does Nadam replace?",
        "Look at the bracket in the formula: its two terms belong to two different steps, and so "
        "do their corrections.",
        "Most often both terms get the same correction, one has none or a power that does not "
        "grow with t, or the average is used before it has been updated. Else something differs "
        "from Adam that should not: the root, ε, or what is kept.",
    ],
)


@EXERCISE.steps_in_package(new="grads", carried=["params", "state"])
def by_backprop(params, grads, state, learning_rate, beta1, beta2, eps):
    optimizer = Nadam(learning_rate, beta1=beta1, beta2=beta2, eps=eps)
    before = NadamState(*state, momentum_product=beta1 ** state[0])
    for moved, after in steps_of(optimizer, params, before, grads):
        yield moved, (after.step, after.m, after.v)


def nadam_variant(ahead):
    @wraps(ahead)
    def wrong(params, grads, state, learning_rate, beta1, beta2, eps):
        _, (t, m, v) = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
        moved = [
            p - learning_rate * ahead(a, g, old, beta1, t) / (np.sqrt(s / (1 - beta2**t)) + eps)
            for p, g, old, a, s in zip(params, grads, state[1], m, v, strict=True)
        ]
        return moved, (t, m, v)

    return wrong


@EXERCISE.misconception(
    "This is Adam. Nadam uses the momentum that the next step will have.",
    f"{NADAM}#From Adam to Nadam",
)
@nadam_variant
def adam(m, g, old, beta, t):
    return m / (1 - beta**t)


@EXERCISE.misconception(
    "You correct both terms with the same power. The momentum of the next step is corrected as "
    "that step would do it, with a power that is one higher. (Some programs do it your way: that "
    "is another convention.)",
    f"{NADAM}#The family",
)
@nadam_variant
def one_correction_for_both(m, g, old, beta, t):
    return (beta * m + (1 - beta) * g) / (1 - beta**t)


@EXERCISE.misconception(
    "You look ahead with the average from before this step. Update it first.",
    f"{NADAM}#The first step by hand",
)
@nadam_variant
def average_of_before(m, g, old, beta, t):
    return beta * old / (1 - beta ** (t + 1)) + (1 - beta) * g / (1 - beta**t)


@EXERCISE.misconception(
    "The term of the gradient has no correction. Each of the two terms in the bracket is corrected "
    "with the power of its own step.",
    f"{NADAM}#From Adam to Nadam",
)
@nadam_variant
def gradient_not_corrected(m, g, old, beta, t):
    return beta * m / (1 - beta ** (t + 1)) + (1 - beta) * g


@EXERCISE.misconception(
    "The average of the squares has no correction. Nadam changes only what stands in the "
    "bracket: the corrected v is that of Adam.",
    f"{NADAM}#From Adam to Nadam",
)
def squares_not_corrected(params, grads, state, learning_rate, beta1, beta2, eps):
    _, (t, m, v) = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    of_m, of_g = beta1 / (1 - beta1 ** (t + 1)), (1 - beta1) / (1 - beta1**t)
    moved = [
        p - learning_rate * (of_m * a + of_g * g) / (np.sqrt(s) + eps)
        for p, a, g, s in zip(params, m, grads, v, strict=True)
    ]
    return moved, (t, m, v)


@EXERCISE.right
def by_parts(params, grads, state, learning_rate, beta1, beta2, eps):
    t = state[0] + 1
    new_p, new_m, new_v = [], [], []
    for p, g, m, v in zip(params, grads, state[1], state[2], strict=True):
        m = beta1 * m + g - beta1 * g
        v = beta2 * v + g * g - beta2 * g * g
        root = np.sqrt(v) / math.sqrt(1 - beta2**t) + eps
        step = beta1 * m / (1 - beta1 ** (t + 1)) / root
        step += (1 - beta1) / (1 - beta1**t) * g / root
        new_p.append(p - learning_rate * step)
        new_m.append(m)
        new_v.append(v)
    return new_p, (t, new_m, new_v)


@EXERCISE.right
def from_adam(params, grads, state, learning_rate, beta1, beta2, eps):
    _, (t, m, v) = by_entries(params, grads, state, learning_rate, beta1, beta2, eps)
    of_m, of_g = beta1 / (1 - beta1 ** (t + 1)), (1 - beta1) / (1 - beta1**t)
    return (
        [
            p - learning_rate * (of_m * a + of_g * g) / ((s / (1 - beta2**t)) ** 0.5 + eps)
            for p, a, g, s in zip(params, m, grads, v, strict=True)
        ],
        (t, m, v),
    )


@EXERCISE.second(adam)
def is_adam(params, grads, state, learning_rate, beta1, beta2, eps):
    return by_one_rate(params, grads, state, learning_rate, beta1, beta2, eps)


def nadam_with(numerator):
    def wrong(params, grads, state, learning_rate, beta1, beta2, eps):
        _, (t, m, v) = by_one_rate(params, grads, state, learning_rate, beta1, beta2, eps)
        return (
            [
                params[k]
                - learning_rate
                * numerator(m[k], grads[k], state[1][k], beta1, t)
                / (np.sqrt(v[k] / (1 - beta2**t)) + eps)
                for k in range(len(params))
            ],
            (t, m, v),
        )

    return wrong


as_ruder = EXERCISE.second(one_correction_for_both)(
    nadam_with(lambda m, g, old, b, t: (m * b + g - b * g) / (1 - b**t))
)

old_average = EXERCISE.second(average_of_before)(
    nadam_with(lambda m, g, old, b, t: old * b / (1 - b ** (t + 1)) + g * (1 - b) / (1 - b**t))
)


plain_gradient = EXERCISE.second(gradient_not_corrected)(
    nadam_with(lambda m, g, old, b, t: g - b * g + m * b / (1 - b * b**t))
)


@EXERCISE.second(squares_not_corrected)
def plain_squares(params, grads, state, learning_rate, beta1, beta2, eps):
    _, (t, m, v) = by_parts(params, grads, state, learning_rate, beta1, beta2, eps)
    moved = []
    for p, g, a, s in zip(params, grads, m, v, strict=True):
        step = beta1 * a / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
        moved.append(p - learning_rate * step / (s**0.5 + eps))
    return moved, (t, m, v)
