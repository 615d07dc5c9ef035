"""Measuring what student code uses, and keeping what it prints."""

from __future__ import annotations

import os
import time

from . import folders
from .headroom import Headroom
from .processes import (
    ProcessState,
    descendants,
    memory_of_all,
    process_clock,
    read_state,
)
from .unlinked import HiddenError, bytes_held

FIRST_LOOK, NEXT_LOOK = 0.02, 0.05
MOST_PIECES = 1000
"""How often two streams take turns before the rest of what is printed is left out."""


class Scratch:
    """The folder of a submission, where no file system of its own limits it.

    Parameters
    ----------
    folder : str or None
        None if a file system limits it.
    limit, largest : int
        Bytes of all files and of one.
    most : int
        Files and folders.
    """

    def __init__(self, folder: str | None, limit: int, largest: int, most: int) -> None:
        self.folder, self.limit, self.largest, self.most = folder, limit, largest, most
        self.next_look = 0.0

    def overfull(self, states: list[ProcessState] | None = None) -> bool:
        """Whether its files, with those that have no name any more, hold more than they may.

        Parameters
        ----------
        states : list of ProcessState, optional
            Of the submission; without them its processes are looked at now and then.
        """
        if self.folder is None:
            return False
        held, now = 0, time.monotonic()
        if states is not None or now >= self.next_look:
            self.next_look = now + NEXT_LOOK
            states = descendants(os.getpid()) if states is None else states
            try:
                held = bytes_held(states, self.folder, self.largest)
            except HiddenError:
                return True
        return held > self.limit or folders.holds_more(self.folder, self.limit - held, self.most)

    def empty(self) -> None:
        """Remove what is in it."""
        if self.folder is not None:
            folders.empty(self.folder)


class Use:
    """What all processes below this one use, seen in looks at moments that they cannot foretell.

    A child that has ended and was not waited for is in no sum of the kernel's, so what was seen of
    it stays. Whether the working process was kept from running is seen in its state: it runs, or
    waits for a processor or a disk. A look does not count where more processes than there are
    processors do so, as these keep each other from running.

    Parameters
    ----------
    pid : int
        The working process.

    Attributes
    ----------
    looks, kept_waiting : int
    memory : int
        The most that was seen, in bytes.
    """

    def __init__(self, pid: int) -> None:
        self.pid, self.cores = pid, len(os.sched_getaffinity(0))
        self.looks = self.kept_waiting = self.memory = 0
        self.seen: dict[int, float] = {}
        self.before: dict[int, float] = {}
        self.total_before = 0.0

    def note(self, states: list[ProcessState]) -> None:
        """Take a look in."""
        waiting = [state.pid for state in states if waits(state, states)]
        self.kept_waiting += self.pid in waiting and len(waiting) <= self.cores
        now = {state.pid: state.own_seconds for state in states}
        if not self.looks:
            self.before, self.total_before = now, sum(state.cpu_seconds for state in states)
        self.seen |= now
        self.looks += 1
        born = read_state(os.getpid())
        if born:
            self.memory = sum(max(state.memory - born.memory, 0) for state in states)

    def cpu(self, states: list[ProcessState]) -> float:
        """Processor seconds since the first look."""
        own = sum(seconds - self.before.get(pid, 0.0) for pid, seconds in self.seen.items())
        return max(own, sum(state.cpu_seconds for state in states) - self.total_before)

    def idle(self) -> float:
        """In which part of the looks it was not kept from running; all, without a look."""
        return 1.0 - self.kept_waiting / self.looks if self.looks else 1.0


def waits(state: ProcessState, states: list[ProcessState]) -> bool:
    """Whether a process runs, or waits for a processor or a disk, and not for its own child."""
    if state.state == "D":  # as who makes a child with vfork
        return not any(other.parent == state.pid for other in states)
    return state.state == "R"


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
        self.clock, self.use = process_clock(pid), Use(pid)
        self.began = time.monotonic()
        self.paused = 0.0
        self.next_look = self.began + FIRST_LOOK

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

        One of "cpu", "wall", "memory", "scratch" and "processes"; or "halted", where the working
        process does not end because somebody stopped it.
        """
        now = time.monotonic()
        if now < self.next_look:
            return None
        self.next_look = now + NEXT_LOOK * (0.5 + os.urandom(1)[0] / 255)
        states = descendants(os.getpid())
        self.use.note(states)
        if max(self.use.cpu(states), self.cpu()) > self.cpu_limit:
            return "cpu"
        if any(state.pid == self.pid and state.state in "Tt" for state in states):
            return "halted"
        born = read_state(os.getpid())
        if born and memory_of_all(states, self.memory) > self.memory + born.memory:
            return "memory"
        if self.scratch.overfull(states):
            return "scratch"
        if not self.headroom.renew(states):
            return "processes"
        return "wall" if self.wall() > self.wall_limit else None

    def measured(self) -> dict[str, float]:
        """What was used, as it is told to the judge.

        ``own`` are the seconds on the clock in which the submission was not kept from running: it
        ran, or slept.
        """
        cpu, wall = self.cpu(), self.wall()
        own = min(cpu + wall * self.use.idle(), wall)
        return {"cpu": cpu, "wall": wall, "own": own, "memory": float(self.use.memory)}


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
        if len(self.taken) < MOST_PIECES:
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
