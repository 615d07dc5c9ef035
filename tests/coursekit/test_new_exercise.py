"""`course new-exercise` begins an exercise that is accepted at once, and refuses in a sentence."""

import shutil

import nbformat
import pytest

from coursekit import courses
from coursekit.authoring import masters
from coursekit.authoring.masters import MASTERS, read_master
from coursekit.authoring.new_exercise import new_exercise
from coursekit.cli import main
from coursekit.commands import new_exercise as begins
from coursekit.commands import verifying as verifies
from coursekit.courses import init_course
from coursekit.errors import CourseError
from coursekit.verification import verify


@pytest.fixture
def course(tmp_path, monkeypatch):
    made = init_course(tmp_path / "course")
    monkeypatch.chdir(made.root)
    return made


def test_a_set_of_ones_own_is_begun_verified_and_released(course, capsys):
    assert main(["new-exercise", "mine", "row-means", "--points", "2.5"]) == 0
    out = capsys.readouterr().out
    assert "mine/row_means.py" in out
    assert "course verify mine row-means" in out
    assert "table" not in out
    assert main(["verify", "mine", "row-means"]) == 0
    assert "advice" not in capsys.readouterr().out
    assert main(["new-exercise", "mine", "row-sums", "--points", "0"]) == 0
    master = read_master(course.root / "exercises" / "mine.md")
    assert [(e.id, e.points) for e in master.exercises] == [
        ("mine-row-means", 2.5),
        ("mine-row-sums", 0),
    ]
    assert main(["verify", "mine"]) == 0
    capsys.readouterr()
    assert main(["release", "mine"]) == 0
    assert "course verify" not in capsys.readouterr().out
    notebook = nbformat.read(course.release("mine") / "mine.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells]
    assert sources[-1] == "summary()"
    assert any(source.startswith("def row_sums(X):") for source in sources)
    released = "".join(
        path.read_text(errors="replace", encoding="utf-8")
        for path in course.release("mine").iterdir()
    )
    assert "by_product" not in released
    assert "down_the_columns" not in released


def test_a_release_says_which_exercises_verify_has_not_accepted(course, capsys):
    assert main(["new-exercise", "mine", "row-means"]) == 0
    room = course.root / "exercises" / "mine" / "row_means.py"
    whole = room.read_text(encoding="utf-8")
    room.write_text(whole.replace("X.shape[1]) / X.shape[1]", "X.shape[1])"), encoding="utf-8")
    words = "`course verify mine` has not accepted mine-row-means in the form of now"
    for verified in (False, True):
        if verified:
            assert main(["verify", "mine"]) == 1
        capsys.readouterr()
        assert main(["release", "mine"]) == 0
        assert words in capsys.readouterr().out
    room.write_text(whole, encoding="utf-8")
    assert main(["verify", "mine", "row-means"]) == 0
    capsys.readouterr()
    assert main(["release", "mine"]) == 0
    assert words not in capsys.readouterr().out


def test_a_directory_can_be_named_from_anywhere(course, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(["new-exercise", "mine", "row-means", "--course", str(course.root)]) == 0
    assert main(["verify", "mine-row-means", "--course", str(course.root)]) == 0


def test_in_a_checkout_the_tables_of_the_book_take_it_in(tmp_path, monkeypatch, capsys):
    root = tmp_path / "checkout"
    folder = root / "autograder" / "problem_sets"
    shutil.copytree(MASTERS, folder)
    (root / "book").symlink_to(MASTERS.parents[1] / "book", target_is_directory=True)
    (root / "_toc.yml").touch()
    # what is written must not reach the checkout under test
    (root / "book").unlink()
    shutil.copytree(
        MASTERS.parents[1] / "book", root / "book", ignore=shutil.ignore_patterns("_build")
    )
    for module in (courses, masters, verify, begins, verifies):
        monkeypatch.setattr(module, "MASTERS", folder)
    monkeypatch.setattr(masters.find_master, "__defaults__", ((folder,),))
    monkeypatch.setattr(masters.known_problem_sets, "__defaults__", ((folder,),))
    monkeypatch.chdir(tmp_path)
    before = len(read_master(folder / "ps0.md").exercises)
    assert main(["new-exercise", "ps0", "row-means"]) == 0, capsys.readouterr().out
    out = capsys.readouterr().out
    assert f"{root / 'book/teaching/kill_matrix_tables.txt'}: its table in the book; `--wr" in out
    assert "ps0.md: its text, which says that no page has the function, and its cell, beh" in out
    assert main(["verify", "ps0", "row-means"]) == 0, capsys.readouterr().out
    assert main(["verify", "ps0"]) == 0, capsys.readouterr().out
    text = (folder / "ps0.md").read_text(encoding="utf-8")
    assert text.index("name: row-means") < text.index("## Before you hand in")
    table = (root / "book/teaching/kill_matrix_tables.txt").read_text(encoding="utf-8")
    assert "{dropdown} ps0-row-means" in table
    assert f"\n{before + 1} exercises." in table
    assert main(["new-exercise", "mine", "row-means"]) == 2
    assert "no problem set 'mine' in the checkout; it has ps0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("problem_set", "name", "words"),
    [
        ("mine", "row-means", "mine/row_means.py exists already"),
        ("mine", "Row-means", "cannot be the name of an exercise: it is lower-case"),
        ("mine", "row_means", "cannot be the name of an exercise: it is lower-case"),
        ("mine", "../row", "cannot be the name of an exercise: it is lower-case"),
        ("My", "row", "cannot be the name of a problem set"),
        ("mine", "lambda", "the function would be called lambda"),
        ("mine", "sum", "the function would be called sum"),
        ("mine", "table", "the function would be called table"),
        ("ps1", "row-means", "ps1 comes with the course"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(course, capsys, problem_set, name, words):
    assert main(["new-exercise", "mine", "row-means"]) == 0
    before = {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()}
    assert main(["new-exercise", problem_set, name]) == 2
    error = capsys.readouterr().err
    assert error.startswith("course new-exercise: ")
    assert words in error
    assert {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()} == before


def test_a_name_that_a_person_marks_is_taken_and_a_functions_name_is(tmp_path):
    new_exercise(tmp_path, "mine", "row-means")
    path = tmp_path / "mine.md"
    fields = "exercise:\n  name: essay\n  points: 1\n  manual: true"
    cell = f"\n```{{code-cell}} ipython3\n---\n{fields}\n---\n```\n"
    path.write_text(path.read_text(encoding="utf-8") + cell, encoding="utf-8")
    with pytest.raises(CourseError, match="mine has an exercise 'essay' already"):
        new_exercise(tmp_path, "mine", "essay")
    room = tmp_path / "mine" / "row_means.py"
    room.write_text(
        room.read_text(encoding="utf-8").replace("row_means", "averages"), encoding="utf-8"
    )
    with pytest.raises(CourseError, match="the function of mine-row-means is called averages"):
        new_exercise(tmp_path, "mine", "averages")


def test_where_there_is_neither_course_nor_checkout_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(begins, "checkout", lambda: None)
    assert main(["new-exercise", "ps1", "row-means"]) == 2
    assert "name a course directory with --course DIR" in capsys.readouterr().err


@pytest.mark.parametrize("points", ["-1", "nan", "inf", "many"])
def test_senseless_points_are_refused(points, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["new-exercise", "mine", "row-means", "--points", points])
    assert stopped.value.code == 2
    assert f"'{points}' came, expected is a number from 0 up" in capsys.readouterr().err
