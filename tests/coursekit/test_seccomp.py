"""The filter on system calls: read by an interpreter of our own, and tried with honest code."""

import platform
import re
from pathlib import Path

import pytest

from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import Cell
from coursekit.sandbox.pool import WorkerPool
from coursekit.worker import landlock, seccomp, system_calls
from coursekit.worker.seccomp import program

TABLES = (
    system_calls.ALLOWED, system_calls.ALLOWED_BY_ARGUMENT, system_calls.SIGNALS,
    system_calls.TRUNCATING, system_calls.WITHOUT_EFFECT, system_calls.REFUSED,
    system_calls.NOT_DONE,
)  # fmt: skip
NEWEST = 7
"""Version of Landlock."""
MACHINES = ("x86_64", "aarch64")
NUMBERS = (
    {name: dict(zip(MACHINES, row, strict=True)) for table in TABLES for name, row in table.items()}
    | {name: dict.fromkeys(MACHINES, n) for name, n in (("clone3", 435), ("openat2", 437))}
    | {"flock": {"x86_64": 73, "aarch64": 32}}
)
ALLOWED, KILLED, SUCCESS = 0x7FFF0000, 0x80000000, 0x50000
NOT_PERMITTED, INVALID, NOT_THERE, NOT_SUPPORTED = (SUCCESS | n for n in (1, 22, 38, 95))

each_machine = pytest.mark.parametrize("machine", MACHINES)
each_filter = pytest.mark.parametrize("namespaces", [True, False])


def answer(steps, machine, number, *arguments):
    """Interpret the filter: an independent reading of classic BPF."""
    audit = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}.get(machine, 1)
    memory = {0: number, 4: audit}
    for place, argument in enumerate((*arguments, *[0] * 6)[:6]):
        memory |= {16 + 8 * place: argument % 2**32, 20 + 8 * place: argument >> 32}
    place, value = 0, 0
    while True:
        code, yes, no, operand = steps[place]
        place += 1
        if code == 0x20:
            value = memory[operand]
        elif code == 0x54:
            value &= operand
        elif code == 0x06:
            return operand
        else:
            holds = {0x15: value == operand, 0x45: bool(value & operand)}
            place += yes if holds[code] else no


@pytest.fixture
def asked(machine, namespaces):
    """What the filter answers to a system call by name."""
    steps = program(machine, namespaces, NEWEST)
    return lambda name, *arguments: answer(steps, machine, NUMBERS[name][machine], *arguments)


@each_machine
@each_filter
def test_what_is_needed_is_allowed_and_what_is_in_no_list_is_not_there(machine, namespaces):
    steps = program(machine, namespaces, NEWEST)
    listed = [row[MACHINES.index(machine)] for table in TABLES for row in table.values()]
    known = [number for number in listed if number is not None]
    assert len(set(known)) == len(known)
    for number in {*range(600), 0x40000000, 0x40000001, 2**31, 2**32 - 1} - set(known):
        assert answer(steps, machine, number) == NOT_THERE
    for name, row in system_calls.ALLOWED.items():
        if (number := row[MACHINES.index(machine)]) is not None:
            assert answer(steps, machine, number, *[2**64 - 1] * 6) == ALLOWED, name
    assert answer(steps, "other", 0) == KILLED


@each_machine
@each_filter
def test_what_reaches_out_is_refused(asked):
    for name in system_calls.REFUSED:
        assert asked(name) == NOT_PERMITTED, name
    assert asked("clone3") == asked("openat2") == asked("flock") == NOT_THERE
    assert asked("clone", 0x01200011) == ALLOWED
    assert asked("clone", 0x10000011) == NOT_PERMITTED


@each_machine
@each_filter
def test_nobody_waits_on_purpose_or_has_others_wait(asked, machine):
    for name in system_calls.NOT_DONE:
        assert asked(name, 3, 2**63, 4) == SUCCESS, name
    vfork, another_parent = 0x4011, 0x8000
    assert asked("clone", vfork) == ALLOWED
    assert asked("clone", vfork | another_parent) == NOT_PERMITTED
    direct = {"x86_64": 0o40000, "aarch64": 0o200000}[machine]
    for name, before in (("openat", (7, 7)), ("open", (7,)))[: 1 if machine == "aarch64" else 2]:
        for flags in (direct, 0o10000, 0o4010000):
            assert asked(name, *before, 2 | flags) == INVALID
    set_flags, nonblocking = 4, 0o4000
    assert asked("fcntl", 3, set_flags, nonblocking) == asked("fcntl", 3, 2, direct) == ALLOWED
    assert asked("fcntl", 3, set_flags, nonblocking | direct) == INVALID
    for name in ("preadv2", "pwritev2"):
        assert asked(name, 3, 7, 1, 0, 0, 0) == ALLOWED
        assert asked(name, 3, 7, 1, 0, 0, 2) == asked(name, 3, 7, 1, 0, 0, 0x80) == NOT_SUPPORTED
    dont_need, hugepage, cold, page_out = 4, 14, 20, 21
    assert asked("madvise", 0, 9, dont_need) == asked("madvise", 0, 9, hugepage) == ALLOWED
    assert asked("madvise", 0, 9, cold) == asked("madvise", 0, 9, page_out) == INVALID


@each_machine
@pytest.mark.parametrize(
    ("namespaces", "version", "signals", "cut", "modes"),
    [
        (True, 0, ALLOWED, ALLOWED, ALLOWED),
        (False, 6, ALLOWED, ALLOWED, SUCCESS),
        (False, 5, NOT_PERMITTED, ALLOWED, SUCCESS),
        (False, 2, NOT_PERMITTED, NOT_PERMITTED, SUCCESS),
    ],
)
def test_what_something_else_keeps_in_is_allowed(machine, namespaces, version, signals, cut, modes):
    steps = program(machine, namespaces, version)
    for name, expected in (("kill", signals), ("truncate", cut), ("fchmodat", modes)):
        assert answer(steps, machine, NUMBERS[name][machine]) == expected


@each_machine
def test_where_landlock_does_not_govern_it_no_file_is_cut_by_opening_it(machine):
    reading, writing, cutting = 0, 1, 0o1000
    for version in range(8):
        steps = program(machine, False, version)
        for name, before in (("openat", (7, 7)), ("open", (7,))):
            if (number := NUMBERS[name][machine]) is None:
                continue
            expected = NOT_PERMITTED if version < 3 else ALLOWED
            assert answer(steps, machine, number, *before, reading | cutting) == expected
            for flags in (reading, writing, writing | cutting, 2 | cutting, 0o2000000):
                assert answer(steps, machine, number, *before, flags) == ALLOWED
        assert answer(steps, machine, 437) == NOT_THERE


BY_ARGUMENT = {
    "fcntl": ((0, 1, 2, 3, 4, 5, 6, 7, 1030), (8, 10, 15, 36, 37, 38, 1024, 1026, 1031, 1033, 7777),
              NOT_PERMITTED, 1),
    "ioctl": ((0x5401, 0x5413, 0x541B, 0x5451), (0x5412, 0x541C, 0x8901, 0x40086602, 0x40049409),
              NOT_SUPPORTED, 1),
    "prctl": ((1, 15, 38, 39), (4, 10, 22, 24, 36, 53, 0x59616D61), INVALID, 0),
}  # fmt: skip
"""For some: what they allow, what they refuse and how, and which argument says it."""


@each_machine
@each_filter
@pytest.mark.parametrize("name", BY_ARGUMENT)
def test_commands_are_allowed_by_a_list_whatever_stands_in_the_half_that_is_not_read(asked, name):
    allowed, refused, error, place = BY_ARGUMENT[name]
    for high in (0, 1 << 32, 0xFFFFFFFF << 32):
        for command in allowed:
            assert asked(name, *[7] * place, high | command, 7) == ALLOWED
        for command in refused:
            assert asked(name, *[7] * place, high | command, 7) == error


@each_machine
@each_filter
def test_a_pair_of_sockets_is_of_streams_and_takes_no_address(asked):
    unix, stream, datagram, packets, flags = 1, 1, 2, 5, 0x80000 | 0x800
    assert asked("socketpair", unix, stream) == asked("socketpair", unix, stream | flags) == ALLOWED
    for kind in (datagram, packets, datagram | flags, 3):
        assert asked("socketpair", unix, kind) == NOT_PERMITTED
    assert asked("socketpair", 2, stream) == NOT_PERMITTED
    assert asked("sendto", 3, 2**40, 5, 0x4040, 0, 0) == ALLOWED
    for address in (1, 2**32, 2**63):
        assert asked("sendto", 3, 2**40, 5, 0, address, 16) == NOT_PERMITTED
    assert asked("sendto", 3, 2**40, 5, 1, 0, 0) == NOT_PERMITTED  # out of band


@each_machine
@each_filter
def test_the_limit_on_processes_can_be_read_and_others_be_set(asked):
    processes, files = 6, 7
    assert asked("setrlimit", processes) == NOT_PERMITTED
    assert asked("setrlimit", files) == ALLOWED
    for pointer in (1, 2**32, 2**63):
        assert asked("prlimit64", 0, processes, pointer) == NOT_PERMITTED
        assert asked("prlimit64", 0, files, pointer) == ALLOWED
    assert asked("prlimit64", 0, processes, 0) == ALLOWED
    assert asked("prlimit64", 1, processes, 0) == NOT_PERMITTED


@each_machine
@each_filter
def test_only_the_caller_is_moved_and_nobody_made_slower(asked):
    assert asked("setpriority", 0, 0, 5) == SUCCESS  # and is as fast as before
    assert asked("sched_setaffinity", 0, 8, 1) == ALLOWED
    for which, who in ((0, 1), (1, 0), (2, 0)):
        assert asked("setpriority", which, who, 5) == NOT_PERMITTED
    assert asked("sched_setaffinity", 1, 8, 1) == NOT_PERMITTED


@each_machine
@each_filter
def test_no_jump_is_longer_than_it_can_be_and_all_lead_forward_to_an_answer(machine, namespaces):
    steps = program(machine, namespaces)
    assert len(steps) < 4096
    for place, (code, yes, no, _) in enumerate(steps):
        assert max(yes, no) < 256
        assert code == 0x06 or place + 1 + max(yes, no) < len(steps)


def test_it_is_known_on_which_machines_the_numbers_hold():
    assert seccomp.supported() == (platform.machine() in ("x86_64", "aarch64"))


HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
"""Where Debian puts what the kernel says of its numbers."""


NOT_IN_OLDER_HEADERS = {"fchmodat2", "futex_wake", "futex_wait", "futex_requeue"}


@each_machine
def test_the_numbers_are_those_of_the_kernel(machine):
    if not HEADERS[machine].is_file():
        pytest.skip(f"NOT TESTED: {HEADERS[machine]} is not here")
    text = HEADERS[machine].read_text(encoding="ascii")
    defined = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text))
    for name in set(NUMBERS) - NOT_IN_OLDER_HEADERS:
        number = defined.get(name, defined.get({"newfstatat": "fstatat"}.get(name)))
        assert NUMBERS[name][machine] == (number and int(number)), name


HONEST = {
    "a program": "assert subprocess.run(['true']).returncode == 0",
    "a program that takes too long": """
try:
    subprocess.run(['sleep', '60'], timeout=0.1)
except subprocess.TimeoutExpired:
    pass""",
    "a pipe of programs": (
        "assert subprocess.run('ls /usr | sort | head -1', shell=True, stdout=-1).stdout"
    ),
    "another Python, whose NumPy has threads": """
code = 'import numpy as np; a = np.ones((300, 300)); print((a @ a).sum())'
environment = {'OPENBLAS_NUM_THREADS': '4'}
done = subprocess.run([sys.executable, '-c', code], capture_output=True, env=environment)
assert float(done.stdout) == 300**3, done.stderr""",
    "a process that answers": """
import multiprocessing
context = multiprocessing.get_context('fork')
here, there = context.Pipe()
process = context.Process(target=lambda: there.send(1))
process.start()
assert here.recv() == 1
process.join()""",
    "threads": """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as threads:
    assert list(threads.map(abs, [-1, -2])) == [1, 2]""",
    "an event loop with a program": """
import asyncio, threading
async def talk():
    program = await asyncio.create_subprocess_exec('cat', stdin=-1, stdout=-1)
    return (await program.communicate(b'hi'))[0]
said = []
thread = threading.Thread(target=lambda: said.append(asyncio.run(talk())))
thread.start()
thread.join()
assert said == [b'hi']""",
    "a database": """
import sqlite3
for mode in ('delete', 'wal'):
    with sqlite3.connect('numbers.db') as first, sqlite3.connect('numbers.db') as second:
        first.execute(f'pragma journal_mode={mode}')
        first.execute('create table if not exists numbers (x)')
        first.execute('insert into numbers values (1)')
        first.commit()
        assert second.execute('select x from numbers').fetchall()[0] == (1,)""",
    "files": """
import shutil, tempfile
with tempfile.TemporaryDirectory() as folder:
    with open(f'{folder}/a', 'w') as file:
        file.write('x')
    shutil.copy2(f'{folder}/a', f'{folder}/b')
    shutil.make_archive('all', 'gztar', folder)
os.truncate('all.tar.gz', 1)
os.mkfifo('pipe')
with tempfile.TemporaryFile() as file:
    file.write(b'x')""",
    "an array in a file": """
array = np.memmap('array', 'float64', 'w+', shape=(100,))
array[:] = 1
array.flush()
assert np.fromfile('array').sum() == 100""",
    "a figure in each format": """
import matplotlib.pyplot as plt
plt.plot([1, 2])
for kind in ('png', 'pdf', 'svg'):
    plt.savefig(f'figure.{kind}')
plt.show()""",
    "an alarm": """
import signal
def ring(*_):
    raise TimeoutError
signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    time.sleep(60)
except TimeoutError:
    pass""",
    "magics": "%timeit -n1 -r1 1 + 1\n!echo hi\nnames = !ls\n%pwd",
    "the shell": (
        "%%bash\nset -e\nmkdir -p a/b; touch a/b/c; cp -r a d; mv d e; rm -rf e; tar czf a.tgz a\n"
        "seq 5 | xargs -P2 -n1 echo | sort -r | awk '{print $1}' | sed s/1/2/; du -s .; date; id"
    ),
}
NEEDS = {"files": 3, "a program that takes too long": 6}
"""From which version of Landlock on the second tier has them."""
BEGIN = "import os, subprocess, sys, time\nimport numpy as np"


@pytest.mark.parametrize("tier", ["bwrap", "landlock"])
def test_honest_code_does_not_notice_the_filter(tier):
    with WorkerPool(1, tier) as pool:
        for name, source in HONEST.items():
            if tier == "landlock" and landlock.version() < NEEDS.get(name, 0):
                continue
            cells = [Cell("begin", BEGIN), Cell(name, source)]
            with pool.submission(cells, Limits(memory=2**31)) as run:
                report = run.cells[1]
                assert (report.id, report.status, report.error) == (name, "ok", None)
