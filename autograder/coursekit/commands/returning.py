"""The command that gives feedback back by a learning platform."""

import argparse
from pathlib import Path

from coursekit.commands.options import Commands, add_command, add_course_options
from coursekit.courses import find_course
from coursekit.names import shown, shown_names
from coursekit.replacing import write_whole


def add_feedback(commands: Commands) -> None:
    text = (
        "Put the feedback pages of a problem set into a zip that Canvas and Moodle take back:\n"
        "each page has the name that the platform gave the student's file in ARCHIVE, which is\n"
        "what it let you download. Whose a file is follows from what is in it. Files for which\n"
        "there is no page are named, and students whose page found no file; exit status 1 means\n"
        "that there are such students. Pages that show other points than the gradebook has by now\n"
        "are not packed: `course grade PROBLEM_SET` writes them again."
    )
    command = add_command(commands, "feedback", run_feedback, "pages for Canvas or Moodle", text)
    add_course_options(command)
    command.add_argument(
        "archive", type=Path, metavar="ARCHIVE", help="the zip of what was handed in"
    )
    command.add_argument(
        "--to",
        type=Path,
        metavar="FILE",
        help="the zip to write (default: PROBLEM_SET-feedback.zip, here)",
    )


def run_feedback(options: argparse.Namespace) -> int:
    from coursekit.grading.returned_pages import returned_pages

    course = find_course(options.course)
    found = returned_pages(course, options.problem_set, options.archive)
    place = options.to or Path(f"{options.problem_set}-feedback.zip")
    write_whole(place, found.content)
    print(f"{place}: {len(found.placed)} pages")
    if found.untold:
        print(
            f"something else than `course grade {options.problem_set}` made these pages, so nobody "
            f"knows whether their points are those of the gradebook: {shown_names(found.untold)}"
        )
    for line in found.without:
        print(f"no page for {line}")
    for student in found.missing:
        print(f"no file of {shown(student)} is in the archive: give the page in another way")
    return 1 if found.missing else 0
