"""The error that a person can act on, those of the system in words, and guesses at names."""

import errno
import os
import re
import shutil
from collections.abc import Iterable
from difflib import get_close_matches

ADVICE = {
    errno.ENOSPC: "the disk is full; make room, and run it again",
    errno.EDQUOT: "no more may be kept on this disk; make room, and run it again",
    errno.EROFS: "nothing can be written there; choose another place, or have it opened",
    errno.EACCES: "this user may not; change the rights of it or of the folder that it lies in",
    errno.EPERM: "this user may not; change the rights of it or of the folder that it lies in",
    errno.EMFILE: "too many files are open; run it with fewer --jobs",
    errno.ENFILE: "too many files are open on this machine; run it again when it is less busy",
    errno.ENOMEM: "there is no memory left; run it with fewer --jobs",
    errno.EAGAIN: "the machine gives no more processes; run it with fewer --jobs",
    errno.EIO: "the disk cannot be read or written; see whether it is broken",
}
"""What to do, by the number of an error of the system."""

GATHERED = re.compile(r"\[Errno (\d+)\]")
"""How an error of the system begins where only its text is left."""


class CourseError(Exception):
    """Something in the course's own files or in a command is wrong.

    The message says what came, what was expected and what to do; the command line prints it
    without a traceback and exits with status 2.
    """


def in_words(error: BaseException) -> str:
    """An error as a sentence: what happened, to which file, and what to do, where it is known."""
    if isinstance(error, CourseError):
        return str(error)
    if isinstance(error, shutil.Error):
        error = first_of(error)
    if isinstance(error, OSError) and error.errno is not None:
        place = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        what = error.strerror or os.strerror(error.errno)
        advice = ADVICE.get(error.errno)
        return f"{place}{what}" + (f": {advice}" if advice else "")
    if isinstance(error, MemoryError):
        return ADVICE[errno.ENOMEM]
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def first_of(error: shutil.Error) -> OSError:
    """The first of the errors that copying a folder has gathered, as the system gave it."""
    listed = error.args[0]
    if not isinstance(listed, list) or not listed:
        return error
    _, place, why = listed[0]
    number = GATHERED.match(str(why))
    if number is None:
        return OSError(f"{place}: {why}")
    return OSError(int(number[1]), os.strerror(int(number[1])), place)


def guess(name: str, known: Iterable[str]) -> str:
    """A question to put before what there is, if a name looks like a mistyped one."""
    close = get_close_matches(name, list(known), 1)
    return f"is {close[0]} meant? " if close else ""
