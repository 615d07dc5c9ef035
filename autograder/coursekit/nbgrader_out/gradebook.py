"""nbgrader's gradebook: one writer during a class run, and what was written."""

import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace

from nbformat import NotebookNode, v4
from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import SAWarning

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.nbgrader_out.agreed import AgreedTerms, utc
from coursekit.nbgrader_out.converters import (
    load_config,
    open_gradebook,
    programs_on_path,
    quiet_log,
)
from coursekit.nbgrader_out.gradebook_faults import gradebook_faults
from coursekit.nbgrader_out.gradebook_rows import GradebookRows
from coursekit.nbgrader_out.kept_points import KeptPoints
from coursekit.nbgrader_out.seen_answers import CHECK, Answers, SeenAnswers
from coursekit.nbgrader_out.timestamps import read_timestamp
from coursekit.policies.terms import Terms
from coursekit.policies.times import duration
from coursekit.submissions.handed_in import handed_in

UNQUOTED = (
    "`nbgrader export` writes the comma of this name into the table as it is: add the line "
    'c.ExportApp.plugin_class = "coursekit.nbgrader_plugin.export.QuotedCsv" to nbgrader_config.py'
)
"""For courses whose configuration was made before it said so."""


EARLIER = "An earlier attempt counts, which has more points than your last one."


@dataclass(frozen=True)
class Score:
    """What the gradebook says of one student's problem set."""

    student: str
    score: float
    max_score: float
    by_exercise: dict[str, float]


@dataclass(frozen=True)
class Mark:
    """What the gradebook gives for one cell.

    Attributes
    ----------
    points : float
        With what a person gave, or gave in addition.
    by_hand : bool
        Whether a person gave them.
    waits : bool
        Whether a person must look at it.
    """

    points: float
    by_hand: bool
    waits: bool


@dataclass(frozen=True)
class Standing:
    """What the gradebook says of a submission after its grades were written.

    Attributes
    ----------
    marks : dict of str to Mark
        By the ``grade_id`` of the cell.
    penalty : float
        Points that are taken off.
    late : str
        How much too late it came, in words; empty if it did not.
    oddities : tuple of str
        A sentence each.
    excused : bool
        Whether the problem set does not count for this student.
    policies : tuple of str
        What the student reads of due date, late days and penalty, a sentence each.
    late_days : str
        Those that are spent on it, in words; known only to the grading that spends them.
    """

    marks: dict[str, Mark]
    penalty: float
    late: str
    oddities: tuple[str, ...]
    excused: bool = False
    policies: tuple[str, ...] = ()
    late_days: str = ""


@contextmanager
def writing(course: Course, problem_set: str) -> "Iterator[GradebookWriter]":
    """The gradebook of a course, opened for the one writer of a class run."""
    coursedir = CourseDirectory(config=load_config(course), log=quiet_log())
    with warnings.catch_warnings():
        # nbgrader's own use of SQLAlchemy warns in a way that a user can do nothing about.
        warnings.simplefilter("ignore", SAWarning)
        with programs_on_path(), gradebook_faults(course):
            gradebook = Gradebook(coursedir.db_url, coursedir.course_id)
        with closing(gradebook):
            with gradebook_faults(course):
                writer = GradebookWriter(course, problem_set, coursedir, gradebook)
            yield writer


class GradebookWriter:
    """Writes grades; what it writes twice is written once.

    It does with a graded notebook what nbgrader's ``SaveAutoGrades`` does, in one transaction.

    Parameters
    ----------
    course : Course
    problem_set : str
    coursedir : CourseDirectory
        nbgrader's, with the configuration of the course.
    gradebook : Gradebook
        Open.
    """

    def __init__(
        self, course: Course, problem_set: str, coursedir: CourseDirectory, gradebook: Gradebook
    ) -> None:
        self.course, self.problem_set, self.coursedir = course, problem_set, coursedir
        self.gradebook, self.names = gradebook, cell_names(gradebook)
        self.seen, self.kept = SeenAnswers(gradebook.db), KeptPoints(gradebook.db)
        self.agreed = AgreedTerms(course, problem_set, gradebook)
        self._see_marked()

    def write(
        self, student: str, notebooks: dict[str, NotebookNode], attempt: str = ""
    ) -> Standing:
        """Put one student's grades into the gradebook, from the graded notebooks by name.

        Parameters
        ----------
        student : str
        notebooks : dict
        attempt : str
            The folder of the attempt that counts, where it is not the last one.

        Returns
        -------
        Standing
            What stands there now, with the marks that were given by hand.

        Raises
        ------
        CourseError
            If the gradebook cannot be written.
        """
        with gradebook_faults(self.course):
            try:
                return self._write(student, notebooks, attempt)
            except BaseException:
                self.seen.rollback()  # the next student's grades start from what is in the file
                raise

    def keep_points(
        self, student: str, exercise: str, notebook: NotebookNode, points: float | None
    ) -> None:
        """Keep points for an answer, or none any more; they count when it is written next."""
        for grade, name in self._grades(student, exercise):
            self.kept.keep(grade.id, Answers(notebook).digest_of_source(name), points)

    def kept_points(self, student: str, exercise: str, notebook: NotebookNode) -> float:
        """The points that were kept for an answer; 0 where none were."""
        kept = (
            self.kept.of(grade.id, Answers(notebook).digest_of_source(name))
            for grade, name in self._grades(student, exercise)
        )
        return max((points for points in kept if points is not None), default=0.0)

    def by_hand(self, student: str, exercise: str) -> float | None:
        """The points that a person gave for an exercise; None where nobody did."""
        given = (grade.manual_score for grade, _ in self._grades(student, exercise))
        return next((float(points) for points in given if points is not None), None)

    def _grades(self, student: str, exercise: str) -> Iterator[tuple[Grade, str]]:
        """The grades of one exercise, each with the name of its cell."""
        submission = self.gradebook.find_submission(self.problem_set, student)
        for part in submission.notebooks:
            for grade in part.grades:
                name = self.names[grade.cell_id]
                if name.removesuffix(CHECK) == exercise:
                    yield grade, name

    def date(self, student: str) -> None:
        """Note when a student handed in and when that was due, where ``course.toml`` says it."""
        if self.agreed.owns_dates:
            with gradebook_faults(self.course):
                self._submission(student)
                self.gradebook.db.commit()

    def _write(self, student: str, notebooks: dict[str, NotebookNode], attempt: str) -> Standing:
        submission, oddities, terms = self._submission(student, attempt)
        said = [EARLIER] if attempt else []
        for part in submission.notebooks:
            rows = GradebookRows(part, self.names, self.seen, self.kept)
            if part.name in notebooks:
                oddities += rows.write(notebooks[part.name])
            else:
                oddities += rows.write_missing()
            said += rows.said
        self.seen.commit()
        seconds = submission.total_seconds_late
        if self.agreed.policies.decide:
            self.agreed.take_off(submission, terms)
            self.gradebook.db.commit()
        else:
            self._late_penalties(submission, notebooks)
        standing = self._standing(submission.id, duration(seconds), oddities)
        noted = self.agreed.note(submission.id, terms, standing.penalty, said)
        self.gradebook.db.commit()
        return replace(
            standing, excused=noted.excused, policies=noted.sentences, late_days=terms.spent
        )

    def _late_penalties(
        self, submission: SubmittedAssignment, notebooks: dict[str, NotebookNode]
    ) -> None:
        """What the plugin of nbgrader's configuration takes off."""
        for part in submission.notebooks:
            late = submission.total_seconds_late > 0 or part.late_submission_penalty is not None
            if late and part.name in notebooks:
                self._late_penalty(submission.student.id, part.name, notebooks[part.name])

    def _standing(self, submission: str, late: str, oddities: tuple[str, ...]) -> Standing:
        """What stands in the file: the penalty may have been written by another session."""
        db, part = self.gradebook.db, SubmittedNotebook
        grades = db.query(
            Grade.cell_id, Grade.score, Grade.manual_score, Grade.needs_manual_grade
        ).join(part, part.id == Grade.notebook_id)
        marks = {
            self.names[cell]: Mark(float(score), manual is not None, bool(waits))
            for cell, score, manual, waits in grades.filter(part.assignment_id == submission)
        }
        penalties = db.query(part.late_submission_penalty).filter(part.assignment_id == submission)
        return Standing(marks, float(sum(p or 0 for (p,) in penalties)), late, oddities)

    def _see_marked(self) -> None:
        """Note the answers that were marked before answers were noted, while they are there."""
        marked = (
            self.gradebook.db.query(Grade)
            .join(SubmittedNotebook)
            .join(SubmittedAssignment)
            .join(Assignment)
            .filter(Assignment.name == self.problem_set, Grade.manual_score.isnot(None))
        )
        for grade in marked:
            if grade.id in self.seen.digests:
                continue
            student, name = grade.student.id, grade.notebook.name
            path = self.course.autograded(student, self.problem_set).with_name(f"{name}.ipynb")
            with suppress(FileNotFoundError):
                notebook = read_graded(path.read_text(encoding="utf-8"))
                self.seen.changes(grade.id, Answers(notebook).digest(self.names[grade.cell_id]))
        self.seen.commit()

    def _submission(
        self, student: str, attempt: str = ""
    ) -> tuple[SubmittedAssignment, tuple[str, ...], Terms]:
        hand_ins = self.course.root / attempt if attempt else None
        with handed_in(self.course, student, self.problem_set, hand_ins) as hand_in:
            hand_in.oddities.clear()  # the grader named those of the folder
            timestamp = read_timestamp(hand_in)
        self.gradebook.update_or_create_student(student)
        details = {"timestamp": timestamp} if timestamp else {}
        submission = self.gradebook.update_or_create_submission(
            self.problem_set, student, **details
        )
        if "," in student and "plugin_class" not in self.coursedir.config.ExportApp:
            hand_in.oddities.append(UNQUOTED)
        terms = self.agreed.date(submission, utc(timestamp))
        return submission, tuple(hand_in.oddities), terms

    def _late_penalty(self, student: str, name: str, notebook: NotebookNode) -> None:
        names = {"notebook": name, "assignment": self.problem_set, "student": student}
        resources = {"nbgrader": {**names, "db_url": self.coursedir.db_url}}
        AssignLatePenalties(config=self.coursedir.config).preprocess(notebook, resources)


def cell_names(gradebook: Gradebook) -> dict[str, str]:
    """``grade_id`` of each cell of the gradebook by the key that grades and comments have."""
    return dict(gradebook.db.query(BaseCell.id, BaseCell.name).all())


def read_graded(text: str) -> NotebookNode:
    """A graded notebook, which the judge wrote: it is valid, and is not validated again."""
    notebook: NotebookNode = v4.reads(text)
    return notebook


def locked_sources(course: Course, problem_set: str, notebook: str) -> dict[str, str]:
    """Sources of the locked cells of a notebook as the gradebook keeps them, by ``grade_id``."""
    with open_gradebook(course) as gradebook:
        try:
            cells = gradebook.find_notebook(notebook, problem_set).source_cells
        except MissingEntry as error:
            raise CourseError(
                f"the gradebook does not know {problem_set}/{notebook}: run "
                f"`nbgrader generate_assignment {problem_set}` first"
            ) from error
        return {cell.name: cell.source for cell in cells if cell.locked}


def read_scores(course: Course, problem_set: str) -> dict[str, Score]:
    """The gradebook's scores of a problem set, by student."""
    with open_gradebook(course) as gradebook:
        return {
            submission.student.id: Score(
                submission.student.id,
                submission.score,
                submission.max_score,
                {
                    grade.name.removesuffix(CHECK): grade.score
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                },
            )
            for submission in gradebook.assignment_submissions(problem_set)
        }


Marks = tuple[float | None, float | None, bool, str | None]


def read_grades(course: Course, problem_set: str) -> dict[tuple[str, str, str], Marks]:
    """All of a gradebook that grading writes, by student, notebook and cell.

    Returns
    -------
    dict
        Automatic score, score, whether a person must look at it, and automatic comment. Under
        the cell ``""`` stands the late penalty of a notebook.
    """
    found: dict[tuple[str, str, str], Marks] = {}
    with open_gradebook(course) as gradebook:
        for submission in gradebook.assignment_submissions(problem_set):
            for notebook in submission.notebooks:
                place = (submission.student.id, notebook.name)
                comments = {comment.name: comment.auto_comment for comment in notebook.comments}
                found[(*place, "")] = (None, notebook.late_submission_penalty, False, None)
                for grade in notebook.grades:
                    words = comments.get(grade.name)
                    needed = bool(grade.needs_manual_grade)
                    found[(*place, grade.name)] = (grade.auto_score, grade.score, needed, words)
    return found
