"""Notebooks mutated from valid ones: each is graded, or is 0 with a reason.

More of them: ``python -m tests.coursekit.fuzzing --count 10000``.
"""

import pytest
from tests.coursekit.fuzzing import judged_sample, mutated, problems_of_rebuild, seeds

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
    for result, readable in judged_sample(tmp_path / "course", count=25, seed=3):
        assert not result.fault
        assert 0 <= result.score <= 4
        assert result.score == 0 or readable
        assert readable or result.oddities
