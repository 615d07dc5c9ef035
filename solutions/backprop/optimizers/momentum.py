"""Gradient descent with a memory of its last step: momentum and Nesterov's method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from backprop.optimizers.base import Optimizer, zeros_like_tree
from backprop.optimizers.trees import Tree, TreeT, tree_map
from backprop.schedules import LearningRate, learning_rate_at
from backprop.validation import check_between

__all__ = ["Momentum", "MomentumState", "Nesterov"]


class MomentumState(NamedTuple):
    """State of momentum and of Nesterov's method.

    Attributes
    ----------
    step : int
        Number of updates made so far.
    velocity : Tree
        What is remembered: the last change, or a sum or average of gradients, by the variant.
    """

    step: int
    velocity: Tree


@dataclass(frozen=True)
class Momentum(Optimizer[MomentumState]):
    r"""Add a share of the last change to the step against the gradient.

    Parameters
    ----------
    learning_rate : float or Schedule, >= 0
        η.
    momentum : float, 0 <= momentum < 1
        α. At 1 nothing would ever damp the motion.
    variant : str
        ``"classical"``, ``"framework"`` or ``"average"``.

    Raises
    ------
    ValueError
        If a hyperparameter is out of range or there is no such variant.

    Notes
    -----
    ``"classical"``, ours, remembers the change of the parameters:

    .. math:: \Delta_t = \alpha \Delta_{t-1} - \eta\, g_t

    ``"framework"`` (PyTorch, Optax, Distill) keeps η outside of what is remembered:

    .. math:: v_t = \alpha v_{t-1} + g_t, \qquad \Delta_t = -\eta\, v_t

    The two agree only while η is constant. ``"average"`` remembers a mean of the gradients; its
    steps are 1 − α times as long:

    .. math:: v_t = \alpha v_{t-1} + (1 - \alpha)\, g_t, \qquad \Delta_t = -\eta\, v_t

    References
    ----------
    D, *Adding Momentum* (which allows α = 1).

    Examples
    --------
    While the gradient stays what it is, the steps grow, towards η/(1 − α):

    >>> optimizer = Momentum(learning_rate=0.1, momentum=0.5)
    >>> state = optimizer.init(0.0)
    >>> for gradient in (1.0, 1.0, 1.0):
    ...     update, state = optimizer.update(gradient, state)
    ...     print(round(float(update), 3))
    -0.1
    -0.15
    -0.175
    """

    learning_rate: LearningRate = 0.01
    momentum: float = 0.9
    variant: str = "classical"
    variants: ClassVar[tuple[str, ...]] = ("classical", "framework", "average")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_between(0, 1, momentum=self.momentum)

    def init(self, params: Tree) -> MomentumState:
        return MomentumState(step=0, velocity=zeros_like_tree(params))

    def update(self, grads: Tree, state: MomentumState) -> tuple[Tree, MomentumState]:
        learning_rate = learning_rate_at(self.learning_rate, state.step)
        alpha = float(self.momentum)
        gradient_weight, update_weight = {
            "classical": (-learning_rate, 1.0),
            "framework": (1.0, -learning_rate),
            "average": (1 - alpha, -learning_rate),
        }[self.variant]
        velocity = tree_map(lambda v, g: alpha * v + gradient_weight * g, state.velocity, grads)
        # The product is a new array even where the weight is 1: updates and state share nothing.
        updates = tree_map(lambda v: update_weight * v, velocity)
        return updates, MomentumState(state.step + 1, velocity)


@dataclass(frozen=True)
class Nesterov(Optimizer[MomentumState]):
    r"""Momentum with the gradient taken where the momentum is about to lead.

    Parameters
    ----------
    learning_rate : float or Schedule, >= 0
        η.
    momentum : float, 0 <= momentum < 1
        α.
    variant : str
        ``"sutskever"``, ``"lookahead_iterate"`` or ``"pytorch"``.

    Raises
    ------
    ValueError
        If a hyperparameter is out of range or there is no such variant.

    Notes
    -----
    ``"sutskever"``, ours, takes the gradient at the point that :meth:`lookahead` returns:

    .. math:: \Delta_t = \alpha \Delta_{t-1} - \eta\, g(\theta_{t-1} + \alpha \Delta_{t-1})

    ``"lookahead_iterate"`` (CS231n, Keras) carries that point itself as its parameters, so that
    the gradient is taken where the parameters are:

    .. math:: v_t = \alpha v_{t-1} - \eta\, g_t, \qquad \Delta_t = \alpha v_t - \eta\, g_t

    ``"pytorch"`` does the same with η outside of what is remembered:

    .. math:: v_t = \alpha v_{t-1} + g_t, \qquad \Delta_t = -\eta\,(g_t + \alpha v_t)

    While η is constant, the parameters of the last two are the look-ahead points of the first.

    References
    ----------
    Sutskever et al. 2013.

    Examples
    --------
    The gradient is to be taken half a step ahead of where the parameter is:

    >>> optimizer = Nesterov(learning_rate=0.1, momentum=0.5)
    >>> update, state = optimizer.update(1.0, optimizer.init(0.0))
    >>> round(float(optimizer.lookahead(-0.1, state)), 3)
    -0.15
    """

    learning_rate: LearningRate = 0.01
    momentum: float = 0.9
    variant: str = "sutskever"
    variants: ClassVar[tuple[str, ...]] = ("sutskever", "lookahead_iterate", "pytorch")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_between(0, 1, momentum=self.momentum)

    def init(self, params: Tree) -> MomentumState:
        return MomentumState(step=0, velocity=zeros_like_tree(params))

    def lookahead(self, params: TreeT, state: MomentumState) -> TreeT:
        r"""Point at which this step's gradient is to be taken.

        Parameters
        ----------
        params : Tree
            Parameters θ.
        state : MomentumState
            State before the step.

        Returns
        -------
        Tree
            θ + αΔ for the variant ``"sutskever"``; θ for the others, which are there already.

        Raises
        ------
        ValueError
            If parameters and state differ in structure or shapes.
        """
        if self.variant != "sutskever":
            return params
        return tree_map(lambda p, v: p + float(self.momentum) * v, params, state.velocity)

    def update(self, grads: Tree, state: MomentumState) -> tuple[Tree, MomentumState]:
        """Turn gradients, taken at the look-ahead point, into the change of the parameters.

        Parameters
        ----------
        grads : Tree
            Gradients at :meth:`lookahead` of the parameters.
        state : MomentumState
            ``(step, velocity)``.

        Returns
        -------
        updates : Tree
            To be added to the parameters, not to the look-ahead point.
        state : MomentumState
            One step further.

        Raises
        ------
        ValueError
            If gradients and state differ in structure or shapes.
        """
        eta, alpha = learning_rate_at(self.learning_rate, state.step), float(self.momentum)
        # Each row: weight of g in the velocity, then of g and of the velocity in the update.
        in_velocity, of_gradient, of_velocity = {
            "sutskever": (-eta, 0.0, 1.0),
            "lookahead_iterate": (-eta, -eta, alpha),
            "pytorch": (1.0, -eta, -eta * alpha),
        }[self.variant]
        velocity = tree_map(lambda v, g: alpha * v + in_velocity * g, state.velocity, grads)
        updates = tree_map(lambda v, g: of_velocity * v + of_gradient * g, velocity, grads)
        return updates, MomentumState(state.step + 1, velocity)
