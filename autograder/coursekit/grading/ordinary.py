"""Ordinary nbgrader notebooks: their own test cells run in the sandbox, and score as nbgrader does.

Such tests run in the student's own process, so a forger can pass them: reports call these points
*untrusted*. What is kept is that a submission reaches nothing beyond itself and stops nobody.
"""

import base64
import copy
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade, is_grade, is_task

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.grading.notebook_outputs import cell_outputs
from coursekit.grading.results import BY_HAND, FAILED, OPEN, PASSED, UNTRUSTED, ExerciseResult
from coursekit.nbgrader_out.gradebook import locked_sources
from coursekit.sandbox.outcomes import Cell, CellReport
from coursekit.sandbox.pool import WorkerPool

MAX_FILES = 8 * 2**20
"""Bytes of files beside the notebook that its tests may read."""


def has_master(course: Course, problem_set: str) -> bool:
    """Whether a problem set is one of ours; otherwise it is an ordinary one of nbgrader."""
    return any((folder / f"{problem_set}.md").is_file() for folder in course.masters)


def released_notebooks(course: Course, problem_set: str) -> dict[str, NotebookNode]:
    """The notebooks of an assignment as nbgrader restores them: hidden tests included, by name.

    Raises
    ------
    CourseError
        If it was not released.
    """
    paths = sorted(course.release(problem_set).glob("*.ipynb"))
    if not paths:
        raise CourseError(
            f"{problem_set} is not released: run `course release {problem_set}` first, or "
            f"`nbgrader generate_assignment {problem_set}` for a notebook of your own"
        )
    read = {path.stem: nbformat.read(path, as_version=4) for path in paths}
    if has_master(course, problem_set):
        return {problem_set: read[problem_set]} if problem_set in read else {}
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


def files_beside(folder: Path) -> dict[str, bytes]:
    """The files of the release that are no notebooks, by their path, as many as may travel."""
    found, room = {}, MAX_FILES
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix != ".ipynb":
            room -= path.stat().st_size
            if room >= 0:
                found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def files_cell(files: dict[str, bytes]) -> Cell:
    """A cell that puts files into the folder in which the notebook runs."""
    packed = {name: base64.b64encode(content).decode() for name, content in files.items()}
    return Cell(
        "files",
        "import base64 as _b, pathlib as _p\n"
        f"for _n, _c in {packed!r}.items():\n"
        "    _p.Path(_n).parent.mkdir(parents=True, exist_ok=True)\n"
        "    _p.Path(_n).write_bytes(_b.b64decode(_c))\n"
        "import sys as _s; _s.path.insert(0, '')\n"
        "del _b, _p, _s",
    )


def run_notebook(notebook: NotebookNode, pool: WorkerPool, files: dict[str, bytes]) -> NotebookNode:
    """A copy of a notebook with what its cells gave when they ran in the sandbox, in order.

    Raises
    ------
    CourseError
        If the grader failed; nothing may be concluded then.
    """
    notebook = copy.deepcopy(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cells = [Cell(str(number), cell.source) for number, cell in enumerate(code)]
    with pool.submission([files_cell(files), *cells]) as run:
        if run.fault is not None:
            raise CourseError(run.fault)
        for cell, report in zip(code, run.cells[1:], strict=True):
            cell.outputs = list(outputs_of(cell, report))
            cell.execution_count = None
    return notebook


def outputs_of(cell: NotebookNode, report: CellReport) -> Iterator[NotebookNode]:
    """The outputs of a cell, with an error in the place of a score that nbgrader cannot take."""
    outputs = list(cell_outputs(report, results=True))
    reason = bad_score(cell, outputs) if cell.metadata.get("nbgrader", {}).get("grade") else ""
    yield from (output for output in outputs if not reason or output.output_type == "stream")
    if reason:
        yield new_output("error", ename="BadScore", evalue=reason, traceback=[reason])


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
