"""The scores of a class, after policies, as every export takes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from coursekit.course_toml import Policies
from coursekit.courses import Course
from coursekit.errors import CourseError, guess
from coursekit.nbgrader_out.set_marks import SetMark, read_set_marks
from coursekit.policies.terms import policies_of
from coursekit.policies.totals import TOTAL, scaled, total


@dataclass(frozen=True)
class Cell:
    """What stands for one student in one column.

    Attributes
    ----------
    score, possible : float
        In the points that the problem set counts.
    excused : bool
    waits : bool
        Whether something of it is still to be marked by hand.
    words : str
        For the student.
    """

    score: float
    possible: float
    excused: bool = False
    waits: bool = False
    words: str = ""

    def points(self, excused: str = "") -> str:
        """The score to a hundredth, or what a platform writes for an excuse."""
        return excused if self.excused else f"{self.score:.2f}"


@dataclass(frozen=True)
class ClassScores:
    """The scores of a class.

    Attributes
    ----------
    columns : tuple of str
        Problem sets, and perhaps the total.
    cells : dict
        By student and column; none where a student has handed in nothing.
    outdated : dict
        By problem set, students whose penalty or excuse would be another one if it was graded now.
    """

    columns: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]
    outdated: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def students(self) -> list[str]:
        return sorted({student for student, _ in self.cells})

    def out_of(self, column: str) -> list[float]:
        """Out of how many points the scores of a column are, the fewest first."""
        cells = (cell for (_, name), cell in self.cells.items() if name == column)
        return sorted({round(cell.possible, 2) for cell in cells if not cell.excused})

    def possible(self, column: str) -> float:
        """The most that anybody could have in a column."""
        found = [cell.possible for (_, name), cell in self.cells.items() if name == column]
        return max(found, default=0.0)

    def waiting(self) -> list[str]:
        """Students of whom something is to be marked by hand."""
        return sorted({student for (student, _), cell in self.cells.items() if cell.waits})


def class_scores(course: Course, columns: Sequence[str]) -> ClassScores:
    """The scores of problem sets, and of the total where it is asked for.

    Raises
    ------
    CourseError
        If nobody was graded for one of them.
    """
    policies = policies_of(course)
    marks = read_set_marks(course, policies)
    graded = sorted({mark.problem_set for mark in marks})
    for name in columns:
        if name not in graded and not (name == TOTAL and graded):
            raise CourseError(
                f"nobody has a grade for {name}; {guess(name, graded)}graded are: "
                f"{', '.join(graded) or 'none'}"
            )
    cells = {
        (mark.student, mark.problem_set): cell_of(mark, policies.rules)
        for mark in marks
        if mark.problem_set in columns and (mark.handed_in or mark.counts.excused)
    }
    if TOTAL in columns:
        cells |= totals(marks, policies.rules)
    outdated: dict[str, list[str]] = {}
    for mark in marks:
        if mark.outdated and (TOTAL in columns or mark.problem_set in columns):
            outdated.setdefault(mark.problem_set, []).append(mark.student)
    return ClassScores(tuple(columns), cells, outdated)


def cell_of(mark: SetMark, rules: Policies) -> Cell:
    one = scaled(mark.counts, rules)
    return Cell(one.score, one.possible, one.excused, mark.waits, mark.words)


def totals(marks: Iterable[SetMark], rules: Policies) -> dict[tuple[str, str], Cell]:
    """The total of each student; who handed nothing in has no points in that set."""
    found, student_of = {}, attrgetter("student")
    for student, several in groupby(sorted(marks, key=student_of), key=student_of):
        own = list(several)
        summed = total([mark.counts for mark in own], rules)
        dropped = f"Not counted: {', '.join(summed.dropped)}." if summed.dropped else ""
        waits = any(mark.waits for mark in own)
        nothing = not (summed.possible or summed.score)  # excused from all that there is
        found[student, TOTAL] = Cell(summed.score, summed.possible, nothing, waits, dropped)
    return found
