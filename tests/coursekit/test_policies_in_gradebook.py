"""The course's policies reach gradebook, screen, JSON and page from one place."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties
from tests.coursekit.earlier_courses import PACKED, unpack

from coursekit.cli import main
from coursekit.collecting.archives import Member
from coursekit.collecting.layouts import Piece
from coursekit.collecting.placing import Attempt as HandedIn
from coursekit.collecting.placing import Placed
from coursekit.collecting.storing import Store
from coursekit.commands.report import result_line
from coursekit.course_toml import NAME
from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.grading.attempts import Attempt, Attempts
from coursekit.grading.beforehand import look_ahead
from coursekit.grading.class_run import as_in_gradebook
from coursekit.grading.ordinary import released_notebooks
from coursekit.grading.results import ExerciseResult, Result
from coursekit.nbgrader_out.converters import load_config, programs_on_path
from coursekit.nbgrader_out.feedback import FeedbackWriter
from coursekit.nbgrader_out.gradebook import read_graded, writing
from coursekit.nbgrader_out.late_plugin import OUR_PLUGIN, require_late_plugin

ADA, DUE = "ada-right", "2027-01-10 12:00:00"
SETTINGS = f"""
[dates]
time_zone = "Europe/Berlin"
[dates.due]
mine = {DUE}
[policies]
late = "per hour"
late_percent = 10
"""


@pytest.fixture
def course(tmp_path) -> Course:
    unpack(PACKED[-1], tmp_path / "course")
    return Course(tmp_path / "course")


def agree(course, text=SETTINGS, rows=""):
    (course.root / NAME).write_text(text, encoding="utf-8")
    if rows:
        (course.root / "extensions.csv").write_text(
            "student,problem_set,hours,excused\n" + rows, encoding="utf-8"
        )


def came(course, time, hand_ins=None):
    place = (hand_ins or course.submitted()) / ADA / "mine" / "timestamp.txt"
    place.write_text(time, encoding="utf-8") if time else place.unlink(missing_ok=True)


def written(course, attempt=""):
    path = course.autograded(ADA, "mine")
    with writing(course, "mine") as gradebook:
        return gradebook.write(
            ADA, {"mine": read_graded(path.read_text(encoding="utf-8"))}, attempt
        )


def in_gradebook(course):
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        submission = gradebook.find_submission("mine", ADA)
        return (
            submission.duedate,
            submission.extension,
            submission.total_seconds_late,
            submission.late_submission_penalty,
        )


def page(course):
    FeedbackWriter(course, "mine").write(ADA)
    return course.feedback(ADA, "mine").read_text(encoding="utf-8")


def test_due_date_extension_and_penalty_stand_where_nbgrader_looks(course):
    agree(course, rows=f"{ADA},mine,1,\n")
    came(course, "2027-01-10 13:30:00 UTC")  # 14:30 in Berlin
    standing = written(course)
    score = sum(mark.points for mark in standing.marks.values())
    assert standing.penalty == pytest.approx(0.2 * score)
    due, extension, late, taken = in_gradebook(course)
    assert (due, extension) == (datetime(2027, 1, 10, 12), timedelta(hours=1))
    assert late == 90 * 60
    assert taken == standing.penalty


def test_screen_json_and_page_say_the_same(course):
    agree(course)
    came(course, "2027-01-10 12:30:00 UTC")
    standing = written(course)
    result = as_in_gradebook(Result(ADA, "mine", ()), standing)
    assert result.policies == standing.policies
    assert len(standing.policies) == 3
    text = page(course)
    for sentence in standing.policies:
        assert f'<p class="policy">{sentence}</p>' in text
    assert "10 percent of the earned points for each hour that has begun." in text


def test_a_page_is_made_again_when_only_the_terms_changed(course):
    agree(course)
    came(course, "2027-01-10 10:00:00 UTC")
    written(course)
    assert "in time" in page(course)
    agree(course, SETTINGS.replace(DUE, "2027-01-11 12:00:00"))
    written(course)
    assert "Due: 2027-01-11 12:00:00 CET." in page(course)


def test_an_extension_that_is_taken_back_is_gone(course):
    agree(course, rows=f"{ADA},mine,48,\n")
    came(course, "2027-01-10 13:30:00 UTC")
    assert written(course).penalty == 0
    (course.root / "extensions.csv").unlink()
    assert written(course).penalty > 0
    assert in_gradebook(course)[1] is None


def test_an_unknown_time_costs_nothing_though_an_earlier_hand_in_had_one(course):
    agree(course)
    came(course, "2027-01-12 13:30:00 UTC")
    assert written(course).penalty > 0
    came(course, "")
    standing = written(course)
    assert (standing.penalty, standing.late) == (0, "")
    assert "not known" in standing.policies[1]


def test_without_dates_in_course_toml_those_of_the_gradebook_stay(course):
    agree(course, '[policies]\nlate = "all"\n')
    came(course, "2027-01-12 13:30:00 UTC")
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        gradebook.update_or_create_assignment("mine", duedate=datetime(2027, 1, 12, 12))
        gradebook.grant_extension("mine", ADA, hours=1)
    standing = written(course)
    assert standing.penalty == sum(mark.points for mark in standing.marks.values())
    assert in_gradebook(course)[:3] == (datetime(2027, 1, 12, 13), timedelta(hours=1), 1800)


@pytest.mark.parametrize("late", ["nothing", "lms"])
def test_a_penalty_of_before_is_taken_back(course, late):
    agree(course)
    came(course, "2027-01-12 13:30:00 UTC")
    assert written(course).penalty > 0
    agree(course, SETTINGS.replace("per hour", late))
    assert written(course).penalty == 0


def test_an_excuse_is_known_beside_the_points(course):
    agree(course, rows=f"{ADA},mine,,yes\n")
    standing = written(course)
    assert standing.excused
    assert "You are excused" in page(course)


@pytest.mark.parametrize(
    "line",
    [
        'c.LateSubmissionPlugin.penalty_method = "zero"',
        'c.AssignLatePenalties.plugin_class = "late.SubMarks"',
    ],
)
def test_two_things_that_take_points_off_are_refused(course, line):
    agree(course)
    with course.config.open("a", encoding="utf-8") as config:
        config.write(f"\n{line}\n")
    with pytest.raises(CourseError, match="only one may take points off"):
        require_late_plugin(course)


def test_the_plugin_of_a_new_course_is_no_second_one(course):
    agree(course)
    with course.config.open("a", encoding="utf-8") as config:
        config.write(f'\nc.AssignLatePenalties.plugin_class = "{OUR_PLUGIN}"\n')
    require_late_plugin(course)
    assert load_config(course).AssignLatePenalties.plugin_class == OUR_PLUGIN


def test_late_days_stand_in_the_line_and_so_does_a_day_spent_for_nothing(course):
    agree(course, SETTINGS + "late_days = 2\n")
    came(course, "2027-01-10 11:00:01 UTC")  # a second late
    standing = written(course)
    assert "with 1 late day, 1 left" in standing.policies[0]
    right = Result(ADA, "mine", (ExerciseResult("a", "passed", 1, 1),))
    line = result_line(as_in_gradebook(right, standing))
    assert "- spent: 1 late day, 1 left" in line
    nothing = replace(right, exercises=(ExerciseResult("a", "failed", 0, 1),))
    line = result_line(as_in_gradebook(nothing, standing))
    assert "- spent, and no points: 1 late day, 1 left; 0 for the student and this set in" in line
    agree(course, SETTINGS + "late_days = 2\n")
    (course.root / "extensions.csv").write_text(
        f"student,problem_set,late_days\n{ADA},mine,0\n", encoding="utf-8"
    )
    assert not written(course).late_days


# What is said beforehand


def said_beforehand(course):
    said = []
    look_ahead(course, "mine", released_notebooks(course, "mine"), said.append)
    return "\n".join(said)


def test_lines_of_extensions_without_effect_are_said_before_anybody_is_graded(course):
    agree(course, rows="ada-rihgt,mine,24,\n")
    assert "line 2: nobody is called 'ada-rihgt'; is ada-right meant?" in said_beforehand(course)


def collect_late(course, late=True, time=None):
    """As an archive of Canvas is collected, which says LATE and no time."""
    member = Member(("mine.ipynb",), lambda: str(time).encode())
    piece = Piece((), ("mine.ipynb",), came=time, late=late)
    one = HandedIn(ADA, [Placed(member, piece, ADA)], time, late)
    return Store(course).add("mine", "class.zip", {ADA: [one]})


def test_who_is_late_by_the_platform_alone_is_named_before_anybody_is_graded(course):
    agree(course)
    assert "platform calls these late" not in said_beforehand(course)
    collect_late(course)
    said = said_beforehand(course)
    assert f"nobody knows when they handed in, so nothing is taken off: {ADA}. `course" in said
    assert '`late = "lms"` in course.toml leaves it to the platform' in said
    for quiet in ("lms", "nothing"):
        agree(course, SETTINGS.replace("per hour", quiet))
        assert "platform calls these late" not in said_beforehand(course)
    agree(course)
    collect_late(course, time=datetime(2027, 1, 12, 12, tzinfo=UTC))
    assert "platform calls these late" not in said_beforehand(course)
    Store(course).undo("mine")
    assert "platform calls these late" in said_beforehand(course)
    Store(course).undo("mine")
    assert "platform calls these late" not in said_beforehand(course)


# Attempts


def attempt(course, points, time, number=None):
    """An attempt with so many points; the last one, or an earlier one with its number."""
    hand_ins = course.root / "attempts" / str(number) if number else course.submitted()
    folder = hand_ins / ADA / "mine"
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(), folder / "mine.ipynb")
    came(course, time, hand_ins)
    return Attempt(hand_ins, Result(ADA, "mine", (ExerciseResult("a", "passed", points, 10),)))


def test_the_best_attempt_is_the_one_with_the_most_points_behind_its_penalty(course):
    agree(course, SETTINGS + 'attempts = "best"\n')
    found = [
        attempt(course, 9, "2027-01-10 15:30:00 UTC"),
        attempt(course, 7, "2027-01-10 10:00:00 UTC", 2),
        attempt(course, 6, "2027-01-09 10:00:00 UTC", 1),
    ]
    attempts = Attempts(course, "mine")
    assert attempts.places(ADA) == [each.hand_ins for each in found]
    assert attempts.counting(found) == 1  # 9 points come five hours late
    result = attempts.said(found, 1)
    assert result.attempt == "attempts/2"
    assert "an earlier attempt counts" in result.oddities[-1]
    standing = written(course, result.attempt)
    assert in_gradebook(course)[2:] == (0, 0)
    assert standing.policies[-1].startswith("An earlier attempt counts")


def test_of_equally_good_attempts_the_later_counts_and_the_last_one_without_the_policy(course):
    agree(course, SETTINGS + 'attempts = "best"\n')
    found = [attempt(course, 7, ""), attempt(course, 7, "", 1)]
    assert Attempts(course, "mine").counting(found) == 0
    agree(course)
    assert Attempts(course, "mine").places(ADA) == [course.submitted()]


def test_attempts_are_in_the_order_of_their_numbers(course):
    for number in (10, 9, 2):
        attempt(course, 1, "", number)
    shutil.rmtree(course.root / "attempts" / "9" / ADA)
    names = [path.name for path in course.earlier_attempts(ADA, "mine")]
    assert names == ["2", "10"]


def test_a_table_that_is_not_right_is_said_before_anybody_is_graded(course, capsys):
    agree(course, rows=f"{ADA},mine,soon,\n")
    assert main(["grade", "mine", "--course", str(course.root)]) == 2
    error = capsys.readouterr().err
    assert "extensions.csv, line 2: hours is 'soon': a number from 0 to 10000" in error
    assert error.count("\n") == 1


# nbgrader's own commands


@pytest.mark.parametrize("rule", ['late = "per hour"', 'late = "all"', 'late = "nothing"'])
def test_nbgraders_own_grading_takes_off_the_same(course, rule):
    agree(course, SETTINGS.replace('late = "per hour"', rule), rows=f"{ADA},mine,1,\n")
    came(course, "2027-01-10 13:30:00 UTC")
    ours = written(course).penalty
    with course.config.open("a", encoding="utf-8") as config:
        config.write(f'\nc.AssignLatePenalties.plugin_class = "{OUR_PLUGIN}"\n')
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        submission = gradebook.find_submission("mine", ADA)
        submission.notebooks[0].late_submission_penalty = None
        submission.extension = submission.assignment.duedate = None
        gradebook.db.commit()
    with writing(course, "mine") as gradebook:
        gradebook.date(ADA)
    names = {"notebook": "mine", "assignment": "mine", "student": ADA}
    resources = {"nbgrader": {**names, "db_url": f"sqlite:///{course.gradebook}"}}
    notebook = nbformat.v4.new_notebook()
    AssignLatePenalties(config=load_config(course)).preprocess(notebook, resources)
    assert in_gradebook(course)[1:] == (timedelta(hours=1), 5400, ours)


def test_where_nbgrader_decides_the_plugin_is_nbgraders(course):
    agree(course, SETTINGS.replace("per hour", "nbgrader"))
    came(course, "2027-01-10 13:30:00 UTC")
    with course.config.open("a", encoding="utf-8") as config:
        config.write(
            f'\nc.AssignLatePenalties.plugin_class = "{OUR_PLUGIN}"\n'
            'c.LateSubmissionPlugin.penalty_method = "zero"\n'
        )
    require_late_plugin(course)
    standing = written(course)
    assert standing.penalty == sum(mark.points for mark in standing.marks.values()) > 0


def test_a_set_that_the_gradebook_does_not_know_is_said(course):
    agree(course, "[dates.due]\nother = 2027-01-10\n")
    with (
        pytest.raises(CourseError, match="does not know other: `course release other`"),
        writing(course, "other"),
    ):
        pass
