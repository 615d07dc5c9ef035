"""What is run, and what came of it: one class per kind of outcome, none of which student code can
forge beyond its own answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Cell:
    """A code cell of a submission.

    Parameters
    ----------
    id : str
        Its ``grade_id``.
    source : str
    answers : dict of str to bool
        Names of the functions that are kept as they are when it has run, and whether it is meant
        to define them.
    """

    id: str
    source: str
    answers: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Output:
    """One output of a cell.

    Parameters
    ----------
    kind : str
        "stdout", "stderr", or a kind of Jupyter output: "display_data", "execute_result",
        "update_display_data", "clear_output".
    text : str
        What a stream carried; the plain text of a rich output.
    data : dict
        A rich output by MIME type; empty for a stream.
    """

    kind: str
    text: str
    data: dict[str, str | bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class ErrorReport:
    """An exception as the student sees it.

    Parameters
    ----------
    type, message, traceback : str
        Capped in length, without colours.  Of a call there is no traceback.
    line : str
        The line of the student's code in which it arose. Of a syntax error: what is wrong, and in
        which line, with a sign below the place.
    """

    type: str
    message: str
    traceback: str
    line: str = ""


@dataclass(frozen=True)
class CellReport:
    """What became of one cell.

    Parameters
    ----------
    id : str
    status : str
        "ok"; "error"; "hung" (over its time), "crashed" (its process ended or was ended): the
        other cells were run again without it; "skipped" (after too many of these).
    reason : str
        For "hung" and "crashed".
    error : ErrorReport or None
    outputs : tuple of Output
        In order, capped.
    cpu_seconds : float
    """

    id: str
    status: str
    reason: str = ""
    error: ErrorReport | None = None
    outputs: tuple[Output, ...] = ()
    cpu_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one call.

    Parameters
    ----------
    stdout, stderr : str
        What was printed meanwhile, capped.
    cpu_seconds : float
        Processor time, measured outside the student's process.
    """

    stdout: str = ""
    stderr: str = ""
    cpu_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Returned(Outcome):
    """The function returned a value that can be compared.

    Parameters
    ----------
    value : object
        A tree of plain data, rebuilt here; a :class:`~coursekit.worker.handles.Handle` if the
        call asked to keep it there.
    mutated : tuple of str
        Arguments that were changed in place: "0", "1" by place, keywords by name.
    lines : int or None
        Lines of the student's code that were executed, if asked for.
    """

    value: Any
    mutated: tuple[str, ...] = ()
    lines: int | None = None


@dataclass(frozen=True, kw_only=True)
class Raised(Outcome):
    """The function raised an exception.

    Parameters
    ----------
    error : ErrorReport
    """

    error: ErrorReport


@dataclass(frozen=True, kw_only=True)
class Missing(Outcome):
    """The cells define no such function.

    Parameters
    ----------
    name : str
    """

    name: str


@dataclass(frozen=True, kw_only=True)
class TimedOut(Outcome):
    """The call did not end.

    Parameters
    ----------
    reason : {"cpu", "asleep"}
        Over its processor time; or over the time on the clock, most of which it slept.
    limit_seconds : float
    """

    reason: str
    limit_seconds: float


@dataclass(frozen=True, kw_only=True)
class Crashed(Outcome):
    """The process of the call ended.

    Parameters
    ----------
    reason : str
        A signal by name, an exit code, memory.
    """

    reason: str


@dataclass(frozen=True, kw_only=True)
class BadValue(Outcome):
    """The function returned what cannot be sent.

    Parameters
    ----------
    reason : str
    """

    reason: str


@dataclass(frozen=True, kw_only=True)
class TooLarge(Outcome):
    """The function sent too much, or called what it was given too often.

    Parameters
    ----------
    reason : str
    """

    reason: str


@dataclass(frozen=True, kw_only=True)
class ReturnedTooLarge(TooLarge):
    """The function came back, with too large a value."""


@dataclass(frozen=True, kw_only=True)
class SandboxFault(Outcome):
    """The grader failed, not the student: nothing may be concluded from it.

    Parameters
    ----------
    reason : str
    """

    reason: str
