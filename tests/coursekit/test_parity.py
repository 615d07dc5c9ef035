"""Ordinary nbgrader notebooks get from us the scores that stock nbgrader gives them.

The notebooks are nbgrader's own, from its package, and one with the forms that its manual names.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import nbgrader
import pytest
from book._ext.kernel_sockets import kernel_settings
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.cli import main
from coursekit.courses import Course, init_course
from coursekit.nbgrader_out.gradebook import read_grades

NBGRADER = Path(nbgrader.__file__).parent
GUIDE = NBGRADER / "docs" / "source" / "user_guide"
FILES = NBGRADER / "tests" / "apps" / "files"

pytestmark = [
    pytest.mark.tier("auto"),
    pytest.mark.xdist_group("parity"),
    pytest.mark.slow,
    pytest.mark.skipif(not FILES.is_dir(), reason="this nbgrader comes without its tests"),
]


def cell(source, grade_id, points=None, solution=False, task=False, kind=new_code_cell):
    metadata = {
        "grade": points is not None and not task,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": task,
    }
    if points is not None:
        metadata["points"] = points
    made = kind(source, metadata={"nbgrader": metadata})
    made.id = grade_id
    return made


FORMS = {
    "full": "assert value() == 2",
    "partial": "0.5 if value() == 2 else 0.25",
    "zero": "0.0",
    "negative": "-1.0",
    "boolean": "value() == 2",
    "text": "'fine'",
    "numpy": "import numpy as np\nnp.float64(0.5)",
    "not-a-number": "float('nan')",
    "printed": "print(value())",
    "printed-then-partial": "print(value())\n0.5",
    "to-stderr": "import sys\nprint('careful', file=sys.stderr)",
    "warning": "import warnings\nwarnings.warn('careful')",
    "numpy-warning": "import numpy as np\nnp.log(np.zeros(1) if value() == 2 else 1.0);",
    "error": "1 / 0",
    "syntax": "assert value( == 2",
    "displayed": "display(value())",
    "plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "magic": "%matplotlib inline\nassert value() == 2",
    "unknown-magic": "%nosuchmagic",
    "command": "!echo hello",
    "await": "import asyncio\nawait asyncio.sleep(0)\nassert value() == 2",
    "input": "input('name? ')",
    "file": "assert open('data.txt').read() == 'some data'",
    "module": "import beside\nassert beside.number == 7",
    "hidden": "value()\n### BEGIN HIDDEN TESTS\nassert value() == 2\n### END HIDDEN TESTS",
    "changed-by-order": "seen = globals().get('seen', 0) + 1\nassert seen == 1",
    "reads-earlier": "assert seen == 1",
}


def forms_source():
    value = "def value():\n    ### BEGIN SOLUTION\n    return 2\n    ### END SOLUTION"
    cells = [cell(value, "value", solution=True)]
    cells += [cell(source, name, points=1) for name, source in FORMS.items()]
    cells += [
        cell("Explain.", "words", 2, True, kind=new_markdown_cell),
        cell("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "by-hand", 3, True),
        cell("Do it.", "task", 4, task=True, kind=new_markdown_cell),
    ]
    return new_notebook(cells=cells)


def forms_answer(value, words="It is so.", extra=()):
    notebook = forms_source()
    notebook.cells[0].source = value
    for made in notebook.cells:
        made.source = made.source.split("### BEGIN HIDDEN")[0]
        if made.id == "words":
            made.source = words
        if made.id == "by-hand":
            made.source = "x = 3"
    notebook.cells[1:1] = [new_code_cell(source) for source in extra]
    return notebook


ANSWERS = {
    "bitdiddle": forms_answer("def value():\n    return 2"),
    "hacker": forms_answer("def value():\n    return 1", extra=["print('mine')"]),
    "ann": forms_answer("def value():\n    return two", extra=["two = 2", "1 / 0"]),
}
THIRD = {
    "bitdiddle": "submitted-changed",
    "hacker": "submitted-grade-cell-changed",
    "ann": "submitted-unchanged",
}

STOCK_STUB = r"""
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
"""


def fill(root: Path) -> None:
    """Put the assignment and three submissions into a course."""
    source = root / "source" / "week"
    shutil.copytree(GUIDE / "source" / "ps1", source)
    shutil.copy(FILES / "submitted-unchanged.ipynb", source / "third.ipynb")
    nbformat.write(forms_source(), source / "forms.ipynb")
    (source / "data.txt").write_text("some data", encoding="utf-8")
    (source / "beside.py").write_text("number = 7\n", encoding="utf-8")
    for student, notebook in ANSWERS.items():
        folder = root / "submitted" / student / "week"
        given = GUIDE / "submitted" / student / "ps1"
        shutil.copytree(given, folder) if given.is_dir() else folder.mkdir(parents=True)
        shutil.copy(FILES / f"{THIRD[student]}.ipynb", folder / "third.ipynb")
        nbformat.write(notebook, folder / "forms.ipynb")


def run_nbgrader(root: Path, *arguments: str) -> None:
    programs = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("PYTHONWARNINGS", None)  # kernels would inherit it
    with kernel_settings() as settings:
        options = [
            f"--KernelManager.{name}={value}" for name, value in settings.KernelManager.items()
        ]
        done = subprocess.run(
            [str(programs / "nbgrader"), *arguments, *options],
            cwd=root,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=3600,
        )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    root = tmp_path_factory.mktemp("stock") / "course"
    root.mkdir()
    (root / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    fill(root)
    run_nbgrader(root, "generate_assignment", "week")
    run_nbgrader(root, "autograde", "week")
    return read_grades(Course(root), "week")


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    course = init_course(tmp_path_factory.mktemp("ours") / "course")
    course.config.write_text(
        course.config.read_text(encoding="utf-8") + STOCK_STUB, encoding="utf-8"
    )
    (course.root / "source").rmdir()
    shutil.rmtree(course.submitted())
    fill(course.root)
    run_nbgrader(course.root, "generate_assignment", "week")
    return course


def test_course_grade_gives_every_cell_the_score_that_stock_nbgrader_gives(stock, ours, capsys):
    assert main(["grade", "week", "--course", str(ours.root), "--jobs", "1"]) == 0
    graded = read_grades(ours, "week")
    assert {key: graded[key] for key in graded if graded[key] != stock.get(key)} == {}
    assert graded.keys() == stock.keys()
    assert len(graded) > 100
    assert "untrusted" in capsys.readouterr().out


def test_nbgrader_autograde_with_our_configuration_does_so_too(stock, ours):
    run_nbgrader(ours.root, "autograde", "week", "--force")
    assert read_grades(ours, "week") == stock


def test_the_scores_are_not_all_alike(stock):
    scores = {grade[0] for grade in stock.values()}
    assert {None, 0.0, 0.5, 1.0} <= scores
