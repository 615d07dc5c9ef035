"""The command line says what it does and what went wrong."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coursekit.authoring.masters import MASTERS, read_master
from coursekit.authoring.tasks import make_task
from coursekit.checks.calling import call
from coursekit.checks.compare import examine
from coursekit.checks.diagnosis import diagnose
from coursekit.cli import main
from coursekit.courses import init_course
from coursekit.errors import CourseError
from coursekit.grading.settings import Settings

COMMANDS = ("init", "doctor", "render", "release", "roster", "collect", "grade", "regrade",
            "marking", "feedback", "report", "explain", "exam", "viva", "export", "gradescope",
            "messages", "verify", "new-exercise", "demo", "demo-term")  # fmt: skip
GUIDE = Path(__file__).resolve().parents[2] / "book" / "teaching" / "own_exercise"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert f"usage: course {command}" in capsys.readouterr().out


def test_the_general_help_shows_an_instructors_way(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    for command in ("course init", "course release ps1", "course grade ps1", "course demo"):
        assert command in out


def test_a_mistake_of_the_user_is_one_line_and_status_2(tmp_path, capsys):
    assert main(["release", "ps1", "--course", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("course release: ")
    assert "Traceback" not in error


def test_an_unknown_problem_set_is_said(tmp_path, capsys):
    course = init_course(tmp_path / "course")
    assert main(["render", "ps77", "--course", str(course.root)]) == 2
    assert "there is no problem set 'ps77'" in capsys.readouterr().err


def test_render_writes_the_instructors_notebook(tmp_path, capsys):
    course = init_course(tmp_path / "course")
    assert main(["render", "ps1", "--course", str(course.root)]) == 0
    master = read_master(MASTERS / "ps1.md")
    told = f"{len(master.exercises)} exercises, {master.points:g} points"
    assert told in capsys.readouterr().out
    assert "### BEGIN SOLUTION" in (course.source("ps1") / "ps1.ipynb").read_text(encoding="utf-8")


def test_grading_before_release_says_what_to_do(tmp_path, capsys):
    course = init_course(tmp_path / "course")
    assert main(["grade", "ps1", "--course", str(course.root)]) == 2
    assert "run `course release ps1` first" in capsys.readouterr().err


def test_the_guides_own_exercise_is_released_and_its_mistake_is_named(tmp_path):
    course = init_course(tmp_path / "course")
    shutil.copytree(GUIDE, course.root / "exercises", dirs_exist_ok=True)
    assert main(["release", "mine", "--course", str(course.root)]) == 0
    notebook = (course.release("mine") / "mine.ipynb").read_text(encoding="utf-8")
    assert "def leaky(z, slope):" in notebook
    assert "np.where" not in notebook
    assert "by_maximum" not in notebook
    exercise = read_master(course.root / "exercises" / "mine.md").exercises[0]
    task = make_task(exercise, np.random.default_rng(1))
    wrong = [call(lambda z, slope: z * slope, task.parameters, c.arguments) for c in task.cases]
    assert diagnose(examine(task, wrong)) == ("slope-everywhere",)


def test_the_guides_own_exercise_is_accepted_without_advice(tmp_path, capsys):
    course = init_course(tmp_path / "course")
    shutil.copytree(GUIDE, course.root / "exercises", dirs_exist_ok=True)
    assert main(["verify", "mine", "--course", str(course.root)]) == 0
    assert "advice" not in capsys.readouterr().out


def test_by_default_it_takes_the_cores_that_it_may_use_not_those_that_there_are(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {1, 3, 5})
    assert Settings().jobs == 4


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"jobs": 0}, "jobs is 0; a number of processes from 1 up is expected"),
        ({"jobs": "2"}, "jobs is '2'; a number"),
        ({"jobs": True}, "jobs is True; a number"),
        (
            {"sandbox": "docker"},
            "sandbox is 'docker'; it must be one of auto, bwrap, landlock, none",
        ),
        ({"limits": {"memory": 1}}, "limits is {'memory': 1}; Limits of the sandbox"),
        ({"scheduler": None}, "scheduler is None; the address that `dask scheduler` prints"),
    ],
)
def test_settings_that_mean_nothing_are_named_in_a_sentence(wrong, words):
    with pytest.raises(CourseError) as raised:
        Settings(**wrong)
    assert str(raised.value).startswith(words)
    assert "\n" not in str(raised.value)


def modules_after(program: str) -> set[str]:
    """What a new interpreter has loaded at the end of a program, which may exit."""
    program = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('\\0', *filter(sys.modules.get, sys.modules), sep='\\n'))\n"
        + program
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8")
    assert "\0" in done.stdout, done.stderr
    return set(done.stdout.rpartition("\0")[2].split())


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_the_help_waits_for_no_library_of_the_grader_and_needs_no_module_of_unix(arguments):
    loaded = modules_after(
        "import sys; sys.modules.update(dict.fromkeys(['pwd', 'fcntl', 'resource']))\n"
        f"from coursekit.__main__ import course; course({arguments})"
    )
    others = {"numpy", "nbformat", "jsonschema", "rfc3987_syntax", "nbgrader", "nbconvert",
              "jupytext", "sqlalchemy", "traitlets"}  # fmt: skip
    assert "coursekit.commands.grading" in loaded
    assert loaded & others == set()
    assert len(loaded) < 2 * len(modules_after("import numpy"))


def test_a_class_run_builds_no_grammar_that_it_does_not_use():
    loaded = modules_after(
        "from coursekit.__main__ import course; course(['grade', 'ps9', '--course', '/nowhere'])"
    )
    assert "nbgrader.api" in loaded
    assert "lark" not in loaded


@pytest.mark.parametrize("words", [[], ["garde", "ps1"]])
def test_a_line_without_a_command_says_where_they_are_listed(words, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    assert "`course --help` says which commands there are" in capsys.readouterr().err
