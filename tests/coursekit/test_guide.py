"""The guide is right: every command of these pages runs, and prints what they show."""

import copy
import re
import warnings
from pathlib import Path

import nbformat
import pytest
from tests.coursekit.guide_pages import Command, File, Reader, steps_of
from tests.coursekit.lms_archives import CANVAS_ROSTER, pack
from tests.coursekit.own_sets import NAME

from coursekit.authoring.new_exercise import new_exercise
from coursekit.courses import Course

GUIDE = Path(__file__).resolve().parents[2] / "book" / "teaching"
TERM = ("setting_up", "collecting", "policies", "exports")
"""Pages that one reader reads in this order."""
RIGHT = "def row_means(X):\n    return X.mean(axis=1)"
WRONG = "def row_means(X):\n    return X.mean(axis=0)"


def begin_ps1(course: Course) -> None:
    """A small ps1 of the course's own, in the place of the one that is shipped."""
    new_exercise(course.root / "exercises", "ps1", NAME, 10.0)


def class_zip(course: Course, path: Path) -> None:
    """What Canvas exports: two are right, and one is wrong."""
    release = nbformat.read(course.release("ps1") / "ps1.ipynb", as_version=4)
    names = {
        "doejane_LATE_1234_771_ps1-1.ipynb": WRONG,
        "oneilannsmith_1235_772_ps1.ipynb": RIGHT,
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


@pytest.mark.tier("auto")
@pytest.mark.slow
def test_a_term_by_the_guide(tmp_path):
    reader, wrong = Term(tmp_path), {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in TERM:
            wrong[name] = reader.read(GUIDE / f"{name}.md")
    assert not any(wrong.values()), "\n".join(f"{name}.md: {text}" for name in wrong
                                               for text in wrong[name])  # fmt: skip
    left = [path for path in reader.place.rglob("*") if path.name == "jdoe"]
    assert left == []
    page = Course(reader.place).feedback("asmith", "ps1").read_text(encoding="utf-8")
    shown = re.search(r"\*(Due: .+?)\*", (GUIDE / "policies.md").read_text(encoding="utf-8"))[1]
    for sentence in re.findall(r"[^.]+\.", shown):
        assert sentence.strip() in page


def test_every_block_of_commands_is_read():
    for name in TERM:
        text = (GUIDE / f"{name}.md").read_text(encoding="utf-8")
        steps = steps_of(text)
        assert sum(isinstance(step, Command) for step in steps) == text.count("\n$ ")
        assert sum(isinstance(step, File) for step in steps) == text.count(":caption:")
        assert "```console" in text


def test_a_page_that_shows_what_does_not_come_out_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo a\na\n$ echo b\nc\n```\n", encoding="utf-8")
    (wrong,) = Reader(tmp_path).read(page)
    assert wrong.startswith("$ echo b\nb\n")


def test_files_are_written_and_dots_stand_for_anything(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "```{code-block} text\n:caption: a.txt\nx\ny\n```\n\n"
        "```console\n$ cd ~\n$ head -c 2 a.txt\nx\n$ tar --version\ntar ...\n...\n```\n",
        encoding="utf-8",
    )
    assert Reader(tmp_path).read(page) == []
