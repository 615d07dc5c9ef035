"""What the units of a layer add up, with a matrix of weights."""

import numpy as np

from backprop.activations import logistic
from backprop.units import layer_preactivation
from coursekit.authoring.exercises import Cases, Exercise

from .pages import UNITS


def layer_inputs(n_out, n_in):
    def draw(rng):
        return rng.normal(size=(n_out, n_in)), rng.normal(size=n_in), rng.normal(size=n_out)

    return draw


EXERCISE = Exercise(
    layer_preactivation,
    cases=[
        Cases("three units with two inputs", layer_inputs(3, 2), share=0.4),
        Cases("two units with four inputs", layer_inputs(2, 4), share=0.3),
        Cases("as many units as inputs", layer_inputs(3, 3), share=0.2),
        Cases("one unit", layer_inputs(1, 4), share=0.1),
    ],
    hints=[
        "Before any code: for a W of shape (3, 2), how many numbers should come out?",
        "Write z for unit i = 0 as a sum with all its terms. Which entries of W occur in it: a "
        "row or a column?",
        "The usual slip is to go down the columns of W instead of along its rows; with a square"
        " W that runs without an error. Next come a bias that is lost, or is added once for "
        "each input, and a sum that is not set back to 0 for the next unit.",
    ],
    situation="microscope?step=2&view=matrices",
    axes={"n_out": "unit"},
)


@EXERCISE.misconception(
    "Your sums lack the biases. Each unit has one: the weight of a constant input 1.",
    f"{UNITS}#The bias",
)
def bias_forgotten(W, x, b):
    return W @ x


@EXERCISE.misconception(
    "In your sums the inputs meet a column of W. Row i of W holds the weights that lead into "
    "unit i. Look at the order of the factors or indices, and at the order of the names in your"
    " `def` line.",
    f"{UNITS}#A layer",
)
def weights_transposed(W, x, b):
    return W.T @ x + b


@EXERCISE.misconception(
    "You add up the weights without multiplying each one by what comes in along its connection.",
    f"{UNITS}#A unit",
)
def inputs_forgotten(W, x, b):
    return W.sum(axis=1) + b


@EXERCISE.misconception(
    "These are the activations. The exercise asks for the numbers before they are squashed.",
    f"{UNITS}#A layer",
)
def squashed(W, x, b):
    return logistic(W @ x + b)


@EXERCISE.misconception(
    "You multiply W and x entry by entry, and nothing is added up. Where that runs, it gives a "
    "table; the layer has one number for each unit.",
    f"{UNITS}#A layer",
)
def entry_by_entry(W, x, b):
    return W * x + b


@EXERCISE.misconception(
    "You add the bias once for each input. A unit has one bias, and adds it once.",
    f"{UNITS}#The bias",
)
def bias_with_every_input(W, x, b):
    return W @ x + len(x) * b


@EXERCISE.misconception(
    "Your sum goes on from one unit to the next, so a unit also gets what those before it have "
    "added up. Each unit starts anew.",
    f"{UNITS}#A layer",
)
def sum_carried_on(W, x, b):
    return np.cumsum(W @ x) + b


@EXERCISE.right
def by_einsum(W, x, b):
    return np.einsum("ij,j->i", W, x) + b


@EXERCISE.right
def by_columns(W, x, b):
    z = b.copy()
    for j in range(len(x)):
        z += x[j] * W[:, j]
    return z


@EXERCISE.right
def as_list(W, x, b):
    return [float(sum(row * x) + bias) for row, bias in zip(W, b, strict=True)]


@EXERCISE.second(bias_forgotten)
def no_bias(W, x, b):
    return np.array([sum(W[i, j] * x[j] for j in range(len(x))) for i in range(len(W))])


@EXERCISE.second(weights_transposed)
def columns(W, x, b):
    z = [0.0] * len(b)
    for i in range(len(b)):
        for j in range(len(x)):
            z[i] += W[j, i] * x[j]
        z[i] += b[i]
    return np.array(z)


@EXERCISE.second(inputs_forgotten)
def weights(W, x, b):
    return np.array([sum(W[i]) + b[i] for i in range(len(b))])


@EXERCISE.second(squashed)
def activations(W, x, b):
    return 1 / (1 + np.exp(-np.einsum("ij,j->i", W, x) - b))


@EXERCISE.second(entry_by_entry)
def table_of_products(W, x, b):
    return np.array([[w * p for w, p in zip(row, x, strict=True)] for row in W]) + b


@EXERCISE.second(bias_with_every_input)
def bias_in_loop(W, x, b):
    z = np.zeros(len(W))
    for i, row in enumerate(W):
        for weight, value in zip(row, x, strict=True):
            z[i] += weight * value + b[i]
    return z


@EXERCISE.second(sum_carried_on)
def never_reset(W, x, b):
    total, z = 0.0, []
    for row, bias in zip(W, b, strict=True):
        for weight, value in zip(row, x, strict=True):
            total += weight * value
        z.append(total + bias)
    return np.array(z)
