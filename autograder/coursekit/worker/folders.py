"""Measuring and removing folders that student code has filled, whatever it made there.

It may nest folders deeper than a path is long, make more files than there is time to look at, and
make folders that not even their owner may list.  So nothing here is recursive, everything goes by
descriptors, and a look ends where it is certain that there is too much.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import _ScandirIterator

_MOST_LEVELS = 64
_FOLDER = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def open_folder(name: str, parent: int | None = None) -> int:
    """A descriptor of a folder that is ours, also where its mode keeps its owner out."""
    place = os.open(name, _FOLDER | os.O_PATH, dir_fd=parent)
    try:
        if os.fstat(place).st_mode & stat.S_IRWXU != stat.S_IRWXU:
            with contextlib.suppress(OSError):
                os.chmod(f"/proc/self/fd/{place}", stat.S_IRWXU)
        return os.open(".", _FOLDER | os.O_RDONLY, dir_fd=place)
    finally:
        os.close(place)


def holds_more(path: str, size: int, most: int) -> bool:
    """Whether a folder holds more bytes than `size`, more than `most` files, or is too deep."""
    levels: list[tuple[int, _ScandirIterator[str]]] = []
    left = most

    def enter(name: str, parent: int | None) -> None:
        with contextlib.suppress(OSError):  # it may go while it is looked at
            folder = open_folder(name, parent)
            levels.append((folder, os.scandir(folder)))

    try:
        enter(path, None)
        while levels:
            folder, entries = levels[-1]
            entry = next(entries, None)
            if entry is None:
                entries.close()
                os.close(levels.pop()[0])
                continue
            with contextlib.suppress(OSError):
                size -= entry.stat(follow_symlinks=False).st_blocks * 512
            left -= 1
            if size < 0 or left < 0 or len(levels) > _MOST_LEVELS:
                return True
            if entry.is_dir(follow_symlinks=False):
                enter(entry.name, folder)
        return False
    finally:
        for folder, entries in levels:
            entries.close()
            os.close(folder)


def remove(path: str) -> None:
    """Remove a folder with all that is in it; what cannot be removed stays."""
    empty(path)
    with contextlib.suppress(OSError):
        os.rmdir(path)


def empty(path: str) -> None:
    """Remove what is in a folder; what cannot be removed stays.

    A folder in it is emptied after the folders within that one have been moved to the top: so no
    depth needs a recursion, a long path or a descriptor for each level.
    """
    with contextlib.suppress(OSError):
        top = open_folder(path)
        try:
            _empty(top)
        finally:
            os.close(top)


def _empty(top: int) -> None:
    prefix = f"removed-{os.urandom(8).hex()}-"
    fresh = (prefix + str(number) for number in itertools.count())
    waiting = _take_out(top, top, fresh)
    while waiting:
        name = waiting.pop()
        with contextlib.suppress(OSError):
            folder = open_folder(name, top)
            try:
                waiting += _take_out(folder, top, fresh)
            finally:
                os.close(folder)
            os.rmdir(name, dir_fd=top)


def _take_out(folder: int, top: int, fresh: Iterator[str]) -> list[str]:
    """Unlink the files in a folder and move its folders to the top; returns their new names."""
    moved = []
    for name in os.listdir(folder):
        with contextlib.suppress(OSError):
            try:
                os.unlink(name, dir_fd=folder)
            except IsADirectoryError:
                os.close(open_folder(name, folder))  # to move it takes the right to write in it
                moved.append(next(fresh))
                os.rename(name, moved[-1], src_dir_fd=folder, dst_dir_fd=top)
    return moved
