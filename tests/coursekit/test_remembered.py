"""The self-test runs once after a machine has started, and again when anything has changed."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from tests.coursekit.tiers import first_tier

from coursekit.courses import init_course
from coursekit.grading import grader_process
from coursekit.grading.settings import Settings
from coursekit.sandbox import opening, remembered
from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.remembered import KnownTier, place, recall, remember
from coursekit.sandbox.selftest import Promise, SelfTestReport
from coursekit.sandbox.worker_process import SandboxUnavailableError

PASSED = KnownTier("bwrap", "bwrap (namespaces)")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "coursekit" / "self-tests"


def note():
    return place(remembered.facts_of("auto", ()))


@pytest.mark.tier("auto")
def test_it_runs_once_and_not_again(monkeypatch):
    examined = []
    real = opening.examine
    monkeypatch.setattr(opening, "examine", lambda pool: examined.append(pool) or real(pool))
    for _ in range(2):
        with open_pool() as pool:
            assert pool.tier == first_tier()
            assert pool.description.startswith(pool.tier)
    assert len(examined) == 1


@pytest.mark.tier("auto")
def test_a_second_class_run_starts_no_worker_to_test(tmp_path, monkeypatch):
    course = init_course(tmp_path / "course")
    first = grader_process.tested(course, "ps1", Settings())
    assert first.sandbox == first_tier()
    monkeypatch.setattr(opening, "WorkerPool", None)
    assert grader_process.tested(course, "ps1", Settings()) == first


@pytest.mark.tier("auto")
def test_what_broke_a_promise_is_not_kept(monkeypatch):
    broken = SelfTestReport("bwrap", {}, (Promise("reads no file outside", False),))
    monkeypatch.setattr(opening, "examine", lambda pool: broken)
    for _ in range(2):
        with pytest.raises(SandboxUnavailableError, match="broke a promise"):
            open_pool()
    assert recall("auto", ()) is None


def test_no_sandbox_is_not_kept():
    remember("none", (), KnownTier("none", "none"))
    assert recall("none", ()) is None


@pytest.mark.parametrize(
    "changed", ["boot", "kernel", "rights", "python", "bwrap", "shown", "code"]
)
def test_a_change_of_the_system_forgets(changed, monkeypatch):
    remember("auto", (), PASSED)
    assert recall("auto", ()) == PASSED
    facts = remembered.facts_of("auto", ())
    monkeypatch.setattr(remembered, "facts_of", lambda *_: facts | {changed: "another"})
    assert recall("auto", ()) is None


def test_another_request_and_other_hidden_files_are_tested_by_themselves(tmp_path):
    remember("auto", (), PASSED)
    assert recall("landlock", ()) is None
    assert recall("auto", [tmp_path]) is None


def test_a_system_that_does_not_say_when_it_started_remembers_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(remembered, "BOOT", tmp_path / "none")
    remember("auto", (), PASSED)
    assert recall("auto", ()) is None


def test_folder_and_note_are_closed_to_others(cache):
    remember("auto", (), PASSED)
    assert cache.stat().st_mode & 0o777 == 0o700
    assert note().stat().st_mode & 0o777 == 0o600


def opened_folder():
    note().parent.chmod(0o770)


def opened_file():
    note().chmod(0o644)


def a_link():
    real = note().rename(note().with_suffix(".real"))
    note().symlink_to(real)


def a_link_for_the_folder():
    folder = note().parent
    real = folder.rename(folder.with_name("real"))
    folder.symlink_to(real)


def another_owner():
    os.chown(note(), 12345, -1)


def no_json():
    note().write_text("{", encoding="utf-8")


def another_form():
    note().write_text("[1]", encoding="utf-8")


def more_than_was_kept():
    content = json.loads(note().read_text(encoding="utf-8"))
    content["tested"]["more"] = 1
    note().write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    "spoil",
    [opened_folder, opened_file, a_link, a_link_for_the_folder, another_owner, no_json,
     another_form, more_than_was_kept],
)  # fmt: skip
def test_a_note_that_is_not_the_users_own_is_not_believed(spoil):
    if spoil is another_owner and os.geteuid():
        pytest.skip("only root gives files away")
    remember("auto", (), PASSED)
    spoil()
    assert recall("auto", ()) is None


def test_a_cache_that_cannot_be_written_stops_nothing(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    remember("auto", (), PASSED)
    assert recall("auto", ()) is None


def test_notes_do_not_grow_without_end(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(remembered, "MAX_NOTES", 3)
    for number in range(5):
        remember("auto", [tmp_path / str(number)], replace(PASSED, description=str(number)))
    assert len(list(cache.iterdir())) == 3
    assert recall("auto", [tmp_path / "4"]) == KnownTier("bwrap", "4")


def test_another_process_knows_the_same_facts(tmp_path):
    program = (
        "import json, pathlib, sys; from coursekit.sandbox.remembered import facts_of\n"
        "hidden = [pathlib.Path(sys.argv[1])]\n"
        "print(json.dumps(facts_of('auto', hidden, ('numpy', 'matplotlib'))))"
    )

    def told(seed: str) -> str:
        command = [sys.executable, "-c", program, str(tmp_path)]
        environment = os.environ | {"PYTHONHASHSEED": seed}
        return subprocess.run(
            command, env=environment, capture_output=True, encoding="utf-8", check=True
        ).stdout

    assert len({told(seed) for seed in "1234"}) == 1
