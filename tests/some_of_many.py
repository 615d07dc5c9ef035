"""Tests of hundreds of values: some are tried in each run, all of them with `--thorough`."""

from collections.abc import Collection, Iterable
from typing import TypeVar

import pytest

Value = TypeVar("Value")


def some_of(values: Iterable[Value], step: int, always: Collection[Value] = ()) -> list[object]:
    """Parameters of a test, of which each `step`-th and those in `always` are tried in each run.

    A value that is a tuple is several arguments.
    """
    return [
        value if number % step == 0 or value in always else left_for_later(value)
        for number, value in enumerate(values)
    ]


def left_for_later(value: object) -> object:
    given = value if isinstance(value, tuple) else (value,)
    return pytest.param(*given, marks=pytest.mark.thorough)
