"""What a file is, by how it begins: students' programs change its name, not its content."""

from coursekit.submissions.zips import BEGINNINGS

HEAD = 4096
"""Bytes of a file that are looked at."""

ZIP = "a zip"
"""The one kind of archive that is read."""

WEB_PAGE = (b"<!doctype", b"<html", b"<head", b"<?xml", b"<!--")

BEGIN = {
    **dict.fromkeys(BEGINNINGS, ZIP),
    b"%PDF": "a PDF",
    b"\x1f\x8b": "an archive (gzip)",
    b"7z\xbc\xaf'\x1c": "an archive (7-Zip)",
    b"Rar!": "an archive (RAR)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "an Office document",
    b"{\\rtf": "a text document (RTF)",
}
"""Kinds of file by their first bytes."""


def kind_of(head: bytes) -> str:
    """What a file is that is no text; empty for a text, which may be a notebook or a script."""
    for beginning, kind in BEGIN.items():
        if head.startswith(beginning):
            return kind
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(WEB_PAGE):
        return "a web page"
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "no text"
    return ""
