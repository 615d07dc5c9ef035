"""Independent implementations for problem set 5: right ones, and second wrong ones.

NumPy and the standard library only: this file also runs in the worker, beside student code.
"""

import math
from itertools import pairwise

import numpy as np

# Six mistakes


def passes(params, X, y, **changes):
    """Loss and gradients by recursion over the layers, with what changes says left unrepaired."""
    (W, b), rest = params[0], params[1:]
    Z = np.einsum("mj,ji->mi", X, W) + b
    if not rest:
        loss, dZ = output_layer(Z, y, **changes)
        later = []
    else:
        A = np.tanh(Z)
        loss, dA, later = passes(rest, A, y, **changes)
        dZ = dA * (1 - A if changes.get("slope") else 1 / np.cosh(Z) ** 2)
    db = dZ.sum(0) / (len(y) if changes.get("bias") else 1)
    return loss, np.dot(dZ, W.T), [(np.dot(X.T, dZ), db), *later]


def output_layer(Z, y, **changes):
    if changes.get("shift"):
        P = np.exp(Z) / np.exp(Z).sum(1)[:, None]
        logs = np.log(P)
    else:
        logs = Z - np.logaddexp.reduce(Z, axis=0 if changes.get("axis") else 1, keepdims=True)
        P = np.exp(logs)
    dZ = P.copy()
    dZ[np.arange(len(y)), y] -= 1
    loss = -np.mean([logs[m, k] for m, k in enumerate(y)])
    return loss, dZ if changes.get("mean") else dZ / len(y)


def repaired_by_recursion(params, X, y):
    loss, _, gradients = passes(params, X, y)
    return float(loss), gradients


def repaired_by_examples(params, X, y):
    total, sums = 0.0, [[np.zeros_like(W), np.zeros_like(b)] for W, b in params]
    for x, label in zip(X, y, strict=True):
        states = [x]
        for W, b in params:
            z = W.T @ states[-1] + b
            states.append(np.tanh(z))
        top = max(z)
        total += top + math.log(sum(math.exp(v - top) for v in z)) - z[label]
        delta = np.exp(z - top) / np.exp(z - top).sum()
        delta[label] -= 1
        for k in range(len(params) - 1, -1, -1):
            sums[k][0] += np.outer(states[k], delta)
            sums[k][1] += delta
            delta = (params[k][0] @ delta) * (1 - states[k] ** 2)
    return total / len(y), [(dW / len(y), db / len(y)) for dW, db in sums]


def left(name):
    def wrong(params, X, y):
        loss, _, gradients = passes(params, X, y, **{name: True})
        return loss, gradients[::-1] if name == "order" else gradients

    wrong.__name__ = f"{name}_left"
    return wrong


def as_printed(params, X, y):
    A, inputs = X, []
    for W, b in params:
        inputs.append(A)
        Z = A @ W + b
        A = np.tanh(Z)
    P = np.exp(Z) / np.exp(Z).sum(axis=0)
    loss = -np.log(P[np.arange(len(y)), y]).mean()
    dZ = P - np.eye(Z.shape[1])[y]
    gradients = []
    for A, (W, _) in zip(inputs[::-1], params[::-1]):  # noqa: B905
        gradients.append((A.T @ dZ, dZ.mean(axis=0)))
        dZ = (dZ @ W.T) * (1 - A)
    return loss, gradients


# Bug hunt

PLENTY = [
    (3, 2, 4),
    (1, 4, 2),
    (2, 3, 3),
    (4, 2, 3, 5),
    (1, 5, 3, 2),
    (3, 3, 3, 3),
    (2, 5, 4, 2, 3),
]


def hunt(network, rng, shapes=PLENTY, skip=(), draw=None):
    """Entry by entry; ``skip`` names what is not looked at."""
    for M, *widths in shapes:
        params = [
            [rng.uniform(-1, 1, pair), rng.uniform(-1, 1, pair[1])] for pair in pairwise(widths)
        ]
        X, y = rng.uniform(-2, 2, (M, widths[0])), rng.integers(widths[-1], size=M)
        found = network(params, X, y)[1]
        for k in range(len(params)):
            if "early" in skip and k < len(params) - 1:
                continue
            for kind in (0, 1):
                if "bias" in skip and kind == 1:
                    continue
                if np.shape(found[k][kind]) != params[k][kind].shape:
                    return False
                if not entries_agree(network, params, X, y, k, kind, found[k][kind]):
                    return False
    return True


def entries_agree(network, params, X, y, k, kind, gradient):
    array = params[k][kind]
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + 2e-5
        above = network(params, X, y)[0]
        array[index] = kept - 2e-5
        below = network(params, X, y)[0]
        array[index] = kept
        if abs((above - below) / 4e-5 - gradient[index]) > 1e-6:
            return False
    return True


def hunt_in_two_directions(network, rng):
    for M, *widths in PLENTY:
        pairs = list(pairwise(widths))
        params = [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in pairs]
        X, y = rng.normal(size=(M, widths[0])), rng.integers(widths[-1], size=M)
        found = network(params, X, y)[1]
        for k, pair in enumerate(params):
            for kind in range(2):
                if found[k][kind].shape != pair[kind].shape:
                    return False
                for _ in range(2):
                    V = rng.choice([-1.0, 1.0], pair[kind].shape)
                    up, down = ([list(p) for p in params] for _ in range(2))
                    up[k][kind] = pair[kind] + 1e-5 * V
                    down[k][kind] = pair[kind] - 1e-5 * V
                    slope = (network(up, X, y)[0] - network(down, X, y)[0]) / 2e-5
                    if not math.isclose(
                        slope, np.vdot(found[k][kind], V), rel_tol=1e-4, abs_tol=1e-7
                    ):
                        return False
    return True


def hunt_one(network, rng):
    return hunt(network, rng, [(6, 5, 3, 4)])


def hunt_weights(network, rng):
    return hunt(network, rng, skip=("bias",))


def hunt_last(network, rng):
    return hunt(network, rng, skip=("early",))


def hunt_several(network, rng):
    return hunt(network, rng, [shape for shape in PLENTY if shape[0] != 1])


# Training


def train_with_momentum(X, y, rng):
    widths = [X.shape[1], 60, 30, 10]
    params = [[rng.normal(0, math.sqrt(1 / n), (n, k)), np.zeros(k)] for n, k in pairwise(widths)]
    velocity = [[0 * W, 0 * b] for W, b in params]
    for epoch in range(80):
        rate = 0.1 * (1 - epoch / 80)
        order = rng.permutation(len(X))
        for start in range(0, len(X), 25):
            rows = order[start : start + 25]
            states = [X[rows] - 0.5]
            for W, b in params:
                states.append(np.tanh(states[-1] @ W + b))
            Z = states[-2] @ params[-1][0] + params[-1][1]
            delta = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))
            delta[np.arange(len(rows)), y[rows]] -= 1
            delta /= len(rows)
            for k in (2, 1, 0):
                W, b = params[k]
                back = (delta @ W.T) * (1 - states[k] ** 2)
                velocity[k][0] = 0.9 * velocity[k][0] - rate * (states[k].T @ delta)
                velocity[k][1] = 0.9 * velocity[k][1] - rate * delta.sum(0)
                params[k] = [W + velocity[k][0], b + velocity[k][1]]
                delta = back
    params[0][1] = params[0][1] - 0.5 * params[0][0].sum(0)  # the shift by 0.5, put into the bias
    return params


def train_with_rmsprop(X, y, rng):
    W, b = rng.normal(size=(64, 100)) / 8, np.zeros(100)
    V, c = np.zeros((100, 10)), np.zeros(10)
    squares = [np.zeros_like(p) for p in (W, b, V, c)]
    for epoch in range(60):
        rate = 0.003 * 0.96**epoch
        for rows in np.split(rng.permutation(len(X)), range(40, len(X), 40)):
            H = np.tanh(X[rows] @ W + b)
            Z = H @ V + c
            P = np.exp(Z - Z.max(1)[:, None])
            dZ = (P / P.sum(1)[:, None] - (y[rows][:, None] == np.arange(10))) / len(rows)
            dH = dZ @ V.T * (1 - H * H)
            grads = [X[rows].T @ dH, dH.sum(0), H.T @ dZ, dZ.sum(0)]
            squares = [0.95 * s + 0.05 * g * g for s, g in zip(squares, grads, strict=True)]
            moves = [rate * g / (s**0.5 + 1e-6) for g, s in zip(grads, squares, strict=True)]
            W, b, V, c = W - moves[0], b - moves[1], V - moves[2], c - moves[3]
    return (W.astype(np.float32), b.astype(np.float32)), (V.tolist(), c.tolist())


RIGHT = {
    "ps5-repair": [repaired_by_recursion, repaired_by_examples],
    "ps5-hunt": [hunt, hunt_in_two_directions],
    "ps5-train": [train_with_momentum, train_with_rmsprop],
}


def wrong_repair_logarithm(params, X, y):
    inputs = [X]
    for W, b in params[:-1]:
        inputs.append(np.tanh(inputs[-1] @ W + b))
    Z = inputs[-1] @ params[-1][0] + params[-1][1]
    E = np.exp(Z - Z.max(axis=1)[:, None])
    P, Y = E / E.sum(axis=1)[:, None], np.eye(Z.shape[1])[y]
    dZ, gradients = (P - Y) / len(y), []
    for A, (W, _) in zip(inputs[::-1], params[::-1], strict=True):
        gradients.insert(0, (A.T @ dZ, dZ.sum(axis=0)))
        dZ = dZ @ W.T * (1 - A * A)
    with np.errstate(all="ignore"):
        return np.mean([-np.log(p[k]) for p, k in zip(P, y, strict=True)]), gradients


WRONG = {
    "ps5-repair": {
        "nothing-repaired": as_printed,
        "axis-left": left("axis"),
        "overflow-left": left("shift"),
        "mean-left": left("mean"),
        "bias-left": left("bias"),
        "slope-left": left("slope"),
        "order-left": left("order"),
        "logarithm-left": [wrong_repair_logarithm],
    },
    "ps5-hunt": {
        "one-network": hunt_one,
        "weights-only": hunt_weights,
        "last-layer-only": hunt_last,
        "several-examples-only": hunt_several,
    },
    "ps5-train": {},
}
