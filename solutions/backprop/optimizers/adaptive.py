"""A learning rate for each parameter, from the size of its past gradients: Adagrad, RMSprop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from backprop.optimizers.base import Optimizer, zeros_like_tree
from backprop.optimizers.trees import Tree, tree_map
from backprop.schedules import LearningRate, learning_rate_at
from backprop.validation import Array, check_between, check_positive

__all__ = ["Adagrad", "RMSprop", "SquaresState"]


class SquaresState(NamedTuple):
    """State of Adagrad and RMSprop.

    Attributes
    ----------
    step : int
        Number of updates made so far.
    squares : Tree
        Sum (Adagrad) or moving average (RMSprop) of the squared gradients.
    """

    step: int
    squares: Tree


@dataclass(frozen=True)
class Adagrad(Optimizer[SquaresState]):
    r"""Divide each step by the root of the sum of all squared gradients so far.

    Parameters
    ----------
    learning_rate : float or Schedule, >= 0
        η.
    eps : float, > 0
        ε, keeps the quotient finite.
    initial_accumulator : float, >= 0
        Start of the sum: 0 here and in PyTorch, 0.1 in Keras and Optax.
    variant : str
        ``"eps_outside"`` or ``"eps_inside"``.

    Raises
    ------
    ValueError
        If a hyperparameter is out of range or there is no such variant.

    Notes
    -----
    ``"eps_outside"``, ours and PyTorch's:

    .. math:: G_t = G_{t-1} + g_t^2, \qquad \Delta_t = -\eta \frac{g_t}{\sqrt{G_t} + \epsilon}

    ``"eps_inside"`` (d2l, Ruder, Keras, Optax) divides by √(G + ε) instead. All operations are
    element-wise.

    References
    ----------
    D, *Many Variations on Gradient Descent*; Duchi et al. 2011.

    Examples
    --------
    Under a constant gradient of any size the steps shrink as 1/√t:

    >>> optimizer = Adagrad(learning_rate=0.1)
    >>> state = optimizer.init(np.zeros(2))
    >>> for t in (1, 2, 3):
    ...     updates, state = optimizer.update(np.array([100.0, -0.01]), state)
    ...     print(updates.round(3))
    [-0.1  0.1]
    [-0.071  0.071]
    [-0.058  0.058]
    """

    learning_rate: LearningRate = 0.01
    eps: float = 1e-8
    initial_accumulator: float = 0.0
    variant: str = "eps_outside"
    variants: ClassVar[tuple[str, ...]] = ("eps_outside", "eps_inside")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive(eps=self.eps)
        check_between(0, np.inf, initial_accumulator=self.initial_accumulator)

    def init(self, params: Tree) -> SquaresState:
        """State before the first step.

        Parameters
        ----------
        params : Tree
            Parameters.

        Returns
        -------
        SquaresState
            ``(0, initial_accumulator everywhere)``.
        """
        squares = tree_map(
            lambda zero: zero + float(self.initial_accumulator), zeros_like_tree(params)
        )
        return SquaresState(step=0, squares=squares)

    def update(self, grads: Tree, state: SquaresState) -> tuple[Tree, SquaresState]:
        learning_rate = learning_rate_at(self.learning_rate, state.step)
        squares = tree_map(lambda s, g: s + g * g, state.squares, grads)
        updates = tree_map(
            lambda g, s: -learning_rate * g / _root(s, self.eps, self.variant), grads, squares
        )
        return updates, SquaresState(state.step + 1, squares)


@dataclass(frozen=True)
class RMSprop(Optimizer[SquaresState]):
    r"""Divide each step by the root of a moving average of the squared gradients.

    Parameters
    ----------
    learning_rate : float or Schedule, >= 0
        η.
    decay : float, 0 <= decay < 1
        ρ, the share of the average that is kept.
    eps : float, > 0
        ε, keeps the quotient finite.
    variant : str
        ``"eps_outside"`` or ``"eps_inside"``.

    Raises
    ------
    ValueError
        If a hyperparameter is out of range or there is no such variant.

    Notes
    -----
    ``"eps_outside"``, ours and PyTorch's:

    .. math:: v_t = \rho v_{t-1} + (1 - \rho) g_t^2, \qquad
              \Delta_t = -\eta \frac{g_t}{\sqrt{v_t} + \epsilon}

    ``"eps_inside"`` (d2l, Ruder, Keras, Optax) divides by √(v + ε) instead. The average starts at
    0 and is not corrected: the first step is 1/√(1 − ρ) times η.

    References
    ----------
    D, *Many Variations on Gradient Descent*; Tieleman and Hinton 2012.

    Examples
    --------
    The first step is 1/√(1 − ρ) times η, whatever the size of the gradient:

    >>> optimizer = RMSprop(learning_rate=0.1, decay=0.9)
    >>> updates, state = optimizer.update(np.array([100.0, -0.01]), optimizer.init(np.zeros(2)))
    >>> updates.round(3)
    array([-0.316,  0.316])
    """

    learning_rate: LearningRate = 0.001
    decay: float = 0.9
    eps: float = 1e-8
    variant: str = "eps_outside"
    variants: ClassVar[tuple[str, ...]] = ("eps_outside", "eps_inside")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_between(0, 1, decay=self.decay)
        check_positive(eps=self.eps)

    def init(self, params: Tree) -> SquaresState:
        return SquaresState(step=0, squares=zeros_like_tree(params))

    def update(self, grads: Tree, state: SquaresState) -> tuple[Tree, SquaresState]:
        learning_rate, rho = learning_rate_at(self.learning_rate, state.step), float(self.decay)
        squares = tree_map(lambda s, g: rho * s + (1 - rho) * g * g, state.squares, grads)
        updates = tree_map(
            lambda g, s: -learning_rate * g / _root(s, self.eps, self.variant), grads, squares
        )
        return updates, SquaresState(state.step + 1, squares)


def _root(squares: Array, eps: float, variant: str) -> Array:
    eps = float(eps)  # a NumPy number of float64 would turn float32 arrays into float64
    return np.sqrt(squares + eps) if variant == "eps_inside" else np.sqrt(squares) + eps
