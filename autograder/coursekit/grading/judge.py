"""The trusted side: draw inputs, have student code called with them, compare, award, explain.

The only evidence is what the student's functions return, value by value, over the worker's
pipe. What they print is kept for the student and never read for a grade.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from nbformat import NotebookNode

from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.authoring.tasks import make_task
from coursekit.checks.answer_cells import CodeCell, plan
from coursekit.checks.compare import MOST_WORD, examine
from coursekit.checks.diagnosis import diagnose
from coursekit.checks.model import (
    Ended,
    Outcome,
    Raised,
    Refused,
    Returned,
    Undefined,
    Verdict,
)
from coursekit.checks.words import cut, wrap
from coursekit.grading.awarding import award, behaviour, failed_by
from coursekit.grading.explaining import notes_on
from coursekit.grading.likely_causes import public_task, with_likely_causes
from coursekit.grading.needed_names import words_behind
from coursekit.grading.own_numbers import by_their_numbers
from coursekit.grading.results import NO_ANSWER, ExerciseResult
from coursekit.grading.trials import Decided, Faulty, References, Trial, Waiting
from coursekit.sandbox import outcomes
from coursekit.sandbox.outcomes import Cell, CellReport
from coursekit.sandbox.pool import WorkerPool
from coursekit.sandbox.runs import Run
from coursekit.sandbox.sessions import Session
from coursekit.seeds import exercise_rng
from coursekit.submissions.cells import OURS

PRELUDE = Cell(
    "prelude",
    "import sys, types\n"
    "_checks = types.ModuleType('checks')\n"
    "_checks.check = _checks.hint = lambda *_, **__: None\n"
    "_checks.check_environment = _checks.summary = _checks.log_attempts = _checks.check\n"
    "_checks.my_numbers = sys.modules['worker.personal'].my_numbers\n"
    "sys.modules['checks'] = _checks\n"
    "del _checks, sys, types",
)
"""In the worker ``check``, ``hint`` and their kind do nothing: the cases are the judge's.

``my_numbers`` works, because cells and answers may use it.
"""


NO_REASON = "the sandbox ended without a reason; see that the disk has room and memory is free"


class SandboxFaultError(RuntimeError):
    """The grader failed, not the student."""


@dataclass(frozen=True)
class Judged:
    """The results of a submission, what its cells gave when they ran, and the verdicts behind."""

    exercises: tuple[ExerciseResult, ...]
    cells: tuple[CellReport, ...]
    decided: tuple[Decided | Faulty, ...] = ()


def judge(
    master: Master, notebook: NotebookNode, student: str, secret: bytes, pool: WorkerPool,
    names: Sequence[str] = (),
) -> Judged:  # fmt: skip
    """Judge a rebuilt notebook.

    Parameters
    ----------
    master : Master
    notebook : NotebookNode
        As :func:`coursekit.submissions.rebuild.rebuild` gives it.
    student, names : str and sequence of str
        Of the folder, and others; numbers of the student's own may follow from each.
    secret : bytes
        The course's; it stays here.
    pool : WorkerPool
    """
    cells = code_cells(notebook, master)
    sources = [cell.source for cell in cells]
    notes = notes_on(notebook, master)
    with pool.submission([PRELUDE, *cells]) as run:
        examiner = Examiner(run, sources, student, *names)
        decided = examiner.decide(
            (exercise, exercise_rng(secret, student, master.id, exercise.id, sources))
            for exercise in master.exercises
        )
        told = (
            replace(result, message=f"{result.message}\n{wrap(notes[result.id])}")
            if result.id in notes
            else result
            for result in map(examiner.awarded, decided)
        )
        return Judged(tuple(told), run.cells[1:], tuple(decided))


def code_cells(notebook: NotebookNode, master: Master) -> list[Cell]:
    """The cells that run in the worker: all code but the checks, which are ours to make.

    Which of them define the answers is asked by the rule by which the notebook was rebuilt.
    """
    code = [
        (cell.get("id", str(number)), CodeCell(exercise_of(cell), cell.source))
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade")
    ]
    exercises = {exercise.id: exercise.reference.name for exercise in master.exercises}
    steps = plan([cell for _, cell in code], exercises, keep_all=True).steps
    return [Cell(code[step.place][0], step.source, step.answers) for step in steps]


def exercise_of(cell: NotebookNode) -> str | None:
    """The id of the exercise whose answer, or whose part, a cell of a rebuilt notebook is."""
    part_of = cell.metadata.get(OURS, {}).get("part_of")
    exercise: str | None = cell.metadata.get("nbgrader", {}).get("grade_id", part_of)
    return exercise


class Examiner:
    """Judges the exercises of one submission, first all by themselves and in their order.

    Exercises share a process as long as they pass: most of what a submission costs is making
    processes. One that does not pass there is judged by what it does in a fork of its own, so an
    earlier exercise can take nothing from it; what passes has computed every answer, wherever.

    Then each that failed is called with the references bound to the names of the earlier ones
    that failed and that it needs, so that nobody loses points twice for one mistake. By then all
    have been called without: what a reference once told student code can be anywhere.

    Parameters
    ----------
    run : Run
        The submission, whose cells have run.
    sources : sequence of str
        Of the cells.
    student, names : as of :func:`judge`
    """

    def __init__(self, run: Run, sources: Sequence[str], student: str = "", *names: str) -> None:
        self.run, self.sources, self.student, self.names = run, sources, student, names
        self.failed: References = {}
        self.unchanging: set[str] = set()
        self.told = False
        self.shared: Session | None = None

    def judge(
        self, exercises: Iterable[tuple[PlacedExercise, np.random.Generator]]
    ) -> list[ExerciseResult]:
        """Judge functions; an error of the grader costs nobody a point and is said."""
        return [self.awarded(decided) for decided in self.decide(exercises)]

    def decide(
        self, exercises: Iterable[tuple[PlacedExercise, np.random.Generator]]
    ) -> list[Decided | Faulty]:
        """The verdict on each function."""
        trials = [
            Trial(exercise, make_task(exercise, rng, student=self.student))
            for exercise, rng in exercises
        ]
        tried = [self.tried_alone(trial) for trial in trials]
        return [self.by_their_numbers(self.tried_with_help(one)) for one in tried]

    def awarded(self, judged: Decided | Faulty) -> ExerciseResult:
        """The result of a verdict; of a mistake that nobody declared also how it behaves."""
        if not isinstance(judged, Decided) or not is_undeclared(judged):
            return award(judged, self.run, self.sources)
        outcomes = self.on_public_cases(judged.trial)
        verdict = with_likely_causes(judged.verdict, judged.trial.exercise, outcomes)
        result = award(replace(judged, verdict=verdict), self.run, self.sources)
        return replace(result, behaviour=behaviour(outcomes) if outcomes else "")

    def on_public_cases(self, trial: Trial) -> list[Outcome]:
        """What a function does with the public cases, which are the same for everybody."""
        try:
            common = replace(trial, task=public_task(trial.exercise))
            return call_all(self.run.session(), common, go_on=False)
        except SandboxFaultError:
            return []  # the points do not hang on it

    def by_their_numbers(self, tried: Decided | Faulty) -> Decided | Faulty:
        if isinstance(tried, Decided):
            called = (tried.trial.exercise, tried.verdict, self.student, self.names)
            return replace(tried, verdict=by_their_numbers(*called))
        return tried

    def tried_alone(self, trial: Trial) -> Decided | Waiting | Faulty:
        """What the student's own function does; help may change that where it does not pass."""
        try:
            return self.try_alone(trial)
        except SandboxFaultError as fault:
            return Faulty(trial, str(fault))

    def try_alone(self, trial: Trial) -> Decided | Waiting:
        if self.shared is not None:
            outcomes = call_all(self.shared, trial, go_on=False)
            if len(outcomes) == len(trial.task.cases):
                verdict = examine(trial.task, outcomes)
                if verdict.passed:
                    return Decided(trial, verdict)
        earlier = self.failed_and_needed(trial)
        self.shared = self.run.session()
        alone = examine(trial.task, call_all(self.shared, trial))
        if self.shared.failures:
            self.shared = None
        if alone.passed:
            return Decided(trial, alone)
        self.note(trial.exercise)
        return Waiting(trial, earlier, alone) if earlier else Decided(trial, alone)

    def tried_with_help(self, tried: Decided | Waiting | Faulty) -> Decided | Faulty:
        """The better of what a function does by itself and with help, where it needs any."""
        if not isinstance(tried, Waiting):
            return tried
        try:
            return self.try_with_help(tried)
        except SandboxFaultError as fault:
            return Faulty(tried.trial, str(fault))

    def try_with_help(self, waiting: Waiting) -> Decided:
        trial, session = waiting.trial, self.run.session(waiting.earlier)
        helped = examine(trial.task, call_all(session, trial))
        if best(waiting.alone, helped, trial.exercise) is waiting.alone:
            return Decided(trial, waiting.alone)
        return Decided(trial, helped, tuple(waiting.earlier) if self.told else ())

    def note(self, exercise: PlacedExercise) -> None:
        """Remember that the student's own function fails."""
        self.failed[exercise.reference.name] = self.telling(exercise.reference.function)
        if exercise.declaration.personal:
            self.unchanging.add(exercise.reference.name)

    def telling(self, reference: Callable[..., Any]) -> Callable[..., Any]:
        """A reference of which is known whether it told student code anything."""

        @functools.wraps(reference)
        def told(*args: object, **kwargs: object) -> object:
            self.told = True
            return reference(*args, **kwargs)

        return told

    def failed_and_needed(self, trial: Trial) -> References:
        """The references of the earlier exercises that failed and that a function needs.

        One whose answers stay as they are helps the exercises of its own kind only: the points
        of any other would tell what it said.
        """
        needed = words_behind(trial.task.name, self.sources) if self.failed else set()
        needed -= set() if trial.exercise.declaration.personal else self.unchanging
        return {other: function for other, function in self.failed.items() if other in needed}


def is_undeclared(judged: Decided) -> bool:
    """Whether a function fails, and no known mistake gives what it gave."""
    verdict = judged.verdict
    if verdict.passed or judged.trial.exercise.declaration.personal or diagnose(verdict):
        return False
    return failed_by(verdict) not in NO_ANSWER


def best(first: Verdict, second: Verdict, exercise: PlacedExercise) -> Verdict:
    """The verdict that earns more; of equal ones the second, which is about this exercise alone.

    It is so unless calls fail in it that did not fail in the first.
    """

    def rank(verdict: Verdict) -> tuple[float, int]:
        errors = sum(isinstance(outcome, Raised) for outcome in verdict.outcomes)
        return exercise.declaration.earned(verdict.credits), -errors

    return second if rank(second) >= rank(first) else first


def call_all(session: Session, trial: Trial, go_on: bool = True) -> list[Outcome]:
    """What the student's function does with every case.

    Parameters
    ----------
    session : Session
    trial : Trial
    go_on : bool
        Whether the rest is called after a call that does not end.

    Raises
    ------
    SandboxFaultError
        If the grader failed.
    """
    task, seconds = trial.task, trial.exercise.declaration.cpu_seconds
    arguments = [case.arguments for case in task.cases]
    given = session.call_many(task.name, arguments, seconds, go_on=go_on)
    return [plain_outcome(outcome, task.parameters) for outcome in given]


def plain_outcome(outcome: outcomes.Outcome, parameters: Sequence[str]) -> Outcome:
    """The worker's outcome in the words of :mod:`coursekit.checks`."""
    if isinstance(outcome, outcomes.SandboxFault):
        raise SandboxFaultError(outcome.reason or NO_REASON)
    if isinstance(outcome, outcomes.Returned):
        return Returned(outcome.value, tuple(named(place, parameters) for place in outcome.mutated))
    if isinstance(outcome, outcomes.Raised):
        return Raised(outcome.error.type, outcome.error.message, outcome.error.line)
    if isinstance(outcome, outcomes.Missing):
        return Undefined(message=f"there is no function {outcome.name}")
    if isinstance(outcome, outcomes.TimedOut):
        return Ended("TimeoutError", f"it did not end within {outcome.limit_seconds:g} s")
    if isinstance(outcome, outcomes.BadValue | outcomes.ReturnedTooLarge):
        return Returned(Refused(outcome.reason))
    if isinstance(outcome, outcomes.Crashed | outcomes.TooLarge):
        return Ended("Stopped", outcome.reason)
    raise TypeError(f"an outcome of the sandbox is expected, not {outcome!r}")


def named(place: str, parameters: Sequence[str]) -> str:
    places = {str(number): name for number, name in enumerate(parameters)}
    return places.get(place, cut(place, MOST_WORD))
