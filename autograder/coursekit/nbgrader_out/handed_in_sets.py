"""What the gradebook keeps of a problem set: the cells that were released, and who handed in."""

from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.api import MissingEntry

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.names import shown
from coursekit.nbgrader_out.converters import open_gradebook

MAX_NAMED = 10
"""Students that are named one by one."""


@dataclass(frozen=True)
class InGradebook:
    """A problem set as the gradebook has it.

    Attributes
    ----------
    students : tuple of str
        Who has a submission.
    cells : frozenset of str
        Identities of the cells of its notebook.
    """

    students: tuple[str, ...] = ()
    cells: frozenset[str] = frozenset()

    def in_words(self) -> str:
        """Who handed in."""
        names = ", ".join(map(shown, self.students[:MAX_NAMED]))
        more = len(self.students) - MAX_NAMED
        return f"{len(self.students)} ({names}{f' and {more} more' if more > 0 else ''})"


def in_gradebook(course: Course, problem_set: str) -> InGradebook:
    with open_gradebook(course) as gradebook:
        try:
            cells = gradebook.find_notebook(problem_set, problem_set).source_cells
        except MissingEntry:
            return InGradebook()
        students = sorted(s.student.id for s in gradebook.assignment_submissions(problem_set))
        return InGradebook(tuple(students), frozenset(cell.name for cell in cells))


def require_same_cells(known: InGradebook, problem_set: str, rendered: NotebookNode) -> None:
    """Refuse to release other exercises than those for which there are grades.

    Raises
    ------
    CourseError
        With what is different, whose grades it is about, and what can be done.
    """
    marks = (cell.metadata.get("nbgrader", {}).get("grade_id") for cell in rendered.cells)
    now = frozenset(filter(None, marks))
    if not known.students or now == known.cells:
        return
    different = [
        f"{', '.join(exercises(names))} {verb}"
        for names, verb in ((now - known.cells, "new"), (known.cells - now, "gone"))
        if names
    ]
    raise CourseError(
        f"{problem_set} was handed in by {known.in_words()}, and its exercises are others now: "
        f"{'; '.join(different)}. nbgrader keeps grades for the cells that were released, so "
        "nothing was released, and all that was released and graded is as it was. Take the change "
        f"back; or give the new version another name, for example {problem_set}-2, and release "
        "that; or, if these grades may be lost, with what was marked by hand, "
        f"`nbgrader db assignment remove {problem_set} --force` and release it again"
    )


def exercises(names: frozenset[str]) -> list[str]:
    """The exercises of some cells: an answer and its check are one."""
    return sorted({name.removesuffix("-check") for name in names})
