"""How much of a release a file answers, by the rule by which it is graded."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.courses import Course
from coursekit.submissions.cells import read_cells
from coursekit.submissions.rebuild import grade_id_of, rebuild

FUNCTION = re.compile(r"^(?:def|class) (\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Marks:
    """What tells whose a notebook is: the identities of its cells, and the functions in them."""

    ids: frozenset[str]
    functions: frozenset[str]

    def shared_with(self, other: "Marks") -> int:
        """How many identities two have in common; functions count where one has no identities."""
        if self.ids and other.ids:
            return len(self.ids & other.ids)
        return len(self.functions & other.functions)


def marks_of(sources: Iterable[tuple[str | None, str]]) -> Marks:
    """Of cells, each given by its identity and its source."""
    sources = list(sources)
    functions = {name for _, source in sources for name in FUNCTION.findall(source)}
    return Marks(frozenset(name for name, _ in sources if name), frozenset(functions))


def marks_of_release(release: NotebookNode) -> Marks:
    return marks_of((grade_id_of(cell), cell.source) for cell in asked(release))


def marks_of_file(content: bytes) -> Marks | None:
    """None of what cannot be read."""
    try:
        return marks_of((cell.grade_id, cell.source) for cell in read_cells(content))
    except ValueError:
        return None


def asked(release: NotebookNode) -> list[NotebookNode]:
    """The cells that the student was asked to fill in."""
    return [cell for cell in release.cells if cell.metadata.get("nbgrader", {}).get("solution")]


def count_answers(release: NotebookNode, content: bytes, own_cells: str) -> int:
    """How many cells of a release a file answers beyond what was given."""
    given = {grade_id_of(cell): cell.source.strip() for cell in asked(release)}
    rebuilt = asked(rebuild(release, content, own_cells).notebook)
    return sum(cell.source.strip() not in ("", given.get(grade_id_of(cell))) for cell in rebuilt)


def set_of(course: Course, marks: Marks, but: str) -> str:
    """The other problem set whose cells a file has; empty if there is none.

    Those that were released are known by their cells, those that were not by how the identities
    of our exercises begin.
    """
    shared = {name: max(each.shared_with(marks) for each in releases)
              for name, releases in released_marks(course, but).items()}  # fmt: skip
    names = (path.stem for folder in course.masters for path in folder.glob("*.md"))
    for name in {*names} - {*shared, but}:
        shared[name] = sum(grade_id.startswith(f"{name}-") for grade_id in marks.ids)
    best = max(shared, key=lambda name: (shared[name], len(name), name), default="")
    return best if best and shared[best] else ""


def released_marks(course: Course, but: str) -> dict[str, list[Marks]]:
    """Of all notebooks that were released, but those of one problem set, by problem set."""
    found: dict[str, list[Marks]] = {}
    for path in sorted(course.root.glob("release/*/*.ipynb")):
        if path.parent.name != but:
            found.setdefault(path.parent.name, []).append(marks_of_path(path))
    return found


def marks_of_path(path: Path) -> Marks:
    """Of a notebook that was released; none where it is damaged."""
    try:
        return marks_of_release(nbformat.read(path, as_version=4))
    except (OSError, ValueError, nbformat.ValidationError):
        return Marks(frozenset(), frozenset())
