"""Call a changed function so that it ends: its lines, and what it gathers, are counted."""

from __future__ import annotations

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
"""Parts that one of its variables may have."""

LOOKED_AT = 4
"""After so many lines its variables are looked at: what doubles has not grown far."""


class RanOnError(Exception):
    """A changed function ran more lines, or gathered more, than any right one would."""


class StoppedError(BaseException):
    """The same on its way out, which no `except` of the function stops."""


def bounded(function: Callable[..., Any], most: int = MOST_RUN) -> Callable[..., Any]:
    """A function that raises where the changed function would run on and on.

    A change may have a loop go through the list that it makes longer. Processor time would tell
    how busy the machine is, and differ from run to run.

    Parameters
    ----------
    function : callable
        From a file of the name :data:`CHANGED`.
    most : int
        Lines that it may run.
    """

    def called(*arguments: object) -> Any:
        left = most

        def count(frame: FrameType, event: str, argument: object) -> Any:
            nonlocal left
            left -= event == "line"
            if left < 0 or (not left % LOOKED_AT and gathers_too_much(frame)):
                raise StoppedError
            return count

        def enter(frame: FrameType, event: str, argument: object) -> Any:
            return count if is_of_the_notebook(frame) else None

        before = sys.gettrace()
        sys.settrace(enter)
        try:
            return function(*arguments)
        except StoppedError:
            raise RanOnError(f"more than {most} lines, or {MOST_GATHERED} parts") from None
        finally:
            sys.settrace(before)

    return called


def is_of_the_notebook(frame: FrameType) -> bool:
    """Whether it runs a changed function, or a student's that it calls."""
    return frame.f_code.co_filename == CHANGED or frame.f_globals.get("__name__") == "__main__"


def gathers_too_much(frame: FrameType) -> bool:
    return any(parts_in(value) > MOST_GATHERED for value in frame.f_locals.values())


def parts_in(value: object) -> int:
    if isinstance(value, np.ndarray):
        return value.size
    return len(value) if isinstance(value, list | tuple | str | bytes | dict | set) else 0
