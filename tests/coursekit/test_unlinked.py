"""Files without a name count, however student code goes on to hold them."""

import ctypes
import mmap
import os
import subprocess
import sys
import tempfile
from dataclasses import replace

import pytest

from coursekit.sandbox.outcomes import Cell, Crashed, Returned
from coursekit.sandbox.pool import WorkerPool
from coursekit.worker.processes import read_state
from coursekit.worker.unlinked import HiddenError, bytes_held

REASON = "it wrote more than 64 MB, or more than 4096 files"
BEGIN = """
import ctypes, mmap, os, tempfile, threading, time
import numpy as np
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
kept, data = [], bytes(10**7)
def written(name):
    file = open(name, 'w+b')
    file.write(data)
    file.flush()
    os.remove(name)
    return file
"""
HOLDS = {
    "open": "for k in range(8): kept.append(written('file'))",
    "mapped": (
        "for k in range(8):\n        with written('file') as file:\n"
        "            assert libc.mmap(None, 4096, 1, 1, file.fileno(), 0) != -1"
    ),
    "never named": (
        "for k in range(8):\n        kept.append(os.open('.', os.O_TMPFILE | os.O_RDWR))\n"
        "        os.write(kept[-1], data)"
    ),
    "in a child": (
        "for k in range(8): kept.append(written('file'))\n    if os.fork() == 0: time.sleep(60)\n"
        "    kept.clear()"
    ),
    "in a process whose main thread has ended": (
        "end = {'x86_64': 60, 'aarch64': 93}[os.uname().machine]\n"
        "    if os.fork():\n        time.sleep(60)\n"
        "    def work():\n        time.sleep(0.1)\n"
        "        for k in range(8): kept.append(written('file'))\n        time.sleep(60)\n"
        "    threading.Thread(target=work).start()\n    libc.syscall(end, 0)"
    ),
    "mapped by a process whose main thread has ended": (
        "end = {'x86_64': 60, 'aarch64': 93}[os.uname().machine]\n"
        "    if os.fork():\n        time.sleep(60)\n"
        "    def work():\n        time.sleep(0.1)\n"
        "        for k in range(8):\n            with written('file') as file:\n"
        "                assert libc.mmap(None, 4096, 1, 1, file.fileno(), 0) != -1\n"
        "        time.sleep(60)\n"
        "    threading.Thread(target=work).start()\n    libc.syscall(end, 0)"
    ),
    "in a program that nobody may read": (
        "with open('/bin/sleep', 'rb') as file: program = file.read()\n"
        "    kept.append(os.open('program', os.O_CREAT | os.O_WRONLY, 0o111))\n"
        "    os.write(kept[-1], program)\n    os.close(kept[-1])\n"
        "    if os.fork() == 0: os.execv('./program', ['sleep', '60'])"
    ),
}


@pytest.fixture(scope="module")
def pool():
    with WorkerPool(1, "landlock") as opened:
        yield opened


@pytest.mark.tier("landlock")
@pytest.mark.parametrize("name", HOLDS)
def test_a_call_that_holds_too_much_is_ended(pool, name):
    source = f"{BEGIN}\ndef f():\n    {HOLDS[name]}\n    time.sleep(5)"
    with pool.submission([Cell("a", source)]) as run:
        outcome = run.call("f")
        assert isinstance(outcome, Crashed), outcome
        assert outcome.reason == REASON


@pytest.mark.tier("landlock")
def test_what_short_calls_hold_together_is_counted(pool):
    source = f"{BEGIN}\ndef f():\n    kept.append(written('file'))"
    with pool.submission([Cell("a", source)]) as run:
        outcomes = run.session().call_many("f", [()] * 60, go_on=False)
    assert outcomes[-1].reason == REASON


@pytest.mark.tier("landlock")
def test_honest_temporary_files_are_not_too_much(pool):
    source = f"""{BEGIN}
def f():
    kept.append(tempfile.TemporaryFile())
    kept[0].write(data)
    with tempfile.NamedTemporaryFile() as file:
        kept.append(np.memmap(file.name, 'float64', 'w+', shape=(100,)))
    kept.append(mmap.mmap(-1, 10**8))
    time.sleep(0.3)
    return 1
"""
    with pool.submission([Cell("a", source)]) as run:
        assert isinstance(run.call("f"), Returned)


LIBC, PAGE = ctypes.CDLL(None), mmap.PAGESIZE
LIBC.mmap.restype = ctypes.c_void_p


def map_page(fd):
    """Map the first page of a file without keeping a descriptor, as Python's own module does."""
    return LIBC.mmap(None, ctypes.c_size_t(PAGE), 1, 1, fd, ctypes.c_long(0))


def held(folder):
    return bytes_held([read_state(os.getpid())], str(folder), 10**6)


def test_a_file_is_counted_once_and_only_if_it_lies_in_this_file_system(tmp_path):
    with (tmp_path / "a").open("w+b") as file:
        file.write(bytes(10**5))
        file.flush()
        assert held(tmp_path) == 0
        (tmp_path / "a").unlink()
        counted = held(tmp_path)
        assert 10**5 <= counted < 2 * 10**5
        again, mapped = os.dup(file.fileno()), map_page(file.fileno())
        assert held(tmp_path) == counted
        os.close(again)
    assert held(tmp_path) == 10**6
    assert LIBC.munmap(ctypes.c_void_p(mapped), PAGE) == 0
    assert held(tmp_path) == 0
    with tempfile.TemporaryFile(dir=tmp_path) as file:
        file.write(bytes(10**5))
        file.flush()
        assert held(tmp_path) > 0
        assert held("/proc") == 0


def test_a_process_that_has_ended_holds_nothing_and_a_hidden_one_is_told(tmp_path, monkeypatch):
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    state = read_state(pid)
    os.waitpid(pid, 0)
    assert bytes_held([state], str(tmp_path), 1) == 0

    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr("coursekit.worker.unlinked._open_files", refuse)
    with pytest.raises(HiddenError):
        held(tmp_path)
    ending = replace(read_state(os.getpid()), memory=0)
    monkeypatch.setattr("coursekit.worker.unlinked.read_state", lambda pid: ending)
    assert held(tmp_path) == 0


SEEN_FROM_BIRTH = """
import os
from coursekit.worker import confinement
from coursekit.worker.confinement import Caps, Ground
waits, tells = os.pipe()
confinement._inside = lambda *_: os.read(waits, 1)  # as if it had not got further yet
confinement.kernel.prctl(confinement.kernel.PR_SET_DUMPABLE, 0)
ground = Ground("none", os.environ["TMPDIR"], (), (), False)
caps = Caps(2**30, 9, 2**20, 2**20, 99, 2**20, 9, 9, 9)
child = confinement.start(ground, caps, lambda: None, ())
try:
    print(len(os.listdir(f"/proc/{child.pid}/fd")) > 0)
finally:
    os.write(tells, b".")
    os.waitpid(child.pid, 0)
"""


def test_a_submission_is_seen_from_its_birth(tmp_path):
    """As the process that it is forked from lets nobody look."""
    done = subprocess.run(
        [sys.executable, "-c", SEEN_FROM_BIRTH], capture_output=True, encoding="utf-8",
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout == "True\n", done.stderr


@pytest.mark.tier("landlock")
def test_children_that_end_all_the_time_are_no_hidden_ones(pool):
    source = f"""{BEGIN}
def f():
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        if os.fork() == 0:
            os._exit(0)
        os.wait()
    return 1
"""
    with pool.submission([Cell("a", source)]) as run:
        assert isinstance(run.call("f", cpu_seconds=20), Returned)
