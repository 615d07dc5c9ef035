"""Whatever is submitted, a valid notebook comes out, and what was odd is said."""

import ast
import copy
import json

import jupytext
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.submissions import helpers
from coursekit.submissions import rebuild as rebuilding
from coursekit.submissions.cells import MAX_MARKER, MAX_SCRIPT, MAX_SCRIPT_CELLS
from coursekit.submissions.rebuild import DEFINES, MAX_IMAGE, MAX_SOURCE, rebuild

STUB = "def f(x):\n    # your code here\n    raise NotImplementedError()"
ANSWER = "def f(x):\n    return 2 * x"


def answer_cell(source, grade_id="f"):
    metadata = {"nbgrader": {"grade_id": grade_id, "solution": True, "grade": False}}
    return new_code_cell(source, metadata=metadata)


def check_cell():
    return new_code_cell(
        "check(f)", metadata={"nbgrader": {"grade_id": "f-check", "solution": False}}
    )


RELEASE = new_notebook(cells=[new_markdown_cell("Text"), answer_cell(STUB), check_cell()])


def handed_in(cells, **metadata) -> bytes:
    return nbformat.writes(new_notebook(cells=cells, metadata=metadata)).encode()


def answer_in(submission: bytes) -> str:
    rebuilt = rebuild(RELEASE, submission)
    nbformat.validate(rebuilt.notebook)
    assert [cell.cell_type for cell in rebuilt.notebook.cells] == ["markdown", "code", "code"]
    assert rebuilt.notebook.cells[2].source == "check(f)"
    return rebuilt.notebook.cells[1].source


def test_an_answer_is_taken_over_and_nothing_is_odd():
    submission = handed_in([answer_cell(ANSWER), check_cell()])
    assert answer_in(submission) == ANSWER
    assert rebuild(RELEASE, submission).oddities == ()


def test_the_release_is_not_changed():
    before = copy.deepcopy(RELEASE)
    rebuild(RELEASE, handed_in([answer_cell(ANSWER)]))
    assert before == RELEASE


def test_a_rebuilt_notebook_rebuilds_to_itself():
    once = rebuild(RELEASE, handed_in([answer_cell(ANSWER)])).notebook
    again = rebuild(RELEASE, nbformat.writes(once).encode())
    assert again.notebook == once
    assert again.oddities == ()


def test_edited_checks_extra_cells_tags_and_metadata_do_not_count():
    hostile = answer_cell(ANSWER)
    hostile.metadata["tags"] = ["skip-execution"]
    submission = handed_in(
        [new_code_cell("check = print"), hostile, new_code_cell("1 / 0")], title="mine"
    )
    rebuilt = rebuild(RELEASE, submission).notebook
    assert answer_in(submission) == ANSWER
    assert rebuilt.metadata == RELEASE.metadata
    assert "tags" not in rebuilt.cells[1].metadata


def test_a_missing_cell_leaves_the_stub_and_is_reported():
    rebuilt = rebuild(RELEASE, handed_in([check_cell()]))
    assert rebuilt.notebook.cells[1].source == STUB
    assert rebuilt.oddities == ("f: the cell is missing",)


def test_of_duplicates_the_last_edited_one_counts():
    submission = handed_in([answer_cell(ANSWER), answer_cell(STUB)])
    assert answer_in(submission) == ANSWER
    assert "2 cells claim to be it" in rebuild(RELEASE, submission).oddities[0]


def test_a_cell_without_identity_is_found_by_its_function():
    submission = handed_in([new_code_cell(ANSWER)])
    assert answer_in(submission) == ANSWER
    assert "lost its identity" in rebuild(RELEASE, submission).oddities[0]


def test_a_function_of_the_same_beginning_is_not_mistaken():
    assert answer_in(handed_in([new_code_cell("def f2(x):\n    return 1")])) == STUB


def test_a_percent_script_is_accepted():
    notebook = new_notebook(cells=[new_code_cell(ANSWER)])
    assert answer_in(jupytext.writes(notebook, fmt="py:percent").encode()) == ANSWER


def test_format_3_is_read():
    cell = {
        "cell_type": "code",
        "input": ANSWER.splitlines(keepends=True),
        "metadata": {"nbgrader": {"grade_id": "f"}},
    }
    submission = json.dumps({"nbformat": 3, "worksheets": [{"cells": [cell]}]}).encode()
    assert answer_in(submission) == ANSWER


@pytest.mark.parametrize(
    ("submission", "reason"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"I did it on paper", "neither a notebook nor a script"),
        (b'{"cells": [', "not JSON"),
        (b"[1, 2]", "not a notebook"),
        (b"[" * 100_000, "not JSON"),
        ("Gr\u00fc\u00dfe".encode("latin-1"), "neither"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither"),
    ],
)
def test_what_cannot_be_read_is_graded_as_not_answered(submission, reason):
    rebuilt = rebuild(RELEASE, submission)
    assert not rebuilt.readable
    assert reason in rebuilt.oddities[0]
    assert rebuilt.notebook.cells[1].source == STUB


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"cells": None},
        {"cells": [1, None, "x"]},
        {"cells": [{"cell_type": 3, "source": 7, "metadata": []}]},
        {"cells": [{"source": [1, "a"], "metadata": {"nbgrader": 5}}]},
        {"cells": [{"source": "x", "metadata": {"nbgrader": {"grade_id": ["f"]}}}]},
        {"worksheets": [None, {"cells": 4}]},
    ],
)
def test_json_of_any_form_is_survived(document):
    assert answer_in(json.dumps(document).encode()) == STUB


def test_latin_1_and_lone_surrogates_can_be_written_back():
    source = ANSWER + "  # caf\u00e9"
    text = handed_in([answer_cell(source)]).decode()
    assert "caf\u00e9" in answer_in(text.encode("latin-1"))
    lone = text.encode().replace("caf\u00e9".encode(), b"caf\\ud800")
    nbformat.writes(rebuild(RELEASE, lone).notebook).encode("utf-8")


def test_an_answer_of_absurd_length_is_left_out():
    rebuilt = rebuild(RELEASE, handed_in([answer_cell("#" * (MAX_SOURCE + 1))]))
    assert rebuilt.notebook.cells[1].source == STUB
    assert "left out" in rebuilt.oddities[0]


ESSAY = new_markdown_cell(
    "YOUR ANSWER HERE",
    metadata={"nbgrader": {"grade_id": "essay", "solution": True, "grade": True, "points": 3}},
)
PHOTO = {"photo.png": {"image/png": "iVBORw0K"}}


def as_json(cell) -> bytes:
    return json.dumps({**new_notebook(), "cells": [cell]}).encode()


def essay_in(attachments):
    cell = copy.deepcopy(ESSAY)
    cell.source = "![photo](attachment:photo.png)"
    submission = as_json({**cell, "attachments": attachments})
    rebuilt = rebuild(new_notebook(cells=[ESSAY]), submission)
    nbformat.validate(rebuilt.notebook)
    shown = rebuilt.notebook.cells[0].get("attachments") is not None
    assert (rebuilt.notebook.cells[0].source == cell.source) is shown
    return rebuilt


def test_pasted_images_come_along_with_an_answer_in_words():
    assert essay_in(PHOTO).notebook.cells[0].attachments == PHOTO


@pytest.mark.parametrize(
    "attachments",
    [
        {"photo.svg": {"image/svg+xml": "PHN2Zz4="}},
        {"photo.png": {"image/png": "<script>"}},
        {"photo.png": 3},
        ["photo.png"],
    ],
)
def test_what_is_no_image_stays_behind(attachments):
    assert "attachments" not in essay_in(attachments).notebook.cells[0]


def test_images_that_are_too_large_are_left_out_and_said():
    rebuilt = essay_in({"photo.png": {"image/png": "A" * (MAX_IMAGE + 1)}})
    assert "attachments" not in rebuilt.notebook.cells[0]
    assert "its images take more than" in rebuilt.oddities[0]


def test_images_of_a_code_cell_do_not_count():
    submission = as_json({**answer_cell(ANSWER), "attachments": PHOTO})
    assert "attachments" not in rebuild(RELEASE, submission).notebook.cells[1]


def sources(submission: bytes, release=RELEASE, **options) -> list[str]:
    return [cell.source for cell in rebuild(release, submission, **options).notebook.cells]


def test_own_cells_that_an_answer_needs_are_kept_in_their_place_and_others_are_not():
    needs = "def f(x):\n    return twice(x) + math.pi"
    helper = "from operator import mul\ndef twice(x):\n    return mul(2, x)"
    submission = handed_in(
        [
            new_markdown_cell("Text"),
            new_code_cell("%matplotlib inline\nimport math"),
            answer_cell(needs),
            new_code_cell("print(f(1))"),
            new_code_cell(helper),
        ]
    )
    assert sources(submission) == [
        "Text",
        "%matplotlib inline\nimport math",
        needs,
        helper,
        "check(f)",
    ]
    assert "2 cells of the student's own" in rebuild(RELEASE, submission).oddities[0]
    once = rebuild(RELEASE, submission).notebook
    assert rebuild(RELEASE, nbformat.writes(once).encode()).notebook == once


def test_an_own_cell_cannot_define_an_answer_once_more():
    submission = handed_in([answer_cell(ANSWER), new_code_cell("def f(x):\n    return 0")])
    assert sources(submission) == ["Text", ANSWER, "check(f)"]


def test_a_helper_of_a_helper_is_kept():
    cells = [new_code_cell("def g(x):\n    return h(x)"), new_code_cell("def h(x):\n    return x")]
    submission = handed_in([*cells, answer_cell("def f(x):\n    return g(x)")])
    assert sources(submission)[:2] == [cells[0].source, cells[1].source]


def test_an_ordinary_notebook_keeps_the_students_order_and_all_own_cells():
    submission = handed_in(
        [new_code_cell("1 / 0"), check_cell(), answer_cell(ANSWER), new_markdown_cell("Mine")]
    )
    assert sources(submission, own_cells="all") == ["1 / 0", "check(f)", ANSWER, "Mine"]


def test_in_an_ordinary_notebook_a_missing_test_is_put_back_behind_its_answer():
    submission = handed_in([answer_cell(ANSWER), new_code_cell("x = 1")])
    assert sources(submission, own_cells="all") == [ANSWER, "check(f)", "x = 1"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("# %%\nx = 1\n" * (MAX_SCRIPT_CELLS + 1), f"more than {MAX_SCRIPT_CELLS} cells"),
        ("# In[1]:\n" * MAX_SCRIPT_CELLS + "# %%\n", f"more than {MAX_SCRIPT_CELLS} cells"),
        ("# %% " + "a=b " * MAX_MARKER, f"begins a cell has more than {MAX_MARKER} characters"),
        ("# %%\n" + "#" * MAX_SCRIPT, f"more than {MAX_SCRIPT}"),
    ],
    ids=["cells", "cells of another kind", "a long marker", "a long script"],
)
def test_a_script_that_takes_long_to_read_is_not_given_to_jupytext(script, reason, monkeypatch):
    monkeypatch.setattr(jupytext, "reads", lambda *_, **__: pytest.fail("it was read"))
    rebuilt = rebuild(RELEASE, script.encode())
    assert rebuilt.notebook == RELEASE
    assert reason in rebuilt.oddities[0]


def test_what_stands_before_the_first_cell_of_a_script_is_not_parsed_but_code_is_kept():
    levels = "".join(f"# l{k}: &l{k} [{', '.join([f'*l{k - 1}'] * 9)}]\n" for k in range(1, 12))
    header = f"# ---\n# l0: &l0 [x]\n{levels}# ---\n\n"
    assert answer_in(f"{header}# %%\n{ANSWER}\n".encode()) == ANSWER
    assert answer_in(f"{ANSWER}\n\n# %%\ny = 1\n".encode()) == ANSWER


def test_each_cell_of_a_students_own_is_parsed_a_bounded_number_of_times(monkeypatch):
    work = []
    parse = ast.parse
    monkeypatch.setattr(helpers.ast, "parse", lambda text: work.append(text) or parse(text))
    for count in (100, 200):
        work.clear()
        own = [f"def g{k}(x):\n    return g{k + 1}(x)" for k in range(count)]
        assert helpers.needed_cells(["def f(x):\n    return g0(x)"], [], own)
        assert len(work) <= 2 * count + 4


def test_a_cell_is_searched_once_for_functions_however_many_are_missing(monkeypatch):
    cells = [answer_cell(f"def f{k}(x):\n    pass", f"f{k}") for k in range(50)]
    looked_at = []

    class Counting:
        def findall(self, text):
            looked_at.append(text)
            return DEFINES.findall(text)

    monkeypatch.setattr(rebuilding, "DEFINES", Counting())
    rebuild(new_notebook(cells=cells), handed_in([new_code_cell("y = 1") for _ in range(40)]))
    assert looked_at.count("y = 1") == 40


def test_of_a_students_own_cells_as_many_characters_are_parsed_as_nobody_needs():
    own = [new_code_cell(f"def g{k}():\n    pass\n" + "#" * 19_000) for k in range(60)]
    calls = "def f(x):\n    return g0() + g59()"
    rebuilt = rebuild(RELEASE, handed_in([*own, answer_cell(calls)])).notebook
    assert "def g0()" in str(rebuilt)
    assert "def g59()" not in str(rebuilt)
