"""Whose doing it is that something took too long, or ended: the submission's, or the machine's.

A busy machine may cost nobody a point, and nobody may order an error of the grader. So what counts
is what a submission used itself. The supervisor measures it from outside: it ran, or it slept, or
it was kept from running. Whoever was mostly kept from running met a machine that had no time.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, TypeAlias

from coursekit.sandbox.limits import Limits

ITS_OWN = 0.5
"""The part of a limit that a submission must have used itself, so that reaching it is its doing."""

Event: TypeAlias = dict[str, Any]
"""What a supervisor tells: "event" says which, and with it what else there is."""
Report: TypeAlias = dict[str, Any]
"""What student code tells, within an event: nobody vouches for what is in it."""


class FaultError(RuntimeError):
    """The grader or the machine failed while a submission ran: nothing may be concluded."""


class SpoiledError(RuntimeError):
    """A submission cannot go on, by its own doing."""


class Clock:
    """The time on the clock of a submission as a whole, and what it used of it itself.

    Parameters
    ----------
    seconds : float

    Attributes
    ----------
    own : float
        Seconds in which it ran or slept, or had functions of ours evaluated.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self.own = seconds, 0.0
        self.ends = time.monotonic() + seconds
        self.oom_kills = count_oom_kills()

    def left(self) -> float:
        """Seconds that are left."""
        return max(self.ends - time.monotonic(), 0.0)

    def require_time(self) -> None:
        """Raise if no time is left.

        Raises
        ------
        SpoiledError
            It took all of the time itself.
        FaultError
            It was kept from running.
        """
        if self.left() > 0:
            return
        reason = f"the submission as a whole took more than {self.seconds:g} s"
        if self.own >= ITS_OWN * self.seconds:
            raise SpoiledError(reason)
        raise FaultError(f"{reason}, most of which it was kept waiting")

    def note(self, event: Event, limits: Limits) -> None:
        """Count what a cell or a call used, and see whose doing it is if it was ended.

        Raises
        ------
        FaultError
            The machine's.
        """
        self.own += event["own"]
        if event["event"] != "over":
            return
        by_call, by_all = event["own"] / max(event["wall"], 1e-9), self.own / self.seconds
        if event["why"] == "wall" and (by_call if self.left() else by_all) < ITS_OWN:
            raise FaultError("out of time on the clock, most of which it was kept waiting")
        starved = event["why"] == "exit" and count_oom_kills() > self.oom_kills
        if starved and event["memory"] < ITS_OWN * 2 * limits.memory:
            raise FaultError("the machine ran out of memory, and ended a process")


def count_oom_kills() -> int:
    """How many processes the kernel has ended for want of memory; 0 where it does not say."""
    try:
        text = Path("/proc/vmstat").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if "oom_kill " in line), 0)
