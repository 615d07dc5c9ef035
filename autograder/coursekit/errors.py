"""The error that a person who uses the course can act on, and a guess at what was meant."""

from collections.abc import Iterable
from difflib import get_close_matches


class CourseError(Exception):
    """Something in the course's own files or in a command is wrong.

    The message says what came, what was expected and what to do; the command line prints it
    without a traceback and exits with status 2.
    """


def guess(name: str, known: Iterable[str]) -> str:
    """A question to put before what there is, if a name looks like a mistyped one."""
    close = get_close_matches(name, list(known), 1)
    return f"is {close[0]} meant? " if close else ""
