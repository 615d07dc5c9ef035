"""From one weight to dW, one factor after another."""

import numpy as np

from backprop.layers import LinearCache, linear_parameter_gradients
from backprop.tensors import matmul_right_tensor
from coursekit.authoring.exercises import Cases, Exercise

from .equivalence import COMMUTES
from .pages import LAYER, MINIBATCH
from .sizes import SIZES


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


EXERCISE = Exercise(
    weight_derivation,
    cases=[
        Cases("five examples, four inputs, three outputs", one_weight(5, 4, 3), share=0.6),
        Cases("all sizes equal", one_weight(3, 3, 3), share=0.2),
        Cases("one example", one_weight(1, 2, 4), share=0.2),
    ],
    hints=[
        "For two inputs, write Y[m, i] as a sum with all its terms. In which of them does W[j, i] "
        "stand?",
        "Look at the first key that is wrong. 'example' is a sum over all output units k of "
        "∂C/∂Y[m, k] times 'row', and most of its terms are zero.",
        "Most often the sum over the examples is the trouble. 'entry' adds 'example' over all m, "
        "and in a matrix product the index that is summed has to be the inner one.",
    ],
    situation="shapes?step=9&at=2-3",
    axes=SIZES,
    equivalent={
        "dY[m] @ row -> row @ dY[m]": COMMUTES,
        "X[:, j] @ dY[:, i] -> dY[:, i] @ X[:, j]": COMMUTES,
    },
)


@EXERCISE.in_package
def by_backprop(X, W, dY, m, j, i):
    def dW_of(rows):
        return linear_parameter_gradients(dY[rows], LinearCache(X[rows], W))[0]

    row = matmul_right_tensor(X, W)[m, :, j, i]
    dW, of_example = dW_of(slice(None)), dW_of([m])
    return {
        "own": row[i],
        "row": row,
        "example": of_example[j, i],
        "entry": dW[j, i],
        "matrix": dW,
    }


@EXERCISE.misconception(
    "You give the weight as its own derivative. Y[m, i] is a sum of products, and the weight "
    "stands in one of them: what is it multiplied by there?",
    f"{LAYER}#The weights",
)
def weight_for_input(X, W, dY, m, j, i):
    steps = weight_derivation(X, W, dY, m, j, i)
    row = np.zeros(dY.shape[1])
    row[i] = W[j, i]
    return steps | {"own": W[j, i], "row": row, "example": W[j, i] * dY[m, i]}


@EXERCISE.misconception(
    "You let the weight W[j, i] act on every output unit, but it leads to one only. Write out "
    "Y[m, k] for a k other than i: does the weight occur?",
    f"{LAYER}#The weights",
)
def every_output_depends(X, W, dY, m, j, i):
    steps = weight_derivation(X, W, dY, m, j, i)
    row = np.full(dY.shape[1], X[m, j])
    return steps | {"row": row, "example": dY[m] @ row}


@EXERCISE.misconception(
    "Only 'row' is wrong: it has one entry for each output unit k, and the weight W[j, i] "
    "does not occur in the sum of every one of them.",
    f"{LAYER}#The weights",
)
def row_without_zeros(X, W, dY, m, j, i):
    steps = weight_derivation(X, W, dY, m, j, i)
    return steps | {"row": np.full(dY.shape[1], X[m, j])}


@EXERCISE.misconception(
    "Your 'entry' holds what example m contributes, but every example in the minibatch uses the "
    "weight. Contributions along several paths add.",
    f"{LAYER}#The weights",
)
def one_example_only(X, W, dY, m, j, i):
    steps = weight_derivation(X, W, dY, m, j, i)
    return steps | {"entry": X[m, j] * dY[m, i]}


@EXERCISE.misconception(
    "You divide by the number of examples. That division belongs to the loss and is already in "
    "dY; a second one makes every gradient too small.",
    f"{MINIBATCH}#Sum or mean",
)
def averaged_again(X, W, dY, m, j, i):
    steps = weight_derivation(X, W, dY, m, j, i)
    return steps | {"entry": steps["entry"] / len(X), "matrix": steps["matrix"] / len(X)}


@EXERCISE.misconception(
    "Your matrix is the transpose of the gradient. A gradient has the shape of its "
    "parameter: which index of W comes first?",
    f"{LAYER}#The shape argument, and where it deceives",
)
def factors_swapped(X, W, dY, m, j, i):
    return weight_derivation(X, W, dY, m, j, i) | {"matrix": dY.T @ X}


@EXERCISE.misconception(
    "Your 'example' adds up the upstream gradients of all output units. The weight W[j, i] leads "
    "to one of them, so only what comes back from that one is a factor here.",
    f"{LAYER}#The weights",
)
def upstream_of_all_units(X, W, dY, m, j, i):
    return weight_derivation(X, W, dY, m, j, i) | {"example": X[m, j] * dY[m].sum()}


@EXERCISE.misconception(
    "Your 'entry' and 'matrix' hold what example m alone contributes. All examples of the "
    "minibatch use the same weights, and what they contribute adds up.",
    f"{LAYER}#The weights",
)
def one_example_throughout(X, W, dY, m, j, i):
    steps = weight_derivation(X, W, dY, m, j, i)
    return steps | {"entry": steps["example"], "matrix": np.outer(X[m], dY[m])}


@EXERCISE.right
def by_loops(X, W, dY, m, j, i):
    M, n_in, n_out = len(X), W.shape[0], W.shape[1]
    matrix = [
        [sum(X[e, p] * dY[e, q] for e in range(M)) for q in range(n_out)] for p in range(n_in)
    ]
    return {
        "own": float(X[m, j]),
        "row": [float(X[m, j]) if k == i else 0.0 for k in range(n_out)],
        "example": float(X[m, j] * dY[m, i]),
        "entry": float(matrix[j][i]),
        "matrix": matrix,
    }


@EXERCISE.right
def by_outer_products(X, W, dY, m, j, i):
    per_example = [np.outer(x, d) for x, d in zip(X, dY, strict=True)]
    total = np.sum(per_example, axis=0)
    return {
        "own": X[m, j],
        "row": X[m, j] * np.eye(W.shape[1])[i],
        "example": per_example[m][j, i],
        "entry": total[j, i],
        "matrix": total,
    }


def weights_with(**changes):
    def wrong(X, W, dY, m, j, i):
        steps = by_outer_products(X, W, dY, m, j, i)
        return steps | {key: change(X, W, dY, m, j, i) for key, change in changes.items()}

    wrong.__name__ = "weights_with_" + "_".join(changes)
    return wrong


own_is_weight = EXERCISE.second(weight_for_input)(
    weights_with(
        own=lambda X, W, dY, m, j, i: float(W[j, i]),
        row=lambda X, W, dY, m, j, i: [W[j, i] * (k == i) for k in range(len(dY[0]))],
        example=lambda X, W, dY, m, j, i: dY[m, i] * W[j, i],
    )
)

row_full_and_used = EXERCISE.second(every_output_depends)(
    weights_with(
        row=lambda X, W, dY, m, j, i: X[m, j] + 0 * dY[m],
        example=lambda X, W, dY, m, j, i: X[m, j] * sum(dY[m]),
    )
)

row_full = EXERCISE.second(row_without_zeros)(
    weights_with(row=lambda X, W, dY, m, j, i: [X[m, j]] * len(dY[m]))
)

entry_of_one = EXERCISE.second(one_example_only)(
    weights_with(entry=lambda X, W, dY, m, j, i: np.outer(X[m], dY[m])[j, i])
)

mean_again = EXERCISE.second(averaged_again)(
    weights_with(
        entry=lambda X, W, dY, m, j, i: np.mean(X[:, j] * dY[:, i]),
        matrix=lambda X, W, dY, m, j, i: np.einsum("mj,mi->ji", X, dY) / X.shape[0],
    )
)

transposed_matrix = EXERCISE.second(factors_swapped)(
    weights_with(matrix=lambda X, W, dY, m, j, i: (X.T @ dY).T)
)


example_of_all_units = EXERCISE.second(upstream_of_all_units)(
    weights_with(example=lambda X, W, dY, m, j, i: sum(X[m, j] * d for d in dY[m]))
)


matrix_of_one = EXERCISE.second(one_example_throughout)(
    weights_with(
        entry=lambda X, W, dY, m, j, i: dY[m, i] * X[m, j],
        matrix=lambda X, W, dY, m, j, i: X[m][:, np.newaxis] * dY[m],
    )
)
