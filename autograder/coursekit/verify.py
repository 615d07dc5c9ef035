"""Verify a problem set: its cases tell right from wrong, and its messages reach who needs them.

For each exercise the reference must get full marks and an empty answer none; every misconception
must fail and be named; every automatic mutant of the reference must fail unless it is listed as
equivalent; every right implementation that the tests hold must pass and get no diagnosis.
"""

import contextlib
import io
import runpy
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from coursekit.checks.commands import call, hint_text
from coursekit.checks.compare import examine
from coursekit.checks.diagnosis import diagnose
from coursekit.checks.held_out import HeldOut
from coursekit.checks.model import Task, Verdict
from coursekit.errors import CourseError
from coursekit.masters import MASTERS, Master, PlacedExercise
from coursekit.mutants import mutants
from coursekit.tasks import make_task, opaque, public_rng

VARIANTS = MASTERS.parent.parent / "tests" / "problem_sets"
"""Folder of the independent implementations: one module for each problem set."""

SEEDS = 3
"""Sets of hidden cases that each mutant must fail, beside the public one."""


@dataclass(frozen=True)
class Variants:
    """Independent implementations of a problem set, which only tests hold.

    Attributes
    ----------
    right : mapping
        Exercise id to implementations that must get full marks.
    wrong : mapping
        Exercise id to misconception to an implementation of the mistake, or several, written
        without looking at the declared one.
    source : str
        Of the module; it runs beside student code when the sandbox is asked for.
    """

    right: Mapping[str, Sequence[Callable]] = field(default_factory=dict)
    wrong: Mapping[str, Mapping[str, Sequence[Callable]]] = field(default_factory=dict)
    source: str = ""


@dataclass
class ExerciseReport:
    """What verifying one exercise gave.

    Attributes
    ----------
    id : str
    groups : tuple of str
    kills : dict
        Misconception to the groups in which it fails.
    mutants, equivalent, right, wrong, named : int
        Automatic mutants made, those listed as equivalent, right variants run, second wrong
        implementations run, and those of them that are named rightly.
    problems : list of str
        What must be mended, a sentence each.
    """

    id: str
    groups: tuple[str, ...]
    kills: dict[str, set[str]] = field(default_factory=dict)
    mutants: int = 0
    equivalent: int = 0
    right: int = 0
    wrong: int = 0
    named: int = 0
    problems: list[str] = field(default_factory=list)

    def expect(self, holds: bool, problem: str) -> None:
        """Note a problem unless something holds."""
        if not holds:
            self.problems.append(f"{self.id}: {problem}")


def read_variants(problem_set: str, folder: Path = VARIANTS) -> Variants:
    """The independent implementations of a problem set; none if there is no such module."""
    path = folder / f"{problem_set}.py"
    if not path.is_file():
        return Variants()
    names = runpy.run_path(str(path))
    if "RIGHT" not in names or "WRONG" not in names:
        raise CourseError(f"{path} must define RIGHT and WRONG, dicts by exercise id")
    wrong = {
        exercise: {name: several(functions) for name, functions in mistakes.items()}
        for exercise, mistakes in names["WRONG"].items()
    }
    return Variants(names["RIGHT"], wrong, path.read_text(encoding="utf-8"))


def several(functions: Callable | Sequence[Callable]) -> Sequence[Callable]:
    return (functions,) if callable(functions) else functions


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


def text_table(reports: Sequence[ExerciseReport]) -> str:
    """A line for each exercise, with the kill matrix below it, to be read in a terminal."""
    lines = []
    for report in reports:
        lines += [summary_line(report)]
        width = max(map(len, report.kills), default=0)
        for mistake, groups in report.kills.items():
            lines.append(f"    {mistake:{width}}  fails in {in_words(report, groups)}")
    return "\n".join(lines)


def summary_line(report: ExerciseReport) -> str:
    killed = report.mutants - report.equivalent
    return (
        f"{report.id}: {len(report.kills)} misconceptions, {killed} mutants and "
        f"{report.equivalent} equivalent, {report.right} right variants, "
        f"{report.named} of {report.wrong} second wrong named"
    )


def in_words(report: ExerciseReport, groups: set[str]) -> str:
    if groups == set(report.groups):
        return "every group"
    return "; ".join(group for group in report.groups if group in groups) or "single cases only"


def markdown_table(master: Master, reports: Sequence[ExerciseReport]) -> str:
    """The kill matrices of a problem set as a section of a page."""
    lines = [f"## {master.title}", ""]
    for report in reports:
        groups = report.groups
        lines += [f"### `{report.id}`", "", f"{summary_line(report).partition(': ')[2]}.", ""]
        lines += [row(["mistake", *groups]), row(["---"] * (len(groups) + 1))]
        for mistake, failed in report.kills.items():
            cells = ["fails" if group in failed else "passes" for group in groups]
            lines.append(row([mistake, *cells]))
        lines.append("")
    return "\n".join(lines)


def row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
