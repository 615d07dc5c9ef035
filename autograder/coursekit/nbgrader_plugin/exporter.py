"""The one change to nbgrader's pipeline: hand-ins are read by us, and notebooks rebuilt."""

import copy
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from coursekit.courses import Course, make_private
from coursekit.errors import CourseError
from coursekit.grading.executors import LostError
from coursekit.grading.folder_files import released_files
from coursekit.grading.one_submission import in_words, read_file
from coursekit.grading.settings import scope_of
from coursekit.names import fault_of_name, shown
from coursekit.nbgrader_out.timestamps import NAME, read_timestamp
from coursekit.nbgrader_plugin.judging import judging_process, ready, rebuilt, released
from coursekit.sandbox.worker_process import SandboxUnavailableError
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
            coursedir = self.parent.coursedir
            place = Path(coursedir.root), coursedir.assignment_id
            judging_process(*place).done(ready, *place)
        except (SandboxUnavailableError, CourseError) as error:
            self.log.error("%s", error)
            raise SystemExit(2) from None
        if isinstance(self.parent, Autograde):
            folder = read_copies(self.parent)
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
        try:
            place = course.root, names["assignment"]
            notebook = judging_process(*place).done(rebuilt, *place, names["notebook"], submission)
        except LostError as loss:
            self.log.warning("%s: %s", names["student"], in_words(str(loss)))
            notebook = copy.deepcopy(release)
        return self.from_notebook_node(notebook, resources, **kwargs)  # type: ignore[no-untyped-call]  # nbconvert's


def read_copies(converter: Autograde) -> Path:
    """Have nbgrader's converter read copies of the hand-ins that it is to grade.

    Returns
    -------
    Path
        Where the copies lie; to be removed when the converter has ended.

    Raises
    ------
    NbGraderException
        If nothing is left to grade.
    """
    coursedir = converter.coursedir
    course, assignment = Course(Path(coursedir.root)), coursedir.assignment_id
    hand_ins = Path(coursedir.root, coursedir.submitted_directory)
    make_private(course)
    try:
        names = list(released(course.root, assignment))
        if not course.has_master(assignment):
            released_files(course, assignment, scope_of(course, assignment).limits)
    except CourseError as error:
        converter.log.error(str(error))
        raise NbGraderException(str(error)) from error
    copies = Path(tempfile.mkdtemp(prefix="handed-in-", dir=course.locks().parent))
    for student in students_of(converter):
        if fault := fault_of_name(student):
            converter.log.warning(
                "submitted/%s %s: it is not graded; rename the folder", shown(student), fault
            )
            continue
        with handed_in(course, student, assignment, hand_ins) as hand_in:
            copy_files(hand_in, copies / student / assignment, names, coursedir)
            for oddity in hand_in.oddities:
                converter.log.warning("%s: %s", student, oddity)
    converter.coursedir = beside(coursedir, copies)
    converter.init_notebooks()
    return copies


def students_of(converter: Autograde) -> list[str]:
    """Whose work nbgrader found."""
    pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
    found = (re.fullmatch(pattern, folder, re.DOTALL) for folder in converter.assignments)
    return sorted({match["student"] for match in found if match})


def beside(coursedir: CourseDirectory, hand_ins: Path) -> CourseDirectory:
    """The same course directory with its hand-ins in another place."""
    same = {name: getattr(coursedir, name) for name in coursedir.trait_names(config=True)}
    place = hand_ins.relative_to(coursedir.root)
    return CourseDirectory(parent=coursedir.parent, **{**same, "submitted_directory": str(place)})


def copy_files(
    hand_in: HandIn, folder: Path, names: Iterable[str], coursedir: CourseDirectory
) -> None:
    """Copy the plain files of a hand-in, with notebooks under the names that they should have."""
    folder.mkdir(parents=True)
    ours = hand_in.course.has_master(coursedir.assignment_id)
    oddities: list[str] = []
    room = coursedir.max_dir_size * 1000
    for name in names:
        file = read_file(hand_in, name, names)
        oddities += file.oddities
        if ours or file.content is not None:
            (folder / f"{name}.ipynb").write_bytes(file.content or b"")
    if read_timestamp(hand_in) is not None:
        room -= copy_file(hand_in, folder, (NAME,), room)
    for path in hand_in.files({"*.ipynb", NAME, *coursedir.ignore}, MAX_FILES):
        room -= copy_file(hand_in, folder, path, room)
    hand_in.oddities[:] = [*oddities, *hand_in.oddities]


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
