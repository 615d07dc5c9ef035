"""Lets many submissions run at a time, or one alone: across threads and processes."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Turnstile:
    """A pair of lock files.

    Parameters
    ----------
    folder : Path or None
        Where they lie; processes that name the same folder heed each other.  None for files
        without a name, which this process and its forks share and which nothing leaves behind.
    """

    def __init__(self, folder: Path | None) -> None:
        if folder is None:
            self._files = [tempfile.TemporaryFile() for _ in range(2)]  # noqa: SIM115
            self._paths = [f"/proc/self/fd/{file.fileno()}" for file in self._files]
        else:
            self._files, self._paths = [], [str(folder / name) for name in ("gate", "floor")]

    def enter(self) -> Place:
        """Wait until nobody needs to be alone, then take a place."""
        return Place(*self._paths)

    def close(self) -> None:
        """Close the files without a name."""
        while self._files:
            self._files.pop().close()


class Place:
    """A place among the submissions that run now.

    Parameters
    ----------
    gate, floor : str
        The two files.
    """

    def __init__(self, gate: str, floor: str) -> None:
        self._gate, self._floor = _open(gate), _open(floor)
        fcntl.flock(self._gate, fcntl.LOCK_EX)  # whoever waits to be alone holds it
        fcntl.flock(self._gate, fcntl.LOCK_UN)
        fcntl.flock(self._floor, fcntl.LOCK_SH)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until all others have left; none enters meanwhile."""
        fcntl.flock(self._floor, fcntl.LOCK_UN)
        fcntl.flock(self._gate, fcntl.LOCK_EX)
        fcntl.flock(self._floor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._floor, fcntl.LOCK_SH)
            fcntl.flock(self._gate, fcntl.LOCK_UN)

    def leave(self) -> None:
        """Give the place up."""
        os.close(self._floor)
        os.close(self._gate)


def _open(path: str) -> int:
    """An open file description of its own, as locks are held by these."""
    flags = os.O_RDWR | os.O_CLOEXEC
    return os.open(path, flags if path.startswith("/proc/") else flags | os.O_CREAT, 0o600)
