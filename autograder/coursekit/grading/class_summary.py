"""What a class misunderstood: the commonest mistakes, the hardest exercise, whose file is odd."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from coursekit.grading.results import OPEN, PASSED, ExerciseResult, Result

COMMONEST = 3
"""Mistakes that are named."""


@dataclass(frozen=True)
class Mistake:
    """A mistake that was made in an exercise, and by how many."""

    exercise: str
    name: str
    students: int


@dataclass(frozen=True)
class Hardest:
    """The exercise that earned the smallest share of its points.

    Attributes
    ----------
    exercise : str
    share : float
        Of the points, over those who tried.
    passed, tried : int
        Students.
    """

    exercise: str
    share: float
    passed: int
    tried: int


@dataclass(frozen=True)
class ClassSummary:
    """What the results of a class have in common.

    No student is named beside a mistake: it is about what to explain again, and to the class.

    Attributes
    ----------
    tried : int
        Students who answered something.
    mistakes : tuple of Mistake
        All that were recognized, the commonest first.
    hardest : Hardest, optional
        None where no exercise earned less than another.
    look : tuple of str
        Students whose file needs a look: something was odd about it, or it was not graded.
    """

    tried: int
    mistakes: tuple[Mistake, ...]
    hardest: Hardest | None
    look: tuple[str, ...]


def class_summary(results: Sequence[Result]) -> ClassSummary:
    """The summary of a class, from its results, whenever they were judged."""
    tried = [result for result in results if result.final and answered(result)]
    look = (r.student for r in results if r.oddities or not r.final)
    return ClassSummary(
        len(tried), tuple(mistakes(tried)), hardest(tried), tuple(sorted(set(look)))
    )


def answered(result: Result) -> bool:
    """Whether a submission earned something, or its mistake is known."""
    return any(e.points or e.misconception or e.outcome == OPEN for e in result.exercises)


def mistakes(results: Sequence[Result]) -> list[Mistake]:
    """Mistakes by how many made them; of equally many, by exercise and name."""
    counts = Counter((e.id, e.misconception) for r in results for e in r.exercises)
    found = [Mistake(*key, count) for key, count in counts.items() if key[1]]
    return sorted(found, key=lambda one: (-one.students, one.exercise, one.name))


def hardest(results: Sequence[Result]) -> Hardest | None:
    """The exercise that earned least; what waits for a person has no points yet."""
    by_exercise: dict[str, list[ExerciseResult]] = {}
    for result in results:
        for exercise in result.exercises:
            if exercise.max_points and exercise.outcome != OPEN:
                by_exercise.setdefault(exercise.id, []).append(exercise)
    found = [share_of(name, given) for name, given in by_exercise.items()]
    if len({one.share for one in found}) < 2:
        return None
    return min(found, key=lambda one: one.share)


def share_of(name: str, given: Sequence[ExerciseResult]) -> Hardest:
    share = sum(e.points for e in given) / sum(e.max_points for e in given)
    return Hardest(name, share, sum(e.outcome == PASSED for e in given), len(given))
