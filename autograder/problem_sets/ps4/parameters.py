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
