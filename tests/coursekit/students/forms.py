"""Right answers in unusual form, by exercise; the k-th of each stand in one notebook."""

# ruff: noqa: E501 - what students write is as long as they like
FORMS = {
    "ps1-logistic": [
        # one number after the other, and a NumPy function made of it
        "import math\n"
        "def one(z):\n"
        "    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))\n"
        "logistic = np.vectorize(one, otypes=[float])",
        # in halves of a tanh, as a lambda
        "logistic = lambda z: np.where(np.asarray(z) < -18, np.exp(np.minimum(z, 0)),"
        " np.exp(-np.logaddexp(0, -np.asarray(z, float))))",
        # an object that can be called
        "class Logistic:\n"
        "    def __call__(self, z):\n"
        "        return np.exp(-np.logaddexp(0.0, -np.asarray(z, dtype=float)))\n"
        "logistic = Logistic()",
        # in extended precision
        "def logistic(z):\n"
        "    z = np.asarray(z, dtype=np.longdouble)\n"
        "    return 1 / (1 + np.exp(-z))",
        # a masked array comes back
        "def logistic(z):\n"
        "    return np.ma.array(np.exp(-np.logaddexp(0.0, -np.asarray(z, dtype=float))))",
        # a subclass of ndarray
        "class Activation(np.ndarray):\n"
        "    pass\n"
        "def logistic(z):\n"
        "    z = np.asarray(z, dtype=float)\n"
        "    return np.exp(-np.logaddexp(0.0, -z)).view(Activation)",
    ],
    "ps1-logistic-derivative": [
        "from functools import wraps\n"
        "def quiet(f):\n"
        "    @wraps(f)\n"
        "    def inner(*args, **kwargs):\n"
        "        with np.errstate(all='ignore'):\n"
        "            return f(*args, **kwargs)\n"
        "    return inner\n"
        "@quiet\n"
        "def logistic_derivative(z):\n"
        "    return logistic(z) * logistic(-np.asarray(z))",
        "def logistic_derivative(z, _s=None):\n"
        "    if (_s := logistic(z)) is not None:\n"
        "        return _s * logistic(np.negative(z))",
        "def logistic_derivative(z: 'array') -> 'array':\n"
        "    e = np.exp(-np.abs(np.asarray(z, dtype=np.float64)))\n"
        "    return np.divide(e, np.square(np.add(1, e)))",
        "def logistic_derivative(*args):\n"
        "    (z,) = args\n"
        "    return np.exp(-np.logaddexp(0., -np.asarray(z, float)) - np.logaddexp(0., z))",
        "σ = lambda z: np.exp(-np.logaddexp(0., -np.asarray(z, float)))\n"
        "def logistic_derivative(z):\n    return σ(z) * σ(-np.asarray(z))",
        "def logistic_derivative(z):\n"
        "    z = np.asarray(z, dtype=np.longdouble)\n"
        "    return 1 / (np.exp(z / 2) + np.exp(-z / 2)) ** 2",
    ],
    "ps1-unit-preactivation": [
        "def unit_preactivation(w, x, b):\n    return np.einsum('i,i->', w, x) + b",
        "def unit_preactivation(w, x, b):\n"
        "    return b if len(w) == 0 else w[0] * x[0] + unit_preactivation(w[1:], x[1:], b)",
        "from functools import reduce\n"
        "def unit_preactivation(w, x, b):\n"
        "    return reduce(lambda s, p: s + p[0] * p[1], zip(w, x), b)",
        "def unit_preactivation(w, x, b):\n    return float(np.longdouble(w @ x) + b)",
        "import operator\nunit_preactivation = lambda w, x, b: sum(map(operator.mul, w, x)) + b",
        "class Z(float):\n    pass\n"
        "def unit_preactivation(w, x, b):\n    return Z(np.inner(w, x) + b)",
    ],
    "ps1-layer-preactivation": [
        "def layer_preactivation(W, x, b):\n"
        "    return [unit_preactivation(w, x, b_i) for w, b_i in zip(W, b)]",
        "def layer_preactivation(W, x, b):\n"
        "    return np.asarray(np.asmatrix(W) * np.asmatrix(x).T + np.asmatrix(b).T).ravel()",
        "def layer_preactivation(W, x, b):\n"
        "    z = np.zeros(len(b))\n"
        "    for i in range(W.shape[0]):\n"
        "        for j in range(W.shape[1]):\n"
        "            z[i] += W[i, j] * x[j]\n"
        "        z[i] += b[i]\n"
        "    return z",
        "class Row(list):\n    pass\n"
        "def layer_preactivation(W, x, b):\n    return Row(np.tensordot(W, x, axes=1) + b)",
        "def layer_preactivation(W, x, b):\n    return tuple((W * x).sum(-1) + b)",
        "def layer_preactivation(W, x, b):\n"
        "    return np.asfortranarray(np.c_[W, b] @ np.append(x, 1))",
    ],
    "ps1-mean-cost": [
        "def mean_cost(A, Y):\n"
        "    return np.mean([((a - y) ** 2).sum() / 2 for a, y in zip(A, Y)])",
        "def mean_cost(A, Y):\n"
        "    def core(E):\n"
        "        return np.linalg.norm(E) ** 2 / 2\n"
        "    return core(np.subtract(A, Y)) / np.shape(A)[0]",
        "mean_cost = type('Cost', (), {'of': staticmethod("
        "lambda A, Y: np.square(A - Y).sum(1).mean() / 2)}).of",
        "def mean_cost(A, Y):\n    return np.array(np.square(A - Y).sum() / (2 * len(A)))",
        "def mean_cost(A, Y):\n    return np.longdouble(0.5) * np.sum((A - Y) ** 2) / len(A)",
        "def mean_cost(A, Y):\n    return np.ma.masked_invalid((A - Y) ** 2).sum() / 2 / len(A)",
    ],
    "ps1-central-difference": [
        "def central_difference(f, x, h=2.0**-17):\n"
        "    values = [f(x + s * h) for s in (-1, 1)]\n"
        "    return (values[1] - values[0]) / h / 2",
        "def central_difference(f, x, h=2.0**-17):\n"
        "    return np.diff(list(map(f, (x - h, x + h))))[0] / (2 * h)",
        "def central_difference(f, x, h=2.0**-17):\n"
        "    return (lambda g: (g(h) - g(-h)) / (2 * h))(lambda step: f(x + step))",
        "def central_difference(f, x, h=2.0**-17):\n"
        "    try:\n        return (f(x + h) - f(x - h)) / (2 * h)\n"
        "    finally:\n        pass",
        "def central_difference(f, x, *, h=2.0**-17, **_):\n"
        "    return (f(x + h) - f(x - h)) / (2 * h)\n"
        "_keyword_only = central_difference\n"
        "def central_difference(f, x, h=2.0**-17):\n    return _keyword_only(f, x, h=h)",
        "def central_difference(f, x, h=2.0**-17):\n"
        "    return np.longdouble(f(x + h) - f(x - h)) / np.longdouble(2 * h)",
    ],
    "ps1-output-deltas": [
        "def output_deltas(a, y):\n    return np.multiply.reduce([a - y, a, 1 - a])",
        "def output_deltas(a, y):\n"
        "    return np.fromiter(((p - t) * p * (1 - p) for p, t in zip(a, y)), float)",
        "def output_deltas(a, y):\n    return np.diag(a * (1 - a)) @ (a - y)",
        "def output_deltas(a, y):\n"
        "    out = np.empty_like(a)\n    np.subtract(a, y, out=out)\n"
        "    out *= a\n    out *= 1 - a\n    return out",
        "def output_deltas(a, y):\n    return np.array([*map(lambda p, t: (p - t) * p * (1 - p), a, y)])",
        "def output_deltas(a, y):\n    return (a.astype(np.longdouble) - y) * a * (1 - a)",
    ],
    "ps1-which-mistake": [
        # the natural line: a text of NumPy comes back
        "def which_mistake(a, y, deltas):\n"
        "    names = np.array(['right', 'sign', 'no slope', 'squashed twice'])\n"
        "    s = logistic(a)\n"
        "    known = [(a - y) * a * (1 - a), (y - a) * a * (1 - a), a - y, (a - y) * s * (1 - s)]\n"
        "    return names[np.argmin([np.abs(k - deltas).sum() for k in known])]",
        "import enum\n"
        "class Mistake(str, enum.Enum):\n"
        "    RIGHT = 'right'\n    SIGN = 'sign'\n    NO_SLOPE = 'no slope'\n    TWICE = 'squashed twice'\n"
        "def which_mistake(a, y, deltas):\n"
        "    known = {Mistake.RIGHT: a * (1 - a), Mistake.SIGN: -a * (1 - a), Mistake.NO_SLOPE: 1.0,\n"
        "             Mistake.TWICE: logistic_derivative(a)}\n"
        "    return min(known, key=lambda m: np.abs(known[m] * (a - y) - deltas).max())",
        "def which_mistake(a, y, deltas):\n"
        "    ratio = np.median(deltas / ((a - y) * a * (1 - a)))\n"
        "    slope = np.allclose(deltas, a - y)\n"
        "    match (bool(np.isclose(ratio, 1)), bool(np.isclose(ratio, -1)), slope):\n"
        "        case (True, _, _): return 'right'\n"
        "        case (_, True, _): return 'sign'\n"
        "        case (_, _, True): return 'no slope'\n"
        "    return 'squashed twice'",
        "class Text(str):\n    pass\n"
        "def which_mistake(a, y, deltas):\n"
        "    e = a - y\n"
        "    tests = dict(right=e * a * (1 - a), sign=-e * a * (1 - a), no_slope=e)\n"
        "    for name, value in tests.items():\n"
        "        if np.allclose(value, deltas): return Text(name.replace('_', ' '))\n"
        "    return Text('squashed twice')",
    ],
    "ps1-hidden-deltas": [
        "def hidden_deltas(W_next, deltas_next, a):\n"
        "    return np.einsum('ij,i,j,j->j', W_next, deltas_next, a, 1 - a)",
        "def hidden_deltas(W_next, deltas_next, a):\n"
        "    return np.squeeze(np.asarray(np.matrix(deltas_next) * np.matrix(W_next)), 0) * (a - a * a)",
        "def hidden_deltas(W_next, deltas_next, a):\n"
        "    return [sum(W_next[i][j] * d for i, d in enumerate(deltas_next)) * p * (1 - p)\n"
        "            for j, p in enumerate(a)]",
        "from itertools import product\n"
        "def hidden_deltas(W_next, deltas_next, a):\n"
        "    out = np.zeros_like(a)\n"
        "    for i, j in product(*map(range, W_next.shape)):\n"
        "        out[j] += W_next[i, j] * deltas_next[i]\n"
        "    return out * a * (1 - a)",
        "def hidden_deltas(W_next, deltas_next, a):\n"
        "    return np.ma.array(W_next.T.dot(deltas_next)) * a * (1 - a)",
    ],
    "ps1-train-step": [
        "from collections import namedtuple\n"
        "Layer = namedtuple('Layer', 'W b')\n"
        "def train_step(network, x, y, learning_rate):\n"
        "    outs = [x]\n"
        "    for W, b in network:\n"
        "        outs.append(np.asarray(logistic(np.asarray(layer_preactivation(W, outs[-1], b)))))\n"
        "    delta, new = np.asarray(output_deltas(outs[-1], y)), []\n"
        "    for k in reversed(range(len(network))):\n"
        "        W, b = network[k]\n"
        "        new.append(Layer(W - learning_rate * np.outer(delta, outs[k]), b - learning_rate * delta))\n"
        "        if k: delta = np.asarray(hidden_deltas(W, delta, outs[k]))\n"
        "    return new[::-1]",
        "def train_step(network, x, y, learning_rate):\n"
        "    def back(layers, a):\n"
        "        if not layers:\n            return [], None\n"
        "        (W, b), *rest = layers\n"
        "        out = np.asarray(logistic(W @ a + b))\n"
        "        after, pulled = back(rest, out)\n"
        "        delta = (out - y if pulled is None else pulled) * out * (1 - out)\n"
        "        mine = (W - learning_rate * np.outer(delta, a), b - learning_rate * delta)\n"
        "        return [mine, *after], W.T @ delta\n"
        "    return tuple(back(list(network), x)[0])",
        "class Network(list):\n    pass\n"
        "def train_step(network, x, y, learning_rate):\n"
        "    a = [np.asarray(x)]\n"
        "    for W, b in network: a += [np.exp(-np.logaddexp(0, -(W @ a[-1] + b)))]\n"
        "    d = (a[-1] - y) * a[-1] * (1 - a[-1])\n"
        "    made = Network()\n"
        "    for (W, b), p in zip(network[::-1], a[-2::-1]):\n"
        "        made.insert(0, [W - learning_rate * d[:, None] * p, b - learning_rate * d])\n"
        "        d = (W.T @ d) * p * (1 - p)\n"
        "    return made",
    ],
    "ps1-shared-weight": [
        # a complex step
        "def shared_weight_slope(w, x, y):\n"
        "    s = lambda z: 1 / (1 + np.exp(-z))\n"
        "    v = w + 1e-30j\n"
        "    return ((s(v * s(v * x)) - y) ** 2 / 2).imag / 1e-30",
        "def shared_weight_slope(w, x, y):\n"
        "    cost = lambda v: float((logistic(v * float(logistic(v * x))) - y) ** 2) / 2\n"
        "    return central_difference(cost, w, 1e-5)",
        "def shared_weight_slope(w, x, y):\n"
        "    h = float(logistic(w * x)); a = float(logistic(w * h))\n"
        "    return np.longdouble((a - y) * a * (1 - a) * (h + w * h * (1 - h) * x))",
        "def shared_weight_slope(w, x, y):\n"
        "    (h := float(logistic(w * x)), a := float(logistic(w * h)))\n"
        "    return np.ma.array((a - y) * a * (1 - a) * (h + w * h * (1 - h) * x))",
    ],
    "ps1-forward-by-hand": [
        "def forward_by_hand(student_id):\n"
        "    n = my_numbers(student_id)\n"
        "    s = lambda z: np.longdouble(1) / (1 + np.exp(np.longdouble(-z)))\n"
        "    z = n['w1'] * n['x1'] + n['w2'] * n['x2'] + n['b']; h = s(z)\n"
        "    z1, z2 = n['v1'] * h + n['c1'], n['v2'] * h + n['c2']; a1, a2 = s(z1), s(z2)\n"
        "    values = [n['set'], z, h, z1, a1, z2, a2, ((a1 - n['y1'])**2 + (a2 - n['y2'])**2) / 2]\n"
        "    keys = np.array(['set', 'z_hidden', 'a_hidden', 'z_1', 'a_1', 'z_2', 'a_2', 'cost'])\n"
        "    return dict(zip(keys, values))",
        "from collections import OrderedDict\n"
        "def forward_by_hand(student_id):\n"
        "    n = my_numbers(student_id); o = OrderedDict(set=n['set'])\n"
        "    s = lambda z: 1 / (1 + np.exp(-z))\n"
        "    o['z_hidden'] = n['w1'] * n['x1'] + n['w2'] * n['x2'] + n['b']\n"
        "    o['a_hidden'] = s(o['z_hidden'])\n"
        "    for k in '12':\n"
        "        o['z_' + k] = n['v' + k] * o['a_hidden'] + n['c' + k]; o['a_' + k] = s(o['z_' + k])\n"
        "    o['cost'] = sum((o['a_' + k] - n['y' + k]) ** 2 for k in '12') / 2\n"
        "    return o",
    ],
}
