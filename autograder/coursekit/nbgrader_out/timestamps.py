"""When a hand-in came, as nbgrader writes it beside the notebook."""

import re
from contextlib import suppress
from datetime import datetime

from nbgrader.utils import parse_utc

from coursekit.names import shown
from coursekit.submissions.handed_in import HandIn

NAME = "timestamp.txt"
MAX_LENGTH = 100
"""Bytes of a time."""

A_PATH = re.compile(r"(^|\s)[/.:~]|\.\.")
"""dateutil would open a zone that is a path."""


def read_timestamp(hand_in: HandIn) -> datetime | None:
    """The time in ``timestamp.txt``; None, and an oddity, if there is something else in it."""
    content = hand_in.read(NAME, MAX_LENGTH)
    text = (content or b"").decode("utf-8", "replace").strip()
    if not text:
        return None
    if not A_PATH.search(text):
        with suppress(Exception):  # of many kinds: dateutil takes the text apart in many ways
            time: datetime = parse_utc(text)
            return time
    hand_in.oddities.append(
        f"{NAME} says '{shown(text)}', where a time such as 2027-01-10 12:00:00 UTC is expected; "
        "no time was taken from it: mend the file, and grade again"
    )
    return None
