"""What the book is built with needs nothing that only Linux has: readers have other machines."""

import os
import subprocess
import sys
from pathlib import Path

from book._ext import parallel_build
from book._ext.code_dependencies import files_behind, page_imports

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = """
import importlib, os, sys
import jupytext, nbclient  # libraries have other code for other systems

for name in ("fcntl", "grp", "pwd", "resource"):
    sys.modules[name] = None
for name in ("fork", "geteuid", "getuid", "sched_getaffinity", "sched_setaffinity"):
    delattr(os, name)
for name in sys.argv[1:]:
    importlib.import_module(name)
"""
"""Imports modules where a few modules and functions of POSIX systems are missing."""


def import_elsewhere(names) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", FOREIGN, *sorted(names)],
        cwd=ROOT / "book" / "_ext",
        env={**os.environ, "PYTHONPATH": str(ROOT / "book" / "_ext")},
        capture_output=True,
        encoding="utf-8",
    )


def modules_of_pages() -> set[str]:
    """The modules that pages import, and those that these import, by their files."""
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "book").rglob("*.md"))
    files = files_behind(ROOT, page_imports(pages))
    parts = [path.relative_to(ROOT).with_suffix("").parts[1:] for path in files]
    return {".".join(part for part in names if part != "__init__") for names in parts}


def test_the_extensions_can_be_imported_elsewhere():
    done = import_elsewhere(path.stem for path in (ROOT / "book/_ext").glob("*.py"))
    assert done.returncode == 0, done.stderr


def test_what_pages_import_can_be_imported_elsewhere():
    names = modules_of_pages()
    assert {"backprop.units", "coursekit.course_toml"} <= names
    done = import_elsewhere(names)
    assert done.returncode == 0, done.stderr


def test_what_cannot_be_is_found():
    assert "fcntl" in import_elsewhere(["coursekit.grading.class_run"]).stderr


def test_the_build_uses_the_cores_that_it_may_use(monkeypatch):
    if hasattr(os, "sched_getaffinity"):
        monkeypatch.setattr(os, "sched_getaffinity", lambda process: {3})
        assert parallel_build.usable_cores() == 1
        monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert parallel_build.usable_cores() == 5
