"""Points that a regrade has kept: they stand as long as the answer is the same.

They lie in a table of the gradebook of their own, which nbgrader leaves alone.
"""

from sqlalchemy import Column, Float, MetaData, String, Table, delete, insert, select
from sqlalchemy.orm import Session

POINTS = Table(
    "coursekit_kept_points", MetaData(),
    Column("grade_id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("points", Float, nullable=False),
)  # fmt: skip


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
