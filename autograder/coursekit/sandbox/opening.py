"""Opening a pool: find the first tier that can be had here and keeps its promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from coursekit.sandbox.limits import Limits
from coursekit.sandbox.pool import WorkerPool
from coursekit.sandbox.remembered import KnownTier, recall, remember
from coursekit.sandbox.selftest import examine
from coursekit.sandbox.tiers import IN_WORDS, TIERS
from coursekit.sandbox.worker_process import SandboxUnavailableError
from coursekit.worker import landlock

BY_ITSELF = ("bwrap", "landlock")
"""The tiers that are tried: without a sandbox only on request."""

MISSING = {
    2: "move a file to another folder",
    3: "cut a file by its name",
    6: "stop a program that it started",
}
"""What student code may not do, however honest, before a version of Landlock."""


def open_pool(
    jobs: int = 1, sandbox: str = "auto", *, hidden: Iterable[Path] = (),
    limits: Limits | None = None, packages: tuple[str, ...] | None = None,
) -> WorkerPool:  # fmt: skip
    """A pool of the first tier that passes the self-test; close it, or enter it.

    What passed on this system since it was started is not tried again.

    Parameters
    ----------
    jobs, hidden, limits, packages
        As of :class:`WorkerPool`.
    sandbox : {"auto", "bwrap", "landlock", "none"}
        "auto" takes the first of "bwrap" and "landlock" and never "none".

    Raises
    ------
    SandboxUnavailableError
        No admitted tier can be had; the message says why for each.
    """
    if sandbox not in ("auto", *TIERS):
        raise ValueError(f"sandbox is {sandbox!r}; it must be 'auto' or one of {TIERS}")
    hidden = tuple(hidden)
    known = recall(sandbox, hidden, packages)
    refusals: dict[str, SandboxUnavailableError] = {}
    for tier in BY_ITSELF if sandbox == "auto" else (sandbox,):
        try:
            pool = WorkerPool(1, tier, hidden=hidden, limits=limits, packages=packages)
            with closed_if_it_fails(pool):
                if known is None or known.tier != tier:
                    require_promises(pool)
                pool.grow_to(jobs)
        except SandboxUnavailableError as error:
            refusals[tier] = error
        else:
            pool.description = described(tier, refusals)
            if known != (tested := KnownTier(tier, pool.description)):
                remember(sandbox, hidden, tested, packages)
            return pool
    reasons = [f"{tier}: {error}" for tier, error in refusals.items()]
    raise SandboxUnavailableError(
        "student code cannot be locked in here.\n  " + "\n  ".join(reasons) + "\n"
        "Repair one of these, or run on another machine; without a sandbox only on request "
        "(--no-sandbox), and only for code that you trust."
    )


@contextmanager
def closed_if_it_fails(pool: WorkerPool) -> Iterator[None]:
    """Leave the pool open, unless what is done with it fails."""
    try:
        yield
    except BaseException:
        pool.close()
        raise


def require_promises(pool: WorkerPool) -> None:
    """Have the self-test try to break each promise; of "none" nothing is expected.

    Raises
    ------
    SandboxUnavailableError
        It broke one.
    """
    report = examine(pool)
    if pool.tier != "none" and not report.holds:
        raise SandboxUnavailableError(
            f"the self-test of {pool.tier} broke a promise: {report.broken}\n{report}"
        )


def described(
    tier: str, refusals: Mapping[str, SandboxUnavailableError], version: int | None = None
) -> str:
    """A tier in words, why those before it were not taken, and what it lacks on an old kernel.

    Parameters
    ----------
    tier : str
    refusals : mapping
    version : int, optional
        Of Landlock; else that of this kernel.
    """
    why = "; ".join(error.in_brief() for error in refusals.values())
    words = f"{tier} ({why})" if why else IN_WORDS[tier]
    version = landlock.version() if version is None else version
    missing = [what for first, what in MISSING.items() if version < first]
    if tier != "landlock" or not missing:
        return words
    return f"{words}; with version {version} of Landlock student code cannot " + " or ".join(
        missing
    )
