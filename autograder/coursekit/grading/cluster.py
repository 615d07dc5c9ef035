"""A class run on a Dask cluster, whose workers share the course folder.

The same functions as in local processes, mapped by Dask. Only names travel, and results back: the
secret and the submissions are read from the course folder. The gradebook has one writer, as ever.
"""

import asyncio
import contextlib
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.grading import grader_process
from coursekit.grading.executors import LocalProcesses, LostError, Task
from coursekit.grading.fresh_process import FreshProcess
from coursekit.grading.one_submission import versions_of
from coursekit.grading.results import Result
from coursekit.grading.settings import Settings

if TYPE_CHECKING:
    from distributed import Client
    from distributed.cfexecutor import ClientExecutor

CONNECT_SECONDS = 5.0
"""How long to wait for the scheduler."""

LOOK_SECONDS = 2.0
"""How often, while nothing is done, it is asked whether anybody works."""

WORKERS_SECONDS = 20.0
"""How long to wait for a first worker, or for another when the last one is gone."""


@dataclass(frozen=True)
class Work:
    """One class run, as its workers know it.

    Attributes
    ----------
    run : str
        Tells it from other runs.
    course : Course
    problem_set : str
    settings : Settings
    """

    run: str
    course: Course
    problem_set: str
    settings: Settings


@dataclass(frozen=True)
class Prepared:
    """What a worker has made for a run: a process that grades, with limits of its own."""

    work: Work
    processes: LocalProcesses


_prepared: Prepared | None = None
_one_at_a_time = threading.Lock()


def prepare(work: Work) -> LocalProcesses:
    """On a worker: test the sandbox and start a grader, unless this was done for this run.

    Raises
    ------
    CourseError
        The course folder is not there, or a grader cannot be made.
    """
    global _prepared
    if _prepared is None or _prepared.work != work:
        leave()
        if not work.course.config.is_file():
            raise CourseError(f"the course folder {work.course.root} is not there")
        settings = grader_process.tested(work.course, work.problem_set, work.settings)
        given = (work.course, work.problem_set, settings)
        _prepared = Prepared(work, LocalProcesses(*given, jobs=1, starter=FreshProcess))
    return _prepared.processes


def leave() -> None:
    """On a worker: end what was made for a run."""
    global _prepared
    if _prepared is not None:
        _prepared.processes.close()
    _prepared = None


async def prepare_beside(work: Work) -> dict[str, str]:
    """On a worker: :func:`prepare` in a thread, so that the scheduler still hears of it.

    Returns
    -------
    dict
        Versions of all that decides a result.
    """

    def prepared() -> dict[str, str]:
        with _one_at_a_time:
            versions: dict[str, str] = prepare(work).result(grader_process.versions)
            return versions

    return await asyncio.to_thread(prepared)


async def leave_beside(run: str) -> None:
    """On a worker: end what was made for a run, in a thread."""

    def left() -> None:
        with _one_at_a_time:
            if _prepared is not None and _prepared.work.run == run:
                leave()

    await asyncio.to_thread(left)


def on_worker(task: Task, work: Work, student: str, *words: str) -> Result | str | None:
    """On a worker: do a task; one that started in the middle of a run is prepared first.

    Raises
    ------
    LostError
        The task took more than it may, or ended its process.
    """
    with _one_at_a_time:
        try:
            done: Result | str | None = prepare(work).result(task, student, *words)
        except LostError:
            raise
        except Exception as error:
            fault = f"a worker of the cluster cannot grade: {type(error).__name__}: {error}"
            if task is grader_process.recall_student:
                return None
            graded = task in (grader_process.grade_student, grader_process.give_up)
            return Result(student, work.problem_set, (), fault=fault) if graded else fault
        return done


@contextlib.contextmanager
def open_cluster(course: Course, problem_set: str, settings: Settings) -> "Iterator[Cluster]":
    """The cluster of a scheduler, whose workers have made their graders.

    Parameters
    ----------
    course : Course
    problem_set : str
    settings : Settings
        With the address of the scheduler.

    Raises
    ------
    CourseError
        Dask is not installed, the scheduler is not there, it has no workers, or one of them
        cannot grade: it does not see the course folder, has another version, or its sandbox
        fails the self-test.
    """
    work = Work(uuid.uuid4().hex, course, problem_set, settings)
    with contextlib.ExitStack() as left:
        client = connected(settings.scheduler)
        left.callback(client.close)
        left.callback(leave_all, client, work)
        prepare_all(client, work)
        executor = client.get_executor(pure=False)
        left.callback(shut_down, executor)
        yield Cluster(work, client, executor)


def prepare_all(client: "Client", work: Work) -> None:
    """Have each worker prepared.

    Raises
    ------
    CourseError
        There is none, or one cannot grade.
    """
    with contextlib.suppress(TimeoutError):
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    found = client.run(prepare_beside, work, on_error="return")
    if not found:
        raise CourseError(no_workers(work.settings.scheduler))
    faults = list(faults_of(found))
    if faults:
        raise CourseError("\n  ".join(["not every worker of the cluster can grade:", *faults]))


def leave_all(client: "Client", work: Work) -> None:
    """Have each worker end what it made; what is lost is left already."""
    with contextlib.suppress(Exception):
        if client.status == "running":
            client.run(leave_beside, work.run)


def shut_down(executor: "ClientExecutor") -> None:
    """Take no more tasks; the scheduler may be gone."""
    with contextlib.suppress(Exception):
        executor.shutdown(wait=False)


class Cluster:
    """The workers of a Dask cluster as the executor of a class run.

    Parameters
    ----------
    work : Work
    client : Client
    executor : ClientExecutor
        Of this client.
    """

    def __init__(self, work: Work, client: "Client", executor: "ClientExecutor") -> None:
        self.work, self.client, self.executor = work, client, executor
        self.alone_since: float | None = None
        self.lost = lost_errors()

    def submit(self, task: Task, student: str, /, *words: str) -> "Future[Any]":
        """Have a task done by some worker."""
        future: Future[Any] = self.executor.submit(on_worker, task, self.work, student, *words)
        return future

    def look_after(self, at_once: bool = False) -> float:
        """Fail if the scheduler is gone, or no worker has been there for a while.

        Raises
        ------
        CourseError
        """
        if self.client.status != "running":
            raise CourseError(
                f"the scheduler {self.work.settings.scheduler} is gone; start it, and run this "
                "again: what is graded is not graded again"
            )
        with contextlib.suppress(OSError):  # the status says it the next time
            self._require_workers()
        return LOOK_SECONDS

    def _require_workers(self) -> None:
        if self.client.nthreads():
            self.alone_since = None
        elif self.alone_since is None:
            self.alone_since = time.monotonic()
        elif time.monotonic() - self.alone_since > WORKERS_SECONDS:
            raise CourseError(no_workers(self.work.settings.scheduler))


def connected(scheduler: str) -> "Client":
    """A client of a scheduler."""
    try:
        from distributed import Client
    except ImportError as error:
        raise CourseError(
            "--scheduler needs Dask, which is not installed here: pip install distributed, or "
            "install this project with its extra `cluster`"
        ) from error
    try:
        return Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"no scheduler answers at {scheduler} within {CONNECT_SECONDS:g} seconds: start one "
            "with `dask scheduler`, and give the address that it prints, tcp://HOST:PORT"
        ) from error


def lost_errors() -> tuple[type[BaseException], ...]:
    """What a future raises when a task took too much, or its workers or the scheduler went."""
    from distributed import CancelledError as TaskCancelledError
    from distributed import KilledWorker

    return (LostError, CancelledError, TaskCancelledError, KilledWorker)


def no_workers(scheduler: str) -> str:
    return (
        f"the scheduler {scheduler} has no workers: start some with `dask worker {scheduler} "
        "--nthreads 1 --nworkers N`"
    )


def faults_of(found: dict[str, dict[str, str] | Exception]) -> Iterator[str]:
    """Why workers cannot grade: what each answered that is no list of the right versions."""
    expected = own_versions()
    for address, answer in found.items():
        if isinstance(answer, Exception):
            yield f"{address}: {type(answer).__name__}: {answer}"
        elif wrong := {name for name in expected if answer.get(name) != expected[name]}:
            yield f"{address}: has another version of {', '.join(sorted(wrong))}"


def own_versions() -> dict[str, str]:
    """Versions of this machine's grader, which those of all workers must equal."""
    return {name: version for name, version in versions_of("", "").items() if name}
