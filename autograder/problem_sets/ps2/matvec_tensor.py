"""The derivative of a product by its matrix, a tensor."""

import numpy as np

from backprop.tensors import matvec_tensor
from coursekit.authoring.exercises import Cases, Exercise

from .pages import BY_MATRICES


def matrix_and_vector(m, n):
    def draw(rng):
        return rng.normal(size=(m, n)), rng.normal(size=n)

    return draw


EXERCISE = Exercise(
    matvec_tensor,
    cases=[
        Cases("two outputs of three inputs", matrix_and_vector(2, 3), share=0.6),
        Cases("as many outputs as inputs", matrix_and_vector(3, 3), share=0.4),
    ],
    hints=[
        "Take output 0 alone: its derivative by A has the shape of A. Which of its rows are zero?",
        "Look at the order of the axes: first the output, then the row and the column of A. "
        "Output i sees one row of A only.",
        "The usual slips: A itself where x belongs, values in every row or not in the last, the "
        "axes in another order, or two of them laid into one.",
    ],
    equivalent={
        "np.stack([matvec_row_derivative(x, i, len(A)) for i in range(len(A))]) -> "
        "[matvec_row_derivative(x, i, len(A)) for i in range(len(A))]": (
            "a list of arrays is compared as an array"
        ),
        "matvec_row_derivative: np.zeros((M, len(x)), dtype=x.dtype) -> np.zeros((M, len(x)))": (
            "the inputs of all cases are float64"
        ),
    },
)


@EXERCISE.misconception(
    "All the numbers are there, but the axes are in another order. The axis of the output comes "
    "first, then the two axes of A.",
    f"{BY_MATRICES}#A layer with respect to its weights",
)
def axes_in_another_order(A, x):
    return np.einsum("ik,j->jki", np.eye(len(A)), x)


@EXERCISE.misconception(
    "The derivative of a product with respect to one factor is the other factor, and you use A "
    "itself.",
    f"{BY_MATRICES}#A layer with respect to its weights",
)
def weights_for_inputs(A, x):
    return np.einsum("ik,kj->ikj", np.eye(len(A)), A)


@EXERCISE.misconception(
    "You let output i depend on every row of A. It depends on row i alone.",
    f"{BY_MATRICES}#A layer with respect to its weights",
)
def every_row_full(A, x):
    return np.broadcast_to(x, (len(A), len(A), len(x))).copy()


@EXERCISE.misconception(
    "You lay the entries of A in one row, and get a matrix. Its numbers are right, but the tensor "
    "keeps the two axes of A apart.",
    f"{BY_MATRICES}#A layer with respect to its weights",
)
def flattened(A, x):
    return np.kron(np.eye(len(A)), x)


@EXERCISE.misconception(
    "All the numbers are there, but the axis of the output comes last. It comes first, as the rows "
    "do in a Jacobian.",
    f"{BY_MATRICES}#A layer with respect to its weights",
)
def output_last(A, x):
    return np.einsum("ik,j->kji", np.eye(len(A)), x)


@EXERCISE.right
def by_einsum(A, x):
    return np.einsum("ik,j->ikj", np.eye(A.shape[0]), x)


@EXERCISE.right
def by_measuring(A, x):
    T = np.zeros((len(A), *A.shape))
    for place in np.ndindex(A.shape):
        moved = A.copy()
        moved[place] += 1.0
        T[(slice(None), *place)] = moved @ x - A @ x
    return T


@EXERCISE.second(axes_in_another_order)
def axes(A, x):
    return by_einsum(A, x).transpose(2, 0, 1)


@EXERCISE.second(weights_for_inputs)
def weights(A, x):
    T = np.zeros((len(A), *A.shape))
    for i in range(len(A)):
        T[i, i] = A[i]
    return T


@EXERCISE.second(every_row_full)
def full(A, x):
    return np.array([[x for _ in A] for _ in A])


@EXERCISE.second(flattened)
def one_row_for_each_output(A, x):
    return by_einsum(A, x).reshape(len(A), A.size)


@EXERCISE.second(output_last)
def matrix_first(A, x):
    m, n = A.shape
    T = np.zeros((m, n, m))
    for i in range(m):
        T[i, :, i] = x
    return T
