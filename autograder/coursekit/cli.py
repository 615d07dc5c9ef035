"""The command line ``course``."""

import argparse
import io
import sys
from typing import NoReturn

from backprop import __version__
from coursekit.commands.appeals import add_explain
from coursekit.commands.class_reporting import add_report
from coursekit.commands.collecting import add_collect, add_roster
from coursekit.commands.examining import add_exam, add_viva
from coursekit.commands.exporting import add_export
from coursekit.commands.gradescope import add_gradescope
from coursekit.commands.grading import add_demo, add_grade, add_regrade
from coursekit.commands.health import add_doctor
from coursekit.commands.marking import add_marking
from coursekit.commands.messages import add_messages
from coursekit.commands.new_exercise import add_new_exercise
from coursekit.commands.releasing import (
    add_init,
    add_page,
    add_release,
    add_render,
    add_settings,
)
from coursekit.commands.returning import add_feedback
from coursekit.commands.term import add_demo_term
from coursekit.commands.verifying import add_verify
from coursekit.errors import CourseError, in_words

DESCRIPTION = """\
Run a course on backpropagation: release its problem sets, grade what comes back.

An instructor's way through a term:

  course init ~/backprop-2027     a course directory, outside this checkout
  cd ~/backprop-2027
  course doctor                   is all as it should be, and what to do where it is not
  course release ps1              release/ps1 is what the students get
  course roster students.csv      who the students are, as a learning platform lists them
  course collect ps1 class.zip    what it exports, to submitted/STUDENT/ps1/ps1.ipynb
  course grade ps1                grades, feedback pages, a gradebook
  course marking                  formgrader: read, comment and mark by hand
  course regrade ps1 logistic     one exercise for the whole class; lowers no score unless asked
  course report ps1               what the class understood, on one page
  course export ps1               grades as the platform takes them back
  course gradescope ps1           a zip by which Gradescope grades when it is handed in

  course explain ann ps1-logistic why she has these points: every call, judged again
  course exam ps1 --seed 7        questions for paper, with a key
  course viva ann ps1             three questions about her own lines
  course page ps1                 a page to work on it in a browser, as a folder
  course settings                 limits, packages: what course.toml says
  course demo /tmp/demo           all of this at once, with a sample class of eight
  course demo-term /tmp/term      a whole term of sixty, with its totals reckoned apart
  course messages ps1             which messages mend, by the logs of those who kept one
  course verify ps1               try the cases of a problem set against known mistakes
  course new-exercise mine leaky  begin an exercise of your own

The directory is an nbgrader course: `nbgrader export` and the other commands of nbgrader work in
it. `course marking` starts `jupyter lab` with its page /formgrader in front.
"""


NO_LINUX = (
    "grading needs Linux, whose kernel locks student code in; here you can read the book, study, "
    "and make releases. On Windows the Linux of WSL does, on macOS a virtual machine."
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the result is the exit status.

    0 means done, 1 that somebody was not graded: the grader itself failed, or the name of a folder
    was refused; 2 that the command or a file of the course is wrong.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names, on a terminal of one alphabet
    options, unknown = parser().parse_known_args(arguments)
    if unknown:
        options.refuse(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        if options.linux and sys.platform != "linux":
            raise CourseError(NO_LINUX)
        status: int = options.run(options)
        return status
    except CourseError as error:
        print(f"course {options.command}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        raise
    except (OSError, MemoryError) as error:
        print(f"course {options.command}: {in_words(error)}", file=sys.stderr)
        return 2


class Top(argparse.ArgumentParser):
    """The command itself, which says where the commands behind it are listed."""

    def error(self, message: str) -> NoReturn:
        super().error(f"{message}\n`course --help` says which commands there are")


def parser() -> argparse.ArgumentParser:
    top = Top(
        "course", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--version", action="version", version=f"course {__version__}")
    commands = top.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=argparse.ArgumentParser
    )
    add_init(commands)
    add_settings(commands)
    add_doctor(commands)
    add_render(commands)
    add_release(commands)
    add_page(commands)
    add_roster(commands)
    add_collect(commands)
    add_grade(commands)
    add_regrade(commands)
    add_marking(commands)
    add_feedback(commands)
    add_report(commands)
    add_explain(commands)
    add_exam(commands)
    add_viva(commands)
    add_export(commands)
    add_gradescope(commands)
    add_messages(commands)
    add_verify(commands)
    add_new_exercise(commands)
    add_demo(commands)
    add_demo_term(commands, main)
    return top


if __name__ == "__main__":
    sys.exit(main())
