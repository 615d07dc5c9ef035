"""Running the cells of a submission, from the trusted side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import BinaryIO

from coursekit.sandbox.answers import content_of
from coursekit.sandbox.attempts import (
    Archive,
    Attempt,
    WorkerLostError,
    error_of,
    how_it_ended,
    outputs_of,
)
from coursekit.sandbox.blame import Clock, Event, FaultError, SpoiledError
from coursekit.sandbox.leases import Lease
from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import Cell, CellReport, Outcome, Returned
from coursekit.sandbox.sessions import RemoteObject, Session, Values
from coursekit.sandbox.worker_process import SandboxUnavailableError, WorkerProcess

_RESTARTS = 3


class Run:
    """A submission whose cells have run; close it.

    Made by :meth:`~coursekit.sandbox.pool.WorkerPool.submission`.

    Parameters
    ----------
    lease : Lease
        Of a worker.
    cells : sequence of Cell
    limits : Limits
    archives : sequence of Archive
        What lies in their folder.

    Attributes
    ----------
    given : tuple of Cell
    cells : tuple of CellReport
        One per cell, in order.
    fault : str or None
        Why the grader failed; then every call is a
        :class:`~coursekit.sandbox.outcomes.SandboxFault`.
    left_clean : bool
        Whether each supervisor could clear all away; a worker in which not was replaced.
    """

    def __init__(
        self, lease: Lease, cells: Sequence[Cell], limits: Limits, archives: Sequence[Archive] = ()
    ) -> None:
        self.limits, self._lease = limits, lease
        self.cells: tuple[CellReport, ...] = ()
        self.fault: str | None = None
        self.left_clean = True
        self.given, self._archives = tuple(cells), tuple(archives)
        self._broken: dict[int, CellReport] = {}
        self._attempt: Attempt | None = None
        """None where the process that ran the cells is gone."""
        self._losses = self._reruns = 0
        self.clock = Clock(limits.submission_seconds)
        try:
            self.attempt()
        except FaultError as error:
            self.fault = str(error)
        except SpoiledError as error:
            self._skip(str(error))
        except BaseException:
            self.drop()
            raise

    # Cells

    def attempt(self) -> Attempt:
        """A supervisor in which the cells have run; they run anew if it is gone.

        Raises
        ------
        FaultError
            The grader failed.
        SpoiledError
            The process that ran the cells was ended too often from within, or took all the time.
        """
        self.clock.require_time()
        if self.cells and self._attempt is None:
            self._reruns += 1
            if self._reruns > _RESTARTS:
                raise SpoiledError("the process that ran the cells ended, again and again")
        while self._attempt is None:
            self._run_cells()
            self.clock.require_time()
        return self._attempt

    def _run_cells(self) -> None:
        events = self._events()
        reports = [self._report(place, event) for place, event in enumerate(events)]
        if over(events):
            self._exclude(len(reports) - 1, reports[-1])
        else:
            # of later runs nothing is shown: student code may have asked our functions before
            self.cells = self.cells or tuple(reports)

    def _events(self) -> list[Event]:
        """What came of the cells in a new attempt, which stays if all of them ended."""
        while True:
            self.drop()
            try:
                self._attempt = attempt = Attempt(self._running_worker(), self.limits, self.clock)
                events = attempt.run_cells(
                    [None if k in self._broken else cell for k, cell in enumerate(self.given)],
                    self._archives,
                )
            except WorkerLostError as error:
                self.lost(error)
                continue
            if over(events):
                self.drop()
            return events

    def lost(self, error: WorkerLostError) -> None:
        """End a worker that failed; the first time, another takes its place.

        Raises
        ------
        FaultError
            It is the second.
        """
        self._losses += 1
        self.drop()
        self._lease.end_worker()
        if self._losses > 1:
            raise FaultError(str(error)) from error

    def drop(self) -> None:
        """End the attempt, and the worker if anything is left of it."""
        attempt, self._attempt = self._attempt, None
        if attempt is not None and not attempt.close():
            self.left_clean = False
            self._lease.end_worker()

    def _running_worker(self) -> WorkerProcess:
        try:
            return self._lease.worker()
        except SandboxUnavailableError as error:
            raise FaultError(str(error)) from error

    def _skip(self, reason: str) -> None:
        """No time is left: the cells that have not failed by themselves are not run."""
        self.cells = tuple(
            self._broken.get(place) or CellReport(cell.id, "skipped", reason)
            for place, cell in enumerate(self.given)
        )

    def _exclude(self, place: int, report: CellReport) -> None:
        if len(self._broken) == len(self.given):
            own = any(not archive.needed for archive in self._archives)
            kind = SpoiledError if own else FaultError
            raise kind(f"the process of the cells ends before any has run: {report.reason}")
        while place in self._broken:  # a cell before it spoiled the protocol
            place = (place - 1) % len(self.given)
        self._broken[place] = replace(report, id=self.given[place].id)
        if len(self._broken) >= self.limits.broken_cells:
            for later in range(place + 1, len(self.given)):
                skipped = CellReport(self.given[later].id, "skipped", "too many cells failed")
                self._broken.setdefault(later, skipped)

    def _report(self, place: int, event: Event) -> CellReport:
        if place in self._broken:
            return self._broken[place]
        cell = self.given[place]
        made = CellReport(cell.id, "ok", outputs=outputs_of(event), cpu_seconds=event["cpu"])
        if event["event"] == "over":
            status, reason = self._failure(event)
            return replace(made, status=status, reason=reason)
        content = content_of(event)
        if content.get("status") == "error":
            return replace(made, status="error", error=error_of(content))
        return replace(made, status="skipped") if content.get("status") == "skipped" else made

    def _failure(self, event: Event) -> tuple[str, str]:
        if event["why"] == "cpu":
            return "hung", f"it ran for more than {self.limits.cell_cpu_seconds:g} s"
        if event["why"] == "wall":
            return "hung", "it waited for something that never came"
        return "crashed", how_it_ended(event, self.limits)

    def save_folder(self, file: BinaryIO) -> bool:
        """Write what the cells left in their folder to a file; whether all of it came."""
        try:
            if self.attempt().save(file.write):
                return True
        except (WorkerLostError, FaultError, SpoiledError):
            pass
        self.drop()
        return False

    # Calls

    def session(self, bindings: Values | None = None) -> Session:
        """Calls that share one fork of the process that ran the cells.

        Each may have the cells run anew as often as any other, whatever was called before: the
        clock of the submission alone ends one that never leaves them in peace.

        Parameters
        ----------
        bindings : mapping, optional
            Names to bind in the student's namespace before anything is called: values, or
            functions of ours that are called back.
        """
        self._reruns = 0
        return Session(self, bindings or {})

    def call(
        self, name: str, args: Sequence[object] = (), kwargs: Values | None = None,
        *, bindings: Values | None = None, cpu_seconds: float | None = None,
        count_lines: bool = False,
    ) -> Outcome:  # fmt: skip
        """Call a function of the student in a fork of its own; see :meth:`Session.call`."""
        session = self.session(bindings)
        return session.call(name, args, kwargs, cpu_seconds=cpu_seconds, count_lines=count_lines)

    def call_many(
        self, name: str, calls: Iterable[Sequence[object]], *, bindings: Values | None = None,
        cpu_seconds: float | None = None,
    ) -> list[Outcome]:  # fmt: skip
        """Call a function with many argument lists in a fork of their own.

        See :meth:`Session.call_many`.
        """
        session = self.session(bindings)
        return session.call_many(name, list(calls), cpu_seconds)

    def open_object(
        self, name: str, args: Sequence[object] = (), kwargs: Values | None = None,
        *, bindings: Values | None = None,
    ) -> RemoteObject | Outcome:  # fmt: skip
        """Make an object of a student's class; the outcome instead if that fails."""
        session = self.session(bindings)
        outcome = session.call(name, args, kwargs, keep=True)
        return session.held_object(outcome) if isinstance(outcome, Returned) else outcome


def over(events: list[Event]) -> bool:
    """Whether a cell, the last of these, did not end."""
    return bool(events) and events[-1]["event"] == "over"
