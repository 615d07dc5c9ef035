"""How late a hand-in is, after extensions and late days, and what that costs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from coursekit.course_toml import ALL, PER_DAY, PER_HOUR, Policies
from coursekit.policies.extensions import Extension

DAY = timedelta(days=1)
UNITS = {PER_DAY: ("day", 86400), PER_HOUR: ("hour", 3600)}


@dataclass(frozen=True)
class HandIn:
    """One problem set of one student, as late days look at it.

    Attributes
    ----------
    due : datetime
        For this student, before late days.
    came : datetime, optional
        None where that is not known, or nothing came.
    asked : int, optional
        How many late days the student wants to spend; None for as many as are needed.
    """

    due: datetime
    came: datetime | None
    asked: int | None = None


def due_for(due: datetime, extension: Extension) -> datetime:
    """When a set is due for one student. An extension never brings a date forward by hours."""
    return (extension.due or due) + (extension.more or timedelta())


def late_days_spent(
    hand_ins: Mapping[str, HandIn], have: int, per_set: int, grace: timedelta = timedelta()
) -> dict[str, int]:
    """How many late days a student spends on each problem set.

    They go to the sets in the order of their due dates, of equal ones by name: as many as are
    needed, or as were asked for, and left. What is not known to be late needs none.
    """
    spent, left = {}, have
    for name in sorted(hand_ins, key=lambda name: (hand_ins[name].due, name)):
        one = hand_ins[name]
        wanted = days_needed(one, grace) if one.asked is None else one.asked
        spent[name] = min(wanted, left, per_set)
        left -= spent[name]
    return spent


def days_needed(one: HandIn, grace: timedelta = timedelta()) -> int:
    """The fewest days by which the due date moves behind the hand-in."""
    if one.came is None or one.came - one.due <= grace:
        return 0
    return math.ceil((one.came - grace - one.due) / DAY)


def penalty(policies: Policies, score: float, possible: float, seconds_late: float) -> float:
    """The points that are taken off, to a hundredth: never more than there are.

    Parameters
    ----------
    policies : Policies
    score, possible : float
        What was earned, and what could be.
    seconds_late : float
        After the due date of this student; 0 where it is not known.
    """
    if seconds_late <= 0 or seconds_late <= 60 * policies.grace_minutes:
        return 0.0
    if policies.late == ALL:
        return score
    if policies.late not in UNITS:
        return 0.0
    begun = math.ceil(seconds_late / UNITS[policies.late][1])
    percent = min(policies.late_percent * begun, policies.late_most)
    base = score if policies.late_of == "earned" else possible
    return max(0.0, min(score, round(base * percent / 100, 2)))


def rule(policies: Policies) -> str:
    """The rule of a penalty in words, for the student."""
    if policies.late == ALL:
        return "nothing counts that comes late"
    unit, _ = UNITS[policies.late]
    most = f", at most {policies.late_most:g}" if policies.late_most < 100 else ""
    points = "earned points" if policies.late_of == "earned" else "possible points"
    return f"{policies.late_percent:g} percent of the {points} for each {unit} that has begun{most}"
