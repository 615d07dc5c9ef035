"""What ``/proc`` tells about the processes below one: for measuring and for cleaning up."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_TICK = 1.0 / os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
ENDED = ("Z", "X")
"""Letters of what does not run any more."""


@dataclass(frozen=True)
class ProcessState:
    """One line of ``/proc``.

    Parameters
    ----------
    pid, parent : int
    state : str
        One letter, ``Z`` for a zombie.  Where the main thread has ended and others go on, that of
        one of these: such a process is none, and is killed and measured like any other.
    own_seconds : float
        Processor time; resolution 0.01 s.
    cpu_seconds : float
        Own and of the children that it has waited for.
    memory : int
        Resident set, in bytes.
    threads : int
        One at least; each counts as a process against the limit on these.
    """

    pid: int
    parent: int
    state: str
    own_seconds: float
    cpu_seconds: float
    memory: int
    threads: int


def read_state(pid: int) -> ProcessState | None:
    """State of a process, None if there is none."""
    state = _read_stat(pid)
    if state is None or state.state not in ENDED or state.threads < 2:
        return state
    other = next(living_threads(pid), None)
    return state if other is None else replace(state, state=other.state, memory=other.memory)


def living_threads(pid: int) -> Iterator[ProcessState]:
    """The threads of a process that have not ended, each with its own number and letter."""
    try:
        names = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return
    for thread in map(_read_stat, map(int, names)):
        if thread is not None and thread.state not in ENDED:
            yield thread


def _read_stat(pid: int) -> ProcessState | None:
    """What stands in the line of a process, or of a thread by its number."""
    try:
        with open(f"/proc/{pid}/stat", "rb", buffering=0) as file:
            fields = file.read(1024).rsplit(b") ", 1)[1].split()
    except (OSError, IndexError):
        return None
    own, cpu = (sum(map(int, fields[11:end])) * _TICK for end in (13, 15))
    memory, threads = int(fields[21]) * _PAGE, max(int(fields[17]), 1)
    return ProcessState(pid, int(fields[1]), fields[0].decode(), own, cpu, memory, threads)


def descendants(root: int) -> list[ProcessState]:
    """States of all processes below `root`, parents first."""
    children: dict[int, list[ProcessState]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (state := read_state(int(name))) is not None:
            children.setdefault(state.parent, []).append(state)
    found, level = [], children.get(root, [])
    while level:
        found += level
        level = [child for state in level for child in children.get(state.pid, [])]
    return found


def memory_of_all(states: Iterable[ProcessState], limit: int) -> int:
    """Bytes that processes hold together; of a page that several share each bears its part.

    So what forks have in common counts once, and what one of them changes counts for it. To find
    it takes long: as long as `limit` is kept by all pages of each, the sum of these is returned.
    """
    states = list(states)
    whole = sum(state.memory for state in states)
    return whole if whole <= limit else sum(map(_part, states))


def _part(state: ProcessState) -> int:
    try:
        with open(f"/proc/{state.pid}/smaps_rollup", encoding="ascii") as file:
            lines = [line.split() for line in file]
    except OSError:  # it has ended, or its main thread has, or it hides it
        return state.memory
    return sum(int(line[1]) for line in lines if line[0] in ("Pss:", "SwapPss:")) * 1024


def process_clock(pid: int) -> float:
    """Processor time of a process, with its threads, without its children, in seconds."""
    try:
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return 0.0


def sweep(root: int, keep: frozenset[int], seconds: float = 5.0) -> int:
    """Kill all that runs below `root`, and count it.

    Stopped first, killed then, until a look finds none: what forks faster than it is killed
    stands still meanwhile.  Orphans that have ended are waited for: until then each of them
    counts as a process.

    Parameters
    ----------
    root : int
        Usually this process.
    keep : frozenset of int
        Processes to spare.
    seconds : float
        How long to try.

    Returns
    -------
    int
        How many were killed; -1 if some still run.
    """
    killed: set[int] = set()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        states = [state for state in descendants(root) if state.pid not in keep]
        _reap(state.pid for state in states if state.state == "Z" and state.parent == os.getpid())
        found = [state.pid for state in states if state.state not in ENDED]
        if not found:
            return len(killed)
        killed.update(found)
        for number in (signal.SIGSTOP, signal.SIGKILL):
            _send_all(found, number)
        time.sleep(0.001)
    return -1


def _reap(pids: Iterable[int]) -> None:
    for pid in pids:
        try:
            os.waitpid(pid, os.WNOHANG)
        except OSError:
            continue


def _send_all(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except OSError:
            continue
