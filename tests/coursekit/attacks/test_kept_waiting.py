"""Nobody can look as if the machine had kept him waiting: then nothing would be concluded."""

import os

import pytest

from coursekit.sandbox.outcomes import Crashed, Raised, Returned, TimedOut

PRELUDE = """
import ctypes, glob, mmap, os, time
libc = ctypes.CDLL(None, use_errno=True)
largest = max(glob.glob('/usr/lib/*/*.so*'), key=os.path.getsize)
"""
WAITS = {
    "as who makes a child with vfork, for one that is not its own": """
    CLONE_PARENT, CLONE_VFORK, SIGCHLD = 0x8000, 0x4000, 17
    number = {'x86_64': 56, 'aarch64': 220}[os.uname().machine]
    if libc.syscall(number, CLONE_PARENT | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0) == 0:
        time.sleep(600)
""",
    "for a file to be written to the disk": """
    file = os.open('file', os.O_RDWR | os.O_CREAT)
    while True:
        os.pwrite(file, b'x', 0)
        os.fsync(file)
""",
    "for a file of others to be written to the disk": """
    file = os.open(os.__file__, os.O_RDONLY)
    while True: os.fsync(file)
""",
    "for a file that is written without a delay": """
    file = os.open('file', os.O_RDWR | os.O_CREAT | os.O_DSYNC)
    while True: os.pwrite(file, bytes(4096), 0)
""",
    "for the disk, past the memory in which its files are": """
    file, room = os.open(largest, os.O_RDONLY | os.O_DIRECT), mmap.mmap(-1, 2**24)
    while True: os.preadv(file, [room], 0)
""",
    "for the disk, as nothing stays in memory": """
    file = os.open(largest, os.O_RDONLY)
    while True:
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.pread(file, 2**24, 0)
""",
    "for all others, as the least of them": """
    os.nice(19)
    while True: pass
""",
}


@pytest.mark.parametrize("name", WAITS)
def test_who_waits_on_purpose_has_used_his_own_time(stage, name):
    outcome = stage.play(f"{PRELUDE}\ndef attack():{WAITS[name]}", cpu_seconds=0.3)
    assert isinstance(outcome, (TimedOut, Raised, Returned, Crashed)), outcome


def test_nobody_makes_himself_slower(stage):
    source = "import os\ndef attack():\n    os.nice(19)\n    return os.getpriority(0, 0)"
    assert stage.play(source).value == os.getpriority(os.PRIO_PROCESS, 0)
