"""What every optimizer has in common: hyperparameters are data, state is passed around."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, NamedTuple, TypeVar

import numpy as np

from backprop.optimizers.trees import Tree, TreeT, tree_map
from backprop.schedules import LearningRate, learning_rate_at

__all__ = ["Optimizer", "StateT", "apply_updates", "check_optimizer", "zeros_like_tree"]

StateT = TypeVar("StateT", bound=NamedTuple)
"""State of an optimizer: its first field is ``step``, the number of updates made so far."""


ORDER = "parameters come first, then the data, then the gradients' function and the optimizer"
"""What a message says about a call in another order."""


class Optimizer(ABC, Generic[StateT]):
    """Base class of the optimizers: frozen hyperparameters and three pure functions.

    Attributes
    ----------
    learning_rate : float or Schedule, >= 0
        η, a number or a function of the step.
    variants : tuple of str
        Names of the formulas, where there is more than one.

    Raises
    ------
    ValueError
        If a hyperparameter is out of range or there is no such variant.

    Notes
    -----
    A subclass is a frozen dataclass of its hyperparameters that has :meth:`init` and
    :meth:`update`. A hyperparameter with a range is checked in its own ``__post_init__``, which
    calls this one. If it has more than one formula, it names them in ``variants`` and has a field
    ``variant``.

    A training step is four lines::

        gradients = ...                                # taken at optimizer.lookahead(params, state)
        updates, state = optimizer.update(gradients, state)
        params = apply_updates(params, updates)

    Nothing is changed in place, so an old state or old parameters can be kept and used again.
    """

    learning_rate: LearningRate
    variants: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        learning_rate_at(self.learning_rate, 0)
        variant = getattr(self, "variant", None)
        if self.variants and variant not in self.variants:
            raise ValueError(f"variant is {variant!r}, expected one of {', '.join(self.variants)}")

    @abstractmethod
    def init(self, params: Tree) -> StateT:
        """State before the first step: step 0, and zeros in the shapes of the parameters.

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
    def update(self, grads: Tree, state: StateT) -> tuple[Tree, StateT]:
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

    def lookahead(self, params: TreeT, state: StateT) -> TreeT:
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


def apply_updates(params: TreeT, updates: Tree) -> TreeT:
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

    Examples
    --------
    >>> apply_updates({"W": np.ones(2), "b": 0.0}, {"W": np.array([-0.5, 0.5]), "b": 0.25})
    {'W': array([0.5, 1.5]), 'b': np.float64(0.25)}
    """
    return tree_map(np.add, params, updates)


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


def check_optimizer(optimizer: object, **functions: object) -> None:
    """Check that an optimizer and functions stand where they are asked for.

    Parameters
    ----------
    optimizer : object
        What stands in the place of the optimizer.
    **functions : object
        What stands in the places of functions, by the names that the message uses.

    Raises
    ------
    ValueError
        If a function cannot be called, or the optimizer is none.
    """
    for name, function in functions.items():
        if not callable(function):
            raise ValueError(
                f"{name} is of type {type(function).__name__}, expected a function; {ORDER}"
            )
    if not isinstance(optimizer, Optimizer):
        raise ValueError(
            f"optimizer is of type {type(optimizer).__name__}, expected an Optimizer; {ORDER}"
        )
