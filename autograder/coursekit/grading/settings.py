"""How a class run is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from coursekit.courses import Course
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
        Of each submission, in the place of those of the course.
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
    graded : mapping
        In a regrade, by student: the digest of the file that was graded, which is judged again
        whatever its attempt comes to now.

    Raises
    ------
    CourseError
        If one of them is something else, in a sentence that names it.
    """

    jobs: int = field(default_factory=lambda: usable_cores() + 1)
    sandbox: str = "auto"
    limits: Limits | None = None
    judging_seconds: float = 60.0
    judging_memory: int = 2**31
    scheduler: str = ""
    description: str = ""
    graded: Mapping[str, str] = field(default_factory=dict)

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


@dataclass(frozen=True)
class Scope:
    """What submissions of a problem set may use, and which packages they see.

    Attributes
    ----------
    limits : Limits
    packages : tuple of str or None
        As of :class:`~coursekit.sandbox.pool.WorkerPool`.
    """

    limits: Limits
    packages: tuple[str, ...] | None

    def package_versions(self) -> tuple[str, ...]:
        """The packages that they see, with their versions; none where all are there."""
        from coursekit.sandbox.packages import packages  # the help of the command waits for no more

        return () if self.packages is None else packages(tuple(sorted(self.packages))).versions


def scope_of(course: Course, problem_set: str, limits: Limits | None = None) -> Scope:
    """What the course's settings say, or other limits.

    Raises
    ------
    CourseError
        If ``course.toml`` is not right.
    """
    settings, ordinary = course.settings, not course.has_master(problem_set)
    return Scope(limits or settings.limits_of(ordinary), settings.packages_of(ordinary))
