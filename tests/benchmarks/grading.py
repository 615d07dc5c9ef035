"""Measure grading against stock nbgrader, on the same files, in the same run.

    python -m tests.benchmarks.grading [--students 200] [--stock 40] [--jobs 2]

A class of honest submissions of problem set 1, right and wrong, is graded with ``course grade``:
sandbox and feedback included.  Some of the same files are graded with ``nbgrader autograde`` and
``nbgrader generate_feedback``.  Start-up is subtracted: each command also grades a single
submission, and the time per submission is the difference over the number of the others.
"""

import argparse
import inspect
import os
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import nbformat

from coursekit import sample_answers
from coursekit.courses import Course, init_course
from coursekit.demo import answered, source_as, source_of_mistake
from coursekit.release import read_problem_set, release

RESULT = Path(__file__).parent / "results" / "grading.md"
PROGRAMS = Path(sys.executable).parent
STOCK_CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "stock"\n'


@dataclass(frozen=True)
class Timing:
    """What a command took: seconds on the clock, seconds of processor, its own and its children."""

    clock: float
    processor: float

    def __sub__(self, other: "Timing") -> "Timing":
        return Timing(self.clock - other.clock, self.processor - other.processor)

    def over(self, count: int) -> "Timing":
        return Timing(self.clock / count, self.processor / count)


def new_course(folder: Path) -> Course:
    """A course with problem set 1 released."""
    course = init_course(folder)
    release(course, "ps1")
    return course


def hand_in(course: Course, given: nbformat.NotebookNode, count: int, seed: int = 0) -> None:
    """Put honest submissions into a course: each exercise right, or with one known mistake."""
    chance, master = random.Random(seed), read_problem_set(course, "ps1")
    for number in range(count):
        answers = {}
        for exercise in master.exercises:
            right = source_as(exercise, getattr(sample_answers, exercise.reference.name))
            mistakes = [m for m in exercise.declaration.misconceptions if stands_alone(m.wrong)]
            wrong = chance.random() < 0.2 and mistakes
            answers[exercise.id] = (
                source_of_mistake(exercise, chance.choice(mistakes).id) if wrong else right
            ) + f"\n# student {number}\n"
        folder = course.submitted() / f"s{number:03}" / "ps1"
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(answered(given, answers), folder / "ps1.ipynb")


def stands_alone(function: Callable) -> bool:
    """Whether a function needs nothing but NumPy: then a student can have written it."""
    return set(inspect.getclosurevars(function).globals) <= {"np"}


def timed(command: Sequence[str], folder: Path) -> Timing:
    """Run a program and time it with all that it waits for."""
    environment = os.environ | {
        "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
        "PYTHONWARNINGS": "ignore",
    }
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    after, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - began
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timing(clock, used)


def ours(folder: Path, students: int, jobs: int) -> Timing:
    """Time per submission of ``course grade``."""
    course = new_course(folder)
    given = nbformat.read(course.release("ps1") / "ps1.ipynb", as_version=4)
    command = [str(PROGRAMS / "course"), "grade", "ps1", "--jobs", str(jobs)]
    hand_in(course, given, jobs)
    start = timed(command, course.root)
    shutil.rmtree(course.results("ps1"))
    hand_in(course, given, students)
    return (timed(command, course.root) - start).over(students - jobs)


def stock(folder: Path, students: int) -> tuple[Timing, Timing]:
    """Time per submission of ``nbgrader autograde`` and of ``nbgrader generate_feedback``."""
    made = new_course(folder.with_name("made"))
    course = Course(folder)
    shutil.copytree(made.source("ps1"), course.source("ps1"))
    course.config.write_text(STOCK_CONFIG)
    nbgrader = str(PROGRAMS / "nbgrader")
    timed([nbgrader, "generate_assignment", "ps1"], course.root)
    given = nbformat.read(course.release("ps1") / "ps1.ipynb", as_version=4)
    found = []
    for count in (1, students):
        hand_in(course, given, count)
        found.append([
            timed([nbgrader, name, "ps1", "--force"], course.root)
            for name in ("autograde", "generate_feedback")
        ])  # fmt: skip
    first, rest = ((found[1][k] - found[0][k]).over(students - 1) for k in range(2))
    return first, rest


def page(mine: Timing, theirs: tuple[Timing, Timing], options: argparse.Namespace) -> Iterator[str]:
    """The result in Markdown."""
    both = Timing(theirs[0].clock + theirs[1].clock, theirs[0].processor + theirs[1].processor)
    yield "# Grading a class, against stock nbgrader\n"
    yield "Seconds per submission of problem set 1, start-up subtracted, in one run.\n"
    yield "| | on the clock | of processor |\n|---|---:|---:|"
    rows = {
        f"`course grade`, {options.students} submissions, {options.jobs} processes, sandbox and "
        "feedback": mine,
        f"`nbgrader autograde`, {options.stock} of the same": theirs[0],
        "`nbgrader generate_feedback`": theirs[1],
        "**stock over ours**": Timing(both.clock / mine.clock, both.processor / mine.processor),
    }
    for name, timing in rows.items():
        yield f"| {name} | {timing.clock:.3f} | {timing.processor:.3f} |"
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("nbgrader", "numpy"))
    yield (
        f"\nPython {platform.python_version()}, {versions}; {os.cpu_count()} cores; load of the "
        f"machine at the end (1, 5, 15 minutes): {load}."
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--students", type=int, default=200)
    options.add_argument("--stock", type=int, default=40)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--out", type=Path, default=RESULT)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="grading-") as folder:
        mine = ours(Path(folder) / "ours", chosen.students, chosen.jobs)
        print(f"ours: {mine}", flush=True)
        theirs = stock(Path(folder) / "stock", chosen.stock)
    text = "\n".join(page(mine, theirs, chosen)) + "\n"
    print(text)
    chosen.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
