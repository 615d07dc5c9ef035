"""The container of the guide: read by a linter, and built and run where a runtime can do both.

What the guide types is what is built here, with a course in a folder of the test's own.
"""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit import cli

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "Dockerfile"
PAGE = ROOT / "book" / "teaching" / "installing.md"
TYPED = re.findall(r"^docker .*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
IMAGE = "backprop-course"
BESIDE = str(Path(sys.executable).parent)
HADOLINT = shutil.which("hadolint", path=BESIDE) or shutil.which("hadolint")
BASE = re.search(r"^FROM (\S+)$", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE)[1]


def runtime() -> str | None:
    """A program that builds and runs, and has the base or can get it."""
    for name in ("podman", "docker"):
        if shutil.which(name) and not quietly(name, "info").returncode:
            there = quietly(name, "image", "inspect", BASE).returncode == 0
            if there or not quietly(name, "pull", BASE).returncode:
                return name
    return None


def quietly(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.skipif(not HADOLINT, reason="SKIPPED: hadolint is not installed")
def test_a_linter_finds_nothing(tmp_path):
    done = quietly(HADOLINT, "--no-color", str(DOCKERFILE))
    assert (done.returncode, done.stdout) == (0, "")
    faulty = tmp_path / "Dockerfile"
    faulty.write_text("FROM debian\nRUN apt-get install python3\n", encoding="utf-8")
    assert quietly(HADOLINT, str(faulty)).returncode


def test_the_guide_shows_the_file_and_types_what_can_be_typed():
    assert "{literalinclude} ../../Dockerfile" in PAGE.read_text(encoding="utf-8")
    assert TYPED[0].split()[:2] == ["docker", "build"]
    assert len(TYPED) > 1
    for line in TYPED[1:]:
        program, *arguments = shlex.split(line.partition(f" {IMAGE} ")[2])
        assert program == "course"
        cli.parser().parse_args(arguments)


def test_no_secret_and_nothing_built_goes_into_the_image():
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", "build"} <= set(left_out)
    text = DOCKERFILE.read_text(encoding="utf-8")
    assert re.search(r"^USER [1-9]\d*$", text, re.MULTILINE)  # a number: no root
    assert not re.search(r"secret|\.toml|gradebook", text)


@pytest.mark.slow
def test_it_is_built_and_grades_in_a_sandbox(tmp_path):
    program = runtime()
    if program is None:
        pytest.skip("SKIPPED: no container runtime that can get the base image")
    image = "backprop-course-of-a-test"
    build = TYPED[0].removeprefix("docker").replace(IMAGE, image)
    assert subprocess.run([program, *shlex.split(build)], cwd=ROOT, check=False).returncode == 0
    try:
        tmp_path.chmod(0o777)
        mounted = ["--rm", "-v", f"{tmp_path}:/course", image]
        graded = quietly(program, "run", *mounted, "course", "demo", "/course/demo")
    finally:
        quietly(program, "image", "rm", image)
    assert "8 graded" in graded.stdout, graded.stdout + graded.stderr
    assert re.search(r"^sandbox: +(bwrap|landlock)", graded.stdout, re.MULTILINE)
