"""Where a hint leads: a figure of the book that one can touch, in a certain state."""

import re

from coursekit.errors import CourseError

SITUATION = re.compile(r"[a-z]+(\?[^\s#`<>]+)?")
"""A figure of the book, and its state as a link has it."""


def check_situation(situation: str) -> None:
    """Refuse what leads to no figure; nothing is as good as a situation."""
    if situation and not SITUATION.fullmatch(situation):
        raise CourseError(
            f"situation={situation!r} is none; expected is the name of a figure and its state, as "
            'a link of the book has them: "microscope?step=8"'
        )
