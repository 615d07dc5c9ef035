"""Adam and Nadam: momentum and a learning rate for each parameter, together."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar, NamedTuple

import numpy as np

from backprop.optimizers.base import Optimizer, zeros_like_tree
from backprop.optimizers.trees import Tree, tree_map
from backprop.schedules import LearningRate, learning_rate_at
from backprop.validation import Array, check_between, check_positive

__all__ = ["Adam", "AdamState", "Nadam", "NadamState"]


class AdamState(NamedTuple):
    """State of Adam.

    Attributes
    ----------
    step : int
        Number of updates made so far: t − 1 of the update that comes.
    m : Tree
        Moving average of the gradients, the first moment.
    v : Tree
        Moving average of the squared gradients, the second moment.
    """

    step: int
    m: Tree
    v: Tree


@dataclass(frozen=True)
class Adam(Optimizer[AdamState]):
    r"""Adaptive moment estimation: averaged gradient over root of averaged squared gradient.

    Parameters
    ----------
    learning_rate : float or Schedule, >= 0
        η.
    beta1 : float, 0 <= beta1 < 1
        β₁, the share of the first moment that is kept.
    beta2 : float, 0 <= beta2 < 1
        β₂, the share of the second moment that is kept.
    eps : float, > 0
        ε, keeps the quotient finite.
    variant : str
        ``"algorithm1"``, ``"eps_hat"`` or ``"no_bias_correction"``.

    Raises
    ------
    ValueError
        If a hyperparameter is out of range or there is no such variant.

    Notes
    -----
    Step t = 1, 2, …, element-wise, from m₀ = v₀ = 0:

    .. math::
        m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t, \qquad
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2

    .. math::
        \hat m_t = \frac{m_t}{1 - \beta_1^t}, \qquad \hat v_t = \frac{v_t}{1 - \beta_2^t}, \qquad
        \Delta_t = -\eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}

    That is ``"algorithm1"``, ours. ``"eps_hat"`` (TensorFlow, Keras) adds ε to √v before the
    correction; it is the same if and only if ε̂ = ε √(1 − β₂ᵗ):

    .. math:: \Delta_t = -\eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}
              \frac{m_t}{\sqrt{v_t} + \hat\epsilon}

    ``"no_bias_correction"`` uses m and v as they are: its first step is 3.16 times as long for the
    usual β₁ = 0.9, β₂ = 0.999.

    References
    ----------
    Kingma and Ba 2015, Algorithm 1.

    Examples
    --------
    The first step is η long, whatever the size of the gradient:

    >>> optimizer = Adam(learning_rate=0.1)
    >>> updates, state = optimizer.update(np.array([100.0, -0.01]), optimizer.init(np.zeros(2)))
    >>> updates.round(3)
    array([-0.1,  0.1])
    """

    learning_rate: LearningRate = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    variant: str = "algorithm1"
    variants: ClassVar[tuple[str, ...]] = ("algorithm1", "eps_hat", "no_bias_correction")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_between(0, 1, beta1=self.beta1, beta2=self.beta2)
        check_positive(eps=self.eps)

    def init(self, params: Tree) -> AdamState:
        return AdamState(step=0, m=zeros_like_tree(params), v=zeros_like_tree(params))

    def update(self, grads: Tree, state: AdamState) -> tuple[Tree, AdamState]:
        t = state.step + 1
        m = _average(self.beta1, state.m, grads)
        v = _average_of_squares(self.beta2, state.v, grads)
        corrected = self.variant != "no_bias_correction"
        m_scale = 1 - float(self.beta1) ** t if corrected else 1.0
        root_scale = sqrt(1 - self.beta2**t) if corrected else 1.0
        # Both corrections are numbers. Multiplied into η and ε they cost no array of their own,
        # and the two places for ε differ by this one factor.
        eps = float(self.eps) * (1.0 if self.variant == "eps_hat" else root_scale)
        factor = -learning_rate_at(self.learning_rate, state.step) * root_scale / m_scale
        updates = tree_map(lambda m, v: factor * m / (np.sqrt(v) + eps), m, v)
        return updates, AdamState(t, m, v)


class NadamState(NamedTuple):
    """State of Nadam.

    Attributes
    ----------
    step : int
        Number of updates made so far: t − 1 of the update that comes.
    m : Tree
        Moving average of the gradients, the first moment.
    v : Tree
        Moving average of the squared gradients, the second moment.
    momentum_product : float
        μ₁ μ₂ ⋯ of the updates made so far; 1 before the first.
    """

    step: int
    m: Tree
    v: Tree
    momentum_product: float


@dataclass(frozen=True)
class Nadam(Optimizer[NadamState]):
    r"""Adam with Nesterov's look-ahead: the momentum of the next step is used in this one.

    Parameters
    ----------
    learning_rate : float or Schedule, >= 0
        η.
    beta1 : float, 0 <= beta1 < 1
        β₁, the momentum, or the limit of its schedule.
    beta2 : float, 0 <= beta2 < 1
        β₂, the share of the second moment that is kept.
    eps : float, > 0
        ε, keeps the quotient finite.
    variant : str
        ``"constant"``, ``"dozat"``, ``"pytorch"``, ``"keras"`` or ``"ruder"``.
    momentum_decay : float, >= 0, optional
        ψ of the schedule of μ. By default that of the variant: 0.004 (Dozat, PyTorch) or 1 (Keras).

    Raises
    ------
    ValueError
        If a hyperparameter is out of range or there is no such variant.

    Notes
    -----
    v and v̂ are Adam's. With Πₜ = μ₁ ⋯ μₜ:

    .. math::
        m_t = \mu_t m_{t-1} + (1 - \mu_t) g_t, \qquad
        \Delta_t = -\frac{\eta}{\sqrt{\hat v_t} + \epsilon} \left[
        \frac{\mu_{t+1} m_t}{1 - \Pi_{t+1}} + \frac{(1 - \mu_t) g_t}{1 - \Pi_t} \right]

    - ``"constant"``, ours and Optax': μₜ = β₁, hence Πₜ = β₁ᵗ.
    - ``"dozat"``: μₜ = β₁ (1 − ½ · 0.96^(tψ)) everywhere.
    - ``"pytorch"``, ``"keras"``: the same μₜ, but m is averaged with β₁ as in Adam. The two differ
      by ψ only.
    - ``"ruder"``, also TensorFlow 1: μₜ = β₁, and 1 − Πₜ under both terms.

    References
    ----------
    Dozat 2016; Ruder 2016.

    Examples
    --------
    The first step is longer than Adam's, by the momentum of the second:

    >>> optimizer = Nadam(learning_rate=0.1)
    >>> updates, state = optimizer.update(np.array([100.0, -0.01]), optimizer.init(np.zeros(2)))
    >>> updates.round(3)
    array([-0.147,  0.147])
    """

    learning_rate: LearningRate = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    variant: str = "constant"
    momentum_decay: float | None = None
    variants: ClassVar[tuple[str, ...]] = ("constant", "dozat", "pytorch", "keras", "ruder")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_between(0, 1, beta1=self.beta1, beta2=self.beta2)
        check_positive(eps=self.eps)
        check_between(0, np.inf, momentum_decay=self._psi())

    def init(self, params: Tree) -> NadamState:
        return NadamState(0, zeros_like_tree(params), zeros_like_tree(params), 1.0)

    def momentum_at(self, t: int) -> float:
        """Momentum of step t.

        Parameters
        ----------
        t : int, >= 1
            The first step is 1.

        Returns
        -------
        float
            μₜ: β₁ itself for the variants without a schedule.
        """
        if self.variant in ("constant", "ruder"):
            return float(self.beta1)
        return float(self.beta1) * (1 - 0.5 * 0.96 ** (t * self._psi()))

    def _psi(self) -> float:
        if self.momentum_decay is not None:
            return float(self.momentum_decay)
        return 1.0 if self.variant == "keras" else 0.004

    def update(self, grads: Tree, state: NadamState) -> tuple[Tree, NadamState]:
        t = state.step + 1
        mu, mu_next = self.momentum_at(t), self.momentum_at(t + 1)
        product = state.momentum_product * mu
        product_below_m = product if self.variant == "ruder" else product * mu_next
        m = _average(mu if self.variant == "dozat" else self.beta1, state.m, grads)
        v = _average_of_squares(self.beta2, state.v, grads)
        root_scale = sqrt(1 - self.beta2**t)
        step = -learning_rate_at(self.learning_rate, state.step) * root_scale
        of_m, of_gradient = step * mu_next / (1 - product_below_m), step * (1 - mu) / (1 - product)
        eps = float(self.eps) * root_scale
        updates = tree_map(
            lambda m, v, g: (of_m * m + of_gradient * g) / (np.sqrt(v) + eps), m, v, grads
        )
        return updates, NadamState(t, m, v, product)


def _average(beta: float, averages: Tree, grads: Tree) -> Tree:
    beta = float(beta)  # a NumPy number of float64 would turn float32 arrays into float64

    def average(old: Array, g: Array) -> Array:
        new = (1 - beta) * g
        new += beta * old  # in place, but in an array that nobody else has seen
        return new

    return tree_map(average, averages, grads)


def _average_of_squares(beta: float, averages: Tree, grads: Tree) -> Tree:
    beta = float(beta)

    def average(old: Array, g: Array) -> Array:
        new = g * g
        new *= 1 - beta
        new += beta * old
        return new

    return tree_map(average, averages, grads)
