"""Optimizers, from gradient descent to Nadam.

Each is a frozen dataclass of hyperparameters with ``init(params) -> state``,
``lookahead(params, state) -> params`` and ``update(grads, state) -> (updates, state)``.
"""

from __future__ import annotations

from backprop.optimizers.adam import Adam, AdamState, Nadam, NadamState
from backprop.optimizers.adaptive import Adagrad, RMSprop, SquaresState
from backprop.optimizers.base import Optimizer, apply_updates
from backprop.optimizers.gradient_descent import GradientDescent, GradientDescentState
from backprop.optimizers.momentum import Momentum, MomentumState, Nesterov
from backprop.optimizers.trees import Tree, global_norm, tree_leaves, tree_map

__all__ = [
    "Adagrad",
    "Adam",
    "AdamState",
    "GradientDescent",
    "GradientDescentState",
    "Momentum",
    "MomentumState",
    "Nadam",
    "NadamState",
    "Nesterov",
    "Optimizer",
    "RMSprop",
    "SquaresState",
    "Tree",
    "apply_updates",
    "global_norm",
    "tree_leaves",
    "tree_map",
]
