"""One hand-in, graded where Gradescope runs us: as root, with the hand-in beside us.

Root only copies what is needed to a folder of its own, and opens the file for the results. From
then on this is another user's process, who can read neither the course's files nor anybody's.
"""

import json
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import nbformat

from coursekit.courses import Course
from coursekit.errors import CourseError, in_words
from coursekit.gradescope.results_file import refused, results
from coursekit.grading.executors import LocalProcesses, LostError
from coursekit.grading.file_note import ID
from coursekit.grading.grader_process import give_up, grade_student, tested
from coursekit.grading.results import Result, json_text
from coursekit.grading.settings import Settings
from coursekit.names import fault_of_name
from coursekit.nbgrader_out.roster import add_students
from coursekit.roster import EMAIL, LOGIN, NAME, STUDENT, Person, Roster, read_roster

PROBLEM_SET = "problem_set"
"""The file of an installed course that names the set that is graded."""
USER = "coursekit"
"""Made by the set-up; owns nothing but what it grades."""
NOBODY = "somebody"
"""Who hands in where Gradescope does not say who."""


def grade_in(place: Path, installed: Path) -> int:
    """Grade what lies in ``place/submission`` and write ``place/results/results.json``.

    Whatever happens, the file is there at the end; the result is the exit status.

    Parameters
    ----------
    place : Path
        ``/autograder``.
    installed : Path
        Holds the folder ``course``, as the zip had it.
    """
    target = place / "results" / "results.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    # what stands there says that the grader was stopped, and stays until there is more to say
    with open(os.open(target, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="utf-8") as file:
        try:
            said = graded_apart(place, installed)
        except Exception as error:
            said = refused(in_words(error))
        file.truncate()
        file.write(json_text(said, indent=1) + "\n")
    return 0


def graded_apart(place: Path, installed: Path) -> dict[str, Any]:
    """The results, found in a folder of its own that is gone afterwards."""
    about = metadata(place / "submission_metadata.json")
    with own_folder() as folder:
        shutil.copytree(installed / "course", folder / "course")
        course = Course(folder / "course")
        problem_set = (course.root / PROBLEM_SET).read_text(encoding="utf-8").strip()
        who = submitter(about, read_roster(course.root))
        there = course.submitted() / who.student / problem_set
        shutil.copytree(place / "submission", there, symlinks=True, ignore=special_files)
        if os.geteuid() == 0:
            become(USER, folder)
        add_students(course, [who.cells])
        return judged_results(course, problem_set, who.student)


def special_files(folder: str, names: list[str]) -> list[str]:
    """What is neither file nor folder nor link: nobody writes to a pipe, and it is not read."""
    kinds = {name: stat.S_IFMT(os.lstat(os.path.join(folder, name)).st_mode) for name in names}
    return [name for name in names if kinds[name] not in (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK)]


@contextmanager
def own_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="grading-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def metadata(path: Path) -> dict[str, Any]:
    """What Gradescope says of a hand-in; nothing where it says nothing that can be read."""
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return found
    return {}


def submitter(about: dict[str, Any], roster: Roster) -> Person:
    """The student as whom a hand-in is graded: of a group the first in the alphabet.

    A student whom the roster knows has the identity that `course collect` gives; another one is
    called by the address.
    """
    users = about.get("users")
    people = [person(user, roster) for user in users or () if isinstance(user, dict)]
    return min(people, key=lambda one: one.student, default=Person({STUDENT: NOBODY}))


def person(user: dict[str, Any], roster: Roster) -> Person:
    email, name = (str(user.get(key) or "").strip() for key in ("email", "name"))
    known = roster.find([(EMAIL, email), (LOGIN, email), (NAME, name)])
    if len(known) == 1:
        return roster.people[known.pop()]
    called = next((word for word in (email, name) if word and not fault_of_name(word)), NOBODY)
    return Person({STUDENT: called, "email": email, NAME: name})


def become(user: str, folder: Path) -> None:
    """Give a folder to a user, whose home it is, and be this user from now on.

    Raises
    ------
    CourseError
        If there is no such user.
    """
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        raise CourseError(
            f"the image has no user {user!r}: its set-up did not come to its end; build it again"
        ) from None
    for above, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(above, name), entry.pw_uid, entry.pw_gid, follow_symlinks=False)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    os.setgroups([])
    os.setresgid(entry.pw_gid, entry.pw_gid, entry.pw_gid)
    os.setresuid(entry.pw_uid, entry.pw_uid, entry.pw_uid)
    os.environ["HOME"] = str(folder)


def judged_results(course: Course, problem_set: str, student: str) -> dict[str, Any]:
    """Judge, and say what Gradescope shows."""
    result = judged(course, problem_set, student)
    if not result.final:
        failed = [one.message for one in result.exercises if one.message]
        raise CourseError(result.fault or result.refused or "; ".join(failed))
    note = about_the_file(course, problem_set, student)
    return results(result, note, course.settings.book.url)


def judged(course: Course, problem_set: str, student: str) -> Result:
    """The result of one hand-in; what may be the machine's doing is tried once more.

    Raises
    ------
    CourseError
        If student code cannot be locked in.
    LostError
        If the machine did not let it come to its end.
    """
    settings = tested(course, problem_set, Settings(jobs=1))
    with closing(LocalProcesses(course, problem_set, settings, 1)) as place:
        for last in (False, True):
            try:
                result: Result = place.result(grade_student, student)
            except LostError as loss:
                if loss.spent == "time" or (loss.spent and last):
                    given_up: Result = place.result(give_up, student, str(loss))
                    return given_up
                if last:
                    raise
            else:
                if result.final or last:
                    return result
    raise AssertionError("the last try returns or raises")


def about_the_file(course: Course, problem_set: str, student: str) -> list[str]:
    """The sentences that the graded notebook begins with, where there are some."""
    path = course.autograded(student, problem_set)
    cells = nbformat.read(path, as_version=4).cells
    noted = next((cell.source for cell in cells if cell.get("id") == ID), "")
    return [line[2:].rstrip(".") for line in noted.splitlines() if line.startswith("- ")]
