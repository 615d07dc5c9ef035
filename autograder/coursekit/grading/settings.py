"""How a class run is done."""

from dataclasses import dataclass, field

from coursekit.machine import usable_cores
from coursekit.sandbox.limits import Limits


@dataclass(frozen=True)
class Settings:
    """How a class run is done.

    Attributes
    ----------
    jobs : int
        Processes that judge on this machine: one more than it gives us cores, as each waits now
        and then for the disk, for the gradebook or for a process to end.
    sandbox : str
        "auto", or "none" where the instructor asked for it.
    limits : Limits, optional
        Of each submission in the sandbox.
    judging_seconds : float
        Processor time that the trusted side may take for one submission: to read it, to compare,
        to write its page. An honest one needs less than one second.
    judging_memory : int
        Bytes that it may take meanwhile.
    scheduler : str
        Address of a Dask scheduler whose workers judge in the place of processes here; empty
        for none.
    description : str
        The tier that was tested, in words; empty before that.
    """

    jobs: int = field(default_factory=lambda: usable_cores() + 1)
    sandbox: str = "auto"
    limits: Limits | None = None
    judging_seconds: float = 60.0
    judging_memory: int = 2**31
    scheduler: str = ""
    description: str = ""

    @property
    def sandbox_limits(self) -> Limits:
        """The limits of each submission in the sandbox."""
        return self.limits or Limits()
