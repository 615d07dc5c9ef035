"""What every optimizer has in common: hyperparameters are data, state is passed around."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from backprop.optimizers.trees import Tree, tree_map
from backprop.schedules import LearningRate, learning_rate_at
from backprop.validation import check_between

__all__ = ["Optimizer", "apply_updates", "check_hyperparameters", "zeros_like_tree"]


class Optimizer(ABC):
    """Base class of the optimizers: frozen hyperparameters and three pure functions.

    Notes
    -----
    A training step is four lines::

        gradients = ...                                # taken at optimizer.lookahead(params, state)
        updates, state = optimizer.update(gradients, state)
        params = apply_updates(params, updates)

    Nothing is changed in place, so an old state or old parameters can be kept and used again.
    """

    learning_rate: LearningRate
    """η, a number or a function of the step."""

    @abstractmethod
    def init(self, params: Tree) -> NamedTuple:
        """State before the first step: zeros in the shapes of the parameters.

        Parameters
        ----------
        params : Tree
            Parameters.

        Returns
        -------
        NamedTuple
            State. No two of its arrays share memory with each other or with the parameters.
        """

    @abstractmethod
    def update(self, grads: Tree, state: NamedTuple) -> tuple[Tree, NamedTuple]:
        """Turn gradients into the change of the parameters.

        Parameters
        ----------
        grads : Tree
            Gradients, in the structure of the parameters.
        state : NamedTuple
            As returned by :meth:`init` or by the last call.

        Returns
        -------
        updates : Tree
            What is to be added to the parameters.
        state : NamedTuple
            State for the next step.

        Raises
        ------
        ValueError
            If structures or shapes differ.
        """

    def lookahead(self, params: Tree, state: NamedTuple) -> Tree:
        """Point at which this optimizer wants the gradient.

        Parameters
        ----------
        params : Tree
            Parameters.
        state : NamedTuple
            State before the step.

        Returns
        -------
        Tree
            The parameters themselves, for every optimizer but Nesterov's.
        """
        return params


def apply_updates(params: Tree, updates: Tree) -> Tree:
    r"""Add updates to parameters.

    Parameters
    ----------
    params : Tree
        Parameters.
    updates : Tree
        As returned by an optimizer, in the structure of the parameters. They have their sign
        already: descent is an addition.

    Returns
    -------
    Tree
        New parameters; the old ones are left as they were.

    Raises
    ------
    ValueError
        If structures or shapes differ: a column minus a row would broadcast to a matrix.

    Notes
    -----
    .. math:: \theta_{t+1} = \theta_t + \Delta_t
    """
    return tree_map(np.add, params, updates)


def check_hyperparameters(
    learning_rate: LearningRate, variant: str, variants: Sequence[str], **in_unit_interval: float
) -> None:
    """Check what the constructors of all optimizers check.

    Parameters
    ----------
    learning_rate : float or Schedule
        Must not be negative; a schedule is asked for its step 0.
    variant : str
        Chosen formula.
    variants : sequence of str
        Formulas that there are.
    **in_unit_interval : float
        Hyperparameters that must lie in [0, 1).

    Raises
    ------
    ValueError
        If one of them does not hold.
    """
    learning_rate_at(learning_rate, 0)
    if variant not in variants:
        raise ValueError(f"variant is {variant!r}, expected one of {', '.join(variants)}")
    check_between(0, 1, **in_unit_interval)


def zeros_like_tree(params: Tree) -> Tree:
    """Zeros in the structure, shapes and dtypes of a tree.

    Parameters
    ----------
    params : Tree
        Parameters; integers give float64.

    Returns
    -------
    Tree
        Every array is an array of its own.
    """
    return tree_map(np.zeros_like, params)
