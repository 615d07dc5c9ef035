"""Landlock: what files a process may touch, without namespaces.

References
----------
Linux, ``Documentation/userspace-api/landlock.rst``.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

from .kernel import syscall

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_EXECUTE, _WRITE, _READ, _LIST, _TRUNCATE, _DEVICE_IOCTL = 1, 2, 4, 8, 1 << 14, 1 << 15
_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP, _SCOPES = 3, 3
_FOR_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | _DEVICE_IOCTL


def version() -> int:
    """Version of the kernel's interface; 0 if there is none."""
    try:
        return syscall(_CREATE, 0, 0, 1)
    except OSError:
        return 0


def restrict(readable: Iterable[str], writable: Iterable[str], listed: Iterable[str] = ()) -> None:
    """Leave this process and all that it starts only these files.

    Needs ``no_new_privs``.  Where the kernel knows them, TCP, signals and abstract Unix sockets
    beyond the restricted processes are closed too.

    Parameters
    ----------
    readable : iterable of str
        Files, and folders with all that they contain, to read and execute.
    writable : iterable of str
        The same, to write, make and remove as well.
    listed : iterable of str
        Folders of which the names of what they contain may be read, at any depth.
    """
    abi = version()
    handled = max(mask for first, mask in _BY_VERSION.items() if first <= abi)
    fields = [handled, *([_TCP] if abi >= 4 else []), *([_SCOPES] if abi >= 6 else [])]
    packed = struct.pack(f"{len(fields)}Q", *fields)
    rules = syscall(_CREATE, ctypes.c_char_p(packed), len(packed), 0)
    for access, paths in (
        (_EXECUTE | _READ | _LIST, readable), (handled, writable), (_LIST, listed),
    ):  # fmt: skip
        for path in paths:
            _allow(rules, path, access & handled)
    syscall(_RESTRICT, rules, 0)
    os.close(rules)


def _allow(rules: int, path: str, access: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    access &= -1 if os.path.isdir(path) else _FOR_FILES
    syscall(_ADD, rules, 1, ctypes.c_char_p(struct.pack("<Qi", access, fd)), 0)
    os.close(fd)
