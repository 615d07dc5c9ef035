"""Lets many submissions run at a time, or one alone: across threads and processes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Turnstile:
    """A pair of lock files.

    Parameters
    ----------
    folder : Path
        Where they lie; processes that name the same folder heed each other.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def enter(self) -> Place:
        """Wait until nobody needs to be alone, then take a place."""
        return Place(self.folder)


class Place:
    """A place among the submissions that run now.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._gate = os.open(folder / "gate", flags, 0o600)
        self._floor = os.open(folder / "floor", flags, 0o600)
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
