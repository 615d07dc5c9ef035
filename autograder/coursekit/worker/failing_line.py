"""Where in a notebook an error arose."""

from __future__ import annotations

import linecache
from traceback import walk_tb

LONGEST = 120
"""Characters of a line that are shown."""


def failing_line(error: BaseException) -> str:
    """The line of the notebook's own code in which an error arose, as it is written there.

    Of several that are being run, the innermost. Empty if none is known, as of a text that
    ``eval`` was given: under its name, Python 3.13 shows the line that started the process.

    Parameters
    ----------
    error : BaseException
        As it was caught.
    """
    own = [
        (frame.f_code.co_filename, number)
        for frame, number in walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__") == "__main__"
    ]
    if not own or own[-1][0] == "<string>":
        return ""
    return one_line(linecache.getline(*own[-1]))


def one_line(text: str) -> str:
    """A line as it is shown."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def kind_of(error: BaseException) -> str:
    """The name of an error's kind, or of the first public one that it is an instance of.

    A parenthesis that is not closed is an ``_IncompleteInputError`` from Python 3.13 on.
    """
    kinds: tuple[type, ...] = type.__getattribute__(type(error), "__mro__")
    names: list[str] = [type.__getattribute__(kind, "__name__") for kind in kinds]
    return next(name for name in names if not name.startswith("_"))


def marked_line(error: SyntaxError) -> str:
    """The line that is no Python, by its number and in its words, with a sign below the place."""
    text = (error.text or "").split("\n")[0].rstrip()
    place = min(max((error.offset or 1) - 1, 0), len(text))
    begin = max(place - LONGEST // 2, 0)
    return f"line {error.lineno}:\n{text[begin : begin + LONGEST]}\n{' ' * (place - begin)}^"
