"""Whose numbers a student worked with: a course knows a student by more than one name."""

from collections.abc import Sequence

import numpy as np

from coursekit.authoring.masters import PlacedExercise
from coursekit.authoring.tasks import make_task, public_rng, students_by_set
from coursekit.checks.compare import examine
from coursekit.checks.model import Verdict
from coursekit.worker.personal import my_numbers, one_form, set_of


def by_their_numbers(
    exercise: PlacedExercise, verdict: Verdict, student: str, names: Sequence[str]
) -> Verdict:
    """The verdict on the numbers of another name of the student's, if these were worked with.

    An earlier version took two Unicode forms of a name for two names; the numbers that it gave
    stay good.

    Parameters
    ----------
    exercise : PlacedExercise
    verdict : Verdict
        On the numbers that the name of the folder leads to.
    student : str
        That name.
    names : sequence of str
        The others.
    """
    if not exercise.declaration.personal or verdict.passed:
        return verdict
    others = {my_numbers(name)["set"]: name for name in names}
    if student != one_form(student):
        others.setdefault(set_of(student), students_by_set()[set_of(student)])
    answers = getattr(verdict.outcomes[0], "value", None)
    chosen = answers.get("set") if isinstance(answers, dict) else None
    if not isinstance(chosen, int | np.integer) or chosen not in others:
        return verdict
    name = others[int(chosen)]
    task = make_task(exercise, public_rng(exercise.id), student=name)
    found = examine(task, verdict.outcomes)
    return found if found.passed or name in names else verdict
