"""Independent implementations for problem set 2: right ones, and second wrong ones.

NumPy and the standard library only: this file also runs in the worker, beside student code.
"""

import math

import numpy as np

# Right


def shapes_by_rule(n, m, k):
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


def shapes_by_arrays(n, m, k):
    f, g, L = np.ones((m, n)), np.ones((k, m)), np.ones((1, k))
    tensor = np.zeros((m, m, n))
    found = {"df/dx": f, "dg/df": g, "dg/dx": g @ f, "dL/dx": L @ g @ f, "gradient": np.ones(n)}
    found |= {"d(Ax)/dx": f, "d(Ax)/dA": tensor}
    return {name: list(array.shape) for name, array in found.items()}


def jacobian_by_columns(f, x, h=2.0**-17):
    n = len(x)
    J = None
    for j in range(n):
        right, left = np.array(x, dtype=float), np.array(x, dtype=float)
        right[j] += h
        left[j] -= h
        column = (np.asarray(f(right)) - np.asarray(f(left))) / (2 * h)
        if J is None:
            J = np.zeros((len(column), n))
        J[:, j] = column
    return J


def jacobian_by_identity(f, x, h=2.0**-17):
    steps = h * np.identity(len(x))
    rows = [(f(x + step) - f(x - step)) / (h + h) for step in steps]
    return np.transpose(rows)


def linear_itself(A):
    return A


def linear_by_basis(A):
    return np.array([A @ e for e in np.eye(A.shape[1])]).T


def elementwise_by_mask(z):
    a = np.tanh(np.asarray(z) / 2) / 2 + 0.5
    return np.eye(len(z)) * (a - a**2)


def elementwise_by_loop(z):
    J = np.zeros((len(z), len(z)))
    for i, value in enumerate(z):
        J[i, i] = 1 / (2 + 2 * math.cosh(value))
    return J


def softmax_by_logarithm(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=-1, keepdims=True))


def softmax_by_rows(Z):
    if np.ndim(Z) > 1:
        return np.array([softmax_by_rows(row) for row in Z])
    e = [math.exp(z - max(Z)) for z in Z]
    return np.array(e) / sum(e)


def softmax_jacobian_by_entries(s):
    n = len(s)
    return [[s[i] * ((i == j) - s[j]) for j in range(n)] for i in range(n)]


def softmax_jacobian_by_identity(s):
    return s[:, None] * (np.identity(s.size) - s[None, :])


def squares_by_residual(theta, Phi, y, half=False):
    e = y - Phi @ theta
    gradient = -2 * e @ Phi
    return gradient / 2 if half else gradient


def squares_by_examples(theta, Phi, y, half=False):
    gradient = np.zeros(len(theta))
    for row, target in zip(Phi, y, strict=True):
        gradient += (np.dot(row, theta) - target) * row
    return gradient if half else gradient + gradient


def vjp_by_matrix(s, u):
    return u @ (np.diag(s) - np.outer(s, s))


def vjp_by_sum(s, u):
    shared = sum(p * q for p, q in zip(s, u, strict=True))
    return np.array([p * (q - shared) for p, q in zip(s, u, strict=True)])


def layer_by_jacobian(W, x, b, u):
    a = 1 / (1 + np.exp(-(W @ x + b)))
    return u @ np.diag(a * (1 - a)) @ W


def layer_by_loops(W, x, b, u):
    out = np.zeros(len(x))
    for i in range(len(b)):
        t = math.tanh((sum(W[i] * x) + b[i]) / 2)
        for j in range(len(x)):
            out[j] += u[i] * (1 - t * t) / 4 * W[i, j]
    return out


def checker_by_relative_norm(f, x, gradient):
    gradient = np.asarray(gradient)
    if gradient.shape != x.shape:
        return False
    numerical, h = np.empty_like(x), 1e-6
    for k in range(x.size):
        plus, minus = x.copy(), x.copy()
        plus.flat[k] += h
        minus.flat[k] -= h
        numerical.flat[k] = (f(plus) - f(minus)) / (2 * h)
    error = np.linalg.norm(numerical - gradient)
    return bool(error < 1e-6 * (np.linalg.norm(numerical) + np.linalg.norm(gradient)))


def checker_by_allclose(f, x, gradient):
    if np.shape(gradient) != np.shape(x):
        return False
    for k in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[k] = 2.0**-14
        slope = (f(x + e) - f(x - e)) / 2.0**-13
        if abs(slope - gradient[k]) > 1e-5 * np.max(np.abs(gradient)):
            return False
    return True


def total_by_dot(partials, rates, explicit=0.0):
    return explicit + np.dot(partials, rates)


def total_by_paths(partials, rates, explicit=0.0):
    total = explicit
    for outer, inner in zip(partials, rates, strict=True):
        total += outer * inner
    return total


def tensor_by_einsum(A, x):
    return np.einsum("ik,j->ikj", np.eye(A.shape[0]), x)


def tensor_by_measuring(A, x):
    T = np.zeros((len(A), *A.shape))
    for place in np.ndindex(A.shape):
        moved = A.copy()
        moved[place] += 1.0
        T[(slice(None), *place)] = moved @ x - A @ x
    return T


RIGHT = {
    "ps2-shapes": [shapes_by_rule, shapes_by_arrays],
    "ps2-numerical-jacobian": [jacobian_by_columns, jacobian_by_identity],
    "ps2-linear-jacobian": [linear_itself, linear_by_basis],
    "ps2-elementwise-jacobian": [elementwise_by_mask, elementwise_by_loop],
    "ps2-softmax": [softmax_by_logarithm, softmax_by_rows],
    "ps2-softmax-jacobian": [softmax_jacobian_by_entries, softmax_jacobian_by_identity],
    "ps2-least-squares": [squares_by_residual, squares_by_examples],
    "ps2-softmax-vjp": [vjp_by_matrix, vjp_by_sum],
    "ps2-layer-vjp": [layer_by_jacobian, layer_by_loops],
    "ps2-gradient-checker": [checker_by_relative_norm, checker_by_allclose],
    "ps2-total-derivative": [total_by_dot, total_by_paths],
    "ps2-matvec-tensor": [tensor_by_einsum, tensor_by_measuring],
}


# Wrong, each written from the name of the mistake alone


def sigma(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


def wrong_shapes_transposed(n, m, k):
    return {
        "df/dx": (n, m),
        "dg/df": (m, k),
        "dg/dx": (n, k),
        "dL/dx": (n, 1),
        "gradient": (n,),
        "d(Ax)/dx": (n, m),
        "d(Ax)/dA": (n, m, m),
    }


def wrong_shapes_gradient(n, m, k):
    found = shapes_by_rule(n, m, k)
    found["gradient"] = found["dL/dx"]
    return found


def wrong_shapes_tensor(n, m, k):
    found = shapes_by_arrays(n, m, k)
    found["d(Ax)/dA"] = (m, n)
    return found


def wrong_shapes_row(n, m, k):
    found = shapes_by_rule(n, m, k)
    found["dL/dx"] = (n,)
    return found


def wrong_jacobian_rows(f, x, h=2.0**-17):
    rows = []
    for j in range(len(x)):
        e = np.zeros(len(x))
        e[j] = h
        rows.append((f(x + e) - f(x - e)) / (2 * h))
    return np.array(rows)


def wrong_jacobian_forward(f, x, h=2.0**-17):
    here = f(x.astype(float))
    J = np.zeros((len(here), len(x)))
    for j in range(len(x)):
        moved = x.astype(float)
        moved[j] += h
        J[:, j] = (f(moved) - here) / h
    return J


def wrong_jacobian_over_h(f, x, h=2.0**-17):
    return np.transpose([(f(x + e) - f(x - e)) / h for e in h * np.eye(len(x))])


def wrong_jacobian_whole(f, x, h=2.0**-17):
    J = []
    for j in range(len(x)):
        moved = np.array(x)
        moved[j] = x[j] + h
        above = np.asarray(f(moved))
        moved[j] = x[j] - h
        J.append((above - f(moved)) / (2 * h))
    return np.array(J).T


def wrong_jacobian_moved(f, x, h=2.0**-17):
    step, columns = np.zeros(len(x)), []
    for j in range(len(x)):
        step[j] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.column_stack(columns)


def wrong_jacobian_step(f, x, h=2.0**-17):
    h = 1e-6
    return jacobian_by_identity(f, x, h)


def wrong_linear(A):
    return np.array([[A[i, j] for i in range(A.shape[0])] for j in range(A.shape[1])])


def wrong_linear_product(A):
    return np.einsum("ki,kj->ij", A, A)


def wrong_elementwise_vector(z):
    a = sigma(z)
    return a - a**2


def wrong_elementwise_full(z):
    a = sigma(z)
    return np.tile(a - a**2, (len(z), 1))


def wrong_elementwise_twice(z):
    a = sigma(sigma(z))
    return np.eye(len(z)) * (a - a**2)


def wrong_elementwise_values(z):
    return np.eye(len(z)) * sigma(z)


def wrong_softmax_axis(Z):
    Z = np.asarray(Z)
    return np.exp(Z - np.logaddexp.reduce(Z, axis=0))


def wrong_softmax_all(Z):
    flat = np.exp(Z.ravel() - Z.max())
    return (flat / flat.sum()).reshape(Z.shape)


def wrong_softmax_overflow(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=-1)[..., None]


def wrong_softmax_no_exp(Z):
    return Z / Z.sum(axis=-1)[..., None]


def wrong_softmax_sign(Z):
    return softmax_by_logarithm(-Z)


def wrong_softmax_diagonal(s):
    return np.eye(len(s)) * (s - s**2)


def wrong_softmax_first_term(s):
    return s * np.identity(len(s))


def wrong_softmax_negative(s):
    return -np.array(softmax_jacobian_by_entries(s))


def wrong_softmax_row(s):
    return np.eye(len(s)) * s - s[None, :]


def wrong_softmax_twice(s):
    return softmax_jacobian_by_identity(softmax_by_logarithm(s))


def wrong_squares_sign(theta, Phi, y, half=False):
    e = y - Phi @ theta
    return (1 if half else 2) * e @ Phi


def wrong_squares_full(theta, Phi, y, half=False):
    return -2 * Phi.T @ (y - Phi @ theta)


def wrong_squares_half(theta, Phi, y, half=False):
    return -Phi.T @ (y - Phi @ theta)


def wrong_squares_mean(theta, Phi, y, half=False):
    terms = [(p @ theta - t) * p for p, t in zip(Phi, y, strict=True)]
    return np.mean(terms, axis=0) * (1 if half else 2)


def wrong_squares_phi(theta, Phi, y, half=False):
    e = y - np.dot(Phi, theta)
    return -(1 if half else 2) * np.dot(Phi, e)


def wrong_squares_row(theta, Phi, y, half=False):
    e = (y - Phi @ theta).reshape(1, -1)
    return -(1 if half else 2) * e @ Phi


def wrong_vjp_diagonal(s, u):
    return u @ np.diag(s - s**2)


def wrong_vjp_first_term(s, u):
    return np.diag(s) @ u


def wrong_vjp_ones(s, u):
    return np.ones(len(s)) @ softmax_jacobian_by_identity(s)


def wrong_vjp_mean(s, u):
    return s * u - s * np.mean(u)


def wrong_vjp_sign(s, u):
    return -vjp_by_sum(s, u)


def wrong_layer_no_slope(W, x, b, u):
    return u @ W


def wrong_layer_transposed(W, x, b, u):
    a = sigma(W @ x + b)
    signal = u * (a - a**2)
    return np.array([W[j] @ signal for j in range(len(x))])


def wrong_layer_no_upstream(W, x, b, u):
    a = sigma(W @ x + b)
    return (a - a**2) @ W


def wrong_layer_twice(W, x, b, u):
    a = sigma(sigma(W @ x + b))
    return (u * (a - a**2)) @ W


def wrong_layer_order(W, x, b, u):
    a = sigma(W @ x + b)
    return (u @ W) * (a - a**2)


def slopes(f, x):
    found = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[k] = 1e-5
        found[k] = (f(x + e) - f(x - e)) / 2e-5
    return found


def wrong_checker_yes(f, x, gradient):
    slopes(f, x)
    return True


def wrong_checker_absolute(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    return bool(np.all(np.abs(slopes(f, x) - gradient) < 1e-4))


def wrong_checker_loose(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    error = np.abs(slopes(f, x) - gradient).max() / np.abs(gradient).max()
    return bool(error < 0.03)


def wrong_checker_length(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    return math.isclose((slopes(f, x) ** 2).sum(), np.sum(gradient**2), rel_tol=1e-5)


def wrong_checker_sum(f, x, gradient):
    if np.shape(gradient) != x.shape:
        return False
    e = np.full(x.shape, 1e-5)
    return math.isclose((f(x + e) - f(x - e)) / 2e-5, np.sum(gradient), rel_tol=1e-6)


def wrong_checker_broadcast(f, x, gradient):
    n = slopes(f, x)
    return bool(np.allclose(gradient, n, rtol=0, atol=1e-5 * np.abs(n).max()))


def wrong_checker_not(f, x, gradient):
    return not checker_by_allclose(f, x, gradient)


def wrong_total_explicit(partials, rates, explicit=0.0):
    return sum(p * r for p, r in zip(partials, rates, strict=True))


def wrong_total_sums(partials, rates, explicit=0.0):
    return sum(partials) * sum(rates) + explicit


def wrong_total_last(partials, rates, explicit=0.0):
    for p, r in zip(partials, rates, strict=True):
        total = p * r
    return total + explicit


def wrong_tensor_axes(A, x):
    return tensor_by_einsum(A, x).transpose(2, 0, 1)


def wrong_tensor_weights(A, x):
    T = np.zeros((len(A), *A.shape))
    for i in range(len(A)):
        T[i, i] = A[i]
    return T


def wrong_tensor_full(A, x):
    return np.array([[x for _ in A] for _ in A])


def wrong_jacobian_together(f, x, h=2.0**-17):
    step = np.full(len(x), h)
    return [float(d) / h / 2 for d in np.subtract(f(x + step), f(x - step))]


def wrong_softmax_shift(Z):
    Z = np.asarray(Z, dtype=float)
    with np.errstate(all="ignore"):
        E = np.exp(Z - Z.max())
        return np.apply_along_axis(lambda row: row / row.sum(), -1, E)


def wrong_softmax_added(s):
    return [[p * (q + (i == j)) for j, q in enumerate(s)] for i, p in enumerate(s)]


def wrong_layer_bias(W, x, b, u):
    slope = 0.25 / np.cosh(0.5 * (W @ x)) ** 2
    return (u * slope) @ W


def wrong_layer_weights(W, x, b, u):
    delta = u * 0.25 / np.cosh(0.5 * (W @ x + b)) ** 2
    return delta[:, None] * x


def wrong_layer_deltas(W, x, b, u):
    return u * 0.25 / np.cosh(0.5 * (W @ x + b)) ** 2


def wrong_checker_tight(f, x, gradient):
    if np.shape(gradient) != np.shape(x):
        return False
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += 1e-5
        down[index] -= 1e-5
        if abs((f(up) - f(down)) / 2e-5 - gradient[index]) > 2e-6:
            return False
    return True


WRONG = {
    "ps2-shapes": {
        "transposed": wrong_shapes_transposed,
        "gradient-as-row": wrong_shapes_gradient,
        "tensor-as-matrix": wrong_shapes_tensor,
        "row-as-vector": wrong_shapes_row,
    },
    "ps2-numerical-jacobian": {
        "transposed": wrong_jacobian_rows,
        "one-sided": wrong_jacobian_forward,
        "divided-by-h": wrong_jacobian_over_h,
        "whole-number-steps": wrong_jacobian_whole,
        "not-put-back": wrong_jacobian_moved,
        "own-step": wrong_jacobian_step,
        "all-inputs-at-once": wrong_jacobian_together,
    },
    "ps2-linear-jacobian": {
        "transposed": wrong_linear,
        "matrix-times-matrix": wrong_linear_product,
    },
    "ps2-elementwise-jacobian": {
        "vector-of-slopes": wrong_elementwise_vector,
        "every-row-full": wrong_elementwise_full,
        "slope-at-activation": wrong_elementwise_twice,
        "activations-for-slopes": wrong_elementwise_values,
    },
    "ps2-softmax": {
        "wrong-axis": wrong_softmax_axis,
        "over-everything": wrong_softmax_all,
        "overflow": wrong_softmax_overflow,
        "exp-missing": wrong_softmax_no_exp,
        "sign-of-logits": wrong_softmax_sign,
        "one-shift-for-all-rows": wrong_softmax_shift,
    },
    "ps2-softmax-jacobian": {
        "diagonal-only": wrong_softmax_diagonal,
        "second-term-missing": wrong_softmax_first_term,
        "sign-turned-round": wrong_softmax_negative,
        "row-subtracted": wrong_softmax_row,
        "softmax-again": wrong_softmax_twice,
        "product-added": wrong_softmax_added,
    },
    "ps2-least-squares": {
        "sign-turned-round": wrong_squares_sign,
        "half-ignored": wrong_squares_full,
        "always-half": wrong_squares_half,
        "mean-for-sum": wrong_squares_mean,
        "not-transposed": wrong_squares_phi,
        "row": wrong_squares_row,
    },
    "ps2-softmax-vjp": {
        "diagonal-only": wrong_vjp_diagonal,
        "second-term-missing": wrong_vjp_first_term,
        "upstream-forgotten": wrong_vjp_ones,
        "plain-mean": wrong_vjp_mean,
        "sign-turned-round": wrong_vjp_sign,
    },
    "ps2-layer-vjp": {
        "slope-missing": wrong_layer_no_slope,
        "weights-transposed": wrong_layer_transposed,
        "upstream-forgotten": wrong_layer_no_upstream,
        "slope-at-activation": wrong_layer_twice,
        "wrong-order": wrong_layer_order,
        "bias-forgotten": wrong_layer_bias,
        "gradient-of-weights": wrong_layer_weights,
        "stopped-at-pre-activations": wrong_layer_deltas,
    },
    "ps2-gradient-checker": {
        "always-content": wrong_checker_yes,
        "absolute-tolerance": wrong_checker_absolute,
        "loose-tolerance": wrong_checker_loose,
        "norms-compared": wrong_checker_length,
        "sums-compared": wrong_checker_sum,
        "shape-ignored": wrong_checker_broadcast,
        "answer-turned-round": wrong_checker_not,
        "tight-absolute-tolerance": [wrong_checker_tight],
    },
    "ps2-total-derivative": {
        "direct-influence-forgotten": wrong_total_explicit,
        "product-of-sums": wrong_total_sums,
        "last-path-only": wrong_total_last,
    },
    "ps2-matvec-tensor": {
        "axes-in-another-order": wrong_tensor_axes,
        "weights-for-inputs": wrong_tensor_weights,
        "every-row-full": wrong_tensor_full,
    },
}
