"""Hypothesis strategies that the tests of the reference package share."""

import numpy as np
from hypothesis import strategies as st

# From 1 up: a length of 1 is where a missing axis hides.
sizes = st.integers(min_value=1, max_value=5)
dtypes = st.sampled_from([np.float32, np.float64])
generators = st.integers(min_value=0, max_value=2**32 - 1).map(np.random.default_rng)


def shapes(min_dims: int = 0, max_dims: int = 3) -> st.SearchStrategy[tuple[int, ...]]:
    """Shapes with axes of length 1 to 5."""
    return st.lists(sizes, min_size=min_dims, max_size=max_dims).map(tuple)


@st.composite
def broadcastable_shapes(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two shapes of which one is broadcast to the other, or both to a third."""
    full = draw(shapes(1, 3))
    pair = []
    for _ in range(2):
        kept = draw(st.integers(0, len(full)))
        stretched = draw(st.lists(st.booleans(), min_size=len(full), max_size=len(full)))
        pair.append(tuple(1 if s else n for n, s in zip(full, stretched, strict=True))[kept:])
    return pair[0], pair[1]


@st.composite
def arrays(
    draw: st.DrawFn, shape: tuple[int, ...], dtype: type = np.float64, scale: float = 1.0
) -> np.ndarray:
    """Normally distributed arrays; generic numbers, because zeros and ones hide factors."""
    return np.asarray(scale * draw(generators).standard_normal(shape), dtype=dtype)
