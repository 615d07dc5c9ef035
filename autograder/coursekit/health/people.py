"""The people of a course: the groups, and who is in the gradebook and not in the class."""

from collections.abc import Collection, Iterator

from coursekit.collecting.groups import FILE as GROUPS
from coursekit.collecting.groups import faults_of_groups
from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.health.findings import Finding, advice, good, to_mend
from coursekit.nbgrader_out.roster import not_listed, take_out
from coursekit.roster import FILE as ROSTER
from coursekit.roster import read_roster


def about_groups(course: Course, sets: Collection[str]) -> Iterator[Finding]:
    """Lines of the table of groups for students and sets that nobody knows."""
    path = course.root / GROUPS
    if not path.exists():
        return
    try:
        roster = read_roster(course.root)
        found = [to_mend("groups", words) for words in faults_of_groups(path, roster, sets)]
    except CourseError as error:
        found = [to_mend("groups", str(error))]
    yield from found or [good("groups", f"every line of {GROUPS} names a student")]


def about_gone(course: Course) -> Iterator[Finding]:
    """Who has grades here and is not in the class any more, or not yet."""
    gone = not_listed(course, read_roster(course.root).people)
    if gone:
        yield advice(
            "roster",
            f"in the gradebook and not in {ROSTER}: {take_out(gone)};\n"
            "who has come is taken in by `course roster FILE`",
        )
