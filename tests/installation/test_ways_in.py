"""Ways in beside `make`: the package alone, the grader without a checkout, other machines."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import backprop
from coursekit import __main__ as entry
from coursekit import cli

ROOT = Path(__file__).resolve().parents[2]


DIGESTS = """\
from coursekit.authoring.kept_causes import digest_of
from coursekit.authoring.masters import MASTERS, read_master
from coursekit.authoring.tasks import make_task, public_rng
for exercise in read_master(MASTERS / "ps1.md").exercises:
    causes = make_task(exercise, public_rng("a seed"), public=True).causes
    print(exercise.id, causes and digest_of(causes))
"""
"""A program that prints under which names the causes of an exercise are kept."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The project as `pip install .` unpacks it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    (packed,) = folder.glob("*.whl")
    zipfile.ZipFile(packed).extractall(folder / "installed")
    return folder / "installed"


def python(wheel: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess:
    """Run the interpreter with the wheel before all else, outside of the checkout."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=os.environ | {"PYTHONPATH": str(wheel)},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def files_in(folder: Path) -> set[str]:
    """The files below a folder that somebody wrote."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*.*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_all_that_the_packages_read(wheel):
    assert files_in(wheel / "coursekit" / "problem_sets") == files_in(
        ROOT / "autograder" / "problem_sets"
    )
    assert (wheel / "coursekit" / "nbgrader_config.py").is_file()
    assert (wheel / "backprop" / "data" / "digits.npz").is_file()
    assert (wheel / "backprop" / "py.typed").is_file()


def test_the_grader_works_without_a_checkout(wheel, tmp_path):
    done = python(wheel, "-m", "coursekit", "demo", "demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^\[.*\] ada-right +(\S+) of \1$", done.stdout, re.M)
    assert "8 graded" in done.stdout
    where = python(wheel, "-c", "import coursekit; print(coursekit.__file__)", cwd=tmp_path)
    assert where.stdout.startswith(str(wheel))


def test_what_was_found_in_a_checkout_is_known_where_it_is_installed(wheel, tmp_path):
    here, there = (
        subprocess.run([sys.executable, "-c", DIGESTS], cwd=tmp_path, capture_output=True,
                       encoding="utf-8", check=True, env=os.environ | more).stdout
        for more in ({}, {"PYTHONPATH": str(wheel)})
    )  # fmt: skip
    assert len(here.splitlines()) > 10
    assert here == there


def test_an_exercise_can_be_verified_where_there_is_no_book(wheel, tmp_path):
    done = python(wheel, "-m", "coursekit", "verify", "ps0", "--seeds", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^ps0-twice: [1-9]\d* misconceptions", done.stdout, re.M)
    begun = python(wheel, "-m", "coursekit", "new-exercise", "ps0", "more", cwd=tmp_path)
    assert begun.returncode == 2
    assert "here is no checkout" in begun.stderr


def test_the_package_alone_needs_numpy_alone(wheel, tmp_path):
    hidden = "import sys; sys.modules.update(matplotlib=None, nbformat=None, jupytext=None);"
    code = "import numpy as np; from backprop.layers import linear_forward as f;"
    code += "print(f(np.eye(2), np.eye(2), np.zeros(2))[0].shape)"
    assert python(wheel, "-c", hidden + code, cwd=tmp_path).stdout == "(2, 2)\n"


def test_without_what_the_grader_needs_the_command_says_so_in_a_sentence(wheel, tmp_path):
    # -S: nothing is installed but what PYTHONPATH shows
    done = python(wheel, "-S", "-m", "coursekit", "demo", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "is not installed" in done.stderr
    assert "'.[grader]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_our_own_is_not_taken_for_a_missing_package(monkeypatch):
    def broken(arguments):
        raise ModuleNotFoundError("No module named 'coursekit.nothing'", name="coursekit.nothing")

    monkeypatch.setattr(cli, "main", broken)
    with pytest.raises(ModuleNotFoundError):
        entry.course(["--version"])


@pytest.mark.parametrize("module", ["coursekit", "coursekit.cli"])
def test_each_module_of_the_command_is_the_command(module, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", module, "--version"], cwd=tmp_path, capture_output=True,
        encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stdout == f"course {backprop.__version__}\n"


@pytest.mark.parametrize("system", ["win32", "darwin"])
@pytest.mark.parametrize("command", [["grade", "ps1"], ["demo", "there"]])
def test_grading_elsewhere_than_on_linux_is_refused_in_a_sentence(
    command, system, monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.chdir(tmp_path)
    assert cli.main(command) == 2
    assert "grading needs Linux" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


BLOCKED = """
import asyncio, os, shutil, subprocess, sys, tempfile  # the library's own use of what is taken away
import jupytext, nbformat
sys.modules.update(dict.fromkeys(("fcntl", "pwd", "grp", "resource", "termios")))
for name in ("fork", "getuid", "geteuid", "sched_getaffinity", "pidfd_open", "chown"):
    delattr(os, name)
from coursekit.__main__ import course
import coursekit.cli
sys.platform = "win32"
sys.exit(course(sys.argv[1:]))
"""


def test_windows_gets_its_course_directory_and_sentences(tmp_path):
    """As far as it can be tried here: what only Unix has is taken away."""

    def course(*arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-c", BLOCKED, *arguments], cwd=tmp_path, capture_output=True,
            encoding="utf-8", check=False,
        )  # fmt: skip

    assert course("--help").returncode == 0
    assert course("init", "mine").returncode == 0
    refused = course("grade", "ps1", "--course", "mine")
    assert refused.returncode == 2
    assert "grading needs Linux" in refused.stderr


def test_an_installed_checkout_copies_nothing(tmp_path):
    """A copy would age, and student code could read it beside the libraries."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--target", str(tmp_path), "--editable", str(ROOT)]
    subprocess.run(command, check=True)
    left = {path.name for path in tmp_path.iterdir() if not path.name.endswith(".dist-info")}
    assert left <= {"_backprop_book.pth", "bin"}
