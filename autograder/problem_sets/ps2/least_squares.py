"""The gradient of least squares, with and without the half."""

import numpy as np

from backprop.least_squares import least_squares_gradient
from coursekit.authoring.exercises import Cases, Exercise

from .pages import GRADIENTS, SQUARES


def data_and_parameters(N, D, half):
    def draw(rng):
        return rng.normal(size=D), rng.normal(size=(N, D)), rng.normal(size=N), half

    return draw


EXERCISE = Exercise(
    least_squares_gradient,
    cases=[
        Cases("five examples, three parameters", data_and_parameters(5, 3, False), share=0.4),
        Cases("the loss with one half", data_and_parameters(4, 2, True), share=0.2),
        Cases("as many examples as parameters", data_and_parameters(3, 3, False), share=0.2),
        Cases("one example", data_and_parameters(1, 3, False), share=0.1, count=2),
        Cases("one parameter", data_and_parameters(4, 1, False), share=0.1, count=2),
    ],
    hints=[
        "theta has D entries and the residual has N. How many should the gradient have, and which "
        "product gives that many?",
        "Look at the chain: the loss by the residual, then the residual by theta. What does half "
        "do to the first of them?",
        "Most often it is a factor 2, with half or without it, or the sign of the residual. Some "
        "solve for the best parameters, where a slope is asked for.",
    ],
    axes={"D": "parameter"},
    equivalent={
        "Phi.T @ Phi @ theta -> theta @ (Phi.T @ Phi)": "the matrix in the middle is symmetric",
    },
)


def squares_gradient(theta, Phi, y, half):
    return (1 if half else 2) * (Phi.T @ (Phi @ theta - y))


@EXERCISE.misconception(
    "Your gradient points downhill. The residual is y minus the prediction, so its derivative "
    "with respect to the parameters carries a minus sign.",
    f"{SQUARES}#Dimensions first",
)
def sign_turned_round(theta, Phi, y, half=False):
    return -squares_gradient(theta, Phi, y, half)


@EXERCISE.misconception(
    "This is right without the half, but with half=True everything is twice as large as it "
    "should be.",
    f"{SQUARES}#The line and its loss",
)
def half_ignored(theta, Phi, y, half=False):
    return squares_gradient(theta, Phi, y, False)


@EXERCISE.misconception(
    "Your result belongs to the loss with one half in front, even where half is False.",
    f"{SQUARES}#The line and its loss",
)
def always_half(theta, Phi, y, half=False):
    return squares_gradient(theta, Phi, y, True)


@EXERCISE.misconception(
    "You average over the examples. This loss is their sum.", f"{SQUARES}#The line and its loss"
)
def mean_for_sum(theta, Phi, y, half=False):
    return squares_gradient(theta, Phi, y, half) / len(y)


@EXERCISE.misconception(
    "You multiply the residuals by Phi where its transpose is needed. With as many examples as "
    "parameters it runs all the same, and is wrong.",
    f"{SQUARES}#Dimensions first",
)
def not_transposed(theta, Phi, y, half=False):
    return (1 if half else 2) * (Phi @ (Phi @ theta - y))


@EXERCISE.misconception(
    "The numbers are right, but they stand in a row. A gradient has the shape of its parameter.",
    f"{GRADIENTS}#What the parameter needs",
)
def row(theta, Phi, y, half=False):
    return squares_gradient(theta, Phi, y, half)[None, :]


@EXERCISE.misconception(
    "This is the way from the best parameters to theta. The gradient has another direction: how "
    "fast the loss rises along a parameter depends on the data.",
    f"{SQUARES}#Dimensions first",
)
def way_from_the_best(theta, Phi, y, half=False):
    return (1 if half else 2) * (theta - np.linalg.lstsq(Phi, y, rcond=None)[0])


@EXERCISE.misconception(
    "You return the best parameters. The exercise asks for the slope of the loss at the theta "
    "that your function is given.",
    f"{SQUARES}#The line and its loss",
)
def best_parameters(theta, Phi, y, half=False):
    return np.linalg.lstsq(Phi, y, rcond=None)[0]


@EXERCISE.misconception(
    "You divide by the length of the residual: that belongs to a loss which is this length. Here "
    "the loss is its square.",
    f"{SQUARES}#The line and its loss",
)
def gradient_of_the_length(theta, Phi, y, half=False):
    return squares_gradient(theta, Phi, y, half) / (2 * np.linalg.norm(Phi @ theta - y))


@EXERCISE.right
def by_residual(theta, Phi, y, half=False):
    e = y - Phi @ theta
    gradient = -2 * e @ Phi
    return gradient / 2 if half else gradient


@EXERCISE.right
def by_examples(theta, Phi, y, half=False):
    gradient = np.zeros(len(theta))
    for row, target in zip(Phi, y, strict=True):
        gradient += (np.dot(row, theta) - target) * row
    return gradient if half else gradient + gradient


@EXERCISE.second(sign_turned_round)
def sign(theta, Phi, y, half=False):
    e = y - Phi @ theta
    return (1 if half else 2) * e @ Phi


@EXERCISE.second(half_ignored)
def full(theta, Phi, y, half=False):
    return -2 * Phi.T @ (y - Phi @ theta)


@EXERCISE.second(always_half)
def half(theta, Phi, y, half=False):
    return -Phi.T @ (y - Phi @ theta)


@EXERCISE.second(mean_for_sum)
def mean(theta, Phi, y, half=False):
    terms = [(p @ theta - t) * p for p, t in zip(Phi, y, strict=True)]
    return np.mean(terms, axis=0) * (1 if half else 2)


@EXERCISE.second(not_transposed)
def phi(theta, Phi, y, half=False):
    e = y - np.dot(Phi, theta)
    return -(1 if half else 2) * np.dot(Phi, e)


@EXERCISE.second(row)
def one_row(theta, Phi, y, half=False):
    e = (y - Phi @ theta).reshape(1, -1)
    return -(1 if half else 2) * e @ Phi


@EXERCISE.second(way_from_the_best)
def way(theta, Phi, y, half=False):
    difference = theta - np.linalg.pinv(Phi) @ y
    return difference if half else 2 * difference


@EXERCISE.second(best_parameters)
def solved(theta, Phi, y, half=False):
    return np.linalg.pinv(Phi) @ y


@EXERCISE.second(gradient_of_the_length)
def unit_residual(theta, Phi, y, half=False):
    e = y - Phi @ theta
    gradient = -Phi.T @ (e / np.sqrt(e @ e))
    return gradient / 2 if half else gradient
