"""Find out from numbers alone how somebody went wrong with the output deltas."""

import math

import numpy as np

from backprop.activations import logistic, logistic_derivative
from backprop.units import output_deltas
from coursekit.authoring.exercises import Cases, Exercise

from .output_deltas import derivative_at_activation, output_derivative_missing, sign_turned_round
from .pages import OUTPUT


def which_mistake(a, y, deltas):
    r"""Say how somebody computed the deltas of logistic output units.

    Parameters
    ----------
    a : Array, shape (n_out,)
        Activations of the output units, between 0 and 1.
    y : Array, shape (n_out,)
        Target values.
    deltas : Array, shape (n_out,)
        What somebody's program gave for the deltas.

    Returns
    -------
    str
        "right"; "sign" if all have the opposite sign; "no slope" if the slope of the unit was
        forgotten; "squashed twice" if the slope was taken at the activation in the place of the
        pre-activation.

    Examples
    --------
    >>> a, y = np.array([0.5, 0.8]), np.array([1.0, 0.3])
    >>> which_mistake(a, y, np.array([-0.5, 0.5]))
    'no slope'
    """
    slope, twice = a * (1 - a), logistic(a) * (1 - logistic(a))
    answers = {
        "right": (a - y) * slope,
        "sign": (y - a) * slope,
        "no slope": a - y,
        "squashed twice": (a - y) * twice,
    }
    return next(name for name, answer in answers.items() if np.allclose(answer, deltas))


def deltas_made_by(mistake):
    def draw(rng):
        n_out = int(rng.integers(2, 5))
        a = rng.uniform(0.05, 0.95, n_out)
        # Near 1/2 both slopes come close, and near the target all deltas do.
        y = np.where(a > 0.5, rng.uniform(0, 0.3, n_out), rng.uniform(0.7, 1, n_out))
        return a, y, mistake(a, y)

    return draw


def deltas_right(a, y):
    return (a - y) * a * (1 - a)


EXERCISE = Exercise(
    which_mistake,
    cases=[
        Cases(
            "what four programs gave",
            [
                deltas_made_by(deltas_right),
                deltas_made_by(sign_turned_round),
                deltas_made_by(output_derivative_missing),
                deltas_made_by(derivative_at_activation),
            ],
            share=1,
            count=36,
        )
    ],
    hints=[
        "What would each of the four ways of computing give for these a and y? Write each as one "
        "line of code: which line matches deltas?",
        "Look at each of the four lines: its sign, and its slope. Then look at how you compare: "
        "np.allclose allows for rounding, and should allow for little more.",
        "The usual slips: sizes are compared and the sign ignored, one of the four lines has "
        "another sign or slope than its name says, the limit is too wide, or one way through the "
        "function has no return.",
    ],
    situation="microscope?step=9&ask=1",
    equivalent={
        "np.allclose(answer, deltas) -> np.allclose(deltas, answer)": (
            "the two tolerances differ by a part in 100000 of themselves"
        ),
    },
)


@EXERCISE.in_package
def by_backprop(a, y, deltas):
    """The package has the deltas and the slope; the mistakes are made of them."""
    right = output_deltas(a, y)
    answers = {
        "right": right,
        "sign": -right,
        "no slope": a - y,
        "squashed twice": (a - y) * logistic_derivative(a),
    }
    return next(name for name, answer in answers.items() if np.allclose(answer, deltas))


@EXERCISE.misconception(
    "You answer 'right' for deltas with the opposite sign. Compare the numbers themselves, not "
    "their sizes.",
    f"{OUTPUT}#The number δ",
)
def sign_not_seen(a, y, deltas):
    return "right" if which_mistake(a, y, deltas) == "sign" else which_mistake(a, y, deltas)


@EXERCISE.misconception(
    "You answer 'no slope' for deltas whose slope was taken at the activation. Work out what "
    "squashing twice gives, and compare.",
    f"{OUTPUT}#In code",
)
def twice_not_seen(a, y, deltas):
    found = which_mistake(a, y, deltas)
    return "no slope" if found == "squashed twice" else found


@EXERCISE.misconception(
    "You answer 'sign' for right deltas, and 'right' for those with the opposite sign. If the "
    "activation is above its target, is delta positive or negative?",
    f"{OUTPUT}#The number δ",
)
def own_sign_turned_round(a, y, deltas):
    swapped = {"right": "sign", "sign": "right"}
    found = which_mistake(a, y, deltas)
    return swapped.get(found, "no slope" if found == "no slope" else found)


@EXERCISE.misconception(
    "You answer 'squashed twice' for deltas that have no slope. What is left of right deltas "
    "without their slope, and with which sign?",
    f"{OUTPUT}#One path",
)
def no_slope_not_seen(a, y, deltas):
    found = which_mistake(a, y, deltas)
    return "squashed twice" if found == "no slope" else found


@EXERCISE.right
def by_table(a, y, deltas):
    s = 1 / (1 + np.exp(-a))
    for name, other in [
        ("right", (a - y) * (a - a**2)),
        ("sign", (a - y) * (a**2 - a)),
        ("no slope", a - y),
        ("squashed twice", (a - y) * (s - s**2)),
    ]:
        if np.linalg.norm(other - deltas) < 1e-6 * np.linalg.norm(other):
            return name
    return None


@EXERCISE.right
def by_ratio(a, y, deltas):
    ratio = deltas[0] / (a[0] - y[0])
    slope = a[0] * (1 - a[0])
    if ratio < 0:
        return "sign"
    if ratio > 0.9:
        return "no slope"
    return "right" if math.isclose(ratio, slope) else "squashed twice"


@EXERCISE.second(sign_not_seen)
def sign_as_right(a, y, deltas):
    found = by_table(a, y, deltas)
    return {"sign": "right"}.get(found, found)


@EXERCISE.second(twice_not_seen)
def twice_as_no_slope(a, y, deltas):
    return by_ratio(a, y, deltas).replace("squashed twice", "no slope")


@EXERCISE.second(own_sign_turned_round)
def exchanged(a, y, deltas):
    found = by_table(a, y, deltas)
    return {"sign": "right", "right": "sign"}.get(found, found)


@EXERCISE.second(no_slope_not_seen)
def by_exclusion(a, y, deltas):
    right = (a - y) * a * (1 - a)
    if np.allclose(deltas, right):
        return "right"
    return "sign" if np.allclose(deltas, -right) else "squashed twice"
