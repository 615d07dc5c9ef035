"""The command that begins an exercise."""

import argparse
from pathlib import Path

from coursekit.commands.options import Commands, add_command, points
from coursekit.commands.verifying import note_accepted
from coursekit.courses import MASTERS, Course, checkout, course_around, find_course
from coursekit.errors import CourseError


def add_new_exercise(commands: Commands) -> None:
    text = (
        "Begin an exercise: write its file SET/NAME.py, with a small example that works and is to\n"
        "be changed, and its place in SET.md. In a course directory, or with --course, SET is a\n"
        "problem set of your own and is begun if it is not there; in a checkout it is one of the\n"
        "problem sets that there are, and its table in the book is brought up to date.\n"
        "`course verify SET NAME` tries the exercise."
    )
    command = add_command(commands, "new-exercise", run_new_exercise, "begin an exercise", text)
    command.add_argument("problem_set", metavar="SET", help="its name, for example mine")
    command.add_argument(
        "name", metavar="NAME", help="of the exercise, in lower case with hyphens: leaky-unit"
    )
    command.add_argument(
        "--points", type=points, default=1.0, metavar="N", help="0 for practice (default: 1)"
    )
    command.add_argument(
        "--course",
        type=Path,
        metavar="DIR",
        help="the course directory (default: the one around the current folder, if there is one)",
    )


def run_new_exercise(options: argparse.Namespace) -> int:
    from coursekit.authoring.masters import read_master
    from coursekit.authoring.new_exercise import new_exercise
    from coursekit.verification.tables import FILE
    from coursekit.verification.verify import verify

    course = find_course(options.course) if options.course else course_around(Path())
    folder = folder_for(course, options.problem_set)
    room = new_exercise(folder, options.problem_set, options.name, options.points)
    master = read_master(folder / f"{options.problem_set}.md")
    report = verify(master, [master.exercise(options.name)], write=course is None)
    if course is not None:
        note_accepted(course, report)
    print(f"{room}: the exercise, with an example that works; change it")
    print(
        f"{master.path}: its text, which says that no page has the function, and its cell, behind "
        "all others; change the text, move both to where they belong"
    )
    if course is None and (root := checkout()):
        print(f"{root / FILE}: its table in the book; `--write` brings it up to date")
    print(f"`course verify {options.problem_set} {options.name}` tries it.")
    print("\n".join(report.problems), end="\n" if report.problems else "")
    return 1 if report.problems else 0


def folder_for(course: Course | None, problem_set: str) -> Path:
    """Where the master of a problem set lies, or will lie."""
    from coursekit.authoring.masters import known_problem_sets

    shipped = known_problem_sets()
    if course:
        own = course.masters[0]
        if problem_set in shipped and problem_set not in known_problem_sets([own]):
            raise CourseError(
                f"{problem_set} comes with the course and is changed in a checkout of it; "
                "take a name of your own, for example mine"
            )
        return own
    if checkout() is None:
        raise CourseError(
            f"{Path().resolve()} is not in a course directory, and here is no checkout of the "
            "course; name a course directory with --course DIR"
        )
    if problem_set not in shipped:
        raise CourseError(
            f"there is no problem set {problem_set!r} in the checkout; it has "
            f"{', '.join(shipped)}. For one of your own name a course directory with --course DIR"
        )
    return MASTERS
