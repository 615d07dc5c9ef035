"""Layers with a backward pass each, right or wrong, that a test is to tell apart."""

from coursekit.checks.values import Code

SLOPES = {
    "X @ W + b": "1.0 + 0 * (X @ W + b)",
    "np.tanh(X @ W + b)": "1 - np.tanh(X @ W + b) ** 2",
    "1 / (1 + np.exp(-(X @ W + b)))": "0.25 / np.cosh(0.5 * (X @ W + b)) ** 2",
    "np.sin(X @ W + b)": "np.cos(X @ W + b)",
}

UPSTREAM_FORGOTTEN = "1.0 for dY"


def layer_pair(mistake="", given=None):
    """Draws a layer and a backward pass for it, with one line that spoils it, or none."""

    def draw(rng):
        function = given or list(SLOPES)[rng.integers(len(SLOPES))]
        forgets = mistake == UPSTREAM_FORGOTTEN
        lines = [
            "def backward(dY, X, W, b):",
            f"    dZ = {'1.0' if forgets else 'dY'} * ({SLOPES[function]})",
            "    dX = dZ @ W.T",
            "    dW = X.T @ dZ",
            "    db = dZ.sum(axis=0)",
            f"    {mistake}" if mistake and not forgets else "",
            "    return dX, dW, db",
        ]
        source = "\n".join(line for line in lines if line)
        return Code(f"lambda X, W, b: {function}"), Code(source), rng

    return draw


def right_pair(body):
    def draw(rng):
        function = list(SLOPES)[rng.integers(len(SLOPES))]
        source = f"def backward(dY, X, W, b):\n    dZ = dY * ({SLOPES[function]})\n    {body}"
        return Code(f"lambda X, W, b: {function}"), Code(source), rng

    return draw


RIGHT_PAIRS = [
    *[layer_pair(given=function) for function in SLOPES] * 3,
    right_pair("return np.dot(dZ, W.T), np.dot(dZ.T, X).T, np.ones(len(X)) @ dZ"),
    right_pair(
        "return sum(np.outer(dZ[:, i], W[:, i]) for i in range(len(b))), "
        "sum(np.outer(x, d) for x, d in zip(X, dZ)), sum(dZ)"
    ),
    right_pair(
        "return np.einsum('mi,ji->mj', dZ, W), np.einsum('mj,mi->ji', X, dZ), dZ.sum(axis=0)"
    ),
    right_pair("return (W @ dZ.T).T, (dZ.T @ X).T, dZ.T.sum(axis=1)"),
]

TELLING_MISTAKES = [
    UPSTREAM_FORGOTTEN,
    "dX = np.where(min(X.min(), W.min(), b.min()) < 0, 2 * dX, dX)",
    "dW = dW * 1.001",
    "dW = dW / len(X)",
    "dX = -dX",
    "db = db[np.newaxis]",
]
"""One for each kind of weak test: each of those misses at least one of these.

All are wrong for nearly all numbers that a test can draw: a test that looks everywhere must not
miss one by bad luck.
"""

PUBLIC_MISTAKES = [
    *TELLING_MISTAKES,
    "db = db / len(X)",
    "dW = -dW",
    "dW = dW[::-1]",
    "dW[0] = 0",
    "db = 0 * db",
    "dX[0] = 0",
    "dW = dW + np.abs(dW)",
    "db = db + dX.sum()",
    "dX = dY @ W.T + dX",
    "dW = dW + 0.1",
]

HIDDEN_MISTAKES = [
    *TELLING_MISTAKES,
    "db = dZ.mean(axis=0)",
    "dW = np.outer(X[0], dZ[0])",
    "dX = dX / len(X)",
    "dW[-1, -1] *= 1.1",
    "db = dZ[0]",
    "dX[:, 0] = dX[:, -1]",
    "dW = dW * (W > W.mean())",
    "db = dZ.max(axis=0)",
    "dW = X.T @ dZ + W",
    "dX = dX[:, ::-1]",
]
