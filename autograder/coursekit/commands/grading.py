"""The commands that grade a class."""

import argparse
from pathlib import Path

from coursekit.commands.options import (
    Commands,
    add_command,
    add_course_folder,
    add_course_options,
    number_from_one,
)
from coursekit.courses import find_course
from coursekit.grading.settings import Settings


def add_grade(commands: Commands) -> None:
    text = (
        "Grade every submission in submitted/*/PROBLEM_SET. Each is rebuilt from the release and\n"
        "runs in a sandbox by itself, so none can stop another. What was odd about one is said\n"
        "behind its score. A run that was stopped goes on where it was; what is graded already is\n"
        "not graded again. Exit status 1 means that somebody has no new points: the grader itself\n"
        "failed, and another run tries again; or the name of a folder was refused, and you are\n"
        "told what to rename."
    )
    command = add_command(commands, "grade", run_grade, "grade a class", text, linux=True)
    add_course_options(command)
    command.add_argument(
        "--jobs",
        type=number_from_one,
        default=Settings().jobs,
        metavar="N",
        help="processes (default: cores + 1)",
    )
    command.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="judge on the workers of this Dask scheduler, for example tcp://localhost:8786",
    )
    command.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="write all results to FILE, and what the class has in common beside it",
    )
    command.add_argument(
        "--no-sandbox",
        action="store_true",
        help="run student code with your own rights; only for code that you trust",
    )


def run_grade(options: argparse.Namespace) -> int:
    from coursekit.commands.report import grade_and_report

    sandbox = "none" if options.no_sandbox else "auto"
    settings = Settings(options.jobs, sandbox, scheduler=options.scheduler)
    course = find_course(options.course)
    return grade_and_report(course, options.problem_set, settings, options.json)


def add_regrade(commands: Commands) -> None:
    text = (
        "Judge one exercise again for everybody who was graded, with its cases and messages as\n"
        "they are now. All other exercises keep their points. A score that would fall stays, and\n"
        "the next `course grade` keeps it, too, as long as the answer is the same; --may-lower\n"
        "takes what comes out. What was marked by hand stays in any case."
    )
    command = add_command(
        commands, "regrade", run_regrade, "judge one exercise again", text, linux=True
    )
    command.add_argument("problem_set", metavar="PROBLEM_SET", help="its name, for example ps1")
    command.add_argument(
        "exercise", metavar="EXERCISE", help="its name or id, for example logistic"
    )
    command.add_argument(
        "--may-lower", action="store_true", help="also where somebody loses points by it"
    )
    add_course_folder(command)


def run_regrade(options: argparse.Namespace) -> int:
    from coursekit.commands.regraded import regrade

    course = find_course(options.course)
    return regrade(course, options.problem_set, options.exercise, options.may_lower)


def add_demo(commands: Commands) -> None:
    text = (
        "Make a course in DIR, release problem set 1, hand in eight sample submissions (right,\n"
        "wrong in three ways, empty, untouched, a cell deleted, not a notebook) and grade them.\n"
        "A DIR that holds an earlier demo is made anew; any other folder is left alone."
    )
    command = add_command(
        commands, "demo", run_demo, "all of it, with a sample class", text, linux=True
    )
    command.add_argument("folder", type=Path, metavar="DIR")


def run_demo(options: argparse.Namespace) -> int:
    from coursekit.commands.report import grade_and_report
    from coursekit.demo.sample_class import new_demo_course

    course = new_demo_course(options.folder)
    print(f"course:    {course.root}\nreleased:  {course.release('ps1')}")
    return grade_and_report(course, "ps1", Settings())
