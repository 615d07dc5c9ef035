"""Notebooks mutated from valid ones: each is graded, or is 0 with a reason.

More of them: ``python -m tests.coursekit.fuzzing --count 10000`` rebuilds, and
``python -m tests.coursekit.fuzz_judging --count 400`` judges.
"""

import pytest
from tests.coursekit.fuzz_judging import judged_classes, kind_of, problems_of
from tests.coursekit.fuzzing import mutated, problems_of_rebuild, seeds

from coursekit.grading.results import ExerciseResult, Result

pytestmark = pytest.mark.xdist_group("corpus")


def test_whatever_comes_is_rebuilt_to_a_valid_notebook_or_a_reason_is_given():
    problems, readable = problems_of_rebuild(count=1000, seed=1)
    assert problems == []
    assert 200 < readable < 1000


def test_mutants_differ_from_what_they_come_from():
    contents = [content for content, _ in mutated(200, seed=2)]
    assert len(set(contents)) > 150
    assert not {content for _, content in seeds()} >= set(contents)


@pytest.mark.slow
def test_a_sample_goes_through_the_whole_judge(tmp_path):
    sample = list(judged_classes(tmp_path / "course", count=25, seed=3))
    assert [judged for judged in sample if judged.problems] == []
    assert {kind_of(judged) for judged in sample} > {"with points"}


def test_what_breaks_the_promise_is_found():
    passed, failed = (ExerciseResult(name, name, 0.0, 2.0) for name in ("passed", "failed"))
    error = ExerciseResult("broken", "grader error", 0.0, 2.0, message="why")
    assert list(problems_of(Result("ada", "target", (passed, passed)), readable=True)) == []
    for result, readable, problem in (
        (Result("ada", "target", (passed, failed)), True, "failed without a reason"),
        (Result("ada", "target", (passed, error)), True, "grader error in broken: why"),
        (Result("ada", "target", (passed,)), True, "0.0 of 2.0 points"),
        (Result("ada", "target", (passed, passed)), False, "no reason is given"),
        (Result("ada", "target", (passed, passed), fault="lost"), True, "lost"),
    ):
        (found,) = problems_of(result, readable)
        assert problem in found
