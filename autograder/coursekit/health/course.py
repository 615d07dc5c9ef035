"""The course: settings, secret, database, names, dates, rights."""

import shlex
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coursekit.courses import PRIVATE_FOLDERS, Course, private_files
from coursekit.errors import CourseError, guess
from coursekit.grading.granted import idle_lines, sets_of
from coursekit.health.findings import MEND, Finding, advice, good, to_mend
from coursekit.health.people import about_gone, about_groups
from coursekit.names import fault_of_name, shown
from coursekit.nbgrader_out.converters import load_config
from coursekit.nbgrader_out.late_plugin import OUR_PLUGIN, require_late_plugin
from coursekit.nbgrader_out.own_parts import not_reached
from coursekit.nbgrader_out.roster import known_students
from coursekit.nbgrader_out.set_marks import points_of_sets
from coursekit.policies.terms import CoursePolicies, policies_of
from coursekit.policies.times import shown_time
from coursekit.policies.totals import LEVELLED, uneven
from coursekit.roster import FILE as ROSTER
from coursekit.roster import read_roster
from coursekit.submissions.misplaced import doubled, misplaced

WITHOUT_TIMES = ("canvas", "moodle")
"""Platforms whose archives say of no file when it came."""
MOST_NAMED = 5
AHEAD = timedelta(minutes=5)
"""By so much a clock may differ from that of the disk."""
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock that says an earlier time was never set."""


def about_course(course: Course, now: datetime) -> Iterator[Finding]:
    """Look at all that lies in a course directory."""
    yield about_secret(course)
    yield from about_rights(course)
    yield about_clock(course, now)
    try:
        load_config(course)
    except CourseError as error:
        yield to_mend("nbgrader", f"{error}; then run this again")  # all that follows needs it
        return
    yield (database := about_database(course))
    try:
        policies = policies_of(course)
    except CourseError as error:
        policies = None
        yield to_mend("settings", str(error))
    if policies:
        yield about_names_of_course(policies)
        yield from about_dates(course, policies, now)
        yield from about_lateness(policies)
    yield from (roster := list(about_roster(course, policies)))
    if MEND not in {one.state for one in (database, *roster)}:  # they say who there is
        if policies:
            yield from about_extensions(course, policies)
            yield from about_totals(course, policies)
        yield from about_gone(course)
        yield from about_groups(course, sets_of(course))
    if policies:
        yield from about_configuration(course)
    yield about_names(course)


def about_secret(course: Course) -> Finding:
    try:
        secret = course.secret
    except CourseError as error:
        return to_mend("secret", str(error))
    if len(secret) < 16:
        return advice("secret", f"holds {len(secret)} bytes only; take 32 for the next course")
    return good("secret", "is there; keep a copy, as regrading needs it")


def about_rights(course: Course) -> Iterator[Finding]:
    """Who else can read what is the instructor's alone."""
    folders = [course.root / name for name in PRIVATE_FOLDERS]
    places = [*folders, *private_files(course)]
    if names := " ".join(shlex.quote(path.name) for path in places if open_to_others(path)):
        yield to_mend("rights", f"others can read {names}: chmod o-rwx {names}")
    else:
        yield good("rights", "others read neither solutions nor grades")
    if open_to_others(course.submitted()):
        yield advice(
            "rights",
            "others can read submitted, which holds what students handed in; if they do not put\n"
            "it there themselves: chmod o-rwx submitted",
        )


def open_to_others(path: Path) -> bool:
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o007)


def about_clock(course: Course, now: datetime) -> Finding:
    """Whether the clock can be right: it is later than what was written before."""
    written = datetime.fromtimestamp(course.config.stat().st_mtime, UTC)
    if now < LONG_AGO or written > now + AHEAD:
        return to_mend(
            "clock",
            f"it shows {now:%Y-%m-%d %H:%M} UTC, and {course.config.name} was written at "
            f"{written:%Y-%m-%d %H:%M} UTC: set it (timedatectl), as lateness is told by it",
        )
    return good("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def about_database(course: Course) -> Finding:
    """Whether the gradebook is whole."""
    path = course.gradebook
    if not path.exists() or path.stat().st_size == 0:
        return good("gradebook", "is empty: nothing was released yet")
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if said == "ok":
            return good("gradebook", f"is whole, {len(known_students(course))} students")
    except (sqlite3.Error, CourseError) as error:
        said = str(error)
    return to_mend("gradebook", f"{said}: put a whole copy of {path.name} in its place")


def about_names_of_course(policies: CoursePolicies) -> Finding:
    about = policies.settings.course
    named = ", ".join(filter(None, (about.title, about.term))) or "has no title in course.toml"
    return good("course", f"{named}; students ask: {about.contact or 'nobody is named'}")


def about_dates(course: Course, policies: CoursePolicies, now: datetime) -> Iterator[Finding]:
    """Due dates of sets that there are, in the zone of the course."""
    zone = policies.zone
    yield good("time zone", f"{zone.key}, where it is {shown_time(now, zone)}")
    known = sets_of(course)
    rules = policies.rules
    named = {
        "dates.due": policies.due,
        "policies.points": rules.points,
        "policies.extra_credit": rules.extra_credit,
        "course.columns": policies.settings.course.columns,
    }
    for place, names in named.items():
        for name in sorted({*names} - known - {"total"}):
            yield to_mend("dates", f"{place} names {name}, which is no set; {guess(name, known)}"
                          f"there are {', '.join(sorted(known))}")  # fmt: skip
    undated = sorted(released(course) - {*policies.due})
    if policies.due and undated:
        yield advice("dates", f"no due date in course.toml for {', '.join(undated)}")
    late = [n for n, due in policies.due.items() if due < now and n not in released(course)]
    if late:
        yield advice("dates", f"due already and not released: {', '.join(sorted(late))}")
    ahead = [due for due in policies.due.values() if due > now]
    if ahead:
        yield good("dates", f"{len(policies.due)} sets, next due {shown_time(min(ahead), zone)}")


def about_lateness(policies: CoursePolicies) -> Iterator[Finding]:
    """A penalty that needs times, of a platform whose archives have none."""
    lms = policies.settings.course.lms
    if lms in WITHOUT_TIMES and (policies.takes_off or policies.rules.late_days):
        yield advice(
            "late",
            f"archives of {lms.capitalize()} do not say when somebody handed in, and what is\n"
            'not known costs nothing: `late = "lms"` leaves penalties to the platform, or\n'
            "collect with --times FILE",
        )


def released(course: Course) -> set[str]:
    return {path.parent.name for path in course.root.glob("release/*/*.ipynb")}


def about_extensions(course: Course, policies: CoursePolicies) -> Iterator[Finding]:
    """Lines that grant nobody anything."""
    for words in idle_lines(course, policies):
        yield to_mend("extensions", words)
    if policies.extensions.lines:
        yield good("extensions", f"{len(policies.extensions.lines)} lines")


def about_totals(course: Course, policies: CoursePolicies) -> Iterator[Finding]:
    """Totals that cannot be compared with each other."""
    excused = any(one.excused for one in policies.extensions.granted.values())
    for words in uneven(points_of_sets(course), excused, policies.rules):
        yield advice(
            "total", f"{words}, so that the larger total may be the worse one:\n{LEVELLED}"
        )


def about_configuration(course: Course) -> Iterator[Finding]:
    """Whether nbgrader's configuration runs, and has what later versions of it brought."""
    try:
        require_late_plugin(course)
        text = course.config.read_text(encoding="utf-8")
    except (CourseError, UnicodeDecodeError) as error:
        yield to_mend("nbgrader", str(error))
        return
    config = load_config(course)
    lacks = ["guard()"] * ("guard()" not in text)
    if "plugin_class" not in config.ExportApp:
        lacks.append('c.ExportApp.plugin_class = "coursekit.nbgrader_plugin.export.QuotedCsv"')
    if "plugin_class" not in config.AssignLatePenalties:
        lacks.append(f'c.AssignLatePenalties.plugin_class = "{OUR_PLUGIN}"')
    for line in lacks:
        yield advice("nbgrader", f"{course.config.name} is older and lacks the line {line}")
    for words in not_reached(course):
        yield advice("nbgrader", words)
    if not lacks:
        yield good("nbgrader", f"{course.config.name} is as a new course has it")


def about_names(course: Course) -> Finding:
    """Folders of submitted/ that nobody will grade, or that look alike."""
    folders = sorted(path.name for path in folders_of(course.submitted()))
    wrong = [f"submitted/{shown(name)} {fault_of_name(name)}" for name in folders
             if fault_of_name(name)]  # fmt: skip
    wrong += doubled(folders)
    for problem_set in sorted(released(course)):
        wrong += misplaced(course, problem_set)
    wrong = list(dict.fromkeys(wrong))
    if wrong:
        more = f"; and {len(wrong) - MOST_NAMED} more" if len(wrong) > MOST_NAMED else ""
        return to_mend("names", "; ".join(wrong[:MOST_NAMED]) + more)
    return good("names", f"{len(folders)} students have handed in something")


def folders_of(place: Path) -> list[Path]:
    return [path for path in place.iterdir() if path.is_dir()] if place.is_dir() else []


def about_roster(course: Course, policies: CoursePolicies | None) -> Iterator[Finding]:
    """Whether hand-ins of a platform can be placed."""
    try:
        count = len(read_roster(course.root).people)
    except CourseError as error:
        yield to_mend("roster", str(error))
        return
    if count:
        yield good("roster", f"{count} students in {ROSTER}")
    elif policies and policies.settings.course.lms != "none":
        yield advice(
            "roster", f"there is no {ROSTER}: `course roster FILE` takes the platform's list"
        )
