"""What two wrong answers have in common is what they do, and not how it is written."""

import numpy as np
import pytest

from coursekit.checks.model import Ended, Raised, Returned
from coursekit.grading.awarding import behaviour

NUMBERS = np.array([[1.0, -2.5], [3e-9, 0.1]])


@pytest.mark.parametrize(
    "other",
    [
        NUMBERS * (1 + 1e-12),
        NUMBERS + np.array([[0.0, 0.0], [1e-18, 0.0]]),
        NUMBERS.astype(np.longdouble).astype(float),
    ],
)
def test_rounding_changes_no_behaviour(other):
    assert behaviour([Returned(NUMBERS)]) == behaviour([Returned(other)])


def test_a_number_is_a_number_of_whatever_kind():
    assert behaviour([Returned(0.5)]) == behaviour([Returned(np.array(0.5))])
    assert behaviour([Returned((0.0, 1))]) == behaviour([Returned([-0.0, np.float64(1)])])


@pytest.mark.parametrize(
    "other",
    [
        Returned(NUMBERS.T),
        Returned(-NUMBERS),
        Returned(NUMBERS * 2),
        Returned(NUMBERS.ravel()),
        Returned(None),
        Returned(NUMBERS, ("X",)),
        Returned(np.full((2, 2), np.nan)),
        Raised("ValueError"),
    ],
)
def test_what_differs_is_another_behaviour(other):
    assert behaviour([Returned(NUMBERS)]) != behaviour([other])


def test_an_error_is_known_by_its_kind_and_what_never_ends_by_nothing():
    assert behaviour([Raised("ValueError", "x")]) == behaviour([Raised("ValueError", "y")])
    assert behaviour([Returned(1.0), Ended("TimeoutError")]) == ""
