"""The two editions of the book, built once for all tests that look at them."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Built:
    """An edition: its HTML and what the build said."""

    html: Path
    status: int
    log: str

    @property
    def pages(self) -> list[Path]:
        """Every page; the theme leaves templates with the same ending among its static files."""
        return sorted(page for page in self.html.rglob("*.html") if "_static" not in page.parts)


def build_book(root: Path, output: Path, **environment: str) -> Built:
    """Build strictly, as the Makefile does; once more, if it ended for no reason of the book's.

    Kernels that start at one time may choose the same port: then one of them does not answer.
    """
    command = [str(Path(sys.executable).parent / "jupyter-book"), "build", "-W", "-n"]
    command += ["--keep-going", "--path-output", str(output), str(root)]
    for _ in range(2):
        done = subprocess.run(
            command,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=root,
        )
        log = done.stdout.replace("[IPKernelApp] WARNING", "")
        if done.returncode == 0 or "WARNING:" in log or "CellExecutionError" in log:
            break
    return Built(output / "_build" / "html", done.returncode, done.stdout)


@pytest.fixture(scope="session")
def editions() -> dict[str, Built]:
    """Both editions, in the folders that the Makefile uses, so that a second run is quick."""
    cache = str(ROOT / "build" / "executed")
    return {
        edition: build_book(ROOT, ROOT / "build" / edition, EDITION=edition, BOOK_CACHE=cache)
        for edition in ("textbook", "course")
    }
