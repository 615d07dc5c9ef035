"""The two editions of the book, built once for all tests that look at them."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


STRICT = ("-W", "-n", "--keep-going")
"""As the Makefile builds."""
FRONT_MATTER = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
---

"""


def build_book(root: Path, output: Path, *options: str, **environment: str) -> Built:
    """Build, strictly if there are no options, in an environment that is changed as said."""
    command = [str(Path(sys.executable).parent / "jupyter-book"), "build", *(options or STRICT)]
    command += ["--path-output", str(output), str(root)]
    done = subprocess.run(
        command,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        cwd=root,
    )
    return Built(output / "_build" / "html", done.returncode, done.stdout)


@pytest.fixture(scope="session")
def editions() -> dict[str, Built]:
    """Both editions, in folders of the tests' own: what `make` left behind proves nothing.

    The executed cells are those of the Makefile's builds, so that no page runs twice.
    """
    cache = str(ROOT / "build" / "executed")
    with one_at_a_time(ROOT / "build" / "tests"):
        return {
            edition: build_book(
                ROOT, ROOT / "build" / "tests" / edition, EDITION=edition, BOOK_CACHE=cache
            )
            for edition in ("textbook", "course")
        }


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Tests in several processes build in the same folders: one after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build_small(book: Path, *options: str, **environment: str) -> Built:
    """Build a book as :func:`small_book` makes it, with a cache of its own."""
    return build_book(book, book / "build", *options, **{"BOOK_CACHE": ""} | environment)


@pytest.fixture
def small_book(tmp_path):
    """A copy of the book with two pages: one that uses the packages, and one that does not.

    It lies where some readers have their files: below a name with blanks and foreign letters.
    """
    book = tmp_path / "Adas Bücher, ∂"
    book.mkdir()
    for name in ("_config.yml", "solutions", "autograder", "book/_ext", "book/course.mplstyle"):
        source, target = ROOT / name, book / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, target, ignore=ignore)
        else:
            shutil.copy(source, target)
    (book / "book/_static").mkdir()
    (book / "book/_static/course.css").touch()
    (book / "book/references.bib").touch()
    (book / "book/index.md").write_text(
        FRONT_MATTER + "# Drawn\n\n```{code-cell} ipython3\nfrom backprop import plotting\n"
        "from backprop.activations import logistic\nprint(logistic(0.0))\n"
        "plotting.network([2, 1])\n```\n",
        encoding="utf-8",
    )
    plain = FRONT_MATTER + "# Plain\n\n```{code-cell} ipython3\n1 + 1\n```\n"
    (book / "book/plain.md").write_text(plain, encoding="utf-8")
    toc = "format: jb-book\nroot: book/index\nchapters:\n- file: book/plain\n"
    (book / "_toc.yml").write_text(toc, encoding="utf-8")
    return book
