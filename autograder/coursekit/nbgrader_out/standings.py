"""What the gradebook says of a whole class, asked for at once and not for each student."""

from collections import defaultdict

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy.orm import Session

from coursekit.courses import Course
from coursekit.nbgrader_out.agreed import agreed
from coursekit.nbgrader_out.converters import open_gradebook
from coursekit.nbgrader_out.gradebook import Mark, Standing
from coursekit.policies.times import duration


def standings(course: Course, problem_set: str) -> dict[str, Standing]:
    """What stands in the gradebook for a problem set, by student."""
    with open_gradebook(course) as gradebook:
        db = gradebook.db
        marks: dict[str, dict[str, Mark]] = defaultdict(dict)
        rows = (
            db.query(
                Student.id, BaseCell.name, Grade.score, Grade.manual_score, Grade.needs_manual_grade
            )
            .select_from(Grade)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(Student, Student.id == SubmittedAssignment.student_id)
            .filter(Assignment.name == problem_set)
        )
        for student, cell, score, manual, waits in rows:
            marks[student][cell] = Mark(float(score), manual is not None, bool(waits))
        return {
            submission.student_id: standing(db, submission, marks[submission.student_id])
            for submission in db.query(SubmittedAssignment)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == problem_set)
        }


def standing(db: Session, submission: SubmittedAssignment, marks: dict[str, Mark]) -> Standing:
    """What stands there for one student."""
    found = agreed(db, submission.id)
    return Standing(
        marks,
        float(sum(part.late_submission_penalty or 0 for part in submission.notebooks)),
        duration(submission.total_seconds_late),
        (),
        found.excused,
        found.sentences,
    )
