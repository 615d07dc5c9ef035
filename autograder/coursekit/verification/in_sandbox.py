"""Verify a problem set through the judge and the worker, as a class run would meet it."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from coursekit.authoring.exercises import Answer
from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.authoring.standalone import name_in, standalone_source
from coursekit.errors import CourseError
from coursekit.grading.judge import PRELUDE, Examiner
from coursekit.grading.results import FAILED, ExerciseResult
from coursekit.sandbox.outcomes import Cell
from coursekit.sandbox.pool import WorkerPool
from coursekit.seeds import exercise_rng

SECRET = b"verify" * 6


@dataclass(frozen=True)
class AnswerCell:
    """An answer as a cell: the name that its room has for it, and the source."""

    name: str
    source: str


def verify_in_sandbox(
    master: Master, pool: WorkerPool, exercises: Sequence[PlacedExercise] = ()
) -> list[str]:
    """What must be mended: right answers below full marks, wrong ones or stubs with too many.

    Each submission holds one answer to every exercise: the first right answer of each, then the
    second, and so on; then the wrong ones; then the stubs.
    """
    chosen = exercises or master.exercises
    problems: list[str] = []
    right = {e.id: cells_of(e, e.declaration.right_answers, problems) for e in chosen}
    wrong = {e.id: cells_of(e, second_wrong(e), problems) for e in chosen}
    for trial in tried(master, right, pool):
        problems += troubles_of_right(trial)
    for trial in tried(master, wrong, pool):
        problems += troubles_of_wrong(trial)
    for exercise, result in judged(master, {}, pool):
        if exercise in chosen and (result.points or result.outcome != FAILED):
            problems.append(f"{exercise.id}: the stub is {result.outcome}, {result.points} points")
    return problems


@dataclass(frozen=True)
class Trial:
    """What the judge made of an answer to an exercise."""

    exercise: PlacedExercise
    answer: AnswerCell
    result: ExerciseResult


def tried(
    master: Master, answers: Mapping[str, Sequence[AnswerCell]], pool: WorkerPool
) -> Iterator[Trial]:
    """Judge all answers, by the id of their exercise, in as few submissions as they fit into."""
    for one_each in rounds(answers):
        for exercise, result in judged(master, one_each, pool):
            if exercise.id in one_each:
                yield Trial(exercise, one_each[exercise.id], result)


def troubles_of_right(trial: Trial) -> Iterator[str]:
    """A right answer has full marks, and no mistake is named."""
    result = trial.result
    if result.points != trial.exercise.points:
        yield f"{result.id}: right, but {result.outcome}: {result.message}"
    if result.misconception:
        yield f"{result.id}: right, but named {result.misconception}"


def troubles_of_wrong(trial: Trial) -> Iterator[str]:
    """A wrong answer fails, and no error of the grader stands in the place of its result."""
    if trial.result.outcome != FAILED:
        yield f"{trial.exercise.id}: {trial.answer.name} is {trial.result.outcome}"


def second_wrong(exercise: PlacedExercise) -> list[Answer]:
    """The answers that make a known mistake in another way."""
    return [answer for m in exercise.declaration.misconceptions for answer in m.second]


def cells_of(
    exercise: PlacedExercise, answers: Sequence[Answer], problems: list[str]
) -> list[AnswerCell]:
    """Answers as cells; one that cannot stand alone is a problem."""
    cells = []
    for answer in answers:
        try:
            cells.append(answer_cell(exercise, answer))
        except CourseError as error:
            problems.append(f"{exercise.id}: {error}")
    return cells


def answer_cell(exercise: PlacedExercise, answer: Answer) -> AnswerCell:
    """A cell that defines what the exercise asks for, and nothing else.

    What the answer needs stands inside of a function: rooms may use a name for different things.
    """
    room = exercise.own_room()
    name = name_in(room, answer)
    wrapper = ast.parse(
        f"def answer():\n    return {name}\n\n\n{exercise.reference.name} = answer()"
    )
    function = next(node for node in wrapper.body if isinstance(node, ast.FunctionDef))
    function.body = [*ast.parse(standalone_source(room, answer)).body, *function.body]
    return AnswerCell(name, ast.unparse(ast.fix_missing_locations(wrapper)))


def rounds(answers: Mapping[str, Sequence[AnswerCell]]) -> Iterator[dict[str, AnswerCell]]:
    """Answers for one submission after the other, by the id of the exercise."""
    for k in range(max(map(len, answers.values()), default=0)):
        yield {name: several[k] for name, several in answers.items() if k < len(several)}


def judged(
    master: Master, answers: Mapping[str, AnswerCell], pool: WorkerPool
) -> Iterator[tuple[PlacedExercise, ExerciseResult]]:
    """Judge a submission that holds these answers, and the stubs of all other exercises."""
    cells = [
        Cell(exercise.id, answers[exercise.id].source)
        if exercise.id in answers
        else Cell(exercise.id, exercise.reference.stub())
        for exercise in master.exercises
    ]
    sources = [cell.source for cell in cells]
    with pool.submission([PRELUDE, *cells]) as run:
        results = Examiner(run, sources).judge(
            (exercise, exercise_rng(SECRET, "verify", master.id, exercise.id, sources))
            for exercise in master.exercises
        )
    yield from zip(master.exercises, results, strict=True)
