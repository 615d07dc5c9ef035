"""Folders in the temporary folder, and the removal of those whose process was killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from coursekit.worker import folders

PREFIX = "course-sandbox-"


class TemporaryFolder:
    """A folder that is locked as long as a process holds its descriptor.

    Who makes one removes those that nobody holds any more: a process that is killed cannot clear
    away. On a shared machine the folders of others are left alone.

    Parameters
    ----------
    heirs : iterable of int
        Users, beside this one, whose folders this process may have made.

    Attributes
    ----------
    path : str
    lock : int or None
        A descriptor, which whoever works in the folder inherits.
    """

    def __init__(self, heirs: Iterable[int] = ()) -> None:
        _remove_abandoned({os.geteuid(), *heirs})
        self.lock: int | None = None
        while self.lock is None:
            self.path = tempfile.mkdtemp(prefix=PREFIX)
            try:
                self.lock = _locked(self.path)
            except (BlockingIOError, FileNotFoundError):
                continue  # another process has just taken it for abandoned
            except OSError:
                break  # a file system without locks, where nothing counts as abandoned

    def remove(self) -> None:
        """Remove it with all that is in it; what cannot be removed stays."""
        folders.remove(self.path)
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None


def _locked(path: str) -> int:
    """A descriptor of a folder, which locks it.

    Raises
    ------
    OSError
        Another has locked it, or it is gone.
    """
    found = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(found), os.lstat(path)):
            raise FileNotFoundError(path)
    except OSError:
        os.close(found)
        raise
    return found


def _remove_abandoned(owners: set[int]) -> None:
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if path.lstat().st_uid in owners:
                lock = _locked(str(path))
                folders.remove(str(path))
                os.close(lock)
