"""Before a release the causes of several exercises are looked for at once, each once."""

import sys

import pytest

from coursekit.authoring import causes_ahead
from coursekit.authoring.causes import CalledCauses
from coursekit.authoring.causes_ahead import look_for_causes, unknown_causes
from coursekit.authoring.masters import find_master, read_master
from coursekit.authoring.tasks import public_tasks

MASTER = read_master(find_master("ps0"))
ALL = [exercise.id for exercise in MASTER.exercises]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "coursekit" / "causes"


@pytest.fixture
def started(monkeypatch):
    """The processes that were started."""
    made = []
    real = causes_ahead.one_process
    monkeypatch.setattr(
        causes_ahead, "one_process", lambda *given: made.append(given) or real(*given)
    )
    return made


def test_the_release_finds_them_all_and_each_is_announced(monkeypatch):
    begun = []
    assert sorted(unknown_causes(MASTER)) == sorted(ALL)
    look_for_causes(MASTER, begun.append, cores=2)
    assert sorted(begun) == sorted(ALL)
    assert unknown_causes(MASTER) == []
    monkeypatch.setattr(CalledCauses, "kept", lambda self: pytest.fail("looked for again"))
    assert [task.exercise for task in public_tasks(MASTER)] == ALL


def test_what_takes_longest_comes_first():
    assert unknown_causes(read_master(find_master("ps1")))[0] == "ps1-train-step"


def test_what_is_known_starts_no_process(started):
    look_for_causes(MASTER, cores=2)
    assert len(started) == 2
    look_for_causes(MASTER, cores=2)
    assert len(started) == 2


def test_one_core_has_no_use_for_processes(started):
    look_for_causes(MASTER, cores=1)
    assert started == []


def test_a_process_that_ends_at_once_costs_time_only(monkeypatch, cache):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    look_for_causes(MASTER, cores=2)
    assert not cache.exists()
    assert all(task.causes for task in public_tasks(MASTER))


def test_without_a_place_to_keep_them_nothing_is_started(monkeypatch, started):
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", "nowhere")
    look_for_causes(MASTER, cores=2)
    assert started == []
