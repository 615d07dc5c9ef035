"""The course's policies in nbgrader's gradebook: due dates, extensions, penalties as it has them.

Formgrader, ``nbgrader export`` and the feedback read nbgrader's own fields. What these have no
field for, an excuse and the sentences for the student, stands in a table of its own beside them,
written in the same transaction.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nbgrader.api import (
    Assignment,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Boolean, Column, MetaData, Row, String, Table, Text, delete, insert, select
from sqlalchemy.orm import Session

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.nbgrader_out.timestamps import read_timestamp
from coursekit.policies.terms import CoursePolicies, Terms, policies_of
from coursekit.policies.times import naive
from coursekit.submissions.handed_in import handed_in

POLICIES = Table(
    "coursekit_policies", MetaData(),
    Column("submission_id", String(32), primary_key=True),
    Column("excused", Boolean, nullable=False),
    Column("sentences", Text, nullable=False),
)  # fmt: skip


@dataclass(frozen=True)
class Agreed:
    """What stands beside a submission in the gradebook.

    Attributes
    ----------
    excused : bool
    sentences : tuple of str
        For the student: due date, late days, what was taken off and why.
    """

    excused: bool = False
    sentences: tuple[str, ...] = ()


def agreed(session: Session, submission: str) -> Agreed:
    """What was noted for a submission; nothing where nothing was."""
    if not session.connection().dialect.has_table(session.connection(), POLICIES.name):
        return Agreed()
    row = session.execute(select(POLICIES).where(POLICIES.c.submission_id == submission)).first()
    return read(row) if row else Agreed()


def read(row: Row[Any]) -> Agreed:
    return Agreed(row.excused, tuple(json.loads(row.sentences)))


class AgreedTerms:
    """Brings the policies of a course into its gradebook, within the session of its one writer.

    Parameters
    ----------
    course : Course
    problem_set : str
    gradebook : Gradebook
        Open.

    Raises
    ------
    CourseError
        If a file of the policies is not right, or the gradebook does not know the problem set,
        because it was deleted or taken from elsewhere.
    """

    def __init__(self, course: Course, problem_set: str, gradebook: Gradebook) -> None:
        self.course, self.problem_set, self.gradebook = course, problem_set, gradebook
        self.policies = policies_of(course)
        POLICIES.create(gradebook.db.connection(), checkfirst=True)
        self.noted = {
            row.submission_id: read(row) for row in gradebook.db.execute(select(POLICIES))
        }
        assignment, due = self._assignment(), self.policies.due.get(problem_set)
        self.owns_dates = due is not None
        if due is not None:
            assignment.duedate = naive(due)
        gradebook.db.commit()

    def _assignment(self) -> Assignment:
        try:
            return self.gradebook.find_assignment(self.problem_set)
        except MissingEntry as error:
            raise CourseError(
                f"the gradebook does not know {self.problem_set}: `course release "
                f"{self.problem_set}` puts it there"
            ) from error

    def date(self, submission: SubmittedAssignment, came: datetime | None) -> Terms:
        """Note when a hand-in came and when it was due; a set without a date here is left alone.

        An extension that the gradebook was given by another program stays only there.
        """
        student = submission.student.id
        terms = terms_of(
            self.policies,
            submission,
            came,
            lambda name: when_it_came(self.course, self.gradebook, student, name),
        )
        if self.owns_dates:
            submission.timestamp = naive(came) if came else None
            submission.extension = terms.extension
        return terms

    def take_off(self, submission: SubmittedAssignment, terms: Terms) -> None:
        """Take off what the policies take off, where nbgrader's plugin does not."""
        parts: list[SubmittedNotebook] = submission.notebooks
        taken = self.policies.penalty(terms, submission.score, submission.max_score)
        for part, share in zip(parts, shares([p.score for p in parts], taken), strict=True):
            part.late_submission_penalty = share or None

    def note(self, submission: str, terms: Terms, taken: float, said: Sequence[str]) -> Agreed:
        """Keep what the student reads of all this, and of what else was decided."""
        found = Agreed(terms.excused, (*self.policies.sentences(terms, taken), *said))
        if self.noted.get(submission) != found:
            db, sentences = self.gradebook.db, json.dumps(found.sentences)
            db.execute(delete(POLICIES).where(POLICIES.c.submission_id == submission))
            new = insert(POLICIES).values(submission_id=submission, excused=found.excused)
            db.execute(new.values(sentences=sentences))
            self.noted[submission] = found
        return found


def terms_of(
    policies: CoursePolicies,
    submission: SubmittedAssignment,
    came: datetime | None,
    others: Callable[[str], datetime | None],
) -> Terms:
    """What holds for a submission by what the files of the course say now.

    A set without a date there has that of the gradebook.
    """
    student, assignment = submission.student.id, submission.assignment
    if assignment.name in policies.due:
        return policies.terms(student, assignment.name, came, others)
    excused = bool(policies.extensions.of(student, assignment.name).excused)
    own = submission.duedate if assignment.duedate else None
    return Terms(utc(assignment.duedate), utc(own), utc(submission.timestamp), excused=excused)


def when_it_came(
    course: Course, gradebook: Gradebook, student: str, problem_set: str
) -> datetime | None:
    """When a problem set of a student came: as it was graded, or as it lies there."""
    times = (
        gradebook.db.query(SubmittedAssignment.timestamp)
        .join(Assignment)
        .join(Student)
        .filter(Assignment.name == problem_set, Student.id == student)
    )
    graded = times.scalar()
    if graded is not None:
        return utc(graded)
    with handed_in(course, student, problem_set) as hand_in:
        return utc(read_timestamp(hand_in))


def utc(when: datetime | None) -> datetime | None:
    """A time of the gradebook's as a moment."""
    return when.replace(tzinfo=UTC) if when else None


def shares(scores: Sequence[float], taken: float) -> list[float]:
    """A penalty spread over the notebooks of a set, so that none takes more than it has."""
    found = []
    for score in scores:
        found.append(min(score, taken))
        taken -= found[-1]
    return found
