"""Cases, misconceptions and hints of problem set 1."""

import numpy as np

from coursekit.exercises import Cases, Exercise, Misconception

UNITS = "book/chain_rule/units"
COST = "book/chain_rule/cost"


# Logistic function


def moderate_inputs(rng):
    return (rng.normal(scale=3, size=(3, 4)),)


def one_number(rng):
    return (float(rng.normal(scale=2)),)


def whole_numbers(rng):
    return (rng.integers(-6, 7, size=5),)


def far_from_zero(rng):
    return (np.array([-1000.0, -40.0, 0.0, 40.0, 1000.0]) * rng.uniform(0.9, 1.1),)


def logistic_of_minus_z(z):
    return 1 / (1 + np.exp(z))


def logistic_is_tanh(z):
    return np.tanh(z)


def logistic_overflows(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / (1 + np.exp(z))


LOGISTIC = Exercise(
    cases=[
        Cases("moderate numbers", moderate_inputs, share=0.5),
        Cases("one number", one_number, share=0.15),
        Cases("whole numbers", whole_numbers, share=0.15),
        Cases("far from zero", far_from_zero, share=0.2, count=2),
    ],
    misconceptions=[
        Misconception(
            "sign-of-exponent",
            logistic_of_minus_z,
            "Your values fall where they should rise: at large z you come close to 0. "
            "Look at the sign in the exponent.",
            f"{UNITS}#The logistic function",
        ),
        Misconception(
            "tanh-for-logistic",
            logistic_is_tanh,
            "These are the values of tanh, which runs from -1 to 1. "
            "The logistic function runs from 0 to 1.",
            f"{UNITS}#The logistic function",
        ),
        Misconception(
            "overflow",
            logistic_overflows,
            "Correct in the middle, but for large z your function divides infinity by infinity. "
            "Keep the exponent of every exp from being a large positive number.",
            f"{UNITS}#The logistic function",
        ),
    ],
    hints=[
        "Work out the value at z = 0 by hand, then at z = 2 and z = -2: the last two add up to 1.",
        "exp of a large positive number overflows, exp of a large negative one is 0. "
        "Which form of the formula only ever needs the second kind?",
    ],
)


# Pre-activations of a layer


def layer_inputs(n_out, n_in):
    def draw(rng):
        return rng.normal(size=(n_out, n_in)), rng.normal(size=n_in), rng.normal(size=n_out)

    return draw


def layer_without_bias(W, x, b):
    return W @ x


def layer_transposed(W, x, b):
    return W.T @ x + b


def layer_sums_weights_only(W, x, b):
    return W.sum(axis=1) + b


LAYER_PREACTIVATION = Exercise(
    cases=[
        Cases("three units with two inputs", layer_inputs(3, 2), share=0.4),
        Cases("two units with four inputs", layer_inputs(2, 4), share=0.3),
        Cases("as many units as inputs", layer_inputs(3, 3), share=0.2),
        Cases("one unit", layer_inputs(1, 4), share=0.1),
    ],
    misconceptions=[
        Misconception(
            "bias-forgotten",
            layer_without_bias,
            "Your sums lack the biases. Each unit has one, the weight of a constant input 1.",
            f"{UNITS}#The bias",
        ),
        Misconception(
            "weights-transposed",
            layer_transposed,
            "You read W[j, i] where W[i, j] is meant. Row i of W holds the weights that "
            "lead into unit i.",
            f"{UNITS}#A layer",
        ),
        Misconception(
            "inputs-forgotten",
            layer_sums_weights_only,
            "You add up the weights without multiplying each by what comes in along its "
            "connection.",
            f"{UNITS}#A unit",
        ),
    ],
    hints=[
        "Before any code: how many numbers come out, for W of shape (3, 2)?",
        "Write z for unit i = 0 as a sum with all its terms. Which entries of W occur?",
    ],
)


# Cost of several patterns


def outputs_and_targets(n, n_out):
    def draw(rng):
        return rng.uniform(0.05, 0.95, (n, n_out)), rng.integers(0, 2, (n, n_out)).astype(float)

    return draw


def cost_of_sum(A, Y):
    return 0.5 * np.sum((Y - A) ** 2)


def cost_without_half(A, Y):
    return np.sum((Y - A) ** 2) / len(A)


def cost_mean_over_outputs_too(A, Y):
    return 0.5 * np.mean((Y - A) ** 2)


def cost_not_squared(A, Y):
    return 0.5 * np.sum(np.abs(Y - A)) / len(A)


MEAN_COST = Exercise(
    cases=[
        Cases("five patterns, three outputs", outputs_and_targets(5, 3), share=0.6),
        Cases("four patterns, one output", outputs_and_targets(4, 1), share=0.2),
        Cases("one pattern", outputs_and_targets(1, 3), share=0.2),
    ],
    misconceptions=[
        Misconception(
            "sum-for-mean",
            cost_of_sum,
            "You add up the costs of all patterns; the cost is their average. Twice as much data "
            "of the same kind should not cost twice as much.",
            f"{COST}#Many patterns",
        ),
        Misconception(
            "half-forgotten",
            cost_without_half,
            "Your cost is twice what it should be: the square has a factor one half in front.",
            f"{COST}#One pattern",
        ),
        Misconception(
            "mean-over-outputs",
            cost_mean_over_outputs_too,
            "You average over the output units too. The cost of one pattern is the sum over its "
            "outputs; only the patterns are averaged.",
            f"{COST}#Many patterns",
        ),
        Misconception(
            "absolute-for-square",
            cost_not_squared,
            "You add up the distances, not their squares.",
            f"{COST}#One pattern",
        ),
    ],
    hints=[
        "Take one pattern first, and work out its cost by hand.",
        "One sum runs over the outputs, one over the patterns. Which of them is averaged?",
    ],
)


# Deltas of the output units


def activations_and_targets(n_out):
    def draw(rng):
        return rng.uniform(0.05, 0.95, n_out), rng.integers(0, 2, n_out).astype(float)

    return draw


def deltas_without_slope(a, y):
    return a - y


def deltas_wrong_sign(a, y):
    return (y - a) * a * (1 - a)


def deltas_slope_at_activation(a, y):
    s = 1 / (1 + np.exp(-a))
    return (a - y) * s * (1 - s)


OUTPUT_DELTAS = Exercise(
    cases=[
        Cases("three outputs", activations_and_targets(3), share=0.7, count=4),
        Cases("one output", activations_and_targets(1), share=0.3),
    ],
    misconceptions=[
        Misconception(
            "output-derivative-missing",
            deltas_without_slope,
            "This is how fast the cost changes with the activation a. Delta asks about the "
            "pre-activation z: the step from z to a is missing.",
            f"{COST}#Looking ahead",
        ),
        Misconception(
            "sign",
            deltas_wrong_sign,
            "Right in size, wrong in sign. If the activation is above its target, a larger z "
            "makes the cost larger: then delta is positive.",
            f"{COST}#Looking ahead",
        ),
        Misconception(
            "derivative-at-activation",
            deltas_slope_at_activation,
            "You squashed the activation once more before taking the slope. It has been squashed "
            "already: the slope at z, written with the activation, is a(1 - a).",
            f"{UNITS}#The logistic function",
        ),
    ],
    hints=[
        "Two factors: how the cost changes with a, and how a changes with z.",
        "The second factor can be written with the activation alone. At which activation is it "
        "largest?",
    ],
)


EXERCISES = {
    "ps1-logistic": LOGISTIC,
    "ps1-layer-preactivation": LAYER_PREACTIVATION,
    "ps1-mean-cost": MEAN_COST,
    "ps1-output-deltas": OUTPUT_DELTAS,
}
