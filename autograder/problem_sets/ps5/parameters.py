"""The parameters of a network."""

import numpy as np

Params = list[tuple[np.ndarray, np.ndarray]]
