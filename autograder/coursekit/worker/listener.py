"""Waiting for judge and student code, while limits are watched and output is read."""

from __future__ import annotations

import select
import time

from .channel import Channel, FrameTooLargeError
from .trees import TreeLimits, encode
from .watch import Printed, Watch

EVENT = 6
"""Kind of the frames to the judge."""
EVENTS = TreeLimits(total_bytes=2**32 - 1)
"""Of events; what student code adds to one is counted where it comes in."""
NOTE_SECONDS, NOTE_BYTES = 0.05, 2**20
"""How long, and how much of, what can wait does wait."""


class AbandonedError(Exception):
    """The judge has closed the submission."""


class OverError(Exception):
    """Student code has ended or was ended; holds why."""

    def __init__(self, why: str, watch: Watch | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.measured = watch.measured() if watch else {"cpu": 0.0, "wall": 0.0, "own": 0.0,
                                                        "memory": 0.0}  # fmt: skip


class Listener:
    """What the supervisor listens to: the judge, a process of student code, and its output.

    Parameters
    ----------
    trusted : Channel
        To the judge.

    Attributes
    ----------
    kind : int
        Of the frame that came last.
    printed : Printed
        What student code prints.
    """

    def __init__(self, trusted: Channel) -> None:
        self.trusted, self.kind = trusted, 0
        self.printed = Printed(0)
        self.handed_on = time.monotonic()

    def order(self, *kinds: int) -> bytes:
        """Wait for an order of the judge."""
        while True:
            frame = self.trusted.wait(3600.0)
            if frame is None and self.trusted.closed:
                raise AbandonedError
            if frame is not None:
                self.kind = frame[0]
                if self.kind not in kinds:
                    raise AbandonedError
                return frame[1]

    def tell(self, event: str, **content: object) -> None:
        """Report to the judge, now."""
        self.trusted.queue(EVENT, encode({"event": event, **content}, EVENTS))
        self.hand_on()

    def note(self, event: str, **content: object) -> None:
        """Report to the judge soon: to wake it costs as much as a short call."""
        self.trusted.queue(EVENT, encode({"event": event, **content}, EVENTS))
        late = time.monotonic() - self.handed_on > NOTE_SECONDS
        if late or len(self.trusted.outbox) > NOTE_BYTES:
            self.hand_on()

    def hand_on(self) -> None:
        """Send the reports that are waiting."""
        self.trusted.flush()
        self.handed_on = time.monotonic()

    def frame_from(self, source: Channel, watch: Watch, *kinds: int) -> bytes:
        """The next frame of student code, or :class:`OverError`."""
        while True:
            try:
                frame = source.next_frame()
            except FrameTooLargeError as error:
                raise OverError("too large", watch) from error
            if frame is not None:
                self.kind = frame[0]
                if self.kind not in kinds:
                    raise OverError("protocol", watch)
                return frame[1]
            if source.closed:
                raise OverError("exit", watch)
            if (why := watch.verdict()) is not None:
                raise OverError(why, watch)
            self.poll(source, watch)

    def deliver(self, target: Channel, watch: Watch) -> None:
        """Wait until student code has taken what waits for it, or :class:`OverError`."""
        while target.outbox:
            if target.closed:
                raise OverError("exit", watch)
            if (why := watch.verdict()) is not None:
                raise OverError(why, watch)
            self.poll(target, watch)

    def poll(self, source: Channel, watch: Watch) -> None:
        """Wait until something comes from anywhere, or it is time to look at the limits."""
        poller = select.poll()
        incoming = 0 if source.is_full else select.POLLIN
        poller.register(source, incoming | (select.POLLOUT if source.outbox else 0))
        poller.register(self.trusted, select.POLLIN)
        for fd in self.printed.streams:
            poller.register(fd, select.POLLIN)
        ready = dict(poller.poll(max(watch.next_look - time.monotonic(), 0.0) * 1000 + 1))
        if self.trusted.fileno() in ready:
            self.trusted.pull()
            if self.trusted.closed:
                raise AbandonedError
        if ready.get(source.fileno(), 0) & select.POLLOUT:
            source.push()
        if ready.get(source.fileno(), 0) & ~select.POLLOUT:
            source.pull()
        self.printed.read(rounds=1)
