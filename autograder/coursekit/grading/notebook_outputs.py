"""Write what was judged into the notebook that nbgrader and the student read."""

import base64
import copy
from collections.abc import Iterable
from dataclasses import asdict

from nbformat import NotebookNode
from nbformat.v4 import new_output

from coursekit.authoring.render import check_id
from coursekit.grading.judge import Judged
from coursekit.grading.results import GRADER_ERROR, ExerciseResult
from coursekit.names import shown_text
from coursekit.sandbox.outcomes import CellReport, Output
from coursekit.student_markdown import tex
from coursekit.submissions.cells import IMAGES, OURS
from coursekit.submissions.pictures import MOST_PIXELS, is_too_large

SAFE_KINDS = ("text/plain", "image/png", "image/jpeg", "text/latex")
"""MIME types of a student's output that are shown; HTML and scripts are not."""


def with_outputs(notebook: NotebookNode, judged: Judged) -> NotebookNode:
    """A copy of a rebuilt notebook with the outputs of its cells and of the judge.

    nbgrader reads the points of a check from its last output, a number; here the judge writes it.
    """
    notebook = copy.deepcopy(notebook)
    results = {check_id(result.id): result for result in judged.exercises}
    reports = {report.id: report for report in judged.cells}
    for number, cell in enumerate(notebook.cells):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in results:
            cell.outputs = list(judge_outputs(results[grade_id]))
            cell.metadata[OURS] = {**cell.metadata.get(OURS, {}), **for_page(results[grade_id])}
        elif cell.get("id", str(number)) in reports:
            cell.outputs = list(cell_outputs(reports[cell.get("id", str(number))]))
    return notebook


def for_page(result: ExerciseResult) -> dict[str, object]:
    """What the page shows of a result beside the judge's words."""
    return {"groups": list(map(asdict, result.groups)), "sections": list(result.sections)}


def judge_outputs(result: ExerciseResult) -> Iterable[NotebookNode]:
    """The judge's words, and the points as the number that nbgrader reads."""
    words = result.message
    if result.outcome == GRADER_ERROR:
        words = f"The grader failed here, not you; this is graded again. ({result.message})"
    points = {"text/plain": repr(float(result.points))}
    # new_output would validate each of them, which takes longer than all the rest here
    yield NotebookNode(output_type="stream", name="stdout", text=shown_text(words) + "\n")
    yield NotebookNode(output_type="execute_result", data=points, metadata={}, execution_count=1)


def cell_outputs(report: CellReport, results: bool = False) -> Iterable[NotebookNode]:
    """What a student's cell printed and showed, and the error that it ended with.

    Parameters
    ----------
    report : CellReport
    results : bool
        Whether the value of a cell's last line is told apart from what it displayed: nbgrader
        reads it as a score, so the cells of our own problem sets have none.
    """
    for output in report.outputs:
        yield from cell_output(output, results)
    if report.error:
        yield new_output(
            "error",
            ename=shown_text(report.error.type),
            evalue=shown_text(report.error.message),
            traceback=shown_text(report.error.traceback).splitlines(),
        )
    elif report.status in ("hung", "crashed", "skipped"):
        text = f"This cell was not run to its end: {report.reason}.\n"
        yield new_output("stream", name="stderr", text=text)


def cell_output(output: Output, results: bool) -> Iterable[NotebookNode]:
    if output.kind in ("stdout", "stderr"):
        yield new_output("stream", name=output.kind, text=shown_text(output.text))
    elif output.kind == "execute_result" and results:
        yield new_output("execute_result", data=rich_data(output), execution_count=1)
    elif output.kind in ("display_data", "execute_result", "update_display_data"):
        yield new_output("display_data", data=rich_data(output))


def rich_data(output: Output) -> dict[str, str]:
    """Data by MIME type, without what could run in the instructor's browser."""
    kept = {kind: as_text(output.data[kind]) for kind in SAFE_KINDS if kind in output.data}
    for kind in IMAGES:
        if kind in kept and is_too_large(kept[kind]):
            del kept[kind]
            kept["text/plain"] = f"A picture of more than {MOST_PIXELS} pixels is not shown."
    if tex.refused(kept.get("text/latex", "")):
        kept["text/plain"] = kept.pop("text/latex")
    if "text/plain" in kept or not kept:
        kept["text/plain"] = shown_text(kept.get("text/plain", output.text))
    return kept


def as_text(data: str | bytes) -> str:
    return base64.b64encode(data).decode() if isinstance(data, bytes) else data
