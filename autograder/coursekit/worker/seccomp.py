"""A filter on system calls: what no exercise needs and what reaches out of the sandbox.

Inside the namespaces it is the second wall (nested namespaces, mounts, kernel interfaces with a
history of holes).  Without namespaces it is, together with Landlock, the first: then signals,
changes to files by name and everything that acts on another process of the same user go too.

References
----------
Linux, ``Documentation/userspace-api/seccomp_filter.rst``; system call tables of x86-64 and of
the generic table, which aarch64 uses.
"""

from __future__ import annotations

import ctypes
import platform
import struct
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from .kernel import syscall

_COLUMNS = {"x86_64": (0, 0xC000003E, 317), "aarch64": (1, 0xC00000B7, 277)}
_LAST_KNOWN = 456  # later system calls were not judged: they do not exist here
_EPERM, _EACCES, _ENOSYS = 1, 13, 38
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NEW_NAMESPACES = 0x7E020000
_CLONE3 = 435

Table: TypeAlias = Mapping[str, tuple[int | None, int | None]]
"""Numbers of system calls, a column for each machine; None where it has no such call."""

_DENIED: Table = {
    # namespaces, mounts
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    "move_pages": (279, 239), "migrate_pages": (256, 238),
    # network, memory and messages that outlive a process
    "socket": (41, 198), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190),
    "semop": (65, 193), "semctl": (66, 191), "msgget": (68, 186), "msgsnd": (69, 189),
    "msgrcv": (70, 188), "msgctl": (71, 187), "mq_open": (240, 180), "mq_unlink": (241, 181),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    # the kernel and the machine
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "iopl": (172, None),
    "ioperm": (173, None), "acct": (163, 89), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
    "sethostname": (170, 161), "setdomainname": (171, 162), "syslog": (103, 116),
    "vhangup": (153, 58), "fanotify_init": (300, 262), "lookup_dcookie": (212, 18),
    "modify_ldt": (154, None), "personality": (135, 92), "uselib": (134, None),
}  # fmt: skip
_DENIED_WITHOUT_NAMESPACES: Table = {
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "setpriority": (141, 140),
    "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "ioprio_set": (251, 30),
    "truncate": (76, 45),
}  # fmt: skip
_IGNORED_WITHOUT_NAMESPACES: Table = {
    # Landlock does not govern these, and the files may belong to the instructor; the answer is
    # success, as libraries set modes and times when they copy a file
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53),
    "fchmodat2": (452, 452), "chown": (92, None), "fchown": (93, 55), "lchown": (94, None),
    "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "utime": (132, None), "utimes": (235, None), "utimensat": (280, 88), "futimesat": (261, None),
}  # fmt: skip
_CLONE, _SOCKETPAIR, _PRLIMIT, _SETRLIMIT = (56, 220), (53, 199), (302, 261), (160, 164)
_NPROC = 6  # RLIMIT_NPROC
_SETAFFINITY, _FCNTL, _IOCTL = (203, 122), (72, 25), (16, 29)
_SIGNAL_OWNERS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: signals by way of a descriptor
_TERMINAL = (0x5412, 0x541C, 0x8901, 0x8902)  # TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP

Instruction = tuple[int, int, int, int]


def supported() -> bool:
    """Whether the numbers of this machine's system calls are known here."""
    return platform.machine() in _COLUMNS


def _refuse(error: int) -> Instruction:
    return _RETURN, 0, 0, _ERRNO | error


def _deny(number: int, error: int = _EPERM) -> list[Instruction]:
    return [(_EQUAL, 0, 1, number), _refuse(error)]


def _answer(table: Table, column: int, error: int) -> list[Instruction]:
    numbers = (row[column] for row in table.values())
    return [step for number in numbers if number is not None for step in _deny(number, error)]


def _on_argument(number: int, index: int, tests: list[Instruction]) -> list[Instruction]:
    """Apply `tests` to the low half of an argument of one system call, then reload the number."""
    body = [_load(index), *tests, (_LOAD, 0, 0, 0)]
    return [(_EQUAL, 0, len(body), number), *body]


def _load(index: int, high: bool = False) -> Instruction:
    return _LOAD, 0, 0, 16 + 8 * index + 4 * high


def _unless(value: int) -> list[Instruction]:
    return [(_EQUAL, 1, 0, value), _refuse(_EPERM)]


def _if_any_of(values: Iterable[int]) -> list[Instruction]:
    return [step for value in values for step in _deny(value)]


def _keep_limit_on_processes(new: int | None = None) -> list[Instruction]:
    """Refuse to set it; with `new`, an argument that is a null pointer only reads it.

    The supervisor moves it while the submission runs, so the hard limit leaves room above.
    """
    refuse = [_refuse(_EPERM)]
    if new is not None:
        null = [(_EQUAL, 0, 2, 0), _load(new, high=True), (_EQUAL, 1, 0, 0)]
        refuse = [_load(new), *null, *refuse]
    return [(_EQUAL, 0, len(refuse), _NPROC), *refuse]


def program(machine: str, namespaces: bool) -> list[Instruction]:
    """The filter as classic BPF instructions.

    Parameters
    ----------
    machine : {"x86_64", "aarch64"}
    namespaces : bool
        Whether the process is alone in a PID namespace.

    Returns
    -------
    list of (code, jump if true, jump if false, operand)
    """
    column, audit, _ = _COLUMNS[machine]
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, audit), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    steps += [(_AT_LEAST, 0, 1, _LAST_KNOWN + 1), _refuse(_ENOSYS)]
    steps += _deny(_CLONE3, _ENOSYS)  # its flags lie in memory; libraries fall back to clone
    tables = [_DENIED] if namespaces else [_DENIED, _DENIED_WITHOUT_NAMESPACES]
    for table in tables:
        steps += _answer(table, column, _EPERM)
    steps += [] if namespaces else _answer(_IGNORED_WITHOUT_NAMESPACES, column, 0)
    flags = [(_ANY_BIT, 0, 1, _NEW_NAMESPACES), _refuse(_EPERM)]
    steps += _on_argument(_CLONE[column], 0, flags)
    steps += _on_argument(_SOCKETPAIR[column], 0, _unless(1))
    steps += _on_argument(_PRLIMIT[column], 0, _unless(0))
    steps += _on_argument(_PRLIMIT[column], 1, _keep_limit_on_processes(new=2))
    steps += _on_argument(_SETRLIMIT[column], 0, _keep_limit_on_processes())
    steps += _on_argument(_SETAFFINITY[column], 0, _unless(0))
    steps += _on_argument(_FCNTL[column], 1, _if_any_of(_SIGNAL_OWNERS))
    steps += _on_argument(_IOCTL[column], 1, _if_any_of(_TERMINAL))
    return [*steps, (_RETURN, 0, 0, _ALLOW)]


def install(namespaces: bool) -> None:
    """Put the filter on this process and all that it starts; it cannot be taken off.

    Parameters
    ----------
    namespaces : bool
        Whether the process is alone in a PID namespace.
    """
    steps = program(platform.machine(), namespaces)
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    packed = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    header = ctypes.create_string_buffer(packed)
    syscall(_COLUMNS[platform.machine()][2], 1, 0, ctypes.byref(header))
