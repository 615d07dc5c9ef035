"""The command ``course``, also as ``python -m coursekit``."""

import _thread
import os
import signal
import sys
from typing import Any

INTERRUPTED = 128 + signal.SIGINT
"""Status of a command that was interrupted, as shells have it."""
OURS = ("backprop", "coursekit")
UNUSED: dict[str, Any] = {"rfc3987_syntax": None}
"""Modules that are not imported, though others would: this one builds a grammar of addresses for
half of the time that all others take, and no notebook has a format for which it is asked."""


def course(arguments: list[str] | None = None) -> int:
    """Run the command line, or say what it needs where only the package is installed."""
    before, sys.unraisablehook = sys.unraisablehook, heard_again
    sys.modules.update(UNUSED)
    try:
        from coursekit.cli import main

        try:
            return main(arguments)
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is left ends by itself
        print("\ncourse: stopped. What is done is kept; run it again to go on.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # who read the output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] in OURS:
            raise
        print(
            f"course: {error.name} is not installed. Without what the grader needs there is the "
            "package backprop alone; in its checkout, pip install '.[grader]' adds the rest.",
            file=sys.stderr,
        )
        return 2
    finally:
        sys.unraisablehook = before


def heard_again(found: "sys.UnraisableHookArgs") -> None:
    """An interrupt may meet a place from which nothing is raised; it must not be lost there."""
    if issubclass(found.exc_type, KeyboardInterrupt):
        _thread.interrupt_main()
    else:
        sys.__unraisablehook__(found)


if __name__ == "__main__":
    sys.exit(course())
