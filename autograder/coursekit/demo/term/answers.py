"""What each student hands in for a set, and what that must come to, exercise by exercise."""

import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.demo.sample_class import answered, right_answer, source_of_answer
from coursekit.demo.term.people import Student
from coursekit.errors import CourseError

RIGHT, NOTHING = "right", "nothing"
"""What an exercise comes to; in their place the name of a mistake."""

Expected = dict[str, str]
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
LATE = {
    "hours late": timedelta(hours=20),
    "days late": 3 * DAY + SECOND,
    "granted more": timedelta(hours=40),
}
ATTACKS = (
    "import os\n    os._exit(0)",
    "import os\n    os.kill(os.getppid(), 9)",
    "print('score: 100 of 100')\n    raise SystemExit(0)",
    "import shutil\n    for folder in ('/etc', '/home', '/root', '/tmp', '/var', '.'):\n"
    "        shutil.rmtree(folder, ignore_errors=True)",
    "import os\n    raise ValueError(open('/proc/self/environ').read() + str(os.listdir('/')))",
    "return bytearray(10**12)",
)
"""Bodies of functions: they end the grader, forge points, remove, spy, or take all memory."""


@dataclass(frozen=True)
class Attempt:
    """Files that somebody hands in at one time.

    Attributes
    ----------
    came : datetime
    files : dict
        By their names.
    """

    came: datetime
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Work:
    """All that one student hands in for one set.

    Attributes
    ----------
    attempts : tuple of Attempt
        The last one last; none where nothing is handed in.
    expected : dict
        What each exercise must come to.
    known_time : bool
        Whether it can be known when it came.
    with_whom : str
        The account of the one who hands in for both; empty for most.
    """

    attempts: tuple[Attempt, ...]
    expected: Expected = field(default_factory=dict)
    known_time: bool = True
    with_whom: str = ""


class HandIns:
    """Makes the hand-ins of one set.

    Parameters
    ----------
    master : Master
    release : NotebookNode
        What the students were given.
    number : int
        Of the set in the term, from 0.
    in_pairs : bool
        Whether some hand it in together.
    due : datetime
    """

    def __init__(
        self, master: Master, release: NotebookNode, number: int, in_pairs: bool, due: datetime
    ) -> None:
        self.master, self.release, self.number, self.in_pairs = master, release, number, in_pairs
        self.due = due
        self.right = {one.id: right_answer(one) for one in master.exercises}
        self.mistakes = {one.id: mistakes_of(one) for one in master.exercises}

    def of(self, student: Student) -> Work:
        """What a student hands in."""
        name = f"{self.master.id}.ipynb"
        came = self.due + LATE.get(student.kind, -SECOND)
        if student.kind == "excused" and self.number in (1, 2):
            return Work(())
        if student.kind == "partner" and self.in_pairs:
            before = Student(student.number - 1, "right")
            return Work((), self.all_right(), with_whom=before.login)
        if student.kind == "odd files":
            return self.odd(student, came)
        answers, expected = self.answers(student)
        attempts = [Attempt(came, {name: self.notebook(student, answers)})]
        if student.kind == "again":
            attempts.insert(0, Attempt(came - DAY, {name: self.notebook(student, {})}))
        return Work(tuple(attempts), expected)

    def answers(self, student: Student) -> tuple[dict[str, str], Expected]:
        """The answers of a student, and what they come to."""
        answers, expected = dict(self.right), self.all_right()
        if student.kind in ("a mistake", "mistakes"):
            for exercise in self.mistaken(student):
                sources = self.mistakes[exercise.id]
                mistake = list(sources)[student.number % len(sources)]
                answers[exercise.id], expected[exercise.id] = sources[mistake], mistake
        elif student.kind == "half":
            for exercise in self.master.exercises[::2]:
                answers[exercise.id], expected[exercise.id] = "", NOTHING
        elif student.kind == "hostile":
            exercise = self.master.exercises[0]
            body = ATTACKS[(student.number + self.number) % len(ATTACKS)]
            answers[exercise.id] = f"def {exercise.reference.name}(*given):\n    {body}\n"
            expected[exercise.id] = NOTHING
        return answers, expected

    def mistaken(self, student: Student) -> list[PlacedExercise]:
        """The exercises in which a student has a mistake: other ones in each set.

        None in a set of which no mistake can be written down by itself.
        """
        known = [one for one in self.master.exercises if self.mistakes[one.id]]
        if not known:
            return []
        first = (student.number + self.number) % len(known)
        return [known[first], *([known[first - 1]] if student.kind == "mistakes" else [])]

    def odd(self, student: Student, came: datetime) -> Work:
        """Files that are not what was asked for, some of which can be read nevertheless."""
        notebook, name = self.notebook(student, self.right), f"{self.master.id}.ipynb"
        forms: tuple[tuple[str, bytes, bool], ...] = (
            ("my homework.ipynb", notebook, True),
            (f"{self.master.id}.zip", zipped({name: notebook}), True),
            (f"{self.master.id}.ipynb.txt", notebook, True),
            (name, b"I did it on paper.\n", False),
            (name, notebook[: len(notebook) // 2], False),
        )
        called, content, readable = forms[self.number % len(forms)]
        attempts = (Attempt(came, {called: content}),)
        expected = self.all_right() if readable else dict.fromkeys(self.right, NOTHING)
        return Work(attempts, expected, known_time=False)

    def all_right(self) -> Expected:
        return dict.fromkeys(self.right, RIGHT)

    def notebook(self, student: Student, answers: Mapping[str, str]) -> bytes:
        """The release with answers, and with a line that no classmate has."""
        words = {one.id: f"In the words of {student.login}." for one in self.master.manual}
        notebook = answered(self.release, {**words, **answers})
        notebook.cells.append(new_markdown_cell(f"Handed in by {student.email}."))
        text: str = nbformat.writes(notebook)
        return text.encode()


def mistakes_of(exercise: PlacedExercise) -> dict[str, str]:
    """The known mistakes that a student could hand in, with their sources.

    Of numbers of a student's own none is named. Some are written with what students lack, or have
    no name; who makes the same mistake again may have one.
    """
    found: dict[str, str] = {}
    if not exercise.declaration.personal:
        for mistake in exercise.declaration.misconceptions:
            for wrong in (mistake.wrong, *mistake.second):
                with suppress(CourseError):
                    found.setdefault(mistake.id, source_of_answer(exercise, wrong))
    return found


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of some files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return content.getvalue()
