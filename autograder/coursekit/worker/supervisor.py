"""The trusted process inside the sandbox: one per submission, between judge and student code."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import socket
import struct
import time
from collections.abc import Iterator
from typing import TypedDict

from . import channel, runner, student_calls
from .channel import Channel
from .confinement import Caps, Child, Ground, start
from .folder_stream import PIECE
from .headroom import Headroom, can_fork
from .listener import AbandonedError, Listener, OverError
from .processes import sweep
from .trees import TreeError, decode, encode
from .watch import Printed, Scratch, Watch

START, OPEN, CALL, ANSWER, STOP, SAVE = 1, 2, 3, 4, 5, 8
LIMITS = struct.Struct("<ddI")
"""What precedes a request: limits of processor time and of time on the clock of each call, in
seconds, and how many calls it asks for."""

_SETUP_SECONDS = 60.0
_RICH_BYTES, _RICH_LEAST = 4 * 2**20, 2**13
"""Bytes of the rich outputs of a cell, and what each of them counts for at least."""
_FORK_PAUSES = (0.0, 0.02, 0.1, 0.4)
"""Seconds before each attempt to fork: others may take what was left between count and fork."""


class NoRoomError(Exception):
    """The machine, not the submission, has as many processes as it may."""


class Order(TypedDict):
    """What begins a submission: fields of :class:`Caps`, cells, their limits, what files come."""

    caps: dict[str, int]
    cells: list[list[object] | None]
    cpu_seconds: float
    wall_seconds: float
    submission_seconds: float
    value_bytes: int
    archives: list[bool]


def serve(trusted: Channel, ground: Ground) -> None:
    """Serve one submission until the judge closes the socket, then leave nothing behind.

    Parameters
    ----------
    trusted : Channel
        To the judge.
    ground : Ground
        Where the sandbox stands.
    """
    listener = Listener(trusted)
    try:
        order: Order = decode(listener.order(START))
        caps = Caps(**order["caps"])
        listener.printed = Printed(caps.output)
        ours, theirs = channel.pair(credentials=True)
        fd = theirs.fileno()
        with _streams(listener.printed):
            child = start(ground, caps, lambda: runner.run_submission(fd), (fd,))
        theirs.close()
        try:
            Supervisor(listener, ground, order, child, Channel(ours, 2 * _RICH_BYTES)).serve()
        finally:
            _clear(listener, child)
    except AbandonedError:
        pass
    finally:
        trusted.close()


class Supervisor:
    """Serves one submission, whose first process has been started.

    Parameters
    ----------
    listener : Listener
    ground : Ground
        Where the sandbox stands.
    order : Order
    child : Child
    runner : Channel
        To the process that runs the cells.
    """

    def __init__(
        self, listener: Listener, ground: Ground, order: Order, child: Child, runner: Channel
    ) -> None:
        self.listener, self.child, self.runner = listener, child, runner
        self.caps, self.cells = Caps(**order["caps"]), order["cells"]
        self.archives = order["archives"]
        self.cpu, self.wall = order["cpu_seconds"], order["wall_seconds"]
        self.value_bytes = order["value_bytes"] + 4096
        caps = self.caps
        self.scratch = Scratch(child.folder, caps.scratch, caps.file_size, caps.files)
        self.seconds, self.ends = order["submission_seconds"], math.inf
        self.headroom = Headroom(self.caps.processes, ground.counted_apart)
        self.exercise: Channel | None = None

    def serve(self) -> None:
        """Run the cells, then what is asked, until the judge closes the socket."""
        if self._run_cells():
            self._serve_orders()

    def _watch(self, pid: int, cpu: float, wall: float) -> Watch:
        wall = min(wall, max(self.ends - time.monotonic(), 0.0))
        return Watch(pid, cpu, wall, 2 * self.caps.memory, self.scratch, self.headroom)

    # The cells

    def _run_cells(self) -> bool:
        watch = self._watch(self.child.pid, _SETUP_SECONDS, _SETUP_SECONDS)
        try:
            self.listener.frame_from(self.runner, watch, runner.READY)
        except OverError as error:
            self.listener.tell(
                "fault", reason=f"set-up ended ({error.why})", outputs=self.listener.printed.take()
            )
            return False
        self.headroom.renew()
        self.ends = time.monotonic() + self.seconds
        try:
            if not all(self._unpack(needed) for needed in self.archives):
                return False
            for cell in self.cells:
                self._run_cell(cell)
        except OverError as error:
            self._tell_over(error, self._end_of_child())
            return False
        self._sweep()
        self.listener.tell("cells done")
        return True

    def _unpack(self, needed: bool) -> bool:
        """Have an archive put into the folder; whether that succeeded, if it is needed.

        One that is not needed is the student's, and what it takes is his doing.
        """
        try:
            trouble = self._trouble_with_archive()
        except OverError as error:
            if not needed:
                raise
            trouble = error.why
        if needed and trouble:
            self.listener.tell("fault", reason=f"no place for the files: {trouble}", outputs=[])
        return not (needed and trouble)

    def _trouble_with_archive(self) -> str:
        """Pass an archive on, piece by piece; what kept it from being unpacked."""
        self.runner.put(runner.UNPACK)
        watch = self._watch(self.runner.peer, math.inf, math.inf)
        piece = b"before the first"
        while piece:
            asked = time.monotonic()
            piece = self.listener.order(PIECE)
            watch.pause(time.monotonic() - asked)
            self.runner.put(PIECE, piece)
            self.listener.deliver(self.runner, watch)
        return str(decode(self.listener.frame_from(self.runner, watch, runner.UNPACKED)))

    def _run_cell(self, cell: list[object] | None) -> None:
        self.runner.put(runner.CELL, encode(cell))
        watch, room = self._watch(self.runner.peer, self.cpu, self.wall), _RICH_BYTES
        while True:
            body = self.listener.frame_from(self.runner, watch, runner.CELL_DONE, runner.OUTPUT)
            if self.listener.kind == runner.CELL_DONE:
                break
            room -= len(body) + _RICH_LEAST
            if room >= 0:
                self.listener.printed.add("rich", body)
            self.runner.put(runner.SEEN)
        if self.scratch.overfull():
            raise OverError("scratch", watch)
        outputs = self.listener.printed.take()
        self.listener.tell("cell", body=body, outputs=outputs, **watch.measured())

    # The exercises

    def _serve_orders(self) -> None:
        while True:
            body = self.listener.order(OPEN, CALL, SAVE)
            try:
                if self.listener.kind == OPEN:
                    self._open()
                elif self.listener.kind == SAVE:
                    self._save()
                else:
                    self._call(body)
            except OverError as error:
                status = self._end_of_exercise()
                if error.why == "scratch":
                    self.scratch.empty()
                self._tell_over(error, status)
            except NoRoomError as error:
                self.listener.tell("fault", reason=str(error), outputs=[])

    def _open(self) -> None:
        """Fork the process that ran the cells.

        Where it cannot, as it says, the supervisor tries to fork, too: so a lack of processes on
        this machine is told from student code that takes all of its own, or lies.
        """
        self._end_of_exercise()
        self._wake()
        watch = self._watch(self.runner.peer, 5.0, 30.0)
        for pause in _FORK_PAUSES:
            time.sleep(pause)
            self.headroom.renew()
            if self.exercise is not None:
                self.exercise.close()
            ours, theirs = channel.pair(credentials=True)
            self.exercise = exercise = Channel(ours, self.value_bytes)
            reason = self._fork(theirs, watch)
            if not reason:
                self.listener.frame_from(exercise, watch, student_calls.HELLO)
                self.listener.tell("opened")
                return
        if not can_fork():
            raise NoRoomError(f"no other process can be started on this machine: {reason}")
        raise OverError(f"cannot fork: {reason}")

    def _save(self) -> None:
        """Pass on what the folder holds."""
        self._wake()
        watch = self._watch(self.runner.peer, 2 * _SETUP_SECONDS, 2 * _SETUP_SECONDS)
        self.runner.put(runner.PACK)
        piece = b"before the first"
        while piece:
            piece = self.listener.frame_from(self.runner, watch, PIECE)
            self.listener.tell("piece", body=piece)

    def _fork(self, theirs: socket.socket, watch: Watch) -> str:
        """Ask the process that ran the cells to fork; returns why it cannot, or nothing."""
        with contextlib.suppress(OSError), theirs:
            header = channel.HEADER.pack(runner.FORK, 0)
            self.runner.sock.setblocking(True)
            socket.send_fds(self.runner.sock, [header], [theirs.fileno()])
        self.runner.sock.setblocking(False)
        try:
            reason = decode(self.listener.frame_from(self.runner, watch, runner.FORKED))
        except TreeError as error:
            raise OverError("protocol") from error
        return str(reason)[:200]

    def _wake(self) -> None:
        """An exercise may have stopped the runner, its parent."""
        with contextlib.suppress(OSError):
            os.kill(self.runner.peer, signal.SIGCONT)

    def _call(self, body: bytes) -> None:
        if self.exercise is None or self.exercise.closed:
            raise OverError("exit")
        cpu, wall, calls = LIMITS.unpack_from(body)
        self.exercise.put(student_calls.REQUEST, body[LIMITS.size :])
        for _ in range(calls):
            self._see_through(self.exercise, self._watch(self.exercise.peer, cpu, wall))
        self.listener.hand_on()

    def _see_through(self, exercise: Channel, watch: Watch) -> None:
        """Wait for the result of one call, and pass on what it asks meanwhile."""
        while True:
            content = self.listener.frame_from(
                exercise, watch, student_calls.RESULT, student_calls.QUESTION
            )
            if self.listener.kind == student_calls.RESULT:
                break
            asked = time.monotonic()
            self.listener.tell("question", body=content)
            answer = self.listener.order(ANSWER, STOP)
            if self.listener.kind == STOP:
                raise OverError("stopped", watch)
            exercise.put(student_calls.ANSWER, answer)
            watch.pause(time.monotonic() - asked)
            self.listener.deliver(exercise, watch)  # who does not read gets no further answer
        if self.scratch.overfull():
            raise OverError("scratch", watch)
        outputs = self.listener.printed.take()
        self.listener.note("result", body=content, outputs=outputs, **watch.measured())

    # Ending

    def _tell_over(self, error: OverError, status: int | None) -> None:
        outputs = self.listener.printed.take()
        self.listener.tell("over", why=error.why, status=status, outputs=outputs, **error.measured)

    def _sweep(self) -> int:
        return sweep(os.getpid(), frozenset({self.child.pid, self.runner.peer}))

    def _end_of_exercise(self) -> int | None:
        """Kill the exercise's process and what it started; how it had ended, if it had."""
        if self.exercise is None:
            return None
        status = None
        if self.exercise.closed:
            status = self._reaped()
        self.exercise.close()
        self.exercise = None
        self._sweep()
        self._reaped()
        return status

    def _reaped(self) -> int | None:
        """Ask the runner how its child ended.  It may lie: it is only told to the student."""
        self._wake()
        self.runner.put(runner.REAP)
        watch = self._watch(self.runner.peer, 5.0, 10.0)
        try:
            status = decode(self.listener.frame_from(self.runner, watch, runner.REAPED))
        except (OverError, ValueError):
            return None
        return status if type(status) is int and -65 < status < 256 else None

    def _end_of_child(self) -> int | None:
        """How the process that ran the cells ended, if it did so by itself."""
        for _ in range(20):
            pid, status = os.waitpid(self.child.pid, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                return code - 256 if code > 190 else code
            time.sleep(0.002)
        return None


def _clear(listener: Listener, child: Child) -> None:
    """End all that runs, and tell the judge how much of it could not be ended."""
    with contextlib.suppress(OSError):
        os.kill(child.pid, signal.SIGKILL)
    left = sweep(os.getpid(), frozenset())
    _reap_all()
    child.remove_folder()
    with contextlib.suppress(OSError):
        listener.tell("closed", left=left)


def _reap_all() -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


@contextlib.contextmanager
def _streams(printed: Printed) -> Iterator[None]:
    """Descriptors 1 and 2 lead into the pipes, for the child that is started meanwhile."""
    log = os.dup(2)
    for fd, name in ((1, "stdout"), (2, "stderr")):
        writing = printed.open(name)
        os.dup2(writing, fd)
        os.close(writing)
    try:
        yield
    finally:
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.close(log)
