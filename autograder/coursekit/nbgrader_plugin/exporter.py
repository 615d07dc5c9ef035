"""The one change to nbgrader's pipeline: hand-ins are read by us, and notebooks rebuilt."""

import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from coursekit.courses import Course, make_private
from coursekit.errors import CourseError
from coursekit.grading.file_note import with_note
from coursekit.grading.folder_files import released_files
from coursekit.grading.one_submission import Part
from coursekit.grading.ordinary import released_notebooks
from coursekit.grading.settings import scope_of
from coursekit.names import fault_of_name, shown
from coursekit.nbgrader_out.gradebook import writing
from coursekit.nbgrader_out.roster import as_known, known_students
from coursekit.nbgrader_out.timestamps import NAME, read_timestamp
from coursekit.nbgrader_plugin.preprocessor import graded_master, shared_pool
from coursekit.sandbox.worker_process import SandboxUnavailableError
from coursekit.submissions.finding import Asked, SubmittedFile, read_file
from coursekit.submissions.handed_in import HandIn, NotTakenError, handed_in
from coursekit.submissions.rebuild import rebuild

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
            require_gradable(Course(Path(self.parent.coursedir.root)), self.parent.coursedir)
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
        rebuilt = rebuild(release, submission, own_cells(course, names["assignment"]))
        place = (names["student"], names["notebook"])
        if place in self.files:  # this time it is the submission
            self.advice[place] = Part(self.files.pop(place), rebuilt).advice
        notebook = with_note(rebuilt.notebook, self.advice.get(place, ()))
        return self.from_notebook_node(notebook, resources, **kwargs)  # type: ignore[no-untyped-call]  # nbconvert's


def require_gradable(course: Course, coursedir: CourseDirectory) -> None:
    """Find out what would keep everybody from being graded.

    Raises
    ------
    CourseError, SandboxUnavailableError
    """
    assignment = coursedir.assignment_id
    releases = released(course.root, assignment)
    if not course.has_master(assignment):
        released_files(course, assignment, scope_of(course, assignment).limits)
    elif releases:
        _ = course.secret, graded_master(course.root, assignment)
    shared_pool(course.root, assignment)


def own_cells(course: Course, assignment: str) -> str:
    """Which of a student's own cells are kept, as :func:`rebuild` takes it."""
    return "needed" if course.has_master(assignment) else "all"


@cache
def released(root: Path, assignment: str) -> dict[str, nbformat.NotebookNode]:
    """The notebooks of an assignment; one command reads them once."""
    return released_notebooks(Course(root), assignment)


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
    releases = released(course.root, assignment)
    asked = Asked(assignment, releases, own_cells(course, assignment))
    files: dict[tuple[str, str], SubmittedFile] = {}
    copies = Path(tempfile.mkdtemp(prefix="handed-in-", dir=course.locks().parent))
    empty_handed = []
    for student in as_known(students_of(converter), known_students(course)):
        if fault := fault_of_name(student):
            converter.log.warning(
                "submitted/%s %s: it is not graded; rename the folder", shown(student), fault
            )
            continue
        with handed_in(course, student, assignment, hand_ins) as hand_in:
            found = copy_files(hand_in, copies / student / assignment, asked, coursedir)
            files |= {(student, file.name): file for file in found}
            if not any((copies / student / assignment).glob("*.ipynb")):
                empty_handed.append(student)  # nbgrader passes over who has no notebook
            for oddity in hand_in.oddities:
                converter.log.warning("%s: %s", student, oddity)
    if empty_handed:
        write_nothing(course, assignment, empty_handed)
    converter.coursedir = beside(coursedir, copies)
    getattr(converter, "look_for_notebooks", converter.init_notebooks)()
    return copies, files


def write_nothing(course: Course, assignment: str, students: Iterable[str]) -> None:
    """Note that students handed in nothing that can be graded."""
    with writing(course, assignment) as gradebook:
        for student in students:
            gradebook.write(student, {})


def students_of(converter: Autograde) -> list[str]:
    """Whose work nbgrader found."""
    pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
    found = (re.fullmatch(pattern, folder, re.DOTALL) for folder in converter.assignments)
    return sorted({match["student"] for match in found if match})


def beside(coursedir: CourseDirectory, hand_ins: Path) -> CourseDirectory:
    """The same course directory with the hand-ins that were asked for in another place."""
    same = {name: getattr(coursedir, name) for name in coursedir.trait_names(config=True)}
    place = str(hand_ins.relative_to(coursedir.root))
    there = {**same, "submitted_directory": place, "student_id": "*"}
    return CourseDirectory(parent=coursedir.parent, **there)


def copy_files(
    hand_in: HandIn, folder: Path, asked: Asked, coursedir: CourseDirectory
) -> list[SubmittedFile]:
    """Copy the plain files of a hand-in, with notebooks under the names that they should have."""
    folder.mkdir(parents=True)
    ours = hand_in.course.has_master(coursedir.assignment_id)
    files = [read_file(hand_in, name, asked) for name in asked.releases]
    for file in files:
        if ours or file.content is not None:
            (folder / f"{file.name}.ipynb").write_bytes(file.content or b"")
    room = coursedir.max_dir_size * 1000
    if read_timestamp(hand_in) is not None:
        room -= copy_file(hand_in, folder, (NAME,), room)
    for path in hand_in.files({"*.ipynb", NAME, *coursedir.ignore}, MAX_FILES):
        room -= copy_file(hand_in, folder, path, room)
    hand_in.oddities[:] = [*(odd for file in files for odd in file.oddities), *hand_in.oddities]
    return files


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
