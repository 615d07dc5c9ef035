"""What the instructor reads of a collection: who handed in, what is nobody's, what to do."""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from coursekit.collecting.archives import open_archive
from coursekit.collecting.placing import (
    GROUPS,
    Placement,
    Unplaced,
    from_folders,
    place,
    read_groups,
    read_times,
    require_roster,
)
from coursekit.collecting.recognizing import layout_of
from coursekit.collecting.storing import Collection, Store
from coursekit.course_lock import only_run
from coursekit.courses import Course, make_private
from coursekit.errors import CourseError
from coursekit.names import shown
from coursekit.nbgrader_out.roster import add_students
from coursekit.roster import FILE, merged, read_roster, write_roster

MOST_SAID = 20
"""Files that are named one by one."""


def collect(
    course: Course, problem_set: str, archive: Path, platform: str, times: Path | None
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
        make_private(course)
        with only_run(course):
            made, unread = Store(course).add(problem_set, archive.name, found.attempts)
    unplaced = [*found.unplaced, *unread]
    print(f"{archive.name}: {layout.name}, {len(members)} files")
    missing = {*roster.people} - {*course.students(problem_set)}
    print("\n".join(lines(made, found, unplaced, sorted(missing))))
    return 1 if unplaced else 0


def lines(
    made: Collection, found: Placement, unplaced: list[Unplaced], missing: Sequence[str]
) -> list[str]:
    """What came of a collection."""
    attempts = sum(len(several) - 1 for several in found.attempts.values())
    said = [
        f"{len(made.new)} handed in {made.problem_set}, {len(made.again)} handed in again, "
        f"{len(made.same)} were collected before"
    ]
    if made.timed:
        said.append(f"{len(made.timed)} hand-ins that were there have another time now")
    if attempts:
        said.append(f"{attempts} earlier attempts lie in attempts/")
    if made.earlier:
        said.append(f"older than what is there, and kept in attempts/: {names(made.earlier)}")
    last = [several[-1] for several in found.attempts.values()]
    unknown = [one for one in last if one.came is None]
    if unknown:
        late = sum(one.late for one in unknown)
        said.append(
            f"when {len(unknown)} of {len(last)} handed in is not known, which costs nothing"
            + (f"; the platform calls {late} of them late" if late else "")
            + ": --times FILE gives times"
        )
    if missing:
        said.append(f"nothing came yet from {len(missing)}: {names(missing)}")
    if unplaced:
        said.append(f"{len(unplaced)} files were not placed; they stay in the archive:")
        said += [f"  - {shown(one.place)}: {shown(one.reason)}" for one in unplaced[:MOST_SAID]]
    if len(unplaced) > MOST_SAID:
        said.append(f"  - and {len(unplaced) - MOST_SAID} more")
    if made.moves:
        said.append(f"`course collect {made.problem_set} --undo` takes it back")
    return said


def names(students: Sequence[str]) -> str:
    more = len(students) - MOST_SAID
    return ", ".join(map(shown, students[:MOST_SAID])) + (f" and {more} more" if more > 0 else "")


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
