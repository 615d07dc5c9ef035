"""A master becomes nbgrader's notebook and a page of the book."""

import nbformat
import pytest

from coursekit.authoring.book_page import narrow, render_page
from coursekit.authoring.masters import find_master, read_master
from coursekit.authoring.render import check_id, render_notebook, require_clean
from coursekit.errors import CourseError

MASTER = read_master(find_master("ps1"))


def test_the_notebook_is_valid_and_its_ids_are_its_own():
    notebook = render_notebook(MASTER)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("exercise", MASTER.exercises, ids=lambda exercise: exercise.id)
def test_each_exercise_has_an_answer_and_a_check_that_holds_its_points(exercise):
    cells = {
        c.metadata.get("nbgrader", {}).get("grade_id"): c for c in render_notebook(MASTER).cells
    }
    answer, check = cells[exercise.id], cells[check_id(exercise.id)]
    assert answer.metadata.nbgrader.solution
    assert not answer.metadata.nbgrader.grade
    assert "### BEGIN SOLUTION" in answer.source
    assert check.metadata.nbgrader.points == exercise.points
    assert check.source == f"check({exercise.reference.name})"


def test_the_first_code_cell_supplies_what_stubs_may_use():
    code = next(cell for cell in render_notebook(MASTER).cells if cell.cell_type == "code")
    assert code.source.splitlines()[:2] == [
        "import numpy as np",
        "from checks import check, check_environment, hint, my_numbers, summary",
    ]


def test_the_page_of_the_course_edition_has_no_solution():
    textbook, course = render_page(MASTER, True), render_page(MASTER, False)
    last_line = MASTER.exercises[-1].reference.body.splitlines()[-1]
    assert last_line in textbook
    assert last_line not in course
    assert "dropdown" not in course


def test_a_solution_comes_with_its_steps_and_the_known_mistakes():
    page = render_page(MASTER, True)
    exercise = MASTER.exercises[0]
    assert exercise.declaration.hints[-1] in page
    assert exercise.declaration.misconceptions[0].message in page
    assert "[The logistic function](../../book/chain_rule/units.md)" in page


def test_a_hidden_formula_is_hidden_and_a_shown_one_is_typeset():
    page = render_page(MASTER, False)
    assert r"z_i = \Big(\sum_j" in page
    assert r"a_i\,(1 - a_i)" not in page


def test_a_marker_left_over_in_a_release_is_an_error():
    with pytest.raises(CourseError, match="left over"):
        require_clean(render_notebook(MASTER))


def test_what_a_person_marks_is_one_markdown_cell_with_points():
    master = read_master(find_master("ps3"))
    cells = {
        c.metadata.nbgrader.grade_id: c
        for c in render_notebook(master).cells
        if "nbgrader" in c.metadata
    }
    for manual in master.manual:
        cell = cells[manual.id]
        assert cell.cell_type == "markdown"
        assert cell.metadata.nbgrader.solution
        assert cell.metadata.nbgrader.grade
        assert cell.metadata.nbgrader.points == manual.points
        assert f"*{manual.points:g} points, marked by hand.*" in render_page(master, True)
    assert {manual.id for manual in master.manual} == {
        "ps3-tied-derivation",
        "ps3-layer-norm-proof",
    }


def test_a_check_that_fails_does_not_stop_run_all_cells():
    notebook = render_notebook(read_master(find_master("ps1")))
    for cell in notebook.cells:
        checks = cell.cell_type == "code" and cell.source.startswith("check(")
        assert ("raises-exception" in cell.metadata.get("tags", [])) == checks


def test_text_that_is_wider_than_the_page_goes_on_in_the_next_line():
    stub = "\n".join(
        [
            "def f(x):",
            '    """Say something that is long.',
            "",
            "    x : Array, any shape",
            "        Every finite number is safe, and",
            "        small ones keep their digits.",
            '        "a": a list entry that is long.',
            '        "b": short.',
            "    >>> f(np.array([1.0, 2.0, 3.0, 4.0]))",
            '    """',
        ]
    )
    lines = narrow(stub, 34).splitlines()
    assert lines[4:9] == [
        "        Every finite number is",
        "        safe, and small ones keep",
        "        their digits.",
        '        "a": a list entry that is',
        "        long.",
    ]
    assert "    >>> f(np.array([1.0, 2.0, 3.0, 4.0]))" in lines
    assert " ".join(narrow(stub, 34).split()) == " ".join(stub.split())


@pytest.mark.parametrize("name", [f"ps{number}" for number in range(6)])
def test_narrow_stubs_say_the_same_in_fewer_columns(name):
    for exercise in read_master(find_master(name)).exercises:
        stub = exercise.reference.stub()
        assert narrow(stub).split() == stub.split()
        compile(narrow(stub), name, "exec")
        wide = [line for line in narrow(stub).splitlines() if len(line) > 80]
        assert wide == []
