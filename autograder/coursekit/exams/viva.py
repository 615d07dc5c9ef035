"""Three questions about a hand-in's own lines, with what a good answer holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coursekit.authoring.exercises import Misconception
from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.authoring.release import read_problem_set
from coursekit.courses import Course
from coursekit.errors import CourseError, guess
from coursekit.exams.friendly import friendly_calls
from coursekit.exams.own_lines import Spot, spots
from coursekit.exams.questions import in_figures
from coursekit.grading.judge import exercise_of
from coursekit.grading.recorded import require_released, results_by_student, student_among
from coursekit.grading.results import NO_ANSWER, PASSED, ExerciseResult, Result
from coursekit.nbgrader_out.gradebook import read_graded
from coursekit.seeds import keyed_rng, sources_digest

QUESTIONS = 3
MOST_MESSAGES = 2
"""Messages of an exercise that say what would follow if it were otherwise."""


@dataclass(frozen=True)
class Answered:
    """An exercise that a student answered: its result, and the source of the answer."""

    exercise: PlacedExercise
    result: ExerciseResult
    source: str


@dataclass(frozen=True)
class VivaQuestion:
    """A question about a line.

    Attributes
    ----------
    exercise : str
    line : int
        Of the answer's cell, from 1.
    statement, question : str
    good : tuple of str
        What a good answer holds, a sentence or more each.
    section : str
        Where the book teaches it: "page#Title".
    """

    exercise: str
    line: int
    statement: str
    question: str
    good: tuple[str, ...]
    section: str


def viva(course: Course, student: str, problem_set: str) -> list[VivaQuestion]:
    """Three questions, the same each time for the same hand-in.

    Raises
    ------
    CourseError
        If the student was not graded, or answered nothing that can be asked about.
    """
    require_released(course, problem_set)
    if not course.has_master(problem_set):
        raise CourseError(
            f"{problem_set} is an ordinary notebook: what a good answer holds follows from the "
            "declarations of an exercise, which it has not"
        )
    results = results_by_student(course, problem_set)
    student = student_among(course, student, results)
    if student not in results:
        raise CourseError(
            f"{student!r} has no graded {problem_set}; {guess(student, results)}"
            f"`course grade {problem_set}` grades who handed in"
        )
    master = read_problem_set(course, problem_set)
    answers = list(answered(course, master, results[student]))
    if not answers:
        raise CourseError(f"{student} answered no exercise of {problem_set}: there are no lines")
    sources = sources_digest(answer.source for answer in answers)
    return draw(answers, keyed_rng(course.secret, "viva", problem_set, student, sources))


def answered(course: Course, master: Master, result: Result) -> Iterator[Answered]:
    """What the student answered of an exercise that is judged, in Python that can be read."""
    path = course.autograded(result.student, result.problem_set)
    notebook = read_graded(path.read_text(encoding="utf-8"))
    by_id = {one.id: one for one in result.exercises}
    for exercise in master.exercises:
        known = by_id.get(exercise.id)
        if known is None or known.failed_by in NO_ANSWER or exercise.declaration.personal:
            continue
        source = "\n\n".join(
            cell.source for cell in notebook.cells if exercise_of(cell) == exercise.id
        )
        if next(spots(source, exercise.reference.name), None) is not None:
            yield Answered(exercise, known, source)


def draw(answers: Sequence[Answered], rng: np.random.Generator) -> list[VivaQuestion]:
    """Questions about exercises that differ as far as there are several.

    Right answers come first, and those in which a choice was made that has a reason.
    """
    order = [answers[k] for k in rng.permutation(len(answers)).tolist()]
    order.sort(key=lambda one: (one.result.outcome != PASSED, not has_choice(one)))
    used: set[str] = set()
    found: list[VivaQuestion] = []
    for number in range(QUESTIONS):
        answer = order[number % len(order)]
        question = about(answer, used, rng)
        if question is not None:
            found.append(question)
    return found


def has_choice(answer: Answered) -> bool:
    first = next(spots(answer.source, answer.exercise.reference.name))
    return bool(first.feature.words)


def about(answer: Answered, used: set[str], rng: np.random.Generator) -> VivaQuestion | None:
    """A question about a line that was not asked yet, of a kind that was not, if there is one."""
    every = [
        spot
        for spot in spots(answer.source, answer.exercise.reference.name)
        if place(answer, spot) not in used
    ]
    fresh = [spot for spot in every if spot.feature.name not in used]
    choices = fresh or every
    if not choices:
        return None
    special = [spot for spot in choices if spot.feature.words] or choices
    spot = special[int(rng.integers(len(special)))]
    used |= {spot.feature.name, place(answer, spot)}
    return VivaQuestion(
        answer.exercise.id,
        spot.line,
        spot.statement,
        spot.feature.question.format(part=spot.part),
        tuple(good(answer, spot, rng)),
        section(answer.exercise, spot),
    )


def place(answer: Answered, spot: Spot) -> str:
    return f"{answer.exercise.id} line {spot.line}"


def good(answer: Answered, spot: Spot, rng: np.random.Generator) -> Iterator[str]:
    """What a good answer holds: of the place, of what would follow otherwise, and a number."""
    yield spot.feature.good
    for mistake in related(answer.exercise, spot):
        yield f"A mistake that is made here: {mistake.message}"
    if answer.result.outcome != PASSED:
        yield (
            "The function is not right: whoever wrote it should be able to say what the feedback "
            "says of it."
        )
        return
    for call in friendly_calls(answer.exercise, rng)[:1]:
        given = ", ".join(f"{leaf.name} = {in_words(leaf.value)}" for leaf in call.given())
        came = ", ".join(f"{name} = {in_figures(v)}" for name, v in list(call.entries.items())[:4])
        yield f"To follow it with numbers, take {given}: right is {came}."


def in_words(value: object) -> str:
    return str(np.asarray(value).tolist())


def related(exercise: PlacedExercise, spot: Spot) -> list[Misconception]:
    """The mistakes whose messages are about such a place."""
    found = [
        mistake
        for mistake in exercise.declaration.misconceptions
        if any(word in mistake.message for word in spot.feature.words)
    ]
    return found[:MOST_MESSAGES]


def section(exercise: PlacedExercise, spot: Spot) -> str:
    mistakes = related(exercise, spot) or exercise.declaration.misconceptions
    return mistakes[0].section if mistakes else ""
