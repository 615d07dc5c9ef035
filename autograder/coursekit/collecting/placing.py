"""Whose each file of an archive is: students, groups, attempts, times."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from zoneinfo import ZoneInfo

from coursekit.collecting.archives import Member
from coursekit.collecting.groups import Groups
from coursekit.collecting.layouts import Layout, Piece
from coursekit.errors import CourseError
from coursekit.names import fault_of_name
from coursekit.policies.times import read_platform_time
from coursekit.roster import (
    NAME,
    UNIQUE,
    Key,
    Roster,
    cells_of,
    columns_of,
    is_of_canvas,
    the_student,
    with_known,
)
from coursekit.tables import Row, TextTable, read_table

TIMES = ("time", "last modified (submission)")
"""Columns that say when somebody handed in: ours, and that of Moodle's worksheet."""
NO_TIME = ("", "-")
"""What stands there of who handed in nothing."""


@dataclass(frozen=True)
class Placed:
    """A file that is a student's."""

    member: Member
    piece: Piece
    student: str


@dataclass(frozen=True)
class Unplaced:
    """A file that is nobody's, and why."""

    place: str
    reason: str


@dataclass
class Attempt:
    """The files of one attempt of one student.

    Attributes
    ----------
    student : str
    parts : list of Placed
    came : datetime, optional
    late : bool
        Whether the platform says so.
    is_given : bool
        Whether the instructor's table says when it came.
    """

    student: str
    parts: list[Placed] = field(default_factory=list)
    came: datetime | None = None
    late: bool = False
    is_given: bool = False


@dataclass(frozen=True)
class Placement:
    """What is whose.

    Attributes
    ----------
    attempts : dict
        Of each student, the first first.
    unplaced : tuple of Unplaced
    by_platform : tuple of str
        Files that the platform added, with what it knows.
    """

    attempts: dict[str, list[Attempt]]
    unplaced: tuple[Unplaced, ...]
    by_platform: tuple[str, ...]


def place(
    members: Iterable[Member],
    layout: Layout,
    roster: Roster,
    groups: Groups,
    times: Mapping[str, datetime],
) -> Placement:
    """Find out whose each file is.

    Parameters
    ----------
    members : iterable of Member
    layout : Layout
    roster : Roster
    groups : Groups
    times : mapping
        When students handed in for the last time; counts before what the archive says.
    """
    by_attempt: dict[tuple[str, str], Attempt] = {}
    unplaced: list[Unplaced] = []
    by_platform: list[Unplaced] = []
    for member in members:
        piece = layout.piece(member.path)
        if member.fault:
            unplaced.append(Unplaced(member.place, member.fault))
        elif piece is None or not piece.file:
            (by_platform if is_about(member, piece) else unplaced).append(
                Unplaced(member.place, f"no name as {layout.name} gives them")
            )
        else:
            students, reason = whose(piece, roster, groups)
            if reason:
                unplaced.append(Unplaced(member.place, reason))
            for student in students:
                one = by_attempt.setdefault((student, piece.attempt), Attempt(student))
                one.parts.append(Placed(member, piece, student))
                one.came = piece.came
                one.late = one.late or piece.late
    attempts: dict[str, list[Attempt]] = defaultdict(list)
    for (student, _), attempt in by_attempt.items():
        attempts[student].append(attempt)
    for student, several in attempts.items():
        in_order(several)
        if student in times:
            several[-1].came, several[-1].is_given = times[student], True
    return Placement(dict(attempts), tuple(unplaced), tuple(each.place for each in by_platform))


def is_about(member: Member, piece: Piece | None) -> bool:
    """Whether a file is the platform's own: it says something of a hand-in, or of all."""
    return piece is not None or member.path[-1] in ("submission_metadata.yml", "index.html")


def in_order(attempts: list[Attempt]) -> None:
    """Sort attempts by time where all have one; else they stay as the archive has them."""
    if all(attempt.came for attempt in attempts):
        attempts.sort(key=attrgetter("came"))


def whose(piece: Piece, roster: Roster, groups: Groups) -> tuple[list[str], str]:
    """The students whose a file is, and why it is nobody's or not everybody's."""
    if members := groups.called(piece.group):
        return members, ""
    found, lacking = [], []
    for keys in piece.people:
        students = roster.find(keys)
        if len(students) == 1:
            student = students.pop()
            found += groups.led.get(student, [student])
        elif students:
            lacking.append(f"{called(keys)} may be {' or '.join(sorted(students))}")
        else:
            lacking.append(f"the roster has nobody with {called(keys)}")
    if not piece.people:
        lacking.append("nothing says whose it is")
    return list(dict.fromkeys(found)), "; ".join(lacking)


def called(keys: Sequence[Key]) -> str:
    """How a platform calls somebody, in words."""
    return " or ".join(f"the {kind.replace('_', ' ')} {value!r}" for kind, value in keys[:2])


def read_times(path: Path, roster: Roster, zone: ZoneInfo) -> dict[str, datetime]:
    """When students handed in, from a table of ours or Moodle's worksheet.

    Raises
    ------
    CourseError
        If a line names nobody whom the roster has, or no time.
    """
    table = read_table(path, lower=True)
    column = next((name for name in TIMES if name in table.columns), TIMES[0])
    table.require(column)
    found: dict[str, datetime] = {}
    for row in table.rows:
        if row[column] in NO_TIME:
            continue
        student = student_of(table, row, roster)
        try:
            found[student] = read_platform_time(row[column], zone)
        except ValueError as error:
            raise table.refuse(row, str(error)) from error
    return found


def student_of(table: TextTable, row: Row, roster: Roster) -> str:
    """The student whom a line is about, by the column student or those of a platform.

    Raises
    ------
    CourseError
        If the roster has none.
    """
    if "student" in table.columns:
        student, name = the_student(row["student"], roster), row["student"]
    else:
        columns = columns_of(table)
        if not columns:
            table.require("student")
        cells = cells_of(row, columns, is_of_canvas(table))
        found = roster.find([(kind, cells[kind]) for kind in (*UNIQUE, NAME) if cells.get(kind)])
        student = found.pop() if len(found) == 1 else None
        name = " ".join(filter(None, cells.values()))
    if student is None:
        raise table.refuse(row, f"the roster has no student {name!r}")
    return student


def require_roster(roster: Roster, layout: Layout) -> None:
    """Refuse to match names against nothing.

    Raises
    ------
    CourseError
    """
    if not roster.people and layout.name != "folders":
        raise CourseError(
            "there is no roster, so nobody can say whose these files are: `course roster FILE` "
            f"takes the list of students that {layout.name.capitalize()} exports"
        )


def from_folders(members: Iterable[Member], layout: Layout, roster: Roster) -> Roster:
    """The roster, and the students who are named by their folders where there is none."""
    if roster.people:
        return roster
    pieces = filter(None, (layout.piece(member.path) for member in members if not member.fault))
    names = {piece.group for piece in pieces}
    return with_known(roster, sorted(name for name in names if not fault_of_name(name)))
