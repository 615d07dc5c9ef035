"""References, cases, misconceptions and hints of problem set 3."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from backprop.layers import LinearCache
from backprop.losses import LossCache
from coursekit.authoring.exercises import Cases, Exercise, Misconception
from coursekit.checks.values import Code

NOTATIONS = "book/matrix_backprop/three_notations"
LAYER = "book/matrix_backprop/units_to_layer"
THREE = "book/matrix_backprop/three_layers"
DEPTH = "book/matrix_backprop/any_depth"
MINIBATCH = "book/matrix_backprop/minibatch"
LOSSES = "book/matrix_backprop/losses"
COLUMNS = "book/matrix_backprop/columns"
SOFTMAX = "book/jacobians/elementwise_softmax"
CHECK = "book/jacobians/gradient_check"
PATHS = "book/chain_rule/two_paths"

COMMUTES = "this product is the same in either order"


# Derivation of dW, step by step


def weight_derivation(
    X: np.ndarray, W: np.ndarray, dY: np.ndarray, m: int, j: int, i: int
) -> dict[str, float | np.ndarray]:
    """The factors that lead from one weight to the gradient of all weights of a linear layer.

    Parameters
    ----------
    X : array, shape (M, n_in)
        Input of the layer, one example per row.
    W : array, shape (n_in, n_out)
        Weights.
    dY : array, shape (M, n_out)
        Upstream gradient: `dY[m, k]` is ∂C/∂Y[m, k].
    m, j, i : int
        The example, the unit where the weight `W[j, i]` starts, and the unit where it ends.

    Returns
    -------
    dict with five entries
        "own": a number, ∂Y[m, i]/∂W[j, i].
        "row": shape (n_out,), ∂Y[m, k]/∂W[j, i] for every output unit k.
        "example": a number, what example m contributes to ∂C/∂W[j, i].
        "entry": a number, ∂C/∂W[j, i], all examples together.
        "matrix": shape (n_in, n_out), the gradient dW of all weights.

    Examples
    --------
    >>> X = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> dY = np.array([[10.0, 0.0], [0.0, 1.0]])
    >>> steps = weight_derivation(X, np.ones((2, 2)), dY, m=0, j=1, i=0)
    >>> float(steps["entry"])
    20.0
    >>> steps["matrix"]
    array([[10.,  3.],
           [20.,  4.]])
    """
    row = np.zeros(dY.shape[1])
    row[i] = X[m, j]
    return {
        "own": X[m, j],
        "row": row,
        "example": dY[m] @ row,
        "entry": X[:, j] @ dY[:, i],
        "matrix": X.T @ dY,
    }


def one_weight(M, n_in, n_out):
    def draw(rng):
        X, W, dY = (rng.normal(size=shape) for shape in ((M, n_in), (n_in, n_out), (M, n_out)))
        return X, W, dY, *(int(rng.integers(n)) for n in (M, n_in, n_out))

    return draw


def weights_in_place_of_inputs(X, W, dY, m, j, i):
    steps = weight_derivation(X, W, dY, m, j, i)
    row = np.zeros(dY.shape[1])
    row[i] = W[j, i]
    return steps | {"own": W[j, i], "row": row, "example": W[j, i] * dY[m, i]}


def every_output_depends(X, W, dY, m, j, i):
    steps = weight_derivation(X, W, dY, m, j, i)
    row = np.full(dY.shape[1], X[m, j])
    return steps | {"row": row, "example": dY[m] @ row}


def row_of_every_output(X, W, dY, m, j, i):
    steps = weight_derivation(X, W, dY, m, j, i)
    return steps | {"row": np.full(dY.shape[1], X[m, j])}


def one_example_for_all(X, W, dY, m, j, i):
    steps = weight_derivation(X, W, dY, m, j, i)
    return steps | {"entry": X[m, j] * dY[m, i]}


def entry_averaged(X, W, dY, m, j, i):
    steps = weight_derivation(X, W, dY, m, j, i)
    return steps | {"entry": steps["entry"] / len(X), "matrix": steps["matrix"] / len(X)}


def weight_matrix_swapped(X, W, dY, m, j, i):
    return weight_derivation(X, W, dY, m, j, i) | {"matrix": dY.T @ X}


WEIGHT_DERIVATION = Exercise(
    cases=[
        Cases("five examples, four inputs, three outputs", one_weight(5, 4, 3), share=0.6),
        Cases("all sizes equal", one_weight(3, 3, 3), share=0.2),
        Cases("one example", one_weight(1, 2, 4), share=0.2),
    ],
    misconceptions=[
        Misconception(
            "weight-for-input",
            weights_in_place_of_inputs,
            "You give the weight itself as its own derivative. Y[m, i] is a sum of products, and "
            "the weight stands in one of them: what is it multiplied by there?",
            f"{LAYER}#The weights",
        ),
        Misconception(
            "every-output-depends",
            every_output_depends,
            "You let the weight W[j, i] act on every output unit. It leads to one unit; write "
            "Y[m, k] for a k that is not i and look whether the weight occurs.",
            f"{LAYER}#The weights",
        ),
        Misconception(
            "row-without-zeros",
            row_of_every_output,
            "Only 'row' is wrong: it has one entry for each output unit k, and the weight W[j, i] "
            "does not occur in the sum of every one of them.",
            f"{LAYER}#The weights",
        ),
        Misconception(
            "one-example-only",
            one_example_for_all,
            "Your 'entry' holds what example m contributes, and the weight is used by every "
            "example of the minibatch. Contributions along several paths add.",
            f"{LAYER}#The weights",
        ),
        Misconception(
            "averaged-again",
            entry_averaged,
            "You divide by the number of examples. The division belongs to the loss and is in dY "
            "already; a second one makes every gradient too small.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "factors-swapped",
            weight_matrix_swapped,
            "Your matrix is the transpose of the gradient. A gradient has the shape of its "
            "parameter: which index of W comes first?",
            f"{LAYER}#The shape argument, and where it deceives",
        ),
    ],
    hints=[
        "Write Y[m, i] as a sum with all its terms for two inputs. In which term is W[j, i]?",
        "'example' is the chain rule for one example: a sum over all output units k of "
        "∂C/∂Y[m, k] times 'row'. Most terms are 0.",
        "'entry' adds 'example' over all m. A sum over m of products is what a matrix product "
        "does: the index m must be the inner one.",
    ],
    equivalent={
        "dY[m] @ row -> row @ dY[m]": COMMUTES,
        "X[:, j] @ dY[:, i] -> dY[:, i] @ X[:, j]": COMMUTES,
    },
)


# Derivation of dX, with less help


def input_derivation(
    W: np.ndarray, dY: np.ndarray, m: int, j: int
) -> dict[str, float | np.ndarray]:
    """The factors that lead from one input to the gradient of the input of a linear layer.

    Parameters
    ----------
    W : array, shape (n_in, n_out)
        Weights of the layer Y = X W + b.
    dY : array, shape (M, n_out)
        Upstream gradient: `dY[m, k]` is ∂C/∂Y[m, k].
    m, j : int
        The example, and the input unit.

    Returns
    -------
    dict with three entries
        "row": shape (n_out,), ∂Y[m, k]/∂X[m, j] for every output unit k.
        "entry": a number, ∂C/∂X[m, j].
        "matrix": shape (M, n_in), the gradient dX.

    Examples
    --------
    >>> W, dY = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[10.0, 1.0]])
    >>> float(input_derivation(W, dY, m=0, j=1)["entry"])
    34.0
    """
    return {"row": W[j], "entry": W[j] @ dY[m], "matrix": dY @ W.T}


def one_input(M, n_in, n_out):
    def draw(rng):
        W, dY = rng.normal(size=(n_in, n_out)), rng.normal(size=(M, n_out))
        return W, dY, int(rng.integers(M)), int(rng.integers(n_in))

    return draw


def column_of_weights(W, dY, m, j):
    row = W[:, min(j, W.shape[1] - 1)]
    return input_derivation(W, dY, m, j) | {"row": row, "entry": row @ dY[m]}


def entry_over_all_examples(W, dY, m, j):
    return input_derivation(W, dY, m, j) | {"entry": W[j] @ dY.sum(axis=0)}


def weights_not_transposed(W, dY, m, j):
    return input_derivation(W, dY, m, j) | {"matrix": dY @ W}


def largest_output_only(W, dY, m, j):
    return input_derivation(W, dY, m, j) | {"entry": W[j, 0] * dY[m, 0]}


INPUT_DERIVATION = Exercise(
    cases=[
        Cases("five examples, four inputs, three outputs", one_input(5, 4, 3), share=0.6),
        Cases("all sizes equal", one_input(3, 3, 3), share=0.2),
        Cases("one example", one_input(1, 2, 4), share=0.2),
    ],
    misconceptions=[
        Misconception(
            "column-for-row",
            column_of_weights,
            "You took a column of W where the weights that leave input unit j are meant. W[j, i] "
            "leads from j to i: which of its two indices stays fixed here?",
            f"{LAYER}#The layer before",
        ),
        Misconception(
            "sum-over-examples",
            entry_over_all_examples,
            "Your 'entry' adds over the examples. X[m, j] belongs to one example and acts on no "
            "other: there is nothing to add over m.",
            f"{LAYER}#The layer before",
        ),
        Misconception(
            "weights-not-transposed",
            weights_not_transposed,
            "You multiply by W as it stands. It leads forward, from inputs to outputs; here you "
            "go back. It ran where W is square, and that is no proof.",
            f"{LAYER}#The shape argument, and where it deceives",
        ),
        Misconception(
            "one-output-only",
            largest_output_only,
            "Your 'entry' follows the path through one output unit. An input acts on the cost "
            "through every output unit, and the influences add.",
            f"{LAYER}#The layer before",
        ),
    ],
    hints=[
        "Through how many units of the next layer does one input act on the cost?",
        "'entry' is a sum over the output units k. Write it out for two of them, then look for "
        "the same sum as an entry of a matrix product.",
    ],
    equivalent={
        "W[j] @ dY[m] -> dY[m] @ W[j]": COMMUTES,
    },
)


# Linear layer, forward


def layer_arguments(M, n_in, n_out):
    def draw(rng):
        return rng.normal(size=(M, n_in)), rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)

    return draw


def whole_number_layer(rng):
    return (
        rng.integers(-3, 4, (5, 2)),
        rng.integers(-3, 4, (2, 3)),
        rng.integers(-3, 4, 3),
    )


def linear_without_bias(X, W, b):
    return X @ W, (X, W)


def linear_transposed(X, W, b):
    return X @ W.T + b, (X, W)


def linear_bias_down_the_rows(X, W, b):
    return X @ W + b[:, np.newaxis], (X, W)


def linear_caches_output(X, W, b):
    return X @ W + b, (X @ W + b, W)


def linear_caches_bias(X, W, b):
    return X @ W + b, (X, W, b)


LINEAR_FORWARD = Exercise(
    cases=[
        Cases("five examples, four inputs, three outputs", layer_arguments(5, 4, 3), share=0.5),
        Cases("all sizes equal", layer_arguments(3, 3, 3), share=0.2),
        Cases("one example", layer_arguments(1, 2, 4), share=0.15),
        Cases("whole numbers", whole_number_layer, share=0.15, count=2),
    ],
    misconceptions=[
        Misconception(
            "bias-forgotten",
            linear_without_bias,
            "The biases are missing. Every row gets the same bias vector added.",
            f"{MINIBATCH}#The network and its shapes",
        ),
        Misconception(
            "weights-transposed",
            linear_transposed,
            "You transpose W. With one example per row, W has one row for each input and stands "
            "to the right of X as it is; the transpose belongs to columns.",
            f"{MINIBATCH}#Rows or columns",
        ),
        Misconception(
            "bias-per-example",
            linear_bias_down_the_rows,
            "You add one bias to each example. A bias belongs to an output unit, so to a column.",
            f"{MINIBATCH}#The network and its shapes",
        ),
        Misconception(
            "output-cached",
            linear_caches_output,
            "Y is right. The cache holds the output of the layer; the gradient of the weights "
            "needs what came in.",
            f"{LAYER}#The weights",
        ),
        Misconception(
            "bias-cached",
            linear_caches_bias,
            "Y is right. The cache has three parts where two are asked for: the derivative of a "
            "sum does not depend on its summand b.",
            f"{LAYER}#The biases",
        ),
    ],
    hints=[
        "Shapes before code: (M, n_in) times which shape gives (M, n_out)?",
        "Return two things: Y, and the pair of arrays that the docstring names.",
    ],
)


# Linear layer, backward


def layer_upstream(M, n_in, n_out):
    def draw(rng):
        cache = LinearCache(rng.normal(size=(M, n_in)), rng.normal(size=(n_in, n_out)))
        return rng.normal(size=(M, n_out)), cache

    return draw


def linear_gradients(change):
    """The right three gradients with one of them changed, so that a mistake stands alone."""

    def wrong(dY, cache):
        X, W = cache
        right = {"dX": dY @ W.T, "dW": X.T @ dY, "db": dY.sum(axis=0)}
        right |= change(dY, X, W)
        return right["dX"], right["dW"], right["db"]

    return wrong


def linear_backward_other_order(dY, cache):
    X, W = cache
    return X.T @ dY, dY.sum(axis=0), dY @ W.T


LINEAR_BACKWARD = Exercise(
    cases=[
        Cases("five examples, four inputs, three outputs", layer_upstream(5, 4, 3), share=0.6),
        Cases("all sizes equal", layer_upstream(3, 3, 3), share=0.2),
        Cases("one example", layer_upstream(1, 2, 4), share=0.2),
    ],
    misconceptions=[
        Misconception(
            "averaged-again",
            linear_gradients(
                lambda dY, X, W: {"dW": X.T @ dY / len(X), "db": dY.sum(axis=0) / len(X)}
            ),
            "You divide by the number of examples. The loss has done so already, and its 1/M is "
            "inside of dY; a layer adds up.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "bias-averaged",
            linear_gradients(lambda dY, X, W: {"db": dY.mean(axis=0)}),
            "db is averaged over the examples, and dW is not. Both add up what the examples "
            "contribute; the loss has averaged already.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "bias-not-summed",
            linear_gradients(lambda dY, X, W: {"db": dY}),
            "db has one row per example. The bias is used by every example, so its gradient is a "
            "sum over them, in the shape of b.",
            f"{LAYER}#The biases",
        ),
        Misconception(
            "bias-wrong-axis",
            linear_gradients(lambda dY, X, W: {"db": dY.sum(axis=1)}),
            "db is summed over the output units. Each output unit has a bias of its own; it is "
            "the examples that are added up.",
            f"{LAYER}#The biases",
        ),
        Misconception(
            "bias-keeps-axis",
            linear_gradients(lambda dY, X, W: {"db": dY.sum(axis=0, keepdims=True)}),
            "The numbers of db are right, its shape is not: a gradient has the shape of its "
            "parameter, and b has one axis.",
            f"{LAYER}#The biases",
        ),
        Misconception(
            "weights-not-transposed",
            linear_gradients(lambda dY, X, W: {"dX": dY @ W}),
            "dX multiplies by W as it stands, which runs only where W is square. Forward, W leads "
            "from inputs to outputs; backward it has to lead the other way.",
            f"{LAYER}#The layer before",
        ),
        Misconception(
            "input-not-transposed",
            linear_gradients(lambda dY, X, W: {"dW": X @ dY}),
            "dW multiplies by X as it stands, which runs only where X is square. The sum runs "
            "over the examples: their index has to be the inner one.",
            f"{LAYER}#The weights",
        ),
        Misconception(
            "factors-swapped",
            linear_gradients(lambda dY, X, W: {"dW": dY.T @ X}),
            "dW is the transpose of the gradient: shape (n_out, n_in). A gradient has the shape "
            "of its parameter.",
            f"{LAYER}#The shape argument, and where it deceives",
        ),
        Misconception(
            "upstream-forgotten",
            linear_gradients(
                lambda dY, X, W: {
                    "dX": np.ones_like(dY) @ W.T,
                    "dW": X.T @ np.ones_like(dY),
                    "db": np.ones_like(dY).sum(axis=0),
                }
            ),
            "Your gradients do not depend on dY. They are derivatives of the sum of all outputs; "
            "the cost weighs each output with its upstream gradient.",
            f"{MINIBATCH}#Backward, one step after another",
        ),
        Misconception(
            "first-example-only",
            linear_gradients(lambda dY, X, W: {"dW": np.outer(X[0], dY[0]), "db": dY[0]}),
            "dW and db hold what the first example contributes. All examples use the same "
            "weights, and their contributions add.",
            f"{LAYER}#The weights",
        ),
        Misconception(
            "other-order",
            linear_backward_other_order,
            "The three gradients are right, in another order. The docstring asks for dX, dW, db.",
            f"{LAYER}#The biases",
        ),
    ],
    hints=[
        "A gradient has the shape of its thing: write down the shapes of dX, dW and db first.",
        "You derived dW and dX above; db is what is left when the input is a constant 1.",
    ],
)


# Activation layers, backward


class ActivationCache(NamedTuple):
    """The cache as the statement has it; that of the package has a third part."""

    Z: np.ndarray
    A: np.ndarray


def activation_call(function, *shape):
    def draw(rng):
        Z = rng.normal(scale=1.5, size=shape)
        Z += 0.05 * np.sign(Z)  # away from the kink
        return rng.normal(size=shape), ActivationCache(Z, function(Z))

    return draw


def relu(Z):
    return np.maximum(Z, 0)


def some_exactly_zero(rng):
    Z = rng.normal(size=(3, 4))
    Z[:, 1] = 0
    return rng.normal(size=(3, 4)), ActivationCache(Z, relu(Z))


def derivative_missing(dA, cache):
    return dA.copy()


def relu_mask_includes_zero(dA, cache):
    return dA * (cache.Z >= 0)


def relu_of_gradient(dA, cache):
    return dA * (dA > 0)


def relu_times_activation(dA, cache):
    return dA * cache.A


def relu_writes_into_gradient(dA, cache):
    dA[cache.Z <= 0] = 0
    return dA


def relu_slope_only(dA, cache):
    return (cache.Z > 0).astype(float)


RELU_BACKWARD = Exercise(
    cases=[
        Cases("five examples, three units", activation_call(relu, 5, 3), share=0.7),
        Cases("one example", activation_call(relu, 1, 4), share=0.15),
        Cases("some pre-activations exactly 0", some_exactly_zero, share=0.15, count=2),
    ],
    misconceptions=[
        Misconception(
            "derivative-missing",
            derivative_missing,
            "You pass the gradient on as it came. Where the unit is off, its output does not "
            "change with z, and nothing goes back through it.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "another-convention-at-zero",
            relu_mask_includes_zero,
            "Right wherever z is not 0. At z = 0 there is no derivative, and you take 1: that is "
            "another convention. Ours is 0, as in the docstring.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "mask-of-the-gradient",
            relu_of_gradient,
            "You cut the gradient where the gradient is negative. What switches a unit off is its "
            "own pre-activation, in the forward pass.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "activation-for-derivative",
            relu_times_activation,
            "You multiply by the activation itself. Asked for is its slope, which takes only two "
            "values.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "writes-into-its-argument",
            relu_writes_into_gradient,
            "The numbers are right, but you overwrite dA, which the caller may need again. Make a "
            "new array.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "upstream-forgotten",
            relu_slope_only,
            "This is the slope alone. What comes from above, dA, multiplies it.",
            f"{LAYER}#The activation between",
        ),
    ],
    hints=[
        "What is the slope of ReLU to the left of 0, and to the right?",
        "The cache is a named tuple: cache.Z holds the pre-activations. A comparison gives an "
        "array of True and False, which multiply like 1 and 0.",
    ],
)


def tanh_with_slope_at_input(dA, cache):
    return dA * (1 - cache.Z**2)


def tanh_of_tanh(dA, cache):
    return dA * (1 - np.tanh(cache.A) ** 2)


def tanh_not_squared(dA, cache):
    return dA * (1 - cache.A)


def logistic_slope(dA, cache):
    return dA * cache.A * (1 - cache.A)


def tanh_slope_only(dA, cache):
    return 1 - cache.A**2


TANH_BACKWARD = Exercise(
    cases=[
        Cases("five examples, three units", activation_call(np.tanh, 5, 3), share=0.8),
        Cases("one example", activation_call(np.tanh, 1, 4), share=0.2),
    ],
    misconceptions=[
        Misconception(
            "derivative-missing",
            derivative_missing,
            "You pass the gradient of the activations on as if it were the gradient of the "
            "pre-activations. The slope of tanh is missing.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "pre-activation-in-place-of-activation",
            tanh_with_slope_at_input,
            "The formula 1 - a² speaks of the activation a. You put the pre-activation into it.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "tanh-of-tanh",
            tanh_of_tanh,
            "You took tanh of the activation, which has been through tanh already: the slope is "
            "wanted at z.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "not-squared",
            tanh_not_squared,
            "At z = 0 your slope is 1, as it should be, but for negative z it is larger than 1. "
            "The slope of tanh is the same at z and -z.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "slope-of-the-logistic-function",
            logistic_slope,
            "This is the slope of the logistic function, written with its activation. tanh has "
            "another one; at z = 0 it is 1.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "upstream-forgotten",
            tanh_slope_only,
            "This is the slope alone. What comes from above, dA, multiplies it.",
            f"{LAYER}#The activation between",
        ),
    ],
    hints=[
        "At which z is tanh steepest, and how steep is it there?",
        "The slope of tanh can be written with the activation alone, and the cache holds it.",
    ],
)


# Softmax with cross-entropy


def logits_and_labels(M, K, scale=1.5):
    def draw(rng):
        return rng.normal(scale=scale, size=(M, K)), rng.integers(0, K, M)

    return draw


def logits_and_distributions(rng):
    return rng.normal(scale=1.5, size=(5, 3)), rng.dirichlet(np.ones(3), size=5)


def far_apart_logits(rng):
    return rng.choice([-900.0, 900.0], size=(4, 3)) + rng.normal(size=(4, 3)), rng.integers(0, 3, 4)


def rows_of_targets(Z, Y):
    return np.eye(Z.shape[1])[Y] if np.ndim(Y) == 1 else Y


def log_probabilities(Z, axis=1):
    shifted = Z - Z.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def cross_entropy_variant(loss=None, log_softmax=log_probabilities):
    """A cross-entropy whose last step, or whose softmax, is another one."""

    def wrong(Z, Y):
        Y = rows_of_targets(Z, Y)
        with np.errstate(all="ignore"):
            log_p = log_softmax(Z)
            value = (loss or mean_over_examples)(Y, log_p)
        return value, (np.exp(log_p), Y)

    return wrong


def mean_over_examples(Y, log_p):
    return -(Y * log_p).sum() / len(Y)


def unshifted(Z):
    E = np.exp(Z)
    return np.log(E / E.sum(axis=1, keepdims=True))


def over_everything(Z):
    return Z - Z.max() - np.log(np.exp(Z - Z.max()).sum())


def clipped_cross_entropy(Z, Y):
    Y, p = rows_of_targets(Z, Y), np.exp(log_probabilities(Z))
    return -(Y * np.log(np.maximum(p, 1e-12))).sum() / len(Y), (p, Y)


def wants_rows_of_targets(Z, Y):
    log_p = log_probabilities(Z)
    return -(Y * log_p).sum() / len(Y), (np.exp(log_p), Y)


def logarithm_of_softmax(Z, Y):
    Y, P = rows_of_targets(Z, Y), np.exp(log_probabilities(Z))
    with np.errstate(all="ignore"):
        return -(Y * np.log(P)).sum() / len(Y), (P, Y)


CROSS_ENTROPY_FORWARD = Exercise(
    cases=[
        Cases("labels", logits_and_labels(5, 3), share=0.4),
        Cases("soft targets", logits_and_distributions, share=0.2),
        Cases("one example", logits_and_labels(1, 4), share=0.1),
        Cases("as many examples as classes", logits_and_labels(3, 3), share=0.1),
        Cases("logits that are far apart", far_apart_logits, share=0.2),
    ],
    misconceptions=[
        Misconception(
            "sum-for-mean",
            cross_entropy_variant(lambda Y, log_p: -(Y * log_p).sum()),
            "You add up the losses of the examples; the loss is their mean.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "mean-over-classes",
            cross_entropy_variant(lambda Y, log_p: -(Y * log_p).mean()),
            "You divide by the number of classes, too. The sum runs over the classes, the mean "
            "over the examples.",
            f"{LOSSES}#Softmax and its cross-entropy",
        ),
        Misconception(
            "sign",
            cross_entropy_variant(lambda Y, log_p: (Y * log_p).sum() / len(Y)),
            "Your loss is negative. The logarithm of a probability is never positive; the sign in "
            "front turns it into a loss.",
            f"{LOSSES}#Softmax and its cross-entropy",
        ),
        Misconception(
            "softmax-down-the-examples",
            cross_entropy_variant(log_softmax=lambda Z: log_probabilities(Z, axis=0)),
            "Your probabilities sum to 1 over the examples. Each example, a row, has a "
            "distribution of its own.",
            f"{SOFTMAX}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "softmax-over-everything",
            cross_entropy_variant(log_softmax=over_everything),
            "All your probabilities together sum to 1. Each row must do so by itself.",
            f"{SOFTMAX}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "overflow",
            cross_entropy_variant(log_softmax=unshifted),
            "Right for moderate logits. For logits in the hundreds exp overflows, or a "
            "probability rounds to 0 before its logarithm is taken.",
            f"{LOSSES}#Stable forms",
        ),
        Misconception(
            "clipped",
            clipped_cross_entropy,
            "You keep the probability away from 0 before the logarithm. Then the loss of a bad "
            "prediction is cut off. Take the logarithm of the quotient apart instead.",
            f"{LOSSES}#Stable forms",
        ),
        Misconception(
            "labels-not-expanded",
            wants_rows_of_targets,
            "Right for soft targets. Labels are class numbers, one for each example: they have to "
            "become rows with a single 1 first.",
            f"{LOSSES}#Softmax and its cross-entropy",
        ),
        Misconception(
            "logarithm-of-softmax",
            logarithm_of_softmax,
            "Right while logits are close together. A probability that is too small for the "
            "machine becomes 0, and its logarithm infinite: take the logarithm of the quotient "
            "apart.",
            f"{LOSSES}#Stable forms",
        ),
    ],
    hints=[
        "Work out one example by hand: logits (0, 0), label 0. The loss is ln 2.",
        "The logarithm of a quotient is a difference. Subtract the largest logit of each row "
        "first: no probability changes.",
        "Turn labels into rows with a single 1 at the start; from there on both kinds of target "
        "are treated alike.",
    ],
    equivalent={
        "_not_nan(loss) -> loss": "refuses NaN, which no case holds",
        "_class_targets: if not labels:\n    _check_distributions(Y) -> "
        "if not not labels:\n    _check_distributions(Y)": "refuses what no case holds",
        "_class_targets: not labels -> labels": "refuses what no case holds",
    },
)


def loss_call(M, K):
    def draw(rng):
        S = rng.dirichlet(np.ones(K), size=M)
        Y = np.eye(K)[rng.integers(0, K, M)]
        return float(rng.uniform(0.5, 3)), LossCache(S, Y)

    return draw


def one_upstream(rng):
    return 1.0, loss_call(5, 3)(rng)[1]


def loss_gradient(formula):
    def wrong(d_loss, cache):
        return formula(d_loss, cache.Y_hat, cache.Y, len(cache.Y))

    return wrong


CROSS_ENTROPY_BACKWARD = Exercise(
    cases=[
        Cases("five examples, three classes", loss_call(5, 3), share=0.6),
        Cases("one example", loss_call(1, 4), share=0.2),
        Cases("an upstream gradient of 1", one_upstream, share=0.2, count=2),
    ],
    misconceptions=[
        Misconception(
            "not-averaged",
            loss_gradient(lambda d, S, Y, M: d * (S - Y)),
            "The 1/M of the mean is missing. The loss divides by the number of examples, and so "
            "does its gradient: here, and nowhere else.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "sign",
            loss_gradient(lambda d, S, Y, M: d * (Y - S) / M),
            "Right in size, wrong in sign. Where the probability is larger than its target, a "
            "larger logit makes the loss larger.",
            f"{LOSSES}#Softmax and its cross-entropy",
        ),
        Misconception(
            "derivative-applied-again",
            loss_gradient(lambda d, S, Y, M: d * (S - Y) * S * (1 - S) / M),
            "You multiply by s(1 - s) once more. The derivative of softmax has cancelled against "
            "that of the logarithm; to apply it again is wrong.",
            f"{LOSSES}#Softmax and its cross-entropy",
        ),
        Misconception(
            "gradient-of-probabilities",
            loss_gradient(lambda d, S, Y, M: -d * Y / S / M),
            "This is the gradient with respect to the probabilities. Asked for is the gradient of "
            "the logits: the Jacobian of softmax lies between.",
            f"{LOSSES}#Softmax and its cross-entropy",
        ),
        Misconception(
            "upstream-forgotten",
            loss_gradient(lambda d, S, Y, M: (S - Y) / M),
            "Right for an upstream gradient of 1. What comes from above, d_loss, multiplies "
            "everything.",
            f"{MINIBATCH}#Backward, one step after another",
        ),
        Misconception(
            "mean-over-classes",
            loss_gradient(lambda d, S, Y, M: d * (S - Y) / S.size),
            "You divide by the number of classes, too. Only the examples are averaged.",
            f"{LOSSES}#Softmax and its cross-entropy",
        ),
    ],
    hints=[
        "The gradient has the shape of the logits. Each of its rows adds up to 0: why?",
        "If every probability were right, the gradient would be 0. Which difference is that?",
    ],
)


# A network of any depth


def network_forward(
    X: np.ndarray, params: list[tuple[np.ndarray, np.ndarray]]
) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray, np.ndarray]]]:
    r"""Send a minibatch through a network: tanh in the hidden layers, a linear last layer.

    Parameters
    ----------
    X : array, shape (M, n_0)
        Minibatch, one example per row.
    params : list of (W, b)
        One pair for each layer, the first layer first; W of shape (n_in, n_out), b of (n_out,).

    Returns
    -------
    Y_hat : array, shape (M, n_L)
        Output of the last layer, to which no activation function is applied.
    caches : list of (A_in, W, Z)
        One tuple for each layer, the first layer first: what came into the layer, its weights,
        and its pre-activations.

    Notes
    -----
    .. math:: A_0 = X, \quad Z_l = A_{l-1} W_l + 1 b_l^\top, \quad A_l = \tanh(Z_l)
              \quad (l < L), \quad \hat Y = Z_L

    Examples
    --------
    >>> first = (np.array([[0.5]]), np.array([0.0]))
    >>> last = (np.array([[2.0]]), np.array([1.0]))
    >>> Y_hat, caches = network_forward(np.array([[1.0]]), [first, last])
    >>> Y_hat.round(4), len(caches)
    (array([[1.9242]]), 2)
    """
    A, caches = X, []
    for W, b in params:
        Z = A @ W + b
        caches.append((A, W, Z))
        A = np.tanh(Z)
    return Z, caches


def network_call(M, *sizes):
    def draw(rng):
        return rng.normal(size=(M, sizes[0])), random_params(rng, sizes)

    return draw


def random_params(rng, sizes):
    return [
        (rng.normal(size=(n_in, n_out)) / np.sqrt(n_in), rng.normal(size=n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def forward_variant(activate_last=False, bias=True, hidden=np.tanh, cached="Z"):
    def wrong(X, params):
        A, caches = X, []
        for number, (W, b) in enumerate(params, start=1):
            Z = A @ W + b * bias
            A_in, last = A, number == len(params)
            A = Z if last and not activate_last else hidden(Z)
            caches.append({"Z": (A_in, W, Z), "A": (A_in, W, A), "A_out": (A, W, Z)}[cached])
        return A, caches

    return wrong


NETWORK_FORWARD = Exercise(
    cases=[
        Cases("three layers", network_call(5, 4, 2, 6, 3), share=0.5),
        Cases("one layer", network_call(5, 4, 3), share=0.2),
        Cases("five layers, all sizes equal", network_call(3, *[3] * 6), share=0.2),
        Cases("one example", network_call(1, 2, 4, 3), share=0.1),
    ],
    misconceptions=[
        Misconception(
            "last-layer-squashed",
            forward_variant(activate_last=True),
            "You apply tanh to the last layer, too: your outputs stay between -1 and 1. The last "
            "layer is linear here.",
            f"{DEPTH}#A composition of layers",
        ),
        Misconception(
            "no-activation",
            forward_variant(hidden=lambda Z: Z),
            "Nothing nonlinear happens between your layers. Then the whole network is one linear "
            "layer, however deep.",
            f"{DEPTH}#A composition of layers",
        ),
        Misconception(
            "biases-forgotten",
            forward_variant(bias=False),
            "The biases are missing.",
            f"{DEPTH}#A composition of layers",
        ),
        Misconception(
            "activation-cached",
            forward_variant(cached="A"),
            "The output is right. The third part of each cache must be the pre-activation Z, "
            "before tanh: the slope is wanted there.",
            f"{DEPTH}#What is used again",
        ),
        Misconception(
            "output-cached",
            forward_variant(cached="A_out"),
            "The output is right. The first part of each cache must be what came into the layer, "
            "not what left it.",
            f"{DEPTH}#What is used again",
        ),
    ],
    hints=[
        "One loop over the layers; A is what goes from one layer to the next.",
        "Fill the cache before you overwrite A.",
    ],
)


def network_backward(
    dY_hat: np.ndarray, caches: list[tuple[np.ndarray, np.ndarray, np.ndarray]]
) -> list[tuple[np.ndarray, np.ndarray]]:
    r"""Gradients of all weights and biases of the network of `network_forward`.

    Parameters
    ----------
    dY_hat : array, shape (M, n_L)
        Upstream gradient, ∂C/∂Ŷ. The loss has already divided by M.
    caches : list of (A_in, W, Z)
        As returned by `network_forward`.

    Returns
    -------
    list of (dW, db)
        One pair for each layer, the first layer first.

    Notes
    -----
    .. math:: dZ_L = d\hat Y, \quad dZ_l = (dZ_{l+1} W_{l+1}^\top) \odot \tanh'(Z_l),
              \quad dW_l = A_{l-1}^\top dZ_l, \quad db_l = \sum_m (dZ_l)_m

    Examples
    --------
    >>> first = (np.array([[1.0]]), np.array([[0.5]]), np.array([[0.0]]))
    >>> last = (np.array([[0.0]]), np.array([[2.0]]), np.array([[0.3]]))
    >>> network_backward(np.array([[1.0]]), [first, last])
    [(array([[2.]]), array([2.])), (array([[0.]]), array([1.]))]
    """
    dZ, gradients = dY_hat, []
    for layer in reversed(range(len(caches))):
        A_in, W, _ = caches[layer]
        gradients.append((A_in.T @ dZ, dZ.sum(axis=0)))
        if layer > 0:
            dZ = (dZ @ W.T) * (1 - np.tanh(caches[layer - 1][2]) ** 2)
    return gradients[::-1]


def backward_call(M, *sizes):
    def draw(rng):
        Y_hat, caches = network_forward(*network_call(M, *sizes)(rng))
        return rng.normal(size=Y_hat.shape), caches

    return draw


def right_slope(caches, layer):
    return 1 - np.tanh(caches[layer][2]) ** 2


def backward_variant(
    slope=right_slope, first=lambda dY, caches: dY, through="W", share=lambda M: (1, 1), order=-1
):
    """A backward pass with one thing changed."""

    def wrong(dY_hat, caches):
        dZ, gradients = first(dY_hat, caches), []
        for_weights, for_biases = share(len(dY_hat))
        for layer in reversed(range(len(caches))):
            A_in, W, _ = caches[layer]
            dW = A_in.T @ dZ
            gradients.append((dW / for_weights, dZ.sum(axis=0) / for_biases))
            if layer > 0:
                back = {"W": W.T, "dW": dW.T, "untransposed": W}[through]
                dZ = (dZ @ back) * slope(caches, layer - 1)
        return gradients[::order]

    return wrong


def own_slope_of_next(caches, layer):
    return 1 - np.tanh(caches[layer + 1][2]) ** 2


def slope_at_pre_activation(caches, layer):
    return 1 - caches[layer][2] ** 2


def slope_of_activation(caches, layer):
    return 1 - np.tanh(np.tanh(caches[layer][2])) ** 2


def delta_of_last_layer(dY_hat, caches):
    gradients = []
    for A_in, _, _ in caches:
        gradients.append((A_in.T @ dY_hat, dY_hat.sum(axis=0)))
    return gradients


def backward_with_inputs(dY_hat, caches):
    triples, dZ = [], dY_hat
    for A_in, W, _ in reversed(caches):
        triples.append((dZ @ W.T, A_in.T @ dZ, dZ.sum(axis=0)))
        dZ = (dZ @ W.T) * (1 - A_in**2)
    return triples[::-1]


NETWORK_BACKWARD = Exercise(
    cases=[
        Cases("three layers", backward_call(5, 4, 2, 6, 3), share=0.5),
        Cases("one layer", backward_call(5, 4, 3), share=0.1),
        Cases("five layers, all sizes equal", backward_call(3, *[3] * 6), share=0.2),
        Cases("one example", backward_call(1, 2, 4, 3), share=0.2),
    ],
    misconceptions=[
        Misconception(
            "hidden-derivative-missing",
            backward_variant(slope=lambda caches, layer: 1),
            "Between the layers the slope of tanh is missing: you use the gradient of the "
            "activations as if it were that of the pre-activations.",
            f"{DEPTH}#What is used again",
        ),
        Misconception(
            "last-layer-squashed",
            backward_variant(first=lambda dY, caches: dY * right_slope(caches, -1)),
            "You multiply the upstream gradient by a slope of tanh before the last layer. The "
            "last layer is linear.",
            f"{DEPTH}#A composition of layers",
        ),
        Misconception(
            "slope-of-wrong-layer",
            backward_variant(slope=own_slope_of_next),
            "The slope is taken at the pre-activations of the wrong layer. When you step back "
            "through W_l, you arrive at the activations of layer l - 1: which Z made those?",
            f"{DEPTH}#What is used again",
        ),
        Misconception(
            "pre-activation-in-place-of-activation",
            backward_variant(slope=slope_at_pre_activation),
            "The formula 1 - a² speaks of activations; the cache holds pre-activations.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "tanh-of-tanh",
            backward_variant(slope=slope_of_activation),
            "You took the slope at the activation instead of the pre-activation: tanh was applied "
            "twice.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "back-through-the-gradient",
            backward_variant(through="dW"),
            "You go back through dW, the gradient of the weights. The signal went forward through "
            "the weights, and that is the way that it came.",
            f"{THREE}#The layer before",
        ),
        Misconception(
            "weights-not-transposed",
            backward_variant(through="untransposed"),
            "You multiply by W as it stands, which runs only where it is square.",
            f"{THREE}#The layer before",
        ),
        Misconception(
            "averaged-again",
            backward_variant(share=lambda M: (M, M)),
            "Every gradient is divided by the number of examples once more. The 1/M is inside of "
            "dY_hat already.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "bias-averaged",
            backward_variant(share=lambda M: (1, M)),
            "The gradients of the biases are averaged, those of the weights are not. Both add up.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "order-reversed",
            backward_variant(order=1),
            "All gradients are right, in the wrong order. The pass goes from the last layer to "
            "the first; the list begins with the first.",
            f"{DEPTH}#What is used again",
        ),
        Misconception(
            "delta-of-last-layer-everywhere",
            delta_of_last_layer,
            "You use the gradient of the output for every layer. Each layer has its own dZ, made "
            "from that of the next.",
            f"{DEPTH}#What is used again",
        ),
        Misconception(
            "input-gradients-too",
            backward_with_inputs,
            "For each layer you return three gradients. Asked for are those of the weights and "
            "of the biases.",
            f"{DEPTH}#What is used again",
        ),
    ],
    hints=[
        "Do it for two layers without a loop first. Then put the lines that occur twice into one.",
        "dZ of a layer is used three times: for dW, for db, and for the layer before.",
        "The first layer needs no gradient of its input.",
    ],
)


# Many minibatches, one gradient


def combined_gradient(gradients: list[np.ndarray], sizes: list[int]) -> np.ndarray:
    """Gradient of the mean loss over a data set, from the gradients of its minibatches.

    Parameters
    ----------
    gradients : list of array, all of one shape
        For each minibatch the gradient of the mean loss of its examples.
    sizes : list of int
        Number of examples of each minibatch. They need not be equal: the last one of an epoch is
        often shorter.

    Returns
    -------
    array, the shape of one gradient
        The gradient that one backward pass over all examples together would give.

    Examples
    --------
    >>> combined_gradient([np.array([1.0, 2.0]), np.array([5.0, 6.0])], [3, 1])
    array([2., 3.])
    """
    total = sum(size * dW for size, dW in zip(sizes, gradients, strict=True))
    return total / sum(sizes)


def minibatch_gradients(*sizes):
    def draw(rng):
        return [rng.normal(size=(4, 3)) for _ in sizes], list(sizes)

    return draw


def divided_by_minibatches(gradients, sizes):
    return sum(n * g for n, g in zip(sizes, gradients, strict=True)) / len(sizes)


COMBINED_GRADIENT = Exercise(
    cases=[
        Cases("a shorter last minibatch", minibatch_gradients(5, 5, 5, 2), share=0.5),
        Cases("all sizes different", minibatch_gradients(7, 3, 4), share=0.3),
        Cases("equal sizes", minibatch_gradients(4, 4, 4), share=0.1),
        Cases("one minibatch", minibatch_gradients(6), share=0.1),
    ],
    misconceptions=[
        Misconception(
            "plain-mean",
            lambda gradients, sizes: np.mean(gradients, axis=0),
            "You average the minibatches as if all were equally long. Then an example of a short "
            "one counts more than an example of a long one.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "sum",
            lambda gradients, sizes: np.sum(gradients, axis=0),
            "You add up the gradients. Each is a mean already: with twice as many minibatches of "
            "the same kind yours would be twice as long.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "not-divided",
            lambda gradients, sizes: sum(n * g for n, g in zip(sizes, gradients, strict=True)),
            "You turned each mean back into a sum, and the sums together into a sum over all "
            "examples. Asked for is the gradient of their mean.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "nominal-size",
            lambda gradients, sizes: (
                sum(n * g for n, g in zip(sizes, gradients, strict=True)) / (sizes[0] * len(sizes))
            ),
            "You divide by the number of examples that there would be if every minibatch were as "
            "long as the first.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "divided-by-minibatches",
            divided_by_minibatches,
            "You divide by the number of minibatches. The mean is over examples: how many are "
            "there?",
            f"{MINIBATCH}#Sum or mean",
        ),
    ],
    hints=[
        "Take two minibatches, of 1 and of 3 examples. With which share does each example enter "
        "the mean over all 4?",
        "Undo the mean of each minibatch, add up, and take the mean once, at the end.",
    ],
    equivalent={
        "zip(sizes, gradients, strict=True) -> zip(gradients, sizes, strict=True)": COMMUTES,
    },
)


# A test that exposes a wrong backward pass


def backward_is_right(forward, backward, rng: np.random.Generator) -> bool:
    """Whether a backward pass belongs to a forward pass.

    Parameters
    ----------
    forward : callable
        `forward(X, W, b)` returns the output Y of a layer, shape (M, n_out). It is right, and
        takes X of shape (M, n_in), W of shape (n_in, n_out), b of shape (n_out,), of any sizes.
    backward : callable
        `backward(dY, X, W, b)` returns `(dX, dW, db)`, right or wrong. It never raises.
    rng : numpy.random.Generator
        Source of random numbers: choose sizes and inputs yourself.

    Returns
    -------
    bool
        True if the three gradients are those of the sum of `dY * forward(X, W, b)`.

    Examples
    --------
    >>> forward = lambda X, W, b: X @ W + b
    >>> backward = lambda dY, X, W, b: (0 * X, 0 * W, 0 * b)
    >>> backward_is_right(forward, backward, np.random.default_rng(0))
    False
    """
    X, W, b, dY = (rng.normal(size=shape) for shape in ((5, 4), (4, 3), (3,), (5, 3)))
    for position, gradient in enumerate(backward(dY, X, W, b)):
        if np.shape(gradient) != (X, W, b)[position].shape:
            return False
        for _ in range(3):
            V = rng.normal(size=np.shape(gradient))
            above, below = [X, W, b], [X, W, b]
            above[position] = above[position] + 1e-5 * V
            below[position] = below[position] - 1e-5 * V
            difference = (dY * (forward(*above) - forward(*below))).sum() / 2e-5
            if not np.isclose(difference, (gradient * V).sum()):
                return False
    return True


SLOPES = {
    "X @ W + b": "1.0 + 0 * (X @ W + b)",
    "np.tanh(X @ W + b)": "1 - np.tanh(X @ W + b) ** 2",
    "1 / (1 + np.exp(-(X @ W + b)))": "0.25 / np.cosh(0.5 * (X @ W + b)) ** 2",
    "np.sin(X @ W + b)": "np.cos(X @ W + b)",
}


UPSTREAM_FORGOTTEN = "1.0 for dY"


def layer_pair(mistake="", given=None):
    """Draws a layer and a backward pass for it, with one line that spoils it, or none."""

    def draw(rng):
        function = given or list(SLOPES)[rng.integers(len(SLOPES))]
        forgets = mistake == UPSTREAM_FORGOTTEN
        lines = [
            "def backward(dY, X, W, b):",
            f"    dZ = {'1.0' if forgets else 'dY'} * ({SLOPES[function]})",
            "    dX = dZ @ W.T",
            "    dW = X.T @ dZ",
            "    db = dZ.sum(axis=0)",
            f"    {mistake}" if mistake and not forgets else "",
            "    return dX, dW, db",
        ]
        source = "\n".join(line for line in lines if line)
        return Code(f"lambda X, W, b: {function}"), Code(source), rng

    return draw


def right_pair(body):
    def draw(rng):
        function = list(SLOPES)[rng.integers(len(SLOPES))]
        source = f"def backward(dY, X, W, b):\n    dZ = dY * ({SLOPES[function]})\n    {body}"
        return Code(f"lambda X, W, b: {function}"), Code(source), rng

    return draw


RIGHT_PAIRS = [
    *[layer_pair(given=function) for function in SLOPES] * 3,
    right_pair("return np.dot(dZ, W.T), np.dot(dZ.T, X).T, np.ones(len(X)) @ dZ"),
    right_pair(
        "return sum(np.outer(dZ[:, i], W[:, i]) for i in range(len(b))), "
        "sum(np.outer(x, d) for x, d in zip(X, dZ)), sum(dZ)"
    ),
    right_pair(
        "return np.einsum('mi,ji->mj', dZ, W), np.einsum('mj,mi->ji', X, dZ), dZ.sum(axis=0)"
    ),
    right_pair("return (W @ dZ.T).T, (dZ.T @ X).T, dZ.T.sum(axis=1)"),
]

TELLING_MISTAKES = [
    UPSTREAM_FORGOTTEN,
    "dX = np.where(min(X.min(), W.min(), b.min()) < 0, 2 * dX, dX)",
    "dW = dW * 1.001",
    "dW = dW / len(X)",
    "dX = -dX",
    "db = db[np.newaxis]",
]
"""One for each kind of weak test: each of those misses at least one of these.

All are wrong for nearly all numbers that a test can draw: a test that looks everywhere must not
miss one by bad luck.
"""

PUBLIC_MISTAKES = [
    *TELLING_MISTAKES,
    "db = db / len(X)",
    "dW = -dW",
    "dW = dW[::-1]",
    "dW[0] = 0",
    "db = 0 * db",
    "dX[0] = 0",
    "dW = dW + np.abs(dW)",
    "db = db + dX.sum()",
    "dX = dY @ W.T + dX",
    "dW = dW + 0.1",
]

HIDDEN_MISTAKES = [
    *TELLING_MISTAKES,
    "db = dZ.mean(axis=0)",
    "dW = np.outer(X[0], dZ[0])",
    "dX = dX / len(X)",
    "dW[-1, -1] *= 1.1",
    "db = dZ[0]",
    "dX[:, 0] = dX[:, -1]",
    "dW = dW * (W > W.mean())",
    "db = dZ.max(axis=0)",
    "dW = X.T @ dZ + W",
    "dX = dX[:, ::-1]",
]


def weak_test(
    sizes=(5, 4, 3), upstream=None, inputs=None, watched=(0, 1, 2), tolerance=1e-6, shapes=True
):
    """A test of a backward pass that looks at too little, or tolerates too much."""

    def wrong(forward, backward, rng):
        M, n_in, n_out = sizes
        shape_of = ((M, n_in), (n_in, n_out), (n_out,))
        given = [(inputs or np.asarray)(rng.normal(size=shape)) for shape in shape_of]
        dY = (upstream or (lambda drawn: drawn))(rng.normal(size=(M, n_out)))
        gradients = backward(dY, *given)
        for k in watched:
            gradient = np.asarray(gradients[k])
            if shapes and gradient.shape != shape_of[k]:
                return False
            numerical = difference_quotients(lambda *now: (dY * forward(*now)).sum(), given, k)
            if np.abs(np.ravel(gradient) - np.ravel(numerical)).max() > tolerance:
                return False
        return True

    return wrong


def difference_quotients(function, given, k, step=1e-5):
    result = np.zeros(given[k].shape)
    for index in np.ndindex(result.shape):
        above, below = [list(given), list(given)]
        above[k], below[k] = given[k].copy(), given[k].copy()
        above[k][index] += step
        below[k][index] -= step
        result[index] = (function(*above) - function(*below)) / (2 * step)
    return result


def shapes_only(forward, backward, rng):
    X, W, b = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
    gradients = backward(rng.normal(size=(5, 3)), X, W, b)
    return all(np.shape(g) == a.shape for g, a in zip(gradients, (X, W, b), strict=True))


def linear_layer_assumed(forward, backward, rng):
    X, W, b, dY = (rng.normal(size=shape) for shape in ((5, 4), (4, 3), (3,), (5, 3)))
    wanted = dY @ W.T, X.T @ dY, dY.sum(axis=0)
    pairs = zip(backward(dY, X, W, b), wanted, strict=True)
    return all(np.shape(g) == w.shape and np.allclose(g, w) for g, w in pairs)


BACKWARD_IS_RIGHT = Exercise(
    cases=[
        Cases(
            "sixteen right and sixteen wrong backward passes",
            [*RIGHT_PAIRS, *[layer_pair(mistake) for mistake in HIDDEN_MISTAKES]],
            share=1.0,
            count=32,
            public=[*RIGHT_PAIRS, *[layer_pair(mistake) for mistake in PUBLIC_MISTAKES]],
        )
    ],
    misconceptions=[
        Misconception(
            "shapes-only",
            shapes_only,
            "Your test looks at shapes. A wrong sign, a missing factor, a wrong sum have the right "
            "shape.",
            f"{LAYER}#The shape argument, and where it deceives",
        ),
        Misconception(
            "upstream-of-ones",
            weak_test(upstream=np.ones_like),
            "Your upstream gradient is all ones. A backward pass that forgets it altogether "
            "passes that test.",
            f"{CHECK}#The procedure",
        ),
        Misconception(
            "weights-only",
            weak_test(watched=(1,)),
            "Your test looks at dW alone. dX and db can be wrong by themselves.",
            f"{CHECK}#The procedure",
        ),
        Misconception(
            "one-example",
            weak_test(sizes=(1, 4, 3)),
            "Your minibatch has one example. There a sum is a mean, and whatever is divided by M "
            "stays unseen.",
            f"{MINIBATCH}#Sum or mean",
        ),
        Misconception(
            "tolerance-too-large",
            weak_test(tolerance=0.05),
            "Your test lets errors of a few parts in a thousand pass. Central differences in "
            "float64 agree with the right gradient far better than that.",
            f"{CHECK}#How far off is too far?",
        ),
        Misconception(
            "positive-inputs",
            weak_test(inputs=np.abs),
            "Your inputs are all positive. What goes wrong for negative ones stays unseen.",
            f"{CHECK}#The procedure",
        ),
        Misconception(
            "shape-ignored",
            weak_test(shapes=False),
            "You compare numbers and not shapes. A db of shape (1, n_out) has the right numbers "
            "and is wrong all the same: added to b it changes the shape of b.",
            f"{CHECK}#The procedure",
        ),
        Misconception(
            "no-tolerance",
            weak_test(tolerance=0),
            "You call every backward pass wrong. A difference quotient is never exact: allow for "
            "its error, relative to the size of the gradient.",
            f"{CHECK}#How far off is too far?",
        ),
        Misconception(
            "linear-layer-assumed",
            linear_layer_assumed,
            "You compare with the formulas of a linear layer. The layer that you are given may "
            "bend its outputs: measure, with forward.",
            f"{CHECK}#The procedure",
        ),
    ],
    hints=[
        "Which number can you compute from forward alone that knows the gradients? Wiggle an "
        "input, and weigh the outputs with dY.",
        "Choose sizes that are all different and larger than 1, and random numbers for "
        "everything, the upstream gradient included.",
        "Compare shapes first, then numbers, for all three gradients.",
    ],
    equivalent={
        "3 -> 4 (number 4)": "one direction more",
        "3 -> 2 (number 4)": "two random directions are enough",
        "np.isclose(difference, (gradient * V).sum()) -> "
        "np.isclose((gradient * V).sum(), difference)": "closeness does not depend on the order",
    },
)


# Tied weights


def tied_gradient(X: np.ndarray, W: np.ndarray, dY: np.ndarray) -> np.ndarray:
    """Gradient of weights that are used twice: forward to a code, transposed back from it.

    The network squeezes its input through few units and builds it up again, with one and the
    same matrix: H = tanh(X W), Y = H Wᵀ.

    Parameters
    ----------
    X : array, shape (M, n)
        Minibatch, one example per row.
    W : array, shape (n, h)
        Weights, used in both layers.
    dY : array, shape (M, n)
        Upstream gradient, ∂C/∂Y.

    Returns
    -------
    dW : array, shape (n, h)
        ∂C/∂W, along both paths.

    Examples
    --------
    >>> X, W, dY = np.array([[1.0]]), np.array([[0.5]]), np.array([[1.0]])
    >>> tied_gradient(X, W, dY).round(4)
    array([[0.8553]])
    """
    H = np.tanh(X @ W)
    dZ = (dY @ W) * (1 - H**2)
    return X.T @ dZ + dY.T @ H


def tied_call(M, n, h):
    def draw(rng):
        return (
            rng.normal(size=(M, n)),
            rng.normal(size=(n, h)) / np.sqrt(n),
            rng.normal(size=(M, n)),
        )

    return draw


def tied_variant(combine):
    def wrong(X, W, dY):
        H = np.tanh(X @ W)
        dH = dY @ W
        return combine(X.T @ (dH * (1 - H**2)), dY.T @ H, X, H, dH, dY)

    return wrong


TIED_GRADIENT = Exercise(
    cases=[
        Cases("five examples, four inputs, two units", tied_call(5, 4, 2), share=0.6),
        Cases("as many units as inputs", tied_call(3, 3, 3), share=0.2),
        Cases("one example", tied_call(1, 4, 3), share=0.2),
    ],
    misconceptions=[
        Misconception(
            "first-use-only",
            tied_variant(lambda first, second, *_: first),
            "You follow W where it is used first, and forget its second use, on the way back to Y.",
            f"{PATHS}#Why they add",
        ),
        Misconception(
            "second-use-only",
            tied_variant(lambda first, second, *_: second),
            "You follow W where it is used last, and forget that it also made H.",
            f"{PATHS}#Why they add",
        ),
        Misconception(
            "difference-of-paths",
            tied_variant(lambda first, second, *_: first - second),
            "Influences along two paths add; you subtract one from the other.",
            f"{PATHS}#Why they add",
        ),
        Misconception(
            "mean-of-paths",
            tied_variant(lambda first, second, *_: (first + second) / 2),
            "You take the mean of the two paths. Their influences add.",
            f"{PATHS}#Why they add",
        ),
        Misconception(
            "derivative-missing",
            tied_variant(lambda first, second, X, H, dH, dY: X.T @ dH + second),
            "On the path through H the slope of tanh is missing.",
            f"{LAYER}#The activation between",
        ),
        Misconception(
            "second-use-transposed",
            tied_variant(lambda first, second, X, H, dH, dY: first + H.T @ dY),
            "The second use is Wᵀ, and its gradient has the shape of Wᵀ: transpose it before you "
            "add. It ran where W is square, and was wrong there.",
            f"{LAYER}#The shape argument, and where it deceives",
        ),
    ],
    hints=[
        "Give the two uses two names, V for the transposed one, and find both gradients. Then "
        "let them be the same matrix.",
        "Check yourself with a central difference before you ask the check.",
    ],
)


# Practice: columns


def column_gradients(
    dY: np.ndarray, X: np.ndarray, W: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of a linear layer in the other convention: one example per column.

    Forward, the layer computes Y = W X + b, with the same b added to every column.

    Parameters
    ----------
    dY : array, shape (n_out, M)
        Upstream gradient, ∂C/∂Y.
    X : array, shape (n_in, M)
        Input of the layer, one example per column.
    W : array, shape (n_out, n_in)
        Weights: `W[i, j]` leads from unit j to unit i.

    Returns
    -------
    dX : array, shape (n_in, M)
    dW : array, shape (n_out, n_in)
    db : array, shape (n_out, 1)
        A column, as b is in this convention.

    Examples
    --------
    >>> X, W = np.array([[1.0, 3.0], [2.0, 4.0]]), np.array([[3.0, 4.0]])
    >>> dX, dW, db = column_gradients(np.array([[10.0, 1.0]]), X, W)
    >>> dX, dW, db
    (array([[30.,  3.],
           [40.,  4.]]), array([[13., 24.]]), array([[11.]]))
    """
    return W.T @ dY, dY @ X.T, dY.sum(axis=1, keepdims=True)


def column_call(M, n_in, n_out):
    def draw(rng):
        shapes = ((n_out, M), (n_in, M), (n_out, n_in))
        return tuple(rng.normal(size=shape) for shape in shapes)

    return draw


def rows_in_place_of_columns(dY, X, W):
    return dY @ W.T, X.T @ dY, dY.sum(axis=0, keepdims=True).T


COLUMN_GRADIENTS = Exercise(
    cases=[
        Cases("five examples, four inputs, three outputs", column_call(5, 4, 3), share=0.6),
        Cases("all sizes equal", column_call(3, 3, 3), share=0.2),
        Cases("one example", column_call(1, 2, 4), share=0.2),
    ],
    misconceptions=[
        Misconception(
            "rows",
            rows_in_place_of_columns,
            "These are the formulas for one example per row. Here the examples are columns, and "
            "every product turns round.",
            f"{MINIBATCH}#Rows or columns",
        ),
        Misconception(
            "bias-without-axis",
            lambda dY, X, W: (W.T @ dY, dY @ X.T, dY.sum(axis=1)),
            "The numbers of db are right, its shape is not: in this convention b is a column.",
            f"{MINIBATCH}#Rows or columns",
        ),
        Misconception(
            "averaged-again",
            lambda dY, X, W: (
                W.T @ dY,
                dY @ X.T / X.shape[1],
                dY.mean(axis=1, keepdims=True),
            ),
            "You divide by the number of examples; the loss has done so.",
            f"{MINIBATCH}#Sum or mean",
        ),
    ],
    hints=["Transpose the equation of the row convention as a whole; products change their order."],
)


# Practice: a tape


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
DIAMOND = [("mul", 0, 1), ("exp", 2), ("sin", 3), ("mul", 2, 4), ("add", 5, 3), ("mul", 6, 6)]


def tape_variant(collect="add", exp=np.exp, upstream=True, order=reversed, product=True):
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
            for k, slope in zip(operands, local, strict=True):
                amount = slope * (gradients[number] if upstream else 1.0)
                gradients[k] = amount + (gradients[k] if collect == "add" else 0)
        return gradients[: len(x)]

    return wrong


TAPE_GRADIENT = Exercise(
    cases=[
        Cases("a chain", given_tape(1, CHAIN), share=0.2),
        Cases("a value that is used several times", given_tape(2, DIAMOND), share=0.4),
        Cases("random tapes", random_tape, share=0.4, count=6),
    ],
    misconceptions=[
        Misconception(
            "overwritten",
            tape_variant(collect="overwrite"),
            "A value that is used twice gets two gradients, and you keep the last of them. They "
            "add.",
            f"{PATHS}#Why they add",
        ),
        Misconception(
            "local-only",
            tape_variant(upstream=False),
            "Your gradients are sums of local derivatives. Each must be multiplied by the "
            "gradient of the value that it leads to.",
            "book/chain_rule/chain#The chain of a unit",
        ),
        Misconception(
            "forward-order",
            tape_variant(order=iter),
            "You walk along the tape from its beginning. A gradient can be passed on only when "
            "all that arrives at it has arrived: go from the end.",
            f"{DEPTH}#The order of multiplication",
        ),
        Misconception(
            "exp-gives-its-argument",
            tape_variant(exp=lambda a: a),
            "For exp you multiply by what went in. The slope of exp is what came out.",
            "book/chain_rule/long_derivative#Backward through the graph",
        ),
        Misconception(
            "own-factor",
            tape_variant(product=False),
            "In a product each factor gets the other one as its slope; you give it itself.",
            "book/chain_rule/long_derivative#Backward through the graph",
        ),
    ],
    hints=[
        "First a loop forward that fills a list of values. Then a loop backward over the tape.",
        "Keep one gradient for each value, all 0 at first but the last, and add to them.",
    ],
)


EXERCISES = {
    "ps3-weight-derivation": WEIGHT_DERIVATION,
    "ps3-input-derivation": INPUT_DERIVATION,
    "ps3-linear-forward": LINEAR_FORWARD,
    "ps3-linear-backward": LINEAR_BACKWARD,
    "ps3-relu-backward": RELU_BACKWARD,
    "ps3-tanh-backward": TANH_BACKWARD,
    "ps3-cross-entropy-forward": CROSS_ENTROPY_FORWARD,
    "ps3-cross-entropy-backward": CROSS_ENTROPY_BACKWARD,
    "ps3-network-forward": NETWORK_FORWARD,
    "ps3-network-backward": NETWORK_BACKWARD,
    "ps3-combined-gradient": COMBINED_GRADIENT,
    "ps3-expose": BACKWARD_IS_RIGHT,
    "ps3-tied": TIED_GRADIENT,
    "ps3-columns": COLUMN_GRADIENTS,
    "ps3-tape": TAPE_GRADIENT,
}
