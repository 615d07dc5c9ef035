"""The learning rate at which descent on a quadratic breaks."""

import numpy as np

from backprop.optimizers import Momentum, MomentumState
from coursekit.authoring.exercises import Cases, Exercise

from .pages import MOMENTUM, STEP


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


EXERCISE = Exercise(
    largest_stable_step,
    cases=[
        Cases("without momentum", bowl(4, False), share=0.5),
        Cases("with momentum", bowl(3, True), share=0.3),
        Cases("one weight", bowl(1, False), share=0.2, count=2),
    ],
    hints=[
        "One weight first: a step turns x into (1 - ηλ)x. For which η does that shrink?",
        "Look at the direction that breaks first. np.linalg.eigvalsh gives the curvatures in all "
        "directions; what does momentum change?",
        "Most often the bound is half as large as it may be, or it is the fastest step; or "
        "something else stands for the largest eigenvalue: the diagonal, the sum of all, the "
        "length of all entries or of a row.",
    ],
)


@EXERCISE.in_package
def by_backprop(H, momentum):
    """A step is a matrix: find by halving where it no longer shrinks every start."""
    n = len(H)
    x, velocity = np.eye(n, 2 * n), np.eye(n, 2 * n, k=n)  # one start in each column

    def shrinks(learning_rate):
        optimizer = Momentum(learning_rate, momentum)
        updates, state = optimizer.update(H @ x, MomentumState(0, velocity))
        step = np.concatenate([x + updates, state.velocity])
        return np.abs(np.linalg.eigvals(step)).max() < 1

    low, high = 0.0, 4 * n / np.trace(H)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if shrinks(middle) else (low, middle)
    return low


@EXERCISE.misconception(
    "Without momentum, one step at this learning rate is enough in the steepest direction. "
    "Larger rates overshoot, but some of them still come closer at each step: up to which rate?",
    f"{STEP}#One weight",
)
def fastest_for_largest(H, momentum):
    return (1 + momentum) / np.linalg.eigvalsh(H)[-1]


@EXERCISE.misconception(
    "You use the flattest direction, but it is the steepest one that diverges first.",
    f"{STEP}#Two weights and more",
)
def smallest_curvature(H, momentum):
    return 2 * (1 + momentum) / np.linalg.eigvalsh(H)[0]


@EXERCISE.misconception(
    "You look along the axes only. The steepest direction may lie between them: you need "
    "eigenvalues, not entries.",
    f"{STEP}#Two weights and more",
)
def largest_diagonal_entry(H, momentum):
    return 2 * (1 + momentum) / H.diagonal().max()


@EXERCISE.misconception(
    "You divide by the sum of all curvatures. Each direction goes its own way, and a single one "
    "decides.",
    f"{STEP}#Two weights and more",
)
def trace(H, momentum):
    return 2 * (1 + momentum) / np.trace(H)


@EXERCISE.misconception(
    "This is right without momentum. With momentum, larger steps are still stable.",
    f"{MOMENTUM}#Its rate",
)
def momentum_ignored(H, momentum):
    return 2 / np.linalg.eigvalsh(H)[-1]


@EXERCISE.misconception(
    "This is right without momentum. With momentum your bound shrinks, but it should grow: "
    "momentum damps the swing across the valley.",
    f"{MOMENTUM}#Its rate",
)
def momentum_shrinks(H, momentum):
    return 2 * (1 - momentum) / np.linalg.eigvalsh(H)[-1]


@EXERCISE.misconception(
    "You divide by the smallest and the largest curvature together. Without momentum that is the "
    "fastest step, and not yet the largest: the steepest direction alone says where it breaks.",
    f"{STEP}#The condition number",
)
def fastest_step(H, momentum):
    curvatures = np.linalg.eigvalsh(H)
    return 2 * (1 + momentum) / (curvatures[0] + curvatures[-1])


@EXERCISE.misconception(
    "You divide by the length of all entries of H, taken as one vector. With two weights or "
    "more, this is larger than every curvature. A single direction decides.",
    f"{STEP}#Two weights and more",
)
def length_of_entries(H, momentum):
    return 2 * (1 + momentum) / np.linalg.norm(H)


@EXERCISE.misconception(
    "You divide by the largest sum of sizes in a row. That is never less than the largest "
    "curvature, and mostly more: the entries of H are not the curvatures of its directions.",
    f"{STEP}#Two weights and more",
)
def largest_row_sum(H, momentum):
    return 2 * (1 + momentum) / np.abs(H).sum(axis=1).max()


@EXERCISE.misconception(
    "You return a bound for each direction, and one number is asked for. All directions are walked "
    "with the same learning rate, so it has to suit every one of them.",
    f"{STEP}#Two weights and more",
)
def bound_of_each_direction(H, momentum):
    return 2 * (1 + momentum) / np.linalg.eigvalsh(H)


@EXERCISE.right
def by_svd(H, momentum):
    return (2 + 2 * momentum) / np.linalg.norm(H, 2)


@EXERCISE.right
def by_power_iteration(H, momentum):
    x = np.ones(len(H)) + np.arange(len(H)) / 7
    for _ in range(20_000):
        x = H @ x
        x /= np.linalg.norm(x)
    return float(2 * (1 + momentum) / (x @ H @ x))


@EXERCISE.second(fastest_for_largest)
def half(H, momentum):
    return (1 + momentum) / max(np.linalg.eigvals(H).real)


@EXERCISE.second(smallest_curvature)
def flattest(H, momentum):
    return (2 + 2 * momentum) / min(np.linalg.eigvals(H).real)


@EXERCISE.second(largest_diagonal_entry)
def diagonal(H, momentum):
    return (2 + 2 * momentum) / max(np.diag(H))


@EXERCISE.second(trace)
def by_sum(H, momentum):
    return (2 + 2 * momentum) / sum(np.linalg.eigvalsh(H))


@EXERCISE.second(momentum_ignored)
def plain(H, momentum):
    return 2 / np.linalg.norm(H, 2)


@EXERCISE.second(momentum_shrinks)
def shrinking(H, momentum):
    return (2 - 2 * momentum) / np.linalg.norm(H, 2)


@EXERCISE.second(fastest_step)
def between_both_ends(H, momentum):
    ends = np.linalg.norm(H, 2) + np.linalg.norm(H, -2)
    return (2 + 2 * momentum) / ends


@EXERCISE.second(length_of_entries)
def all_curvatures_squared(H, momentum):
    return (2 + 2 * momentum) / np.sqrt(np.sum(np.linalg.eigvalsh(H) ** 2))


@EXERCISE.second(largest_row_sum)
def norm_of_columns(H, momentum):
    return (2 + 2 * momentum) / np.linalg.norm(H, 1)


@EXERCISE.second(bound_of_each_direction)
def one_after_another(H, momentum):
    curvatures, _ = np.linalg.eigh(H)
    return [(2 + 2 * momentum) / curvature for curvature in curvatures]
