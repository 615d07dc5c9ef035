"""Cases, misconceptions and hints of problem set 1."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from backprop.activations import logistic
from coursekit.authoring.exercises import Cases, Exercise, Misconception
from coursekit.checks.values import Code
from coursekit.worker.personal import my_numbers

UNITS = "book/chain_rule/units"
COST = "book/chain_rule/cost"
WIGGLE = "book/chain_rule/wiggle"
TWO_PATHS = "book/chain_rule/two_paths"
OUTPUT = "book/chain_rule/output_weights"
HIDDEN = "book/chain_rule/hidden_weights"
WHOLE = "book/chain_rule/whole_pass"


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
    equivalent={
        "z.real < 0 -> z.real <= 0": "at 0 both forms give the same number",
        "0 -> 1": "between 0 and 1 both forms are safe and equal",
    },
)


# Derivative of the logistic function


def derivative_of_activation(z):
    return z * (1 - z)


def derivative_at_activation(z):
    a = 1 / (1 + np.exp(-z))
    b = 1 / (1 + np.exp(-a))
    return b * (1 - b)


def derivative_is_constant(z):
    return np.full(np.shape(z), 0.25)


def derivative_overflows(z):
    with np.errstate(all="ignore"):
        return np.exp(-z) / (1 + np.exp(-z)) ** 2


def derivative_sign(z):
    a = 1 / (1 + np.exp(-z))
    return a * (a - 1)


LOGISTIC_DERIVATIVE = Exercise(
    cases=[
        Cases("moderate numbers", moderate_inputs, share=0.5),
        Cases("one number", one_number, share=0.15),
        Cases("whole numbers", whole_numbers, share=0.15),
        Cases("far from zero", far_from_zero, share=0.2, count=2),
    ],
    misconceptions=[
        Misconception(
            "z-for-activation",
            derivative_of_activation,
            "You put z where the activation belongs. The product of a and 1 - a needs the "
            "activation, and your function is given the pre-activation.",
            f"{UNITS}#The logistic function",
        ),
        Misconception(
            "squashed-twice",
            derivative_at_activation,
            "You squashed z twice before taking the slope. The slope is asked at z itself.",
            f"{OUTPUT}#In code",
        ),
        Misconception(
            "constant-slope",
            derivative_is_constant,
            "One quarter is the slope at z = 0 only. The curve is flatter everywhere else.",
            f"{UNITS}#The logistic function",
        ),
        Misconception(
            "overflow",
            derivative_overflows,
            "Correct in the middle, but for a very negative z your function divides infinity by "
            "infinity. Can the slope be written with the activation alone?",
            f"{UNITS}#The logistic function",
        ),
        Misconception(
            "sign-turned-round",
            derivative_sign,
            "Your slope is negative, but the curve rises everywhere.",
            f"{UNITS}#The logistic function",
        ),
    ],
    hints=[
        "What is the slope at z = 0, and what does it come to far out? Draw the curve first.",
        "Your function of exercise 1 gives the activation at z. The slope is a product of two "
        "factors that are made of it.",
    ],
    equivalent={
        "z.real < 0 -> z.real <= 0": "at 0 both forms give the same number",
        "0 -> 1": "between 0 and 1 both forms are safe and equal",
    },
)


# Pre-activation of one unit


def unit_inputs(n_in):
    def draw(rng):
        return rng.normal(size=n_in), rng.normal(size=n_in), float(rng.normal())

    return draw


def whole_unit_inputs(rng):
    return rng.integers(-4, 5, 3), rng.integers(-4, 5, 3), int(rng.integers(1, 5))


def unit_without_bias(w, x, b):
    return np.sum(w * x)


def unit_product_of_sums(w, x, b):
    return np.sum(w) * np.sum(x) + b


def unit_bias_times_inputs(w, x, b):
    return np.sum(w * x + b)


def unit_mean(w, x, b):
    return np.mean(w * x) + b


def unit_squashed(w, x, b):
    return logistic(np.dot(w, x) + b)


def unit_bias_subtracted(w, x, b):
    return np.dot(w, x) - b


UNIT_PREACTIVATION = Exercise(
    cases=[
        Cases("four inputs", unit_inputs(4), share=0.6),
        Cases("two inputs", unit_inputs(2), share=0.2),
        Cases("one input", unit_inputs(1), share=0.1, count=2),
        Cases("whole numbers", whole_unit_inputs, share=0.1),
    ],
    misconceptions=[
        Misconception(
            "bias-forgotten",
            unit_without_bias,
            "Your sum lacks the bias, the weight of a constant input 1.",
            f"{UNITS}#The bias",
        ),
        Misconception(
            "product-of-sums",
            unit_product_of_sums,
            "You multiply the sum of the weights by the sum of the inputs. Each input has a "
            "weight of its own: multiply first, then add up.",
            f"{UNITS}#A unit",
        ),
        Misconception(
            "bias-with-every-input",
            unit_bias_times_inputs,
            "You add the bias once for every input. A unit has one bias.",
            f"{UNITS}#The bias",
        ),
        Misconception(
            "mean-for-sum",
            unit_mean,
            "You average the products. A unit adds them up, so that more inputs can give more.",
            f"{UNITS}#A unit",
        ),
        Misconception(
            "squashed",
            unit_squashed,
            "This is the activation. Asked for is the number before it is squashed.",
            f"{UNITS}#A unit",
        ),
        Misconception(
            "bias-subtracted",
            unit_bias_subtracted,
            "The sum of products is right, and the bias has the wrong sign: it is added.",
            f"{UNITS}#The bias",
        ),
    ],
    hints=[
        "With two inputs there are three terms. Write them down.",
        "One product for each input; one term belongs to no input.",
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


def layer_squashed(W, x, b):
    return logistic(W @ x + b)


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
        Misconception(
            "squashed",
            layer_squashed,
            "These are the activations. Asked for are the numbers before they are squashed.",
            f"{UNITS}#A layer",
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


def cost_mean_of_squares(A, Y):
    return np.mean((A - Y) ** 2)


def cost_by_outputs(A, Y):
    return 0.5 * np.sum((A - Y) ** 2) / np.shape(A)[1]


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
        Misconception(
            "mean-of-squares",
            cost_mean_of_squares,
            "This is the mean over all entries of the table, without the half. The cost adds up"
            " over the output units, averages over the patterns, and has a factor one half.",
            f"{COST}#Many patterns",
        ),
        Misconception(
            "averaged-over-outputs-only",
            cost_by_outputs,
            "You add up over the patterns and average over the output units. It is the other way "
            "round.",
            f"{COST}#Many patterns",
        ),
    ],
    hints=[
        "Take one pattern first, and work out its cost by hand.",
        "One sum runs over the outputs, one over the patterns. Which of them is averaged?",
    ],
    equivalent={
        "pattern_cost(A[p], Y[p]) -> pattern_cost(Y[p], A[p])": "the square has no sign",
    },
)


# Central difference


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


def difference_one_sided(f, x, h=2.0**-17):
    return (f(x + h) - f(x)) / h


def difference_backward(f, x, h=2.0**-17):
    return (f(x) - f(x - h)) / h


def difference_over_h(f, x, h=2.0**-17):
    return (f(x + h) - f(x - h)) / h


def difference_half_way(f, x, h=2.0**-17):
    return (f(x + h) - f(x)) / (2 * h)


def difference_reversed(f, x, h=2.0**-17):
    return (f(x - h) - f(x + h)) / (2 * h)


def difference_own_step(f, x, h=2.0**-17):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


def multiplied_by_step(f, x, h=2.0**-17):
    return (f(x + h) - f(x - h)) / 2 * h


CENTRAL_DIFFERENCE = Exercise(
    cases=[
        Cases("a long step", long_step, share=0.5),
        Cases("a short step", short_step, share=0.2),
        Cases("the usual step", usual_step, share=0.2),
        Cases("at a whole number", whole_place, share=0.1),
    ],
    misconceptions=[
        Misconception(
            "one-sided",
            difference_one_sided,
            "You look to one side only, from x to x + h. The central difference looks to both "
            "sides, and the bend of the curve drops out of it.",
            f"{WIGGLE}#From both sides",
        ),
        Misconception(
            "backward",
            difference_backward,
            "You look to one side only, from x - h to x. The central difference looks to both "
            "sides.",
            f"{WIGGLE}#From both sides",
        ),
        Misconception(
            "divided-by-h",
            difference_over_h,
            "Your slope is twice too steep. How far apart are the two places where you call f?",
            f"{WIGGLE}#From both sides",
        ),
        Misconception(
            "half-way",
            difference_half_way,
            "You divide by the distance of two steps, but the two places where you call f are "
            "one step apart.",
            f"{WIGGLE}#From both sides",
        ),
        Misconception(
            "reversed",
            difference_reversed,
            "Right in size, wrong in sign: where f rises, your slope is negative. Which of the "
            "two values do you subtract?",
            f"{WIGGLE}#From both sides",
        ),
        Misconception(
            "own-step",
            difference_own_step,
            "Your step is a number of your own. Use the step h that the caller gives; with a long "
            "step the result must show it.",
            f"{WIGGLE}#From both sides",
        ),
        Misconception(
            "multiplied-by-h",
            multiplied_by_step,
            "You divide by 2 and then multiply by h. In Python a product in the denominator needs "
            "brackets.",
            f"{WIGGLE}#From both sides",
        ),
    ],
    hints=[
        "Draw a curve, a place x, and the two places h to the left and to the right of it.",
        "Rise over run: which two values of f, and how far apart are their places?",
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


def deltas_with_tanh_slope(a, y):
    return (a - y) * (1 - a**2)


def deltas_error_only(a, y):
    return y - a


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
            f"{OUTPUT}#One path",
        ),
        Misconception(
            "sign-turned-round",
            deltas_wrong_sign,
            "Right in size, wrong in sign. If the activation is above its target, a larger z "
            "makes the cost larger: then delta is positive.",
            f"{OUTPUT}#One path",
        ),
        Misconception(
            "derivative-at-activation",
            deltas_slope_at_activation,
            "You squashed the activation once more before taking the slope. It has been squashed "
            "already: the slope at z, written with the activation, is a(1 - a).",
            f"{UNITS}#The logistic function",
        ),
        Misconception(
            "slope-of-tanh",
            deltas_with_tanh_slope,
            "You took the slope of tanh. These units are logistic, and their slope is another "
            "product of two factors.",
            f"{OUTPUT}#One path",
        ),
        Misconception(
            "slope-and-sign",
            deltas_error_only,
            "This is target minus activation. The influence of the activation has the other "
            "sign, and the step from z to a is missing.",
            f"{OUTPUT}#One path",
        ),
    ],
    hints=[
        "Two factors: how the cost changes with a, and how a changes with z.",
        "The second factor can be written with the activation alone. At which activation is it "
        "largest?",
    ],
)


# Deltas of the hidden units


def hidden_inputs(n_next, n_hidden):
    def draw(rng):
        return (
            rng.normal(size=(n_next, n_hidden)),
            rng.normal(size=n_next),
            rng.uniform(0.05, 0.95, n_hidden),
        )

    return draw


def hidden_transposed(W_next, deltas_next, a):
    return (W_next @ deltas_next) * a * (1 - a)


def hidden_without_slope(W_next, deltas_next, a):
    return W_next.T @ deltas_next


def hidden_last_path_only(W_next, deltas_next, a):
    for weights, delta in zip(W_next, deltas_next, strict=True):
        influence = weights * delta
    return influence * a * (1 - a)


def hidden_without_weights(W_next, deltas_next, a):
    return np.sum(deltas_next) * a * (1 - a)


def hidden_slope_at_activation(W_next, deltas_next, a):
    s = 1 / (1 + np.exp(-a))
    return (W_next.T @ deltas_next) * s * (1 - s)


def hidden_mean_over_paths(W_next, deltas_next, a):
    return (W_next.T @ deltas_next) / len(deltas_next) * a * (1 - a)


def hidden_first_path(W_next, deltas_next, a):
    return W_next[0] * deltas_next[0] * a * (1 - a)


HIDDEN_DELTAS = Exercise(
    cases=[
        Cases("two hidden units, three outputs", hidden_inputs(3, 2), share=0.4),
        Cases("four hidden units, three outputs", hidden_inputs(3, 4), share=0.3),
        Cases("as many hidden as output units", hidden_inputs(3, 3), share=0.2),
        Cases("one output", hidden_inputs(1, 3), share=0.1, count=2),
    ],
    misconceptions=[
        Misconception(
            "weights-transposed",
            hidden_transposed,
            "You add up along the wrong axis of W_next. The sum runs over the units that hidden "
            "unit j feeds, so over the rows: look at one column of W_next.",
            f"{HIDDEN}#The influence of a hidden unit",
        ),
        Misconception(
            "slope-missing",
            hidden_without_slope,
            "This is how fast the cost changes with the activation of the hidden unit. Delta asks "
            "about its pre-activation: the slope of the unit is missing.",
            f"{HIDDEN}#The number δ of a hidden unit",
        ),
        Misconception(
            "last-path-only",
            hidden_last_path_only,
            "You follow the path through the last unit only. Each unit that the hidden unit feeds "
            "is one path to the cost, and paths add: perhaps an = stands where += is meant.",
            f"{TWO_PATHS}#Why they add",
        ),
        Misconception(
            "weights-missing",
            hidden_without_weights,
            "You add up the deltas of the next layer without the weights on the way. Seen from "
            "the hidden unit, the weight says how much of its activation arrives.",
            f"{HIDDEN}#The influence of a hidden unit",
        ),
        Misconception(
            "slope-at-activation",
            hidden_slope_at_activation,
            "You squashed the activation once more before taking the slope; it has been squashed "
            "already.",
            f"{OUTPUT}#In code",
        ),
        Misconception(
            "mean-over-paths",
            hidden_mean_over_paths,
            "You average over the paths. Influences along different paths add.",
            f"{TWO_PATHS}#Why they add",
        ),
        Misconception(
            "first-path-only",
            hidden_first_path,
            "You follow the path through the first unit only. Each unit that the hidden unit "
            "feeds is one path to the cost, and paths add: perhaps a return stands inside of a "
            "loop.",
            f"{TWO_PATHS}#Why they add",
        ),
    ],
    hints=[
        "Take one hidden unit, and list the units that it feeds. Each is one path to the cost.",
        "Each path brings back a delta, times the weight on the way. What is done with the paths? "
        "Which factor belongs to the hidden unit itself?",
    ],
)


# One training step


class UnitLayer(NamedTuple):
    """A layer as the notebook knows it."""

    W: np.ndarray
    b: np.ndarray


def pattern_and_network(*sizes):
    def draw(rng):
        network = [
            UnitLayer(rng.normal(size=(n_out, n_in)), rng.normal(size=n_out))
            for n_in, n_out in pairwise(sizes)
        ]
        x, y = rng.normal(size=sizes[0]), rng.uniform(0.05, 0.95, sizes[-1])
        return network, x, y, float(rng.uniform(0.5, 4))

    return draw


def squash(z):
    return 1 / (1 + np.exp(-z))


def passes(network, x, y, slope=lambda a: a * (1 - a)):
    """Activations and deltas of all layers; a mistake may put another slope in."""
    activations = [x]
    for W, b in network:
        activations.append(squash(W @ activations[-1] + b))
    a = activations[-1]
    deltas = [(a - y) * a * (1 - a)]
    for (W, _), a in zip(network[:0:-1], activations[-2:0:-1], strict=True):
        deltas.insert(0, (W.T @ deltas[0]) * slope(a))
    return activations, deltas


def step_uphill(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    return [
        (W + learning_rate * np.outer(d, a), b + learning_rate * d)
        for (W, b), d, a in zip(network, deltas, activations[:-1], strict=True)
    ]


def step_with_changed_weights(network, x, y, learning_rate):
    activations, _ = passes(network, x, y)
    a = activations[-1]
    delta, changed = (a - y) * a * (1 - a), []
    for layer in reversed(range(len(network))):
        W, b = network[layer]
        a = activations[layer]
        W = W - learning_rate * np.outer(delta, a)
        changed.insert(0, (W, b - learning_rate * delta))
        delta = (W.T @ delta) * a * (1 - a)
    return changed


def step_without_biases(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    return [
        (W - learning_rate * np.outer(d, a), b)
        for (W, b), d, a in zip(network, deltas, activations[:-1], strict=True)
    ]


def step_without_hidden_slope(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y, slope=np.ones_like)
    return [
        (W - learning_rate * np.outer(d, a), b - learning_rate * d)
        for (W, b), d, a in zip(network, deltas, activations[:-1], strict=True)
    ]


def step_without_rate(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    return [
        (W - np.outer(d, a), b - d)
        for (W, b), d, a in zip(network, deltas, activations[:-1], strict=True)
    ]


def step_output_layer_only(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    W, b = network[-1]
    d, a = deltas[-1], activations[-2]
    last = (W - learning_rate * np.outer(d, a), b - learning_rate * d)
    return [*network[:-1], last]


def step_returns_changes(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    return [
        (-learning_rate * np.outer(d, a), -learning_rate * d)
        for d, a in zip(deltas, activations[:-1], strict=True)
    ]


def step_in_place(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    for (W, b), d, a in zip(network, deltas, activations[:-1], strict=True):
        W -= learning_rate * np.outer(d, a)
        b -= learning_rate * d
    return network


def step_with_biases_uphill(network, x, y, learning_rate):
    right, wrong = (step(network, x, y, learning_rate) for step in (step_downhill, step_uphill))
    return [(W, b) for (W, _), (_, b) in zip(right, wrong, strict=True)]


def step_downhill(network, x, y, learning_rate):
    return step_uphill(network, x, y, -learning_rate)


def step_with_factors_swapped(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    return [
        (W - learning_rate * np.outer(a, d), b - learning_rate * d)
        for (W, b), d, a in zip(network, deltas, activations[:-1], strict=True)
    ]


def step_returns_gradients(network, x, y, learning_rate):
    activations, deltas = passes(network, x, y)
    pairs = zip(deltas, activations[:-1], strict=True)
    return [(np.outer(d, a), d) for d, a in pairs]


TRAIN_STEP = Exercise(
    cases=[
        Cases("one hidden layer", pattern_and_network(3, 2, 4), share=0.5),
        Cases("two hidden layers", pattern_and_network(2, 4, 3, 5), share=0.2, count=2),
        Cases("all layers of the same size", pattern_and_network(3, 3, 3), share=0.2),
        Cases("no hidden layer", pattern_and_network(3, 2), share=0.1, count=2),
    ],
    misconceptions=[
        Misconception(
            "uphill",
            step_uphill,
            "Your step goes uphill: the cost rises. If the cost grows with a weight, the weight "
            "must become smaller.",
            "book/chain_rule/influence#The sign",
        ),
        Misconception(
            "changed-weights",
            step_with_changed_weights,
            "The deltas of a hidden layer use weights that you have changed already. Finish all "
            "deltas, with the network that made the activations, before any weight changes.",
            f"{WHOLE}#The order matters",
        ),
        Misconception(
            "biases-not-trained",
            step_without_biases,
            "The weights are right, but the biases stay as they were. A bias is the weight of a "
            "constant input 1 and learns like any other.",
            f"{OUTPUT}#The bias",
        ),
        Misconception(
            "hidden-slope-missing",
            step_without_hidden_slope,
            "The output layer is right; in the hidden layers the slope of the units is missing.",
            f"{HIDDEN}#The number δ of a hidden unit",
        ),
        Misconception(
            "rate-missing",
            step_without_rate,
            "The direction is right, but the learning rate does not enter.",
            "book/chain_rule/influence#How much?",
        ),
        Misconception(
            "output-layer-only",
            step_output_layer_only,
            "Only the output layer learns. Each layer has weights, and all of them change.",
            f"{WHOLE}#The changes",
        ),
        Misconception(
            "changes-returned",
            step_returns_changes,
            "You return the changes. Asked for is the network after the step: old parameters plus "
            "changes.",
            f"{WHOLE}#The changes",
        ),
        Misconception(
            "network-overwritten",
            step_in_place,
            "The numbers are right, but you overwrite the network that you were given. The caller "
            "still needs it: make new arrays.",
            f"{WHOLE}#The order matters",
        ),
        Misconception(
            "biases-uphill",
            step_with_biases_uphill,
            "The weights are right, and the biases go uphill: a bias changes by the same rule as a "
            "weight, with the same sign.",
            f"{WHOLE}#The changes",
        ),
        Misconception(
            "factors-swapped",
            step_with_factors_swapped,
            "The two factors of the change of a weight have changed places: W[i, j] leads from "
            "unit j to unit i, so its row belongs to the delta.",
            f"{OUTPUT}#The number δ",
        ),
        Misconception(
            "gradients-returned",
            step_returns_gradients,
            "You return the gradients. Asked for is the network after the step: old weights and"
            " biases minus the learning rate times these.",
            f"{WHOLE}#The changes",
        ),
    ],
    hints=[
        "Three loops, one after the other: activations forward, deltas backward, then changes.",
        "Keep the activations of all layers, the inputs first. Which of them meets which delta?",
    ],
    equivalent={
        "apply_changes(network, changes) -> apply_changes(changes, network)": "sums commute",
        "apply_changes: zip(network, changes, strict=True) -> zip(changes, network, strict=True)": (
            "sums commute"
        ),
    },
)


# Which mistake?


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


def mistake_ignores_sign(a, y, deltas):
    return "right" if which_mistake(a, y, deltas) == "sign" else which_mistake(a, y, deltas)


def mistake_never_twice(a, y, deltas):
    found = which_mistake(a, y, deltas)
    return "no slope" if found == "squashed twice" else found


def mistake_target_minus_activation(a, y, deltas):
    swapped = {"right": "sign", "sign": "right"}
    found = which_mistake(a, y, deltas)
    return swapped.get(found, "no slope" if found == "no slope" else found)


WHICH_MISTAKE = Exercise(
    cases=[
        Cases(
            "what four programs gave",
            [
                deltas_made_by(deltas_right),
                deltas_made_by(deltas_wrong_sign),
                deltas_made_by(deltas_without_slope),
                deltas_made_by(deltas_slope_at_activation),
            ],
            share=1,
            count=36,
        )
    ],
    misconceptions=[
        Misconception(
            "sign-not-seen",
            mistake_ignores_sign,
            "Deltas of the opposite sign are called right. Compare the numbers, not their sizes.",
            f"{OUTPUT}#The number δ",
        ),
        Misconception(
            "twice-not-seen",
            mistake_never_twice,
            "Deltas whose slope was taken at the activation are called deltas without a slope. "
            "Work out what that mistake gives, and compare.",
            f"{OUTPUT}#In code",
        ),
        Misconception(
            "own-sign-turned-round",
            mistake_target_minus_activation,
            "What is right you call a mistake of sign, and the reverse. If the activation is above "
            "its target, is delta positive or negative?",
            f"{OUTPUT}#The number δ",
        ),
    ],
    hints=[
        "Four ways to compute: write each as a line of code, and see which one gives the numbers.",
        "Numbers that were computed agree to many digits, not to all: compare with np.allclose.",
    ],
    equivalent={
        "np.allclose(answer, deltas) -> np.allclose(deltas, answer)": (
            "the two tolerances differ by a part in 100000 of themselves"
        ),
    },
)


# A weight that is used twice


def shared_weight_slope(w, x, y):
    r"""Influence of a weight that two units share, on the cost of one pattern.

    Two logistic units stand one behind the other. Both have the same weight w, and no bias: the
    first receives x, the second receives what the first sends.

    Parameters
    ----------
    w : float
        The weight, of both connections.
    x : float
        Input of the first unit.
    y : float
        Target of the second unit.

    Returns
    -------
    float
        dC/dw, where C is half the squared error of the second unit.

    Examples
    --------
    >>> round(float(shared_weight_slope(1.0, 2.0, 0.0)), 4)
    0.1598
    """
    hidden = logistic(w * x)
    a = logistic(w * hidden)
    delta = (a - y) * a * (1 - a)
    delta_hidden = w * delta * hidden * (1 - hidden)
    return delta * hidden + delta_hidden * x


def one_shared_weight(rng):
    sign = rng.choice([-1.0, 1.0])
    return float(sign * rng.uniform(0.5, 2)), float(rng.normal(scale=2)), float(rng.uniform())


def whole_shared_weight(rng):
    return int(rng.choice([-2, -1, 1, 2])), int(rng.choice([-2, -1, 1, 2])), int(rng.integers(0, 2))


def shared_parts(w, x, y):
    hidden = squash(w * x)
    a = squash(w * hidden)
    return hidden, (a - y) * a * (1 - a)


def shared_late_path_only(w, x, y):
    hidden, delta = shared_parts(w, x, y)
    return delta * hidden


def shared_early_path_only(w, x, y):
    hidden, delta = shared_parts(w, x, y)
    return w * delta * hidden * (1 - hidden) * x


def shared_without_inner_slope(w, x, y):
    hidden, delta = shared_parts(w, x, y)
    return delta * hidden + w * delta * x


def shared_without_weight(w, x, y):
    hidden, delta = shared_parts(w, x, y)
    return delta * hidden + delta * hidden * (1 - hidden) * x


def shared_mean_of_paths(w, x, y):
    return (shared_late_path_only(w, x, y) + shared_early_path_only(w, x, y)) / 2


def shared_product(w, x, y):
    h = logistic(w * x)
    a = logistic(w * h)
    return (a - y) * a * (1 - a) * h * (w * h * (1 - h) * x)


SHARED_WEIGHT = Exercise(
    cases=[
        Cases("numbers", one_shared_weight, share=0.8, count=6),
        Cases("whole numbers", whole_shared_weight, share=0.2),
    ],
    misconceptions=[
        Misconception(
            "late-path-only",
            shared_late_path_only,
            "You see the weight where the second unit uses it. The first unit uses it too: w has "
            "two paths to the cost.",
            f"{TWO_PATHS}#Why they add",
        ),
        Misconception(
            "early-path-only",
            shared_early_path_only,
            "You see the weight where the first unit uses it. The second unit uses it too: w has "
            "two paths to the cost.",
            f"{TWO_PATHS}#Why they add",
        ),
        Misconception(
            "inner-slope-missing",
            shared_without_inner_slope,
            "On the long path the slope of the first unit is missing.",
            f"{HIDDEN}#The number δ of a hidden unit",
        ),
        Misconception(
            "inner-weight-missing",
            shared_without_weight,
            "On the long path something is missing: how much of the first unit's activation "
            "arrives at the second?",
            f"{HIDDEN}#The influence of a hidden unit",
        ),
        Misconception(
            "paths-averaged",
            shared_mean_of_paths,
            "You average the two paths. Influences along different paths add.",
            f"{TWO_PATHS}#Why they add",
        ),
        Misconception(
            "paths-multiplied",
            shared_product,
            "You multiply the two paths. Along a path influences multiply; different paths add.",
            f"{TWO_PATHS}#Why they add",
        ),
    ],
    hints=[
        "Give the weight two names for a moment, one at each connection. What is the influence of "
        "each? And if both move together?",
        "Measure it: your central difference takes the cost as a function of w.",
    ],
)


# A pass worked by hand


def forward_by_hand(student_id):
    r"""Forward pass of a small network, with the student's own numbers.

    Parameters
    ----------
    student_id : str
        The name under which you hand in. Your answer is a dict that you type, so you need not
        use it.

    Returns
    -------
    dict
        "set", the number of your set, and, to four digits each: "z_hidden", "a_hidden" of the
        hidden unit, "z_1", "a_1", "z_2", "a_2" of the two output units, and the "cost".
    """
    own = my_numbers(student_id)
    z_hidden = own["w1"] * own["x1"] + own["w2"] * own["x2"] + own["b"]
    a_hidden = logistic(z_hidden)
    z_1, z_2 = own["v1"] * a_hidden + own["c1"], own["v2"] * a_hidden + own["c2"]
    a_1, a_2 = logistic(z_1), logistic(z_2)
    cost = ((own["y1"] - a_1) ** 2 + (own["y2"] - a_2) ** 2) / 2
    answers = {"set": own["set"], "z_hidden": z_hidden, "a_hidden": a_hidden}
    return answers | {"z_1": z_1, "a_1": a_1, "z_2": z_2, "a_2": a_2, "cost": cost}


def backward_by_hand(student_id):
    r"""Backward pass of the same network, factor by factor.

    Parameters
    ----------
    student_id : str
        The name under which you hand in. Your answer is a dict that you type, so you need not
        use it.

    Returns
    -------
    dict
        "set", the number of your set, and, to four digits each: "delta_1" and "delta_2" of the
        output units, "influence" of the hidden activation on the cost, "delta_hidden", and the
        gradients "dv1" of the weight v1, "dw1" of the weight w1 and "db" of the bias b.
    """
    own = my_numbers(student_id)
    a_hidden = logistic(own["w1"] * own["x1"] + own["w2"] * own["x2"] + own["b"])
    a_1 = logistic(own["v1"] * a_hidden + own["c1"])
    a_2 = logistic(own["v2"] * a_hidden + own["c2"])
    delta_1 = (a_1 - own["y1"]) * a_1 * (1 - a_1)
    delta_2 = (a_2 - own["y2"]) * a_2 * (1 - a_2)
    influence = own["v1"] * delta_1 + own["v2"] * delta_2
    delta_hidden = influence * a_hidden * (1 - a_hidden)
    answers = {"set": own["set"], "delta_1": delta_1, "delta_2": delta_2, "influence": influence}
    gradients = {"dv1": delta_1 * a_hidden, "dw1": delta_hidden * own["x1"], "db": delta_hidden}
    return answers | {"delta_hidden": delta_hidden} | gradients


def somebody(rng):
    return (f"student {rng.integers(10**9)}",)


def forward_from(own, z_hidden):
    """The rest of the forward pass, and what it rests on."""
    a_hidden = logistic(z_hidden)
    z_1, z_2 = own["v1"] * a_hidden + own["c1"], own["v2"] * a_hidden + own["c2"]
    a_1, a_2 = logistic(z_1), logistic(z_2)
    cost = ((own["y1"] - a_1) ** 2 + (own["y2"] - a_2) ** 2) / 2
    answers = {"set": own["set"], "z_hidden": z_hidden, "a_hidden": a_hidden}
    return answers | {"z_1": z_1, "a_1": a_1, "z_2": z_2, "a_2": a_2, "cost": cost}


def forward_without_bias(student_id):
    own = my_numbers(student_id)
    return forward_from(own, own["w1"] * own["x1"] + own["w2"] * own["x2"])


def forward_from_inputs(student_id):
    own, answers = my_numbers(student_id), forward_by_hand(student_id)
    for unit in "12":
        answers[f"z_{unit}"] = own[f"v{unit}"] * answers["z_hidden"] + own[f"c{unit}"]
        answers[f"a_{unit}"] = logistic(answers[f"z_{unit}"])
    errors = [own["y1"] - answers["a_1"], own["y2"] - answers["a_2"]]
    return answers | {"cost": (errors[0] ** 2 + errors[1] ** 2) / 2}


def forward_without_half(student_id):
    answers = forward_by_hand(student_id)
    return answers | {"cost": 2 * answers["cost"]}


def forward_mean_of_outputs(student_id):
    answers = forward_by_hand(student_id)
    return answers | {"cost": answers["cost"] / 2}


def backward_from(student_id, delta_1, delta_2, influence=None, slope=None):
    """The rest of the backward pass, where a mistake goes on rightly."""
    own, a_hidden = my_numbers(student_id), forward_by_hand(student_id)["a_hidden"]
    if influence is None:
        influence = own["v1"] * delta_1 + own["v2"] * delta_2
    delta_hidden = influence * (a_hidden * (1 - a_hidden) if slope is None else slope)
    answers = {"set": own["set"], "delta_1": delta_1, "delta_2": delta_2, "influence": influence}
    gradients = {"dv1": delta_1 * a_hidden, "dw1": delta_hidden * own["x1"], "db": delta_hidden}
    return answers | {"delta_hidden": delta_hidden} | gradients


def right_deltas(student_id):
    right = backward_by_hand(student_id)
    return right["delta_1"], right["delta_2"]


def backward_without_slope(student_id):
    own, passed = my_numbers(student_id), forward_by_hand(student_id)
    return backward_from(student_id, passed["a_1"] - own["y1"], passed["a_2"] - own["y2"])


def backward_sign(student_id):
    delta_1, delta_2 = right_deltas(student_id)
    return backward_from(student_id, -delta_1, -delta_2)


def backward_last_path(student_id):
    deltas = right_deltas(student_id)
    return backward_from(student_id, *deltas, my_numbers(student_id)["v2"] * deltas[1])


def backward_first_path(student_id):
    deltas = right_deltas(student_id)
    return backward_from(student_id, *deltas, my_numbers(student_id)["v1"] * deltas[0])


def backward_without_hidden_slope(student_id):
    return backward_from(student_id, *right_deltas(student_id), slope=1)


def backward_activation_for_input(student_id):
    right = backward_by_hand(student_id)
    return right | {"dw1": right["delta_hidden"] * forward_by_hand(student_id)["a_hidden"]}


FORWARD_BY_HAND = Exercise(
    cases=[Cases("your own numbers", somebody, share=1, count=1)],
    misconceptions=[
        Misconception(
            "bias-forgotten",
            forward_without_bias,
            "The pre-activation of the hidden unit lacks its bias.",
            f"{UNITS}#The bias",
        ),
        Misconception(
            "pre-activation-sent-on",
            forward_from_inputs,
            "The output units receive what the hidden unit sends: its activation, not its "
            "pre-activation.",
            f"{UNITS}#The forward pass",
        ),
        Misconception(
            "half-forgotten",
            forward_without_half,
            "Your cost is twice what it should be: the square has a factor one half in front.",
            f"{COST}#One pattern",
        ),
        Misconception(
            "mean-over-outputs",
            forward_mean_of_outputs,
            "You average over the two output units. The cost of one pattern is a sum over them.",
            f"{COST}#One pattern",
        ),
    ],
    hints=["One unit after the other: z first, then a.", "Keep all digits until you type."],
    rtol=5e-3,
    personal=True,
)

BACKWARD_BY_HAND = Exercise(
    cases=[Cases("your own numbers", somebody, share=1, count=1)],
    misconceptions=[
        Misconception(
            "slope-missing",
            backward_without_slope,
            "Your deltas are the influences of the activations. The slopes of the output units "
            "are missing.",
            f"{OUTPUT}#The number δ",
        ),
        Misconception(
            "sign-turned-round",
            backward_sign,
            "Your deltas have the wrong sign: an activation above its target has a positive delta.",
            f"{OUTPUT}#The number δ",
        ),
        Misconception(
            "second-path-only",
            backward_last_path,
            "The hidden unit feeds two output units; you followed the second path only.",
            f"{TWO_PATHS}#Why they add",
        ),
        Misconception(
            "first-path-only",
            backward_first_path,
            "The hidden unit feeds two output units; you followed the first path only.",
            f"{TWO_PATHS}#Why they add",
        ),
        Misconception(
            "hidden-slope-missing",
            backward_without_hidden_slope,
            "The influence is right; for delta the slope of the hidden unit is missing.",
            f"{HIDDEN}#The number δ of a hidden unit",
        ),
        Misconception(
            "activation-for-input",
            backward_activation_for_input,
            "The weight w1 leads from an input to the hidden unit. What comes in along it?",
            f"{HIDDEN}#The number δ of a hidden unit",
        ),
    ],
    hints=[
        "Write each factor as a symbol first, then its number.",
        "Every delta is an influence times a slope; every gradient a delta times what comes in.",
    ],
    rtol=5e-3,
    personal=True,
)


EXERCISES = {
    "ps1-logistic": LOGISTIC,
    "ps1-logistic-derivative": LOGISTIC_DERIVATIVE,
    "ps1-unit-preactivation": UNIT_PREACTIVATION,
    "ps1-layer-preactivation": LAYER_PREACTIVATION,
    "ps1-mean-cost": MEAN_COST,
    "ps1-central-difference": CENTRAL_DIFFERENCE,
    "ps1-output-deltas": OUTPUT_DELTAS,
    "ps1-which-mistake": WHICH_MISTAKE,
    "ps1-hidden-deltas": HIDDEN_DELTAS,
    "ps1-forward-by-hand": FORWARD_BY_HAND,
    "ps1-backward-by-hand": BACKWARD_BY_HAND,
    "ps1-train-step": TRAIN_STEP,
    "ps1-shared-weight": SHARED_WEIGHT,
}
