"""Whether what a room says is said: messages, hints and reasons, none of them blank."""

from collections.abc import Iterator, Sequence

from coursekit.authoring.exercises import Exercise
from coursekit.authoring.masters import PlacedExercise
from coursekit.checks.held_out import HeldOut
from coursekit.checks.model import Task
from coursekit.verification.plain_words import troubles
from coursekit.verification.report import ExerciseReport

REASONS = ("no_example", "no_page", "alone")
"""Options of an exercise that excuse what is missing."""


def check_texts(report: ExerciseReport, exercise: PlacedExercise, tasks: Sequence[Task]) -> None:
    """Each text has words, each mistake a message of its own, and all are plain."""
    declared = exercise.declaration
    for trouble in blanks(declared, report.place):
        report.expect(False, trouble)
    for trouble in repetitions(declared):
        report.wish(False, trouble)
    for trouble in troubles(declared):
        report.wish(False, f"{trouble}, in {report.place}")
    measured = isinstance(tasks[0].cases[0].expected, HeldOut)  # nobody can foretell how it fails
    report.wish(
        bool(declared.misconceptions) or measured,
        "it knows no mistake, so who makes one is told only that it is wrong: add those that "
        f"students make under @EXERCISE.misconception in {report.place}",
    )


def blanks(declared: Exercise, place: str) -> Iterator[str]:
    """Texts without a word in them."""
    for mistake in declared.misconceptions:
        if not words(mistake.message):
            yield (
                f"the message of {mistake.id} is empty: say in {place} what who makes this "
                "mistake should look at"
            )
    for number, hint in enumerate(declared.hints, start=1):
        if not words(hint):
            yield f"hint {number} is empty: write it, or take it out of hints= in {place}"
    for group in declared.cases:
        if not words(group.name):
            yield (
                f"a group of cases has no name, which students read: say in {place} what it tests, "
                'as in Cases("one pattern only", ...)'
            )
    for change, reason in declared.equivalent.items():
        if not words(reason):
            yield (
                f"the mutant {change} is listed as equivalent without a reason: say why it does "
                f"what the reference does, in equivalent= in {place}"
            )
    for option in REASONS:
        reason = getattr(declared, option)
        if reason and not words(reason):
            yield f"{option}={reason!r} gives no reason: write it, or take it out of {place}"


def repetitions(declared: Exercise) -> Iterator[str]:
    """Mistakes that are told the same as one before them."""
    first: dict[str, str] = {}
    for mistake in declared.misconceptions:
        message = words(mistake.message)
        if message and message in first:
            yield (
                f"the misconceptions {first[message]} and {mistake.id} have the same message: say "
                "in each what is wrong there, or make one of them, with the other as its second"
            )
        first.setdefault(message, mistake.id)


def words(text: str) -> str:
    """A text however it is laid out."""
    return " ".join(text.split()).casefold()
