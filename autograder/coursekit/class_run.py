"""Grade a class: every submission by itself, none can stop another."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.rebuild import rebuild

STAGED = ".staged"
"""Where submissions lie under the name that nbgrader looks for."""


@dataclass(frozen=True)
class Graded:
    """What came out for one student.

    Attributes
    ----------
    student : str
    score, max_score : float
    oddities : tuple of str
        For the instructor; see :func:`coursekit.rebuild.rebuild`.
    error : str
        What went wrong in the grader itself; empty if nothing did.
    """

    student: str
    score: float
    max_score: float
    oddities: tuple[str, ...] = ()
    error: str = ""


def grade_class(course: Course, problem_set: str) -> Iterator[Graded]:
    """Grade all students who handed something in, and yield each as it is done.

    Raises
    ------
    CourseError
        If the problem set was not released, or nobody handed it in.
    """
    release = read_release(course, problem_set)
    students = course.students(problem_set)
    if not students:
        raise CourseError(
            f"there is no submission of {problem_set}: put them at "
            f"{course.submitted()}/STUDENT/{problem_set}/{problem_set}.ipynb"
        )
    for student in students:
        yield grade_student(course, problem_set, student, release)


def grade_student(
    course: Course, problem_set: str, student: str, release: nbformat.NotebookNode
) -> Graded:
    """Stage, grade and report one submission; an error of the grader is reported, not raised."""
    from coursekit import frame

    oddities = stage(course, problem_set, student, release)
    try:
        frame.autograde(course, problem_set, student, STAGED)
        frame.generate_feedback(course, problem_set, student)
    except Exception as error:
        return Graded(student, 0.0, 0.0, oddities, f"{type(error).__name__}: {error}")
    score = frame.read_scores(course, problem_set)[student]
    return Graded(student, score.score, score.max_score, oddities)


def read_release(course: Course, problem_set: str) -> nbformat.NotebookNode:
    path = course.release(problem_set) / f"{problem_set}.ipynb"
    if not path.is_file():
        raise CourseError(
            f"{problem_set} is not released: run `course release {problem_set}` first"
        )
    return nbformat.read(path, as_version=4)


def stage(
    course: Course, problem_set: str, student: str, release: nbformat.NotebookNode
) -> tuple[str, ...]:
    """Copy a submission to where nbgrader looks for it; return what is odd about it."""
    submitted = course.submitted() / student / problem_set
    staged = course.root / STAGED / student / problem_set
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    file, oddities = find_file(submitted, f"{problem_set}.ipynb")
    content = file.read_bytes() if file else b""
    (staged / f"{problem_set}.ipynb").write_bytes(content)
    if (submitted / "timestamp.txt").is_file():
        shutil.copyfile(submitted / "timestamp.txt", staged / "timestamp.txt")
    return (*oddities, *rebuild(release, content).oddities)


def find_file(folder: Path, expected: str) -> tuple[Path | None, tuple[str, ...]]:
    """The submitted file: the one with the expected name, else the only notebook or script."""
    if (folder / expected).is_file():
        return folder / expected, ()
    candidates = sorted([*folder.glob("*.ipynb"), *folder.glob("*.py")])
    candidates = [path for path in candidates if path.name != "checks.py"]
    if not candidates:
        return None, (f"{expected} is missing",)
    return candidates[0], (f"{expected} is missing; {candidates[0].name} was graded instead",)
