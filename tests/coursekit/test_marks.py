"""What a person marked stays marked; screen, JSON and pages show what the gradebook has."""

from datetime import datetime

import pytest
from nbgrader.api import Gradebook
from tests.coursekit.earlier_courses import PACKED, unpack

from coursekit.commands.report import result_line
from coursekit.courses import Course
from coursekit.grading.class_run import as_in_gradebook
from coursekit.grading.results import BY_HAND, OPEN, ExerciseResult, Result
from coursekit.nbgrader_out.converters import programs_on_path
from coursekit.nbgrader_out.feedback import FeedbackWriter
from coursekit.nbgrader_out.gradebook import read_graded, writing
from coursekit.policies.times import duration

STUDENT, WHY = "ada-right", "mine-why"


@pytest.fixture
def course(tmp_path) -> Course:
    """A course that an earlier version began, in which Ada's answer is marked."""
    unpack(PACKED[-1], tmp_path / "course")
    course = Course(tmp_path / "course")
    mark(course, WHY, 2.5)
    return course


def mark(course, cell, points):
    """Mark as formgrader does."""
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        grade = gradebook.find_grade(cell, "mine", "mine", STUDENT)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()


def graded(course, answer=None, code=None):
    notebook = read_graded(course.autograded(STUDENT, "mine").read_text(encoding="utf-8"))
    for cell in notebook.cells:
        mine = cell.metadata.get("nbgrader", {})
        if answer is not None and mine.get("grade_id") == WHY:
            cell.source = answer
        elif code is not None and mine.get("solution") and cell.cell_type == "code":
            cell.source += code
    return notebook


def written(course, notebook=None):
    with writing(course, "mine") as gradebook:
        return gradebook.write(STUDENT, {"mine": notebook or graded(course)})


def test_a_mark_stays_given_while_the_answer_stays(course):
    for _ in range(3):
        standing = written(course)
        assert not standing.marks[WHY].waits
        assert standing.oddities == ()
    assert (standing.marks[WHY].points, standing.marks[WHY].by_hand) == (3.0, True)  # 0.5 extra


def test_an_answer_that_changed_is_marked_again_and_this_is_said(course):
    written(course)
    standing = written(course, graded(course, "Another."))
    assert standing.marks[WHY].waits
    assert standing.marks[WHY].points == 3.0
    (oddity,) = standing.oddities
    assert oddity.startswith(f"the answer to {WHY} is another one since it was marked by hand")
    again = written(course, graded(course, "Another."))
    assert again.marks[WHY].waits  # until somebody has marked it
    mark(course, WHY, 1.0)
    assert not written(course, graded(course, "Another.")).marks[WHY].waits


def test_what_was_marked_before_answers_were_noted_is_known_by_the_graded_notebook(course):
    assert written(course, graded(course, "Another.")).marks[WHY].waits


def test_another_answer_in_the_notebook_takes_no_mark_away(course):
    written(course)
    standing = written(course, graded(course, code="\n# one more remark"))
    assert not standing.marks[WHY].waits
    assert standing.oddities == ()


def test_points_that_a_person_gave_for_code_stay_until_the_code_changes(course):
    (check,) = (name for name in written(course).marks if name.endswith("-check"))
    mark(course, check, 0.25)
    assert (written(course).marks[check].points, written(course).marks[check].waits) == (
        0.25,
        False,
    )
    assert written(course, graded(course, code="\n# changed")).marks[check].waits


def test_what_nobody_marked_waits(course):
    mark(course, WHY, None)
    assert written(course).marks[WHY].waits


def test_a_failed_write_leaves_no_trace_in_what_was_seen(course, monkeypatch):
    written(course)
    with writing(course, "mine") as gradebook:
        with monkeypatch.context() as patched:
            patched.setattr(gradebook.gradebook.db, "commit", failing)
            with pytest.raises(OSError, match="full"):
                gradebook.write(STUDENT, {"mine": graded(course, "Another.")})
        assert gradebook.write(STUDENT, {"mine": graded(course)}).oddities == ()
        assert gradebook.write(STUDENT, {"mine": graded(course, "Another.")}).oddities


def failing():
    raise OSError("the disk is full")


def test_the_penalty_of_a_late_hand_in_is_there_with_its_reason(course):
    with course.config.open("a", encoding="utf-8") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    (course.submitted() / STUDENT / "mine" / "timestamp.txt").write_text(
        "2027-01-10 15:30:00 UTC", encoding="utf-8"
    )
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        gradebook.update_or_create_assignment("mine", duedate=datetime(2027, 1, 10, 12))
    standing = written(course)
    FeedbackWriter(course, "mine").write(STUDENT)
    page = course.feedback(STUDENT, "mine").read_text(encoding="utf-8")
    assert "Late submission penalty, handed in 3 hours 30 minutes late (Score: -5.0)" in page
    assert (standing.penalty, standing.late) == (5.0, "3 hours 30 minutes")
    exercises = (
        ExerciseResult("mine-leaky", "passed", 2, 2),
        ExerciseResult(WHY, OPEN, 0, 3, evidence=BY_HAND),
    )
    result = as_in_gradebook(Result(STUDENT, "mine", exercises), standing)
    assert result.score == 0
    assert (result.exercises[1].outcome, result.exercises[1].points) == ("passed", 3)
    line = result_line(result)
    assert "    0 of 5" in line
    assert "handed in 3 hours 30 minutes late: 5 points are taken off" in line
    assert "to be marked" not in line


def test_a_result_shows_what_waits_and_what_the_gradebook_does_not_know(course):
    mark(course, WHY, None)
    exercises = (ExerciseResult(WHY, OPEN, 0, 3), ExerciseResult("mine-new", "passed", 1, 1))
    result = as_in_gradebook(Result(STUDENT, "mine", exercises), written(course))
    assert [exercise.outcome for exercise in result.exercises] == [OPEN, "passed"]
    assert "1 to be marked by hand" in result_line(result)


def test_a_page_is_rendered_again_only_when_something_on_it_changed(course, monkeypatch):
    written(course)
    pages = FeedbackWriter(course, "mine")
    rendered = []
    real = pages.converter.convert_single_notebook
    monkeypatch.setattr(
        pages.converter, "convert_single_notebook", lambda path: rendered.append(path) or real(path)
    )
    page = course.feedback(STUDENT, "mine")

    def times():
        rendered.clear()
        for _ in range(2):  # the second time nothing is to be done
            pages.write(STUDENT)
        return len(rendered)

    assert times() == 1  # made by an earlier version
    assert "Score: 5.0 / 5" in page.read_text(encoding="utf-8")
    assert times() == 0
    mark(course, WHY, 1.0)
    assert times() == 1
    assert "Score: 3.5 / 5" in page.read_text(encoding="utf-8")
    page.write_bytes(page.read_bytes()[:-200])
    assert times() == 1
    page.unlink()
    assert times() == 1
    path = course.autograded(STUDENT, "mine")
    path.write_text(path.read_text(encoding="utf-8").replace("rectifier", "ramp"), encoding="utf-8")
    assert times() == 1
    assert FeedbackWriter(course, "mine").renderer == pages.renderer
    with course.config.open("a", encoding="utf-8") as config:
        config.write("# changed\n")
    assert FeedbackWriter(course, "mine").renderer != pages.renderer


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, ""),
        (1, "1 minute"),
        (3600, "1 hour"),
        (90061, "1 day 1 hour"),
        (7320, "2 hours 2 minutes"),
    ],
)
def test_a_duration_is_said_in_two_units(seconds, words):
    assert duration(seconds) == words
