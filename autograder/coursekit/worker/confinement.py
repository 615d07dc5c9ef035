"""The walls around one submission: namespaces, limits, descriptors, privileges."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import folders, kernel, landlock, seccomp

SHARED = "/dev/shm"
NAMESPACES, LANDLOCK, OPEN = "namespaces", "landlock", "none"
_OURS = 3
"""Processes of ours in the namespace of a submission: supervisor, ``init`` and runner."""


@dataclass(frozen=True)
class Caps:
    """What one submission may use; travels as a dictionary.

    Parameters
    ----------
    memory : int
        Bytes of address space that each process may add; all of them together may hold twice
        as much.
    processes : int
        Processes and threads at one time.
    file_size, scratch : int
        Bytes per file, and in all files.
    files : int
        Files and folders.
    shared_memory : int
        Bytes in ``/dev/shm``; without namespaces there is none.
    open_files : int
    cpu_seconds : int
        Per process, as a backstop: the supervisor stops earlier.
    output : int
        Bytes kept of what a cell or a call prints, per stream.
    """

    memory: int
    processes: int
    file_size: int
    scratch: int
    files: int
    shared_memory: int
    open_files: int
    cpu_seconds: int
    output: int


@dataclass(frozen=True)
class Ground:
    """Where the sandbox stands, known when the zygote starts.

    Parameters
    ----------
    mode : {"namespaces", "landlock", "none"}
    scratch : str
        Folder in which a submission may write; with namespaces each has its own of this name.
    readable : sequence of str
        What Landlock leaves readable.
    listed : sequence of str
        Folders of which it leaves the names, and those below them.
    counted_apart : bool
        Whether the kernel counts the processes of a submission by themselves.  Else it counts all
        of this user, and the supervisor keeps the limit right.
    """

    mode: str
    scratch: str
    readable: Sequence[str]
    listed: Sequence[str]
    counted_apart: bool


def start(ground: Ground, caps: Caps, run: Callable[[], None], keep: tuple[int, ...]) -> Child:
    """Start `run` inside the walls.

    Parameters
    ----------
    ground : Ground
    caps : Caps
    run : callable
        Student code and what serves it.  Never returns to the caller's code.
    keep : tuple of int
        Descriptors that it inherits beside 0, 1 and 2.

    Returns
    -------
    Child
    """
    folder = ground.scratch
    if ground.mode == NAMESPACES:
        _enter_user_and_pid_namespaces()
    else:
        folder = tempfile.mkdtemp(prefix="submission-", dir=ground.scratch)
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # else the supervisor may not see what the child holds
    pid = os.fork()
    if pid:
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        return Child(pid, folder if ground.mode != NAMESPACES else None)
    _guarded(lambda: _inside(ground, caps, run, keep, folder))
    raise AssertionError("unreachable")


@dataclass(frozen=True)
class Child:
    """The first process inside the walls: with namespaces their ``init``, else student code.

    Parameters
    ----------
    pid : int
    folder : str or None
        What must be removed afterwards.
    """

    pid: int
    folder: str | None

    def remove_folder(self) -> None:
        """Remove what was written."""
        if self.folder is not None:
            folders.remove(self.folder)


def _guarded(action: Callable[[], None]) -> None:
    """Run, then end the process whatever happens: nothing may unwind into the parent's code."""
    try:
        action()
    except BaseException as error:
        with contextlib.suppress(Exception):
            os.write(2, f"sandbox set-up: {type(error).__name__}: {error}\n".encode())
        os._exit(70)
    os._exit(0)


def _enter_user_and_pid_namespaces() -> None:
    uid, gid = os.getuid(), os.getgid()
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # else root owns this process's files in /proc
    kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID)
    for name, content in (
        ("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1"),
    ):  # fmt: skip
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(content)


def _inside(
    ground: Ground, caps: Caps, run: Callable[[], None], keep: tuple[int, ...], folder: str
) -> None:
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    with (
        contextlib.suppress(OSError),
        open("/proc/self/oom_score_adj", "w", encoding="utf-8") as file,
    ):
        file.write("1000")  # when the machine runs out of memory, this goes first
    size = _address_space()
    if ground.mode == NAMESPACES:
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC)
        _mount_afresh(caps, folder)
        _become_init()
    _confine(ground, caps, keep, folder, size)
    run()


def _mount_afresh(caps: Caps, folder: str) -> None:
    """Own places to write to, and no ``/proc``: there is nothing of others to look at."""
    kernel.mount("none", "/", kernel.MS_REC | kernel.MS_PRIVATE)
    flags = kernel.MS_NOSUID | kernel.MS_NODEV
    places = {folder: (caps.scratch, caps.files, 700), SHARED: (caps.shared_memory, 4096, 1777)}
    for place, (size, files, mode) in places.items():
        kernel.mount("tmpfs", place, flags, f"size={size},nr_inodes={files},mode={mode}")
    kernel.mount("tmpfs", "/proc", flags | kernel.MS_RDONLY, "size=4096,nr_inodes=2,mode=0555")


def _become_init() -> None:
    """Fork; the child goes on as student code, the parent reaps and ends when that has ended."""
    pid = os.fork()
    if pid == 0:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        return
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.closerange(0, _open_files())
    kernel.drop_capabilities()
    while True:
        done, status = os.wait()
        if done == pid:
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _confine(ground: Ground, caps: Caps, keep: tuple[int, ...], folder: str, size: int) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.update(HOME=folder, TMPDIR=folder, MPLCONFIGDIR=folder, IPYTHONDIR=folder)
    tempfile.tempdir = None
    _close_others(keep)
    _set_limits(ground, caps, size)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if ground.mode == LANDLOCK:
        os.environ["JOBLIB_MULTIPROCESSING"] = "0"  # it would warn that there is no shared memory
        landlock.restrict(ground.readable, (folder, "/dev/null"), ground.listed)
    kernel.drop_capabilities()
    if ground.mode != OPEN and seccomp.supported():
        seccomp.install(*_kept_by(ground))
    gc.enable()


def prepare(ground: Ground) -> None:
    """Make what is the same for all submissions."""
    if ground.mode != OPEN and seccomp.supported():
        seccomp.packed(*_kept_by(ground))


def _kept_by(ground: Ground) -> tuple[bool, int]:
    """What keeps student code in beside the filter: namespaces, or a version of Landlock."""
    return ground.mode == NAMESPACES, landlock.version() if ground.mode == LANDLOCK else 0


def _close_others(keep: tuple[int, ...]) -> None:
    last = 2
    for fd in (*sorted(keep), _open_files()):
        os.closerange(last + 1, fd)
        last = fd


def _open_files() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def _address_space() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 2**30


def _set_limits(ground: Ground, caps: Caps, size: int) -> None:
    limits = {
        resource.RLIMIT_AS: size + caps.memory,
        resource.RLIMIT_FSIZE: caps.file_size,
        resource.RLIMIT_NOFILE: caps.open_files,
        resource.RLIMIT_CPU: caps.cpu_seconds,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 2**16,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if ground.counted_apart:
        limits[resource.RLIMIT_NPROC] = caps.processes + _OURS
    for kind, value in limits.items():
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))
