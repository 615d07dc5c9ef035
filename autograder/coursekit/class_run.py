"""Grade a class: every submission by itself, none can stop another, a stopped run goes on.

Judging is a pure function of what was submitted, and runs in several processes. Each result is
a file named after all that went into it; a second run finds it and does not judge again. One
writer, this process, puts results into the gradebook.
"""

import fcntl
import hashlib
import importlib.metadata
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.masters import Master
from coursekit.rebuild import Rebuilt, rebuild
from coursekit.results import ExerciseResult, Result, load_result, save_result, write_atomically
from coursekit.seeds import length_prefixed


@dataclass(frozen=True)
class Settings:
    """How a class run is done.

    Attributes
    ----------
    jobs : int
        Processes that judge.
    sandbox : str
        "auto", or "none" where the instructor asked for it.
    """

    jobs: int = max(1, os.cpu_count() or 1)
    sandbox: str = "auto"


class Grader:
    """What one process needs to grade submissions of one problem set."""

    def __init__(self, course: Course, problem_set: str, settings: Settings) -> None:
        from coursekit.frame import FeedbackWriter
        from coursekit.pool import WorkerPool
        from coursekit.release import read_problem_set

        self.course, self.problem_set = course, problem_set
        self.master = read_problem_set(course, problem_set)
        self.release = read_release(course, problem_set)
        self.feedback = FeedbackWriter(course, problem_set)
        self.versions = versions_of(self.master)
        self.pool = WorkerPool(
            1, settings.sandbox, hidden=[course.root], lock_folder=course.root, self_test=False
        )
        self.pool.__enter__()

    def grade(self, student: str) -> Result:
        """The result of one submission, from its file if it was judged before."""
        content, oddities = read_submission(self.course, self.problem_set, student)
        path = self.course.results(self.problem_set) / f"{self.key(student, content)}.json"
        result = load_result(path)
        if not (result and result.final and path.with_suffix(".ipynb").is_file()):
            result = self._judge(student, rebuild(self.release, content), oddities, path)
        graded = path.with_suffix(".ipynb").read_text(encoding="utf-8")
        write_atomically(self.course.autograded(student, self.problem_set), graded)
        return result

    def _judge(
        self, student: str, rebuilt: Rebuilt, oddities: tuple[str, ...], path: Path
    ) -> Result:
        from coursekit.graded_notebook import with_outputs
        from coursekit.judge import judge

        judged = judge(self.master, rebuilt.notebook, student, self.course.secret, self.pool)
        graded = with_outputs(rebuilt.notebook, judged)
        write_atomically(path.with_suffix(".ipynb"), nbformat.writes(graded) + "\n")
        result = Result(
            student,
            self.problem_set,
            judged.exercises,
            (*oddities, *rebuilt.oddities),
            versions=self.versions,
        )
        save_result(path, result)
        return result

    def key(self, student: str, content: bytes) -> str:
        """A name for all that decides a result."""
        parts = [student.encode(), content, self.course.secret, repr(self.versions).encode()]
        return hashlib.sha256(b"".join(map(length_prefixed, parts))).hexdigest()


_grader: Grader | None = None


def start_process(course: Course, problem_set: str, settings: Settings) -> None:
    """Make the grader of a new process."""
    global _grader
    _grader = Grader(course, problem_set, settings)


def grade_student(student: str) -> Result:
    """Grade one submission; an error of the grader is a result, too, and never an exception."""
    try:
        return _grader.grade(student)
    except Exception as error:
        nothing = tuple(
            ExerciseResult(exercise.id, "grader error", 0.0, exercise.points)
            for exercise in _grader.master.exercises
        )
        fault = f"{type(error).__name__}: {error}"
        return Result(student, _grader.problem_set, nothing, fault=fault)


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
    settings = settings or Settings()
    read_release(course, problem_set)
    students = course.students(problem_set)
    if not students:
        raise CourseError(
            f"there is no submission of {problem_set}: put them at "
            f"{course.submitted()}/STUDENT/{problem_set}/{problem_set}.ipynb"
        )
    with only_run(course), processes(course, problem_set, settings, len(students)) as executor:
        yield from _grade_all(course, problem_set, students, executor)


def _grade_all(
    course: Course, problem_set: str, students: list[str], executor: ProcessPoolExecutor
) -> Iterator[Result]:
    from coursekit.frame import GradebookWriter

    judging = [executor.submit(grade_student, student) for student in students]
    pages: dict[Future, Result] = {}
    with GradebookWriter(course, problem_set) as gradebook:
        for done in as_completed(judging):
            result = done.result()
            if result.final:
                path = course.autograded(result.student, problem_set)
                gradebook.write(result.student, nbformat.read(path, as_version=4))
                pages[executor.submit(write_feedback, result.student)] = result
            else:
                yield result
            yield from finished(pages)
    for page in as_completed(list(pages)):
        yield with_page(pages[page], page)


def finished(pages: dict[Future, Result]) -> Iterator[Result]:
    """The results whose feedback is written by now, taken out of ``pages``."""
    for page in [page for page in pages if page.done()]:
        yield with_page(pages.pop(page), page)


def with_page(result: Result, page: Future) -> Result:
    fault = page.result()
    return Result(**{**vars(result), "fault": f"no feedback page: {fault}"}) if fault else result


@contextmanager
def processes(
    course: Course, problem_set: str, settings: Settings, students: int
) -> Iterator[ProcessPoolExecutor]:
    """Processes that grade, after one self-test of the sandbox for all of them."""
    from coursekit.pool import WorkerPool

    with WorkerPool(1, settings.sandbox, hidden=[course.root]) as pool:
        tier = pool.tier
    settings = Settings(settings.jobs, tier)
    executor = ProcessPoolExecutor(
        min(settings.jobs, students),
        initializer=start_process,
        initargs=(course, problem_set, settings),
    )
    with executor:
        yield executor


@contextmanager
def only_run(course: Course) -> Iterator[None]:
    """Hold the course for one class run.

    Raises
    ------
    CourseError
        If another process holds it.
    """
    with (course.root / ".class-run").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CourseError(
                f"another class run is on in {course.root}; wait until it has ended"
            ) from error
        yield


def read_release(course: Course, problem_set: str) -> nbformat.NotebookNode:
    path = course.release(problem_set) / f"{problem_set}.ipynb"
    if not path.is_file():
        raise CourseError(
            f"{problem_set} is not released: run `course release {problem_set}` first"
        )
    return nbformat.read(path, as_version=4)


def read_submission(
    course: Course, problem_set: str, student: str
) -> tuple[bytes, tuple[str, ...]]:
    """The submitted bytes, whatever the file is called, and what is odd about the file."""
    folder = course.submitted() / student / problem_set
    file, oddities = find_file(folder, f"{problem_set}.ipynb")
    return (file.read_bytes() if file else b""), oddities


def find_file(folder: Path, expected: str) -> tuple[Path | None, tuple[str, ...]]:
    """The submitted file: the one with the expected name, else the only notebook or script."""
    if (folder / expected).is_file():
        return folder / expected, ()
    candidates = sorted([*folder.glob("*.ipynb"), *folder.glob("*.py")])
    candidates = [path for path in candidates if path.name != "checks.py" and path.is_file()]
    if not candidates:
        return None, (f"{expected} is missing",)
    return candidates[0], (f"{expected} is missing; {candidates[0].name} was graded instead",)


def versions_of(master: Master) -> dict[str, str]:
    """What graded: the packages, the judge's own code, and the problem set."""
    judge = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        judge.update(path.read_bytes())
    return {
        "backprop-book": importlib.metadata.version("backprop-book"),
        "numpy": importlib.metadata.version("numpy"),
        "judge": judge.hexdigest()[:16],
        master.id: master.digest,
    }
