"""What differs between the tiers of the sandbox and must not: no honest submission notices it.

Without user namespaces the kernel counts the processes of all submissions together, with those of
the instructor, and no file system of its own holds what a submission writes.
"""

import contextlib
import os
import resource
import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.sandbox import leases
from coursekit.sandbox.attempts import Attempt
from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import Cell, Crashed, Returned, SandboxFault
from coursekit.sandbox.pool import WorkerPool
from coursekit.sandbox.worker_process import SandboxUnavailableError, WorkerProcess
from coursekit.worker import folders
from coursekit.worker.headroom import least
from coursekit.worker.processes import ProcessState, descendants, memory_of_all

each_tier = pytest.mark.parametrize("tier", ["bwrap", "landlock"])
MOST_FILES = Limits().files
HONEST = [Cell("a", "import subprocess\ndef f():\n    return subprocess.run(['true']).returncode")]
HOLDS_ALL = """
import os, time
def f():
    made = 0
    while True:
        try:
            pid = os.fork()
        except OSError:
            break
        if pid == 0:
            time.sleep(600)
        made += 1
    given(made)
    time.sleep(0.5)
"""


@pytest.fixture
def pool(tier):
    with WorkerPool(2, tier) as opened:
        yield opened


def honest(pool):
    with pool.submission(HONEST) as run:
        assert run.fault is None
        return run.call("f")


# Processes


@each_tier
def test_what_the_user_starts_later_takes_no_place_from_a_submission(pool):
    with pool.submission(HONEST) as run, many_threads():
        assert run.call("f").value == 0
        assert honest(pool).value == 0


@contextlib.contextmanager
def many_threads():
    end = threading.Event()
    threads = [threading.Thread(target=end.wait) for _ in range(200)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        end.set()
        for thread in threads:
            thread.join()


@each_tier
def test_a_submission_that_holds_all_that_it_may_takes_none_from_another(pool):
    found = []

    def held(made):
        assert 16 <= made <= 40
        found.append(honest(pool))

    with pool.submission([Cell("a", HOLDS_ALL)]) as run:
        for _ in range(2):  # and none from itself, when it is called again
            run.call("f", bindings={"given": held})
    assert [outcome.value for outcome in found] == [0, 0]


may_starve = pytest.mark.skipif(os.geteuid() == 0, reason="root's workers are another user's")


def leave_no_process(worker):
    """Take from all processes of a worker the right to start another."""
    for state in descendants(worker.process.pid):
        resource.prlimit(state.pid, resource.RLIMIT_NPROC, (1, 1))


@each_tier
@may_starve
def test_a_machine_without_a_free_process_is_a_fault_and_the_next_worker_is_tried(pool):
    with pool.submission(HONEST) as run:
        leave_no_process(run._lease.worker())
        assert run.call("f").value == 0
        assert run._losses == 1


@each_tier
@may_starve
def test_a_machine_that_stays_without_a_free_process_costs_no_student_a_point(pool, monkeypatch):
    whole = Attempt.open

    def starved(attempt, owner):
        leave_no_process(attempt.worker)
        return whole(attempt, owner)

    monkeypatch.setattr(Attempt, "open", starved)
    with pool.submission(HONEST) as run:
        assert isinstance(run.call("f"), SandboxFault)
        assert "no other process can be started on this machine" in run.fault


LIES = {
    "it says that it cannot fork": "runner._fork = lambda: [].pop()\nclass _E(OSError): pass\n"
    "def _fail(): raise _E('no')\nrunner._fork = _fail",
    "it says so in no language": "runner.encode = lambda value: b'\\xff\\xff'",
}


@each_tier
@pytest.mark.parametrize("name", LIES)
def test_student_code_cannot_pass_for_such_a_machine(pool, name):
    source = f"import sys\nrunner = sys.modules['worker.runner']\n{LIES[name]}\ndef f(): return 1"
    with pool.submission([Cell("a", source)]) as run:
        assert isinstance(run.call("f"), Crashed)
        assert run.fault is None


@given(st.integers(0, 300), st.integers(1, 300), st.integers(1, 300))
def test_the_least_number_is_found_from_any_guess(count, guess, ceiling):
    asked = []

    def enough(limit):
        asked.append(limit)
        return limit > count

    found = least(enough, min(guess, ceiling), ceiling)
    assert found == min(count + 1, ceiling)
    assert len(asked) <= 4 + 4 * abs(found - min(guess, ceiling)).bit_length()


# Memory

SHARES = """
import os, time
kept = bytearray(100 * 2**20)
kept[::4096] = bytes(len(kept) // 4096)  # else it is not there yet
def f(changes):
    done, tell = os.pipe()
    for _ in range(8):
        if os.fork() == 0:
            if changes:
                kept[::4096] = bytes(len(kept) // 4096)
            os.write(tell, b'.')
            time.sleep(60)
    for _ in range(8):
        os.read(done, 1)
    time.sleep(0.3)
    return len(kept)
"""


@each_tier
@pytest.mark.parametrize("changes", [False, True])
def test_what_forks_share_counts_once_and_what_they_change_counts_for_each(pool, changes):
    with pool.submission([Cell("a", SHARES)], Limits(memory=250 * 2**20)) as run:
        outcome = run.call("f", (changes,))
    if changes:
        assert isinstance(outcome, Crashed), outcome
        assert outcome.reason == "it used more than 500 MB of memory"
    else:
        assert isinstance(outcome, Returned), outcome
        assert outcome.value == 100 * 2**20


def test_memory_that_nobody_may_look_at_counts_in_full():
    state = ProcessState(os.getpid(), 1, "S", 0.0, 0.0, 2**30, 1)
    assert memory_of_all([state, state], 2**31) == 2**31
    assert memory_of_all([state], 2**20) < 2**30
    gone = replace(state, pid=2**22 + 1)
    assert memory_of_all([gone, gone], 2**20) == 2**31


# Files


def deep(folder, levels):
    """Nest folders deeper than a path may be long; returns the outermost."""
    before = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("deeper" * 10, dir_fd=before)
        inner = os.open("deeper" * 10, os.O_RDONLY, dir_fd=before)
        os.close(before)
        before = inner
    os.close(before)


def closed_folder(folder, size=0):
    (folder / "closed").mkdir()
    (folder / "closed" / "file").write_bytes(b"x" * size)
    (folder / "closed").chmod(0o300)


def many(folder, number):
    for k in range(number):
        (folder / str(k)).touch()


def link_outside(folder):
    (folder.parent / "outside").mkdir()
    (folder.parent / "outside" / "kept").write_text("kept", encoding="utf-8")
    (folder / "link").symlink_to(folder.parent / "outside")


FILLED = {
    "deep": lambda folder: deep(folder, 3000),
    "closed to its owner": closed_folder,
    "many": lambda folder: many(folder, 5000),
    "link": link_outside,
}


@pytest.mark.parametrize("name", FILLED)
def test_a_folder_is_removed_whatever_is_in_it(name, tmp_path):
    folder = tmp_path / "scratch"
    folder.mkdir()
    FILLED[name](folder)
    descriptors = len(os.listdir("/proc/self/fd"))
    folders.remove(str(folder))
    assert not folder.exists()
    assert len(os.listdir("/proc/self/fd")) == descriptors
    assert name != "link" or (tmp_path / "outside" / "kept").read_text(encoding="utf-8") == "kept"


def test_what_cannot_be_removed_is_no_error(tmp_path):
    folders.remove(str(tmp_path / "not there"))
    (tmp_path / "file").touch()
    folders.remove(str(tmp_path / "file"))


TOO_MUCH = {
    "deep": (lambda folder: deep(folder, 200), True),
    "closed to its owner": (lambda folder: closed_folder(folder, 2**20), True),
    "closed and small": (closed_folder, False),
    "many": (lambda folder: many(folder, MOST_FILES + 1), True),
    "not too many": (lambda folder: many(folder, MOST_FILES), False),
    "link": (link_outside, False),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_a_folder_with_too_much_in_it_is_known(name, tmp_path):
    fill, too_much = TOO_MUCH[name]
    folder = tmp_path / "scratch"
    folder.mkdir()
    fill(folder)
    descriptors = len(os.listdir("/proc/self/fd"))
    assert folders.holds_more(str(folder), 2**19, MOST_FILES) == too_much
    assert len(os.listdir("/proc/self/fd")) == descriptors
    folders.remove(str(folder))


LEFT = {
    "nested folders": """
import os
def f():
    for _ in range(1500):
        os.mkdir("d")
        os.chdir("d")
""",
    "a folder that its owner cannot list": """
import os
def f():
    os.mkdir("d", 0o300)
    for k in range(10):
        with open(f"d/{k}", "wb") as file:
            file.write(bytes(10**7))
""",
    "a hundred thousand files": """
def f():
    for k in range(100_000):
        open(str(k), "w").close()
""",
}


@each_tier
@pytest.mark.parametrize("name", LEFT)
def test_what_a_submission_leaves_harms_none_after_it(name, pool):
    before = set(os.listdir(pool.workers.all[0].scratch or "/"))
    for _ in range(3):
        with pool.submission([Cell("a", LEFT[name])]) as run:
            run.call("f")
            assert run.fault is None
        assert run.left_clean
        assert honest(pool).value == 0
    for worker in pool.workers.all:
        assert worker.scratch is None or set(os.listdir(worker.scratch)) == before


@pytest.mark.parametrize(
    "name", ["a folder that its owner cannot list", "a hundred thousand files"]
)
@pytest.mark.tier("landlock")
def test_too_many_files_end_the_call_that_makes_them(name):
    with WorkerPool(1, "landlock") as pool, pool.submission([Cell("a", LEFT[name])]) as run:
        outcome = run.call("f")
    assert outcome.reason == "it wrote more than 64 MB, or more than 4096 files"


# Workers


class Refused:
    def __init__(self, tier, hidden=(), packages=None):
        raise SandboxUnavailableError(f"{tier} does not start: no room")


@each_tier
def test_a_worker_that_cannot_be_replaced_costs_its_submission_and_is_tried_again(
    tier, monkeypatch
):
    with WorkerPool(1, tier) as pool:
        with monkeypatch.context() as patched:
            patched.setattr(leases, "WorkerProcess", Refused)
            with pool.submission(HONEST) as run:
                run._attempt.channel.close()
                assert run.call("f") == SandboxFault(reason=f"{tier} does not start: no room")
            with pool.submission(HONEST) as run:
                assert run.fault == f"{tier} does not start: no room"
        assert isinstance(honest(pool), Returned)


@each_tier
@pytest.mark.parametrize("early", [True, False])
def test_a_worker_that_has_ended_leaves_no_folder_even_when_nobody_closes_it(
    tier, early, monkeypatch
):
    if early:  # the judge ends while the worker still imports
        monkeypatch.setattr(WorkerProcess, "_hello", lambda worker: {})
    worker = WorkerProcess(tier)
    worker.control.close()
    worker.process.wait(600)
    left = worker.scratch is not None and os.path.exists(worker.scratch)
    worker.close()
    assert not left
