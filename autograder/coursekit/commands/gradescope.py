"""The command that makes Gradescope's autograder."""

import argparse

from coursekit.commands.options import Commands, add_command, add_course_options
from coursekit.courses import find_course

PACKED = """\
{path}: give this file to Gradescope as the autograder of the assignment
judged:    {judged:g} points, which are the assignment's autograder points
by hand:   {by_hand:g} points, which a person gives
students:  {students}
It holds the reference solutions of {problem_set} and a secret of its own, which tells the hidden
inputs of this set and of no other; whoever may edit the assignment can download it."""


def add_gradescope(commands: Commands) -> None:
    text = (
        "Write gradescope-PROBLEM_SET.zip, by which Gradescope grades each hand-in at once. It\n"
        "holds the set-up and the run script, our packages, the release and the roster. Students\n"
        "see each exercise with its points, the judge's words, what every group of cases earned\n"
        "and where the book has it. What is late, and which attempt counts, is decided there.\n"
        "After another release, or other settings, make the zip anew."
    )
    command = add_command(
        commands, "gradescope", run_gradescope, "grade on Gradescope when it is handed in", text
    )
    add_course_options(command)


def run_gradescope(options: argparse.Namespace) -> int:
    from coursekit.gradescope.packing import pack

    packed = pack(find_course(options.course), options.problem_set)
    known = f"{packed.students} of the roster, by address" if packed.students else "by address"
    print(
        PACKED.format(
            path=packed.path,
            judged=packed.judged,
            by_hand=packed.by_hand,
            students=known,
            problem_set=options.problem_set,
        )
    )
    return 0
