"""What the instructor reads of the attempt logs of a class: which messages mend."""

import itertools
from collections.abc import Iterator, Mapping

from coursekit.authoring.release import read_problem_set
from coursekit.checks.words import cut
from coursekit.courses import Course
from coursekit.grading.mended import Key, Mended, mended
from coursekit.names import fault_of_name, shown
from coursekit.submissions.attempt_logs import Log, read_logs
from coursekit.submissions.handed_in import handed_in

WIDEST = 60
"""Characters of a diagnosis."""

MOST_ROWS_SAID = 30
"""Lines of an exercise."""

FEWEST = 5
"""Attempts of which a percentage is said."""


def say_what_mends(course: Course, problem_set: str) -> None:
    """Print how many logs there are, and what came next after each diagnosis."""
    master = read_problem_set(course, problem_set)
    logs = dict(logs_of(course, master.id))
    found = mended(master, logs.items())
    print(f"{len(logs)} of {len(course.students(master.id))} students handed in a log")
    if unread := sum(log.unread for log in logs.values()):
        print(f"{unread} lines are none of a log and were passed over")
    print("\n".join(table(found)) if found else "No failed check is in them.")


def logs_of(course: Course, problem_set: str) -> Iterator[tuple[str, Log]]:
    """The logs of the students whose folders have names that a course takes."""
    for student in course.students(problem_set):
        if fault := fault_of_name(student):
            print(f"submitted/{shown(student)} {fault}: its log is not read")
            continue
        with handed_in(course, student, problem_set) as hand_in:
            log = read_logs(hand_in, problem_set)
            for oddity in hand_in.oddities:
                print(f"{shown(student)}: {shown(oddity)}")
        if log is not None:
            yield student, log


def table(found: Mapping[Key, Mended]) -> Iterator[str]:
    """A head for each exercise, and a line for each diagnosis and what was asked for."""
    for exercise, keys in itertools.groupby(found, key=lambda key: key[0]):
        lines = [line(key, found[key]) for key in keys]
        yield f"\n{exercise}"
        yield f"  {'':{WIDEST}}  after    attempts  students  passed  changed  stayed  last"
        yield from lines[:MOST_ROWS_SAID]
        if len(lines) > MOST_ROWS_SAID:
            yield f"  ... and {len(lines) - MOST_ROWS_SAID} more, each rarer than these"


def line(key: Key, counts: Mended) -> str:
    _, diagnosis, asked = key
    return (
        f"  {cut(shown(diagnosis), WIDEST):{WIDEST}}  {asked:7}  {counts.attempts:8}  "
        f"{len(counts.students):8}  {counts.passed:6}  {counts.changed:7}  {counts.stayed:6}  "
        f"{counts.last:4}{share(counts)}"
    )


def share(counts: Mended) -> str:
    """How often the next attempt passed, where that was tried often enough."""
    tried = counts.attempts - counts.last
    return f"  {counts.passed / tried:.0%} mended" if tried >= FEWEST else ""
