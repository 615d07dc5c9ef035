"""Calls of the student's functions, in a fork of the process that ran the cells."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, TypedDict

from .channel import read_frame, write_frame
from .handles import LENT, Callback, lending_writer, reference_readers, reference_writer
from .kept_answers import KeptAnswers
from .shell import describe_error, flush_streams, where
from .trees import TooLargeError, TreeError, TreeLimits, decode, encode

REQUEST, ANSWER = 21, 22
RESULT, QUESTION, HELLO = 31, 32, 33


class Request(TypedDict):
    """A request as it travels; :class:`coursekit.sandbox.sessions.Request` says what it asks."""

    calls: list[bytes]
    name: str
    owner: Any
    keep: bool
    count_lines: bool
    operation: str
    index: int | str
    bindings: dict[str, object]
    value_bytes: int


_ERRORS: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (ValueError, TypeError, IndexError, KeyError, ZeroDivisionError, OverflowError,
                 FloatingPointError, NotImplementedError, AttributeError)
}  # fmt: skip


class NotDefinedError(Exception):
    """The cells define no such function."""


def serve_calls(kept: KeptAnswers, fd: int) -> None:
    """Answer requests from descriptor `fd` until it is closed."""
    write_frame(fd, HELLO)
    server = CallServer(kept, fd)
    while (frame := read_frame(fd)) is not None:
        for answer in server.answers(frame[1]):
            flush_streams()
            write_frame(fd, RESULT, answer)


class CallServer:
    """The objects of one exercise's process.

    Parameters
    ----------
    kept : KeptAnswers
        Of the namespace in which the cells ran.
    fd : int
        Where callbacks are asked.
    """

    def __init__(self, kept: KeptAnswers, fd: int) -> None:
        self.kept, self.names, self.fd = kept, kept.namespace, fd
        self.held: list[object] = []
        self.limits = TreeLimits()
        self.extensions = reference_readers(
            self.stub, lambda handle: self.held[handle.number], self.names.get
        )

    def answers(self, payload: bytes) -> Iterator[bytes]:
        """Encode what became of each call of a request, in order."""
        request: Request = decode(payload, self.limits, self.extensions)
        self.limits = TreeLimits(total_bytes=request["value_bytes"])
        if request["owner"] is None:
            self.kept.bring_back(request["name"])
        self.names.update(request["bindings"])
        for arguments in request["calls"]:
            yield self._answer(request, arguments)

    def _answer(self, request: Request, arguments: bytes) -> bytes:
        try:
            return encode(self._outcome(request, arguments), self.limits)
        except NotDefinedError as error:
            return encode({"outcome": "missing", "name": str(error)})
        except TooLargeError as error:
            return encode({"outcome": "too large", "reason": str(error)})
        except TreeError as error:
            return encode({"outcome": "bad value", "reason": str(error)})
        except BaseException as error:
            return encode({"outcome": "bad value", "reason": f"{type(error).__name__} when read"})

    def _outcome(self, request: Request, arguments: bytes) -> dict[str, object]:
        args, kwargs = decode(arguments, self.limits, self.extensions)
        function = self._find(request)
        count = LineCount(self.names) if request["count_lines"] else None
        try:
            value = _call(function, args, kwargs, count)
        except BaseException as error:
            return {"outcome": "raised", **describe_error(error), "line": where(error)}
        return {
            "outcome": "returned",
            "value": self._hold(value) if request["keep"] else value,
            "mutated": self._changed(arguments, args, kwargs),
            "lines": count.lines if count else None,
        }

    def _changed(
        self, came: bytes, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> list[str]:
        """Which arguments the call changed in place; none if all are still the bytes that came."""
        if _print((args, kwargs)) == came:
            return []
        before = _prints(*decode(came, self.limits, self.extensions))
        after = _prints(args, kwargs)
        return [key for key in before if before[key] != after[key]]

    def _hold(self, value: object) -> int:
        self.held.append(value)
        return len(self.held) - 1

    def _find(self, request: Request) -> Callable[..., Any]:
        name, owner = request["name"], request["owner"]
        if request["operation"] == "attribute":
            return lambda: getattr(owner, name)
        if request["operation"] == "item":
            return lambda: owner[request["index"]]
        if owner is not None:
            return lambda *args, **kwargs: getattr(owner, name)(*args, **kwargs)
        function = self.names.get(name)
        if not callable(function):
            raise NotDefinedError(name)
        return function

    def stub(self, callback: Callback) -> Callable[..., object]:
        """Make the function that asks the trusted side."""

        def function(*args: object, **kwargs: object) -> object:
            lent: list[Callable[..., object]] = []
            question = self._question([callback.number, list(args), kwargs], lent)
            raised: Exception | None = None
            while "lent" in (reply := self._reply(question)):
                try:
                    value = lent[reply["lent"]](*reply["args"], **reply["kwargs"])
                    question = self._question([LENT, [value], {}])
                except Exception as error:
                    raised, question = error, self._question([LENT, [], {}])
            if "error" in reply:
                known = _ERRORS.get(reply["error"], RuntimeError)(reply["message"])
                raise raised or known
            return reply["value"]

        function.__name__ = function.__qualname__ = callback.name
        return function

    def _question(self, asked: object, lent: list[Callable[..., object]] | None = None) -> bytes:
        """A question as it travels; functions in it stay here, in a list."""
        if lent is None:
            return encode(asked, self.limits)

        def lend(function: Callable[..., object]) -> int:
            lent.append(function)
            return len(lent) - 1

        return encode(asked, self.limits, lending_writer(lend))

    def _reply(self, question: bytes) -> Any:
        write_frame(self.fd, QUESTION, question)
        frame = read_frame(self.fd)
        if frame is None:
            raise EOFError("the grader does not answer")
        return decode(frame[1], TreeLimits(), self.extensions)


def _call(
    function: Callable[..., object],
    args: tuple[object, ...],
    kwargs: dict[str, object],
    count: LineCount | None,
) -> object:
    if count is None:
        return function(*args, **kwargs)
    sys.settrace(count.trace)
    try:
        return function(*args, **kwargs)
    finally:
        sys.settrace(None)


def _prints(args: tuple[object, ...], kwargs: dict[str, object]) -> dict[str, bytes]:
    """Bytes of each argument, to see afterwards which one was changed in place."""
    arguments = {str(place): value for place, value in enumerate(args)}
    return {key: _print(value) for key, value in (arguments | kwargs).items()}


def _print(value: object) -> bytes:
    """Bytes that change when a value does; nothing for what cannot be compared."""
    opaque = reference_writer(lambda _: Callback(0, ""))
    limits = TreeLimits(nodes=10**6)
    try:
        return encode(value, limits, lambda w, v: type(v).__name__ != "Generator" and opaque(w, v))
    except TreeError:
        return b""


class LineCount:
    """Counts executed lines of the student's own functions.

    Parameters
    ----------
    namespace : dict
        Globals of these functions.
    """

    def __init__(self, namespace: dict[str, object]) -> None:
        self.namespace, self.lines = namespace, 0

    def trace(self, frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        """For ``sys.settrace``."""
        if frame.f_globals is not self.namespace:
            return None
        self.lines += event == "line"
        return self.trace
