"""Rooms are read afresh, and what is wrong in one is said with its file and line."""

import os
import sys

import pytest
from tests.coursekit.own_sets import begin, change, room_of

from coursekit.authoring.masters import MASTERS, read_master
from coursekit.authoring.rooms import read_rooms
from coursekit.errors import CourseError


@pytest.fixture
def folder(tmp_path):
    begin(tmp_path)
    return tmp_path


def again(folder):
    return read_master(folder / "mine.md")


def test_an_exercise_is_what_its_room_says(folder):
    exercise = again(folder).exercise("row-means")
    assert exercise.id == "mine-row-means"
    assert exercise.reference.name == "row_means"
    assert [mistake.id for mistake in exercise.declaration.misconceptions] == ["columns", "sums"]
    assert [answer.__name__ for answer in exercise.declaration.right_answers] == [
        "by_product",
        "by_loop",
    ]
    assert [m.second[0].__name__ for m in exercise.declaration.misconceptions] == [
        "down_the_columns",
        "added_up",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("def table(M, n):", "def table(M, n:", r"mine/row_means\.py, line \d+: SyntaxError"),
        (
            "cases=[\n        Cases(",
            "cases=[\n        Casess(",
            r"mine/row_means\.py, line 4\d: NameError: name 'Casess' is not defined",
        ),
        ("share=0.6", "share=0.5", r"mine/row_means\.py, line \d+: the shares .* add up to 0\.9"),
        (
            "EXERCISE = Exercise(",
            "EXCERCISE = EXERCISE = Exercise(",
            "it binds EXCERCISE, EXERCISE",
        ),
        ("@EXERCISE.right\n", "@EXERCISE.rigth\n", r"line 8\d: AttributeError: .*'rigth'"),
        (
            "@EXERCISE.second(sums)",
            "@EXERCISE.second('sum')",
            r"line \d+: second\(sum\) names no misconception .*declared are: columns, sums",
        ),
        (
            "@EXERCISE.second(sums)",
            "@EXERCISE.second",
            r"second\(added_up\) names no misconception",
        ),
        ("def sums(X)", "def columns_(X)", "two misconceptions are called 'columns'"),
        ("    row_means,\n    cases", "    cases", "reference must be a function"),
        ("    row_means,\n    cases", "    lambda X: X,\n    cases", "written with def"),
        ("    row_means,\n    cases", "    [table],\n    cases", "begins with its reference"),
        ("import numpy as np\n", "import numpy as np\n\nexit(3)\n", "line 5: SystemExit"),
        (
            "import numpy as np\n",
            "from .nowhere import np\n",
            r"line 3: ModuleNotFound.*'\.nowhere'",
        ),
    ],
)
def test_what_is_wrong_in_a_room_is_said(folder, old, new, message):
    change(room_of(folder), (old, new))
    with pytest.raises(CourseError, match=message):
        again(folder)


def test_a_mistake_that_another_function_makes_needs_a_name(folder):
    factory = "def bent(f):\n    def wrong(X):\n        return f(X)\n\n    return wrong\n\n\n"
    change(
        room_of(folder),
        ("# Mistakes that", factory + "# Mistakes that"),
        (")\ndef sums(X)", ")\n@bent\ndef sums(X)"),
    )
    with pytest.raises(
        CourseError, match=r"'wrong' says nothing of .*: give id=, or .*functools\.wraps"
    ):
        again(folder)
    change(room_of(folder), ("    def wrong(X)", "    @functools.wraps(f)\n    def wrong(X)"))
    change(room_of(folder), ("import numpy as np\n", "import functools\n\nimport numpy as np\n"))
    assert again(folder).exercises[0].declaration.misconceptions[1].id == "sums"


def test_a_misspelt_name_of_the_exercise_is_said(folder):
    change(room_of(folder), ("EXERCISE", "EXCERCISE"))
    with pytest.raises(CourseError, match=r"row_means\.py must bind .* name EXERCISE; .*EXCERC"):
        again(folder)


def test_an_error_in_a_shared_file_is_said_there(folder):
    (folder / "mine" / "pages.py").write_text("A = 1\nPAGE = 1 / 0\n", encoding="utf-8")
    change(room_of(folder), ('PAGE = "book/prerequisites/shapes"', "from .pages import PAGE"))
    with pytest.raises(CourseError, match=r"mine/pages\.py, line 2: ZeroDivisionError"):
        again(folder)


def test_a_room_without_a_place_and_a_place_without_a_room_are_said(folder):
    text = (folder / "mine.md").read_text(encoding="utf-8")
    (folder / "mine.md").write_text(
        text.replace("name: row-means", "name: row-sums"), encoding="utf-8"
    )
    with pytest.raises(CourseError, match=r"places .*'row-sums'.* mine/row_sums\.py is missing"):
        again(folder)
    before, _, after = text.partition("```{code-cell} ipython3\n---")
    (folder / "mine.md").write_text(before + after.partition("```\n")[2], encoding="utf-8")
    with pytest.raises(CourseError, match=r"row_means\.py .*give it a cell with name: row-means"):
        again(folder)


def test_a_file_that_declares_nothing_is_no_room(folder):
    room_of(folder).write_text("def row_means(X):\n    return X\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"row_means\.py binds no EXERCISE: write EXERCISE = "):
        again(folder)


def test_two_rooms_cannot_share_one_exercise(folder):
    (folder / "mine" / "other.py").write_text("from .row_means import EXERCISE\n", encoding="utf-8")
    with pytest.raises(CourseError, match="share one Exercise"):
        again(folder)


def test_rooms_use_what_is_shared_and_each_other(folder):
    (folder / "mine" / "pages.py").write_text(
        'PAGE = "book/prerequisites/sums"\n', encoding="utf-8"
    )
    (folder / "mine" / "shared_with.py").write_text(
        "from .row_means import table\nT = table\n", encoding="utf-8"
    )
    change(room_of(folder), ('PAGE = "book/prerequisites/shapes"', "from .pages import PAGE"))
    mistake = again(folder).exercises[0].declaration.misconceptions[0]
    assert mistake.section.startswith("book/prerequisites/sums#")


def test_a_file_counts_as_it_stands_however_fast_it_was_changed(folder):
    room = room_of(folder)
    times = os.stat(room)
    again(folder)
    change(room, ("How many numbers", "How MANY numbers"))
    os.utime(room, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert "MANY" in again(folder).exercises[0].declaration.hints[0]
    assert not list(folder.rglob("__pycache__"))


def test_the_digest_takes_in_every_file_of_the_folder(folder):
    before = again(folder).digest
    (folder / "mine" / "pages.py").write_text("A = 1\n", encoding="utf-8")
    with_shared = again(folder).digest
    (folder / "mine" / "pages.py").write_text("A = 2\n", encoding="utf-8")
    assert len({before, with_shared, again(folder).digest}) == 3


def test_reading_leaves_nothing_behind_also_when_it_fails(folder):
    finders = list(sys.meta_path)
    again(folder)
    change(room_of(folder), ("import numpy as np\n", "import numpy as np\n1 / 0\n"))
    with pytest.raises(CourseError):
        again(folder)
    assert sys.meta_path == finders
    assert not [name for name in sys.modules if name.startswith("coursekit_rooms")]


def test_what_an_editor_leaves_is_no_room(folder):
    (folder / "mine" / ".#row_means.py").write_text("not python", encoding="utf-8")
    assert set(read_rooms(folder / "mine")) == {"row_means"}
    assert read_rooms(folder / "nothing") == {}


def test_a_reference_that_uses_what_stands_beside_it_is_said(folder):
    change(
        room_of(folder),
        ("return X.sum(axis=1) / X.shape[1]\n", "return X.sum(axis=1) / width(X)\n"),
        ("def table", "def width(X):\n    return X.shape[1]\n\n\ndef table"),
    )
    with pytest.raises(CourseError, match="row_means uses width, which stands beside it"):
        again(folder)


def test_a_local_name_of_a_reference_may_be_that_of_a_mistake(folder):
    change(
        room_of(folder),
        (
            "    return X.sum(axis=1) / X.shape[1]\n",
            "    columns = X.shape[1]\n    return X.sum(axis=1) / columns\n",
        ),
    )
    assert "import" not in again(folder).exercises[0].reference.source()


def test_every_shipped_room_says_what_it_is_and_stays_short():
    for path in MASTERS.glob("*/*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith('"""'), path
        assert len(text.splitlines()) < 400, path
