"""The command that says what a class understood."""

import argparse

from coursekit.commands.options import Commands, add_command, add_course_options
from coursekit.courses import find_course


def add_report(commands: Commands) -> None:
    text = (
        "Write reports/PROBLEM_SET.html, one page for the instructor, from the grades that stand:\n"
        "scores, how hard each exercise is and what it tells, which mistakes were made by how\n"
        "many, wrong answers that nobody foresaw gathered by what they do, submissions that need\n"
        "a look, what waits for a mark, and what to teach again. Two CSV files beside it have the\n"
        "numbers. Nobody is graded for it."
    )
    command = add_command(commands, "report", run_report, "what the class understood", text)
    add_course_options(command)


def run_report(options: argparse.Namespace) -> int:
    from coursekit.class_report.report import class_report, write_report

    course = find_course(options.course)
    report = class_report(course, options.problem_set)
    for path in write_report(course, report, course.settings.book.url):
        print(path.relative_to(course.root))
    return 0
