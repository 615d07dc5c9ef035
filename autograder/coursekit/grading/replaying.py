"""Judge one exercise of one student again, and compare with what was graded."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from nbformat import NotebookNode

from coursekit.authoring.masters import ManualExercise
from coursekit.authoring.release import read_problem_set
from coursekit.courses import Course
from coursekit.errors import CourseError, guess
from coursekit.grading.grader_process import tested
from coursekit.grading.judge import exercise_of
from coursekit.grading.one_submission import Grader, Replayed
from coursekit.grading.recorded import (
    graded_students,
    released_sets,
    require_released,
    results_by_student,
    student_among,
)
from coursekit.grading.regrade import exercises_of
from coursekit.grading.results import ExerciseResult, Result
from coursekit.grading.settings import Settings
from coursekit.grading.trials import Decided, Faulty
from coursekit.nbgrader_out.gradebook import Mark
from coursekit.nbgrader_out.seen_answers import CHECK
from coursekit.nbgrader_out.standings import standings

CHANGED = {
    "file": "the file that was handed in is another one",
    "secret": "`secret` is another one, so other inputs are drawn",
}
"""What a result follows from beside the versions, and what is said where it changed."""

UNKNOWN = "what was graded was noted by an earlier version, which did not note what it was made of"


@dataclass(frozen=True)
class Replay:
    """An exercise that was judged again, beside what was graded.

    Attributes
    ----------
    now : ExerciseResult
    decided : Decided or Faulty
        The verdict behind it.
    source : str
        Of the cells that count as the answer.
    untouched : bool
        Whether it is what was given out.
    recorded : Result, optional
        The whole result that stands; None if the submission was not graded yet.
    mark : Mark, optional
        What the gradebook has.
    changes : tuple of str
        What it is made of that is another one than then, a sentence each.
    """

    student: str
    problem_set: str
    now: ExerciseResult
    decided: Decided | Faulty
    source: str
    untouched: bool
    replayed: Replayed
    recorded: Result | None
    mark: Mark | None
    changes: tuple[str, ...]

    @property
    def before(self) -> ExerciseResult | None:
        """The result of the exercise that was recorded."""
        known = self.recorded.exercises if self.recorded else ()
        return next((one for one in known if one.id == self.now.id), None)

    @property
    def same(self) -> bool:
        """Whether points, outcome and words are what was graded."""
        return self.before is not None and told(self.before) == told(self.now)


def told(result: ExerciseResult) -> tuple[object, ...]:
    """What the student got of a result."""
    return result.points, result.max_points, result.outcome, result.misconception, result.message


def replay(course: Course, student: str, exercise: str) -> Replay:
    """Judge an exercise of a student's again.

    Raises
    ------
    CourseError
        If there is no such exercise, no such student, no submission, or a person marks it.
    """
    problem_set = problem_set_of(course, exercise)
    exercise = in_full(problem_set, exercise)
    require_judged(course, problem_set, exercise)
    student = require_student(course, problem_set, student)
    recorded = results_by_student(course, problem_set).get(student)
    with closing(Grader(course, problem_set, tested(course, problem_set, Settings()))) as grader:
        again = grader.replay(student, recorded)
        release = grader.releases[problem_set]
    place = [one.id for one in again.judged.exercises].index(exercise)
    standing = standings(course, problem_set).get(student)
    source = source_of(again.part.notebook, exercise)
    return Replay(
        student,
        problem_set,
        again.judged.exercises[place],
        again.judged.decided[place],
        source,
        source == source_of(release, exercise),
        again,
        recorded,
        standing.marks.get(f"{exercise}{CHECK}") if standing else None,
        tuple(changes(recorded, again)) if recorded else (),
    )


def source_of(notebook: NotebookNode, exercise: str) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if exercise_of(cell) == exercise)


def problem_set_of(course: Course, exercise: str) -> str:
    """The released problem set to which an exercise belongs: it has its name, or the id tells."""
    released = released_sets(course)
    fitting = [name for name in released if exercise.startswith(f"{name}-")]
    if fitting:
        return max(fitting, key=len)
    having = [name for name in released if has_exercise(course, name, exercise)]
    if len(having) == 1:
        return having[0]
    ids = ", ".join(f"{name}-{exercise}" for name in having)
    raise CourseError(
        f"{len(having)} problem sets have an exercise {exercise!r}; write which: {ids}"
        if having
        else f"{exercise!r} is no exercise of a released problem set; expected is its name or its "
        f"id, such as logistic or ps1-logistic. Released are: {', '.join(released) or 'none'}"
    )


def has_exercise(course: Course, problem_set: str, exercise: str) -> bool:
    try:
        return in_full(problem_set, exercise) in exercises_of(course, problem_set)
    except CourseError:  # a release that is not in the gradebook: nobody was graded by it
        return False


def in_full(problem_set: str, exercise: str) -> str:
    return exercise if exercise.startswith(f"{problem_set}-") else f"{problem_set}-{exercise}"


def require_judged(course: Course, problem_set: str, exercise: str) -> None:
    require_released(course, problem_set)
    if not course.has_master(problem_set):
        raise CourseError(
            f"{problem_set} is an ordinary notebook: its own tests give the points, and what they "
            "said stands in the feedback page"
        )
    master = read_problem_set(course, problem_set)
    found = next((one for one in master.questions if one.id == exercise), None)
    if found is None:
        known = [one.id for one in master.questions]
        raise CourseError(
            f"{problem_set} has no exercise {exercise!r}; {guess(exercise, known)}it has: "
            f"{', '.join(known)}"
        )
    if isinstance(found, ManualExercise):
        raise CourseError(
            f"{exercise} is marked by a person, so there is nothing to judge again: mark and "
            "comment stand in formgrader and in the feedback page"
        )


def require_student(course: Course, problem_set: str, student: str) -> str:
    """The identity of a student who handed in."""
    known = graded_students(course, problem_set)
    meant = student_among(course, student, known)
    if meant in known:
        return meant
    raise CourseError(
        f"there is no submission of {student!r} to {problem_set}; {guess(student, known)}"
        f"{len(known)} handed it in"
    )


def changes(recorded: Result, again: Replayed) -> Iterator[str]:
    """What a result is made of that is not what it was, a sentence each."""
    if recorded.made_of is None:
        yield UNKNOWN
    for name, before in (recorded.made_of or {}).items():
        if again.made_of.get(name) != before:
            yield CHANGED[name]
    for name, now in again.versions.items():
        version = (recorded.versions or {}).get(name)
        if version != now:
            yield f"{in_words(name, recorded.problem_set)}: {version}, now {now}"


def in_words(version: str, problem_set: str) -> str:
    names = {"judge": "the code of the judge", problem_set: f"{problem_set} as it is graded"}
    return names.get(version, version)
