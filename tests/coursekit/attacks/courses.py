"""The corpus in two courses: ours, and one of stock nbgrader with tests of the usual kind."""

import shutil
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tests.coursekit.attacks import corpus_sly  # noqa: F401 - enters its submissions
from tests.coursekit.attacks.corpus import CORPUS, Submission

from coursekit.authoring.render import grade_metadata
from coursekit.courses import Course, init_course
from coursekit.grading.class_run import Settings, grade_class
from coursekit.grading.results import Result
from coursekit.sandbox.limits import Limits

HERE = Path(__file__).parent
LIMITS = Limits(cell_cpu_seconds=1.5, call_cpu_seconds=1.0, patience_seconds=3.0)
"""Smaller than those of a course, so that what never ends is over soon."""

HIDDEN = {
    "target-leaky-check": """\
z = np.array([1.0, -2.0])
np.testing.assert_allclose(leaky(z, 0.1), [1.0, -0.2])
### BEGIN HIDDEN TESTS
value = leaky(np.array([-1.0, 5.0]), 0.3)
assert value.shape == (2,)
assert np.allclose(value, [-0.3, 5.0])
z = np.array([[1.0, -2.0], [3.0, -4.0]])
np.testing.assert_allclose(leaky(z, 0.1), np.where(z > 0, z, 0.1 * z))
### END HIDDEN TESTS""",
    "target-cost-check": """\
assert np.isclose(cost(np.ones(2), np.zeros(2)), 1.0)
### BEGIN HIDDEN TESTS
assert np.isclose(cost(np.arange(3.0), np.ones(3)), 1.0)
### END HIDDEN TESTS""",
}
STOCK_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "stock"
c.ExecutePreprocessor.timeout = 10
c.Execute.timeout = 10
"""


def our_course(folder: Path, names: Iterable[str] = CORPUS) -> Course:
    """A course of ours with the target released and submissions handed in."""
    from coursekit.authoring.release import release

    course = init_course(folder)
    shutil.copy(HERE / "target.md", course.root / "exercises")
    shutil.copytree(HERE / "target", course.root / "exercises" / "target")
    released = release(course, "target") / "target.ipynb"
    hand_in(course, nbformat.read(released, as_version=4), names)
    return course


def hand_in(course: Course, release: nbformat.NotebookNode, names: Iterable[str]) -> None:
    for name in names:
        for path, content in CORPUS[name].files(release).items():
            place = course.submitted() / name / "target" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def grade(course: Course, jobs: int = 2, sandbox: str = "auto") -> dict[str, Result]:
    """Grade the class, by student."""
    settings = Settings(jobs, sandbox, LIMITS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {result.student: result for result in grade_class(course, "target", settings)}


@dataclass(frozen=True)
class Stock:
    """What stock nbgrader makes of a submission: a score, or why there is none."""

    score: float | None
    trouble: str = ""


def stock_course(folder: Path, names: Iterable[str]) -> Course:
    """A course of stock nbgrader with the same exercises, tests in the notebook, some hidden."""
    from coursekit.nbgrader_out.converters import generate_assignment

    course = Course(folder)
    source = course.source("target")
    source.mkdir(parents=True)
    course.config.write_text(STOCK_CONFIG, encoding="utf-8")
    nbformat.write(stock_source(), source / "target.ipynb")
    (source / "checks.py").write_text("def check(function): pass\n", encoding="utf-8")
    generate_assignment(course, "target")
    release = nbformat.read(course.release("target") / "target.ipynb", as_version=4)
    hand_in(course, release, names)
    return course


def stock_source() -> nbformat.NotebookNode:
    """The notebook as an instructor would write it."""
    cells = [
        new_markdown_cell("# A target"),
        new_code_cell("import numpy as np\nfrom checks import check"),
        *stock_exercise("target-leaky", "def leaky(z, slope):\n    return np.where(z > 0, z, 0)"),
        *stock_exercise("target-cost", "def cost(a, y):\n    return 0.5 * np.sum((y - a) ** 2)"),
    ]
    return new_notebook(cells=cells)


def stock_exercise(name: str, solution: str) -> Iterator[nbformat.NotebookNode]:
    head, _, body = solution.partition("\n")
    source = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
    yield new_code_cell(source, metadata={"nbgrader": grade_metadata(name, solution=True)})
    metadata = {"nbgrader": grade_metadata(f"{name}-check", points=2)}
    yield new_code_cell(HIDDEN[f"{name}-check"], metadata=metadata)


def grade_by_stock(course: Course, entry: Submission) -> Stock:
    """Have stock nbgrader grade one submission, in this process."""
    from nbgrader.converters import Autograde

    from coursekit.nbgrader_out.converters import run_converter
    from coursekit.nbgrader_out.gradebook import read_scores

    try:
        run_converter(Autograde, course, "target", entry.name)
    except (Exception, SystemExit) as error:
        return Stock(None, f"no score: {type(error).__name__}")
    scores = read_scores(course, "target")
    if entry.name not in scores or scores[entry.name].score is None:
        return Stock(None, "no score")
    return Stock(scores[entry.name].score)
