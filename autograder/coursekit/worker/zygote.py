"""The warm process: imports once, then forks a supervisor for each socket that it is handed."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
from typing import Any

from . import folders, kernel
from .confinement import NAMESPACES, Ground, prepare
from .modules import narrow

_THREADS = ("OPENBLAS", "OMP", "MKL", "BLIS", "NUMEXPR", "VECLIB_MAXIMUM")


def main(arguments: list[str]) -> None:
    """Run the warm process.

    Parameters
    ----------
    arguments : list of str
        Descriptor of the control socket, then a JSON object: the fields of :class:`Ground`,
        ``uid`` (a number to become, or null) and ``modules`` (or null).
    """
    settings = json.loads(arguments[1])
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))  # the judge's own limit is not ours
    _become(settings.pop("uid"))
    modules = settings.pop("modules")
    ground = Ground(**settings)
    if modules is not None:
        narrow(ground.listed, modules)
    control = socket.socket(fileno=int(arguments[0]))
    os.set_inheritable(control.fileno(), False)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    try:
        _import_all(ground.scratch)
        prepare(ground)
        control.send(_hello())
        while (sock := _next(control)) is not None:
            _start_supervisor(sock, control, ground)
        _wait_for_supervisors()
    finally:
        if ground.mode != NAMESPACES:
            folders.remove(ground.scratch)  # the judge may have been killed at any moment


def _become(uid: int | None) -> None:
    """Leave root for good: its processes are not counted and it owns too much."""
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        kernel.drop_capabilities()


def _import_all(scratch: str) -> None:
    """Import what submissions use, with numerical libraries on one thread."""
    os.environ.update({f"{name}_NUM_THREADS": "1" for name in _THREADS})
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    os.environ.update(HOME=scratch, TMPDIR=scratch, MPLCONFIGDIR=scratch, IPYTHONDIR=scratch)
    hidden: dict[str, Any] = {"backprop": None, "coursekit": None}  # None: not to be imported
    sys.modules.update(hidden)
    import matplotlib.pyplot  # noqa: F401
    import numpy.random  # noqa: F401 - which NumPy leaves to the first use

    from . import personal, shell, supervisor  # noqa: F401

    shell.warm_up()
    gc.collect()
    gc.freeze()  # else collecting copies every page in every child


def _hello() -> bytes:
    import IPython
    import numpy as np

    versions = {"python": sys.version.split()[0], "numpy": np.__version__}
    return json.dumps({**versions, "ipython": IPython.__version__, "uid": os.getuid()}).encode()


def _next(control: socket.socket) -> socket.socket | None:
    """Wait for a socket; None when the judge has gone."""
    poller = select.poll()
    poller.register(control, select.POLLIN)
    poller.poll()
    message, fds, _, _ = socket.recv_fds(control, 1, 1)
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                break
        except ChildProcessError:
            break
    return socket.socket(fileno=fds[0]) if message else None


def _wait_for_supervisors() -> None:
    """When the judge has gone, they clear away by themselves; ending now would kill them."""
    signal.alarm(20)
    try:
        while True:
            os.wait()
    except ChildProcessError:
        pass


def _start_supervisor(sock: socket.socket, control: socket.socket, ground: Ground) -> None:
    from .channel import Channel
    from .supervisor import serve

    if os.fork():
        sock.close()
        return
    try:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        control.close()
        serve(Channel(sock), ground)
        os._exit(0)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.write(2, f"supervisor: {type(error).__name__}: {error}\n".encode())
        os._exit(70)
