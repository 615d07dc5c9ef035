"""``check`` refuses what grading has not, in the same words."""

import re
import subprocess
import sys

import pytest
from tests.coursekit.own_sets import begin

from coursekit.authoring.bundle import ANY_MODULE, bundle_checks
from coursekit.authoring.masters import read_master
from coursekit.authoring.tasks import public_tasks
from coursekit.checks import imports
from coursekit.checks.case_file import save_tasks
from coursekit.checks.words import NOT_THERE, error_advice

HEAD = "import sys\nsys.path.insert(0, '.')\nfrom checks import check, summary, hint\n"
RIGHT = "    return np.asarray(X).mean(axis=1)\n"

ANSWERS = {
    "in the function": ("", f"    import sklearn\n{RIGHT}"),
    "in its cell": ("import sklearn\n", RIGHT),
    "from": ("from sklearn.linear_model import Ridge\n", RIGHT),
    "under a condition": ("if True:\n    import sklearn\n", RIGHT),
    "in a helper": ("def half(x):\n    import sklearn\n    return x\n", f"    half(X)\n{RIGHT}"),
    "in a class": (
        "class Half:\n    def half(self):\n        import sklearn\n",
        f"    Half()\n{RIGHT}",
    ),
    "in a function within": ("", f"    def inner():\n        import sklearn\n{RIGHT}"),
    "in another try": ("try:\n    import sklearn\nexcept ValueError:\n    pass\n", RIGHT),
}
ADMITTED = {
    "nothing": ("", RIGHT),
    "the standard library": ("import math, os.path\nfrom json import loads\n", RIGHT),
    "NumPy": ("import numpy.linalg\nfrom numpy import array\n", RIGHT),
    "one that may fail": ("try:\n    import numba\nexcept ImportError:\n    numba = None\n", RIGHT),
    "one that may fail in any way": ("try:\n    import numba\nexcept:\n    pass\n", RIGHT),
    "what the function does not use": ("del sys\n", RIGHT),
}


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    begin(folder)
    tasks = public_tasks(read_master(folder / "mine.md"))
    checks = bundle_checks(["numpy", "matplotlib"])
    (folder / "checks.py").write_text(checks, encoding="utf-8")
    save_tasks(folder / "mine_cases.npz", tasks)
    return folder


def run(folder, before: str, body: str, command: str) -> subprocess.CompletedProcess:
    program = f"{HEAD}import numpy as np\n{before}def row_means(X):\n{body}{command}\n"
    (folder / "program.py").write_text(program, encoding="utf-8")
    arguments = [sys.executable, "program.py"]
    return subprocess.run(arguments, cwd=folder, capture_output=True, encoding="utf-8")


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", ANSWERS)
def test_an_import_that_grading_lacks_is_refused(name, release):
    done = run(release, *ANSWERS[name], "check(row_means)")
    assert f"row_means imports sklearn. {NOT_THERE.format(module='sklearn')}" in words(done.stderr)


@pytest.mark.parametrize("name", ADMITTED)
def test_another_is_not(name, release):
    done = run(release, *ADMITTED[name], "check(row_means)")
    assert "cases pass" in done.stdout, done.stderr


def test_the_other_commands_say_so_too(release):
    before, body = ANSWERS["in the function"]
    assert "not yet: it imports sklearn" in run(release, before, body, "summary()").stdout
    assert "imports sklearn" in words(run(release, before, body, "hint(row_means)").stderr)


def test_grading_explains_a_missing_module_in_the_same_words():
    said = list(error_advice("No module named 'sklearn'"))
    assert said == [NOT_THERE.format(module="sklearn")]


def test_a_module_that_was_imported_in_another_cell_is_seen(monkeypatch):
    monkeypatch.setattr(imports, "MODULES", frozenset({"numpy"}))
    space = {"__name__": "__main__"}
    exec("import sympy\nfrom sympy import Symbol\ndef f(): return sympy\ndef g(): Symbol()", space)
    assert imports.refused_import(space["f"]) == "sympy"
    assert imports.refused_import(space["g"]) == "sympy"


def test_a_cell_with_magics_is_read(monkeypatch):
    assert list(imports.imported("%matplotlib inline\n!ls\nimport a.b, c\nx = ?\n")) == []
    assert set(imports.imported("%matplotlib inline\n!ls\nimport a.b, c\n")) == {"a", "c"}


def test_a_release_that_names_no_modules_refuses_none():
    assert ANY_MODULE in bundle_checks()
    assert ANY_MODULE not in bundle_checks(["numpy"])
    assert re.search(r"^    'numpy',$", bundle_checks(["numpy"]), re.MULTILINE)
