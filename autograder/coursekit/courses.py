"""An instructor's course directory: where it is, what lies in it, how one is made."""

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring.masters import MASTERS
from coursekit.errors import CourseError

CONFIG_TEMPLATE = Path(__file__).with_name("nbgrader_config.py")

README = """\
# A course

`nbgrader_config.py`  nbgrader's configuration; edit it as nbgrader's documentation says
`exercises/`          your own problem sets: the text SET.md, and a file for each exercise in SET/
`secret`              draws the hidden inputs; keep it, and keep it to yourself
`submitted/`          put submissions here: submitted/STUDENT/ps1/ps1.ipynb

Then, in this folder:

    course release ps1               makes release/ps1, which is what the students get
    course grade ps1                 grades what lies in submitted/, and writes feedback/
    nbgrader formgrader              or any other command of nbgrader
    course new-exercise mine leaky   begins an exercise of your own
"""


@dataclass(frozen=True)
class Course:
    """A course directory.

    Attributes
    ----------
    root : Path
        Holds ``nbgrader_config.py``, ``secret``, ``exercises/`` and nbgrader's own folders.
    """

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "nbgrader_config.py"

    @property
    def secret(self) -> bytes:
        return (self.root / "secret").read_bytes()

    @property
    def gradebook(self) -> Path:
        return self.root / "gradebook.db"

    @property
    def masters(self) -> tuple[Path, ...]:
        """Folders that are searched for masters, the instructor's own first."""
        return (self.root / "exercises", MASTERS)

    def source(self, problem_set: str) -> Path:
        return self.root / "source" / problem_set

    def release(self, problem_set: str) -> Path:
        return self.root / "release" / problem_set

    def autograded(self, student: str, problem_set: str) -> Path:
        """The graded notebook of one student."""
        return self.root / "autograded" / student / problem_set / f"{problem_set}.ipynb"

    def feedback(self, student: str, problem_set: str) -> Path:
        """The feedback page of one student."""
        return self.root / "feedback" / student / problem_set / f"{problem_set}.html"

    def results(self, problem_set: str) -> Path:
        """Folder of the result files, by which a class run goes on where it stopped."""
        return self.root / ".results" / problem_set

    def submitted(self) -> Path:
        return self.root / "submitted"

    def students(self, problem_set: str) -> list[str]:
        """Students who have a folder for the problem set, in alphabetical order."""
        folders = self.submitted().glob(f"*/{problem_set}")
        return sorted(path.parent.name for path in folders if path.is_dir())


def init_course(folder: Path) -> Course:
    """Make a new course directory.

    Raises
    ------
    CourseError
        If there is a course already, or the folder holds other things.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(f"{folder} is not empty; name a folder that does not exist yet")
    for name in ("exercises", "source", "submitted"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(CONFIG_TEMPLATE, folder / "nbgrader_config.py")
    (folder / "README.md").write_text(README)
    write_secret(folder / "secret")
    return Course(folder.resolve())


def write_secret(path: Path) -> None:
    """32 random bytes in a new file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))


def course_around(folder: Path) -> Course | None:
    """The course directory that is, or lies above, a folder; None if there is none."""
    for candidate in (folder.resolve(), *folder.resolve().parents):
        course = Course(candidate)
        if course.config.is_file() and (candidate / "secret").is_file():
            return course
    return None


def find_course(folder: Path) -> Course:
    """The course directory that is, or lies above, a folder.

    Raises
    ------
    CourseError
        If there is none.
    """
    course = course_around(folder)
    if course:
        return course
    raise CourseError(
        f"{folder.resolve()} is not in a course directory; make one with `course init DIR`, "
        "or name one with --course DIR"
    )
