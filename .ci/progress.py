"""Run a long command and say how far it is, in a few lines in place of all that it prints."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

LOOK, SILENT = 10.0, 60.0
"""Seconds after which there may be a line, if the state has changed, and after which there is."""

KEPT = 60
"""Lines of the command that are shown when it fails."""


class Progress:
    """Reads what a command prints, and knows how far that is.

    Attributes
    ----------
    state : str
        How far it is, in words.
    """

    state = ""

    def read(self, line: str) -> bool:
        """Take a line in; whether it is the reader's business as it stands."""
        raise NotImplementedError


def run(
    command: list[str], progress: Progress, log: Path, say: Callable[[str], object] = print
) -> int:
    """Run a command; all that it prints goes into a file.

    Parameters
    ----------
    command : list of str
    progress : Progress
    log : Path
    say : callable
        Shows a line.

    Returns
    -------
    int
        The exit status.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    ended, lines = threading.Event(), []
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
            errors="replace",
        )  # fmt: skip
        clock = threading.Thread(target=tell, args=(progress, ended, say), daemon=True)
        clock.start()
        for line in process.stdout:
            file.write(line)
            lines.append(line)
            if progress.read(line):
                say(line.rstrip())
        status = process.wait()
    ended.set()
    clock.join()
    if status:
        say("".join(lines[-KEPT:]).rstrip())
        say(f"This ended with status {status}. All that it printed: {log}")
    return status


def tell(progress: Progress, ended: threading.Event, say: Callable[[str], object]) -> None:
    """Say the state now and then, until the command has ended."""
    started = said = time.monotonic()
    state = ""
    while not ended.wait(LOOK):
        now = time.monotonic()
        if progress.state != state or now - said >= SILENT:
            state, said = progress.state, now
            say(f"  {now - started:3.0f} s  {state}")
            sys.stdout.flush()
