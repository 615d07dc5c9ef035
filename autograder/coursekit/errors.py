"""The error that a person who uses the course can act on."""


class CourseError(Exception):
    """Something in the course's own files or in a command is wrong.

    The message says what came, what was expected and what to do; the command line prints it
    without a traceback and exits with status 2.
    """
