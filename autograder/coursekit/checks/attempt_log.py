"""The attempt log: off until a student switches it on, then a line for each check and each hint.

A line says when, which exercise, what came out and what could be said of it. It holds no code, no
number and no text of the student's.
"""

from __future__ import annotations

import builtins
import hashlib
import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from coursekit.checks.asides import aside_of
from coursekit.checks.diagnosis import diagnose
from coursekit.checks.model import Raised, Verdict
from coursekit.checks.overheard import say
from coursekit.checks.patterns import pattern_of
from coursekit.checks.words import wrap

PASSED_CHECK = "passed"
"""In the place of the property that fails."""

MOST_LOGGED = 2_000_000
"""Bytes of a log; what is longer is not added to."""

TEXT_IN_PATTERN = re.compile(r"'[^']*'|\"[^\"]*\"")
NUMBER_IN_PATTERN = re.compile(r"\d[\d.e+-]*")

WELCOME = (
    "From now on each check and each hint adds a line to {names}, beside this notebook: when, "
    "which exercise, what came out, what could be said of it. None of your code is in it. It "
    "stays with you unless you hand it in. Read it, delete it, or stop: log_attempts(False)."
)


class AttemptLog:
    """Whether attempts are logged, and whether it was said that they cannot be."""

    on = False
    refused = False


def switch_log(on: bool, names: list[str]) -> None:
    """Begin or end the log, and say so."""
    AttemptLog.on, AttemptLog.refused = bool(on), False
    if AttemptLog.on:
        say(wrap(WELCOME.format(names=" or ".join(names) or "a file")))
    else:
        say("Attempts are not logged any more. The file stays until you delete it.")


def log_name(problem_set: str) -> str:
    """The name of the file, beside the notebook."""
    return f"{problem_set}_attempts.jsonl"


def log_attempt(path: Callable[[], Path], verdict: Verdict, asked: str) -> None:
    """Add a line, if the student wants that; where it cannot be added, the check goes on.

    Parameters
    ----------
    path : callable
        Gives the file.
    verdict : Verdict
    asked : {"check", "hint", "message"}
        What the student asked for; "message" is the hint that names the mistake, or says what
        goes wrong here most often where none is known.
    """
    if not AttemptLog.on:
        return
    entry = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "exercise": verdict.task.exercise or verdict.task.name,
        "asked": asked,
        "verdict": PASSED_CHECK if verdict.passed else verdict.failure.prop,
        "diagnosis": [] if verdict.passed else diagnosis_of(verdict),
    }
    try:
        append_line(path(), json.dumps(entry))
    except OSError as error:
        if not AttemptLog.refused:
            AttemptLog.refused = True
            why = error.strerror or type(error).__name__
            say(f"The log of your attempts could not be written ({why}); your checks go on.")


def diagnosis_of(verdict: Verdict) -> list[str]:
    """What could be said: digests of messages, or what the numbers have in common, or an error."""
    names = diagnose(verdict)
    if names:
        return [f"message {digest_of(verdict.task.messages[name])}" for name in names]
    outcome = verdict.outcomes[verdict.first]
    if isinstance(outcome, Raised):
        return [f"error {outcome.kind if hasattr(builtins, outcome.kind) else 'of its own'}"]
    aside = aside_of(verdict)  # whose later sentences may hold what came back
    said = aside.names.partition(". ")[0] if aside else pattern_of(verdict)
    pattern = TEXT_IN_PATTERN.sub("…", said)
    return [f"pattern {NUMBER_IN_PATTERN.sub('#', pattern)}"] if pattern else []


def digest_of(message: str) -> str:
    """A message by a few letters, so that the log does not say what a hint is still to say."""
    return hashlib.sha256(message.encode()).hexdigest()[:12]


def append_line(path: Path, line: str) -> None:
    """Add a line in one piece, as another notebook may do so at the same time.

    Raises
    ------
    OSError
        If it cannot be added.
    """
    begin = b""
    if path.exists():
        if not path.is_file():
            raise OSError(0, f"{path.name} is not a file")
        if path.stat().st_size > MOST_LOGGED:
            raise OSError(0, f"{path.name} is full; delete it to begin another one")
        begin = b"" if ends_a_line(path) else b"\n"
    with path.open("ab", buffering=0) as file:
        file.write(begin + line.encode() + b"\n")


def ends_a_line(path: Path) -> bool:
    """Whether a file is empty or its last line is complete."""
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return True
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"
