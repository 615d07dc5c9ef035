"""References that call functions of the student's, each of which stays in the student's process.

A reference calls as Python calls, but the student's process is reached by frames only. So the
reference has a thread of its own, which rests while a function that it was lent is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any

from coursekit.worker.handles import LENT_FUNCTION
from coursekit.worker.trees import U32, Extensions

MOST_AT_ONCE = 8
"""References that wait for each other: each takes a thread, and the student says how many."""


class LentFunctionError(Exception):
    """A function of the student's raised; the student's process knows what."""


class AbandonedError(BaseException):
    """Nobody waits for the reference any more; no reference may catch this."""


@dataclass(frozen=True)
class Wanted:
    """A call of a lent function, which the reference waits for."""

    number: int
    args: tuple[object, ...]
    kwargs: Mapping[str, object]


@dataclass(frozen=True)
class Done:
    """What the reference gave, or the error that it ended with."""

    value: object = None
    error: Exception | None = None


class Consultation:
    """One call of a reference with functions that it was lent.

    Attributes
    ----------
    readers : mapping
        Of the nodes in which lent functions travel, for
        :func:`~coursekit.worker.trees.decode`.
    borrows : bool
        Whether a lent function was read.
    """

    def __init__(self) -> None:
        self.borrows = False
        self.readers: Extensions = {
            LENT_FUNCTION: lambda reader: self._borrowed(reader.number(U32))
        }
        self._steps: SimpleQueue[Wanted | Done] = SimpleQueue()
        self._given: SimpleQueue[Any] = SimpleQueue()

    def begin(
        self, reference: Callable[..., object], args: Sequence[object], kwargs: Mapping[str, Any]
    ) -> Wanted | Done:
        """Call the reference, up to where it wants something or ends."""
        work = partial(reference, *args, **kwargs)
        Thread(target=self._run, args=(work,), daemon=True).start()
        return self._steps.get()

    def go_on(self, args: Sequence[object]) -> Wanted | Done:
        """Give what the lent function returned; nothing if it raised."""
        self._given.put(args[0] if args else LentFunctionError("a function that was passed raised"))
        return self._steps.get()

    def abandon(self) -> None:
        """End the reference, if it waits."""
        self._given.put(AbandonedError())

    def _borrowed(self, number: int) -> Callable[..., object]:
        self.borrows = True

        def function(*args: object, **kwargs: object) -> object:
            self._steps.put(Wanted(number, args, kwargs))
            given = self._given.get()
            if isinstance(given, BaseException):
                raise given
            return given

        return function

    def _run(self, work: Callable[[], object]) -> None:
        try:
            self._steps.put(Done(work()))
        except Exception as error:
            self._steps.put(Done(error=error))
        except AbandonedError:
            pass  # nobody waits for what it would have given
