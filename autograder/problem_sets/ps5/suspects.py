"""Networks whose gradients are right or wrong, and whose code is not to be seen."""

from coursekit.checks.values import Code

ACTIVATIONS = {
    "np.tanh(Z)": "1 - np.tanh(Z) ** 2",
    "np.sin(Z)": "np.cos(Z)",
    "1 / (1 + np.exp(-Z))": "0.25 / np.cosh(0.5 * Z) ** 2",
    "Z + 0.1 * Z ** 2": "1 + 0.2 * Z",
}

TEMPLATE = """\
def network(params, X, y):
    A, inputs, slopes = X, [], [np.ones_like(X)]
    for W, b in params:
        inputs.append(A)
        Z = A @ W + b
        A = {activation}
        slopes.append({slope})
    Z = Z - Z.max(axis=1, keepdims=True)
    log_P = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    loss = -log_P[np.arange(len(y)), y].mean()
    dZ = (np.exp(log_P) - np.eye(Z.shape[1])[y]) / len(y)
    gradients = []
    depth = len(params)
    for layer in reversed(range(depth)):
        W, b = params[layer]
        A, slope = inputs[layer], slopes[layer]
        dW, db = A.T @ dZ, dZ.sum(axis=0)
        {mistake}
        gradients.append((dW, db))
        dZ = (dZ @ W.T) * slope
    return loss, gradients[::-1]"""


def suspect(mistake="pass", activation=None):
    def draw(rng):
        chosen = activation or list(ACTIVATIONS)[rng.integers(len(ACTIVATIONS))]
        source = TEMPLATE.format(activation=chosen, slope=ACTIVATIONS[chosen], mistake=mistake)
        return Code(source), rng

    return draw


INNOCENT = [
    *[suspect(activation=activation) for activation in ACTIVATIONS] * 3,
    suspect("dW = np.einsum('mj,mi->ji', A, dZ)"),
    suspect("db = np.ones(len(y)) @ dZ"),
    suspect("dW, db = (dZ.T @ A).T, dZ.mean(axis=0) * len(y)"),
    suspect("dW = sum(np.outer(a, d) for a, d in zip(A, dZ))"),
]

PLAIN = [
    "dW = -dW",
    "db = 2 * db",
    "slope = np.ones_like(slope)",
    "dW = dW * 1.002",
    "db = db[np.newaxis]",
    "db = db - 0.02",
    "dW = dW / len(y) if len(y) > 1 else 2 * dW",
    "slope = -slope",
]

CONDITIONAL = [
    "db = 2 * db if len(y) == 1 else db",
    "dW = 2 * dW if depth == 1 else dW",
    "slope = 0.9 * slope if depth > 2 else slope",
    "dW = 1.5 * dW if W.shape[0] < W.shape[1] else dW",
    "dW = 0.5 * dW if W.shape[0] > W.shape[1] else dW",
    "dW = dW.T if W.shape[0] == W.shape[1] else dW",
    "db = dZ.mean(axis=0) if len(y) > 1 else db",
    "db = 0.9 * db if layer == 0 and depth > 1 else db",
]

HIDDEN_PLAIN = [
    "dW[0, 0] *= 1.2",
    "dW = dW + 0.01 * W",
    "db = db[::-1] + 1e-3",
    "slope = slope ** 2 + 0.1",
    "dW = dW * (A.T @ dZ > 0)",
    "db = dZ[0] * (len(y) + 1)",
    "slope = slope * 1.01; dW = dW * 1.01",
    "dW = np.clip(dW, -0.02, 0.02)",
]

HIDDEN_CONDITIONAL = [
    "dW = 0.7 * dW if len(y) == 1 else dW",
    "db = 3 * db if depth == 1 else db",
    "dW = 2 * dW if layer == 1 and depth > 2 else dW",
    "db = 2 * db if W.shape[0] < W.shape[1] else db",
    "slope = 1.1 * slope if W.shape[0] > W.shape[1] and depth > 1 else slope",
    "dW = 0.9 * dW if W.shape[0] == W.shape[1] else dW",
    "dW = dW / len(y) if depth > 1 else dW",
    "db = 0 * db if layer < depth - 2 else db",
]

PUBLIC_PLAIN = [
    "dW[-1] = 0",
    "dW = dW + 0.05",
    "slope = 1.5 * slope; db = 1.1 * db",
    "dW = np.abs(dW)",
    "db = db * (db > 0) - 0.01",
    "dW = dW[::-1] * 1.1",
    "db = db + dW.sum() + 0.01",
    "dW = A.T @ (dZ * dZ)",
]

PUBLIC_CONDITIONAL = [
    "dW = -dW if len(y) == 1 else dW",
    "dW = 0.5 * dW if depth == 1 else dW",
    "db = 2 * db if layer == 1 and depth > 2 else db",
    "db = 0.5 * db if W.shape[0] < W.shape[1] else db",
    "db = -db if W.shape[0] > W.shape[1] else db",
    "db = 2 * db if W.shape[0] == W.shape[1] else db",
    "dW = 0.9 * dW if layer == 0 and depth > 1 else dW",
    "dW = 0 * dW if layer < depth - 2 else dW",
]


def line_up(*mistakes):
    return [*INNOCENT, *(suspect(mistake) for group in mistakes for mistake in group)]
