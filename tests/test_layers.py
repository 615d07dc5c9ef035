"""The contract of the layers finds what it is there to find, wherever an import hides."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINT = Path(sys.executable).with_name("lint-imports")
LONGEST = 400
"""Lines of a module: longer ones are two."""

PLANTED = {
    "an arrow back": ("names.py", "import coursekit.grading.judge\n"),
    "an arrow back inside of a function": (
        "sandbox/outcomes.py",
        "\n\ndef late():\n    from coursekit.grading import judge\n    return judge\n",
    ),
    "an arrow back to a type": (
        "courses.py",
        "\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
        "    from coursekit.authoring.masters import Master\n",
    ),
    "a circle inside of a package": (
        "sandbox/outcomes.py",
        "\n\ndef late():\n    from coursekit.sandbox import pool\n    return pool\n",
    ),
    "a circle of types": (
        "grading/results.py",
        "\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
        "    from coursekit.grading.judge import Judged\n",
    ),
    "answers for the students": ("checks/words.py", "import backprop.layers\n"),
    "answers beside their code": ("worker/kernel.py", "import backprop.layers\n"),
    "ours beside their code": ("worker/kernel.py", "import coursekit.errors\n"),
    "a package that has no layer": ("new/__init__.py", ""),
}


def linted(folder: Path) -> subprocess.CompletedProcess:
    path = os.pathsep.join([str(folder / "autograder"), str(folder / "solutions")])
    return subprocess.run(
        [sys.executable, LINT, "--no-cache", "--no-logo"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in ("autograder/coursekit", "solutions/backprop"):
        ignored = shutil.ignore_patterns("__pycache__", "problem_sets")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    return folder


def test_as_it_is_nothing_is_broken(checkout):
    done = linted(checkout)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("place", "code"), PLANTED.values(), ids=PLANTED)
def test_what_breaks_the_layers_is_found(checkout, place, code):
    path = checkout / "autograder" / "coursekit" / place
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text((before or "") + code, encoding="utf-8")
    try:
        done = linted(checkout)
    finally:
        path.write_text(before, encoding="utf-8") if before else shutil.rmtree(path.parent)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


def test_no_module_is_too_long_to_be_read_at_once():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "autograder").rglob("*.py")
    }
    assert {path: count for path, count in lengths.items() if count > LONGEST} == {}
