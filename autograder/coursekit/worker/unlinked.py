"""Files without a name, which student code goes on to hold where no file system limits it.

A file that was removed takes its room until nobody has it open or mapped. No folder shows it, so
it is looked for where it is held: in the descriptors and the mappings of the processes. What else
could hold one, a message between sockets on its way, the filter on system calls refuses.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator

from .processes import ENDED, ProcessState, living_threads, read_state


class HiddenError(Exception):
    """A process cannot be looked into: it runs a program that its own user may not read."""


def bytes_held(states: Iterable[ProcessState], folder: str, largest: int) -> int:
    """Bytes of the files without a name that processes hold, of the file system of a folder.

    Parameters
    ----------
    states : iterable of ProcessState
    folder : str
        In which they were made.
    largest : int
        Bytes that a file may have: of one that is mapped and not open nobody tells the size.

    Raises
    ------
    HiddenError
    """
    device = os.stat(folder).st_dev
    sizes: dict[int, int] = {}
    for state in states:
        if state.state in ENDED:
            continue
        try:
            for file in _open_files(state.pid):
                if stat.S_ISREG(file.st_mode) and not file.st_nlink and file.st_dev == device:
                    sizes[file.st_ino] = file.st_blocks * 512
            for number in _mapped(state.pid, folder):
                sizes.setdefault(number, largest)
        except PermissionError as error:
            now = read_state(state.pid)
            if now is not None and now.memory:  # one that ends has none, and is closed to all
                raise HiddenError from error
    return sum(sizes.values())


def _open_files(pid: int) -> Iterator[os.stat_result]:
    """All that the threads of a process have open: each may have descriptors of its own.

    Threads that come and go hide nothing of the others.
    """
    for thread in living_threads(pid):
        place = f"/proc/{pid}/task/{thread.pid}/fd"
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for number in os.listdir(place):
                with contextlib.suppress(FileNotFoundError):
                    yield os.stat(f"{place}/{number}")


def _mapped(pid: int, folder: str) -> Iterator[int]:
    """Inodes of the removed files of a folder that a process has mapped."""
    content = next(filter(None, map(_maps, living_threads(pid))), b"")
    if b"(deleted)" not in content:
        return
    for line in content.splitlines():
        *_, number, name = line.split(maxsplit=5) if line.endswith(b"(deleted)") else (b"0", b"")
        if name.startswith(os.fsencode(folder)):
            yield int(number)


def _maps(thread: ProcessState) -> bytes:
    """What a process maps, as each of its threads sees it; nothing if that one has ended."""
    try:
        with open(f"/proc/{thread.pid}/maps", "rb") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return b""
