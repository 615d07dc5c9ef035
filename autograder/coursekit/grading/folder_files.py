"""Files that lie beside an ordinary notebook: which ones, whether there is room, how they travel.

A file is read from the disk while it is sent, in pieces: it may be larger than memory.
"""

import hashlib
import io
import tarfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from coursekit.course_toml import MIB
from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.names import shown
from coursekit.sandbox.limits import Limits
from coursekit.seeds import length_prefixed
from coursekit.submissions.handed_in import HandIn, NotTakenError

IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")
"""What nbgrader ignores by default: programs make it, and nobody hands it in."""

PIECE_BYTES = 2**18
PAGE_BYTES = 4096
"""A file system in memory gives files whole pages."""

SENT_AT = 946_684_800
"""The date of every file, in 2000, so that the same files give the same bytes."""

IN_SETTINGS = "[limits.ordinary] of course.toml"


@dataclass(frozen=True)
class File:
    """A file to be sent.

    Attributes
    ----------
    name : str
        Its path in the folder.
    size : int
    opened : callable
        Opens it, each time anew.
    executable : bool
    """

    name: str
    size: int
    opened: Callable[[], AbstractContextManager[BinaryIO]]
    executable: bool = False

    @property
    def room(self) -> int:
        """Bytes that it takes."""
        return -(-self.size // PAGE_BYTES) * PAGE_BYTES

    def content(self) -> Iterator[bytes]:
        """Just as many bytes as it had, whatever it has become."""
        left = self.size
        with self.opened() as file:
            while left and (piece := file.read(min(left, PIECE_BYTES))):
                left -= len(piece)
                yield piece
        while left:
            piece = bytes(min(left, PIECE_BYTES))
            left -= len(piece)
            yield piece


class Files:
    """Files for the folder of a notebook, as an archive that is made while it is read.

    Parameters
    ----------
    files : iterable of File
    needed : bool
        Whether it is an error of the grader if they cannot be put there.
    """

    def __init__(self, files: Iterable[File], needed: bool = True) -> None:
        self.files, self.needed = {file.name: file for file in files}, needed

    def pieces(self) -> Iterator[bytes]:
        """A tar archive."""
        for file in self.files.values():
            info = tarfile.TarInfo(file.name)
            info.size, info.mtime = file.size, SENT_AT
            info.mode = 0o755 if file.executable else 0o644
            yield info.tobuf(tarfile.PAX_FORMAT)
            yield from file.content()
            yield bytes(-file.size % tarfile.BLOCKSIZE)
        yield bytes(2 * tarfile.BLOCKSIZE)

    def digest(self) -> bytes:
        """Of all names and contents."""
        digest = hashlib.sha256()
        for file in self.files.values():
            about = f"{file.name} {file.size} {file.executable}"
            digest.update(length_prefixed(about.encode("utf-8", "surrogateescape")))
            for piece in file.content():
                digest.update(piece)
        return digest.digest()


class SavedFolder:
    """What a notebook left in its folder, for the next notebook of the same student.

    Parameters
    ----------
    file : BinaryIO
        An archive that was made beside student code: it goes back there and is not opened here.
    """

    needed = False

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def pieces(self) -> Iterator[bytes]:
        """The archive."""
        self.file.seek(0)
        while piece := self.file.read(PIECE_BYTES):
            yield piece


def in_memory(name: str, content: bytes) -> File:
    return File(name, len(content), lambda: io.BytesIO(content))


def on_disk(path: Path, name: str) -> File:
    found = path.stat()
    return File(name, found.st_size, lambda: path.open("rb"), bool(found.st_mode & 0o100))


def released_files(course: Course, problem_set: str, limits: Limits) -> Files:
    """The files of the release that are none of its notebooks.

    Raises
    ------
    CourseError
        If the limits leave no room for them.
    """
    folder, room = course.release(problem_set), Room(limits)
    files = files_in(folder, set(folder.glob("*.ipynb")))
    for file in files:
        if trouble := room.trouble(file):
            raise CourseError(
                f"{folder / file.name} does not fit beside a notebook: {trouble}; raise that in "
                f"{IN_SETTINGS}"
            )
        room.take(file)
    return Files(files)


def files_in(folder: Path, left_out: Collection[Path] = ()) -> list[File]:
    """All files in a folder of the instructor's."""
    paths = sorted(set(folder.rglob("*")).difference(left_out))
    return [
        on_disk(path, str(path.relative_to(folder)))
        for path in paths
        if path.is_file() and not is_ignored(path.relative_to(folder).parts)
    ]


def is_ignored(parts: Iterable[str]) -> bool:
    return any(fnmatchcase(part, pattern) for part in parts for pattern in IGNORED)


class Room:
    """What limits leave for files.

    Parameters
    ----------
    limits : Limits
    taken : iterable of File
        Files that are there already.
    """

    def __init__(self, limits: Limits, taken: Iterable[File] = ()) -> None:
        self.limits, self.size, self.count = limits, 0, 0
        for file in taken:
            self.take(file)

    def take(self, file: File) -> None:
        self.size += file.room
        self.count += 1 + file.name.count("/")

    def trouble(self, file: File) -> str:
        """Which limit keeps a file out; empty if none does."""
        limits = self.limits
        if file.size > limits.file_size:
            return f"it has {megabytes(file.size)}, and file_mb is {limits.file_size // MIB}"
        if self.size + file.room > limits.scratch:
            together = megabytes(self.size + file.room)
            return f"all files have {together}, and folder_mb is {limits.scratch // MIB}"
        if self.count + 1 + file.name.count("/") > limits.files:
            return f"there are more files than folder_files, which is {limits.files}"
        return ""


def megabytes(size: int) -> str:
    return f"{size / MIB:.4g} MB"


def handed_in_files(
    hand_in: HandIn, notebooks: Collection[str], released: Files, limits: Limits
) -> Files:
    """What a student handed in beside the notebooks, as far as there is room; the rest is odd.

    Files of the release stay as they are.
    """
    names = {f"{notebook}.ipynb" for notebook in notebooks}
    folders = {above for name in released.files for above in folders_above(name)}
    found, room = [], Room(limits, released.files.values())
    for path in hand_in.files(IGNORED, limits.files):
        name = "/".join(path)
        places = {name, *folders_above(name)}
        if name in names | folders or not places.isdisjoint(released.files):
            continue
        try:
            file = handed_in_file(hand_in, path)
        except (NotTakenError, FileNotFoundError) as reason:
            hand_in.oddities.append(shown(str(reason)))
            continue
        if trouble := room.trouble(file):
            hand_in.oddities.append(
                f"{shown(name)} was left out: {trouble} in {IN_SETTINGS}; raise that, and grade "
                "again"
            )
            continue
        room.take(file)
        found.append(file)
    return Files(found)


def handed_in_file(hand_in: HandIn, path: tuple[str, ...]) -> File:
    with hand_in.open(*path) as file:
        size = file.seek(0, io.SEEK_END)
    return File("/".join(path), size, lambda: hand_in.open(*path))


def folders_above(name: str) -> Iterator[str]:
    return (str(folder) for folder in PurePosixPath(name).parents if folder.name)
