"""nbgrader as a library: the three of its commands that the course calls, and its gradebook.

Importing nbgrader takes seconds, so this module is imported only by the commands that need it.
"""

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config, PyFileConfigLoader

from coursekit.courses import Course


@dataclass(frozen=True)
class Score:
    """What the gradebook says of one student's problem set."""

    student: str
    score: float
    max_score: float
    by_exercise: dict[str, float]


def load_config(course: Course) -> Config:
    """nbgrader's configuration of a course, with its root made absolute."""
    config = PyFileConfigLoader(course.config.name, path=str(course.root)).load_config()
    config.CourseDirectory.root = str(course.root)
    config.HTMLExporter.template_name = "feedback"
    return config


def quiet_log() -> logging.Logger:
    """A logger for nbgrader that keeps errors and drops the chatter."""
    log = logging.getLogger("coursekit.nbgrader")
    log.setLevel(logging.ERROR)
    return log


@contextmanager
def programs_on_path() -> Iterator[None]:
    """nbgrader starts ``alembic`` by name; it lies beside the interpreter that runs us."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def run_converter(
    kind: type[BaseConverter],
    course: Course,
    problem_set: str,
    student: str = "*",
    **directories: str,
) -> None:
    """Run one of nbgrader's converters on one problem set, overwriting what it made before."""
    config = load_config(course)
    config.CourseDirectory.update(directories)
    log = quiet_log()
    with programs_on_path(), warnings.catch_warnings():
        # nbgrader's own use of SQLAlchemy warns in a way that a user can do nothing about.
        warnings.simplefilter("ignore", SAWarning)
        coursedir = CourseDirectory(config=config, log=log)
        coursedir.assignment_id, coursedir.student_id = problem_set, student
        converter = kind(coursedir=coursedir, config=config, log=log)
        converter.force = True
        converter.start()


def generate_assignment(course: Course, problem_set: str) -> None:
    """source/ to release/, and the exercises into the gradebook."""
    run_converter(GenerateAssignment, course, problem_set)


def autograde(course: Course, problem_set: str, student: str, staged: str) -> None:
    """Grade one student's staged notebook into the gradebook."""
    run_converter(Autograde, course, problem_set, student, submitted_directory=staged)


def generate_feedback(course: Course, problem_set: str, student: str) -> None:
    """Write one student's feedback page."""
    run_converter(GenerateFeedback, course, problem_set, student)


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
