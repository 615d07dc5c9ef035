"""References, cases, misconceptions and hints of problem set 4."""

from collections.abc import Callable

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise, Misconception
from coursekit.checks.values import Code

SPACE = "book/optimizers/weight_space"
BATCH = "book/optimizers/batch_stochastic_minibatch"
STEP = "book/optimizers/step_size"
MOMENTUM = "book/optimizers/momentum"
NESTEROV = "book/optimizers/nesterov"
ADAGRAD = "book/optimizers/adagrad"
RMSPROP = "book/optimizers/rmsprop"
ADAM = "book/optimizers/adam"
NADAM = "book/optimizers/nadam"
VARIANTS = "book/optimizers/variants"
SCHEDULES = "book/optimizers/schedules"

COMMUTES = "this is the same in either order"


# Minibatches


def split_minibatches(
    X: np.ndarray, Y: np.ndarray, batch_size: int, rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Shuffle a data set and cut it into minibatches.

    Parameters
    ----------
    X : array, shape (N, n_in)
        Examples, one per row.
    Y : array, shape (N,)
        The label of each example.
    batch_size : int, >= 1
        Number of examples of each minibatch.
    rng : numpy.random.Generator
        Call `rng.permutation(N)` once, and nothing else. Its k-th number says which example
        comes in place k.

    Returns
    -------
    list of (X_batch, Y_batch)
        Every example is in exactly one of them. Each minibatch holds `batch_size` examples, and
        the last one what is left.

    Examples
    --------
    >>> X, Y = np.arange(10.0).reshape(5, 2), np.arange(5)
    >>> batches = split_minibatches(X, Y, 2, np.random.default_rng(0))
    >>> [X_batch.shape for X_batch, Y_batch in batches]
    [(2, 2), (2, 2), (1, 2)]
    """
    order = rng.permutation(len(X))
    return [
        (X[order[start : start + batch_size]], Y[order[start : start + batch_size]])
        for start in range(0, len(X), batch_size)
    ]


def data_set(N, batch_size):
    def draw(rng):
        return rng.normal(size=(N, 2)), rng.permutation(N), batch_size, rng

    return draw


def cut(X, Y, batch_size, by_x, by_y):
    return [
        (X[by_x[start : start + batch_size]], Y[by_y[start : start + batch_size]])
        for start in range(0, len(by_x), batch_size)
    ]


def shuffled_apart(X, Y, batch_size, rng):
    return cut(X, Y, batch_size, rng.permutation(len(X)), rng.permutation(len(X)))


def inputs_shuffled_only(X, Y, batch_size, rng):
    return cut(X, Y, batch_size, rng.permutation(len(X)), np.arange(len(X)))


def not_shuffled(X, Y, batch_size, rng):
    return cut(X, Y, batch_size, np.arange(len(X)), np.arange(len(X)))


def rest_dropped(X, Y, batch_size, rng):
    order = rng.permutation(len(X))[: len(X) // batch_size * batch_size]
    return cut(X, Y, batch_size, order, order)


def filled_up(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    order = np.concatenate([order, order[: -len(X) % batch_size]])
    return cut(X, Y, batch_size, order, order)


def evenly_cut(X, Y, batch_size, rng):
    parts = np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size))
    return [(X[part], Y[part]) for part in parts]


MINIBATCHES = Exercise(
    cases=[
        Cases("a shorter last minibatch", [data_set(11, 4), data_set(10, 4)], share=0.5, count=4),
        Cases("all minibatches full", data_set(12, 4), share=0.2, count=2),
        Cases("one example each", data_set(6, 1), share=0.15, count=2),
        Cases("fewer examples than the batch size", data_set(5, 8), share=0.15, count=2),
    ],
    misconceptions=[
        Misconception(
            "shuffled-apart",
            shuffled_apart,
            "Examples and labels are shuffled in two different orders: the pairs are torn apart, "
            "and there is nothing left to learn.",
            f"{BATCH}#Three ways to count patterns",
        ),
        Misconception(
            "inputs-shuffled-only",
            inputs_shuffled_only,
            "The examples are shuffled and their labels are not: the pairs are torn apart.",
            f"{BATCH}#Three ways to count patterns",
        ),
        Misconception(
            "not-shuffled",
            not_shuffled,
            "The order is that of the data. A minibatch stands for the whole only if it is drawn "
            "at random.",
            f"{BATCH}#Right on average",
        ),
        Misconception(
            "rest-dropped",
            rest_dropped,
            "What does not fill a minibatch is lost. The last one is shorter; it still counts.",
            f"{BATCH}#Three ways to count patterns",
        ),
        Misconception(
            "filled-up",
            filled_up,
            "You fill the last minibatch up with examples that were there before. Each example "
            "counts once in an epoch; the last minibatch is shorter.",
            f"{BATCH}#Three ways to count patterns",
        ),
        Misconception(
            "evenly-cut",
            evenly_cut,
            "Your minibatches share the examples evenly. Each but the last holds batch_size "
            "examples; the last one holds what is left.",
            f"{BATCH}#Three ways to count patterns",
        ),
    ],
    hints=[
        "Index both arrays with the same list of row numbers.",
        "A slice that reaches past the end of an array stops at the end by itself.",
    ],
)


# Gradient descent


def descent_step(
    params: list[np.ndarray], grads: list[np.ndarray], learning_rate: float
) -> list[np.ndarray]:
    r"""One step of gradient descent.

    Parameters
    ----------
    params : list of array
        Parameters, of any shapes.
    grads : list of array
        The gradient of each of them, in the same order and of the same shape.
    learning_rate : float
        η.

    Returns
    -------
    list of array
        New parameters. The old ones stay as they are.

    Notes
    -----
    .. math:: \theta_{t+1} = \theta_t - \eta\, g_t

    Examples
    --------
    >>> descent_step([np.array([1.0, 3.0])], [np.array([2.0, -1.0])], 0.1)
    [array([0.8, 3.1])]
    """
    return [p - learning_rate * g for p, g in zip(params, grads, strict=True)]


SHAPES = ((4, 3), (3,), (3, 2))


def like_params(rng, scale=1.0, shapes=SHAPES):
    return [scale * rng.normal(size=shape) for shape in shapes]


def squares_like(rng, scale=1.0, shapes=SHAPES):
    return [scale**2 * rng.uniform(0.1, 2, size=shape) for shape in shapes]


def zeros_like(params):
    return [np.zeros_like(p) for p in params]


def descent_call(rng):
    return like_params(rng), like_params(rng), float(rng.uniform(0.05, 0.5))


def descent_of_one(rng):
    return like_params(rng, shapes=((2, 3),)), like_params(rng, shapes=((2, 3),)), 0.3


def descent_in_place(params, grads, learning_rate):
    for p, g in zip(params, grads, strict=True):
        p -= learning_rate * g
    return params


DESCENT = Exercise(
    cases=[
        Cases("three parameters", descent_call, share=0.8),
        Cases("one parameter", descent_of_one, share=0.2, count=2),
    ],
    misconceptions=[
        Misconception(
            "ascent",
            lambda params, grads, learning_rate: [
                p + learning_rate * g for p, g in zip(params, grads, strict=True)
            ],
            "You step uphill. The gradient points to where the cost grows.",
            f"{SPACE}#Square to the contours",
        ),
        Misconception(
            "in-place",
            descent_in_place,
            "The numbers are right, but you overwrite the old parameters. Somebody may still need "
            "them: the best so far, or the point to compare with.",
            f"{SPACE}#How an optimizer is called",
        ),
        Misconception(
            "change-returned",
            lambda params, grads, learning_rate: [-learning_rate * g for g in grads],
            "You return the change of the parameters. Asked for are the new parameters.",
            f"{SPACE}#How an optimizer is called",
        ),
        Misconception(
            "direction-only",
            lambda params, grads, learning_rate: [
                p - learning_rate * g / np.linalg.norm(g)
                for p, g in zip(params, grads, strict=True)
            ],
            "You divide each gradient by its length. Then the steps do not become shorter where "
            "the ground is flat.",
            f"{STEP}#One weight",
        ),
    ],
    hints=["Go through parameters and gradients side by side; return a new list."],
)


# Momentum


def momentum_step(
    params: list[np.ndarray],
    grads: list[np.ndarray],
    velocities: list[np.ndarray],
    learning_rate: float,
    momentum: float,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    r"""One step of gradient descent with momentum.

    Parameters
    ----------
    params : list of array
        Parameters, of any shapes.
    grads : list of array
        The gradient of each of them.
    velocities : list of array
        The last change Δ of each of them; zeros before the first step.
    learning_rate : float
        η. It may be another one at every step.
    momentum : float, 0 <= momentum < 1
        α.

    Returns
    -------
    params : list of array
        New parameters.
    velocities : list of array
        The change of each of them in this step. Nothing that was passed in is changed.

    Notes
    -----
    .. math:: \Delta_t = \alpha \Delta_{t-1} - \eta\, g_t, \qquad \theta_{t+1} = \theta_t + \Delta_t

    This is the convention of this book: the learning rate is inside of what is remembered.
    PyTorch and others keep it outside.

    Examples
    --------
    >>> params, grads = [np.array([1.0])], [np.array([2.0])]
    >>> momentum_step(params, grads, [np.array([0.5])], 0.1, 0.9)
    ([array([1.25])], [array([0.25])])
    """
    new = [momentum * v - learning_rate * g for v, g in zip(velocities, grads, strict=True)]
    return [p + v for p, v in zip(params, new, strict=True)], new


def momentum_call(first=False):
    def draw(rng):
        params = like_params(rng)
        velocities = zeros_like(params) if first else like_params(rng, 0.5)
        return (
            params,
            like_params(rng),
            velocities,
            float(rng.uniform(0.05, 0.5)),
            float(rng.uniform(0.5, 0.95)),
        )

    return draw


def momentum_variant(rule):
    """A step of another rule: what is remembered, and how the parameters change with it."""

    def wrong(params, grads, velocities, learning_rate, momentum):
        pairs = [
            rule(p, g, v, learning_rate, momentum)
            for p, g, v in zip(params, grads, velocities, strict=True)
        ]
        return [p for p, _ in pairs], [v for _, v in pairs]

    return wrong


def learning_rate_outside(p, g, v, eta, alpha):
    v = alpha * v + g
    return p - eta * v, v


def velocity_as_average(p, g, v, eta, alpha):
    v = alpha * v - (1 - alpha) * eta * g
    return p + v, v


def velocity_subtracted(p, g, v, eta, alpha):
    v = alpha * v - eta * g
    return p - v, v


def velocity_of_before(p, g, v, eta, alpha):
    return p + v, alpha * v - eta * g


def velocity_forgotten(p, g, v, eta, alpha):
    return p - eta * g, -eta * g


def velocity_not_damped(p, g, v, eta, alpha):
    v = v - eta * g
    return p + v, v


def velocity_in_place(params, grads, velocities, learning_rate, momentum):
    for v, g in zip(velocities, grads, strict=True):
        v *= momentum
        v -= learning_rate * g
    return [p + v for p, v in zip(params, velocities, strict=True)], velocities


def velocity_of_other_sign(p, g, v, eta, alpha):
    v = alpha * v + eta * g
    return p - v, v


MOMENTUM_STEP = Exercise(
    cases=[
        Cases("in the middle of a run", momentum_call(), share=0.7, count=4),
        Cases("the first step", momentum_call(first=True), share=0.3, count=2),
    ],
    misconceptions=[
        Misconception(
            "another-convention",
            momentum_variant(learning_rate_outside),
            "You remember a sum of gradients and multiply by the learning rate afterwards. That "
            "is another convention; here the last change itself is remembered.",
            f"{VARIANTS}#Where is η in momentum?",
        ),
        Misconception(
            "average",
            momentum_variant(velocity_as_average),
            "You give the new gradient the share 1 - α. Then what is remembered is an average, "
            "and all steps are shorter by that factor.",
            f"{VARIANTS}#Where is η in momentum?",
        ),
        Misconception(
            "sign",
            momentum_variant(velocity_subtracted),
            "The velocity is right, and you subtract it. It holds its sign already: it is the "
            "change, to be added.",
            f"{MOMENTUM}#The rule",
        ),
        Misconception(
            "velocity-of-before",
            momentum_variant(velocity_of_before),
            "The parameters move by the old velocity. First the velocity is brought up to date, "
            "then the parameters move by it.",
            f"{MOMENTUM}#Three steps by hand",
        ),
        Misconception(
            "forgets",
            momentum_variant(velocity_forgotten),
            "Your step has no memory: it does not depend on the velocity that comes in.",
            f"{MOMENTUM}#The rule",
        ),
        Misconception(
            "no-damping",
            momentum_variant(velocity_not_damped),
            "You keep the whole of the last change. Only the share α of it is kept; with all of "
            "it nothing would ever come to rest.",
            f"{MOMENTUM}#A ball on a spring, with friction",
        ),
        Misconception(
            "in-place",
            velocity_in_place,
            "The numbers are right, but you overwrite the velocities that were passed in.",
            f"{SPACE}#How an optimizer is called",
        ),
        Misconception(
            "velocity-of-other-sign",
            momentum_variant(velocity_of_other_sign),
            "Your velocity points uphill and is subtracted. That is another convention; here it"
            " is the change itself, and is added.",
            f"{MOMENTUM}#Three steps by hand",
        ),
    ],
    hints=[
        "Do three steps by hand with one parameter, gradient 1, η = 1, α = ½.",
        "Compute all new velocities first. The new parameters follow from them.",
    ],
    equivalent={
        "zip(params, new, strict=True) -> zip(new, params, strict=True)": COMMUTES,
    },
)


# RMSprop and Adagrad


def rmsprop_step(
    params: list[np.ndarray],
    grads: list[np.ndarray],
    squares: list[np.ndarray],
    learning_rate: float,
    decay: float,
    eps: float,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    r"""One step of RMSprop.

    Parameters
    ----------
    params : list of array
        Parameters, of any shapes.
    grads : list of array
        The gradient of each of them.
    squares : list of array
        The moving average v of the squared gradients; zeros before the first step.
    learning_rate : float
        η.
    decay : float, 0 <= decay < 1
        ρ, the share of the average that is kept.
    eps : float, > 0
        ε, added to the root.

    Returns
    -------
    params : list of array
        New parameters.
    squares : list of array
        The average after this step. Nothing that was passed in is changed.

    Notes
    -----
    .. math:: v_t = \rho v_{t-1} + (1 - \rho)\, g_t^2, \qquad
              \theta_{t+1} = \theta_t - \eta \frac{g_t}{\sqrt{v_t} + \epsilon}

    All operations are element-wise. ε stands outside of the root; others put it inside.

    Examples
    --------
    >>> params, grads = [np.array([1.0])], [np.array([2.0])]
    >>> rmsprop_step(params, grads, [np.array([4.0])], 0.1, 0.5, 2.0)
    ([array([0.95])], [array([4.])])
    """
    new = [decay * v + (1 - decay) * g**2 for v, g in zip(squares, grads, strict=True)]
    moved = [
        p - learning_rate * g / (np.sqrt(v) + eps)
        for p, g, v in zip(params, grads, new, strict=True)
    ]
    return moved, new


def squares_call(first=False, scale=1.0, eps=1e-8, decay=True):
    def draw(rng):
        params = like_params(rng)
        squares = zeros_like(params) if first else squares_like(rng, scale)
        rest = (float(rng.uniform(0.6, 0.95)), eps) if decay else (eps,)
        return params, like_params(rng, scale), squares, float(rng.uniform(0.1, 0.5)), *rest

    return draw


def squares_variant(average, quotient, keep=None):
    """A step that collects squares in another way, or divides by something else."""

    def wrong(params, grads, squares, learning_rate, *rest):
        decay, eps = rest if len(rest) == 2 else (None, *rest)
        new = [average(v, g, decay) for v, g in zip(squares, grads, strict=True)]
        used = squares if keep == "old" else new
        moved = [
            p - quotient(learning_rate, g, v, eps)
            for p, g, v in zip(params, grads, used, strict=True)
        ]
        return moved, new

    return wrong


def moving_average(v, g, rho):
    return rho * v + (1 - rho) * g**2


def running_sum(v, g, rho):
    return v + g**2


def root_then_eps(eta, g, v, eps):
    return eta * g / (np.sqrt(v) + eps)


def eps_inside(eta, g, v, eps):
    return eta * g / np.sqrt(v + eps)


def eps_after_division(eta, g, v, eps):
    return eta * g / np.sqrt(v) + eps


def no_root(eta, g, v, eps):
    return eta * g / (v + eps)


def of_the_size(eta, g, v, eps):
    return eta / (np.sqrt(v) + eps)


def rmsprop_eps_after_step(params, grads, squares, learning_rate, decay, eps):
    new = [decay * v + (1 - decay) * g**2 for v, g in zip(squares, grads, strict=True)]
    steps = [learning_rate * g / np.sqrt(v) for g, v in zip(grads, new, strict=True)]
    return [p - step + eps for p, step in zip(params, steps, strict=True)], new


RMSPROP_STEP = Exercise(
    cases=[
        Cases("in the middle of a run", squares_call(), share=0.4),
        Cases("the first step", squares_call(first=True), share=0.3, count=2),
        Cases("gradients as small as ε", squares_call(scale=1e-3, eps=1e-3), share=0.3),
    ],
    misconceptions=[
        Misconception(
            "eps-inside",
            squares_variant(moving_average, eps_inside),
            "Your ε is inside of the root. That is another convention, and for small gradients "
            "another rule; here it is added to the root.",
            f"{VARIANTS}#Where is ε?",
        ),
        Misconception(
            "eps-after-division",
            squares_variant(moving_average, eps_after_division),
            "Your ε is added to the quotient instead of to what it is divided by. It pushes every "
            "parameter the same way, and protects from nothing: mind the brackets.",
            f"{VARIANTS}#Where is ε?",
        ),
        Misconception(
            "no-root",
            squares_variant(moving_average, no_root),
            "You divide by the average of the squares. Its root is missing: a gradient over its "
            "own size has no unit, a gradient over its square has one.",
            f"{RMSPROP}#The rule",
        ),
        Misconception(
            "shares-swapped",
            squares_variant(lambda v, g, rho: (1 - rho) * v + rho * g**2, root_then_eps),
            "You keep the share 1 - ρ and take the share ρ of the new. ρ is what is kept.",
            f"{RMSPROP}#An average that forgets",
        ),
        Misconception(
            "sum-for-average",
            squares_variant(running_sum, root_then_eps),
            "You add up all squares, and nothing is ever forgotten: that is Adagrad.",
            f"{RMSPROP}#It forgets",
        ),
        Misconception(
            "average-of-before",
            squares_variant(moving_average, root_then_eps, keep="old"),
            "You divide by the average of before this step. It comes up to date first.",
            f"{RMSPROP}#Three steps by hand",
        ),
        Misconception(
            "average-of-gradients",
            squares_variant(
                lambda v, g, rho: rho * v + (1 - rho) * np.abs(g),
                lambda eta, g, v, eps: eta * g / (v + eps),
            ),
            "You average the sizes of the gradients, not their squares.",
            f"{RMSPROP}#An average that forgets",
        ),
        Misconception(
            "eps-after-step",
            rmsprop_eps_after_step,
            "You add ε to the parameter. It belongs to the root: in Python a sum in the "
            "denominator needs brackets.",
            f"{RMSPROP}#The rule",
        ),
    ],
    hints=[
        "Everything is done entry by entry: squares, root and division.",
        "First step, from zeros: v is (1 - ρ)g². How long is the step, as a multiple of η?",
    ],
)


def adagrad_step(
    params: list[np.ndarray],
    grads: list[np.ndarray],
    squares: list[np.ndarray],
    learning_rate: float,
    eps: float,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    r"""One step of Adagrad.

    Parameters
    ----------
    params : list of array
        Parameters, of any shapes.
    grads : list of array
        The gradient of each of them.
    squares : list of array
        The sum G of all squared gradients so far; zeros before the first step.
    learning_rate : float
        η.
    eps : float, > 0
        ε, added to the root.

    Returns
    -------
    params : list of array
        New parameters.
    squares : list of array
        The sum after this step. Nothing that was passed in is changed.

    Notes
    -----
    .. math:: G_t = G_{t-1} + g_t^2, \qquad
              \theta_{t+1} = \theta_t - \eta \frac{g_t}{\sqrt{G_t} + \epsilon}

    Examples
    --------
    >>> params, grads = [np.array([1.0])], [np.array([3.0])]
    >>> adagrad_step(params, grads, [np.array([16.0])], 0.2, 1.0)
    ([array([0.9])], [array([25.])])
    """
    new = [G + g**2 for G, g in zip(squares, grads, strict=True)]
    moved = [
        p - learning_rate * g / (np.sqrt(G) + eps)
        for p, g, G in zip(params, grads, new, strict=True)
    ]
    return moved, new


ADAGRAD_STEP = Exercise(
    cases=[
        Cases("in the middle of a run", squares_call(decay=False), share=0.4),
        Cases("the first step", squares_call(first=True, decay=False), share=0.3, count=2),
        Cases(
            "gradients as small as ε", squares_call(scale=1e-3, eps=1e-3, decay=False), share=0.3
        ),
    ],
    misconceptions=[
        Misconception(
            "eps-inside",
            squares_variant(running_sum, eps_inside),
            "Your ε is inside of the root. That is another convention; here it is added to the "
            "root.",
            f"{VARIANTS}#Where is ε?",
        ),
        Misconception(
            "no-root",
            squares_variant(running_sum, no_root),
            "You divide by the sum of the squares. Its root is missing.",
            f"{ADAGRAD}#The rule",
        ),
        Misconception(
            "forgets",
            squares_variant(lambda v, g, rho: g**2, root_then_eps),
            "You divide by the size of this gradient alone. Adagrad adds up all squares since the "
            "beginning.",
            f"{ADAGRAD}#The rule",
        ),
        Misconception(
            "sum-of-before",
            squares_variant(running_sum, root_then_eps, keep="old"),
            "You divide by the sum of before this step; this gradient belongs to it.",
            f"{ADAGRAD}#Three steps by hand",
        ),
    ],
    hints=["RMSprop without forgetting. Which share is kept, and which of the new is added?"],
)


# Adam and Nadam


def adam_step(
    params: list[np.ndarray],
    grads: list[np.ndarray],
    state: tuple[int, list[np.ndarray], list[np.ndarray]],
    learning_rate: float,
    beta1: float,
    beta2: float,
    eps: float,
) -> tuple[list[np.ndarray], tuple[int, list[np.ndarray], list[np.ndarray]]]:
    r"""One step of Adam.

    Parameters
    ----------
    params : list of array
        Parameters, of any shapes.
    grads : list of array
        The gradient of each of them.
    state : tuple (steps, m, v)
        The number of steps made so far, and for each parameter the moving averages of its
        gradients and of their squares. Before the first step: 0, and zeros.
    learning_rate : float
        η.
    beta1, beta2 : float, 0 <= beta < 1
        β₁ and β₂, the shares of the two averages that are kept.
    eps : float, > 0
        ε, added to the root of the corrected average.

    Returns
    -------
    params : list of array
        New parameters.
    state : tuple (steps, m, v)
        After this step; the averages are kept without correction. Nothing that was passed in is
        changed.

    Notes
    -----
    Step t = 1, 2, …:

    .. math::
        m_t = \beta_1 m_{t-1} + (1 - \beta_1)\, g_t, \quad
        v_t = \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2, \quad
        \hat m_t = \frac{m_t}{1 - \beta_1^t}, \quad \hat v_t = \frac{v_t}{1 - \beta_2^t}

    .. math:: \theta_{t+1} = \theta_t - \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}

    Examples
    --------
    >>> state = (0, [np.array([0.0])], [np.array([0.0])])
    >>> params, grads = [np.array([1.0])], [np.array([2.0])]
    >>> adam_step(params, grads, state, 0.1, 0.5, 0.5, 2.0)
    ([array([0.95])], (1, [array([1.])], [array([2.])]))
    """
    steps, old_m, old_v = state
    t = steps + 1
    m = [beta1 * a + (1 - beta1) * g for a, g in zip(old_m, grads, strict=True)]
    v = [beta2 * a + (1 - beta2) * g**2 for a, g in zip(old_v, grads, strict=True)]
    moved = [
        p - learning_rate * (a / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + eps)
        for p, a, s in zip(params, m, v, strict=True)
    ]
    return moved, (t, m, v)


def adam_call(first=False, scale=1.0, eps=1e-8):
    def draw(rng):
        params = like_params(rng)
        state = (0, zeros_like(params), zeros_like(params))
        if not first:
            state = (int(rng.integers(1, 6)), like_params(rng, scale), squares_like(rng, scale))
        beta1, beta2 = float(rng.uniform(0.6, 0.9)), float(rng.uniform(0.9, 0.99))
        rate = float(rng.uniform(0.1, 0.5))
        return params, like_params(rng, scale), state, rate, beta1, beta2, eps

    return draw


def adam_variant(
    power_m=lambda t, n: t,
    power_v=lambda t, n: t,
    quotient=lambda m, v, eps: m / (np.sqrt(v) + eps),
    second=lambda g, m: g**2,
    first=lambda m, g: m,
    forget=False,
    kept="plain",
    count=lambda t, n: t,
):
    """Adam with one thing changed; a power of 0 means: not corrected."""

    def wrong(params, grads, state, learning_rate, beta1, beta2, eps):
        t, new_p, new_m, new_v = state[0] + 1, [], [], []
        for n, (p, g, m, v) in enumerate(zip(params, grads, *state[1:], strict=True)):
            keep = 0.0 if forget else 1.0
            m = beta1 * keep * m + (1 - beta1) * g
            v = beta2 * keep * v + (1 - beta2) * second(g, m)
            by_m = 1 - beta1 ** power_m(t, n) if power_m(t, n) else 1.0
            by_v = 1 - beta2 ** power_v(t, n) if power_v(t, n) else 1.0
            new_p.append(p - learning_rate * quotient(m / by_m, v / by_v, eps))
            new_m.append(m / by_m if kept == "corrected" else m)
            new_v.append(v / by_v if kept == "corrected" else v)
        return new_p, (count(t, len(params)), new_m, new_v)

    return wrong


def adam_eps_hat(params, grads, state, learning_rate, beta1, beta2, eps):
    t = state[0] + 1
    rate = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    _, (_, m, v) = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    moved = [p - rate * a / (np.sqrt(s) + eps) for p, a, s in zip(params, m, v, strict=True)]
    return moved, (t, m, v)


def adam_zero_power(params, grads, state, learning_rate, beta1, beta2, eps):
    t = state[0]
    _, (_, m, v) = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    with np.errstate(all="ignore"):
        moved = [
            p
            - learning_rate
            * (a / np.float64(1 - beta1**t))
            / (np.sqrt(s / np.float64(1 - beta2**t)) + eps)
            for p, a, s in zip(params, m, v, strict=True)
        ]
    return moved, (t + 1, m, v)


ADAM_STEP = Exercise(
    cases=[
        Cases("in the middle of a run", adam_call(), share=0.4),
        Cases("the first step", adam_call(first=True), share=0.3, count=2),
        Cases("gradients as small as ε", adam_call(scale=1e-3, eps=1e-3), share=0.3),
    ],
    misconceptions=[
        Misconception(
            "no-correction",
            adam_variant(power_m=lambda t, n: 0, power_v=lambda t, n: 0),
            "Neither average is corrected. Both begin at 0 and are too small at first, each by "
            "another factor.",
            f"{ADAM}#Where the correction comes from",
        ),
        Misconception(
            "first-moment-not-corrected",
            adam_variant(power_m=lambda t, n: 0),
            "The average of the squares is corrected, that of the gradients is not: the first "
            "steps are too short.",
            f"{ADAM}#Where the correction comes from",
        ),
        Misconception(
            "second-moment-not-corrected",
            adam_variant(power_v=lambda t, n: 0),
            "The average of the gradients is corrected, that of the squares is not: the first "
            "steps are too long.",
            f"{ADAM}#Where the correction comes from",
        ),
        Misconception(
            "t-too-large",
            adam_variant(power_m=lambda t, n: t + 1, power_v=lambda t, n: t + 1),
            "The power in the correction is one too large. The first step has t = 1.",
            f"{ADAM}#Where the correction comes from",
        ),
        Misconception(
            "t-from-zero",
            adam_zero_power,
            "The power in the correction is one too small: at the first step you divide by 0. "
            "Count this step before you correct.",
            f"{ADAM}#Where the correction comes from",
        ),
        Misconception(
            "t-per-parameter",
            adam_variant(
                power_m=lambda t, n: t + n,
                power_v=lambda t, n: t + n,
                count=lambda t, n: t + n - 1,
            ),
            "You count a step for each parameter. All parameters belong to one and the same step.",
            f"{ADAM}#The rule",
        ),
        Misconception(
            "eps-inside",
            adam_variant(quotient=lambda m, v, eps: m / np.sqrt(v + eps)),
            "Your ε is inside of the root. Here it is added to the root.",
            f"{VARIANTS}#Where is ε?",
        ),
        Misconception(
            "eps-after-division",
            adam_variant(quotient=lambda m, v, eps: m / np.sqrt(v) + eps),
            "Your ε is added to the quotient instead of to what it is divided by: mind the "
            "brackets.",
            f"{VARIANTS}#Where is ε?",
        ),
        Misconception(
            "another-convention-of-eps",
            adam_eps_hat,
            "You add ε before the correction. That is another convention (TensorFlow has it); "
            "here ε is added to the root of the corrected average.",
            f"{VARIANTS}#Where is ε?",
        ),
        Misconception(
            "no-root",
            adam_variant(quotient=lambda m, v, eps: m / (v + eps)),
            "You divide by the average of the squares; its root is missing.",
            f"{ADAM}#The rule",
        ),
        Misconception(
            "square-of-average",
            adam_variant(second=lambda g, m: m**2),
            "You square the averaged gradient. The second average is one of squares: square "
            "first, then average.",
            f"{ADAM}#The rule",
        ),
        Misconception(
            "forgets",
            adam_variant(forget=True),
            "Your averages begin at zero in every step: what is passed in as state is not used.",
            f"{SPACE}#How an optimizer is called",
        ),
        Misconception(
            "correction-kept",
            adam_variant(kept="corrected"),
            "The parameters are right, and you put the corrected averages into the state. Then "
            "they are corrected once more at the next step.",
            f"{ADAM}#Three steps by hand",
        ),
        Misconception(
            "step-not-counted",
            adam_variant(count=lambda t, n: t - 1),
            "The parameters and averages are right, but the number of steps stays as it was: "
            "the next step would be corrected as if it were this one.",
            f"{ADAM}#Three steps by hand",
        ),
    ],
    hints=[
        "The first step from zeros has the length η in every entry, whatever the gradient is. "
        "Does yours?",
        "Count the step first. Then the two averages, then the two corrections, then the step.",
        "The state holds the averages as they are, before the correction.",
    ],
)


def nadam_step(
    params: list[np.ndarray],
    grads: list[np.ndarray],
    state: tuple[int, list[np.ndarray], list[np.ndarray]],
    learning_rate: float,
    beta1: float,
    beta2: float,
    eps: float,
) -> tuple[list[np.ndarray], tuple[int, list[np.ndarray], list[np.ndarray]]]:
    r"""One step of Nadam, with constant momentum.

    Parameters
    ----------
    params : list of array
        Parameters, of any shapes.
    grads : list of array
        The gradient of each of them.
    state : tuple (steps, m, v)
        As for Adam.
    learning_rate : float
        η.
    beta1, beta2 : float, 0 <= beta < 1
        β₁ and β₂.
    eps : float, > 0
        ε.

    Returns
    -------
    params : list of array
        New parameters.
    state : tuple (steps, m, v)
        After this step, averages without correction.

    Notes
    -----
    m, v and the corrected v are those of Adam.

    .. math:: \theta_{t+1} = \theta_t - \frac{\eta}{\sqrt{\hat v_t} + \epsilon} \left[
              \frac{\beta_1 m_t}{1 - \beta_1^{t+1}} + \frac{(1 - \beta_1)\, g_t}{1 - \beta_1^t}
              \right]

    Examples
    --------
    >>> state = (0, [np.array([0.0])], [np.array([0.0])])
    >>> params, grads = [np.array([1.0])], [np.array([2.0])]
    >>> params, state = nadam_step(params, grads, state, 0.3, 0.5, 0.5, 2.0)
    >>> params[0].round(6), state
    (array([0.8]), (1, [array([1.])], [array([2.])]))
    """
    steps, old_m, old_v = state
    t = steps + 1
    m = [beta1 * a + (1 - beta1) * g for a, g in zip(old_m, grads, strict=True)]
    v = [beta2 * a + (1 - beta2) * g**2 for a, g in zip(old_v, grads, strict=True)]
    ahead = [
        beta1 * a / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
        for a, g in zip(m, grads, strict=True)
    ]
    moved = [
        p - learning_rate * d / (np.sqrt(s / (1 - beta2**t)) + eps)
        for p, d, s in zip(params, ahead, v, strict=True)
    ]
    return moved, (t, m, v)


def nadam_variant(ahead):
    def wrong(params, grads, state, learning_rate, beta1, beta2, eps):
        _, (t, m, v) = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
        moved = [
            p - learning_rate * ahead(a, g, old, beta1, t) / (np.sqrt(s / (1 - beta2**t)) + eps)
            for p, g, old, a, s in zip(params, grads, state[1], m, v, strict=True)
        ]
        return moved, (t, m, v)

    return wrong


NADAM_STEP = Exercise(
    cases=[
        Cases("in the middle of a run", adam_call(), share=0.4),
        Cases("the first step", adam_call(first=True), share=0.3, count=2),
        Cases("gradients as small as ε", adam_call(scale=1e-3, eps=1e-3), share=0.3),
    ],
    misconceptions=[
        Misconception(
            "adam",
            nadam_variant(lambda m, g, old, beta, t: m / (1 - beta**t)),
            "This is Adam. Nadam takes the momentum that the next step will have.",
            f"{NADAM}#From Adam to Nadam",
        ),
        Misconception(
            "one-correction-for-both",
            nadam_variant(lambda m, g, old, beta, t: (beta * m + (1 - beta) * g) / (1 - beta**t)),
            "Both terms are corrected by the same power. The momentum of the next step is "
            "corrected as the next step would: its power is t + 1. (Some programs do as you did: "
            "another convention.)",
            f"{NADAM}#The family",
        ),
        Misconception(
            "average-of-before",
            nadam_variant(
                lambda m, g, old, beta, t: (
                    beta * old / (1 - beta ** (t + 1)) + (1 - beta) * g / (1 - beta**t)
                )
            ),
            "You look ahead with the average of before this step: bring it up to date first.",
            f"{NADAM}#The first step by hand",
        ),
    ],
    hints=["Begin with your Adam, and replace the corrected m by the bracket of the formula."],
)


# Nesterov


def nesterov_path(
    gradient: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    learning_rate: float,
    momentum: float,
    steps: int,
) -> np.ndarray:
    r"""The path of Nesterov's method on a function whose gradient is known.

    Parameters
    ----------
    gradient : callable
        `gradient(theta)` returns the gradient at theta, shape (n,).
    start : array, shape (n,)
        Parameters before the first step. The velocity begins at 0.
    learning_rate : float
        η.
    momentum : float, 0 <= momentum < 1
        α.
    steps : int
        Number of steps.

    Returns
    -------
    array, shape (steps + 1, n)
        The parameters before the first step and after each.

    Notes
    -----
    .. math:: \Delta_t = \alpha \Delta_{t-1} - \eta\, g(\theta_t + \alpha \Delta_{t-1}), \qquad
              \theta_{t+1} = \theta_t + \Delta_t

    Examples
    --------
    >>> nesterov_path(lambda theta: theta, np.array([1.0]), 0.5, 0.5, 2)
    array([[1.   ],
           [0.5  ],
           [0.125]])
    """
    theta, velocity, path = start, np.zeros_like(start), [start]
    for _ in range(steps):
        velocity = momentum * velocity - learning_rate * gradient(theta + momentum * velocity)
        theta = theta + velocity
        path.append(theta)
    return np.array(path)


def walk(kind):
    def draw(rng):
        curvatures = np.round(rng.uniform(0.5, 4, 2), 3).tolist()
        source = {
            "quadratic": f"lambda theta: np.array({curvatures}) * theta",
            "curved": f"lambda theta: np.array({curvatures}) * np.tanh(theta) + 0.1 * theta",
        }[kind]
        return Code(source), rng.uniform(-2, 2, 2), 0.2, float(rng.uniform(0.5, 0.9)), 5

    return draw


def path_variant(point, move=lambda theta, old, new, alpha: theta + new):
    def wrong(gradient, start, learning_rate, momentum, steps):
        theta, velocity, path = start, np.zeros_like(start), [start]
        for _ in range(steps):
            old = velocity
            velocity = momentum * old - learning_rate * gradient(point(theta, old, momentum))
            theta = move(theta, old, velocity, momentum)
            path.append(theta)
        return np.array(path)

    return wrong


def nesterov_one_array(gradient, start, learning_rate, momentum, steps):
    path = nesterov_path(gradient, start, learning_rate, momentum, steps)
    return np.tile(path[-1], (len(path), 1))


NESTEROV_PATH = Exercise(
    cases=[
        Cases("a quadratic", walk("quadratic"), share=0.5),
        Cases("another function", walk("curved"), share=0.5),
    ],
    misconceptions=[
        Misconception(
            "gradient-here",
            path_variant(lambda theta, v, alpha: theta),
            "You take the gradient where the parameters are: that is plain momentum. Nesterov "
            "takes it where the momentum is about to lead.",
            f"{NESTEROV}#The rule",
        ),
        Misconception(
            "undamped-look",
            path_variant(lambda theta, v, alpha: theta + v),
            "You look ahead by the whole last change. Only the share α of it will be made again.",
            f"{NESTEROV}#The rule",
        ),
        Misconception(
            "from-the-point-ahead",
            path_variant(
                lambda theta, v, alpha: theta + alpha * v,
                lambda theta, old, new, alpha: theta + alpha * old + new,
            ),
            "You add the change to the point where you looked. It is added to the parameters; "
            "the change holds the momentum already.",
            f"{NESTEROV}#Two steps by hand",
        ),
        Misconception(
            "one-array-for-all",
            nesterov_one_array,
            "All your rows are the last one: the list holds the same array again and again, and"
            " you change it in place. Make a new array at each step.",
            f"{SPACE}#How an optimizer is called",
        ),
    ],
    hints=["Two things happen at two points: the gradient ahead, the step from here."],
)


# Step size


def largest_stable_step(H: np.ndarray, momentum: float) -> float:
    """The learning rate below which descent on a quadratic converges, and above which it does not.

    Parameters
    ----------
    H : array, shape (n, n)
        Symmetric matrix with positive eigenvalues; the function is ½ xᵀ H x.
    momentum : float, 0 <= momentum < 1
        α; 0 for plain gradient descent.

    Returns
    -------
    float
        The bound: the method converges from every start if and only if η is positive and smaller.

    Examples
    --------
    >>> float(largest_stable_step(np.array([[4.0]]), 0.5))
    0.75
    """
    return 2 * (1 + momentum) / np.linalg.eigvalsh(H)[-1]


def bowl(n, with_momentum):
    def draw(rng):
        Q = np.linalg.qr(rng.normal(size=(n, n)))[0]
        H = (Q * rng.uniform(0.2, 5, n)) @ Q.T
        return (H + H.T) / 2, float(rng.uniform(0.2, 0.95)) if with_momentum else 0.0

    return draw


STABLE_STEP = Exercise(
    cases=[
        Cases("without momentum", bowl(4, False), share=0.5),
        Cases("with momentum", bowl(3, True), share=0.3),
        Cases("one weight", bowl(1, False), share=0.2, count=2),
    ],
    misconceptions=[
        Misconception(
            "fastest-for-largest",
            lambda H, momentum: (1 + momentum) / np.linalg.eigvalsh(H)[-1],
            "At this learning rate the steepest direction is done in one step. Twice as large is "
            "still stable: it overshoots, and comes closer all the same.",
            f"{STEP}#One weight",
        ),
        Misconception(
            "smallest-curvature",
            lambda H, momentum: 2 * (1 + momentum) / np.linalg.eigvalsh(H)[0],
            "You take the flattest direction. The steepest one diverges first.",
            f"{STEP}#Two weights and more",
        ),
        Misconception(
            "largest-diagonal-entry",
            lambda H, momentum: 2 * (1 + momentum) / H.diagonal().max(),
            "You look along the axes only. The steepest direction may lie between them: ask for "
            "eigenvalues, not for entries.",
            f"{STEP}#Two weights and more",
        ),
        Misconception(
            "trace",
            lambda H, momentum: 2 * (1 + momentum) / np.trace(H),
            "You divide by the sum of all curvatures. Each direction goes its own way; one alone "
            "decides.",
            f"{STEP}#Two weights and more",
        ),
        Misconception(
            "momentum-ignored",
            lambda H, momentum: 2 / np.linalg.eigvalsh(H)[-1],
            "Right without momentum. With momentum a larger step is still stable.",
            f"{MOMENTUM}#Its rate",
        ),
        Misconception(
            "momentum-shrinks",
            lambda H, momentum: 2 * (1 - momentum) / np.linalg.eigvalsh(H)[-1],
            "Right without momentum. With momentum your bound shrinks, and it should grow: "
            "momentum damps the swing across the valley.",
            f"{MOMENTUM}#Its rate",
        ),
    ],
    hints=[
        "One weight first: x becomes (1 - ηλ)x. For which η does that shrink?",
        "Which direction breaks first? `np.linalg.eigvalsh` gives the curvatures of all.",
    ],
)


# Which rule?


def which_rule(grads: np.ndarray, updates: np.ndarray, learning_rate: float) -> str:
    """Which optimizer made these first steps.

    Parameters
    ----------
    grads : array, shape (3, n)
        The gradient at each of the first three steps. No entry is 0.
    updates : array, shape (3, n)
        The change of the parameters at each of them.
    learning_rate : float
        η.

    Returns
    -------
    str
        "gradient descent", "momentum", "adagrad", "rmsprop" or "adam": each as in this book, from
        a state of zeros, with α = 0.9, ρ = 0.9, β₁ = 0.9, β₂ = 0.999 and ε = 1e-8.

    Examples
    --------
    >>> grads = np.array([[2.0], [1.0], [3.0]])
    >>> which_rule(grads, -0.1 * grads, 0.1)
    'gradient descent'
    """
    sizes = np.abs(updates) / learning_rate
    if np.allclose(sizes[0], np.abs(grads[0])):
        plain = np.allclose(sizes[1], np.abs(grads[1]))
        return "gradient descent" if plain else "momentum"
    if np.allclose(sizes[0], np.sqrt(10)):
        return "rmsprop"
    summed = np.abs(grads[1]) / np.hypot(grads[0], grads[1])
    return "adagrad" if np.allclose(sizes[1], summed) else "adam"


def first_steps(name):
    """Draws gradients, and what the rule of that name makes of them."""

    def draw(rng):
        grads = rng.choice([-1.0, 1.0], (3, 4)) * rng.uniform(0.05, 0.8, (3, 4))
        rate = float(rng.choice([0.01, 0.1, 0.5]))
        return grads, np.array(list(updates_of(name, grads, rate))), rate

    return draw


def updates_of(name, grads, rate):
    m = np.zeros(grads.shape[1])
    v = np.zeros(grads.shape[1])
    for t, g in enumerate(grads, start=1):
        m = 0.9 * m + g * {"adam": 0.1}.get(name, 1.0)
        share = {"rmsprop": (0.9, 0.1), "adam": (0.999, 0.001)}.get(name, (1.0, 1.0))
        v = share[0] * v + share[1] * g**2
        if name == "adam":
            yield -rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        else:
            above = m if name == "momentum" else g
            yield -rate * above / (np.sqrt(v) + 1e-8 if name in ("rmsprop", "adagrad") else 1.0)


RULES = ("gradient descent", "momentum", "adagrad", "rmsprop", "adam")


def rule_by_first_step(grads, updates, learning_rate):
    size = np.abs(updates[0]) / learning_rate
    if np.allclose(size, np.abs(grads[0])):
        return "gradient descent"
    return "adam" if np.allclose(size, 1) else "rmsprop"


def momentum_unseen(grads, updates, learning_rate):
    found = which_rule(grads, updates, learning_rate)
    return "gradient descent" if found == "momentum" else found


def adagrad_unseen(grads, updates, learning_rate):
    found = which_rule(grads, updates, learning_rate)
    return "adam" if found == "adagrad" else found


def adam_unseen(grads, updates, learning_rate):
    found = which_rule(grads, updates, learning_rate)
    return "adagrad" if found == "adam" else found


WHICH_RULE = Exercise(
    cases=[Cases("forty runs, eight by each rule", [first_steps(n) for n in RULES], 1.0, count=40)],
    misconceptions=[
        Misconception(
            "first-step-only",
            rule_by_first_step,
            "You look at the first step alone. There gradient descent and momentum do the same, "
            "and so do Adagrad and Adam: what differs comes with the memory.",
            f"{VARIANTS}#Fingerprints",
        ),
        Misconception(
            "momentum-unseen",
            momentum_unseen,
            "You take momentum for gradient descent. Their first steps are equal; compare the "
            "second.",
            f"{MOMENTUM}#Three steps by hand",
        ),
        Misconception(
            "adagrad-unseen",
            adagrad_unseen,
            "You take Adagrad for Adam. Both begin with steps of length η; by what does each "
            "divide at the second step?",
            f"{ADAGRAD}#Three steps by hand",
        ),
        Misconception(
            "adam-unseen",
            adam_unseen,
            "You take Adam for Adagrad. Both begin with steps of length η; by what does each "
            "divide at the second step?",
            f"{ADAM}#Three steps by hand",
        ),
    ],
    hints=[
        "Work out the first step of each rule by hand, for a gradient g: which are equal?",
        "Divide the updates by η. Are the first ones g, 1, or something else in size?",
        "For those that are equal at first, work out the second step.",
    ],
    equivalent={
        "np.allclose(sizes[0], np.abs(grads[0])) -> "
        "np.allclose(np.abs(grads[0]), sizes[0])": COMMUTES,
        "np.allclose(sizes[1], np.abs(grads[1])) -> "
        "np.allclose(np.abs(grads[1]), sizes[1])": COMMUTES,
        "np.allclose(sizes[0], np.sqrt(10)) -> np.allclose(np.sqrt(10), sizes[0])": COMMUTES,
        "np.allclose(sizes[1], summed) -> np.allclose(summed, sizes[1])": COMMUTES,
        "np.hypot(grads[0], grads[1]) -> np.hypot(grads[1], grads[0])": COMMUTES,
    },
)


# Clipping


def clip_gradients(grads: list[np.ndarray], limit: float) -> list[np.ndarray]:
    """Shorten gradients so that all of them together are not longer than a limit.

    Parameters
    ----------
    grads : list of array
        Gradients of all parameters, of any shapes. Together they are one long vector.
    limit : float, > 0
        Largest length of that vector.

    Returns
    -------
    list of array
        The gradients as they are where their length is within the limit; else all of them
        multiplied by one number, so that the length is the limit and the direction is kept.

    Examples
    --------
    >>> clip_gradients([np.array([3.0]), np.array([4.0])], 1.0)
    [array([0.6]), array([0.8])]
    """
    length = np.sqrt(sum(np.sum(g**2) for g in grads))
    return [g * min(1.0, limit / length) for g in grads]


def gradients_of_length(low, high):
    def draw(rng):
        grads = like_params(rng)
        length = np.sqrt(sum(np.sum(g**2) for g in grads))
        return grads, float(length * rng.uniform(low, high))

    return draw


def clip_by_longest(grads, limit):
    longest = max(np.linalg.norm(g) for g in grads)
    return [g * min(1, limit / longest) for g in grads]


CLIP = Exercise(
    cases=[
        Cases("too long", gradients_of_length(0.05, 0.2), share=0.6),
        Cases("short enough", gradients_of_length(1.1, 3), share=0.4),
    ],
    misconceptions=[
        Misconception(
            "each-by-itself",
            lambda grads, limit: [g * min(1.0, limit / np.linalg.norm(g)) for g in grads],
            "You shorten each gradient by itself. Then the parameters move in another proportion, "
            "and the direction of the step is another one.",
            f"{SPACE}#Square to the contours",
        ),
        Misconception(
            "entries-cut",
            lambda grads, limit: [np.clip(g, -limit, limit) for g in grads],
            "You cut single entries. The step then points elsewhere; all entries have to shrink "
            "by the same factor.",
            f"{SPACE}#Square to the contours",
        ),
        Misconception(
            "always-scaled",
            lambda grads, limit: [
                g * limit / np.sqrt(sum(np.sum(h**2) for h in grads)) for g in grads
            ],
            "You give every gradient the length of the limit. Short ones must stay as they are, "
            "or the steps never become short near the minimum.",
            f"{STEP}#One weight",
        ),
        Misconception(
            "no-root",
            lambda grads, limit: [
                g * min(1.0, limit / sum(np.sum(h**2) for h in grads)) for g in grads
            ],
            "You compare the limit with the squared length. The root is missing.",
            f"{SPACE}#Square to the contours",
        ),
        Misconception(
            "longest-alone",
            clip_by_longest,
            "You look at the longest gradient alone. All of them together are one vector, and "
            "it is longer.",
            f"{SPACE}#Square to the contours",
        ),
    ],
    hints=["One length for all gradients together, and one factor for all of them."],
    equivalent={
        "min(1.0, limit / length) -> min(limit / length, 1.0)": COMMUTES,
    },
)


# A schedule


def cosine_learning_rate(step: int, warmup: int, steps: int, peak: float) -> float:
    r"""Learning rate of a step: a linear warm-up, then half a period of the cosine down to 0.

    Parameters
    ----------
    step : int, >= 0
        Number of updates made before this one.
    warmup : int, >= 1
        Number of steps of the warm-up.
    steps : int, > warmup
        Number of all steps; from there on the learning rate is 0.
    peak : float
        Largest learning rate.

    Returns
    -------
    float

    Notes
    -----
    .. math::
        \eta_t = \frac{t + 1}{w}\, \eta_{\max} \quad (t < w), \qquad
        \eta_t = \frac{\eta_{\max}}{2} \left(1 + \cos \frac{\pi (t - w)}{T - w}\right)
        \quad (w \le t \le T)

    Examples
    --------
    >>> rates = [cosine_learning_rate(step, 2, 6, 1.0) for step in range(7)]
    >>> [round(float(rate), 4) for rate in rates]
    [0.5, 1.0, 1.0, 0.8536, 0.5, 0.1464, 0.0]
    """
    if step < warmup:
        return peak * (step + 1) / warmup
    progress = min((step - warmup) / (steps - warmup), 1.0)
    return 0.5 * peak * (1 + np.cos(np.pi * progress))


def at_step(low, high):
    def draw(rng):
        warmup = int(rng.integers(5, 10))
        steps = int(rng.integers(30, 50))
        place = {"w": warmup, "T": steps}
        first, last = place.get(low, low), place.get(high, high)
        return int(rng.integers(first, last)), warmup, steps, float(rng.uniform(0.1, 1))

    return draw


def seam(place, shift=0):
    def draw(rng):
        _, warmup, steps, peak = at_step(0, "w")(rng)
        return {"w": warmup, "T": steps}.get(place, place) + shift, warmup, steps, peak

    return draw


SCHEDULE = Exercise(
    cases=[
        Cases("during the warm-up", at_step(0, "w"), share=0.2, count=6),
        Cases("on the way down", at_step("w", "T"), share=0.3, count=6),
        Cases("after the end", at_step(50, 90), share=0.3, count=4),
        Cases("where two parts meet", [seam(0), seam("w", -1), seam("w"), seam("T")], 0.2, 8),
    ],
    misconceptions=[
        Misconception(
            "first-step-lost",
            lambda step, warmup, steps, peak: (
                peak * step / warmup
                if step < warmup
                else cosine_learning_rate(step, warmup, steps, peak)
            ),
            "The first step has the learning rate 0 and does nothing. The warm-up begins above 0.",
            f"{SCHEDULES}#Four schedules",
        ),
        Misconception(
            "warm-up-counted-twice",
            lambda step, warmup, steps, peak: (
                peak * (step + 1) / warmup
                if step < warmup
                else 0.5 * peak * (1 + np.cos(np.pi * min(step / steps, 1.0)))
            ),
            "The cosine begins with step 0 instead of after the warm-up: the learning rate jumps "
            "where the two meet.",
            f"{SCHEDULES}#Four schedules",
        ),
        Misconception(
            "rises-again",
            lambda step, warmup, steps, peak: (
                peak * (step + 1) / warmup
                if step < warmup
                else 0.5 * peak * (1 + np.cos(np.pi * (step - warmup) / (steps - warmup)))
            ),
            "After the end your learning rate rises again: the cosine goes on. Stop it there.",
            f"{SCHEDULES}#Four schedules",
        ),
    ],
    hints=["Two branches. In the second one, how much of the way down is done, from 0 to 1?"],
    equivalent={
        "min((step - warmup) / (steps - warmup), 1.0) -> "
        "min(1.0, (step - warmup) / (steps - warmup))": COMMUTES,
    },
)


EXERCISES = {
    "ps4-minibatches": MINIBATCHES,
    "ps4-descent": DESCENT,
    "ps4-stable-step": STABLE_STEP,
    "ps4-momentum": MOMENTUM_STEP,
    "ps4-rmsprop": RMSPROP_STEP,
    "ps4-adam": ADAM_STEP,
    "ps4-which-rule": WHICH_RULE,
    "ps4-clip": CLIP,
    "ps4-nesterov": NESTEROV_PATH,
    "ps4-adagrad": ADAGRAD_STEP,
    "ps4-nadam": NADAM_STEP,
    "ps4-schedule": SCHEDULE,
}
