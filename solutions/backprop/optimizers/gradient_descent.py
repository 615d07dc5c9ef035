"""Gradient descent without memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from backprop.optimizers.base import Optimizer
from backprop.optimizers.trees import Tree, tree_map
from backprop.schedules import LearningRate, learning_rate_at

__all__ = ["GradientDescent", "GradientDescentState"]


class GradientDescentState(NamedTuple):
    """State of gradient descent: the step is needed by schedules only.

    Attributes
    ----------
    step : int
        Number of updates made so far.
    """

    step: int


@dataclass(frozen=True)
class GradientDescent(Optimizer[GradientDescentState]):
    r"""Step against the gradient.

    Parameters
    ----------
    learning_rate : float or Schedule, >= 0
        η.

    Raises
    ------
    ValueError
        If the learning rate is negative or not finite.

    Notes
    -----
    .. math:: \Delta_t = -\eta\, g_t

    Batch, stochastic and mini-batch gradient descent are this rule with gradients of all patterns,
    of one, or of a few. On a quadratic it converges if and only if 0 < η < 2/λ_max.

    References
    ----------
    D, *How to Update the Weights?*; C, *Problem Formulation*; P; B; L.

    Examples
    --------
    >>> optimizer = GradientDescent(learning_rate=0.1)
    >>> update, state = optimizer.update(3.0, optimizer.init(1.0))
    >>> round(float(update), 3)
    -0.3
    """

    learning_rate: LearningRate = 0.1

    def init(self, params: Tree) -> GradientDescentState:
        return GradientDescentState(step=0)

    def update(self, grads: Tree, state: GradientDescentState) -> tuple[Tree, GradientDescentState]:
        learning_rate = learning_rate_at(self.learning_rate, state.step)
        updates = tree_map(lambda g: -learning_rate * g, grads)
        return updates, GradientDescentState(state.step + 1)
