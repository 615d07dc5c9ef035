"""Which mistakes a class makes: those that have a name, and those that have none yet."""

import ast
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coursekit.authoring.masters import Master
from coursekit.courses import Course
from coursekit.grading.judge import exercise_of
from coursekit.grading.results import FAILED, NO_ANSWER, ExerciseResult, Result
from coursekit.nbgrader_out.gradebook import read_graded

MOST_LINES = 40
"""Of an answer that is shown as an example."""


@dataclass(frozen=True)
class NamedMistake:
    """A mistake that the exercise declares, and how many make it.

    Attributes
    ----------
    exercise, name : str
    students : int
    message : str
        What is said to them.
    sections : tuple of str
        Where the book teaches it: "page#Title".
    """

    exercise: str
    name: str
    students: int
    message: str
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Alike:
    """Answers to an exercise that go wrong in the same way, which nobody declared.

    Attributes
    ----------
    exercise : str
    students : tuple of str
    failed_by : str
        The property that failed.
    groups : tuple of str
        The groups of cases that fail.
    same_results : bool
        Whether they give the same for the public cases; otherwise they only fail alike.
    message, source : str
        What one of the students reads, and that student's answer without comments.
    """

    exercise: str
    students: tuple[str, ...]
    failed_by: str
    groups: tuple[str, ...]
    same_results: bool
    message: str
    source: str


def named_mistakes(results: Sequence[Result], master: Master | None) -> list[NamedMistake]:
    """The mistakes that were recognized, the commonest first."""
    counts: Counter[tuple[str, str]] = Counter()
    sections: dict[tuple[str, str], tuple[str, ...]] = {}
    for result in results:
        for exercise in result.exercises:
            if exercise.misconception:
                key = exercise.id, exercise.misconception
                counts[key] += 1
                sections[key] = exercise.sections
    return [
        NamedMistake(*key, count, message_of(master, *key), sections[key])
        for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def message_of(master: Master | None, exercise: str, name: str) -> str:
    """What is said of a mistake; of two that cannot be told apart both."""
    mistakes = (
        mistake
        for placed in (master.exercises if master else ())
        if placed.id == exercise
        for mistake in placed.declaration.misconceptions
    )
    names = name.split(" or ")
    return " Or: ".join(mistake.message for mistake in mistakes if mistake.id in names)


def undeclared(course: Course, results: Sequence[Result]) -> list[Alike]:
    """The wrong answers whose mistake has no name, gathered by what they do; most first."""
    found: dict[tuple[object, ...], list[tuple[str, ExerciseResult]]] = {}
    for result in results:
        for exercise in result.exercises:
            if is_undeclared(exercise):
                found.setdefault(kind_of(exercise), []).append((result.student, exercise))
    gathered = [alike(course, results[0].problem_set, together) for together in found.values()]
    return sorted(gathered, key=lambda one: (-len(one.students), one.exercise, one.failed_by))


def is_undeclared(exercise: ExerciseResult) -> bool:
    if exercise.outcome != FAILED or exercise.misconception:
        return False
    return bool(exercise.failed_by) and exercise.failed_by not in NO_ANSWER


def kind_of(exercise: ExerciseResult) -> tuple[object, ...]:
    """What answers have in common that go wrong in the same way."""
    alike = exercise.behaviour or (exercise.failed_by, failing_groups(exercise))
    return exercise.id, alike


def failing_groups(exercise: ExerciseResult) -> tuple[str, ...]:
    return tuple(group.name for group in exercise.groups if group.passed < group.cases)


def alike(course: Course, problem_set: str, together: list[tuple[str, ExerciseResult]]) -> Alike:
    student, exercise = together[0]
    return Alike(
        exercise.id,
        tuple(name for name, _ in together),
        exercise.failed_by,
        failing_groups(exercise),
        bool(exercise.behaviour),
        exercise.message,
        answer_of(course, problem_set, student, exercise.id),
    )


def answer_of(course: Course, problem_set: str, student: str, exercise: str) -> str:
    """An answer without its comments, in which people may name themselves."""
    try:
        text = course.autograded(student, problem_set).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    sources = (cell.source for cell in read_graded(text).cells if exercise_of(cell) == exercise)
    lines = without_words("\n\n".join(sources)).splitlines()
    return "\n".join([*lines[:MOST_LINES], *(["..."] if len(lines) > MOST_LINES else [])])


def without_words(source: str) -> str:
    """Python without comments and docstrings; other text as it is."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = without_strings(body)  # type: ignore[attr-defined]  # it has one
    return ast.unparse(tree)


def without_strings(body: Iterable[ast.stmt]) -> list[ast.stmt]:
    """The statements of a body that are more than a text; ``pass`` where none is left."""
    kept = [
        node
        for node in body
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    return kept or [ast.Pass()]
