"""The command that makes Gradescope's autograder."""

import argparse
from textwrap import wrap
from typing import TYPE_CHECKING

from coursekit.commands.options import Commands, add_command, add_course_options
from coursekit.courses import find_course
from coursekit.names import shown_names

if TYPE_CHECKING:
    from coursekit.gradescope.packing import Packed

PACKED = """\
{path}: give this file to Gradescope as the autograder of the assignment
judged:    {judged:g} points, which are the assignment's autograder points
by hand:   {by_hand:g} points, which a person gives
students:  {students}
It holds the reference solutions of {problem_set} and a secret of its own, which tells the hidden
inputs of this set and of no other; whoever may edit the assignment can download it."""

INDENT = " " * 11


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
    print(
        PACKED.format(
            path=packed.path,
            judged=packed.judged,
            by_hand=packed.by_hand,
            students=in_words(packed),
            problem_set=options.problem_set,
        )
    )
    return 0


def in_words(packed: "Packed") -> str:
    """Whom of the roster Gradescope's hand-ins belong to, and what becomes of the others."""
    if not packed.students and not packed.unknown:
        return "by address"
    said = f"{packed.students} of the roster, by address"
    if not packed.unknown:
        return said
    types = ", which they then type for numbers of their own" if packed.is_personal else ""
    advice = (
        "These go by the name that they have on Gradescope, where just one in the roster has it, "
        f"or else by their address{types}. `course roster FILE` takes a list with addresses; then "
        "make the zip anew."
    )
    return "\n".join(
        [
            f"{said}; {len(packed.unknown)} have none there: {shown_names(packed.unknown)}.",
            *wrap(advice, 96, initial_indent=INDENT, subsequent_indent=INDENT),
        ]
    )
