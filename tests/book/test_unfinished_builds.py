"""A build that ended badly is not taken for a good one when it is repeated."""

import re

import pytest
from tests.book.conftest import FRONT_MATTER, build_small

pytestmark = pytest.mark.xdist_group("book")

DANGLING = "\nSee {py:func}`backprop.nothing`, {py:obj}`backprop.units.nothing`, {ref}`nowhere`.\n"
LABELLED = "(here)=\n# Plain\n\nNothing to compute.\n"
KILLER = """\
import os

def kill(app, exception):
    if os.environ.get("KILLED"):
        os._exit(9)

def setup(app):
    app.connect("build-finished", kill)
"""
"""Ends a build when all is written and nothing was said yet of how it went."""


@pytest.fixture
def plain_book(small_book):
    """The small book without cells, and a third page, which refers to the second."""
    (small_book / "book/index.md").write_text(
        FRONT_MATTER + "# First\n\nNothing.\n", encoding="utf-8"
    )
    (small_book / "book/plain.md").write_text(FRONT_MATTER + LABELLED, encoding="utf-8")
    (small_book / "book/other.md").write_text(
        FRONT_MATTER + "# Other\n\nSee {ref}`here`.\n", encoding="utf-8"
    )
    with (small_book / "_toc.yml").open("a", encoding="utf-8") as toc:
        toc.write("- file: book/other\n")
    return small_book


def pages_read(log: str) -> int:
    added, changed = re.search(r"(\d+) added, (\d+) changed", log).groups()
    return int(added) + int(changed)


def test_a_dangling_reference_fails_until_it_is_mended(plain_book):
    page = plain_book / "book/plain.md"
    page.write_text(FRONT_MATTER + LABELLED + DANGLING, encoding="utf-8")
    for _ in range(2):
        built = build_small(plain_book)
        assert built.status == 1
        for name in ("backprop.nothing", "backprop.units.nothing", "nowhere"):
            assert re.search(rf"WARNING: .*{name}", built.log), built.log
    page.write_text(FRONT_MATTER + LABELLED, encoding="utf-8")
    built = build_small(plain_book)
    assert built.status == 0, built.log
    assert pages_read(build_small(plain_book).log) == 0, "a good build is not made again"


@pytest.mark.thorough
def test_a_strict_build_does_not_rest_on_a_lenient_one(plain_book):
    page = plain_book / "book/plain.md"
    page.write_text(
        page.read_text(encoding="utf-8") + "\nSee {py:func}`backprop.nothing`.\n", encoding="utf-8"
    )
    assert "WARNING" not in build_small(plain_book, "--keep-going").log
    assert build_small(plain_book).status == 1


@pytest.mark.thorough
def test_a_page_breaks_when_another_loses_what_it_refers_to(plain_book):
    page = plain_book / "book/plain.md"
    assert build_small(plain_book).status == 0
    page.write_text(
        page.read_text(encoding="utf-8").replace("(here)=", "(there)="), encoding="utf-8"
    )
    built = build_small(plain_book)
    assert built.status == 1
    assert re.search(r"other\.md.*WARNING: undefined label: 'here'", built.log), built.log


def test_a_build_that_was_killed_is_made_again(plain_book):
    extension = plain_book / "book/_ext/killer.py"
    extension.write_text(KILLER, encoding="utf-8")
    settings = plain_book / "_config.yml"
    listed = "  local_extensions:\n"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace(listed, f"{listed}    killer: book/_ext\n"),
        encoding="utf-8",
    )
    (plain_book / "book/plain.md").write_text(FRONT_MATTER + LABELLED + DANGLING, encoding="utf-8")
    assert build_small(plain_book, KILLED="yes").status == 9
    assert build_small(plain_book).status == 1


def test_a_failing_cell_fails_again_and_the_others_are_not_run_again(small_book):
    page = small_book / "book/plain.md"
    page.write_text(page.read_text(encoding="utf-8").replace("1 + 1", "1 / 0"), encoding="utf-8")
    first, second = build_small(small_book), build_small(small_book)
    for built in (first, second):
        assert built.status == 1
        assert re.search(r"plain\.md.*Executing notebook failed", built.log), built.log
    assert "index.md: Executed notebook" in first.log
    assert "Executed notebook" not in second.log


def test_a_quick_build_writes_what_has_changed_and_the_next_reads_all(plain_book, monkeypatch):
    assert build_small(plain_book).status == 0
    (plain_book / "book/plain.md").write_text(FRONT_MATTER + "# Plain\n\nNo label.\n", "utf-8")
    monkeypatch.setenv("BOOK_QUICK", "1")
    built = build_small(plain_book)
    assert built.status == 0, built.log
    assert pages_read(built.log) == 1
    monkeypatch.delenv("BOOK_QUICK")
    built = build_small(plain_book)
    assert built.status == 1
    assert re.search("WARNING: .*here", built.log), built.log
