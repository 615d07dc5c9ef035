"""Frames over a Unix socket: one byte of kind, four of length, then the payload."""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from collections.abc import Iterator

HEADER = struct.Struct(">BI")
FRAME_LIMIT = 72 * 2**20
_CREDENTIALS = struct.Struct("iII")
_PIECE = 2**18


class FrameTooLargeError(ValueError):
    """The other end announces more bytes than are taken."""


class Channel:
    """One end of a socket that never blocks, with what waits in either direction.

    Parameters
    ----------
    sock : socket.socket
        A connected stream socket; it is set to non-blocking.
    limit : int
        Largest payload that is taken, in bytes.
    """

    def __init__(self, sock: socket.socket, limit: int = FRAME_LIMIT) -> None:
        sock.setblocking(False)
        self.sock, self.limit = sock, limit
        self.inbox, self.outbox = bytearray(), bytearray()
        self.closed, self.peer = False, 0

    def fileno(self) -> int:
        """File descriptor, for ``select``."""
        return self.sock.fileno()

    def close(self) -> None:
        """Close this end."""
        self.closed = True
        self.sock.close()

    @property
    def is_full(self) -> bool:
        """Whether as much has come as one frame may have: more is taken when that is read."""
        return len(self.inbox) > HEADER.size + self.limit

    def put(self, kind: int, payload: bytes = b"") -> None:
        """Queue a frame and send what the other end takes at once."""
        self.queue(kind, payload)
        self.push()

    def queue(self, kind: int, payload: bytes = b"") -> None:
        """Queue a frame; it is sent with the next one, or by :meth:`push`."""
        self.outbox += HEADER.pack(kind, len(payload)) + payload

    def push(self) -> None:
        """Send what the other end takes now."""
        try:
            while self.outbox:
                del self.outbox[: self.sock.send(memoryview(self.outbox)[:_PIECE].tobytes())]
        except BlockingIOError:
            pass
        except OSError:
            self.closed = True

    def flush(self) -> None:
        """Send all that waits, however long that takes; what comes meanwhile is left unread."""
        self.push()
        poller = select.poll()
        poller.register(self, select.POLLOUT)
        while self.outbox and not self.closed:
            poller.poll()
            self.push()

    def pull(self) -> None:
        """Receive what has come.  Notes the sender's process if the socket passes credentials."""
        try:
            data, extra, _, _ = self.sock.recvmsg(_PIECE, 64)
        except BlockingIOError:
            return
        except OSError:
            data, extra = b"", []
        for level, kind, content in extra:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS) and not self.peer:
                self.peer = _CREDENTIALS.unpack(content[: _CREDENTIALS.size])[0]
        self.inbox += data
        self.closed = self.closed or not data

    def next_frame(self) -> tuple[int, bytes] | None:
        """The oldest complete frame, or None.

        Raises
        ------
        FrameTooLargeError
            The header announces more than `limit` bytes.
        """
        if len(self.inbox) < HEADER.size:
            return None
        kind, length = HEADER.unpack_from(self.inbox)
        if length > self.limit:
            raise FrameTooLargeError(f"a frame of {length} bytes, at most {self.limit} are taken")
        end = HEADER.size + length
        if len(self.inbox) < end:
            return None
        payload = bytes(self.inbox[HEADER.size : end])
        del self.inbox[:end]
        return kind, payload

    def deliver(self, seconds: float) -> bool:
        """Send all that waits, unless the other end says something; whether it was taken."""
        deadline = time.monotonic() + seconds
        for left in _remaining(deadline):
            if not self.outbox or self.closed or self.inbox:
                break
            poller = select.poll()
            poller.register(self, select.POLLIN | select.POLLOUT)
            for _, event in poller.poll(left * 1000):
                if event & select.POLLOUT:
                    self.push()
                if event & ~select.POLLOUT:
                    self.pull()
        return not self.outbox

    def wait(self, seconds: float) -> tuple[int, bytes] | None:
        """The next frame, at most `seconds` from now; None when late or closed."""
        deadline = time.monotonic() + seconds
        for left in _remaining(deadline):
            frame = self.next_frame()
            if frame is not None or self.closed:
                return frame
            poller = select.poll()
            poller.register(self, select.POLLIN | (select.POLLOUT if self.outbox else 0))
            for _, event in poller.poll(left * 1000):
                if event & select.POLLOUT:
                    self.push()
                if event & ~select.POLLOUT:
                    self.pull()
        return self.next_frame()


def _remaining(deadline: float) -> Iterator[float]:
    while (left := deadline - time.monotonic()) > 0:
        yield left


def pair(credentials: bool = False) -> tuple[socket.socket, socket.socket]:
    """A connected pair of sockets; the first learns who writes to it if `credentials`."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    if credentials:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return ours, theirs


def write_frame(fd: int, kind: int, payload: bytes = b"") -> None:
    """Write a frame to a blocking descriptor."""
    data = memoryview(HEADER.pack(kind, len(payload)) + payload)
    while data:
        data = data[os.write(fd, data) :]


def read_frame(fd: int) -> tuple[int, bytes] | None:
    """Read a frame from a blocking descriptor; None at its end."""
    header = read_exactly(fd, HEADER.size)
    if header is None:
        return None
    kind, length = HEADER.unpack(header)
    payload = read_exactly(fd, length)
    return None if payload is None else (kind, payload)


def read_exactly(fd: int, count: int) -> bytes | None:
    """Read that many bytes from a blocking descriptor; None if it ends before."""
    data = bytearray()
    while len(data) < count:
        piece = os.read(fd, min(count - len(data), _PIECE))
        if not piece:
            return None
        data += piece
    return bytes(data)
