"""The training loop: minibatch, gradients, update, and a record of what happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from backprop.minibatches import minibatches
from backprop.optimizers import Optimizer, Tree, apply_updates, global_norm

__all__ = ["Epoch", "History", "LossAndGradients", "Step", "train", "training_step"]

LossAndGradients = Callable[[Tree, ArrayLike, ArrayLike], tuple[np.floating, Tree]]
"""``(params, X, Y) -> (loss, gradients)``, such as ``mlp_loss_and_gradients``."""


class Step(NamedTuple):
    """Result of one training step."""

    params: Tree
    """Parameters after the step."""
    state: NamedTuple
    """State of the optimizer after the step."""
    loss: float
    """Loss of the minibatch at the point where the gradient was taken."""
    gradients: Tree
    """Gradients of that loss."""


class Epoch(NamedTuple):
    """What a progress callback is told after each epoch."""

    number: int
    """1 after the first epoch."""
    loss: float
    """Mean loss of the examples of this epoch, each at the parameters of its own step."""
    metrics: dict[str, float]
    """Value of each metric at the end of the epoch."""


@dataclass(frozen=True)
class History:
    """Record of a training."""

    losses: list[float] = field(default_factory=list)
    """Loss of each step."""
    gradient_norms: list[float] = field(default_factory=list)
    """Norm of all gradients of each step taken together; empty unless asked for."""
    epochs: list[Epoch] = field(default_factory=list)
    """One entry for each epoch."""


def training_step(
    params: Tree,
    state: NamedTuple,
    optimizer: Optimizer,
    loss_and_gradients: LossAndGradients,
    X: ArrayLike,
    Y: ArrayLike,
) -> Step:
    """Take one step of an optimizer on one minibatch.

    Parameters
    ----------
    params : Tree
        Parameters before the step.
    state : NamedTuple
        State of the optimizer before the step.
    optimizer : Optimizer
        Turns gradients into updates.
    loss_and_gradients : callable
        ``(params, X, Y) -> (loss, gradients)``.
    X : ArrayLike, shape (M, n_in)
        Minibatch.
    Y : ArrayLike, shape (M,) or (M, n_out)
        Targets.

    Returns
    -------
    Step
        ``(params, state, loss, gradients)``.

    Raises
    ------
    ValueError
        If shapes do not fit or the loss is NaN.
    """
    point = optimizer.lookahead(params, state)
    loss, gradients = loss_and_gradients(point, X, Y)
    updates, state = optimizer.update(gradients, state)
    return Step(apply_updates(params, updates), state, float(loss), gradients)


def train(
    params: Tree,
    loss_and_gradients: LossAndGradients,
    optimizer: Optimizer,
    X: ArrayLike,
    Y: ArrayLike,
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator | None = None,
    metrics: Mapping[str, Callable[[Tree], float]] | None = None,
    callback: Callable[[Epoch], None] | None = None,
    record_gradient_norms: bool = False,
) -> tuple[Tree, History]:
    """Train parameters on a data set for a number of epochs.

    Parameters
    ----------
    params : Tree
        Parameters to start from; they are left as they are.
    loss_and_gradients : callable
        ``(params, X, Y) -> (loss, gradients)``.
    optimizer : Optimizer
        Turns gradients into updates; its state starts anew.
    X : ArrayLike, shape (N, n_in)
        Examples.
    Y : ArrayLike, shape (N,) or (N, n_out)
        Targets.
    epochs : int, >= 1
        Number of walks over the data.
    batch_size : int, >= 1
        Number of examples of a minibatch; the last one of an epoch may be smaller.
    rng : numpy.random.Generator, optional
        Shuffles the data anew for each epoch; without it they keep their order.
    metrics : mapping of str to callable, optional
        ``params -> float`` each, evaluated after each epoch.
    callback : callable, optional
        Called with an :class:`Epoch` after each epoch, to report progress.
    record_gradient_norms : bool
        Whether the history keeps the gradients' norm of each step.

    Returns
    -------
    params : Tree
        Trained parameters.
    history : History
        Losses, metrics and norms.

    Raises
    ------
    ValueError
        If an argument is out of range, shapes do not fit, or the loss is NaN.
    """
    if not isinstance(epochs, int | np.integer) or epochs < 1:
        raise ValueError(f"epochs is {epochs!r}, expected a positive integer")
    state, history = optimizer.init(params), History()
    for number in range(1, epochs + 1):
        total = 0.0
        for X_batch, Y_batch in minibatches(X, Y, batch_size, rng):
            params, state, loss, gradients = training_step(
                params, state, optimizer, loss_and_gradients, X_batch, Y_batch
            )
            history.losses.append(loss)
            total += loss * len(X_batch)
            if record_gradient_norms:
                history.gradient_norms.append(global_norm(gradients))
        values = {name: float(metric(params)) for name, metric in (metrics or {}).items()}
        history.epochs.append(Epoch(number, total / len(X), values))
        if callback is not None:
            callback(history.epochs[-1])
    return params, history
