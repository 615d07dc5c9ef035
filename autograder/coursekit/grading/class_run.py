"""Grade a class: every submission by itself, none can stop another, a stopped run goes on.

Judging is a pure function of what was submitted, and runs in several processes. Each result is
a file named after all that went into it; a second run finds it and does not judge again. One
writer, this process, puts results into the gradebook.
"""

import queue
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from typing import Any

from nbformat import NotebookNode

from coursekit.course_lock import only_run
from coursekit.courses import Course, make_private
from coursekit.errors import CourseError, in_words
from coursekit.grading.beforehand import Say, look_ahead, silent
from coursekit.grading.cluster import open_cluster
from coursekit.grading.executors import DIED, Executor, LocalProcesses, LostError, Task
from coursekit.grading.folder_files import released_files
from coursekit.grading.grader_process import (
    give_up,
    grade_student,
    recall_student,
    tested,
    write_feedback,
    write_short_feedback,
)
from coursekit.grading.ordinary import released_notebooks
from coursekit.grading.regrade import kept_for_regrade
from coursekit.grading.results import BY_HAND, FAILED, OPEN, PASSED, ExerciseResult, Result
from coursekit.grading.settings import Settings, scope_of
from coursekit.names import PUNCTUATION, fault_of_name, shown
from coursekit.nbgrader_out.gradebook import GradebookWriter, Standing, read_graded, writing
from coursekit.nbgrader_out.roster import as_known, known_students
from coursekit.nbgrader_out.seen_answers import CHECK

Change = Callable[[Result, dict[str, NotebookNode], GradebookWriter], dict[str, NotebookNode]]
"""Makes of the notebooks of a result those that are written."""


def as_judged(
    result: Result, notebooks: dict[str, NotebookNode], gradebook: GradebookWriter
) -> dict[str, NotebookNode]:
    """Change nothing."""
    return notebooks


def grade_class(
    course: Course, problem_set: str, settings: Settings | None = None, say: Say = silent,
    students: Sequence[str] | None = None, change: Change = as_judged,
) -> Iterator[Result]:  # fmt: skip
    """Grade all students who handed something in, and yield each result when it is written.

    Parameters
    ----------
    course : Course
    problem_set : str
    settings : Settings, optional
    say : callable
        Is told beforehand what the instructor should know of the grades that come.
    students : sequence of str, optional
        Only these.
    change : callable
        What is done to graded notebooks before they are written into the gradebook.

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
    students = course.students(problem_set) if students is None else students
    if not students:
        raise CourseError(
            f"there is no submission of {problem_set}: put them at "
            f"{course.submitted()}/STUDENT/{problem_set}/{problem_set}.ipynb"
        )
    students = as_known(students, known_students(course))
    make_private(course)
    with only_run(course):
        remove_leftovers(course, problem_set)
        if change is as_judged:  # what a stopped regrade kept is no longer what was graded
            shutil.rmtree(kept_for_regrade(course, problem_set), ignore_errors=True)
        with class_run(course, problem_set, settings, change) as run:
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
def class_run(
    course: Course, problem_set: str, settings: Settings, change: Change = as_judged
) -> Iterator["ClassRun"]:
    """A run whose sandbox passed the self-test, once for all processes, or on each worker."""
    if not settings.scheduler:
        yield ClassRun(course, problem_set, tested(course, problem_set, settings), change=change)
        return
    with open_cluster(course, problem_set, settings) as cluster:
        yield ClassRun(course, problem_set, settings, cluster, change)


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
    change : callable
        As of :func:`grade_class`.
    """

    def __init__(
        self,
        course: Course,
        problem_set: str,
        settings: Settings,
        cluster: Executor | None = None,
        change: Change = as_judged,
    ) -> None:
        self.course, self.problem_set, self.settings = course, problem_set, settings
        self.cluster, self.change = cluster, change

    def grade(self, students: list[str]) -> Iterator[Result]:
        """Grade students, and yield each result when it is written.

        What went wrong may be the machine's doing, which has too much to do. So it is tried once
        more at the end, one after the other, when nobody else is graded.
        """
        with writing(self.course, self.problem_set) as gradebook:
            again = yield from self._round(students, gradebook)
            yield from self._round(again, gradebook, alone=True)

    def _round(
        self, students: list[str], gradebook: GradebookWriter, alone: bool = False
    ) -> Generator[Result, None, list[str]]:
        """Grade some, and return who must be tried again: nobody, if each had the machine alone."""
        if not students:
            return []
        with self._processes(1 if alone else min(self.settings.jobs, len(students))) as executor:
            tasks = Round(
                executor,
                lambda result: self._written(result, gradebook),
                lambda student, fault: Result(student, self.problem_set, (), fault=fault),
                last=alone,
            )
            for batch in [[student] for student in students] if alone else [students]:
                yield from tasks.results(batch)
        return tasks.again

    def _processes(self, jobs: int) -> AbstractContextManager[Executor]:
        if self.cluster is not None:
            return nullcontext(self.cluster)
        return closing(LocalProcesses(self.course, self.problem_set, self.settings, jobs))

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
            notebooks = self.change(result, notebooks, gradebook)
            standing = gradebook.write(result.student, notebooks, result.attempt)
        except Exception as error:
            return replace(result, fault=f"not in the gradebook: {in_words(error)}")
        return as_in_gradebook(result, standing)


def as_in_gradebook(result: Result, standing: Standing) -> Result:
    """A result with the points that the gradebook has, those that a person gave included."""
    return replace(
        result,
        exercises=tuple(as_marked(exercise, standing) for exercise in result.exercises),
        oddities=(*result.oddities, *standing.oddities),
        penalty=standing.penalty,
        late=standing.late,
        excused=standing.excused,
        policies=standing.policies,
        late_days=standing.late_days,
    )


def as_marked(exercise: ExerciseResult, standing: Standing) -> ExerciseResult:
    mark = standing.marks.get(exercise.id) or standing.marks.get(f"{exercise.id}{CHECK}")
    if mark is None:
        return exercise  # the release that the gradebook knows does not have it
    outcome, evidence = exercise.outcome, exercise.evidence
    if mark.by_hand:
        evidence = BY_HAND
        outcome = PASSED if mark.points >= exercise.max_points else FAILED
    if mark.waits:
        outcome = OPEN
    return replace(exercise, points=mark.points, outcome=outcome, evidence=evidence)


@dataclass(frozen=True)
class Job:
    """What is done for a student: a task, and the result that it belongs to, if there is one."""

    task: Task
    student: str
    judged: Result | None = None


class Round:
    """The tasks of some students, done at one time: judge each, write its grades, then its page.

    Those who were judged in an earlier run come first: then it is known how much work is left.

    Parameters
    ----------
    executor : Executor
    write : callable
        Puts a result into the gradebook and returns it, with the fault that kept it from there.
    failed : callable
        The result of a student for whom the grader failed.
    last : bool
        Whether nobody is tried again: each has the machine alone.

    Attributes
    ----------
    again : list of str
        Who is to be tried once more.
    """

    def __init__(
        self,
        executor: Executor,
        write: Callable[[Result], Result],
        failed: Callable[[str, str], Result],
        last: bool = True,
    ) -> None:
        self.executor, self.write, self.failed, self.last = executor, write, failed, last
        self.again: list[str] = []
        self.new: list[str] = []
        self.waiting: dict[Future[Any], Job] = {}
        self.done: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()

    def results(self, students: list[str]) -> Iterator[Result]:
        """Yield each result when its page is written."""
        for student in students:
            yield from self._start(Job(recall_student, student))
        yield from self._waited_for()
        new, self.new = self.new, []
        for student in reversed(new):  # each goes before those that wait
            yield from self._start(Job(grade_student, student))
        yield from self._waited_for()

    def _waited_for(self) -> Iterator[Result]:
        while self.waiting:
            yield from self._next()

    def _start(self, job: Job, *words: str) -> Iterator[Result]:
        try:
            future = self.executor.submit(job.task, job.student, *words)
        except self.executor.lost as loss:
            yield from self._lost(job, loss)
            return
        self.waiting[future] = job
        future.add_done_callback(self.done.put)

    def _next(self) -> Iterator[Result]:
        future = self._take()
        job = self.waiting.pop(future)
        try:
            value = future.result()
        except self.executor.lost as loss:
            yield from self._lost(job, loss)
            return
        if job.judged is not None:
            fault = f"no feedback page: {value}" if value else ""
            yield from self._ended(replace(job.judged, fault=fault) if fault else job.judged)
            return
        if value is None:
            self.new.append(job.student)
            return
        result = self.write(value)
        if result.final:
            yield from self._start(Job(write_feedback, result.student, result))
        else:
            yield from self._ended(result)

    def _lost(self, job: Job, loss: BaseException) -> Iterator[Result]:
        """What comes of a task whose process ended: processor time that it used up is its own."""
        known = loss if isinstance(loss, LostError) else LostError(DIED)
        spent, reason = known.spent, str(known)
        if job.task is recall_student:
            self.new.append(job.student)
        elif job.task is write_feedback:
            yield from self._start(replace(job, task=write_short_feedback))
        elif job.task is grade_student and (spent == "time" or (spent and self.last)):
            yield from self._start(Job(give_up, job.student), reason)
        elif job.judged is not None:
            yield from self._ended(replace(job.judged, fault=f"no feedback page: {reason}"))
        else:
            yield from self._ended(self.failed(job.student, reason))

    def _ended(self, result: Result) -> Iterator[Result]:
        if result.final or self.last:
            yield result
        else:
            self.again.append(result.student)

    def _take(self) -> Future[Any]:
        """Wait for a task that is done, and see to it that somebody works."""
        while True:
            with suppress(queue.Empty):
                at_once = not self.done.empty()
                return self.done.get(timeout=self.executor.look_after(at_once))


def remove_leftovers(course: Course, problem_set: str) -> None:
    """Remove what a killed run was writing."""
    folders = [course.results(problem_set), *course.root.glob(f"autograded/*/{problem_set}")]
    for folder in folders:
        for path in folder.glob(".*.tmp"):
            path.unlink(missing_ok=True)
