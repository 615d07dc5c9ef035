"""Write the package data `digits.npz` from the copy of the UCI digits in scikit-learn.

Run once, from the root of the checkout: ``python tests/golden/make_digits.py``.
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

TARGET = Path(__file__).parents[2] / "solutions/backprop/data/digits.npz"


def main() -> None:
    """Check the ranges, then store pixels and labels in the smallest integer type."""
    digits = load_digits()
    assert digits.data.min() == 0
    assert digits.data.max() == 16
    np.savez_compressed(
        TARGET, pixels=digits.data.astype(np.uint8), labels=digits.target.astype(np.uint8)
    )
    print(f"{TARGET.name}: {len(digits.data)} digits, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
