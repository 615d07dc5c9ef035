"""The trusted end of the socket to one supervisor: orders out, events in."""

from __future__ import annotations

import itertools
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from coursekit.sandbox.blame import Clock, Event, Report
from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import Cell, ErrorReport, Output
from coursekit.sandbox.worker_process import WorkerProcess
from coursekit.worker.channel import Channel
from coursekit.worker.folder_stream import PIECE
from coursekit.worker.listener import EVENT
from coursekit.worker.supervisor import ANSWER, CALL, LIMITS, OPEN, SAVE, START, STOP
from coursekit.worker.trees import TreeError, TreeLimits, decode, encode

_SLACK_SECONDS = 60.0
_ENVELOPE = 24 * 2**20
_TOO_MUCH = encode({"outcome": "too large", "reason": "the results are too large together"})
MOST_TEXT, MOST_IMAGE, MOST_KINDS = 2**14, 2**21, 20
"""Characters of a text, bytes of an image, and forms of one output, that are kept."""
MOST_NAME, MOST_LINES = 200, 300
"""Characters of the name of an error, and lines of its traceback, that are kept."""


class Archive(Protocol):
    """Files for the folder of a submission.

    Attributes
    ----------
    needed : bool
        Whether it is an error of the grader if they cannot be put there.
    """

    needed: bool

    def pieces(self) -> Iterator[bytes]:
        """A tar archive of them, in pieces that are small."""


class WorkerLostError(RuntimeError):
    """The supervisor failed or fell silent: our fault, never the student's."""


class Attempt:
    """One supervisor, in which the cells run once.

    Parameters
    ----------
    worker : WorkerProcess
    limits : Limits
    clock : Clock
        Of the submission.
    """

    def __init__(self, worker: WorkerProcess, limits: Limits, clock: Clock) -> None:
        self.worker, self.limits, self.clock = worker, limits, clock
        self.owner: object = None
        try:
            self.channel = Channel(worker.connect(), limits.value_bytes + _ENVELOPE)
        except OSError as error:
            raise WorkerLostError(f"the worker has ended: {worker.last_words()}") from error

    def run_cells(self, cells: list[Cell | None], archives: Sequence[Archive] = ()) -> list[Event]:
        """Run the cells, ``None`` being passed over.

        Parameters
        ----------
        cells : list of (Cell or None)
        archives : sequence of Archive
            What is put into their folder before.

        Returns
        -------
        list of dict
            An event for each cell, up to the first that did not end: then the last has the
            event "over".
        """
        cpu = self.limits.cell_cpu_seconds
        wall = self.limits.wall_seconds(cpu)
        given = [cell and [cell.source, cell.answers] for cell in cells]
        order = {"caps": self.limits.caps(), "cells": given, "cpu_seconds": float(cpu),
                 "wall_seconds": wall, "submission_seconds": self.clock.left(),
                 "value_bytes": self.limits.value_bytes,
                 "archives": [archive.needed for archive in archives]}  # fmt: skip
        self.channel.put(START, encode(order))
        for archive in archives:
            self._deliver(archive)
        events: list[Event] = []
        while (event := self._event(wall))["event"] == "cell":
            events.append(event)
        return events if event["event"] == "cells done" else [*events, event]

    def _deliver(self, archive: Archive) -> None:
        for piece in itertools.chain(filter(None, archive.pieces()), [b""]):
            self.channel.put(PIECE, piece)
            if not self.channel.deliver(_SLACK_SECONDS):
                break  # the next event says why

    def save(self, write: Callable[[bytes], object]) -> bool:
        """Write what the folder of the cells holds, as an archive; whether all of it came."""
        most = self.limits.scratch + 2048 * self.limits.files
        self.channel.put(SAVE)
        while (event := self._event(_SLACK_SECONDS))["event"] == "piece" and event["body"]:
            most -= len(event["body"])
            if most < 0:
                return False  # it sends what no folder holds
            write(event["body"])
        return bool(event["event"] == "piece")

    def open(self, owner: object) -> Event:
        """Fork the process that ran the cells, for `owner`."""
        self.owner = None
        self.channel.put(OPEN)
        event = self._event(30.0)
        if event["event"] == "opened":
            self.owner = owner
        return event

    def call(
        self, request: bytes, calls: int, cpu: float, wall: float,
        answer: Callable[[bytes], bytes],
    ) -> list[Event]:  # fmt: skip
        """Send a request and see it through.

        Parameters
        ----------
        request : bytes
        calls : int
            How many calls it asks for.
        cpu, wall : float
            Limits of each call, in seconds.
        answer : callable
            Answers a callback.

        Returns
        -------
        list of dict
            An event "result" for each call, up to the first that did not end: then the last is
            the event "over".
        """
        self.channel.put(CALL, LIMITS.pack(cpu, wall, calls) + request)
        events: list[Event] = []
        room = self.limits.value_bytes
        while len(events) < calls:
            events.append(self._end_of_call(cpu, wall, answer))
            if events[-1]["event"] == "over":
                break
            room -= len(events[-1]["body"])
            if room < 0:
                events[-1]["body"] = _TOO_MUCH
        return events

    def _end_of_call(self, cpu: float, wall: float, answer: Callable[[bytes], bytes]) -> Event:
        """The event that ends a call; what is answered meanwhile costs it processor time, too."""
        questions, began = 0, time.thread_time()
        while (event := self._event(wall))["event"] == "question":
            questions += 1
            if questions > self.limits.callbacks or time.thread_time() - began > cpu:
                self.channel.put(STOP)
            else:
                self.channel.put(ANSWER, answer(event["body"]))
        if event["event"] == "over":
            self.owner = None
        event["own"] += time.thread_time() - began
        return event | {"questions": questions}

    def _event(self, wall: float) -> Event:
        frame = self.channel.wait(wall + _SLACK_SECONDS)
        if frame is None or frame[0] != EVENT:
            why = "has ended" if self.channel.closed else "is silent"
            raise WorkerLostError(f"the supervisor {why}: {self.worker.last_words()}")
        event: Event = decode(frame[1], TreeLimits(total_bytes=self.channel.limit))
        if event["event"] == "fault":
            said = b" ".join(data for _, data in event["outputs"]).decode("utf-8", "replace")
            raise WorkerLostError(f"{event['reason']}: {said[-400:]}")
        if "own" in event:
            self.clock.note(event, self.limits)
        return event

    def close(self) -> bool:
        """End the submission; whether nothing is left of it."""
        try:
            self.channel.sock.shutdown(1)
            while (frame := self.channel.wait(15.0)) is not None:
                event = decode(frame[1], TreeLimits(total_bytes=self.channel.limit))
                if event["event"] == "closed":
                    return int(event["left"]) >= 0
        except (OSError, ValueError):
            pass
        finally:
            self.channel.close()
        return False


def outputs_of(event: Event) -> tuple[Output, ...]:
    """What was printed and shown, in order.

    Rich outputs were encoded by student code: what cannot be decoded is left out.
    """
    found = []
    for kind, data in event.get("outputs", []):
        if kind != "rich":
            found.append(Output(kind, data.decode("utf-8", "replace")))
        elif (output := _rich(data)) is not None:
            found.append(output)
    return tuple(found)


def _rich(data: bytes) -> Output | None:
    try:
        content = decode(data)
        kind, items = content["kind"], content["data"]
        pairs = {str(mime)[:MOST_NAME]: kept(item) for mime, item in [*items.items()][:MOST_KINDS]}
        text = pairs.get("text/plain", "")
        return Output(str(kind)[:40], text if type(text) is str else "", pairs)
    except (TreeError, KeyError, TypeError, AttributeError, IndexError):
        return None


def kept(item: object) -> str | bytes:
    """The beginning of a text, an image if it is not too large, and nothing of anything else."""
    if type(item) is bytes:
        return item if len(item) <= MOST_IMAGE else b""
    return item[:MOST_TEXT] if type(item) is str else ""


def error_of(content: Report) -> ErrorReport:
    """The exception in a report of student code, which cuts it; but what came may be forged."""
    texts = (content.get(key) for key in ("type", "message", "traceback", "line"))
    name, message, traceback, line = (text if type(text) is str else "" for text in texts)
    lines = "\n".join(traceback[:MOST_TEXT].splitlines()[:MOST_LINES])
    return ErrorReport(name[:MOST_NAME], message[:MOST_TEXT], lines, line[:MOST_NAME])


def how_it_ended(event: Event, limits: Limits) -> str:
    """Why a process ended, in words for the student."""
    why, status = event["why"], event["status"]
    if why == "memory":
        return f"it used more than {2 * limits.memory // 2**20} MB of memory"
    if why == "scratch":
        return f"it wrote more than {limits.scratch // 2**20} MB, or more than {limits.files} files"
    if why == "processes":
        return f"it started more than {limits.processes} processes and threads"
    if why == "halted":
        return "it stopped itself (SIGSTOP), and nobody was there to let it go on"
    if why != "exit":
        return f"it was ended: {why}"
    if type(status) is int and status < 0:
        try:
            return f"its process was killed by {signal.Signals(-status).name}"
        except ValueError:
            return f"its process was killed by signal {-status}"
    return (
        f"its process ended with exit code {status}" if status is not None else "its process ended"
    )
