"""An optimizer on a function whose gradient is known: the path that the parameters take."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from backprop.optimizers import Optimizer, apply_updates
from backprop.optimizers.base import StateT, check_optimizer
from backprop.validation import Array, as_float_array

__all__ = ["Gradient", "descend"]

Gradient = Callable[[Array], Array]
"""``params -> gradient``, both of the same shape."""


def descend(
    start: ArrayLike, gradient: Gradient, optimizer: Optimizer[StateT], steps: int
) -> Array:
    r"""Let an optimizer walk and record where it has been.

    Parameters
    ----------
    start : ArrayLike, any shape
        Parameters before the first step.
    gradient : callable
        ``params -> gradient`` of the function to be made small. It may draw a minibatch at each
        call.
    optimizer : Optimizer
        Its state starts anew.
    steps : int, >= 0
        Number of updates.

    Returns
    -------
    Array, shape (steps + 1, ...)
        The parameters before the first step and after each. Infinite or NaN once a divergence
        has left the range of floating-point numbers.

    Raises
    ------
    ValueError
        If the number of steps is negative, a gradient has another shape than the parameters, or
        the arguments stand in another order.

    Notes
    -----
    .. math:: \theta_t = \theta_{t-1} + \Delta_t

    The gradient is taken where the optimizer asks for it, at ``lookahead``.

    References
    ----------
    D, *Gradient Descent*, the weight space trajectory.

    Examples
    --------
    >>> from backprop.optimizers import GradientDescent
    >>> descend([8.0], lambda x: 2 * x, GradientDescent(0.25), steps=3)  # down x²
    array([[8.],
           [4.],
           [2.],
           [1.]])
    """
    if steps < 0:
        raise ValueError(f"steps is {steps}, expected 0 or more")
    check_optimizer(optimizer, gradient=gradient)
    params = as_float_array(start, "start")
    state, path = optimizer.init(params), [params]
    for _ in range(steps):
        grads = gradient(optimizer.lookahead(params, state))
        updates, state = optimizer.update(grads, state)
        params = apply_updates(params, updates)
        path.append(params)
    return np.array(path)
