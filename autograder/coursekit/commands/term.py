"""The command that goes through a term with a class that is made up."""

import argparse
from collections.abc import Callable
from pathlib import Path

from coursekit.commands.options import Commands, add_command, number_from_one
from coursekit.errors import CourseError

STUDENTS = 60
MOST_STUDENTS = 999


def add_demo_term(commands: Commands, run: Callable[[list[str]], int]) -> None:
    """Add the command; what it types is run by the command line that is given."""
    text = (
        "Go through a term with a made-up class, in DIR: lists of students, releases, archives as\n"
        "five platforms export them, late and odd and hostile hand-ins, marks by hand, regrades,\n"
        "reports, appeals, an exam, grades out. Every exercise must come to what it was made for,\n"
        "and every total to what is reckoned apart from the grader; where one does not, it is\n"
        "named, and the exit status is 2. Each command is shown; what it said is in DIR/term.log.\n"
        "A DIR that holds an earlier demo is made anew; any other folder is left alone."
    )
    command = add_command(
        commands, "demo-term", run_demo_term, "a whole term, with a made-up class", text, linux=True
    )
    command.set_defaults(command_line=run)
    command.add_argument("folder", type=Path, metavar="DIR")
    command.add_argument(
        "--students",
        type=students,
        default=STUDENTS,
        metavar="N",
        help=f"how many (default: {STUDENTS})",
    )


def students(text: str) -> int:
    number = number_from_one(text)
    if number > MOST_STUDENTS:
        raise argparse.ArgumentTypeError(f"{number} came, expected is at most {MOST_STUDENTS}")
    return number


def run_demo_term(options: argparse.Namespace) -> int:
    from coursekit.demo.sample_class import put_mark, renew
    from coursekit.demo.term.term import Term

    folder: Path = options.folder.resolve()
    renew(folder)
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(f"{folder} is not empty; name a folder that does not exist yet")
    folder.mkdir(parents=True, exist_ok=True)
    put_mark(folder)
    print("\n".join(Term(folder, options.students, options.command_line).through()))
    return 0
