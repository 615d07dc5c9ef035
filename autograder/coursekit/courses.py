"""An instructor's course directory: where it is, what lies in it, how one is made."""

import os
import secrets
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from coursekit import course_toml
from coursekit.course_toml import CourseSettings, read_settings
from coursekit.errors import CourseError

PACKAGE = Path(__file__).resolve().parent
MASTERS = next(
    folder / "problem_sets"
    for folder in (PACKAGE, PACKAGE.parent)  # installed, and in a checkout
    if (folder / "problem_sets").is_dir()
)
"""Folder of the masters that the course ships."""

CONFIG_TEMPLATE = Path(__file__).with_name("nbgrader_config.py")

README = """\
# A course

`course.toml`         the settings of the course, with what each is for
`nbgrader_config.py`  nbgrader's configuration; edit it as nbgrader's documentation says
`exercises/`          your own problem sets: the text SET.md, and a file for each exercise in SET/
`secret`              draws the hidden inputs; keep it, and keep it to yourself
`submitted/`          put submissions here: submitted/STUDENT/ps1/ps1.ipynb
`extensions.csv`      if you write it: who may hand in later, or is excused

Then, in this folder:

    course doctor                    says whether all is as it should be
    course release ps1               makes release/ps1, which is what the students get
    course roster students.csv       who the students are
    course collect ps1 class.zip     puts what a learning platform exports into submitted/
    course grade ps1                 grades what lies in submitted/, and writes feedback/
    course marking                   opens jupyter lab at /formgrader: read, comment, mark by hand
    course export ps1                grades as a learning platform takes them back
    nbgrader export                  or any other command of nbgrader
    course new-exercise mine leaky   begins an exercise of your own
"""


PRIVATE_FOLDERS = ("source", "exercises", "autograded", "feedback", "attempts", ".results")
"""Folders that hold solutions, grades or what they follow from."""

NO_SECRET = (
    "it decides the hidden inputs, so nobody is graded without it, and all grades stay as they "
    "are. Put it back from a copy: then all points are as they were. If there is none, "
    "`head -c 32 /dev/urandom > secret; chmod 600 secret` in the course directory makes a new one: "
    "then everybody meets other inputs, and answers that are right in some cases only may get "
    "other points"
)
"""What happens to the grades."""

FORMER_LOCKS = ("gate", "floor", ".class-run")
"""Empty files that earlier class runs left in the course folder."""


@dataclass(frozen=True)
class Course:
    """A course directory.

    Attributes
    ----------
    root : Path
        Holds ``course.toml``, ``nbgrader_config.py``, ``secret``, ``exercises/`` and nbgrader's
        own folders.
    """

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "nbgrader_config.py"

    @property
    def secret(self) -> bytes:
        """What the hidden inputs are drawn from.

        Raises
        ------
        CourseError
            If it is not there, or empty.
        """
        try:
            secret = (self.root / "secret").read_bytes()
        except OSError as error:
            raise CourseError(f"`secret` cannot be read ({error.strerror}): {NO_SECRET}") from error
        if not secret:
            raise CourseError(f"`secret` is empty: {NO_SECRET}")
        return secret

    @property
    def settings(self) -> CourseSettings:
        """What ``course.toml`` says now.

        Raises
        ------
        CourseError
            If it is not right.
        """
        return read_settings(self.root)

    @property
    def gradebook(self) -> Path:
        return self.root / "gradebook.db"

    @property
    def masters(self) -> tuple[Path, ...]:
        """Folders that are searched for masters, the instructor's own first."""
        return (self.root / "exercises", MASTERS)

    def has_master(self, problem_set: str) -> bool:
        """Whether a problem set is one of ours; otherwise it is an ordinary one of nbgrader."""
        return any((folder / f"{problem_set}.md").is_file() for folder in self.masters)

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

    def earlier_attempts(self, student: str, problem_set: str) -> list[Path]:
        """Folders as ``submitted/`` that hold an earlier attempt of a student, the first first."""
        with suppress(FileNotFoundError):
            numbers = [path for path in (self.root / "attempts").iterdir() if path.name.isdecimal()]
            held = (path for path in numbers if os.path.lexists(path / student / problem_set))
            return sorted(held, key=lambda path: int(path.name))
        return []

    def locks(self) -> Path:
        """Folder of the lock files of class runs; it is there."""
        folder = self.root / ".results" / "locks"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def students(self, problem_set: str) -> list[str]:
        """Names of the folders that hold something for the problem set, in alphabetical order.

        A link counts if it leads to such a folder, or nowhere: it is not followed, but named.
        """
        try:
            with os.scandir(self.submitted()) as entries:
                return sorted(entry.name for entry in entries if holds(entry, problem_set))
        except FileNotFoundError:
            return []


def holds(entry: os.DirEntry[str], problem_set: str) -> bool:
    """Whether a folder of ``submitted/``, or what stands in its place, is a student's."""
    try:
        if entry.is_symlink() and not os.path.exists(entry.path):
            return True
        os.lstat(os.path.join(entry.path, problem_set))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except PermissionError:
        pass  # it is there, and is named when it is opened
    return True


def init_course(folder: Path) -> Course:
    """Make a new course directory.

    Raises
    ------
    CourseError
        If there is a course already, or the folder holds other things.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(f"{folder} is not empty; name a folder that does not exist yet")
    for name in ("exercises", "source"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "submitted").mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(CONFIG_TEMPLATE, folder / "nbgrader_config.py")
    (folder / course_toml.NAME).write_text(course_toml.template(), encoding="utf-8")
    (folder / "README.md").write_text(README, encoding="utf-8")
    write_secret(folder / "secret")
    course = Course(folder.resolve())
    course.gradebook.touch(mode=0o600)  # nbgrader makes its tables in an empty file as in none
    make_private(course)
    return course


def make_private(course: Course) -> None:
    """Close to others what is the instructor's alone; courses made earlier may stand open.

    A folder on which a group may write, and which gives its group to what is made in it, was
    opened to the fellow instructors on purpose, as nbgrader's ``groupshared`` does: the group
    keeps its rights.
    """
    mode = course.source("").stat().st_mode if course.source("").is_dir() else 0
    shared = mode & stat.S_ISGID and mode & stat.S_IWGRP
    closed = 0o007 if shared else 0o077
    for name in PRIVATE_FOLDERS:
        (course.root / name).mkdir(mode=0o700, exist_ok=True)
        close(course.root / name, closed)
    for path in private_files(course):
        close(path, closed)
    for name in FORMER_LOCKS:
        remove_empty(course.root / name)


def private_files(course: Course) -> list[Path]:
    """What is there of files that hold grades, names or what the inputs are drawn from.

    An editor writes a table of names, such as `extensions.csv`, for all to read.
    """
    tables = sorted(course.root.glob("*.csv"))
    files = (course.root / "secret", course.gradebook, *tables)
    return [path for path in files if path.is_file() and not path.is_symlink()]


def close(path: Path, closed: int) -> None:
    """Take rights away from others; a file of a fellow instructor is theirs to close."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & closed:
        with suppress(PermissionError):
            path.chmod(mode & ~closed)


def remove_empty(path: Path) -> None:
    with suppress(FileNotFoundError):
        if stat.S_ISREG(path.lstat().st_mode) and path.lstat().st_size == 0:
            path.unlink()


def write_secret(path: Path) -> None:
    """32 random bytes in a new file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))


def course_around(folder: Path) -> Course | None:
    """The course directory that is, or lies above, a folder; None if there is none."""
    for candidate in (folder.resolve(), *folder.resolve().parents):
        course = Course(candidate)
        ours = (candidate / "exercises").is_dir() or (candidate / "secret").exists()
        if course.config.is_file() and ours:
            return course
    return None


def checkout() -> Path | None:
    """The folder of the checkout; None where the course is installed without its book."""
    root = MASTERS.parents[1]
    return root if (root / "_toc.yml").is_file() and (root / "book").is_dir() else None


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
