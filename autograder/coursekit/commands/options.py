"""Commands and the options that several of them have."""

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Command = Callable[[argparse.Namespace], int]
"""Does what was asked for; the result is the exit status."""


def add_command(
    commands: Commands, name: str, run: Command, summary: str, text: str, linux: bool = False
) -> argparse.ArgumentParser:
    """Add a command.

    Parameters
    ----------
    commands : Commands
    name, summary, text : str
    run : Command
    linux : bool
        Whether it runs student code, for which the sandbox needs Linux.
    """
    command = commands.add_parser(
        name,
        help=summary,
        description=text,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run, linux=linux, refuse=command.error)
    return command


def add_course_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("problem_set", metavar="PROBLEM_SET", help="its name, for example ps1")
    add_course_folder(command)


def add_course_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--course",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="the course directory (default: the one around the current folder)",
    )


def add_student(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "student",
        metavar="STUDENT",
        help="the name of the folder in submitted/, or any that the roster knows",
    )


def add_book_url(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--book-url", default="", metavar="URL", help="where the book is published, for links to it"
    )


def number_from_one(text: str) -> int:
    """The value of an option that counts something."""
    number = int(text) if text.strip().lstrip("+-").isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} came, expected is a whole number from 1 up")
    return number


def points(text: str) -> float:
    """The value of an option that gives points."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} came, expected is a number from 0 up")
    return number
