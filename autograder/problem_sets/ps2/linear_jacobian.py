"""A linear function is its own Jacobian."""

import numpy as np

from backprop.jacobians import linear_jacobian
from coursekit.authoring.exercises import Cases, Exercise

from .pages import JACOBIAN


def matrix(m, n):
    def draw(rng):
        return (rng.normal(size=(m, n)),)

    return draw


EXERCISE = Exercise(
    linear_jacobian,
    cases=[
        Cases("two outputs of three inputs", matrix(2, 3), share=0.5),
        Cases("four outputs of two inputs", matrix(4, 2), share=0.3),
        Cases("as many outputs as inputs", matrix(3, 3), share=0.2),
    ],
    hints=[
        "Write output i as a sum over the inputs. What is left of it when you differentiate by "
        "one x_j?",
        "Look at the shape first: a row for each output, a column for each input. Then compare "
        "entry [0, 1] with the sum that you wrote.",
        "A transpose that is not needed is the usual slip. Next comes a product of matrices, "
        "which this derivative does not need. In a loop a row, a column or a sign gets lost.",
    ],
    axes={"m": "output", "n": "input"},
    nothing_to_do="to see that the Jacobian of Ax is A is what is asked",
    equivalent={
        "as_float_array(A, 'A', ndim=2).copy() -> as_float_array(A, 'A', ndim=2)": (
            "the numbers are those of A, whether copied or not"
        ),
    },
)


@EXERCISE.misconception(
    "This is the derivative in the other layout. Here, row i belongs to output i.",
    f"{JACOBIAN}#A linear function is its own Jacobian",
)
def transposed(A):
    return A.T


@EXERCISE.misconception(
    "The Jacobian of Ax needs no product: how does output i change with input j?",
    f"{JACOBIAN}#A linear function is its own Jacobian",
)
def matrix_times_matrix(A):
    return A.T @ A


@EXERCISE.misconception(
    "You keep the diagonal only, as for a function that works entry by entry. In Ax, each output "
    "adds up something of every input.",
    f"{JACOBIAN}#A linear function is its own Jacobian",
)
def diagonal_only(A):
    return A * np.eye(*A.shape)


@EXERCISE.misconception(
    "You have a 1 everywhere, as if the inputs were added up as they are. Each comes in with a "
    "factor, which differs from place to place.",
    f"{JACOBIAN}#A linear function is its own Jacobian",
)
def ones_everywhere(A):
    return np.ones(A.shape)


@EXERCISE.misconception(
    "Each row of yours repeats one number, the sum of that row of A. If one input moves, the terms "
    "with the other inputs stand still.",
    f"{JACOBIAN}#A linear function is its own Jacobian",
)
def sums_of_rows(A):
    return np.repeat(A.sum(axis=1, keepdims=True), A.shape[1], axis=1)


@EXERCISE.right
def itself(A):
    return A


@EXERCISE.right
def by_basis(A):
    return np.array([A @ e for e in np.eye(A.shape[1])]).T


@EXERCISE.second(transposed)
def row_by_column(A):
    return np.array([[A[i, j] for i in range(A.shape[0])] for j in range(A.shape[1])])


@EXERCISE.second(matrix_times_matrix)
def product(A):
    return np.einsum("ki,kj->ij", A, A)


@EXERCISE.second(diagonal_only)
def each_to_its_own(A):
    J = np.zeros_like(A)
    for i in range(min(A.shape)):
        J[i, i] = A[i, i]
    return J


@EXERCISE.second(ones_everywhere)
def all_ones(A):
    return [[1.0 for _ in row] for row in A]


@EXERCISE.second(sums_of_rows)
def whole_sum(A):
    J = np.empty(A.shape)
    for i, row in enumerate(A):
        J[i, :] = sum(row)
    return J
