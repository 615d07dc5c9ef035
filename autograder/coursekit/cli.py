"""The command line ``course``."""

import argparse
import json
import sys
import time
from pathlib import Path

from coursekit.class_run import grade_class
from coursekit.courses import Course, find_course, init_course
from coursekit.errors import CourseError
from coursekit.results import (
    GRADER_ERROR,
    OPEN,
    UNTRUSTED,
    ExerciseResult,
    Result,
    write_atomically,
)
from coursekit.settings import Settings

DESCRIPTION = """\
Run a course on backpropagation: release its problem sets, grade what comes back.

An instructor's way through a term:

  course init ~/backprop-2027     a course directory, outside this checkout
  cd ~/backprop-2027
  course release ps1              release/ps1 is what the students get
      ... the students hand in; put their files at submitted/STUDENT/ps1/ps1.ipynb ...
  course grade ps1                grades, feedback pages, a gradebook

  course demo /tmp/demo           all of this at once, with a sample class of eight
  course verify ps1               try the cases of a problem set against known mistakes

The directory is an nbgrader course: `nbgrader formgrader`, `nbgrader export` and the other
commands of nbgrader work in it.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the result is the exit status.

    0 means done, 1 that the grader itself failed for a submission, 2 that the command or a file
    of the course is wrong.
    """
    options = parser().parse_args(arguments)
    try:
        return options.run(options)
    except CourseError as error:
        print(f"course {options.command}: {error}", file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        "course", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_init(commands)
    add_render(commands)
    add_release(commands)
    add_grade(commands)
    add_verify(commands)
    add_demo(commands)
    return top


def add_command(commands, name: str, run, summary: str, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=summary,
        description=text,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def add_course_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("problem_set", metavar="PROBLEM_SET", help="its name, for example ps1")
    command.add_argument(
        "--course",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="the course directory (default: the one around the current folder)",
    )


def add_book_url(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--book-url", default="", metavar="URL", help="where the book is published, for links to it"
    )


def add_init(commands) -> None:
    text = (
        "Make a course directory: nbgrader's configuration, a folder for your own exercises,\n"
        "and a secret that only you can read. DIR must not exist yet, or be empty."
    )
    command = add_command(commands, "init", run_init, "make a course directory", text)
    command.add_argument("folder", type=Path, metavar="DIR")


def run_init(options: argparse.Namespace) -> int:
    course = init_course(options.folder)
    print(f"A course lies in {course.root}; its README.md says how to go on.")
    return 0


def add_render(commands) -> None:
    text = (
        "Write source/PROBLEM_SET from its master: the notebook with solutions that nbgrader\n"
        "calls the source version. `course release` does this by itself."
    )
    command = add_command(commands, "render", run_render, "write the instructor's notebook", text)
    add_course_options(command)
    add_book_url(command)


def run_render(options: argparse.Namespace) -> int:
    from coursekit.release import read_problem_set, render_source

    course = find_course(options.course)
    master = read_problem_set(course, options.problem_set)
    folder = render_source(course, master, options.book_url)
    print(f"{folder}: {len(master.exercises)} exercises, {master.points:g} points, with solutions")
    return 0


def add_release(commands) -> None:
    text = (
        "Render the problem set and make release/PROBLEM_SET: the students' notebook without\n"
        "solutions, checks.py, the public cases, and how to set up. release/PROBLEM_SET.zip\n"
        "holds the same in one file for the students."
    )
    command = add_command(commands, "release", run_release, "make the students' version", text)
    add_course_options(command)
    add_book_url(command)


def run_release(options: argparse.Namespace) -> int:
    from coursekit.release import release

    folder = release(find_course(options.course), options.problem_set, options.book_url)
    print(f"{folder}.zip: give this file to the students; it holds the folder {folder}")
    return 0


def add_grade(commands) -> None:
    text = (
        "Grade every submission in submitted/*/PROBLEM_SET. Each is rebuilt from the release and\n"
        "runs in a sandbox by itself, so none can stop another. What was odd about one is said\n"
        "behind its score. A run that was stopped goes on where it was; what is graded already is\n"
        "not graded again. Exit status 1 means that the grader itself failed for somebody: that\n"
        "student has no new points, and another run tries again."
    )
    command = add_command(commands, "grade", run_grade, "grade a class", text)
    add_course_options(command)
    command.add_argument(
        "--jobs", type=int, default=Settings().jobs, metavar="N", help="processes (default: cores)"
    )
    command.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="judge on the workers of this Dask scheduler, for example tcp://localhost:8786",
    )
    command.add_argument("--json", type=Path, metavar="FILE", help="write all results to FILE")
    command.add_argument(
        "--no-sandbox",
        action="store_true",
        help="run student code with your own rights; only for code that you trust",
    )


def run_grade(options: argparse.Namespace) -> int:
    sandbox = "none" if options.no_sandbox else "auto"
    settings = Settings(options.jobs, sandbox, scheduler=options.scheduler)
    course = find_course(options.course)
    return grade_and_report(course, options.problem_set, settings, options.json)


def grade_and_report(
    course: Course, problem_set: str, settings: Settings, file: Path | None = None
) -> int:
    """Grade a class, a line for each student as soon as it is known, and a summary."""
    started, results = time.monotonic(), []
    total = len(course.students(problem_set))
    for result in grade_class(course, problem_set, settings):
        results.append(result)
        elapsed = time.monotonic() - started
        print(f"[{progress(len(results), total, elapsed)}] {result_line(result)}", flush=True)
    seconds = time.monotonic() - started
    if file:
        write_json(file, results)
    print(summary(course, results, seconds))
    return 0 if all(result.final and not result.fault for result in results) else 1


def progress(done: int, total: int, seconds: float) -> str:
    """How far a run is, how fast it goes and how long it will take."""
    left = (total - done) * seconds / done
    return f"{done}/{total}, {done / seconds:.1f}/s, {left:.0f} s left"


def result_line(result: Result) -> str:
    score = f"{result.student:24} {result.score:5g} of {result.max_score:g}"
    mistakes = [e.misconception for e in result.exercises if e.misconception]
    notes = [f"grader error: {result.fault}"] if result.fault else []
    notes += [f"grader error in {e.id}: {e.message}" for e in errors(result)]
    waiting = sum(exercise.outcome == OPEN for exercise in result.exercises)
    notes += [f"{waiting} to be marked by hand"] if waiting else []
    if any(exercise.evidence == UNTRUSTED for exercise in result.exercises):
        notes.append("untrusted: tests of an ordinary notebook, which run beside student code")
    notes += result.oddities
    line = score + (f"  ({', '.join(mistakes)})" if mistakes else "")
    return line + "".join(f"\n{'':10}- {note}" for note in notes)


def errors(result: Result) -> list[ExerciseResult]:
    return [exercise for exercise in result.exercises if exercise.outcome == GRADER_ERROR]


def summary(course: Course, results: list[Result], seconds: float) -> str:
    failed = [result.student for result in results if result.fault or not result.final]
    lines = [
        f"{len(results)} graded in {seconds:.1f} s",
        f"gradebook: {course.gradebook}",
        f"feedback:  {course.root / 'feedback'}",
    ]
    if failed:
        lines.append(f"The grader failed for {len(failed)}, run it again: {', '.join(failed)}")
    return "\n".join(lines)


def write_json(file: Path, results: list[Result]) -> None:
    """Scores and outcomes of all students, by name."""
    content = {
        result.student: {
            "score": result.score,
            "max_score": result.max_score,
            "fault": result.fault,
            "oddities": result.oddities,
            "exercises": {
                e.id: {k: v for k, v in vars(e).items() if k != "id"} for e in result.exercises
            },
        }
        for result in sorted(results, key=lambda result: result.student)
    }
    write_atomically(file.resolve(), json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def add_verify(commands) -> None:
    text = (
        "Verify problem sets: the reference gets full marks and an empty answer none, every\n"
        "misconception fails and is named, every automatic mutant of the reference fails, and the\n"
        "right implementations of the tests pass. Exit status 1 means that something is to mend."
    )
    command = add_command(commands, "verify", run_verify, "try the cases of problem sets", text)
    command.add_argument("problem_sets", nargs="*", metavar="PROBLEM_SET", help="default: all")
    command.add_argument(
        "--course", type=Path, metavar="DIR", help="verify the problem sets of a course, too"
    )
    command.add_argument(
        "--variants", type=Path, metavar="DIR", help="where right and wrong implementations lie"
    )
    command.add_argument("--seeds", type=int, default=3, metavar="N", help="sets of hidden cases")
    command.add_argument(
        "--sandbox", action="store_true", help="run the implementations in the sandbox as well"
    )
    command.add_argument("--markdown", type=Path, metavar="FILE", help="write the kill matrices")


def run_verify(options: argparse.Namespace) -> int:
    from coursekit.kill_matrix import markdown_table, text_table
    from coursekit.masters import MASTERS, find_master, read_master
    from coursekit.variants import VARIANTS, read_variants
    from coursekit.verify import verify

    folders = find_course(options.course).masters if options.course else (MASTERS,)
    known = sorted({path.stem for folder in folders for path in folder.glob("*.md")})
    problems, page = [], []
    for name in options.problem_sets or known:
        master = read_master(find_master(name, folders))
        variants = read_variants(name, options.variants or VARIANTS)
        reports = verify(master, variants, options.seeds)
        print(text_table(reports))
        page.append(markdown_table(master, reports))
        problems += [problem for report in reports for problem in report.problems]
        if options.sandbox:
            problems += sandbox_problems(master, variants)
    if options.markdown:
        write_atomically(options.markdown.resolve(), "\n".join(page))
    print("\n".join(problems) or "Nothing is to mend.")
    return 1 if problems else 0


def sandbox_problems(master, variants) -> list[str]:
    from coursekit.pool import WorkerPool
    from coursekit.verify_sandbox import verify_in_sandbox

    with WorkerPool(1) as pool:
        return verify_in_sandbox(master, variants, pool)


def add_demo(commands) -> None:
    text = (
        "Make a course in DIR, release problem set 1, hand in eight sample submissions (right,\n"
        "wrong in three ways, empty, untouched, a cell deleted, not a notebook) and grade them.\n"
        "A DIR that holds an earlier demo is made anew; any other folder is left alone."
    )
    command = add_command(commands, "demo", run_demo, "all of it, with a sample class", text)
    command.add_argument("folder", type=Path, metavar="DIR")


def run_demo(options: argparse.Namespace) -> int:
    from coursekit.demo import new_demo_course

    course = new_demo_course(options.folder)
    print(f"course:    {course.root}\nreleased:  {course.release('ps1')}")
    return grade_and_report(course, "ps1", Settings())
