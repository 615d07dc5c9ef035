"""An IPython shell that behaves as a notebook's kernel does, without a kernel.

Notes
-----
As in a kernel: ``display``, rich results, ``%matplotlib inline`` and inline figures without it,
magics, ``!commands``, top-level ``await``, tracebacks, ``Out``, ``_``.  A program that reads
standard input gets the error that nbconvert gives; ``exit()`` ends nothing, as in a notebook that
nbconvert runs; a pager shows nothing.  Refused by the sandbox, not by the shell: the network,
hence ``%pip install``.  Other than in a kernel, ``!commands`` write to a pipe and not to a
terminal, and a misspelt magic is reported as an error beside its line on standard error.
"""

from __future__ import annotations

import builtins
import contextlib
import getpass
import io
import os
import random
import sys
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from .failing_line import failing_line, kind_of, marked_line

DISPLAYS_PER_CELL = 100
FRAMES = 30
"""Frames of a traceback that are formatted."""
TEXT_CAP = 16 * 2**10
RICH_CAP = 2 * 2**20

Recorder = Callable[[str, dict[str, str | bytes]], None]
"""Takes what kind of output it is and its data by MIME type."""


class _Publisher(DisplayPublisher):
    shell: NotebookShell

    def publish(self, data: dict[str, object], *args: object, **options: object) -> None:
        self.shell.record("update_display_data" if options.get("update") else "display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.record("clear_output", {})


class _Hook(DisplayHook):
    shell: NotebookShell

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(
        self, format_dict: dict[str, object], md_dict: dict[str, object] | None = None
    ) -> None:
        self.shell.record("execute_result", format_dict)

    def finish_displayhook(self) -> None:
        pass


class NotebookShell(InteractiveShell):
    """The shell of one submission."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    recorder: Recorder | None = None
    system = InteractiveShell.system_raw  # the piped one wants a terminal

    def record(self, kind: str, data: Mapping[str, object]) -> None:
        """Pass a rich output on, in the order in which it came."""
        flush_streams()
        if self.recorder is not None:
            self.recorder(kind, {mime: cut(item) for mime, item in data.items()})

    def init_traceback_handlers(self, custom_exceptions: tuple[type[BaseException], ...]) -> None:
        """As in IPython, but in bounded time: of a deep recursion it looks at every frame."""
        super().init_traceback_handlers(custom_exceptions)
        whole = self.InteractiveTB.structured_traceback

        def structured(
            kind: type, error: BaseException | None, traceback: TracebackType | None = None,
            *args: Any, **options: Any,
        ) -> list[str]:  # fmt: skip
            return whole(kind, error, traceback and shortened(traceback), *args, **options)

        self.InteractiveTB.structured_traceback = structured  # type: ignore[method-assign, assignment]  # of this one alone

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.last_traceback = "\n".join(stb)

    def enable_gui(self, gui: str | None = None) -> None:
        """Figures are drawn inline only: there is no window to open."""

    def ask_exit(self) -> None:
        """``exit()`` was called: with nbconvert, too, the next cell runs."""


def cut(item: object) -> str | bytes:
    """Text or bytes of bounded length, whatever came."""
    if isinstance(item, bytes):
        return bytes(item) if len(item) <= RICH_CAP else b""
    return cut_text(item)


def cut_text(item: object) -> str:
    """Text of bounded length, whatever came."""
    text = item if isinstance(item, str) else repr(item)
    return str(text[:TEXT_CAP]).encode("utf-8", "replace").decode()


def warm_up() -> None:
    """Import and run what every submission needs, once; leaves an unused shell behind."""
    shell = _make()
    shell.run_cell("import matplotlib.pyplot as plt\n1 + 1", store_history=False)  # type: ignore[no-untyped-call]  # IPython's
    shell.run_cell("raise ValueError", store_history=False)  # type: ignore[no-untyped-call]  # IPython's
    shell.displayhook.flush()
    NotebookShell.clear_instance()
    _make()


def _make() -> NotebookShell:
    config = Config()
    config.HistoryManager.enabled = False  # else a database and a thread
    config.InteractiveShell.colors = "NoColor"
    shell = NotebookShell.instance(config=config)
    shell.set_hook("show_in_pager", lambda *_, **__: None, 0)  # type: ignore[no-untyped-call]  # IPython's
    return shell


def _no_input(*_: object, **__: object) -> str:
    raise StdinNotImplementedError(
        "raw_input was called, but this frontend does not support input requests."
    )


def open_shell() -> NotebookShell:
    """The shell of this submission, with standard streams on descriptors 1 and 2.

    It was made before the fork, which is the greater part of its price.
    The global random states are set to a fixed seed, so that the same bytes give the same grade.
    """
    sys.stdin = io.StringIO()
    sys.__stdout__, sys.__stderr__ = _stream(1), _stream(2)  # type: ignore[misc]  # as after a start
    restore_streams()
    builtins.input = getpass.getpass = _no_input
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    shell = NotebookShell.instance()
    shell.ipython_dir = os.environ["IPYTHONDIR"]
    return shell


def restore_streams() -> None:
    """Point the standard streams at their descriptors, which a cell may have replaced."""
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__


def flush_streams() -> None:
    """Hand on what was printed, whatever the streams have been replaced by."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()


def _stream(fd: int) -> io.TextIOWrapper:
    raw = io.FileIO(fd, "wb", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw), "utf-8", "backslashreplace", line_buffering=True
    )


def run_cell(shell: NotebookShell, source: str) -> dict[str, object]:
    """Run one cell.

    Returns
    -------
    dict
        ``status`` ("ok" or "error"), and for an error ``type``, ``message``, ``traceback`` and
        ``line``.
    """
    shell.last_traceback = ""
    if sys.stdout is None or sys.stderr is None:
        restore_streams()
    result = shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]  # IPython's
    flush_streams()
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return {"status": "ok"}
    return {
        "status": "error",
        **describe_error(error),
        "traceback": cut(shell.last_traceback),
        "line": where(error),
    }


def where(error: BaseException) -> str:
    """The line in which an error arose; student code may have broken what finds it."""
    try:
        if isinstance(error, SyntaxError):
            return f"{error.msg}, in {marked_line(error)}"[:TEXT_CAP]
        return failing_line(error)
    except BaseException:
        return ""


def describe_error(error: BaseException) -> dict[str, str]:
    """Type and message, each as bounded text."""
    try:
        message = str(error)
    except BaseException:
        message = "<no message: __str__ of the exception failed>"
    return {"type": kind_of(error)[:200], "message": cut_text(message)}


def shortened(traceback: TracebackType) -> TracebackType:
    """A traceback without the middle of a deep recursion."""
    frames = []
    following: TracebackType | None = traceback
    while following is not None:
        frames.append(following)
        following = following.tb_next
    if len(frames) <= FRAMES:
        return traceback
    for one in reversed(frames[: FRAMES // 2] + frames[-FRAMES // 2 :]):
        following = traceback = TracebackType(following, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return traceback
