"""Measure grading of ordinary nbgrader notebooks against stock nbgrader, in the same run.

    python -m tests.benchmarks.ordinary [--students 40] [--stock 10] [--jobs 3] [--rounds 3]

An ordinary assignment has test cells, and they run beside the student's code in either grader: what
they take nobody saves. So two assignments are graded: nbgrader's own example, whose cells take
next to nothing, and one that imports what notebooks on data import, and computes for a second.
Beside them stands what the cell of the second takes by itself.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import nbformat
import nbgrader
from nbformat.v4 import new_code_cell, new_notebook
from tests.benchmarks.grading import PROGRAMS, RESULT, STOCK_CONFIG, Timing, ours, stock, timed

from coursekit.courses import Course, init_course
from coursekit.grading.settings import Settings

NAME = "lab1"
OUT = RESULT.with_name("grading_ordinary.md")
WORK = """\
### BEGIN SOLUTION
import time
import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LinearRegression

began = time.process_time()
while time.process_time() - began < 1:
    model = LinearRegression().fit(np.eye(50), np.arange(50))
plt.plot(model.coef_)
### END SOLUTION
"""


def example(course: Course) -> None:
    """nbgrader's own example: two notebooks, tests in the open, two answers for a person."""
    manual = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
    shutil.copytree(manual / "source" / "ps1", course.source(NAME))


def at_work(course: Course) -> None:
    """One notebook whose answer imports much and computes for a second."""

    def cell(source: str, grade_id: str, *, answer: bool) -> nbformat.NotebookNode:
        marks = {"schema_version": 3, "grade_id": grade_id, "task": False, "points": 1}
        marks |= {"grade": not answer, "locked": not answer, "solution": answer}
        return new_code_cell(source, metadata={"nbgrader": marks})

    cells = [
        cell(WORK, "work", answer=True),
        cell("assert len(model.coef_) == 50", "test", answer=False),
    ]
    course.source(NAME).mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), course.source(NAME) / "work.ipynb")


ASSIGNMENTS: dict[str, Callable[[Course], None]] = {
    "nbgrader's example, two notebooks": example,
    "imports, and a second of work": at_work,
}


def course_of(folder: Path, write: Callable[[Course], None], *, theirs: bool) -> Course:
    """A course with an assignment released, ours or one of stock nbgrader."""
    course = Course(folder) if theirs else init_course(folder)
    if theirs:
        folder.mkdir()
        course.config.write_text(STOCK_CONFIG, encoding="utf-8")
    write(course)
    timed([str(PROGRAMS / "nbgrader"), "generate_assignment", NAME], course.root)
    return course


def hand_in(course: Course, count: int) -> None:
    """Students who have all right."""
    for number in range(count):
        target = course.submitted() / f"s{number:03}" / NAME
        shutil.copytree(course.source(NAME), target, dirs_exist_ok=True)


def alone(source: str, folder: Path) -> float:
    """Seconds that a cell takes by itself, beyond those of Python's own start."""

    def took(text: str) -> float:
        return timed([str(PROGRAMS / "python"), "-c", text], folder).seconds

    return took(source) - took("pass")


def page(
    measured: dict[str, list[tuple[Timing, Timing]]], work: float, options: argparse.Namespace
) -> Iterator[str]:
    """The result in Markdown."""
    yield "# Grading ordinary notebooks, against stock nbgrader\n"
    yield (
        "Seconds on the clock per submission, start-up subtracted, in one run. Rounds: "
        f"{options.rounds}, in each of which both are measured, and medians count: "
        f"{options.students} submissions in {options.jobs} processes by `course grade`, "
        f"{options.stock} of the same by `nbgrader autograde` and `nbgrader generate_feedback`.\n"
    )
    yield "| assignment | `course grade` | stock nbgrader | times ours |"
    yield "| --- | ---: | ---: | ---: |"
    for name, rounds in measured.items():
        mine, theirs = ([each.seconds for each in side] for side in zip(*rounds, strict=True))
        ratio = median(their / own for their, own in zip(theirs, mine, strict=True))
        yield f"| {name} | {median(mine):.2f} | {median(theirs):.2f} | {ratio:.1f} |"
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    yield (
        f"\nThe cell of the second takes {work:.2f} seconds by itself, imports included. These no "
        "grader saves; several processors share them.\n\n"
        f"{os.cpu_count()} cores; load of the machine at the end (1, 5, 15 minutes): {load}."
    )


def together(parts: list[Timing]) -> Timing:
    """What several commands took, one after the other."""
    return Timing(
        sum(part.seconds for part in parts),
        max(part.memory for part in parts),
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--students", type=int, default=40)
    options.add_argument("--stock", type=int, default=10)
    options.add_argument("--jobs", type=int, default=Settings().jobs)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--out", type=Path, default=OUT)
    chosen = options.parse_args()
    measured: dict[str, list[tuple[Timing, Timing]]] = {}
    with tempfile.TemporaryDirectory(prefix="ordinary-") as name:
        for number in range(chosen.rounds):
            for title, write in ASSIGNMENTS.items():
                folder = Path(name) / f"{number}-{len(measured)}-{write.__name__}"
                course = course_of(folder, write, theirs=False)
                mine = ours(course, NAME, hand_in, chosen.students, chosen.jobs)
                course = course_of(folder.with_name(f"{folder.name}-stock"), write, theirs=True)
                theirs = together(stock(course, NAME, hand_in, chosen.stock))
                measured.setdefault(title, []).append((mine, theirs))
                print(f"round {number + 1}: {title}: {mine}, stock {theirs}", flush=True)
        work = median(alone(WORK, Path(name)) for _ in range(chosen.rounds))
    text = "\n".join(page(measured, work, chosen)) + "\n"
    print(text)
    chosen.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
