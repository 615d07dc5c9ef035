"""The folder of a submission as a stream of frames, a tar archive: into the sandbox and out of it.

No file is held in memory.  What comes out was written beside student code: it goes back into the
sandbox for the next notebook of the same student, and is opened nowhere else.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tarfile
from typing import Any

from .channel import read_frame, write_frame

PIECE = 7
"""Kind of the frames; an empty one is the last."""
_PIECE_BYTES = 2**18


class Pieces(io.RawIOBase):
    """Frames from a descriptor, read as a file."""

    def __init__(self, fd: int) -> None:
        self.fd, self.left, self.ended = fd, b"", False

    def read(self, count: int = -1) -> bytes:
        """At most so many bytes; none at the end."""
        while not self.left and not self.ended:
            frame = read_frame(self.fd)
            self.left = frame[1] if frame else b""
            self.ended = not self.left
        end = len(self.left) if count < 0 else count
        taken, self.left = self.left[:end], self.left[end:]
        return taken

    def drain(self) -> None:
        """Take what nobody read."""
        while self.read(_PIECE_BYTES):
            pass


class Sink(io.RawIOBase):
    """Frames to a descriptor, written as a file."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def write(self, data: Any, /) -> int:
        """Send a piece."""
        piece = bytes(data)
        if piece:
            write_frame(self.fd, PIECE, piece)
        return len(piece)


def unpack(fd: int) -> str:
    """Put what comes into the current folder; returns what went wrong, or nothing."""
    pieces, trouble = Pieces(fd), ""
    try:
        with tarfile.open(fileobj=pieces, mode="r|", bufsize=_PIECE_BYTES) as archive:
            for member in archive:
                _put(archive, member)
    except (OSError, tarfile.TarError) as error:
        trouble = f"{type(error).__name__}: {error}"
    pieces.drain()
    return trouble


def _put(archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
    if member.isdir():
        os.makedirs(member.name, exist_ok=True)
        return
    os.makedirs(os.path.dirname(member.name) or ".", exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(member.name)
    if member.issym():
        os.symlink(member.linkname, member.name)
    elif (content := archive.extractfile(member)) is not None:
        # without namespaces a mode cannot be changed, only given
        made = os.open(member.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, member.mode & 0o777)
        with open(made, "wb") as file:
            shutil.copyfileobj(content, file, _PIECE_BYTES)
        os.utime(member.name, (member.mtime, member.mtime))


def pack(fd: int) -> None:
    """Send what the current folder holds, as far as it can be read."""
    with tarfile.open(fileobj=Sink(fd), mode="w|", bufsize=_PIECE_BYTES) as archive:
        for folder, below, files in os.walk("."):
            for name in (*below, *files):
                with contextlib.suppress(OSError):
                    archive.add(os.path.relpath(os.path.join(folder, name)), recursive=False)
    write_frame(fd, PIECE)
