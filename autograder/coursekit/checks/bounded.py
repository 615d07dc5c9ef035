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

EVERY = 20
"""Lines from one look into what variables hold to the next; their own lengths are always seen."""

DEEPEST = 5
"""Lists within lists: what goes deeper may contain itself, and holds too much in any case."""


SEQUENCES, TEXTS = (list, tuple), (str, bytes, set)
WITH_LENGTH = frozenset({*SEQUENCES, *TEXTS, dict})


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
            measure = parts_in if event == "return" or left % EVERY == 0 else length
            if left < 0 or gathers_more(frame, gathered, measure):
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


def gathers_more(frame: FrameType, most: int, measure: Callable[[object], float]) -> bool:
    for value in frame.f_locals.values():  # noqa: SIM110 - it runs for each line of each change
        if measure(value) > most:
            return True
    return False


def length(value: object) -> int:
    """How many parts a value has, whatever they hold: nothing is gone through."""
    if isinstance(value, np.ndarray):
        return value.size
    return len(value) if type(value) in WITH_LENGTH else 0  # type: ignore[arg-type]


def parts_in(value: object, depth: int = DEEPEST) -> float:
    """How much a value holds: of arrays in lists their entries, too."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, SEQUENCES) and value:
        inside = sum(parts_in(part, depth - 1) for part in value) if depth else math.inf
        return len(value) + inside
    return len(value) if isinstance(value, TEXTS) else 0
