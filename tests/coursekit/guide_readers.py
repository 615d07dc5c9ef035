"""Readers of the guide, each with what its pages take for granted."""

import copy
import os
import shutil
import subprocess
from pathlib import Path

import nbformat
import nbgrader
from tests.coursekit.guide_pages import ROOT, Reader
from tests.coursekit.lms_archives import CANVAS_ROSTER, pack
from tests.coursekit.own_sets import NAME

from coursekit.authoring.new_exercise import new_exercise
from coursekit.authoring.release import read_problem_set
from coursekit.cli import main
from coursekit.courses import Course
from coursekit.demo.sample_class import hand_in, sample_submissions

GUIDE = ROOT / "book" / "teaching"
RIGHT = "def row_means(X):\n    return X.mean(axis=1)"
WRONG = "def row_means(X):\n    return X.mean(axis=0)"
LOG = """\
{"time": "2026-11-27T09:12:40Z", "exercise": "ps1-mean-cost", "asked": "check", "verdict": "value",\
 "diagnosis": ["message 3f0c5b1a9e77"]}
{"time": "2026-11-27T09:13:40Z", "exercise": "ps1-mean-cost", "asked": "check",\
 "verdict": "passed", "diagnosis": []}
"""


def begin_ps1(course: Course) -> None:
    """A small ps1 of the course's own, in the place of the one that is shipped."""
    new_exercise(course.root / "exercises", "ps1", NAME, 10.0)
    assert main(["verify", "ps1", "--course", str(course.root)]) == 0


def class_zip(course: Course, path: Path) -> None:
    """What Canvas exports: two are right, and one is wrong."""
    release = nbformat.read(course.release("ps1") / "ps1.ipynb", as_version=4)
    names = {
        "doejane_1234_771_ps1-1.ipynb": WRONG,
        "oneilannsmith_LATE_1235_772_ps1.ipynb": RIGHT,
        "muñozjosé_1236_773_ps1.ipynb": RIGHT,
    }
    files = {name: nbformat.writes(answered(release, answer)) for name, answer in names.items()}
    pack(path, {**files, "muñozjosé_1236_774_notes.txt": "of mine"})


def answered(release: nbformat.NotebookNode, answer: str) -> nbformat.NotebookNode:
    notebook = copy.deepcopy(release)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answer
    return notebook


class Term(Reader):
    """A reader who has the lists of a platform, and whose class hands in at the right time."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        for name in ("students.csv", "gradebook.csv"):
            (home / name).write_text(CANVAS_ROSTER, encoding="utf-8")

    def run(self, line: str) -> tuple[int, str]:
        course = Course(self.place)
        if line == "course release ps1":
            begin_ps1(course)
        if line.startswith("course collect") and not (self.home / "class.zip").exists():
            class_zip(course, self.home / "class.zip")
        return super().run(line)


class InCourse(Reader):
    """A reader whose page begins in a course directory."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.run("course init ~/backprop-2027")
        self.run("cd ~/backprop-2027")


class Week(Term, InCourse):
    """A reader who has set the course up."""


class Author(InCourse):
    """A reader who changes the example into the exercise that the page shows."""

    def run(self, line: str) -> tuple[int, str]:
        if line == "course verify mine leaky":
            shown = GUIDE / "own_exercise"
            shutil.copytree(shown, self.place / "exercises", dirs_exist_ok=True)
        return super().run(line)


class Beginner(Reader):
    """A reader to whom the sample class hands in."""

    def run(self, line: str) -> tuple[int, str]:
        if line == "course grade ps1":
            course = Course(self.place)
            given = nbformat.read(course.release("ps1") / "ps1.ipynb", as_version=4)
            submissions = sample_submissions(read_problem_set(course, "ps1"), given)
            hand_in(course, "ps1", submissions)
        return super().run(line)


class Desk(Reader):
    """A reader of the demo, one of whose students keeps a log, and whose platform made a zip."""

    def run(self, line: str) -> tuple[int, str]:
        submitted = self.place / "submitted"
        if line.startswith("course messages"):
            log = submitted / "ada-right" / "ps1" / "ps1_attempts.jsonl"
            log.write_text(LOG, encoding="utf-8")
        if line.startswith("course feedback"):
            found = sorted(submitted.glob("*/ps1/ps1.ipynb"))
            names = [f"{path.parents[1].name}_{n}_{n}_ps1.ipynb" for n, path in enumerate(found)]
            texts = [path.read_text(encoding="utf-8") for path in found]
            pack(self.home / "class.zip", dict(zip(names, texts, strict=True)))
        return super().run(line)


class Mover(Reader):
    """A reader who has a course of nbgrader's, with two students who were graded."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        old = home / "old"
        manual = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
        shutil.copytree(manual / "source" / "ps1", old / "source" / "lab1")
        (old / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
        self.nbgrader(old, "generate_assignment", "lab1")
        for student, folder in (("ann", "release"), ("ben", "source")):
            shutil.copytree(old / folder / "lab1", old / "submitted" / student / "lab1")
        self.nbgrader(old, "autograde", "lab1")

    def nbgrader(self, place: Path, *words: str) -> None:
        subprocess.run(
            ["nbgrader", *words], cwd=place, env=os.environ | self.environment, check=True,
            capture_output=True,
        )  # fmt: skip
