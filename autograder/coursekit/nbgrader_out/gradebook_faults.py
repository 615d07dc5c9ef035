"""What is wrong with a gradebook, in a sentence that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from nbgrader.api import InvalidEntry
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from tornado.log import app_log

from coursekit.courses import Course
from coursekit.errors import CourseError

DAMAGED = (
    "it is damaged: put a whole copy of it in its place, or take out what can be read with "
    "`sqlite3 gradebook.db .recover`. Marks given by hand are in no other file; what was judged "
    "is kept, and is not judged again"
)
FULL = "make room on the disk, and run it again"
CLOSED = "let this user write to it and to the folder that it lies in"
ADVICE = {
    "not a database": DAMAGED,
    "malformed": DAMAGED,
    "corrupt": DAMAGED,
    "full": FULL,
    "i/o error": FULL,
    "readonly": CLOSED,
    "unable to open": CLOSED,
    "locked": "another program is writing to it: close that, formgrader for instance",
    "no such table": "it is no gradebook, or only a part of one: put a whole copy in its place",
    "no such column": "it is of another version of nbgrader: run `nbgrader db upgrade`",
}
"""What to do, by words in what the database says."""


@contextmanager
def gradebook_faults(course: Course) -> Iterator[None]:
    """Say in words what the database says, and keep nbgrader from logging the question.

    Raises
    ------
    CourseError
    """
    heard, app_log.disabled = app_log.disabled, True
    try:
        yield
    except SQLAlchemyError as error:
        raise CourseError(f"the gradebook {course.gradebook}: {said(error)}") from error
    except InvalidEntry as error:  # what nbgrader makes of it
        cause = error.__context__
        words = said(cause) if isinstance(cause, SQLAlchemyError) else str(error)
        raise CourseError(f"the gradebook {course.gradebook}: {words}") from error
    finally:
        app_log.disabled = heard


def said(error: SQLAlchemyError) -> str:
    """What a database says, on one line and without the question, and what to do."""
    words = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
    found = (advice for part, advice in ADVICE.items() if part in words.lower())
    return f"{words}: {next(found, 'see that it is whole, and that this user may write to it')}"
