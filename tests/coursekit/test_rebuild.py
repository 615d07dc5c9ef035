"""Whatever is submitted, a valid notebook comes out, and what was odd is said."""

import ast
import copy
import json

import jupytext
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.checks import cell_names
from coursekit.submissions.cells import MAX_MARKER, MAX_SCRIPT, MAX_SCRIPT_CELLS
from coursekit.submissions.rebuild import MAX_IMAGE, MAX_SOURCE, rebuild

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
    assert "2 cells carry its id" in rebuild(RELEASE, submission).oddities[0]


def test_a_cell_without_identity_is_found_by_its_function():
    submission = handed_in([new_code_cell(ANSWER)])
    assert answer_in(submission) == ANSWER
    assert rebuild(RELEASE, submission).oddities == (
        "f: its cell is missing; another one defines it, and counts",
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "5 answers: the cell is missing"),
        ("{}", "5 answers: its cell is missing; another one defines it, and counts"),
    ],
)
def test_what_is_odd_about_many_answers_is_said_in_one_line(source, said):
    names = "abcde"
    stubs = [answer_cell(f"def {name}(x):\n    raise NotImplementedError", name) for name in names]
    release = new_notebook(cells=stubs)
    answers = [new_code_cell(f"def {name}(x):\n    return {source}") for name in names]
    submission = handed_in(answers if source else [new_code_cell("pass")])
    assert rebuild(release, submission).oddities == (said,)


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
        "check(f)",
        helper,
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
    assert sources(submission)[1:3] == [cells[0].source, cells[1].source]


def test_an_ordinary_notebook_keeps_the_students_order_and_all_own_cells():
    submission = handed_in(
        [new_code_cell("1 / 0"), check_cell(), answer_cell(ANSWER), new_markdown_cell("Mine")]
    )
    assert sources(submission, own_cells="all") == ["1 / 0", "check(f)", ANSWER, "Mine"]


def test_in_an_ordinary_notebook_a_missing_test_is_put_back_behind_its_answer():
    submission = handed_in([answer_cell(ANSWER), new_code_cell("x = 1")])
    assert sources(submission, own_cells="all") == [ANSWER, "check(f)", "x = 1"]


def rebuilt_from(*cells, release=RELEASE):
    """The rebuilt notebook, which must be valid and rebuild to itself."""
    once = rebuild(release, handed_in(cells))
    nbformat.validate(copy.deepcopy(once.notebook))
    assert rebuild(release, nbformat.writes(once.notebook).encode()).notebook == once.notebook
    return once


HELPER = "def k():\n    return 2"
USES = "def f(x):\n    return k() * x"
OTHER_STUB = "def g(x):\n    # your code here\n    raise NotImplementedError()"
TWO = new_notebook(
    cells=[
        new_code_cell("import numpy as np"),
        answer_cell(STUB),
        answer_cell(OTHER_STUB, "g"),
        new_markdown_cell("The end"),
    ]
)


def test_a_missing_cell_stands_behind_the_code_that_is_given_before_it():
    given, other = new_code_cell("import numpy as np"), answer_cell(OTHER_STUB, "g")
    release = new_notebook(cells=[given, answer_cell(STUB), check_cell(), other])
    moved = rebuilt_from(check_cell(), given, answer_cell(ANSWER), release=release)
    sources = [cell.source for cell in moved.notebook.cells]
    assert sources == ["check(f)", given.source, OTHER_STUB, ANSWER]


def test_the_parts_of_a_split_answer_stay_cells_and_know_whose_they_are():
    notebook = rebuilt_from(answer_cell(HELPER), answer_cell(USES), check_cell()).notebook
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.source for cell in code] == [HELPER, USES, "check(f)"]
    assert code[0].metadata == {"coursekit": {"part_of": "f"}}
    assert code[1].metadata["nbgrader"]["grade_id"] == "f"


def test_an_answer_that_was_split_in_the_middle_is_one_cell_again():
    parts = USES.split("\n")
    notebook = rebuilt_from(answer_cell(parts[0]), answer_cell(parts[1]), check_cell()).notebook
    assert answer_in(nbformat.writes(notebook).encode()) == USES


def test_an_answer_elsewhere_stands_in_the_exercises_cell_and_is_noted():
    rebuilt = rebuilt_from(answer_cell(STUB), new_code_cell(ANSWER), check_cell())
    assert [cell.source for cell in rebuilt.notebook.cells][1:] == [ANSWER, "check(f)"]
    assert rebuilt.notebook.cells[1].metadata["coursekit"] == {"note": "elsewhere"}
    assert "another one does, and counts" in rebuilt.oddities[0]


def test_an_answer_in_the_cell_of_another_stays_there_and_its_own_cell_says_so():
    both = f"{ANSWER}\n\ndef g(x):\n    return 3 * x"
    rebuilt = rebuilt_from(answer_cell(both), answer_cell(OTHER_STUB, "g"), release=TWO)
    assert [cell.source for cell in rebuilt.notebook.cells] == [
        "import numpy as np",
        both,
        "# Another cell defines g; that one counts.",
        "The end",
    ]


def test_that_another_cell_defines_it_too_is_noted_and_stays_noted():
    rebuilt = rebuilt_from(answer_cell(ANSWER), new_code_cell("def f(x):\n    return 0"))
    assert rebuilt.oddities == ("f: f is defined in another cell, too; the exercise's own counts",)


def test_the_students_order_is_kept_and_what_was_given_comes_first():
    cells = [answer_cell("def g(x):\n    return 1", "g"), answer_cell(ANSWER), *TWO.cells[:1]]
    sources = [cell.source for cell in rebuilt_from(*cells, release=TWO).notebook.cells]
    assert sources == ["import numpy as np", "def g(x):\n    return 1", "The end", ANSWER]


def test_an_essay_that_was_split_is_joined():
    release = new_notebook(cells=[ESSAY])
    cells = [copy.deepcopy(ESSAY) for _ in range(4)]
    written = ["One.", "YOUR ANSWER HERE", "Two.", "One."]
    for number, (cell, source) in enumerate(zip(cells, written, strict=True)):
        cell.id, cell.source = f"part-{number}", source
    rebuilt = rebuilt_from(*cells, release=release)
    assert [cell.source for cell in rebuilt.notebook.cells] == ["One.\n\nTwo."]


def test_metadata_of_ours_in_a_submission_can_be_anything():
    for ours in (3, {"part_of": 3}, {"note": "x"}, {"note": ["elsewhere"]}, {"part_of": "f"}):
        cell = new_code_cell(ANSWER, metadata={"coursekit": ours})
        assert answer_in(handed_in([cell, check_cell()])) == ANSWER


def test_own_cells_without_end_are_not_looked_at_without_end():
    long = [new_code_cell("k = 1\n" + "#" * 19_000) for _ in range(100)]
    assert len(sources(handed_in([answer_cell("def f(x):\n    return k"), *long]))) <= 3 + 22


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


def test_each_cell_is_parsed_a_bounded_number_of_times(monkeypatch):
    work = []
    parse = ast.parse
    monkeypatch.setattr(cell_names.ast, "parse", lambda text: work.append(text) or parse(text))
    for count in (100, 200):
        cell_names.cell_names.cache_clear()
        work.clear()
        own = [new_code_cell(f"def g{k}(x):\n    return g{k + 1}(x)") for k in range(count)]
        rebuild(RELEASE, handed_in([*own, answer_cell("def f(x):\n    return g0(x)")]))
        assert len(work) <= 2 * count + 4


def test_of_a_students_own_cells_as_many_characters_are_parsed_as_nobody_needs():
    own = [new_code_cell(f"def g{k}():\n    pass\n" + "#" * 19_000) for k in range(60)]
    calls = "def f(x):\n    return g0() + g59()"
    rebuilt = rebuild(RELEASE, handed_in([*own, answer_cell(calls)])).notebook
    assert "def g0()" in str(rebuilt)
    assert "def g59()" not in str(rebuilt)
