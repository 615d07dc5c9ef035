"""The training loop: minibatch, gradients, update, and a record of what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from backprop.minibatches import minibatches
from backprop.optimizers import Optimizer, Tree, apply_updates, global_norm
from backprop.optimizers.base import StateT, check_optimizer
from backprop.optimizers.trees import TreeT
from backprop.validation import as_data

__all__ = ["Epoch", "History", "LossAndGradients", "TrainingStep", "train", "training_step"]

LossAndGradients = Callable[[TreeT, ArrayLike, ArrayLike], tuple[np.floating, Tree]]
"""``(params, X, Y) -> (loss, gradients)``, such as ``mlp_loss_and_gradients``."""


class TrainingStep(NamedTuple, Generic[TreeT, StateT]):
    """Result of one training step.

    Attributes
    ----------
    params : Tree
        Parameters after the step.
    state : NamedTuple
        State of the optimizer after the step.
    loss : float
        Loss of the minibatch at the point where the gradient was taken.
    gradients : Tree
        Gradients of that loss.
    """

    params: TreeT
    state: StateT
    loss: float
    gradients: Tree


class Epoch(NamedTuple):
    """What a progress callback is told after each epoch.

    Attributes
    ----------
    number : int
        1 after the first epoch.
    loss : float
        Mean loss of the examples of this epoch, each at the parameters of its own step.
    metrics : dict of str to float
        Value of each metric at the end of the epoch.
    """

    number: int
    loss: float
    metrics: dict[str, float]


@dataclass(frozen=True)
class History:
    """Record of a training.

    Attributes
    ----------
    losses : list of float
        Loss of each step.
    gradient_norms : list of float
        Norm of all gradients of each step taken together; empty unless asked for.
    epochs : list of Epoch
        One entry for each epoch.
    """

    losses: list[float] = field(default_factory=list)
    gradient_norms: list[float] = field(default_factory=list)
    epochs: list[Epoch] = field(default_factory=list)


def training_step(
    params: TreeT,
    state: StateT,
    X: ArrayLike,
    Y: ArrayLike,
    loss_and_gradients: LossAndGradients[TreeT],
    optimizer: Optimizer[StateT],
) -> TrainingStep[TreeT, StateT]:
    """Take one step of an optimizer on one minibatch.

    Parameters
    ----------
    params : Tree
        Parameters before the step.
    state : NamedTuple
        State of the optimizer before the step.
    X : ArrayLike, shape (M, n_in)
        Minibatch.
    Y : ArrayLike, shape (M,) or (M, n_out)
        Targets.
    loss_and_gradients : callable
        ``(params, X, Y) -> (loss, gradients)``.
    optimizer : Optimizer
        Turns gradients into updates.

    Returns
    -------
    TrainingStep
        ``(params, state, loss, gradients)``.

    Raises
    ------
    ValueError
        If shapes do not fit, the loss is NaN, or the arguments stand in another order.
    """
    check_optimizer(optimizer, loss_and_gradients=loss_and_gradients)
    point = optimizer.lookahead(params, state)
    loss, gradients = loss_and_gradients(point, X, Y)
    updates, state = optimizer.update(gradients, state)
    return TrainingStep(apply_updates(params, updates), state, float(loss), gradients)


def train(
    params: TreeT,
    X: ArrayLike,
    Y: ArrayLike,
    loss_and_gradients: LossAndGradients[TreeT],
    optimizer: Optimizer[StateT],
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator | None = None,
    metrics: Mapping[str, Callable[[TreeT], float]] | None = None,
    callback: Callable[[Epoch], None] | None = None,
    record_gradient_norms: bool = False,
) -> tuple[TreeT, History]:
    """Train parameters on a data set for a number of epochs.

    Parameters
    ----------
    params : Tree
        Parameters to start from; they are left as they are.
    X : ArrayLike, shape (N, n_in)
        Examples.
    Y : ArrayLike, shape (N,) or (N, n_out)
        Targets.
    loss_and_gradients : callable
        ``(params, X, Y) -> (loss, gradients)``.
    optimizer : Optimizer
        Turns gradients into updates; its state starts anew.
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
        If an argument is out of range or out of order, shapes do not fit, or the loss is NaN.

    Examples
    --------
    >>> from backprop.datasets import xor
    >>> from backprop.networks import accuracy, initialize_mlp, mlp_loss_and_gradients
    >>> from backprop.optimizers import Adam
    >>> X, Y = xor()
    >>> labels = Y.ravel().astype(int)
    >>> params = initialize_mlp([2, 8, 2], np.random.default_rng(0))
    >>> trained, history = train(
    ...     params, X, labels, mlp_loss_and_gradients, Adam(0.1), epochs=100, batch_size=4
    ... )
    >>> history.epochs[-1].loss < 0.01 < history.epochs[0].loss
    True
    >>> accuracy(trained, X, labels)
    1.0
    """
    if not isinstance(epochs, int | np.integer) or epochs < 1:
        raise ValueError(f"epochs is {epochs!r}, expected a positive integer")
    check_optimizer(optimizer, loss_and_gradients=loss_and_gradients)
    X, Y = as_data(X, "X"), as_data(Y, "Y")
    state, history = optimizer.init(params), History()
    for number in range(1, epochs + 1):
        total = 0.0
        for X_batch, Y_batch in minibatches(X, Y, batch_size, rng=rng):
            params, state, loss, gradients = training_step(
                params, state, X_batch, Y_batch, loss_and_gradients, optimizer
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
