"""A process that has loaded what nearly all pages load, and becomes a kernel for each who asks.

``nursery.py DESCRIPTOR`` accepts connections at a socket that its parent has opened. Who connects
sends the kernel's arguments and its folder, as one line of JSON, and gets the number of the
process. The connection lasts as long as the kernel. The nursery ends with its parent, and all
kernels with the nursery.
"""

import json
import os
import signal
import socket
import sys

PARENT = os.getppid()
os.environ["JPY_PARENT_PID"] = str(os.getpid())  # read when ipykernel is imported
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # by matplotlib
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a fork loses threads
del sys.path[0]  # the folder of this file: no page shall import from it

import matplotlib.pyplot  # noqa: E402, F401
import numpy  # noqa: E402
from ipykernel import kernelapp  # noqa: E402


def connected(door: socket.socket) -> socket.socket | None:
    """The connection with who wants a kernel, in a process made for it; None when all is over."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for a kernel
    door.settimeout(1)
    while os.getppid() == PARENT:
        try:
            connection, _ = door.accept()
        except TimeoutError:
            continue
        if not os.fork():
            door.close()
            return connection
        connection.close()
    return None


def be_kernel(connection: socket.socket) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with connection.makefile("rw", encoding="utf-8") as messages:
        asked = json.loads(messages.readline())
        print(os.getpid(), file=messages, flush=True)
    connection.detach()  # open until the process has ended
    os.chdir(asked["folder"])
    numpy.random.seed()  # noqa: NPY002 — else all kernels would draw the same numbers
    kernelapp.launch_new_instance(argv=asked["arguments"])


if __name__ == "__main__":
    if connection := connected(socket.socket(fileno=int(sys.argv[1]))):
        be_kernel(connection)
