"""The command that opens formgrader."""

import argparse

from coursekit.commands.options import Commands, add_command, add_course_folder, number_from_one
from coursekit.courses import find_course

LARGEST_PORT = 65_535


def add_marking(commands: Commands) -> None:
    text = (
        "Open formgrader on the gradebook of the course, to read, comment and mark by hand. It is\n"
        "a page of JupyterLab, which is started in the course directory and runs until Ctrl-C.\n"
        "Several people may each start one at one time, or from several machines that share the\n"
        "folder: all write into the same gradebook, and of two marks for one answer the later one\n"
        "stands. Marks count at once in `course report` and `course export`; `course grade` shows\n"
        "them on the screen and on the feedback pages."
    )
    command = add_command(commands, "marking", run_marking, "open formgrader", text)
    command.add_argument(
        "--port",
        type=port,
        metavar="N",
        help="of the page's address (default: the first that is free from 8888 on)",
    )
    command.add_argument(
        "--no-browser", action="store_true", help="say the address, and open no browser"
    )
    add_course_folder(command)


def port(text: str) -> int:
    number = number_from_one(text)
    if number > LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} came, expected is at most {LARGEST_PORT}")
    return number


def run_marking(options: argparse.Namespace) -> int:
    from coursekit.commands.marked import mark

    mark(find_course(options.course), options.port, options.no_browser)
