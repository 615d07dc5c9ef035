"""Read the attempt logs that students handed in: files like any other, and written by anybody."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from coursekit.checks.attempt_log import MOST_LOGGED, log_name
from coursekit.submissions.handed_in import HandIn

MOST_FILES, MOST_LINES, MOST_LINE = 5, 20_000, 2000
"""Logs of a student, lines of all of them, and bytes of a line; what is more is not read."""

MOST_TEXT = 200
"""Characters of a text in a line."""

ASKED = ("check", "hint", "message")


@dataclass(frozen=True)
class Attempt:
    """A line of a log.

    Attributes
    ----------
    exercise, verdict : str
    asked : {"check", "hint", "message"}
    diagnosis : tuple of str
        What could be said of it; see :mod:`coursekit.checks.attempt_log`.
    """

    exercise: str
    asked: str
    verdict: str
    diagnosis: tuple[str, ...]


@dataclass(frozen=True)
class Log:
    """What a student handed in: the attempts in their order, and lines that are none."""

    attempts: tuple[Attempt, ...]
    unread: int


def read_logs(hand_in: HandIn, problem_set: str) -> Log | None:
    """The log of a student; None if there is none.

    A browser may have numbered a file that was downloaded again, so its name may have an addition;
    lines that stand in several files count once.
    """
    begin, end = log_name(problem_set).rsplit(".", 1)
    names = [n for n in hand_in.names() if n.startswith(begin) and n.endswith(end)][:MOST_FILES]
    contents = [hand_in.read(name, MOST_LOGGED + MOST_LINE) for name in names]
    lines = [line for content in contents if content for line in content.splitlines()]
    if not any(content is not None for content in contents):
        return None
    if len(names) > 1:
        lines = list(dict.fromkeys(lines))
    read = [attempt_of(line) for line in lines[:MOST_LINES] if line.strip()]
    found = tuple(attempt for attempt in read if attempt is not None)
    return Log(found, len(read) - len(found) + len(lines[MOST_LINES:]))


def attempt_of(line: bytes) -> Attempt | None:
    """What a line says; None if it is no line of a log."""
    if len(line) > MOST_LINE:
        return None
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or entry.get("asked") not in ASKED:
        return None
    said = entry.get("diagnosis")
    if not isinstance(said, list):
        return None
    texts = [entry.get("exercise"), entry.get("verdict"), *said]
    if not all(isinstance(text, str) and len(text) <= MOST_TEXT for text in texts):
        return None
    exercise, verdict, *diagnosis = texts
    return Attempt(exercise, entry["asked"], verdict, tuple(diagnosis))


def checks_in(attempts: tuple[Attempt, ...], exercise: str) -> Iterator[tuple[Attempt, str]]:
    """The checks of one exercise, each with the most that was asked for before the next one."""
    check, asked = None, ASKED[0]
    for attempt in attempts:
        if attempt.exercise != exercise:
            continue
        if attempt.asked == ASKED[0]:
            if check is not None:
                yield check, asked
            check, asked = attempt, ASKED[0]
        else:
            asked = max(asked, attempt.asked, key=ASKED.index)
    if check is not None:
        yield check, asked
