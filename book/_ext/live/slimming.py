"""Cut archives of Python down to what a page can use: fewer bytes on the way to the reader."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

OLDEST = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive, so that the same contents give the same bytes."""

NUMPY_ASIDE = re.compile(
    r"(^|/)(tests|f2py|distutils|include|_pyinstaller|pkg-config)/|\.(pyi|pxd|a|h|c|ini)$"
    r"|_tests?\.cpython[^/]*\.so$|^numpy/doc/|_simd\.cpython"
)
"""What NumPy has for who builds or tests with it."""

STANDARD_ASIDE = re.compile(
    r"^(_pyrepl|ctypes/macholib|curses|dbm|ensurepip|idlelib|lib2to3|multiprocessing|pydoc_data"
    r"|sqlite3|test|tkinter|turtledemo|venv|wsgiref|xmlrpc)/"
    r"|^(ftplib|imaplib|mailbox|nntplib|poplib|pty|smtplib|socketserver|telnetlib|tty|turtle"
    r"|webbrowser|_aix_support|_android_support|_apple_support|_ios_support|_osx_support)\.py$"
    r"|^encodings/(?!(__init__|aliases|ascii|charmap|cp1252|cp437|hex_codec|base64_codec|idna"
    r"|latin_1|iso8859_1|punycode|raw_unicode_escape|rot_13|undefined|unicode_escape"
    r"|utf_(7|8|8_sig|16|16_be|16_le|32|32_be|32_le))\.py$)"
)
"""What has no use in a page: servers, mail, processes, windows, and encodings of other times."""


def slim_numpy(wheel: Path, target: Path) -> None:
    """NumPy without what builds and tests need; its licence stays in it."""
    repack(wheel, target, lambda name: not NUMPY_ASIDE.search(name))


def slim_standard_library(archive: Path, target: Path) -> None:
    """The standard library without what a page has no use for."""
    repack(archive, target, lambda name: not STANDARD_ASIDE.search(name))


def repack(source: Path, target: Path, keeps: Callable[[str], bool]) -> None:
    """Some files of an archive as another one, packed, as not every web server packs archives."""
    with (
        zipfile.ZipFile(source) as given,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made,
    ):
        for entry in sorted(given.infolist(), key=lambda entry: entry.filename):
            if not entry.is_dir() and keeps(entry.filename):
                kept = zipfile.ZipInfo(entry.filename, OLDEST)
                kept.compress_type = zipfile.ZIP_DEFLATED
                made.writestr(kept, given.read(entry))
