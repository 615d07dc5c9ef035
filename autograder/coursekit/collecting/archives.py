"""What comes from a learning platform, file by file: a zip, or a folder that was unpacked.

A path in it is only read, to learn whose a file is; nothing is written under it.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zipfile import ZipInfo

from coursekit.errors import CourseError
from coursekit.names import shown
from coursekit.submissions.kinds import HEAD, ZIP, kind_of
from coursekit.submissions.zips import Zip, ZipRefusedError

MAX_MEMBERS = 50_000
"""Files of a class; a thousand students hand in a dozen each."""

MAX_BYTES = 100 * 2**20
"""Of one file."""

UNIX = 3
"""The system that packed a zip, where it notes what kind of file a member is."""


class NotReadError(Exception):
    """A file that is not read; the message says why."""


@dataclass(frozen=True)
class Member:
    """A file of an archive.

    Attributes
    ----------
    path : tuple of str
    read : callable
        Its content; raises :class:`NotReadError`.
    fault : str
        Why it is not even asked for: a link, a path that leads outside. Empty if nothing is wrong.
    """

    path: tuple[str, ...]
    read: Callable[[], bytes]
    fault: str = ""

    @property
    def place(self) -> str:
        return "/".join(self.path)


@contextmanager
def open_archive(path: Path) -> Iterator[list[Member]]:
    """The files of an archive, without those that programs leave there.

    Raises
    ------
    CourseError
        If it is neither a folder nor a zip that can be read.
    """
    if path.is_dir():
        yield list(in_folder(path))
        return
    with ExitStack() as opened:
        try:
            file = opened.enter_context(path.open("rb"))
            kind = kind_of(file.read(HEAD))
            if kind != ZIP:
                raise CourseError(
                    f"{path} is {kind or 'a text'}; the zip that the learning platform exports is "
                    "expected, or the folder that it was unpacked into"
                )
            members = list(in_zip(Zip(file, MAX_MEMBERS)))
        except OSError as error:
            raise CourseError(f"{path} cannot be read: {error.strerror or error}") from error
        except ZipRefusedError as error:
            raise CourseError(f"{path} is {error}; export it again") from error
        yield members


def is_passed_over(name: str) -> bool:
    """Whether a program made a file or folder, and nobody would hand it in."""
    return name.startswith((".", "__"))


def in_zip(packed: Zip) -> Iterator[Member]:
    for path, info in packed.members():
        parts = path if info.flag_bits & 0x800 else tuple(map(as_utf8, path))
        if any(is_passed_over(part) for part in parts if part not in (".", "..")):
            continue
        mode = info.external_attr >> 16 if info.create_system == UNIX else 0
        fault = "a link, which is not followed" if stat.S_ISLNK(mode) else ""

        read = partial(read_member, packed, info)
        yield Member(parts, read, fault or leads_outside(parts))


def read_member(packed: Zip, info: ZipInfo) -> bytes:
    """The content of a file of a zip."""
    try:
        return packed.read(info, MAX_BYTES)
    except ZipRefusedError as error:
        raise NotReadError(str(error)) from error


def as_utf8(name: str) -> str:
    """A name whose bytes are UTF-8 though its zip does not say so, as macOS packs them."""
    with suppress(UnicodeError):
        return name.encode("cp437").decode("utf-8")
    return name


def leads_outside(parts: tuple[str, ...]) -> str:
    """What is wrong with a path that would not stay in a folder."""
    if parts[0] in ("", "~") or ":" in parts[0][:2] or ".." in parts:
        return "under a path that leads out of the archive"
    return ""


def in_folder(root: Path) -> Iterator[Member]:
    """Plain files below a folder; what is none is a member with a fault."""
    count = 0
    for above, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not is_passed_over(name))
        linked = [name for name in folders if os.path.islink(os.path.join(above, name))]
        for name in sorted([*files, *linked]):
            path = Path(above, name)
            if is_passed_over(name):
                continue
            count += 1
            if count > MAX_MEMBERS:
                raise CourseError(f"{root} holds more than {MAX_MEMBERS} files")
            plain = stat.S_ISREG(path.lstat().st_mode)
            yield Member(
                path.relative_to(root).parts,
                partial(read_plain, path),
                "" if plain else "a link or no plain file, which is not read",
            )


def read_plain(path: Path) -> bytes:
    """The content of a file that is still a plain one."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise NotReadError("no plain file")
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotReadError(f"not to be read ({error.strerror})") from error
    if len(content) > MAX_BYTES:
        raise NotReadError("too large")
    return content


def safe_name(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Names under which a file may be written: each is one step, and can be shown."""
    clean = (shown(part).replace("\\", "_").replace("/", "_") for part in parts)
    kept = [part.encode()[:200].decode("utf-8", "ignore") for part in clean]
    return tuple(part for part in kept if part not in ("", ".", "..")) or ("file",)
