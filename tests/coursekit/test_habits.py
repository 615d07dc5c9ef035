"""What tests in real courses do passes here as it does in stock nbgrader, or the page names it."""

import shutil

import nbformat
import pytest
from nbformat.v4 import new_notebook
from tests.coursekit.habits import ANSWER, ELSEWHERE, HABITS, HANDED_IN, RELEASED
from tests.coursekit.test_parity import cell, run_nbgrader
from tests.coursekit.tiers import first_tier

from coursekit.cli import main
from coursekit.courses import Course, init_course
from coursekit.nbgrader_out.gradebook import read_grades

pytestmark = [
    pytest.mark.tier("auto"),
    pytest.mark.xdist_group("parity"),
    pytest.mark.slow,
]

NEED_SHARED_MEMORY = {"process-pool", "process-executor", "queue", "shared-value"}
"""The page names them: in the second tier there is none."""

STOCK = """
c = get_config()
c.Execute.timeout = 300
"""


def notebooks(solved: bool) -> dict[str, nbformat.NotebookNode]:
    solution = f"### BEGIN SOLUTION\n{ANSWER}\n### END SOLUTION"
    answer = cell(ANSWER if solved else solution, "answer", solution=True)
    tests = [cell(source, name, points=1) for name, source in HABITS.items()]
    other = [cell("0", "nothing", solution=True), cell(ELSEWHERE, "elsewhere", points=1)]
    return {
        "habits": new_notebook(cells=[answer, *tests]),
        "later": new_notebook(cells=other),
    }


def fill(course: Course) -> None:
    shutil.rmtree(course.root / "source", ignore_errors=True)
    for folder, solved, files in (
        (course.source("week"), False, RELEASED),
        (course.submitted() / "ann" / "week", True, HANDED_IN),
    ):
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        for name, notebook in notebooks(solved).items():
            nbformat.write(notebook, folder / f"{name}.ipynb")


def expected() -> set[str]:
    return NEED_SHARED_MEMORY if first_tier() == "landlock" else set()


def not_passed(course: Course) -> set[str]:
    grades = read_grades(course, "week")
    assert len(grades) == len(HABITS) + 3
    return {name for (_, _, name), (score, *_) in grades.items() if name and score != 1.0}


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    course = init_course(tmp_path_factory.mktemp("ours") / "course")
    fill(course)
    run_nbgrader(course.root, "generate_assignment", "week")
    return course


def test_there_are_as_many_as_there_should_be():
    assert len(HABITS) >= 70


@pytest.mark.thorough
def test_each_passes_in_stock_nbgrader(tmp_path):
    course = Course(tmp_path)
    course.config.write_text(STOCK, encoding="utf-8")
    fill(course)
    run_nbgrader(course.root, "generate_assignment", "week")
    run_nbgrader(course.root, "autograde", "week")
    assert not_passed(course) == set()


def test_each_passes_here(ours, capsys):
    assert main(["grade", "week", "--course", str(ours.root), "--jobs", "1"]) == 0
    assert not_passed(ours) == expected(), capsys.readouterr().out


@pytest.mark.thorough
def test_each_passes_where_nbgrader_runs_the_command(ours):
    run_nbgrader(ours.root, "autograde", "week", "--force")
    assert not_passed(ours) == expected()
