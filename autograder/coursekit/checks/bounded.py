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

EVERY, LONG = 20, 40
"""Lines from one look through all that variables hold to the next, and how many parts of a list
are looked at in every line: an array in a short list can be multiplied by the next one."""

DEEPEST = 5
"""Lists within lists: what goes deeper may contain itself, and holds too much in any case."""


ARRAY, SEQUENCES, TEXTS = np.ndarray, (list, tuple), (str, bytes, set)
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

        def enter(frame: FrameType, event: str, argument: object) -> Any:
            if not is_of_the_notebook(frame):
                return None
            seen = 0  # of this frame: the looks into a loop must not fall into what it calls

            def count(frame: FrameType, event: str, argument: object) -> Any:
                nonlocal left, seen
                left -= event == "line"
                seen += 1
                measure = parts_in if event == "return" or seen % EVERY == 0 else parts_near
                if left < 0 or gathers_more(frame, gathered, measure):
                    raise StoppedError
                return count

            return count

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


def parts_near(value: object) -> float:
    """How much a value holds, without what stands in a long list.

    A list in a list in a list may contain itself, and is gone through: NumPy would take each of
    its parts for a table, and so on.
    """
    if isinstance(value, ARRAY):
        return value.size
    if type(value) not in WITH_LENGTH:
        return 0
    held: Any = value
    found = len(held)
    if found > LONG or type(held) in TEXTS:
        return found
    for part in held.values() if type(held) is dict else held:
        if isinstance(part, ARRAY):
            found += part.size
        elif type(part) in SEQUENCES:
            for one in part[:LONG]:
                if isinstance(one, ARRAY):
                    found += one.size
                elif type(one) is list:
                    return parts_in(value)
    return found


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
