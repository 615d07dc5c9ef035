"""Wrong usage of the desk's commands: a sentence, a status, and nothing is lost."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.coursekit.desk import faults
from tests.coursekit.earlier_courses import PACKED, unpack

from coursekit import course_lock
from coursekit.course_lock import only_one, only_run
from coursekit.courses import Course

ROOT = Path(__file__).resolve().parents[3]
NAMES = list(faults.commands(Path()))
LOCKING = ("roster", "collect", "undo", "regrade")
"""Commands that change hand-ins or the gradebook."""
ON_NO_GRADEBOOK = ("collect", "undo", "exam", "viva", "gradescope")
"""Commands that do not ask the gradebook."""
SILENT = {"explain", "viva"}
"""Commands that write nothing."""
ROOM = "24m"
"""Of the disk that is full: a course has half of that."""
DISK = """
set -e
mount -t tmpfs -o size=$room tmpfs "$disk"
cp -a "$begun/." "$disk"
if [ "$kind" = full ]; then head -c 100M /dev/zero >"$disk/filler" 2>/dev/null || true
else mount -o remount,ro "$disk"; fi
exec "$python" -m tests.coursekit.desk.faults "$disk/course"
"""
TRACES = ("Traceback", "Error(", "Error:", "sqlalchemy", "[SQL", ".py", "Errno")


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Path:
    """A folder with a course that is graded, a list of students, and what a platform exports."""
    folder = tmp_path_factory.mktemp("faults")
    unpack(PACKED[-1], folder / "course")
    (folder / "students.csv").write_text(faults.ROSTER, encoding="utf-8")
    right = folder / "course" / "submitted" / "ada-right" / "ps1" / "ps1.ipynb"
    for student in ("ada-right", "new"):
        (folder / "class" / student).mkdir(parents=True)
        shutil.copy(right, folder / "class" / student / "ps1.ipynb")
    with zipfile.ZipFile(folder / "class.zip", "w") as packed:
        packed.writestr("ada-right/ps1.ipynb", right.read_bytes())
    page = Course(folder / "course").feedback("ada-right", "ps1")
    page.parent.mkdir(parents=True)
    page.write_text("<p>27 of 27</p>", encoding="utf-8")
    return folder


@pytest.fixture
def course(begun, tmp_path) -> Course:
    shutil.copytree(begun, tmp_path / "desk")
    return Course(tmp_path / "desk" / "course")


def typed(name: str, course: Course, *words: str) -> dict:
    before = Path.cwd()
    try:
        return faults.typed([*faults.commands(course.root.parent)[name], *words], course.root)
    finally:
        os.chdir(before)


def is_a_sentence(said: str) -> bool:
    return said.startswith("course ") and not any(trace in said for trace in TRACES)


@pytest.mark.slow
@pytest.mark.tier("auto")
@pytest.mark.parametrize("kind", ["read-only", "full"])
@pytest.mark.skipif(
    bool(os.geteuid()) or not shutil.which("unshare"), reason="needs root to make a disk"
)
def test_a_disk_that_takes_nothing_is_said_and_loses_nothing(begun, tmp_path, kind):
    places = {"begun": str(begun), "disk": str(tmp_path), "python": sys.executable}
    done = subprocess.run(
        ["unshare", "-m", "--propagation", "private", "bash", "-c", DISK],
        env=os.environ | places | {"kind": kind, "room": ROOM},
        cwd=ROOT, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert list(found) == NAMES, done.stderr
    for name, one in found.items():
        assert one["lost"] == [], (name, one)
        if name in SILENT:
            assert one["status"] == 0, (name, one)
        elif (name, kind) != ("undo", "full"):
            assert one["status"] == 2, (name, one)
            assert is_a_sentence(one["said"]), (name, one)
            advice = "nothing can be written there" if kind == "read-only" else "make room"
            assert advice in one["said"], (name, one)
            assert ".tmp" not in one["said"], (name, one)


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_gradebook_is_said_and_left_as_it_is(course, name):
    damage = b"SQLite format 3\0" + b"?" * 5000
    course.gradebook.write_bytes(damage)
    one = typed(name, course)
    assert course.gradebook.read_bytes() == damage
    assert not [path for path in one["lost"] if path != "gradebook.db"]
    if one["status"] == 2 and name not in ("undo",):
        assert is_a_sentence(one["said"])
        assert "put a whole copy of it in its place" in one["said"]
    else:
        assert name in ON_NO_GRADEBOOK, one


@pytest.mark.parametrize("name", LOCKING)
def test_who_changes_a_course_waits_for_another_who_does(course, name, monkeypatch):
    monkeypatch.setattr(course_lock, "LOCK_SECONDS", 0.2)
    with only_run(course):
        one = typed(name, course)
    assert one["status"] == 2
    assert "another class run or collection is on" in one["said"]
    assert is_a_sentence(one["said"])
    assert one["lost"] == []


@pytest.mark.parametrize("name", ["export", "report", "feedback", "exam", "viva", "gradescope"])
def test_who_only_reads_waits_for_nobody(course, name, monkeypatch):
    monkeypatch.setattr(course_lock, "LOCK_SECONDS", 0.2)
    with only_run(course):
        one = typed(name, course)
    assert one["status"] in (0, 1), one
    assert one["lost"] == []


def test_two_exams_are_not_written_at_one_time(course, monkeypatch):
    monkeypatch.setattr(course_lock, "LOCK_SECONDS", 0.2)
    with only_one(course, "exam", "another exam is being written"):
        one = typed("exam", course)
    assert one["status"] == 2
    assert "another exam is being written" in one["said"]


WRONG = {
    "explain who": (["explain", "ada-rihgt", "ps1-logistic"], "is ada-right meant?"),
    "explain what": (["explain", "ada-right", "ps1-logistc"], "is ps1-logistic meant?"),
    "explain set": (["explain", "ada-right", "ps9-logistic"], "Released are: mine, ps1"),
    "viva who": (["viva", "ada-rihgt", "ps1"], "is ada-right meant?"),
    "viva set": (["viva", "ada-right", "ps3"], "ps3 is not released"),
    "exam set": (["exam", "ps9", "--seed", "7"], "there is no problem set 'ps9'"),
    "regrade what": (["regrade", "mine", "leeky"], "is mine-leaky meant?"),
    "regrade set": (["regrade", "ps3", "tape"], "ps3 is not released"),
    "export set": (["export", "ps3"], "nobody has a grade for ps3"),
    "export twice": (["export", "ps1", "ps1"], "names something twice"),
    "export from": (["export", "ps1", "--lms", "canvas", "--from", "nothing.csv"], "nothing.csv"),
    "report set": (["report", "ps3"], "ps3 is not released"),
    "feedback set": (["feedback", "ps3", "class.zip"], "ps3 is not released"),
    "feedback file": (["feedback", "ps1", "nothing.zip"], "nothing.zip"),
    "feedback kind": (["feedback", "ps1", "students.csv"], "students.csv"),
    "collect set": (["collect", "ps3", "class.zip"], "ps3 is not released"),
    "collect file": (["collect", "ps1", "nothing.zip"], "nothing.zip"),
    "collect kind": (["collect", "ps1", "students.csv"], "the zip that the learning platform"),
    "collect times": (
        ["collect", "ps1", "class", "--times", "nothing.csv"],
        "nothing.csv",
    ),
    "undo set": (["collect", "mine", "--undo"], "no collection of mine"),
    "roster file": (["roster", "nothing.csv"], "nothing.csv"),
    "roster kind": (["roster", "class.zip"], "class.zip"),
    "roster column": (["roster", "students.csv", "--id", "Nr"], "has no column 'Nr'"),
    "gradescope set": (["gradescope", "ps3"], "ps3 is not released"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_there_is_named(course, case):
    words, expected = WRONG[case]
    beside = course.root.parent
    files = {path.name for path in beside.iterdir()} | {"nothing.csv", "nothing.zip"}
    words = [str(beside / word) if word in files else word for word in words]
    before = Path.cwd()
    try:
        one = faults.typed(words, course.root)
    finally:
        os.chdir(before)
    assert one["status"] == 2, one
    assert is_a_sentence(one["said"]), one
    assert expected in one["said"]
    assert (one["lost"], one["left"]) == ([], [])


@pytest.mark.parametrize("name", NAMES)
def test_outside_of_a_course_it_is_said_how_to_name_one(begun, tmp_path, name):
    before = Path.cwd()
    try:
        one = faults.typed(faults.commands(begun)[name], tmp_path)
    finally:
        os.chdir(before)
    assert one["status"] == 2
    assert "is not in a course directory" in one["said"]


def test_a_zip_of_pages_that_is_there_stays_where_no_new_one_can_be_written(course, monkeypatch):
    place = course.root / "ps1-feedback.zip"
    place.write_bytes(b"of last week")
    monkeypatch.setattr("coursekit.replacing.os.replace", refuse)
    one = typed("feedback", course)
    assert one["status"] == 2
    assert place.read_bytes() == b"of last week"


def refuse(*_: object) -> None:
    raise OSError(28, os.strerror(28))
