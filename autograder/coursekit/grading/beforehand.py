"""What is found out before anybody is graded, and said once and not for each student."""

import hashlib
from collections.abc import Callable, Iterator, Mapping

from nbformat import NotebookNode

from coursekit.authoring.masters import Master
from coursekit.authoring.release import read_problem_set
from coursekit.authoring.released import as_released, since_release
from coursekit.collecting.storing import Store, collected
from coursekit.courses import Course
from coursekit.grading.granted import idle_lines
from coursekit.grading.results import write_atomically
from coursekit.names import shown_names
from coursekit.nbgrader_out.late_plugin import require_late_plugin
from coursekit.nbgrader_out.own_parts import not_reached
from coursekit.nbgrader_out.timestamps import read_timestamp
from coursekit.policies.terms import CoursePolicies, policies_of
from coursekit.submissions.handed_in import handed_in
from coursekit.submissions.misplaced import doubled, misplaced

Say = Callable[[str], object]
SHORT = 16
"""Bytes of a secret that nobody guesses."""


def silent(sentence: str) -> None:
    """Say nothing."""


def look_ahead(
    course: Course, problem_set: str, releases: Mapping[str, NotebookNode], say: Say = silent
) -> None:
    """Read all that everybody's grades depend on.

    Raises
    ------
    CourseError
        If something of it is wrong.
    """
    require_late_plugin(course)
    policies = policies_of(course)
    folders = course.students(problem_set)
    for sentence in (
        *about_secret(course), *not_reached(course), *misplaced(course, problem_set),
        *doubled(folders), *idle_lines(course, policies),
        *about_late_marks(course, problem_set, policies),
    ):  # fmt: skip
        say(sentence)
    if not course.has_master(problem_set):
        return
    master, release = read_problem_set(course, problem_set), releases[problem_set]
    as_released(master, release)
    found = list(since_release(course, master, release))
    if found:
        say(f"{problem_set} was changed after it was released:")
    for sentence in found:
        say(f"  {sentence}")
    if found:
        say(f"  `course release {problem_set}` releases it as it is now, if grades allow that")


def about_late_marks(course: Course, problem_set: str, policies: CoursePolicies) -> Iterator[str]:
    """Who is late by the platform's word, which takes nothing off as long as no time is known."""
    if not policies.takes_off or not collected(course):
        return
    late = Store(course).called_late(problem_set) & {*course.students(problem_set)}
    if unknown := [name for name in sorted(late) if not has_time(course, name, problem_set)]:
        yield (
            "the learning platform calls these late, and nobody knows when they handed in, so "
            f"nothing is taken off: {shown_names(unknown)}. `course collect {problem_set} ARCHIVE "
            '--times FILE` gives times, or `late = "lms"` in course.toml leaves it to the platform'
        )


def has_time(course: Course, student: str, problem_set: str) -> bool:
    with handed_in(course, student, problem_set) as hand_in:
        return read_timestamp(hand_in) is not None


def master_of(course: Course, problem_set: str, release: NotebookNode) -> Master:
    """The master by which a problem set is graded: that of today, for what was released."""
    return as_released(read_problem_set(course, problem_set), release)


def about_secret(course: Course) -> Iterator[str]:
    """What is odd about the secret, and what that does to grades; it is noted which it is."""
    secret, place = course.secret, course.root / ".results" / "secret.sha256"
    now = hashlib.sha256(secret).hexdigest()
    before = place.read_text(encoding="utf-8").strip() if place.is_file() else now
    if before != now:
        yield (
            "`secret` is another one than when this course was graded last: all hidden inputs are "
            "drawn anew, and the points of answers that are right in some cases only may change, "
            "up or down. With the former one in its place all points are as they were"
        )
    if len(secret) < SHORT:
        yield (
            f"`secret` holds {len(secret)} bytes only: whoever guesses it knows the hidden inputs. "
            "Another one would change them, and points; take it for the next course"
        )
    if before != now or not place.is_file():
        write_atomically(place, f"{now}\n")
