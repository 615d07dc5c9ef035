"""What the instructor reads of a collection: who handed in, what is nobody's, what to do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from coursekit.collecting.archives import open_archive
from coursekit.collecting.groups import FILE as GROUPS
from coursekit.collecting.groups import Groups, read_groups
from coursekit.collecting.placing import (
    Placement,
    Unplaced,
    from_folders,
    place,
    read_times,
    require_roster,
)
from coursekit.collecting.recognizing import layout_of
from coursekit.collecting.storing import Collection, Store
from coursekit.collecting.strays import require_right_archive, strays
from coursekit.course_lock import only_run
from coursekit.courses import Course, make_private
from coursekit.errors import CourseError
from coursekit.names import shown, shown_names
from coursekit.nbgrader_out.roster import add_students
from coursekit.policies.terms import policies_of
from coursekit.roster import FILE, merged, read_roster, write_roster

MOST_SAID = 20
"""Files that are named one by one."""


@dataclass(frozen=True)
class Outcome:
    """What came of a collection.

    Attributes
    ----------
    made : Collection
    found : Placement
    unplaced : list of Unplaced
    there : list of str
        Who has a hand-in in the course now.
    untimed, missing : list of str
        Of whom it is not known when it came; who has none.
    groups : Groups
    stray : dict
        Students whose file is of another problem set, and of which.
    due : datetime, optional
        For all.
    """

    made: Collection
    found: Placement
    unplaced: list[Unplaced] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    untimed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    groups: Groups = field(default_factory=Groups)
    stray: dict[str, str] = field(default_factory=dict)
    due: datetime | None = None

    def called_late(self) -> list[str]:
        """Whose last attempt the platform calls late."""
        return sorted(name for name, several in self.found.attempts.items() if several[-1].late)

    def in_time_and_late(self) -> list[str]:
        """Who is late by the platform, and in time by the instructor's table."""
        last = ((name, self.found.attempts[name][-1]) for name in self.called_late())
        given = ((name, one.came) for name, one in last if one.is_given)
        return [name for name, came in given if came and self.due and came <= self.due]

    def alone(self) -> list[str]:
        """Who handed in alone though somebody of the group has handed in nothing."""
        collected = sorted({*self.found.attempts} & {*self.groups.names})
        return [name for name in collected if {*self.groups.mates(name)} & {*self.missing}]


def collect(
    course: Course, problem_set: str, archive: Path, platform: str, times: Path | None, anyway: bool
) -> int:
    """Collect an archive; the result is the exit status."""
    if not any(course.release(problem_set).glob("*.ipynb")):
        released = sorted(path.parent.name for path in course.root.glob("release/*/*.ipynb"))
        raise CourseError(
            f"{problem_set} is not released, so nobody can have handed it in; released are: "
            f"{', '.join(dict.fromkeys(released)) or 'none'}"
        )
    zone, roster = ZoneInfo(course.settings.dates.time_zone), read_roster(course.root)
    with open_archive(archive) as members:
        layout = layout_of(members, problem_set, zone, platform)
        require_roster(roster, layout)
        roster = from_folders(members, layout, roster)
        groups = read_groups(course.root / GROUPS, problem_set, roster)
        when = read_times(times, roster, zone) if times else {}
        found = place(members, layout, roster, groups, when)
        stray = strays(course, problem_set, found.attempts)
        if not anyway:
            require_right_archive(problem_set, archive, stray, len(found.attempts))
        make_private(course)
        with only_run(course):
            store = Store(course)
            made, unread = store.add(problem_set, archive.name, found.attempts)
            untimed = store.without_time(problem_set)
    there = course.students(problem_set)
    print(f"{archive.name}: {layout.name}, {len(members)} files")
    outcome = Outcome(
        made,
        found,
        [*found.unplaced, *unread],
        there,
        untimed,
        sorted({*roster.people} - {*there}),
        groups,
        stray,
        policies_of(course).due.get(problem_set),
    )
    print("\n".join(lines(outcome)))
    return 1 if outcome.unplaced else 0


def lines(outcome: Outcome) -> list[str]:
    """What came of a collection, in words."""
    made = outcome.made
    attempts = sum(len(several) - 1 for several in outcome.found.attempts.values())
    said = [
        f"{len(made.new)} handed in {made.problem_set}, {len(made.again)} handed in again, "
        f"{len(made.same)} were collected before"
    ]
    if made.timed:
        said.append(f"{len(made.timed)} hand-ins that were there have another time now")
    if attempts:
        said.append(f"{attempts} earlier attempts lie in attempts/")
    if made.earlier:
        said.append(f"older than what is there, and kept in attempts/: {shown_names(made.earlier)}")
    said += [*about_strays(outcome), *about_times(outcome), *about_people(outcome)]
    if made.moves:
        said.append(f"`course collect {made.problem_set} --undo` takes it back")
    return said


def about_strays(outcome: Outcome) -> Iterator[str]:
    """Whose file is of another problem set; most are not, so the archive is the right one."""
    for other in sorted({*outcome.stray.values()}):
        students = [name for name, of in outcome.stray.items() if of == other]
        yield (
            f"of {other}, by cells or name, and not of {outcome.made.problem_set}: "
            + shown_names(students)
        )


def about_times(outcome: Outcome) -> Iterator[str]:
    """Whose time is not known, and whose may be wrong."""
    there, untimed = outcome.there, outcome.untimed
    late = [name for name in outcome.called_late() if name in untimed]
    if untimed:
        whose = f", {shown_names(untimed)}" if len(untimed) < len(there) else ""
        called = (
            f"; the platform calls {len(late)} of them late: {shown_names(late)}" if late else ""
        )
        yield (
            f"when {len(untimed)} of {len(there)} handed in is not known{whose}, which costs "
            f"nothing{called}; --times FILE gives times"
        )
    if outcome.made.stale:
        yield (
            "the table has the time of another hand-in of theirs, so it is not that of this one: "
            + shown_names(outcome.made.stale)
        )
    if clash := outcome.in_time_and_late():
        whom = shown_names(clash)
        yield f"late by the platform, and in time by the table; is it of before? {whom}"


def about_people(outcome: Outcome) -> Iterator[str]:
    """Who has handed in nothing, and what is nobody's."""
    unplaced = outcome.unplaced
    for name in outcome.alone():
        group = outcome.groups.names[name]
        yield (
            f"{shown(name)} is in {shown(group)}, and the file bears the name of {shown(name)} "
            f"alone, so it counts for no other; if it is the group's, call the group {shown(name)} "
            f"in {GROUPS} and collect again"
        )
    if outcome.missing:
        yield f"nothing came yet from {len(outcome.missing)}: {shown_names(outcome.missing)}"
    if unplaced:
        yield f"{len(unplaced)} files were not placed; they stay in the archive:"
        yield from (f"  - {shown(one.place)}: {shown(one.reason)}" for one in unplaced[:MOST_SAID])
    if len(unplaced) > MOST_SAID:
        yield f"  - and {len(unplaced) - MOST_SAID} more"


def undo(course: Course, problem_set: str) -> int:
    """Take back a collection."""
    with only_run(course):
        last = Store(course).undo(problem_set)
    print(
        f"The collection of {last.archive} of {last.when} is taken back: "
        f"{len(last.new)} hand-ins are gone from submitted/, {len(last.again)} are those of "
        "before. "
        f"What was collected is kept in .results/collections/{last.number:04}."
    )
    return 0


def take_roster(course: Course, file: Path, identity: str) -> int:
    """Bring a list of students into the roster and the gradebook."""
    with only_run(course):
        before = read_roster(course.root)
        found = merged(before, file, identity)
        add_students(course, [person.cells for person in found.roster.people.values()])
        write_roster(course.root, found.roster)
    print(
        f"{course.root / FILE}: {len(found.roster.people)} students, {len(found.new)} of them new, "
        f"{len(found.changed)} changed"
    )
    return 0
