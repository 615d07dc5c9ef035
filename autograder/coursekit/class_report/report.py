"""The report on a class: a page that stands alone, and its numbers as tables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from coursekit.authoring.masters import Master
from coursekit.authoring.release import read_problem_set
from coursekit.book_links import BookLink, link_to
from coursekit.class_report.mistakes import Alike, NamedMistake, named_mistakes, undeclared
from coursekit.class_report.statistics import (
    FEWEST,
    Bin,
    ExerciseStatistics,
    distribution,
    exercise_statistics,
)
from coursekit.courses import Course, close
from coursekit.errors import CourseError
from coursekit.grading.class_summary import answered
from coursekit.grading.recorded import recorded
from coursekit.grading.results import OPEN, Result, write_atomically
from coursekit.names import shown
from coursekit.tables import harmless, write_table
from coursekit.typesetting.pages import page

TEMPLATES = Path(__file__).with_name("templates")
MOST_TAUGHT = 8
"""Sections of the book that are named as those to teach again."""
PROPERTIES = {
    "type": "another kind of thing comes back",
    "shape": "a shape is not right",
    "dtype": "the type of the numbers is not right",
    "finite": "a number is infinite or not a number",
    "value": "a value is not right",
    "accuracy": "the network is not good enough",
    "arguments": "it changes what it is given",
    "error": "it stops with an error",
    "endless": "it does not come to an end",
    "ended": "it was ended before it came back",
}
"""Properties that fail, in words for the instructor."""


Row = dict[str, object]
EXERCISES = (
    "exercise", "group", "points", "share_earned", "passed", "graded", "unanswered", "waiting",
    "correlation",
)  # fmt: skip
MISTAKES = ("exercise", "mistake", "students", "fails", "section")
"""Columns of the tables."""


@dataclass(frozen=True)
class Taught:
    """A section of the book, and the students whose mistakes it is about."""

    link: BookLink
    students: int
    mistakes: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """A submission that needs a look, and why."""

    student: str
    reasons: tuple[str, ...]
    page: str


@dataclass(frozen=True)
class Queue:
    """What of an exercise waits for a person."""

    exercise: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class ClassReport:
    """All that the page says; see the functions that make each part."""

    problem_set: str
    title: str
    students: int
    graded: int
    tried: int
    mean: float
    median: float
    max_score: float
    bins: Sequence[Bin]
    exercises: Sequence[ExerciseStatistics]
    mistakes: Sequence[NamedMistake]
    alike: Sequence[Alike]
    look: Sequence[Look]
    queues: Sequence[Queue]
    teach: Sequence[Taught]


def class_report(course: Course, problem_set: str) -> ClassReport:
    """The report on the results that stand; nobody is judged for it.

    Raises
    ------
    CourseError
        If the problem set was not released, or nobody was graded.
    """
    results = recorded(course, problem_set)
    final = [result for result in results if result.final and not result.excused]
    if not final:
        raise CourseError(
            f"nobody's {problem_set} was graded yet: `course grade {problem_set}` comes first"
        )
    master = read_problem_set(course, problem_set) if course.has_master(problem_set) else None
    mistakes = named_mistakes(final, master)
    scores = sorted(result.score for result in final)
    return ClassReport(
        problem_set,
        master.title if isinstance(master, Master) else problem_set,
        len(results),
        len(final),
        sum(map(answered, final)),
        sum(scores) / len(scores),
        (scores[(len(scores) - 1) // 2] + scores[len(scores) // 2]) / 2,
        max(result.max_score for result in final),
        distribution(final),
        exercise_statistics(final),
        mistakes,
        undeclared(course, final),
        list(to_look_at(course, results)),
        list(queues(final)),
        taught(final, mistakes, course.settings.book.url),
    )


def to_look_at(course: Course, results: Iterable[Result]) -> Iterator[Look]:
    """Submissions about which something is odd, or that were not graded."""
    for result in results:
        reasons = [*result.oddities, *filter(None, [result.fault, result.refused])]
        if reasons:
            said = tuple(map(shown, reasons))
            yield Look(shown(result.student), said, feedback_of(course, result))


def feedback_of(course: Course, result: Result) -> str:
    """The address of a feedback page from the folder of reports; empty where there is none."""
    there = course.feedback(result.student, result.problem_set)
    return f"../{quote(str(there.relative_to(course.root)))}" if there.is_file() else ""


def queues(results: Sequence[Result]) -> Iterator[Queue]:
    """What waits for a person, exercise by exercise."""
    waiting: dict[str, list[str]] = {}
    for result in results:
        for exercise in result.exercises:
            if exercise.outcome == OPEN:
                waiting.setdefault(exercise.id, []).append(result.student)
    yield from (Queue(exercise, tuple(students)) for exercise, students in waiting.items())


def taught(
    results: Sequence[Result], mistakes: Sequence[NamedMistake], book_url: str | None
) -> list[Taught]:
    """Sections of the book, by how many students make a mistake that they are about."""
    made: dict[str, set[str]] = {}
    for result in results:
        for exercise in result.exercises:
            for section in exercise.sections:
                made.setdefault(section, set()).add(result.student)
    found = [
        Taught(
            link_to(section, book_url),
            len(students),
            tuple(dict.fromkeys(m.name for m in mistakes if section in m.sections)),
        )
        for section, students in made.items()
    ]
    return sorted(found, key=lambda one: (-one.students, one.link.page, one.link.title))[
        :MOST_TAUGHT
    ]


def write_report(course: Course, report: ClassReport, book_url: str | None) -> list[Path]:
    """Write the page and the tables into ``reports/``, which is closed to others."""
    folder = course.root / "reports"
    folder.mkdir(mode=0o700, exist_ok=True)
    close(folder, 0o077)
    page_of_set = folder / f"{report.problem_set}.html"
    write_atomically(page_of_set, report_page(report, book_url))
    return [
        page_of_set,
        written(folder / f"{report.problem_set}-exercises.csv", EXERCISES, exercise_rows(report)),
        written(folder / f"{report.problem_set}-mistakes.csv", MISTAKES, mistake_rows(report)),
    ]


def written(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> Path:
    """The path of a table, when it is written: numbers stay numbers, and nothing is a formula."""
    cells = ({name: harmless(str(value)) for name, value in row.items()} for row in rows)
    write_table(path, columns, cells)
    return path


def report_page(report: ClassReport, book_url: str | None) -> str:
    return page(
        TEMPLATES,
        "report.html.j2",
        report=report,
        properties=PROPERTIES,
        link_to=lambda section: link_to(section, book_url),
        fewest=FEWEST,
        most=max(one.students for one in report.bins) or 1,
    )


def exercise_rows(report: ClassReport) -> Iterator[Row]:
    """A row for each exercise, with an empty group, and one for each of its groups."""
    for one in report.exercises:
        yield {
            "exercise": one.id,
            "points": f"{one.points:g}",
            "share_earned": f"{one.share:.4f}",
            "passed": one.passed,
            "graded": one.graded,
            "unanswered": one.unanswered,
            "waiting": one.waiting,
            "correlation": "" if one.correlation is None else f"{one.correlation:.2f}",
        }
        for group in one.groups:
            yield {
                "exercise": one.id,
                "group": group.name,
                "points": f"{group.points:g}",
                "share_earned": f"{group.share:.4f}",
                "passed": group.passed,
                "graded": one.graded,
            }


def mistake_rows(report: ClassReport) -> Iterator[Row]:
    """A row for each mistake, those without a name behind those that have one."""
    for one in report.mistakes:
        yield {
            "exercise": one.exercise,
            "mistake": one.name,
            "students": one.students,
            "section": "; ".join(one.sections),
        }
    for alike in report.alike:
        yield {
            "exercise": alike.exercise,
            "students": len(alike.students),
            "fails": f"{alike.failed_by}: {'; '.join(alike.groups)}",
        }
