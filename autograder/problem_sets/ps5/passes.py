"""A network forward and backward by recursion, in which mistakes may be left."""

import numpy as np


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
        slope = (
            1 - A if changes.get("slope") else 1 / np.cosh(A if changes.get("twice") else Z) ** 2
        )
        dZ = dA * (1 if changes.get("no slope") else slope)
    db = dZ.sum(0) / (len(y) if changes.get("bias") else 1)
    return loss, np.dot(dZ, W.T), [(np.dot(X.T, dZ), db), *later]


def output_layer(Z, y, **changes):
    if changes.get("shift"):
        P = np.exp(Z) / np.exp(Z).sum(1)[:, None]
        logs = np.log(P)
    elif "largest" in changes:
        Z = Z - changes["largest"](Z)
        sums = np.einsum("mk->m", np.exp(Z))[:, None]
        P, logs = np.exp(Z) / sums, Z - np.log(sums)
    else:
        logs = Z - np.logaddexp.reduce(Z, axis=0 if changes.get("axis") else 1, keepdims=True)
        P = np.exp(logs)
    dZ = P.copy()
    dZ[np.arange(len(y)), y] -= 1
    loss = -np.mean([logs[m, k] for m, k in enumerate(y)])
    return loss, dZ if changes.get("mean") else dZ / len(y)
