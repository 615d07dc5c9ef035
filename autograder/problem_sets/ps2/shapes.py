"""Shapes of Jacobians, of a gradient and of a tensor, before any code."""

import numpy as np

from backprop.jacobians import linear_jacobian
from backprop.layouts import gradient_from_jacobian
from backprop.tensors import matvec_tensor
from backprop.total_derivative import chain_jacobian
from coursekit.authoring.exercises import Cases, Exercise

from .pages import BY_MATRICES, GRADIENTS, JACOBIAN


def jacobian_shapes(n, m, k):
    r"""Shapes of the derivatives of two functions, one behind the other.

    The function f takes n numbers and gives m, the function g takes these m and gives k, and L
    takes these k and gives one number. A is a matrix of shape (m, n), and x holds the n numbers.

    Parameters
    ----------
    n, m, k : int
        How many numbers go into f, from f to g, and out of g.

    Returns
    -------
    dict
        A shape, a tuple of whole numbers, for each of the keys "df/dx", "dg/df", "dg/dx" (of g
        after f), "dL/dx" (of L after g after f, as a Jacobian), "gradient" (the gradient of L
        with respect to x), "d(Ax)/dx" and "d(Ax)/dA" (the tensor).

    Examples
    --------
    >>> jacobian_shapes(5, 4, 3)["dg/df"]
    (3, 4)
    """
    return {
        "df/dx": (m, n),
        "dg/df": (k, m),
        "dg/dx": (k, n),
        "dL/dx": (1, n),
        "gradient": (n,),
        "d(Ax)/dx": (m, n),
        "d(Ax)/dA": (m, m, n),
    }


def distinct_sizes(rng):
    return tuple(int(size) for size in rng.permutation(np.arange(2, 8))[:3])


EXERCISE = Exercise(
    jacobian_shapes,
    cases=[Cases("three sizes", distinct_sizes, share=1, count=4)],
    hints=[
        "How many numbers does the function put out, and how many does it take in? Which of the "
        "two counts the rows of its Jacobian?",
        "Look at the key that is named. A Jacobian has a row for each output and a column for "
        "each input; a tensor has the axes of the output first, then those of the matrix.",
        "The usual slip is to turn rows and columns round; next comes giving the gradient of a "
        "number and its Jacobian the same shape. In the tensor, the axes of A become one, or stand "
        "before that of the output.",
    ],
)


@EXERCISE.in_package
def by_backprop(n, m, k):
    """Linear functions do: shapes do not depend on what is computed."""
    A = np.ones((m, n))
    f, g, last = (linear_jacobian(matrix) for matrix in (A, np.ones((k, m)), np.ones((1, k))))
    both = chain_jacobian(g, f)
    return {
        "df/dx": f.shape,
        "dg/df": g.shape,
        "dg/dx": both.shape,
        "dL/dx": chain_jacobian(last, both).shape,
        "gradient": gradient_from_jacobian(both, last[0]).shape,
        "d(Ax)/dx": linear_jacobian(A).shape,
        "d(Ax)/dA": matvec_tensor(A, np.ones(n)).shape,
    }


@EXERCISE.misconception(
    "All your Jacobians are transposed. In this book a Jacobian has a row for each output and a "
    "column for each input; some books have it the other way round.",
    f"{JACOBIAN}#The definition",
)
def transposed(n, m, k):
    return {name: shape[::-1] for name, shape in jacobian_shapes(n, m, k).items()}


@EXERCISE.misconception(
    "You give 'gradient' the shape of a row, which is right for the Jacobian. A gradient has "
    "the shape of its parameter, so that one can be subtracted from the other.",
    f"{GRADIENTS}#What the parameter needs",
)
def gradient_as_row(n, m, k):
    return jacobian_shapes(n, m, k) | {"gradient": (1, n)}


@EXERCISE.misconception(
    "You give 'd(Ax)/dA' the shape of A. Each entry of Ax has a derivative with respect to each"
    " entry of A: how many numbers is that?",
    f"{BY_MATRICES}#A layer with respect to its weights",
)
def tensor_as_matrix(n, m, k):
    return jacobian_shapes(n, m, k) | {"d(Ax)/dA": (m, n)}


@EXERCISE.misconception(
    "You give 'dL/dx' one axis. The Jacobian of a single number is a matrix with one row. So it"
    " has two axes, like every Jacobian.",
    f"{GRADIENTS}#The definition",
)
def row_as_vector(n, m, k):
    return jacobian_shapes(n, m, k) | {"dL/dx": (n,)}


@EXERCISE.misconception(
    "Your gradient is a column, with a second axis of length 1. A gradient has the shape of what "
    "it belongs to, and x holds its numbers along one axis.",
    f"{GRADIENTS}#What the parameter needs",
)
def gradient_as_column(n, m, k):
    return jacobian_shapes(n, m, k) | {"gradient": (n, 1)}


@EXERCISE.misconception(
    "You lay all entries of A in one row, and get a matrix. That can be done, but the tensor keeps "
    "the two axes of A apart.",
    f"{BY_MATRICES}#A layer with respect to its weights",
)
def tensor_flattened(n, m, k):
    return jacobian_shapes(n, m, k) | {"d(Ax)/dA": (m, m * n)}


@EXERCISE.misconception(
    "Your tensor begins with the axes of A. Here the axis of the output comes first, as in every "
    "Jacobian.",
    f"{BY_MATRICES}#A layer with respect to its weights",
)
def tensor_output_last(n, m, k):
    return jacobian_shapes(n, m, k) | {"d(Ax)/dA": (m, n, m)}


@EXERCISE.right
def by_rule(n, m, k):
    def jacobian(outputs, inputs):
        return (*outputs, *inputs)

    return {
        "df/dx": jacobian((m,), (n,)),
        "dg/df": jacobian((k,), (m,)),
        "dg/dx": jacobian((k,), (n,)),
        "dL/dx": jacobian((1,), (n,)),
        "gradient": (n,),
        "d(Ax)/dx": jacobian((m,), (n,)),
        "d(Ax)/dA": jacobian((m,), (m, n)),
    }


@EXERCISE.right
def by_arrays(n, m, k):
    f, g, L = np.ones((m, n)), np.ones((k, m)), np.ones((1, k))
    tensor = np.zeros((m, m, n))
    found = {"df/dx": f, "dg/df": g, "dg/dx": g @ f, "dL/dx": L @ g @ f, "gradient": np.ones(n)}
    found |= {"d(Ax)/dx": f, "d(Ax)/dA": tensor}
    return {name: list(array.shape) for name, array in found.items()}


@EXERCISE.second(transposed)
def inputs_first(n, m, k):
    return {
        "df/dx": (n, m),
        "dg/df": (m, k),
        "dg/dx": (n, k),
        "dL/dx": (n, 1),
        "gradient": (n,),
        "d(Ax)/dx": (n, m),
        "d(Ax)/dA": (n, m, m),
    }


@EXERCISE.second(gradient_as_row)
def gradient(n, m, k):
    found = by_rule(n, m, k)
    found["gradient"] = found["dL/dx"]
    return found


@EXERCISE.second(tensor_as_matrix)
def tensor(n, m, k):
    found = by_arrays(n, m, k)
    found["d(Ax)/dA"] = (m, n)
    return found


@EXERCISE.second(row_as_vector)
def row(n, m, k):
    found = by_rule(n, m, k)
    found["dL/dx"] = (n,)
    return found


@EXERCISE.second(gradient_as_column)
def column(n, m, k):
    found = by_arrays(n, m, k)
    found["gradient"] = [n, 1]
    return found


@EXERCISE.second(tensor_flattened)
def flat(n, m, k):
    found = by_rule(n, m, k)
    entries = m * n
    found["d(Ax)/dA"] = (m, entries)
    return found


@EXERCISE.second(tensor_output_last)
def matrix_first(n, m, k):
    found = by_rule(n, m, k)
    found["d(Ax)/dA"] = found["d(Ax)/dx"] + (m,)
    return found
