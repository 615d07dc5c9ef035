"""Where the time of an epoch goes: matrix products, the rest of the gradients, the optimizer."""

import time
from collections.abc import Callable
from itertools import pairwise
from statistics import median

import numpy as np
from tests.benchmarks.contenders import Task

from backprop.losses import softmax_cross_entropy_backward, softmax_cross_entropy_forward
from backprop.minibatches import minibatches
from backprop.networks import mlp_backward, mlp_forward, mlp_loss_and_gradients
from backprop.optimizers import apply_updates


def breakdown(task: Task, rounds: int) -> dict:
    """Share of each part in the time of one step, and the backward pass over the forward pass."""
    X, labels = next(minibatches(task.X, task.labels, task.batch_size))
    params, optimizer = task.params(), task.backprop_optimizer()
    state = optimizer.init(params)
    _, gradients = mlp_loss_and_gradients(params, X, labels)
    updates, _ = optimizer.update(gradients, state)
    _, cache = softmax_cross_entropy_forward(mlp_forward(params, X)[0], labels)
    _, caches = mlp_forward(params, X)
    order = np.random.default_rng(0).permutation(len(task.X))[: len(X)]
    times = interleaved_medians(
        {
            "matrix products": products(params, X),
            "gradients": lambda: mlp_loss_and_gradients(params, X, labels),
            "update": lambda: optimizer.update(gradients, state),
            "apply": lambda: apply_updates(params, updates),
            "minibatch": lambda: (task.X[order], task.labels[order]),
            "forward": lambda: softmax_cross_entropy_forward(mlp_forward(params, X)[0], labels),
            "backward": lambda: mlp_backward(softmax_cross_entropy_backward(1.0, cache), caches),
        },
        repeats=20 * rounds,
    )
    return {
        "task": task.name,
        "shares": shares(times),
        "backward_over_forward": times["backward"] / times["forward"],
    }


def shares(times: dict[str, float]) -> dict[str, float]:
    """Parts of one step, whose shares add up to 1."""
    parts = {
        "matrix products": times["matrix products"],
        "rest of the gradients": times["gradients"] - times["matrix products"],
        "optimizer": times["update"],
        "adding the updates": times["apply"],
        "drawing the minibatch": times["minibatch"],
    }
    return {name: seconds / sum(parts.values()) for name, seconds in parts.items()}


def products(params: list, X: np.ndarray) -> Callable[[], None]:
    """The matrix products of one forward and backward pass, and nothing else."""
    inputs = [X] + [np.ones((len(X), len(b)), X.dtype) for _, b in params]
    pairs = [(A, layer.W, dZ) for layer, (A, dZ) in zip(params, pairwise(inputs), strict=True)]

    def run() -> None:
        for A, W, _ in pairs:
            A @ W
        for A, W, dZ in reversed(pairs):
            A.T @ dZ
            if A is not X:
                dZ @ W.T

    return run


def interleaved_medians(actions: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Median seconds of each action, all of them timed in turn."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(repeats):
        for name, action in actions.items():
            start = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - start)
    # The median of many short times leaves out those that another program has interrupted.
    return {name: median(values) for name, values in times.items()}
