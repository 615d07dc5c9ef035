"""What `make` says while it installs and builds: how far it is, and where things lie in the end."""

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scripts(monkeypatch):
    """Imports a script of .ci as make runs it, with its neighbours in reach."""
    monkeypatch.syspath_prepend(str(ROOT / ".ci"))
    return importlib.import_module


def record(home: Path, package: str) -> None:
    """What pip writes last of a package."""
    path = home / f"{package}.dist-info" / "RECORD"
    path.parent.mkdir(parents=True)
    path.write_text("", encoding="utf-8")


def test_packages_are_counted_while_they_are_found_and_while_they_are_unpacked(scripts, tmp_path):
    packages = scripts("install").Packages(4, tmp_path)
    record(tmp_path, "pip-25.0")
    packages.read("Collecting numpy==2.4.6 (from -r .ci/locked.txt (line 1037))\n")
    packages.read("  Downloading numpy-2.4.6-cp311.whl (16.5 MB)\n")
    assert packages.state == "1 of about 4 packages, 16 MB"
    packages.read("Installing collected packages: six, numpy, idna\n")
    assert packages.state == "0 of 3 packages unpacked"
    record(tmp_path, "six-1.17.0")
    record(tmp_path, "numpy-2.4.6")
    assert packages.state == "2 of 3 packages unpacked"


def test_a_package_that_takes_the_place_of_an_older_one_counts(scripts, tmp_path):
    record(tmp_path, "six-1.16.0")
    packages = scripts("install").Packages(1, tmp_path)
    packages.read("Installing collected packages: six\n")
    (tmp_path / "six-1.16.0.dist-info" / "RECORD").unlink()
    assert packages.state == "0 of 1 packages unpacked"
    record(tmp_path, "six-1.17.0")
    assert packages.state == "1 of 1 packages unpacked"


@pytest.mark.parametrize("status", [0, 1])
def test_a_build_ends_by_saying_where_the_book_lies(scripts, monkeypatch, capsys, status):
    build_book = scripts("build_book")
    monkeypatch.setattr(build_book, "run", lambda command, pages, log: status)
    monkeypatch.setenv("EDITION", "")
    assert build_book.main("textbook") == status
    place = Path("build/textbook/_build/html/index.html").resolve()
    told = f"  All pages are written. The book: {place}\n"
    assert capsys.readouterr().out == ("" if status else told)
