"""Measuring what student code uses, and keeping what it prints."""

from __future__ import annotations

import os
import time

from . import folders
from .headroom import Headroom
from .processes import descendants, process_clock, read_state, scheduled_seconds

FIRST_LOOK, NEXT_LOOK = 0.02, 0.05


class Scratch:
    """The folder of a submission, where no file system of its own limits it.

    Parameters
    ----------
    folder : str or None
        None if a file system limits it.
    limit : int
        Bytes.
    most : int
        Files and folders.
    """

    def __init__(self, folder: str | None, limit: int, most: int) -> None:
        self.folder, self.limit, self.most = folder, limit, most

    def overfull(self) -> bool:
        """Whether the files in it hold more than they may."""
        return self.folder is not None and folders.holds_more(self.folder, self.limit, self.most)

    def empty(self) -> None:
        """Remove what is in it."""
        if self.folder is not None:
            folders.empty(self.folder)


class Watch:
    """Measures one cell or one call against its limits.

    Parameters
    ----------
    pid : int
        The process that works, as this process numbers it.
    cpu_seconds : float
        Limit of the processor time of all processes below this one.
    wall_seconds : float
        Limit of the time on the clock.
    memory : int
        Limit of the memory, in bytes, that they hold beyond what they were born with.
    scratch : Scratch
        Where they may write.
    headroom : Headroom
        How many they may be.
    """

    def __init__(
        self, pid: int, cpu_seconds: float, wall_seconds: float, memory: int, scratch: Scratch,
        headroom: Headroom,
    ) -> None:  # fmt: skip
        self.scratch, self.headroom = scratch, headroom
        self.pid, self.cpu_limit, self.wall_limit = pid, cpu_seconds, wall_seconds
        self.memory = memory
        self.clock = process_clock(pid)
        self.before: float | None = None
        self.began = time.monotonic()
        self.paused = 0.0
        self.next_look = self.began + FIRST_LOOK
        self.first_look: tuple[float, float | None] | None = None

    def cpu(self) -> float:
        """Processor seconds of the working process since the start."""
        return max(process_clock(self.pid) - self.clock, 0.0)

    def wall(self) -> float:
        """Seconds on the clock since the start, without pauses."""
        return time.monotonic() - self.began - self.paused

    def pause(self, seconds: float) -> None:
        """Do not count time in which the trusted side worked."""
        self.paused += seconds

    def verdict(self) -> str | None:
        """The limit that is exceeded, or None; looks now and then.

        One of "cpu", "wall", "memory", "scratch" and "processes".
        """
        now = time.monotonic()
        if now < self.next_look:
            return None
        self.next_look = now + NEXT_LOOK
        if self.first_look is None:
            self.first_look = self.wall(), scheduled_seconds(self.pid)
        states = descendants(os.getpid())
        total = sum(state.cpu_seconds for state in states)
        self.before = total if self.before is None else self.before
        if max(total - self.before, self.cpu()) > self.cpu_limit:
            return "cpu"
        born = read_state(os.getpid())
        if born and sum(max(s.memory - born.memory, 0) for s in states) > self.memory:
            return "memory"
        if self.scratch.overfull():
            return "scratch"
        if not self.headroom.renew(states):
            return "processes"
        return "wall" if self.wall() > self.wall_limit else None

    def asleep(self) -> bool | None:
        """Whether the working process neither ran nor waited to run for most of the time.

        None where the kernel does not account for it.
        """
        if self.first_look is None:
            return None
        now, (began, before) = scheduled_seconds(self.pid), self.first_look
        if now is None or before is None:
            return None
        return now - before < 0.5 * (self.wall() - began)


class Printed:
    """Reads what comes over the pipes of standard output and error, and keeps its beginning.

    Parameters
    ----------
    cap : int
        Bytes kept per stream between two calls of :meth:`take`.
    """

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.streams: dict[int, str] = {}
        self.taken: list[tuple[str, bytes]] = []
        self.room: dict[str, int] = {}

    def open(self, name: str) -> int:
        """Make a pipe for a stream; returns the end to write to."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        self.streams[reading] = name
        self.room[name] = self.cap
        return writing

    def read(self, rounds: int = 64) -> None:
        """Read what has come, at most `rounds` pieces from each stream."""
        for fd in self.streams:
            for _ in range(rounds):
                try:
                    piece = os.read(fd, 2**16)
                except BlockingIOError:
                    break
                if not piece:
                    break
                self._keep(self.streams[fd], piece)

    def _keep(self, name: str, piece: bytes) -> None:
        kept = piece[: self.room[name]]
        self.room[name] -= len(kept)
        if not kept:
            return
        if self.taken and self.taken[-1][0] == name:
            kept = self.taken.pop()[1] + kept
        self.taken.append((name, kept))

    def add(self, kind: str, data: bytes) -> None:
        """Note a rich output after what was printed before it."""
        self.read()
        self.taken.append((kind, data))

    def take(self) -> list[tuple[str, bytes]]:
        """What was kept since the last time, in order: pairs of a kind and bytes."""
        self.read()
        taken, self.taken = self.taken, []
        self.room = dict.fromkeys(self.room, self.cap)
        return taken
