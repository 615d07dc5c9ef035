"""One step of RMSprop."""

import math

import numpy as np

from backprop.optimizers import RMSprop, SquaresState
from coursekit.authoring.exercises import Cases, Exercise

from .optimizer_steps import steps_of
from .pages import RMSPROP, VARIANTS
from .squared_gradients import (
    eps_inside,
    no_root,
    root_then_eps,
    running_sum,
    safe,
    squares_call,
    squares_variant,
    squares_with,
    total,
)


def rmsprop_step(
    params: list[np.ndarray],
    grads: list[np.ndarray],
    squares: list[np.ndarray],
    learning_rate: float,
    decay: float,
    eps: float,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    r"""One step of RMSprop.

    Parameters
    ----------
    params : list of array
        Parameters, of any shapes.
    grads : list of array
        The gradient of each of them.
    squares : list of array
        The moving average v of the squared gradients; zeros before the first step.
    learning_rate : float
        η.
    decay : float, 0 <= decay < 1
        ρ, the share of the average that is kept.
    eps : float, > 0
        ε, added to the root.

    Returns
    -------
    params : list of array
        New parameters.
    squares : list of array
        The average after this step. Nothing that was passed in is changed.

    Notes
    -----
    .. math:: v_t = \rho v_{t-1} + (1 - \rho)\, g_t^2, \qquad
              \theta_{t+1} = \theta_t - \eta \frac{g_t}{\sqrt{v_t} + \epsilon}

    All operations are element-wise. ε stands outside of the root; others put it inside.

    Examples
    --------
    >>> params, grads = [np.array([1.0])], [np.array([2.0])]
    >>> rmsprop_step(params, grads, [np.array([4.0])], 0.1, 0.5, 2.0)
    ([array([0.95])], [array([4.])])
    """
    new = [decay * v + (1 - decay) * g**2 for v, g in zip(squares, grads, strict=True)]
    moved = [
        p - learning_rate * g / (np.sqrt(v) + eps)
        for p, g, v in zip(params, grads, new, strict=True)
    ]
    return moved, new


EXERCISE = Exercise(
    rmsprop_step,
    cases=[
        Cases("in the middle of a run", squares_call(), share=0.4),
        Cases("the first step", squares_call(first=True), share=0.3, count=2),
        Cases("gradients as small as ε", squares_call(scale=1e-3, eps=1e-3), share=0.3),
    ],
    hints=[
        "Start from zeros: after the first step v is (1 - ρ)g². With a tiny ε, how long is that"
        " step, as a multiple of η?",
        "Look at the denominator: where is the root, and where is ε? Everything is done entry by "
        "entry.",
        "Most often ε stands in the wrong place, the two shares ρ and 1 - ρ have changed places, "
        "the root or the square is missing, a correction is made as in Adam, or the step goes "
        "uphill.",
    ],
)


@EXERCISE.steps_in_package(new="grads", carried=["params", "squares"])
def by_backprop(params, grads, squares, learning_rate, decay, eps):
    optimizer = RMSprop(learning_rate, decay=decay, eps=eps)
    for moved, state in steps_of(optimizer, params, SquaresState(0, squares), grads):
        yield moved, state.squares


def moving_average(v, g, rho):
    return rho * v + (1 - rho) * g**2


EXERCISE.misconception(
    "Your ε is inside the root. That is another convention, and for small gradients another rule; "
    "here it is added to the root.",
    f"{VARIANTS}#Where is ε?",
    id="eps-inside",
)(squares_variant(moving_average, eps_inside))


def eps_after_division(eta, g, v, eps):
    return eta * g / np.sqrt(v) + eps


EXERCISE.misconception(
    "You add ε to the quotient instead of to the denominator. It pushes every parameter the same "
    "way and protects from nothing: mind the brackets.",
    f"{VARIANTS}#Where is ε?",
    id="eps-after-division",
)(squares_variant(moving_average, eps_after_division))

EXERCISE.misconception(
    "You divide by the average of the squares, and its root is missing. Without the root, "
    "gradients that are ten times as large give steps a tenth as long.",
    f"{RMSPROP}#The rule",
    id="no-root",
)(squares_variant(moving_average, no_root))

EXERCISE.misconception(
    "You keep the share 1 - ρ and add the share ρ of the new square. It is ρ that says how much "
    "is kept.",
    f"{RMSPROP}#An average that forgets",
    id="shares-swapped",
)(squares_variant(lambda v, g, rho: (1 - rho) * v + rho * g**2, root_then_eps))

EXERCISE.misconception(
    "You add up all squares and forget nothing: that is Adagrad.",
    f"{RMSPROP}#It forgets",
    id="sum-for-average",
)(squares_variant(running_sum, root_then_eps))

EXERCISE.misconception(
    "You divide by the average from before this step. Update it first.",
    f"{RMSPROP}#Three steps by hand",
    id="average-of-before",
)(squares_variant(moving_average, root_then_eps, keep="old"))

EXERCISE.misconception(
    "You average the sizes of the gradients, not their squares.",
    f"{RMSPROP}#An average that forgets",
    id="average-of-gradients",
)(
    squares_variant(
        lambda v, g, rho: rho * v + (1 - rho) * np.abs(g),
        lambda eta, g, v, eps: eta * g / (v + eps),
    )
)


@EXERCISE.misconception(
    "You add ε to the parameter, but it belongs to the root. In Python a sum in the denominator "
    "needs brackets.",
    f"{RMSPROP}#The rule",
)
def eps_after_step(params, grads, squares, learning_rate, decay, eps):
    new = [decay * v + (1 - decay) * g**2 for v, g in zip(squares, grads, strict=True)]
    steps = [learning_rate * g / np.sqrt(v) for g, v in zip(grads, new, strict=True)]
    return [p - step + eps for p, step in zip(params, steps, strict=True)], new


@EXERCISE.misconception(
    "You correct the average as Adam does at its first step. RMSprop corrects nothing, whatever "
    "step it is, and the state does not say how many there were.",
    f"{RMSPROP}#Two faults that are left",
)
def corrected_as_in_adam(params, grads, squares, learning_rate, decay, eps):
    _, new = rmsprop_step(params, grads, squares, learning_rate, decay, eps)
    corrected = [v / (1 - decay) for v in new]
    return [
        p - root_then_eps(learning_rate, g, v, eps)
        for p, g, v in zip(params, grads, corrected, strict=True)
    ], new


@EXERCISE.right
def by_entries(params, grads, squares, learning_rate, decay, eps):
    new_params, new_squares = [], []
    for p, g, v in zip(params, grads, squares, strict=True):
        q, w = np.empty(p.shape), np.empty(p.shape)
        for i in np.ndindex(p.shape):
            w[i] = decay * v[i] + (1 - decay) * g[i] * g[i]
            q[i] = p[i] - learning_rate * g[i] / (math.sqrt(w[i]) + eps)
        new_params.append(q)
        new_squares.append(w)
    return new_params, new_squares


@EXERCISE.right
def by_difference(params, grads, squares, learning_rate, decay, eps):
    new = [v + (1 - decay) * (g * g - v) for v, g in zip(squares, grads, strict=True)]
    rates = [learning_rate / (v**0.5 + eps) for v in new]
    return [p - r * g for p, r, g in zip(params, rates, grads, strict=True)], new


def ema(v, g, rho):
    return v * rho + np.square(g) * (1 - rho)


inside = EXERCISE.second("eps-inside")(squares_with(ema, lambda g, w, v, eps: g / (w + eps) ** 0.5))


@EXERCISE.second("eps-after-division")
def without_brackets(params, grads, squares, learning_rate, decay, eps):
    new = [ema(v, g, decay) for v, g in zip(squares, grads, strict=True)]
    moved = [
        p - (learning_rate * g / np.sqrt(v) + eps)
        for p, g, v in zip(params, grads, new, strict=True)
    ]
    return moved, new


rootless = EXERCISE.second("no-root")(squares_with(ema, lambda g, w, v, eps: g / (eps + w)))

swapped = EXERCISE.second("shares-swapped")(
    squares_with(lambda v, g, rho: v - rho * v + rho * g * g, lambda g, w, v, eps: safe(g, w, eps))
)

summed = EXERCISE.second("sum-for-average")(
    squares_with(total, lambda g, w, v, eps: safe(g, w, eps))
)

late = EXERCISE.second("average-of-before")(squares_with(ema, lambda g, w, v, eps: safe(g, v, eps)))

sizes = EXERCISE.second("average-of-gradients")(
    squares_with(
        lambda v, g, rho: rho * v + (1 - rho) * np.sqrt(g * g), lambda g, w, v, eps: g / (w + eps)
    )
)


@EXERCISE.second(eps_after_step)
def eps_added_last(params, grads, squares, learning_rate, decay, eps):
    moved, new = [], []
    for p, g, s in zip(params, grads, squares, strict=True):
        s = s * decay + g * g * (1 - decay)
        moved.append(p - learning_rate * g / np.sqrt(s) + eps)
        new.append(s)
    return moved, new


@EXERCISE.second(corrected_as_in_adam)
def corrected_roots(params, grads, squares, learning_rate, decay, eps):
    new = [ema(v, g, decay) for v, g in zip(squares, grads, strict=True)]
    share = math.sqrt(1 - decay)
    moved = [
        p - learning_rate * share * g / (np.sqrt(v) + eps * share)
        for p, g, v in zip(params, grads, new, strict=True)
    ]
    return moved, new
