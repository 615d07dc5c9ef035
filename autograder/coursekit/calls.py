"""Calling the functions and classes of a submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from coursekit import outcomes
from coursekit.answers import outcome_of_answer, outcome_of_ending
from coursekit.attempts import (
    Attempt,
    Event,
    FaultError,
    SpoiledError,
    WorkerLostError,
    outputs_of,
)
from coursekit.outcomes import Outcome, Returned, SandboxFault, TimedOut
from coursekit.worker.references import Callback, Handle, reference_writer
from coursekit.worker.trees import TreeLimits, decode, encode

if TYPE_CHECKING:
    from coursekit.sessions import Run

Values: TypeAlias = Mapping[str, object]
_RESTARTS = 3


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
            return outcome_of_ending(event, cpu, self.run.limits, common)
        outcome = outcome_of_answer(event, request["keep"], common)
        if isinstance(outcome, Returned):
            self._history.append(request)
            self._handles += request["keep"]
        return outcome


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
