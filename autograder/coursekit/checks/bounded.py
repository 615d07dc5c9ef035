"""Call a changed function so that it ends: its lines, and what it gathers, are counted."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import numpy as np

CHANGED = "<changed>"
"""The name of the file from which changed functions come."""

MOST_RUN = 3000
"""Lines of its source that a changed function may run in one call."""

MOST_GATHERED = 1_000_000
"""Numbers, or other parts, that one of its variables may hold."""

DEEPEST = 5
"""Lists within lists: what goes deeper may contain itself, and holds too much in any case."""


class RanOnError(Exception):
    """A changed function ran more lines, or gathered more, than any right one would."""


class StoppedError(BaseException):
    """The same on its way out, which no `except` of the function stops."""


def bounded(
    function: Callable[..., Any], most: int = MOST_RUN, gathered: int = MOST_GATHERED
) -> Callable[..., Any]:
    """A function that raises where the changed function would run on and on.

    A change may have a loop go through the list that it makes longer. Processor time would tell
    how busy the machine is, and differ from run to run.

    Parameters
    ----------
    function : callable
        From a file of the name :data:`CHANGED`.
    most : int
        Lines that it may run.
    gathered : int
        What one of its variables may hold.
    """

    def called(*arguments: object) -> Any:
        left = most

        def count(frame: FrameType, event: str, argument: object) -> Any:
            nonlocal left
            left -= event == "line"
            if left < 0 or gathers_more(frame, gathered):
                raise StoppedError
            return count

        def enter(frame: FrameType, event: str, argument: object) -> Any:
            return count if is_of_the_notebook(frame) else None

        before = sys.gettrace()
        sys.settrace(enter)
        try:
            return function(*arguments)
        except StoppedError:
            raise RanOnError(f"more than {most} lines, or {gathered} parts") from None
        finally:
            sys.settrace(before)

    return called


def is_of_the_notebook(frame: FrameType) -> bool:
    """Whether it runs a changed function, or a student's that it calls."""
    return frame.f_code.co_filename == CHANGED or frame.f_globals.get("__name__") == "__main__"


def gathers_more(frame: FrameType, most: int) -> bool:
    return any(parts_in(value) > most for value in frame.f_locals.values())


def parts_in(value: object, depth: int = DEEPEST) -> float:
    """How much a value holds: of arrays in lists their entries, too."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple) and value:
        inside = sum(parts_in(part, depth - 1) for part in value) if depth else math.inf
        return len(value) + inside
    return len(value) if isinstance(value, str | bytes | set) else 0
