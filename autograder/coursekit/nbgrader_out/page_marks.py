"""What the gradebook gives to a feedback page, asked for once and not for each cell."""

from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, Gradebook

from coursekit.nbgrader_out.agreed import agreed
from coursekit.policies.times import duration

Resources = dict[str, Any]


@dataclass(frozen=True)
class PageMarks:
    """What the gradebook gives to a page.

    Attributes
    ----------
    grades : tuple of (str, float, float)
        Cell, score and highest score.
    comments : tuple of (str, str)
        Cell and comment.
    score, max_score, penalty : float
        Of the notebook.
    late : str
        How much too late it came, in words.
    policies : tuple of str
        Due date, late days and penalty, a sentence each.
    """

    grades: tuple[tuple[str, float, float], ...]
    comments: tuple[tuple[str, str], ...]
    score: float
    max_score: float
    penalty: float
    late: str
    policies: tuple[str, ...] = ()


def marks_of(gradebook: Gradebook, notebook: str, assignment: str, student: str) -> PageMarks:
    """The marks of one notebook, with one question in place of one for each cell."""
    db = gradebook.db
    found = gradebook.find_submission_notebook(notebook, assignment, student)
    grades = db.query(BaseCell.name, Grade.score, Grade.max_score).join(
        BaseCell, BaseCell.id == Grade.cell_id
    )
    comments = db.query(BaseCell.name, Comment.comment).join(
        BaseCell, BaseCell.id == Comment.cell_id
    )
    marks = PageMarks(
        tuple(sorted(map(tuple, grades.filter(Grade.notebook_id == found.id)))),
        tuple(sorted(map(tuple, comments.filter(Comment.notebook_id == found.id)), key=str)),
        found.score,
        found.max_score,
        found.late_submission_penalty or 0,
        duration(found.assignment.total_seconds_late),
        agreed(db, found.assignment.id).sentences,
    )
    db.rollback()  # nothing was written; the next page must see what others write meanwhile
    return marks


def with_marks(nb: NotebookNode, resources: Resources, marks: PageMarks) -> None:
    """Put marks where nbgrader's template looks for them, as its ``GetGrades`` does."""
    cells = {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader
             for cell in nb.cells if "nbgrader" in cell.metadata}  # fmt: skip
    for name, score, points in marks.grades:
        cells[name].update(score=score, points=points)
    for name, comment in marks.comments:
        cells[name].update(comment=comment)
    place = resources["nbgrader"]
    place.update(score=marks.score - marks.penalty, max_score=marks.max_score)
    place.update(late_penalty=marks.penalty, late=marks.late, policies=marks.policies)
