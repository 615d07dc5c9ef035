"""The commands that take hand-ins and lists of students from a learning platform."""

import argparse
from pathlib import Path

from coursekit.commands.options import Commands, add_command, add_course_folder, add_course_options
from coursekit.courses import find_course

PLATFORMS = ("canvas", "moodle", "blackboard", "brightspace", "gradescope", "folders")


def add_collect(commands: Commands) -> None:
    text = (
        "Take what a learning platform exports: the zip, or the folder that it was unpacked into.\n"
        "Whose a file is says the roster (`course roster FILE`); who is in a group groups.csv,\n"
        "with the columns group and student. The last attempt goes to submitted/, earlier ones to\n"
        "attempts/; what was collected before stays. What cannot be placed is named, stays in the\n"
        "archive, and makes the exit status 1: bring the roster up to date and collect again. An\n"
        "archive of another problem set is refused."
    )
    command = add_command(
        commands, "collect", run_collect, "take hand-ins from a platform", text, linux=True
    )
    add_course_options(command)
    command.add_argument("archive", nargs="?", type=Path, metavar="ARCHIVE", help="zip or folder")
    command.add_argument(
        "--from",
        dest="platform",
        choices=PLATFORMS,
        default="",
        help="which platform it comes from (default: seen from the names of the files)",
    )
    command.add_argument(
        "--times",
        type=Path,
        metavar="FILE",
        help="when who handed in, with the columns student and time; counts before the archive",
    )
    command.add_argument(
        "--anyway",
        action="store_true",
        help="also where most of it bears the cells or the name of another problem set",
    )
    command.add_argument(
        "--undo", action="store_true", help="take the last collection of PROBLEM_SET back"
    )


def run_collect(options: argparse.Namespace) -> int:
    from coursekit.commands.collected import collect, undo

    if options.undo == (options.archive is not None):
        options.refuse("expected is either ARCHIVE, or --undo")
    course = find_course(options.course)
    if options.undo:
        return undo(course, options.problem_set)
    return collect(
        course,
        options.problem_set,
        options.archive,
        options.platform,
        options.times,
        options.anyway,
    )


def add_roster(commands: Commands) -> None:
    text = (
        "Bring a list of students into roster.csv and into the gradebook. FILE is what a platform\n"
        "exports: Canvas's gradebook, Moodle's grading worksheet, Blackboard's or Brightspace's\n"
        "grades, Gradescope's roster, or a table with the columns student, first_name, last_name,\n"
        "email, login, lms_id, sis_id. Students who are there stay, with what FILE adds."
    )
    command = add_command(
        commands, "roster", run_roster, "take a list of students", text, linux=True
    )
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument(
        "--id",
        dest="identity",
        default="",
        metavar="COLUMN",
        help="the column of FILE after which folders of new students are called (default: the "
        "account, or else the first number or address)",
    )
    add_course_folder(command)


def run_roster(options: argparse.Namespace) -> int:
    from coursekit.commands.collected import take_roster

    return take_roster(find_course(options.course), options.file, options.identity)
