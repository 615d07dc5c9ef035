"""What a class run left behind, read without judging anybody again."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from coursekit.courses import Course
from coursekit.errors import CourseError, guess
from coursekit.grading.class_run import as_in_gradebook
from coursekit.grading.results import Result, load_result
from coursekit.nbgrader_out.roster import as_known, known_students
from coursekit.nbgrader_out.standings import standings
from coursekit.roster import read_roster

NOT_GRADED = "not graded yet: `course grade {}` does it"


def released_sets(course: Course) -> list[str]:
    """The problem sets that were released, in alphabetical order."""
    return sorted({path.parent.name for path in course.release("").glob("*/*.ipynb")})


def require_released(course: Course, problem_set: str) -> None:
    """Fail unless a problem set was released.

    Raises
    ------
    CourseError
    """
    known = released_sets(course)
    if problem_set not in known:
        raise CourseError(
            f"{problem_set} is not released; {guess(problem_set, known)}released are: "
            f"{', '.join(known) or 'none'}"
        )


def graded_students(course: Course, problem_set: str) -> list[str]:
    """Whose folders hold something for a problem set, under the names that the gradebook has."""
    return as_known(course.students(problem_set), known_students(course))


def student_among(course: Course, name: str, known: Collection[str]) -> str:
    """Whom a name means of some students: it is a folder's, or one that the roster knows.

    A name that means none of them is returned as it is.

    Raises
    ------
    CourseError
        If it may mean several.
    """
    if name in known:
        return name
    meant = sorted(read_roster(course.root).meant(name) & {*known})
    if len(meant) > 1:
        raise CourseError(f"{name!r} may be {' or '.join(meant)}: write which of these accounts")
    return meant[0] if meant else name


def recorded(course: Course, problem_set: str) -> list[Result]:
    """The results that stand, with the marks of the gradebook; who has none is there with a fault.

    Raises
    ------
    CourseError
        If the problem set was not released, or the gradebook cannot be read.
    """
    require_released(course, problem_set)
    marks, found = standings(course, problem_set), results_by_student(course, problem_set)
    return [
        as_in_gradebook(found[student], marks[student])
        if student in found and student in marks
        else Result(student, problem_set, (), fault=NOT_GRADED.format(problem_set))
        for student in graded_students(course, problem_set)
    ]


def results_by_student(course: Course, problem_set: str) -> dict[str, Result]:
    """Of each student the result whose graded notebook is in place, of several attempts' results.

    Where none is, because the page was made without what cells printed, it is the newest.
    """
    kept: dict[str, list[tuple[Path, Result]]] = {}
    for path in course.results(problem_set).glob("*.json"):
        result = load_result(path)
        if result is not None and result.problem_set == problem_set:
            kept.setdefault(result.student, []).append((path, result))
    return {
        student: replace(in_place(course, problem_set, student, of_student), kept=True)
        for student, of_student in kept.items()
    }


def in_place(
    course: Course, problem_set: str, student: str, kept: Iterable[tuple[Path, Result]]
) -> Result:
    kept = sorted(kept, key=lambda one: one[0].stat().st_mtime, reverse=True)
    graded = {path.stem: content_of(path) for path in placed(course, problem_set, student)}
    for path, result in kept:
        if graded and all(
            content_of(path.with_suffix(f".{name}.ipynb")) == content
            for name, content in graded.items()
        ):
            return result
    return kept[0][1]


def placed(course: Course, problem_set: str, student: str) -> Iterator[Path]:
    """The graded notebooks of a student."""
    return course.autograded(student, problem_set).parent.glob("*.ipynb")


def content_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
