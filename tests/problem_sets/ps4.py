"""Independent implementations for problem set 4: right ones, and second wrong ones.

NumPy and the standard library only: this file also runs in the worker, beside student code.
"""

import math

import numpy as np

# Minibatches


def batches_by_split(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    cuts = range(batch_size, len(X), batch_size)
    return list(zip(np.split(X[order], cuts), np.split(Y[order], cuts), strict=True))


def batches_one_by_one(X, Y, batch_size, rng):
    batches, rows = [], []
    for row in rng.permutation(len(X)):
        rows.append(row)
        if len(rows) == batch_size:
            batches.append([X[rows], Y[rows]])
            rows = []
    if rows:
        batches.append([X[rows], Y[rows]])
    return batches


def batches_torn(X, Y, batch_size, rng):
    X, Y = X[rng.permutation(len(X))], Y[rng.permutation(len(Y))]
    return [(X[i : i + batch_size], Y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


def batches_x_only(X, Y, batch_size, rng):
    X = X[rng.permutation(len(X))]
    return [(X[i : i + batch_size], Y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


def batches_in_order(X, Y, batch_size, rng):
    return [(X[i : i + batch_size], Y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


def batches_full_only(X, Y, batch_size, rng):
    return [b for b in batches_by_split(X, Y, batch_size, rng) if len(b[0]) == batch_size]


def batches_wrapped(X, Y, batch_size, rng):
    order = list(rng.permutation(len(X)))
    pad = (batch_size - len(order) % batch_size) % batch_size
    order += order[:pad]
    return [
        (X[order[i : i + batch_size]], Y[order[i : i + batch_size]])
        for i in range(0, len(order), batch_size)
    ]


# Descent


def descent_by_loop(params, grads, learning_rate):
    new = []
    for k in range(len(params)):
        p = params[k].copy()
        for index in np.ndindex(p.shape):
            p[index] -= learning_rate * grads[k][index]
        new.append(p)
    return new


def descent_by_subtract(params, grads, learning_rate):
    return tuple(map(lambda p, g: np.subtract(p, np.multiply(learning_rate, g)), params, grads))


def ascent(params, grads, learning_rate):
    return [p - (-learning_rate) * g for p, g in zip(params, grads, strict=True)]


def descent_overwrites(params, grads, learning_rate):
    for k in range(len(params)):
        np.subtract(params[k], learning_rate * grads[k], out=params[k])
    return list(params)


def descent_change(params, grads, learning_rate):
    return [0 - g * learning_rate for g in grads]


def descent_unit_length(params, grads, learning_rate):
    return [
        p - learning_rate * g / math.sqrt((g**2).sum()) for p, g in zip(params, grads, strict=True)
    ]


# Momentum


def momentum_by_loop(params, grads, velocities, learning_rate, momentum):
    new_params, new_velocities = [], []
    for p, g, v in zip(params, grads, velocities, strict=True):
        change = v.copy()
        change *= momentum
        change -= learning_rate * g
        new_velocities.append(change)
        new_params.append(p + change)
    return new_params, new_velocities


def momentum_flattened(params, grads, velocities, learning_rate, momentum):
    shapes = [p.shape for p in params]
    theta, g, v = (np.concatenate([a.ravel() for a in t]) for t in (params, grads, velocities))
    v = v * momentum + g * -learning_rate
    cuts = np.cumsum([math.prod(shape) for shape in shapes])[:-1]
    back = [
        [part.reshape(shape) for part, shape in zip(np.split(flat, cuts), shapes, strict=True)]
        for flat in (theta + v, v)
    ]
    return back[0], back[1]


def each(rule):
    def wrong(params, grads, velocities, learning_rate, momentum):
        done = [
            rule(params[k], grads[k], velocities[k], learning_rate, momentum)
            for k in range(len(params))
        ]
        return [p for p, v in done], [v for p, v in done]

    return wrong


momentum_outside = each(lambda p, g, v, eta, a: (p - eta * (a * v + g), g + v * a))
momentum_averaged = each(
    lambda p, g, v, eta, a: (p + a * v - (1 - a) * eta * g, a * v - (1 - a) * eta * g)
)
momentum_minus = each(lambda p, g, v, eta, a: (p - a * v + eta * g, a * v - eta * g))
momentum_late = each(lambda p, g, v, eta, a: (v + p, -eta * g + a * v))
momentum_none = each(lambda p, g, v, eta, a: (p - eta * g, -(eta * g)))
momentum_full = each(lambda p, g, v, eta, a: (p + (v - eta * g), v - eta * g))


def momentum_overwrites(params, grads, velocities, learning_rate, momentum):
    for k, g in enumerate(grads):
        velocities[k][...] = momentum * velocities[k] - learning_rate * g
    return [p + v for p, v in zip(params, velocities, strict=True)], [v.copy() for v in velocities]


# RMSprop and Adagrad


def rmsprop_by_entries(params, grads, squares, learning_rate, decay, eps):
    new_params, new_squares = [], []
    for p, g, v in zip(params, grads, squares, strict=True):
        q, w = np.empty(p.shape), np.empty(p.shape)
        for i in np.ndindex(p.shape):
            w[i] = decay * v[i] + (1 - decay) * g[i] * g[i]
            q[i] = p[i] - learning_rate * g[i] / (math.sqrt(w[i]) + eps)
        new_params.append(q)
        new_squares.append(w)
    return new_params, new_squares


def rmsprop_by_difference(params, grads, squares, learning_rate, decay, eps):
    new = [v + (1 - decay) * (g * g - v) for v, g in zip(squares, grads, strict=True)]
    rates = [learning_rate / (v**0.5 + eps) for v in new]
    return [p - r * g for p, r, g in zip(params, rates, grads, strict=True)], new


def squares_with(new, change):
    def wrong(params, grads, squares, learning_rate, *rest):
        made = [new(v, g, rest[0]) for v, g in zip(squares, grads, strict=True)]
        moved = [
            p - learning_rate * change(g, w, v, rest[-1])
            for p, g, w, v in zip(params, grads, made, squares, strict=True)
        ]
        return moved, made

    return wrong


def ema(v, g, rho):
    return v * rho + np.square(g) * (1 - rho)


def total(v, g, _):
    return np.square(g) + v


def safe(g, v, eps):
    return g / (v**0.5 + eps)


rmsprop_inside = squares_with(ema, lambda g, w, v, eps: g / (w + eps) ** 0.5)


def rmsprop_brackets(params, grads, squares, learning_rate, decay, eps):
    new = [ema(v, g, decay) for v, g in zip(squares, grads, strict=True)]
    moved = [
        p - (learning_rate * g / np.sqrt(v) + eps)
        for p, g, v in zip(params, grads, new, strict=True)
    ]
    return moved, new


rmsprop_no_root = squares_with(ema, lambda g, w, v, eps: g / (eps + w))
rmsprop_swapped = squares_with(
    lambda v, g, rho: v - rho * v + rho * g * g, lambda g, w, v, eps: safe(g, w, eps)
)
rmsprop_summed = squares_with(total, lambda g, w, v, eps: safe(g, w, eps))
rmsprop_late = squares_with(ema, lambda g, w, v, eps: safe(g, v, eps))
rmsprop_sizes = squares_with(
    lambda v, g, rho: rho * v + (1 - rho) * np.sqrt(g * g), lambda g, w, v, eps: g / (w + eps)
)


def adagrad_by_entries(params, grads, squares, learning_rate, eps):
    made = []
    for p, g, G in zip(params, grads, squares, strict=True):
        flat = [
            (a - learning_rate * b / (math.sqrt(c + b * b) + eps), c + b * b)
            for a, b, c in zip(p.ravel(), g.ravel(), G.ravel(), strict=True)
        ]
        made.append(np.array(flat).reshape(*p.shape, 2))
    return [m[..., 0] for m in made], [m[..., 1] for m in made]


def adagrad_by_hypot(params, grads, squares, learning_rate, eps):
    roots = [np.hypot(np.sqrt(G), g) for G, g in zip(squares, grads, strict=True)]
    moved = [
        p - learning_rate * g / (r + eps) for p, g, r in zip(params, grads, roots, strict=True)
    ]
    return moved, [r * r for r in roots]


adagrad_inside = squares_with(total, lambda g, w, v, eps: g * (w + eps) ** -0.5)
adagrad_no_root = squares_with(total, lambda g, w, v, eps: g / (eps + w))
adagrad_forgets = squares_with(lambda v, g, _: g * g, lambda g, w, v, eps: g / (abs(g) + eps))
adagrad_late = squares_with(total, lambda g, w, v, eps: safe(g, v, eps))


# Adam and Nadam


def adam_by_entries(params, grads, state, learning_rate, beta1, beta2, eps):
    steps, m, v = state
    t = steps + 1
    new_p, new_m, new_v = ([np.empty(p.shape) for p in params] for _ in range(3))
    for k, p in enumerate(params):
        for i in np.ndindex(p.shape):
            g = grads[k][i]
            new_m[k][i] = beta1 * m[k][i] + (1 - beta1) * g
            new_v[k][i] = beta2 * v[k][i] + (1 - beta2) * g * g
            m_hat = new_m[k][i] / (1 - math.pow(beta1, t))
            v_hat = new_v[k][i] / (1 - math.pow(beta2, t))
            new_p[k][i] = p[i] - learning_rate * m_hat / (math.sqrt(v_hat) + eps)
    return new_p, [t, new_m, new_v]


def adam_by_one_rate(params, grads, state, learning_rate, beta1, beta2, eps):
    t = state[0] + 1
    m = [a + (1 - beta1) * (g - a) for a, g in zip(state[1], grads, strict=True)]
    v = [a + (1 - beta2) * (g * g - a) for a, g in zip(state[2], grads, strict=True)]
    root = math.sqrt(1 - beta2**t)
    rate, eps = learning_rate * root / (1 - beta1**t), eps * root
    return (
        [p - rate * a / (b**0.5 + eps) for p, a, b in zip(params, m, v, strict=True)],
        (t, m, v),
    )


def adam_with(change, second=None, zero=False, steps=None, keep=None):
    """Adam by hand, with the change of the parameters left open."""

    def wrong(params, grads, state, learning_rate, b1, b2, eps):
        t = state[0] + 1
        p_, m_, v_ = [], [], []
        for k, g in enumerate(grads):
            m = (0 if zero else b1) * state[1][k] + (1 - b1) * g
            v = (0 if zero else b2) * state[2][k] + (1 - b2) * (second or (lambda g, m: g * g))(
                g, m
            )
            p_.append(params[k] - learning_rate * change(m, v, b1, b2, t, k, eps))
            m_.append(m if keep is None else m / (1 - b1**t))
            v_.append(v if keep is None else v / (1 - b2**t))
        return p_, (t if steps is None else steps(t, len(params)), m_, v_)

    return wrong


def hats(m, v, b1, b2, t):
    return m / (1 - b1**t), v / (1 - b2**t)


def usual(m, v, b1, b2, t, k, eps):
    a, b = hats(m, v, b1, b2, t)
    return safe(a, b, eps)


adam_plain = adam_with(lambda m, v, b1, b2, t, k, eps: safe(m, v, eps))
adam_m_plain = adam_with(lambda m, v, b1, b2, t, k, eps: safe(m, v / (1 - b2**t), eps))
adam_v_plain = adam_with(lambda m, v, b1, b2, t, k, eps: safe(m / (1 - b1**t), v, eps))
adam_late_t = adam_with(lambda m, v, b1, b2, t, k, eps: safe(*hats(m, v, b1, b2, t + 1), eps))


def adam_early_t(params, grads, state, learning_rate, b1, b2, eps):
    t, m, v = state
    m = [b1 * a + (1 - b1) * g for a, g in zip(m, grads, strict=True)]
    v = [b2 * a + (1 - b2) * g * g for a, g in zip(v, grads, strict=True)]
    moved = []
    for p, a, b in zip(params, m, v, strict=True):
        a_hat, b_hat = np.divide(a, 1 - b1**t), np.divide(b, 1 - b2**t)
        moved.append(p - learning_rate * a_hat / (np.sqrt(b_hat) + eps))
    return moved, (t + 1, m, v)


def adam_counts_parameters(params, grads, state, learning_rate, b1, b2, eps):
    t, new = state[0], []
    for p, g, m, v in zip(params, grads, state[1], state[2], strict=True):
        t += 1
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        new.append((p - learning_rate * usual(m, v, b1, b2, t, 0, eps), m, v))
    return [p for p, _, _ in new], (t, [m for _, m, _ in new], [v for _, _, v in new])


adam_inside = adam_with(
    lambda m, v, b1, b2, t, k, eps: m / (1 - b1**t) / (v / (1 - b2**t) + eps) ** 0.5
)
adam_brackets = adam_with(
    lambda m, v, b1, b2, t, k, eps: m / (1 - b1**t) / (v / (1 - b2**t)) ** 0.5 + eps
)
adam_tensorflow = adam_with(
    lambda m, v, b1, b2, t, k, eps: (1 - b2**t) ** 0.5 / (1 - b1**t) * m / (v**0.5 + eps)
)
adam_no_root = adam_with(lambda m, v, b1, b2, t, k, eps: m / (1 - b1**t) / (eps + v / (1 - b2**t)))
adam_squared_average = adam_with(usual, second=lambda g, m: m * m)
adam_from_zero = adam_with(usual, zero=True)
adam_keeps_hats = adam_with(usual, keep="hats")


def nadam_by_parts(params, grads, state, learning_rate, beta1, beta2, eps):
    t = state[0] + 1
    new_p, new_m, new_v = [], [], []
    for p, g, m, v in zip(params, grads, state[1], state[2], strict=True):
        m = beta1 * m + g - beta1 * g
        v = beta2 * v + g * g - beta2 * g * g
        root = np.sqrt(v) / math.sqrt(1 - beta2**t) + eps
        step = beta1 * m / (1 - beta1 ** (t + 1)) / root
        step += (1 - beta1) / (1 - beta1**t) * g / root
        new_p.append(p - learning_rate * step)
        new_m.append(m)
        new_v.append(v)
    return new_p, (t, new_m, new_v)


def nadam_from_adam(params, grads, state, learning_rate, beta1, beta2, eps):
    _, (t, m, v) = adam_by_entries(params, grads, state, learning_rate, beta1, beta2, eps)
    of_m, of_g = beta1 / (1 - beta1 ** (t + 1)), (1 - beta1) / (1 - beta1**t)
    return (
        [
            p - learning_rate * (of_m * a + of_g * g) / ((s / (1 - beta2**t)) ** 0.5 + eps)
            for p, a, g, s in zip(params, m, grads, v, strict=True)
        ],
        (t, m, v),
    )


def nadam_is_adam(params, grads, state, learning_rate, beta1, beta2, eps):
    return adam_by_one_rate(params, grads, state, learning_rate, beta1, beta2, eps)


def nadam_with(numerator):
    def wrong(params, grads, state, learning_rate, beta1, beta2, eps):
        _, (t, m, v) = adam_by_one_rate(params, grads, state, learning_rate, beta1, beta2, eps)
        return (
            [
                params[k]
                - learning_rate
                * numerator(m[k], grads[k], state[1][k], beta1, t)
                / (np.sqrt(v[k] / (1 - beta2**t)) + eps)
                for k in range(len(params))
            ],
            (t, m, v),
        )

    return wrong


nadam_as_ruder = nadam_with(lambda m, g, old, b, t: (m * b + g - b * g) / (1 - b**t))
nadam_old_average = nadam_with(
    lambda m, g, old, b, t: old * b / (1 - b ** (t + 1)) + g * (1 - b) / (1 - b**t)
)


# Nesterov


def nesterov_recursive(gradient, start, learning_rate, momentum, steps):
    path = np.zeros((steps + 1, len(start)))
    path[0] = start
    for k in range(1, steps + 1):
        last = path[k - 1] - path[k - 2] if k > 1 else 0 * start
        ahead = path[k - 1] + momentum * last
        path[k] = ahead - learning_rate * np.array(gradient(ahead))
    return path


def nesterov_by_ahead_points(gradient, start, learning_rate, momentum, steps):
    point, v, path = start.copy(), np.zeros(len(start)), [start.tolist()]
    for _ in range(steps):
        g = gradient(point)
        v = momentum * v - learning_rate * g
        path.append((np.array(path[-1]) + v).tolist())
        point = np.array(path[-1]) + momentum * v
    return path


def nesterov_plain(gradient, start, learning_rate, momentum, steps):
    path, last = [start], 0 * start
    for _ in range(steps):
        last = momentum * last - learning_rate * gradient(path[-1])
        path.append(path[-1] + last)
    return np.stack(path)


def nesterov_full_look(gradient, start, learning_rate, momentum, steps):
    path, last = [start], 0 * start
    for _ in range(steps):
        last = momentum * last - learning_rate * gradient(path[-1] + last)
        path.append(path[-1] + last)
    return np.stack(path)


def nesterov_jumps(gradient, start, learning_rate, momentum, steps):
    path, last = [start], 0 * start
    for _ in range(steps):
        ahead = path[-1] + momentum * last
        last = momentum * last - learning_rate * gradient(ahead)
        path.append(ahead + last)
    return np.stack(path)


# Step size


def stable_by_svd(H, momentum):
    return (2 + 2 * momentum) / np.linalg.norm(H, 2)


def stable_by_power_iteration(H, momentum):
    x = np.ones(len(H)) + np.arange(len(H)) / 7
    for _ in range(20_000):
        x = H @ x
        x /= np.linalg.norm(x)
    return float(2 * (1 + momentum) / (x @ H @ x))


def stable_half(H, momentum):
    return (1 + momentum) / max(np.linalg.eigvals(H).real)


def stable_flattest(H, momentum):
    return (2 + 2 * momentum) / min(np.linalg.eigvals(H).real)


def stable_diagonal(H, momentum):
    return (2 + 2 * momentum) / max(np.diag(H))


def stable_sum(H, momentum):
    return (2 + 2 * momentum) / sum(np.linalg.eigvalsh(H))


def stable_plain(H, momentum):
    return 2 / np.linalg.norm(H, 2)


def stable_shrinking(H, momentum):
    return (2 - 2 * momentum) / np.linalg.norm(H, 2)


# Which rule


def rule_by_trying(grads, updates, learning_rate):
    for name in ("gradient descent", "momentum", "adagrad", "rmsprop", "adam"):
        if np.allclose(tried(name, grads, learning_rate), updates, rtol=1e-3):
            return name
    return "none"


def tried(name, grads, eta):
    done, v, m, s = [], 0.0, 0.0, 0.0
    for t, g in enumerate(grads, start=1):
        if name == "gradient descent":
            change = -eta * g
        elif name == "momentum":
            v = 0.9 * v - eta * g
            change = v
        elif name == "adagrad":
            s = s + g * g
            change = -eta * g / (np.sqrt(s) + 1e-8)
        elif name == "rmsprop":
            s = 0.9 * s + 0.1 * g * g
            change = -eta * g / (np.sqrt(s) + 1e-8)
        else:
            m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
            change = -eta * m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
        done.append(change)
    return done


def rule_by_ratios(grads, updates, learning_rate):
    g, u = grads[:, 0], -updates[:, 0] / learning_rate
    if abs(u[0] - g[0]) < 1e-6:
        return "gradient descent" if abs(u[2] - g[2]) < 1e-6 else "momentum"
    if abs(abs(u[0]) - math.sqrt(10)) < 1e-3:
        return "rmsprop"
    expected = g[1] / math.sqrt(g[0] ** 2 + g[1] ** 2)
    return "adagrad" if abs(u[1] - expected) < 1e-4 else "adam"


def rule_of_first(grads, updates, learning_rate):
    u = abs(updates[0] / learning_rate / grads[0])
    if np.allclose(u, 1):
        return "gradient descent"
    return "rmsprop" if np.allclose(u * abs(grads[0]), 10**0.5, rtol=1e-3) else "adam"


def renamed(old, new):
    def wrong(grads, updates, learning_rate):
        name = rule_by_trying(grads, updates, learning_rate)
        return new if name == old else name

    return wrong


no_momentum = renamed("momentum", "gradient descent")
no_adagrad = renamed("adagrad", "adam")
no_adam = renamed("adam", "adagrad")


# Clipping


def clip_by_concatenation(grads, limit):
    length = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return [g.copy() for g in grads] if length <= limit else [g * limit / length for g in grads]


def clip_by_loop(grads, limit):
    squared = 0.0
    for g in grads:
        for index in np.ndindex(g.shape):
            squared += float(g[index]) ** 2
    factor = limit / max(limit, math.sqrt(squared))
    return [factor * g for g in grads]


def clip_each(grads, limit):
    return [g * limit / max(limit, math.sqrt((g**2).sum())) for g in grads]


def clip_entries(grads, limit):
    return [np.minimum(np.maximum(g, -limit), limit) for g in grads]


def clip_always(grads, limit):
    length = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return [g / length * limit for g in grads]


def clip_squared(grads, limit):
    squared = sum(float((g * g).sum()) for g in grads)
    return [g if squared <= limit else g * limit / squared for g in grads]


# Schedule


def schedule_by_sine(step, warmup, steps, peak):
    if step < warmup:
        return peak / warmup * (1 + step)
    if step >= steps:
        return 0.0
    return peak * math.sin(math.pi / 2 * (steps - step) / (steps - warmup)) ** 2


def schedule_by_interpolation(step, warmup, steps, peak):
    done = np.interp(step, [warmup, steps], [0, 1])
    return (
        min(peak * (step + 1) / warmup, peak)
        if step < warmup
        else peak * (1 + np.cos(np.pi * done)) / 2
    )


def schedule_from_zero(step, warmup, steps, peak):
    return peak * step / warmup if step < warmup else schedule_by_sine(step, warmup, steps, peak)


def schedule_from_start(step, warmup, steps, peak):
    if step < warmup:
        return schedule_by_sine(step, warmup, steps, peak)
    return peak * math.cos(math.pi / 2 * min(step, steps) / steps) ** 2


def schedule_periodic(step, warmup, steps, peak):
    if step < warmup:
        return schedule_by_sine(step, warmup, steps, peak)
    return peak * math.cos(math.pi / 2 * (step - warmup) / (steps - warmup)) ** 2


RIGHT = {
    "ps4-minibatches": [batches_by_split, batches_one_by_one],
    "ps4-descent": [descent_by_loop, descent_by_subtract],
    "ps4-stable-step": [stable_by_svd, stable_by_power_iteration],
    "ps4-momentum": [momentum_by_loop, momentum_flattened],
    "ps4-rmsprop": [rmsprop_by_entries, rmsprop_by_difference],
    "ps4-adam": [adam_by_entries, adam_by_one_rate],
    "ps4-which-rule": [rule_by_trying, rule_by_ratios],
    "ps4-clip": [clip_by_concatenation, clip_by_loop],
    "ps4-nesterov": [nesterov_recursive, nesterov_by_ahead_points],
    "ps4-adagrad": [adagrad_by_entries, adagrad_by_hypot],
    "ps4-nadam": [nadam_by_parts, nadam_from_adam],
    "ps4-schedule": [schedule_by_sine, schedule_by_interpolation],
}


def wrong_minibatches_even(X, Y, batch_size, rng):
    order, count = rng.permutation(len(X)), math.ceil(len(X) / batch_size)
    sizes = [len(X) // count + (k < len(X) % count) for k in range(count)]
    ends = np.cumsum(sizes)
    return [(X[order[e - s : e]], Y[order[e - s : e]]) for s, e in zip(sizes, ends, strict=True)]


def wrong_momentum_other_sign(params, grads, velocities, learning_rate, momentum):
    new = [learning_rate * g + momentum * v for g, v in zip(grads, velocities, strict=True)]
    return [np.subtract(p, v) for p, v in zip(params, new, strict=True)], new


def wrong_rmsprop_brackets(params, grads, squares, learning_rate, decay, eps):
    moved, new = [], []
    for p, g, s in zip(params, grads, squares, strict=True):
        s = s * decay + g * g * (1 - decay)
        moved.append(p - learning_rate * g / np.sqrt(s) + eps)
        new.append(s)
    return moved, new


def wrong_adam_not_counted(params, grads, state, learning_rate, beta1, beta2, eps):
    steps, m, v = state
    m = [beta1 * a + (1 - beta1) * g for a, g in zip(m, grads, strict=True)]
    v = [beta2 * a + (1 - beta2) * g * g for a, g in zip(v, grads, strict=True)]
    by_m, by_v = 1 - beta1 ** (steps + 1), 1 - beta2 ** (steps + 1)
    moved = [
        p - learning_rate * (a / by_m) / (np.sqrt(b / by_v) + eps)
        for p, a, b in zip(params, m, v, strict=True)
    ]
    return moved, (steps, m, v)


def wrong_clip_longest(grads, limit):
    longest = np.sqrt(max(np.sum(np.square(g)) for g in grads))
    factor = limit / longest if longest > limit else 1.0
    return [np.multiply(factor, g) for g in grads]


def wrong_nesterov_alias(gradient, start, learning_rate, momentum, steps):
    theta, v = np.array(start, dtype=float), np.zeros(len(start))
    path = [theta]
    for _ in range(steps):
        v = momentum * v - learning_rate * gradient(theta + momentum * v)
        theta += v
        path.append(theta)
    return np.array(path)


WRONG = {
    "ps4-minibatches": {
        "shuffled-apart": batches_torn,
        "inputs-shuffled-only": batches_x_only,
        "not-shuffled": batches_in_order,
        "rest-dropped": batches_full_only,
        "filled-up": batches_wrapped,
        "evenly-cut": wrong_minibatches_even,
    },
    "ps4-descent": {
        "ascent": ascent,
        "in-place": descent_overwrites,
        "change-returned": descent_change,
        "direction-only": descent_unit_length,
    },
    "ps4-stable-step": {
        "fastest-for-largest": stable_half,
        "smallest-curvature": stable_flattest,
        "largest-diagonal-entry": stable_diagonal,
        "trace": stable_sum,
        "momentum-ignored": stable_plain,
        "momentum-shrinks": stable_shrinking,
    },
    "ps4-momentum": {
        "another-convention": momentum_outside,
        "average": momentum_averaged,
        "sign": momentum_minus,
        "velocity-of-before": momentum_late,
        "forgets": momentum_none,
        "no-damping": momentum_full,
        "in-place": momentum_overwrites,
        "velocity-of-other-sign": wrong_momentum_other_sign,
    },
    "ps4-rmsprop": {
        "eps-inside": rmsprop_inside,
        "eps-after-division": rmsprop_brackets,
        "no-root": rmsprop_no_root,
        "shares-swapped": rmsprop_swapped,
        "sum-for-average": rmsprop_summed,
        "average-of-before": rmsprop_late,
        "average-of-gradients": rmsprop_sizes,
        "eps-after-step": wrong_rmsprop_brackets,
    },
    "ps4-adam": {
        "no-correction": adam_plain,
        "first-moment-not-corrected": adam_m_plain,
        "second-moment-not-corrected": adam_v_plain,
        "t-too-large": adam_late_t,
        "t-from-zero": adam_early_t,
        "t-per-parameter": adam_counts_parameters,
        "eps-inside": adam_inside,
        "eps-after-division": adam_brackets,
        "another-convention-of-eps": adam_tensorflow,
        "no-root": adam_no_root,
        "square-of-average": adam_squared_average,
        "forgets": adam_from_zero,
        "correction-kept": adam_keeps_hats,
        "step-not-counted": wrong_adam_not_counted,
    },
    "ps4-which-rule": {
        "first-step-only": rule_of_first,
        "momentum-unseen": no_momentum,
        "adagrad-unseen": no_adagrad,
        "adam-unseen": no_adam,
    },
    "ps4-clip": {
        "each-by-itself": clip_each,
        "entries-cut": clip_entries,
        "always-scaled": clip_always,
        "no-root": clip_squared,
        "longest-alone": wrong_clip_longest,
    },
    "ps4-nesterov": {
        "gradient-here": nesterov_plain,
        "undamped-look": nesterov_full_look,
        "from-the-point-ahead": nesterov_jumps,
        "one-array-for-all": [wrong_nesterov_alias],
    },
    "ps4-adagrad": {
        "eps-inside": adagrad_inside,
        "no-root": adagrad_no_root,
        "forgets": adagrad_forgets,
        "sum-of-before": adagrad_late,
    },
    "ps4-nadam": {
        "adam": nadam_is_adam,
        "one-correction-for-both": nadam_as_ruder,
        "average-of-before": nadam_old_average,
    },
    "ps4-schedule": {
        "first-step-lost": schedule_from_zero,
        "warm-up-counted-twice": schedule_from_start,
        "rises-again": schedule_periodic,
    },
}
