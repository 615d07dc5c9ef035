"""Numbers about a class: its scores, how hard each exercise is, what tells strong from weak."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coursekit.grading.results import NO_ANSWER, OPEN, PASSED, ExerciseResult, Result

BINS = 10
FEWEST = 10
"""Students from whom on it is said how an exercise tells them apart; with fewer it is chance."""
TELLS = ((0.4, "tells strong from weak"), (0.2, "tells them apart a little"), (0.0, "hardly"))
"""What a correlation means, from above."""
UPSIDE_DOWN = "the other way round: look at the question"


@dataclass(frozen=True)
class Bin:
    """Scores from a share of the points up to the next, and how many have one."""

    begin: float
    end: float
    students: int


@dataclass(frozen=True)
class PartStatistics:
    """How a group of an exercise came out.

    Attributes
    ----------
    name : str
    points, share : float
        That it is worth, and the part of them that the class earned.
    passed : int
        Students who have all of its cases right.
    """

    name: str
    points: float
    share: float
    passed: int


@dataclass(frozen=True)
class ExerciseStatistics:
    """How an exercise came out.

    Attributes
    ----------
    id : str
    points, share : float
        That it is worth, and the part of them that the class earned.
    passed, graded, unanswered, waiting : int
        Students.
    groups : tuple of PartStatistics
    correlation : float, optional
        Of its points with those of all other exercises; None where that says nothing.
    """

    id: str
    points: float
    share: float
    passed: int
    graded: int
    unanswered: int
    waiting: int
    groups: tuple[PartStatistics, ...]
    correlation: float | None

    @property
    def tells(self) -> str:
        """What the correlation means, in words; empty where there is none."""
        if self.correlation is None:
            return ""
        return next((words for least, words in TELLS if self.correlation >= least), UPSIDE_DOWN)


def distribution(results: Sequence[Result]) -> list[Bin]:
    """How many have which score, in tenths of the points; the last holds the full score, too."""
    shares = [r.score / r.max_score for r in results if r.final and r.max_score]
    counts, edges = np.histogram(np.clip(shares, 0, 1), bins=BINS, range=(0, 1))
    return [
        Bin(float(begin), float(end), int(count))
        for begin, end, count in zip(edges, edges[1:], counts, strict=False)
    ]


def exercise_statistics(results: Sequence[Result]) -> list[ExerciseStatistics]:
    """How each exercise came out, in the order in which they were released."""
    final = [result for result in results if result.final]
    ids = dict.fromkeys(exercise.id for result in final for exercise in result.exercises)
    return [statistics_of(name, final) for name in ids]


def statistics_of(name: str, results: Sequence[Result]) -> ExerciseStatistics:
    pairs = [(r, e) for r in results for e in r.exercises if e.id == name]
    marked = [(r, e) for r, e in pairs if e.outcome != OPEN]
    given = [e for _, e in marked]
    points = max(e.max_points for _, e in pairs)
    return ExerciseStatistics(
        name,
        points,
        share(sum(e.points for e in given), sum(e.max_points for e in given)),
        sum(e.outcome == PASSED for e in given),
        len(given),
        sum(e.failed_by in NO_ANSWER for e in given),
        len(pairs) - len(marked),
        groups(given),
        correlation(marked) if points else None,
    )


def groups(given: Sequence[ExerciseResult]) -> tuple[PartStatistics, ...]:
    found = [group for exercise in given for group in exercise.groups]
    return tuple(
        PartStatistics(
            name,
            max(g.max_points for g in found if g.name == name),
            share(
                sum(g.points for g in found if g.name == name),
                sum(g.max_points for g in found if g.name == name),
            ),
            sum(g.passed == g.cases for g in found if g.name == name),
        )
        for name in dict.fromkeys(group.name for group in found)
    )


def share(points: float, of: float) -> float:
    return points / of if of else 0.0


def correlation(marked: Sequence[tuple[Result, ExerciseResult]]) -> float | None:
    """Of the points of an exercise with the rest of the score: a part of a sum goes with it anyway.

    With points all or nothing this is what is called point-biserial.
    """
    own = np.array([e.points for _, e in marked])
    rest = np.array([sum(o.points for o in r.exercises) - e.points for r, e in marked])
    if len(own) < FEWEST or np.ptp(own) == 0 or np.ptp(rest) == 0:
        return None
    return float(np.corrcoef(own, rest)[0, 1])
