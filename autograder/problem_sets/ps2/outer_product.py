"""The gradient of the weights of a layer: an outer product."""

import numpy as np

from backprop.tensors import matvec_matrix_vjp
from coursekit.authoring.exercises import Cases, Exercise

from .pages import BY_MATRICES

OUTER = f"{BY_MATRICES}#Why nobody stores this tensor"


def input_and_upstream(n_out, n_in):
    def draw(rng):
        return rng.normal(size=n_in), rng.normal(size=n_out)

    return draw


EXERCISE = Exercise(
    matvec_matrix_vjp,
    cases=[
        Cases("three outputs of two inputs", input_and_upstream(3, 2), share=0.4),
        Cases("two outputs of four inputs", input_and_upstream(2, 4), share=0.3),
        Cases("as many outputs as inputs", input_and_upstream(3, 3), share=0.2),
        Cases("one input", input_and_upstream(4, 1), share=0.1),
    ],
    hints=[
        "Let one entry of A move, in row k and column q. Which entry of Ax moves, and how fast?",
        "Write the shape of A first. Each entry of the result is a product of two numbers; look at "
        "which of your two vectors has an entry k, and which an entry q.",
        "Most often the result is transposed, or x and u are multiplied entry by entry. In a loop, "
        "all rows may be one list under several names.",
    ],
    situation="microscope?step=13&view=matrices",
    axes={"M": "output", "N": "input"},
)


@EXERCISE.misconception(
    "Your result is transposed. The gradient has the shape of A, one row for each output, so that "
    "it can be subtracted from A.",
    OUTER,
)
def transposed(x, u):
    return np.outer(x, u)


@EXERCISE.misconception(
    "Your result does not depend on u. How fast an output moves with its weights is one factor; "
    "how fast the loss moves with that output is the other.",
    OUTER,
)
def upstream_forgotten(x, u):
    return np.tile(x, (len(u), 1))


@EXERCISE.misconception(
    "Your result does not depend on x. How fast an output moves with one of its weights depends"
    " on the entry of x that this weight multiplies.",
    OUTER,
)
def input_forgotten(x, u):
    return np.repeat(u[:, np.newaxis], len(x), axis=1)


@EXERCISE.misconception(
    "You multiply x and u entry by entry. Where both are equally long this runs, and gives the "
    "diagonal only. But every pair of an entry of x and an entry of u has a weight.",
    OUTER,
)
def entry_by_entry(x, u):
    return u * x


@EXERCISE.misconception(
    "You add up the products of x and u to one number. Each weight has a derivative of its own.",
    OUTER,
)
def one_number(x, u):
    return u @ x


@EXERCISE.misconception(
    "All derivatives are there, in one long row. The gradient has the shape of A.",
    OUTER,
)
def in_one_row(x, u):
    return np.outer(u, x).ravel()


@EXERCISE.misconception(
    "You fill the whole tensor, all outputs by all weights. Multiply it by u and add over the "
    "outputs: what is asked for is how fast the loss moves.",
    OUTER,
)
def whole_tensor(x, u):
    return np.einsum("ik,q->ikq", np.eye(len(u)), x)


@EXERCISE.misconception(
    "All your rows are like the last one. Perhaps they are one list under several names, so that "
    "what you write into one row stands in all.",
    OUTER,
)
def rows_alike(x, u):
    return np.tile(u[-1] * x, (len(u), 1))


@EXERCISE.right
def by_columns_and_rows(x, u):
    return u.reshape(-1, 1) @ x.reshape(1, -1)


@EXERCISE.right
def by_loops(x, u):
    return [[slope * value for value in x] for slope in u]


@EXERCISE.right
def by_tensor(x, u):
    tensor = np.zeros((len(u), len(u), len(x)))
    for i in range(len(u)):
        tensor[i, i] = x
    return np.tensordot(u, tensor, axes=1)


@EXERCISE.second(transposed)
def inputs_in_rows(x, u):
    return np.array([value * u for value in x])


@EXERCISE.second(upstream_forgotten)
def rows_of_inputs(x, u):
    return np.ones((len(u), 1)) * x


@EXERCISE.second(input_forgotten)
def columns_of_upstream(x, u):
    return np.column_stack([u for _ in x])


@EXERCISE.second(entry_by_entry)
def as_vectors(x, u):
    return np.multiply(x, u)


@EXERCISE.second(one_number)
def dot(x, u):
    return float(np.dot(x, u))


@EXERCISE.second(in_one_row)
def listed(x, u):
    return [slope * value for slope in u for value in x]


@EXERCISE.second(whole_tensor)
def blocks(x, u):
    tensor = np.zeros((len(u), len(u), len(x)))
    for i in range(len(u)):
        tensor[i, i] = x
    return tensor


@EXERCISE.second(rows_alike)
def one_list_many_times(x, u):
    G = [[0.0] * len(x)] * len(u)
    for k, slope in enumerate(u):
        for q, value in enumerate(x):
            G[k][q] = slope * value
    return G
