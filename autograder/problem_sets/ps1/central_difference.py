"""Measure a slope from both sides."""

from backprop.derivatives import central_difference
from coursekit.authoring.exercises import Cases, Exercise
from coursekit.checks.values import Code

from .pages import WIGGLE


def smooth_function(rng):
    a, b, c = rng.uniform(0.5, 2, 3).round(2)
    return Code(f"lambda x: {a} * np.exp({b} * x) + {c} * x**2")


def wave(rng):
    a, b = rng.uniform(0.5, 2, 2).round(2)
    return Code(f"lambda x: np.sin({a} * x) + {b} * x")


def long_step(rng):
    return smooth_function(rng), float(rng.uniform(-1, 1)), float(rng.uniform(0.3, 0.7))


def short_step(rng):
    return wave(rng), float(rng.uniform(-2, 2)), float(2.0 ** -rng.integers(6, 11))


def usual_step(rng):
    return smooth_function(rng), float(rng.uniform(-1, 1)), 2.0**-17


def whole_place(rng):
    return wave(rng), int(rng.integers(1, 5)), 0.25


EXERCISE = Exercise(
    central_difference,
    cases=[
        Cases("a long step", long_step, share=0.5),
        Cases("a short step", short_step, share=0.2),
        Cases("the usual step", usual_step, share=0.2),
        Cases("at a whole number", whole_place, share=0.1),
    ],
    hints=[
        "Draw a curve and a place x on it. Where are the two places at which f should be called, "
        "and how far apart are they?",
        "Look at the quotient: rise over run. Which two values of f make the rise, and does the "
        "run match the distance between their places?",
        "The usual slips: only one side of x is looked at, the step is halved, or the run is h "
        "where the two places are further apart. Check the brackets in the denominator as well.",
    ],
    situation="microscope?step=13&see=w.1.1.0",
)


@EXERCISE.misconception(
    "You look to one side only, from x to the right. The central difference looks to both "
    "sides, and the bend of the curve drops out of it.",
    f"{WIGGLE}#From both sides",
)
def one_sided(f, x, h=2.0**-17):
    return (f(x + h) - f(x)) / h


@EXERCISE.misconception(
    "You look to one side only, from x to the left. The central difference looks to both sides.",
    f"{WIGGLE}#From both sides",
)
def backward(f, x, h=2.0**-17):
    return (f(x) - f(x - h)) / h


@EXERCISE.misconception(
    "Your slope is twice what it should be. How far apart are the two places at which you call f?",
    f"{WIGGLE}#From both sides",
)
def divided_by_h(f, x, h=2.0**-17):
    return (f(x + h) - f(x - h)) / h


@EXERCISE.misconception(
    "You divide by the length of two steps, but the two places at which you call f are one step "
    "apart.",
    f"{WIGGLE}#From both sides",
)
def half_way(f, x, h=2.0**-17):
    return (f(x + h) - f(x)) / (2 * h)


@EXERCISE.misconception(
    "The size is right and the sign is wrong: where f rises, your slope is negative. Which of the "
    "two values do you subtract?",
    f"{WIGGLE}#From both sides",
)
def reversed_(f, x, h=2.0**-17):
    return (f(x - h) - f(x + h)) / (2 * h)


@EXERCISE.misconception(
    "You use a step of your own. Use the step h that the caller gives you, also where it is "
    "long and makes the result less exact.",
    f"{WIGGLE}#From both sides",
)
def own_step(f, x, h=2.0**-17):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


@EXERCISE.misconception(
    "You divide by 2 and then multiply by h. If you want to divide by a product in Python, put it "
    "in brackets.",
    f"{WIGGLE}#From both sides",
)
def multiplied_by_h(f, x, h=2.0**-17):
    return (f(x + h) - f(x - h)) / 2 * h


@EXERCISE.misconception(
    "You go half a step to each side. Here h is the way from x to either of the two places.",
    f"{WIGGLE}#From both sides",
)
def half_steps(f, x, h=2.0**-17):
    return (f(x + h / 2) - f(x - h / 2)) / h


@EXERCISE.right
def by_places(f, x, h=2.0**-17):
    left, right = x - h, x + h
    return (f(right) - f(left)) / (right - left)


@EXERCISE.right
def by_mean(f, x, h=2.0**-17):
    middle = f(x)
    return ((f(x + h) - middle) / h + (middle - f(x - h)) / h) / 2


@EXERCISE.second(one_sided)
def to_the_right(f, x, h=2.0**-17):
    there, here = f(x + h), f(x)
    return (there - here) / h


@EXERCISE.second(backward)
def to_the_left(f, x, h=2.0**-17):
    return (f(x - h) - f(x)) / -h


@EXERCISE.second(divided_by_h)
def two_over_h(f, x, h=2.0**-17):
    rise = f(x + h) - f(x - h)
    return rise / h


@EXERCISE.second(half_way)
def half_the_rise(f, x, h=2.0**-17):
    return 0.5 * (f(x + h) - f(x)) / h


@EXERCISE.second(reversed_)
def negative(f, x, h=2.0**-17):
    return -(f(x + h) - f(x - h)) / (2 * h)


@EXERCISE.second(own_step)
def fixed_step(f, x, h=2.0**-17):
    h = 1e-6
    return (f(x + h) - f(x - h)) / (2 * h)


@EXERCISE.second(multiplied_by_h)
def product(f, x, h=2.0**-17):
    return 0.5 * h * (f(x + h) - f(x - h))


@EXERCISE.second(half_steps)
def one_step_wide(f, x, h=2.0**-17):
    left = x - 0.5 * h
    return (f(left + h) - f(left)) / h
