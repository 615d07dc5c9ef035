"""Laptop and grading agree: on right answers in unusual form, and whatever an editor left."""

import copy
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from tests.coursekit.students import editors, laptop
from tests.coursekit.students.editors import EDITORS
from tests.coursekit.students.forms import FORMS
from tests.coursekit.students.variants import VARIANTS
from tests.some_of_many import some_of

from coursekit.authoring.masters import Master
from coursekit.authoring.release import read_problem_set, release
from coursekit.courses import Course, init_course
from coursekit.demo import sample_answers
from coursekit.demo.sample_class import answered, source_as
from coursekit.grading.judge import judge
from coursekit.grading.results import ExerciseResult
from coursekit.sandbox.opening import open_pool
from coursekit.submissions.rebuild import Rebuilt, rebuild

pytestmark = [pytest.mark.slow, pytest.mark.tier("auto"), pytest.mark.xdist_group("agreement")]

ROUNDS = max(map(len, FORMS.values()))
LEFT_BY = Path(editors.__file__).with_name("left_by")
LEFT = sorted(path.stem for path in LEFT_BY.glob("*.ipynb"))
NOTEBOOKS = [*VARIANTS, *(f"left by {name}" for name in LEFT)]


@dataclass(frozen=True)
class Seen:
    """What became of a notebook on both sides."""

    outputs: list[str]
    summary: dict[str, str]
    rebuilt: Rebuilt
    results: dict[str, ExerciseResult]


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    made = init_course(tmp_path_factory.mktemp("agreement") / "course")
    release(made, "ps1")
    return made


@pytest.fixture(scope="module")
def master(course) -> Master:
    return read_problem_set(course, "ps1")


@pytest.fixture(scope="module")
def given(course) -> nbformat.NotebookNode:
    return nbformat.read(course.release("ps1") / "ps1.ipynb", as_version=4)


@pytest.fixture(scope="module")
def right(master) -> dict[str, str]:
    return {
        exercise.id: source_as(exercise, getattr(sample_answers, exercise.reference.name))
        for exercise in master.exercises
    }


@pytest.fixture(scope="module")
def wanted(request) -> set[str]:
    """The notebooks that tests of this run ask for."""
    asked = (getattr(item, "callspec", None) for item in request.session.items)
    return {spec.params["name"] for spec in asked if spec and "name" in spec.params}


@pytest.fixture(scope="module")
def seen(course, master, given, right, wanted, tmp_path_factory) -> dict[str, Seen]:
    """The notebooks through both: one process for the laptop, one worker for grading."""
    notebooks = {}
    for number in range(ROUNDS):
        forms = {name: forms[number] for name, forms in FORMS.items() if number < len(forms)}
        notebooks[f"forms {number}"] = answered(given, right | forms)
    for name, change in VARIANTS.items():
        notebooks[name] = answered(given, right)
        change(notebooks[name])
    for name in LEFT:
        notebooks[f"left by {name}"] = nbformat.read(LEFT_BY / f"{name}.ipynb", as_version=4)
    folder = tmp_path_factory.mktemp("laptops")
    texts = {name: json.dumps(notebooks[name]) for name in notebooks if name in wanted}
    laptops = on_laptops(course, folder, texts)
    found = {}
    with open_pool() as pool:
        for name, text in texts.items():
            rebuilt = rebuild(given, text.encode())
            judged = judge(master, rebuilt.notebook, "ann", course.secret, pool)
            results = {result.id: result for result in judged.exercises}
            found[name] = Seen(**laptops[name], rebuilt=rebuilt, results=results)
    return found


def on_laptops(course: Course, folder: Path, texts: dict[str, str]) -> dict[str, dict]:
    """What the notebooks say where their students run them."""
    places = [folder / str(number) for number in range(len(texts))]
    for place, text in zip(places, texts.values(), strict=True):
        place.mkdir()
        for file in ("checks.py", "ps1_cases.npz"):
            os.link(course.release("ps1") / file, place / file)
        (place / "ps1.ipynb").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", laptop.__name__, *map(str, places)]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", cwd=Path(__file__).parents[2]
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(texts, json.loads(done.stdout.splitlines()[-1]), strict=True))


def test_there_are_enough_of_them():
    assert sum(map(len, FORMS.values())) >= 60
    assert len(VARIANTS) >= 40


@pytest.mark.parametrize("name", [*(f"forms {k}" for k in range(ROUNDS)), *some_of(NOTEBOOKS, 3)])
def test_laptop_and_grading_agree_at_full_points(seen, master, name):
    found = seen[name]
    for exercise in master.exercises:
        result, state = found.results[exercise.id], found.summary[exercise.reference.name]
        assert result.outcome == "passed", (result.message, found.rebuilt.oddities)
        assert state.startswith("complete"), (exercise.id, state)


@pytest.mark.parametrize("name", some_of(NOTEBOOKS, 3))
def test_a_rebuilt_notebook_is_valid_and_rebuilds_to_itself(seen, given, name):
    once = seen[name].rebuilt.notebook
    nbformat.validate(copy.deepcopy(once))
    again = rebuild(given, nbformat.writes(once).encode())
    assert again.notebook == once


@pytest.mark.skipif(
    not (editors.CHROMIUM and editors.DRIVER),
    reason="SKIPPED: chromium and chromedriver are not installed",
)
@pytest.mark.parametrize("package", EDITORS)
def test_an_editor_that_is_driven_leaves_what_is_kept_of_it(package, tmp_path):
    pytest.importorskip(package, reason="SKIPPED: the editor is not installed")
    left = editors.edited(package, tmp_path, editors.notebook_to_edit())
    kept = nbformat.read(LEFT_BY / f"{package}.ipynb", as_version=4)
    assert code_of(left) == code_of(kept)


def code_of(notebook: nbformat.NotebookNode) -> list[tuple[str | None, str]]:
    """The ids and sources of the code cells, in their order."""
    return [
        (cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
