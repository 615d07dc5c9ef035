"""Reverse mode on a tape of numbers."""

import math

import numpy as np

from backprop.tape import Variable, backward
from coursekit.authoring.exercises import Cases, Exercise

from .pages import DEPTH, PATHS


def tape_gradient(x: np.ndarray, tape: list[tuple]) -> np.ndarray:
    """Gradient of the last value on a tape with respect to all inputs, by reverse mode.

    Parameters
    ----------
    x : array, shape (n,)
        Inputs; they are the values number 0 to n - 1.
    tape : list of tuple
        Each entry computes the next value, number n, n + 1 and so on, from earlier ones:
        `("add", i, j)`, `("mul", i, j)`, `("exp", i)` or `("sin", i)`, where i and j are numbers
        of values. i and j may be equal, and a value may be used any number of times.

    Returns
    -------
    array, shape (n,)
        Derivative of the last value with respect to each input; 0 for one that it does not
        depend on.

    Examples
    --------
    >>> tape_gradient(np.array([2.0, 3.0]), [("mul", 0, 1), ("add", 2, 0)])
    array([4., 2.])
    """
    values = list(x)
    compute = {"add": np.add, "mul": np.multiply, "exp": np.exp, "sin": np.sin}
    for operation, *operands in tape:
        values.append(compute[operation](*(values[k] for k in operands)))
    slopes = {
        "add": lambda a, b: (1.0, 1.0),
        "mul": lambda a, b: (b, a),
        "exp": lambda a: (np.exp(a),),
        "sin": lambda a: (np.cos(a),),
    }
    gradients = np.zeros(len(values))
    gradients[-1] = 1.0
    for number in reversed(range(len(x), len(values))):
        operation, *operands = tape[number - len(x)]
        local = slopes[operation](*(values[k] for k in operands))
        for k, slope in zip(operands, local, strict=True):
            gradients[k] += gradients[number] * slope
    return gradients[: len(x)]


def given_tape(n, tape):
    def draw(rng):
        return rng.uniform(-1, 1, n), [tuple(entry) for entry in tape]

    return draw


def random_tape(rng):
    """A tape of seven operations whose values stay small, so that rounding does."""
    tape = []
    for number in range(3, 10):
        operation = ["add", "mul", "exp", "sin"][rng.integers(4)]
        operands = [number - 1, int(rng.integers(number))]
        tape.append((operation, *operands[: 1 if operation in ("exp", "sin") else 2]))
    x = rng.uniform(-1, 1, 3)
    return (x, tape) if np.abs(tape_values(x, tape)).max() < 20 else random_tape(rng)


def tape_values(x, tape):
    values = list(x)
    compute = {"add": np.add, "mul": np.multiply, "exp": np.exp, "sin": np.sin}
    with np.errstate(over="ignore", invalid="ignore"):
        for operation, *operands in tape:
            values.append(compute[operation](*(values[k] for k in operands)))
    return np.nan_to_num(values, nan=np.inf)


CHAIN = [("sin", 0), ("exp", 1), ("mul", 2, 2)]

FORK = [("mul", 0, 1), ("exp", 2), ("mul", 3, 0), ("add", 4, 1)]
"""Its last operations take inputs directly, so that no order of the tape leaves all of them 0."""

DIAMOND = [("mul", 0, 1), ("exp", 2), ("sin", 3), ("mul", 2, 4), ("add", 5, 3), ("mul", 6, 6)]

SEVERAL = [given_tape(2, DIAMOND), given_tape(2, FORK)]

EXERCISE = Exercise(
    tape_gradient,
    cases=[
        Cases("a chain", given_tape(1, CHAIN), share=0.2),
        Cases("a value that is used several times", SEVERAL, share=0.4),
        Cases("random tapes", random_tape, share=0.4, count=6),
    ],
    hints=[
        "A value is used twice further on. How many contributions does its gradient get, and what "
        "happens to them?",
        "Look at the two loops: one goes forward and fills a list of values, the other goes "
        "backward over the tape. Every gradient starts at 0, except the last.",
        "Most often there is an = where += is meant, or the local slope is not multiplied by "
        "the gradient of the value that it leads to. Else one of the operations has the wrong "
        "slope: a sign, one of its two inputs, or one value that is both inputs and counts only"
        " once.",
    ],
    axes={"n": "input"},
)


@EXERCISE.in_package
def by_backprop(x, tape):
    compute = {"add": np.add, "mul": np.multiply, "exp": np.exp, "sin": np.sin}
    values = [Variable(number) for number in x]
    for operation, *operands in tape:
        values.append(compute[operation](*(values[k] for k in operands)))
    gradients = backward(values[-1])
    return np.array([gradients.get(value, 0.0) for value in values[: len(x)]])


def tape_variant(
    collect="add", exp=np.exp, upstream=True, order=reversed, product=True, once=False
):
    """A way back over the tape with one thing changed."""

    def wrong(x, tape):
        values = tape_values(x, tape)
        gradients = np.zeros(len(values))
        gradients[-1] = 1.0
        for number in order(range(len(x), len(values))):
            operation, *operands = tape[number - len(x)]
            given = [values[k] for k in operands]
            local = {
                "add": lambda a, b: (1.0, 1.0),
                "mul": (lambda a, b: (b, a)) if product else (lambda a, b: (a, b)),
                "exp": lambda a: (exp(a),),
                "sin": lambda a: (np.cos(a),),
            }[operation](*given)
            pairs = zip(operands, local, strict=True)
            for k, slope in dict(pairs).items() if once else pairs:
                amount = slope * (gradients[number] if upstream else 1.0)
                gradients[k] = amount + (gradients[k] if collect == "add" else 0)
        return gradients[: len(x)]

    return wrong


EXERCISE.misconception(
    "A value that is used twice gets two gradients, and you keep only the last of them. They add.",
    f"{PATHS}#Why they add",
    id="overwritten",
)(tape_variant(collect="overwrite"))

EXERCISE.misconception(
    "You add up local derivatives. Each of them must first be multiplied by the gradient of the "
    "value that it leads to.",
    "book/chain_rule/chain#The chain of a unit",
    id="local-only",
)(tape_variant(upstream=False))

EXERCISE.misconception(
    "You walk along the tape from its beginning. A gradient can be passed on only after "
    "everything that flows into it has arrived, so start from the end.",
    f"{DEPTH}#The order of multiplication",
    id="forward-order",
)(tape_variant(order=iter))

EXERCISE.misconception(
    "For exp you multiply by what went in. The slope of exp is what came out.",
    "book/chain_rule/long_derivative#Backward through the graph",
    id="exp-gives-its-argument",
)(tape_variant(exp=lambda a: a))

EXERCISE.misconception(
    "In a product, the slope for each factor is the other factor; you use the factor itself.",
    "book/chain_rule/long_derivative#Backward through the graph",
    id="own-factor",
)(tape_variant(product=False))

EXERCISE.misconception(
    "Where both inputs of an operation are the same value, you count one of them only. The value "
    "acts twice there, and both contributions add.",
    f"{PATHS}#Why they add",
    id="square-counts-once",
)(tape_variant(once=True))


@EXERCISE.misconception(
    "For a product you multiply the derivatives of its factors. While one factor moves the other "
    "one stays, so each of the two moves the product by itself, and both add.",
    "book/chain_rule/long_derivative#Backward through the graph",
)
def derivatives_multiplied(x, tape):
    values, rates = tape_values(x, tape), list(np.eye(len(x)))
    for operation, *operands in tape:
        given = [rates[k] for k in operands]
        if operation in ("add", "mul"):
            rates.append((np.add if operation == "add" else np.multiply)(*given))
        else:
            slope = np.exp if operation == "exp" else np.cos
            rates.append(slope(values[operands[0]]) * given[0])
    return rates[-1]


def product_rule(v, r):
    return v[0] * r[1] + r[0] * v[1]


@EXERCISE.right
def forward_mode(x, tape, product=product_rule):
    columns = []
    for k in range(len(x)):
        values, rates = list(x), [float(k == i) for i in range(len(x))]
        for operation, *at in tape:
            v, r = [values[i] for i in at], [rates[i] for i in at]
            if operation == "add":
                new, rate = v[0] + v[1], r[0] + r[1]
            elif operation == "mul":
                new, rate = v[0] * v[1], product(v, r)
            elif operation == "exp":
                new, rate = math.exp(v[0]), math.exp(v[0]) * r[0]
            else:
                new, rate = math.sin(v[0]), math.cos(v[0]) * r[0]
            values.append(new)
            rates.append(rate)
        columns.append(rates[-1])
    return columns


@EXERCISE.right
def by_adjoints(x, tape, collect=True, exponential=None, upstream=True, crossed=True, twice=True):
    v = [float(value) for value in x]
    for name, *at in tape:
        u = [v[i] for i in at]
        v.append(
            {
                "add": lambda u: u[0] + u[1],
                "mul": lambda u: u[0] * u[1],
                "exp": lambda u: math.exp(u[0]),
                "sin": lambda u: math.sin(u[0]),
            }[name](u)
        )
    g = {len(v) - 1: 1.0}
    for k in range(len(v) - 1, len(x) - 1, -1):
        name, *at = tape[k - len(x)]
        for place, i in enumerate(at if twice else dict.fromkeys(at)):
            other = v[at[1 - place]] if name == "mul" and crossed else v[i]
            slope = {"add": 1.0, "mul": other, "exp": v[k], "sin": math.cos(v[i])}[name]
            if name == "exp" and exponential:
                slope = exponential(v[i])
            amount = slope * (g.get(k, 0.0) if upstream else 1.0)
            g[i] = amount + (g.get(i, 0.0) if collect else 0.0)
    return np.array([g.get(i, 0.0) for i in range(len(x))])


@EXERCISE.second("overwritten")
def last_only(x, tape):
    return by_adjoints(x, tape, collect=False)


@EXERCISE.second("local-only")
def local(x, tape):
    return by_adjoints(x, tape, upstream=False)


@EXERCISE.second("forward-order")
def from_the_front(x, tape):
    v, start = list(x), len(x)
    for name, *at in tape:
        v.append(
            {"add": np.add, "mul": np.multiply, "exp": np.exp, "sin": np.sin}[name](
                *[v[i] for i in at]
            )
        )
    g = np.zeros(len(v))
    g[-1] = 1
    for k, (name, *at) in enumerate(tape, start=start):
        for place, i in enumerate(at):
            slope = {"add": 1, "mul": v[at[-1 - place]], "exp": v[k], "sin": np.cos(v[i])}[name]
            g[i] += g[k] * slope
    return g[:start]


@EXERCISE.second("exp-gives-its-argument")
def exp_of_x(x, tape):
    return by_adjoints(x, tape, exponential=lambda u: u)


@EXERCISE.second("own-factor")
def same_factor(x, tape):
    return by_adjoints(x, tape, crossed=False)


@EXERCISE.second("square-counts-once")
def squares_once(x, tape):
    return by_adjoints(x, tape, twice=False)


@EXERCISE.second(derivatives_multiplied)
def slopes_multiplied(x, tape):
    return forward_mode(x, tape, product=lambda v, r: r[0] * r[1])
