"""Nothing stays in the temporary folder, however a run has ended."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from coursekit.sandbox import temporary
from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.pool import WorkerPool
from coursekit.sandbox.temporary import PREFIX, TemporaryFolder
from coursekit.worker.processes import descendants, read_state

each_tier = pytest.mark.parametrize("tier", ["bwrap", "landlock"])


@pytest.fixture
def place(monkeypatch):
    """A temporary folder of our own, which other users may enter, as root's workers are."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        monkeypatch.setattr("tempfile.tempdir", folder)
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


def test_what_nobody_holds_is_removed_and_what_somebody_holds_is_not(place):
    held, abandoned = TemporaryFolder(), TemporaryFolder()
    (Path(abandoned.path) / "file").touch()
    os.close(abandoned.lock)
    third = TemporaryFolder()
    assert sorted(place.iterdir()) == sorted(map(Path, (held.path, third.path)))
    held.remove()
    third.remove()
    third.remove()
    assert list(place.iterdir()) == []


def test_a_folder_is_held_by_whoever_inherits_its_descriptor(place):
    folder = TemporaryFolder()
    child = subprocess.Popen(["sleep", "60"], pass_fds=[folder.lock])
    os.close(folder.lock)
    TemporaryFolder().remove()
    assert Path(folder.path).is_dir()
    child.kill()
    child.wait()
    TemporaryFolder().remove()
    assert not Path(folder.path).exists()


def test_what_is_of_others_or_no_folder_is_left_alone(place, monkeypatch):
    of_another, plain = place / f"{PREFIX}another", place / f"{PREFIX}file"
    of_another.mkdir()
    plain.touch()
    (place / f"{PREFIX}link").symlink_to(place)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    TemporaryFolder().remove()
    assert len(list(place.iterdir())) == 3
    monkeypatch.undo()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    TemporaryFolder().remove()
    assert sorted(path.name for path in place.iterdir()) == [f"{PREFIX}file", f"{PREFIX}link"]


def test_a_folder_that_was_just_taken_for_abandoned_is_made_anew(place, monkeypatch):
    whole, taken = temporary._locked, []

    def locked(path):
        if not taken:
            taken.append(path)
            os.rmdir(path)
        return whole(path)

    monkeypatch.setattr(temporary, "_locked", locked)
    folder = TemporaryFolder()
    assert folder.path not in taken
    assert Path(folder.path).is_dir()
    folder.remove()


def test_a_file_system_without_locks_serves_too(place, monkeypatch):
    def refuse(*_):
        raise OSError(95, "not supported")

    monkeypatch.setattr(fcntl, "flock", refuse)
    folder = TemporaryFolder()
    assert folder.lock is None
    folder.remove()
    assert list(place.iterdir()) == []


KILLED = """
import sys, time
from coursekit.sandbox.pool import WorkerPool
with WorkerPool(2, sys.argv[1]) as pool:
    print(flush=True)
    time.sleep(600)
"""


def runs(pid):
    state = read_state(pid)
    return state is not None and state.state not in "ZX"


@each_tier
def test_what_a_run_left_that_was_killed_at_a_stroke_is_removed_by_the_next(tier, place):
    grader = subprocess.Popen([sys.executable, "-c", KILLED, tier], stdout=subprocess.PIPE)
    with grader:
        grader.stdout.readline()
        below = [state.pid for state in descendants(grader.pid)]
        for pid in (grader.pid, *below):
            os.kill(pid, signal.SIGKILL)
    while any(map(runs, below)):
        time.sleep(0.01)
    WorkerPool(1, tier).close()
    assert list(place.iterdir()) == []


@each_tier
def test_the_self_test_leaves_nothing(tier, place):
    open_pool(1, tier).close()
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("fails", ["_end_process", "_clear"])
def test_closing_a_worker_never_fails(fails, monkeypatch, place):
    def fail(*_):
        raise PermissionError("not ours")

    with WorkerPool(1, "none") as pool:
        (worker,) = pool.workers.all
        monkeypatch.setattr(worker, fails, fail)
    monkeypatch.undo()
    worker.close()
    assert worker.process.poll() is not None
