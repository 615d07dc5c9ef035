"""What is released stays whole, and what changed since then is said before anybody is graded."""

import shutil
import sys
import warnings
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from tests.coursekit.own_sets import begin, change, room_of

from coursekit.authoring import release as releasing
from coursekit.authoring.masters import read_master
from coursekit.authoring.new_exercise import new_exercise
from coursekit.authoring.released import Record, as_released, changes_beside
from coursekit.cli import main
from coursekit.courses import Course, find_course, init_course
from coursekit.errors import CourseError
from coursekit.grading.beforehand import look_ahead
from coursekit.grading.ordinary import released_notebooks
from coursekit.nbgrader_out.converters import load_config, programs_on_path, run_converter
from coursekit.nbgrader_out.late_plugin import require_late_plugin
from coursekit.replacing import new_folder_for, put_in_place

pytestmark = pytest.mark.xdist_group("released sets")


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course in which mine, with one exercise, was released, and ann handed it in."""
    course = init_course(tmp_path_factory.mktemp("released") / "course")
    begin(course.root / "exercises")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        releasing.release(course, "mine")
        with gradebook(course) as book:
            book.add_student("ann")
            book.add_submission("mine", "ann")
    folder = course.submitted() / "ann" / "mine"
    folder.mkdir(parents=True)
    shutil.copy(course.release("mine") / "mine.ipynb", folder)
    return course


@pytest.fixture
def course(released, tmp_path):
    """A copy of it."""
    shutil.copytree(released.root, tmp_path / "course")
    return Course(tmp_path / "course")


def gradebook(course):
    with programs_on_path():
        return Gradebook(f"sqlite:///{course.gradebook}")


def files_of(course, *folders):
    return {
        path: path.read_bytes()
        for folder in folders
        for path in sorted((course.root / folder).rglob("*"))
        if path.is_file()
    }


def run(course, *command):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return main([*command, "--course", str(course.root)])


def said_before(course):
    said = []
    look_ahead(course, "mine", released_notebooks(course, "mine"), said.append)
    return said


# A release


def test_other_exercises_are_not_released_over_grades_and_nothing_is_lost(course, capsys):
    new_exercise(course.root / "exercises", "mine", "row-sums")
    before = files_of(course, "release", "source")
    assert run(course, "release", "mine") == 2
    error = capsys.readouterr().err
    assert error.startswith("course release: mine was handed in by 1 (ann)")
    assert "mine-row-sums new" in error
    assert "Take the change back" in error
    assert "Traceback" not in error
    assert files_of(course, "release", "source") == before


def test_what_the_refusal_names_works(course, capsys):
    new_exercise(course.root / "exercises", "mine", "row-sums")
    assert run(course, "release", "mine") == 2
    assert "`nbgrader db assignment remove mine --force`" in capsys.readouterr().err
    with gradebook(course) as book:  # which is what this command does
        book.remove_assignment("mine")
    assert run(course, "release", "mine") == 0
    assert list(as_released(*master_and_release(course)).questions)


def test_an_exercise_that_is_gone_is_named_as_such(course, capsys):
    new_exercise(course.root / "exercises", "mine", "row-sums")
    folder = course.root / "exercises"
    change(folder / "mine.md", ("name: row-means", "name: row-middles"))
    (folder / "mine" / "row_means.py").rename(folder / "mine" / "row_middles.py")
    assert run(course, "release", "mine") == 2
    assert "mine-row-middles, mine-row-sums new; mine-row-means gone" in capsys.readouterr().err


def test_a_change_that_grades_allow_is_released_and_said_and_the_former_is_kept(course, capsys):
    change(course.root / "exercises" / "mine.md", ("points: 1", "points: 3"))
    change(room_of(course.root / "exercises"), ("Mean of each row", "The mean of each row"))
    former = course.release("mine").with_suffix(".zip").read_bytes()
    assert run(course, "release", "mine") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "mine was handed in by 1 (ann), and is different now" in out
    assert "mine-row-means: 3 points, before 1" in out
    assert "what students find in the cells of mine-row-means" in out
    assert "until you run `course grade mine`" in out
    (kept,) = course.release("mine").parent.glob("mine-before-*.zip")
    assert kept.name in out
    assert kept.read_bytes() == former
    assert said_before(course) == []


def test_the_same_release_once_more_is_not_worth_a_word(course, capsys):
    assert run(course, "release", "mine") == 0
    assert "handed in by" not in capsys.readouterr().out
    assert not list(course.release("mine").parent.glob("*before*"))


UNSEEN_IN_THE_TEXT = {
    "a message": (("You average each column.", "You average columns."), "public cases, messages"),
    "the cases": (("table(2, 3)", "table(4, 3)"), "public cases, messages"),
    "a mistake once more": (
        ("@ X / len(X)", "@ X / X.shape[0]"),
        "nothing that students were given",
    ),
}


@pytest.mark.parametrize("kind", UNSEEN_IN_THE_TEXT)
def test_a_change_that_no_text_shows_is_said_and_what_was_given_is_kept(kind, course, capsys):
    edit, words = UNSEEN_IN_THE_TEXT[kind]
    change(room_of(course.root / "exercises"), edit)
    former = course.release("mine").with_suffix(".zip").read_bytes()
    assert run(course, "release", "mine") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert f"mine was handed in by 1 (ann), and is different now: {words}" in out
    assert ("hints of mine-row-means. Their grades" in out) == words.startswith("public")
    kept = [path.read_bytes() for path in course.release("mine").parent.glob("mine-before-*.zip")]
    assert kept == ([former] if words.startswith("public") else [])
    assert run(course, "release", "mine") == 0
    assert "handed in by" not in capsys.readouterr().out


def test_files_beside_the_notebook_and_single_cells_are_said_in_words(course, capsys):
    change(
        course.root / "exercises" / "mine.md", ("Say here what it is about.", "It is about rows.")
    )
    (course.root / "course.toml").write_text("[packages]\nproblem_sets = ['scipy']\n", "utf-8")
    assert run(course, "release", "mine") == 0
    said = capsys.readouterr().out
    assert "is different now: 1 other cell; checks.py; requirements.txt. Their" in said


def test_cases_of_an_earlier_version_are_not_told_apart(tmp_path):
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine_cases.npz").write_text(name, encoding="utf-8")
    (tmp_path / "after" / "new.txt").touch()
    assert [*changes_beside(tmp_path / "before", tmp_path / "after")] == [
        "public cases, messages or hints of the exercises", "new.txt",
    ]  # fmt: skip


@pytest.mark.parametrize("step", ["generate_assignment", "zip_folder", "save_tasks"])
def test_a_release_that_fails_on_the_way_leaves_the_former_one(course, monkeypatch, step):
    def fails(*_, **__):
        raise RuntimeError("the disk is full")

    change(room_of(course.root / "exercises"), ("Mean of each row", "The mean of each row"))
    where = "coursekit.nbgrader_out.converters" if step == "generate_assignment" else None
    monkeypatch.setattr(sys.modules[where] if where else releasing, step, fails)
    with pytest.raises(RuntimeError, match="full"):
        releasing.release(course, "mine")
    released = course.release("mine")
    nbformat.read(released / "mine.ipynb", as_version=4)
    assert {path.name for path in released.iterdir()} >= {"checks.py", "mine_cases.npz"}
    assert (course.source("mine") / "mine.ipynb").is_file()
    assert not (released.parent / ".new").exists()


def test_a_folder_takes_a_place_whole_or_not_at_all(tmp_path, monkeypatch):
    place = tmp_path / "place"
    place.mkdir()
    (place / "old").touch()
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "nowhere", place)
    assert [path.name for path in place.iterdir()] == ["old"]
    new = new_folder_for(place)
    (new / "new").touch()
    put_in_place(new, place)
    assert [path.name for path in place.iterdir()] == ["new"]
    assert [path.name for path in tmp_path.iterdir()] == ["place"]


# A master that is newer than its release


def master_and_release(course):
    master = read_master(course.root / "exercises" / "mine.md")
    return master, released_notebooks(course, "mine")["mine"]


def test_nothing_is_said_where_nothing_changed(course):
    assert said_before(course) == []


def test_what_came_after_the_release_is_said_and_is_nobodys(course):
    new_exercise(course.root / "exercises", "mine", "row-sums")
    text = course.root / "exercises" / "mine.md"
    text.write_text(
        text.read_text(encoding="utf-8").replace("points: 1", "points: 3", 1), encoding="utf-8"
    )
    said = " ".join(said_before(course))
    assert "mine was changed after it was released" in said
    assert "mine-row-sums: new in the master; not graded" in said
    assert "mine-row-means: 3 points in the master, 1 in the release" in said
    master = as_released(*master_and_release(course))
    assert [(each.id, each.points) for each in master.questions] == [("mine-row-means", 1)]


def test_other_cases_are_said(course):
    change(room_of(course.root / "exercises"), ("table(2, 3)", "table(4, 3)"))
    assert "points may change" in " ".join(said_before(course))


def test_a_release_of_a_version_that_noted_nothing_is_compared_by_its_cells(course):
    Record.place(course, "mine").unlink()
    change(room_of(course.root / "exercises"), ("table(2, 3)", "table(4, 3)"))
    assert said_before(course) == []
    change(course.root / "exercises" / "mine.md", ("points: 1", "points: 3"))
    assert "3 points in the master" in " ".join(said_before(course))


def test_an_exercise_that_was_released_and_is_gone_stops_the_grading(course, capsys):
    folder = course.root / "exercises"
    change(folder / "mine.md", ("name: row-means", "name: row-middles"))
    (folder / "mine" / "row_means.py").rename(folder / "mine" / "row_middles.py")
    assert run(course, "grade", "mine") == 2
    assert "mine.md has no exercise mine-row-means any more" in capsys.readouterr().err


def test_a_function_under_another_name_stops_the_grading(course, capsys):
    change(room_of(course.root / "exercises"), ("row_means(", "row_middles("),
           ("    row_means,\n", "    row_middles,\n"))  # fmt: skip
    assert run(course, "grade", "mine") == 2
    assert "asks for the function row_middles" in capsys.readouterr().err


# A mistake in a file of the course


MISTAKES = {
    "the same function": ("mine/row_sums.py", "def row_sums(", "def row_means("),
    "no Python": ("mine/row_means.py", "EXERCISE =", "EXERCISE = ="),
    "an error": ("mine/row_means.py", "EXERCISE =", "1 / 0\nEXERCISE ="),
    "no metadata": ("mine.md", "  points: 1\n", "  points: [1\n"),
    "no fields": ("mine.md", "exercise:\n", "exercise: 3\nother:\n"),
    "no title": ("mine.md", "# Problem set", "Problem set"),
    "no points": ("mine.md", "  points: 1\n", ""),
}


@pytest.mark.parametrize("kind", MISTAKES)
@pytest.mark.parametrize("command", ["render", "release", "grade", "verify"])
def test_a_mistake_in_a_master_is_one_sentence(course, capsys, kind, command):
    new_exercise(course.root / "exercises", "mine", "row-sums")
    name, old, new = MISTAKES[kind]
    path = course.root / "exercises" / name
    change(path, (old, new))
    if kind == "the same function":
        change(path, ("    row_sums,\n", "    row_means,\n"))
    before = files_of(course, "release", "source")
    capsys.readouterr()
    assert run(course, command, "mine") == 2
    out, error = capsys.readouterr()
    assert error.startswith(f"course {command}: ")
    assert error.count("\n") == 1
    assert out == ""
    assert files_of(course, "release", "source") == before


@pytest.mark.parametrize("kind", ["the master", "the secret", "the release"])
def test_nbgraders_own_command_says_it_once_and_ends(course, caplog, kind):
    if kind == "the master":
        change(room_of(course.root / "exercises"), ("EXERCISE =", "EXERCISE = ="))
    elif kind == "the secret":
        (course.root / "secret").unlink()
    else:
        shutil.rmtree(course.release("mine"))
    with pytest.raises(SystemExit) as ended:
        run_converter(Autograde, course, "mine")
    assert ended.value.code == 2
    (record,) = (each for each in caplog.records if each.levelname == "ERROR")
    words = {"the master": "mine/row_means.py, line", "the secret": "`secret` cannot be read",
             "the release": "mine is not released"}  # fmt: skip
    assert words[kind] in record.getMessage()


def test_a_configuration_that_cannot_be_run_is_one_sentence(course, capsys):
    course.config.write_text("c = get_config()\nc.X.y = 1 / 0\n", encoding="utf-8")
    for command in ("release", "grade"):
        assert run(course, command, "mine") == 2
        error = capsys.readouterr().err
        assert "nbgrader_config.py cannot be run (ZeroDivisionError" in error
        assert error.count("\n") == 1


# The secret


def test_without_its_secret_a_course_is_found_and_nobody_is_graded(course, capsys):
    (course.root / "secret").unlink()
    assert find_course(course.root).root == course.root.resolve()
    assert run(course, "grade", "mine") == 2
    error = capsys.readouterr().err
    assert "`secret` cannot be read (No such file or directory)" in error
    assert "all grades stay as they are" in error
    assert "head -c 32 /dev/urandom > secret" in error


def test_an_empty_secret_draws_nothing(course, capsys):
    (course.root / "secret").write_bytes(b"")
    assert run(course, "grade", "mine") == 2
    assert "`secret` is empty: it decides the hidden inputs" in capsys.readouterr().err


def test_a_release_needs_no_secret(course):
    (course.root / "secret").unlink()
    assert run(course, "release", "mine") == 0


def test_another_secret_is_said_with_what_happens_to_points(course):
    assert said_before(course) == []
    kept = course.secret
    (course.root / "secret").write_bytes(b"another secret of a good length")
    (said,) = said_before(course)
    assert "is another one than when this course was graded last" in said
    assert "may change" in said
    assert said_before(course) == []
    (course.root / "secret").write_bytes(kept)
    assert len(said_before(course)) == 1


def test_a_secret_that_can_be_guessed_is_said(course):
    (course.root / "secret").write_bytes(b"short")
    assert "holds 5 bytes only" in said_before(course)[0]


# A plugin of one's own

LATE = '''\
"""As nbgrader's documentation shows it."""

from nbgrader.plugins import BasePlugin


class SubMarks(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return round(total_seconds_late / 3600)
'''


def add_to_config(course, line):
    text = course.config.read_text(encoding="utf-8")
    course.config.write_text(f"{text}\n{line}\n", encoding="utf-8")


@pytest.fixture
def path_as_before():
    before = list(sys.path)
    yield
    sys.path[:] = before


@pytest.mark.parametrize(
    "line",
    [
        'c.AssignLatePenalties.plugin_class = "{}.SubMarks"',
        "from {} import SubMarks\nc.AssignLatePenalties.plugin_class = SubMarks",
    ],
)
def test_a_late_plugin_beside_the_configuration_is_found(course, path_as_before, line):
    name = f"late_{'by_name' if line.startswith('c.') else 'imported'}"
    (course.root / f"{name}.py").write_text(LATE, encoding="utf-8")
    add_to_config(course, line.format(name))
    require_late_plugin(course)
    assert sys.modules[name].__file__ == str(course.root / f"{name}.py")


def test_a_plugin_that_is_not_there_is_one_sentence_before_anybody_is_graded(course, capsys):
    add_to_config(course, 'c.AssignLatePenalties.plugin_class = "nowhere.SubMarks"')
    assert run(course, "grade", "mine") == 2
    error = capsys.readouterr().err
    assert "nbgrader_config.py names 'nowhere.SubMarks' for late penalties" in error
    assert error.count("\n") == 1


def test_what_lies_beside_the_configuration_is_looked_for_once(course, path_as_before):
    for _ in range(2):
        load_config(course)
    assert sys.path.count(str(course.root)) == 1
    with pytest.raises(CourseError, match="is not in a course directory"):
        find_course(Path(course.root.anchor))
