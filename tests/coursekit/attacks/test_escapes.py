"""Ways out of the sandbox: each returns what got through, which must be nothing."""

import os
import platform
import socket
import tempfile
from pathlib import Path

import pytest

import coursekit
from coursekit.sandbox.outcomes import Returned

PRELUDE = """
import ctypes, glob, os, socket, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)

def tried(action, *args):
    try:
        return action(*args) or True
    except (OSError, ValueError):
        return False

def opened(*paths):
    return [p for p in paths if tried(lambda: open(p, 'rb').read(1) and None)]
"""
READS = {
    "the grader's source": "opened(info['source'])",
    "a file that all may read": "opened(info['canary'])",
    "a file by way of a link": (
        "[p for p in ['link'] if tried(os.symlink, info['canary'], p) and opened(p)]"
    ),
    "a folder above": "[p for p in ('..', '../..') if 'canary' in str(tried(os.listdir, p))]",
    "password files": "opened('/etc/passwd', '/etc/shadow')",
    "the home folder": "[n for p in info['home'] for n in beyond(p)]",
    "logs and more": "[p for p in ('/var/log', '/run', '/sys') if tried(os.listdir, p)]",
    "its own environment": "[k for k in os.environ if 'SECRET' in k]",
    "the environment of others": "opened('/proc/1/environ', '/proc/self/environ', info['environ'])",
    "the memory of its parent": (
        "opened('/proc/%d/mem' % os.getppid(), '/proc/1/mem', '/proc/self/mem')"
    ),
    "the memory of others by a system call": (
        "[p for p in (os.getppid(), 1, *info['pids']) if libc.process_vm_readv("
        "p, ctypes.create_string_buffer(16), 0, 0, 0, 0) == 0]"
    ),
    "the list of processes": "[p for p in glob.glob('/proc/[0-9]*') if tried(os.listdir, p)]",
    "kernel memory": "opened('/dev/mem', '/dev/kmsg', '/proc/kcore', '/proc/kallsyms')",
    "disks": "opened('/dev/vda', '/dev/sda', '/dev/nvme0n1')",
    "inherited descriptors": (
        "[fd for fd in range(3, 1024) if tried(os.fstat, fd)][1:]"  # the first is its own
    ),
    "standard input": "[c for c in [os.read(0, 1)] if c]",
    "our packages": "[m for m in ('backprop', 'coursekit') if found(m)]",
    "our packages after unblocking": (
        "[m for m in ('backprop', 'coursekit') if sys.modules.pop(m, 0) is None and found(m)]"
    ),
}
WRITES = {
    "the file system": (
        "[p for p in ('/', '/usr', '/etc', '/dev', '/var', '/course', '/course/worker',"
        " info['folder'], info['source_folder']) if tried(open, p + '/x', 'w')]"
    ),
    "its interpreter": "[p for p in (sys.executable, os.__file__) if tried(open, p, 'r+b')]",
    "numpy": (
        "[p for p in (np.__file__, os.path.dirname(np.__file__) + '/x') if tried(open, p, 'ab')]"
    ),
    "a file that all may write": "[p for p in [info['canary']] if tried(open, p, 'r+b')]",
    "a file by truncating": "[p for p in [info['canary']] if tried(os.truncate, p, 0)]",
    "flags of a file": "[p for p in [np.__file__] if flags(p)]",
    "a file by opening it": (
        "[p for p in (np.__file__, info['canary']) if tried(os.open, p, os.O_TRUNC)]"
    ),
    "shared memory": (
        "[p for p in [info['shared']] if tried(open, p, 'r+b')]"
        # one of its own it may have: what appears outside is looked for there
        " + [p for p in [info['shared'] + '-new'] if not p + str(tried(open, p, 'w'))]"
        " + [i for i in [libc.shmget(77, 4096, 0o1666)] if i != -1]"
        " + [i for i in [libc.memfd_create(b'x', 0)] if i != -1]"
    ),
    "message queues and keys": (
        "[i for i in [libc.msgget(77, 0o1666), libc.semget(77, 1, 0o1666),"
        " libc.syscall(info['add_key'], b'user', b'a', b'b', 1, -4)] if i != -1]"
    ),
}
REACHES = {
    "a server on this machine": "[1 for _ in [0] if tried(connect, socket.AF_INET, info['tcp'])]",
    "a local socket": "[1 for _ in [0] if tried(connect, socket.AF_UNIX, info['local'])]",
    "an abstract socket": (
        "[1 for _ in [0] if tried(connect, socket.AF_UNIX, '\\0' + info['abstract'])]"
    ),
    "a socket for messages by its path": (
        "[n for n, send in messages().items() if tried(send, info['datagrams'])]"
    ),
    "another submission by a name": (
        "[1 for _ in [0] if tried(socket.socketpair()[0].bind, '\\0x')]"
    ),
    "whoever opens a file, by a lease": "[p for p in (np.__file__, own()) if held(p, 1024, 0, 1)]",
    "whoever opens a file, by a notice": (
        "[p for p in [np.__file__] if held(os.path.dirname(p), 1026, 0x1F)]"
        " + [n for n in info['notices'] if libc.syscall(n, 0, 0) != -1]"
    ),
    "whoever locks a file": "[p for p in [np.__file__] if locked(p)]",
    "a raw or a netlink socket": (
        "[f for f in (2, 16, 17, 40) if tried(lambda: socket.socket(f, socket.SOCK_RAW))]"
    ),
    "a name server": "[1 for _ in [0] if tried(socket.gethostbyname, 'example.org')]",
    "processes outside by signals": "[p for p in info['pids'] if tried(os.kill, p, 0)]",
    "processes outside by limits": (
        "[p for p in info['pids'] if libc.prlimit(p, 7, 0, (ctypes.c_uint64 * 2)()) == 0]"
    ),
    "processes outside by a tracer": (
        "[p for p in (os.getppid(), *info['pids']) if libc.ptrace(16, p, 0, 0) == 0]"
    ),
    "processes outside by a file descriptor for them": (
        "[p for p in info['pids'] if libc.syscall(434, p, 0) != -1]"
    ),
    "processes outside by their priority": (
        "[p for p in info['pids'] if tried(os.setpriority, 0, p, 19)]"
    ),
    "processes outside by descriptor ownership": "owned()",
}
RISES = {
    "user namespace": "[f for f in (0x10000000, 0x10020000) if libc.unshare(f) == 0]",
    "namespace by clone": (
        "[p for p in [libc.syscall(info['clone'], 0x10000000 | 17, 0, 0, 0, 0)] if p > 0]"
    ),
    "namespace by clone3": (
        "[p for p in [libc.syscall(435, (ctypes.c_uint64 * 11)(0x10000000, 0, 0, 0, 17), 88)]"
        " if p > 0]"
    ),
    "remount": "[p for p in (b'/', b'/usr', b'/tmp') if libc.mount(b'', p, b'', 32, 0) == 0]",
    "umount": "[p for p in (b'/proc', b'/tmp', b'/usr', b'/dev') if libc.umount2(p, 2) == 0]",
    "chroot": "[1 for _ in [0] if tried(os.chroot, '.')]",
    "capabilities": "capabilities()",
    "another user": "[u for u in (0, 65534) if u != os.getuid() and tried(os.setuid, u)]",
    "a program that gives privileges": (
        "[p for p in ('su', 'mount', 'newgrp') if tried(lambda: subprocess.run("
        "[p], stdin=-3, stdout=-3, stderr=-3, timeout=5).returncode and None) == 'root']"
    ),
    "new privileges": "[1 for _ in [0] if libc.prctl(39, 0, 0, 0, 0) != 1]",
    "kernel interfaces": (
        "[n for n in (425, *info['kernel']) if libc.syscall(n, 1, 0, 0, 0, 0) != -1]"
    ),
    "another limit on processes": "[name for name, action in limits() if tried(action)]",
    "asynchronous reading": (
        "[n for n in [libc.syscall(info['aio'], 1, (ctypes.c_uint64 * 1)())] if n != -1]"
    ),
    "a way to hide what it holds": "[n for n in (4, 36) if libc.prctl(n, 0, 0, 0, 0) != -1]",
    "higher limits": "[k for k in (0, 1, 6, 7, 9) if raised(k)]",
    "a device": "[1 for _ in [0] if tried(os.mknod, 'disk', 0o60666, os.makedev(253, 0))]",
}
HELPERS = """
import fcntl, resource, socket as s

def found(name):
    try:
        return getattr(__import__(name), '__file__', None)
    except (ImportError, OSError):
        return None

def beyond(folder):
    # entries that are not on the way to the interpreter
    entries = tried(os.listdir, folder) if os.path.isdir(folder) else []
    entries = entries if isinstance(entries, list) else []
    places = (sys.base_prefix, sys.prefix)
    return [n for n in entries if not any(p.startswith(folder + '/' + n) for p in places)]

def connect(family, address):
    s.socket(family, s.SOCK_STREAM).connect(address if family == s.AF_UNIX else tuple(address))

def capabilities():
    data = (ctypes.c_uint32 * 6)(*[1] * 6)
    libc.capget((ctypes.c_uint32 * 2)(0x20080522, 0), data)
    return list(filter(None, data))

def raised(kind):
    soft, hard = resource.getrlimit(kind)
    return tried(resource.setrlimit, kind, (hard + 1, hard + 1))

def limits():
    # the hard one leaves room above it where the grader moves it
    most = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    pair = (ctypes.c_uint64 * 2)(most % 2**64, most % 2**64)
    yield 'library', lambda: resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
    yield 'kernel', lambda: refused(libc.syscall(info['setrlimit'], 6, pair))
    yield 'prlimit', lambda: refused(libc.prlimit(0, 6, pair, 0))

def refused(result):
    if result == -1:
        raise OSError

def own():
    open('own', 'w').close()
    return 'own'

def held(path, command, *arguments):
    fd = os.open(path, os.O_RDONLY)
    return [a for a in arguments if tried(fcntl.fcntl, fd, command, a)]

def locked(path):
    fd = os.open(path, os.O_RDONLY)
    return [n for n, lock in {
        'flock': lambda: fcntl.flock(fd, fcntl.LOCK_SH),
        'of the open file': lambda: fcntl.fcntl(fd, 37, bytes(32)),
    }.items() if tried(lock)]

def flags(path):
    # those that it has, which changes nothing; by the whole register, too
    fd, bits = os.open(path, os.O_RDONLY), ctypes.c_long(0)
    return [high for high in (0, 1 << 32) if libc.syscall(
        info['ioctl'], fd, ctypes.c_ulong(high | 0x80086601), ctypes.byref(bits)) == 0]

def messages():
    def pair(kind):
        return socket.socketpair(socket.AF_UNIX, kind)[0]
    return {
        'datagrams': lambda path: pair(socket.SOCK_DGRAM).sendto(b'hello', path),
        'stream': lambda path: pair(socket.SOCK_STREAM).sendto(b'hello', path),
        'message': lambda path: pair(socket.SOCK_STREAM).sendmsg([b'hello'], [], 0, path),
        'packets': lambda path: pair(socket.SOCK_SEQPACKET).sendto(b'hello', path),
        'descriptor': lambda path: socket.send_fds(pair(socket.SOCK_STREAM), [b'x'], [0]),
    }

def owned():
    a, b = os.pipe()
    return [p for p in info['pids'] if tried(fcntl.fcntl, a, 8, p)]
"""
ALL = {f"{verb} {name}": code for verb, table in (
    ("reads", READS), ("writes", WRITES), ("reaches", REACHES), ("gains", RISES),
) for name, code in table.items()}  # fmt: skip


@pytest.fixture(scope="module")
def info():
    """What lies outside, and names of it that an attacker may know."""
    arm = platform.machine() == "aarch64"
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.NamedTemporaryFile(dir="/dev/shm", prefix="course-") as shared,
    ):
        os.chmod(folder, 0o777)
        os.chmod(shared.name, 0o666)
        canary = Path(folder, "canary")
        canary.write_text("secret", encoding="utf-8")
        canary.chmod(0o666)
        servers = [socket.socket(socket.AF_INET)] + [socket.socket(socket.AF_UNIX) for _ in "ab"]
        abstract = f"course-{os.getpid()}"
        addresses = (("127.0.0.1", 0), f"{folder}/socket", "\0" + abstract)
        for server, address in zip(servers, addresses, strict=True):
            server.bind(address)
            server.listen()
        servers.append(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        servers[-1].bind(f"{folder}/datagrams")
        servers[-1].setblocking(False)
        os.chmod(f"{folder}/datagrams", 0o777)
        yield {
            "canary": str(canary), "folder": folder, "shared": shared.name,
            "home": [os.path.expanduser('~'), "/root", "/home"],
            "source": coursekit.__file__, "source_folder": str(Path(coursekit.__file__).parent),
            "pids": [os.getpid(), os.getppid()], "environ": f"/proc/{os.getpid()}/environ",
            "tcp": servers[0].getsockname(), "local": addresses[1], "abstract": abstract,
            "add_key": 217 if arm else 248, "clone": 220 if arm else 56,
            "setrlimit": 164 if arm else 160, "ioctl": 29 if arm else 16, "aio": 0 if arm else 206,
            "notices": [26] if arm else [253, 294], "datagrams": f"{folder}/datagrams",
            "mailbox": servers[-1],
            "kernel": [280, 241, 282] if arm else [321, 298, 323],
        }  # fmt: skip
        for server in servers:
            server.close()


@pytest.fixture(scope="module")
def through(pool, info):
    """Every attack in one submission, each in a fork of its own: what got through."""
    from coursekit.sandbox.limits import Limits
    from coursekit.sandbox.outcomes import Cell

    lines = [f"def attack_{k}(): return {code}" for k, code in enumerate(ALL.values())]
    source = "\n".join([PRELUDE, HELPERS, "import numpy as np", *lines])
    known = {name: value for name, value in info.items() if name != "mailbox"}
    os.environ["COURSE_SECRET"] = "1"
    try:
        with pool.submission([Cell("a", source)], Limits(patience_seconds=10)) as run:
            assert run.cells[0].status == "ok", run.cells
            return {
                name: run.call(f"attack_{k}", bindings={"info": known})
                for k, name in enumerate(ALL)
            }
    finally:
        del os.environ["COURSE_SECRET"]


@pytest.mark.parametrize("name", ALL)
def test_student_code_never(through, name):
    outcome = through[name]
    assert isinstance(outcome, Returned), outcome
    assert outcome.value == [], f"got through: {outcome.value}"


def test_nothing_outside_was_changed(through, info):
    assert Path(info["canary"]).read_text(encoding="utf-8") == "secret"
    assert Path(info["canary"]).stat().st_mode & 0o777 == 0o666
    assert set(os.listdir(info["folder"])) == {"canary", "socket", "datagrams"}
    assert not Path(info["shared"] + "-new").exists()


def test_nothing_was_said_to_anybody(through, info):
    with pytest.raises(BlockingIOError):
        info["mailbox"].recv(16)
