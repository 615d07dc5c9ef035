"""Let a kernel and its manager meet at files in a folder of their own, not at TCP ports.

Jupyter looks for free ports and lets them go; the kernel takes them seconds later. Managers in
several processes, as when pages are read in parallel, may find the same ones, and then one of
the kernels dies. Nobody else looks for a place in a folder that was made for one kernel.

Nothing of what executes the pages passes an option on to the kernel, so the function that does
it is replaced.
"""

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import nbclient
from jupyter_cache.executors import utils
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from traitlets.config import Config

PREFIX = "kernel-"
PLACE = "s"
"""What the places in the folder begin with. Jupyter adds -1 to -5, for its five channels."""


def holds_sockets(parent: str) -> bool:
    """Whether a kernel's folder in this one could hold sockets.

    The system limits a socket's path to about a hundred bytes, libzmq wants it in UTF-8, some
    shared folders hold no sockets at all, and Windows is better left to TCP.
    """
    if sys.platform == "win32":
        return False
    try:
        with (
            tempfile.TemporaryDirectory(prefix=PREFIX, dir=parent) as folder,
            socket.socket(socket.AF_UNIX) as trial,
        ):
            trial.bind(os.path.join(folder, f"{PLACE}-1").encode())
    except (OSError, UnicodeEncodeError):
        return False
    return True


def parent_of_sockets() -> str | None:
    """A folder for temporary ones that can hold sockets, if there is one."""
    return next(filter(holds_sockets, (tempfile.gettempdir(), "/tmp")), None)


@contextmanager
def kernel_settings() -> Iterator[Config]:
    """Settings for one kernel and its manager, good until the context ends.

    They are empty, which means TCP, where no temporary folder can hold sockets.
    """
    parent = parent_of_sockets()
    if parent is None:
        yield Config()
        return
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=parent) as folder:
        place = os.path.join(folder, PLACE)
        yield Config({"KernelManager": {"transport": "ipc", "ip": place}})


def execute(notebook, **options):
    """Execute a notebook in place, as :func:`nbclient.execute` does, with whole lines printed.

    On a busy machine a line may come in two pieces, which a page would show as two. Only pieces
    that follow each other are put together, so what is printed after a figure stays after it:
    nbclient's ``coalesce_streams`` and MyST-NB's ``nb_merge_streams`` would move it up.
    """
    with kernel_settings() as config:
        nbclient.execute(notebook, config=config, **options)
    together = CoalesceStreamsPreprocessor()
    for place, cell in enumerate(notebook.cells):
        together.preprocess_cell(cell, {}, place)
    return notebook


def setup(app):
    utils.executenb = execute
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
