"""The roster: by which names and numbers each platform knows a student of the course.

``roster.csv`` in the course directory holds it. ``course roster FILE`` brings in what a platform
exports; what is there already stays, unless the file says otherwise.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.names import fault_of_name, shown
from coursekit.tables import Row, TextTable, harmless, read_table, write_table
from coursekit.worker.personal import one_form

FILE = "roster.csv"
STUDENT, LMS_ID, LOGIN, SIS_ID, EMAIL, PARTICIPANT, NAME = (
    "student", "lms_id", "login", "sis_id", "email", "participant", "name",
)  # fmt: skip
"""By what a student is known; these are columns of the roster."""

Key = tuple[str, str]
"""One of these, and the name or number."""

FIRST, LAST, SECTION = "first_name", "last_name", "section"
COLUMNS = (STUDENT, NAME, FIRST, LAST, EMAIL, LOGIN, LMS_ID, SIS_ID, PARTICIPANT, SECTION)
UNIQUE = (STUDENT, LMS_ID, LOGIN, SIS_ID, EMAIL, PARTICIPANT)
"""What no two students share."""

TO_IDENTIFY = (STUDENT, LOGIN, SIS_ID, EMAIL, LMS_ID)
"""What a new student's folder is called after: the first of these that there is."""

CANVAS = {"student": NAME, "id": LMS_ID, "sis user id": SIS_ID, "sis login id": LOGIN}
OTHERS = {
    "id": STUDENT,
    "lms_user_id": LMS_ID,
    "identifier": PARTICIPANT,
    "full name": NAME,
    "id number": SIS_ID,
    "student id": SIS_ID,
    "sid": SIS_ID,
    "orgdefinedid": SIS_ID,
    "email address": EMAIL,
    "username": LOGIN,
    "first name": FIRST,
    "last name": LAST,
    "surname": LAST,
}
"""Columns of the platforms' tables, in small letters, by what they are to us."""

MANY = ";"
"""Between the numbers under which Moodle's assignments know one participant."""


@dataclass(frozen=True)
class Person:
    """One student of the roster, by the columns of the file."""

    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def student(self) -> str:
        """The identity in this course."""
        return self[STUDENT]

    def known_by(self) -> Iterator[Key]:
        """By what the student is known, each in the form in which it is compared."""
        for column in UNIQUE:
            for value in self[column].split(MANY):
                if value:
                    yield column, compared(column, value)
        first, last = self[FIRST], self[LAST]
        names = [self[NAME], f"{first} {last}", f"{last} {first}"]
        for name in {compared(NAME, name) for name in names}:
            if name:
                yield NAME, name

    def with_cells(self, cells: Mapping[str, str]) -> "Person":
        """The same with what a newer table says; numbers of participants add up."""
        new = {column: value for column, value in cells.items() if value and column != STUDENT}
        known = [number for number in self[PARTICIPANT].split(MANY) if number]
        if PARTICIPANT in new and new[PARTICIPANT] not in known:
            known.append(new[PARTICIPANT])
        return Person({**self.cells, **new, PARTICIPANT: MANY.join(known)})


def compared(column: str, value: str) -> str:
    """A name or number as it is compared: forms of Unicode and capitals make no difference."""
    text = unicodedata.normalize("NFKC", one_form(value)).casefold().strip()
    if column == NAME:
        return re.sub(r"[\W_]", "", text)
    return text.lstrip("#") if column in (LOGIN, SIS_ID) else text


class Roster:
    """All students of the roster, found by what they are known by.

    Parameters
    ----------
    people : iterable of Person
    """

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self.people = {person.student: person for person in people}
        self.known: dict[Key, set[str]] = defaultdict(set)
        for person in self.people.values():
            for key in person.known_by():
                self.known[key].add(person.student)

    def find(self, keys: Sequence[Key]) -> set[str]:
        """Whom the first key leads to that leads to somebody; several where a name is shared."""
        for column, value in keys:
            if found := self.known.get((column, compared(column, value))):
                return set(found)
        return set()

    def meant(self, name: str) -> set[str]:
        """Whom a name or number of any kind may mean; several where a name is shared."""
        keys = [(kind, name) for kind in (STUDENT, LOGIN, EMAIL, SIS_ID, LMS_ID, NAME)]
        if len(name.split()) <= 2 and participant(name).isdecimal():
            keys.append((PARTICIPANT, participant(name)))
        return self.find(keys)


def read_roster(folder: Path) -> Roster:
    """The roster of the course in a folder; an empty one if it has none.

    Raises
    ------
    CourseError
        If it is not right.
    """
    path = folder / FILE
    if not path.exists():
        return Roster()
    table = read_table(path, lower=True)
    table.require(STUDENT)
    people = [Person({c: unescaped(row[c]) for c in COLUMNS}) for row in table.rows]
    for row, person in zip(table.rows, people, strict=True):
        require_name(table, row, person.student)
    require_unique(table, people)
    return Roster(people)


def unescaped(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from computing it."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def write_roster(folder: Path, roster: Roster) -> None:
    """Write the roster, in alphabetical order."""
    rows = [
        {column: harmless(person[column]) for column in COLUMNS}
        for _, person in sorted(roster.people.items())
    ]
    write_table(folder / FILE, COLUMNS, rows)


@dataclass(frozen=True)
class Merged:
    """A roster with what a file added.

    Attributes
    ----------
    roster : Roster
    new, changed : tuple of str
        Students.
    """

    roster: Roster
    new: tuple[str, ...]
    changed: tuple[str, ...]


def merged(roster: Roster, path: Path, identity: str = "") -> Merged:
    """A roster with the students of a platform's table.

    Parameters
    ----------
    roster : Roster
    path : Path
    identity : str
        The column after which folders of new students are called; by default the account, or
        else the first number or address that there is.

    Raises
    ------
    CourseError
        If the table has no column that is known, or a line that cannot be told from another.
    """
    table = read_table(path, lower=True)
    columns, is_canvas = columns_of(table), is_of_canvas(table)
    if not {*columns.values()} & {*UNIQUE, NAME, LAST}:
        raise CourseError(
            f"{path} has no column that names students; expected is one of "
            f"{', '.join(sorted({*CANVAS, *OTHERS, *COLUMNS}))}"
        )
    if identity and identity.lower() not in table.columns:
        raise CourseError(f"{path} has no column {identity!r}; it has {', '.join(table.columns)}")
    people, new, changed = dict(roster.people), [], []
    for row in table.rows:
        cells = cells_of(row, columns, is_canvas)
        if not any(cells.values()) or (is_canvas and is_no_student(cells)):
            continue
        found = roster.find([(c, cells[c]) for c in (*UNIQUE, NAME) if cells.get(c)])
        if len(found) > 1:
            raise table.refuse(
                row, f"{cells[NAME]!r} may be {' or '.join(sorted(found))}: a number is needed"
            )
        student = found.pop() if found else identified(table, row, cells, identity)
        before = people.get(student, Person({STUDENT: student}))
        people[student] = before.with_cells(cells)
        if student not in roster.people:
            new.append(student)
        elif people[student] != before:
            changed.append(student)
    require_unique(table, people.values())
    return Merged(Roster(people.values()), tuple(new), tuple(dict.fromkeys(changed)))


def is_of_canvas(table: TextTable) -> bool:
    """Whether a table calls its students as Canvas does, the last name first."""
    return {"student", "id"} <= {*table.columns}


def columns_of(table: TextTable) -> dict[str, str]:
    """The columns of a platform's table that say who a student is, by what they are to us."""
    known = CANVAS if is_of_canvas(table) else OTHERS
    ours = {name: known.get(name, name) for name in table.columns}
    return {name: column for name, column in ours.items() if column in COLUMNS}


def cells_of(row: Row, columns: Mapping[str, str], is_canvas: bool) -> dict[str, str]:
    """What a line says, in our columns; Moodle's numbers without the word before them."""
    cells = {ours: unescaped(row[name]) for name, ours in columns.items()}
    if PARTICIPANT in cells:
        cells[PARTICIPANT] = participant(cells[PARTICIPANT])
    for column in (LOGIN, SIS_ID):
        if column in cells:
            cells[column] = cells[column].lstrip("#")
    last, comma, first = cells.get(NAME, "").partition(",")
    if is_canvas and comma:  # elsewhere what stands behind a comma may be "Jr."
        cells |= {FIRST: first.strip(), LAST: last.strip()}
    return cells


def participant(text: str) -> str:
    """The number in what Moodle calls a participant, "Participant 901" in one of its languages."""
    return text.split()[-1] if text.strip() else ""


def is_no_student(cells: Mapping[str, str]) -> bool:
    """Whether a line of Canvas says how many points there are, or is its test student.

    That one has a login like everybody else, and no number of the institution.
    """
    name = cells.get(NAME, "")
    return name == "Points Possible" or (name == "Student, Test" and not cells.get(SIS_ID))


def identified(table: TextTable, row: Row, cells: Mapping[str, str], identity: str) -> str:
    """What a new student's folder is called."""
    named = (
        [unescaped(row[identity.lower()])] if identity else [cells.get(c, "") for c in TO_IDENTIFY]
    )
    student = next(filter(None, named), "")
    if not student:
        raise table.refuse(
            row, "nothing says what this student's folder is called; name a column with --id"
        )
    require_name(table, row, student)
    return student


def require_name(table: TextTable, row: Row, student: str) -> None:
    if fault := fault_of_name(student):
        raise table.refuse(row, f"the student {shown(student)!r} {fault}")


def require_unique(table: TextTable, people: Iterable[Person]) -> None:
    """Refuse a number or an account that two students have."""
    seen: dict[Key, str] = {}
    for person in people:
        for key in person.known_by():
            if key[0] != NAME and seen.setdefault(key, person.student) != person.student:
                raise CourseError(
                    f"{table.path}: {seen[key]} and {person.student} have one {key[0]}, {key[1]!r}"
                )


def the_student(name: str, roster: Roster) -> str | None:
    """The one student whom a name or number of any kind leads to."""
    found = roster.meant(name)
    return found.pop() if len(found) == 1 else None


def with_known(roster: Roster, students: Iterable[str]) -> Roster:
    """The roster, and students of the gradebook that it does not have, by their identity."""
    more = [Person({STUDENT: name}) for name in students if name not in roster.people]
    return Roster([*roster.people.values(), *more])
