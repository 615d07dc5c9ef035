"""Hand-ins of another problem set: an archive that was taken for another one.

Whoever collects the wrong archive replaces what a class handed in. So each file is asked what it
is of before anything is moved: by the identities of cells, which stand in a file as text, or else
by its name. Nothing is taken apart for that: what a file may do to its reader is grading's to bear.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

from coursekit.collecting.archives import Member, NotReadError
from coursekit.collecting.placing import Attempt
from coursekit.collecting.storing import as_asked, notebooks_of
from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.submissions.answers import marks_of_path

NO_SET = "no set of this course"
"""Of what a notebook is that has neither the name nor a cell of any."""
READ, NAMED = (".ipynb", ".py"), (".ipynb", ".py", ".zip")
"""Endings of files that are looked into, and of those whose names say of which set they are."""


class Sets:
    """What tells the problem sets of a course apart.

    Parameters
    ----------
    course : Course
    problem_set : str
        The one that is collected.
    """

    def __init__(self, course: Course, problem_set: str) -> None:
        self.problem_set = problem_set
        released = sorted(course.root.glob("release/*/*.ipynb"))
        masters = (path.stem for folder in course.masters for path in folder.glob("*.md"))
        begun = {*masters} - {path.parent.name for path in released}
        self.names = {name: name for name in begun}
        self.names |= {path.stem: path.parent.name for path in released}
        self.names |= dict.fromkeys(notebooks_of(course, problem_set), problem_set)
        self.marks: list[tuple[str, list[bytes]]] = []
        functions: list[bytes] = []
        for path in released:
            marks, name = marks_of_path(path), path.parent.name
            written = [f'"{identity}"'.encode() for identity in sorted(marks.ids)]
            self.marks.insert(0 if name == problem_set else len(self.marks), (name, written))
            if name == problem_set:
                functions += [f"def {function}(".encode() for function in sorted(marks.functions)]
        self.marks += [(name, [f'"{name}-'.encode()]) for name in sorted(begun, key=len)[::-1]]
        self.has_marks = bool(functions)
        self.marks.append((problem_set, functions))  # of a file that has lost the identities

    def of_attempt(self, attempt: Attempt) -> str:
        """The other set of which an attempt is; nothing where some of it may be of this one."""
        names = [part.piece.file for part in attempt.parts]
        found = {
            self.of_file(part.member, PurePath(self.as_asked(name, names)))
            for part, name in zip(attempt.parts, names, strict=True)
        } - {""}
        if self.problem_set in found:
            return ""
        return max(found - {NO_SET}, default="") or max(found, default="")

    def as_asked(self, name: tuple[str, ...], names: Sequence[tuple[str, ...]]) -> str:
        """The name of a file without the number that a platform puts behind one that is known."""
        if PurePath(name[-1]).stem in self.names:
            return name[-1]
        return as_asked(name, names, frozenset(self.names))[-1]

    def of_file(self, member: Member, name: PurePath) -> str:
        """The set of which a file is; nothing where neither its cells nor its name tell."""
        ending = name.suffix.lower()
        by_name = self.names.get(name.stem, "") if ending in NAMED else ""
        try:
            content = member.read() if ending in READ else b""
        except NotReadError:
            return by_name  # why it is not read is said where it is placed
        is_other = self.has_marks and ending == ".ipynb" and b'"cells"' in content
        return self.of_content(content) or by_name or (NO_SET if is_other else "")

    def of_content(self, content: bytes) -> str:
        """The set whose cells a file has."""
        found = (name for name, marks in self.marks if any(mark in content for mark in marks))
        return next(found, "")


def strays(
    course: Course, problem_set: str, attempts: Mapping[str, Sequence[Attempt]]
) -> dict[str, str]:
    """Students whose last attempt is of another problem set, and of which."""
    sets = Sets(course, problem_set)
    found = {student: sets.of_attempt(several[-1]) for student, several in attempts.items()}
    return {student: other for student, other in sorted(found.items()) if other}


def require_right_archive(
    problem_set: str, archive: Path, stray: Mapping[str, str], students: int
) -> None:
    """Refuse an archive most of whose hand-ins are of another problem set.

    Raises
    ------
    CourseError
    """
    if 2 * len(stray) <= students:
        return
    of = Counter(stray.values()).most_common()
    meant = "".join(f", `course collect {name} {archive.name}`" for name, _ in of if name != NO_SET)
    raise CourseError(
        f"{archive.name} is not what was handed in for {problem_set}, by the cells or the names of "
        f"its files: of {students} students {' and '.join(f'{n} have {one}' for one, n in of)}. "
        f"Nothing was collected. If the archive is another set's, say so{meant}; if they did hand "
        f"this in for {problem_set}, add --anyway"
    )
