"""Which platform an archive comes from, found by the names of its files."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import yaml

from coursekit.collecting.archives import Member, NotReadError
from coursekit.collecting.layouts import (
    Blackboard,
    Brightspace,
    Canvas,
    Folders,
    Gradescope,
    Layout,
    Moodle,
    Submitter,
    shared_folder,
)
from coursekit.errors import CourseError
from coursekit.policies.times import moment
from coursekit.roster import EMAIL, NAME, SIS_ID

LIST = "submission_metadata.yml"
PLATFORMS = ("canvas", "moodle", "blackboard", "brightspace", "gradescope", "folders")


def layout_of(
    members: Sequence[Member], problem_set: str, zone: ZoneInfo, platform: str = ""
) -> Layout:
    """The layout that fits most files, or that of a platform that is named.

    Raises
    ------
    CourseError
        If none fits any.
    """
    paths = [member.path for member in members]
    layouts: tuple[Layout, ...] = (
        Canvas(),
        Moodle(),
        Blackboard(zone),
        Brightspace(zone),
        Gradescope(submissions_in(members, zone)),
        Folders(problem_set, shared_folder(paths) if paths else 0),
    )
    named = [layout for layout in layouts if layout.name == platform] or layouts
    counts = [sum(layout.piece(path) is not None for path in paths) for layout in named]
    if not any(counts):
        raise CourseError(
            "no file in it has a name as "
            + (platform or f"{', '.join(PLATFORMS[:-1])} or a folder for each student")
            + " gives them"
            + (f"; the first is {members[0].place!r}" if members else ", as there is none")
        )
    best = counts.index(max(counts[:-1], default=0)) if len(named) > 1 else 0
    # a folder for each student is what the others have, too: it is meant where few fit another
    return named[best] if 2 * counts[best] >= len(paths) or not counts[-1] else named[-1]


def submissions_in(members: Sequence[Member], zone: ZoneInfo) -> dict[str, Submitter]:
    """What Gradescope's list says of each submission; nothing where there is no list.

    Raises
    ------
    CourseError
        If the list cannot be read.
    """
    for member in members:
        if member.path[-1] == LIST and not member.fault:
            try:
                table = yaml.safe_load(member.read())
            except (yaml.YAMLError, NotReadError, ValueError) as error:
                raise CourseError(f"{member.place} cannot be read: {error}") from error
            if not isinstance(table, dict):
                raise CourseError(f"{member.place} is no list of submissions")
            return {
                str(name): submitter(about, zone)
                for name, about in table.items()
                if isinstance(about, dict)
            }
    return {}


def submitter(about: dict[str, object], zone: ZoneInfo) -> Submitter:
    """Names and time of one submission; the keys are Ruby's symbols."""
    people = about.get(":submitters")
    keys = [
        tuple(
            (kind, str(person[name]))
            for kind, name in ((SIS_ID, ":sid"), (EMAIL, ":email"), (NAME, ":name"))
            if person.get(name)
        )
        for person in (people if isinstance(people, list) else [])
        if isinstance(person, dict)
    ]
    made = about.get(":created_at")
    came = None
    if isinstance(made, datetime):
        came = made.astimezone(UTC) if made.tzinfo else moment(made, zone)
    return Submitter(tuple(keys), came)
