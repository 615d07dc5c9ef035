"""How a class run is done."""

from dataclasses import dataclass, field

from coursekit.errors import CourseError
from coursekit.machine import usable_cores
from coursekit.sandbox.limits import Limits
from coursekit.sandbox.tiers import TIERS

SANDBOXES = ("auto", *TIERS)


@dataclass(frozen=True)
class Settings:
    """How a class run is done.

    Attributes
    ----------
    jobs : int
        Processes that judge on this machine: one more than it gives us cores, as each waits now
        and then for the disk, for the gradebook or for a process to end.
    sandbox : str
        "auto", "none" where the instructor asked for it, or the tier that was tested.
    limits : Limits, optional
        Of each submission.
    scheduler : str
        Address of a Dask scheduler whose workers judge in the place of processes here; empty
        for none.
    description : str
        The tier that was tested, in words; empty before that.

    Raises
    ------
    CourseError
        If one of them is something else, in a sentence that names it.
    """

    jobs: int = field(default_factory=lambda: usable_cores() + 1)
    sandbox: str = "auto"
    limits: Limits | None = None
    scheduler: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        if type(self.jobs) is not int or self.jobs < 1:
            raise CourseError(f"jobs is {self.jobs!r}; a number of processes from 1 up is expected")
        if self.sandbox not in SANDBOXES:
            raise CourseError(
                f"sandbox is {self.sandbox!r}; it must be one of {', '.join(SANDBOXES)}"
            )
        if not isinstance(self.limits, Limits | None):
            raise CourseError(
                f"limits is {self.limits!r}; Limits of the sandbox, or None, expected"
            )
        if not isinstance(self.scheduler, str):
            raise CourseError(
                f"scheduler is {self.scheduler!r}; the address that `dask scheduler` prints is "
                "expected, tcp://HOST:PORT"
            )
