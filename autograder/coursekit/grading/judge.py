"""The trusted side: draw inputs, have student code called with them, compare, award, explain.

The only evidence is what the student's functions return, value by value, over the worker's
pipe. What they print is kept for the student and never read for a grade.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from nbformat import NotebookNode

from coursekit.authoring.exercises import draw_cases
from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.authoring.tasks import make_task, public_rng
from coursekit.checks import personal
from coursekit.checks.compare import examine
from coursekit.checks.diagnosis import diagnose, report
from coursekit.checks.model import Outcome, Raised, Returned, Task, Verdict
from coursekit.checks.patterns import pattern_of
from coursekit.checks.words import wrap
from coursekit.grading.helpers import names_bound
from coursekit.grading.results import FAILED, GRADER_ERROR, PASSED, ExerciseResult
from coursekit.sandbox import outcomes
from coursekit.sandbox.calls import Session
from coursekit.sandbox.outcomes import CellReport
from coursekit.sandbox.pool import WorkerPool
from coursekit.sandbox.sessions import Cell, Run
from coursekit.seeds import exercise_rng

PRELUDE = Cell(
    "prelude",
    "import sys, types\n"
    "_checks = types.ModuleType('checks')\n"
    "_checks.check = _checks.hint = lambda *_, **__: None\n"
    "_checks.check_environment = _checks.summary = _checks.check\n"
    f"exec({inspect.getsource(personal)!r}, vars(_checks))\n"
    "sys.modules['checks'] = _checks\n"
    "del _checks, sys, types",
)
"""In the worker ``check``, ``hint`` and ``summary`` do nothing: the cases are the judge's.

``my_numbers`` works, because cells and answers may use it.
"""


class SandboxFaultError(RuntimeError):
    """The grader failed, not the student."""


@dataclass(frozen=True)
class Judged:
    """The results of a submission, and what its cells gave when they ran."""

    exercises: tuple[ExerciseResult, ...]
    cells: tuple[CellReport, ...]


def judge(
    master: Master, notebook: NotebookNode, student: str, secret: bytes, pool: WorkerPool
) -> Judged:
    """Judge a rebuilt notebook.

    Parameters
    ----------
    master : Master
    notebook : NotebookNode
        As :func:`coursekit.grading.rebuild.rebuild` gives it.
    student : str
    secret : bytes
        The course's; it stays here.
    pool : WorkerPool
    """
    cells = code_cells(notebook)
    sources = [cell.source for cell in cells]
    with pool.submission([PRELUDE, *cells]) as run:
        examiner = Examiner(run, sources, student)
        results = [
            examiner.judge(exercise, exercise_rng(secret, student, master.id, exercise.id, sources))
            for exercise in master.exercises
        ]
        return Judged(tuple(results), run.cells[1:])


def code_cells(notebook: NotebookNode) -> list[Cell]:
    """The cells that run in the worker: all code but the checks, which are ours to make."""
    return [
        Cell(cell.get("id", str(number)), cell.source)
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade")
    ]


class Examiner:
    """Judges the exercises of one submission, in their order.

    Exercises share a process as long as they pass: most of what a submission costs is making
    processes. One that does not pass there is judged by what it does in a fork of its own, so an
    earlier exercise can take nothing from it; what passes has computed every answer, wherever.

    A failed exercise is called once more with the references bound to the names of the earlier
    ones that failed, so that nobody loses points twice for one mistake. Left out are references
    that take a function: a function of the student's cannot come over to this side.

    Parameters
    ----------
    run : Run
        The submission, whose cells have run.
    sources : sequence of str
        Of the cells.
    student : str, optional
    """

    def __init__(self, run: Run, sources: Sequence[str], student: str = "") -> None:
        self.run, self.sources, self.student = run, sources, student
        self.failed: dict[str, Callable] = {}
        self.shared: Session | None = None

    def judge(self, exercise: PlacedExercise, rng: np.random.Generator) -> ExerciseResult:
        """Judge one function; an error of the grader costs nobody a point and is said."""
        task = make_task(exercise, rng, student=self.student)
        seconds = exercise.declaration.cpu_seconds
        try:
            verdict = self.own_verdict(task, seconds)
            if not verdict.passed:
                verdict = self.with_help(task, verdict, seconds)
                self.note(exercise)
        except SandboxFaultError as fault:
            message = str(fault)
            return ExerciseResult(exercise.id, GRADER_ERROR, 0.0, exercise.points, message=message)
        return award(exercise, verdict, self.run)

    def own_verdict(self, task: Task, seconds: float | None) -> Verdict:
        """The verdict on the student's own function, in the shared process if it passes there."""
        if self.shared is not None:
            outcomes = call_all(self.shared, task, seconds, go_on=False)
            if len(outcomes) == len(task.cases) and (verdict := examine(task, outcomes)).passed:
                return verdict
        self.shared = self.run.session()
        verdict = examine(task, call_all(self.shared, task, seconds))
        if self.shared.failures:
            self.shared = None
        return verdict

    def with_help(self, task: Task, verdict: Verdict, seconds: float | None) -> Verdict:
        """The verdict with references for what failed before, if it is better."""
        earlier = self.failed_and_needed(task.name)
        if not earlier:
            return verdict
        self.shared = None  # there is one process of calls at a time
        return best(verdict, examine(task, call_all(self.run.session(earlier), task, seconds)))

    def note(self, exercise: PlacedExercise) -> None:
        """Remember that the student's own function fails."""
        if not takes_function(exercise):
            self.failed[exercise.reference.name] = exercise.reference.function

    def failed_and_needed(self, name: str) -> dict[str, Callable]:
        """The references of the earlier exercises that failed and that a function needs."""
        needed = words_behind(name, self.sources) if self.failed else set()
        return {other: function for other, function in self.failed.items() if other in needed}


def words_behind(name: str, sources: Sequence[str]) -> set[str]:
    """All words in the cells that bind a name, in those that bind these words, and so on.

    Where no cell binds it that one can see, all words of all cells.
    """
    words = [set(re.findall(r"\w+", source)) for source in sources]
    bound = [names_bound([source]) for source in sources]
    if not any(name in names for names in bound):
        return set().union(*words)
    found, reached = {name}, {name}
    while found:
        cells = [k for k, names in enumerate(bound) if names & found]
        found = set().union(*(words[k] for k in cells)) - reached
        reached |= found
    return reached


def takes_function(exercise: PlacedExercise) -> bool:
    """Whether an exercise's function is called with a function."""
    cases = draw_cases(exercise.declaration, public_rng(exercise.id))
    return any(callable(argument) for case in cases for argument in case.arguments)


def best(first: Verdict, second: Verdict) -> Verdict:
    """The verdict that earns more; of equal ones the second, which is about this exercise alone.

    It is so unless calls fail in it that did not fail in the first.
    """

    def rank(verdict: Verdict) -> tuple[float, int]:
        errors = sum(isinstance(outcome, Raised) for outcome in verdict.outcomes)
        return sum(verdict.credits.values()), -errors

    return second if rank(second) >= rank(first) else first


def call_all(
    session: Session, task: Task, seconds: float | None = None, go_on: bool = True
) -> list[Outcome]:
    """What the student's function does with every case.

    Parameters
    ----------
    session : Session
    task : Task
    seconds : float, optional
        Processor time of a call, where the exercise states it.
    go_on : bool
        Whether the rest is called after a call that does not end.

    Raises
    ------
    SandboxFaultError
        If the grader failed.
    """
    arguments = [case.arguments for case in task.cases]
    given = session.call_many(task.name, arguments, seconds, go_on=go_on)
    return [plain_outcome(outcome, task.parameters) for outcome in given]


def plain_outcome(outcome: outcomes.Outcome, parameters: Sequence[str]) -> Outcome:
    """The worker's outcome in the words of :mod:`coursekit.checks`."""
    if isinstance(outcome, outcomes.SandboxFault):
        raise SandboxFaultError(outcome.reason)
    if isinstance(outcome, outcomes.Returned):
        return Returned(outcome.value, tuple(named(place, parameters) for place in outcome.mutated))
    if isinstance(outcome, outcomes.Raised):
        return Raised(outcome.error.type, outcome.error.message, outcome.error.line)
    if isinstance(outcome, outcomes.Missing):
        return Raised("NameError", f"there is no function {outcome.name}")
    if isinstance(outcome, outcomes.TimedOut):
        return Raised("TimeoutError", f"it did not end within {outcome.limit_seconds:g} s")
    return Raised("Stopped", outcome.reason)


def named(place: str, parameters: Sequence[str]) -> str:
    return parameters[int(place)] if place.isdigit() and int(place) < len(parameters) else place


def award(exercise: PlacedExercise, verdict: Verdict, run: Run) -> ExerciseResult:
    """Points by the groups that pass, the mistake by name, and the words for the student."""
    credits = verdict.credits
    earned = sum(group.share * credits[group.name] for group in exercise.declaration.cases)
    result = ExerciseResult(
        exercise.id,
        PASSED if verdict.passed else FAILED,
        exercise.points if verdict.passed else round(exercise.points * earned, 2),
        exercise.points,
    )
    if verdict.passed:
        return replace(result, message=f"All {len(verdict.task.cases)} hidden cases pass.")
    names = diagnose(verdict)
    return replace(result, misconception=" or ".join(names), message=explain(verdict, names, run))


def explain(verdict: Verdict, names: Sequence[str], run: Run) -> str:
    """The report, the mistake by name or its pattern, and what the cell itself said."""
    if all(not_answered(outcome) for outcome in verdict.outcomes):
        return f"{verdict.task.name}: there is no answer yet."
    lines = [report(verdict)]
    lines += [wrap(verdict.task.messages[name]) for name in names]
    if not names and pattern_of(verdict):
        lines.append(wrap(pattern_of(verdict)))
    missing = isinstance(verdict.outcomes[0], Raised) and verdict.outcomes[0].kind == "NameError"
    if missing:
        lines += [wrap(words) for words in map(cell_trouble, run.cells[1:]) if words]
    return "\n".join(lines)


def not_answered(outcome: Outcome) -> bool:
    return isinstance(outcome, Raised) and outcome.kind == "NotImplementedError"


def cell_trouble(cell: CellReport) -> str:
    """What kept a cell from defining what it should; empty if nothing did."""
    if cell.status == "error":
        return f"The cell {cell.id} stopped with {cell.error.type}: {cell.error.message}"
    if cell.status in ("hung", "crashed", "skipped"):
        return f"The cell {cell.id} was not run to its end: {cell.reason}."
    return ""
