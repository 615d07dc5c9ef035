"""Where a class run is judged: what it needs of such a place, and the processes of this machine."""

import multiprocessing
import os
import resource
import select
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from coursekit.courses import Course
from coursekit.grading.grader_process import close_grader, open_or_refuse
from coursekit.grading.results import Result
from coursekit.grading.settings import Settings, scope_of
from coursekit.sandbox.limits import Limits
from coursekit.worker.processes import process_clock

Task = Callable[..., Result | str | None]
"""A function of :mod:`coursekit.grading.grader_process` that takes the name of a student, and
words: it is called by its name in another process."""

Order = tuple[Callable[..., Any], tuple[Any, ...]]
"""A task and its arguments."""

LOOK_SECONDS = 1.0
"""How often it is looked at what a process uses."""

DIED = "the process that graded it ended by itself"

END_SECONDS = 40.0
"""How long a process may take to clear away."""


class LostError(Exception):
    """A task that did not come to its end.

    Attributes
    ----------
    spent : {"time", "memory", ""}
        What it used up of its own.
    """

    def __init__(self, reason: str, spent: str = "") -> None:
        super().__init__(reason)
        self.spent = spent


class Process(Protocol):
    """A process that was started, as a :class:`Member` needs it."""

    pid: int

    def kill(self) -> None: ...

    def join(self, seconds: float | None = None) -> None: ...

    def is_alive(self) -> bool: ...


class Executor(Protocol):
    """A place where tasks are done in other processes.

    Attributes
    ----------
    lost : tuple of type
        What a future raises, and :meth:`submit`, when a process died under its task.
    """

    lost: tuple[type[BaseException], ...]

    def submit(self, task: Task, student: str, /, *words: str) -> Future[Any]:
        """Have a task done for one student."""

    def look_after(self, at_once: bool = False) -> float:
        """Do what is to be done for tasks now; says for how long a result may be waited for.

        Parameters
        ----------
        at_once : bool
            Whether it must not wait, because there is a result already.

        Raises
        ------
        CourseError
            Nobody is left who could do a task.
        """


@dataclass(frozen=True)
class Allowance:
    """What the trusted side may use for one task.

    Attributes
    ----------
    seconds : float
        On the clock, with all that the submission takes.
    cpu_seconds : float
        Processor time of the judging process itself.
    memory : int
        Bytes that it may add to its address space.
    """

    seconds: float
    cpu_seconds: float
    memory: int


class Processes:
    """Processes that do tasks; one that dies, or takes too much, costs its own task only.

    Nothing that happens in them waits for this process, and it waits for none of them: it looks
    at them whenever it is told to.

    Parameters
    ----------
    jobs : int
    start : callable
        Called in each new process, with the arguments that follow.
    arguments : tuple
    allowance : Allowance
    starter : callable, optional
        Starts a process that does the tasks of a connection; by default it is forked from this
        one, which must then have no threads that matter.
    """

    lost: tuple[type[BaseException], ...] = (LostError,)

    def __init__(
        self,
        jobs: int,
        start: Callable[..., None],
        arguments: tuple[Any, ...],
        allowance: Allowance,
        starter: "Starter | None" = None,
    ) -> None:
        self.jobs, self.start, self.arguments, self.allowance = jobs, start, arguments, allowance
        self.starter = starter or forked
        self.members: list[Member] = []
        self.begun: dict[Member, Future[Any]] = {}
        self.waiting: deque[tuple[Future[Any], Order]] = deque()

    def close(self) -> None:
        """End all: each clears away what it started."""
        for member in self.members:
            member.order(None)
        while self.members:
            member = self.members.pop()
            member.end(END_SECONDS)
            member.connection.close()

    def submit(self, task: Callable[..., Any], /, *arguments: object) -> Future[Any]:
        """Have a task done.

        One that is asked for when others have been begun goes before those that wait: it ends
        what was begun, so that who waits longest does so for nobody's page.
        """
        future: Future[Any] = Future()
        queue = self.waiting.appendleft if self.members else self.waiting.append
        queue((future, (task, arguments)))
        return future

    def result(self, task: Callable[..., Any], /, *arguments: object) -> Any:
        """Have a task done, and wait for it.

        Raises
        ------
        LostError
            It did not come to its end; any other error is the task's own.
        """
        future = self.submit(task, *arguments)
        while not future.done():
            self.look_after()
        return future.result()

    def look_after(self, at_once: bool = False) -> float:
        """Hand out tasks, wait for an answer for a moment, and end what takes too much."""
        self._hand_out()
        seconds = 0.0 if at_once else LOOK_SECONDS
        answered = wait([member.connection for member in self.begun], seconds)
        for member in list(self.begun):
            if member.connection in answered:
                self._settle(member)
            elif loss := member.overdrawn(self.allowance):
                self._lose(member, loss)
        return 0.0

    def _hand_out(self) -> None:
        while self.waiting:
            idle = next((member for member in self.members if member not in self.begun), None)
            if idle is None:
                if len(self.members) == self.jobs:
                    return
                idle = Member(
                    self.starter, Duties(self.start, self.arguments, self.allowance.memory)
                )
                self.members.append(idle)
            self.begun[idle], task = self.waiting.popleft()
            idle.begin(task)

    def _settle(self, member: "Member") -> None:
        try:
            value, error = member.connection.recv()
        except (EOFError, OSError):
            self._lose(member, LostError(DIED))
            return
        future = self.begun.pop(member)
        if isinstance(error, MemoryError):
            error = LostError(f"more than {self.allowance.memory // 2**20} MB of memory", "memory")
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)

    def _lose(self, member: "Member", loss: LostError) -> None:
        self.members.remove(member)
        member.process.kill()
        member.end(END_SECONDS)
        member.connection.close()
        self.begun.pop(member).set_exception(loss)


@dataclass(frozen=True)
class Duties:
    """What a process needs to do tasks.

    Attributes
    ----------
    start : callable
        Called first, with the arguments that follow.
    arguments : tuple
    memory : int
        Bytes that the process may add to its address space.
    parent : int
        The process with which it ends.
    """

    start: Callable[..., None]
    arguments: tuple[Any, ...]
    memory: int
    parent: int = field(default_factory=os.getpid)


Starter = Callable[[Connection, Duties], Process]
"""Starts a process that does the tasks that come by its end of a connection."""


def forked(connection: Connection, duties: Duties) -> Process:
    """Start a process as a copy of this one, which has loaded all that it needs."""
    process: Any = multiprocessing.Process(target=serve, args=(connection, duties), daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    started: Process = process
    return started


class Member:
    """One process, and the task that it does.

    Parameters
    ----------
    starter : callable
    duties : Duties
    """

    def __init__(self, starter: Starter, duties: Duties) -> None:
        self.connection, theirs = multiprocessing.Pipe()
        self.process = starter(theirs, duties)
        theirs.close()
        self.began, self.cpu_before = time.monotonic(), 0.0

    def begin(self, task: Order) -> None:
        """Have it do a task."""
        self.began, self.cpu_before = time.monotonic(), self.cpu()
        self.order(task)

    def cpu(self) -> float:
        """Its processor time until now, in seconds."""
        return process_clock(self.process.pid)

    def order(self, task: Order | None) -> None:
        """Send a task, or None to have it end; if it has ended, that is seen by its answer.

        It cannot wait for its connection to close: a process that was forked later has it, too.
        """
        with suppress(OSError):
            self.connection.send(task)

    def overdrawn(self, allowance: Allowance) -> LostError | None:
        """Why its task must be ended; None if it need not be."""
        if self.cpu() - self.cpu_before > allowance.cpu_seconds:
            return LostError(f"more than {allowance.cpu_seconds:g} s of processor time", "time")
        if time.monotonic() - self.began > allowance.seconds:
            return LostError(f"it was not judged within {allowance.seconds:g} s")
        return None

    def end(self, seconds: float) -> None:
        """Wait for its end, and kill it if that does not come."""
        self.process.join(seconds)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def serve(connection: Connection, duties: Duties) -> None:
    """In a new process: do tasks until nobody gives any.

    Who interrupts the run speaks to the process that gives them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    end_with(duties.parent)
    duties.start(*duties.arguments)
    limit_memory(duties.memory)
    while (order := connection.recv()) is not None:
        connection.send(answer(*order))
    close_grader()


def answer(task: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, Exception | None]:
    """What a task returns, and the error that it ends with."""
    try:
        return task(*arguments), None
    except Exception as error:
        return None, error.with_traceback(None)


def limit_memory(memory: int) -> None:
    """Let this process add so much to its address space; a worker that it starts lifts it again."""
    with open("/proc/self/statm", encoding="ascii") as file:
        size = int(file.read().split()[0]) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = size + memory if hard == resource.RLIM_INFINITY else min(size + memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class LocalProcesses(Processes):
    """Processes of this machine, each with a grader of its own.

    Parameters
    ----------
    course : Course
    problem_set : str
    settings : Settings
        With a tier that was tested.
    jobs : int
    starter : callable, optional
    """

    def __init__(
        self,
        course: Course,
        problem_set: str,
        settings: Settings,
        jobs: int,
        starter: Starter | None = None,
    ) -> None:
        given = (course, problem_set, settings)
        limits = scope_of(course, problem_set, settings.limits).limits
        super().__init__(jobs, open_or_refuse, given, allowance_of(settings, limits), starter)


def allowance_of(settings: Settings, limits: Limits) -> Allowance:
    """What judging one submission may take in all."""
    seconds = limits.submission_seconds + settings.judging_seconds
    return Allowance(seconds, settings.judging_seconds, settings.judging_memory)


def end_with(parent: int) -> None:
    """End this process when its parent ends: a pool's process waits for orders for ever."""

    def watch() -> None:
        select.select([descriptor], [], [])
        os._exit(1)

    descriptor = os.pidfd_open(parent)
    threading.Thread(target=watch, daemon=True).start()
