"""Mutants of a reference: each has one change, and the original stays as it is."""

import numpy as np
import pytest

from coursekit.verification.mutants import mutants


def helper(x):
    return x - 1


def example(X, b):
    """Text is no code: 1 + 1."""
    if X.ndim != 2:
        raise ValueError(f"X has {X.ndim + 1} axes")
    total = 0.0
    for i in range(len(b)):
        total += X[i, 0] * helper(b[i])
    return -total + (X.T @ b).sum(axis=0)


CHANGES = {mutant.change: mutant.function for mutant in mutants(example)}
X, B = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([2.0, 4.0])


@pytest.mark.parametrize(
    "change",
    [
        "-total -> total",
        "X.T -> X",
        "X[i, 0] -> X[0, i]",
        "0 -> 1",
        "axis=0",
        "total += X[i, 0] * helper(b[i]) -> total = X[i, 0] * helper(b[i])",
        "X.T @ b -> X.T * b",
        "X.T @ b -> b @ X.T",
        "helper(b[i]) -> b[i]",
        "helper: x - 1 -> x + 1",
        "helper: x - 1 -> x",
    ],
)
def test_known_mistakes_are_among_them(change):
    assert any(change in found for found in CHANGES)


def test_docstrings_errors_and_defaults_are_left_alone():
    assert not any("X.ndim" in change for change in CHANGES)


def test_changes_have_names_of_their_own():
    assert len(CHANGES) == len(mutants(example))


def test_each_does_what_its_name_says():
    assert CHANGES["helper: x - 1 -> x + 1"](X, B) == example(X, B) - (X[:, 0] @ (2 * np.ones(2)))
    assert CHANGES["-total -> total"](X, B) == example(X, B) + 2 * (X[:, 0] @ (B - 1))


def test_the_original_is_not_touched():
    before = example(X, B)
    for function in CHANGES.values():
        try:
            function(X, B)
        except Exception:
            continue
    assert example(X, B) == before
