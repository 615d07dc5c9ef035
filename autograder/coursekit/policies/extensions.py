"""``extensions.csv``: who may hand in later, has other late days, or is excused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from coursekit.errors import CourseError
from coursekit.policies.times import read_time
from coursekit.roster import read_roster
from coursekit.tables import Row, TextTable, read_table
from coursekit.worker.personal import one_form

NAME = "extensions.csv"
COLUMNS = ("student", "problem_set", "due", "hours", "late_days", "excused", "note")
EVERY = "*"
"""In the place of a problem set: all of them, as an accommodation has it."""
TRUE, FALSE = ("yes", "y", "true", "1", "x"), ("", "no", "n", "false", "0")


@dataclass(frozen=True)
class Extension:
    """What one student is granted in one problem set.

    Attributes
    ----------
    due : datetime, optional
        In the place of the due date of all.
    more : timedelta, optional
        Added to it.
    late_days : int, optional
        How many are spent on this set; in a line for every set, how many the student has.
    excused : bool, optional
        Whether the set does not count.
    """

    due: datetime | None = None
    more: timedelta | None = None
    late_days: int | None = None
    excused: bool | None = None

    def over(self, other: "Extension") -> "Extension":
        """This, and of another what this one leaves open. Late days are of two kinds."""
        return Extension(
            self.due if self.due is not None else other.due,
            self.more if self.more is not None else other.more,
            self.late_days,
            self.excused if self.excused is not None else other.excused,
        )


@dataclass(frozen=True)
class Extensions:
    """All of a course, by student and problem set.

    Attributes
    ----------
    granted : dict
    lines : dict
        Where each stands in the file.
    shared : dict
        The students whom a name in the file may mean, where it is the name of several.
    """

    granted: Mapping[tuple[str, str], Extension] = field(default_factory=dict)
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)
    shared: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def of(self, student: str, problem_set: str) -> Extension:
        """What a student is granted; a line for the set counts before one for every set."""
        name = one_form(student)
        own = self.granted.get((name, problem_set), Extension())
        return own.over(self.granted.get((name, EVERY), Extension()))

    def late_days_of(self, student: str) -> int | None:
        """How many late days a student has, if others than all."""
        return self.granted.get((one_form(student), EVERY), Extension()).late_days


def read_extensions(folder: Path, zone: ZoneInfo) -> Extensions:
    """The extensions of the course in a folder; none if it has no file of them.

    A student may be called by whatever the roster knows; who is not in it, by the folder's name.

    Raises
    ------
    CourseError
        If a line is not right.
    """
    path = folder / NAME
    if not path.exists():
        return Extensions()
    table = read_table(path, lower=True)
    table.require("student", "problem_set")
    unknown = sorted({*table.columns} - {*COLUMNS} - {""})
    if unknown:
        raise CourseError(f"{path} has the column {unknown[0]}; expected are {', '.join(COLUMNS)}")
    roster = read_roster(folder)
    granted: dict[tuple[str, str], Extension] = {}
    lines: dict[tuple[str, str], int] = {}
    shared: dict[str, Sequence[str]] = {}
    for row in table.rows:
        meant = sorted(roster.meant(row["student"]))
        student = one_form(meant[0] if len(meant) == 1 else row["student"])
        if len(meant) > 1:
            shared[student] = meant
        key = (student, row["problem_set"])
        if not all(key):
            raise table.refuse(row, f"student and problem_set are expected, {EVERY} for every set")
        if key in lines:
            raise table.refuse(row, f"{key[0]} and {key[1]} stand in line {lines[key]}, too")
        granted[key], lines[key] = extension_in(table, row, zone), row.line
    return Extensions(granted, lines, shared)


def extension_in(table: TextTable, row: Row, zone: ZoneInfo) -> Extension:
    """What a line of the file grants."""
    found = Extension()
    for column, text in given(row):
        try:
            if column == "due":
                found = replace(found, due=read_time(text, zone, in_doubt_later=True))
            elif column == "hours":
                found = replace(found, more=timedelta(hours=number(text, whole=False)))
            elif column == "late_days":
                found = replace(found, late_days=int(number(text)))
            elif column == "excused":
                found = replace(found, excused=truth(text))
        except ValueError as error:
            raise table.refuse(row, f"{column} is {text!r}: {error}") from error
    return found


def given(row: Row) -> Iterator[tuple[str, str]]:
    return ((name, row[name]) for name in COLUMNS[2:-1] if row[name])


def number(text: str, whole: bool = True) -> float:
    """A number from 0 up that does not run away with the calendar."""
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 10_000:
        raise ValueError(f"a {'whole ' * whole}number from 0 to 10000 is expected")
    return value


def truth(text: str) -> bool:
    if text.lower() not in TRUE + FALSE:
        raise ValueError("yes or no is expected")
    return text.lower() in TRUE
