"""A gradient checker, judged by which gradients it lets pass."""

import math

import numpy as np

from backprop.derivatives import gradient_check
from coursekit.authoring.exercises import Cases, Exercise
from coursekit.checks.values import Code

from .numerical_jacobian import numerical_jacobian
from .pages import CHECKING


def gradient_is_right(f, x, gradient):
    r"""Say whether a gradient is right, by measuring.

    Parameters
    ----------
    f : callable
        Takes an array like x and returns one number.
    x : Array, any shape
        Where the gradient was taken.
    gradient : Array
        What somebody's program says is the gradient of f at x.

    Returns
    -------
    bool
        Whether it has the shape of x and agrees with central differences.

    Examples
    --------
    >>> x = np.array([1.0, 2.0])
    >>> gradient_is_right(lambda x: np.sum(x**2), x, np.array([2.0, 4.0]))
    True
    """
    if np.shape(gradient) != x.shape:
        return False
    measured = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = 1e-5
        measured[index] = (f(x + step) - f(x - step)) / 2e-5
    return bool(np.abs(measured - gradient).max() <= 1e-5 * np.abs(measured).max())


def function_and_gradient(rng, size):
    """A function as source, a place, and the gradient there by the chain rule."""
    shape = (int(rng.integers(2, 5)),) if rng.random() < 0.5 else (2, 3)
    a, c = rng.uniform(0.5, 1.5, (2, *shape)).round(2)
    x = rng.uniform(-1, 1, shape)
    f = f"lambda x: {size} * (np.sum(np.sin({listed(a)} * x)) + np.sum({listed(c)} * x)**2)"
    return Code(f), x, size * (a * np.cos(a * x) + 2 * c * np.sum(c * x))


def listed(array):
    return f"np.array({array.tolist()})"


def right_gradient(size):
    def draw(rng):
        return function_and_gradient(rng, size)

    return draw


def gradient_spoiled_by(spoil, size):
    def draw(rng):
        f, x, gradient = function_and_gradient(rng, size)
        return f, x, spoil(gradient.copy(), rng)

    return draw


def large_entry(gradient, rng):
    """An entry that is not small among the others."""
    sizes = np.abs(gradient.ravel())
    return int(rng.choice(np.flatnonzero(sizes >= 0.5 * sizes.max())))


def spoil_sign(gradient, rng):
    return -gradient


def spoil_factor(gradient, rng):
    return 2 * gradient


def spoil_one_percent(gradient, rng):
    gradient.flat[large_entry(gradient, rng)] *= 1.01
    return gradient


def spoil_one_entry(gradient, rng):
    gradient.flat[large_entry(gradient, rng)] = 0
    return gradient


def spoil_exchange(gradient, rng):
    """Move a part of one entry to another: the sum stays, and one of them must be large."""
    k = large_entry(gradient, rng)
    other = (k + 1) % gradient.size
    part = 0.3 * gradient.flat[k]
    gradient.flat[k] -= part
    gradient.flat[other] += part
    return gradient


def spoil_shape(gradient, rng):
    return gradient[np.newaxis]


GRADIENT_SIZES = (1e-5, 1.0, 1e3)
"""Each kind of mistake comes in each size: no absolute tolerance fits them all."""


WRONG_GRADIENTS = [
    gradient_spoiled_by(spoil, size)
    for size in GRADIENT_SIZES
    for spoil in (
        spoil_sign,
        spoil_factor,
        spoil_one_percent,
        spoil_one_entry,
        spoil_exchange,
        spoil_shape,
    )
]

EXERCISE = Exercise(
    gradient_is_right,
    cases=[
        Cases(
            "36 gradients, half of them wrong",
            [*WRONG_GRADIENTS, *(right_gradient(size) for size in GRADIENT_SIZES * 6)],
            share=1,
            count=36,
        )
    ],
    hints=[
        "This gradient got the wrong answer from you. How large is its error, compared with the "
        "gradient itself?",
        "Look at the shape first. Then measure every entry, and compare the largest error with "
        "the size of the gradient: they come in every size, from tiny to huge.",
        "Wrong ones pass? Most often the limit is too wide, an entry, the length or the shape "
        "is not looked at, or errors below zero count as small. Right ones fail? Then the limit"
        " does not grow with the gradient, or is smaller than the error of a central "
        "difference, or the step is too long.",
    ],
    situation="microscope?step=13&see=w.0.1.2",
    equivalent={
        "np.abs(measured - gradient).max() <= 1e-05 * np.abs(measured).max() -> "
        "np.abs(measured - gradient).max() < 1e-05 * np.abs(measured).max()": (
            "errors are never just at the tolerance"
        ),
        "1e-05 -> 0.001 (number 2)": (
            "as good a tolerance: right ones are far below it, wrong ones above"
        ),
        "1e-05 -> 1e-07 (number 2)": "as good a tolerance: right ones are far below it",
    },
)


@EXERCISE.in_package
def by_backprop(f, x, gradient):
    return np.shape(gradient) == x.shape and bool(gradient_check(f, x, gradient))


@EXERCISE.misconception("You call every gradient right: measure them.", f"{CHECKING}#The procedure")
def always_content(f, x, gradient):
    return True


def measured_gradient(f, x):
    return numerical_jacobian(lambda v: np.array([f(v.reshape(x.shape))]), x.ravel())[0].reshape(
        x.shape
    )


def cosine(one, other):
    return float(np.sum(one * other) / (np.linalg.norm(one) * np.linalg.norm(other)))


@EXERCISE.misconception(
    "Your tolerance is absolute. A gradient of tiny numbers passes even when it is wrong, and one "
    "of large numbers fails even when it is right. Compare the error with the size of the "
    "gradient.",
    f"{CHECKING}#How far off is too far?",
)
def absolute_tolerance(f, x, gradient):
    same_shape = np.shape(gradient) == x.shape
    return bool(same_shape and np.abs(measured_gradient(f, x) - gradient).max() < 1e-4)


@EXERCISE.misconception(
    "You let errors of a few percent pass. A right gradient agrees with central differences to "
    "about eight digits.",
    f"{CHECKING}#How far off is too far?",
)
def loose_tolerance(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    measured = measured_gradient(f, x)
    return bool(np.abs(measured - gradient).max() < 0.05 * np.abs(measured).max())


@EXERCISE.misconception(
    "You compare lengths. A gradient of the right length may point in any direction.",
    f"{CHECKING}#The procedure",
)
def norms_compared(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    return bool(
        np.isclose(np.linalg.norm(measured_gradient(f, x)), np.linalg.norm(gradient), rtol=1e-5)
    )


@EXERCISE.misconception(
    "You compare sums. Errors in two entries can cancel each other in a sum.",
    f"{CHECKING}#The procedure",
)
def sums_compared(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    return bool(np.isclose(measured_gradient(f, x).sum(), np.sum(gradient), rtol=1e-6, atol=0))


@EXERCISE.misconception(
    "You do not compare shapes: a row or a column passes for a vector.",
    f"{CHECKING}#The procedure",
)
def shape_ignored(f, x, gradient):
    measured = measured_gradient(f, x)
    return bool(np.abs(measured - gradient).max() < 1e-5 * np.abs(measured).max())


@EXERCISE.misconception(
    "Your checker says the opposite of what is asked for: True should mean that the gradient is "
    "right.",
    f"{CHECKING}#The procedure",
)
def answer_turned_round(f, x, gradient):
    return not gradient_is_right(f, x, gradient)


@EXERCISE.misconception(
    "Your tolerance is small but absolute. A gradient of tiny numbers that is one percent off "
    "still passes. Compare the error with the size of the gradient.",
    f"{CHECKING}#How far off is too far?",
)
def tight_absolute_tolerance(f, x, gradient):
    same_shape = np.shape(gradient) == x.shape
    return bool(same_shape and np.abs(measured_gradient(f, x) - gradient).max() < 1e-6)


@EXERCISE.misconception(
    "You compare directions. A gradient of the right direction may be too long or too short.",
    f"{CHECKING}#The procedure",
)
def directions_compared(f, x, gradient):
    return np.shape(gradient) == x.shape and cosine(measured_gradient(f, x), gradient) > 1 - 1e-9


@EXERCISE.misconception(
    "You look at the angle between the two gradients. A gradient that is wrong by a factor "
    "passes, and an error of one percent hardly turns a gradient.",
    f"{CHECKING}#How far off is too far?",
)
def angle_compared(f, x, gradient):
    return np.shape(gradient) == x.shape and cosine(measured_gradient(f, x), gradient) > 0.999


@EXERCISE.misconception(
    "You compare errors with their signs, so one that is far below zero counts as small. "
    "Compare the sizes of the errors.",
    f"{CHECKING}#The procedure",
)
def signed_errors(f, x, gradient):
    measured = measured_gradient(f, x)
    limit = 1e-5 * np.abs(measured).max()
    return np.shape(gradient) == x.shape and bool((measured - gradient).max() < limit)


@EXERCISE.right
def by_relative_norm(f, x, gradient):
    gradient = np.asarray(gradient)
    if gradient.shape != x.shape:
        return False
    numerical, h = np.empty_like(x), 1e-6
    for k in range(x.size):
        plus, minus = x.copy(), x.copy()
        plus.flat[k] += h
        minus.flat[k] -= h
        numerical.flat[k] = (f(plus) - f(minus)) / (2 * h)
    error = np.linalg.norm(numerical - gradient)
    return bool(error < 1e-6 * (np.linalg.norm(numerical) + np.linalg.norm(gradient)))


@EXERCISE.right
def by_allclose(f, x, gradient):
    if np.shape(gradient) != np.shape(x):
        return False
    for k in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[k] = 2.0**-14
        slope = (f(x + e) - f(x - e)) / 2.0**-13
        if abs(slope - gradient[k]) > 1e-5 * np.max(np.abs(gradient)):
            return False
    return True


def slopes(f, x):
    found = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[k] = 1e-5
        found[k] = (f(x + e) - f(x - e)) / 2e-5
    return found


@EXERCISE.second(always_content)
def yes(f, x, gradient):
    slopes(f, x)
    return True


@EXERCISE.second(absolute_tolerance)
def absolute(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    return bool(np.all(np.abs(slopes(f, x) - gradient) < 1e-4))


@EXERCISE.second(loose_tolerance)
def loose(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    error = np.abs(slopes(f, x) - gradient).max() / np.abs(gradient).max()
    return bool(error < 0.03)


@EXERCISE.second(norms_compared)
def length(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    return math.isclose((slopes(f, x) ** 2).sum(), np.sum(gradient**2), rel_tol=1e-5)


@EXERCISE.second(sums_compared)
def total(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    e = np.full(x.shape, 1e-5)
    return math.isclose((f(x + e) - f(x - e)) / 2e-5, np.sum(gradient), rel_tol=1e-6)


@EXERCISE.second(shape_ignored)
def broadcast(f, x, gradient):
    n = slopes(f, x)
    return bool(np.allclose(gradient, n, rtol=0, atol=1e-5 * np.abs(n).max()))


@EXERCISE.second(answer_turned_round)
def negated(f, x, gradient):
    return not by_allclose(f, x, gradient)


@EXERCISE.second(tight_absolute_tolerance)
def tight(f, x, gradient):
    if np.shape(gradient) != np.shape(x):
        return False
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += 1e-5
        down[index] -= 1e-5
        if abs((f(up) - f(down)) / 2e-5 - gradient[index]) > 2e-6:
            return False
    return True


@EXERCISE.second(directions_compared)
def direction(f, x, gradient):
    ahead, claimed = (g / np.linalg.norm(g) for g in (slopes(f, x), gradient))
    return np.shape(gradient) == x.shape and np.allclose(ahead, claimed, rtol=0, atol=1e-5)


@EXERCISE.second(angle_compared)
def angle(f, x, gradient):
    one, other = np.ravel(slopes(f, x)), np.ravel(gradient)
    straight = one @ other > 0.9995 * math.sqrt(one @ one * (other @ other))
    return np.shape(gradient) == x.shape and bool(straight)


@EXERCISE.second(signed_errors)
def sizes_forgotten(f, x, gradient):
    errors = slopes(f, x) - gradient
    return np.shape(gradient) == x.shape and all(errors.ravel() < 1e-6 * np.abs(gradient).max())
