"""Steps of rules that collect squared gradients, right and wrong."""

import numpy as np

from .parameters import like_params, squares_like, zeros_like


def squares_call(first=False, scale=1.0, eps=1e-8, decay=True):
    """Draws a step, the first or one in the middle of a run; Adagrad has no decay."""

    def draw(rng):
        params = like_params(rng)
        squares = zeros_like(params) if first else squares_like(rng, scale)
        rest = (float(rng.uniform(0.6, 0.95)), eps) if decay else (eps,)
        return params, like_params(rng, scale), squares, float(rng.uniform(0.1, 0.5)), *rest

    return draw


def squares_variant(average, quotient, keep=None):
    """A step that collects squares in another way, or divides by something else."""

    def wrong(params, grads, squares, learning_rate, *rest):
        decay, eps = rest if len(rest) == 2 else (None, *rest)
        new = [average(v, g, decay) for v, g in zip(squares, grads, strict=True)]
        used = squares if keep == "old" else new
        moved = [
            p - quotient(learning_rate, g, v, eps)
            for p, g, v in zip(params, grads, used, strict=True)
        ]
        return moved, new

    return wrong


def running_sum(v, g, rho):
    return v + g**2


def root_then_eps(eta, g, v, eps):
    return eta * g / (np.sqrt(v) + eps)


def eps_inside(eta, g, v, eps):
    return eta * g / np.sqrt(v + eps)


def no_root(eta, g, v, eps):
    return eta * g / (v + eps)


def squares_with(new, change):
    """The same as :func:`squares_variant`, written for second wrong answers: by another hand."""

    def wrong(params, grads, squares, learning_rate, *rest):
        made = [new(v, g, rest[0]) for v, g in zip(squares, grads, strict=True)]
        moved = [
            p - learning_rate * change(g, w, v, rest[-1])
            for p, g, w, v in zip(params, grads, made, squares, strict=True)
        ]
        return moved, made

    return wrong


def total(v, g, _):
    return np.square(g) + v


def safe(g, v, eps):
    """The quotient as it should be."""
    return g / (v**0.5 + eps)
