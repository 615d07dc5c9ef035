"""The tiers of the sandbox that this machine has."""

from functools import cache

from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.worker_process import SandboxUnavailableError, WorkerProcess


@cache
def refusal(tier: str) -> str:
    """Why a tier cannot be had here, on one line; empty if it can.  For "auto" any is enough."""
    if tier == "auto":
        return "" if "" in map(refusal, ("bwrap", "landlock")) else "no tier can be had here"
    try:
        WorkerProcess(tier).close()
    except SandboxUnavailableError as error:
        return error.in_brief()
    return ""


@cache
def first_tier() -> str:
    """The tier that a class run takes here."""
    with open_pool() as pool:
        return pool.tier
