"""Code that takes too much, ends too early, or stays too long."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import Cell, Crashed, Missing, Raised, Returned, TimedOut, TooLarge

OS = "import os, signal, sys, threading, time\n"
LOOP = "while True:\n        try:\n            while True: pass\n        except BaseException: pass"
ENDS = {
    "endless loop that catches everything": (f"def attack():\n    {LOOP}", TimedOut, "cpu"),
    "endless loop inside the C library": (
        "def attack():\n    return sum(range(10**15))",
        TimedOut,
        "cpu",
    ),
    "loop that ignores signals": (
        OS + f"def attack():\n    signal.pthread_sigmask(0, range(1, 64))\n    {LOOP}",
        TimedOut,
        "cpu",
    ),
    "loop in threads": (
        OS + f"def burn():\n    {LOOP}\ndef attack():\n"
        "    [threading.Thread(target=burn, daemon=True).start() for _ in range(4)]\n"
        "    time.sleep(600)",
        TimedOut,
        "cpu",
    ),
    "loop in children, asleep itself": (
        OS
        + f"def burn():\n    {LOOP}\ndef attack():\n    os.fork() or burn()\n    time.sleep(600)",
        TimedOut,
        "cpu",
    ),
    "sleep": (OS + "def attack():\n    time.sleep(600)", TimedOut, "asleep"),
    "deadlock": (
        OS + "def attack():\n    lock = threading.Lock()\n    lock.acquire()\n    lock.acquire()",
        TimedOut,
        "asleep",
    ),
    "exit": (OS + "def attack():\n    os._exit(0)", Crashed, "code 0"),
    "exit after closing everything": (
        OS + "def attack():\n    os.closerange(0, 64)\n    os._exit(0)",
        Crashed,
        "",
    ),
    "closing everything": (OS + "def attack():\n    os.closerange(0, 64)", Crashed, ""),
    "segmentation fault": (
        "import ctypes\ndef attack():\n    ctypes.string_at(0)",
        Crashed,
        "SIGSEGV",
    ),
    "abort": (OS + "def attack():\n    os.abort()", Crashed, "SIG"),
    "SystemExit": ("def attack():\n    raise SystemExit('done')", Raised, "SystemExit"),
    "KeyboardInterrupt": ("def attack():\n    raise KeyboardInterrupt", Raised, "Keyboard"),
    "exception that cannot be printed": (
        "class E(BaseException):\n    def __str__(self): raise SystemExit\n"
        "    __repr__ = __str__\ndef attack():\n    raise E",
        Raised,
        "E",
    ),
    "exception that takes forever to print": (
        "class E(BaseException):\n    def __str__(self):\n        while True: pass\n"
        "def attack():\n    raise E",
        TimedOut,
        "cpu",
    ),
    "recursion": ("def attack():\n    return attack()", Raised, "RecursionError"),
    "recursion through the stack": (
        "import sys\nsys.setrecursionlimit(10**9)\n"
        "class A:\n    def __getattr__(self, n): return getattr(self, n + 'x')\n"
        "def attack():\n    return eval('[' * 10**5) if 0 else A().a",
        (Crashed, Raised, TimedOut),
        "",
    ),
    "memory bomb": ("def attack():\n    return len(bytearray(2**32))", Raised, "MemoryError"),
    "memory bomb in steps": (
        "def attack():\n    kept = []\n    while True: kept.append(np.ones(10**6))",
        (Raised, Crashed),
        "",
    ),
    "memory bomb in many processes": (
        OS + "def attack():\n    for _ in range(8):\n        if os.fork() == 0:\n"
        "            kept = bytearray(200 * 2**20)\n"
        "            time.sleep(600)\n    time.sleep(600)",
        Crashed,
        "memory",
    ),
    "fork bomb": (
        OS + "def attack():\n    while True:\n        try: os.fork()\n        except OSError: pass",
        TimedOut,
        "cpu",
    ),
    "thread bomb": (
        OS + "def attack():\n    for _ in range(10**4):\n"
        "        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
        Raised,
        "thread",
    ),
    "a full scratch folder": (
        OS + "def attack():\n    for k in range(100):\n"
        "        with open(f'f{k}', 'wb') as f: f.write(bytes(2**20))",
        (Raised, Crashed),
        "",
    ),
    "a large file": (
        "def attack():\n    with open('f', 'wb') as f: f.write(bytes(5 * 2**20))",
        Raised,
        "OSError",
    ),
    "many descriptors": (
        OS + "def attack():\n    return [os.dup(0) for _ in range(10**4)]",
        Raised,
        "OSError",
    ),
    "200 MB of output": (
        "def attack():\n    for _ in range(200): print('x' * 2**20)\n    return 1",
        (Returned, TimedOut),
        "",
    ),
    "output without end": (
        OS + "def attack():\n    while True: os.write(1, b'x' * 2**16)",
        TimedOut,
        "cpu",
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_call_that_takes_too_much_costs_itself_only(stage, name):
    source, kinds, word = ENDS[name]
    outcome = stage.play(source, cpu_seconds=0.3 if kinds is TimedOut else 3.0)
    assert isinstance(outcome, kinds), outcome
    assert word in repr(outcome)
    assert len(outcome.stdout) <= Limits().output


def test_processes_are_counted_and_few(stage):
    source = (
        OS + "def attack():\n    for made in range(200):\n        try: pid = os.fork()\n"
        "        except OSError: return made\n        if pid == 0: time.sleep(600)\n"
    )
    outcome = stage.play(source, cpu_seconds=5.0)
    assert 8 <= outcome.value <= 24  # twice the limit, if others of this user end meanwhile


KILLS = {
    "its parent": "os.kill(os.getppid(), 9)",
    "the first process": "os.kill(1, 9)",
    "everybody": "os.kill(-1, 9)",
    "its group": "os.killpg(0, 9)",
    "its parent by stopping it": "os.kill(os.getppid(), signal.SIGSTOP)",
}


@pytest.mark.parametrize("name", KILLS)
def test_a_call_that_kills_other_processes_costs_itself_only(stage, name):
    source = OS + f"def attack():\n    {KILLS[name]}\n    return 'alive'"
    assert isinstance(stage.play(source), (Returned, Raised, Crashed))


@pytest.mark.parametrize("name", KILLS)
def test_however_often_a_call_kills_others_the_next_exercise_is_called(pool, name):
    source = OS + f"def attack(x):\n    {KILLS[name]}\ndef honest(x):\n    return x"
    limits = Limits(patience_seconds=1.5, patience_factor=20)
    with pool.submission([Cell("a", source)], limits) as run:
        for _exercise in range(3):
            run.session().call_many("attack", [(number,) for number in range(100)])
        assert run.session().call("honest", (2,)).value == 2


CELLS = {
    "hangs": ("while True: pass", "hung"),
    "sleeps": ("import time; time.sleep(600)", "hung"),
    "exits": ("import os; os._exit(0)", "crashed"),
    "kills itself": ("import os; os.kill(os.getpid(), 9)", ("crashed", "error")),
    "is no Python": ("def f(:", "error"),
    "raises SystemExit": ("raise SystemExit", "error"),
    "has a null byte": ("x = 1\0", "error"),
    "is very long": ("x = [" + "1," * 10**4 + "]", "ok"),
    "is nested deeply": ("(" * 5000 + ")" * 5000, ("error", "crashed")),
    "replaces os.fork": ("import os; os.fork = os.waitpid = lambda *a: 0", "ok"),
    "traces everything": ("import sys; sys.settrace(lambda *a: 1 / 0)", ("ok", "error")),
    "replaces the streams": ("import sys; sys.stdout = sys.stderr = None", ("ok", "error")),
    "ends at exit": ("import atexit; atexit.register(lambda: print('x'))", "ok"),
    "leaves threads": (
        "import threading, time\n"
        "for _ in range(3): threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
        "ok",
    ),
    "leaves children": (
        "import os, time\nfor _ in range(30):\n    try:\n        if os.fork() == 0:\n"
        "            os.setsid()\n            time.sleep(600)\n    except OSError: break",
        "ok",
    ),
    "has a numpy of its own": (
        "import os, sys\nos.mkdir('numpy')\nopen('numpy/__init__.py', 'w').write('ones = 1')\n"
        "sys.path.insert(0, os.getcwd())\nimport numpy",
        "ok",
    ),
    "sends signals to its parent": (
        "import os\ntry: os.kill(os.getppid(), 9)\nexcept OSError: pass",
        ("ok", "crashed"),
    ),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_misbehaves_costs_itself_only(pool, name):
    source, status = CELLS[name]
    limits = Limits(cell_cpu_seconds=0.5, patience_seconds=1.5, patience_factor=20, processes=24)
    cells = [
        Cell("before", "def early(x): return x + 1"),
        Cell("bad", source),
        Cell("after", "import numpy\ndef late(x): return float(numpy.sum(x * 2))"),
    ]
    with pool.submission(cells, limits) as run:
        assert run.fault is None, run.fault
        assert run.cells[1].status in status, run.cells[1]
        assert run.call("early", (1,)).value == 2
        assert run.call("late", (1,)).value == 2.0
    assert run.left_clean


def test_of_many_hanging_cells_few_are_run(pool):
    limits = Limits(cell_cpu_seconds=0.1, broken_cells=2)
    cells = [Cell(str(k), "while True: pass") for k in range(50)]
    with pool.submission(cells, limits) as run:
        assert [cell.status for cell in run.cells] == ["hung"] * 2 + ["skipped"] * 48
        assert isinstance(run.call("attack"), Missing)


def test_nothing_survives_the_call_that_started_it(pool):
    source = (
        OS + "def attack():\n    if os.fork() == 0:\n        os.setsid()\n"
        "        if os.fork() == 0:\n            time.sleep(0.3)\n"
        "            open('late', 'w').close()\n            time.sleep(600)\n        os._exit(0)\n"
        "    return 1\ndef here():\n    time.sleep(0.6)\n    return os.path.exists('late')"
    )
    with pool.submission([Cell("a", source)]) as run:
        assert run.call("attack").value == 1
        assert run.call("here").value is False
    assert run.left_clean


def test_an_answer_that_comes_after_its_time_reaches_nobody(pool):
    source = OS + (
        "def late(fds, parent):\n    while os.getppid() == parent: time.sleep(0.001)\n"
        "    for fd in fds:\n        try: os.write(fd, b'\\x1f\\x00\\x00\\x00\\x01N')\n"
        "        except OSError: pass\n"
        "def attack():\n    me = os.getpid()\n    for _ in range(8):\n"
        "        if os.fork() == 0:\n            late(range(3, 64), me)\n"
        "            os._exit(0)\n    while True: pass\n"
        "def honest(): return 'mine'"
    )
    with pool.submission([Cell("a", source)]) as run:
        assert isinstance(run.call("attack", cpu_seconds=0.2), TimedOut)
        for _ in range(3):
            assert run.call("honest").value == "mine"
            time.sleep(0.1)


def test_the_next_submission_finds_nothing_of_the_last(pool):
    leave = "import os, builtins, numpy\nbuiltins.mark = numpy.mark = os.mark = 1\n"
    leave += "open('mark', 'w').close()\nos.environ['MARK'] = '1'"
    look = "import os, builtins, numpy\ndef seen():\n    return [hasattr(m, 'mark') for m in "
    look += "(os, builtins, numpy)] + [os.path.exists('mark'), 'MARK' in os.environ]"
    with pool.submission([Cell("a", leave)]) as run:
        assert run.cells[0].status == "ok"
    with pool.submission([Cell("a", look)]) as run:
        assert run.call("seen").value == [False] * 5


def test_one_exercise_sees_nothing_of_the_inputs_of_another(pool):
    source = "kept = []\ndef f(x):\n    kept.append(x)\n    return len(kept)"
    with pool.submission([Cell("a", source)]) as run:
        assert [run.call("f", (k,)).value for k in range(3)] == [1, 1, 1]


def test_no_process_of_a_submission_outlives_it(pool):
    mark = "course-outlives-" + str(os.getpid())
    source = OS + (
        f"def attack():\n    for _ in range(4):\n        if os.fork() == 0:\n"
        f"            os.execv('/bin/sh', ['{mark}', '-c', 'sleep 600; true'])\n    return 1"
    )
    with pool.submission([Cell("a", source)]) as run:
        run.call("attack")
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if _there(path)]
    assert not [line for line in running if line.startswith(mark.encode())]


def _there(path):
    try:
        return bool(path.read_bytes())
    except OSError:
        return False


def test_too_much_output_of_a_cell_is_cut_and_the_cell_is_run_to_its_end(pool):
    cells = [Cell("a", "for _ in range(50): print('x' * 2**20)\nend = 1"), Cell("b", "assert end")]
    with pool.submission(cells, Limits(output=1000)) as run:
        assert [cell.status for cell in run.cells] == ["ok", "ok"]
        assert sum(len(output.text) for output in run.cells[0].outputs) == 1000


def test_an_endless_stream_of_pictures_is_cut(pool):
    source = "for _ in range(10**4): display({'image/png': 'x' * 10**4}, raw=True)"
    with pool.submission([Cell("a", source)]) as run:
        assert run.cells[0].status == "ok"
        assert len(run.cells[0].outputs) <= 100


def test_a_cap_on_what_is_sent_holds_for_callbacks_too(stage):
    source = (
        "def attack():\n    try: given(np.ones(10**7))\n    except Exception as e: return str(e)"
    )
    outcome = stage.play(source, bindings={"given": lambda x: x})
    assert isinstance(outcome, (Returned, TooLarge, Raised))


HEADLESS = (
    OS
    + """import ctypes
libc, number = ctypes.CDLL(None), {'x86_64': 60, 'aarch64': 93}[os.uname().machine]
def leave(work):
    # the main thread ends; what stays looks like a process that has ended
    if os.fork() == 0:
        os.setsid()
        threading.Thread(target=work).start()
        libc.syscall(number, 0)
def forever():
    time.sleep(0.2)
    while True:
        with open('count', 'a') as file: file.write('x')
        time.sleep(0.02)
def count(): return os.path.getsize('count')
"""
)
"""A process whose main thread has ended, while others go on: /proc shows a zombie."""


def test_a_process_without_its_main_thread_stays_no_longer_than_others(pool):
    source = HEADLESS + "def attack():\n    leave(forever)\n    time.sleep(0.6)\n    return count()"
    with pool.submission([Cell("a", source)]) as run:
        assert run.call("attack").value
        before = run.call("count").value
        time.sleep(0.2)
        assert run.call("count").value == before
    assert run.left_clean


def test_a_process_without_its_main_thread_holds_no_more_memory_than_others(stage):
    source = HEADLESS + (
        "def fill():\n    time.sleep(0.2)\n    kept = bytearray(os.urandom(2**20) * 100)\n"
        "    time.sleep(600)\n"
        "def attack():\n    for _ in range(6): leave(fill)\n    time.sleep(600)"
    )
    outcome = stage.play(source, cpu_seconds=5.0)
    assert isinstance(outcome, Crashed), outcome
    assert "memory" in outcome.reason


def test_who_asks_and_does_not_read_gets_no_further_answer(stage):
    source = OS + (
        "import struct\n"
        "def attack():\n"
        "    asked = sys.modules['worker.trees'].encode([0, [1.0], {}])\n"
        "    frame = struct.pack('>BI', 32, len(asked)) + asked\n"
        "    for _ in range(300): os.write(socket(), frame)\n"
        "    time.sleep(600)\n"
        "def socket():\n"
        "    return max(fd for fd in range(3, 64) if is_socket(fd))\n"
        "def is_socket(fd):\n"
        "    try: return os.fstat(fd).st_mode & 0o170000 == 0o140000\n"
        "    except OSError: return False"
    )
    answers = []

    def given(number):
        answers.append(number)
        return np.zeros(2**18)

    stage.play(source, bindings={"given": given}, cpu_seconds=0.5)
    assert 1 <= len(answers) < 10
