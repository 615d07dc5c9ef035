"""Independent implementations for problem set 3: right ones, and second wrong ones.

NumPy and the standard library only: this file also runs in the worker, beside student code.
"""

import math

import numpy as np

# Derivations


def weights_by_loops(X, W, dY, m, j, i):
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


def weights_by_outer_products(X, W, dY, m, j, i):
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
        steps = weights_by_outer_products(X, W, dY, m, j, i)
        return steps | {key: change(X, W, dY, m, j, i) for key, change in changes.items()}

    wrong.__name__ = "weights_with_" + "_".join(changes)
    return wrong


own_is_weight = weights_with(
    own=lambda X, W, dY, m, j, i: float(W[j, i]),
    row=lambda X, W, dY, m, j, i: [W[j, i] * (k == i) for k in range(len(dY[0]))],
    example=lambda X, W, dY, m, j, i: dY[m, i] * W[j, i],
)
row_full_and_used = weights_with(
    row=lambda X, W, dY, m, j, i: X[m, j] + 0 * dY[m],
    example=lambda X, W, dY, m, j, i: X[m, j] * sum(dY[m]),
)
row_full = weights_with(row=lambda X, W, dY, m, j, i: [X[m, j]] * len(dY[m]))
entry_of_one = weights_with(entry=lambda X, W, dY, m, j, i: np.outer(X[m], dY[m])[j, i])
mean_again = weights_with(
    entry=lambda X, W, dY, m, j, i: np.mean(X[:, j] * dY[:, i]),
    matrix=lambda X, W, dY, m, j, i: np.einsum("mj,mi->ji", X, dY) / X.shape[0],
)
transposed_matrix = weights_with(matrix=lambda X, W, dY, m, j, i: (X.T @ dY).T)


def input_by_loops(W, dY, m, j):
    return {
        "row": list(W[j]),
        "entry": sum(W[j, k] * dY[m, k] for k in range(W.shape[1])),
        "matrix": [[sum(w * d) for w in W] for d in dY],
    }


def input_by_einsum(W, dY, m, j):
    dX = np.einsum("mk,jk->mj", dY, W)
    return {"row": W[j, :].copy(), "entry": dX[m, j], "matrix": dX}


def input_column(W, dY, m, j):
    column = W.T[j if j < W.shape[1] else -1]
    return input_by_einsum(W, dY, m, j) | {"row": column, "entry": np.dot(dY[m], column)}


def input_entry_summed(W, dY, m, j):
    return input_by_einsum(W, dY, m, j) | {"entry": np.sum(dY @ W[j])}


def input_untransposed(W, dY, m, j):
    return input_by_einsum(W, dY, m, j) | {"matrix": np.einsum("mk,kj->mj", dY, W)}


def input_first_output(W, dY, m, j):
    return input_by_einsum(W, dY, m, j) | {"entry": float(dY[m][0] * W[j][0])}


# Layers


def forward_by_einsum(X, W, b):
    return np.einsum("mj,ji->mi", X, W) + b, (X, W)


def forward_by_loops(X, W, b):
    Y = [[sum(x * W[:, i]) + b[i] for i in range(W.shape[1])] for x in X]
    print("Y is", Y)
    return Y, [X, W]


def forward_no_bias(X, W, b):
    Y = np.dot(X, W)
    return Y, (X, W)


def forward_transposed(X, W, b):
    Y = (W @ X.T).T + b
    return Y, (X, W)


def forward_bias_by_rows(X, W, b):
    Y = X.dot(W)
    return (Y.T + b).T, (X, W)


def forward_caches_y(X, W, b):
    Y = np.add(X @ W, b)
    return Y, (Y.copy(), W)


def forward_caches_three(X, W, b):
    return b + X @ W, [X, W, b]


def backward_by_einsum(dY, cache):
    return (
        np.einsum("mi,ji->mj", dY, cache.W),
        np.einsum("mj,mi->ji", cache.X, dY),
        np.einsum("mi->i", dY),
    )


def backward_by_examples(dY, cache):
    X, W = cache
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), [0.0] * W.shape[1]
    for m in range(len(X)):
        for j in range(W.shape[0]):
            for i in range(W.shape[1]):
                dX[m, j] += dY[m, i] * W[j, i]
                dW[j, i] += dY[m, i] * X[m, j]
        db = [old + new for old, new in zip(db, dY[m], strict=True)]
    return dX, dW, db


def backward_averaged(dY, cache):
    dX, dW, db = backward_by_examples(dY, cache)
    return dX, dW / dX.shape[0], np.array(db) / dX.shape[0]


def backward_bias_mean(dY, cache):
    dX, dW, _ = backward_by_einsum(dY, cache)
    return dX, dW, np.mean(dY, 0)


def backward_bias_unsummed(dY, cache):
    dX, dW, _ = backward_by_einsum(dY, cache)
    return dX, dW, 1.0 * dY


def backward_bias_axis(dY, cache):
    dX, dW, _ = backward_by_einsum(dY, cache)
    return dX, dW, np.einsum("mi->m", dY)


def backward_bias_row(dY, cache):
    dX, dW, db = backward_by_einsum(dY, cache)
    return dX, dW, db[np.newaxis, :]


def backward_w(dY, cache):
    _, dW, db = backward_by_einsum(dY, cache)
    return np.dot(dY, cache.W), dW, db


def backward_x(dY, cache):
    dX, _, db = backward_by_einsum(dY, cache)
    return dX, np.dot(cache.X, dY), db


def backward_swapped(dY, cache):
    dX, dW, db = backward_by_einsum(dY, cache)
    return dX, dW.T, db


def backward_no_upstream(dY, cache):
    return backward_by_examples(0 * dY + 1, cache)


def backward_first(dY, cache):
    dX, _, _ = backward_by_einsum(dY, cache)
    return dX, cache.X[:1].T @ dY[:1], dY[0].copy()


# Activations


def relu_by_where(dA, cache):
    return np.where(cache.Z > 0, dA, 0.0)


def relu_by_loop(dA, cache):
    dZ = dA.copy()
    for index in np.ndindex(dZ.shape):
        if cache.A[index] <= 0:
            dZ[index] = 0
    return dZ


def passes_on(dA, cache):
    return 1.0 * dA


def relu_one_at_zero(dA, cache):
    return np.where(cache.Z < 0, 0, dA)


def relu_of_upstream(dA, cache):
    return np.maximum(dA, 0)


def relu_by_activation(dA, cache):
    return np.multiply(np.maximum(cache.Z, 0), dA)


def relu_in_place(dA, cache):
    dA *= cache.Z > 0
    return dA


def tanh_by_cosh(dA, cache):
    return dA / np.cosh(cache.Z) ** 2


def tanh_by_lists(dA, cache):
    return [
        [d * (1 - a) * (1 + a) for d, a in zip(ds, row, strict=True)]
        for ds, row in zip(dA, cache.A, strict=True)
    ]


def tanh_at_z(dA, cache):
    return dA - dA * cache.Z * cache.Z


def tanh_twice(dA, cache):
    return dA / np.cosh(np.tanh(cache.Z)) ** 2


def tanh_linear(dA, cache):
    return dA - dA * np.tanh(cache.Z)


def tanh_as_logistic(dA, cache):
    return (cache.A - cache.A**2) * dA


# Losses


def as_rows(Z, Y):
    if np.asarray(Y).ndim == 2:
        return np.asarray(Y)
    rows = np.zeros(np.shape(Z))
    rows[np.arange(len(Z)), Y] = 1
    return rows


def loss_by_loops(Z, Y):
    rows, total, P = as_rows(Z, Y), 0.0, []
    for z, y in zip(Z, rows, strict=True):
        top = max(z)
        log_sum = math.log(sum(math.exp(v - top) for v in z))
        logs = [v - top - log_sum for v in z]
        total -= sum(t * v for t, v in zip(y, logs, strict=True))
        P.append([math.exp(v) for v in logs])
    return total / len(Z), (np.array(P), rows)


def loss_by_logaddexp(Z, Y):
    log_p = Z - np.logaddexp.reduce(Z, axis=1)[:, None]
    rows = as_rows(Z, Y)
    return -np.mean((rows * log_p).sum(axis=1)), (np.exp(log_p), rows)


def loss_with(value):
    def wrong(Z, Y):
        _, (P, rows) = loss_by_logaddexp(Z, Y)
        log_p = Z - np.logaddexp.reduce(Z, axis=1)[:, None]
        return value(rows, log_p), (P, rows)

    return wrong


loss_summed = loss_with(lambda rows, log_p: -np.einsum("mk,mk", rows, log_p))
loss_mean_of_all = loss_with(lambda rows, log_p: np.mean(-rows * log_p))
loss_negative = loss_with(lambda rows, log_p: np.mean(np.sum(rows * log_p, axis=1)))


def loss_down_the_examples(Z, Y):
    log_p = Z - np.logaddexp.reduce(Z, axis=0)
    rows = as_rows(Z, Y)
    return -np.sum(rows * log_p) / len(Z), (np.exp(log_p), rows)


def loss_over_everything(Z, Y):
    log_p = Z - np.logaddexp.reduce(Z, axis=None)
    rows = as_rows(Z, Y)
    return -np.sum(rows * log_p) / len(Z), (np.exp(log_p), rows)


def loss_overflows(Z, Y):
    rows = as_rows(Z, Y)
    P = np.exp(Z) / np.exp(Z).sum(axis=1).reshape(-1, 1)
    return -(rows * np.log(P)).sum() / len(Z), (P, rows)


def loss_clipped(Z, Y):
    _, (P, rows) = loss_by_loops(Z, Y)
    return -np.sum(rows * np.log(np.clip(P, 1e-12, 1))) / len(Z), (P, rows)


def loss_without_labels(Z, Y):
    log_p = Z - np.logaddexp.reduce(Z, axis=1)[:, None]
    return -(np.asarray(Y) * log_p).sum() / len(Y), (np.exp(log_p), Y)


def loss_gradient_by_rows(d_loss, cache):
    M = len(cache.Y)
    return [d_loss / M * (s - y) for s, y in zip(cache.Y_hat, cache.Y, strict=True)]


def loss_gradient_by_jacobian(d_loss, cache):
    P, Y = cache
    rows = [(np.diag(p) - np.outer(p, p)) @ (-y / p) for p, y in zip(P, Y, strict=True)]
    return d_loss * np.array(rows) / len(rows)


def loss_gradient_unaveraged(d_loss, cache):
    return np.subtract(*cache) * d_loss


def loss_gradient_ascending(d_loss, cache):
    return -np.array(loss_gradient_by_rows(d_loss, cache))


def loss_gradient_twice(d_loss, cache):
    P = cache.Y_hat
    return np.array(loss_gradient_by_rows(d_loss, cache)) * (P - P**2)


def loss_gradient_of_probabilities(d_loss, cache):
    return np.where(cache.Y > 0, -d_loss / (len(cache.Y) * cache.Y_hat), 0) * cache.Y


def loss_gradient_no_upstream(d_loss, cache):
    return loss_gradient_by_rows(1.0, cache)


def loss_gradient_all_averaged(d_loss, cache):
    return loss_gradient_unaveraged(d_loss, cache) / np.size(cache.Y)


# Networks


def network_by_recursion(X, params):
    (W, b), rest = params[0], params[1:]
    Z = np.einsum("mj,ji->mi", X, W) + b
    if not rest:
        return Z, [(X, W, Z)]
    Y_hat, caches = network_by_recursion(np.tanh(Z), rest)
    return Y_hat, [(X, W, Z), *caches]


def network_by_index(X, params):
    caches, last = [], len(params) - 1
    for k in range(len(params)):
        W, b = params[k]
        Z = X @ W + b
        caches.append([X, W, Z])
        X = Z if k == last else (np.exp(2 * Z) - 1) / (np.exp(2 * Z) + 1)
    return X, caches


def network_all_tanh(X, params):
    Y_hat, caches = network_by_index(X, params)
    return np.tanh(Y_hat), caches


def network_linear(X, params):
    caches = []
    for W, b in params:
        caches.append((X, W, X @ W + b))
        X = caches[-1][2]
    return X, caches


def network_no_bias(X, params):
    return network_by_recursion(X, [(W, np.zeros_like(b)) for W, b in params])


def network_caches_activations(X, params):
    Y_hat, caches = network_by_recursion(X, params)
    following = [A for A, _, _ in caches[1:]] + [Y_hat]
    return Y_hat, [(A, W, new) for (A, W, _), new in zip(caches, following, strict=True)]


def network_caches_outputs(X, params):
    Y_hat, caches = network_by_index(X, params)
    following = [A for A, _, _ in caches[1:]] + [Y_hat]
    return Y_hat, [(new, W, Z) for (_, W, Z), new in zip(caches, following, strict=True)]


def gradients_by_recursion(dY_hat, caches):
    *earlier, (A, W, _) = caches
    here = (np.einsum("mj,mi->ji", A, dY_hat), np.einsum("mi->i", dY_hat))
    if not earlier:
        return [here]
    return [*gradients_by_recursion((dY_hat @ W.T) / np.cosh(earlier[-1][2]) ** 2, earlier), here]


def gradients_by_insertion(dY_hat, caches):
    dZ, found = np.array(dY_hat), []
    for k in range(len(caches) - 1, -1, -1):
        A, W, _ = caches[k]
        found.insert(0, [A.T.dot(dZ), np.ones(len(dZ)).dot(dZ)])
        dZ = dZ.dot(W.T) * (1 - A**2)  # A is tanh of the pre-activation before, or unused
    return found


def gradients_with(slope=None, start=None, back=None):
    """A backward pass in which one factor can be another."""

    def wrong(dY_hat, caches):
        dZ = dY_hat if start is None else dY_hat * start(caches)
        found = {}
        for k in range(len(caches) - 1, -1, -1):
            A, W, _ = caches[k]
            found[k] = (A.T @ dZ, dZ.sum(0))
            if k:
                dA = dZ @ W.T if back is None else dZ @ back(W, found[k][0])
                dZ = dA * (slope or (lambda caches, k: 1 - caches[k][0] ** 2))(caches, k)
        return [found[k] for k in sorted(found)]

    return wrong


no_slope = gradients_with(slope=lambda caches, k: 1.0)
slope_at_output = gradients_with(start=lambda caches: np.cosh(caches[-1][2]) ** -2.0)
slope_of_next = gradients_with(slope=lambda caches, k: np.cosh(caches[k][2]) ** -2.0)
slope_with_z = gradients_with(slope=lambda caches, k: 1 - caches[k - 1][2] * caches[k - 1][2])
slope_twice = gradients_with(slope=lambda caches, k: np.cosh(caches[k][0]) ** -2.0)
back_by_gradient = gradients_with(back=lambda W, dW: dW.T)
back_untransposed = gradients_with(back=lambda W, dW: W)


def all_averaged(dY_hat, caches):
    return gradients_by_recursion(dY_hat / len(dY_hat), caches)


def biases_averaged(dY_hat, caches):
    return [(dW, db / len(dY_hat)) for dW, db in gradients_by_recursion(dY_hat, caches)]


def backward_order(dY_hat, caches):
    return list(reversed(gradients_by_insertion(dY_hat, caches)))


def one_delta(dY_hat, caches):
    return [(np.dot(A.T, dY_hat), np.sum(dY_hat, 0)) for A, W, Z in caches]


# Minibatches put together


def combined_by_average(gradients, sizes):
    return np.average(gradients, axis=0, weights=sizes)


def combined_one_by_one(gradients, sizes):
    mean, seen = np.zeros_like(gradients[0]), 0
    for dW, n in zip(gradients, sizes, strict=True):
        seen += n
        mean = mean + (dW - mean) * n / seen
    return mean


def combined_plainly(gradients, sizes):
    return sum(gradients) / len(gradients)


def combined_sum(gradients, sizes):
    return np.add.reduce(gradients)


def combined_total(gradients, sizes):
    return np.tensordot(sizes, np.array(gradients), axes=1)


def combined_by_first(gradients, sizes):
    return np.tensordot(sizes, np.array(gradients), axes=1) / (len(gradients) * sizes[0])


# Exposing a wrong backward pass


def entrywise(forward, backward, rng, sizes=(3, 2, 4), draw=None, upstream=None, close=1e-6):
    M, n, k = sizes
    draw = draw or (lambda shape: rng.uniform(-2, 2, shape))
    given = [draw((M, n)), draw((n, k)), draw((k,))]
    dY = rng.uniform(-1, 1, (M, k)) if upstream is None else upstream * np.ones((M, k))
    for part, gradient in zip(given, backward(dY, *given), strict=True):
        if np.shape(gradient) != part.shape:
            return False
        for index in np.ndindex(part.shape):
            kept = part[index]
            part[index] = kept + 1e-5
            above = np.sum(dY * forward(*given))
            part[index] = kept - 1e-5
            below = np.sum(dY * forward(*given))
            part[index] = kept
            if abs((above - below) / 2e-5 - gradient[index]) > close:
                return False
    return True


def two_minibatches(forward, backward, rng):
    return all(entrywise(forward, backward, rng, sizes) for sizes in ((4, 3, 2), (2, 5, 3)))


def by_shapes(forward, backward, rng):
    given = [rng.random((4, 3)), rng.random((3, 2)), rng.random(2)]
    found = backward(rng.random((4, 2)), *given)
    return [np.shape(g) for g in found] == [g.shape for g in given]


def by_ones(forward, backward, rng):
    return entrywise(forward, backward, rng, upstream=1.0)


def by_weights(forward, backward, rng):
    def only_weights(dY, X, W, b):
        dX, _, db = right_parts(forward, dY, X, W, b)
        return dX, backward(dY, X, W, b)[1], db

    return entrywise(forward, only_weights, rng, close=1e-5)


def right_parts(forward, dY, *given):
    parts = []
    for position in range(3):
        gradient = np.zeros(given[position].shape)
        for index in np.ndindex(gradient.shape):
            moved = [g.copy() for g in given]
            moved[position][index] += 1e-5
            above = np.sum(dY * forward(*moved))
            moved[position][index] -= 2e-5
            gradient[index] = (above - np.sum(dY * forward(*moved))) / 2e-5
        parts.append(gradient)
    return parts


def by_one_example(forward, backward, rng):
    return entrywise(forward, backward, rng, sizes=(1, 3, 2))


def by_large_tolerance(forward, backward, rng):
    return entrywise(forward, backward, rng, sizes=(5, 4, 3), close=0.05)


def by_positive_inputs(forward, backward, rng):
    return entrywise(forward, backward, rng, draw=lambda shape: rng.uniform(0.2, 1, shape))


def by_numbers_only(forward, backward, rng):
    def reshaped(dY, X, W, b):
        return [
            np.reshape(g, p.shape) for g, p in zip(backward(dY, X, W, b), (X, W, b), strict=True)
        ]

    return entrywise(forward, reshaped, rng)


def by_exact_equality(forward, backward, rng):
    return entrywise(forward, backward, rng, close=0.0)


# Tied weights


def tied_by_two_names(X, W, dY):
    V = W.T.copy()
    H = np.tanh(np.dot(X, W))
    dV = np.einsum("mh,mn->hn", H, dY)
    dH = np.einsum("mn,hn->mh", dY, V)
    dW = np.einsum("mn,mh->nh", X, dH / np.cosh(np.dot(X, W)) ** 2)
    return dW + dV.T


def tied_by_examples(X, W, dY):
    total = np.zeros(W.shape)
    for x, d in zip(X, dY, strict=True):
        h = np.tanh(W.T @ x)
        total += np.outer(d, h) + np.outer(x, (W.T @ d) * (1 - h * h))
    return total


def tied_parts(X, W, dY):
    H = np.tanh(X @ W)
    return X.T @ ((dY @ W) / np.cosh(X @ W) ** 2), (H.T @ dY).T


def tied_encoder(X, W, dY):
    return tied_parts(X, W, dY)[0]


def tied_decoder(X, W, dY):
    return tied_parts(X, W, dY)[1]


def tied_minus(X, W, dY):
    encoder, decoder = tied_parts(X, W, dY)
    return encoder - decoder


def tied_mean(X, W, dY):
    return np.mean(tied_parts(X, W, dY), axis=0)


def tied_no_slope(X, W, dY):
    return X.T @ dY @ W + tied_parts(X, W, dY)[1]


def tied_untransposed(X, W, dY):
    encoder, decoder = tied_parts(X, W, dY)
    return encoder + decoder.T


# Practice


def columns_by_einsum(dY, X, W):
    return (
        np.einsum("im,ij->jm", dY, W),
        np.einsum("im,jm->ij", dY, X),
        np.einsum("im->i", dY)[:, None],
    )


def columns_by_rows(dY, X, W):
    rows, given = dY.T, X.T
    return (rows @ W).T, (given.T @ rows).T, rows.sum(axis=0).reshape(-1, 1)


def columns_as_rows(dY, X, W):
    return np.dot(dY, W.T), np.dot(X.T, dY), np.sum(dY, axis=0)[:, None]


def columns_flat_bias(dY, X, W):
    dX, dW, db = columns_by_einsum(dY, X, W)
    return dX, dW, db.ravel()


def columns_averaged(dY, X, W):
    dX, dW, db = columns_by_rows(dY, X, W)
    return dX, dW / len(X[0]), db / len(X[0])


def tape_forward_mode(x, tape):
    columns = []
    for k in range(len(x)):
        values, rates = list(x), [float(k == i) for i in range(len(x))]
        for operation, *at in tape:
            v, r = [values[i] for i in at], [rates[i] for i in at]
            if operation == "add":
                new, rate = v[0] + v[1], r[0] + r[1]
            elif operation == "mul":
                new, rate = v[0] * v[1], v[0] * r[1] + r[0] * v[1]
            elif operation == "exp":
                new, rate = math.exp(v[0]), math.exp(v[0]) * r[0]
            else:
                new, rate = math.sin(v[0]), math.cos(v[0]) * r[0]
            values.append(new)
            rates.append(rate)
        columns.append(rates[-1])
    return columns


def tape_by_adjoints(x, tape, collect=True, exponential=None, upstream=True, crossed=True):
    v = [float(value) for value in x]
    for name, *at in tape:
        u = [v[i] for i in at]
        v.append(
            {
                "add": lambda u: u[0] + u[1],
                "mul": lambda u: u[0] * u[1],
                "exp": lambda u: math.exp(u[0]),
                "sin": lambda u: math.sin(u[0]),
            }[name](u)
        )
    g = {len(v) - 1: 1.0}
    for k in range(len(v) - 1, len(x) - 1, -1):
        name, *at = tape[k - len(x)]
        for place, i in enumerate(at):
            other = v[at[1 - place]] if name == "mul" and crossed else v[i]
            slope = {"add": 1.0, "mul": other, "exp": v[k], "sin": math.cos(v[i])}[name]
            if name == "exp" and exponential:
                slope = exponential(v[i])
            amount = slope * (g.get(k, 0.0) if upstream else 1.0)
            g[i] = amount + (g.get(i, 0.0) if collect else 0.0)
    return np.array([g.get(i, 0.0) for i in range(len(x))])


def tape_last_only(x, tape):
    return tape_by_adjoints(x, tape, collect=False)


def tape_local(x, tape):
    return tape_by_adjoints(x, tape, upstream=False)


def tape_from_the_front(x, tape):
    v, start = list(x), len(x)
    for name, *at in tape:
        v.append(
            {"add": np.add, "mul": np.multiply, "exp": np.exp, "sin": np.sin}[name](
                *[v[i] for i in at]
            )
        )
    g = np.zeros(len(v))
    g[-1] = 1
    for k, (name, *at) in enumerate(tape, start=start):
        for place, i in enumerate(at):
            slope = {"add": 1, "mul": v[at[-1 - place]], "exp": v[k], "sin": np.cos(v[i])}[name]
            g[i] += g[k] * slope
    return g[:start]


def tape_exp_of_x(x, tape):
    return tape_by_adjoints(x, tape, exponential=lambda u: u)


def tape_same_factor(x, tape):
    return tape_by_adjoints(x, tape, crossed=False)


RIGHT = {
    "ps3-weight-derivation": [weights_by_loops, weights_by_outer_products],
    "ps3-input-derivation": [input_by_loops, input_by_einsum],
    "ps3-linear-forward": [forward_by_einsum, forward_by_loops],
    "ps3-linear-backward": [backward_by_einsum, backward_by_examples],
    "ps3-relu-backward": [relu_by_where, relu_by_loop],
    "ps3-tanh-backward": [tanh_by_cosh, tanh_by_lists],
    "ps3-cross-entropy-forward": [loss_by_loops, loss_by_logaddexp],
    "ps3-cross-entropy-backward": [loss_gradient_by_rows, loss_gradient_by_jacobian],
    "ps3-network-forward": [network_by_recursion, network_by_index],
    "ps3-network-backward": [gradients_by_recursion, gradients_by_insertion],
    "ps3-combined-gradient": [combined_by_average, combined_one_by_one],
    "ps3-expose": [entrywise, two_minibatches],
    "ps3-tied": [tied_by_two_names, tied_by_examples],
    "ps3-columns": [columns_by_einsum, columns_by_rows],
    "ps3-tape": [tape_forward_mode, tape_by_adjoints],
}


def wrong_cross_entropy_log(Z, Y):
    E = np.exp(Z - Z.max(axis=1)[:, None])
    P = E / E.sum(axis=1)[:, None]
    T = np.eye(Z.shape[1])[Y] if np.ndim(Y) == 1 else Y
    with np.errstate(all="ignore"):
        losses = [-np.sum(t * np.log(p)) for t, p in zip(T, P, strict=True)]
    return sum(losses) / len(losses), (P, T)


def wrong_relu_slope(dA, cache):
    return np.where(cache[0] > 0, 1.0, 0.0)


def wrong_tanh_slope(dA, cache):
    return 1 / np.cosh(cache[0]) ** 2


def wrong_combined_count(gradients, sizes):
    return np.mean([n * np.asarray(g) for n, g in zip(sizes, gradients, strict=True)], axis=0)


def wrong_expose_linear(forward, backward, rng):
    X, W, b = rng.normal(size=(4, 2)), rng.normal(size=(2, 3)), rng.normal(size=3)
    dY = rng.normal(size=(4, 3))
    dX, dW, db = (np.asarray(g) for g in backward(dY, X, W, b))
    if (dX.shape, dW.shape, db.shape) != (X.shape, W.shape, b.shape):
        return False
    return bool(
        np.abs(dX - np.einsum("mi,ji->mj", dY, W)).max() < 1e-8
        and np.abs(dW - np.einsum("mj,mi->ji", X, dY)).max() < 1e-8
        and np.abs(db - np.ones(4) @ dY).max() < 1e-8
    )


def wrong_linear_order(dY, cache):
    dX = np.einsum("mi,ji->mj", dY, cache[1])
    return np.einsum("mj,mi->ji", cache[0], dY), np.ones(len(dY)) @ dY, dX


def wrong_network_triples(dY_hat, caches):
    A_in, W, _ = caches[-1]
    here = (np.dot(dY_hat, W.T), np.dot(A_in.T, dY_hat), sum(dY_hat))
    if len(caches) == 1:
        return [here]
    slope = 1 / np.cosh(caches[-2][2]) ** 2
    return [*wrong_network_triples(here[0] * slope, caches[:-1]), here]


WRONG = {
    "ps3-weight-derivation": {
        "weight-for-input": own_is_weight,
        "every-output-depends": row_full_and_used,
        "row-without-zeros": row_full,
        "one-example-only": entry_of_one,
        "averaged-again": mean_again,
        "factors-swapped": transposed_matrix,
    },
    "ps3-input-derivation": {
        "column-for-row": input_column,
        "sum-over-examples": input_entry_summed,
        "weights-not-transposed": input_untransposed,
        "one-output-only": input_first_output,
    },
    "ps3-linear-forward": {
        "bias-forgotten": forward_no_bias,
        "weights-transposed": forward_transposed,
        "bias-per-example": forward_bias_by_rows,
        "output-cached": forward_caches_y,
        "bias-cached": forward_caches_three,
    },
    "ps3-linear-backward": {
        "averaged-again": backward_averaged,
        "bias-averaged": backward_bias_mean,
        "bias-not-summed": backward_bias_unsummed,
        "bias-wrong-axis": backward_bias_axis,
        "bias-keeps-axis": backward_bias_row,
        "weights-not-transposed": backward_w,
        "input-not-transposed": backward_x,
        "factors-swapped": backward_swapped,
        "upstream-forgotten": backward_no_upstream,
        "first-example-only": backward_first,
        "other-order": [wrong_linear_order],
    },
    "ps3-relu-backward": {
        "derivative-missing": passes_on,
        "another-convention-at-zero": relu_one_at_zero,
        "mask-of-the-gradient": relu_of_upstream,
        "activation-for-derivative": relu_by_activation,
        "writes-into-its-argument": relu_in_place,
        "upstream-forgotten": wrong_relu_slope,
    },
    "ps3-tanh-backward": {
        "derivative-missing": passes_on,
        "pre-activation-in-place-of-activation": tanh_at_z,
        "tanh-of-tanh": tanh_twice,
        "not-squared": tanh_linear,
        "slope-of-the-logistic-function": tanh_as_logistic,
        "upstream-forgotten": wrong_tanh_slope,
    },
    "ps3-cross-entropy-forward": {
        "sum-for-mean": loss_summed,
        "mean-over-classes": loss_mean_of_all,
        "sign": loss_negative,
        "softmax-down-the-examples": loss_down_the_examples,
        "softmax-over-everything": loss_over_everything,
        "overflow": loss_overflows,
        "clipped": loss_clipped,
        "labels-not-expanded": loss_without_labels,
        "logarithm-of-softmax": wrong_cross_entropy_log,
    },
    "ps3-cross-entropy-backward": {
        "not-averaged": loss_gradient_unaveraged,
        "sign": loss_gradient_ascending,
        "derivative-applied-again": loss_gradient_twice,
        "gradient-of-probabilities": loss_gradient_of_probabilities,
        "upstream-forgotten": loss_gradient_no_upstream,
        "mean-over-classes": loss_gradient_all_averaged,
    },
    "ps3-network-forward": {
        "last-layer-squashed": network_all_tanh,
        "no-activation": network_linear,
        "biases-forgotten": network_no_bias,
        "activation-cached": network_caches_activations,
        "output-cached": network_caches_outputs,
    },
    "ps3-network-backward": {
        "hidden-derivative-missing": no_slope,
        "last-layer-squashed": slope_at_output,
        "slope-of-wrong-layer": slope_of_next,
        "pre-activation-in-place-of-activation": slope_with_z,
        "tanh-of-tanh": slope_twice,
        "back-through-the-gradient": back_by_gradient,
        "weights-not-transposed": back_untransposed,
        "averaged-again": all_averaged,
        "bias-averaged": biases_averaged,
        "order-reversed": backward_order,
        "delta-of-last-layer-everywhere": one_delta,
        "input-gradients-too": [wrong_network_triples],
    },
    "ps3-combined-gradient": {
        "plain-mean": combined_plainly,
        "sum": combined_sum,
        "not-divided": combined_total,
        "nominal-size": combined_by_first,
        "divided-by-minibatches": wrong_combined_count,
    },
    "ps3-expose": {
        "shapes-only": by_shapes,
        "upstream-of-ones": by_ones,
        "weights-only": by_weights,
        "one-example": by_one_example,
        "tolerance-too-large": by_large_tolerance,
        "positive-inputs": by_positive_inputs,
        "shape-ignored": by_numbers_only,
        "no-tolerance": by_exact_equality,
        "linear-layer-assumed": wrong_expose_linear,
    },
    "ps3-tied": {
        "first-use-only": tied_encoder,
        "second-use-only": tied_decoder,
        "difference-of-paths": tied_minus,
        "mean-of-paths": tied_mean,
        "derivative-missing": tied_no_slope,
        "second-use-transposed": tied_untransposed,
    },
    "ps3-columns": {
        "rows": columns_as_rows,
        "bias-without-axis": columns_flat_bias,
        "averaged-again": columns_averaged,
    },
    "ps3-tape": {
        "overwritten": tape_last_only,
        "local-only": tape_local,
        "forward-order": tape_from_the_front,
        "exp-gives-its-argument": tape_exp_of_x,
        "own-factor": tape_same_factor,
    },
}
