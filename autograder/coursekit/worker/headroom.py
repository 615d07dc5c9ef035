"""The limit on processes of a submission, where others of the same user are counted with it.

Notes
-----
``RLIMIT_NPROC`` is compared with all processes and threads of the user, unless a user namespace
counts apart.  A limit that was right when the worker started is too low as soon as the instructor
opens a browser, or another submission takes all the processes that it may.  Then an honest
submission could not even be forked.  So the supervisor finds out again and again what the kernel
counts, and moves the limit of the submission's processes with it; student code cannot move it,
which the filter on system calls sees to.

What the kernel counts is found by trying, with a thread that ends at once: ``/proc`` does not
show all that it counts (other namespaces of this user), and takes longer to read.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import resource
from collections.abc import Callable, Iterable

from .processes import ProcessState, descendants

_CEILING = 2**22
"""More processes than a kernel numbers."""


class Headroom:
    """Keeps the limit of one submission's processes where it leaves it its own, and no more.

    Parameters
    ----------
    most : int
        Processes and threads that the submission may have, beside the one that runs its cells.
    counted_apart : bool
        Whether the kernel counts them by themselves; then the limit is set once, elsewhere.
    """

    def __init__(self, most: int, counted_apart: bool) -> None:
        self.most, self.counted_apart = most + 1, counted_apart
        self.count = 0

    def renew(self, states: Iterable[ProcessState] | None = None) -> bool:
        """Count again and move the limit.

        Parameters
        ----------
        states : iterable of ProcessState, optional
            Those of the submission.

        Returns
        -------
        bool
            Whether it has about as many as it may; more, if others ended between two counts.
        """
        if self.counted_apart:
            return True
        states = list(descendants(os.getpid()) if states is None else states)
        own = sum(state.threads for state in states)
        self.count = user_count(self.count)
        for state in states:
            _limit(state.pid, max(self.count - own, 0) + self.most)
        return own <= 2 * self.most


def _limit(pid: int, most: int) -> None:
    with contextlib.suppress(OSError):  # it may have ended
        hard = resource.prlimit(pid, resource.RLIMIT_NPROC)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.prlimit(pid, resource.RLIMIT_NPROC, (soft, hard))


def user_count(guess: int) -> int:
    """How many processes and threads the kernel counts for this user, from a guess that is near."""
    before = resource.getrlimit(resource.RLIMIT_NPROC)
    ceiling = _CEILING if before[1] == resource.RLIM_INFINITY else before[1]

    def fits(limit: int) -> bool:
        resource.setrlimit(resource.RLIMIT_NPROC, (limit, before[1]))
        return starts_thread()

    try:
        return least(fits, min(guess + 1, ceiling), ceiling) - 1
    finally:
        resource.setrlimit(resource.RLIMIT_NPROC, before)


def least(enough: Callable[[int], bool], guess: int, ceiling: int) -> int:
    """The least number that is enough, if there is one below the ceiling; looked for near a guess.

    Parameters
    ----------
    enough : callable
        Holds from some number on.
    guess, ceiling : int
    """
    low, high, step = guess - 1, guess, 1
    while high < ceiling and not enough(high):
        low, high, step = high, min(high + step, ceiling), 2 * step
    while low > 0 and enough(low):
        low, high, step = max(low - step, 0), low, 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def starts_thread() -> bool:
    """Whether this process may start one more; it has ended when this returns."""
    started, before = _thread.allocate_lock(), _threads()
    started.acquire()
    try:
        _thread.start_new_thread(started.release, ())
    except RuntimeError:
        return False
    started.acquire()
    while _threads() > before:
        os.sched_yield()
    return True


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))


def can_fork() -> bool:
    """Whether this process may make another."""
    try:
        pid = os.fork()
    except OSError:
        return False
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return True
