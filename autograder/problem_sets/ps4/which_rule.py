"""Find out from three steps which rule made them."""

import math

import numpy as np

from backprop import optimizers
from coursekit.authoring.exercises import Cases, Exercise

from .equivalence import COMMUTES
from .optimizer_steps import steps_of
from .pages import ADAGRAD, ADAM, MOMENTUM, VARIANTS


def which_rule(grads: np.ndarray, updates: np.ndarray, learning_rate: float) -> str:
    """Which optimizer made these first steps.

    Parameters
    ----------
    grads : array, shape (3, n)
        The gradient at each of the first three steps. No entry is 0.
    updates : array, shape (3, n)
        The change of the parameters at each of them.
    learning_rate : float
        η.

    Returns
    -------
    str
        "gradient descent", "momentum", "adagrad", "rmsprop" or "adam": each as in this book, from
        a state of zeros, with α = 0.9, ρ = 0.9, β₁ = 0.9, β₂ = 0.999 and ε = 1e-8.

    Examples
    --------
    >>> grads = np.array([[2.0], [1.0], [3.0]])
    >>> which_rule(grads, -0.1 * grads, 0.1)
    'gradient descent'
    """
    sizes = np.abs(updates) / learning_rate
    if np.allclose(sizes[0], np.abs(grads[0])):
        plain = np.allclose(sizes[1], np.abs(grads[1]))
        return "gradient descent" if plain else "momentum"
    if np.allclose(sizes[0], np.sqrt(10)):
        return "rmsprop"
    summed = np.abs(grads[1]) / np.hypot(grads[0], grads[1])
    return "adagrad" if np.allclose(sizes[1], summed) else "adam"


def first_steps(name):
    """Draws gradients, and what the rule of that name makes of them."""

    def draw(rng):
        grads = rng.choice([-1.0, 1.0], (3, 4)) * rng.uniform(0.05, 0.8, (3, 4))
        rate = float(rng.choice([0.01, 0.1, 0.5]))
        return grads, np.array(list(updates_of(name, grads, rate))), rate

    return draw


def updates_of(name, grads, rate):
    m = np.zeros(grads.shape[1])
    v = np.zeros(grads.shape[1])
    for t, g in enumerate(grads, start=1):
        m = 0.9 * m + g * {"adam": 0.1}.get(name, 1.0)
        share = {"rmsprop": (0.9, 0.1), "adam": (0.999, 0.001)}.get(name, (1.0, 1.0))
        v = share[0] * v + share[1] * g**2
        if name == "adam":
            yield -rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        else:
            above = m if name == "momentum" else g
            yield -rate * above / (np.sqrt(v) + 1e-8 if name in ("rmsprop", "adagrad") else 1.0)


RULES = ("gradient descent", "momentum", "adagrad", "rmsprop", "adam")

EXERCISE = Exercise(
    which_rule,
    cases=[Cases("forty runs, eight by each rule", [first_steps(n) for n in RULES], 1.0, count=40)],
    hints=[
        "What does the first step of each rule look like for a gradient g? Which of them are "
        "equal?",
        "Divide the updates by η and look at the first row: is its size g, 1, or something else? "
        "Where two rules agree there, the second row decides.",
        "Most often a rule is picked after one step, although rules with memory begin like those "
        "without. Or only lengths are looked at, which gradients change as well. Or what you "
        "compute for one rule has a wrong sign or share or no correction, and never fits.",
    ],
    equivalent={
        "np.allclose(sizes[0], np.abs(grads[0])) -> "
        "np.allclose(np.abs(grads[0]), sizes[0])": COMMUTES,
        "np.allclose(sizes[1], np.abs(grads[1])) -> "
        "np.allclose(np.abs(grads[1]), sizes[1])": COMMUTES,
        "np.allclose(sizes[0], np.sqrt(10)) -> np.allclose(np.sqrt(10), sizes[0])": COMMUTES,
        "np.allclose(sizes[1], summed) -> np.allclose(summed, sizes[1])": COMMUTES,
        "np.hypot(grads[0], grads[1]) -> np.hypot(grads[1], grads[0])": COMMUTES,
    },
)


@EXERCISE.in_package
def by_backprop(grads, updates, learning_rate):
    rules = {
        "gradient descent": optimizers.GradientDescent(learning_rate),
        "momentum": optimizers.Momentum(learning_rate, momentum=0.9),
        "adagrad": optimizers.Adagrad(learning_rate, eps=1e-8),
        "rmsprop": optimizers.RMSprop(learning_rate, decay=0.9, eps=1e-8),
        "adam": optimizers.Adam(learning_rate, beta1=0.9, beta2=0.999, eps=1e-8),
    }
    start, path = np.zeros(grads.shape[1]), np.cumsum(updates, axis=0)
    for name, rule in rules.items():
        steps = steps_of(rule, start, rule.init(start), grads)
        if np.allclose([params for params, _ in steps], path):
            return name
    return "none of them"


@EXERCISE.misconception(
    "You look at the first step alone. There gradient descent and momentum do the same, "
    "and so do Adagrad and Adam: what differs comes with the memory.",
    f"{VARIANTS}#Fingerprints",
)
def first_step_only(grads, updates, learning_rate):
    size = np.abs(updates[0]) / learning_rate
    if np.allclose(size, np.abs(grads[0])):
        return "gradient descent"
    return "adam" if np.allclose(size, 1) else "rmsprop"


@EXERCISE.misconception(
    "You take momentum for gradient descent. Their first steps are equal, so compare the second "
    "ones.",
    f"{MOMENTUM}#Three steps by hand",
)
def momentum_unseen(grads, updates, learning_rate):
    found = which_rule(grads, updates, learning_rate)
    return "gradient descent" if found == "momentum" else found


@EXERCISE.misconception(
    "You take Adagrad for Adam. Both begin with steps of length η. What does each divide by at "
    "the second step?",
    f"{ADAGRAD}#Three steps by hand",
)
def adagrad_unseen(grads, updates, learning_rate):
    found = which_rule(grads, updates, learning_rate)
    return "adam" if found == "adagrad" else found


@EXERCISE.misconception(
    "You take Adam for Adagrad. Both begin with steps of length η. What does each divide by at "
    "the second step?",
    f"{ADAM}#Three steps by hand",
)
def adam_unseen(grads, updates, learning_rate):
    found = which_rule(grads, updates, learning_rate)
    return "adagrad" if found == "adam" else found


def tried(name, grads, eta):
    done, v, m, s = [], 0.0, 0.0, 0.0
    for t, g in enumerate(grads, start=1):
        if name == "gradient descent":
            change = -eta * g
        elif name == "momentum":
            v = 0.9 * v - eta * g
            change = v
        elif name == "adagrad":
            s = s + g * g
            change = -eta * g / (np.sqrt(s) + 1e-8)
        elif name == "rmsprop":
            s = 0.9 * s + 0.1 * g * g
            change = -eta * g / (np.sqrt(s) + 1e-8)
        else:
            m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
            change = -eta * m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
        done.append(change)
    return done


@EXERCISE.misconception(
    "You take a second step that is longer than the first for a sign of momentum. A larger "
    "gradient makes it longer as well: what would descent have done with that gradient?",
    f"{MOMENTUM}#Three steps by hand",
)
def longer_means_momentum(grads, updates, learning_rate):
    found = which_rule(grads, updates, learning_rate)
    if found not in ("gradient descent", "momentum"):
        return found
    first, second, _ = np.linalg.norm(updates, axis=1)
    return "momentum" if second > first else "gradient descent"


@EXERCISE.right
def by_trying(grads, updates, learning_rate):
    for name in ("gradient descent", "momentum", "adagrad", "rmsprop", "adam"):
        if np.allclose(tried(name, grads, learning_rate), updates, rtol=1e-3):
            return name
    return "none"


@EXERCISE.right
def by_ratios(grads, updates, learning_rate):
    g, u = grads[:, 0], -updates[:, 0] / learning_rate
    if abs(u[0] - g[0]) < 1e-6:
        return "gradient descent" if abs(u[2] - g[2]) < 1e-6 else "momentum"
    if abs(abs(u[0]) - math.sqrt(10)) < 1e-3:
        return "rmsprop"
    expected = g[1] / math.sqrt(g[0] ** 2 + g[1] ** 2)
    return "adagrad" if abs(u[1] - expected) < 1e-4 else "adam"


@EXERCISE.second(first_step_only)
def of_first(grads, updates, learning_rate):
    u = abs(updates[0] / learning_rate / grads[0])
    if np.allclose(u, 1):
        return "gradient descent"
    return "rmsprop" if np.allclose(u * abs(grads[0]), 10**0.5, rtol=1e-3) else "adam"


def renamed(old, new):
    def wrong(grads, updates, learning_rate):
        name = by_trying(grads, updates, learning_rate)
        return new if name == old else name

    return wrong


no_momentum = EXERCISE.second(momentum_unseen)(renamed("momentum", "gradient descent"))

no_adagrad = EXERCISE.second(adagrad_unseen)(renamed("adagrad", "adam"))

no_adam = EXERCISE.second(adam_unseen)(renamed("adam", "adagrad"))


@EXERCISE.second(longer_means_momentum)
def gathers_speed(grads, updates, learning_rate):
    g, u = grads, updates / learning_rate
    if np.abs(u[0] + g[0]).max() < 1e-6:
        return "momentum" if sum(u[1] ** 2) > sum(u[0] ** 2) else "gradient descent"
    return by_trying(grads, updates, learning_rate)
