"""A term that is made up: it goes through, and what is wrong in it would be found."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import nbformat
import pytest

from coursekit.authoring.masters import find_master, known_problem_sets, read_master
from coursekit.authoring.render import render_notebook
from coursekit.cli import main
from coursekit.collecting.archives import open_archive
from coursekit.collecting.recognizing import layout_of
from coursekit.demo.term import term as simulated
from coursekit.demo.term.answers import NOTHING, RIGHT, Attempt, HandIns, mistakes_of
from coursekit.demo.term.archives import GRADESCOPE, PLATFORMS, archive, as_the_platform_has_it
from coursekit.demo.term.checking import (
    SetOfTerm,
    is_as_expected,
    term_of,
    wrong_results,
    wrong_totals,
)
from coursekit.demo.term.people import KINDS, NAMES, class_of
from coursekit.demo.term.reckoning import Done, after_penalties, days_late, total
from coursekit.demo.term.term import Term, due_of
from coursekit.errors import CourseError
from coursekit.names import fault_of_name

DUE = datetime(2027, 1, 10, 23, 59, 59, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.mark.slow
@pytest.mark.tier("auto")
@pytest.mark.filterwarnings("ignore")
def test_a_class_of_twelve_goes_through_all_sets_and_its_totals_agree(tmp_path, capsys):
    folder = tmp_path / "term"
    assert main(["demo-term", str(folder), "--students", "12"]) == 0
    said = capsys.readouterr().out
    assert "12 students, 6 problem sets, 70 hand-ins graded" in said
    assert "every total is what was reckoned apart" in said
    for command in ("collect ps0", "regrade", "explain", "viva", "exam", "gradescope", "export"):
        assert f"s  course {command}" in said
    log = (folder / "term.log").read_text(encoding="utf-8")
    assert "0 handed in ps0, 0 handed in again, 12 were collected before" in log
    with (folder / "all.csv").open(encoding="utf-8", newline="") as file:
        students = [row["student"] for row in csv.DictReader(file)]
    assert students == [f"s{number:03}" for number in range(12)]


# The class


def test_each_kind_is_there_as_often_as_it_can_be():
    for students in (12, 60, 200):
        kinds = [one.kind for one in class_of(students)]
        assert {students // 12, -(-students // 12)} >= {kinds.count(kind) for kind in KINDS}


def test_no_two_have_an_account_and_two_have_a_name():
    everybody = class_of(200)
    assert len({one.login for one in everybody}) == 200
    names = [(one.first, one.last) for one in everybody[: len(NAMES)]]
    assert len(names) - len({*names}) == 1
    assert not any(fault_of_name(one.login) for one in everybody)


@pytest.fixture(scope="module")
def hand_ins() -> HandIns:
    master = read_master(find_master("ps1"))
    return HandIns(master, render_notebook(master), 1, True, DUE)


def test_what_is_expected_is_said_of_every_exercise(hand_ins):
    for student in class_of(24):
        work = hand_ins.of(student)
        if student.kind == "excused":
            assert not work.attempts
            continue
        assert set(work.expected) == {one.id for one in hand_ins.master.exercises}
        assert bool(work.attempts) != bool(work.with_whom)


def test_mistakes_differ_from_student_to_student(hand_ins):
    made = {
        tuple(e for e in hand_ins.of(student).expected.items() if e[1] not in (RIGHT, NOTHING))
        for student in class_of(60)
        if student.kind == "mistakes"
    }
    assert len(made) == 5
    assert {len(mistakes) for mistakes in made} == {2}


@pytest.mark.parametrize("name", known_problem_sets())
def test_each_set_has_mistakes_for_whoever_makes_two(name):
    exercises = read_master(find_master(name)).exercises
    assert sum(bool(mistakes_of(exercise)) for exercise in exercises) >= 2
    for exercise in exercises:
        for mistake, source in mistakes_of(exercise).items():
            made = {}
            exec(source, made)
            assert callable(made.get(exercise.reference.name)), mistake


@pytest.mark.parametrize("platform", sorted({*PLATFORMS}))
def test_each_archive_is_recognized_and_says_whose_and_when(platform, tmp_path):
    students, zone = class_of(12), ZoneInfo("Europe/Berlin")
    attempts = [((one,), Attempt(DUE + one.number * DAY, {"ps1.ipynb": b"{}"})) for one in students]
    if platform == GRADESCOPE:
        attempts[0] = ((students[0], students[1]), attempts[0][1])
        del attempts[1]
    path = tmp_path / "class.zip"
    path.write_bytes(archive(platform, "Set ps1", attempts, zone))
    with open_archive(path) as members:
        layout = layout_of(members, "ps1", zone)
        assert layout.name == platform
        pieces = [layout.piece(one.path) for one in members if one.path[-1] == "ps1.ipynb"
                  or one.path[-1].endswith("_ps1.ipynb")]  # fmt: skip
    came = {piece.came for piece in pieces}
    if came != {None}:
        assert came == {as_the_platform_has_it(platform, one.came) for _, one in attempts}
    assert sum(len(piece.people) for piece in pieces) == 12


def test_sets_are_due_at_the_end_of_a_day_also_when_clocks_change():
    dues = [due_of(number) for number in range(6)]
    zone = ZoneInfo("Europe/Berlin")
    assert {f"{due.astimezone(zone):%H:%M:%S}" for due in dues} == {"23:59:59"}
    hours = {due.astimezone(zone).utcoffset() for due in dues}
    late = dues[-1] + timedelta(hours=20)
    assert late.astimezone(zone).utcoffset() not in hours  # between the two clocks are set


# Reckoning: what is checked here was worked out on paper


@pytest.mark.parametrize(
    ("late", "days"), [(-SECOND, 0), (0 * SECOND, 0), (SECOND, 1), (DAY, 1), (DAY + SECOND, 2)]
)
def test_a_day_has_begun_a_second_after_the_due_date(late, days):
    assert days_late(DUE, DUE + late) == days
    assert days_late(DUE, None) == 0


def done(number: int, late: timedelta | None, earned: object = 10, **changed: object) -> Done:
    due = DUE + 14 * number * DAY
    came = None if late is None else due + late
    return replace(Done(due, came, Fraction(earned), Fraction(10)), **changed)


def test_late_days_go_to_the_first_sets_and_then_it_costs():
    term = {
        "a": done(0, DAY), "b": done(1, 2 * DAY), "c": done(2, DAY), "d": done(3, 9 * DAY),
        "e": done(4, None),
    }  # fmt: skip
    assert after_penalties(term) == {"a": 10, "b": 9, "c": 9, "d": 5, "e": 10}


def test_an_excused_set_spends_no_late_day():
    term = {"a": done(0, DAY, excused=True), "b": done(1, 2 * DAY)}
    assert after_penalties(term)["b"] == 10


def test_the_lowest_share_is_left_out_and_the_last_set_added():
    term = {
        "a": done(0, None, 6), "b": done(1, None, 4, possible=Fraction(5)), "c": done(2, None, 5),
        "d": done(3, None, 3, excused=True), "e": done(4, None, 2),
    }  # fmt: skip
    assert total(term, after_penalties(term), "e") == 6 + 4 + 2


# What would be found


def test_another_outcome_than_is_expected_is_found():
    group = {"points": 1.0}
    passed = {"outcome": "passed", "points": 2.0, "max_points": 2.0, "misconception": "",
              "groups": [group, group]}  # fmt: skip
    failed = passed | {"outcome": "failed", "points": 1.0, "groups": [group], "misconception": "a"}
    assert is_as_expected(passed, RIGHT)
    assert not is_as_expected(failed, RIGHT)
    assert not is_as_expected(passed | {"points": 1.5}, RIGHT)
    assert is_as_expected(failed, "a")
    assert is_as_expected(failed | {"misconception": "b or a"}, "a")
    assert not is_as_expected(failed | {"points": 1.5}, "a")
    assert not is_as_expected(failed | {"misconception": "b"}, "a")
    assert not is_as_expected(failed, NOTHING)
    assert is_as_expected(failed | {"points": 0.0}, NOTHING)


@pytest.fixture
def one_set(hand_ins) -> SetOfTerm:
    students = class_of(2)
    works = {one.login: hand_ins.of(one) for one in students}
    results = {
        one.id: {"outcome": "passed", "points": one.points, "max_points": one.points,
                 "misconception": "", "groups": []}
        for one in hand_ins.master.exercises
    }  # fmt: skip
    came = {one.login: DUE for one in students}
    graded = {one.login: {"exercises": dict(results)} for one in students}
    return SetOfTerm(hand_ins.master, "canvas", DUE, works, came, graded)


def test_a_result_that_is_not_what_was_handed_in_is_named(one_set):
    assert list(wrong_results(one_set)) == []
    exercises = one_set.graded["s001"]["exercises"]
    exercises["ps1-logistic"] = exercises["ps1-logistic"] | {"outcome": "failed", "points": 1.0}
    (words,) = wrong_results(one_set)
    assert words.startswith("s001, ps1-logistic: right is expected, and it came to 1 of 2 points")


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("s000,27.00,27.00", 0), ("s000,26.98,27.00", 1), ("s000,27.00,13.50", 1),
        ("s000,excused,27.00", 1), ("s000,,27.00", 1), ("s009,27.00,27.00", 1),
    ],
)  # fmt: skip
def test_a_cell_that_is_not_what_was_reckoned_is_named(one_set, tmp_path, row, found):
    student = class_of(1)[0]
    terms = {"s000": term_of(student, [one_set], {"more": timedelta(), "excused": set()})}
    table = tmp_path / "all.csv"
    table.write_text(f"student,ps1,total\n{row}\n", encoding="utf-8")
    assert len(list(wrong_totals(terms, table, "ps1"))) == found


def test_a_command_that_ends_otherwise_stops_the_term(tmp_path):
    def broken(words: list[str]) -> int:
        print(f"nothing is done of {words[0]}")
        return 1

    with pytest.raises(CourseError, match=r"`course init .*` ended with 1, and 0 is expected"):
        Term(tmp_path, 12, broken).through()
    assert "nothing is done of init" in (tmp_path / "term.log").read_text(encoding="utf-8")


def test_all_sets_are_gone_through(tmp_path):
    assert Term(tmp_path, 12, main).sets == known_problem_sets()
    assert len(PLATFORMS) == len(known_problem_sets())
    assert class_of(1) == [simulated.FIRST_OF_CLASS]


# The command


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path, capsys):
    (tmp_path / "thesis.tex").write_text("mine", encoding="utf-8")
    assert main(["demo-term", str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert (tmp_path / "thesis.tex").is_file()


@pytest.mark.parametrize("students", ["0", "1000", "x"])
def test_a_class_has_a_size(tmp_path, students, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["demo-term", str(tmp_path / "term"), "--students", students])
    assert ended.value.code == 2
    assert "came, expected is" in capsys.readouterr().err


def test_a_notebook_that_is_handed_in_is_one(hand_ins):
    work = hand_ins.of(class_of(1)[0])
    notebook = nbformat.reads(work.attempts[0].files["ps1.ipynb"].decode(), as_version=4)
    nbformat.validate(notebook)
