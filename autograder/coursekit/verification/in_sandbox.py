"""Verify a problem set through the judge and the worker, as a class run would meet it."""

from collections.abc import Callable, Iterator

from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.grading.judge import PRELUDE, Examiner
from coursekit.grading.results import ExerciseResult
from coursekit.sandbox.pool import WorkerPool
from coursekit.sandbox.sessions import Cell
from coursekit.seeds import exercise_rng
from coursekit.verification.variants import Variants

SECRET = b"verify" * 6


def verify_in_sandbox(master: Master, variants: Variants, pool: WorkerPool) -> list[str]:
    """What must be mended: right variants below full marks, wrong ones or stubs with too many.

    Each submission holds one answer to every exercise: the first right variant of each, then the
    second, and so on; then the wrong ones; then the stubs.
    """
    problems = []
    for answers in rounds(master, variants.right):
        for exercise, result in judged(master, variants.source, answers, pool):
            if exercise.id in answers and result.points != exercise.points:
                problems.append(f"{exercise.id}: right, but {result.outcome}: {result.message}")
            if result.misconception:
                problems.append(f"{exercise.id}: right, but named {result.misconception}")
    wrong = {
        exercise: [function for several in mistakes.values() for function in several]
        for exercise, mistakes in variants.wrong.items()
    }
    for answers in rounds(master, wrong):
        for exercise, result in judged(master, variants.source, answers, pool):
            if exercise.id in answers and result.outcome != "failed":
                problems.append(f"{exercise.id}: {answers[exercise.id]} is {result.outcome}")
    stubs = "\n\n".join(exercise.reference.stub() for exercise in master.exercises)
    for exercise, result in judged(master, stubs, {}, pool):
        if result.points or result.outcome != "failed":
            problems.append(f"{exercise.id}: the stub is {result.outcome}, {result.points} points")
    return problems


def rounds(master: Master, functions: dict[str, list[Callable]]) -> Iterator[dict[str, str]]:
    """Answers for one submission after the other: exercise id to the name of a function."""
    longest = max((len(several) for several in functions.values()), default=0)
    for k in range(longest):
        yield {
            exercise.id: functions[exercise.id][k].__name__
            for exercise in master.exercises
            if k < len(functions.get(exercise.id, ()))
        }


def judged(
    master: Master, source: str, answers: dict[str, str], pool: WorkerPool
) -> Iterator[tuple[PlacedExercise, ExerciseResult]]:
    """Judge a submission whose first cell is ``source`` and whose others name the answers."""
    cells = [Cell("variants", source)]
    for exercise in master.exercises:
        name = answers.get(exercise.id)
        if name and name != exercise.reference.name:
            cells.append(Cell(exercise.id, f"{exercise.reference.name} = {name}"))
    sources = [cell.source for cell in cells]
    with pool.submission([PRELUDE, *cells]) as run:
        results = Examiner(run, sources).judge(
            (exercise, exercise_rng(SECRET, "verify", master.id, exercise.id, sources))
            for exercise in master.exercises
        )
    yield from zip(master.exercises, results, strict=True)
