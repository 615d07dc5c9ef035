"""The command that writes grade files for learning platforms."""

import argparse
from pathlib import Path

from coursekit.commands.options import Commands, add_command, add_course_folder
from coursekit.courses import find_course

PLATFORMS = ("canvas", "moodle", "blackboard", "brightspace", "csv")


def add_export(commands: Commands) -> None:
    text = (
        "Write the grades of problem sets, after all policies, as a learning platform takes them\n"
        "back. `total` in the place of a problem set is the sum, without what is excused or\n"
        "dropped. With --from the table that the platform exported is filled in, so that every\n"
        "name and number is its own; Moodle always wants that. Who handed in nothing has no\n"
        "grade in the file, and what the platform has stays. Exit status 1 means that somebody\n"
        "with a grade is not in the file, or has the penalty of before dates, extensions or marks\n"
        "were changed. `nbgrader export` writes nbgrader's own table."
    )
    command = add_command(commands, "export", run_export, "write grades for a platform", text)
    command.add_argument(
        "columns", nargs="+", metavar="PROBLEM_SET", help="or total; Moodle takes one at a time"
    )
    command.add_argument(
        "--lms",
        choices=PLATFORMS,
        help="the platform (default: that of course.toml, or csv, a table of our own)",
    )
    command.add_argument(
        "--from",
        dest="table",
        type=Path,
        metavar="FILE",
        help="the table that the platform exported",
    )
    command.add_argument(
        "--to", type=Path, metavar="FILE", help="where to write (default: in the course directory)"
    )
    add_course_folder(command)


def run_export(options: argparse.Namespace) -> int:
    from coursekit.commands.exported import export

    course = find_course(options.course)
    return export(course, options.columns, options.lms, options.table, options.to)
