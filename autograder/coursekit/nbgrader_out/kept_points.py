"""Points that a regrade has kept: they stand as long as the answer is the same.

They lie in a table of the gradebook of their own, which nbgrader leaves alone.
"""

from collections import defaultdict

from nbgrader.api import Assignment, BaseCell, Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import Column, Float, MetaData, String, Table, delete, insert, select
from sqlalchemy.orm import Session

from coursekit.courses import Course
from coursekit.nbgrader_out.converters import open_gradebook

POINTS = Table(
    "coursekit_kept_points", MetaData(),
    Column("grade_id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("points", Float, nullable=False),
)  # fmt: skip

Kept = dict[str, tuple[str, float]]
"""By cell: the digest of an answer, and the points that were kept for it."""


def kept_by_student(course: Course, problem_set: str) -> dict[str, Kept]:
    """What was kept in a problem set."""
    found: dict[str, Kept] = defaultdict(dict)
    with open_gradebook(course) as gradebook:
        connection = gradebook.db.connection()
        if not connection.dialect.has_table(connection, POINTS.name):
            return {}
        rows = (
            gradebook.db.query(
                SubmittedAssignment.student_id, BaseCell.name, POINTS.c.digest, POINTS.c.points
            )
            .select_from(Grade)
            .join(POINTS, POINTS.c.grade_id == Grade.id)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == problem_set)
        )
        for student, cell, digest, points in rows:
            found[student][cell] = digest, points
    return dict(found)


class KeptPoints:
    """The kept points of a gradebook, in the session of its one writer."""

    def __init__(self, session: Session) -> None:
        self.session = session
        POINTS.create(session.connection(), checkfirst=True)
        session.commit()
        rows = session.execute(select(POINTS))
        self.kept = {row.grade_id: (row.digest, row.points) for row in rows}

    def of(self, grade_id: str, digest: str) -> float | None:
        """The points kept for an answer; None if there are none, or it is another answer."""
        known, points = self.kept.get(grade_id, ("", None))
        return points if known == digest else None

    def keep(self, grade_id: str, digest: str, points: float | None) -> None:
        """Keep points for an answer, in the place of others, or none."""
        if self.kept.pop(grade_id, None) is not None:
            self.session.execute(delete(POINTS).where(POINTS.c.grade_id == grade_id))
        if points is not None:
            self.kept[grade_id] = digest, points
            row = {"grade_id": grade_id, "digest": digest, "points": points}
            self.session.execute(insert(POINTS).values(**row))
