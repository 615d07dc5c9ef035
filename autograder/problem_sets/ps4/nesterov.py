"""The path of Nesterov's method."""

from collections.abc import Callable

import numpy as np

from backprop.descent import descend
from backprop.optimizers import Nesterov
from coursekit.authoring.exercises import Cases, Exercise
from coursekit.checks.values import Code

from .pages import NESTEROV, SPACE, VARIANTS


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


EXERCISE = Exercise(
    nesterov_path,
    cases=[
        Cases("a quadratic", walk("quadratic"), share=0.5),
        Cases("another function", walk("curved"), share=0.5),
    ],
    hints=[
        "Two things happen at two different points. Where is the gradient taken, and from where "
        "does the step start?",
        "Look at the two lines: the gradient belongs to the point ahead, the step to the point "
        "where you are.",
        "Most often the gradient is taken at the parameters themselves, which is plain momentum, "
        "or too far ahead. Next come a change that is not carried on, a turned sign, a path of "
        "other points or without its start, and one array that is changed and stored again.",
    ],
    axes={"steps + 1": "step", "n": "parameter"},
)


@EXERCISE.in_package
def by_backprop(gradient, start, learning_rate, momentum, steps):
    optimizer = Nesterov(learning_rate, momentum)
    return descend(start, gradient, optimizer, steps)


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


EXERCISE.misconception(
    "You take the gradient at the present parameters, which is plain momentum. Nesterov takes it "
    "where the momentum is about to lead.",
    f"{NESTEROV}#The rule",
    id="gradient-here",
)(path_variant(lambda theta, v, alpha: theta))

EXERCISE.misconception(
    "You look ahead by the whole of the last change. Only the share α of it will be repeated.",
    f"{NESTEROV}#The rule",
    id="undamped-look",
)(path_variant(lambda theta, v, alpha: theta + v))

EXERCISE.misconception(
    "You add the change to the point at which you looked. Add it to the parameters: the change "
    "contains the momentum already.",
    f"{NESTEROV}#Two steps by hand",
    id="from-the-point-ahead",
)(
    path_variant(
        lambda theta, v, alpha: theta + alpha * v,
        lambda theta, old, new, alpha: theta + alpha * old + new,
    )
)


@EXERCISE.misconception(
    "All your rows equal the last one: your list holds the same array again and again, and you "
    "change it in place. Make a new array at each step.",
    f"{SPACE}#How an optimizer is called",
)
def one_array_for_all(gradient, start, learning_rate, momentum, steps):
    path = nesterov_path(gradient, start, learning_rate, momentum, steps)
    return np.tile(path[-1], (len(path), 1))


@EXERCISE.misconception(
    "Your change is a step of descent alone. Looking ahead does not move the parameters: the "
    "share α of the last change has to be made as well.",
    f"{NESTEROV}#The rule",
)
def change_not_carried(gradient, start, learning_rate, momentum, steps):
    theta, change, path = start, np.zeros_like(start), [start]
    for _ in range(steps):
        change = -learning_rate * gradient(theta + momentum * change)
        theta = theta + change
        path.append(theta)
    return np.array(path)


@EXERCISE.misconception(
    "Your path holds the points at which you look, as some programs carry them. Here it holds the "
    "parameters, and the look ahead starts from them anew.",
    f"{VARIANTS}#Which point does Nesterov carry?",
)
def carries_points_ahead(gradient, start, learning_rate, momentum, steps):
    ahead, velocity, path = start, np.zeros_like(start), [start]
    for _ in range(steps):
        pull = learning_rate * gradient(ahead)
        velocity = momentum * velocity - pull
        ahead = ahead + momentum * velocity - pull
        path.append(ahead)
    return np.array(path)


@EXERCISE.right
def recursive(gradient, start, learning_rate, momentum, steps):
    path = np.zeros((steps + 1, len(start)))
    path[0] = start
    for k in range(1, steps + 1):
        last = path[k - 1] - path[k - 2] if k > 1 else 0 * start
        ahead = path[k - 1] + momentum * last
        path[k] = ahead - learning_rate * np.array(gradient(ahead))
    return path


@EXERCISE.right
def by_ahead_points(gradient, start, learning_rate, momentum, steps):
    point, v, path = start.copy(), np.zeros(len(start)), [start.tolist()]
    for _ in range(steps):
        g = gradient(point)
        v = momentum * v - learning_rate * g
        path.append((np.array(path[-1]) + v).tolist())
        point = np.array(path[-1]) + momentum * v
    return path


@EXERCISE.second("gradient-here")
def plain(gradient, start, learning_rate, momentum, steps):
    path, last = [start], 0 * start
    for _ in range(steps):
        last = momentum * last - learning_rate * gradient(path[-1])
        path.append(path[-1] + last)
    return np.stack(path)


@EXERCISE.second("undamped-look")
def full_look(gradient, start, learning_rate, momentum, steps):
    path, last = [start], 0 * start
    for _ in range(steps):
        last = momentum * last - learning_rate * gradient(path[-1] + last)
        path.append(path[-1] + last)
    return np.stack(path)


@EXERCISE.second("from-the-point-ahead")
def jumps(gradient, start, learning_rate, momentum, steps):
    path, last = [start], 0 * start
    for _ in range(steps):
        ahead = path[-1] + momentum * last
        last = momentum * last - learning_rate * gradient(ahead)
        path.append(ahead + last)
    return np.stack(path)


@EXERCISE.second(one_array_for_all)
def alias(gradient, start, learning_rate, momentum, steps):
    theta, v = np.array(start, dtype=float), np.zeros(len(start))
    path = [theta]
    for _ in range(steps):
        v = momentum * v - learning_rate * gradient(theta + momentum * v)
        theta += v
        path.append(theta)
    return np.array(path)


@EXERCISE.second(change_not_carried)
def descent_seen_ahead(gradient, start, learning_rate, momentum, steps):
    path, last = [start], 0 * start
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient(path[-1] + momentum * last))
        last = path[-1] - path[-2]
    return np.stack(path)


@EXERCISE.second(carries_points_ahead)
def seen_points(gradient, start, learning_rate, momentum, steps):
    path = recursive(gradient, start, learning_rate, momentum, steps)
    changes = np.diff(path, axis=0, prepend=path[:1])
    return path + momentum * changes
