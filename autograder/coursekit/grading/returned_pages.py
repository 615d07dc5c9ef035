"""Feedback pages in a zip that a learning platform takes back.

Canvas and Moodle know whose a file is by the name that they gave it when it was downloaded. So
the archive that came from them says what each page must be called: as the file that it is about,
with the ending of a page. Whose file it is follows from what is in it, which is what was handed
in; of several students who handed in the same, from their names.
"""

import hashlib
import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.grading.recorded import graded_students, require_released
from coursekit.names import shown, shown_names
from coursekit.nbgrader_out.feedback import pages_and_marks
from coursekit.nbgrader_out.roster import names_of_students
from coursekit.submissions.cells import MAX_FILE
from coursekit.worker.personal import one_form

MOST_FILES = 20_000
"""Files of an archive."""
MOST_BYTES = 4 * 2**30
"""Of all files of an archive together, when they are unpacked."""
NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Returned:
    """What came of the files of an archive.

    Attributes
    ----------
    placed : dict of str to str
        The name of each page in the new archive, and the student whose it is.
    without : tuple of str
        Files for which there is no page, with the reason.
    missing : tuple of str
        Students who have a page, and no file in the archive.
    untold : tuple of str
        Students whose page another program made, so that nobody can tell whether its points are
        those of the gradebook.
    content : bytes
        Of the new archive.
    """

    placed: dict[str, str]
    without: tuple[str, ...]
    missing: tuple[str, ...]
    untold: tuple[str, ...]
    content: bytes


def returned_pages(course: Course, problem_set: str, archive: Path) -> Returned:
    """The feedback pages of a problem set, named as in the archive of what was handed in.

    Raises
    ------
    CourseError
        If the archive is none, nobody has a page, or a page shows other points or words than the
        gradebook has.
    """
    require_released(course, problem_set)
    students = graded_students(course, problem_set)
    pages = {s: course.feedback(s, problem_set) for s in students}
    pages = {student: page for student, page in pages.items() if page.is_file()}
    if not pages:
        raise CourseError(
            f"nobody has a feedback page of {problem_set}: `course grade {problem_set}` makes them"
        )
    owners = Owners(course, problem_set, list(pages))
    placed: dict[str, str] = {}
    without: list[str] = []
    for name, content in files_of(archive):
        student, why = owners.of(name, content)
        if not student:
            without.append(f"{shown(name)}: {why}")
        elif student not in placed.values():
            placed[str(PurePosixPath(name).with_suffix(".html"))] = student
    older, untold = pages_and_marks(course, problem_set, placed.values())
    if older:
        raise CourseError(
            f"the gradebook has other points, penalties or comments by now than the pages of "
            f"{len(older)} of these students: {shown_names(older)}. `course grade {problem_set}` "
            "writes their pages again; then run this"
        )
    return Returned(
        placed,
        tuple(without),
        tuple(student for student in pages if student not in placed.values()),
        tuple(untold),
        packed({name: pages[student] for name, student in placed.items()}),
    )


class Owners:
    """Whose a file is, by what is in it.

    Parameters
    ----------
    course : Course
    problem_set : str
    students : list of str
        Who has a page.
    """

    def __init__(self, course: Course, problem_set: str, students: list[str]) -> None:
        known = names_of_students(course)
        self.names = {s: [s, *known.get(s, ())] for s in students}
        self.by_digest: dict[str, list[str]] = {}
        for student in students:
            for digest in digests_in(course.submitted() / student / problem_set):
                self.by_digest.setdefault(digest, []).append(student)

    def of(self, name: str, content: bytes | None) -> tuple[str, str]:
        """A student, or nobody and why."""
        if content is None:
            return "", "it is too large, or cannot be unpacked"
        found = self.by_digest.get(hashlib.sha256(content).hexdigest(), [])
        if len(found) > 1:
            found = [student for student in found if self.is_named(student, name)] or found
        if len(found) == 1:
            return found[0], ""
        if found:
            return "", f"{len(found)} students handed in the same, and its name is none of theirs"
        return "", "it is not what anybody with a page handed in"

    def is_named(self, student: str, file: str) -> bool:
        """Whether a file bears a name of a student's, in the letters of it alone."""
        return any(
            squeezed(name) in squeezed(file) for name in self.names[student] if squeezed(name)
        )


def squeezed(name: str) -> str:
    return NOT_LETTERS.sub("", unicodedata.normalize("NFKC", one_form(name))).lower()


def digests_in(folder: Path) -> Iterator[str]:
    """Of the plain files of a hand-in; a link is not followed."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            path = Path(place) / file
            if not path.is_symlink() and path.is_file() and path.stat().st_size <= MAX_FILE:
                yield hashlib.sha256(path.read_bytes()).hexdigest()


def files_of(archive: Path) -> Iterator[tuple[str, bytes | None]]:
    """The files of a zip by name, read within limits; nothing is unpacked anywhere.

    Raises
    ------
    CourseError
        If it is no zip, or too much.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [one for one in opened.infolist() if not one.is_dir()]
            if len(members) > MOST_FILES or sum(one.file_size for one in members) > MOST_BYTES:
                raise CourseError(
                    f"{archive} holds {len(members)} files, and more than {MOST_FILES} files or "
                    f"{MOST_BYTES >> 30} GB: is it what the platform gave you?"
                )
            for member in members:
                if is_plain(member.filename):
                    yield member.filename, content_of(opened, member)
    except OSError as error:
        raise CourseError(f"{archive} cannot be read: {error.strerror or error}") from error
    except zipfile.BadZipFile as error:
        raise CourseError(
            f"{archive} cannot be read as a zip ({error}); give the archive that the platform "
            "made of what was handed in"
        ) from error


def is_plain(name: str) -> bool:
    """Whether a name stays in the archive's own folder, and is none that systems add."""
    parts = PurePosixPath(name).parts
    return not name.startswith("/") and ".." not in parts and "__MACOSX" not in parts


def content_of(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | None:
    try:
        with opened.open(member) as file:
            content = file.read(MAX_FILE + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return None  # broken, packed in a way that is not known, or with a password
    return content if len(content) <= MAX_FILE else None


def packed(pages: Mapping[str, Path]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, page in pages.items():
            made.write(page, name)
    return content.getvalue()
