"""The totals of a term, reckoned by hand, so to say: by none of the modules that grade.

Here stand the rules of the term in exact numbers: 10 percent of what was earned for each day that
has begun, at most 50; two late days for all; the best attempt; the lowest set does not count; the
last set is added to the total.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

LATE_DAYS = 2
PERCENT, MOST_PERCENT = 10, 50
DAY = timedelta(days=1)
CENT = Fraction(1, 100)

SETTINGS = f"""\
[course]
title = "Backpropagation"
term = "a term that is made up"
contact = "room 12"
lms = "canvas"

[dates]
time_zone = "Europe/Berlin"

[dates.due]
{{due}}

[policies]
late = "per day"
late_percent = {PERCENT}
late_most = {MOST_PERCENT}
late_days = {LATE_DAYS}
attempts = "best"
drop_lowest = 1
extra_credit = ["{{last}}"]

[limits.problem_sets]
memory_mb = 512
"""
"""The same rules as a course has them; braces are filled in."""


@dataclass(frozen=True)
class Done:
    """What is known of one student's set before any rule: facts, and no grades.

    Attributes
    ----------
    due : datetime
        With what this student is granted.
    came : datetime, optional
        None where that is not known, or nothing came.
    earned, possible : Fraction
    handed_in, excused : bool
    """

    due: datetime
    came: datetime | None
    earned: Fraction
    possible: Fraction
    handed_in: bool = True
    excused: bool = False


def days_late(due: datetime, came: datetime | None) -> int:
    """Days that have begun since the due date."""
    return 0 if came is None or came <= due else -((due - came) // DAY)


def after_penalties(term: Mapping[str, Done]) -> dict[str, Fraction]:
    """The points of each set, in the order of the due dates, late days spent where they help."""
    left, points = LATE_DAYS, {}
    for name, one in sorted(term.items(), key=lambda item: (item[1].due, item[0])):
        late = 0 if one.excused else days_late(one.due, one.came)
        spent = min(late, left)
        left -= spent
        late = days_late(one.due + spent * DAY, one.came)
        percent = min(PERCENT * late, MOST_PERCENT)
        points[name] = one.earned - rounded(one.earned * percent / 100)
    return points


def rounded(points: Fraction) -> Fraction:
    return round(points / CENT) * CENT


def total(term: Mapping[str, Done], points: Mapping[str, Fraction], extra: str) -> Fraction:
    """The sum over the sets, without the lowest share; what is excused counts neither way."""
    asked = [
        (points[name] / one.possible, -one.possible, name)
        for name, one in term.items()
        if one.possible and not one.excused and name != extra
    ]
    counting = [name for _, _, name in sorted(asked)[1 if len(asked) > 1 else 0 :]]
    added = 0 if term[extra].excused else points[extra]
    return sum((points[name] for name in counting), Fraction(added))
