"""``checks.py``, the one file that students get."""

import ast
import subprocess
import sys

import numpy as np
import pytest

from coursekit.authoring.bundle import bundle_checks
from coursekit.authoring.masters import find_master, read_master
from coursekit.authoring.tasks import public_tasks
from coursekit.checks.case_file import save_tasks


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    (folder / "checks.py").write_text(bundle_checks(), encoding="utf-8")
    save_tasks(folder / "ps1_cases.npz", public_tasks(read_master(find_master("ps1"))))
    return folder


def run(folder, program: str) -> subprocess.CompletedProcess:
    code = f"import sys; sys.path.insert(0, '.')\n{program}"
    command = [sys.executable, "-I", "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")


def test_it_needs_numpy_and_the_standard_library_only():
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(ast.parse(bundle_checks()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported <= set(sys.stdlib_module_names) | {"numpy"}


def test_no_name_is_defined_twice_in_it():
    names = [
        node.name
        for node in ast.parse(bundle_checks()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    assert len(names) == len(set(names))


def test_no_constant_is_defined_twice_in_it():
    names = [
        name.id
        for node in ast.parse(bundle_checks()).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    ]
    assert len(names) == len(set(names))


def test_it_runs_on_its_own_and_passes_a_right_function(release):
    done = run(
        release,
        "import numpy as np\nfrom checks import check\n"
        "def mean_cost(A, Y): return 0.5 * np.sum((A - Y) ** 2) / len(A)\ncheck(mean_cost)",
    )
    assert "all 9 public cases pass" in done.stdout, done.stderr


def test_a_wrong_function_fails_with_a_message_and_a_hint_names_the_mistake(release):
    done = run(
        release,
        "import numpy as np\nfrom checks import check, hint\n"
        "def mean_cost(A, Y): return 0.5 * np.sum((A - Y) ** 2)\n"
        "hint(mean_cost, 3)\ncheck(mean_cost)",
    )
    assert "You add up the costs of all patterns" in done.stdout
    assert "CheckFailed: mean_cost: a value is not right." in done.stderr


def test_an_error_is_reported_with_the_line_in_which_it_arose(release, tmp_path):
    program = tmp_path / "notebook.py"
    program.write_text(
        f"import sys\nsys.path.insert(0, {str(release)!r})\nfrom checks import check\n"
        "def cost(A, Y):\n    return 1 / 0\n"
        "def mean_cost(A, Y):\n    return cost(A, Y) / len(A)\ncheck(mean_cost)\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, "-I", program], capture_output=True, encoding="utf-8")
    said = " ".join(done.stderr.split())
    assert "ZeroDivisionError: division by zero, in the line `return 1 / 0`." in said


def test_a_lambda_or_a_wrapped_function_is_known_by_its_variable(release):
    done = run(
        release,
        "import functools, numpy as np\nfrom checks import check, summary\n"
        "mean_cost = lambda A, Y: 0.5 * np.sum((A - Y) ** 2) / len(A)\n"
        "unit_preactivation = functools.partial(lambda s, w, x, b: s * (w @ x) + b, 1)\n"
        "check(mean_cost), check(unit_preactivation), summary()",
    )
    assert "mean_cost: all 9 public cases pass" in done.stdout, done.stderr
    total = len(read_master(find_master("ps1")).exercises)
    assert f"2 of {total} are complete" in done.stdout


def test_an_unknown_function_lists_the_known_ones(release):
    done = run(release, "from checks import check\ndef nothing(): pass\ncheck(nothing)")
    assert "There is no exercise with a function 'nothing'" in done.stderr
    assert "output_deltas" in done.stderr


def test_the_file_of_cases_holds_no_name_of_a_mistake(release):
    with np.load(release / "ps1_cases.npz", allow_pickle=False) as arrays:
        index = arrays["index"].tobytes().decode()
    master = read_master(find_master("ps1"))
    for exercise in master.exercises:
        for mistake in exercise.declaration.misconceptions:
            assert f'"{mistake.id}"' not in index
