"""One step of gradient descent with momentum."""

import math
from functools import wraps

import numpy as np

from backprop.optimizers import Momentum, MomentumState
from coursekit.authoring.exercises import Cases, Exercise

from .equivalence import COMMUTES
from .optimizer_steps import steps_of
from .pages import MOMENTUM, SPACE, VARIANTS
from .parameters import like_params, zeros_like


def momentum_step(
    params: list[np.ndarray],
    grads: list[np.ndarray],
    velocities: list[np.ndarray],
    learning_rate: float,
    momentum: float,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    r"""One step of gradient descent with momentum.

    Parameters
    ----------
    params : list of array
        Parameters, of any shapes.
    grads : list of array
        The gradient of each of them.
    velocities : list of array
        The last change Δ of each of them; zeros before the first step.
    learning_rate : float
        η. It may be another one at every step.
    momentum : float, 0 <= momentum < 1
        α.

    Returns
    -------
    params : list of array
        New parameters.
    velocities : list of array
        The change of each of them in this step. Nothing that was passed in is changed.

    Notes
    -----
    .. math:: \Delta_t = \alpha \Delta_{t-1} - \eta\, g_t, \qquad \theta_{t+1} = \theta_t + \Delta_t

    This is the convention of this book: the learning rate is inside of what is remembered.
    PyTorch and others keep it outside.

    Examples
    --------
    >>> params, grads = [np.array([1.0])], [np.array([2.0])]
    >>> momentum_step(params, grads, [np.array([0.5])], 0.1, 0.9)
    ([array([1.25])], [array([0.25])])
    """
    new = [momentum * v - learning_rate * g for v, g in zip(velocities, grads, strict=True)]
    return [p + v for p, v in zip(params, new, strict=True)], new


def momentum_call(first=False):
    def draw(rng):
        params = like_params(rng)
        velocities = zeros_like(params) if first else like_params(rng, 0.5)
        return (
            params,
            like_params(rng),
            velocities,
            float(rng.uniform(0.05, 0.5)),
            float(rng.uniform(0.5, 0.95)),
        )

    return draw


EXERCISE = Exercise(
    momentum_step,
    cases=[
        Cases("in the middle of a run", momentum_call(), share=0.7, count=4),
        Cases("the first step", momentum_call(first=True), share=0.3, count=2),
    ],
    hints=[
        "Do three steps by hand, with one parameter, gradient 1, η = 1 and α = ½. What are the "
        "three velocities?",
        "Look at the order: all new velocities first, and the new parameters from them. The "
        "velocity already holds its sign.",
        "Most often the rule is a good one, but not the one asked for: an average, a velocity "
        "that gets its η later on, or a look ahead. Else a sign is turned, in the velocity or "
        "where it is added.",
    ],
    equivalent={
        "zip(params, new, strict=True) -> zip(new, params, strict=True)": COMMUTES,
    },
)


@EXERCISE.steps_in_package(new="grads", carried=["params", "velocities"])
def by_backprop(params, grads, velocities, learning_rate, momentum):
    optimizer = Momentum(learning_rate, momentum)
    for moved, state in steps_of(optimizer, params, MomentumState(0, velocities), grads):
        yield moved, state.velocity


def momentum_variant(rule):
    """A step of another rule: what is remembered, and how the parameters change with it."""

    @wraps(rule)
    def wrong(params, grads, velocities, learning_rate, momentum):
        pairs = [
            rule(p, g, v, learning_rate, momentum)
            for p, g, v in zip(params, grads, velocities, strict=True)
        ]
        return [p for p, _ in pairs], [v for _, v in pairs]

    return wrong


@EXERCISE.misconception(
    "You remember a sum of gradients and multiply it by the learning rate afterwards. That is "
    "another convention; here you remember the last change itself.",
    f"{VARIANTS}#Where is η in momentum?",
)
@momentum_variant
def another_convention(p, g, v, eta, alpha):
    v = alpha * v + g
    return p - eta * v, v


@EXERCISE.misconception(
    "You give the new gradient the share 1 - α. What you remember is then an average, and all "
    "steps are shorter by that factor.",
    f"{VARIANTS}#Where is η in momentum?",
)
@momentum_variant
def average(p, g, v, eta, alpha):
    v = alpha * v - (1 - alpha) * eta * g
    return p + v, v


@EXERCISE.misconception(
    "You remember an average of the gradients and multiply by the learning rate afterwards. "
    "That is another convention, of many programs; here the last change itself is remembered, "
    "and a new gradient counts in full.",
    f"{VARIANTS}#Where is η in momentum?",
)
@momentum_variant
def average_of_gradients(p, g, v, eta, alpha):
    v = alpha * v + (1 - alpha) * g
    return p - eta * v, v


@EXERCISE.misconception(
    "The velocity is right, but you subtract it. It already holds its sign: it is the change, and "
    "is added.",
    f"{MOMENTUM}#The rule",
)
@momentum_variant
def sign(p, g, v, eta, alpha):
    v = alpha * v - eta * g
    return p - v, v


@EXERCISE.misconception(
    "You move the parameters by the old velocity. Update the velocity first, then move by the new "
    "one.",
    f"{MOMENTUM}#Three steps by hand",
)
@momentum_variant
def velocity_of_before(p, g, v, eta, alpha):
    return p + v, alpha * v - eta * g


@EXERCISE.misconception(
    "Your step has no memory: it ignores the velocity that comes in.",
    f"{MOMENTUM}#The rule",
)
@momentum_variant
def forgets(p, g, v, eta, alpha):
    return p - eta * g, -eta * g


@EXERCISE.misconception(
    "You keep the whole of the last change. Only the share α of it is kept; with all of "
    "it nothing would ever come to rest.",
    f"{MOMENTUM}#A ball on a spring, with friction",
)
@momentum_variant
def no_damping(p, g, v, eta, alpha):
    v = v - eta * g
    return p + v, v


@EXERCISE.misconception(
    "The numbers are right, but you overwrite the velocities that were passed in.",
    f"{SPACE}#How an optimizer is called",
)
def in_place(params, grads, velocities, learning_rate, momentum):
    for v, g in zip(velocities, grads, strict=True):
        v *= momentum
        v -= learning_rate * g
    return [p + v for p, v in zip(params, velocities, strict=True)], velocities


@EXERCISE.misconception(
    "Your velocity points uphill and is subtracted. That is another convention; here the velocity "
    "is the change itself, and is added.",
    f"{MOMENTUM}#Three steps by hand",
)
@momentum_variant
def velocity_of_other_sign(p, g, v, eta, alpha):
    v = alpha * v + eta * g
    return p - v, v


@EXERCISE.misconception(
    "The velocity is right, but you move by Nesterov's step, which goes on along the new velocity "
    "once more. Here the parameters change by the velocity itself.",
    f"{VARIANTS}#Which point does Nesterov carry?",
)
@momentum_variant
def looks_ahead(p, g, v, eta, alpha):
    v = alpha * v - eta * g
    return p + alpha * v - eta * g, v


@EXERCISE.misconception(
    "The velocity is right, but you multiply it by the learning rate once more. η is in it "
    "already: the velocity is the change itself.",
    f"{VARIANTS}#Where is η in momentum?",
)
@momentum_variant
def rate_counted_twice(p, g, v, eta, alpha):
    v = alpha * v - eta * g
    return p + eta * v, v


@EXERCISE.right
def by_loop(params, grads, velocities, learning_rate, momentum):
    new_params, new_velocities = [], []
    for p, g, v in zip(params, grads, velocities, strict=True):
        change = v.copy()
        change *= momentum
        change -= learning_rate * g
        new_velocities.append(change)
        new_params.append(p + change)
    return new_params, new_velocities


@EXERCISE.right
def flattened(params, grads, velocities, learning_rate, momentum):
    shapes = [p.shape for p in params]
    theta, g, v = (np.concatenate([a.ravel() for a in t]) for t in (params, grads, velocities))
    v = v * momentum + g * -learning_rate
    cuts = np.cumsum([math.prod(shape) for shape in shapes])[:-1]
    back = [
        [part.reshape(shape) for part, shape in zip(np.split(flat, cuts), shapes, strict=True)]
        for flat in (theta + v, v)
    ]
    return back[0], back[1]


def each(rule):
    @wraps(rule)
    def wrong(params, grads, velocities, learning_rate, momentum):
        done = [
            rule(params[k], grads[k], velocities[k], learning_rate, momentum)
            for k in range(len(params))
        ]
        return [p for p, v in done], [v for p, v in done]

    return wrong


@EXERCISE.second(another_convention)
@each
def outside(p, g, v, eta, a):
    return (p - eta * (a * v + g), g + v * a)


@EXERCISE.second(average)
@each
def averaged(p, g, v, eta, a):
    return (p + a * v - (1 - a) * eta * g, a * v - (1 - a) * eta * g)


@EXERCISE.second(average_of_gradients)
def smoothed(params, grads, velocities, learning_rate, momentum):
    new = [v + (1 - momentum) * (g - v) for g, v in zip(grads, velocities, strict=True)]
    return [p - learning_rate * v for p, v in zip(params, new, strict=True)], new


@EXERCISE.second(sign)
@each
def subtracted(p, g, v, eta, a):
    return (p - a * v + eta * g, a * v - eta * g)


@EXERCISE.second(velocity_of_before)
@each
def late(p, g, v, eta, a):
    return (v + p, -eta * g + a * v)


@EXERCISE.second(forgets)
@each
def no_memory(p, g, v, eta, a):
    return (p - eta * g, -(eta * g))


@EXERCISE.second(no_damping)
@each
def undamped(p, g, v, eta, a):
    return (p + (v - eta * g), v - eta * g)


@EXERCISE.second(in_place)
def overwrites(params, grads, velocities, learning_rate, momentum):
    for k, g in enumerate(grads):
        velocities[k][...] = momentum * velocities[k] - learning_rate * g
    return [p + v for p, v in zip(params, velocities, strict=True)], [v.copy() for v in velocities]


@EXERCISE.second(velocity_of_other_sign)
def other_sign(params, grads, velocities, learning_rate, momentum):
    new = [learning_rate * g + momentum * v for g, v in zip(grads, velocities, strict=True)]
    return [np.subtract(p, v) for p, v in zip(params, new, strict=True)], new


@EXERCISE.second(looks_ahead)
@each
def goes_on(p, g, v, eta, a):
    return (p + a**2 * v - (1 + a) * eta * g, a * v - eta * g)


@EXERCISE.second(rate_counted_twice)
@each
def eta_squared(p, g, v, eta, a):
    return (p + eta * a * v - eta**2 * g, a * v - eta * g)
