"""What to look for when nobody declared a mistake: what also fits the public cases.

Thousands of wrong solutions would have to be called with the cases of each student. With the
public cases, which are the same for everybody, that was done when the problem set was released.
"""

from collections.abc import Sequence
from dataclasses import replace

from coursekit.authoring.causes import CalledCauses
from coursekit.authoring.kept_causes import recalled_causes
from coursekit.authoring.masters import PlacedExercise
from coursekit.authoring.tasks import make_task, public_rng
from coursekit.checks.causes import KeptCauses, words_of_causes
from coursekit.checks.compare import examine
from coursekit.checks.model import Outcome, Task, Verdict


def public_task(exercise: PlacedExercise) -> Task:
    """The task with the public cases, and the causes that are kept for them; made once."""
    made: list[Task] = exercise.declaration.public_tasks
    if not made:
        task = make_task(exercise, public_rng(exercise.id), public=True)
        called = task.causes
        kept = recalled_causes(called) if isinstance(called, CalledCauses) else None
        made.append(replace(task, causes=kept))
    return made[0]


def with_likely_causes(
    verdict: Verdict, exercise: PlacedExercise, outcomes: Sequence[Outcome]
) -> Verdict:
    """The verdict, with only those causes to look for that give what the public cases gave.

    Parameters
    ----------
    verdict : Verdict
        On the cases of the student.
    exercise : PlacedExercise
    outcomes : sequence of Outcome
        Of the function with the public cases; fewer, if a call did not end.

    Returns
    -------
    Verdict
        Where nothing is kept for the public cases, the one that came.
    """
    public = public_task(exercise)
    if not isinstance(public.causes, KeptCauses) or not isinstance(
        verdict.task.causes, CalledCauses
    ):
        return verdict
    whole = len(outcomes) == len(public.cases)
    words = words_of_causes(examine(public, outcomes)) if whole else None
    causes = CalledCauses(exercise, verdict.task.cases, words) if words else None
    return replace(verdict, task=replace(verdict.task, causes=causes))
