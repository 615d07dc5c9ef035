"""One step of Adagrad."""

import math

import numpy as np

from backprop.optimizers import Adagrad, SquaresState
from coursekit.authoring.exercises import Cases, Exercise

from .optimizer_steps import steps_of
from .pages import ADAGRAD, VARIANTS
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


def adagrad_step(
    params: list[np.ndarray],
    grads: list[np.ndarray],
    squares: list[np.ndarray],
    learning_rate: float,
    eps: float,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    r"""One step of Adagrad.

    Parameters
    ----------
    params : list of array
        Parameters, of any shapes.
    grads : list of array
        The gradient of each of them.
    squares : list of array
        The sum G of all squared gradients so far; zeros before the first step.
    learning_rate : float
        η.
    eps : float, > 0
        ε, added to the root.

    Returns
    -------
    params : list of array
        New parameters.
    squares : list of array
        The sum after this step. Nothing that was passed in is changed.

    Notes
    -----
    .. math:: G_t = G_{t-1} + g_t^2, \qquad
              \theta_{t+1} = \theta_t - \eta \frac{g_t}{\sqrt{G_t} + \epsilon}

    Examples
    --------
    >>> params, grads = [np.array([1.0])], [np.array([3.0])]
    >>> adagrad_step(params, grads, [np.array([16.0])], 0.2, 1.0)
    ([array([0.9])], [array([25.])])
    """
    new = [G + g**2 for G, g in zip(squares, grads, strict=True)]
    moved = [
        p - learning_rate * g / (np.sqrt(G) + eps)
        for p, g, G in zip(params, grads, new, strict=True)
    ]
    return moved, new


EXERCISE = Exercise(
    adagrad_step,
    cases=[
        Cases("in the middle of a run", squares_call(decay=False), share=0.4),
        Cases("the first step", squares_call(first=True, decay=False), share=0.3, count=2),
        Cases(
            "gradients as small as ε", squares_call(scale=1e-3, eps=1e-3, decay=False), share=0.3
        ),
    ],
    hints=[
        "This is RMSprop without forgetting. Which share of the old sum is kept, and which share "
        "of the new square is added?",
        "Look at the denominator: the sum includes the present gradient, then comes the root, "
        "then ε.",
        "The usual slips: ε under the root, no root at all, a sum that starts anew at each step, "
        "or one number for a whole array.",
    ],
)


@EXERCISE.steps_in_package(new="grads", carried=["params", "squares"])
def by_backprop(params, grads, squares, learning_rate, eps):
    optimizer = Adagrad(learning_rate, eps=eps)
    for moved, state in steps_of(optimizer, params, SquaresState(0, squares), grads):
        yield moved, state.squares


EXERCISE.misconception(
    "Your ε is inside the root. That is another convention; here it is added to the root.",
    f"{VARIANTS}#Where is ε?",
    id="eps-inside",
)(squares_variant(running_sum, eps_inside))

EXERCISE.misconception(
    "You divide by the sum of the squares, and its root is missing.",
    f"{ADAGRAD}#The rule",
    id="no-root",
)(squares_variant(running_sum, no_root))

EXERCISE.misconception(
    "You divide by the size of this gradient alone. Adagrad adds up all squares from the "
    "beginning on.",
    f"{ADAGRAD}#The rule",
    id="forgets",
)(squares_variant(lambda v, g, rho: g**2, root_then_eps))

EXERCISE.misconception(
    "You divide by the sum from before this step, but the present gradient belongs to it, too.",
    f"{ADAGRAD}#Three steps by hand",
    id="sum-of-before",
)(squares_variant(running_sum, root_then_eps, keep="old"))


EXERCISE.misconception(
    "You divide a whole array by one number, made from all of its squares. Each parameter has its "
    "own sum, and so a step size of its own.",
    f"{ADAGRAD}#The rule",
    id="one-rate-per-array",
)(squares_variant(running_sum, lambda eta, g, v, eps: eta * g / (np.sqrt(v.sum()) + eps)))


@EXERCISE.right
def by_entries(params, grads, squares, learning_rate, eps):
    made = []
    for p, g, G in zip(params, grads, squares, strict=True):
        flat = [
            (a - learning_rate * b / (math.sqrt(c + b * b) + eps), c + b * b)
            for a, b, c in zip(p.ravel(), g.ravel(), G.ravel(), strict=True)
        ]
        made.append(np.array(flat).reshape(*p.shape, 2))
    return [m[..., 0] for m in made], [m[..., 1] for m in made]


@EXERCISE.right
def by_hypot(params, grads, squares, learning_rate, eps):
    roots = [np.hypot(np.sqrt(G), g) for G, g in zip(squares, grads, strict=True)]
    moved = [
        p - learning_rate * g / (r + eps) for p, g, r in zip(params, grads, roots, strict=True)
    ]
    return moved, [r * r for r in roots]


inside = EXERCISE.second("eps-inside")(
    squares_with(total, lambda g, w, v, eps: g * (w + eps) ** -0.5)
)

rootless = EXERCISE.second("no-root")(squares_with(total, lambda g, w, v, eps: g / (eps + w)))

alone = EXERCISE.second("forgets")(
    squares_with(lambda v, g, _: g * g, lambda g, w, v, eps: g / (abs(g) + eps))
)

late = EXERCISE.second("sum-of-before")(squares_with(total, lambda g, w, v, eps: safe(g, v, eps)))


one_length = EXERCISE.second("one-rate-per-array")(
    squares_with(total, lambda g, w, v, eps: g / (np.linalg.norm(np.sqrt(w)) + eps))
)
