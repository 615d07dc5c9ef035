"""A release is one file that a student unpacks and works with."""

import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest

from coursekit.authoring.masters import MASTERS
from coursekit.authoring.release import release
from coursekit.cli import main
from coursekit.courses import init_course

PROBLEM_SETS = sorted(path.stem for path in MASTERS.glob("*.md"))
pytestmark = pytest.mark.xdist_group("class run")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return init_course(tmp_path_factory.mktemp("release") / "course")


def run_notebook(folder, name: str) -> subprocess.CompletedProcess:
    """Run the code cells of a released notebook as a script, going on after errors."""
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    program = "\n".join(
        f"try: exec({source!r})\nexcept Exception as error: print(type(error).__name__, error)"
        for source in cells
    )
    (folder / "program.py").write_text(program, encoding="utf-8")
    command = [sys.executable, "program.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")


@pytest.mark.parametrize("name", PROBLEM_SETS)
def test_a_release_unpacks_and_runs_with_nothing_done_yet(course, name, tmp_path):
    folder = release(course, name)
    with zipfile.ZipFile(folder.with_suffix(".zip")) as packed:
        packed.extractall(tmp_path)
    here = tmp_path / name
    names = {path.name for path in here.iterdir()}
    assert names >= {f"{name}.ipynb", "checks.py", f"{name}_cases.npz", "README.md"}
    readme = (here / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 14
    assert all(word in readme for word in ("Linux", "macOS", "Windows", f"{name}.ipynb"))
    done = run_notebook(here, name)
    assert done.returncode == 0, done.stderr
    assert "you can begin" in done.stdout
    assert "NameError" not in done.stdout
    assert done.stdout.splitlines()[-1].startswith("0 of ")


def test_the_same_release_gives_the_same_bytes(course):
    first = release(course, "ps1").with_suffix(".zip").read_bytes()
    shutil.rmtree(course.release("ps1"))
    assert release(course, "ps1").with_suffix(".zip").read_bytes() == first


def test_who_works_with_numbers_of_their_own_is_told_by_the_roster(course, capsys):
    advice = "where the roster has them: `course roster FILE` takes your platform's list."
    for has_roster in (False, True):
        if has_roster:
            (course.root / "roster.csv").write_text("student\nada\n", encoding="utf-8")
        assert main(["release", "ps1", "--course", str(course.root)]) == 0
        said = capsys.readouterr().out
        assert "In it students work with numbers of their own" in said
        assert (advice in said) != has_roster
        assert "nbgrader db" not in said
