"""A class from release to gradebook, with the sample class that ``course demo`` makes."""

import inspect
import json
import os
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from nbgrader.converters import GenerateFeedback
from tests.coursekit.tiers import first_tier
from tests.leaks import all_exercises, leaks

from coursekit.authoring.masters import find_master, read_master
from coursekit.cli import main
from coursekit.commands.report import summary
from coursekit.course_lock import only_run
from coursekit.courses import Course
from coursekit.demo import sample_answers
from coursekit.grading.judge import PRELUDE, Examiner
from coursekit.grading.needed_names import words_behind
from coursekit.grading.results import Result, load_result
from coursekit.nbgrader_out.converters import run_converter
from coursekit.nbgrader_out.gradebook import read_scores
from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.outcomes import Cell
from coursekit.seeds import exercise_rng

SAMPLE = read_master(find_master("ps1"))
POINTS = SAMPLE.points
EXPECTED = {
    "ada-right": POINTS,
    "carl-wrong-cost": POINTS - 1.6,  # one pattern is its own mean
    "dina-wrong-deltas": POINTS - 3,
    "emil-empty": 0,
    "fatima-untouched": 0,
    "gus-cell-deleted": POINTS - 2,
    "hana-not-a-notebook": 0,
    "wei-wrong-logistic": POINTS - 2,
}

pytestmark = [pytest.mark.xdist_group("class run"), pytest.mark.tier("auto")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "course"
    os.environ["PYTHONWARNINGS"] = "ignore"  # the libraries' own, in processes that they start
    status = main(["demo", str(folder)])
    return Course(folder), status


def test_nobody_stops_the_others_and_everybody_has_a_score(demo):
    course, status = demo
    assert status == 0
    scores = read_scores(course, "ps1")
    assert {student: score.score for student, score in scores.items()} == pytest.approx(EXPECTED)
    assert {score.max_score for score in scores.values()} == {POINTS}


def test_a_mistake_costs_its_own_exercise_only(demo):
    by_exercise = read_scores(demo[0], "ps1")["carl-wrong-cost"].by_exercise
    right = {exercise.id: exercise.points for exercise in SAMPLE.exercises}
    assert by_exercise == right | {"ps1-mean-cost": 0.4}


@pytest.mark.parametrize("student", EXPECTED)
def test_everybody_gets_a_feedback_page(demo, student):
    page = demo[0].root / "feedback" / student / "ps1" / "ps1.html"
    score = rf"Score: {EXPECTED[student]:g}(\.0)? / {POINTS:g}"
    assert re.search(score, page.read_text(encoding="utf-8"))


def test_nbgraders_own_command_reaches_the_same_judge_and_leaves_the_same_grades(demo):
    course = demo[0]
    before = read_scores(course, "ps1")
    nbgrader = Path(sys.executable).parent / "nbgrader"
    environment = os.environ | {"PATH": f"{nbgrader.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [str(nbgrader), "autograde", "ps1", "--force"]
    done = subprocess.run(
        command,
        cwd=course.root,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=3600,
    )
    assert done.returncode == 0, done.stderr
    assert read_scores(course, "ps1") == before


@pytest.mark.parametrize("student", ["carl-wrong-cost", "emil-empty"])
def test_a_feedback_page_says_what_nbgraders_own_says(demo, student):
    course = demo[0]
    ours = course.root / "feedback" / student / "ps1" / "ps1.html"
    words = words_of(ours)
    ours.unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_converter(GenerateFeedback, course, "ps1", student)
    assert words == words_of(ours)


def test_the_contents_of_a_feedback_page_name_the_exercises(demo):
    page = demo[0].root / "feedback" / "dina-wrong-deltas" / "ps1" / "ps1.html"
    entries = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("#toc li")
    assert "ps1-output-deltas (Score: 0.0 / 3.0)" in [entry.get_text() for entry in entries]
    assert not any("Test cell" in entry.get_text() for entry in entries)


def words_of(page):
    """What a page shows, in order and without blanks: how it is set may differ.

    Formulas are as TeX.
    """
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    for formula in soup.select(".katex"):
        formula.replace_with(formula.annotation.get_text())
    ours_alone = "#toc, .groups, .read"
    for part in [*soup(["script", "style", "title"]), *soup.select(ours_alone)]:
        part.decompose()
    return "".join(soup.get_text().replace("$", "").split())


def test_every_graded_notebook_is_valid(demo):
    graded = sorted(demo[0].root.glob("autograded/*/ps1/ps1.ipynb"))
    assert len(graded) == len(EXPECTED)
    for path in graded:
        nbformat.validate(nbformat.read(path, as_version=nbformat.NO_CONVERT))


def test_feedback_says_what_is_wrong(demo):
    page = (demo[0].root / "feedback" / "carl-wrong-cost" / "ps1" / "ps1.html").read_text(
        encoding="utf-8"
    )
    assert "mean_cost: a value is not right." in page


def test_the_release_holds_notebook_checks_and_cases_and_nothing_else(demo):
    names = {path.name for path in demo[0].release("ps1").iterdir()}
    extras = {"README.md", "requirements.txt"}
    assert names == {"ps1.ipynb", "checks.py", "ps1_cases.npz"} | extras


def test_no_body_of_a_solution_is_in_the_release(demo):
    folder = demo[0].release("ps1")
    notebook = nbformat.read(folder / "ps1.ipynb", as_version=4)
    texts = [
        "\n".join(cell.source for cell in notebook.cells),
        (folder / "checks.py").read_text(encoding="utf-8"),
    ]
    assert leaks(texts, all_exercises()) == set()


def test_a_body_in_a_release_would_be_found(demo):
    source = nbformat.read(demo[0].source("ps1") / "ps1.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in source.cells)
    assert leaks([text], all_exercises()) >= {"ps1-mean-cost", "ps1-output-deltas"}


def test_neither_reference_nor_secret_is_in_the_release(demo):
    course = demo[0]
    for path in course.release("ps1").iterdir():
        content = path.read_bytes()
        assert b"import backprop" not in content
        assert b"from backprop" not in content
        assert course.secret not in content
        assert course.secret.hex().encode() not in content


def test_the_released_notebook_is_a_valid_notebook_for_nbgrader(demo):
    notebook = json.loads((demo[0].release("ps1") / "ps1.ipynb").read_text(encoding="utf-8"))
    ids = [
        c["metadata"]["nbgrader"]["grade_id"]
        for c in notebook["cells"]
        if "nbgrader" in c["metadata"]
    ]
    assert len(ids) == len(set(ids)) == 2 * len(SAMPLE.exercises)


def test_a_demo_is_made_anew_but_no_other_folder(demo, tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    assert main(["demo", str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err


def test_a_second_run_judges_nobody_again_and_changes_no_grade(demo, monkeypatch):
    course = demo[0]
    before = read_scores(course, "ps1")
    files = {path: path.stat().st_mtime_ns for path in course.results("ps1").iterdir()}
    assert len(files) == 2 * len(EXPECTED)
    assert main(["grade", "ps1", "--course", str(course.root), "--jobs", "1"]) == 0
    assert {path: path.stat().st_mtime_ns for path in course.results("ps1").iterdir()} == files
    assert read_scores(course, "ps1") == before


def test_the_json_file_says_outcome_points_and_mistake_of_every_exercise(demo, tmp_path):
    file = tmp_path / "results.json"
    assert main(["grade", "ps1", "--course", str(demo[0].root), "--json", str(file)]) == 0
    results = json.loads(file.read_text(encoding="utf-8"))
    assert {student: entry["score"] for student, entry in results.items()} == pytest.approx(
        EXPECTED
    )
    carl = results["carl-wrong-cost"]["exercises"]["ps1-mean-cost"]
    assert (carl["outcome"], carl["misconception"]) == ("failed", "sum-for-mean")
    assert (carl["points"], carl["max_points"]) == (0.4, 2)
    assert "You add up the costs of all patterns" in carl["message"]
    assert results["hana-not-a-notebook"]["oddities"]
    tiers = {entry["sandbox"].split()[0] for entry in results.values()}
    assert tiers == {first_tier()}


def test_the_summary_says_in_which_tier_the_class_was_graded(demo, capsys):
    course, (result, *_) = demo[0], load_results(demo[0])
    landlock = replace(result, sandbox="landlock (bwrap does not start)")
    lines = summary(course, [result, result, Result("ben", "ps1", ())], 1.0).splitlines()
    assert lines[3:] == [f"sandbox:   {result.sandbox}"]
    assert result.sandbox.startswith(f"{first_tier()} (")
    lines = summary(course, [result, landlock], 1.0).splitlines()
    assert set(lines[3:]) == {f"sandbox:   {r.sandbox}" for r in (result, landlock)}


def load_results(course):
    return [load_result(path) for path in course.results("ps1").glob("*.json")]


def test_two_class_runs_cannot_be_on_at_once(demo, capsys):
    with only_run(demo[0]):
        assert main(["grade", "ps1", "--course", str(demo[0].root)]) == 2
    assert "another class run or collection is on" in capsys.readouterr().err


def test_another_attempt_meets_other_inputs_and_the_same_bytes_the_same():
    def draw(sources, student="ada"):
        return exercise_rng(b"s" * 32, student, "ps1", "ps1-logistic", sources).random()

    assert draw(["a", "b"]) == draw(["a", "b"])
    others = {draw(["a", "c"]), draw(["ab", ""]), draw(["a", "b"], "ben")}
    assert len(others | {draw(["a", "b"])}) == 4


def test_a_mistake_is_named_although_an_earlier_function_fails_with_an_error():
    master = read_master(find_master("ps1"))
    broken = "def hidden_deltas(W_next, delta_next, a):\n    return W_next @ delta_next"
    uphill = inspect.getsource(sample_answers.train_step).replace(
        "- learning_rate", "+ learning_rate"
    )
    right = inspect.getsource(sample_answers)
    cells = [Cell("right", right), Cell("broken", broken), Cell("uphill", uphill)]
    exercise = next(e for e in master.exercises if e.reference.name == "train_step")
    with open_pool() as pool, pool.submission([PRELUDE, *cells]) as run:
        exercises = master.exercises[: master.exercises.index(exercise) + 1]
        results = Examiner(run, [cell.source for cell in cells]).judge(
            (each, np.random.default_rng(1)) for each in exercises
        )
    found = {each.reference.name: result for each, result in zip(exercises, results, strict=True)}
    assert found["hidden_deltas"].points == 0
    assert found["train_step"].misconception == "uphill"


def test_who_measures_with_an_earlier_function_that_fails_loses_no_point_by_that():
    wrong_difference = "def central_difference(f, x, h=2.0**-17):\n    return (f(x + h) - f(x)) / h"
    measured = (
        "def shared_weight_slope(w, x, y):\n"
        "    def cost(v):\n"
        "        a = 1 / (1 + np.exp(-v / (1 + np.exp(-v * x))))\n"
        "        return (a - y) ** 2 / 2\n"
        "    return central_difference(cost, w, 1e-5)"
    )
    cells = [Cell("head", "import numpy as np"), Cell("1", wrong_difference), Cell("2", measured)]
    master = read_master(find_master("ps1"))
    asked = [each for each in master.exercises if each.id.endswith(("difference", "shared-weight"))]
    with open_pool() as pool, pool.submission([PRELUDE, *cells]) as run:
        results = Examiner(run, [cell.source for cell in cells]).judge(
            (exercise, np.random.default_rng(1)) for exercise in asked
        )
    assert [result.outcome for result in results] == ["failed", "passed"]


def test_a_function_needs_what_its_cells_name_directly_or_through_others():
    sources = [
        "def f(x):\n    return g(x)",
        "helper = h",
        "def g(x):\n    return helper(x)",
        "q = 1",
    ]
    assert {"g", "helper", "h"} <= words_behind("f", sources)
    assert "q" not in words_behind("f", sources)
    assert "f" not in words_behind("g", sources)
    assert "g" in words_behind("f", ["q, f = 1, g"])
    assert "g" in words_behind("f", ["if True:\n    def f(x):\n        return g(x)"])
    assert "g" in words_behind("f", ["globals()['f'] = lambda x: g(x)"])
