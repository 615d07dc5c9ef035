"""The book builds strictly, works with no network, and keeps its editions apart."""

import html
import os
import re
from pathlib import Path

import pytest
import yaml
from tests.book.conftest import ROOT, build_small
from tests.leaks import all_exercises, leaks

pytestmark = pytest.mark.xdist_group("book")
EDITIONS = ("textbook", "course")


def code_of(page: Path) -> str:
    """The text of a page's listings, or the whole of a file that is not HTML."""
    text = page.read_text(errors="replace", encoding="utf-8")
    if page.suffix != ".html":
        return text
    listings = re.findall(r"<pre[^>]*>(.*?)</pre>", text, re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "", "\n".join(listings)))


def text_files(folder: Path) -> list[Path]:
    kinds = {".html", ".js", ".md", ".txt", ".py", ".ipynb", ".json"}
    return [
        path
        for path in folder.rglob("*")
        if path.suffix in kinds and not path.is_relative_to(folder / "_static")
    ]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_strict_build_succeeds(editions, edition):
    built = editions[edition]
    trouble = [line for line in built.log.splitlines() if re.search(r"rror|WARNING", line)]
    assert built.status == 0, "\n".join(trouble)[-2000:] + built.log[-4000:]
    assert "WARNING" not in built.log


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_page_loads_anything_from_elsewhere(editions, edition):
    loads = re.compile(r"<(?:script|img|iframe|link)\b[^>]*?(?:src|href)=\"(?:https?:)?//[^\"]*\"")
    found = {
        match
        for page in editions[edition].pages
        for match in loads.findall(page.read_text(encoding="utf-8"))
        if 'rel="canonical"' not in match
    }
    assert not found


def test_every_page_says_under_which_licence_it_is(editions):
    pages = [
        page for page in editions["textbook"].pages if page.parent != editions["textbook"].html
    ]
    licence = '<a href="https://creativecommons.org/licenses/by/4.0/">'
    assert len(pages) > 80
    assert not [p for p in pages if licence not in p.read_text(encoding="utf-8")]


def test_the_course_edition_holds_no_body_of_an_exercise(editions):
    texts = (code_of(path) for path in text_files(editions["course"].html))
    assert leaks(texts, all_exercises()) == set()


def test_a_body_would_be_found(editions):
    texts = [code_of(path) for path in text_files(editions["textbook"].html)]
    assert leaks(texts, all_exercises()) == {exercise.id for exercise in all_exercises()}


def test_figures_are_drawings_in_the_page_with_a_name(editions):
    page = (editions["textbook"].html / "book/chain_rule/units.html").read_text(encoding="utf-8")
    figures = re.findall(r'<svg class="figure"[^>]*>', page)
    assert len(figures) >= 2
    assert all('role="img" aria-label="' in figure for figure in figures)
    assert "var(--figure-ink)" in page
    assert "#1a1a1a" not in page


def test_a_page_is_rebuilt_when_the_code_that_it_uses_changes(small_book):
    def build():
        built = build_small(small_book)
        assert built.status == 0, built.log[-3000:]
        page = (built.html / "book/index.html").read_text(encoding="utf-8")
        return built, re.search(r'<svg class="figure".*?</svg>', page, re.DOTALL).group()

    _, first = build()
    again, same = build()
    assert "Executed notebook" not in again.log
    assert same == first

    module = small_book / "solutions/backprop/plotting/networks.py"
    drawing, sheet = (
        module.read_text(encoding="utf-8"),
        "figure, axes = sheet(layout.width, layout.height)",
    )
    assert sheet in drawing
    module.write_text(
        drawing.replace(sheet, sheet.replace("width,", "width + 1,")), encoding="utf-8"
    )
    redrawn, second = build()
    assert re.search(r"index\.md: Executed notebook", redrawn.log)
    assert not re.search(r"plain\.md: Executed notebook", redrawn.log)
    assert second != first


def test_the_book_is_built_with_an_old_locale_and_for_one_user_only(small_book):
    before = os.umask(0o077)
    try:
        built = build_small(small_book, LANG="C", LC_ALL="C", TMPDIR=str(small_book))
    finally:
        os.umask(before)
    assert built.status == 0, built.log
    assert "WARNING" not in built.log
    assert not list(small_book.glob("kernel-*"))


def ignored(role: str, name: str) -> bool:
    """Whether Sphinx would pass over a reference of a role that leads nowhere."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    patterns = config["sphinx"]["config"]["nitpick_ignore_regex"]
    return any(re.fullmatch(kind, role) and re.fullmatch(names, name) for kind, names in patterns)


@pytest.mark.parametrize(
    "role", ["attr", "class", "const", "data", "exc", "func", "meth", "mod", "obj", "type"]
)
def test_a_name_of_our_own_must_lead_somewhere(role):
    names = ("backprop.nothing", "backprop.units.nothing", "coursekit.nothing")
    assert not any(ignored(f"py:{role}", name) for name in names)
    assert role == "class" or not ignored(f"py:{role}", "output_deltaz")


@pytest.mark.parametrize("role", ["class", "obj"])
def test_types_of_numpy_need_not(role):
    assert ignored(f"py:{role}", "numpy._typing.ArrayLike")
