"""Measure grading against stock nbgrader, on the same files, in the same run.

    python -m tests.benchmarks.grading [--students 200] [--stock 40] [--jobs 3] [--rounds 3]

A class of honest submissions of problem set 1, right and wrong, is graded with ``course grade``:
sandbox and feedback included.  Some of the same files are graded with ``nbgrader autograde`` and
``nbgrader generate_feedback``.  Start-up is subtracted: each command also grades a single
submission, and the time per submission is the difference over the number of the others.  Both are
measured in turn, several times, as the speed of a machine changes; the medians count.

Beside it stand the rate with other numbers of processes, the memory that they take, and where the
time of one process goes, with the bare price of locking a submission in and running its cells.
"""

import argparse
import inspect
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import nbformat
import psutil

from coursekit.authoring.release import read_problem_set, release
from coursekit.courses import Course, init_course
from coursekit.demo import sample_answers
from coursekit.demo.sample_class import answered, source_as, source_of_mistake
from coursekit.grading.judge import PRELUDE, code_cells
from coursekit.grading.settings import Settings
from coursekit.sandbox.outcomes import Cell
from coursekit.submissions.rebuild import rebuild

if TYPE_CHECKING:
    from coursekit.grading.one_submission import Grader

RESULT = Path(__file__).parent / "results" / "grading.md"
PROGRAMS = Path(sys.executable).parent
Fill = Callable[[Course, int], None]
"""Has so many students hand in."""
STOCK_CONFIG = (
    'c = get_config()\nc.CourseDirectory.course_id = "stock"\n'
    "c.Execute.timeout = 600  # seconds on the clock, which a busy machine uses up\n"
)


@dataclass(frozen=True)
class Timing:
    """What a command took: seconds on the clock, and the peak of its memory in MiB."""

    seconds: float
    memory: float

    def beyond(self, start: "Timing", count: int) -> "Timing":
        """What each of so many took, when another command took the same start."""
        return Timing((self.seconds - start.seconds) / count, self.memory)


def new_course(folder: Path) -> Course:
    """A course with problem set 1 released."""
    course = init_course(folder)
    release(course, "ps1")
    return course


def hand_in(course: Course, count: int, seed: int = 0) -> None:
    """Put honest submissions into a course: each exercise right, or with one known mistake."""
    given = nbformat.read(course.release("ps1") / "ps1.ipynb", as_version=4)
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
    """Run a program to its end, and measure it with all that it starts."""
    began, peak = time.monotonic(), 0.0
    environment = os.environ | {
        "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
        "PYTHONWARNINGS": "ignore",
    }
    with tempfile.TemporaryFile() as log:
        process = psutil.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        while process.poll() is None:
            peak = max(peak, memory_of(process))
            with suppress(psutil.TimeoutExpired):
                process.wait(2.0)  # to look at the memory takes time, too
        seconds = time.monotonic() - began
        log.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)}: {log.read()[-3000:].decode()}")
    return Timing(seconds, peak)


def first_result(course: Course) -> dict[str, float]:
    """Seconds until a class run shows its first result, and of the least that this could take.

    Everything was tested and compiled by an earlier run; nothing was judged.
    """
    command = [str(PROGRAMS / "course"), "grade", "ps1"]
    timed(command, course.root)
    shutil.rmtree(course.results("ps1"))
    began = time.monotonic()
    with psutil.Popen(command, cwd=course.root, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        shown = time.monotonic() - began
        process.communicate()
    numpy = timed([sys.executable, "-c", "import numpy"], course.root).seconds
    return {"first result of a class run": shown, "importing NumPy": numpy}


def memory_of(process: psutil.Process) -> float:
    """MiB that a process holds with all that it started; what they share is counted once."""
    total = 0
    with suppress(psutil.Error):
        for one in [process, *process.children(recursive=True)]:
            with suppress(psutil.Error):
                total += one.memory_full_info().pss
    return total / 2**20


def ours(course: Course, name: str, fill: Fill, students: int, jobs: int) -> Timing:
    """Time per submission of ``course grade``, and the peak of its memory."""
    command = [str(PROGRAMS / "course"), "grade", name, "--jobs", str(jobs)]
    fill(course, jobs)
    start = timed(command, course.root)
    shutil.rmtree(course.results(name))
    fill(course, students)
    whole = timed(command, course.root)
    return whole.beyond(start, students - jobs)


def stock(course: Course, name: str, fill: Fill, students: int) -> list[Timing]:
    """Time per submission of ``nbgrader autograde`` and of ``nbgrader generate_feedback``."""
    found = []
    for count in (1, students):
        fill(course, count)
        found.append([
            timed([str(PROGRAMS / "nbgrader"), command, name, "--force"], course.root)
            for command in ("autograde", "generate_feedback")
        ])  # fmt: skip
    return [whole.beyond(start, students - 1) for start, whole in zip(*found, strict=True)]


def stock_course(folder: Path) -> Course:
    """A course of stock nbgrader with the same problem set 1."""
    made = new_course(folder.with_name(f"{folder.name}-made"))
    course = Course(folder)
    shutil.copytree(made.source("ps1"), course.source("ps1"))
    course.config.write_text(STOCK_CONFIG, encoding="utf-8")
    timed([str(PROGRAMS / "nbgrader"), "generate_assignment", "ps1"], course.root)
    return course


def where_time_goes(folder: Path, students: int) -> dict[str, float]:
    """Median seconds of one process for each part of a submission."""
    from coursekit.grading.one_submission import Grader
    from coursekit.nbgrader_out.gradebook import read_graded, writing

    course = new_course(folder)
    given = nbformat.read(course.release("ps1") / "ps1.ipynb", as_version=4)
    hand_in(course, students)
    grader, parts = Grader(course, "ps1", Settings(sandbox="bwrap")), []
    with closing(grader), writing(course, "ps1") as gradebook:
        for student in course.students("ps1"):
            submitted = (course.submitted() / student / "ps1" / "ps1.ipynb").read_bytes()
            cells = code_cells(rebuild(given, submitted).notebook, grader.master)
            graded = course.autograded(student, "ps1")
            actions = (
                lambda cells=cells: run_cells(grader, cells),
                lambda student=student: grader.grade(student),
                lambda student=student, graded=graded: gradebook.write(
                    student, {"ps1": read_graded(graded.read_text(encoding="utf-8"))}
                ),
                lambda student=student: grader.feedback.write(student),
            )
            parts.append([seconds(action) for action in actions])
    bare, judged, rows, feedback = (median(column) for column in zip(*parts[1:], strict=True))
    return {
        "lock in, run the cells, clear away": bare,
        "call the functions, compare, explain, write the result": judged - bare,
        "gradebook": rows,
        "feedback page": feedback,
    }


def run_cells(grader: "Grader", cells: Sequence[Cell]) -> None:
    with grader.pool.submission([PRELUDE, *cells]):
        pass


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def page(
    mine: dict[int, list[Timing]], theirs: list[list[float]], parts: dict[str, float],
    first: dict[str, float], options: argparse.Namespace,
) -> Iterator[str]:  # fmt: skip
    """The result in Markdown."""
    rounds = [timing.seconds for timing in mine[options.jobs]]
    yield "# Grading a class, against stock nbgrader\n"
    yield (
        "Seconds on the clock per submission of problem set 1, start-up subtracted, in one run: "
        f"medians of {len(rounds)} rounds, in each of which both are measured. The submissions are "
        "right or hold known mistakes; none waits for a limit.\n"
    )
    yield "| | seconds | times ours |\n| --- | ---: | ---: |"
    ours = f"`course grade`, {options.students} submissions, {options.jobs} processes"
    yield f"| {ours}, sandbox and feedback | {median(rounds):.3f} | 1 |"
    for k, name in enumerate(("autograde", "generate_feedback")):
        of = f"`nbgrader {name}`, {options.stock} of the same"
        yield row(of, [seconds[k] for seconds in theirs], rounds)
    yield row("**both commands of stock nbgrader**", [sum(two) for two in theirs], rounds)
    ratios = (f"{sum(two) / own:.1f}" for two, own in zip(theirs, rounds, strict=True))
    yield f"\nBoth commands over ours, round by round: {', '.join(ratios)}."
    yield "\n## Rate and memory by the number of processes\n"
    yield "| processes | submissions a second | peak memory, MiB |\n| ---: | ---: | ---: |"
    for jobs, timings in sorted(mine.items()):
        rate = 1 / median(timing.seconds for timing in timings)
        yield f"| {jobs} | {rate:.1f} | {max(timing.memory for timing in timings):.0f} |"
    yield (
        "\nThe memory is that of all processes, with what they share counted once: the command "
        "itself, and for each of its processes one that judges and one that is forked for "
        "submissions.\n"
    )
    yield "## Where the time of one process goes\n"
    yield "Medians over submissions, one after the other, in milliseconds.\n"
    yield "| part | ms | share |\n| --- | ---: | ---: |"
    for name, value in parts.items():
        yield f"| {name} | {1000 * value:.0f} | {value / sum(parts.values()):.0%} |"
    yield from until_first(first, sum(parts.values()))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("nbgrader", "numpy"))
    yield (
        f"\nPython {platform.python_version()}, {versions}; {os.cpu_count()} cores; load of the "
        f"machine at the end (1, 5, 15 minutes): {load}."
    )


def until_first(first: dict[str, float], submission: float) -> Iterator[str]:
    """The part of the page about what an instructor waits for."""
    shown, numpy = first.values()
    least = numpy + submission
    yield "\n## Until the first result\n"
    yield "Seconds on the clock from the command to its first line, beside the least possible.\n"
    yield "| | seconds | times the least |\n| --- | ---: | ---: |"
    yield f"| first result of a class run | {shown:.2f} | {shown / least:.1f} |"
    yield f"| importing NumPy, and one submission in all its parts | {least:.2f} | 1 |"


def row(name: str, theirs: Sequence[float], ours: Sequence[float]) -> str:
    ratio = median(their / own for their, own in zip(theirs, ours, strict=True))
    return f"| {name} | {median(theirs):.3f} | {ratio:.1f} |"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--students", type=int, default=200)
    options.add_argument("--stock", type=int, default=40)
    options.add_argument("--jobs", type=int, default=Settings().jobs)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--out", type=Path, default=RESULT)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="grading-") as name:
        folder = Path(name)
        mine, theirs = defaultdict(list), []
        for number in range(chosen.rounds):
            others = set(range(1, chosen.jobs + 2)) if number == 0 else {chosen.jobs}
            for jobs in sorted(others):
                course = new_course(folder / f"{number}-ours-{jobs}")
                timing = ours(course, "ps1", hand_in, chosen.students, jobs)
                mine[jobs].append(timing)
                print(f"round {number + 1}: {jobs} processes: {timing}", flush=True)
            peer = stock_course(folder / f"{number}-stock")
            theirs.append([each.seconds for each in stock(peer, "ps1", hand_in, chosen.stock)])
            print(f"round {number + 1}: stock: {theirs[-1]}", flush=True)
        parts = where_time_goes(folder / "parts", min(chosen.students, 40))
        first = first_result(Course(folder / "parts"))
    text = "\n".join(page(mine, theirs, parts, first, chosen)) + "\n"
    print(text)
    chosen.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
