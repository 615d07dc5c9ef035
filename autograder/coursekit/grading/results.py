"""What grading one submission gives, and the file that keeps it."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coursekit.names import unseen
from coursekit.replacing import write_whole

PASSED, FAILED, GRADER_ERROR = "passed", "failed", "grader error"
OPEN = "open"
JUDGED, UNTRUSTED, BY_HAND = "judged", "untrusted", "by hand"
UNANSWERED = "unanswered"
NO_ANSWER = (UNANSWERED, "missing")
"""What failed where nobody answered: the stub stands there, or nothing of the name."""
NOT_PLAIN = re.compile(r"[^ -~\n]")
"""What of a JSON text is looked at: most of it is ASCII."""


@dataclass(frozen=True)
class GroupResult:
    """What came out of one group of an exercise's cases.

    Attributes
    ----------
    name : str
        What the group tests, as the student reads it.
    points, max_points : float
        Of the exercise's points.
    passed, cases : int
        Cases that are right, and all of them.
    """

    name: str
    points: float
    max_points: float
    passed: int
    cases: int


@dataclass(frozen=True)
class ExerciseResult:
    """What came out of one exercise.

    Attributes
    ----------
    id : str
    outcome : {"passed", "failed", "grader error", "open"}
        "open" waits for a person who marks it, for the first time or once more.
    points, max_points : float
    misconception : str
        Name of the mistake, where the results say which; else empty.
    message : str
        What the student reads.
    evidence : {"judged", "untrusted", "by hand"}
        Where the points come from: the judge; a test cell of an ordinary notebook, which ran in
        the student's own process; a person.
    groups : tuple of GroupResult
        Of a judged exercise, in the order of its declaration.
    sections : tuple of str
        Where the book teaches what the named mistakes are about: "page#Title".
    failed_by : str
        The property that failed in the case that is shown, or "unanswered"; empty if none did.
    behaviour : str
        Where no known mistake fits: a digest of what the function gives for the public cases. Two
        students with the same one make the same mistake.
    """

    id: str
    outcome: str
    points: float
    max_points: float
    misconception: str = ""
    message: str = ""
    evidence: str = JUDGED
    groups: tuple[GroupResult, ...] = ()
    sections: tuple[str, ...] = ()
    failed_by: str = ""
    behaviour: str = ""


@dataclass(frozen=True)
class Result:
    """What came out of one submission.

    Attributes
    ----------
    student, problem_set : str
    exercises : tuple of ExerciseResult
    oddities : tuple of str
        For the instructor; see :func:`coursekit.submissions.rebuild.rebuild`.
    fault : str
        What went wrong in the grader itself; empty if nothing did.
    refused : str
        Why the submission was not looked at: the name of its folder; empty if it was.
    versions : dict
        Of the packages and of the problem set that graded.
    sandbox : str
        What student code was locked into, in words.
    penalty : float
        Points that the gradebook takes off.
    late : str
        How much too late it was handed in, in words; empty if it was not.
    kept : bool
        Whether it was judged in an earlier run.
    attempt : str
        The folder of the attempt that counts, where it is not the last one.
    excused : bool
        Whether the problem set does not count for this student.
    policies : tuple of str
        What the student reads of due date, late days and penalty, a sentence each.
    late_days : str
        Those that this run spent on it, in words.
    made_of : dict
        Digests of what the result follows from beside the versions: the file that was handed in,
        the secret.
    """

    student: str
    problem_set: str
    exercises: tuple[ExerciseResult, ...]
    oddities: tuple[str, ...] = ()
    fault: str = ""
    refused: str = ""
    versions: dict[str, str] | None = None
    sandbox: str = ""
    penalty: float = 0.0
    late: str = ""
    kept: bool = False
    attempt: str = ""
    excused: bool = False
    policies: tuple[str, ...] = ()
    late_days: str = ""
    made_of: dict[str, str] | None = None

    @property
    def score(self) -> float:
        """The points, without those that are taken off."""
        return max(0.0, sum(exercise.points for exercise in self.exercises) - self.penalty)

    @property
    def max_score(self) -> float:
        return sum(exercise.max_points for exercise in self.exercises)

    @property
    def final(self) -> bool:
        """Whether the submission was graded; otherwise the points are not the student's."""
        failed = any(exercise.outcome == GRADER_ERROR for exercise in self.exercises)
        return not (self.fault or self.refused or failed)


def write_atomically(path: Path, content: str) -> None:
    """Write a file so that it is there in full or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content.encode())


def save_result(path: Path, result: Result) -> None:
    write_atomically(path, json_text(asdict(result), indent=1))


def json_text(value: object, indent: int | None = None) -> str:
    """JSON that can be written as UTF-8, and printed: what is not seen is there as its number."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return NOT_PLAIN.sub(lambda found: as_number(found.group()), text)


def as_number(character: str) -> str:
    return json.dumps(character)[1:-1] if unseen(character) else character


def load_result(path: Path) -> Result | None:
    """The result in a file; None if there is none, or none that can be read."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        exercises = tuple(map(read_exercise, fields.pop("exercises")))
        fields |= {name: tuple(fields.get(name, ())) for name in ("oddities", "policies")}
        return Result(exercises=exercises, **fields)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def read_exercise(fields: dict[str, Any]) -> ExerciseResult:
    groups = tuple(GroupResult(**group) for group in fields.pop("groups", ()))
    sections = tuple(fields.pop("sections", ()))
    return ExerciseResult(**fields, groups=groups, sections=sections)
