"""What holds for one student in one problem set, and the sentences that say so.

Screen, feedback page, JSON file and gradebook show what is made here, and nothing is worked out
in a second place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from coursekit.course_toml import ALL, BY_LMS, BY_NBGRADER, NOTHING, CourseSettings
from coursekit.courses import Course
from coursekit.policies.extensions import Extensions, read_extensions
from coursekit.policies.lateness import UNITS, HandIn, due_for, late_days_spent, penalty, rule
from coursekit.policies.times import duration, moment, shown_time


@dataclass(frozen=True)
class Terms:
    """What holds for one student in one problem set.

    Attributes
    ----------
    due : datetime, optional
        For all; None where ``course.toml`` names none.
    own_due : datetime, optional
        For this student, extension and late days included.
    came : datetime, optional
        None where it is not known.
    late_days, left : int
        Spent on this set, and left after it.
    excused : bool
    """

    due: datetime | None = None
    own_due: datetime | None = None
    came: datetime | None = None
    late_days: int = 0
    left: int = 0
    excused: bool = False

    @property
    def seconds_late(self) -> float:
        """How late it came; 0 where that is not known."""
        if self.own_due is None or self.came is None:
            return 0.0
        return max(0.0, (self.came - self.own_due).total_seconds())

    @property
    def spent(self) -> str:
        """Late days in words, on this set and after it; nothing where none are spent."""
        if not self.late_days:
            return ""
        return f"{self.late_days} late day{'s' * (self.late_days > 1)}, {self.left} left"

    @property
    def extension(self) -> timedelta | None:
        """By how much the due date of this student is another one."""
        if self.due is None or self.own_due is None or self.own_due == self.due:
            return None
        return self.own_due - self.due


class CoursePolicies:
    """The policies of a course, read once.

    Parameters
    ----------
    settings : CourseSettings
    extensions : Extensions
    """

    def __init__(self, settings: CourseSettings, extensions: Extensions) -> None:
        self.settings, self.extensions = settings, extensions
        self.rules = settings.policies
        self.zone = ZoneInfo(settings.dates.time_zone)
        self.due = {
            name: moment(day, self.zone, in_doubt_later=True)
            for name, day in settings.dates.due.items()
        }

    @property
    def decide(self) -> bool:
        """Whether it is decided here what is taken off, and not by nbgrader's plugin."""
        return self.rules.late != BY_NBGRADER

    @property
    def takes_off(self) -> bool:
        """Whether it is decided here that what comes late loses points."""
        return self.rules.late in (*UNITS, ALL)

    def terms(
        self,
        student: str,
        problem_set: str,
        came: datetime | None,
        others: Callable[[str], datetime | None] = lambda problem_set: None,
    ) -> Terms:
        """What holds for a student.

        Parameters
        ----------
        student, problem_set : str
        came : datetime or None
            When it was handed in, if that is known.
        others : callable
            When another problem set of the student came; asked only where there are late days.
        """
        extension = self.extensions.of(student, problem_set)
        excused = bool(extension.excused)
        if problem_set not in self.due:
            return Terms(excused=excused)
        due, spent, left = self.due[problem_set], 0, 0
        own = due_for(due, extension)
        have = self.extensions.late_days_of(student)
        have = self.rules.late_days if have is None else have
        if have:
            days = self._spent(student, have, lambda name: came if name == problem_set
                               else others(name))  # fmt: skip
            spent = days[problem_set]
            before = (name for name in days if self._order(student, name) <= (own, problem_set))
            left = have - sum(days[name] for name in before)
        return Terms(due, own + timedelta(days=spent), came, spent, left, excused)

    def _order(self, student: str, problem_set: str) -> tuple[datetime, str]:
        extension = self.extensions.of(student, problem_set)
        return due_for(self.due[problem_set], extension), problem_set

    def _spent(
        self, student: str, have: int, came: Callable[[str], datetime | None]
    ) -> Mapping[str, int]:
        """Late days by problem set; a set from which a student is excused costs none."""
        hand_ins = {}
        for name in self.due:
            extension = self.extensions.of(student, name)
            asked = 0 if extension.excused else extension.late_days
            hand_ins[name] = HandIn(self._order(student, name)[0], came(name), asked)
        grace = timedelta(minutes=self.rules.grace_minutes)
        return late_days_spent(hand_ins, have, self.rules.late_days_per_set, grace)

    def penalty(self, terms: Terms, score: float, possible: float) -> float:
        """The points that are taken off here."""
        return penalty(self.rules, score, possible, terms.seconds_late)

    def sentences(self, terms: Terms, taken: float) -> tuple[str, ...]:
        """What the student reads of all this; nothing where nothing was agreed upon."""
        contact = self.settings.course.contact
        asked = [f"Questions about these points: {contact}."] if contact else []
        return (*self._about(terms, taken), *asked)

    def _about(self, terms: Terms, taken: float) -> list[str]:
        said = []
        if terms.excused:
            said.append("You are excused: this problem set does not count.")
        if terms.own_due is None:
            return said
        said.append(f"Due: {shown_time(terms.own_due, self.zone)}{self._moved(terms)}.")
        if terms.came is None:
            said.append("When it was handed in is not known; this costs nothing.")
        elif terms.seconds_late:
            said.append(f"Handed in: {shown_time(terms.came, self.zone)}, "
                        f"{duration(terms.seconds_late)} late.")  # fmt: skip
            said += self._cost(terms, taken)
        else:
            said.append(f"Handed in: {shown_time(terms.came, self.zone)}, in time.")
        return said

    def _moved(self, terms: Terms) -> str:
        parts = []
        if terms.extension and terms.extension != timedelta(days=terms.late_days):
            parts.append("an extension")
        if terms.spent:
            parts.append(terms.spent)
        return f", with {' and '.join(parts)}" if parts else ""

    def _cost(self, terms: Terms, taken: float) -> list[str]:
        if self.rules.late == BY_LMS:
            return ["What that costs is decided by the learning platform, and nothing here."]
        if self.rules.late == BY_NBGRADER:
            return [f"{taken:g} points are taken off."] if taken else []
        if self.rules.late == NOTHING:
            return ["This costs nothing."]
        if taken:
            return [f"{taken:g} points are taken off: {rule(self.rules)}."]
        return ["This costs nothing."]


def policies_of(course: Course) -> CoursePolicies:
    """The policies of a course as its files say now.

    Raises
    ------
    CourseError
        If one of them is not right.
    """
    settings = course.settings
    zone = ZoneInfo(settings.dates.time_zone)
    return CoursePolicies(settings, read_extensions(course.root, zone))
