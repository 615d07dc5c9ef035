"""Tries to break each promise of the sandbox, as student code would, and reports what held."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import Cell, Crashed, Raised, Returned, TimedOut
from coursekit.sandbox.pool import WorkerPool
from coursekit.sandbox.probes import PROBES
from coursekit.sandbox.runs import Run
from coursekit.sandbox.temporary import TemporaryFolder
from coursekit.sandbox.worker_process import WorkerProcess

_LIMITS = Limits(memory=256 * 2**20, processes=12, cell_cpu_seconds=5.0, call_cpu_seconds=5.0)

_VARIABLES_OF_THE_WORKER = {
    "PATH", "LANG", "USER", "LOGNAME", "HOME", "TMPDIR", "PYTHONHASHSEED", "PWD", "MPLBACKEND",
    "MPLCONFIGDIR", "IPYTHONDIR", "LC_CTYPE", "PAGER", "GIT_PAGER", "CLICOLOR", "TERM",
    *(f"{name}_NUM_THREADS" for name in ("OPENBLAS", "OMP", "MKL", "BLIS", "NUMEXPR",
                                         "VECLIB_MAXIMUM")),
}  # fmt: skip


@dataclass(frozen=True)
class Promise:
    """One promise and what came of the attempt to break it.

    Parameters
    ----------
    name : str
    held : bool
    detail : str
        What got through.
    """

    name: str
    held: bool
    detail: str = ""


@dataclass(frozen=True)
class SelfTestReport:
    """What the self-test found; print it.

    Parameters
    ----------
    tier : str
    versions : dict
        Of the worker's interpreter and packages.
    promises : tuple of Promise
    """

    tier: str
    versions: dict[str, str]
    promises: tuple[Promise, ...]

    @property
    def holds(self) -> bool:
        """Whether every promise held."""
        return all(promise.held for promise in self.promises)

    @property
    def broken(self) -> str:
        """The promises that did not hold, by name."""
        return ", ".join(promise.name for promise in self.promises if not promise.held)

    def __str__(self) -> str:
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        lines = [f"sandbox tier {self.tier} ({versions})"]
        for promise in self.promises:
            mark = "held  " if promise.held else "BROKEN"
            lines.append(f"  {mark} {promise.name}{': ' * bool(promise.detail)}{promise.detail}")
        return "\n".join(lines)


def examine(pool: WorkerPool) -> SelfTestReport:
    """Run the probes in a pool.

    Parameters
    ----------
    pool : WorkerPool
        With one worker, which is idle.

    Returns
    -------
    SelfTestReport
    """
    if pool.tier == "none":
        # Trying would write to the very places that it finds open
        return SelfTestReport(pool.tier, {}, (Promise("anything but limits", False, "no sandbox"),))
    (worker,) = pool.workers.all
    before = _files_of(worker)
    folder = TemporaryFolder()
    os.environ["COURSE_SELFTEST_SECRET"] = "1"
    try:
        os.chmod(folder.path, 0o777)
        promises = tuple(_first(pool, Path(folder.path)))
    finally:
        folder.remove()
        del os.environ["COURSE_SELFTEST_SECRET"]
    return SelfTestReport(pool.tier, worker.versions, (*promises, *_second(pool, before)))


def _run(pool: WorkerPool) -> AbstractContextManager[Run]:
    return pool.submission([Cell("probes", PROBES)], _LIMITS)


def _first(pool: WorkerPool, folder: Path) -> Iterator[Promise]:
    canary = folder / "canary"
    canary.write_text("secret", encoding="utf-8")
    canary.chmod(0o666)
    with (
        _listener(socket.AF_INET, ("127.0.0.1", 0)) as tcp,
        _listener(socket.AF_UNIX, str(folder / "socket")) as local,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mailbox,
        _run(pool) as run,
    ):
        mailbox.bind(str(folder / "mailbox"))
        (folder / "mailbox").chmod(0o777)
        addresses = (tcp.getsockname()[1], local.getsockname(), mailbox.getsockname())
        yield from _about_files(run, canary, pool.hidden)
        yield _nothing(run, "reaches no network", "connected", addresses)
        # a parent with number 1 cannot be told apart: inside, that is student code's own first;
        # the first process of a container has parent 0, and that names student code's own group
        pids = [pid for pid in (os.getpid(), os.getppid()) if pid > 1]
        yield _nothing(run, "reaches no process outside", "processes", (pids,))
        yield _nothing(run, "waits for nothing on purpose", "waits", (os.__file__,))
        yield _nothing(run, "has no privilege", "privileges")
        yield _nothing(run, "makes no namespace or mount", "namespaces")
        yield _own_descriptor_only(run)
        yield from _about_limits(run)
        run.call("hide", (200,))
        run.call("leave")


def _listener(family: int, address: tuple[str, int] | str) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen()
    return listener


def _about_files(run: Run, canary: Path, hidden: tuple[Path, ...]) -> Iterator[Promise]:
    secrets = [str(canary), __file__, "/etc/passwd", os.path.expanduser("~/.bashrc")]
    secrets += [str(path) for path in hidden if path.is_file()]
    yield _nothing(run, "reads no file outside", "readable", (secrets,))
    here = str(Path(__file__).parent)
    folders = [str(canary.parent), "/", "/usr", "/dev", "/etc", "/var/tmp", here, "/course/worker"]
    folders += [str(path) for path in hidden if path.is_dir()]
    yield _nothing(run, "writes no file outside", "writable", (folders,))
    yield _nothing(run, "changes no file outside", "changed", ([str(canary)],))
    yield _nothing(run, "holds no file outside", "held", ([os.__file__],))
    names = sorted(set(os.environ) - _VARIABLES_OF_THE_WORKER)
    yield _nothing(run, "sees no variable of the grader", "environment", (names,))


def _nothing(run: Run, name: str, probe: str, args: tuple[object, ...] = ()) -> Promise:
    outcome = run.call(probe, args)
    if not isinstance(outcome, Returned):
        return Promise(name, False, f"the probe failed: {outcome}")
    return Promise(name, outcome.value == [], ", ".join(map(str, outcome.value)))


def _own_descriptor_only(run: Run) -> Promise:
    outcome = run.call("descriptors")
    held = isinstance(outcome, Returned) and len(outcome.value) <= 1
    return Promise("inherits no descriptor but its own", held, "" if held else str(outcome))


def _about_limits(run: Run) -> Iterator[Promise]:
    outcome = run.call("memory", (2 * _LIMITS.memory,))
    stopped = isinstance(outcome, Crashed) or (
        isinstance(outcome, Raised) and outcome.error.type == "MemoryError"
    )
    yield Promise("memory is limited", stopped)
    outcome = run.call("forks", (200,))
    few = isinstance(outcome, Returned) and outcome.value < 100
    yield Promise("processes are limited", few or isinstance(outcome, Crashed))
    outcome = run.call("files", (_LIMITS.files + 100,))
    few = isinstance(outcome, Returned) and outcome.value < _LIMITS.files
    yield Promise("files are limited", few or isinstance(outcome, Crashed))
    outcome = run.call("forever", cpu_seconds=0.1)
    yield Promise("processor time is limited", isinstance(outcome, TimedOut))


def _files_of(worker: WorkerProcess) -> set[str]:
    """What lies in the folder of a worker that has no file system of its own."""
    return set() if worker.scratch is None else set(os.listdir(worker.scratch))


def _second(pool: WorkerPool, before: set[str]) -> Iterator[Promise]:
    with _run(pool) as run:
        yield _nothing(run, "finds nothing of an earlier submission", "found_here")
    (worker,) = pool.workers.all
    left = sorted(_files_of(worker) - before)
    yield Promise("leaves no file behind", not left, ", ".join(left))
    clean = run.left_clean
    yield Promise("leaves no process behind", clean, "" if clean else "some could not be killed")
