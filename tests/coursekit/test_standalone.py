"""An answer of a room becomes source that a student could have handed in."""

import subprocess
import sys

import pytest

from coursekit.authoring.masters import MASTERS, known_problem_sets, read_master
from coursekit.authoring.rooms import read_rooms
from coursekit.authoring.standalone import standalone_source
from coursekit.errors import CourseError
from coursekit.worker import personal

SHARED = """\
from functools import wraps

import numpy as np

BIG = 2


def halved(x):
    return x / BIG


def scaled(rule):
    @wraps(rule)
    def wrong(x):
        return BIG * rule(x)

    return wrong
"""
ROOM = '''\
"""A room."""

import math
from itertools import pairwise

import numpy as np

from backprop.activations import logistic
from coursekit.authoring.exercises import Cases, Exercise
from coursekit.worker.personal import my_numbers

from .shared import halved, scaled


def doubled(x):
    """Twice x."""
    return logistic(x)


EXERCISE = Exercise(doubled, cases=[Cases("all", lambda rng: (1.0,), share=1)])

TEXT = """a
    b"""
one, two = 1, 2


def helper(x, start=one):
    return [a for a, _ in pairwise([x, start])]


@EXERCISE.misconception("m", "page#s")
@scaled
def mistake(x):
    doubled = 3  # a local name is not the reference
    return doubled + halved(x)


@EXERCISE.right
def by_math(x):
    # a comment stays
    return math.fsum(helper(x) + helper(x)), TEXT


again = EXERCISE.second(mistake)(scaled(lambda x: np.add(x, two)))
EXERCISE.second("mistake")(lambda x: x)


@EXERCISE.right
def by_package(x):
    return logistic(x)


@EXERCISE.right
def by_numbers(x):
    return my_numbers("ada")["set"] * 0 + x
'''


@pytest.fixture
def room(tmp_path):
    (tmp_path / "shared.py").write_text(SHARED, encoding="utf-8")
    (tmp_path / "room.py").write_text(ROOM, encoding="utf-8")
    return read_rooms(tmp_path)["room"]


def alone(source, expression):
    """What an expression gives behind a source, in an interpreter that has NumPy and not us."""
    hidden = "import sys; sys.modules.update(dict.fromkeys(('backprop', 'coursekit')));"
    done = subprocess.run(
        [sys.executable, "-c", f"{hidden}\n{source}\nprint(repr({expression}))"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout.strip() or done.stderr


def test_a_right_answer_comes_with_what_it_needs_and_no_more(room):
    source = standalone_source(room, room.exercise.right_answers[0])
    assert alone(source, "by_math(2.0)") == repr((4.0, "a\n    b"))
    assert "# a comment stays" in source
    assert "EXERCISE" not in source
    assert "halved" not in source
    assert "numpy" not in source


def test_what_changes_a_mistake_stays_and_what_declares_it_goes(room):
    source = standalone_source(room, room.exercise.misconceptions[0].wrong)
    assert alone(source, "mistake(4.0)") == "10.0"
    assert source.count("\n@") == 1
    assert source.index("BIG = 2") < source.index("def halved") < source.index("def mistake")
    assert "logistic" not in source


def test_an_assigned_answer_keeps_its_factory(room):
    source = standalone_source(room, room.exercise.misconceptions[0].second[0])
    assert alone(source, "int(again(1))") == "6"


def test_an_answer_without_a_name_is_said(room):
    with pytest.raises(CourseError, match=r"room\.py: an answer has no name: write it as a def"):
        standalone_source(room, room.exercise.misconceptions[0].second[1])


def test_what_students_do_not_have_is_said_with_its_line(room):
    with pytest.raises(
        CourseError, match=r"room\.py, line 8: .* logistic of backprop\.activations"
    ):
        standalone_source(room, room.exercise.right_answers[1])


def test_my_numbers_comes_from_the_file_of_checks(room):
    source = standalone_source(room, room.exercise.right_answers[2])
    assert source.startswith("from checks import my_numbers\n")


def test_one_name_for_two_things_is_said(tmp_path, room):
    (tmp_path / "shared.py").write_text(
        SHARED + "\n\ndef by_math(x):\n    return helper(x)\n", encoding="utf-8"
    )
    text = ROOM.replace(
        "from .shared import halved", "from .more import other\nfrom .shared import halved"
    )
    (tmp_path / "more.py").write_text(
        "def helper(x):\n    return x\n\n\ndef other(x):\n    return helper(x)\n", encoding="utf-8"
    )
    (tmp_path / "room.py").write_text(
        text.replace("math.fsum(helper(x)", "math.fsum(other(helper(x))"), encoding="utf-8"
    )
    changed = read_rooms(tmp_path)["room"]
    with pytest.raises(CourseError, match="helper means two things"):
        standalone_source(changed, changed.exercise.right_answers[0])


@pytest.mark.parametrize("problem_set", known_problem_sets())
def test_every_answer_of_the_course_stands_alone(problem_set, monkeypatch):
    monkeypatch.setitem(sys.modules, "checks", personal)  # as beside a notebook
    for exercise in read_master(MASTERS / f"{problem_set}.md").exercises:
        declared = exercise.declaration
        again = [answer for mistake in declared.misconceptions for answer in mistake.second]
        for answer in (*declared.right_answers, *again):
            source = standalone_source(exercise.room, answer)
            assert "backprop" not in source
            assert "coursekit" not in source
            exec(source, {"__name__": exercise.id})  # some are made at once by what they need
