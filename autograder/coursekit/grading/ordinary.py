"""Ordinary nbgrader notebooks: their own test cells run in the sandbox, and score as nbgrader does.

Such tests run in the student's own process, so a forger can pass them: reports call these points
*untrusted*. What is kept is that a submission reaches nothing beyond itself and stops nobody.
"""

import copy
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

import nbformat
from nbformat import NotebookNode, writes
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade, is_grade, is_task

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.grading.folder_files import Files, SavedFolder, in_memory
from coursekit.grading.limit_notes import limit_met
from coursekit.grading.notebook_outputs import cell_outputs
from coursekit.grading.results import BY_HAND, FAILED, OPEN, PASSED, UNTRUSTED, ExerciseResult
from coursekit.nbgrader_out.gradebook import locked_sources
from coursekit.sandbox.attempts import Archive
from coursekit.sandbox.outcomes import Cell, CellReport
from coursekit.sandbox.pool import WorkerPool

BAD_SCORE = "BadScore"

BAD_TEST = (
    "the value of the test is no score that its points allow, and it counts as failed; mend it in "
    "source/, release it again, and grade again"
)

PRELUDE = Cell(
    "prelude",
    "import os, sys\n"
    "sys.path.insert(0, '')\n"
    "os.environ['NBGRADER_EXECUTION'] = 'autograde'\n"
    "del os, sys",
)
"""What a notebook finds when nbgrader runs it: modules in its folder, and a word of who runs it."""

KERNELS = {
    "ir": "R", "xr": "R", "octave": "Octave", "xoctave": "Octave", "matlab": "MATLAB",
    "sas": "SAS", "java": "Java", "ijava": "Java", "bash": "Bash", "javascript": "JavaScript",
    "xcpp17": "C++",
}  # fmt: skip
"""Languages of kernels whose notebooks may not say it."""


def released_notebooks(course: Course, problem_set: str) -> dict[str, NotebookNode]:
    """The notebooks of an assignment as nbgrader restores them: hidden tests included, by name.

    Raises
    ------
    CourseError
        If it was not released, or is not in Python.
    """
    paths = sorted(course.release(problem_set).glob("*.ipynb"))
    if not paths:
        raise CourseError(
            f"{problem_set} is not released: run `course release {problem_set}` first, or "
            f"`nbgrader generate_assignment {problem_set}` for a notebook of your own"
        )
    read = {path.stem: nbformat.read(path, as_version=4) for path in paths}
    if course.has_master(problem_set):
        return {problem_set: read[problem_set]} if problem_set in read else {}
    require_python(course, problem_set, read)
    return {name: with_hidden_tests(course, problem_set, name, read[name]) for name in read}


def with_hidden_tests(
    course: Course, problem_set: str, name: str, release: NotebookNode
) -> NotebookNode:
    """The release with its locked cells as the gradebook keeps them."""
    sources = locked_sources(course, problem_set, name)
    for cell in release.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = sources.get(grade_id, cell.source)
    return release


def require_python(course: Course, problem_set: str, notebooks: dict[str, NotebookNode]) -> None:
    """Refuse notebooks in another language, whose cells would all fail as Python.

    Raises
    ------
    CourseError
    """
    for name, notebook in notebooks.items():
        language = language_of(notebook)
        if language.lower() not in ("python", "ipython"):
            raise CourseError(
                f"{problem_set}/{name}.ipynb is in {language}, and only Python is graded here: "
                f"grade {problem_set} with `nbgrader autograde` in a course of stock nbgrader, or "
                f"take the notebook out of {course.release(problem_set)}"
            )


def language_of(notebook: NotebookNode) -> str:
    """The language of a notebook, by what it says of its kernel; Python if it says nothing."""
    kernel = notebook.metadata.get("kernelspec", {})
    named = kernel.get("language") or notebook.metadata.get("language_info", {}).get("name")
    return named or KERNELS.get(kernel.get("name", "").lower(), "Python")


@dataclass(frozen=True)
class Ran:
    """A notebook with what its cells gave.

    Attributes
    ----------
    notebook : NotebookNode
    limits_met, bad_tests : tuple of str
        For the instructor, a sentence each.
    """

    notebook: NotebookNode
    limits_met: tuple[str, ...]
    bad_tests: tuple[str, ...]

    def notes(self, points_lost: bool) -> tuple[str, ...]:
        """What the instructor should know; a limit that cost no point need not be known."""
        return (*(self.limits_met if points_lost else ()), *self.bad_tests)


def run_notebooks(
    notebooks: Mapping[str, NotebookNode], pool: WorkerPool, archives: Sequence[Archive]
) -> dict[str, Ran]:
    """Run the notebooks of a submission, one after the other in one folder, in the sandbox.

    Parameters
    ----------
    notebooks : mapping
        By name.
    pool : WorkerPool
    archives : sequence of Archive
        What lies in the folder before; the notebooks themselves do, too.

    Raises
    ------
    CourseError
        If the grader failed; nothing may be concluded then.
    """
    files = (in_memory(f"{name}.ipynb", writes(one).encode()) for name, one in notebooks.items())
    archives, ran = [*archives, Files(files)], {}
    with ExitStack() as kept:
        for left, (name, notebook) in enumerate(notebooks.items(), start=1 - len(notebooks)):
            folder = kept.enter_context(tempfile.TemporaryFile()) if left else None
            ran[name] = run_notebook(name, notebook, pool, archives, folder)
            archives = [SavedFolder(folder)] if folder else []
    return ran


def run_notebook(
    name: str, notebook: NotebookNode, pool: WorkerPool, archives: Sequence[Archive],
    folder: BinaryIO | None = None,
) -> Ran:  # fmt: skip
    """Run the cells of one notebook, in order.

    Parameters
    ----------
    name : str
    notebook : NotebookNode
    pool : WorkerPool
    archives : sequence of Archive
    folder : BinaryIO, optional
        Where to write what the folder holds afterwards.
    """
    notebook = copy.deepcopy(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cells = [Cell(str(number), cell.source) for number, cell in enumerate(code)]
    with pool.submission([PRELUDE, *cells], archives=archives) as run:
        if run.fault is not None:
            raise CourseError(run.fault)
        reports = run.cells[1:]
        if folder is not None:
            run.save_folder(folder)
    for cell, report in zip(code, reports, strict=True):
        cell.outputs = list(outputs_of(cell, report))
        cell.execution_count = None
    places = [place_of(name, number, cell) for number, cell in enumerate(code, start=1)]
    met = (limit_met(report, pool.limits) for report in reports)
    return Ran(
        notebook,
        tuple(f"{place}: {words}" for place, words in zip(places, met, strict=True) if words),
        tuple(f"{place}: {BAD_TEST}" for place, cell in zip(places, code, strict=True)
              if any(output.get("ename") == BAD_SCORE for output in cell.outputs)),
    )  # fmt: skip


def place_of(name: str, number: int, cell: NotebookNode) -> str:
    """A cell as the instructor finds it."""
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    return f"{name}, {grade_id or f'code cell {number}'}"


def outputs_of(cell: NotebookNode, report: CellReport) -> Iterator[NotebookNode]:
    """The outputs of a cell, with an error in the place of a score that nbgrader cannot take."""
    outputs = list(cell_outputs(report, results=True))
    reason = bad_score(cell, outputs) if cell.metadata.get("nbgrader", {}).get("grade") else ""
    yield from (output for output in outputs if not reason or output.output_type == "stream")
    if reason:
        yield new_output("error", ename=BAD_SCORE, evalue=reason, traceback=[reason])


def bad_score(cell: NotebookNode, outputs: list[NotebookNode]) -> str:
    """Why nbgrader would raise an error over the score of a test cell; empty if it would not."""
    try:
        determine_grade(NotebookNode({**cell, "outputs": outputs}))
    except (ValueError, KeyError, TypeError) as error:
        return str(error)
    return ""


def scores(notebook: NotebookNode) -> Iterable[ExerciseResult]:
    """What nbgrader makes of the outputs of a notebook, cell by cell."""
    for cell in notebook.cells:
        if is_task(cell):
            yield open_result(cell, float(cell.metadata.nbgrader.points))
        elif is_grade(cell):
            yield scored(cell, *determine_grade(cell))


def scored(cell: NotebookNode, score: float | None, points: float) -> ExerciseResult:
    grade_id = cell.metadata.nbgrader.grade_id
    if score is None:
        return open_result(cell, points)
    if cell.metadata.nbgrader.get("solution"):
        return ExerciseResult(grade_id, FAILED, 0.0, points, message="No answer.", evidence=BY_HAND)
    outcome = PASSED if score >= points else FAILED
    return ExerciseResult(grade_id, outcome, float(score), points, evidence=UNTRUSTED)


def open_result(cell: NotebookNode, points: float) -> ExerciseResult:
    return ExerciseResult(cell.metadata.nbgrader.grade_id, OPEN, 0.0, points, evidence=BY_HAND)
