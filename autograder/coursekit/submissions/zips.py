"""Look into a zip: what is in it is read into memory within limits, and nothing is unpacked."""

import io
import zipfile
import zlib
from typing import BinaryIO

BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06")
"""Of a zip, and of one that is empty."""

MAX_MEMBERS = 2_000
"""Members of a zip that is read; the folder of a problem set has a dozen."""

MAX_RATIO = 200
"""A notebook shrinks to a tenth, one full of plots that are alike to a fiftieth; a bomb to less
than a thousandth."""

FREE = 2**20
"""Bytes of a member for which no ratio is asked."""

READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways of packing that are read: those of every common program, which need little memory."""


class ZipRefusedError(Exception):
    """A zip, or a member of one, that is not read; the message says what it is."""


ENTRY = b"PK\x01\x02"
"""With this begins what a zip says of a member."""

CHUNK = 2**20


class Zip:
    """A zip, in memory or in a file.

    Parameters
    ----------
    content : bytes or binary file
        A file stays open as long as its members are read.
    most : int
        Members of a zip that is read.

    Raises
    ------
    ZipRefusedError
        If it is damaged or has too many members.
    """

    def __init__(self, content: bytes | BinaryIO, most: int = MAX_MEMBERS) -> None:
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        if entries_in(file) > most:  # before each becomes an object
            raise ZipRefusedError(f"a zip of more than {most} files")
        try:
            self.packed = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
            raise ZipRefusedError("a damaged zip") from error

    def members(self) -> list[tuple[tuple[str, ...], zipfile.ZipInfo]]:
        """The files in it, by their path."""
        files = (member for member in self.packed.infolist() if not member.is_dir())
        return [(tuple(file.filename.replace("\\", "/").split("/")), file) for file in files]

    def read(self, member: zipfile.ZipInfo, room: int) -> bytes:
        """What a member holds; what the zip says of its size is not believed.

        Raises
        ------
        ZipRefusedError
            If it is too large, locked, damaged or packed in a rare way.
        """
        if member.flag_bits & 1:
            raise ZipRefusedError("locked with a password")
        if member.compress_type not in READ:
            raise ZipRefusedError("packed in a way that is not read here")
        most = min(room, max(FREE, MAX_RATIO * member.compress_size))
        try:
            with self.packed.open(member) as file:
                found = file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as why:
            raise ZipRefusedError("damaged") from why
        if len(found) > most:
            raise ZipRefusedError("too large when it is unpacked")
        return found


def entries_in(file: BinaryIO) -> int:
    """How many members a zip says it has, or a few more: their beginnings are counted."""
    count, before = 0, b""
    file.seek(0)
    while chunk := file.read(CHUNK):
        count += (before + chunk).count(ENTRY)
        before = chunk[1 - len(ENTRY) :]
    file.seek(0)
    return count
