"""An answer that does nothing earns nothing: a stub, an argument as it came, or zeros."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from coursekit.authoring.exercises import Answer
from coursekit.authoring.masters import PlacedExercise
from coursekit.checks.calling import call
from coursekit.checks.compare import examine
from coursekit.checks.held_out import HeldOut
from coursekit.checks.model import Case, Outcome, Returned, Task
from coursekit.verification.report import ExerciseReport

Idle = Callable[[Case], Outcome]
"""What comes of a call of a function that does nothing."""


def try_doing_nothing(
    report: ExerciseReport, exercise: PlacedExercise, tasks: Sequence[Task]
) -> None:
    """None of what costs no thought earns anything, unless it is right and that is said."""
    declared, right = exercise.declaration, []
    for words, idle in idle_answers(tasks[0]):
        verdicts = [examine(task, list(map(idle, task.cases))) for task in tasks]
        if all(verdict.passed for verdict in verdicts):
            right.append(words)
            continue
        best = max((verdict.credits for verdict in verdicts), key=declared.earned)
        earning = [group for group, credit in declared.counted(best).items() if credit]
        report.expect(
            not earning,
            f"an answer that {words} earns {declared.earned(best):.0%} of the points, with "
            f"{' and '.join(map(repr, earning))}: let that count only together with a group that "
            f"it fails, Cases(..., only_with='...') in {report.place}",
        )
    report.expect(
        not right or bool(declared.nothing_to_do.strip()),
        f"an answer that {' or '.join(right)} passes every case: draw cases that it fails or, "
        f"where it is right, say why in {report.place}: nothing_to_do='...'",
    )
    report.expect(
        bool(right) or not declared.nothing_to_do,
        "nothing_to_do= is given, and no answer passes that returns an argument or zeros; take "
        f"it out of {report.place}",
    )


def idle_answers(task: Task) -> Iterator[tuple[str, Idle]]:
    """Ways to do nothing, in words."""

    def raises(*arguments: object) -> None:
        raise NotImplementedError

    def calling(function: Answer) -> Idle:
        return lambda case: call(function, task.parameters, case.arguments)

    def giving(place: int) -> Idle:
        return lambda case: Returned(case.arguments[place])

    yield "raises NotImplementedError", calling(raises)
    yield "returns None", calling(lambda *_: None)
    for place, name in enumerate(task.parameters):
        yield f"returns {name}", giving(place)
    yield "returns 0", calling(lambda *_: 0.0)
    if not any(isinstance(case.expected, HeldOut) for case in task.cases):
        yield "returns zeros", lambda case: Returned(zeros(case.expected))


def zeros(tree: object) -> object:
    """A result of the same form in which every number is 0, and every text empty."""
    if isinstance(tree, dict):
        return {key: zeros(part) for key, part in tree.items()}
    if isinstance(tree, list | tuple):
        return [zeros(part) for part in tree]
    if isinstance(tree, bool | np.bool_):
        return False
    if isinstance(tree, np.ndarray | np.number | int | float):
        return np.zeros(np.shape(tree))
    return "" if isinstance(tree, str) else None
