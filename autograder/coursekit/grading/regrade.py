"""One exercise judged again for a class: all others keep what they have, and nobody loses points.

The notebook that was graded and the one that is judged now differ in one exercise only when they
are written: its cells come from the new one, unless that has fewer points.
"""

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils

from coursekit.courses import Course
from coursekit.errors import CourseError, guess
from coursekit.grading.ordinary import released_notebooks
from coursekit.grading.results import Result, json_text, write_atomically
from coursekit.names import fault_of_name
from coursekit.nbgrader_out.gradebook import GradebookWriter, read_graded
from coursekit.nbgrader_out.seen_answers import CHECK

KEPT = "{}: {:g} points come out now; the {:g} of before stay"
BY_HAND = "{}: the {:g} points that a person gave stay"
OTHER = "handed in something else since it was graded: `course grade` grades that"
Notebooks = dict[str, NotebookNode]


class Regrade:
    """What a regrade changes in a notebook, and what stays.

    Parameters
    ----------
    course : Course
    problem_set : str
    exercise : str
        Its id, or the name behind that of the problem set.
    may_lower : bool

    Attributes
    ----------
    changed : dict
        Points before and now, by student, where they differ.
    notes : dict
        What the instructor should know, by student.

    Raises
    ------
    CourseError
        If there is no such exercise.
    """

    def __init__(self, course: Course, problem_set: str, exercise: str, may_lower: bool) -> None:
        self.course, self.problem_set, self.may_lower = course, problem_set, may_lower
        self.exercise = known_exercise(course, problem_set, exercise)
        self.folder = kept_for_regrade(course, problem_set) / self.exercise
        self.changed: dict[str, tuple[float, float]] = {}
        self.notes: dict[str, str] = {}

    def students(self) -> list[str]:
        """Who was graded, and has handed in still."""
        there = self.course.students(self.problem_set)
        graded = [self.course.autograded(name, self.problem_set) for name in there]
        pairs = zip(there, graded, strict=True)
        return [name for name, path in pairs if path.parent.is_dir() and not fault_of_name(name)]

    @contextmanager
    def beginning(self) -> Iterator[None]:
        """Keep what was graded until all of it is written; a stopped regrade finds it again."""
        for student in self.students():
            kept = self.folder / student
            if not kept.is_dir():
                new = self.folder / f".new-{student}"
                shutil.rmtree(new, ignore_errors=True)
                shutil.copytree(self.course.autograded(student, self.problem_set).parent, new)
                new.rename(kept)
        yield
        shutil.rmtree(self.folder.parent)

    def change(self, result: Result, now: Notebooks, gradebook: GradebookWriter) -> Notebooks:
        """The notebooks that are written: those of before, with the exercise judged again."""
        student, written = result.student, {}
        for name, notebook in now.items():
            path = self.folder / student / f"{name}.ipynb"
            if path.is_file():
                before = read_graded(path.read_text(encoding="utf-8"))
                written[name] = self._merged(student, before, notebook, gradebook)
            else:
                written[name] = notebook
        for name, notebook in written.items():
            place = self.course.autograded(student, self.problem_set).with_name(f"{name}.ipynb")
            write_atomically(place, json_text(notebook) + "\n")
        return written

    def _merged(
        self, student: str, before: NotebookNode, now: NotebookNode, gradebook: GradebookWriter
    ) -> NotebookNode:
        if answers(before) != answers(now):
            self.notes[student] = OTHER
            return before
        old, new = self._points(before), self._points(now)
        if old is None or new is None:
            return before  # marked by hand, or not of this notebook
        # what a grading in between left in the notebook is less than the student was told
        old = max(old, gradebook.kept_points(student, self.exercise, before))
        stays = new < old and not self.may_lower
        given = gradebook.by_hand(student, self.exercise)
        if given is not None:
            self.notes[student] = BY_HAND.format(self.exercise, given)
        elif stays:
            self.notes[student] = KEPT.format(self.exercise, new, old)
        elif new != old:
            self.changed[student] = (old, new)
        gradebook.keep_points(student, self.exercise, before, old if stays else None)
        if stays:
            return before
        judged = {grade_id(cell): cell for cell in now.cells if self._is_of(cell)}
        merged = copy.deepcopy(before)
        merged.cells = [judged.get(grade_id(cell), cell) for cell in merged.cells]
        return merged

    def _is_of(self, cell: NotebookNode) -> bool:
        return grade_id(cell) in (self.exercise, f"{self.exercise}{CHECK}")

    def _points(self, notebook: NotebookNode) -> float | None:
        """The points of the exercise; None where no judge gives them."""
        for cell in notebook.cells:
            if self._is_of(cell) and utils.is_grade(cell):
                points: float | None = utils.determine_grade(cell)[0]
                return points
        return None


def kept_for_regrade(course: Course, problem_set: str) -> Path:
    """Where lies, as long as a regrade runs, what was graded before."""
    return course.root / ".results" / f"regrade-{problem_set}"


def grade_id(cell: NotebookNode) -> str | None:
    name: str | None = cell.metadata.get("nbgrader", {}).get("grade_id")
    return name


def answers(notebook: NotebookNode) -> list[tuple[str | None, str]]:
    """What the student wrote."""
    return [(grade_id(cell), cell.source) for cell in notebook.cells if utils.is_solution(cell)]


def exercises_of(course: Course, problem_set: str) -> list[str]:
    """The ids of the exercises of a release, in their order."""
    releases = released_notebooks(course, problem_set)
    graded = [cell for one in releases.values() for cell in one.cells if utils.is_grade(cell)]
    return list(dict.fromkeys((grade_id(cell) or "").removesuffix(CHECK) for cell in graded))


def known_exercise(course: Course, problem_set: str, exercise: str) -> str:
    """The id of an exercise of a release."""
    known = exercises_of(course, problem_set)
    meant = (exercise, f"{problem_set}-{exercise}")
    for name in meant:
        if name in known:
            return name
    question = next(filter(None, (guess(name, known) for name in meant)), "")
    raise CourseError(
        f"{problem_set} has no exercise {exercise!r}; {question}there are: {', '.join(known)}"
    )
