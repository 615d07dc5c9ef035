"""From one input to dX, with less help."""

import numpy as np

from backprop.layers import LinearCache, linear_input_gradient
from backprop.tensors import matmul_left_tensor
from coursekit.authoring.exercises import Cases, Exercise

from .equivalence import COMMUTES
from .pages import LAYER
from .sizes import SIZES


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


EXERCISE = Exercise(
    input_derivation,
    cases=[
        Cases("five examples, four inputs, three outputs", one_input(5, 4, 3), share=0.6),
        Cases("all sizes equal", one_input(3, 3, 3), share=0.2),
        Cases("one example", one_input(1, 2, 4), share=0.2),
    ],
    hints=[
        "Through how many units of the next layer does one input act on the cost?",
        "Look at the first key that is wrong. 'entry' is a sum over the output units k: write it "
        "out for two of them, then find the same sum as one entry of a matrix product.",
        "Most often a row and a column of W are mixed up, or the sum runs over the examples "
        "instead of the output units. Else it is a mean, or the matrix is filled for one example.",
    ],
    situation="shapes?step=8&at=2-1",
    axes=SIZES,
    equivalent={
        "W[j] @ dY[m] -> dY[m] @ W[j]": COMMUTES,
    },
)


@EXERCISE.in_package
def by_backprop(W, dY, m, j):
    X = np.zeros((len(dY), len(W)))  # the derivative is the same for every input
    dX = linear_input_gradient(dY, LinearCache(X, W))
    return {"row": matmul_left_tensor(X, W)[m, :, m, j], "entry": dX[m, j], "matrix": dX}


@EXERCISE.misconception(
    "You took a column of W, but the weights that leave input unit j are meant. W[j, i] leads "
    "from j to i: which of its two indices stays fixed here?",
    f"{LAYER}#The layer before",
)
def column_for_row(W, dY, m, j):
    row = W[:, min(j, W.shape[1] - 1)]
    return input_derivation(W, dY, m, j) | {"row": row, "entry": row @ dY[m]}


@EXERCISE.misconception(
    "Your 'entry' adds over the examples. X[m, j] belongs to one example and acts on no "
    "other: there is nothing to add over m.",
    f"{LAYER}#The layer before",
)
def sum_over_examples(W, dY, m, j):
    return input_derivation(W, dY, m, j) | {"entry": W[j] @ dY.sum(axis=0)}


@EXERCISE.misconception(
    "You multiply by W as it stands. It leads forward, from inputs to outputs, and here you go "
    "back. It ran because W is square, which proves nothing.",
    f"{LAYER}#The shape argument, and where it deceives",
)
def weights_not_transposed(W, dY, m, j):
    return input_derivation(W, dY, m, j) | {"matrix": dY @ W}


@EXERCISE.misconception(
    "Your 'entry' follows the path through one output unit. An input acts on the cost through all "
    "of them, and the influences add.",
    f"{LAYER}#The layer before",
)
def one_output_only(W, dY, m, j):
    return input_derivation(W, dY, m, j) | {"entry": W[j, 0] * dY[m, 0]}


@EXERCISE.misconception(
    "Your 'entry' is a mean over the output units. The input acts on the cost through each of "
    "them, and what comes back along several paths adds up.",
    f"{LAYER}#The layer before",
)
def mean_over_outputs(W, dY, m, j):
    return input_derivation(W, dY, m, j) | {"entry": np.mean(W[j] * dY[m])}


@EXERCISE.misconception(
    "In your 'matrix' only the row of example m is filled. It is the gradient of the whole input: "
    "every example has a row there, and each gets something back.",
    f"{LAYER}#The layer before",
)
def one_row_only(W, dY, m, j):
    matrix = np.zeros((len(dY), len(W)))
    matrix[m] = W @ dY[m]
    return input_derivation(W, dY, m, j) | {"matrix": matrix}


@EXERCISE.misconception(
    "Your 'row' has the upstream gradient in it already. It should say only how fast the "
    "outputs change with the input. The cost comes in later, with 'entry'.",
    f"{LAYER}#The layer before",
)
def upstream_in_row(W, dY, m, j):
    return input_derivation(W, dY, m, j) | {"row": W[j] * dY[m]}


@EXERCISE.right
def by_loops(W, dY, m, j):
    return {
        "row": list(W[j]),
        "entry": sum(W[j, k] * dY[m, k] for k in range(W.shape[1])),
        "matrix": [[sum(w * d) for w in W] for d in dY],
    }


@EXERCISE.right
def by_einsum(W, dY, m, j):
    dX = np.einsum("mk,jk->mj", dY, W)
    return {"row": W[j, :].copy(), "entry": dX[m, j], "matrix": dX}


@EXERCISE.second(column_for_row)
def column(W, dY, m, j):
    column = W.T[j if j < W.shape[1] else -1]
    return by_einsum(W, dY, m, j) | {"row": column, "entry": np.dot(dY[m], column)}


@EXERCISE.second(sum_over_examples)
def entry_summed(W, dY, m, j):
    return by_einsum(W, dY, m, j) | {"entry": np.sum(dY @ W[j])}


@EXERCISE.second(weights_not_transposed)
def untransposed(W, dY, m, j):
    return by_einsum(W, dY, m, j) | {"matrix": np.einsum("mk,kj->mj", dY, W)}


@EXERCISE.second(one_output_only)
def first_output(W, dY, m, j):
    return by_einsum(W, dY, m, j) | {"entry": float(dY[m][0] * W[j][0])}


@EXERCISE.second(mean_over_outputs)
def mean_of_paths(W, dY, m, j):
    steps = by_loops(W, dY, m, j)
    return steps | {"entry": steps["entry"] / len(steps["row"])}


@EXERCISE.second(one_row_only)
def other_rows_blank(W, dY, m, j):
    steps = by_loops(W, dY, m, j)
    rows = [row if e == m else [0.0] * len(W) for e, row in enumerate(steps["matrix"])]
    return steps | {"matrix": rows}


@EXERCISE.second(upstream_in_row)
def terms_for_row(W, dY, m, j):
    terms = [w * d for w, d in zip(W[j], dY[m], strict=True)]
    return by_einsum(W, dY, m, j) | {"row": terms, "entry": sum(terms)}
