"""Which answers the gradebook's marks are about, so that a changed one can be told from the same.

A mark that a person gave stays given. The person must look again only where the answer is no
longer the one that was marked. So the gradebook keeps a digest of each answer, in a table of its
own: it changes in the transaction that changes the grades, and travels with the file.
"""

import hashlib
import json

from nbformat import NotebookNode
from nbgrader import utils
from sqlalchemy import Column, MetaData, String, Table, insert, select, update
from sqlalchemy.orm import Session

CHECK = "-check"
"""What our checks have behind the name of their exercise."""

ANSWERS = Table(
    "coursekit_answers", MetaData(),
    Column("grade_id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False),
)  # fmt: skip


class SeenAnswers:
    """The digests of a gradebook, noted in its session and kept when that is committed."""

    def __init__(self, session: Session) -> None:
        self.session = session
        ANSWERS.create(session.connection(), checkfirst=True)
        session.commit()
        rows = session.execute(select(ANSWERS.c.grade_id, ANSWERS.c.digest))
        self.digests: dict[str, str] = {row.grade_id: row.digest for row in rows}
        self.noted: dict[str, str] = {}

    def changes(self, grade_id: str, digest: str) -> bool:
        """Note an answer; whether another stood in its place."""
        before = self.digests.get(grade_id)
        if before != digest:
            self.noted[grade_id] = digest
        return before not in (None, digest)

    def commit(self) -> None:
        """Commit the session with what was noted."""
        new = {key: digest for key, digest in self.noted.items() if key not in self.digests}
        for key in self.noted.keys() - new.keys():
            change = update(ANSWERS).where(ANSWERS.c.grade_id == key)
            self.session.execute(change.values(digest=self.noted[key]))
        if new:
            rows = [{"grade_id": key, "digest": digest} for key, digest in new.items()]
            self.session.execute(insert(ANSWERS), rows)
        self.session.commit()
        self.digests |= self.noted
        self.noted = {}

    def rollback(self) -> None:
        """Undo what was not committed."""
        self.noted = {}
        self.session.rollback()


class Answers:
    """The answers in a graded notebook, cell by cell.

    Parameters
    ----------
    notebook : NotebookNode, optional
        None if it was not handed in.
    """

    def __init__(self, notebook: NotebookNode | None) -> None:
        self.cells = notebook.cells if notebook else []
        self.own: dict[str, NotebookNode] = {}
        self.judged: dict[str, float | None] = {}
        for cell in self.cells:
            mine = cell.metadata.get("nbgrader")
            if mine and mine.get("solution"):
                self.own[mine.grade_id] = cell
            elif mine and mine.get("grade"):
                self.judged[mine.grade_id] = utils.determine_grade(cell)[0]

    def digest(self, name: str) -> str:
        """Of what a grade is about: an exercise's own cell, or all cells where it has none.

        Parameters
        ----------
        name : str
            The ``grade_id`` of the cell that has the points; those that the judge gave count.
        """
        text = json.dumps([self._parts(name), self.judged.get(name)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def digest_of_source(self, name: str) -> str:
        """The same without the points that the judge gave."""
        return hashlib.sha256(json.dumps(self._parts(name), sort_keys=True).encode()).hexdigest()

    def _parts(self, name: str) -> list[list[object]]:
        own = self.own.get(name.removesuffix(CHECK))
        cells = self.cells if own is None else [own]
        return [[cell.source, cell.get("attachments")] for cell in cells]
