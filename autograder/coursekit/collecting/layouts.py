"""The forms of the archives: what the name of a file says of whose it is and when it came.

Read in November 2026 from Canvas (``lib/content_zipper.rb``), Moodle
(``mod/assign/classes/downloader.php``), Gradescope's and Brightspace's exports as public tools
read them, and Blackboard's as nbgrader's documentation shows it. What a platform may change
stands in the expressions of this module, and nowhere else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from coursekit.policies.times import moment
from coursekit.roster import EMAIL, LMS_ID, LOGIN, NAME, PARTICIPANT, SIS_ID, STUDENT, Key


@dataclass(frozen=True)
class Piece:
    """A file of an archive, as its name describes it.

    Attributes
    ----------
    people : tuple of tuple of Key
        For each student whose it is, by what the student is known, the surest first.
    group : str
        The name that may be a group's.
    attempt : str
        What tells the attempts of one student apart.
    file : tuple of str
        The name that the student gave it.
    came : datetime, optional
    late : bool
        Whether the platform says that it came late.
    """

    people: tuple[tuple[Key, ...], ...]
    file: tuple[str, ...]
    attempt: str = ""
    group: str = ""
    came: datetime | None = None
    late: bool = False


class Layout(Protocol):
    """The form of the archives of one platform."""

    name: str

    def piece(self, path: tuple[str, ...]) -> Piece | None:
        """What the path of a file says; None if it has another form."""
        ...


@dataclass(frozen=True)
class Canvas:
    """``doejane_LATE_1234_56789_ps1.ipynb``."""

    name = "canvas"
    FILE = re.compile(r"(?P<name>.+?)(?:_(?P<late>LATE))?_(?P<user>\d+)_(?P<att>\d+)_(?P<file>.+)")
    HIDDEN = re.compile(r"(?P<late>LATE_)?anon_(?P<user>[A-Za-z0-9]+)_(?:\d+_)?(?P<file>.+)")

    def piece(self, path: tuple[str, ...]) -> Piece | None:
        if match := self.HIDDEN.fullmatch(path[-1]):
            keys: tuple[Key, ...] = (("anonymous", match["user"]),)
            return Piece((keys,), (match["file"],), late=bool(match["late"]))
        match = self.FILE.fullmatch(path[-1])
        if match is None:
            return None
        keys = ((LMS_ID, match["user"]), (NAME, match["name"]))
        return Piece((keys,), (match["file"],), group=match["name"], late=bool(match["late"]))


@dataclass(frozen=True)
class Moodle:
    """``Jane Doe_657693_assignsubmission_file/ps1.ipynb``, with folders or without."""

    name = "moodle"
    PART = re.compile(
        r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.+)?)?"
    )

    def piece(self, path: tuple[str, ...]) -> Piece | None:
        for number, part in enumerate(path):
            match = self.PART.fullmatch(part)
            below = path[number + 1 :]
            if match and bool(match["file"]) != bool(below):
                keys = ((PARTICIPANT, match["id"]), (NAME, match["name"]))
                return Piece((keys,), below or (match["file"],), group=match["name"])
        return None


@dataclass(frozen=True)
class Blackboard:
    """``Problem set 1_jdoe_attempt_2027-01-10-23-59-59_ps1.ipynb``."""

    zone: ZoneInfo
    name = "blackboard"
    FILE = re.compile(
        r"(?P<who>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<about>\.txt))"
    )

    def piece(self, path: tuple[str, ...]) -> Piece | None:
        match = self.FILE.fullmatch(path[-1])
        if match is None:
            return None
        words = match["who"].split("_")  # both titles and accounts may have an underscore
        keys = tuple((LOGIN, "_".join(words[n:])) for n in range(1, len(words)))
        came = moment(datetime.strptime(match["time"], "%Y-%m-%d-%H-%M-%S"), self.zone)
        file = (match["file"],) if match["file"] else ()
        return Piece((keys,), file, match["time"], keys[-1][1] if keys else "", came)


@dataclass(frozen=True)
class Brightspace:
    """``27236-46025 - jdoe Jane Doe - Jan 10, 2027 1159 PM/ps1.ipynb``."""

    zone: ZoneInfo
    name = "brightspace"
    FOLDER = re.compile(r"\d+-\d+ - (?P<who>.+) - (?P<time>[^-]+)")
    TIME = re.compile(r"(?P<day>.+?) (?P<hour>\d{1,2}):?(?P<minute>\d\d) (?P<half>[AP]M)")
    DAYS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")

    def piece(self, path: tuple[str, ...]) -> Piece | None:
        for number, part in enumerate(path[:-1]):
            match = self.FOLDER.fullmatch(part)
            if match:
                first, _, rest = match["who"].partition(" ")
                names = ((LOGIN, first), (SIS_ID, first), (NAME, match["who"]), (NAME, rest))
                keys = tuple(key for key in names if key[1])
                below, came = path[number + 1 :], self.time(match["time"])
                return Piece((keys,), below, part, match["who"], came)
        return None

    def time(self, text: str) -> datetime | None:
        """The moment, to the minute; None of a date whose order the site has chosen."""
        match = self.TIME.fullmatch(text.strip())
        if match is None:
            return None
        for form in self.DAYS:
            try:
                clock = "{hour:0>2}:{minute} {half}".format(**match.groupdict())
                local = datetime.strptime(f"{match['day']} {clock}", f"{form} %I:%M %p")
            except ValueError:
                continue
            return moment(local, self.zone)
        return None


@dataclass(frozen=True)
class Submitter:
    """What Gradescope says of one submission."""

    people: tuple[tuple[Key, ...], ...]
    came: datetime | None


@dataclass(frozen=True)
class Gradescope:
    """``assignment_12_export/submission_345/ps1.ipynb``, with a list of all submissions."""

    submissions: dict[str, Submitter] = field(default_factory=dict)
    name = "gradescope"
    FOLDER = re.compile(r"submission_\d+")

    def piece(self, path: tuple[str, ...]) -> Piece | None:
        for number, part in enumerate(path[:-1]):
            if self.FOLDER.fullmatch(part):
                known = self.submissions.get(part, Submitter((), None))
                return Piece(known.people, path[number + 1 :], part, came=known.came)
        return None


@dataclass(frozen=True)
class Folders:
    """``STUDENT/ps1.ipynb``, as a shared folder or nbgrader's ``submitted/`` has it."""

    problem_set: str
    above: int = 0
    name = "folders"

    def piece(self, path: tuple[str, ...]) -> Piece | None:
        path = path[self.above :]
        if len(path) < 2:
            return None
        below = path[2:] if len(path) > 2 and path[1] == self.problem_set else path[1:]
        keys = tuple((kind, path[0]) for kind in (STUDENT, LOGIN, EMAIL, SIS_ID, NAME))
        return Piece((keys,), below, group=path[0])


def shared_folder(paths: Sequence[tuple[str, ...]]) -> int:
    """1 where all files lie in one folder that has folders in it: it is nobody's; else 0."""
    tops = {path[0] for path in paths}
    return int(len(tops) == 1 and all(len(path) > 2 for path in paths))
