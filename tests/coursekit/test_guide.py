"""The guide is right: every command of these pages runs, and prints what they show."""

import importlib.util
import re
import shlex
import stat
import sys
import warnings
from pathlib import Path

import pytest
from tests.coursekit.guide_pages import ACTIVATE, ROOT, Command, File, Reader, steps_of
from tests.coursekit.guide_readers import (
    GUIDE,
    Author,
    Beginner,
    Desk,
    InCourse,
    Mover,
    Term,
    Week,
)

from coursekit import cli
from coursekit.courses import README, Course

READINGS: dict[str, tuple[type[Reader], tuple[str, ...]]] = {
    "a term": (Term, ("setting_up", "collecting", "policies", "exports", "student_data")),
    "a week": (Week, ("week",)),
    "the desk": (
        Desk,
        ("class_report", "appeals", "exams", "gradescope", "attempts", "checked_exercises"),
    ),
    "the first quarter of an hour": (Beginner, ("index",)),
    "an exercise of one's own": (Author, ("own_exercise",)),
    "a machine": (InCourse, ("installing",)),
    "an nbgrader course": (Mover, ("migrating",)),
}
"""Who reads which pages, in which order."""
WRITTEN = {path.relative_to(GUIDE).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
           for path in sorted(GUIDE.rglob("*.md")) if "own_exercise/" not in str(path)}  # fmt: skip
READ = [name for _, names in READINGS.values() for name in names]


@pytest.mark.tier("auto")
@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
def test_what_pages_show_comes_out(reading, tmp_path):
    reader_of, names = READINGS[reading]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = reader_of(tmp_path)
        wrong = [
            f"{name}.md: {text}" for name in names for text in reader.read(GUIDE / f"{name}.md")
        ]
    assert not wrong, "\n".join(wrong)
    if reading == "a term":
        left = [path for path in reader.place.rglob("*") if path.name == "jdoe"]
        assert left == []
        assert stat.S_IMODE((tmp_path / "backprop-2027.tgz").stat().st_mode) == 0o600
        page = Course(reader.place).feedback("asmith", "ps1").read_text(encoding="utf-8")
        shown = re.search(r"\*(Due: .+?)\*", WRITTEN["policies"])[1]
        assert all(one.strip() in page for one in re.findall(r"[^.]+\.", shown))


def test_every_page_with_commands_has_a_reader():
    assert sorted(READ) == sorted(name for name, text in WRITTEN.items() if "```console" in text)


@pytest.mark.parametrize("name", READ)
def test_every_block_of_commands_is_read(name):
    text = WRITTEN[name]
    steps = steps_of(text)
    assert sum(isinstance(step, Command) for step in steps) == text.count("\n$ ")
    assert sum(isinstance(step, File) for step in steps) == text.count(":caption:")
    assert not re.findall(r"^```console\n(?!\$ )", text, re.MULTILINE)


IN_WORDS = re.compile(r"`(course [^`]+)`")
EVERYWHERE = {**WRITTEN, "README of a course": README} | {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "book/using.md")
}


def refused(line: str) -> bool:
    """Whether the command line refuses what stands in a sentence; a command alone is only named."""
    words = shlex.split(line)[1:]
    try:
        cli.parser().parse_args([*words, "--help"] if len(words) == 1 else words)
    except SystemExit as stopped:
        return bool(stopped.code)
    return False


@pytest.mark.parametrize("name", EVERYWHERE)
def test_what_a_sentence_says_can_be_typed_can(name, capsys):
    assert [line for line in IN_WORDS.findall(EVERYWHERE[name]) if refused(line)] == []


def test_a_command_that_cannot_be_typed_is_found(capsys):
    assert not refused("course grade")
    assert not refused("course grade ps1 --jobs 2")
    assert refused("course garde ps1")
    assert refused("course garde")
    assert refused("course grade ps1 --job-count 2")


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


def test_a_target_of_the_makefile_that_is_not_there_is_found(tmp_path):
    reader = Reader(tmp_path)
    assert reader.run("make") == reader.run(ACTIVATE) == (0, "")
    assert reader.run("make grades")[0]


def test_what_is_switched_off_for_students_on_a_hub_is_there():
    page = WRITTEN["installing"]
    (server,) = re.findall(r"server extension disable ([\w.]+)", page)
    (lab,) = re.findall(r"labextension disable ([\w@/:-]+)", page)
    assert importlib.util.find_spec(server)
    scripts = Path(sys.prefix, "share", "jupyter", "labextensions", lab.partition(":")[0])
    assert any(lab in path.read_text(encoding="utf-8") for path in scripts.rglob("*.js"))
