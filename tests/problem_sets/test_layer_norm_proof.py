"""What problem set 3 asks to be proved of a layer that normalizes is true."""

import numpy as np
import pytest

from coursekit.authoring.masters import MASTERS, read_master


def sums(eps: float) -> tuple[float, float]:
    """The largest sum of a row of dX, and of a row of X times dX."""
    layer_norm_backward = read_master(MASTERS / "ps3.md").exercise("layer-norm").reference.function
    rng = np.random.default_rng(4)
    dY, X, gain = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), rng.normal(size=4)
    dX, _, _ = layer_norm_backward(dY, X, gain, eps)
    return abs(dX.sum(axis=1)).max(), abs((X * dX).sum(axis=1)).max()


def test_both_statements_hold_without_eps():
    assert max(sums(0.0)) < 1e-14


@pytest.mark.parametrize("eps", [1e-3, 1.0])
def test_with_eps_the_first_holds_and_the_second_does_not(eps):
    added, along = sums(eps)
    assert added < 1e-14 < 1e-5 < along
