"""The logistic function as a beginner writes it."""

import numpy as np


def squash(z):
    """Right for moderate numbers; it overflows, with a warning, far below zero."""
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
