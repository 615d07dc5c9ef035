"""Student code: first the cells, then a fork for each exercise.

Everything here shares its memory with code that may do anything.  The other side of each socket
therefore believes nothing that it reads from here, beyond its being this student's answer.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import time
from collections.abc import Callable
from typing import NoReturn

from . import channel
from .folder_stream import pack, unpack
from .kept_answers import KeptAnswers
from .shell import DISPLAYS_PER_CELL, NotebookShell, open_shell, run_cell
from .student_calls import serve_calls
from .trees import decode, encode

CELL, FORK, REAP, SEEN, UNPACK, PACK = 1, 2, 3, 4, 5, 6
OUTPUT, CELL_DONE, FORKED, REAPED, READY, UNPACKED = 11, 12, 13, 14, 15, 16

_fork, _waitpid, _exit, _sleep = os.fork, os.waitpid, os._exit, time.sleep


def run_submission(fd: int) -> None:
    """Serve one submission over descriptor `fd` until it is closed."""
    shell = open_shell()
    channel.write_frame(fd, READY)
    with socket.socket(fileno=fd) as sock:
        _serve(shell, KeptAnswers(shell.user_ns), sock)


def _run_cell(shell: NotebookShell, kept: KeptAnswers, payload: bytes, fd: int) -> None:
    report: dict[str, object] = {"status": "skipped"}
    cell = decode(payload)
    if cell is not None:
        source, answers = cell
        before = dict(shell.user_ns) if answers else {}
        shell.recorder = Allowance(fd).record
        report = run_cell(shell, source)
        shell.recorder = None
        kept.keep(answers, before)
    channel.write_frame(fd, CELL_DONE, encode(report))


class Allowance:
    """Sends rich outputs of a cell while there are few of them.

    Parameters
    ----------
    fd : int
        Where to.
    """

    def __init__(self, fd: int) -> None:
        self.fd, self.left = fd, DISPLAYS_PER_CELL

    def record(self, kind: str, data: dict[str, str | bytes]) -> None:
        """Send one output, and wait until it is noted: what is printed next comes after it."""
        self.left -= 1
        if self.left >= 0:
            channel.write_frame(self.fd, OUTPUT, encode({"kind": kind, "data": data}))
            channel.read_frame(self.fd)


def _serve(shell: NotebookShell, kept: KeptAnswers, sock: socket.socket) -> None:
    child = 0
    while True:
        message, fds, _, _ = socket.recv_fds(sock, channel.HEADER.size, 1)
        if not message:
            return
        kind, length = channel.HEADER.unpack(message)
        if kind == CELL:
            payload = channel.read_exactly(sock.fileno(), length) or b"N"
            _run_cell(shell, kept, payload, sock.fileno())
        elif kind == FORK:
            child = _start_exercise(kept, sock, fds[0])
        elif kind == REAP:
            channel.write_frame(sock.fileno(), REAPED, encode(_status(child)))
        elif kind == UNPACK:
            channel.write_frame(sock.fileno(), UNPACKED, encode(unpack(sock.fileno())))
        elif kind == PACK:
            pack(sock.fileno())


def _start_exercise(kept: KeptAnswers, sock: socket.socket, fd: int) -> int:
    _reap_all()
    state = random.getstate()  # forking draws a new one
    try:
        pid = _fork()
    except OSError as error:
        channel.write_frame(sock.fileno(), FORKED, encode(str(error)))
        os.close(fd)
        return 0
    if pid == 0:

        def serve() -> None:
            random.setstate(state)
            sock.close()
            serve_calls(kept, fd)

        _in_exercise(serve)
    os.close(fd)
    channel.write_frame(sock.fileno(), FORKED, encode(""))
    return pid


def _in_exercise(serve: Callable[[], object]) -> NoReturn:
    """Serve, then end the process whatever happens: it must not go on as a second runner.

    Student code may have put anything in the place of what ends a process.  Where that returns
    or raises, the process stays in here until the supervisor kills it.
    """
    status = 1
    with contextlib.suppress(BaseException):
        serve()
        status = 0
    while True:
        with contextlib.suppress(BaseException):
            _exit(status)


def _reap_all() -> None:
    """Children that the cells left as zombies count against the limit on processes."""
    with contextlib.suppress(OSError, TypeError):
        while _waitpid(-1, os.WNOHANG)[0]:
            pass


def _status(pid: int) -> int | None:
    """How the exercise's process ended: exit code, or minus the signal; None if it runs."""
    with contextlib.suppress(OSError):
        for _ in range(50):
            done, status = _waitpid(pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            _sleep(0.002)
    return None
