"""nbgrader's gradebook: one writer during a class run, and what was written."""

import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from nbformat import NotebookNode, v4
from nbgrader import utils
from nbgrader.api import (
    BaseCell,
    Comment,
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
from coursekit.nbgrader_out.converters import load_config, programs_on_path, quiet_log
from coursekit.nbgrader_out.timestamps import read_timestamp
from coursekit.submissions.handed_in import handed_in

UNQUOTED = (
    "`nbgrader export` writes the comma of this name into the table as it is: add the line "
    'c.ExportApp.plugin_class = "coursekit.nbgrader_plugin.export.QuotedCsv" to nbgrader_config.py'
)
"""For courses whose configuration was made before it said so."""


@dataclass(frozen=True)
class Score:
    """What the gradebook says of one student's problem set."""

    student: str
    score: float
    max_score: float
    by_exercise: dict[str, float]


@contextmanager
def writing(course: Course, problem_set: str) -> "Iterator[GradebookWriter]":
    """The gradebook of a course, opened for the one writer of a class run."""
    coursedir = CourseDirectory(config=load_config(course), log=quiet_log())
    with warnings.catch_warnings():
        # nbgrader's own use of SQLAlchemy warns in a way that a user can do nothing about.
        warnings.simplefilter("ignore", SAWarning)
        with programs_on_path():
            gradebook = Gradebook(coursedir.db_url, coursedir.course_id)
        with closing(gradebook):
            yield GradebookWriter(course, problem_set, coursedir, gradebook)


def require_late_plugin(course: Course) -> None:
    """Find the plugin for late penalties before anybody is graded.

    Raises
    ------
    CourseError
    """
    config = load_config(course)
    try:
        AssignLatePenalties(config=config).init_plugin()
    except Exception as error:
        plugin = config.AssignLatePenalties.get("plugin_class", "")
        raise CourseError(
            f"nbgrader_config.py names {plugin!r} for late penalties, which cannot be had "
            f"({type(error).__name__}: {error}). A class of your own stands in a file of the "
            "course directory: late.SubMarks is the class SubMarks in late.py"
        ) from error


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

    def write(self, student: str, notebooks: dict[str, NotebookNode]) -> tuple[str, ...]:
        """Put one student's grades into the gradebook, from the graded notebooks by name.

        Returns
        -------
        tuple of str
            What was odd, a sentence each.
        """
        submission, oddities = self._submission(student)
        for part in submission.notebooks:
            rows = GradebookRows(part, self.names)
            if part.name in notebooks:
                rows.write(notebooks[part.name])
            else:
                rows.write_missing()
        self.gradebook.db.commit()
        for part in submission.notebooks:
            late = submission.total_seconds_late > 0 or part.late_submission_penalty is not None
            if late and part.name in notebooks:
                self._late_penalty(student, part.name, notebooks[part.name])
        return oddities

    def _submission(self, student: str) -> tuple[SubmittedAssignment, tuple[str, ...]]:
        with handed_in(self.course, student, self.problem_set) as hand_in:
            hand_in.oddities.clear()  # the grader named those of the folder
            timestamp = read_timestamp(hand_in)
        self.gradebook.update_or_create_student(student)
        details = {"timestamp": timestamp} if timestamp else {}
        submission = self.gradebook.update_or_create_submission(
            self.problem_set, student, **details
        )
        if "," in student and "plugin_class" not in self.coursedir.config.ExportApp:
            hand_in.oddities.append(UNQUOTED)
        return submission, tuple(hand_in.oddities)

    def _late_penalty(self, student: str, name: str, notebook: NotebookNode) -> None:
        names = {"notebook": name, "assignment": self.problem_set, "student": student}
        resources = {"nbgrader": {**names, "db_url": self.coursedir.db_url}}
        AssignLatePenalties(config=self.coursedir.config).preprocess(notebook, resources)


class GradebookRows:
    """The rows of one student's notebook in the gradebook, all of them read at once.

    Parameters
    ----------
    notebook : SubmittedNotebook
    names : dict
        Of :func:`cell_names`.
    """

    def __init__(self, notebook: SubmittedNotebook, names: dict[str, str]) -> None:
        self.grades = {names[grade.cell_id]: grade for grade in notebook.grades}
        self.comments = {names[comment.cell_id]: comment for comment in notebook.comments}

    def write(self, notebook: NotebookNode) -> None:
        for cell in notebook.cells:
            if utils.is_grade(cell):
                self._grade(cell, self.grades[cell.metadata.nbgrader.grade_id])
            if utils.is_solution(cell) or utils.is_task(cell):
                self._comment(cell, self.comments[cell.metadata.nbgrader.grade_id])

    def write_missing(self) -> None:
        """Nothing for what was not handed in, and nothing to mark by hand."""
        for grade in self.grades.values():
            grade.auto_score, grade.needs_manual_grade = 0, False

    def _grade(self, cell: NotebookNode, grade: Grade) -> None:
        grade.auto_score, _ = utils.determine_grade(cell)
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None

    def _comment(self, cell: NotebookNode, comment: Comment) -> None:
        untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
        comment.auto_comment = "No response." if untouched and not utils.is_task(cell) else None


def cell_names(gradebook: Gradebook) -> dict[str, str]:
    """``grade_id`` of each cell of the gradebook by the key that grades and comments have."""
    return dict(gradebook.db.query(BaseCell.id, BaseCell.name).all())


def read_graded(text: str) -> NotebookNode:
    """A graded notebook, which the judge wrote: it is valid, and is not validated again."""
    notebook: NotebookNode = v4.reads(text)
    return notebook


def locked_sources(course: Course, problem_set: str, notebook: str) -> dict[str, str]:
    """Sources of the locked cells of a notebook as the gradebook keeps them, by ``grade_id``."""
    coursedir = CourseDirectory(config=load_config(course), log=quiet_log())
    with programs_on_path(), Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
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
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        return {
            submission.student.id: Score(
                submission.student.id,
                submission.score,
                submission.max_score,
                {
                    grade.name.removesuffix("-check"): grade.score
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
        Automatic score, score, whether a person must look at it, and automatic comment.  Under
        the cell ``""`` stands the late penalty of a notebook.
    """
    found: dict[tuple[str, str, str], Marks] = {}
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
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
