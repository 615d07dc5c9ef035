"""nbgrader as a library: its configuration, and the commands of its that the course calls.

Importing nbgrader takes seconds, so this module is imported only by the commands that need it.
"""

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.nbgrader_out.gradebook_faults import gradebook_faults


def load_config(course: Course) -> Config:
    """nbgrader's configuration of a course, with its root made absolute.

    Raises
    ------
    CourseError
        If it cannot be run.
    """
    config = read_config(course)
    config.CourseDirectory.root = str(course.root)
    config.HTMLExporter.template_name = "feedback"
    return config


def read_config(course: Course) -> Config:
    """nbgrader's configuration as the instructor wrote it.

    What it names is looked for beside it first, such as a plugin of the instructor's own: so
    nbgrader's documentation says, whose commands run in the course directory.

    Raises
    ------
    CourseError
        If it cannot be run.
    """
    if str(course.root) not in sys.path:
        sys.path.insert(0, str(course.root))
    try:
        return PyFileConfigLoader(course.config.name, path=str(course.root)).load_config()
    except Exception as error:
        raise CourseError(
            f"{course.config.name} cannot be run ({type(error).__name__}: {error}); mend it"
        ) from error


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


@contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """The gradebook that the configuration of a course names, to be read.

    Raises
    ------
    CourseError
        It cannot be opened or read.
    """
    coursedir = CourseDirectory(config=load_config(course), log=quiet_log())
    with (
        gradebook_faults(course),
        programs_on_path(),
        Gradebook(coursedir.db_url, coursedir.course_id) as gradebook,
    ):
        yield gradebook


def run_converter(
    kind: type[BaseConverter],
    course: Course,
    problem_set: str,
    student: str = "*",
    **folders: str,
) -> None:
    """Run one of nbgrader's converters on one problem set, overwriting what it made before.

    ``folders`` names folders of the course otherwise, such as ``release_directory``.
    """
    config = load_config(course)
    log = quiet_log()
    with gradebook_faults(course), programs_on_path(), warnings.catch_warnings():
        # nbgrader's own use of SQLAlchemy warns in a way that a user can do nothing about.
        warnings.simplefilter("ignore", SAWarning)
        coursedir = CourseDirectory(config=config, log=log, **folders)
        coursedir.assignment_id, coursedir.student_id = problem_set, student
        with Gradebook(coursedir.db_url, coursedir.course_id):
            pass  # a converter would log the traceback of a damaged one, and end without its reason
        converter = kind(coursedir=coursedir, config=config, log=log)
        converter.force = True
        converter.start()


def generate_assignment(course: Course, problem_set: str, folder: str = "release") -> None:
    """source/ to a folder of releases, and the exercises into the gradebook."""
    run_converter(GenerateAssignment, course, problem_set, release_directory=folder)
