"""The command that says which messages mend."""

import argparse

from coursekit.commands.options import Commands, add_command, add_course_options
from coursekit.courses import find_course


def add_messages(commands: Commands) -> None:
    text = (
        "Read the attempt logs that students switched on and handed in beside their notebooks,\n"
        "and say, message by message, what the next attempt was: whether it passed, failed in\n"
        "another way, or in the same way. 'check' means that nothing more was asked for before\n"
        "it, 'hint' a hint that names no mistake, 'message' the one that does. No student is\n"
        "named."
    )
    command = add_command(commands, "messages", run_messages, "which messages mend", text)
    add_course_options(command)


def run_messages(options: argparse.Namespace) -> int:
    from coursekit.commands.mending import say_what_mends

    say_what_mends(find_course(options.course), options.problem_set)
    return 0
