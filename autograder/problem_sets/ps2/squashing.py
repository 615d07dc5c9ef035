"""The logistic function as a beginner writes it."""

import numpy as np


def squash(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
