"""Where a function of one number is looked at: moderate numbers and far ones."""

import numpy as np


def moderate_inputs(rng):
    return (rng.normal(scale=3, size=(3, 4)),)


def one_number(rng):
    return (float(rng.normal(scale=2)),)


def whole_numbers(rng):
    return (rng.integers(-6, 7, size=5),)


def far_from_zero(rng):
    return (np.array([-1000.0, -40.0, 0.0, 40.0, 1000.0]) * rng.uniform(0.9, 1.1),)
