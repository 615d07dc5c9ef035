"""Calling the functions and classes of a submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Protocol, TypeAlias

from coursekit.sandbox import outcomes
from coursekit.sandbox.answers import Common, outcome_of_answer, outcome_of_ending
from coursekit.sandbox.attempts import Attempt, WorkerLostError, outputs_of
from coursekit.sandbox.blame import Event, FaultError, SpoiledError
from coursekit.sandbox.consultations import MOST_AT_ONCE, Consultation, Wanted
from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import Outcome, Returned, SandboxFault, TimedOut
from coursekit.worker.handles import LENT, Callback, Handle, reference_writer
from coursekit.worker.trees import TooLargeError, TreeLimits, decode, encode

Values: TypeAlias = Mapping[str, object]
Arguments: TypeAlias = tuple[tuple[object, ...], dict[str, object]]
"""Of one call, by place and by name."""
NOTHING: Arguments = ((), {})
_RESTARTS = 3


@dataclass(frozen=True)
class Request:
    """What is asked of one function, class, method or object, some times over.

    Parameters
    ----------
    calls : tuple of (tuple, dict)
        The arguments of each call.
    name : str
    owner : Handle, optional
    keep, count_lines : bool
    operation : {"call", "attribute", "item"}
    index : int or str
        Of the item.
    """

    calls: tuple[Arguments, ...]
    name: str
    owner: Handle | None = None
    keep: bool = False
    count_lines: bool = False
    operation: str = "call"
    index: int | str = 0


class Host(Protocol):
    """What a session needs of the submission whose functions it calls.

    Attributes
    ----------
    limits : Limits
    fault : str or None
        Why the grader failed; then nothing is called any more.
    """

    limits: Limits
    fault: str | None

    def attempt(self) -> Attempt:
        """A supervisor in which the cells have run."""

    def drop(self) -> None:
        """End it, and the process that ran the cells; the next attempt runs them again."""

    def lost(self, error: WorkerLostError) -> None:
        """End a worker that failed; :class:`FaultError` if it is the second."""


class Session:
    """Calls in one fork.  A crash ends it; it is then made anew, with the objects it held.

    Parameters
    ----------
    run : Host
    bindings : mapping
        Names to bind in the student's namespace before anything is called.

    Attributes
    ----------
    failures : int
        Calls that did not end.
    """

    def __init__(self, run: Host, bindings: Values) -> None:
        self.run, self.bindings = run, bindings
        self._history: list[Request] = []
        self._handles = self.failures = 0
        self._from_now_on: Outcome | None = None
        """What every call gives, after too many that did not end."""
        self._functions: list[Callable[..., object]] = []
        self._consultations: list[Consultation] = []
        """References that wait for a function of the student's; the last one is answered first."""

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
            Leave the result there and return a :class:`~coursekit.worker.handles.Handle`.
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
        call: Arguments = (tuple(args), dict(kwargs or {}))
        return self._ask(Request((call,), name, owner, keep, count_lines), cpu_seconds)[0]

    def call_many(
        self, name: str, calls: Sequence[Sequence[object]], cpu_seconds: float | None = None,
        *, go_on: bool = True,
    ) -> list[Outcome]:  # fmt: skip
        """Call a function with each of many argument lists.

        Parameters
        ----------
        name : str
        calls : sequence of sequence
        cpu_seconds : float, optional
        go_on : bool
            Whether the rest is called in a new fork after a call that does not end; after three
            such calls the last outcome stands for all that follow.

        Returns
        -------
        list of Outcome
            One per argument list; fewer, if a call did not end and the rest was not called.
        """
        given: tuple[Arguments, ...] = tuple((tuple(args), {}) for args in calls)
        found: list[Outcome] = []
        while len(found) < len(given):
            failures = self.failures
            found += self._ask(Request(given[len(found) :], name), cpu_seconds)
            if self.failures > failures and not go_on:
                break
        return found

    def attribute(self, owner: Handle, name: str, *, keep: bool = False) -> Outcome:
        """Read an attribute of a held object."""
        return self._ask(Request((NOTHING,), name, owner, keep, operation="attribute"))[0]

    def item(self, owner: Handle, index: int | str, *, keep: bool = False) -> Outcome:
        """Read an entry of a held tuple, list or dictionary."""
        return self._ask(Request((NOTHING,), "", owner, keep, operation="item", index=index))[0]

    def held_object(self, outcome: Returned) -> RemoteObject:
        """The held object that a call with ``keep=True`` returned."""
        return RemoteObject(self, outcome.value)

    def _ask(self, request: Request, cpu_seconds: float | None = None) -> list[Outcome]:
        """The outcomes of the calls of a request, up to the first that did not end."""
        if self._from_now_on is not None:
            return [self._from_now_on] * len(request.calls)
        cpu = float(cpu_seconds or self.run.limits.call_cpu_seconds)
        try:
            found = self._answered(request, cpu)
        except FaultError as error:
            self.run.fault = str(error)
            found = [SandboxFault(reason=str(error))]
        except SpoiledError as error:
            found = [outcomes.Crashed(reason=str(error))]
        if isinstance(found[-1], (TimedOut, outcomes.Crashed, SandboxFault)):
            self.failures += 1
            self._from_now_on = found[-1] if self.failures >= _RESTARTS else None
        return found

    def _answered(self, request: Request, cpu: float) -> list[Outcome]:
        if self.run.fault is not None:
            raise FaultError(self.run.fault)
        events = self._safely(request, cpu)
        single = [replace(request, calls=(call,)) for call in request.calls[: len(events)]]
        found = list(map(self._outcome, single, events, repeat(cpu)))
        if events[-1]["event"] == "over" and events[-1].get("questions"):
            self._from_now_on = found[-1]  # whatever it is given, it goes on
        return found

    def _safely(self, request: Request, cpu: float) -> list[Event]:
        while True:
            try:
                return self._once(request, cpu)
            except WorkerLostError as error:
                self.run.lost(error)

    def _once(self, request: Request, cpu: float) -> list[Event]:
        for last in (False, True):
            attempt = self.run.attempt()
            event = self._prepare(attempt, cpu) if attempt.owner is not self else None
            if event is None:
                return self._send(attempt, request, cpu)
            if last or event["why"].startswith("cannot fork"):
                return [event]
            self.run.drop()  # the process that ran the cells is gone: run them again
        raise AssertionError("unreachable")

    def _send(self, attempt: Attempt, request: Request, cpu: float) -> list[Event]:
        """One request; one call of it, if all of them are too much for one."""
        try:
            content = self._encode(request)
        except TooLargeError:
            if len(request.calls) == 1:
                raise
            return self._send(attempt, replace(request, calls=request.calls[:1]), cpu)
        wall = self.run.limits.wall_seconds(cpu)
        try:
            return attempt.call(content, len(request.calls), cpu, wall, self._answer)
        finally:
            while self._consultations:
                self._consultations.pop().abandon()

    def _prepare(self, attempt: Attempt, cpu: float) -> Event | None:
        """Open a fork and bring it to where this session was; None when that succeeds."""
        event = attempt.open(self)
        if event["event"] != "opened":
            return event
        for request in self._history if self._handles else ():
            event = self._send(attempt, request, cpu)[-1]
            if event["event"] == "over":
                return event
        return None

    def _encode(self, request: Request) -> bytes:
        """The request; each call in it is a tree of its own, read when its turn comes."""
        self._functions.clear()
        limits = TreeLimits(total_bytes=self.run.limits.value_bytes)
        writer = reference_writer(self._register)
        tree = {
            **vars(request),
            "calls": [encode(call, limits, writer) for call in request.calls],
            "bindings": dict(self.bindings),
            "value_bytes": limits.total_bytes,
        }
        return encode(tree, limits, writer)

    def _register(self, function: Callable[..., object]) -> Callback:
        self._functions.append(function)
        name = getattr(function, "__name__", "function")
        return Callback(len(self._functions) - 1, name if type(name) is str else "function")

    def _answer(self, question: bytes) -> bytes:
        """Evaluate a callback on arguments that nobody vouches for."""
        limits = TreeLimits(total_bytes=self.run.limits.value_bytes)
        try:
            return encode(self._reply(question), limits, reference_writer(self._register))
        except Exception as error:
            return encode({"error": type(error).__name__, "message": str(error)[:1000]})

    def _reply(self, question: bytes) -> dict[str, object]:
        """What a callback gives, or the call of a function of the student's that it waits for."""
        consultation = Consultation()
        asked = TreeLimits(total_bytes=self.run.limits.callback_bytes)
        number, args, kwargs = decode(question, asked, consultation.readers)
        if number == LENT:
            if consultation.borrows:
                raise TypeError("a function that is lent gives values, and no function")
            step = self._consultations[-1].go_on(args)
        elif not consultation.borrows:
            return {"value": self._functions[number](*args, **kwargs)}
        elif len(self._consultations) == MOST_AT_ONCE:
            raise RecursionError("references and the functions that they are given call each other")
        else:
            self._consultations.append(consultation)
            step = consultation.begin(self._functions[number], args, kwargs)
        if isinstance(step, Wanted):
            return {"lent": step.number, "args": list(step.args), "kwargs": dict(step.kwargs)}
        self._consultations.pop()
        if step.error is not None:
            raise step.error
        return {"value": step.value}

    def _outcome(self, request: Request, event: Event, cpu: float) -> Outcome:
        printed = {"stdout": "", "stderr": ""}
        for output in outputs_of(event):
            if output.kind in printed:
                printed[output.kind] += output.text
        common: Common = {"stdout": printed["stdout"], "stderr": printed["stderr"],
                          "cpu_seconds": event["cpu"]}  # fmt: skip
        if event["event"] == "over":
            return outcome_of_ending(event, cpu, self.run.limits, common)
        outcome = outcome_of_answer(event, request.keep, common)
        if isinstance(outcome, Returned):
            self._history.append(request)
            self._handles += request.keep
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
