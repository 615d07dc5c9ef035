"""Declarations, and the tasks that are made from them."""

import re

import numpy as np
import pytest
from tests.coursekit.own_sets import begin, change, room_of
from tests.some_of_many import some_of

from coursekit.authoring.exercises import Cases, Exercise, draw_cases
from coursekit.authoring.masters import MASTERS, read_master
from coursekit.authoring.tasks import make_task, public_tasks
from coursekit.checks.calling import call
from coursekit.checks.compare import examine
from coursekit.checks.diagnosis import diagnose
from coursekit.errors import CourseError
from coursekit.grading.awarding import award
from coursekit.grading.trials import Decided, Trial

EXERCISES = [
    exercise for path in sorted(MASTERS.glob("*.md")) for exercise in read_master(path).exercises
]
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
with_mistakes = pytest.mark.parametrize(
    "exercise",
    [exercise for exercise in EXERCISES if exercise.declaration.misconceptions],
    ids=lambda exercise: exercise.id,
)


def written(tree) -> str:
    """A tree as text, without the addresses of generators."""
    return re.sub(r" at 0x\w+", "", repr(tree))


def outcomes(task, function):
    return [call(function, task.parameters, case.arguments) for case in task.cases]


def test_shares_that_do_not_add_up_are_an_error():
    with pytest.raises(CourseError, match=r"add up to 0\.5; they must add up to 1"):
        Exercise(cases=[Cases("a", lambda rng: (1,), share=0.5)])


@every_exercise
def test_the_same_seed_gives_the_same_cases_and_another_gives_others(exercise):
    first, same, other = (
        draw_cases(exercise.declaration, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert written(first) == written(same)
    assert written(first) != written(other)


@every_exercise
@pytest.mark.parametrize("seed", some_of(range(5), 3))
def test_the_reference_passes_its_cases(exercise, seed):
    task = make_task(exercise, np.random.default_rng(seed))
    verdict = examine(task, outcomes(task, exercise.reference.function))
    assert verdict.passed, verdict.findings


@with_mistakes
@pytest.mark.parametrize("seed", some_of(range(5), 3))
def test_every_misconception_fails_and_is_named(exercise, seed):
    task = make_task(exercise, np.random.default_rng(seed))
    for mistake in exercise.declaration.misconceptions:
        with np.errstate(all="ignore"):
            verdict = examine(task, outcomes(task, mistake.wrong))
        assert not verdict.passed, mistake.id
        assert diagnose(verdict) == (mistake.id,)


def group(name, share, only_with=""):
    return Cases(name, lambda rng: (1,), share, only_with=only_with)


def test_a_group_counts_no_more_than_the_one_that_it_counts_with():
    exercise = Exercise(cases=[group("a", 0.6), group("b", 0.3, only_with="a"), group("c", 0.1)])
    assert exercise.earned({"a": 1, "b": 1, "c": 1}) == pytest.approx(1)
    assert exercise.earned({"a": 0, "b": 1, "c": 1}) == pytest.approx(0.1)
    assert exercise.earned({"a": 1, "b": 0, "c": 0}) == pytest.approx(0.6)
    assert exercise.counted({"a": 0.5, "b": 1, "c": 1}) == {"a": 0.5, "b": 0.5, "c": 1}


@pytest.mark.parametrize(
    ("other", "message"),
    [("B", "did you mean 'b'|counts only with 'B'"), ("a", "counts only with 'a'")],
)
def test_a_group_counts_with_one_that_counts_by_itself(other, message):
    with pytest.raises(CourseError, match=message):
        Exercise(cases=[group("a", 0.5, only_with=other), group("b", 0.5)])


def test_gradients_that_are_returned_as_they_came_earn_nothing():
    exercise = read_master(MASTERS / "ps4.md").exercise("clip")
    for seed in range(5):
        task = make_task(exercise, np.random.default_rng(seed))
        verdict = examine(task, outcomes(task, lambda grads, limit: grads))
        assert verdict.passed_groups == {"short enough"}
        judged = Decided(Trial(exercise, task), verdict)
        assert award(judged, None, []).points == 0


@pytest.mark.parametrize("path", sorted(MASTERS.glob("*.md")), ids=lambda path: path.stem)
def test_public_cases_are_the_same_at_every_release(path):
    master = read_master(path)
    assert written(public_tasks(master)) == written(public_tasks(master))


def test_public_cases_can_be_of_another_kind_than_hidden_ones():
    group = Cases("a", [lambda rng: (1,)], share=1, public=[lambda rng: (2,)])
    exercise = Exercise(cases=[group])
    rng = np.random.default_rng(0)
    assert [case.arguments for case in draw_cases(exercise, rng)] == [(1,)] * 3
    assert [case.arguments for case in draw_cases(exercise, rng, public=True)] == [(2,)] * 3


def test_cases_that_cannot_be_drawn_are_said_with_their_line(tmp_path):
    begin(tmp_path)
    change(room_of(tmp_path), ("rng.normal(size=(M, n))", "rng.normale(size=(M, n))"))
    exercise = read_master(tmp_path / "mine.md").exercises[0]
    with pytest.raises(CourseError, match=r"mine/row_means\.py, line 3\d: the cases of mine-row"):
        make_task(exercise, np.random.default_rng(0))
