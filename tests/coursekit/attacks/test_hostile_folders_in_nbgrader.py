"""A file is only a file, and a name only a name: for nbgrader's own commands and pages."""

import csv
import gc
import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.apps.exportapp import ExportApp
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.server_extensions.formgrader import base, handlers
from tests.coursekit.attacks.courses import grade, our_course
from tests.coursekit.attacks.hostile_folders import (
    HONEST_NAMES,
    HOSTILE_NAMES,
    KEY,
    honest,
    plant_beside,
    plant_files,
    plant_folders,
)

from coursekit.authoring.render import grade_metadata
from coursekit.courses import CONFIG_TEMPLATE, Course, init_course
from coursekit.names import PUNCTUATION, fault_of_name
from coursekit.nbgrader_out.converters import (
    generate_assignment,
    load_config,
    programs_on_path,
    run_converter,
)
from coursekit.nbgrader_out.gradebook import read_scores
from coursekit.nbgrader_plugin.export import COLUMNS, NAMES, QuotedCsv

pytestmark = pytest.mark.xdist_group("hostile folders")
CONFIG_OF_EARLIER_COURSES = """\
c = get_config()
c.CourseDirectory.course_id = "backpropagation"
c.Autograde.exporter_class = "coursekit.frame.exporter.RebuildingExporter"
c.Autograde.autograde_preprocessors = [
    "coursekit.frame.preprocessor.JudgePreprocessor",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""


@pytest.fixture(scope="module")
def autograded(tmp_path_factory):
    """A class after `nbgrader autograde` and `nbgrader generate_feedback`, as an old course."""
    folder = tmp_path_factory.mktemp("autograded")
    (folder / "id_ed25519").write_text(KEY, encoding="utf-8")
    course = our_course(folder / "course", [])
    course.config.write_text(CONFIG_OF_EARLIER_COURSES, encoding="utf-8")
    said = plant_files(course) | plant_folders(course)
    for name in HOSTILE_NAMES.values():
        honest(course, name)
    plant_beside(course, folder / "id_ed25519")
    honest(course, "renamed", "homework.ipynb")
    honest(course, "bad-time").with_name("timestamp.txt").write_text("garbage", encoding="utf-8")
    os.mkfifo(honest(course, "pipe-time").with_name("timestamp.txt"))
    by_nbgrader(course, "target")
    return course, said


def by_nbgrader(course: Course, assignment: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_converter(Autograde, course, assignment)
        run_converter(GenerateFeedback, course, assignment)


def test_links_earn_nothing_and_the_rest_of_the_class_is_graded(autograded):
    course, said = autograded
    scores = {name: score.score for name, score in read_scores(course, "target").items()}
    right = {"honest", "beside", "renamed", "bad-time", "pipe-time"}
    passed_over = {"student-loop"}  # nbgrader finds nothing there
    assert scores == dict.fromkeys(said.keys() - passed_over, 0) | dict.fromkeys(right, 4)


def test_no_name_that_acts_comes_into_the_gradebook(autograded):
    assert not [name for name in read_scores(autograded[0], "target") if fault_of_name(name)]


def test_files_beside_the_notebook_are_copied_and_links_are_not(autograded):
    course = autograded[0]
    for place in ("autograded", "feedback"):
        folder = course.root / place / "beside" / "target"
        names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        assert {"mine.txt", "deep/data.csv"} <= names
        assert not {name for name in names if name.endswith(("key.txt", "notes.txt", "hard.txt"))}
        assert not {name for name in names if "solutions" in name or not name.isprintable()}


def test_neither_key_nor_secret_nor_solution_goes_back(autograded):
    course = autograded[0]
    marks = (KEY.encode(), course.secret, b"BEGIN SOLUTION")
    for place in ("autograded", "feedback"):
        for path in (course.root / place).rglob("*"):
            assert not path.is_symlink()
            if path.is_file():
                assert not any(mark in path.read_bytes() for mark in marks), path


def test_the_copies_are_removed_with_the_converter(autograded):
    gc.collect()  # nbgrader's converter and its exporter know each other
    assert not list((autograded[0].root / ".results").glob("handed-in-*"))


def test_ordinary_notebooks_have_their_files_beside_and_no_links(tmp_path):
    (tmp_path / "id_ed25519").write_text(KEY, encoding="utf-8")
    course = our_course(tmp_path / "course", [])
    solution = "def one():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
    metadata = [grade_metadata("own-one", solution=True), grade_metadata("own-check", points=2)]
    sources = zip((solution, "assert one() == 1"), metadata, strict=True)
    source = new_notebook(
        cells=[new_code_cell(text, metadata={"nbgrader": kind}) for text, kind in sources]
    )
    course.source("own").mkdir()
    nbformat.write(source, course.source("own") / "own.ipynb")
    (course.source("own") / "data.csv").write_text("1,2\n", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        generate_assignment(course, "own")
    for student in ("ann", "eve"):
        folder = course.submitted() / student / "own"
        folder.mkdir(parents=True)
        (folder / "helper.py").write_text("x = 1\n", encoding="utf-8")
        (folder / "key.txt").symlink_to(tmp_path / "id_ed25519")
    answer = nbformat.read(course.release("own") / "own.ipynb", as_version=4)
    answer.cells[0].source = "def one():\n    return 1"
    nbformat.write(answer, course.submitted() / "ann" / "own" / "own.ipynb")
    (course.submitted() / "eve" / "own" / "own.ipynb").symlink_to("../../../source/own/own.ipynb")
    by_nbgrader(course, "own")
    scores = read_scores(course, "own")
    assert (scores["ann"].score, scores["eve"].score) == (2, 0)
    for place in ("autograded", "feedback"):
        names = {path.name for path in (course.root / place / "ann" / "own").iterdir()}
        assert names >= {"helper.py", "data.csv"}
        assert "key.txt" not in names


@pytest.mark.parametrize("name", HONEST_NAMES)
def test_honest_names_are_taken(name):
    assert fault_of_name(name) == ""


@pytest.mark.parametrize("kind", HOSTILE_NAMES)
def test_hostile_names_are_not(kind):
    said = fault_of_name(HOSTILE_NAMES[kind])
    assert said
    assert said.isprintable()


PAGES = {
    "manage_students_assignments.tpl": {},
    "manage_students_notebook_submissions.tpl": {"assignment_id": "ps1"},
}


def shapes_of(name: str) -> list[tuple[list[object], str]]:
    """Of nbgrader's pages for a student: the tags, and what the script takes for the name."""
    templates = Environment(loader=FileSystemLoader([handlers.template_path]))  # as formgrader has
    shapes = []
    for page, other in PAGES.items():
        html = templates.get_template(page).render(student_id=name, base_url="", **other)
        soup = BeautifulSoup(html, "html.parser")
        script = next(s.string for s in soup("script") if s.string and "student_id" in s.string)
        line = next(line for line in script.splitlines() if "var student_id" in line)
        tags = [(tag.name, sorted(tag.attrs)) for tag in soup.find_all()]
        shapes.append((tags, json.loads(line.removeprefix("var student_id = ").rstrip(";"))))
    return shapes


@pytest.mark.parametrize("name", [*HONEST_NAMES, f"a{PUNCTUATION}a"])
def test_formgrader_shows_a_name_as_a_name(name):
    assert [tags for tags, _ in shapes_of(name)] == [tags for tags, _ in shapes_of("ann")]
    assert {said for _, said in shapes_of(name)} == {name}
    assert unquote(name) == name  # formgrader's links do not quote it, its server unquotes it


@pytest.mark.parametrize("kind", ["markup", "quotes", "backslash", "line"])
def test_formgrader_would_run_or_break_at_what_is_refused(kind):
    try:
        shapes = shapes_of(HOSTILE_NAMES[kind])
    except (ValueError, StopIteration):
        return
    assert [tags for tags, _ in shapes] != [tags for tags, _ in shapes_of("ann")]


@pytest.fixture
def formgraders_api(monkeypatch, tmp_path):
    """Formgrader's interface to a class of such names, as a new course's configuration makes it."""
    monkeypatch.setattr(base, "NbGraderAPI", base.NbGraderAPI)
    course = init_course(tmp_path / "course")
    for name in ["ann", "pipe", *HOSTILE_NAMES.values()]:
        (course.submitted() / name / "ps1").mkdir(parents=True)
    (course.submitted() / "ann" / "ps1" / "timestamp.txt").write_text("garbage", encoding="utf-8")
    os.mkfifo(course.submitted() / "pipe" / "ps1" / "timestamp.txt")
    config = load_config(course)
    with programs_on_path():
        yield base.NbGraderAPI(CourseDirectory(config=config), config=config)


def test_formgrader_sees_no_name_that_acts_and_waits_for_no_pipe(formgraders_api):
    assert {student["id"] for student in formgraders_api.get_students()} == {"ann", "pipe"}
    found = formgraders_api.get_submissions("ps1")
    assert {entry["student"]: entry["timestamp"] for entry in found} == {"ann": None, "pipe": None}


def test_formgrader_by_itself_would_see_them(formgraders_api):
    stock = NbGraderAPI(formgraders_api.coursedir, config=formgraders_api.config)
    assert HOSTILE_NAMES["markup"] in stock.get_submitted_students("ps1")


def test_what_nbgrader_logs_does_not_act_in_a_terminal(tmp_path):
    course = init_course(tmp_path / "course")
    (course.root / "autograded" / "a\x1b]0;pwned\x07\n[99] mallory" / "ps1").mkdir(parents=True)
    nbgrader = Path(sys.executable).parent / "nbgrader"
    done = subprocess.run(
        [nbgrader, "generate_feedback", "ps1"],
        cwd=course.root,
        capture_output=True,
        encoding="utf-8",
    )
    assert "Logging error" not in done.stderr
    assert "a\\x1b]0;pwned\\x07\\n[99] mallory" in done.stderr
    assert done.stderr.replace("\n", "").isprintable()


def exported(course: Course, place: Path) -> list[dict[str, str]]:
    app = ExportApp(config=load_config(course))
    plugin = app.plugin_class(parent=app, config=load_config(course))
    plugin.to = str(place)
    with Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        plugin.export(gradebook)
    with place.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_export_has_its_columns_and_no_formula_whatever_the_names(tmp_path):
    course = our_course(tmp_path / "course", [])
    names = [*HONEST_NAMES, *(name for name in HOSTILE_NAMES.values() if name.isprintable())]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
            for name in names:
                gradebook.update_or_create_student(name, last_name="=2+2", first_name='x,"y')
            gradebook.update_or_create_submission("target", "ann")
        rows = exported(course, tmp_path / "grades.csv")
    assert len(rows) == len(names)
    assert {row["student_id"].removeprefix("'") for row in rows} == {
        name.removeprefix("'") for name in names
    }
    for row in rows:
        assert tuple(row) == COLUMNS
        assert not [row[name] for name in NAMES if row[name].startswith(("=", "+", "-", "@"))]
        assert (row["first_name"], row["score"], row["max_score"]) == ('x,"y', "0.0", "4.0")
    assert (tmp_path / "grades.csv").stat().st_mode & 0o077 == 0


def test_where_the_export_does_not_quote_a_comma_is_said(tmp_path):
    course = our_course(tmp_path / "course", [])
    honest(course, "Doe, Jane")
    assert grade(course)["Doe, Jane"].oddities == ()
    course.config.write_text(CONFIG_OF_EARLIER_COURSES, encoding="utf-8")
    (said,) = grade(course)["Doe, Jane"].oddities
    assert "c.ExportApp.plugin_class" in said


def test_a_new_course_exports_in_this_way(tmp_path):
    shutil.copy(CONFIG_TEMPLATE, tmp_path / "nbgrader_config.py")
    assert ExportApp(config=load_config(Course(tmp_path))).plugin_class is QuotedCsv
