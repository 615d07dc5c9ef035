"""Running a submission and calling its functions, from the trusted side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, TypeAlias

from coursekit import outcomes
from coursekit.attempts import (
    Attempt,
    Event,
    WorkerLostError,
    error_of,
    how_it_ended,
    outputs_of,
)
from coursekit.limits import Limits
from coursekit.outcomes import CellReport, Outcome, Returned, SandboxFault, TimedOut
from coursekit.worker.references import Callback, Handle, reference_writer
from coursekit.worker.trees import TooLargeError, TreeError, TreeLimits, decode, encode

if TYPE_CHECKING:
    from coursekit.pool import WorkerPool

Values: TypeAlias = Mapping[str, object]
_RESTARTS = 3


@dataclass(frozen=True)
class Cell:
    """A code cell of a submission.

    Parameters
    ----------
    id : str
        Its ``grade_id``.
    source : str
    """

    id: str
    source: str


class FaultError(RuntimeError):
    """The grader failed while a submission ran."""


class SpoiledError(RuntimeError):
    """The cells end their own process again and again: the student's doing."""


class Run:
    """A submission whose cells have run; made by :meth:`~coursekit.pool.WorkerPool.submission`.

    Parameters
    ----------
    pool : WorkerPool
    cells : sequence of Cell
    limits : Limits

    Attributes
    ----------
    cells : tuple of CellReport
        One per cell, in order.
    fault : str or None
        Why the grader failed; then every call is a :class:`~coursekit.outcomes.SandboxFault`.
    left_clean : bool
        Whether each supervisor could clear all away; a worker in which not was replaced.
    """

    def __init__(self, pool: WorkerPool, cells: Sequence[Cell], limits: Limits) -> None:
        self.pool, self.limits = pool, limits
        self.cells: tuple[CellReport, ...] = ()
        self.fault: str | None = None
        self.left_clean = True
        self._given = tuple(cells)
        self._broken: dict[int, CellReport] = {}
        self._attempt: Attempt | None = None
        self._losses = self._reruns = 0

    def __enter__(self) -> Run:
        self._place = self.pool.turnstile.enter()
        self._worker = self.pool.take()
        try:
            self.attempt()
        except FaultError as error:
            self.fault = str(error)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._drop()
        self.pool.give_back(self._worker)
        self._place.leave()

    # Cells

    def attempt(self) -> Attempt:
        """A supervisor in which the cells have run; they run anew if it is gone.

        Raises
        ------
        FaultError
            The grader failed.
        SpoiledError
            The process that ran the cells was ended too often from within.
        """
        if self.cells and not (self._attempt and self._attempt.runs):
            self._reruns += 1
            if self._reruns > _RESTARTS:
                raise SpoiledError("the process that ran the cells ended, again and again")
        while self._attempt is None or not self._attempt.runs:
            self._run_cells()
        return self._attempt

    def _run_cells(self) -> None:
        events = self._events()
        if self._stopped_by_clock(events):
            with self._place.alone():
                events = self._events()
            if self._stopped_by_clock(events) and not events[-1]["asleep"]:
                raise FaultError("a cell ran out of time on the clock, twice, while it was working")
        reports = [self._report(place, event) for place, event in enumerate(events)]
        if self._attempt.runs:
            self.cells = tuple(reports)
        else:
            self._exclude(len(reports) - 1, reports[-1])

    def _stopped_by_clock(self, events: list[Event]) -> bool:
        return not self._attempt.runs and events[-1]["why"] == "wall"

    def _events(self) -> list[Event]:
        while True:
            self._drop()
            try:
                self._attempt = Attempt(self._worker, self.limits)
                places = range(len(self._given))
                sources = [self._given[k].source for k in places]
                return self._attempt.run_cells(
                    [None if k in self._broken else sources[k] for k in places]
                )
            except WorkerLostError as error:
                self.lost(error)

    def lost(self, error: WorkerLostError) -> None:
        """Replace a worker that failed, once.

        Raises
        ------
        FaultError
            It is the second.
        """
        self._losses += 1
        self._drop()
        self._worker = self.pool.replace(self._worker)
        if self._losses > 1:
            raise FaultError(str(error)) from error

    def _drop(self) -> None:
        if self._attempt is not None:
            attempt, self._attempt = self._attempt, None
            if not attempt.close():
                self.left_clean = False
                self._worker = self.pool.replace(self._worker)

    def _exclude(self, place: int, report: CellReport) -> None:
        if len(self._broken) == len(self._given):
            raise FaultError(f"the process of the cells ends before any has run: {report.reason}")
        while place in self._broken:  # a cell before it spoiled the protocol
            place = (place - 1) % len(self._given)
        self._broken[place] = replace(report, id=self._given[place].id)
        if len(self._broken) >= self.limits.broken_cells:
            for later in range(place + 1, len(self._given)):
                skipped = CellReport(self._given[later].id, "skipped", "too many cells failed")
                self._broken.setdefault(later, skipped)

    def _report(self, place: int, event: Event) -> CellReport:
        if place in self._broken:
            return self._broken[place]
        cell = self._given[place]
        common = {"outputs": outputs_of(event), "cpu_seconds": event["cpu"]}
        if event["event"] == "over":
            return CellReport(cell.id, *self._failure(event), **common)
        content = _content(event)
        status = content.get("status")
        if status == "error":
            return CellReport(cell.id, "error", error=error_of(content), **common)
        return CellReport(cell.id, status if status == "skipped" else "ok", **common)

    def _failure(self, event: Event) -> tuple[str, str]:
        if event["why"] == "cpu":
            return "hung", f"it ran for more than {self.limits.cell_cpu_seconds:g} s"
        if event["why"] == "wall":
            return "hung", "it waited for something that never came"
        return "crashed", how_it_ended(event, self.limits)

    # Calls

    def session(self, bindings: Values | None = None) -> Session:
        """Calls that share one fork of the process that ran the cells.

        Parameters
        ----------
        bindings : mapping, optional
            Names to bind in the student's namespace before anything is called: values, or
            functions of ours that are called back.
        """
        return Session(self, bindings or {})

    def call(
        self, name: str, args: Sequence[object] = (), kwargs: Values | None = None,
        *, bindings: Values | None = None, cpu_seconds: float | None = None,
        count_lines: bool = False,
    ) -> Outcome:  # fmt: skip
        """Call a function of the student in a fork of its own; see :meth:`Session.call`."""
        session = self.session(bindings)
        return session.call(name, args, kwargs, cpu_seconds=cpu_seconds, count_lines=count_lines)

    def call_many(
        self, name: str, calls: Iterable[Sequence[object]], *, bindings: Values | None = None,
        cpu_seconds: float | None = None,
    ) -> list[Outcome]:  # fmt: skip
        """Call a function with many argument lists, in one fork.

        After a call that does not end, the rest goes on in a new fork; after three of them the
        last outcome stands for all that follow.

        Returns
        -------
        list of Outcome
            One per argument list.
        """
        session = self.session(bindings)
        return [session.call(name, args, cpu_seconds=cpu_seconds) for args in calls]

    def open_object(
        self, name: str, args: Sequence[object] = (), kwargs: Values | None = None,
        *, bindings: Values | None = None,
    ) -> RemoteObject | Outcome:  # fmt: skip
        """Make an object of a student's class; the outcome instead if that fails."""
        session = self.session(bindings)
        outcome = session.call(name, args, kwargs, keep=True)
        return session.object(outcome) if isinstance(outcome, Returned) else outcome


class Session:
    """Calls in one fork.  A crash ends it; it is then made anew, with the objects it held.

    Parameters
    ----------
    run : Run
    bindings : mapping
        See :meth:`Run.session`.
    """

    def __init__(self, run: Run, bindings: Values) -> None:
        self.run, self.bindings = run, bindings
        self._history: list[dict[str, object]] = []
        self._handles = self._failures = self._calls = 0
        self._last: Outcome | None = None
        self._functions: list[Callable[..., object]] = []

    def call(
        self, name: str, args: Sequence[object] = (), kwargs: Values | None = None,
        *, keep: bool = False, cpu_seconds: float | None = None, count_lines: bool = False,
        owner: Handle | None = None,
    ) -> Outcome:  # fmt: skip
        """Call a function, a class, or a method of a held object.

        Parameters
        ----------
        name : str
        args, kwargs
            Trees; they may hold functions, which the student's code calls back, generators
            over PCG64, named tuples and handles.
        keep : bool
            Leave the result there and return a :class:`~coursekit.worker.references.Handle`.
        cpu_seconds : float, optional
            Limit; else that of the limits.
        count_lines : bool
            Count executed lines of the student's code.
        owner : Handle, optional
            Object whose method is called.

        Returns
        -------
        Outcome

        Raises
        ------
        ValueError
            An argument cannot be sent.
        """
        request = {"operation": "call", "name": name, "args": tuple(args), "owner": owner,
                   "kwargs": dict(kwargs or {}), "keep": keep, "count_lines": count_lines,
                   "index": 0}  # fmt: skip
        return self._ask(request, cpu_seconds)

    def attribute(self, owner: Handle, name: str, *, keep: bool = False) -> Outcome:
        """Read an attribute of a held object."""
        return self._ask(_access("attribute", owner, keep) | {"name": name})

    def item(self, owner: Handle, index: int | str, *, keep: bool = False) -> Outcome:
        """Read an entry of a held tuple, list or dictionary."""
        return self._ask(_access("item", owner, keep) | {"index": index})

    def object(self, outcome: Returned) -> RemoteObject:
        """The held object that a call with ``keep=True`` returned."""
        return RemoteObject(self, outcome.value)

    def _ask(self, request: dict[str, object], cpu_seconds: float | None = None) -> Outcome:
        if self._failures >= _RESTARTS:
            return self._last
        cpu = float(cpu_seconds or self.run.limits.call_cpu_seconds)
        try:
            outcome = self._with_retries(request, cpu)
        except FaultError as error:
            self.run.fault = str(error)
            outcome = SandboxFault(reason=str(error))
        except SpoiledError as error:
            outcome = outcomes.Crashed(reason=str(error))
        if isinstance(outcome, (TimedOut, outcomes.Crashed, SandboxFault)):
            self._failures, self._last = self._failures + 1, outcome
        return outcome

    def _with_retries(self, request: dict[str, object], cpu: float) -> Outcome:
        if self.run.fault is not None:
            raise FaultError(self.run.fault)
        event = self._safely(request, cpu)
        if event["event"] == "over" and event["why"] == "wall":
            with self.run._place.alone():
                event = self._safely(request, cpu)
            if event["event"] == "over" and event["why"] == "wall" and not event["asleep"]:
                return SandboxFault(reason="out of time on the clock, twice, while it was working")
        return self._outcome(request, event, cpu)

    def _safely(self, request: dict[str, object], cpu: float) -> Event:
        while True:
            try:
                return self._once(request, cpu)
            except WorkerLostError as error:
                self.run.lost(error)

    def _once(self, request: dict[str, object], cpu: float) -> Event:
        for last in (False, True):
            attempt = self.run.attempt()
            event = self._prepare(attempt, cpu) if attempt.owner is not self else None
            if event is None:
                self._calls = 0
                return attempt.call(self._encode(request), cpu, self._wall(cpu), self._answer)
            if last or event["why"].startswith("cannot fork"):
                return event
            attempt.runs = False  # the process that ran the cells is gone: run them again
        raise AssertionError("unreachable")

    def _wall(self, cpu: float) -> float:
        return self.run.limits.wall_seconds(cpu)

    def _prepare(self, attempt: Attempt, cpu: float) -> Event | None:
        """Open a fork and bring it to where this session was; None when that succeeds."""
        event = attempt.open(self)
        if event["event"] != "opened":
            return event
        for request in self._history if self._handles else ():
            event = attempt.call(self._encode(request), cpu, self._wall(cpu), self._answer)
            if event["event"] == "over":
                return event
        return None

    def _encode(self, request: dict[str, object]) -> bytes:
        self._functions.clear()
        limits = TreeLimits(total_bytes=self.run.limits.value_bytes)
        extra = {"bindings": dict(self.bindings), "value_bytes": limits.total_bytes}
        return encode({**request, **extra}, limits, reference_writer(self._register))

    def _register(self, function: Callable[..., object]) -> Callback:
        self._functions.append(function)
        name = getattr(function, "__name__", "function")
        return Callback(len(self._functions) - 1, name if type(name) is str else "function")

    def _answer(self, question: bytes) -> bytes | None:
        """Evaluate a callback on arguments that nobody vouches for."""
        self._calls += 1
        if self._calls > self.run.limits.callbacks:
            return None
        limits = TreeLimits(total_bytes=self.run.limits.value_bytes)
        try:
            number, args, kwargs = decode(question, limits)
            reply = {"value": self._functions[number](*args, **kwargs)}
            return encode(reply, limits, reference_writer(self._register))
        except Exception as error:
            return encode({"error": type(error).__name__, "message": str(error)[:1000]})

    def _outcome(self, request: dict[str, object], event: Event, cpu: float) -> Outcome:
        printed = {"stdout": "", "stderr": ""}
        for output in outputs_of(event):
            if output.kind in printed:
                printed[output.kind] += output.text
        common = {**printed, "cpu_seconds": event["cpu"]}
        if event["event"] == "over":
            return self._over(event, cpu, common)
        outcome = _result(event, request["keep"], common)
        if isinstance(outcome, Returned):
            self._history.append(request)
            self._handles += request["keep"]
        return outcome

    def _over(self, event: Event, cpu: float, common: dict[str, object]) -> Outcome:
        if event["why"] == "cpu":
            return TimedOut(reason="cpu", limit_seconds=cpu, **common)
        if event["why"] == "wall":
            return TimedOut(reason="asleep", limit_seconds=self._wall(cpu), **common)
        if event["why"] == "too large":
            return outcomes.TooLarge(reason="it sent more than it may", **common)
        if event["why"] == "stopped":
            count = self.run.limits.callbacks
            reason = f"it called the functions that it was given more than {count} times"
            return outcomes.TooLarge(reason=reason, **common)
        return outcomes.Crashed(reason=how_it_ended(event, self.run.limits), **common)


@dataclass(frozen=True)
class RemoteObject:
    """An object in the student's process.

    Parameters
    ----------
    session : Session
    handle : Handle
        May be an argument of a call in the same session.
    """

    session: Session
    handle: Handle

    def call(
        self, method: str, args: Sequence[object] = (), kwargs: Values | None = None,
        *, keep: bool = False, cpu_seconds: float | None = None,
    ) -> Outcome:  # fmt: skip
        """Call a method."""
        return self.session.call(
            method, args, kwargs, keep=keep, cpu_seconds=cpu_seconds, owner=self.handle
        )

    def attribute(self, name: str) -> Outcome:
        """Read an attribute."""
        return self.session.attribute(self.handle, name)


def _access(operation: str, owner: Handle, keep: bool) -> dict[str, object]:
    return {"operation": operation, "name": "", "args": (), "kwargs": {}, "keep": keep,
            "count_lines": False, "index": 0, "owner": owner}  # fmt: skip


def _content(event: Event) -> Event:
    try:
        content = decode(event["body"])
    except TreeError:
        return {}
    return content if type(content) is dict else {}


def _result(event: Event, keep: bool, common: dict[str, object]) -> Outcome:
    """Read the answer of a call: strictly, as student code may have written it."""
    try:
        content = decode(event["body"], TreeLimits(total_bytes=len(event["body"])))
        return _READERS[content["outcome"]](content, keep, common)
    except TooLargeError as error:
        return outcomes.TooLarge(reason=str(error), **common)
    except (TreeError, KeyError, TypeError, IndexError) as error:
        return outcomes.BadValue(reason=f"the answer cannot be read: {error}", **common)


def _returned(content: Event, keep: bool, common: dict[str, object]) -> Outcome:
    value, mutated, lines = content["value"], content["mutated"], content["lines"]
    if keep:
        value = Handle(value if type(value) is int and 0 <= value < 2**32 else 0)
    names = tuple(str(name) for name in mutated)
    count = lines if type(lines) is int else None
    return Returned(value=value, mutated=names, lines=count, **common)


def _reason(kind: type[Outcome]) -> Callable[[Event, bool, dict[str, object]], Outcome]:
    return lambda content, keep, common: kind(reason=str(content["reason"])[:300], **common)


_READERS: dict[str, Callable[[Event, bool, dict[str, object]], Outcome]] = {
    "returned": _returned,
    "raised": lambda content, keep, common: outcomes.Raised(error=error_of(content), **common),
    "missing": lambda content, keep, common: outcomes.Missing(
        name=str(content["name"])[:100], **common
    ),
    "too large": _reason(outcomes.TooLarge),
    "bad value": _reason(outcomes.BadValue),
}
