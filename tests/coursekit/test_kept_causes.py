"""What explains mistakes is looked for once; a change of anything that it follows from forgets."""

from dataclasses import replace

import numpy as np
import pytest
from tests.coursekit.test_causes import EXERCISES, step

from coursekit.authoring import kept_causes as module
from coursekit.authoring.causes import CalledCauses
from coursekit.authoring.kept_causes import digest_of, folders, kept_causes
from coursekit.authoring.tasks import make_task, public_rng


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "coursekit" / "causes"


@pytest.fixture
def searched(monkeypatch):
    """The searches that were made."""
    made = []
    real = CalledCauses.kept
    monkeypatch.setattr(CalledCauses, "kept", lambda self: made.append(self) or real(self))
    return made


def called(seed="a seed"):
    return make_task(EXERCISES[step], public_rng(seed), public=True).causes


def assert_equal(first, second):
    assert first.causes
    assert list(first.causes) == list(second.causes)
    np.testing.assert_array_equal(first.numbers, second.numbers)


def test_the_second_time_nothing_is_searched(searched):
    first = kept_causes(called())
    assert_equal(first, kept_causes(called()))
    assert len(searched) == 1


def test_other_cases_are_searched_for_themselves(searched):
    kept_causes(called())
    kept_causes(called("another seed"))
    assert len(searched) == 2


def test_another_expected_result_is_another_key():
    first = called()
    cases = [
        replace(case, expected=(case.expected[0] + 1, case.expected[1])) for case in first.cases
    ]
    assert digest_of(CalledCauses(first.exercise, cases)) != digest_of(first)


def test_a_change_beside_the_solution_forgets(tmp_path, monkeypatch):
    room, shared = tmp_path / "room.py", tmp_path / "shared.py"
    for path in (room, shared):
        path.write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(module, "folders", lambda solutions: [tmp_path])
    before = digest_of(called())
    shared.write_text("x = 2\n", encoding="utf-8")
    assert digest_of(called()) != before


def test_a_change_of_the_program_forgets(monkeypatch):
    before = digest_of(called())
    monkeypatch.setattr(module, "digest_of_program", lambda: "another")
    assert digest_of(called()) != before


def test_the_whole_package_of_a_reference_counts():
    import backprop
    from backprop.networks import mlp_backward

    assert [str(one) for one in folders([mlp_backward])] == backprop.__path__


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all"])
def test_a_damaged_file_is_made_again(content, cache, searched):
    first = kept_causes(called())
    (path,) = cache.iterdir()
    path.write_bytes(content)
    assert_equal(first, kept_causes(called()))
    assert_equal(first, kept_causes(called()))
    assert len(searched) == 2


def test_a_file_that_others_may_write_is_not_read(cache, searched):
    kept_causes(called())
    (path,) = cache.iterdir()
    path.chmod(0o666)
    kept_causes(called())
    assert len(searched) == 2


def test_without_a_place_to_keep_them_they_are_searched_as_ever(searched, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/none")
    assert_equal(kept_causes(called()), kept_causes(called()))
    assert len(searched) == 2


def test_only_so_many_are_kept(cache, monkeypatch):
    monkeypatch.setattr(module, "MOST_FILES", 2)
    for seed in "abc":
        kept_causes(called(seed))
    assert len(list(cache.iterdir())) == 2
