"""A student is one person under all names by which the course knows them."""

import unicodedata

import numpy as np
import pytest
from nbgrader.api import Gradebook
from tests.coursekit.attacks.courses import grade, our_course
from tests.coursekit.attacks.hostile_folders import honest

from coursekit.authoring.masters import find_master, read_master
from coursekit.courses import init_course
from coursekit.grading.judge import PRELUDE, Examiner
from coursekit.nbgrader_out.converters import programs_on_path
from coursekit.nbgrader_out.gradebook import read_scores
from coursekit.nbgrader_out.roster import as_known, names_of_students
from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.outcomes import Cell
from coursekit.submissions.handed_in import handed_in
from coursekit.worker.personal import my_numbers, numbers_of_set, set_of

COMPOSED = "José Núñez"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)
EXERCISE = read_master(find_master("ps1")).exercise("ps1-forward-by-hand")


@pytest.fixture(scope="module")
def pool():
    with open_pool() as pool:
        yield pool


def answers_for(chosen: int) -> dict:
    """What somebody types who has worked with a set of numbers."""
    name = next(n for n in map(str, range(10_000)) if my_numbers(n)["set"] == chosen)
    return {key: float(value) for key, value in EXERCISE.reference.function(name).items()} | {
        "set": chosen
    }


def judged(pool, answers: dict, student: str, names=()):
    source = f"def forward_by_hand(student_id=None):\n    return {answers!r}"
    with pool.submission([PRELUDE, Cell("answer", source)]) as run:
        exercises = [(EXERCISE, np.random.default_rng(0))]
        (result,) = Examiner(run, [source], student, *names).judge(exercises)
    return result


def test_a_name_leads_to_the_same_numbers_in_each_unicode_form():
    assert COMPOSED != DECOMPOSED
    assert my_numbers(DECOMPOSED) == my_numbers(COMPOSED)
    assert my_numbers("Ａda") != my_numbers("Ada")  # another letter, and numbers already given


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "doejane", COMPOSED, "山田太郎", "Łukasz"])
def test_numbers_that_were_given_before_do_not_move(name):
    assert my_numbers(name) == numbers_of_set(set_of(name))


@pytest.mark.tier("auto")
@pytest.mark.parametrize("folder", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED])
def test_a_folder_in_one_form_and_a_name_in_the_other_cost_nothing(pool, folder, typed):
    result = judged(pool, answers_for(my_numbers(typed)["set"]), folder)
    assert result.outcome == "passed", result.message


@pytest.mark.tier("auto")
def test_the_numbers_that_a_decomposed_name_led_to_before_stay_good(pool):
    before = set_of(DECOMPOSED)
    assert before != set_of(COMPOSED)
    assert judged(pool, answers_for(before), DECOMPOSED).outcome == "passed"
    assert judged(pool, answers_for(before), COMPOSED).outcome == "failed"


@pytest.mark.tier("auto")
def test_numbers_of_another_name_in_the_list_are_the_students_own(pool):
    names = ("Jane Doe", "Doe, Jane", "jane.doe@uni.de")
    for name in names:
        right = answers_for(my_numbers(name)["set"])
        assert judged(pool, right, "doejane", names).outcome == "passed"
        assert judged(pool, right, "doejane").outcome == "failed"
        wrong = judged(pool, right | {"cost": 3.0}, "doejane", names)
        assert "the result['cost'], 3, is wrong" in wrong.message
        assert "numbers of another name" not in wrong.message


@pytest.mark.tier("auto")
def test_the_numbers_of_somebody_else_earn_nothing(pool):
    result = judged(pool, answers_for(my_numbers("ben")["set"]), "doejane", ("Jane Doe",))
    assert result.points == 0
    assert "'doejane'" in result.message


def test_the_list_of_names_is_nbgraders(tmp_path):
    course = init_course(tmp_path / "course")
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        gradebook.add_student("doejane", first_name="Jane", last_name="Doe", email="j@uni.de")
        gradebook.add_student("m1", lms_user_id="77")
    assert names_of_students(course) == {
        "doejane": ("Jane Doe", "Doe Jane", "Doe, Jane", "j@uni.de"),
        "m1": ("77",),
    }


def test_a_folder_is_that_of_the_student_whom_the_gradebook_knows():
    assert as_known([DECOMPOSED, "ann"], [COMPOSED]) == [COMPOSED, "ann"]
    assert as_known([COMPOSED], [DECOMPOSED]) == [DECOMPOSED]
    assert as_known([DECOMPOSED], [COMPOSED, DECOMPOSED]) == [DECOMPOSED]
    assert as_known([DECOMPOSED], ["ben"]) == [DECOMPOSED]
    assert as_known([DECOMPOSED, COMPOSED], [COMPOSED]) == [DECOMPOSED, COMPOSED]


def test_a_folder_is_found_by_the_name_in_the_other_form(tmp_path):
    course = init_course(tmp_path / "course")
    folder = course.submitted() / DECOMPOSED / "ps1"
    folder.mkdir(parents=True)
    (folder / "ps1.ipynb").write_text("{}", encoding="utf-8")
    with handed_in(course, COMPOSED, "ps1") as hand_in:
        assert hand_in.read("ps1.ipynb", 10) == b"{}"


@pytest.mark.tier("auto")
@pytest.mark.parametrize(("before", "now"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])
def test_who_is_in_the_gradebook_keeps_the_name_and_is_there_once(tmp_path, before, now):
    course = our_course(tmp_path / "course", [])
    honest(course, now)
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        gradebook.add_student(before)
    results = grade(course)
    assert {name: result.score for name, result in results.items()} == {before: 4}
    assert {name: score.score for name, score in read_scores(course, "target").items()} == {
        before: 4
    }
    assert course.feedback(before, "target").is_file()


@pytest.mark.tier("auto")
def test_a_decomposed_folder_of_a_new_student_is_graded_as_it_is_called(tmp_path):
    course = our_course(tmp_path / "course", [])
    honest(course, DECOMPOSED)
    assert {name: result.score for name, result in grade(course).items()} == {DECOMPOSED: 4}
