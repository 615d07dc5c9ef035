"""Cases, misconceptions and hints of problem set 2."""

import numpy as np

from backprop.activations import logistic, logistic_derivative
from coursekit.authoring.exercises import Cases, Exercise, Misconception
from coursekit.checks.values import Code

GRADIENTS = "book/jacobians/gradients"
JACOBIAN = "book/jacobians/jacobian"
ELEMENTWISE = "book/jacobians/elementwise_softmax"
SQUARES = "book/jacobians/least_squares"
PRODUCTS = "book/jacobians/vjp_jvp"
NUMERICAL = "book/jacobians/numerical"
CHECKING = "book/jacobians/gradient_check"
BY_MATRICES = "book/jacobians/by_matrices"
CHAIN = "book/jacobians/chain_matrix"


# Shapes before code


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


def shapes_transposed(n, m, k):
    return {name: shape[::-1] for name, shape in jacobian_shapes(n, m, k).items()}


def shapes_gradient_as_row(n, m, k):
    return jacobian_shapes(n, m, k) | {"gradient": (1, n)}


def shapes_tensor_as_matrix(n, m, k):
    return jacobian_shapes(n, m, k) | {"d(Ax)/dA": (m, n)}


def shapes_row_as_vector(n, m, k):
    return jacobian_shapes(n, m, k) | {"dL/dx": (n,)}


SHAPES = Exercise(
    cases=[Cases("three sizes", distinct_sizes, share=1, count=4)],
    misconceptions=[
        Misconception(
            "transposed",
            shapes_transposed,
            "All your Jacobians are transposed. Here a Jacobian has a row for each output and a "
            "column for each input; other books have it the other way round.",
            f"{JACOBIAN}#The definition",
        ),
        Misconception(
            "gradient-as-row",
            shapes_gradient_as_row,
            "The Jacobian of a number is a row. Its gradient has the shape of its parameter, so "
            "that it can be subtracted from it.",
            f"{GRADIENTS}#What the parameter needs",
        ),
        Misconception(
            "tensor-as-matrix",
            shapes_tensor_as_matrix,
            "Each entry of Ax has a derivative with respect to each entry of A. Count them: how "
            "many numbers are that?",
            f"{BY_MATRICES}#A layer by its weights",
        ),
        Misconception(
            "row-as-vector",
            shapes_row_as_vector,
            "As a Jacobian, the derivative of one number has one row: two axes, as every Jacobian.",
            f"{GRADIENTS}#The definition",
        ),
    ],
    hints=[
        "A Jacobian has a row for each number that comes out and a column for each that goes in.",
        "The tensor has the axes of the output first, then the axes of the matrix.",
    ],
)


# Numerical Jacobian


def numerical_jacobian(f, x, h=2.0**-17):
    r"""Jacobian of a function of a vector, measured by central differences.

    Parameters
    ----------
    f : callable
        Takes an array of shape (n,) and returns an array of shape (m,).
    x : Array, shape (n,)
        Where to differentiate; it may hold whole numbers, and must not be changed.
    h : float, default 2**-17
        Step, greater than 0, the same for every entry.

    Returns
    -------
    Array, shape (m, n)
        Entry [i, j] is the central difference of output i in the direction of input j.

    Notes
    -----
    .. math:: J_{ij} \approx \frac{f_i(x + h e_j) - f_i(x - h e_j)}{2h}

    where :math:`e_j` is 1 at place j and 0 elsewhere.

    Examples
    --------
    >>> f = lambda x: np.array([x[0] * x[1], 3 * x[1]])
    >>> numerical_jacobian(f, np.array([2.0, 5.0]), 0.5)
    array([[5., 2.],
           [0., 3.]])
    """
    x = np.asarray(x, dtype=float)
    columns = []
    for j in range(len(x)):
        step = np.zeros(len(x))
        step[j] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def vector_function(rng, m, n):
    A = rng.uniform(-1.5, 1.5, (m, n)).round(2).tolist()
    c = rng.uniform(0.5, 1.5, m).round(2).tolist()
    return Code(f"lambda x: np.sin(np.array({A}) @ x) + np.array({c}) * np.sum(x**2) * x[0]")


def function_and_place(m, n, h):
    def draw(rng):
        return vector_function(rng, m, n), rng.uniform(-1, 1, n), h

    return draw


def whole_place(rng):
    return vector_function(rng, 2, 3), rng.integers(1, 4, 3), 0.25


def numerical_transposed(f, x, h=2.0**-17):
    return numerical_jacobian(f, x, h).T


def numerical_one_sided(f, x, h=2.0**-17):
    steps = h * np.eye(len(x))
    return np.stack([(f(x + step) - f(x)) / h for step in steps], axis=1)


def numerical_over_h(f, x, h=2.0**-17):
    return 2 * numerical_jacobian(f, x, h)


def numerical_whole_steps(f, x, h=2.0**-17):
    columns = []
    for j in range(len(x)):
        right, left = x.copy(), x.copy()
        right[j] += h
        left[j] -= h
        columns.append((f(right) - f(left)) / (2 * h))
    return np.stack(columns, axis=1)


def numerical_not_put_back(f, x, h=2.0**-17):
    right, left, columns = x.astype(float), x.astype(float), []
    for j in range(len(x)):
        right[j] += h
        left[j] -= h
        columns.append((f(right) - f(left)) / (2 * h))
    return np.stack(columns, axis=1)


def numerical_own_step(f, x, h=2.0**-17):
    return numerical_jacobian(f, x, 1e-5)


def numerical_all_at_once(f, x, h=2.0**-17):
    return (np.asarray(f(x + h)) - np.asarray(f(x - h))) / (2 * h)


NUMERICAL_JACOBIAN = Exercise(
    cases=[
        Cases("three outputs of two inputs", function_and_place(3, 2, 0.25), share=0.35),
        Cases("two outputs of four inputs", function_and_place(2, 4, 2.0**-6), share=0.25),
        Cases("as many outputs as inputs", function_and_place(3, 3, 0.25), share=0.1),
        Cases("one output", function_and_place(1, 3, 2.0**-17), share=0.1, count=2),
        Cases("at whole numbers", whole_place, share=0.2),
    ],
    misconceptions=[
        Misconception(
            "transposed",
            numerical_transposed,
            "You wrote a row for each input. Here each input has a column.",
            f"{JACOBIAN}#The definition",
        ),
        Misconception(
            "one-sided",
            numerical_one_sided,
            "You look to one side only. The central difference looks to both sides.",
            f"{NUMERICAL}#The best step",
        ),
        Misconception(
            "divided-by-h",
            numerical_over_h,
            "Everything is twice too large. How far apart are the two places where you call f?",
            f"{NUMERICAL}#Error one: truncation",
        ),
        Misconception(
            "whole-number-steps",
            numerical_whole_steps,
            "Right for decimals; but an array of whole numbers cuts off what stands behind the "
            "point when you add the step to an entry. Make an array of decimals first.",
            f"{NUMERICAL}#Many variables",
        ),
        Misconception(
            "not-put-back",
            numerical_not_put_back,
            "The first column is right. For the next one, the entry that you moved before is still "
            "moved.",
            f"{NUMERICAL}#Many variables",
        ),
        Misconception(
            "own-step",
            numerical_own_step,
            "Your step is a number of your own. Use the step h that the caller gives.",
            f"{NUMERICAL}#The best step",
        ),
        Misconception(
            "all-inputs-at-once",
            numerical_all_at_once,
            "You move all inputs at once, so their influences are added up. Move one, and hold the "
            "others still.",
            f"{NUMERICAL}#Error one: truncation",
        ),
    ],
    hints=[
        "One input at a time: move it to both sides, hold the others. What you get is a column.",
        "np.stack puts vectors side by side; its axis says whether they become rows or columns.",
    ],
    equivalent={
        "np.asarray(x, dtype=float) -> np.asarray(x)": "the steps are decimals, so the sums are",
    },
)


# The Jacobian of a linear function


def matrix(m, n):
    def draw(rng):
        return (rng.normal(size=(m, n)),)

    return draw


def linear_transposed(A):
    return A.T


def linear_gram(A):
    return A.T @ A


LINEAR_JACOBIAN = Exercise(
    cases=[
        Cases("two outputs of three inputs", matrix(2, 3), share=0.5),
        Cases("four outputs of two inputs", matrix(4, 2), share=0.3),
        Cases("as many outputs as inputs", matrix(3, 3), share=0.2),
    ],
    misconceptions=[
        Misconception(
            "transposed",
            linear_transposed,
            "This is the derivative in the other layout. Here row i belongs to output i.",
            f"{JACOBIAN}#A linear function is its own Jacobian",
        ),
        Misconception(
            "matrix-times-matrix",
            linear_gram,
            "The Jacobian of Ax needs no product: how does output i change with input j?",
            f"{JACOBIAN}#A linear function is its own Jacobian",
        ),
    ],
    hints=[
        "Write f_i(x) as a sum, and differentiate it with respect to one x_j.",
        "First the shape: how many outputs, how many inputs?",
    ],
    equivalent={
        "as_float_array(A, 'A', ndim=2).copy() -> as_float_array(A, 'A', ndim=2)": (
            "the numbers are those of A, whether copied or not"
        ),
    },
)


# The Jacobian of an element-wise function


def logistic_jacobian(z):
    r"""Jacobian of the logistic function, applied to every entry of a vector.

    Parameters
    ----------
    z : Array, shape (n,)
        Pre-activations.

    Returns
    -------
    Array, shape (n, n)
        Entry [i, j] is the derivative of activation i with respect to pre-activation j.

    Examples
    --------
    >>> logistic_jacobian(np.array([0.0, 0.0]))
    array([[0.25, 0.  ],
           [0.  , 0.25]])
    """
    return np.diag(logistic_derivative(z))


def pre_activations(n):
    def draw(rng):
        return (rng.normal(scale=2, size=n),)

    return draw


def whole_pre_activations(rng):
    return (rng.integers(-3, 4, 3),)


def squash(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


def elementwise_as_vector(z):
    return squash(z) * (1 - squash(z))


def elementwise_full(z):
    return np.ones((len(z), 1)) * elementwise_as_vector(z)


def elementwise_at_activation(z):
    return np.diag(elementwise_as_vector(squash(z)))


def elementwise_of_activations(z):
    return np.diag(squash(z))


ELEMENTWISE_JACOBIAN = Exercise(
    cases=[
        Cases("three units", pre_activations(3), share=0.5),
        Cases("five units", pre_activations(5), share=0.2),
        Cases("one unit", pre_activations(1), share=0.1, count=2),
        Cases("whole numbers", whole_pre_activations, share=0.2),
    ],
    misconceptions=[
        Misconception(
            "vector-of-slopes",
            elementwise_as_vector,
            "These are the right slopes, as a vector. A Jacobian is a matrix: where do the slopes "
            "stand in it, and what stands elsewhere?",
            f"{ELEMENTWISE}#Each output sees one input",
        ),
        Misconception(
            "every-row-full",
            elementwise_full,
            "You say that every output depends on every input. Output i sees input i only.",
            f"{ELEMENTWISE}#Each output sees one input",
        ),
        Misconception(
            "slope-at-activation",
            elementwise_at_activation,
            "You squashed z twice before taking the slope.",
            f"{ELEMENTWISE}#Each output sees one input",
        ),
        Misconception(
            "activations-for-slopes",
            elementwise_of_activations,
            "On the diagonal stand the activations; it should hold the slopes.",
            f"{ELEMENTWISE}#Each output sees one input",
        ),
    ],
    hints=[
        "How does output 0 change when input 1 changes?",
        "np.diag makes a matrix of a vector.",
    ],
)


# Softmax


def logits(*shape):
    def draw(rng):
        return (rng.normal(scale=2, size=shape),)

    return draw


def huge_logits(rng):
    return (np.array([[1000.0, 1001.0, 998.0], [-1000.0, -1001.5, 2.0]]) + rng.normal(size=(2, 3)),)


def softmax_columns(Z):
    E = np.exp(Z - np.max(Z, axis=0))
    return E / E.sum(axis=0)


def softmax_of_everything(Z):
    E = np.exp(Z - np.max(Z))
    return E / E.sum()


def softmax_overflows(Z):
    E = np.exp(Z)
    return E / E.sum(axis=-1, keepdims=True)


def softmax_without_exp(Z):
    return Z / np.sum(Z, axis=-1, keepdims=True)


def softmax_of_negative(Z):
    E = np.exp(np.min(Z, axis=-1, keepdims=True) - Z)
    return E / E.sum(axis=-1, keepdims=True)


def softmax_one_shift(Z):
    with np.errstate(all="ignore"):
        E = np.exp(Z - np.max(Z))
        return E / E.sum(axis=-1, keepdims=True)


SOFTMAX = Exercise(
    cases=[
        Cases("five rows of three logits", logits(5, 3), share=0.4),
        Cases("as many rows as logits", logits(3, 3), share=0.15),
        Cases("one row, as a vector", logits(4), share=0.15),
        Cases("huge logits", huge_logits, share=0.2, count=2),
        Cases("three axes", logits(2, 4, 3), share=0.1, count=1),
    ],
    misconceptions=[
        Misconception(
            "wrong-axis",
            softmax_columns,
            "Your columns sum to 1. An example is a row, so each row must.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "over-everything",
            softmax_of_everything,
            "All your numbers together sum to 1. Each row must sum to 1 by itself.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "overflow",
            softmax_overflows,
            "Right for small logits, but for large ones infinity is divided by infinity. The same "
            "number may be subtracted from all logits of a row without changing the result.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "exp-missing",
            softmax_without_exp,
            "You divide the logits by their sum. Logits can be negative; probabilities cannot.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "sign-of-logits",
            softmax_of_negative,
            "Your largest logit gets the smallest probability.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "one-shift-for-all-rows",
            softmax_one_shift,
            "You subtract the largest logit of the whole table. A row that lies far below it "
            "becomes 0 divided by 0: each row needs a shift of its own.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
    ],
    hints=[
        "Work out one row by hand. What does the row sum to?",
        "The axis that runs along a row is the last one; keepdims=True keeps it for the division.",
    ],
    equivalent={
        "_logits(Z) -> Z": "only refuses what no case holds",
    },
)


# The Jacobian of softmax


def probabilities(n):
    def draw(rng):
        e = np.exp(rng.normal(size=n))
        return (e / e.sum(),)

    return draw


def softmax_diagonal_only(s):
    return np.diag(s * (1 - s))


def softmax_diagonal_of_s(s):
    return np.diag(s)


def softmax_jacobian_sign(s):
    return np.outer(s, s) - np.diag(s)


def softmax_row_subtracted(s):
    return np.diag(s) - s


def softmax_applied_again(s):
    e = np.exp(s)
    t = e / e.sum()
    return np.diag(t) - np.outer(t, t)


def softmax_product_added(s):
    return np.diag(s) + np.outer(s, s)


SOFTMAX_JACOBIAN = Exercise(
    cases=[
        Cases("three probabilities", probabilities(3), share=0.6),
        Cases("five probabilities", probabilities(5), share=0.3),
        Cases("two probabilities", probabilities(2), share=0.1),
    ],
    misconceptions=[
        Misconception(
            "diagonal-only",
            softmax_diagonal_only,
            "Your diagonal is right, and off it you have zeros. If one logit rises, all other "
            "probabilities fall: softmax is not element-wise.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "second-term-missing",
            softmax_diagonal_of_s,
            "This treats the sum in the denominator as a constant. It contains every logit.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "sign-turned-round",
            softmax_jacobian_sign,
            "Right in size, wrong in sign: if a logit rises, its own probability rises.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "row-subtracted",
            softmax_row_subtracted,
            "You subtract the vector from every row. The second term is a matrix: the product of "
            "each probability with each other.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "softmax-again",
            softmax_applied_again,
            "Your function is given the probabilities, and applies softmax to them once more.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "product-added",
            softmax_product_added,
            "You add the second term. If one logit rises, all other probabilities fall: off the "
            "diagonal everything is negative.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
    ],
    hints=[
        "Each row of the Jacobian sums to 0: if all logits rise together, nothing changes.",
        "Two terms: one on the diagonal, one everywhere. np.outer makes the second.",
    ],
    equivalent={
        "_probabilities(s) -> s": "only refuses what no case holds",
    },
)


# Least squares


def data_and_parameters(N, D, half):
    def draw(rng):
        return rng.normal(size=D), rng.normal(size=(N, D)), rng.normal(size=N), half

    return draw


def squares_gradient(theta, Phi, y, half):
    return (1 if half else 2) * (Phi.T @ (Phi @ theta - y))


def squares_sign(theta, Phi, y, half=False):
    return -squares_gradient(theta, Phi, y, half)


def squares_always_full(theta, Phi, y, half=False):
    return squares_gradient(theta, Phi, y, False)


def squares_always_half(theta, Phi, y, half=False):
    return squares_gradient(theta, Phi, y, True)


def squares_mean(theta, Phi, y, half=False):
    return squares_gradient(theta, Phi, y, half) / len(y)


def squares_not_transposed(theta, Phi, y, half=False):
    return (1 if half else 2) * (Phi @ (Phi @ theta - y))


def squares_as_row(theta, Phi, y, half=False):
    return squares_gradient(theta, Phi, y, half)[None, :]


LEAST_SQUARES = Exercise(
    cases=[
        Cases("five examples, three parameters", data_and_parameters(5, 3, False), share=0.4),
        Cases("the loss with one half", data_and_parameters(4, 2, True), share=0.2),
        Cases("as many examples as parameters", data_and_parameters(3, 3, False), share=0.2),
        Cases("one example", data_and_parameters(1, 3, False), share=0.1, count=2),
        Cases("one parameter", data_and_parameters(4, 1, False), share=0.1, count=2),
    ],
    misconceptions=[
        Misconception(
            "sign-turned-round",
            squares_sign,
            "Your gradient points downhill. The residual is y minus the prediction, and its "
            "derivative with respect to the parameters carries a minus.",
            f"{SQUARES}#Dimensions first",
        ),
        Misconception(
            "half-ignored",
            squares_always_full,
            "Right without the half; with half=True everything is twice too large.",
            f"{SQUARES}#The line and its loss",
        ),
        Misconception(
            "always-half",
            squares_always_half,
            "Your result belongs to the loss with one half in front, also where half is False.",
            f"{SQUARES}#The line and its loss",
        ),
        Misconception(
            "mean-for-sum",
            squares_mean,
            "You average over the examples. This loss is their sum.",
            f"{SQUARES}#The line and its loss",
        ),
        Misconception(
            "not-transposed",
            squares_not_transposed,
            "You multiply the residuals by Phi, where the dimensions want its transpose. With as "
            "many examples as parameters it runs all the same, and is wrong.",
            f"{SQUARES}#Dimensions first",
        ),
        Misconception(
            "row",
            squares_as_row,
            "The numbers are right, in a row. A gradient has the shape of its parameter.",
            f"{GRADIENTS}#What the parameter needs",
        ),
    ],
    hints=[
        "Dimensions first: theta has D entries, the residual N. Which products give D entries?",
        "Two factors: the loss by the residual, the residual by theta.",
    ],
    equivalent={
        "Phi.T @ Phi @ theta -> theta @ (Phi.T @ Phi)": "the matrix in the middle is symmetric",
    },
)


# Vector-Jacobian product of softmax


def probabilities_and_upstream(n):
    def draw(rng):
        return *probabilities(n)(rng), rng.normal(size=n)

    return draw


def vjp_diagonal_only(s, u):
    return u * s * (1 - s)


def vjp_second_term_missing(s, u):
    return u * s


def vjp_upstream_of_ones(s, u):
    return s * (np.ones(len(s)) - s.sum())


def vjp_plain_mean(s, u):
    return s * (u - u.mean())


def vjp_sign(s, u):
    return s * (s @ u - u)


SOFTMAX_VJP = Exercise(
    cases=[
        Cases("three probabilities", probabilities_and_upstream(3), share=0.6),
        Cases("six probabilities", probabilities_and_upstream(6), share=0.4),
    ],
    misconceptions=[
        Misconception(
            "diagonal-only",
            vjp_diagonal_only,
            "You use the diagonal of the Jacobian only. Every probability depends on every logit.",
            f"{ELEMENTWISE}#Softmax: each output sees all inputs",
        ),
        Misconception(
            "second-term-missing",
            vjp_second_term_missing,
            "The term that every output shares is missing: the sum in the denominator moves, too.",
            f"{PRODUCTS}#Without the matrix",
        ),
        Misconception(
            "upstream-forgotten",
            vjp_upstream_of_ones,
            "Your result does not depend on u. The upstream gradient is one of the two factors.",
            f"{PRODUCTS}#Two questions",
        ),
        Misconception(
            "plain-mean",
            vjp_plain_mean,
            "You subtract the plain mean of u. The shared term weighs each entry of u with its "
            "probability.",
            f"{PRODUCTS}#Without the matrix",
        ),
        Misconception(
            "sign-turned-round",
            vjp_sign,
            "Right in size, wrong in sign.",
            f"{PRODUCTS}#Without the matrix",
        ),
    ],
    hints=[
        "Multiply u by your Jacobian with pencil: two terms. Which of them is a number times s?",
        "No n-by-n matrix is needed. The sum of s times u is one number.",
    ],
    equivalent={
        "s @ u -> u @ s": "a product of two vectors has no order",
    },
)


# Vector-Jacobian product of a whole layer


def layer_vjp(W, x, b, u):
    r"""Gradient with respect to the inputs of a layer of logistic units.

    Parameters
    ----------
    W : Array, shape (n_out, n_in)
        Weights; ``W[i, j]`` leads from input j to unit i.
    x : Array, shape (n_in,)
        Inputs of the layer.
    b : Array, shape (n_out,)
        Biases.
    u : Array, shape (n_out,)
        Upstream gradient: how fast the loss changes with each activation of the layer.

    Returns
    -------
    Array, shape (n_in,)
        How fast the loss changes with each input: the product of u and the Jacobian of
        x ↦ σ(Wx + b).

    Examples
    --------
    >>> W = np.array([[2.0, 4.0]])
    >>> layer_vjp(W, np.zeros(2), np.zeros(1), np.array([1.0]))
    array([0.5, 1. ])
    """
    a = logistic(W @ x + b)
    return (u * a * (1 - a)) @ W


def layer_and_upstream(n_out, n_in):
    def draw(rng):
        return (
            rng.normal(size=(n_out, n_in)),
            rng.normal(size=n_in),
            rng.normal(size=n_out),
            rng.normal(size=n_out),
        )

    return draw


def layer_without_slope(W, x, b, u):
    return W.T @ u


def layer_weights_transposed(W, x, b, u):
    return W @ (u * elementwise_as_vector(W @ x + b))


def layer_without_upstream(W, x, b, u):
    return W.T @ elementwise_as_vector(W @ x + b)


def layer_slope_at_activation(W, x, b, u):
    return W.T @ (u * elementwise_as_vector(squash(W @ x + b)))


def layer_slope_after_weights(W, x, b, u):
    return (W.T @ u) * elementwise_as_vector(W @ x + b)


def layer_without_bias(W, x, b, u):
    return layer_vjp(W, x, 0 * b, u)


def layer_gradient_of_weights(W, x, b, u):
    a = 1 / (1 + np.exp(-(W @ x + b)))
    return np.outer(u * a * (1 - a), x)


def layer_deltas(W, x, b, u):
    a = 1 / (1 + np.exp(-(W @ x + b)))
    return u * a * (1 - a)


LAYER_VJP = Exercise(
    cases=[
        Cases("three units, two inputs", layer_and_upstream(3, 2), share=0.4),
        Cases("two units, four inputs", layer_and_upstream(2, 4), share=0.3),
        Cases("as many units as inputs", layer_and_upstream(3, 3), share=0.2),
        Cases("two units, one input", layer_and_upstream(2, 1), share=0.1, count=2),
    ],
    misconceptions=[
        Misconception(
            "slope-missing",
            layer_without_slope,
            "Your signal passes the weights but not the units: the slopes are missing.",
            f"{JACOBIAN}#In the network",
        ),
        Misconception(
            "weights-transposed",
            layer_weights_transposed,
            "You multiply by W from the wrong side. Each input gets back what its own weights "
            "carry: look at the columns of W.",
            f"{PRODUCTS}#Walking through a chain",
        ),
        Misconception(
            "upstream-forgotten",
            layer_without_upstream,
            "Your result does not depend on u. What the loss makes of each activation is a factor.",
            f"{PRODUCTS}#Two questions",
        ),
        Misconception(
            "slope-at-activation",
            layer_slope_at_activation,
            "The slope belongs to the pre-activation; you take it at the activation.",
            f"{ELEMENTWISE}#Each output sees one input",
        ),
        Misconception(
            "wrong-order",
            layer_slope_after_weights,
            "You go through the weights first, then through the units. The way back meets the "
            "units first. Where all sizes are equal this runs, and is wrong.",
            f"{PRODUCTS}#Walking through a chain",
        ),
        Misconception(
            "bias-forgotten",
            layer_without_bias,
            "The slopes are taken at Wx. The layer squashes Wx + b.",
            f"{ELEMENTWISE}#Each output sees one input",
        ),
        Misconception(
            "gradient-of-weights",
            layer_gradient_of_weights,
            "This is the gradient of the weights. Asked for is how fast the loss changes with "
            "what the layer receives.",
            f"{PRODUCTS}#Walking through a chain",
        ),
        Misconception(
            "stopped-at-pre-activations",
            layer_deltas,
            "You stop at the pre-activations. One more Jacobian leads from there to the inputs.",
            f"{PRODUCTS}#Walking through a chain",
        ),
    ],
    hints=[
        "Two Jacobians in a row: that of the units and that of the weighted sums. In which order?",
        "Start at the end with u, and keep a vector all the way; no matrix need be formed.",
    ],
)


# A gradient checker


def gradient_is_right(f, x, gradient):
    r"""Say whether a gradient is right, by measuring.

    Parameters
    ----------
    f : callable
        Takes an array like x and returns one number.
    x : Array, any shape
        Where the gradient was taken.
    gradient : Array
        What somebody's program says is the gradient of f at x.

    Returns
    -------
    bool
        Whether it has the shape of x and agrees with central differences.

    Examples
    --------
    >>> x = np.array([1.0, 2.0])
    >>> gradient_is_right(lambda x: np.sum(x**2), x, np.array([2.0, 4.0]))
    True
    """
    if np.shape(gradient) != x.shape:
        return False
    measured = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = 1e-5
        measured[index] = (f(x + step) - f(x - step)) / 2e-5
    return bool(np.abs(measured - gradient).max() <= 1e-5 * np.abs(measured).max())


def function_and_gradient(rng, size):
    """A function as source, a place, and the gradient there by the chain rule."""
    shape = (int(rng.integers(2, 5)),) if rng.random() < 0.5 else (2, 3)
    a, c = rng.uniform(0.5, 1.5, (2, *shape)).round(2)
    x = rng.uniform(-1, 1, shape)
    f = f"lambda x: {size} * (np.sum(np.sin({listed(a)} * x)) + np.sum({listed(c)} * x)**2)"
    return Code(f), x, size * (a * np.cos(a * x) + 2 * c * np.sum(c * x))


def listed(array):
    return f"np.array({array.tolist()})"


def right_gradient(size):
    def draw(rng):
        return function_and_gradient(rng, size)

    return draw


def gradient_spoiled_by(spoil, size):
    def draw(rng):
        f, x, gradient = function_and_gradient(rng, size)
        return f, x, spoil(gradient.copy(), rng)

    return draw


def large_entry(gradient, rng):
    """An entry that is not small among the others."""
    sizes = np.abs(gradient.ravel())
    return int(rng.choice(np.flatnonzero(sizes >= 0.5 * sizes.max())))


def spoil_sign(gradient, rng):
    return -gradient


def spoil_factor(gradient, rng):
    return 2 * gradient


def spoil_one_percent(gradient, rng):
    gradient.flat[large_entry(gradient, rng)] *= 1.01
    return gradient


def spoil_one_entry(gradient, rng):
    gradient.flat[large_entry(gradient, rng)] = 0
    return gradient


def spoil_exchange(gradient, rng):
    """Move a part of one entry to another: the sum stays, and one of them must be large."""
    k = large_entry(gradient, rng)
    other = (k + 1) % gradient.size
    part = 0.3 * gradient.flat[k]
    gradient.flat[k] -= part
    gradient.flat[other] += part
    return gradient


def spoil_shape(gradient, rng):
    return gradient[np.newaxis]


GRADIENT_SIZES = (1e-5, 1.0, 1e3)
"""Each kind of mistake comes in each size: no absolute tolerance fits them all."""

WRONG_GRADIENTS = [
    gradient_spoiled_by(spoil, size)
    for size in GRADIENT_SIZES
    for spoil in (
        spoil_sign,
        spoil_factor,
        spoil_one_percent,
        spoil_one_entry,
        spoil_exchange,
        spoil_shape,
    )
]


def measured_gradient(f, x):
    return numerical_jacobian(lambda v: np.array([f(v.reshape(x.shape))]), x.ravel())[0].reshape(
        x.shape
    )


def checker_always_content(f, x, gradient):
    return True


def checker_absolute(f, x, gradient):
    same_shape = np.shape(gradient) == x.shape
    return bool(same_shape and np.abs(measured_gradient(f, x) - gradient).max() < 1e-4)


def checker_loose(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    measured = measured_gradient(f, x)
    return bool(np.abs(measured - gradient).max() < 0.05 * np.abs(measured).max())


def checker_norms(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    return bool(
        np.isclose(np.linalg.norm(measured_gradient(f, x)), np.linalg.norm(gradient), rtol=1e-5)
    )


def checker_sums(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    return bool(np.isclose(measured_gradient(f, x).sum(), np.sum(gradient), rtol=1e-6, atol=0))


def checker_ignores_shape(f, x, gradient):
    measured = measured_gradient(f, x)
    return bool(np.abs(measured - gradient).max() < 1e-5 * np.abs(measured).max())


def checker_turned_round(f, x, gradient):
    return not gradient_is_right(f, x, gradient)


def checker_tight_absolute(f, x, gradient):
    same_shape = np.shape(gradient) == x.shape
    return bool(same_shape and np.abs(measured_gradient(f, x) - gradient).max() < 1e-6)


GRADIENT_CHECKER = Exercise(
    cases=[
        Cases(
            "36 gradients, half of them wrong",
            [*WRONG_GRADIENTS, *(right_gradient(size) for size in GRADIENT_SIZES * 6)],
            share=1,
            count=36,
        )
    ],
    misconceptions=[
        Misconception(
            "always-content",
            checker_always_content,
            "Your checker calls every gradient right.",
            f"{CHECKING}#The procedure",
        ),
        Misconception(
            "absolute-tolerance",
            checker_absolute,
            "You compare with an absolute tolerance. A gradient of tiny numbers passes it even "
            "when it is wrong, and one of large numbers fails it even when it is right: compare "
            "the error with the size of the gradient.",
            f"{CHECKING}#How far off is too far?",
        ),
        Misconception(
            "loose-tolerance",
            checker_loose,
            "You let errors of a few percent pass. A right gradient agrees with central "
            "differences to eight digits or so.",
            f"{CHECKING}#How far off is too far?",
        ),
        Misconception(
            "norms-compared",
            checker_norms,
            "You compare lengths. A gradient of the right length may point anywhere.",
            f"{CHECKING}#The procedure",
        ),
        Misconception(
            "sums-compared",
            checker_sums,
            "You compare sums. Errors in two entries can cancel in the sum.",
            f"{CHECKING}#The procedure",
        ),
        Misconception(
            "shape-ignored",
            checker_ignores_shape,
            "You do not compare shapes: a row passes for a vector, because NumPy broadcasts.",
            f"{CHECKING}#The procedure",
        ),
        Misconception(
            "answer-turned-round",
            checker_turned_round,
            "Your checker says the opposite of what is asked: True means that the gradient is "
            "right.",
            f"{CHECKING}#The procedure",
        ),
        Misconception(
            "tight-absolute-tolerance",
            checker_tight_absolute,
            "You compare with a small absolute tolerance. A gradient of tiny numbers that is "
            "one percent off still passes it: compare the error with the size of the gradient.",
            f"{CHECKING}#How far off is too far?",
        ),
    ],
    hints=[
        "Shape first. Then measure every entry, and look at the largest error.",
        "Large compared with what? Gradients come in every size, from 0.00001 to 1000.",
    ],
    equivalent={
        "np.abs(measured - gradient).max() <= 1e-05 * np.abs(measured).max() -> "
        "np.abs(measured - gradient).max() < 1e-05 * np.abs(measured).max()": (
            "errors are never just at the tolerance"
        ),
        "1e-05 -> 0.001 (number 2)": (
            "as good a tolerance: right ones are far below it, wrong ones above"
        ),
        "1e-05 -> 1e-07 (number 2)": "as good a tolerance: right ones are far below it",
    },
)


# Practice: the total derivative


def rates(n, explicit):
    def draw(rng):
        return rng.normal(size=n), rng.normal(size=n), float(rng.normal()) if explicit else 0.0

    return draw


def total_without_explicit(partials, rates, explicit=0.0):
    return partials @ rates


def total_product_of_sums(partials, rates, explicit=0.0):
    return np.sum(partials) * np.sum(rates) + explicit


def total_last_path(partials, rates, explicit=0.0):
    return partials[-1] * rates[-1] + explicit


TOTAL_DERIVATIVE = Exercise(
    cases=[
        Cases("three variables on the way", rates(3, False), share=0.5),
        Cases("a direct influence besides", rates(2, True), share=0.5),
    ],
    misconceptions=[
        Misconception(
            "direct-influence-forgotten",
            total_without_explicit,
            "The function also depends on t directly. That is one more path, and paths add.",
            f"{CHAIN}#d and ∂",
        ),
        Misconception(
            "product-of-sums",
            total_product_of_sums,
            "Multiply along each path first, then add over the paths.",
            f"{CHAIN}#One variable behind two",
        ),
        Misconception(
            "last-path-only",
            total_last_path,
            "You follow one path. There is one through each variable.",
            f"{CHAIN}#One variable behind two",
        ),
    ],
    hints=["Draw the graph, and write the product of each path beside it."],
    equivalent={
        "partials @ rates -> rates @ partials": "a product of two vectors has no order",
    },
)


# Practice: the derivative by a matrix


def matrix_and_vector(m, n):
    def draw(rng):
        return rng.normal(size=(m, n)), rng.normal(size=n)

    return draw


def tensor_axes_swapped(A, x):
    return np.einsum("ik,j->jki", np.eye(len(A)), x)


def tensor_of_weights(A, x):
    return np.einsum("ik,kj->ikj", np.eye(len(A)), A)


def tensor_full(A, x):
    return np.broadcast_to(x, (len(A), len(A), len(x))).copy()


MATVEC_TENSOR = Exercise(
    cases=[
        Cases("two outputs of three inputs", matrix_and_vector(2, 3), share=0.6),
        Cases("as many outputs as inputs", matrix_and_vector(3, 3), share=0.4),
    ],
    misconceptions=[
        Misconception(
            "axes-in-another-order",
            tensor_axes_swapped,
            "All numbers are there, with the axes in another order: first the axis of the output, "
            "then the two axes of A.",
            f"{BY_MATRICES}#A layer by its weights",
        ),
        Misconception(
            "weights-for-inputs",
            tensor_of_weights,
            "The derivative of a product by one factor is the other factor; you put A itself.",
            f"{BY_MATRICES}#A layer by its weights",
        ),
        Misconception(
            "every-row-full",
            tensor_full,
            "You say that output i depends on every row of A. It sees row i only.",
            f"{BY_MATRICES}#A layer by its weights",
        ),
    ],
    hints=["Take output 0 alone: its derivative by A has the shape of A. Which rows are 0?"],
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


EXERCISES = {
    "ps2-shapes": SHAPES,
    "ps2-numerical-jacobian": NUMERICAL_JACOBIAN,
    "ps2-linear-jacobian": LINEAR_JACOBIAN,
    "ps2-elementwise-jacobian": ELEMENTWISE_JACOBIAN,
    "ps2-softmax": SOFTMAX,
    "ps2-softmax-jacobian": SOFTMAX_JACOBIAN,
    "ps2-least-squares": LEAST_SQUARES,
    "ps2-softmax-vjp": SOFTMAX_VJP,
    "ps2-layer-vjp": LAYER_VJP,
    "ps2-gradient-checker": GRADIENT_CHECKER,
    "ps2-total-derivative": TOTAL_DERIVATIVE,
    "ps2-matvec-tensor": MATVEC_TENSOR,
}
