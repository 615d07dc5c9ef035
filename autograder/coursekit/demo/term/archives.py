"""The archives and tables of learning platforms in which a made-up class hands in."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import yaml

from coursekit.demo.term.answers import Attempt, zipped
from coursekit.demo.term.people import Student

CANVAS, MOODLE, BLACKBOARD, BRIGHTSPACE, GRADESCOPE = (
    "canvas", "moodle", "blackboard", "brightspace", "gradescope",
)  # fmt: skip
PLATFORMS = (CANVAS, CANVAS, MOODLE, BLACKBOARD, BRIGHTSPACE, GRADESCOPE)
"""Where the class hands in, set by set."""
WITHOUT_TIMES = (CANVAS, MOODLE)
TO_THE_MINUTE = (BRIGHTSPACE,)


@dataclass(frozen=True)
class Handed:
    """An attempt as a platform has it: whose it is, and when it came by the clocks there."""

    students: tuple[Student, ...]
    attempt: Attempt
    local: datetime

    @property
    def one(self) -> Student:
        return self.students[0]


def archive(
    platform: str,
    title: str,
    attempts: Iterable[tuple[tuple[Student, ...], Attempt]],
    zone: ZoneInfo,
) -> bytes:
    """What a platform lets an instructor download."""
    handed = [
        Handed(students, attempt, attempt.came.astimezone(zone)) for students, attempt in attempts
    ]
    if platform == GRADESCOPE:
        return zipped(gradescope(handed))
    folder = FOLDERS[platform]
    return zipped(
        {
            folder(one, title) + name: content
            for one in handed
            for name, content in one.attempt.files.items()
        }
    )


def canvas(one: Handed, title: str) -> str:
    name = re.sub(r"\W", "", f"{one.one.last}{one.one.first}".lower())
    return f"{name}_{one.one.lms_id}_{9000 + one.one.number}_"


def moodle(one: Handed, title: str) -> str:
    name = f"{one.one.first} {one.one.last}".replace("_", " ")
    return f"{name}_{one.one.participant}_assignsubmission_file/"


def blackboard(one: Handed, title: str) -> str:
    return f"{title}_{one.one.login}_attempt_{one.local:%Y-%m-%d-%H-%M-%S}_"


def brightspace(one: Handed, title: str) -> str:
    when = f"{one.local:%d %B %Y} {int(f'{one.local:%I}')}{one.local:%M %p}"
    return f"27236-{one.one.number} - {one.one.login} {one.one.first} - {when}/"


FOLDERS: Mapping[str, Callable[[Handed, str], str]] = {
    CANVAS: canvas, MOODLE: moodle, BLACKBOARD: blackboard, BRIGHTSPACE: brightspace,
}  # fmt: skip
"""What each platform writes before the name of a file."""


def gradescope(handed: Sequence[Handed]) -> dict[str, bytes]:
    about, files = {}, {}
    for number, one in enumerate(handed, 1):
        about[f"submission_{number}"] = {
            ":submitters": [
                {":name": f"{who.first} {who.last}", ":sid": who.login, ":email": who.email}
                for who in one.students
            ],
            ":created_at": one.local,
        }
        for name, content in one.attempt.files.items():
            files[f"assignment_12_export/submission_{number}/{name}"] = content
    listed = yaml.safe_dump(about, allow_unicode=True).encode()
    return {"assignment_12_export/submission_metadata.yml": listed, **files}


def times(handed: Iterable[tuple[Student, datetime]]) -> str:
    """The table that says when, where a platform does not."""
    return table(
        ("student", "time"),
        ((student.login, came.isoformat(" ", "seconds")) for student, came in handed),
    )


def canvas_list(students: Iterable[Student]) -> str:
    """Canvas's table of grades, as it exports it."""
    head = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    rows = ((f"{s.last}, {s.first}", s.lms_id, "", s.login, "A") for s in students)
    return table(head, rows)


def moodle_list(students: Iterable[Student], possible: float) -> str:
    """Moodle's worksheet of grades, as it exports it."""
    head = (
        "Identifier", "Full name", "ID number", "Email address", "Status", "Grade",
        "Maximum Grade", "Grade can be changed", "Last modified (submission)",
        "Last modified (grade)", "Feedback comments",
    )  # fmt: skip
    rows = (
        (f"Participant {s.participant}", f"{s.first} {s.last}", s.login, s.email, "", "",
         f"{possible:.2f}", "Yes", "-", "-", "")
        for s in students
    )  # fmt: skip
    return table(head, rows)


def own_list(students: Iterable[Student]) -> str:
    """A table in the columns of our own, with the names that platforms lack."""
    head = ("student", "first_name", "last_name", "email", "login", "sis_id")
    return table(head, ((s.login, s.first, s.last, s.email, s.login, s.login) for s in students))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    written = csv.writer(text, lineterminator="\n")
    written.writerow(head)
    written.writerows(rows)
    return text.getvalue()


def as_the_platform_has_it(platform: str, came: datetime) -> datetime:
    """When a hand-in came, as exactly as the platform says it."""
    return came.replace(second=0, microsecond=0) if platform in TO_THE_MINUTE else came


def lines(text: str) -> Iterator[dict[str, str]]:
    """The lines of a table."""
    yield from csv.DictReader(io.StringIO(text))
