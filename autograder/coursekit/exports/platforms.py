"""The tables that learning platforms import, column by column.

Read in November 2026 from Canvas (``lib/gradebook_importer.rb``), Moodle
(``mod/assign/feedback/offline/importgradeslib.php``), and what Blackboard and Brightspace say in
their help. What a platform may change stands in this module, and nowhere else.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from coursekit.errors import CourseError
from coursekit.exports.scores import Cell, ClassScores
from coursekit.policies.totals import TOTAL
from coursekit.roster import (
    EMAIL,
    FIRST,
    LAST,
    LMS_ID,
    LOGIN,
    NAME,
    PARTICIPANT,
    SECTION,
    SIS_ID,
    Person,
    Roster,
    is_no_student,
    unescaped,
)
from coursekit.tables import FORMULA, NUMBER, Row, TextTable, as_text, harmless

OUT_OF = "total_of"
"""The column of our own table that says out of how many points a total is."""
END = "End-of-Line Indicator"


@dataclass(frozen=True)
class Platform:
    """How a platform writes and reads a table of grades.

    Attributes
    ----------
    name : str
    about : dict
        The columns that say who a student is, in their order, by the column of our roster.
    keys : tuple of str
        Those by which the platform finds the student; they are written as they are.
    needed : tuple of str
        Of these one must be known of each student.
    mark : str
        Before the values of the keys.
    excused : str
        What is written for an excuse; nothing leaves a grade as it is.
    title : callable
        The name of a column of grades, from what the course calls it and the points.
    whole : bool
        Whether all columns of a downloaded table are written back, as Moodle wants it.
    end : str
        The last column, if there must be one.
    """

    name: str
    about: Mapping[str, str]
    keys: tuple[str, ...]
    needed: tuple[str, ...]
    mark: str = ""
    excused: str = ""
    title: Callable[[str, float], str] = lambda name, points: name
    whole: bool = False
    end: str = ""


CANVAS = Platform(
    "canvas",
    {
        "Student": NAME,
        "ID": LMS_ID,
        "SIS User ID": SIS_ID,
        "SIS Login ID": LOGIN,
        "Section": SECTION,
    },
    ("ID", "SIS User ID", "SIS Login ID"),
    (LMS_ID, SIS_ID, LOGIN),
    excused="EX",
)
MOODLE = Platform(
    "moodle",
    {"Identifier": PARTICIPANT, "Full name": NAME, "ID number": SIS_ID, "Email address": EMAIL},
    ("Identifier",),
    (PARTICIPANT,),
    whole=True,
)
BLACKBOARD = Platform(
    "blackboard",
    {"Last Name": LAST, "First Name": FIRST, "Username": LOGIN, "Student ID": SIS_ID},
    ("Username", "Student ID"),
    (LOGIN,),
    title=lambda name, points: name if "[" in name else f"{name} [Total Pts: {points:g} Score]",
)
BRIGHTSPACE = Platform(
    "brightspace",
    {"OrgDefinedId": SIS_ID, "Username": LOGIN, "Last Name": LAST, "First Name": FIRST},
    ("OrgDefinedId", "Username"),
    (SIS_ID, LOGIN),
    mark="#",
    title=lambda name, points: name if name.endswith(" Grade") else f"{name} Points Grade",
    end=END,
)
PLATFORMS = {one.name: one for one in (CANVAS, MOODLE, BLACKBOARD, BRIGHTSPACE)}


@dataclass(frozen=True)
class Exported:
    """A table to write.

    Attributes
    ----------
    columns : tuple of str
    rows : list of dict
    delimiter : str
    graded : int
        Students with a grade in it.
    left_out : tuple of str
        Students with a grade who are not in it, each with the reason.
    unknown : tuple of str
        Lines of the downloaded table that are nobody of this course, each with who it names.
    """

    columns: tuple[str, ...]
    rows: list[dict[str, str]]
    delimiter: str = ","
    graded: int = 0
    left_out: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass
class Export:
    """Makes the table of one platform.

    Attributes
    ----------
    platform : Platform
    scores : ClassScores
    roster : Roster
    titles : mapping
        What the course calls the columns of problem sets.
    """

    platform: Platform
    scores: ClassScores
    roster: Roster
    titles: Mapping[str, str]
    left_out: list[str] = field(default_factory=list)

    def from_roster(self) -> Exported:
        """A table made from the roster alone.

        Raises
        ------
        CourseError
            If the platform needs the table that it exports.
        """
        if self.platform.whole:
            raise CourseError(
                f"{self.platform.name.capitalize()} takes back the worksheet that it exports: name "
                "it with --from FILE"
            )
        columns = {
            name: self.platform.title(self.titles.get(name, name), self.scores.possible(name))
            for name in self.scores.columns
        }
        rows = []
        for student in self.scores.students():
            person = self.roster.people.get(student)
            if person is None or not any(person[kind] for kind in self.platform.needed):
                kinds = " or ".join(self.platform.needed)
                self.left_out.append(f"{student}: the roster has no {kind_in_words(kinds)}")
            elif row := self._row(student, person, columns):
                rows.append(row)
        end = (self.platform.end,) if self.platform.end else ()
        names = (*self.platform.about, *columns.values(), *end)
        return Exported(names, rows, ",", len(rows), tuple(self.left_out))

    def _row(self, student: str, person: Person, columns: Mapping[str, str]) -> dict[str, str]:
        """A line from the roster; nothing where it could act in a spreadsheet."""
        cells = dict.fromkeys([self.platform.end] if self.platform.end else [], "#")
        for name, kind in self.platform.about.items():
            value = person[kind]
            if name in self.platform.keys and value:
                if acts(value):
                    self.left_out.append(f"{student}: {name} {value!r} begins as a formula does")
                    return {}
                cells[name] = f"{self.platform.mark}{value}"
            else:
                cells[name] = as_text(value or (called(person) if kind == NAME else ""))
        return cells | self._grades(student, columns)

    def _grades(self, student: str, columns: Mapping[str, str]) -> dict[str, str]:
        cells = ((title, self.scores.cells.get((student, name))) for name, title in columns.items())
        return {title: cell.points(self.platform.excused) if cell else "" for title, cell in cells}

    def into(self, table: TextTable) -> Exported:
        """The table that the platform exported, with the grades in it.

        Raises
        ------
        CourseError
            If the columns of the grades cannot be told in it, or their points are others.
        """
        columns = {name: self._column(name, table) for name in self.scores.columns}
        who = [name for name in table.columns if name in self.platform.about]
        if not who:
            raise CourseError(
                f"{table.path} names no students as {self.platform.name.capitalize()} does; "
                f"expected is one of the columns {', '.join(self.platform.about)}"
            )
        rows, found, unknown = [], set(), []
        for row in table.rows:
            student = self._student(row, who)
            points = "Points Possible" in row[table.columns[0]]
            if student is None and not points and not self._is_no_student(row, who):
                unknown.append(
                    f"line {row.line}: {', '.join(filter(None, map(row.__getitem__, who)))}"
                )
            cells = {name: harmless(row.cells.get(name, "")) for name in table.columns}
            cells |= {name: row.cells.get(name, "") for name in who if name in self.platform.keys}
            if student is not None:
                found.add(student)
                cells |= self._changed(row, student, columns)
                self._require_harmless(cells, student)
            if self.platform.whole or points or student is not None:
                rows.append(cells)
        for student in self.scores.students():
            if student not in found:
                self.left_out.append(f"{student}: {table.path.name} has no such student")
        end = [self.platform.end] if self.platform.end in table.columns else []
        names = table.columns if self.platform.whole else (*who, *columns.values(), *end)
        kept = [{name: cells[name] for name in names} for cells in rows]
        graded = len(found & {*self.scores.students()})
        return Exported(
            tuple(names), kept, table.delimiter, graded, tuple(self.left_out), tuple(unknown)
        )

    def _is_no_student(self, row: Row, who: Sequence[str]) -> bool:
        """Whether a line names nobody, as Canvas's on manual posting, or its test student."""
        cells = {self.platform.about[name]: unescaped(row[name]) for name in who}
        named = any(value for kind, value in cells.items() if kind != SECTION)
        return not named or (self.platform is CANVAS and is_no_student(cells))

    def _changed(self, row: Row, student: str, columns: Mapping[str, str]) -> dict[str, str]:
        """The grades of one line; where there is none the platform's stays."""
        grades = self._grades(student, columns)
        changed = {title: points for title, points in grades.items() if points}
        if not self.platform.whole:
            return dict.fromkeys(grades, "") | changed
        cell = self.scores.cells.get((student, self.scores.columns[0]))
        self._require_points(row, cell)
        if cell and cell.words and "Feedback comments" in row.cells:
            changed["Feedback comments"] = as_text(cell.words)
        return changed

    def _require_points(self, row: Row, cell: Cell | None) -> None:
        """Moodle passes over a grade that is above the maximum, and says nothing."""
        try:
            most = float(row["Maximum Grade"].replace(",", "."))
        except ValueError:  # a scale of words, or no such column
            return
        if cell and most != cell.possible:
            name = self.scores.columns[0]
            raise CourseError(
                f"{name} counts {cell.possible:g} points here and {most:g} in the worksheet, line "
                f"{row.line}: set {name} = {most:g} below [policies.points] in course.toml, or the "
                "maximum grade there"
            )

    def _require_harmless(self, cells: Mapping[str, str], student: str) -> None:
        for name in self.platform.keys:
            value = cells.get(name, "")
            if acts(value.removeprefix(self.platform.mark)):
                raise CourseError(f"{student}: {name} {value!r} begins as a formula does")

    def _student(self, row: Row, who: Sequence[str]) -> str | None:
        """The one student whom a line is about."""
        ordered = sorted(who, key=lambda name: name not in self.platform.keys)
        keys = []
        for name in ordered:
            value = unescaped(row[name])
            kind = self.platform.about[name]
            if kind == PARTICIPANT:
                value = value.split()[-1] if value else ""
            if value and kind not in (FIRST, LAST, SECTION):
                keys.append((kind, value.removeprefix(self.platform.mark)))
        found = self.roster.find(keys)
        return found.pop() if len(found) == 1 else None

    def _column(self, name: str, table: TextTable) -> str:
        """The column of a problem set in a downloaded table."""
        known, title = table.columns, self.titles.get(name, "")
        if title:
            table.require(title)
            return title
        if self.platform.whole and "Grade" in known:
            return "Grade"
        word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        found = [column for column in known if word.search(column)]
        if len(found) == 1:
            return found[0]
        raise CourseError(
            f"{table.path} has {len(found) or 'no'} columns that may be {name}; say which one with "
            f'{name} = "..." below [course.columns] in course.toml. There are: {", ".join(known)}'
        )


def acts(value: str) -> bool:
    """Whether a spreadsheet would compute a value."""
    return bool(FORMULA.match(value)) and not NUMBER.fullmatch(value)


def called(person: Person) -> str:
    """The name of a student, the last name first, as Canvas has it."""
    return ", ".join(filter(None, (person[LAST], person[FIRST]))) or person.student


def kind_in_words(kinds: str) -> str:
    return kinds.replace("_", " ")


def plain_table(scores: ClassScores, roster: Roster) -> Exported:
    """A table for people and programs: one line for each student."""
    of = ((name, OUT_OF) if name == TOTAL else (name,) for name in scores.columns)
    columns = ("student", "last_name", "first_name", *chain(*of), "to_mark", "remarks")
    rows = []
    for student in scores.students():
        person = roster.people.get(student, Person({}))
        cells = [(name, scores.cells.get((student, name))) for name in scores.columns]
        row = {name: cell.points("excused") if cell else "" for name, cell in cells}
        total = scores.cells.get((student, TOTAL))
        if total and not total.excused:
            row[OUT_OF] = f"{total.possible:.2f}"
        row |= {
            "student": as_text(student),
            "to_mark": "yes" if student in scores.waiting() else "",
        }
        row |= {"last_name": as_text(person[LAST]), "first_name": as_text(person[FIRST])}
        row["remarks"] = as_text(" ".join(cell.words for _, cell in cells if cell and cell.words))
        rows.append(row)
    return Exported(columns, rows, ",", len(rows))
