"""Processes that are ended and replaced: what one takes costs its own task only."""

import os
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.utils import determine_grade as nbgrader_score
from nbgrader.utils import is_grade
from tests.coursekit.crashes import copy_of, prepared
from tests.coursekit.tiers import first_tier

from coursekit.errors import CourseError
from coursekit.grading import executors
from coursekit.grading.class_run import ClassRun, Round
from coursekit.grading.executors import Allowance, LostError, Processes
from coursekit.grading.results import ExerciseResult, Result, load_result
from coursekit.grading.settings import Settings
from coursekit.nbgrader_out.gradebook import read_scores
from coursekit.nbgrader_plugin.judging import JudgingProcess, unjudged
from coursekit.sandbox.limits import Limits
from coursekit.worker.processes import process_clock

PLENTY = Allowance(600.0, 600.0, 2**31)


def nothing():
    """Make nothing in a new process."""


def echo(word):
    return word


def own_pid(_):
    return os.getpid()


def burn(_):
    while True:
        pass


def sleep(_):
    time.sleep(600)


def fill(_):
    return len([bytearray(2**24) for _ in range(1000)])


def die(_):
    os._exit(3)


def fail(_):
    raise ValueError("a task's own")


@pytest.fixture
def places():
    opened = []

    def place(jobs=2, **allowed):
        opened.append(Processes(jobs, nothing, (), replace(PLENTY, **allowed)))
        return opened[-1]

    yield place
    for one in opened:
        one.close()


def test_tasks_are_done_and_a_process_does_several(places):
    place = places(jobs=1)
    assert [place.result(echo, word) for word in "abc"] == list("abc")
    assert place.result(own_pid, "") == place.result(own_pid, "")


@pytest.mark.parametrize(
    ("task", "allowed", "spent"),
    [
        (burn, {"cpu_seconds": 0.2}, "time"),
        (sleep, {"seconds": 0.2}, ""),
        (fill, {"memory": 2**28}, "memory"),
        (die, {}, ""),
    ],
)
def test_a_task_that_takes_too_much_is_lost_and_no_other(places, task, allowed, spent):
    place = places(**allowed)
    lost, others = place.submit(task, ""), [place.submit(echo, k) for k in range(4)]
    while not (lost.done() and all(other.done() for other in others)):
        place.look_after()
    assert [other.result() for other in others] == [0, 1, 2, 3]
    with pytest.raises(LostError) as raised:
        lost.result()
    assert raised.value.spent == spent
    assert place.result(echo, "after") == "after"


def test_an_error_of_a_task_is_its_own(places):
    with pytest.raises(ValueError, match="a task's own"):
        places().result(fail, "")


def test_nothing_is_left_when_a_place_is_closed(places):
    place = places()
    pids = [place.result(own_pid, "") for _ in range(2)]
    stuck = place.submit(sleep, "")
    place.look_after()
    place.members[-1].process.kill()
    place.close()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert not stuck.done()


def test_the_allowance_of_a_run_is_more_than_its_submissions_may_take_on_the_clock():
    limits = Limits(submission_seconds=1000.0)
    allowed = executors.allowance_of(Settings(1), limits)
    assert allowed.seconds > limits.submission_seconds


def test_the_clock_of_a_process_is_its_processor_time():
    assert process_clock(os.getpid()) == pytest.approx(time.process_time(), abs=1)


class Place:
    """An executor that does a task at once, or loses it as told."""

    lost = (LostError,)

    def __init__(self, losses):
        self.losses, self.done = losses, []

    def submit(self, task, student, /, *words):
        self.done.append((task.__name__, student, *words))
        found = executors.Future()
        loss = self.losses.pop(task.__name__, None)
        if loss:
            found.set_exception(loss)
        elif task.__name__ == "recall_student":
            found.set_result(None)
        else:
            found.set_result("" if "feedback" in task.__name__ else result_of(student))
        return found

    def look_after(self, at_once=False):
        return 0.0


def result_of(student):
    return Result(student, "ps", (ExerciseResult("e", "passed", 1.0, 1.0),))


def failed(student, fault):
    return Result(student, "ps", (), fault=fault)


@pytest.mark.parametrize(
    ("loss", "last", "tasks"),
    [
        (LostError("60 s", "time"), False, ["grade_student", "give_up", "write_feedback"]),
        (LostError("2 GB", "memory"), False, ["grade_student"]),
        (LostError("2 GB", "memory"), True, ["grade_student", "give_up", "write_feedback"]),
        (LostError("it ended"), False, ["grade_student"]),
    ],
)
def test_what_a_submission_used_up_itself_is_its_own_doing(loss, last, tasks):
    place = Place({"grade_student": loss})
    found = Round(place, lambda result: result, failed, last)
    results = list(found.results(["ada"]))
    assert [done[0] for done in place.done] == ["recall_student", *tasks]
    assert ("give_up" in tasks) == (found.again == []) == bool(results)


def test_what_nobody_used_up_is_tried_again_and_then_an_error_of_the_grader():
    place = Place({"grade_student": LostError("it ended by itself")})
    (result,) = Round(place, lambda result: result, failed, last=True).results(["ada"])
    assert result.fault == "it ended by itself"


def test_a_page_that_takes_too_much_is_written_without_what_was_printed():
    place = Place({"write_feedback": LostError("60 s", "time")})
    (result,) = Round(place, lambda result: result, failed).results(["ada"])
    assert result.final
    assert place.done[-1][0] == "write_short_feedback"


@pytest.fixture(scope="module")
def course():
    with prepared() as (fresh, folder):
        yield fresh, folder


@pytest.mark.slow
@pytest.mark.tier("auto")
def test_who_takes_too_much_to_judge_has_no_points_and_a_page_and_the_others_have_theirs(
    course, monkeypatch
):
    from coursekit.grading import judge

    fresh, folder = course
    copy = copy_of(fresh, folder, "much")
    examine = judge.examine

    def endless(task, outcomes):  # ben's answer is the only one that is wrong and does not stop
        if any(getattr(o, "value", None) is not None for o in outcomes):
            while not examine(task, outcomes).passed:
                pass
        return examine(task, outcomes)

    monkeypatch.setattr(judge, "examine", endless)
    run = ClassRun(copy, "mine", Settings(2, first_tier(), judging_seconds=3.0))
    results = {result.student: result for result in run.grade(copy.students("mine"))}
    assert all(result.final for result in results.values())
    assert results["ben"].score == 0
    assert "more than 3 s of processor time" in results["ben"].exercises[0].message
    assert results["ada"].score == results["ada"].max_score > 0
    page = next((copy.root / "feedback" / "ben").rglob("*.html")).read_text(encoding="utf-8")
    assert "takes too much to read and compare" in page
    assert read_scores(copy, "mine")["ben"].score == 0
    kept = [load_result(path) for path in copy.results("mine").glob("*.json")]
    assert "ben" in {result.student for result in kept}


def test_the_page_of_who_is_judged_comes_before_the_next_is_judged(places):
    place, order = places(jobs=1), []
    futures = [place.submit(echo, f"judge {k}") for k in range(3)]
    for future in futures:
        future.add_done_callback(lambda done: order.append(done.result()))
    while not futures[0].done():
        place.look_after()
    page = place.submit(echo, "page 0")
    page.add_done_callback(lambda done: order.append(done.result()))
    while not futures[2].done():
        place.look_after()
    assert order.index("page 0") < order.index("judge 2")


class Losing:
    """A place that loses tasks as told, and notes what it was asked."""

    def __init__(self, *losses):
        self.losses, self.asked = list(losses), []

    def result(self, task, *arguments):
        self.asked.append(task.__name__)
        loss = self.losses.pop(0) if self.losses else None
        if loss is not None:
            raise loss
        return arguments


@pytest.mark.parametrize(
    ("losses", "error", "tries"),
    [
        ([], None, 1),
        ([LostError("it ended")], None, 2),
        ([CourseError("no room")], None, 2),
        ([LostError("60 s", "time")], LostError, 1),
        ([LostError("2 GB", "memory"), LostError("2 GB", "memory")], LostError, 2),
        ([LostError("it ended"), LostError("it ended")], CourseError, 2),
    ],
)
def test_beside_nbgrader_too_what_went_wrong_is_tried_once_more(losses, error, tries):
    process = JudgingProcess(Losing(*losses))
    with pytest.raises(error) if error else nullcontext():
        assert process.done(echo, 1) == (1,)
    assert len(process.place.asked) == tries


@pytest.mark.slow
@pytest.mark.tier("auto")
def test_for_nbgrader_a_hand_in_that_takes_too_much_is_the_release_without_a_point(course):
    fresh, folder = course
    copy = copy_of(fresh, folder, "unjudged")
    notebook = unjudged(copy.root, "mine", "mine", "more than 60 s of processor time")
    scores = [nbgrader_score(cell) for cell in notebook.cells if is_grade(cell)]
    assert {score for score, _ in scores if score is not None} == {0.0}
    assert "more than 60 s" in str(notebook)
