"""The command that tries a problem set's cases."""

import argparse
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from coursekit.commands.options import Commands, add_command, number_from_one
from coursekit.courses import MASTERS, Course, course_around, find_course, make_private
from coursekit.errors import CourseError, guess

if TYPE_CHECKING:
    from coursekit.authoring.masters import Master, PlacedExercise
    from coursekit.verification.verify import SetReport

    Asked = tuple[Master, list[PlacedExercise]]


def add_verify(commands: Commands) -> None:
    text = (
        "Verify problem sets, or exercises of one: `course verify ps4`, `course verify ps4 adam`.\n"
        "The reference gets full marks and an empty answer none; every misconception fails and is\n"
        "named, and so does whoever makes it in another way; every automatic mutant of the\n"
        "reference fails; right answers of other kinds pass; wrong answers that nobody declared\n"
        "fail; the example of the statement runs, and the pages that it names are there; there is\n"
        "a hint, and no message or reason is blank; what backprop computes in another form than\n"
        "the exercise asks for comes to the same.\n"
        "What is accepted here is accepted by the tests. Exit status 1 means that something is to\n"
        "mend. What an exercise of your own lacks of this is advice."
    )
    command = add_command(commands, "verify", run_verify, "try the cases of problem sets", text)
    command.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="a problem set, and behind it exercises of it (default: all problem sets)",
    )
    command.add_argument(
        "--course",
        type=Path,
        metavar="DIR",
        help="the course whose own problem sets are known (default: the one around this folder)",
    )
    command.add_argument(
        "--seeds", type=number_from_one, default=3, metavar="N", help="sets of hidden cases"
    )
    command.add_argument(
        "--sandbox", action="store_true", help="run the answers in the sandbox as well"
    )
    command.add_argument(
        "--write", action="store_true", help="bring the tables of the book up to date"
    )


def run_verify(options: argparse.Namespace) -> int:
    from coursekit.verification.report import text_table
    from coursekit.verification.verify import verify

    course = find_course(options.course) if options.course else course_around(Path())
    problems, advice = [], []
    for master, exercises in asked_for(options.names, course.masters if course else (MASTERS,)):
        report = verify(master, exercises, options.seeds, write=options.write)
        print(text_table(report.exercises), flush=True)
        problems += report.problems
        advice += report.advice
        if course and master.path.parent == course.masters[0]:
            note_accepted(course, report)
        if options.sandbox:
            added = course.settings.packages.problem_sets if course else ()
            problems += sandbox_problems(master, exercises, added)
    for text in advice:
        print(f"advice: {text}")
    print("\n".join(problems) or "Nothing is to mend.")
    return 1 if problems else 0


def note_accepted(course: Course, report: "SetReport") -> None:
    """Keep which exercises of a course's own were accepted: a release says which were not."""
    from coursekit.authoring.released import Accepted

    make_private(course)
    tried = {one.id: not one.problems for one in report.exercises}
    Accepted.of(course, report.master).write(course, report.master, tried)


def asked_for(names: Sequence[str], folders: Sequence[Path]) -> "list[Asked]":
    """The problem sets that are named, each with the exercises named behind it; none means all."""
    from coursekit.authoring.masters import find_master, known_problem_sets, read_master

    known = known_problem_sets(folders)
    asked: list[Asked] = []
    for name in names or known:
        if asked and (found := named(asked[-1][0], name)):
            asked[-1][1].append(found)
        elif name in known:
            asked.append((read_master(find_master(name, folders)), []))
        elif any(name.startswith(f"{one}-") for one in known):
            one = max((one for one in known if name.startswith(f"{one}-")), key=len)
            master = read_master(find_master(one, folders))
            asked.append((master, [master.exercise(name)]))
        elif asked:
            asked[-1][0].exercise(name)  # says which there are
        else:
            refuse_first_name(name, known, folders)
    return asked


def refuse_first_name(name: str, known: Sequence[str], folders: Sequence[Path]) -> NoReturn:
    """Say what was meant by a name that is no problem set: another one, or an exercise of one."""
    from coursekit.authoring.masters import find_master, read_master

    masters = [read_master(find_master(one, folders)) for one in known]
    homes = {e.id.removeprefix(f"{one.id}-"): one.id for one in masters for e in one.exercises}
    exercises = [f"{homes[like]} {like}" for like in get_close_matches(name, homes, 1)]
    raise CourseError(
        f"there is no problem set {name!r}; {guess(name, known)}there are: "
        f"{', '.join(known) or 'none'}"
        + "".join(f". For the exercise: course verify {one}" for one in exercises)
    )


def named(master: "Master", name: str) -> "PlacedExercise | None":
    """The exercise of a problem set with this name or id, if there is one."""
    for exercise in master.exercises:
        if exercise.id in (name, f"{master.id}-{name}"):
            return exercise
    return None


def sandbox_problems(
    master: "Master", exercises: "Sequence[PlacedExercise]", packages: tuple[str, ...]
) -> list[str]:
    from coursekit.sandbox.opening import open_pool
    from coursekit.verification.in_sandbox import verify_in_sandbox

    with open_pool(packages=packages) as pool:
        return verify_in_sandbox(master, pool, exercises)
