"""A linear layer, backward, with one example per column."""

import numpy as np

from backprop.layers import LinearCache, linear_backward
from coursekit.authoring.exercises import Cases, Exercise

from .pages import MINIBATCH
from .sizes import SIZES


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


EXERCISE = Exercise(
    column_gradients,
    cases=[
        Cases("five examples, four inputs, three outputs", column_call(5, 4, 3), share=0.6),
        Cases("all sizes equal", column_call(3, 3, 3), share=0.2),
        Cases("one example", column_call(1, 2, 4), share=0.2),
    ],
    hints=[
        "Here each example is a column. Which shapes do dX, dW and db have now?",
        "Look at the equations of the row convention and transpose each as a whole; a product "
        "then changes its order.",
        "Most often one formula stays in the row convention, or db loses its second axis. Else a "
        "mean or a single example stands where all examples add.",
    ],
    situation="shapes?step=9&view=both&at=2-1",
    axes=SIZES,
)


@EXERCISE.in_package
def by_backprop(dY, X, W):
    """The layer of the package has one example per row: everything is transposed on the way."""
    dX, dW, db = linear_backward(dY.T, LinearCache(X.T, W.T))
    return dX.T, dW.T, db[:, np.newaxis]


@EXERCISE.misconception(
    "These are the formulas for one example per row. Here the examples are columns, and "
    "every product turns round.",
    f"{MINIBATCH}#Rows or columns",
)
def rows(dY, X, W):
    return dY @ W.T, X.T @ dY, dY.sum(axis=0, keepdims=True).T


@EXERCISE.misconception(
    "The numbers in db are right, but its shape is not: in this convention b is a column.",
    f"{MINIBATCH}#Rows or columns",
)
def bias_without_axis(dY, X, W):
    return (W.T @ dY, dY @ X.T, dY.sum(axis=1))


@EXERCISE.misconception(
    "You divide by the number of examples, but the loss has already done that.",
    f"{MINIBATCH}#Sum or mean",
)
def averaged_again(dY, X, W):
    return (
        W.T @ dY,
        dY @ X.T / X.shape[1],
        dY.mean(axis=1, keepdims=True),
    )


@EXERCISE.misconception(
    "dX and db are right, but dW comes out as the row convention has it. Here W[i, j] leads "
    "from unit j to unit i: which of the two indices counts the rows of dW?",
    f"{MINIBATCH}#Rows or columns",
)
def weights_as_in_rows(dY, X, W):
    return W.T @ dY, X @ dY.T, dY.sum(axis=1, keepdims=True)


@EXERCISE.misconception(
    "For db you add up along each column, over the output units. The columns are the examples "
    "here; each output unit, a row, has a bias of its own.",
    f"{MINIBATCH}#Rows or columns",
)
def bias_over_units(dY, X, W):
    return W.T @ dY, dY @ X.T, dY.sum(axis=0)


@EXERCISE.right
def by_einsum(dY, X, W):
    return (
        np.einsum("im,ij->jm", dY, W),
        np.einsum("im,jm->ij", dY, X),
        np.einsum("im->i", dY)[:, None],
    )


@EXERCISE.right
def by_rows(dY, X, W):
    rows, given = dY.T, X.T
    return (rows @ W).T, (given.T @ rows).T, rows.sum(axis=0).reshape(-1, 1)


@EXERCISE.second(rows)
def as_rows(dY, X, W):
    return np.dot(dY, W.T), np.dot(X.T, dY), np.sum(dY, axis=0)[:, None]


@EXERCISE.second(bias_without_axis)
def flat_bias(dY, X, W):
    dX, dW, db = by_einsum(dY, X, W)
    return dX, dW, db.ravel()


@EXERCISE.second(averaged_again)
def averaged(dY, X, W):
    dX, dW, db = by_rows(dY, X, W)
    return dX, dW / len(X[0]), db / len(X[0])


@EXERCISE.second(weights_as_in_rows)
def transposed_weights(dY, X, W):
    dX, dW, db = by_einsum(dY, X, W)
    return dX, dW.T, db


@EXERCISE.second(bias_over_units)
def sum_of_rows(dY, X, W):
    dX, dW, _ = by_rows(dY, X, W)
    return dX, dW, sum(dY)
