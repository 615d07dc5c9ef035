"""Verify a problem set: its cases tell right from wrong, and its messages reach who needs them.

For each exercise the reference must get full marks and an empty answer none; every misconception
must fail and be named; every automatic mutant of the reference must fail unless it is listed as
equivalent; every right implementation that the tests hold must pass and get no diagnosis.
"""

import contextlib
import io
import warnings
from collections.abc import Callable, Sequence

import numpy as np

from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.authoring.tasks import make_task, opaque, public_rng
from coursekit.checks.commands import call, hint_text
from coursekit.checks.compare import examine
from coursekit.checks.diagnosis import diagnose
from coursekit.checks.held_out import HeldOut
from coursekit.checks.model import Task, Verdict
from coursekit.verification.kill_matrix import ExerciseReport
from coursekit.verification.mutants import mutants
from coursekit.verification.variants import Variants

SEEDS = 3
"""Sets of hidden cases that each mutant must fail, beside the public one."""


def verify(master: Master, variants: Variants, seeds: int = SEEDS) -> list[ExerciseReport]:
    """Verify all exercises of a problem set, in this process."""
    said = io.StringIO()  # what implementations print is nobody's business here
    quiet = contextlib.redirect_stdout(said)
    with quiet, warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return [verify_exercise(exercise, variants, seeds) for exercise in master.exercises]


def verify_exercise(exercise: PlacedExercise, variants: Variants, seeds: int) -> ExerciseReport:
    """Verify one exercise over its public cases and several sets of hidden ones."""
    groups = tuple(group.name for group in exercise.declaration.cases)
    report = ExerciseReport(exercise.id, groups)
    hidden = [make_task(exercise, np.random.default_rng(seed)) for seed in range(seeds)]
    tasks = [make_task(exercise, public_rng(exercise.id), public=True), *hidden]
    verify_reference(report, exercise, tasks)
    verify_stubs(report, tasks)
    verify_misconceptions(report, exercise, tasks)
    verify_mutants(report, exercise, tasks)
    verify_variants(report, exercise, variants, tasks)
    return report


def verdict_of(task: Task, function: Callable) -> Verdict:
    """What the judge finds of a function."""
    return examine(task, [call(function, task.parameters, case.arguments) for case in task.cases])


def verify_reference(
    report: ExerciseReport, exercise: PlacedExercise, tasks: Sequence[Task]
) -> None:
    passed = all(verdict_of(task, exercise.reference.function).passed for task in tasks)
    report.expect(passed, "the reference does not get full marks")


def verify_stubs(report: ExerciseReport, tasks: Sequence[Task]) -> None:
    """An answer that raises, and one that returns nothing, earn nothing."""

    def raises(*arguments: object) -> None:
        raise NotImplementedError

    def returns_nothing(*arguments: object) -> None:
        return None

    for task in tasks:
        for stub in (raises, returns_nothing):
            earned = verdict_of(task, stub).passed_groups
            report.expect(not earned, f"an empty answer passes the groups {sorted(earned)}")


def verify_misconceptions(
    report: ExerciseReport, exercise: PlacedExercise, tasks: Sequence[Task]
) -> None:
    """Each fails in every set of cases, is named, and its message reaches the student."""
    public = opaque(tasks[0])
    for mistake in exercise.declaration.misconceptions:
        verdicts = [verdict_of(task, mistake.wrong) for task in tasks]
        passed = [verdict.passed_groups for verdict in verdicts]
        report.kills[mistake.id] = set(report.groups) - set.union(*passed)
        for verdict in verdicts:
            report.expect(not verdict.passed, f"the misconception {mistake.id} passes")
            report.expect(
                diagnose(verdict) == (mistake.id,),
                f"the misconception {mistake.id} is named {diagnose(verdict)}",
            )
        told = hint_text(verdict_of(public, mistake.wrong)).split()
        reached = " ".join(mistake.message.split()) in " ".join(told)
        report.expect(reached, f"the message of {mistake.id} does not reach the student")


def verify_mutants(report: ExerciseReport, exercise: PlacedExercise, tasks: Sequence[Task]) -> None:
    """Each mutant fails in every set of cases, or is listed as equivalent and never fails.

    Where a training is measured there are none: a training that is changed may learn as well.
    """
    if isinstance(tasks[0].cases[0].expected, HeldOut):
        return
    listed = dict(exercise.declaration.equivalent)
    for mutant in mutants(exercise.reference.function):
        report.mutants += 1
        survived = [verdict_of(task, mutant.function).passed for task in tasks]
        if listed.pop(mutant.change, None):
            report.equivalent += 1
            report.expect(all(survived), f"listed as equivalent, but it fails: {mutant.change}")
        else:
            report.expect(
                not any(survived),
                f"the mutant {mutant.change} survives {sum(survived)} of {len(tasks)} draws",
            )
    report.expect(not listed, f"listed as equivalent, but no such mutant: {sorted(listed)}")


def verify_variants(
    report: ExerciseReport, exercise: PlacedExercise, variants: Variants, tasks: Sequence[Task]
) -> None:
    """Right implementations pass; second wrong ones fail, and are named rightly or not at all."""
    for function in variants.right.get(exercise.id, ()):
        report.right += 1
        for task in tasks:
            verdict = verdict_of(task, function)
            name = function.__name__
            text = "" if verdict.passed else verdict.findings[verdict.first].text
            report.expect(verdict.passed, f"the right variant {name} fails: {text}")
            report.expect(not diagnose(verdict), f"the right variant {name} is diagnosed")
    for mistake, functions in variants.wrong.get(exercise.id, {}).items():
        for function in functions:
            report.wrong += 1
            verdicts = [verdict_of(task, function) for task in tasks]
            failed = not any(verdict.passed for verdict in verdicts)
            report.expect(failed, f"the second wrong {function.__name__} passes")
            found = {diagnose(verdict) for verdict in verdicts}
            report.named += found == {(mistake,)}
            report.expect(found <= {(mistake,), ()}, f"{function.__name__} is named {found}")
