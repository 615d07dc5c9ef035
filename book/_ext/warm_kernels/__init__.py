"""Start the kernels of the pages in a moment: as forks of a process that has loaded what they need.

A kernel takes a second of a processor to load Jupyter, NumPy and matplotlib, and most pages
compute for less. So ``nursery`` loads them once; each page still has a process of its own, which
has run nothing yet. Where there is no nursery, as on Windows and macOS, kernels start as ever.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import EntryPoint
from pathlib import Path
from tempfile import TemporaryDirectory

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from kernel_sockets import PREFIX, parent_of_sockets

NURSERY = Path(__file__).with_name("nursery.py")
IPYTHON = "ipykernel_launcher"
"""The module that runs as a kernel of IPython. Its arguments follow in the command."""


class Forked:
    """A kernel that is not our child: what a provisioner wants of :class:`subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.connection, self.pid = connection, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """None while it runs, then 0: how it ended, only its parent could say."""
        return self._returncode(socket.MSG_DONTWAIT)

    def wait(self) -> int | None:
        return self._returncode(0)

    def _returncode(self, how: int) -> int | None:
        if self.returncode is None:
            with suppress(ConnectionError):
                try:
                    self.connection.recv(1, how)
                except BlockingIOError:
                    return None
            self.connection.close()
            self.returncode = 0
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The process that becomes kernels, from :meth:`start` to :meth:`close`."""

    process: subprocess.Popen | None = None
    folder: TemporaryDirectory | None = None

    def start(self) -> None:
        parent = parent_of_sockets()
        if self.process or sys.platform != "linux" or parent is None:
            return
        self.folder = TemporaryDirectory(prefix=PREFIX, dir=parent)
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(self.place)
            door.listen(128)
            command = [sys.executable, str(NURSERY), str(door.fileno())]
            self.process = subprocess.Popen(command, pass_fds=[door.fileno()])

    @property
    def place(self) -> str:
        return os.path.join(self.folder.name, "door") if self.folder else ""

    def kernel(self, arguments: list[str], folder: str) -> Forked | None:
        """A kernel that runs in a folder, or None if the nursery is closed or could not start."""
        if not self.folder:
            return None
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(self.place)
            with connection.makefile("rw", encoding="utf-8") as messages:
                asked = {"arguments": arguments, "folder": folder}
                print(json.dumps(asked), file=messages, flush=True)
                return Forked(connection, int(messages.readline()))
        except (OSError, ValueError):
            connection.close()
            return None

    def close(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait()
        if self.folder:
            self.folder.cleanup()
        self.process = self.folder = None


NURSERY_OF_THE_BUILD = Nursery()


class WarmProvisioner(LocalProvisioner):
    """Has the nursery launch kernels of IPython, and launches others by itself."""

    async def launch_kernel(self, cmd, **options):
        kernel = None
        if IPYTHON in cmd:
            arguments = cmd[cmd.index(IPYTHON) + 1 :]
            kernel = NURSERY_OF_THE_BUILD.kernel(arguments, options.get("cwd") or os.getcwd())
        if kernel is None:
            return await super().launch_kernel(cmd, **options)
        self.process, self.pid, self.pgid = kernel, kernel.pid, kernel.pid
        return self.connection_info


def open_nursery(app, env, docnames) -> None:
    if not docnames:
        return
    NURSERY_OF_THE_BUILD.start()
    factory = KernelProvisionerFactory.instance()
    factory.provisioners["warm"] = EntryPoint(
        "warm", f"{__name__}:WarmProvisioner", factory.GROUP_NAME
    )
    factory.default_provisioner_name = "warm"


def setup(app):
    app.connect("env-before-read-docs", open_nursery)
    app.connect("build-finished", lambda app, exception: NURSERY_OF_THE_BUILD.close())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
