"""What the instructor reads before formgrader opens, and how it is started."""

import os
import sys
from collections.abc import Iterator
from typing import NoReturn

from coursekit.courses import Course
from coursekit.grading.recorded import released_sets
from coursekit.names import shown_names
from coursekit.nbgrader_out.converters import programs_on_path
from coursekit.nbgrader_out.standings import standings

PAGE = "/formgrader"


def mark(course: Course, port: int | None, no_browser: bool) -> NoReturn:
    """Say what waits for a mark, and become JupyterLab with formgrader's page in front.

    Raises
    ------
    CourseError
        If the gradebook cannot be read, which formgrader would say with a traceback.
    """
    print("\n".join(waiting(course)))
    print("When you have marked, `course grade` puts it on the feedback pages, set by set.")
    print("Formgrader's address follows; Ctrl-C ends it.", flush=True)
    os.chdir(course.root)
    with programs_on_path():
        os.execv(sys.executable, command(port, no_browser))


def waiting(course: Course) -> Iterator[str]:
    """A line for each problem set: who waits for a mark."""
    for problem_set in released_sets(course):
        graded = standings(course, problem_set)
        waits = sorted(
            student
            for student, standing in graded.items()
            if any(mark.waits for mark in standing.marks.values())
        )
        words = f"{len(waits)} of {len(graded)} wait for a mark"
        yield f"{problem_set}: {words}" + (f": {shown_names(waits)}" if waits else "")


def command(port: int | None, no_browser: bool) -> list[str]:
    """JupyterLab in this folder; root may start it, as root may grade."""
    words = [sys.executable, "-m", "jupyterlab", f"--LabApp.default_url={PAGE}"]
    words += ["--ServerApp.answer_yes=True"]  # Ctrl-C ends it without a question
    words += [f"--ServerApp.port={port}"] * (port is not None)
    words += ["--no-browser"] * no_browser
    return [*words, *["--allow-root"] * (os.geteuid() == 0)]
