"""From a master to the notebook that nbgrader calls *source*."""

from collections.abc import Iterator

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.authoring.markdown import docstring_math, plain_markdown
from coursekit.authoring.masters import ManualExercise, Master, PlacedExercise
from coursekit.authoring.reference_source import END_SOLUTION, section
from coursekit.errors import CourseError

MANUAL_ANSWER = "The rubric above says what earns the points."
"""What stands in the instructor's version; nbgrader puts its own words into the students'."""

GOES_ON = "raises-exception"
"""Tag of the check cells: *Run All Cells* does not stop at a check that fails."""

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def check_id(exercise_id: str) -> str:
    """The ``grade_id`` of the cell that holds the points of an exercise."""
    return f"{exercise_id}-check"


def render_notebook(master: Master, book_url: str = "") -> nbformat.NotebookNode:
    """The notebook that nbgrader calls *source*: with solutions, and with its metadata.

    Parameters
    ----------
    master : Master
    book_url : str
        Address of the published book, for links.

    Raises
    ------
    CourseError
        If nbgrader's markers do not stand where they must.
    """
    notebook: nbformat.NotebookNode = new_notebook(metadata={"kernelspec": KERNEL})
    for cell in master.cells:
        if isinstance(cell, PlacedExercise):
            notebook.cells += exercise_cells(cell)
        elif isinstance(cell, ManualExercise):
            notebook.cells.append(manual_cell(cell))
        elif cell.cell_type == "markdown":
            notebook.cells.append(new_markdown_cell(plain_markdown(cell.source, book_url)))
        else:
            notebook.cells.append(new_code_cell(cell.source))
    for number, cell in enumerate(notebook.cells):
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id", f"{master.id}-cell-{number}")
    nbformat.validate(notebook)
    return notebook


def exercise_cells(exercise: PlacedExercise) -> Iterator[nbformat.NotebookNode]:
    """What stands in the notebook for one exercise: formula, the student's cell, the check."""
    formula = formula_text(exercise)
    if formula:
        yield new_markdown_cell(formula)
    yield new_code_cell(
        exercise.reference.solution_cell(),
        metadata={"nbgrader": grade_metadata(exercise.id, solution=True)},
    )
    yield new_code_cell(
        f"check({exercise.reference.name})",
        metadata={
            "nbgrader": grade_metadata(check_id(exercise.id), points=exercise.points),
            "tags": [GOES_ON],
        },
    )


def manual_cell(exercise: ManualExercise) -> nbformat.NotebookNode:
    """The student's Markdown cell: an answer and its points in one, as nbgrader has it."""
    metadata = grade_metadata(exercise.id, solution=True, points=exercise.points)
    cell: nbformat.NotebookNode = new_markdown_cell(MANUAL_ANSWER, metadata={"nbgrader": metadata})
    return cell


def formula_text(exercise: PlacedExercise) -> str:
    """The Notes of the reference's docstring as Markdown, unless the exercise hides them."""
    if exercise.hide_notes:
        return ""
    return docstring_math(section(exercise.reference.docstring, "Notes"))


def grade_metadata(
    grade_id: str, solution: bool = False, points: float | None = None
) -> dict[str, object]:
    """nbgrader's cell metadata, schema 3, for an answer (no points) or a check (points)."""
    metadata = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return metadata if points is None else metadata | {"points": points}


def require_clean(notebook: nbformat.NotebookNode) -> None:
    """Fail if a release still holds a solution marker.

    Raises
    ------
    CourseError
        Naming the cell.
    """
    for cell in notebook.cells:
        if "### BEGIN" in cell.source or END_SOLUTION in cell.source:
            raise CourseError(
                f"cell {cell.get('id', '?')} of the release holds a marker that was left over"
            )
