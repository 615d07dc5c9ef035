"""Ordinary nbgrader notebooks: what the instructor is told, and what is refused."""

import nbformat
import pytest
from nbformat.v4 import new_notebook
from tests.coursekit.test_earlier_courses import EARLIER
from tests.coursekit.test_parity import cell

from coursekit.cli import main
from coursekit.courses import CONFIG_TEMPLATE, init_course
from coursekit.errors import CourseError
from coursekit.grading.limit_notes import limit_met
from coursekit.grading.ordinary import language_of, released_notebooks
from coursekit.nbgrader_out.converters import generate_assignment, load_config
from coursekit.nbgrader_out.gradebook import read_scores
from coursekit.sandbox.limits import ORDINARY
from coursekit.sandbox.outcomes import CellReport, ErrorReport

SOLUTION = "### BEGIN SOLUTION\nanswer = 1\n### END SOLUTION"


def source(course, name, tests, kernel=None):
    """Put an assignment with one notebook into a course, and release it."""
    cells = [cell(SOLUTION, "answer", solution=True)]
    cells += [cell(text, grade_id, points=2) for grade_id, text in tests.items()]
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel} if kernel else {})
    folder = course.source(name)
    folder.mkdir()
    nbformat.write(notebook, folder / f"{name}.ipynb")
    generate_assignment(course, name)


def hand_in(course, name, student="ann", files=None):
    folder = course.submitted() / student / name
    folder.mkdir(parents=True)
    notebook = nbformat.read(course.release(name) / f"{name}.ipynb", as_version=4)
    notebook.cells[0].source = "answer = 1"
    nbformat.write(notebook, folder / f"{name}.ipynb")
    for path, content in (files or {}).items():
        (folder / path).write_bytes(content)


@pytest.fixture
def course(tmp_path):
    return init_course(tmp_path / "course")


def grade(course, name, capsys):
    status = main(["grade", name, "--course", str(course.root), "--jobs", "1"])
    found = capsys.readouterr()
    return status, " ".join((found.out + found.err).split())


# Languages

R = {"name": "ir", "display_name": "R", "language": "R"}


def test_a_notebook_in_another_language_is_released_as_in_stock(course):
    source(course, "lab", {"test": "stopifnot(answer == 1)"}, R)
    released = nbformat.read(course.release("lab") / "lab.ipynb", as_version=4)
    assert "fail()" in released.cells[0].source


def test_it_is_refused_in_grading_with_a_word_and_nobody_gets_a_grade(course, capsys):
    source(course, "lab", {"test": "stopifnot(answer == 1)"}, R)
    hand_in(course, "lab")
    status, said = grade(course, "lab", capsys)
    assert status == 2
    assert "lab/lab.ipynb is in R, and only Python is graded here" in said
    assert "`nbgrader autograde` in a course of stock nbgrader" in said
    assert read_scores(course, "lab") == {}


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({}, "Python"),
        ({"kernelspec": {"name": "rt_grader"}}, "Python"),
        ({"kernelspec": {"name": "python3", "language": "python"}}, "python"),
        ({"language_info": {"name": "python"}}, "python"),
        ({"kernelspec": {"name": "ir"}}, "R"),
        ({"kernelspec": {"name": "x"}, "language_info": {"name": "octave"}}, "octave"),
    ],
)
def test_a_notebook_says_its_language(metadata, language):
    assert language_of(nbformat.from_dict({"metadata": metadata})) == language


def test_the_stub_of_a_course_is_ours_for_python_alone(course):
    from nbgrader.preprocessors import ClearSolutions

    for config in (CONFIG_TEMPLATE.read_text(encoding="utf-8"), EARLIER):
        course.config.write_text(config, encoding="utf-8")
        stubs = load_config(course).ClearSolutions.code_stub
        assert stubs["python"].startswith("# your code here")
        whole = set(stubs) == set(ClearSolutions().code_stub)
        assert whole == (config != EARLIER)


# What the instructor is told


@pytest.mark.tier("auto")
def test_a_test_that_is_worth_more_than_its_points_is_reported(course, capsys):
    source(course, "week", {"too-much": "3.0", "right": "2.0"})
    hand_in(course, "week")
    status, said = grade(course, "week", capsys)
    assert status == 0
    assert "ann 2 of 4" in said
    assert "week, too-much: the value of the test is no score that its points allow" in said


@pytest.mark.tier("auto")
def test_points_that_a_limit_cost_are_named_and_more_can_be_given(course, capsys):
    files = {"large.bin": b"x" * 2**20}
    tests = {
        "writes": "import numpy as np\nnp.save('made.npy', np.zeros(2**18))",
        "memory": "np.empty(2**27)",
        "reads": "assert len(open('large.bin').read()) == 2**20",
    }
    source(course, "week", tests)
    hand_in(course, "week", files=files)
    settings = course.root / "course.toml"
    settings.write_text("limits.ordinary = {file_mb = 1, memory_mb = 512}\n", encoding="utf-8")
    _, said = grade(course, "week", capsys)
    assert "ann 2 of 6" in said
    assert "week, writes: OSError: " in said
    assert "file_mb = 1, folder_mb = 2048; more can be given in [limits.ordinary]" in said
    assert "week, memory: " in said
    assert "memory_mb = 512" in said
    settings.write_text("", encoding="utf-8")
    _, said = grade(course, "week", capsys)
    assert "ann 6 of 6" in said
    assert "a limit" not in said


MET = {
    "cell_seconds = 60": CellReport("a", "hung", "it ran for more than 60 s"),
    "memory_mb = 4096": CellReport("a", "crashed", "it used more than 8192 MB of memory"),
    "folder_mb = 2048": CellReport("a", "crashed", "it wrote more than 2048 MB, or more than 1"),
    "processes = 256": CellReport("a", "crashed", "it started more than 256 processes and"),
    "open_files = 1024": ("OSError", "[Errno 24] Too many open files: 'x'"),
    "file_mb = 1024": ("OSError", "[Errno 27] File too large"),
    "shared_memory_mb = 512": ("OSError", "[Errno 28] No space left on device"),
    "processes = 256,": ("RuntimeError", "can't start new thread"),
}


@pytest.mark.parametrize("setting", MET)
def test_a_limit_that_was_met_is_named_as_it_can_be_set(setting):
    report = MET[setting]
    if isinstance(report, tuple):
        report = CellReport("a", "error", error=ErrorReport(*report, ""))
    assert setting.strip(",") in limit_met(report, ORDINARY)


@pytest.mark.parametrize("error", [("ValueError", "x"), ("OSError", "[Errno 2] No such file")])
def test_another_error_is_no_limit(error):
    report = CellReport("a", "error", error=ErrorReport(*error, ""))
    assert limit_met(report, ORDINARY) == ""


# Files and results


@pytest.mark.tier("auto")
def test_another_file_beside_the_notebook_is_another_submission(course, capsys):
    source(course, "week", {"own": "import mine\nassert mine.x == 1"})
    hand_in(course, "week", files={"mine.py": b"x = 1\n"})
    assert "ann 2 of 2" in grade(course, "week", capsys)[1]
    (course.submitted() / "ann" / "week" / "mine.py").write_bytes(b"x = 2\n")
    assert "ann 0 of 2" in grade(course, "week", capsys)[1]


def test_a_release_that_does_not_fit_is_refused_before_anybody_is_graded(course, capsys):
    source(course, "week", {"own": "1"})
    hand_in(course, "week")
    (course.release("week") / "large").write_bytes(bytes(2**20 + 1))
    (course.root / "course.toml").write_text("limits.ordinary.file_mb = 1\n", encoding="utf-8")
    status, said = grade(course, "week", capsys)
    assert status == 2
    assert "does not fit beside a notebook: it has 1 MB, and file_mb is 1; raise that in" in said


@pytest.mark.tier("auto")
def test_packages_of_ordinary_notebooks_can_be_chosen(course, capsys):
    source(course, "week", {"there": "import sklearn", "always": "import numpy"})
    hand_in(course, "week")
    settings = course.root / "course.toml"
    settings.write_text("packages.ordinary = []\n", encoding="utf-8")
    assert "ann 2 of 4" in grade(course, "week", capsys)[1]
    settings.write_text("packages.ordinary = ['scikit-learn']\n", encoding="utf-8")
    assert "ann 4 of 4" in grade(course, "week", capsys)[1]


def test_what_is_not_released_is_said(course):
    with pytest.raises(CourseError, match="week is not released"):
        released_notebooks(course, "week")
