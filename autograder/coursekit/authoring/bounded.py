"""Call a changed function so that it comes to an end: the lines that it runs are counted."""

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from coursekit.authoring.rewriting import FILE

MOST_LINES = 3000
"""Lines of its source that a changed function may run in one call."""


class RanOnError(Exception):
    """A changed function ran more lines than any right one would."""


def bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that raises where the changed function would run on and on.

    A change may have a loop go through the list that it makes longer. Processor time would tell
    how busy the machine is, and differ from run to run.
    """

    def called(*arguments: object) -> Any:
        left = MOST_LINES

        def count(frame: FrameType, event: str, argument: object) -> Any:
            nonlocal left
            left -= event == "line"
            if left < 0:
                raise RanOnError(f"more than {MOST_LINES} lines")
            return count

        def enter(frame: FrameType, event: str, argument: object) -> Any:
            return count if is_changed(frame.f_code) else None

        before = sys.gettrace()
        sys.settrace(enter)
        try:
            return function(*arguments)
        finally:
            sys.settrace(before)

    return called


def is_changed(code: CodeType) -> bool:
    return code.co_filename == FILE
