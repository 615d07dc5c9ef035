"""Runs cells as a notebook does: one namespace, output in order, the last value shown.

The live pages have it beside Pyodide, in a worker. Nothing in it knows a browser: a test runs the
same cells with it in CPython.
"""

from __future__ import annotations

import ast
import builtins
import io
import linecache
import pprint
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable

Emit = Callable[[str, str], object]
"""Takes a stream, "stdout", "stderr" or "result", and a piece of text."""

NAMESPACE = sys.modules["__main__"].__dict__
FILE = "<cell {}>"
OWN_FILE = re.compile(r"<cell (.*)>")

MOST_LINES, MOST_CHARACTERS = 500, 40_000
"""Of what a run prints; the rest is counted, and not shown."""

PIECE, PAUSE = 4096, 0.1
"""Characters that are sent on at once, and seconds after which a shorter piece is."""

NO_INPUT = "input() waits for somebody to type, and here nobody can: write the value into the code"
ADVICE = (
    ("ModuleNotFoundError", "In this page there are NumPy and Python's standard library."),
    ("RecursionError", "A function calls itself without an end."),
    ("MemoryError", "The page has no more memory for Python: take fewer or smaller arrays."),
    ("array is too big", "The page has 2 GB for Python: take fewer or smaller arrays."),
)
"""What to say beside an error that has this in its kind or in its words."""


class TimeIsUp(BaseException):
    """Ends what runs too long; no ``except Exception`` catches it."""


class Output(io.TextIOBase):
    """A stream that sends on what is written, in pieces and up to a limit.

    Parameters
    ----------
    name : str
    emit : callable
    limit : Limit
        Shared by the streams of a run.
    """

    encoding = "utf-8"

    def __init__(self, name: str, emit: Emit, limit: Limit) -> None:
        self.name, self.emit, self.limit = name, emit, limit
        self.waiting, self.size, self.sent = [], 0, time.monotonic()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        shown = self.limit.admitted(text)
        if shown:
            self.waiting.append(shown)
            self.size += len(shown)
            if self.size > PIECE or time.monotonic() - self.sent > PAUSE:
                self.flush()
        return len(text)

    def flush(self) -> None:
        if self.waiting:
            self.emit(self.name, sendable("".join(self.waiting)))
        self.waiting, self.size, self.sent = [], 0, time.monotonic()


class Limit:
    """How much of a run's output is shown."""

    def __init__(self) -> None:
        self.lines = self.characters = self.lines_left_out = self.characters_left_out = 0

    def admitted(self, text: str) -> str:
        """The part of a text that is shown."""
        shown = ""
        if not self.characters_left_out:
            lines = text.splitlines(keepends=True)[: MOST_LINES - self.lines]
            shown = "".join(lines)[: MOST_CHARACTERS - self.characters]
            self.lines += shown.count("\n")
            self.characters += len(shown)
        self.lines_left_out += text.count("\n", len(shown))
        self.characters_left_out += len(text) - len(shown)
        return shown

    def note(self) -> str:
        """What is said of the rest; empty if all is shown."""
        if not self.characters_left_out:
            return ""
        return (
            f"\n... and {self.lines_left_out:,} more lines, {self.characters_left_out:,} "
            "characters, which are not shown\n"
        )


def run_cell(name: str, source: str, emit: Emit) -> dict[str, object] | None:
    """Run a cell in the one namespace.

    Parameters
    ----------
    name : str
        Of the cell, by which errors know it.
    source : str
    emit : callable
        Gets what it prints, and its last value.

    Returns
    -------
    dict or None
        What stopped it: "kind", "text", and "line", the number of the cell's own line, 0 if there
        is none.
    """
    limit = Limit()
    streams = Output("stdout", emit, limit), Output("stderr", emit, limit)
    before = sys.stdout, sys.stderr, builtins.input
    sys.stdout, sys.stderr, builtins.input = *streams, no_input
    failed = None
    try:
        value = evaluate(name, source)
        if value is not None:
            NAMESPACE["_"] = value
            streams[0].flush()
            emit("result", sendable(limit.admitted(shown(value))))
    except BaseException as error:
        failed = described(error, name)
        failed["text"] = sendable(str(failed["text"]))
    finally:
        sys.stdout, sys.stderr, builtins.input = before
        for stream in streams:
            stream.flush()
        if limit.note():
            emit("stderr", limit.note())
    return failed


def sendable(text: str) -> str:
    """A text without halves of characters, which no browser takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def no_input(prompt: object = "") -> str:
    raise EOFError(NO_INPUT)


def evaluate(name: str, source: str) -> object:
    """Run a cell; the value of its last expression, unless a semicolon ends it."""
    file = FILE.format(name)
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    tree = ast.parse(source, file)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, file, "exec"), NAMESPACE)
    return eval(compile(last, file, "eval"), NAMESPACE) if last else None


def shown(value: object) -> str:
    """A value as a notebook shows it."""
    if isinstance(value, dict | list | tuple | set):
        return pprint.pformat(value, width=79, sort_dicts=False)
    return repr(value)


def described(error: BaseException, cell: str) -> dict[str, object]:
    """What stopped a cell: its own line first, then the error, then the way that led there."""
    kind = type(error).__name__
    if hasattr(error, "_render_traceback_"):  # as in a notebook: the message alone
        return {"kind": kind, "text": "\n".join(error._render_traceback_()), "line": 0}
    if isinstance(error, SyntaxError) and OWN_FILE.fullmatch(error.filename or ""):
        return {"kind": kind, "text": no_python(error), "line": error.lineno or 0}
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if OWN_FILE.fullmatch(frame.filename)]  # fmt: skip
    own = [frame.lineno for frame in frames if frame.filename == FILE.format(cell)]
    lines = [place_of(frame, cell) for frame in reversed(frames)]
    said = [str(error) or kind] if isinstance(error, TimeIsUp) else in_words(error)
    return {"kind": kind, "text": "\n".join([*lines[:1], *said, *called_from(lines[1:])]),
            "line": own[-1] if own else 0}  # fmt: skip


def no_python(error: SyntaxError) -> str:
    """The line that is no Python, with a sign below the place."""
    text = (error.text or "").rstrip("\n")
    sign = " " * max((error.offset or 1) - 1, 0) + "^"
    return f"line {error.lineno}:\n{text}\n{sign}\n{type(error).__name__}: {error.msg}"


def place_of(frame: traceback.FrameSummary, cell: str) -> str:
    (name,) = OWN_FILE.fullmatch(frame.filename).groups()
    where = "" if name == cell else f" of the cell {name}"
    return f"line {frame.lineno}{where}: {frame.line}"


def in_words(error: BaseException) -> list[str]:
    """The error as Python says it, and what to do about it."""
    words = "".join(traceback.format_exception_only(error)).rstrip()
    known = " ".join([*(kind.__name__ for kind in type(error).__mro__), words])
    return [words, *(advice for sign, advice in ADVICE if sign in known)]


def called_from(lines: list[str]) -> list[str]:
    """Where the failing line was called from, each place once."""
    return [f"  called from {line}" for line in dict.fromkeys(lines)]


def stop_after(seconds: float) -> None:
    """Have the signal that says that time is up raise an error with these words."""

    def stop(*_: object) -> None:
        raise TimeIsUp(
            f"It ran for {seconds:g} seconds and was stopped. Is there a loop that never ends?"
        )

    signal.signal(signal.SIGINT, stop)
