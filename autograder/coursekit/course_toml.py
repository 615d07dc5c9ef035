"""``course.toml``, the one file of a course's settings: all sections, and what they are by default.

Another section is another dataclass here, and a field of :class:`CourseSettings`.  A course
without the file, as all that were made before there was one, has the defaults.
"""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from coursekit import toml_schema
from coursekit.sandbox.limits import ORDINARY, Limits
from coursekit.toml_schema import Kind, named, number, one_of, read_toml, setting, web_address

NAME = "course.toml"
KIB, MIB = 2**10, 2**20

HEADER = """\
# The settings of this course. A line that begins with # is not in force: it shows the default, or
# an example. `course settings` says what is in force, and whether this file is right.

"""


LMS = ("none", "canvas", "moodle", "blackboard", "brightspace")
BY_NBGRADER, NOTHING, PER_DAY, PER_HOUR, ALL, BY_LMS = (
    "nbgrader", "nothing", "per day", "per hour", "all", "lms",
)  # fmt: skip
"""What takes points off a late hand-in."""
LAST, BEST = "last", "best"
"""Which attempt counts."""


def words() -> Kind:
    """Some text on one line."""

    def read(value: object) -> object:
        if not isinstance(value, str) or not value.isprintable():
            raise ValueError
        return value

    return Kind("a text on one line", read)


def zone_name() -> Kind:
    """A time zone that this machine knows."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            raise ValueError
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, OSError, ValueError):
            raise ValueError("there is no such time zone") from None
        return value

    return Kind('the name of a time zone, such as "Europe/Berlin" or "UTC"', read)


def moment() -> Kind:
    """A date, or a date with a time, which may name its distance from UTC."""

    def read(value: object) -> object:
        if not isinstance(value, date):  # and times, which are dates
            raise ValueError
        return value

    return Kind("a time such as 2027-01-10 23:59:59, or a day, which ends at midnight", read)


def names_of_sets() -> Kind:
    """Names of problem sets."""

    def read(value: object) -> object:
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise ValueError
        return tuple(value)

    return Kind('a list of problem sets, such as ["ps5"]', read)


def package_names() -> Kind:
    """Names of installed packages."""

    def read(value: object) -> object:
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise ValueError
        for name in value:
            if not installed(name):
                raise ValueError(f"{name!r} is not installed for {sys.executable}")
        return tuple(value)

    return Kind('a list of installed packages, such as ["scipy", "pandas"]', read)


def installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Packages:
    """What student code may import, beside the standard library."""

    problem_sets: tuple[str, ...] = setting(
        (),
        package_names(),
        "In problem sets of this course: these, beside NumPy, Matplotlib and IPython. They are "
        "named in the release, so release again after a change.",
        example=["scipy"],
    )
    ordinary: tuple[str, ...] | None = setting(
        None,
        package_names(),
        "In ordinary nbgrader notebooks: without this line all that is installed, with it these "
        "only, beside the same three.",
        example=["pandas", "scipy"],
        unset=lambda section: "all that is installed",
    )


def limit(name: str, kind: Kind, text: str, unit: int = 1) -> Any:
    """A field that sets a limit of a submission, in some unit; by default it stays as it is."""

    def unset(section: LimitSection) -> float:
        amount: float = getattr(section.default, name)
        return amount / unit if unit > 1 else amount

    return setting(None, kind, text, unset=unset, limit=name, unit=unit)


@dataclass(frozen=True)
class LimitSection:
    """Limits of one submission."""

    default: ClassVar[Limits] = Limits()

    cell_seconds: float | None = limit(
        "cell_cpu_seconds",
        number(1, 86_400, whole=False),
        "Seconds of processor time of a cell, with all that it starts.",
    )
    submission_seconds: float | None = limit(
        "submission_seconds",
        number(10, 10**6, whole=False),
        "Seconds on the clock of a submission as a whole, with all that it starts.",
    )
    memory_mb: int | None = limit(
        "memory",
        number(64, 10**7),
        "Memory that each process may ask for, beyond what it began with; all of them together "
        "may hold twice as much.",
        MIB,
    )
    processes: int | None = limit(
        "processes", number(4, 100_000), "Processes and threads at one time."
    )
    open_files: int | None = limit("open_files", number(32, 100_000), "Open files of a process.")
    file_mb: int | None = limit("file_size", number(1, 10**7), "Size of a file.", MIB)
    folder_mb: int | None = limit(
        "scratch",
        number(1, 10**7),
        "All files together: those that lie beside the notebook, and those that it writes.",
        MIB,
    )
    folder_files: int | None = limit("files", number(64, 10**7), "How many files and folders.")
    shared_memory_mb: int | None = limit(
        "shared_memory",
        number(1, 10**7),
        "Memory that processes share (/dev/shm), which multiprocessing and joblib need.",
        MIB,
    )
    output_kb: int | None = limit(
        "output", number(1, 10**6), "What is kept of each stream that a cell prints to.", KIB
    )

    def limits(self) -> Limits:
        """The limits, those that are not set being the default."""
        given = {
            entry.metadata["limit"]: getattr(self, entry.name) * entry.metadata["unit"]
            for entry in fields(self)
            if getattr(self, entry.name) is not None
        }
        return replace(self.default, **given)


@dataclass(frozen=True)
class ProblemSetLimits(LimitSection):
    """Limits of a submission of a problem set of this course."""

    call_seconds: float | None = limit(
        "call_cpu_seconds",
        number(1, 86_400, whole=False),
        "Seconds of processor time of a call, where the exercise gives no other.",
    )


@dataclass(frozen=True)
class OrdinaryLimits(LimitSection):
    """Limits of an ordinary nbgrader notebook."""

    default: ClassVar[Limits] = ORDINARY


@dataclass(frozen=True)
class LimitSections:
    """What a submission may use."""

    problem_sets: ProblemSetLimits = field(default_factory=ProblemSetLimits)
    ordinary: OrdinaryLimits = field(default_factory=OrdinaryLimits)


@dataclass(frozen=True)
class Checks:
    """What students can check by themselves."""

    sealed_answers: str = setting(
        "released",
        one_of("released", "kept"),
        "Digests of the answers that are worked by hand: released, so that `check` tells at once; "
        "or kept, as a program finds in seconds which numbers fit the digests.",
    )


@dataclass(frozen=True)
class Book:
    """The book that students read."""

    url: str | None = setting(
        None,
        web_address(),
        "Where it is published: feedback and the class report link to its pages, and so do new "
        "releases.",
        example="https://example.org/backprop",
        unset=lambda section: "not known, so pages are named and not linked",
    )


@dataclass(frozen=True)
class About:
    """What the course is called, and where its grades go."""

    title: str = setting("", words(), "Its name.", example="Backpropagation")
    term: str = setting("", words(), "When it is held.", example="Winter 2027")
    contact: str = setting(
        "",
        words(),
        "Where students ask about their points; their feedback pages say it.",
        example="room 12",
    )
    lms: str = setting(
        "none",
        one_of(*LMS),
        "The learning platform for which `course export` writes where it is told no other.",
    )
    columns: Mapping[str, str] = named(
        words(),
        "What the column of each problem set is called in that platform's table of grades, as it "
        "stands there.",
        ps1="Problem set 1 (123)",
    )


@dataclass(frozen=True)
class Dates:
    """When problem sets are due."""

    time_zone: str = setting(
        "UTC",
        zone_name(),
        "The zone of every time that names none: here, in tables, in archives.",
        example="Europe/Berlin",
    )
    due: Mapping[str, date] = named(
        moment(),
        "Due dates, by problem set. What is handed in later is late, by a second already. Of an "
        "hour that the clock has twice the second counts. A set that is not named here has the "
        "due date that nbgrader's gradebook has, if any.",
        ps1=datetime(2027, 1, 10, 23, 59, 59),
    )


@dataclass(frozen=True)
class Policies:
    """What late hand-ins cost, which attempt counts, and what makes the total."""

    late: str = setting(
        BY_NBGRADER,
        one_of(BY_NBGRADER, NOTHING, PER_DAY, PER_HOUR, ALL, BY_LMS),
        'What takes points off: "nbgrader", the plugin of nbgrader_config.py, which by itself '
        'takes nothing; "nothing"; a part for each "per day" or "per hour" that has begun; "all"; '
        'or "lms", the learning platform, and then nothing is taken off here.',
    )
    late_percent: float = setting(
        10, number(0, 100, whole=False), "The part for each day or hour, in percent."
    )
    late_of: str = setting(
        "earned",
        one_of("earned", "possible"),
        "Percent of the points that were earned, or of those that could be.",
    )
    late_most: float = setting(
        100, number(0, 100, whole=False), "No more than so many percent are taken off."
    )
    grace_minutes: float = setting(0, number(0, 10_000, whole=False), "So late costs nothing yet.")
    late_days: int = setting(
        0,
        number(0, 100),
        "Late days that each student has for the whole term. One moves a due date by 24 hours; as "
        "many are spent as are needed and left, set by set in the order of the due dates.",
    )
    late_days_per_set: int = setting(
        100, number(0, 100), "No more of them are spent on one problem set."
    )
    attempts: str = setting(
        LAST,
        one_of(LAST, BEST),
        "Of several attempts that were collected the last one counts, or the one with the most "
        "points behind its penalty.",
    )
    drop_lowest: int = setting(
        0, number(0, 100), "So many problem sets, those with the smallest share, do not count."
    )
    extra_credit: tuple[str, ...] = setting(
        (), names_of_sets(), "Their points are added, and cannot be missed.", example=["ps5"]
    )
    points: Mapping[str, float] = named(
        number(0, 10_000, whole=False),
        "What a problem set counts in the total and in exports; without a line here its own "
        "points. With a line for total every total is out of so many, whatever was dropped.",
        ps1=10,
    )


@dataclass(frozen=True)
class CourseSettings:
    """All settings of a course.

    Attributes
    ----------
    course : About
    dates : Dates
    policies : Policies
    packages : Packages
    limits : LimitSections
    checks : Checks
    book : Book
    """

    course: About = field(default_factory=About)
    dates: Dates = field(default_factory=Dates)
    policies: Policies = field(default_factory=Policies)
    packages: Packages = field(default_factory=Packages)
    limits: LimitSections = field(default_factory=LimitSections)
    checks: Checks = field(default_factory=Checks)
    book: Book = field(default_factory=Book)

    def limits_of(self, ordinary: bool) -> Limits:
        """What a submission may use, of an ordinary notebook or of a problem set of ours."""
        section = self.limits.ordinary if ordinary else self.limits.problem_sets
        return section.limits()

    def packages_of(self, ordinary: bool) -> tuple[str, ...] | None:
        """The packages that are added to those of the worker; None where all are there."""
        return self.packages.ordinary if ordinary else self.packages.problem_sets


def read_settings(folder: Path) -> CourseSettings:
    """The settings of the course in a folder.

    Raises
    ------
    CourseError
        If its file is not right; the message names the lines.
    """
    return read_toml(CourseSettings, folder / NAME)


def template() -> str:
    """The file that a new course gets."""
    return HEADER + toml_schema.template(CourseSettings())
