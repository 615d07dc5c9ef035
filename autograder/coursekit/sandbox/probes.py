"""What the self-test tries in the place of student code: functions that report what got through."""

PROBES = """
import ctypes, fcntl, os, resource, socket
libc = ctypes.CDLL(None, use_errno=True)

def attempt(action, *args):
    try:
        return action(*args) or True
    except (OSError, ValueError):
        return False

def readable(paths):
    return [path for path in paths if attempt(lambda: open(path, "rb").close())]

def writable(folders):
    names = [os.path.join(folder, "left-behind") for folder in folders]
    made = [name for name in names if attempt(lambda: open(name, "xb").close())]
    return [name for name in made if attempt(os.remove, name)]

def changed(paths):
    found = []
    for path in paths:
        before = os.stat(path).st_mode if os.access(path, os.F_OK) else None
        attempt(os.chmod, path, 0o600)
        if before is not None and os.stat(path).st_mode != before:
            found.append(path)
    return found

def held(paths):
    actions = {
        "leases": lambda fd: fcntl.fcntl(fd, 1024, fcntl.F_RDLCK),
        "locks": lambda fd: fcntl.flock(fd, fcntl.LOCK_SH),
        "watches": lambda fd: fcntl.fcntl(fd, 1026, 0x1F),
        "reads flags of": lambda fd: fcntl.ioctl(fd, 0x80086601, bytes(8)),
    }
    found = []
    for path in paths:
        fd = os.open(path, os.O_RDONLY)
        found += [f"{name} {path}" for name, action in actions.items() if attempt(action, fd)]
        os.close(fd)
    return found + (["watches by inotify"] if libc.inotify_init1(0) != -1 else [])

def connected(port, path, mailbox):
    found = []
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            here, there = socket.socketpair(socket.AF_UNIX, kind)
            with here, there:
                here.sendto(b"x", mailbox)
            found.append(mailbox)
        except OSError:
            pass
    for family, address in ((socket.AF_INET, ("127.0.0.1", port)), (socket.AF_UNIX, path)):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as opened:
                opened.connect(address)
            found.append(str(address))
        except OSError:
            pass
    return found

def processes(pids):
    found = [f"signal {pid}" for pid in pids if attempt(os.kill, pid, 0)]
    found += [f"trace {pid}" for pid in pids if libc.ptrace(16, pid, 0, 0) == 0]
    return found + [f"/proc/{pid}" for pid in pids if os.path.exists(f"/proc/{pid}/mem")
                    and attempt(lambda: open(f"/proc/{pid}/status").close())]

def waits(path):
    # who waits for the disk, or for another's child as for a disk, looks as if he was kept waiting
    found = []
    if attempt(lambda: os.close(os.open(path, os.O_RDONLY | os.O_DIRECT))):
        found.append("reads past memory")
    pid = libc.syscall({"x86_64": 56, "aarch64": 220}[os.uname().machine], 0x8011, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    return found + (["makes a child of another"] if pid > 0 else [])

def descriptors():
    return [str(fd) for fd in range(3, 1024) if attempt(os.fstat, fd)]

def privileges():
    data = (ctypes.c_uint32 * 6)(*[1] * 6)
    libc.capget((ctypes.c_uint32 * 2)(0x20080522, 0), data)
    found = ["capabilities"] if any(data) else []
    found += ["new privileges"] if libc.prctl(39, 0, 0, 0, 0) != 1 else []
    return found + (["root"] if 0 in (os.getuid(), os.geteuid()) else [])

def namespaces():
    flags = {"user": 0x10000000, "mount": 0x20000, "network": 0x40000000}
    found = [name for name, flag in flags.items() if libc.unshare(flag) == 0]
    return found + (["mount"] if libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None) == 0 else [])

def environment(names):
    return [name for name in names if name in os.environ]

def memory(size):
    return len(bytearray(size)) // 2**20

def forks(count):
    most = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    attempt(resource.setrlimit, resource.RLIMIT_NPROC, (most, most))
    made = 0
    for _ in range(count):
        try:
            pid = os.fork()
        except OSError:
            break
        if pid == 0:
            import time
            time.sleep(600)
        made += 1
    return made

def files(count):
    made = 0
    for _ in range(count):
        try:
            open(f"file-{made}", "x").close()
        except OSError:
            break
        made += 1
    return made

def hide(depth):
    os.mkdir("closed", 0o300)
    open("closed/left-behind", "w").close()
    for _ in range(depth):
        os.mkdir("deep")
        os.chdir("deep")

def forever():
    while True:
        pass

def leave():
    open("left-behind", "w").close()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            import time
            time.sleep(600)
        os._exit(0)

def found_here():
    return [name for name in os.listdir(".") if name != "profile_default"]  # IPython's own
"""
