"""A page that fails ends a build whose other processes are still at work, and is named."""

import subprocess
import sys
from pathlib import Path

import pytest

EXTENSIONS = Path(__file__).resolve().parents[2] / "book" / "_ext"
BUILD = """
import signal, sys, time
sys.path.insert(0, sys.argv[1])
from sphinx.util.parallel import ParallelTasks
from parallel_build import end_all
ParallelTasks.terminate = end_all
signal.signal(signal.SIGTERM, lambda *args: None)  # as what talks to kernels does

def work(what):
    if what == "fails":
        raise ValueError("this page fails")
    if what == "waits":
        time.sleep(3600)
    return "x" * 10**7  # more than a pipe takes while nobody reads

tasks = ParallelTasks(2)
for what in sys.argv[2:]:
    tasks.add_task(work, what)
    time.sleep(0.5)
tasks.join()
print("done")
"""


def build(*works: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", BUILD, str(EXTENSIONS), *works],
        capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "works",
    [
        ["fails", "long", "long", "long"],  # while pages are handed out
        ["long", "fails", "waits"],
        ["waits", "fails"],  # at the end
    ],
)
def test_what_fails_ends_the_build(works):
    done = build(*works)
    assert done.returncode == 1
    assert "this page fails" in done.stderr
    assert "done" not in done.stdout


def test_what_works_is_done():
    assert build("long", "long", "long").stdout == "done\n"
