"""Open what was handed in: a file is only a file.

What lies in a student's folder may be anything that a zip, an archive or a shared folder can hold:
links to the solutions or to a private key, pipes that nobody writes to, devices without an end.
Here every step of a path is opened by itself and no link is followed; what is not a plain file is
named and never read.
"""

import errno
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from fnmatch import fnmatchcase as fnmatch
from pathlib import Path
from typing import BinaryIO

from coursekit.courses import Course
from coursekit.names import shown
from coursekit.worker.personal import one_form

KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFREG: "a file",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
HERE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
"""Open the thing itself, at once, whatever it has become since it was looked at."""

MAX_SHOWN = 200
"""Characters of a link's target that are shown."""

SWAPPED = (errno.ELOOP, errno.ENOENT, errno.ENOTDIR, errno.ENXIO)
"""What opening says where a thing was put in the place of another after the look."""

OURS = (
    ".", "source", "source_with_tests", "solution", "release", "exercises", "autograded",
    "feedback", ".results",
)  # fmt: skip
"""Folders of a course that hold the instructor's files."""


class NotTakenError(Exception):
    """What lies there is not read; the message is a sentence for the instructor."""


class HandIn:
    """One student's folder of one problem set.

    Attributes
    ----------
    oddities : list of str
        What was there and was not taken, a sentence each.
    """

    def __init__(
        self, course: Course, hand_ins: Path, student: str, folder: int | None = None
    ) -> None:
        self.course, self.hand_ins, self.student, self._folder = course, hand_ins, student, folder
        self.oddities: list[str] = []

    def names(self) -> list[str]:
        """What lies in the folder, in alphabetical order."""
        return [] if self._folder is None else sorted(os.listdir(self._folder))

    def is_file(self, name: str) -> bool:
        """Whether a plain file is there, and not a link to one."""
        with suppress(FileNotFoundError):
            return stat.S_ISREG(_look(name, self._folder).st_mode)
        return False

    def read(self, name: str, limit: int) -> bytes | None:
        """At most so many bytes of a file; None, and an oddity, if it is not to be read."""
        try:
            with self.open(name) as file:
                return file.read(limit)
        except FileNotFoundError:
            return None
        except NotTakenError as reason:
            self.oddities.append(str(reason))
            return None

    @contextmanager
    def open(self, *path: str) -> Iterator[BinaryIO]:
        """Open a file in the folder, or in a folder below it.

        Raises
        ------
        NotTakenError
            If it, or a folder on the way, is not what it should be.
        FileNotFoundError
            If nothing is there.
        """
        with ExitStack() as way:
            folder = self._folder
            for name in path[:-1]:
                folder = _opened(name, folder, stat.S_IFDIR)
                way.callback(os.close, folder)
            file = way.enter_context(os.fdopen(_opened(path[-1], folder, stat.S_IFREG), "rb"))
            self._check_links(path[-1], os.fstat(file.fileno()))
            yield file

    def _check_links(self, name: str, found: os.stat_result) -> None:
        """Refuse another name of a file of the instructor's; any other is only odd.

        Of two students who have the same file none can be told to be the owner, so both are
        graded, as they would be with a copy.
        """
        if found.st_nlink == 1:
            return
        for other in names_in(self.course.root, OURS, found):
            raise NotTakenError(
                f"{shown(name)} is the same file as {shown(other)} (a hard link), which is the "
                "instructor's; it was not read: put the student's own file there, and grade again"
            )
        with os.scandir(self.hand_ins) as entries:
            folders = {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
        for other in names_in(self.hand_ins, sorted(folders - {self.student}), found):
            self.oddities.append(
                f"{shown(name)} is the same file as {shown(f'{self.hand_ins.name}/{other}')} (a "
                "hard link); both are graded"
            )
            return
        self.oddities.append(f"{shown(name)} has another name (a hard link); it is graded")

    def files(
        self, ignored: Collection[str], most: int, depth: int = 20
    ) -> Iterator[tuple[str, ...]]:
        """Paths of the plain files, at any depth; what is none is an oddity.

        Parameters
        ----------
        ignored : collection of str
            Patterns of names that are passed over.
        most : int
            As many are looked at.
        depth : int
            Folders deeper than this are left out.
        """
        waiting: list[tuple[str, ...]] = [] if self._folder is None else [()]
        looked_at = 0
        while waiting:
            above = waiting.pop()
            try:
                names = self._listed(above)
            except (NotTakenError, FileNotFoundError) as reason:
                self.oddities.append(str(reason))
                continue
            for name, kind in names:
                if any(fnmatch(name, pattern) for pattern in ignored):
                    continue
                looked_at += 1
                if looked_at > most:
                    self.oddities.append(f"more than {most} files; the rest is left out")
                    return
                if kind == stat.S_IFDIR and len(above) < depth:
                    waiting.append((*above, name))
                elif kind == stat.S_IFREG:
                    yield (*above, name)
                else:
                    self.oddities.append(_refusal("/".join((*above, name)), kind, ""))

    def _listed(self, path: tuple[str, ...]) -> list[tuple[str, int]]:
        with ExitStack() as way:
            folder = self._folder
            for name in path:
                folder = _opened(name, folder, stat.S_IFDIR)
                way.callback(os.close, folder)
            return [(name, stat.S_IFMT(_look(name, folder).st_mode))
                    for name in sorted(os.listdir(folder))]  # fmt: skip


@contextmanager
def handed_in(
    course: Course, student: str, problem_set: str, hand_ins: Path | None = None
) -> Iterator[HandIn]:
    """Open one student's folder; one that is a link, or no folder, holds nothing.

    ``submitted`` itself is the instructor's, and may be a link to another disk.
    """
    hand_ins = hand_ins or course.submitted()
    path = (folder_of(hand_ins, student), problem_set)
    with ExitStack() as way:
        opened = HandIn(course, hand_ins, student)
        try:
            folder = os.open(hand_ins, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
            way.callback(os.close, folder)
            for number, name in enumerate(path, 1):
                place = "/".join((hand_ins.name, *path[:number]))
                folder = _opened(name, folder, stat.S_IFDIR, place)
                way.callback(os.close, folder)
            opened = HandIn(course, hand_ins, student, folder)
        except NotTakenError as reason:
            opened.oddities.append(str(reason))
        except FileNotFoundError:
            pass  # nothing was handed in
        yield opened


def folder_of(hand_ins: Path, student: str) -> str:
    """The name of a student's folder: the student's, in whatever Unicode form it is written."""
    if student.isascii() or os.path.lexists(hand_ins / student):
        return student
    with suppress(FileNotFoundError):
        same = (name for name in os.listdir(hand_ins) if one_form(name) == one_form(student))
        return next(same, student)
    return student


def _look(name: str, folder: int | None) -> os.stat_result:
    if folder is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    return os.stat(name, dir_fd=folder, follow_symlinks=False)


def _opened(name: str, folder: int | None, kind: int, place: str = "") -> int:
    """Open a thing of the expected kind, and make sure that this is what was opened."""
    seen = _look(name, folder)
    place = place or name
    if stat.S_IFMT(seen.st_mode) != kind:
        target = ""
        if stat.S_ISLNK(seen.st_mode):
            with suppress(OSError):  # it may be another thing by now
                target = os.readlink(name, dir_fd=folder)
        raise NotTakenError(_refusal(place, stat.S_IFMT(seen.st_mode), target, kind))
    descriptor = None
    try:
        descriptor = os.open(name, HERE, dir_fd=folder)
        if kind == stat.S_IFDIR:
            os.stat(".", dir_fd=descriptor)
        if stat.S_IFMT(os.fstat(descriptor).st_mode) == kind:
            opened, descriptor = descriptor, None
            return opened
    except PermissionError:
        needed = stat.S_IRUSR if kind == stat.S_IFREG else stat.S_IRUSR | stat.S_IXUSR
        if seen.st_mode & needed == needed:
            raise  # not by what was handed in, but by how the course is set up
        raise NotTakenError(
            f"{shown(place)} may not be read by its own owner; it was not read: "
            "`chmod -R u+rX` the student's folder, and grade again"
        ) from None
    except OSError as error:
        if error.errno not in SWAPPED:
            raise
    finally:
        if descriptor is not None:
            os.close(descriptor)
    raise NotTakenError(f"{shown(place)} became another thing while it was opened; grade again")


def _refusal(place: str, found: int, target: str, expected: int = stat.S_IFREG) -> str:
    """What was there, what is expected, what to do."""
    to = f" to {shown(target[:MAX_SHOWN])}" if target else ""
    thing = "folder" if expected == stat.S_IFDIR else "file"
    return (
        f"{shown(place)} is {KINDS.get(found, 'no file')}{to}, where a {thing} is expected; it was "
        f"not read: put the {thing} itself there, and grade again"
    )


def names_in(root: Path, folders: Iterable[str], found: os.stat_result) -> Iterator[str]:
    """Names of a file in some folders of a folder, at any depth; ``"."`` is not gone below."""
    for name in folders:
        for above, below, files in os.walk(os.path.join(root, name)):
            for path in (os.path.join(above, file) for file in files):
                if is_same(path, found):
                    yield os.path.relpath(path, root)
            if name == ".":
                below.clear()


def is_same(path: str, found: os.stat_result) -> bool:
    with suppress(OSError):
        return os.path.samestat(os.lstat(path), found)
    return False
