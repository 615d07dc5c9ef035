"""Grade a class: every submission by itself, none can stop another, a stopped run goes on.

Judging is a pure function of what was submitted, and runs in several processes. Each result is
a file named after all that went into it; a second run finds it and does not judge again. One
writer, this process, puts results into the gradebook.
"""

import fcntl
import os
import select
import threading
import time
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import nbformat

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.limits import Limits
from coursekit.results import Result

if TYPE_CHECKING:
    from coursekit.frame import GradebookWriter
    from coursekit.grading import Grader

LOCK_SECONDS = 5.0
"""How long a run waits for another to end: the processes of a killed one need a moment."""


@dataclass(frozen=True)
class Settings:
    """How a class run is done.

    Attributes
    ----------
    jobs : int
        Processes that judge.
    sandbox : str
        "auto", or "none" where the instructor asked for it.
    limits : Limits, optional
        Of each submission.
    """

    jobs: int = max(1, os.cpu_count() or 1)
    sandbox: str = "auto"
    limits: Limits | None = None


_grader: "Grader | None" = None


def start_process(course: Course, problem_set: str, settings: Settings, parent: int) -> None:
    """Make the grader of a new process."""
    global _grader
    from coursekit.grading import Grader

    end_with(parent)
    _grader = Grader(course, problem_set, settings.sandbox, settings.limits)


def end_with(parent: int) -> None:
    """End this process when its parent ends: a pool's process waits for orders for ever."""

    def watch() -> None:
        select.select([descriptor], [], [])
        os._exit(1)

    descriptor = os.pidfd_open(parent)
    threading.Thread(target=watch, daemon=True).start()


def grade_student(student: str) -> Result:
    """Grade one submission; an error of the grader is a result, too, and never an exception."""
    try:
        return _grader.grade(student)
    except Exception as error:
        return _grader.failed(student, f"{type(error).__name__}: {error}")


def write_feedback(student: str) -> str:
    """Write one feedback page; returns what went wrong, or nothing."""
    try:
        _grader.feedback.write(student)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def grade_class(
    course: Course, problem_set: str, settings: Settings | None = None
) -> Iterator[Result]:
    """Grade all students who handed something in, and yield each result when it is written.

    Raises
    ------
    CourseError
        If the problem set was not released, nobody handed it in, or another run is on.
    """
    from coursekit.ordinary import released_notebooks

    settings = settings or Settings()
    if not released_notebooks(course, problem_set):
        raise CourseError(
            f"{problem_set} is not released: run `course release {problem_set}` first"
        )
    students = course.students(problem_set)
    if not students:
        raise CourseError(
            f"there is no submission of {problem_set}: put them at "
            f"{course.submitted()}/STUDENT/{problem_set}/{problem_set}.ipynb"
        )
    with only_run(course):
        remove_leftovers(course, problem_set)
        run = ClassRun(course, problem_set, checked(course, settings))
        yield from run.grade([student for student in students if student.isprintable()])
        for student in students:
            if not student.isprintable():
                fault = f"the name of the folder {student!r} cannot be written; rename it"
                yield Result(ascii(student), problem_set, (), fault=fault)


def checked(course: Course, settings: Settings) -> Settings:
    """The settings with the tier that passed the self-test, done once for all processes."""
    from coursekit.pool import WorkerPool

    with WorkerPool(1, settings.sandbox, hidden=[course.root]) as pool:
        return replace(settings, sandbox=pool.tier)


class ClassRun:
    """One run over a class.

    Parameters
    ----------
    course : Course
    problem_set : str
    settings : Settings
        With a tier that was tested.
    """

    def __init__(self, course: Course, problem_set: str, settings: Settings) -> None:
        self.course, self.problem_set, self.settings = course, problem_set, settings

    def grade(self, students: list[str]) -> Iterator[Result]:
        """Grade students, and yield each result when it is written.

        Where a process dies, those who are not done are tried once more together and then one
        by one: who breaks a process alone is reported, and stops nobody else.
        """
        from coursekit.frame import GradebookWriter

        with GradebookWriter(self.course, self.problem_set) as gradebook:
            left = students
            for _ in range(2):
                left = yield from self._round(left, gradebook)
            for student in left:
                if (yield from self._round([student], gradebook)):
                    fault = "the process that graded it ended by itself"
                    yield Result(student, self.problem_set, (), fault=fault)

    def _round(
        self, students: list[str], gradebook: "GradebookWriter"
    ) -> Generator[Result, None, list[str]]:
        """Grade until all are done or a process dies; returns who is not done."""
        left = set(students)
        if students:
            with self._processes(len(students)) as executor:
                try:
                    for result in self._grade_all(students, executor, gradebook):
                        left.discard(result.student)
                        yield result
                except BrokenProcessPool:
                    pass
        return [student for student in students if student in left]

    def _processes(self, students: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            min(self.settings.jobs, students),
            initializer=start_process,
            initargs=(self.course, self.problem_set, self.settings, os.getpid()),
        )

    def _grade_all(
        self, students: list[str], executor: ProcessPoolExecutor, gradebook: "GradebookWriter"
    ) -> Iterator[Result]:
        judging = [executor.submit(grade_student, student) for student in students]
        pages: dict[Future, Result] = {}
        for done in as_completed(judging):
            result = self._written(done.result(), gradebook)
            if result.final:
                pages[executor.submit(write_feedback, result.student)] = result
            else:
                yield result
            yield from finished(pages)
        for page in as_completed(list(pages)):
            yield with_page(pages[page], page)

    def _written(self, result: Result, gradebook: "GradebookWriter") -> Result:
        """The result when it is in the gradebook; what kept it from there is a fault."""
        if not result.final:
            return result
        folder = self.course.autograded(result.student, self.problem_set).parent
        try:
            notebooks = {
                path.stem: nbformat.read(path, as_version=4) for path in folder.glob("*.ipynb")
            }
            gradebook.write(result.student, notebooks)
        except Exception as error:
            return replace(result, fault=f"not in the gradebook: {type(error).__name__}: {error}")
        return result


def finished(pages: dict[Future, Result]) -> Iterator[Result]:
    """The results whose feedback is written by now, taken out of ``pages``."""
    for page in [page for page in pages if page.done()]:
        yield with_page(pages.pop(page), page)


def with_page(result: Result, page: Future) -> Result:
    fault = page.result()
    return replace(result, fault=f"no feedback page: {fault}") if fault else result


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
    with (course.root / ".class-run").open("w") as lock:
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
