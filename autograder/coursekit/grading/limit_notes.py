"""Which limit a cell of an ordinary notebook met: the instructor may have to raise it."""

import re
from dataclasses import fields

from coursekit.course_toml import OrdinaryLimits
from coursekit.grading.folder_files import IN_SETTINGS
from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import CellReport

MET = (
    (r"^hung: it ran", ("cell_seconds",)),
    (r"^crashed: it used", ("memory_mb",)),
    (
        r"^crashed: it wrote",
        (
            "folder_mb",
            "folder_files",
        ),
    ),
    (r"^crashed: it started", ("processes",)),
    (r"MemoryError|\[Errno 12\]", ("memory_mb",)),
    (r"can't start new thread|\[Errno 11\]", ("processes",)),
    (r"\[Errno 24\]", ("open_files",)),
    (
        r"\[Errno 27\]|\d requested and \d+ written",
        (
            "file_mb",
            "folder_mb",
        ),
    ),
    (
        r"\[Errno 28\]",
        (
            "folder_mb",
            "folder_files",
            "shared_memory_mb",
        ),
    ),
)
"""How a cell says that it met a limit, and which settings it can be."""

SETTINGS = {entry.name: entry.metadata for entry in fields(OrdinaryLimits)}


def limit_met(report: CellReport, limits: Limits) -> str:
    """What happened to a cell, and the limits that may have caused it; empty if none has."""
    words = f"{report.status}: {report.reason}"
    if report.error:
        words = f"{report.error.type}: {report.error.message}"
    found = next((names for pattern, names in MET if re.search(pattern, words)), ())
    values = [
        f"{name} = {getattr(limits, SETTINGS[name]['limit']) / SETTINGS[name]['unit']:g}"
        for name in found
    ]
    if not values:
        return ""
    return f"{words[:200]} (a limit, {', '.join(values)}; more can be given in {IN_SETTINGS})"
