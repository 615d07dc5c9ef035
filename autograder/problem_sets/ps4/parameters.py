"""Parameters of a network with random numbers, and what goes with them."""

import numpy as np

SHAPES = ((4, 3), (3,), (3, 2))


def like_params(rng, scale=1.0, shapes=SHAPES):
    """Parameters, gradients, or what else has their shapes."""
    return [scale * rng.normal(size=shape) for shape in shapes]


def squares_like(rng, scale=1.0, shapes=SHAPES):
    """What a run has collected of squared gradients: all positive."""
    return [scale**2 * rng.uniform(0.1, 2, size=shape) for shape in shapes]


def zeros_like(params):
    return [np.zeros_like(p) for p in params]


def averages_call(first=False, scale=1.0, eps=1e-8):
    """Draws a step of a rule with two moving averages, the first or one in the middle of a run."""

    def draw(rng):
        params = like_params(rng)
        state = (0, zeros_like(params), zeros_like(params))
        if not first:
            state = (int(rng.integers(1, 6)), like_params(rng, scale), squares_like(rng, scale))
        beta1, beta2 = float(rng.uniform(0.6, 0.9)), float(rng.uniform(0.9, 0.99))
        rate = float(rng.uniform(0.1, 0.5))
        return params, like_params(rng, scale), state, rate, beta1, beta2, eps

    return draw
