"""The one change to nbgrader's pipeline: hand-ins are read by us, and notebooks rebuilt."""

import copy
import re
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from coursekit.courses import Course, make_private
from coursekit.errors import CourseError
from coursekit.grading.executors import LostError
from coursekit.grading.file_note import with_note
from coursekit.grading.folder_files import released_files
from coursekit.grading.one_submission import in_words
from coursekit.grading.settings import scope_of
from coursekit.grading.submission_parts import Part
from coursekit.names import fault_of_name, shown
from coursekit.nbgrader_out.gradebook import writing
from coursekit.nbgrader_out.roster import as_known, known_students
from coursekit.nbgrader_out.timestamps import NAME, read_timestamp
from coursekit.nbgrader_plugin.judging import (
    found,
    graded_master,
    judging_process,
    ready,
    rebuilt,
    released,
)
from coursekit.sandbox.worker_process import SandboxUnavailableError
from coursekit.submissions.finding import SubmittedFile
from coursekit.submissions.handed_in import HandIn, NotTakenError, handed_in

MAX_FILES = 10_000
"""Files of one hand-in that are copied for nbgrader."""


class RebuildingExporter(NotebookExporter):
    """Give nbgrader hand-ins that are plain files, and notebooks that are rebuilt and valid.

    nbgrader opens what it finds, follows links, and copies the files beside a notebook by their
    content: a link to a private key would reach the feedback. It makes this exporter when it
    knows whose work to grade and has opened none of it. From then on it reads copies of ours, in
    which there are only plain files of students whose names can be shown.

    nbgrader's own exporter raises for a file that is not a notebook, which stops the whole
    class. nbgrader calls this one twice, for the submission and for the sanitized copy; a rebuilt
    notebook rebuilds to itself.

    It is made before anything is graded: where student code cannot be locked in, the command ends
    here, and not with a traceback for each student.
    """

    parent: Any  # nbgrader's converter, which makes this

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]  # nbconvert's
        try:
            require_gradable(Path(self.parent.coursedir.root), self.parent.coursedir.assignment_id)
        except (SandboxUnavailableError, CourseError) as error:
            self.log.error("%s", error)
            raise SystemExit(2) from None
        self.files: dict[tuple[str, str], SubmittedFile] = {}
        self.advice: dict[tuple[str, str], tuple[str, ...]] = {}
        if isinstance(self.parent, Autograde):
            folder, self.files = read_copies(self.parent)
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def from_file(
        self, file_stream: Any, resources: dict[str, Any] | None = None, **kwargs: object
    ) -> Any:
        submission = file_stream.buffer.read()
        names = (resources or {})["nbgrader"]
        course = Course(Path(self.parent.coursedir.root))
        release = released(course.root, names["assignment"]).get(names["notebook"])
        if release is None:
            raise CourseError(
                f"{names['notebook']} was not released: run `course release "
                f"{names['assignment']}` first"
            )
        notebook = with_note(*self._rebuilt(course, names, release, submission))
        return self.from_notebook_node(notebook, resources, **kwargs)  # type: ignore[no-untyped-call]  # nbconvert's

    def _rebuilt(
        self, course: Course, names: dict[str, str], release: NotebookNode, submission: bytes
    ) -> tuple[NotebookNode, tuple[str, ...]]:
        """The notebook to be graded, and what the student should know about the file."""
        place, key = (course.root, names["assignment"]), (names["student"], names["notebook"])
        try:
            made = judging_process(*place).done(rebuilt, *place, names["notebook"], submission)
        except LostError as loss:
            self.log.warning("%s: %s", names["student"], in_words(str(loss)))
            return copy.deepcopy(release), ()
        if key in self.files:  # this time it is the submission
            self.advice[key] = Part(self.files.pop(key), made).advice
        return made.notebook, self.advice.get(key, ())


def require_gradable(root: Path, assignment: str) -> None:
    """Find out what would keep everybody from being graded.

    Raises
    ------
    CourseError, SandboxUnavailableError
    """
    course, releases = Course(root), released(root, assignment)
    if not course.has_master(assignment):
        released_files(course, assignment, scope_of(course, assignment).limits)
    elif releases:
        _ = course.secret, graded_master(root, assignment)
    judging_process(root, assignment).done(ready, root, assignment)


def read_copies(converter: Autograde) -> tuple[Path, dict[tuple[str, str], SubmittedFile]]:
    """Have nbgrader's converter read copies of the hand-ins that it is to grade.

    Returns
    -------
    folder : Path
        Where the copies lie; to be removed when the converter has ended.
    files : dict
        What was found, by student and notebook.
    """
    coursedir = converter.coursedir
    course, assignment = Course(Path(coursedir.root)), coursedir.assignment_id
    hand_ins = Path(coursedir.root, coursedir.submitted_directory)
    make_private(course)
    files: dict[tuple[str, str], SubmittedFile] = {}
    copies = Path(tempfile.mkdtemp(prefix="handed-in-", dir=course.locks().parent))
    empty_handed = []
    for student in as_known(students_of(converter), known_students(course)):
        if fault := fault_of_name(student):
            converter.log.warning(
                "submitted/%s %s: it is not graded; rename the folder", shown(student), fault
            )
            continue
        notebooks = found_files(course, assignment, student, hand_ins)
        files |= {(student, file.name): file for file in notebooks}
        with handed_in(course, student, assignment, hand_ins) as hand_in:
            hand_in.oddities.clear()  # those of the folder are among those of its files
            copy_files(hand_in, copies / student / assignment, notebooks, coursedir)
            if not any((copies / student / assignment).glob("*.ipynb")):
                empty_handed.append(student)  # nbgrader passes over who has no notebook
            for oddity in hand_in.oddities:
                converter.log.warning("%s: %s", student, oddity)
    with writing(course, assignment) as gradebook:
        for student in sorted({student for student, _ in files}):
            gradebook.date(student)
        for student in empty_handed:
            gradebook.write(student, {})
    converter.coursedir = beside(coursedir, copies)
    getattr(converter, "look_for_notebooks", converter.init_notebooks)()
    return copies, files


def found_files(
    course: Course, assignment: str, student: str, hand_ins: Path
) -> list[SubmittedFile]:
    """What a student handed in; nothing where it takes too much to look for."""
    try:
        place = course.root, assignment
        files: list[SubmittedFile] = judging_process(*place).done(found, *place, student, hand_ins)
        return files
    except LostError as loss:
        words = in_words(str(loss))
        return [SubmittedFile(name, None, (words,), (words,)) for name in released(*place)]


def students_of(converter: Autograde) -> list[str]:
    """Whose work nbgrader found."""
    pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
    matches = (re.fullmatch(pattern, folder, re.DOTALL) for folder in converter.assignments)
    return sorted({match["student"] for match in matches if match})


def beside(coursedir: CourseDirectory, hand_ins: Path) -> CourseDirectory:
    """The same course directory with the hand-ins that were asked for in another place."""
    same = {name: getattr(coursedir, name) for name in coursedir.trait_names(config=True)}
    place = str(hand_ins.relative_to(coursedir.root))
    there = {**same, "submitted_directory": place, "student_id": "*"}
    return CourseDirectory(parent=coursedir.parent, **there)


def copy_files(
    hand_in: HandIn, folder: Path, files: Sequence[SubmittedFile], coursedir: CourseDirectory
) -> None:
    """Copy the plain files of a hand-in, with notebooks under the names that they should have.

    nbgrader puts them beside its feedback pages, which cannot be written where they have the name
    of one.
    """
    folder.mkdir(parents=True)
    pages = {f"{file.name}.html" for file in files}
    ours = hand_in.course.has_master(coursedir.assignment_id)
    for file in files:
        if ours or file.content is not None:
            (folder / f"{file.name}.ipynb").write_bytes(file.content or b"")
    room = coursedir.max_dir_size * 1000
    if read_timestamp(hand_in) is not None:
        room -= copy_file(hand_in, folder, (NAME,), room)
    for path in hand_in.files({"*.ipynb", NAME, *coursedir.ignore}, MAX_FILES):
        if path[0] in pages:
            hand_in.oddities.append(f"{path[0]} is left out: the feedback page has this name")
        else:
            room -= copy_file(hand_in, folder, path, room)
    hand_in.oddities[:] = [*(odd for file in files for odd in file.oddities), *hand_in.oddities]


def copy_file(hand_in: HandIn, folder: Path, path: tuple[str, ...], room: int) -> int:
    """Copy a file, unless its name cannot be written or there is no room; returns its size."""
    name, content = "/".join(path), b""
    if shown(name) != name:
        hand_in.oddities.append(f"the name of {shown(name)} cannot be written; it is left out")
        return 0
    try:
        with hand_in.open(*path) as file:
            content = file.read(room + 1)
    except (NotTakenError, FileNotFoundError) as reason:
        hand_in.oddities.append(shown(str(reason)))
        return 0
    if len(content) > room:
        hand_in.oddities.append(f"there is no room for {name} (CourseDirectory.max_dir_size)")
        return 0
    place = folder.joinpath(*path)
    place.parent.mkdir(parents=True, exist_ok=True)
    return place.write_bytes(content)
