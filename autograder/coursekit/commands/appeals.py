"""The command that answers an appeal."""

import argparse

from coursekit.commands.options import Commands, add_command, add_course_folder, add_student
from coursekit.courses import find_course


def add_explain(commands: Commands) -> None:
    text = (
        "Judge one exercise of one student again, in the sandbox, on the same inputs, and say all\n"
        "that its points follow from: each call with what came back and what was expected, what\n"
        "each group of calls earned, and whether that is what was graded. If it is not, what has\n"
        "changed since is named. Nothing is written. What it prints holds hidden inputs and right\n"
        "answers. Exit status 1 means that the exercise comes out otherwise than it was graded."
    )
    command = add_command(
        commands, "explain", run_explain, "why an exercise has its points", text, linux=True
    )
    add_student(command)
    command.add_argument(
        "exercise", metavar="EXERCISE", help="its name or id, for example logistic or ps1-logistic"
    )
    add_course_folder(command)


def run_explain(options: argparse.Namespace) -> int:
    from coursekit.commands.explained import explained
    from coursekit.grading.replaying import replay

    found = replay(find_course(options.course), options.student, options.exercise)
    print("\n".join(explained(found)))
    return 0 if found.same or found.recorded is None else 1
