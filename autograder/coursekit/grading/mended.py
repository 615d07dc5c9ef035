"""Which messages mend: what the next attempt was after each, counted over the logs of a class."""

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.authoring.tasks import message
from coursekit.checks.attempt_log import PASSED_CHECK, digest_of
from coursekit.submissions.attempt_logs import ASKED, Attempt, Log, checks_in

EARLIER = "a message that the problem set has no more"
NOTHING_SAID = "nothing that is known"


@dataclass
class Mended:
    """What came after the attempts of one kind, and of how many students they are.

    Attributes
    ----------
    passed, changed, stayed, last : int
        The next attempt passed; failed in another way; failed in the same way; there was none.
    """

    passed: int = 0
    changed: int = 0
    stayed: int = 0
    last: int = 0
    students: set[str] = field(default_factory=set)

    @property
    def attempts(self) -> int:
        return self.passed + self.changed + self.stayed + self.last

    def count(self, student: str, here: Attempt, after: Attempt | None) -> None:
        self.students.add(student)
        if after is None:
            self.last += 1
        elif after.verdict == PASSED_CHECK:
            self.passed += 1
        elif (after.verdict, after.diagnosis) == (here.verdict, here.diagnosis):
            self.stayed += 1
        else:
            self.changed += 1


Key = tuple[str, str, str]
"""Exercise, diagnosis, and the most that the student asked for before the next attempt."""


def mended(master: Master, logs: Iterable[tuple[str, Log]]) -> dict[Key, Mended]:
    """What came after each kind of attempt, exercise by exercise, the most frequent first.

    Exercises that the problem set does not have are left out: a log is a file of the student's.
    """
    logs = list(logs)
    found: dict[Key, Mended] = {}
    for exercise in master.exercises:
        counts: dict[Key, Mended] = {}
        for student, log in logs:
            count_log(exercise, student, log, counts)
        found |= most_frequent_first(counts)
    return found


def count_log(exercise: PlacedExercise, student: str, log: Log, counts: dict[Key, Mended]) -> None:
    """Add the failed checks of one student to the counts of an exercise."""
    names = names_of_messages(exercise)
    checks = list(checks_in(log.attempts, exercise.id))
    for (here, asked), after in itertools.zip_longest(checks, checks[1:]):
        if here.verdict != PASSED_CHECK:
            key = exercise.id, in_words(here.diagnosis, names), asked
            counts.setdefault(key, Mended()).count(student, here, after[0] if after else None)


def most_frequent_first(counts: dict[Key, Mended]) -> dict[Key, Mended]:
    """The counts of an exercise by diagnosis, those of one diagnosis by what was asked for."""
    total: Counter[str] = Counter()
    for (_, diagnosis, _), one in counts.items():
        total[diagnosis] += one.attempts
    order = sorted(counts, key=lambda key: (-total[key[1]], key[1], ASKED.index(key[2])))
    return {key: counts[key] for key in order}


def names_of_messages(exercise: PlacedExercise) -> dict[str, str]:
    """The names of the mistakes, by the digest of what is said to who makes them."""
    mistakes = exercise.declaration.misconceptions
    return {digest_of(message(mistake)): mistake.id for mistake in mistakes}


def in_words(diagnosis: tuple[str, ...], names: dict[str, str]) -> str:
    """A diagnosis as the instructor reads it; anybody may have written it."""
    return " or ".join(part_in_words(part, names) for part in diagnosis) or NOTHING_SAID


def part_in_words(part: str, names: dict[str, str]) -> str:
    kind, _, rest = part.partition(" ")
    return names.get(rest, EARLIER) if kind == "message" else f"{kind}: {rest}"
