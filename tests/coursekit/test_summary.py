"""``summary()`` reads the saved notebook as grading does; a release runs in any code page."""

import json
import os
import subprocess
import sys

import pytest

from coursekit.authoring.bundle import bundle_checks
from coursekit.authoring.masters import find_master, read_master
from coursekit.authoring.tasks import public_tasks
from coursekit.checks.case_file import save_tasks

STUB = "def twice(x):\n    raise NotImplementedError()"
TWICE = "def twice(x):\n    return 2 * x"
GIVEN = "import numpy as np\nfrom checks import check, check_environment, hint, summary"
SAVED = "as it was saved at"


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    (folder / "checks.py").write_text(bundle_checks(), encoding="utf-8")
    save_tasks(folder / "ps0_cases.npz", public_tasks(read_master(find_master("ps0"))))
    return folder


@pytest.fixture
def folder(release, tmp_path):
    for file in release.iterdir():
        os.link(file, tmp_path / file.name)
    return tmp_path


def save(folder, *cells, name="ps0"):
    """Save a notebook; a cell is its source, or the name of an exercise and its source."""
    made = [
        {
            "cell_type": "code",
            "metadata": {} if isinstance(cell, str) else {"nbgrader": {"grade_id": cell[0]}},
            "source": (cell if isinstance(cell, str) else cell[1]).splitlines(keepends=True),
        }
        for cell in cells
    ]
    text = json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False)
    (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")


def summary(folder, here="", **environment) -> str:
    """What it says in a program that has defined something itself."""
    program = f"import sys; sys.path.insert(0, '.')\n{GIVEN}\n{here}\nsummary()"
    (folder / "program.py").write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def line_of(said: str, name: str) -> str:
    return next(line for line in said.splitlines() if line.startswith(f"{name} "))


def test_what_is_saved_counts_though_nothing_of_it_has_run_here(folder):
    save(folder, GIVEN, ("ps0-twice", TWICE))
    said = summary(folder)
    assert line_of(said, "twice") == "twice        complete"
    assert line_of(said, "column_sums").endswith("not defined: run its cell")
    assert f"1 of 3 are complete in ps0.ipynb, {SAVED}" in said
    assert "restart it and run all cells; then save it." in said


def test_what_is_complete_here_and_was_not_saved_is_no_more_than_that(folder):
    save(folder, GIVEN, ("ps0-twice", STUB))
    said = summary(folder, TWICE)
    assert "complete, but not in the saved notebook: save it" in line_of(said, "twice")
    assert "0 of 3 are complete" in said


def test_without_a_notebook_the_functions_here_are_looked_at(folder):
    said = summary(folder, TWICE)
    assert line_of(said, "twice").endswith("complete")
    assert "There is no notebook ps0.ipynb here that could be read." in said


def test_the_only_notebook_may_have_another_name_and_a_broken_one_is_none(folder):
    save(folder, ("ps0-twice", TWICE), name="mine")
    assert "1 of 3 are complete in mine.ipynb" in summary(folder)
    (folder / "mine.ipynb").write_text("{", encoding="utf-8")
    assert "There is no notebook mine.ipynb here that could be read." in summary(folder)


def test_a_syntax_error_in_the_saved_cell_is_said_with_its_line_and_place(folder):
    save(folder, GIVEN, ("ps0-twice", "def twice(x):\n    return 2 *\n"))
    said = summary(folder)
    assert "its cell has a SyntaxError: invalid syntax, in line 2:\n    return 2 *\n" in said
    assert "\n              ^)" in said


def test_where_an_answer_stands_elsewhere_it_is_said(folder):
    save(folder, GIVEN, ("ps0-twice", STUB), TWICE)
    assert line_of(summary(folder), "twice").endswith(
        "complete (its own cell does not define twice; another one does, and counts)"
    )


def test_cells_that_are_read_print_check_and_summarise_nothing(folder):
    loud = (
        f"{TWICE}\nprint('LOUD')\nimport sys; print('LOUD', file=sys.stderr)\ncheck(3)\nsummary()"
    )
    save(folder, GIVEN, ("ps0-twice", loud), ("ps0-twice", "exit()"))
    said = summary(folder)
    assert "LOUD" not in said
    assert said.count("are complete") == 1


def test_each_answer_keeps_its_helpers(folder):
    save(
        folder,
        GIVEN,
        ("ps0-twice", "def core(x):\n    return 2 * x\ndef twice(x):\n    return core(x)"),
        ("ps0-errors", "def core(a, y):\n    return a - y\ndef errors(*ay):\n    return core(*ay)"),
    )
    assert line_of(summary(folder), "twice").endswith("complete")


def test_a_release_runs_with_a_windows_code_page(folder):
    """There text files and the console have 256 characters, and η and ε are none of them."""
    save(folder, "# Größe, η, ✓\n" + GIVEN, ("ps0-twice", f"# ε\n{TWICE}"))
    here = "print('x')\ndef twice(η):\n    print('ε', η)\n    return 3 * η\nhint(twice)"
    here += (
        "\ntry:\n    check(twice)\nexcept AssertionError as error:\n    print(type(error).__name__)"
    )
    for encoding in ("cp1252", "cp437", "ascii"):
        said = summary(
            folder, here, PYTHONIOENCODING=f"{encoding}:strict", PYTHONUTF8="0", LC_ALL="C"
        )
        assert "CheckFailed" in said
        assert line_of(said, "twice") == "twice        complete"


def test_every_word_of_the_problem_sets_can_be_said_in_a_code_page(release):
    """A sign that the console lacks is shown as another one; nothing stops."""
    tasks = [task for k in range(6) for task in public_tasks(read_master(find_master(f"ps{k}")))]
    words = [text for task in tasks for text in (*task.messages.values(), *task.hints)]
    assert any(not text.isascii() for text in words)
    program = (
        "import json, sys; sys.path.insert(0, '.')\nfrom checks import say\n"
        "for text in json.load(open('words.json', encoding='utf-8')): say(text)"
    )
    (release / "words.json").write_text(json.dumps(words), encoding="utf-8")
    environment = os.environ | {"PYTHONIOENCODING": "cp1252:strict", "PYTHONUTF8": "0"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=release, capture_output=True, env=environment)
    (release / "words.json").unlink()
    assert done.returncode == 0, done.stderr.decode("ascii", "replace")
