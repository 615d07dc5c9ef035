"""A filter on system calls: what exercises need is allowed, and all else does not exist.

Inside the namespaces it is the second wall (nested namespaces, mounts, kernel interfaces with a
history of holes).  Without namespaces it is, together with Landlock, the first: then signals,
changes to files by name and everything that acts on another process of the same user go too.

Notes
-----
A descriptor that may only be read is enough to lease a file, to be told when it changes, to lock
it, or to set its flags; so ``fcntl``, ``ioctl`` and ``prctl`` have lists of their own, and
``flock`` is in none.  POSIX locks stay: SQLite needs them.

Who waits for the disk has not used his time, and whoever drops from memory what others read has
them wait for it.  So nothing here waits for the disk on purpose: no synchronous or direct input and
output, no advice that pages be dropped, no priority below that of others, and no child that is
another's, for which a process would wait as it does for a disk.

A message over a socket can bear an address and reach whoever listens there.  So a pair of sockets
is of streams, which take no address, and ``sendmsg``, whose arguments lie in memory, is not there.

References
----------
Linux, ``Documentation/userspace-api/seccomp_filter.rst``.
"""

from __future__ import annotations

import ctypes
import platform
import struct
from collections.abc import Iterable
from functools import cache

from .kernel import syscall
from .system_calls import (
    ALLOWED,
    ALLOWED_BY_ARGUMENT,
    NOT_DONE,
    REFUSED,
    SIGNALS,
    TRUNCATING,
    WITHOUT_EFFECT,
    Table,
)

_COLUMNS = {"x86_64": (0, 0xC000003E, 317), "aarch64": (1, 0xC00000B7, 277)}
_EPERM, _EINVAL, _ENOSYS, _EOPNOTSUPP = 1, 22, 38, 95
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _AND, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x45, 0x06
_NEW_NAMESPACES, _ANOTHER_PARENT = 0x7E020000, 0x8000  # CLONE_PARENT
_NPROC = 6  # RLIMIT_NPROC
_TRUNCATE, _ACCESS = 0o1000, 0o3  # O_TRUNC, O_ACCMODE
_SET_FLAGS = 4  # F_SETFL
_SYNCHRONOUS = 0o4010000  # O_SYNC, of which O_DSYNC is a part
_DIRECT = {"x86_64": 0o40000, "aarch64": 0o200000}  # O_DIRECT
_FLAGS = {"open": 1, "openat": 2}
_UNIX, _STREAM, _TYPE_OF_SOCKET, _OUT_OF_BAND = 1, 1, 0xF, 1

_FCNTL = (
    *(0, 1030),  # F_DUPFD, F_DUPFD_CLOEXEC
    *(1, 2, 3, 4),  # F_GETFD, F_SETFD, F_GETFL, F_SETFL
    *(5, 6, 7),  # F_GETLK, F_SETLK, F_SETLKW
    *(9, 1025, 1032, 1034),  # F_GETOWN, F_GETLEASE, F_GETPIPE_SZ, F_GET_SEALS
)
_IOCTL = (
    *(0x5401, 0x802C542A, 0x5413, 0x540F),  # TCGETS, TCGETS2, TIOCGWINSZ, TIOCGPGRP
    *(0x541B, 0x5421, 0x5450, 0x5451),  # FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
)
_PRCTL = (
    *(1, 2, 3),  # PR_SET_PDEATHSIG, PR_GET_PDEATHSIG, PR_GET_DUMPABLE
    *(15, 16),  # PR_SET_NAME, PR_GET_NAME
    *(21, 23, 27, 30),  # PR_GET_SECCOMP, PR_CAPBSET_READ, PR_GET_SECUREBITS, PR_GET_TIMERSLACK
    *(37, 38, 39),  # PR_GET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS
    *(42, 51, 52),  # PR_GET_THP_DISABLE, PR_SVE_GET_VL, PR_GET_SPECULATION_CTRL
    0x53564D41,  # PR_SET_VMA: a name for memory
)
_ADVICE = (
    *range(5),  # MADV_NORMAL to MADV_DONTNEED
    *range(8, 12),  # MADV_FREE, MADV_REMOVE, MADV_DONTFORK, MADV_DOFORK
    *range(14, 20),  # MADV_HUGEPAGE to MADV_KEEPONFORK
    *(22, 23, 25),  # MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_COLLAPSE
)

Instruction = tuple[int, int, int, int]
_NUMBER: Instruction = (_LOAD, 0, 0, 0)


def supported() -> bool:
    """Whether the numbers of this machine's system calls are known here."""
    return platform.machine() in _COLUMNS


def _return(value: int) -> Instruction:
    return _RETURN, 0, 0, value


def _refuse(error: int) -> Instruction:
    return _return(_ERRNO | error)


def _when(number: int | None, steps: list[Instruction]) -> list[Instruction]:
    """Do this for one system call, if the machine has it."""
    return [] if number is None else [(_EQUAL, 0, len(steps), number), *steps]


def _answer(table: Table, column: int, value: int) -> list[Instruction]:
    return [step for row in table.values() for step in _when(row[column], [_return(value)])]


def _load(index: int, high: bool = False) -> Instruction:
    return _LOAD, 0, 0, 16 + 8 * index + 4 * high


def _only(index: int, values: Iterable[int], error: int = _EPERM) -> list[Instruction]:
    """Refuse what is none of some values in the low half of an argument.

    Of a command the kernel, too, looks at the low half only.
    """
    tests = [(_EQUAL, 0, 0, value) for value in values]
    for place, (code, _, no, value) in enumerate(tests):
        tests[place] = (code, len(tests) - place, no, value)
    return [_load(index), *tests, _refuse(error)]


def _none_of(index: int, bits: int, error: int = _EPERM) -> list[Instruction]:
    return [_load(index), (_ANY_BIT, 0, 1, bits), _refuse(error)]


def _null(index: int) -> list[Instruction]:
    return [*_only(index, [0]), _load(index, high=True), (_EQUAL, 1, 0, 0), _refuse(_EPERM)]


def _keep_limit_on_processes(index: int, new: int | None = None) -> list[Instruction]:
    """Refuse to set it; with `new`, an argument that is a null pointer only reads it.

    The supervisor moves it while the submission runs, so the hard limit leaves room above.
    """
    refuse = [_refuse(_EPERM)] if new is None else _null(new)
    return [_load(index), (_EQUAL, 0, len(refuse), _NPROC), *refuse]


def _cut_nothing_by_opening(column: int) -> list[Instruction]:
    """Refuse to cut a file that is opened to be read, for which it need not be writable."""
    steps: list[Instruction] = []
    for name, flags in _FLAGS.items():
        cuts = [_load(flags), (_AND, 0, 0, _TRUNCATE | _ACCESS), (_EQUAL, 0, 1, _TRUNCATE)]
        steps += _when(ALLOWED_BY_ARGUMENT[name][column], [*cuts, _refuse(_EPERM), _NUMBER])
    return steps


def _tests(machine: str) -> dict[str, list[Instruction]]:
    """What is refused of the system calls whose arguments decide."""
    of_a_pair = [_load(1), (_AND, 0, 0, _TYPE_OF_SOCKET), (_EQUAL, 1, 0, _STREAM), _refuse(_EPERM)]
    direct = _DIRECT[machine]
    not_direct = [_load(1), (_EQUAL, 0, 3, _SET_FLAGS), *_none_of(2, direct, _EINVAL)]
    opening = {
        name: _none_of(place, direct | _SYNCHRONOUS, _EINVAL) for name, place in _FLAGS.items()
    }
    return opening | {
        "clone": _none_of(0, _NEW_NAMESPACES | _ANOTHER_PARENT),
        "fcntl": [*_only(1, _FCNTL), *not_direct],
        "ioctl": _only(1, _IOCTL, _EOPNOTSUPP),
        "prctl": _only(0, _PRCTL, _EINVAL),
        "prlimit64": _only(0, [0]) + _keep_limit_on_processes(1, new=2),
        "setrlimit": _keep_limit_on_processes(0),
        "sched_setaffinity": _only(0, [0]),
        "setpriority": [*_only(0, [0]), *_only(1, [0]), _return(_ERRNO)],
        "socketpair": _only(0, [_UNIX]) + of_a_pair,
        "sendto": _none_of(3, _OUT_OF_BAND) + _null(4),
        "preadv2": _only(5, [0], _EOPNOTSUPP),
        "pwritev2": _only(5, [0], _EOPNOTSUPP),
        "madvise": _only(2, _ADVICE, _EINVAL),
    }


def program(machine: str, namespaces: bool, landlock: int = 0) -> list[Instruction]:
    """The filter as classic BPF instructions.

    Parameters
    ----------
    machine : {"x86_64", "aarch64"}
    namespaces : bool
        Whether the process is alone in a PID namespace, on a file system of its own.
    landlock : int
        Version of Landlock that holds it else: the sixth keeps signals in, the third governs
        how files are cut.

    Returns
    -------
    list of (code, jump if true, jump if false, operand)
    """
    column, audit, _ = _COLUMNS[machine]
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, audit), _return(_KILL), _NUMBER]
    cuts = namespaces or landlock >= 3
    steps += [] if cuts else _cut_nothing_by_opening(column)
    steps += _answer(ALLOWED, column, _ALLOW)
    refused = _ERRNO | _EPERM
    steps += _answer(SIGNALS, column, _ALLOW if namespaces or landlock >= 6 else refused)
    steps += _answer(TRUNCATING, column, _ALLOW if cuts else refused)
    steps += _answer(WITHOUT_EFFECT, column, _ALLOW if namespaces else _ERRNO)
    for name, tests in _tests(machine).items():
        steps += _when(ALLOWED_BY_ARGUMENT[name][column], [*tests, _return(_ALLOW)])
    steps += _answer(NOT_DONE, column, _ERRNO)
    # Among the rest are clone3 and openat2, whose flags lie in memory: libraries do without them
    return [*steps, *_answer(REFUSED, column, refused), _refuse(_ENOSYS)]


@cache
def packed(namespaces: bool, landlock: int) -> bytes:
    """The filter for this machine as the kernel takes it: made once, before anything is forked."""
    steps = program(platform.machine(), namespaces, landlock)
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def install(namespaces: bool, landlock: int) -> None:
    """Put the filter on this process and all that it starts; it cannot be taken off.

    Parameters
    ----------
    namespaces, landlock
        As of :func:`program`.
    """
    code = packed(namespaces, landlock)
    place = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(place))
    syscall(_COLUMNS[platform.machine()][2], 1, 0, ctypes.c_char_p(header))
