"""What a student has in all: problem sets scaled, excused ones out, the lowest dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coursekit.course_toml import Policies

TOTAL = "total"
"""In the place of a problem set: the sum, after what is dropped and excused."""
LEVELLED = "`total = 100` below [policies.points] in course.toml makes it percent for all"
"""What to do where totals are out of different points."""


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
    Where it is agreed what the total counts, all totals are out of that.
    """
    counting = [scaled(one, policies) for one in scores if not one.excused]
    extra = [one for one in counting if one.problem_set in policies.extra_credit]
    asked = [one for one in counting if one not in extra and one.possible]
    asked.sort(key=lambda one: (one.score / one.possible, -one.possible, one.problem_set))
    dropped = asked[: max(0, min(policies.drop_lowest, len(asked) - 1))]
    kept = [one for one in asked if one not in dropped]
    score, possible = sum(one.score for one in [*kept, *extra]), sum(one.possible for one in kept)
    out_of = policies.points.get(TOTAL, possible)
    factor = out_of / possible if possible else 1.0
    return Total(score * factor, possible * factor, tuple(one.problem_set for one in dropped))


def uneven(points: Mapping[str, float], excused: bool, policies: Policies) -> list[str]:
    """Why totals will be out of different points, so that the larger may be the worse one.

    Parameters
    ----------
    points : mapping
        Those of each problem set that there is.
    excused : bool
        Whether somebody is excused from one.
    policies : Policies
    """
    if TOTAL in policies.points:
        return []
    sets = (SetScore(name, 0.0, possible) for name, possible in points.items())
    counted = [scaled(one, policies) for one in sets]
    asked = [one for one in counted if one.problem_set not in policies.extra_credit]
    found = []
    if policies.drop_lowest and len({one.possible for one in asked if one.possible}) > 1:
        each = ", ".join(f"{one.problem_set} {one.possible:g}" for one in asked if one.possible)
        found.append(f"drop_lowest takes away sets that count different points ({each})")
    if excused:
        found.append("who is excused from a set has a total out of fewer points")
    return found
