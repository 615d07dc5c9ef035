"""The gradebook's rows of one notebook, filled as nbgrader's ``SaveAutoGrades`` fills them."""

from collections.abc import Iterator

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Comment, SubmittedNotebook

from coursekit.nbgrader_out.kept_points import KeptPoints
from coursekit.nbgrader_out.seen_answers import CHECK, Answers, SeenAnswers

CHANGED = (
    "the answer to {} is another one since it was marked by hand: the {:g} points stay until "
    "somebody marks it again"
)
KEPT = "{}: {:g} points come out now; the {:g} that a regrade kept stay"


class GradebookRows:
    """The rows of one student's notebook in the gradebook, all of them read at once.

    Parameters
    ----------
    notebook : SubmittedNotebook
    names : dict
        ``grade_id`` of each cell by its key.
    seen : SeenAnswers
    kept : KeptPoints

    Attributes
    ----------
    said : list of str
        What the student should know of it.
    """

    def __init__(
        self,
        notebook: SubmittedNotebook,
        names: dict[str, str],
        seen: SeenAnswers,
        kept: KeptPoints,
    ) -> None:
        self.grades = {names[grade.cell_id]: grade for grade in notebook.grades}
        self.comments = {names[comment.cell_id]: comment for comment in notebook.comments}
        self.seen, self.kept = seen, kept
        self.said: list[str] = []

    def write(self, notebook: NotebookNode) -> tuple[str, ...]:
        """Write automatic grades and comments; what must be marked again is said."""
        for cell in notebook.cells:
            if utils.is_grade(cell):
                grade = self.grades[cell.metadata.nbgrader.grade_id]
                grade.auto_score, _ = utils.determine_grade(cell)
            if utils.is_solution(cell) or utils.is_task(cell):
                self._comment(cell, self.comments[cell.metadata.nbgrader.grade_id])
        return (*self._kept(Answers(notebook)), *self._looked_at(notebook))

    def _kept(self, answers: Answers) -> Iterator[str]:
        """Give back the points that a regrade has kept for the same answer."""
        for name, grade in self.grades.items():
            points = self.kept.of(grade.id, answers.digest_of_source(name))
            if points is not None and grade.auto_score is not None and grade.auto_score < points:
                exercise = name.removesuffix(CHECK)
                yield KEPT.format(exercise, grade.auto_score, points)
                self.said.append(
                    f"{exercise} keeps the {points:g} points that you were given before."
                )
                grade.auto_score = points

    def write_missing(self) -> tuple[str, ...]:
        """Nothing for what was not handed in, and nothing to mark by hand."""
        for grade in self.grades.values():
            grade.auto_score = 0
        return self._looked_at(None)

    def _looked_at(self, notebook: NotebookNode | None) -> tuple[str, ...]:
        """Set what a person must look at: what nobody marked, and what changed since."""
        oddities, answers = [], Answers(notebook)
        for name, grade in self.grades.items():
            changed = self.seen.changes(grade.id, answers.digest(name))
            if grade.manual_score is None:
                grade.needs_manual_grade = grade.auto_score is None
            elif changed:
                grade.needs_manual_grade = True
                oddities.append(CHANGED.format(name.removesuffix(CHECK), grade.manual_score))
        return tuple(oddities)

    def _comment(self, cell: NotebookNode, comment: Comment) -> None:
        untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
        comment.auto_comment = "No response." if untouched and not utils.is_task(cell) else None
