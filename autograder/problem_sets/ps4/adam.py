"""One step of Adam."""

import math

import numpy as np

from backprop.optimizers import Adam, AdamState
from coursekit.authoring.exercises import Cases, Exercise

from .optimizer_steps import steps_of
from .pages import ADAM, SPACE, VARIANTS
from .parameters import averages_call
from .squared_gradients import safe


def adam_step(
    params: list[np.ndarray],
    grads: list[np.ndarray],
    state: tuple[int, list[np.ndarray], list[np.ndarray]],
    learning_rate: float,
    beta1: float,
    beta2: float,
    eps: float,
) -> tuple[list[np.ndarray], tuple[int, list[np.ndarray], list[np.ndarray]]]:
    r"""One step of Adam.

    Parameters
    ----------
    params : list of array
        Parameters, of any shapes.
    grads : list of array
        The gradient of each of them.
    state : tuple (steps, m, v)
        The number of steps made so far, and for each parameter the moving averages of its
        gradients and of their squares. Before the first step: 0, and zeros.
    learning_rate : float
        η.
    beta1, beta2 : float, 0 <= beta < 1
        β₁ and β₂, the shares of the two averages that are kept.
    eps : float, > 0
        ε, added to the root of the corrected average.

    Returns
    -------
    params : list of array
        New parameters.
    state : tuple (steps, m, v)
        After this step; the averages are kept without correction. Nothing that was passed in is
        changed.

    Notes
    -----
    Step t = 1, 2, …:

    .. math::
        m_t = \beta_1 m_{t-1} + (1 - \beta_1)\, g_t, \quad
        v_t = \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2, \quad
        \hat m_t = \frac{m_t}{1 - \beta_1^t}, \quad \hat v_t = \frac{v_t}{1 - \beta_2^t}

    .. math:: \theta_{t+1} = \theta_t - \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}

    Examples
    --------
    >>> state = (0, [np.array([0.0])], [np.array([0.0])])
    >>> params, grads = [np.array([1.0])], [np.array([2.0])]
    >>> adam_step(params, grads, state, 0.1, 0.5, 0.5, 2.0)
    ([array([0.95])], (1, [array([1.])], [array([2.])]))
    """
    steps, old_m, old_v = state
    t = steps + 1
    m = [beta1 * a + (1 - beta1) * g for a, g in zip(old_m, grads, strict=True)]
    v = [beta2 * a + (1 - beta2) * g**2 for a, g in zip(old_v, grads, strict=True)]
    moved = [
        p - learning_rate * (a / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + eps)
        for p, a, s in zip(params, m, v, strict=True)
    ]
    return moved, (t, m, v)


EXERCISE = Exercise(
    adam_step,
    cases=[
        Cases("in the middle of a run", averages_call(), share=0.4),
        Cases("the first step", averages_call(first=True), share=0.3, count=2),
        Cases("gradients as small as ε", averages_call(scale=1e-3, eps=1e-3), share=0.3),
    ],
    hints=[
        "With a tiny ε, the first step from zeros has length η in every entry, whatever the "
        "gradient is. Does yours?",
        "Look at the order: count the step, then the two averages, then the two corrections, then "
        "the step itself. The state keeps the averages uncorrected.",
        "Most often a correction is missing or has the wrong power of β, or the two β are "
        "exchanged. Then there is the ε in the wrong place, and a state that holds corrected "
        "averages.",
    ],
)


@EXERCISE.steps_in_package(new="grads", carried=["params", "state"])
def by_backprop(params, grads, state, learning_rate, beta1, beta2, eps):
    optimizer = Adam(learning_rate, beta1=beta1, beta2=beta2, eps=eps)
    for moved, after in steps_of(optimizer, params, AdamState(*state), grads):
        yield moved, (after.step, after.m, after.v)


def adam_variant(
    power_m=lambda t, n: t,
    power_v=lambda t, n: t,
    quotient=lambda m, v, eps: m / (np.sqrt(v) + eps),
    second=lambda g, m: g**2,
    first=lambda m, g: m,
    forget=False,
    kept="plain",
    count=lambda t, n: t,
):
    """Adam with one thing changed; a power of 0 means: not corrected."""

    def wrong(params, grads, state, learning_rate, beta1, beta2, eps):
        t, new_p, new_m, new_v = state[0] + 1, [], [], []
        for n, (p, g, m, v) in enumerate(zip(params, grads, *state[1:], strict=True)):
            keep = 0.0 if forget else 1.0
            m = beta1 * keep * m + (1 - beta1) * g
            v = beta2 * keep * v + (1 - beta2) * second(g, m)
            by_m = 1 - beta1 ** power_m(t, n) if power_m(t, n) else 1.0
            by_v = 1 - beta2 ** power_v(t, n) if power_v(t, n) else 1.0
            above = first(m / by_m, g)
            new_p.append(p - learning_rate * quotient(above, v / by_v, eps))
            new_m.append(m / by_m if kept == "corrected" else m)
            new_v.append(v / by_v if kept == "corrected" else v)
        return new_p, (count(t, len(params)), new_m, new_v)

    return wrong


EXERCISE.misconception(
    "Neither average is corrected. Both start at 0 and are too small at first, each by a factor "
    "of its own.",
    f"{ADAM}#Where the correction comes from",
    id="no-correction",
)(adam_variant(power_m=lambda t, n: 0, power_v=lambda t, n: 0))

EXERCISE.misconception(
    "You correct the average of the squares, but not that of the gradients. The first steps are "
    "too short.",
    f"{ADAM}#Where the correction comes from",
    id="first-moment-not-corrected",
)(adam_variant(power_m=lambda t, n: 0))

EXERCISE.misconception(
    "You correct the average of the gradients, but not that of the squares. The first steps are "
    "too long.",
    f"{ADAM}#Where the correction comes from",
    id="second-moment-not-corrected",
)(adam_variant(power_v=lambda t, n: 0))

EXERCISE.misconception(
    "The power in the correction is one too large. At the first step t is 1.",
    f"{ADAM}#Where the correction comes from",
    id="t-too-large",
)(adam_variant(power_m=lambda t, n: t + 1, power_v=lambda t, n: t + 1))


@EXERCISE.misconception(
    "The power in the correction is one too small, so you divide by 0 at the first step. Count "
    "the step before you correct.",
    f"{ADAM}#Where the correction comes from",
)
def t_from_zero(params, grads, state, learning_rate, beta1, beta2, eps):
    t = state[0]
    _, (_, m, v) = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    with np.errstate(all="ignore"):
        moved = [
            p
            - learning_rate
            * (a / np.float64(1 - beta1**t))
            / (np.sqrt(s / np.float64(1 - beta2**t)) + eps)
            for p, a, s in zip(params, m, v, strict=True)
        ]
    return moved, (t + 1, m, v)


EXERCISE.misconception(
    "You count a step for each parameter. All parameters belong to one and the same step.",
    f"{ADAM}#The rule",
    id="t-per-parameter",
)(
    adam_variant(
        power_m=lambda t, n: t + n,
        power_v=lambda t, n: t + n,
        count=lambda t, n: t + n - 1,
    )
)

EXERCISE.misconception(
    "Your ε is inside the root. Here it is added to the root.",
    f"{VARIANTS}#Where is ε?",
    id="eps-inside",
)(adam_variant(quotient=lambda m, v, eps: m / np.sqrt(v + eps)))

EXERCISE.misconception(
    "You add ε to the quotient instead of to the denominator: mind the brackets.",
    f"{VARIANTS}#Where is ε?",
    id="eps-after-division",
)(adam_variant(quotient=lambda m, v, eps: m / np.sqrt(v) + eps))


@EXERCISE.misconception(
    "You add ε before the correction. That is another convention, which TensorFlow uses; here ε "
    "is added to the root of the corrected average.",
    f"{VARIANTS}#Where is ε?",
)
def another_convention_of_eps(params, grads, state, learning_rate, beta1, beta2, eps):
    t = state[0] + 1
    rate = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    _, (_, m, v) = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    moved = [p - rate * a / (np.sqrt(s) + eps) for p, a, s in zip(params, m, v, strict=True)]
    return moved, (t, m, v)


EXERCISE.misconception(
    "You divide by the average of the squares, and its root is missing.",
    f"{ADAM}#The rule",
    id="no-root",
)(adam_variant(quotient=lambda m, v, eps: m / (v + eps)))

EXERCISE.misconception(
    "You square the averaged gradient. The second average is an average of squares: square first, "
    "then average.",
    f"{ADAM}#The rule",
    id="square-of-average",
)(adam_variant(second=lambda g, m: m**2))

EXERCISE.misconception(
    "You divide the gradient of this step, as RMSprop does. What Adam divides is the average of"
    " the gradients, m after its correction.",
    f"{ADAM}#What the quotient means",
    id="gradient-for-average",
)(adam_variant(first=lambda m, g: g))

EXERCISE.misconception(
    "Your averages start at zero in every step: you do not use the state that is passed in.",
    f"{SPACE}#How an optimizer is called",
    id="forgets",
)(adam_variant(forget=True))

EXERCISE.misconception(
    "The parameters are right, but you store the corrected averages in the state. At the next "
    "step they are corrected once more.",
    f"{ADAM}#Three steps by hand",
    id="correction-kept",
)(adam_variant(kept="corrected"))

EXERCISE.misconception(
    "Parameters and averages are right, but the number of steps has not gone up. The next step "
    "would be corrected as if it were this one.",
    f"{ADAM}#Three steps by hand",
    id="step-not-counted",
)(adam_variant(count=lambda t, n: t - 1))


@EXERCISE.right
def by_entries(params, grads, state, learning_rate, beta1, beta2, eps):
    steps, m, v = state
    t = steps + 1
    new_p, new_m, new_v = ([np.empty(p.shape) for p in params] for _ in range(3))
    for k, p in enumerate(params):
        for i in np.ndindex(p.shape):
            g = grads[k][i]
            new_m[k][i] = beta1 * m[k][i] + (1 - beta1) * g
            new_v[k][i] = beta2 * v[k][i] + (1 - beta2) * g * g
            m_hat = new_m[k][i] / (1 - math.pow(beta1, t))
            v_hat = new_v[k][i] / (1 - math.pow(beta2, t))
            new_p[k][i] = p[i] - learning_rate * m_hat / (math.sqrt(v_hat) + eps)
    return new_p, [t, new_m, new_v]


@EXERCISE.right
def by_one_rate(params, grads, state, learning_rate, beta1, beta2, eps):
    t = state[0] + 1
    m = [a + (1 - beta1) * (g - a) for a, g in zip(state[1], grads, strict=True)]
    v = [a + (1 - beta2) * (g * g - a) for a, g in zip(state[2], grads, strict=True)]
    root = math.sqrt(1 - beta2**t)
    rate, eps = learning_rate * root / (1 - beta1**t), eps * root
    return (
        [p - rate * a / (b**0.5 + eps) for p, a, b in zip(params, m, v, strict=True)],
        (t, m, v),
    )


def adam_with(change, second=None, zero=False, steps=None, keep=None):
    """Adam by hand, with the change of the parameters left open."""

    def wrong(params, grads, state, learning_rate, b1, b2, eps):
        t = state[0] + 1
        p_, m_, v_ = [], [], []
        for k, g in enumerate(grads):
            m = (0 if zero else b1) * state[1][k] + (1 - b1) * g
            v = (0 if zero else b2) * state[2][k] + (1 - b2) * (second or (lambda g, m: g * g))(
                g, m
            )
            p_.append(params[k] - learning_rate * change(m, v, b1, b2, t, k, eps))
            m_.append(m if keep is None else m / (1 - b1**t))
            v_.append(v if keep is None else v / (1 - b2**t))
        return p_, (t if steps is None else steps(t, len(params)), m_, v_)

    return wrong


plain = EXERCISE.second("no-correction")(adam_with(lambda m, v, b1, b2, t, k, eps: safe(m, v, eps)))

m_plain = EXERCISE.second("first-moment-not-corrected")(
    adam_with(lambda m, v, b1, b2, t, k, eps: safe(m, v / (1 - b2**t), eps))
)

v_plain = EXERCISE.second("second-moment-not-corrected")(
    adam_with(lambda m, v, b1, b2, t, k, eps: safe(m / (1 - b1**t), v, eps))
)


def hats(m, v, b1, b2, t):
    return m / (1 - b1**t), v / (1 - b2**t)


late_t = EXERCISE.second("t-too-large")(
    adam_with(lambda m, v, b1, b2, t, k, eps: safe(*hats(m, v, b1, b2, t + 1), eps))
)


@EXERCISE.second(t_from_zero)
def early_t(params, grads, state, learning_rate, b1, b2, eps):
    t, m, v = state
    m = [b1 * a + (1 - b1) * g for a, g in zip(m, grads, strict=True)]
    v = [b2 * a + (1 - b2) * g * g for a, g in zip(v, grads, strict=True)]
    moved = []
    for p, a, b in zip(params, m, v, strict=True):
        a_hat, b_hat = np.divide(a, 1 - b1**t), np.divide(b, 1 - b2**t)
        moved.append(p - learning_rate * a_hat / (np.sqrt(b_hat) + eps))
    return moved, (t + 1, m, v)


def usual(m, v, b1, b2, t, k, eps):
    a, b = hats(m, v, b1, b2, t)
    return safe(a, b, eps)


@EXERCISE.second("t-per-parameter")
def counts_parameters(params, grads, state, learning_rate, b1, b2, eps):
    t, new = state[0], []
    for p, g, m, v in zip(params, grads, state[1], state[2], strict=True):
        t += 1
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        new.append((p - learning_rate * usual(m, v, b1, b2, t, 0, eps), m, v))
    return [p for p, _, _ in new], (t, [m for _, m, _ in new], [v for _, _, v in new])


inside = EXERCISE.second("eps-inside")(
    adam_with(lambda m, v, b1, b2, t, k, eps: m / (1 - b1**t) / (v / (1 - b2**t) + eps) ** 0.5)
)

without_brackets = EXERCISE.second("eps-after-division")(
    adam_with(lambda m, v, b1, b2, t, k, eps: m / (1 - b1**t) / (v / (1 - b2**t)) ** 0.5 + eps)
)

tensorflow = EXERCISE.second(another_convention_of_eps)(
    adam_with(lambda m, v, b1, b2, t, k, eps: (1 - b2**t) ** 0.5 / (1 - b1**t) * m / (v**0.5 + eps))
)

rootless = EXERCISE.second("no-root")(
    adam_with(lambda m, v, b1, b2, t, k, eps: m / (1 - b1**t) / (eps + v / (1 - b2**t)))
)

squared_average = EXERCISE.second("square-of-average")(adam_with(usual, second=lambda g, m: m * m))

from_zero = EXERCISE.second("forgets")(adam_with(usual, zero=True))

keeps_hats = EXERCISE.second("correction-kept")(adam_with(usual, keep="hats"))


@EXERCISE.second("step-not-counted")
def not_counted(params, grads, state, learning_rate, beta1, beta2, eps):
    steps, m, v = state
    m = [beta1 * a + (1 - beta1) * g for a, g in zip(m, grads, strict=True)]
    v = [beta2 * a + (1 - beta2) * g * g for a, g in zip(v, grads, strict=True)]
    by_m, by_v = 1 - beta1 ** (steps + 1), 1 - beta2 ** (steps + 1)
    moved = [
        p - learning_rate * (a / by_m) / (np.sqrt(b / by_v) + eps)
        for p, a, b in zip(params, m, v, strict=True)
    ]
    return moved, (steps, m, v)


@EXERCISE.second("gradient-for-average")
def gradient_divided(params, grads, state, learning_rate, beta1, beta2, eps):
    _, (t, m, v) = by_one_rate(params, grads, state, learning_rate, beta1, beta2, eps)
    roots = [np.sqrt(s / (1 - beta2**t)) + eps for s in v]
    moved = [p - learning_rate * g / r for p, g, r in zip(params, grads, roots, strict=True)]
    return moved, (t, m, v)
