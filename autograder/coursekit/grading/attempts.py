"""Which of several attempts counts: the last one, or the one with the most points."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from coursekit.course_toml import BEST
from coursekit.courses import Course
from coursekit.grading.results import Result
from coursekit.nbgrader_out.agreed import utc
from coursekit.nbgrader_out.timestamps import read_timestamp
from coursekit.policies.terms import policies_of
from coursekit.submissions.handed_in import handed_in


@dataclass(frozen=True)
class Attempt:
    """A hand-in of one student and what it came to.

    Attributes
    ----------
    hand_ins : Path
        ``submitted/``, or a folder of earlier attempts.
    result : Result
    kept : float
        Points that a regrade kept for it, beyond those of the result.
    """

    hand_ins: Path
    result: Result
    kept: float = 0.0


class Attempts:
    """Finds and compares the attempts of the students of a problem set.

    Parameters
    ----------
    course : Course
    problem_set : str

    Raises
    ------
    CourseError
        If a file of the policies is not right.
    """

    def __init__(self, course: Course, problem_set: str) -> None:
        self.course, self.problem_set = course, problem_set
        self.policies = policies_of(course)

    def places(self, student: str) -> list[Path]:
        """Where the attempts lie that may count, the last one first."""
        earlier = self.course.earlier_attempts(student, self.problem_set)
        return [self.course.submitted(), *(reversed(earlier) if self.best_counts else ())]

    def counting(self, attempts: Sequence[Attempt]) -> int:
        """The number of the attempt that counts; of equally good ones the later."""
        scores = [self._score(attempt) for attempt in attempts]
        return scores.index(max(scores))

    @property
    def best_counts(self) -> bool:
        """Whether it may be another one than the last."""
        return self.policies.rules.attempts == BEST

    def said(self, attempts: Sequence[Attempt], number: int) -> Result:
        """The result of an attempt, with a word if it is not the last one."""
        result = attempts[number].result
        if number == 0:
            return result
        place = attempts[number].hand_ins.relative_to(self.course.root).as_posix()
        words = f"an earlier attempt counts, that in {place}: it has more points than the last one"
        return replace(result, attempt=place, oddities=(*result.oddities, words))

    def _score(self, attempt: Attempt) -> float:
        result = attempt.result
        came = self._came(attempt.hand_ins, result.student, self.problem_set)
        terms = self.policies.terms(
            result.student,
            self.problem_set,
            came,
            lambda name: self._came(self.course.submitted(), result.student, name),
        )
        score = result.score + attempt.kept
        return score - self.policies.penalty(terms, score, result.max_score)

    def _came(self, hand_ins: Path, student: str, problem_set: str) -> datetime | None:
        with handed_in(self.course, student, problem_set, hand_ins) as hand_in:
            return utc(read_timestamp(hand_in))
