"""What the instructor reads of an export: where it lies, and whom it lacks."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.exports.platforms import PLATFORMS, Export, Exported, plain_table
from coursekit.exports.scores import ClassScores, class_scores
from coursekit.grading.granted import idle_lines
from coursekit.names import shown, shown_names
from coursekit.nbgrader_out.roster import known_students, not_listed, take_out
from coursekit.policies.terms import policies_of
from coursekit.policies.totals import LEVELLED, TOTAL
from coursekit.roster import FILE as ROSTER
from coursekit.roster import read_roster, with_known
from coursekit.tables import read_table, write_table

MOST_SAID = 20
"""Students who are named one by one."""


def export(
    course: Course,
    columns: Sequence[str],
    lms: str | None,
    table: Path | None,
    to: Path | None,
) -> int:
    """Write the grades; the result is the exit status."""
    setting = course.settings.course
    lms = lms or (setting.lms if setting.lms != "none" else "csv")
    if lms == "moodle" and len(columns) > 1:
        raise CourseError("Moodle has a worksheet for each assignment: export one set at a time")
    if len({*columns}) < len(columns):
        raise CourseError(f"{' '.join(columns)} names something twice")
    scores = class_scores(course, columns)
    roster = with_known(read_roster(course.root), known_students(course))
    if lms == "csv":
        if table:
            raise CourseError("a table of our own is filled into no other: leave --from out")
        made = plain_table(scores, roster)
    else:
        job = Export(PLATFORMS[lms], scores, roster, setting.columns)
        made = job.into(read_table(table)) if table else job.from_roster()
    place = to or course.root / f"{lms}-{'-'.join(columns)}.csv"
    if table and place.resolve() == table.resolve():
        raise CourseError(f"{table} would be written over; name another file with --to")
    write_table(place, made.columns, made.rows, made.delimiter)
    print("\n".join([*lines(made, place, lms, scores.waiting()), *doubts(course, scores)]))
    return 1 if made.left_out or scores.outdated else 0


def doubts(course: Course, scores: ClassScores) -> Iterator[str]:
    """Why the points may be other ones than they look, or of somebody who has left."""
    for problem_set, students in scores.outdated.items():
        yield (
            f"{problem_set}: dates, extensions or marks are other ones than when it was graded, "
            f"and so would be penalty or excuse of {shown_names(students)}: run "
            f"`course grade {problem_set}`, and export again"
        )
    yield from idle_lines(course, policies_of(course))
    unlisted = not_listed(course, read_roster(course.root).people)
    if gone := sorted({*unlisted} & {*scores.students()}):
        yield f"in the gradebook and not in {ROSTER}: {take_out(gone)}"
    if TOTAL in scores.columns and len(out_of := scores.out_of(TOTAL)) > 1:
        yield (
            f"{TOTAL} is out of {out_of[0]:g} to {out_of[-1]:g} points, as different sets are "
            f"dropped or excused, so the larger may be the worse one: {LEVELLED}"
        )


def lines(made: Exported, place: Path, lms: str, waiting: Sequence[str]) -> list[str]:
    """What came of an export."""
    said = [f"{place}: grades of {made.graded} students, for {lms}"]
    if made.unknown:
        said.append(f"nobody whom the roster knows in {len(made.unknown)} of its lines:")
        said += [f"  - {shown(words)}" for words in made.unknown[:MOST_SAID]]
        said += ["  - and more"] * (len(made.unknown) > MOST_SAID)
    if waiting:
        said.append(f"not all is marked by hand yet: {shown_names(waiting)}")
    if made.left_out:
        said.append(f"{len(made.left_out)} with a grade are not in it:")
        said += [f"  - {shown(words)}" for words in made.left_out[:MOST_SAID]]
        said += ["  - and more"] * (len(made.left_out) > MOST_SAID)
        said.append("`course roster FILE` takes the platform's list of students")
    return said
