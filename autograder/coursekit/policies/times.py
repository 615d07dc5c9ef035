"""Times with their zones: what a clock on a wall said becomes a moment, and never by a guess."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

WRITTEN = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[ T](?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)"
    r" ?(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?)?"
)
"""A time as tables have it: 2027-01-10 23:59:59, perhaps with UTC or +01:00 behind it."""

BY_PLATFORMS = re.compile(
    r"(?:[A-Z][a-z]+day, )?(?:(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]+)|"
    r"(?P<month_first>[A-Z][a-z]+) (?P<day_behind>\d{1,2}),?) (?P<year>\d{4}),? "
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))? ?(?P<half>[AaPp][Mm])?"
)
"""A time as Moodle shows it in English: Thursday, 26 November 2026, 8:00 PM. The month is a word,
as of two numbers nobody can say which is the day."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

LAST_OF_DAY = time(23, 59, 59)


def read_time(text: str, zone: ZoneInfo, in_doubt_later: bool = False) -> datetime:
    """The moment that a text names; a day alone is its end.

    Raises
    ------
    ValueError
        If it names none.
    """
    match = WRITTEN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no time such as 2027-01-10 23:59:59")
    day = date.fromisoformat(match["day"])
    if match["time"] is None:
        return moment(day, zone, in_doubt_later)
    local = datetime.combine(day, time.fromisoformat(match["time"]))
    if match["zone"] is None:
        return moment(local, zone, in_doubt_later)
    offset = match["zone"].replace("Z", "+00:00").replace("UTC", "+00:00")
    return datetime.fromisoformat(f"{local.isoformat()}{offset}").astimezone(UTC)


def read_platform_time(text: str, zone: ZoneInfo) -> datetime:
    """The moment that a table of a platform names, as ours write it or as Moodle does in English.

    Raises
    ------
    ValueError
        If it names none.
    """
    match = BY_PLATFORMS.fullmatch(" ".join(text.split()))
    if match is None:
        try:
            return read_time(text, zone)
        except ValueError as error:
            example = "Thursday, 26 November 2026, 8:00 PM"
            raise ValueError(f"{error}, or such as {example}") from error
    month = (match["month"] or match["month_first"])[:3].lower()
    if month not in MONTHS:
        raise ValueError(f"{text!r} has no month in English")
    day, hour = int(match["day"] or match["day_behind"]), int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(f"{text!r} has no hour from 1 to 12")
        hour = hour % 12 + 12 * (match["half"].lower() == "pm")
    minute, second = int(match["minute"]), int(match["second"] or 0)
    year = int(match["year"])
    return moment(datetime(year, MONTHS.index(month) + 1, day, hour, minute, second), zone)


def moment(written: date, zone: ZoneInfo, in_doubt_later: bool = False) -> datetime:
    """The moment, in UTC, at which clocks of a zone show a time.

    Parameters
    ----------
    written : date or datetime
        A day alone is its end; a time that says its distance from UTC needs no zone.
    zone : ZoneInfo
    in_doubt_later : bool
        When clocks are set back they show an hour twice, and when they are set forward an hour is
        left out. Whether the later of the two moments is meant; it is for due dates, and not for
        hand-ins, so that the doubt is the student's.
    """
    if not isinstance(written, datetime):
        written = datetime.combine(written, LAST_OF_DAY)
    if written.tzinfo is not None:
        return written.astimezone(UTC)
    both = [written.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return max(both) if in_doubt_later else min(both)


def shown_time(when: datetime, zone: ZoneInfo) -> str:
    """A moment as the clocks of a zone show it, with the zone."""
    local = when.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname() or zone.key}"


def naive(when: datetime) -> datetime:
    """A moment as nbgrader's gradebook has it: in UTC, without saying so."""
    return when.astimezone(UTC).replace(tzinfo=None)


def duration(seconds: float) -> str:
    """How long, in the two largest units: ``2 days 3 hours``; nothing of nothing."""
    if seconds <= 0:
        return ""
    found, left = [], max(60, int(seconds))
    for name, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count, left = divmod(left, length)
        found += [f"{count} {name}{'s' * (count > 1)}"] if count else []
    return " ".join(found[:2])
