"""Class runs on a Dask cluster: a real scheduler and real workers, of which some die."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.coursekit.crashes import copy_of, dump, finish, prepared

pytest.importorskip("distributed")
from distributed import Client

from coursekit.cli import main
from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.grading import cluster, grader_process
from coursekit.grading.class_run import grade_class
from coursekit.grading.cluster import Work, faults_of, open_cluster, own_versions, prepare
from coursekit.grading.settings import Settings

pytestmark = [pytest.mark.xdist_group("class run"), pytest.mark.tier("auto")]
DASK = str(Path(sys.executable).parent / "dask")
PATIENCE = 600.0
"""Seconds after which a process of the cluster is given up: a busy machine is slow, not wrong."""
ENVIRONMENT = os.environ | {
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": f"{PATIENCE:g}s",
    "PYTHONWARNINGS": "ignore",
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    "DASK_DISTRIBUTED__ADMIN__LOG_LENGTH": "0",
}
BEFORE_A_TASK = """
import os, time
from pathlib import Path
from coursekit.grading import cluster
if not hasattr(cluster, "task_done"):  # Dask runs this file twice
    cluster.task_done = cluster.on_worker
def on_worker(task, work, student, *words):
    before(task.__name__, student)
    return cluster.task_done(task, work, student, *words)
cluster.on_worker = on_worker
"""
DIES_UNDER_BEN = (
    BEFORE_A_TASK
    + """
def before(task, student):
    if (task, student) == ("grade_student", "ben"):
        os._exit(9)
"""
)
HOLDS_FAY = (
    BEFORE_A_TASK
    + """
def before(task, student):
    while (task, student) == ("grade_student", "fay") and not Path("go on").exists():
        Path(f"held by {os.getpid()}").touch()
        time.sleep(0.05)
"""
)
ONE_PAGE = (
    BEFORE_A_TASK
    + """
def before(task, student):
    if task != "write_feedback":
        return
    try:
        Path("one page").touch(exist_ok=False)
    except FileExistsError:
        while not Path("go on").exists():
            time.sleep(0.05)
"""
)
"""A run is in the middle for as long as a test needs, however slow the machine is."""

REFUSES = """
from coursekit.grading import grader_process
from coursekit.sandbox.worker_process import SandboxUnavailableError
def tested(course, problem_set, settings):
    raise SandboxUnavailableError("student code cannot be locked in here")
grader_process.tested = tested
"""


class LocalCluster:
    """A scheduler and workers, each a process as the command ``dask`` starts it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.started = folder, []
        self.address = f"tcp://127.0.0.1:{free_port()}"
        port = self.address.rpartition(":")[2]
        self.start("scheduler", "--host", "127.0.0.1", "--port", port)

    def start(self, *arguments: str) -> subprocess.Popen:
        with (self.folder / "dask.log").open("ab") as log:
            command = [DASK, *arguments, "--no-dashboard"]
            process = subprocess.Popen(
                command, env=ENVIRONMENT, stdout=log, stderr=log, cwd=self.folder
            )
        self.started.append(process)
        return process

    def worker(self, *options: str, preload: str = "") -> subprocess.Popen:
        if preload:
            (self.folder / "preloaded.py").write_text(preload, encoding="utf-8")
            options += ("--preload", str(self.folder / "preloaded.py"))
        place = ("--local-directory", str(self.folder), "--host", "127.0.0.1")
        return self.start("worker", self.address, "--nthreads", "1", *place, *options)

    def wait_for(self, workers: int) -> None:
        with Client(self.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)

    def holder(self) -> int:
        """The process that holds a submission, once one does."""
        end = time.monotonic() + PATIENCE
        while not (held := list(self.folder.glob("held by *"))):
            assert time.monotonic() < end
            time.sleep(0.05)
        return int(held[0].name.split()[-1])

    def go_on(self) -> None:
        (self.folder / "go on").touch()

    def close(self) -> None:
        self.go_on()
        for process in reversed(self.started):
            process.send_signal(signal.SIGTERM)
        for process in self.started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """As long as all is well: who tests that something is gone waits for less."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", PATIENCE)
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", PATIENCE)


@pytest.fixture
def local_cluster(tmp_path):
    made = LocalCluster(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def course():
    with prepared() as (fresh, folder):
        yield fresh, folder


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_changes_no_grade(course, local_cluster, tmp_path):
    fresh, folder = course
    expected = copy_of(fresh, folder, "local")
    assert finish(expected) == 0
    for _ in range(2):
        local_cluster.worker("--no-nanny", preload=HOLDS_FAY)
    local_cluster.wait_for(2)
    copy = copy_of(fresh, folder, "cluster")
    run = grade_class(copy, "mine", Settings(scheduler=local_cluster.address))
    results = [next(run)]
    os.kill(local_cluster.holder(), signal.SIGKILL)
    local_cluster.go_on()
    results += list(run)
    assert len(results) == 6
    assert all(result.final for result in results)
    assert dump(copy) == dump(expected)


@pytest.mark.thorough
@pytest.mark.slow
def test_a_submission_that_ends_every_worker_stops_nobody_else(course, local_cluster):
    fresh, folder = course
    local_cluster.worker("--nworkers", "2", preload=DIES_UNDER_BEN)
    local_cluster.wait_for(2)
    copy = copy_of(fresh, folder, "dying")
    settings = Settings(scheduler=local_cluster.address)
    results = {result.student: result for result in grade_class(copy, "mine", settings)}
    assert results.pop("ben").fault == "the process that graded it ended by itself"
    assert len(results) == 5
    assert all(result.final for result in results.values())


@pytest.mark.thorough
@pytest.mark.slow
def test_what_takes_the_judge_too_long_is_ended_and_holds_no_worker(course, local_cluster):
    fresh, folder = course
    local_cluster.worker()
    local_cluster.wait_for(1)
    copy = copy_of(fresh, folder, "slow")
    room = copy.root / "exercises" / "mine" / "leaky.py"
    text = room.read_text(encoding="utf-8")
    endless = "def slope_everywhere(z, slope):\n    while True:\n        pass\n"
    assert "def slope_everywhere(z, slope):\n" in text
    room.write_text(text.replace("def slope_everywhere(z, slope):\n", endless), encoding="utf-8")
    settings = Settings(scheduler=local_cluster.address, judging_seconds=10.0)
    results = {result.student: result for result in grade_class(copy, "mine", settings)}
    assert len(results) == 6
    assert all(result.final for result in results.values())
    assert "more than 10 s of processor time" in results["ben"].exercises[0].message
    assert results["ada"].score == results["ada"].max_score > 0


@pytest.mark.slow
def test_a_worker_whose_sandbox_fails_the_self_test_is_named(course, local_cluster):
    local_cluster.worker("--name", "good")
    local_cluster.worker("--name", "bad", preload=REFUSES)
    local_cluster.wait_for(2)
    settings = Settings(scheduler=local_cluster.address)
    with (
        pytest.raises(CourseError, match="SandboxUnavailableError: student code cannot") as raised,
        open_cluster(course[0], "mine", settings),
    ):
        pass
    assert str(raised.value).count("tcp://") == 1


@pytest.mark.thorough
@pytest.mark.slow
def test_when_the_last_worker_is_gone_the_run_ends_and_another_goes_on(
    course, local_cluster, monkeypatch
):
    fresh, folder = course
    process = local_cluster.worker("--no-nanny", preload=ONE_PAGE)
    local_cluster.wait_for(1)
    copy = copy_of(fresh, folder, "alone")
    run = grade_class(copy, "mine", Settings(scheduler=local_cluster.address))
    next(run)
    process.kill()
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 2.0)
    with pytest.raises(CourseError, match="has no workers: start some with `dask worker tcp://"):
        list(run)
    before = {path: path.stat().st_mtime_ns for path in copy.results("mine").glob("*.json")}
    assert before
    local_cluster.worker("--no-nanny")
    local_cluster.wait_for(1)
    again = list(grade_class(copy, "mine", Settings(scheduler=local_cluster.address)))
    assert len(again) == 6
    with Client(local_cluster.address, timeout=PATIENCE, set_as_default=False) as client:
        closed = client.run(lambda: sys.modules["coursekit.grading.cluster"]._prepared is None)
    assert list(closed.values()) == [True]
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.thorough
@pytest.mark.slow
def test_when_the_scheduler_goes_the_run_ends_with_a_clear_error(course, local_cluster):
    local_cluster.worker("--no-nanny", preload=ONE_PAGE)
    local_cluster.wait_for(1)
    copy = copy_of(course[0], course[1], "gone")
    run = grade_class(copy, "mine", Settings(scheduler=local_cluster.address))
    next(run)
    local_cluster.started[0].kill()
    with pytest.raises(CourseError, match="is gone; start it, and run this again"):
        list(run)
    assert list(copy.results("mine").glob("*.json"))


def test_a_scheduler_that_is_not_there_is_an_error_within_seconds(course, capsys, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    command = ["grade", "mine", "--course", str(course[0].root)]
    assert main([*command, "--scheduler", "tcp://127.0.0.1:9"]) == 2
    assert "no scheduler answers at tcp://127.0.0.1:9 within 1 seconds" in capsys.readouterr().err


def test_a_scheduler_without_workers_is_an_error(course, local_cluster, monkeypatch):
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 1.0)
    with pytest.raises(CourseError, match="has no workers"):
        list(grade_class(course[0], "mine", Settings(scheduler=local_cluster.address)))


def test_without_dask_the_error_says_what_to_install(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CourseError, match="pip install distributed"):
        list(grade_class(course[0], "mine", Settings(scheduler="tcp://127.0.0.1:9")))


def test_a_worker_that_does_not_see_the_course_folder_says_so(tmp_path):
    work = Work("run", Course(tmp_path / "elsewhere"), "mine", Settings())
    with pytest.raises(CourseError, match=r"course folder .*elsewhere is not there"):
        prepare(work)


def test_a_worker_with_another_version_of_the_grader_is_named():
    good, old = own_versions(), own_versions() | {"judge": "0" * 16}
    found = {"tcp://a": good, "tcp://b": old, "tcp://c": ImportError("no coursekit")}
    assert list(faults_of(found)) == [
        "tcp://b: has another version of judge",
        "tcp://c: ImportError: no coursekit",
    ]


def test_a_worker_that_cannot_be_prepared_in_the_middle_is_a_fault_of_the_grader(tmp_path):
    work = Work("run", Course(tmp_path / "elsewhere"), "mine", Settings())
    result = cluster.on_worker(grader_process.grade_student, work, "ada")
    assert not result.final
    assert "a worker of the cluster cannot grade" in result.fault
    assert "cannot grade" in cluster.on_worker(grader_process.write_feedback, work, "ada")
