"""`course marking`: what is said before formgrader opens, and what is started."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from tests.coursekit.earlier_courses import PACKED, unpack

from coursekit.cli import main
from coursekit.commands import marked
from coursekit.courses import Course


@pytest.fixture
def course(tmp_path, monkeypatch) -> Course:
    monkeypatch.chdir(tmp_path)  # the command goes into the course, and is not followed by another
    unpack(PACKED[-1], tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def started(monkeypatch) -> list:
    """What would take the place of this process."""
    found: list = []

    def execute(program, words):
        found.append((program, words, os.getcwd(), os.environ["PATH"].split(os.pathsep)[0]))

    monkeypatch.setattr(marked.os, "execv", execute)
    return found


def test_who_waits_is_said_and_jupyterlab_starts_in_the_course(course, started, capsys):
    main(["marking", "--course", str(course.root), "--port", "9001", "--no-browser"])
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "mine: 1 of 3 wait for a mark: gus-cell-deleted"
    assert said[1] == "ps1: 0 of 4 wait for a mark"
    ((program, words, folder, first),) = started
    assert program == words[0] == sys.executable
    assert {"--LabApp.default_url=/formgrader", "--ServerApp.port=9001", "--no-browser"} <= {*words}
    assert Path(folder) == course.root
    assert shutil.which("alembic", path=first)


def test_root_is_let_in_and_nobody_else_is_told_to(monkeypatch):
    monkeypatch.setattr(marked.os, "geteuid", lambda: 0)
    assert "--allow-root" in marked.command(None, False)
    monkeypatch.setattr(marked.os, "geteuid", lambda: 1000)
    words = marked.command(None, False)
    assert "--allow-root" not in words
    assert not any("port" in word for word in words)


def test_a_damaged_gradebook_opens_no_page(course, started, capsys):
    course.gradebook.write_bytes(b"no gradebook at all" * 500)
    assert main(["marking", "--course", str(course.root)]) == 2
    assert "put a whole copy of it in its place" in capsys.readouterr().err
    assert not started


@pytest.mark.parametrize("port", ["0", "65536", "x"])
def test_a_port_is_a_port(course, started, port, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["marking", "--port", port, "--course", str(course.root)])
    assert ended.value.code == 2
    assert f"{port}" in capsys.readouterr().err
    assert not started
