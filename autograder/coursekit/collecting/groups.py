"""``groups.csv``: who hands in together."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.roster import NAME, Roster, compared, the_student
from coursekit.tables import TextTable, read_table

FILE = "groups.csv"


@dataclass(frozen=True)
class Groups:
    """Who hands in together.

    Attributes
    ----------
    members : dict
        Students by the name of their group, as names are compared.
    led : dict
        The same by the member after whom the group is called.
    names : dict
        What the group of a student is called.
    """

    members: dict[str, list[str]] = field(default_factory=dict)
    led: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def called(self, name: str) -> list[str]:
        """The members of a group; nobody if there is none of the name."""
        return self.members.get(compared(NAME, name), []) if name else []

    def mates(self, student: str) -> list[str]:
        """Who is in a group with a student."""
        members = self.called(self.names.get(student, ""))
        return [member for member in members if member != student]


def read_groups(path: Path, problem_set: str, roster: Roster) -> Groups:
    """Who is in which group, from a table with the columns group, student and perhaps set.

    Raises
    ------
    CourseError
        If it names somebody whom the roster does not have.
    """
    groups = Groups()
    if not path.exists():
        return groups
    table = groups_in(path)
    for row in table.rows:
        if row["problem_set"] in ("", problem_set):
            student = the_student(row["student"], roster)
            if student is None:
                raise table.refuse(row, f"the roster has no student {row['student']!r}")
            groups.members.setdefault(compared(NAME, row["group"]), []).append(student)
            groups.names[student] = row["group"]
    for student, name in groups.names.items():
        if the_student(name, roster) == student:
            groups.led[student] = groups.called(name)
    return groups


def groups_in(path: Path) -> TextTable:
    """The table of groups.

    Raises
    ------
    CourseError
        If it cannot be read, or lacks a column.
    """
    table = read_table(path, lower=True)
    table.require("group", "student")
    return table


def faults_of_groups(path: Path, roster: Roster, sets: Collection[str]) -> Iterator[str]:
    """What is wrong with each line of the table of groups.

    Raises
    ------
    CourseError
        If it cannot be read, or lacks a column.
    """
    for row in groups_in(path).rows:
        place = f"{path.name}, line {row.line}"
        if not row["group"]:
            yield f"{place}: there is no group"
        if the_student(row["student"], roster) is None:
            yield f"{place}: the roster has no student {row['student']!r}"
        if row["problem_set"] and row["problem_set"] not in sets:
            yield f"{place}: there is no set {row['problem_set']!r}"
