"""Independent implementations for problem set 1: right ones, and second wrong ones.

NumPy and the standard library only: this file also runs in the worker, beside student code.
"""

import math

import numpy as np

# Right


def logistic_by_tanh(z):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))


def logistic_by_loop(z):
    z = np.array(z, dtype=float)
    out = np.empty_like(z)
    for index in np.ndindex(z.shape):
        out[index] = 0.0 if z[index] < -700 else 1 / (1 + math.exp(-z[index]))
    return out


def logistic_in_lists(z):
    if isinstance(z, list):
        return [logistic_in_lists(part) for part in z]
    if np.ndim(z):
        return logistic_in_lists(np.asarray(z).tolist())
    return math.exp(min(z, 0)) / (math.exp(-abs(z)) + 1)


def logistic_with_a_warning(z):
    z = np.asarray(z, dtype=np.float64)
    return 1 / (1 + np.exp(-z))


def slope_by_product(z):
    a = logistic_by_tanh(z)
    return a * (1 - a)


def slope_by_cosh(z):
    return 1 / (4 * np.cosh(np.clip(np.asarray(z, dtype=float), -300, 300) / 2) ** 2)


def slope_by_difference_of_squares(z):
    a = logistic_by_loop(z)
    print("a is", a)
    return a - a**2


def unit_by_dot(w, x, b):
    return np.dot(w, x) + b


def unit_by_constant_input(w, x, b):
    return sum(p * q for p, q in zip([*w, b], [*x, 1], strict=True))


def layer_by_einsum(W, x, b):
    return np.einsum("ij,j->i", W, x) + b


def layer_by_columns(W, x, b):
    z = b.copy()
    for j in range(len(x)):
        z += x[j] * W[:, j]
    return z


def layer_as_list(W, x, b):
    return [float(sum(row * x) + bias) for row, bias in zip(W, b, strict=True)]


def cost_by_norm(A, Y):
    return np.mean(np.linalg.norm(A - Y, axis=1) ** 2) / 2


def cost_by_expansion(A, Y):
    n = A.shape[0]
    return (np.vdot(A, A) - 2 * np.vdot(A, Y) + np.vdot(Y, Y)) / (2 * n)


def cost_by_loops(A, Y):
    total = 0.0
    for a, y in zip(A.tolist(), Y.tolist(), strict=True):
        for p, q in zip(a, y, strict=True):
            total += (p - q) * (p - q) / 2
    return total / len(A)


def central_by_places(f, x, h=2.0**-17):
    left, right = x - h, x + h
    return (f(right) - f(left)) / (right - left)


def central_by_mean(f, x, h=2.0**-17):
    middle = f(x)
    return ((f(x + h) - middle) / h + (middle - f(x - h)) / h) / 2


def output_by_arrays(a, y):
    return (a - y) * a * (1 - a)


def output_by_difference_of_squares(a, y):
    return np.array([(p - p * p) * (p - q) for p, q in zip(a, y, strict=True)])


def output_by_expansion(a, y):
    return (a**2 - a**3 - a * y + a**2 * y).tolist()


def mistake_by_table(a, y, deltas):
    s = 1 / (1 + np.exp(-a))
    for name, other in [
        ("right", (a - y) * (a - a**2)),
        ("sign", (a - y) * (a**2 - a)),
        ("no slope", a - y),
        ("squashed twice", (a - y) * (s - s**2)),
    ]:
        if np.linalg.norm(other - deltas) < 1e-6 * np.linalg.norm(other):
            return name
    return None


def mistake_by_ratio(a, y, deltas):
    ratio = deltas[0] / (a[0] - y[0])
    slope = a[0] * (1 - a[0])
    if ratio < 0:
        return "sign"
    if ratio > 0.9:
        return "no slope"
    return "right" if math.isclose(ratio, slope) else "squashed twice"


def hidden_by_einsum(W_next, deltas_next, a):
    return np.einsum("ij,i,j->j", W_next, deltas_next, a - a**2)


def hidden_by_accumulation(W_next, deltas_next, a):
    influence = np.zeros(len(a))
    for i in range(len(deltas_next)):
        for j in range(len(a)):
            influence[j] += W_next[i][j] * deltas_next[i]
    return influence * a * (1 - a)


def hidden_by_diagonal(W_next, deltas_next, a):
    return deltas_next @ W_next @ np.diag(a * (1 - a))


def step_by_matrices(network, x, y, learning_rate):
    signals = [x]
    for W, b in network:
        signals.append(1 / (1 + np.exp(-(W @ signals[-1] + b))))
    influence, new = signals[-1] - y, []
    for (W, b), before, after in zip(network[::-1], signals[-2::-1], signals[::-1], strict=False):
        delta = influence * after * (1 - after)
        new.append((W - learning_rate * delta[:, None] * before, b - learning_rate * delta))
        influence = delta @ W
    return new[::-1]


def step_by_measuring(network, x, y, learning_rate):
    """No derivation at all: every parameter is wiggled."""

    def cost(layers):
        signal = x
        for W, b in layers:
            signal = 1 / (1 + np.exp(-(W @ signal + b)))
        return np.sum((signal - y) ** 2) / 2

    new = [(W.copy(), b.copy()) for W, b in network]
    for position, layer in enumerate(network):
        for part in (0, 1):
            for index in np.ndindex(layer[part].shape):
                moved = []
                for h in (1e-4, -1e-4):
                    copy = [[W.copy(), b.copy()] for W, b in network]
                    copy[position][part][index] += h
                    moved.append(cost(copy))
                new[position][part][index] -= learning_rate * (moved[0] - moved[1]) / 2e-4
    return new


def step_recursive(network, x, y, learning_rate):
    def learn(layers, signal):
        if not layers:
            return signal - y, []
        W, b = layers[0]
        a = 1 / (1 + np.exp(-(np.matmul(W, signal) + b)))
        influence, rest = learn(layers[1:], a)
        delta = influence * a * (1 - a)
        new = [W - learning_rate * np.outer(delta, signal), b - learning_rate * delta]
        return W.T @ delta, [new, *rest]

    return learn(list(network), x)[1]


def shared_by_paths(w, x, y):
    h = 1 / (1 + math.exp(-w * x))
    a = 1 / (1 + math.exp(-w * h))
    return (a - y) * (a - a * a) * (h + w * x * (h - h * h))


def shared_by_complex_step(w, x, y):
    w = w + 1e-30j
    h = 1 / (1 + np.exp(-w * x))
    a = 1 / (1 + np.exp(-w * h))
    return ((y - a) ** 2 / 2).imag / 1e-30


def shared_by_measuring(w, x, y):
    def cost(v):
        h = 1 / (1 + math.exp(-v * x))
        return (y - 1 / (1 + math.exp(-v * h))) ** 2 / 2

    return (8 * (cost(w + 1e-3) - cost(w - 1e-3)) - cost(w + 2e-3) + cost(w - 2e-3)) / 12e-3


# Wrong, each written from the name of the mistake alone


def sigma(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


def wrong_exponent(z):
    return 1 - sigma(z)


def wrong_tanh(z):
    e = np.exp(-2 * np.abs(np.asarray(z, dtype=float)))
    return np.sign(z) * (1 - e) / (1 + e)


def wrong_overflow(z):
    e = np.exp(np.asarray(z, dtype=float))
    return e / (e + 1)


def wrong_slope_of_z(z):
    return z - np.multiply(z, z)


def wrong_slope_of_sigma(z):
    s = sigma(sigma(z))
    return s - s * s


def wrong_constant_slope(z):
    return 0.25 + 0 * np.asarray(z)


def wrong_slope_overflow(z):
    e = np.exp(-np.asarray(z, dtype=float))
    return e / (1 + 2 * e + e * e)


def wrong_slope_sign(z):
    return -slope_by_cosh(z)


def wrong_unit_no_bias(w, x, b):
    return float(np.dot(w, x))


def wrong_unit_sums(w, x, b):
    total = 0
    for p in w:
        for q in x:
            total += p * q
    return total + b


def wrong_unit_bias_in_loop(w, x, b):
    z = 0
    for p, q in zip(w, x, strict=True):
        z += p * q + b
    return z


def wrong_unit_mean(w, x, b):
    return np.dot(w, x) / len(w) + b


def wrong_layer_no_bias(W, x, b):
    return np.array([sum(W[i, j] * x[j] for j in range(len(x))) for i in range(len(W))])


def wrong_layer_columns(W, x, b):
    z = [0.0] * len(b)
    for i in range(len(b)):
        for j in range(len(x)):
            z[i] += W[j, i] * x[j]
        z[i] += b[i]
    return np.array(z)


def wrong_layer_weights(W, x, b):
    return np.array([sum(W[i]) + b[i] for i in range(len(b))])


def wrong_cost_total(A, Y):
    return sum(np.sum((a - y) ** 2) / 2 for a, y in zip(A, Y, strict=True))


def wrong_cost_double(A, Y):
    return np.mean([np.sum((a - y) ** 2) for a, y in zip(A, Y, strict=True)])


def wrong_cost_all_means(A, Y):
    return np.square(A - Y).sum() / (2 * A.size)


def wrong_cost_distance(A, Y):
    return np.mean([np.abs(a - y).sum() / 2 for a, y in zip(A, Y, strict=True)])


def wrong_forward(f, x, h=2.0**-17):
    there, here = f(x + h), f(x)
    return (there - here) / h


def wrong_backward(f, x, h=2.0**-17):
    return (f(x - h) - f(x)) / -h


def wrong_two_over_h(f, x, h=2.0**-17):
    rise = f(x + h) - f(x - h)
    return rise / h


def wrong_half_way(f, x, h=2.0**-17):
    return 0.5 * (f(x + h) - f(x)) / h


def wrong_reversed(f, x, h=2.0**-17):
    return -(f(x + h) - f(x - h)) / (2 * h)


def wrong_own_step(f, x, h=2.0**-17):
    h = 1e-6
    return (f(x + h) - f(x - h)) / (2 * h)


def wrong_output_no_slope(a, y):
    return -(y - a)


def wrong_output_sign(a, y):
    return np.array([(q - p) * (p - p * p) for p, q in zip(a, y, strict=True)])


def wrong_output_twice(a, y):
    s = sigma(a)
    return (a - y) * (s - s**2)


def wrong_mistake_sign(a, y, deltas):
    found = mistake_by_table(a, y, deltas)
    return {"sign": "right"}.get(found, found)


def wrong_mistake_twice(a, y, deltas):
    return mistake_by_ratio(a, y, deltas).replace("squashed twice", "no slope")


def wrong_mistake_reversed(a, y, deltas):
    found = mistake_by_table(a, y, deltas)
    return {"sign": "right", "right": "sign"}.get(found, found)


def wrong_hidden_rows(W_next, deltas_next, a):
    out = np.zeros(len(a))
    for j in range(len(a)):
        for i in range(len(deltas_next)):
            out[j] += W_next[j, i] * deltas_next[i]
    return out * a * (1 - a)


def wrong_hidden_no_slope(W_next, deltas_next, a):
    return np.array([np.dot(W_next[:, j], deltas_next) for j in range(len(a))])


def wrong_hidden_overwritten(W_next, deltas_next, a):
    out = np.zeros(len(a))
    for j in range(len(a)):
        for i in range(len(deltas_next)):
            out[j] = W_next[i, j] * deltas_next[i]
        out[j] *= a[j] * (1 - a[j])
    return out


def wrong_hidden_no_weights(W_next, deltas_next, a):
    return np.array([sum(deltas_next) * p * (1 - p) for p in a])


def wrong_hidden_twice(W_next, deltas_next, a):
    s = sigma(a)
    return np.dot(deltas_next, W_next) * (s - s**2)


def wrong_hidden_mean(W_next, deltas_next, a):
    return np.mean(W_next * deltas_next[:, None], axis=0) * a * (1 - a)


def gradients(network, x, y, hidden_slope=True):
    signals = [x]
    for W, b in network:
        signals.append(sigma(W @ signals[-1] + b))
    out, influence = [], signals[-1] - y
    for level in range(len(network) - 1, -1, -1):
        a = signals[level + 1]
        last = level == len(network) - 1
        delta = influence * a * (1 - a) if last or hidden_slope else influence
        out.insert(0, (np.outer(delta, signals[level]), delta))
        influence = network[level][0].T @ delta
    return out


def wrong_step_up(network, x, y, learning_rate):
    return [
        (W + learning_rate * dW, b + learning_rate * db)
        for (W, b), (dW, db) in zip(network, gradients(network, x, y), strict=True)
    ]


def wrong_step_changed(network, x, y, learning_rate):
    new = [[W.copy(), b.copy()] for W, b in network]
    signals = [x]
    for W, b in network:
        signals.append(sigma(W @ signals[-1] + b))
    influence = signals[-1] - y
    for level in reversed(range(len(new))):
        delta = influence * signals[level + 1] * (1 - signals[level + 1])
        new[level][0] -= learning_rate * np.outer(delta, signals[level])
        new[level][1] -= learning_rate * delta
        influence = delta @ new[level][0]
    return new


def wrong_step_no_bias(network, x, y, learning_rate):
    grads = gradients(network, x, y)
    return [
        (layer[0] - learning_rate * dW, layer[1] + 0)
        for layer, (dW, _) in zip(network, grads, strict=True)
    ]


def wrong_step_no_slope(network, x, y, learning_rate):
    grads = gradients(network, x, y, hidden_slope=False)
    return [
        (W - learning_rate * dW, b - learning_rate * db)
        for (W, b), (dW, db) in zip(network, grads, strict=True)
    ]


def wrong_step_no_rate(network, x, y, learning_rate):
    grads = gradients(network, x, y)
    return [(W - dW, b - db) for (W, b), (dW, db) in zip(network, grads, strict=True)]


def wrong_step_last_only(network, x, y, learning_rate):
    new = [(W.copy(), b.copy()) for W, b in network]
    dW, db = gradients(network, x, y)[-1]
    new[-1] = (new[-1][0] - learning_rate * dW, new[-1][1] - learning_rate * db)
    return new


def wrong_step_changes(network, x, y, learning_rate):
    return [(dW * -learning_rate, db * -learning_rate) for dW, db in gradients(network, x, y)]


def wrong_step_in_place(network, x, y, learning_rate):
    for layer, (dW, db) in zip(network, gradients(network, x, y), strict=True):
        layer[0][:] = layer[0] - learning_rate * dW
        layer[1][:] = layer[1] - learning_rate * db
    return [(W, b) for W, b in network]


def shared(w, x, y):
    h = sigma(w * x)
    a = sigma(w * h)
    return h, (a - y) * a * (1 - a)


def wrong_shared_late(w, x, y):
    h, delta = shared(w, x, y)
    return h * delta


def wrong_shared_early(w, x, y):
    h, delta = shared(w, x, y)
    return x * (h - h**2) * w * delta


def wrong_shared_slope(w, x, y):
    h, delta = shared(w, x, y)
    return delta * (h + w * x)


def wrong_shared_weight(w, x, y):
    h, delta = shared(w, x, y)
    return delta * (h + x * (h - h**2))


def wrong_shared_mean(w, x, y):
    return 0.5 * shared_by_paths(w, x, y)


# A pass by hand; the module of the checks is the course's here, and the students' in the worker


def own_numbers(student_id):
    try:
        from checks import my_numbers
    except ImportError:
        from coursekit.worker.personal import my_numbers
    return my_numbers(student_id)


def pass_of(student_id):
    own = own_numbers(student_id)
    layers = [
        (np.array([[own["w1"], own["w2"]]]), np.array([own["b"]])),
        (np.array([[own["v1"]], [own["v2"]]]), np.array([own["c1"], own["c2"]])),
    ]
    zs, signals = [], [np.array([own["x1"], own["x2"]])]
    for W, b in layers:
        zs.append(W @ signals[-1] + b)
        signals.append(1 / (1 + np.exp(-zs[-1])))
    return own, layers, zs, signals


def forward_dict(own, zs, signals):
    y = np.array([own["y1"], own["y2"]])
    return {
        "set": own["set"],
        "z_hidden": zs[0][0],
        "a_hidden": signals[1][0],
        "z_1": zs[1][0],
        "z_2": zs[1][1],
        "a_1": signals[2][0],
        "a_2": signals[2][1],
        "cost": np.sum((y - signals[2]) ** 2) / 2,
    }


def forward_in_matrices(student_id):
    own, _, zs, signals = pass_of(student_id)
    return forward_dict(own, zs, signals)


def typed(answers, digits=4):
    """As a student types them: plain numbers with four digits."""
    return {
        key: value if key == "set" else float(f"{float(value):.{digits}g}")
        for key, value in answers.items()
    }


def forward_typed(student_id):
    return typed(forward_in_matrices(student_id))


def backward_dict(student_id, output_slope=True, sign=1, path=None, hidden_slope=True):
    own, layers, _, (x, h, a) = pass_of(student_id)
    delta = sign * (a - [own["y1"], own["y2"]]) * (a * (1 - a) if output_slope else 1)
    weights = layers[1][0][:, 0]
    influence = weights @ delta if path is None else weights[path] * delta[path]
    delta_hidden = influence * (h[0] * (1 - h[0]) if hidden_slope else 1)
    return {
        "set": own["set"],
        "delta_1": delta[0],
        "delta_2": delta[1],
        "influence": influence,
        "delta_hidden": delta_hidden,
        "dv1": delta[0] * h[0],
        "dw1": delta_hidden * x[0],
        "db": delta_hidden,
    }


def backward_in_matrices(student_id):
    return backward_dict(student_id)


def backward_typed(student_id):
    return typed(backward_dict(student_id))


def wrong_hand_bias(student_id):
    own, layers, _, _ = pass_of(student_id)
    z = np.array([own["w1"] * own["x1"] + own["w2"] * own["x2"]])
    h = sigma(z)
    z_out = layers[1][0] @ h + layers[1][1]
    return typed(forward_dict(own, [z, z_out], [None, h, sigma(z_out)]))


def wrong_hand_sent(student_id):
    own, layers, zs, signals = pass_of(student_id)
    z_out = layers[1][0] @ zs[0] + layers[1][1]
    return forward_dict(own, [zs[0], z_out], [None, signals[1], sigma(z_out)])


def wrong_hand_half(student_id):
    answers = forward_in_matrices(student_id)
    answers["cost"] *= 2
    return typed(answers)


def wrong_hand_mean(student_id):
    answers = forward_in_matrices(student_id)
    answers["cost"] /= 2
    return answers


def wrong_hand_slope(student_id):
    return typed(backward_dict(student_id, output_slope=False))


def wrong_hand_sign(student_id):
    return typed(backward_dict(student_id, sign=-1))


def wrong_hand_second(student_id):
    return backward_dict(student_id, path=1)


def wrong_hand_first(student_id):
    return typed(backward_dict(student_id, path=0))


def wrong_hand_hidden(student_id):
    return backward_dict(student_id, hidden_slope=False)


def wrong_hand_input(student_id):
    answers = backward_dict(student_id)
    _, _, _, signals = pass_of(student_id)
    answers["dw1"] = answers["db"] * signals[1][0]
    return typed(answers)


RIGHT = {
    "ps1-logistic": [
        logistic_by_tanh,
        logistic_by_loop,
        logistic_in_lists,
        logistic_with_a_warning,
    ],
    "ps1-logistic-derivative": [slope_by_product, slope_by_cosh, slope_by_difference_of_squares],
    "ps1-unit-preactivation": [unit_by_dot, unit_by_constant_input],
    "ps1-layer-preactivation": [layer_by_einsum, layer_by_columns, layer_as_list],
    "ps1-mean-cost": [cost_by_norm, cost_by_expansion, cost_by_loops],
    "ps1-central-difference": [central_by_places, central_by_mean],
    "ps1-output-deltas": [output_by_arrays, output_by_difference_of_squares, output_by_expansion],
    "ps1-which-mistake": [mistake_by_table, mistake_by_ratio],
    "ps1-hidden-deltas": [hidden_by_einsum, hidden_by_accumulation, hidden_by_diagonal],
    "ps1-forward-by-hand": [forward_in_matrices, forward_typed],
    "ps1-backward-by-hand": [backward_in_matrices, backward_typed],
    "ps1-train-step": [step_by_matrices, step_by_measuring, step_recursive],
    "ps1-shared-weight": [shared_by_paths, shared_by_complex_step, shared_by_measuring],
}


def wrong_unit_squashed(w, x, b):
    z = sum(weight * value for weight, value in zip(w, x, strict=True)) + b
    return (1 + math.tanh(z / 2)) / 2


def wrong_layer_squashed(W, x, b):
    return 1 / (1 + np.exp(-np.einsum("ij,j->i", W, x) - b))


def wrong_cost_squares(A, Y):
    return np.square(np.subtract(Y, A)).sum() / np.size(A)


def wrong_central_product(f, x, h=2.0**-17):
    return 0.5 * h * (f(x + h) - f(x - h))


def wrong_output_tanh(a, y):
    return [(p - q) * (1 - p) * (1 + p) for p, q in zip(a, y, strict=True)]


def wrong_output_error(a, y):
    return [float(q) - float(p) for p, q in zip(a, y, strict=True)]


def wrong_shared_product(w, x, y):
    h = 1 / (1 + math.exp(-w * x))
    a = 1 / (1 + math.exp(-w * h))
    late, early = h, w * (h - h * h) * x
    return (a - y) * (a - a * a) * (late * early)


def wrong_step_biases(network, x, y, learning_rate):
    activations = [np.asarray(x)]
    for W, b in network:
        activations.append(1 / (1 + np.exp(-(W @ activations[-1] + b))))
    delta, new = (activations[-1] - y) * activations[-1] * (1 - activations[-1]), []
    for k in reversed(range(len(network))):
        W, b = network[k]
        new.insert(
            0, (W - learning_rate * delta[:, None] * activations[k], b + learning_rate * delta)
        )
        delta = (delta @ W) * activations[k] * (1 - activations[k])
    return new


def wrong_unit_subtracted(w, x, b):
    return sum(weight * value for weight, value in zip(w, x, strict=True)) - b


def wrong_cost_outputs(A, Y):
    return (np.square(np.subtract(A, Y)).sum(axis=0) / 2).mean()


def wrong_hidden_first(W_next, deltas_next, a):
    return [float(deltas_next[0]) * w * (p - p * p) for w, p in zip(W_next[0], a, strict=True)]


def wrong_step_swapped(network, x, y, learning_rate):
    activations = [np.asarray(x)]
    for W, b in network:
        activations.append(1 / (1 + np.exp(-(W @ activations[-1] + b))))
    delta, new = (activations[-1] - y) * activations[-1] * (1 - activations[-1]), []
    for (W, b), a in zip(network[::-1], activations[-2::-1], strict=True):
        new.insert(0, (W - learning_rate * a[:, None] * delta, b - learning_rate * delta))
        delta = (delta @ W) * a * (1 - a)
    return new


def wrong_step_gradients(network, x, y, learning_rate):
    activations = [np.asarray(x)]
    for W, b in network:
        activations.append(1 / (1 + np.exp(-(W @ activations[-1] + b))))
    delta, new = (activations[-1] - y) * activations[-1] * (1 - activations[-1]), []
    for (W, _), a in zip(network[::-1], activations[-2::-1], strict=True):
        new = [(delta[:, None] * a, delta), *new]
        delta = (delta @ W) * a * (1 - a)
    return new


WRONG = {
    "ps1-logistic": {
        "sign-of-exponent": wrong_exponent,
        "tanh-for-logistic": wrong_tanh,
        "overflow": wrong_overflow,
    },
    "ps1-logistic-derivative": {
        "z-for-activation": wrong_slope_of_z,
        "squashed-twice": wrong_slope_of_sigma,
        "constant-slope": wrong_constant_slope,
        "overflow": wrong_slope_overflow,
        "sign-turned-round": wrong_slope_sign,
    },
    "ps1-unit-preactivation": {
        "bias-forgotten": wrong_unit_no_bias,
        "product-of-sums": wrong_unit_sums,
        "bias-with-every-input": wrong_unit_bias_in_loop,
        "mean-for-sum": wrong_unit_mean,
        "squashed": wrong_unit_squashed,
        "bias-subtracted": [wrong_unit_subtracted],
    },
    "ps1-layer-preactivation": {
        "bias-forgotten": wrong_layer_no_bias,
        "weights-transposed": wrong_layer_columns,
        "inputs-forgotten": wrong_layer_weights,
        "squashed": wrong_layer_squashed,
    },
    "ps1-mean-cost": {
        "sum-for-mean": wrong_cost_total,
        "half-forgotten": wrong_cost_double,
        "mean-over-outputs": wrong_cost_all_means,
        "absolute-for-square": wrong_cost_distance,
        "mean-of-squares": wrong_cost_squares,
        "averaged-over-outputs-only": [wrong_cost_outputs],
    },
    "ps1-central-difference": {
        "one-sided": wrong_forward,
        "backward": wrong_backward,
        "divided-by-h": wrong_two_over_h,
        "half-way": wrong_half_way,
        "reversed": wrong_reversed,
        "own-step": wrong_own_step,
        "multiplied-by-h": wrong_central_product,
    },
    "ps1-output-deltas": {
        "output-derivative-missing": wrong_output_no_slope,
        "sign-turned-round": wrong_output_sign,
        "derivative-at-activation": wrong_output_twice,
        "slope-of-tanh": wrong_output_tanh,
        "slope-and-sign": wrong_output_error,
    },
    "ps1-which-mistake": {
        "sign-not-seen": wrong_mistake_sign,
        "twice-not-seen": wrong_mistake_twice,
        "own-sign-turned-round": wrong_mistake_reversed,
    },
    "ps1-hidden-deltas": {
        "weights-transposed": wrong_hidden_rows,
        "slope-missing": wrong_hidden_no_slope,
        "last-path-only": wrong_hidden_overwritten,
        "weights-missing": wrong_hidden_no_weights,
        "slope-at-activation": wrong_hidden_twice,
        "mean-over-paths": wrong_hidden_mean,
        "first-path-only": [wrong_hidden_first],
    },
    "ps1-forward-by-hand": {
        "bias-forgotten": wrong_hand_bias,
        "pre-activation-sent-on": wrong_hand_sent,
        "half-forgotten": wrong_hand_half,
        "mean-over-outputs": wrong_hand_mean,
    },
    "ps1-backward-by-hand": {
        "slope-missing": wrong_hand_slope,
        "sign-turned-round": wrong_hand_sign,
        "second-path-only": wrong_hand_second,
        "first-path-only": wrong_hand_first,
        "hidden-slope-missing": wrong_hand_hidden,
        "activation-for-input": wrong_hand_input,
    },
    "ps1-train-step": {
        "uphill": wrong_step_up,
        "changed-weights": wrong_step_changed,
        "biases-not-trained": wrong_step_no_bias,
        "hidden-slope-missing": wrong_step_no_slope,
        "rate-missing": wrong_step_no_rate,
        "output-layer-only": wrong_step_last_only,
        "changes-returned": wrong_step_changes,
        "network-overwritten": wrong_step_in_place,
        "biases-uphill": wrong_step_biases,
        "factors-swapped": [wrong_step_swapped],
        "gradients-returned": [wrong_step_gradients],
    },
    "ps1-shared-weight": {
        "late-path-only": wrong_shared_late,
        "early-path-only": wrong_shared_early,
        "inner-slope-missing": wrong_shared_slope,
        "inner-weight-missing": wrong_shared_weight,
        "paths-averaged": wrong_shared_mean,
        "paths-multiplied": wrong_shared_product,
    },
}
