"""Grade a class: every submission by itself, none can stop another, a stopped run goes on.

Judging is a pure function of what was submitted, and runs in several processes. Each result is
a file named after all that went into it; a second run finds it and does not judge again. One
writer, this process, puts results into the gradebook.
"""

import fcntl
import queue
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from typing import Any

from coursekit.courses import Course, make_private
from coursekit.errors import CourseError
from coursekit.grading.beforehand import Say, look_ahead, silent
from coursekit.grading.cluster import open_cluster
from coursekit.grading.executors import Executor, LocalProcesses, Task
from coursekit.grading.folder_files import released_files
from coursekit.grading.grader_process import grade_student, tested, write_feedback
from coursekit.grading.ordinary import released_notebooks
from coursekit.grading.results import Result
from coursekit.grading.settings import Settings, scope_of
from coursekit.names import PUNCTUATION, fault_of_name, shown
from coursekit.nbgrader_out.gradebook import GradebookWriter, read_graded, writing
from coursekit.nbgrader_out.roster import as_known, known_students

LOCK_SECONDS = 5.0
"""How long a run waits for another to end: the processes of a killed one need a moment."""

LOOK_SECONDS = 2.0
"""How often, while nothing is done, it is asked whether anybody works."""


def grade_class(
    course: Course, problem_set: str, settings: Settings | None = None, say: Say = silent
) -> Iterator[Result]:
    """Grade all students who handed something in, and yield each result when it is written.

    Parameters
    ----------
    course : Course
    problem_set : str
    settings : Settings, optional
    say : callable
        Is told beforehand what the instructor should know of the grades that come.

    Raises
    ------
    CourseError
        If the problem set was not released, nobody handed it in, another run is on, or a file of
        the course is wrong.
    """
    settings = settings or Settings()
    releases = released_notebooks(course, problem_set)
    if not releases:
        raise CourseError(
            f"{problem_set} is not released: run `course release {problem_set}` first"
        )
    look_ahead(course, problem_set, releases, say)
    limits = scope_of(course, problem_set, settings.limits).limits
    if not course.has_master(problem_set):
        released_files(course, problem_set, limits)  # refuses those that do not fit
    students = course.students(problem_set)
    if not students:
        raise CourseError(
            f"there is no submission of {problem_set}: put them at "
            f"{course.submitted()}/STUDENT/{problem_set}/{problem_set}.ipynb"
        )
    students = as_known(students, known_students(course))
    make_private(course)
    with only_run(course):
        remove_leftovers(course, problem_set)
        with class_run(course, problem_set, settings) as run:
            yield from run.grade([name for name in students if not fault_of_name(name)])
        yield from (refused(name, problem_set) for name in students if fault_of_name(name))


def refused(student: str, problem_set: str) -> Result:
    """The result of a folder whose name no page, terminal or export can be trusted with."""
    reason = (
        f"the folder submitted/{shown(student)} {fault_of_name(student)}: rename it, and grade "
        f"again; a name holds letters, digits, spaces and {PUNCTUATION.strip()}"
    )
    return Result(shown(student), problem_set, (), refused=reason)


@contextmanager
def class_run(course: Course, problem_set: str, settings: Settings) -> Iterator["ClassRun"]:
    """A run whose sandbox passed the self-test, once for all processes, or on each worker."""
    if not settings.scheduler:
        yield ClassRun(course, problem_set, tested(course, problem_set, settings))
        return
    with open_cluster(course, problem_set, settings) as cluster:
        yield ClassRun(course, problem_set, settings, cluster)


class ClassRun:
    """One run over a class.

    Parameters
    ----------
    course : Course
    problem_set : str
    settings : Settings
        With a tier that was tested.
    cluster : Executor, optional
        Where to judge, if not in processes of this machine.
    """

    def __init__(
        self,
        course: Course,
        problem_set: str,
        settings: Settings,
        cluster: Executor | None = None,
    ) -> None:
        self.course, self.problem_set, self.settings = course, problem_set, settings
        self.cluster = cluster

    def grade(self, students: list[str]) -> Iterator[Result]:
        """Grade students, and yield each result when it is written.

        Where a process dies, those who are not done are tried once more together and then one
        by one: who breaks a process alone is reported, and stops nobody else.
        """
        with writing(self.course, self.problem_set) as gradebook:
            left = students
            for _ in range(2):
                left = yield from self._round(left, gradebook)
            for student in left:
                if (yield from self._round([student], gradebook)):
                    fault = "the process that graded it ended by itself"
                    yield Result(student, self.problem_set, (), fault=fault)

    def _round(
        self, students: list[str], gradebook: GradebookWriter
    ) -> Generator[Result, None, list[str]]:
        """Grade until all are done or lost with a process; returns who is not done."""
        left = set(students)
        if students:
            with self._processes(len(students)) as executor:
                tasks = Round(executor, lambda result: self._written(result, gradebook))
                for result in tasks.results(students):
                    left.discard(result.student)
                    yield result
        return [student for student in students if student in left]

    def _processes(self, students: int) -> AbstractContextManager[Executor]:
        if self.cluster is not None:
            return nullcontext(self.cluster)
        return LocalProcesses(self.course, self.problem_set, self.settings, students)

    def _written(self, result: Result, gradebook: GradebookWriter) -> Result:
        """The result when it is in the gradebook; what kept it from there is a fault."""
        if not result.final:
            return result
        # read back: a result that was kept from an earlier run has its notebooks in files only
        folder = self.course.autograded(result.student, self.problem_set).parent
        try:
            notebooks = {
                path.stem: read_graded(path.read_text(encoding="utf-8"))
                for path in folder.glob("*.ipynb")
            }
            oddities = gradebook.write(result.student, notebooks)
        except Exception as error:
            return replace(result, fault=f"not in the gradebook: {type(error).__name__}: {error}")
        return replace(result, oddities=(*result.oddities, *oddities))


class Round:
    """The tasks of some students, done at one time: judge each, write its grades, then its page.

    Parameters
    ----------
    executor : Executor
    write : callable
        Puts a result into the gradebook and returns it, with the fault that kept it from there.
    """

    def __init__(self, executor: Executor, write: Callable[[Result], Result]) -> None:
        self.executor, self.write = executor, write
        self.waiting: dict[Future[Any], Result | None] = {}
        self.done: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()

    def results(self, students: list[str]) -> Iterator[Result]:
        """Yield each result when its page is written; none of a student whose process died."""
        for student in students:
            self._start(grade_student, student)
        while self.waiting:
            yield from self._next()

    def _start(self, task: Task, student: str, judged: Result | None = None) -> None:
        with suppress(*self.executor.lost):
            future = self.executor.submit(task, student)
            self.waiting[future] = judged
            future.add_done_callback(self.done.put)

    def _next(self) -> Iterator[Result]:
        future = self._take()
        judged = self.waiting.pop(future)
        try:
            value = future.result()
        except self.executor.lost:
            self.executor.require_alive()
            return
        if judged is not None:
            yield replace(judged, fault=f"no feedback page: {value}") if value else judged
            return
        result = self.write(value)
        if result.final:
            self._start(write_feedback, result.student, result)
        else:
            yield result

    def _take(self) -> Future[Any]:
        """Wait for a task that is done, and see now and then that somebody works."""
        while True:
            with suppress(queue.Empty):
                return self.done.get(timeout=LOOK_SECONDS)
            self.executor.require_alive()


def remove_leftovers(course: Course, problem_set: str) -> None:
    """Remove what a killed run was writing."""
    folders = [course.results(problem_set), *course.root.glob(f"autograded/*/{problem_set}")]
    for folder in folders:
        for path in folder.glob(".*.tmp"):
            path.unlink(missing_ok=True)


@contextmanager
def only_run(course: Course, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the course for one class run.

    Raises
    ------
    CourseError
        If another process holds it for longer than some seconds.
    """
    with (course.locks() / "class-run").open("w", encoding="utf-8") as lock:
        deadline = time.monotonic() + seconds
        while not locked(lock.fileno()):
            if time.monotonic() > deadline:
                raise CourseError(
                    f"another class run is on in {course.root}; wait until it has ended"
                )
            time.sleep(0.05)
        yield


def locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
