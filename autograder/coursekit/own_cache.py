"""Files that may be lost: what was found once, kept for the next time in the user's own cache.

Only what the user alone can have written is read: a file of another user, or one that others may
write to, is as good as none.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from coursekit.replacing import write_whole


def cache_folder(kind: str) -> Path:
    """Where files of a kind lie.

    Raises
    ------
    FileNotFoundError
        If the user has no home.
    """
    cache = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(cache if os.path.isabs(cache) else os.path.expanduser("~/.cache"))
    if not base.is_absolute():
        raise FileNotFoundError("this user has no home")
    return base / "coursekit" / kind


def read_own(path: Path) -> bytes:
    """The content of a file that nobody else can have written.

    Raises
    ------
    OSError
        If there is none, or it is open to others.
    """
    require_own(path.parent.lstat(), stat.S_ISDIR)
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        require_own(os.fstat(descriptor), stat.S_ISREG)
        return file.read()


def write_own(path: Path, content: bytes, most: int) -> None:
    """Write a file whole or not at all, and remove the oldest beside it beyond so many.

    Raises
    ------
    OSError
        If it cannot be written, or the folder is open to others.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    require_own(path.parent.lstat(), stat.S_ISDIR)
    write_whole(path, content)
    kept = [each for each in path.parent.iterdir() if not each.name.startswith(".")]
    for old in sorted(kept, key=written_at, reverse=True)[most:]:
        old.unlink(missing_ok=True)


def written_at(path: Path) -> float:
    """When a file was written; long ago for one that somebody else has just removed."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def require_own(found: os.stat_result, is_kind: Callable[[int], bool]) -> None:
    """Fail unless a file or folder is the user's own, and closed to all others."""
    closed = not stat.S_IMODE(found.st_mode) & 0o077
    if not (is_kind(found.st_mode) and closed and found.st_uid == os.geteuid()):
        raise PermissionError("it is open to others, or another user's")
