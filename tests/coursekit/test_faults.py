"""What is nobody's fault is a sentence that says what to do, and a status; nothing is lost."""

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import InvalidEntry
from sqlalchemy.exc import OperationalError
from tests.coursekit.earlier_courses import PACKED, unpack
from tornado.log import app_log

from coursekit import __main__ as program
from coursekit.cli import main
from coursekit.courses import Course, init_course
from coursekit.errors import ADVICE, CourseError, in_words
from coursekit.grading import class_run, grader_process
from coursekit.grading.executors import LocalProcesses
from coursekit.grading.settings import Settings
from coursekit.nbgrader_out.gradebook import writing
from coursekit.nbgrader_out.gradebook_faults import gradebook_faults, said


@pytest.fixture
def course(tmp_path) -> Course:
    unpack(PACKED[-1], tmp_path / "course")
    return Course(tmp_path / "course")


def sentence(capsys) -> str:
    """What was said on stderr: a few words, and no trace of Python."""
    words = capsys.readouterr().err
    for trace in ("Traceback", "Error(", "sqlalchemy", "[SQL", ".py"):
        assert trace not in words
    return words


@pytest.mark.parametrize("number", ADVICE)
def test_an_error_of_the_system_says_what_to_do(number):
    words = in_words(OSError(number, os.strerror(number), "/course/secret"))
    assert words == f"/course/secret: {os.strerror(number)}: {ADVICE[number]}"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOENT, "No such file or directory", "a"), "a: No such file or directory"),
        (OSError(errno.ENOSPC, None), f"No space left on device: {ADVICE[errno.ENOSPC]}"),
        (OSError("odd"), "OSError: odd"),
        (
            shutil.Error([("a", "b", "[Errno 28] No space left on device: 'a' -> 'b'"), ("c",)]),
            f"b: No space left on device: {ADVICE[errno.ENOSPC]}",
        ),
        (shutil.Error([("a", "b", "it is odd")]), "OSError: b: it is odd"),
        (shutil.Error("a and b are the same"), "Error: a and b are the same"),
        (EOFError(), "EOFError"),
        (MemoryError(), ADVICE[errno.ENOMEM]),
        (CourseError("do this"), "do this"),
        (ValueError("odd"), "ValueError: odd"),
    ],
)
def test_any_error_has_words(error, words):
    assert in_words(error) == words


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("file is not a database", "put a whole copy"),
        ("database disk image is malformed", "put a whole copy"),
        ("database or disk is full", "make room"),
        ("disk I/O error", "make room"),
        ("attempt to write a readonly database", "let this user write"),
        ("unable to open database file", "let this user write"),
        ("database is locked", "close that"),
        ("something new", "see that it is whole"),
    ],
)
def test_what_a_database_says_comes_with_advice_and_without_the_question(words, advice):
    found = said(OperationalError("SELECT 1", {}, sqlite3.OperationalError(words)))
    assert found.startswith(f"{words}: ")
    assert advice in found
    assert "SELECT" not in found


@pytest.mark.parametrize(
    "damage", [b"no gradebook at all" * 500, b"SQLite format 3\0" + b"?" * 5000]
)
@pytest.mark.parametrize("command", ["grade", "release"])
def test_a_damaged_gradebook_stops_a_command_with_a_sentence(
    course, damage, command, capsys, monkeypatch
):
    monkeypatch.setattr(class_run, "tested", lambda course, problem_set, settings: settings)
    course.gradebook.write_bytes(damage)
    assert main([command, "mine", "--course", str(course.root)]) == 2
    words = sentence(capsys)
    assert str(course.gradebook) in words
    assert "put a whole copy of it in its place" in words
    assert course.gradebook.read_bytes() == damage


def test_a_gradebook_that_was_deleted_is_said_before_anybody_is_graded_and_made_again(
    course, capsys, monkeypatch
):
    monkeypatch.setattr(class_run, "tested", lambda course, problem_set, settings: settings)
    course.gradebook.unlink()
    assert main(["grade", "mine", "--course", str(course.root)]) == 2
    assert "`course release mine` puts it there" in sentence(capsys)
    assert main(["release", "mine", "--course", str(course.root)]) == 0
    with writing(course, "mine") as gradebook:
        assert gradebook.gradebook.find_assignment("mine")


def test_what_nbgrader_makes_of_an_error_of_the_database_is_said_without_the_question(
    course, caplog
):
    def refuse():
        app_log.error("[SQL: SELECT 1]")
        try:
            raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("disk is full"))
        except OperationalError as error:
            raise InvalidEntry(*error.args)  # noqa: B904 - as nbgrader does

    with pytest.raises(CourseError) as raised, gradebook_faults(course):
        refuse()
    assert "make room" in str(raised.value)
    assert "SELECT" not in str(raised.value)
    assert "SELECT" not in caplog.text
    assert not app_log.disabled


def test_a_gradebook_that_breaks_in_the_middle_is_said_for_each_student(course):
    with writing(course, "mine") as gradebook:
        gradebook.gradebook.db.connection().connection.execute("PRAGMA query_only = ON")
        with pytest.raises(CourseError, match="readonly database: let this user write"):
            gradebook.write("ada-right", {})


def test_a_folder_that_cannot_be_made_is_said(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["init", str(tmp_path / "file" / "course")]) == 2
    assert sentence(capsys).startswith("course init: ")


def test_a_folder_that_is_closed_says_what_to_do(tmp_path, capsys, monkeypatch):
    course = init_course(tmp_path / "course")

    def closed(*_, **__):
        raise PermissionError(errno.EROFS, os.strerror(errno.EROFS), str(course.root))

    monkeypatch.setattr(Path, "mkdir", closed)
    assert main(["render", "ps1", "--course", str(course.root)]) == 2
    assert ADVICE[errno.EROFS] in sentence(capsys)


class FullDisk:
    """In the place of a grader."""

    def grade(self, student):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/course/.results/x.json")

    recall = grade

    def failed(self, student, fault):
        return fault


def test_a_full_disk_is_said_beside_the_student_and_is_no_grade(monkeypatch):
    monkeypatch.setattr(grader_process, "_held", FullDisk())
    assert grader_process.recall_student("ann") is None
    assert grader_process.grade_student("ann") == (
        f"/course/.results/x.json: No space left on device: {ADVICE[errno.ENOSPC]}"
    )


def test_what_keeps_every_process_from_grading_is_said_once(course):
    (course.release("mine") / "mine.ipynb").write_text("{", encoding="utf-8")
    (course.root / "secret").chmod(0o600)
    with (
        closing(LocalProcesses(course, "mine", Settings(1, "none"), 1)) as processes,
        pytest.raises(CourseError),
    ):
        processes.result(grader_process.recall_student, "ada-right")


def test_an_interrupt_ends_with_a_sentence_and_the_status_of_shells(tmp_path, capsys, monkeypatch):
    def interrupted(folder):
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("coursekit.commands.releasing.init_course", interrupted)
    try:
        assert program.course(["init", str(tmp_path / "course")]) == 130
    finally:
        signal.signal(signal.SIGINT, before)
    assert "What is done is kept; run it again" in sentence(capsys)


@pytest.mark.slow
@pytest.mark.tier("auto")
def test_a_class_run_that_is_interrupted_ends_quietly_and_goes_on(course):
    command = [sys.executable, "-m", "coursekit", "grade", "mine", "--course", str(course.root)]
    running = subprocess.Popen(
        [*command, "--jobs", "2"], start_new_session=True, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    first = running.stdout.readline()
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does, to all processes of the command
    _, words = running.communicate()
    assert first.startswith("[1/")
    assert "Traceback" not in words
    assert running.returncode in (130, 0)  # it may have been done
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_who_reads_the_output_may_go(tmp_path):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "coursekit", "init", str(tmp_path / "course")], stdout=write,
        stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")
