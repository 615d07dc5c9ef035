"""The command that says whether a course and its machine are as they should be."""

import argparse

from coursekit.commands.options import Commands, add_command, add_course_folder
from coursekit.courses import find_course


def add_doctor(commands: Commands) -> None:
    text = (
        "Look whether all is as it should be: Python and packages, the programs that nbgrader\n"
        "starts, disk, sandbox; secret, rights, clock and time zone, gradebook, settings, due\n"
        "dates, extensions, names. Each finding says what to do. Nothing is changed. Exit status\n"
        "1 means that something must be mended, marked with !; what is marked with - is advice."
    )
    command = add_command(
        commands, "doctor", run_doctor, "is all as it should be?", text, linux=True
    )
    add_course_folder(command)


def run_doctor(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from coursekit.health.course import about_course
    from coursekit.health.findings import ADVICE, GOOD, MEND
    from coursekit.health.machine import about_machine

    course, found = find_course(options.course), []
    for look in (about_machine(course), about_course(course, datetime.now(UTC))):
        for finding in look:
            mark = {GOOD: " ", ADVICE: "-", MEND: "!"}[finding.state]
            words = finding.words.replace("\n", f"\n{'':14}")
            print(f"{mark} {finding.what:11} {words}", flush=True)
            found.append(finding.state)
    counts = found.count(MEND), found.count(ADVICE)
    print(f"{counts[0]} to mend, {counts[1]} to think about" if any(counts) else "All is well.")
    return 1 if counts[0] else 0
