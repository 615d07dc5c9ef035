"""What a student has in all: problem sets scaled, excused ones out, the lowest dropped."""

from collections.abc import Sequence
from dataclasses import dataclass

from coursekit.course_toml import Policies


@dataclass(frozen=True)
class SetScore:
    """What a student has in one problem set.

    Attributes
    ----------
    problem_set : str
    score, possible : float
        Points after penalties, and those that there are, in the scale of the gradebook.
    excused : bool
        Then it counts neither way.
    """

    problem_set: str
    score: float
    possible: float
    excused: bool = False


@dataclass(frozen=True)
class Total:
    """What a student has in all.

    Attributes
    ----------
    score, possible : float
    dropped : tuple of str
        Problem sets that do not count because they are the lowest.
    """

    score: float
    possible: float
    dropped: tuple[str, ...] = ()


def scaled(one: SetScore, policies: Policies) -> SetScore:
    """A score in the points that the problem set counts."""
    points = policies.points.get(one.problem_set, one.possible)
    factor = points / one.possible if one.possible else 0.0
    return SetScore(one.problem_set, one.score * factor, points, one.excused)


def total(scores: Sequence[SetScore], policies: Policies) -> Total:
    """The sum over the problem sets that count.

    The lowest are those with the smallest share of their points, of equal ones the one that
    counts more, then the first by name. Extra credit is never dropped, and one set always stays.
    """
    counting = [scaled(one, policies) for one in scores if not one.excused]
    extra = [one for one in counting if one.problem_set in policies.extra_credit]
    asked = [one for one in counting if one not in extra and one.possible]
    asked.sort(key=lambda one: (one.score / one.possible, -one.possible, one.problem_set))
    dropped = asked[: max(0, min(policies.drop_lowest, len(asked) - 1))]
    kept = [one for one in asked if one not in dropped]
    return Total(
        sum(one.score for one in [*kept, *extra]),
        sum(one.possible for one in kept),
        tuple(one.problem_set for one in dropped),
    )
