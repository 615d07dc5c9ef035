"""What lies beside the pages and in their heads, without an address and with one."""

import json
import re
import shutil
import sys
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from docutils import nodes
from PIL import Image
from tests.book.conftest import ROOT, build_small

import backprop

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import notebooks
import published

pytestmark = pytest.mark.xdist_group("book")
ADDRESS = "https://books.example/backprop/"
REPOSITORY = "https://github.com/someone/book"
SETTINGS = {"BOOK_ADDRESS": ADDRESS.rstrip("/"), "BOOK_REPOSITORY": f"{REPOSITORY}/",
            "BOOK_NOTEBOOKS_BRANCH": "notebooks"}  # fmt: skip
CONTENT = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"')


def head_of(page) -> dict[str, str]:
    return dict(CONTENT.findall(page.read_text(encoding="utf-8")))


@pytest.fixture
def with_address(small_book):
    shutil.copy(ROOT / "CITATION.cff", small_book)
    built = build_small(small_book, **SETTINGS)
    assert built.status == 0, built.log[-3000:]
    return built


def test_with_an_address_pages_say_where_they_are(with_address):
    html = with_address.html
    page = (html / "book/plain.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{ADDRESS}book/plain.html" />' in page
    head = head_of(html / "book/plain.html")
    assert head["og:url"] == f"{ADDRESS}book/plain.html"
    assert head["og:title"] == "Plain"
    assert head["og:description"] == head["description"] == "Plain"
    assert head["og:image"].startswith(ADDRESS)
    with Image.open(html / head["og:image"].removeprefix(ADDRESS)) as picture:
        assert picture.size == (int(head["og:image:width"]), int(head["og:image:height"]))

    places = ElementTree.parse(html / "sitemap.xml").getroot().findall(".//{*}loc")
    assert [p.text for p in places] == [f"{ADDRESS}book/index.html", f"{ADDRESS}book/plain.html"]
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (html / "robots.txt").read_text(encoding="utf-8")
    assert f'href="{ADDRESS}search.html"' in (html / "404.html").read_text(encoding="utf-8")
    assert f'href="{ADDRESS}book/index.html"' in (html / "index.html").read_text(encoding="utf-8")


def test_with_a_repository_a_mistake_is_reported_and_notebooks_are_opened(with_address):
    page = (with_address.html / "book/plain.html").read_text(encoding="utf-8")
    (report,) = re.findall(rf'href="({REPOSITORY}/issues/new\?[^"]*)"', page)
    asked = parse_qs(urlsplit(report.replace("&amp;", "&")).query)
    assert asked["title"] == ["Mistake on “Plain”"]
    assert f"{ADDRESS}book/plain.html\nVersion: {backprop.__version__}" in asked["body"][0]
    for opened in (
        "https://mybinder.org/v2/gh/someone/book/notebooks?labpath=book%2Fplain.ipynb",
        "https://colab.research.google.com/github/someone/book/blob/notebooks/book/plain.ipynb",
    ):
        assert f'href="{opened}"' in page


def test_without_settings_nothing_is_made_up(editions):
    html = editions["textbook"].html
    page = (html / "book/chain_rule/units.html").read_text(encoding="utf-8")
    for absent in ("canonical", "og:", "issues/new", "mybinder", "colab"):
        assert absent not in page
    assert not (html / "sitemap.xml").exists()
    assert (html / "robots.txt").read_text(encoding="utf-8") == "User-agent: *\nAllow: /\n"
    assert (html / ".nojekyll").is_file()


@pytest.mark.parametrize("edition", ["textbook", "course"])
def test_every_page_says_what_it_is_about_and_which_version_it_is(editions, edition):
    html = editions[edition].html
    pages = [page for page in editions[edition].pages if page.parent != html]
    heads = {page.relative_to(html).as_posix(): head_of(page) for page in pages}
    lengths = {name: len(head.get("description", "")) for name, head in heads.items()}
    assert {name: n for name, n in lengths.items() if not 20 <= n <= 200} == {}
    assert not [name for name, head in heads.items() if "\\" in head["description"]]
    said = f"Version {backprop.__version__}."
    assert not [page for page in pages if said not in page.read_text(encoding="utf-8")]


def test_the_pages_beside_the_book_say_so_too(editions):
    html = editions["textbook"].html
    for name in ("index.html", "404.html", "search.html", "genindex.html"):
        text = (html / name).read_text(encoding="utf-8")
        assert re.search(r'<html\b[^>]* lang="en"', text), name
        assert "<title>" in text, name
        assert 'name="description"' in text, name
        assert "Project name" not in text, name
    assert 'content="0; url=book/index.html"' in (html / "index.html").read_text(encoding="utf-8")


def test_titles_are_those_of_people(editions):
    html = editions["textbook"].html

    def title(name: str) -> str:
        return re.search("<title>(.*?)</title>", (html / name).read_text(encoding="utf-8"))[1]

    assert (
        title("book/chain_rule/units.html") == "1.1. A unit and its layer &#8212; Backpropagation"
    )
    assert title("book/index.html") == published.citation()["title"]


def test_how_to_cite_is_what_the_file_of_the_repository_says(editions):
    page = (editions["textbook"].html / "book/using.html").read_text(encoding="utf-8")
    whole = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    entry = re.sub("<[^>]+>", "", page[page.index('id="how-to-cite"') :])
    assert whole["title"] in entry
    assert f"Version {backprop.__version__}" in entry


@pytest.mark.parametrize(
    ("text", "short"),
    [("short", "short"), ("one two three", "one two…"), ("one two, three", "one two…")],
)
def test_descriptions_end_with_a_word(text, short):
    assert published.shortened(text, 12) == short


def page(*children: nodes.Node) -> nodes.document:
    document = nodes.document(SimpleNamespace(), SimpleNamespace())
    document += nodes.section("", nodes.title("", "Title"), *children)
    return document


def test_a_page_is_described_by_its_first_words_that_say_something():
    first = "How fast does the cost change with a weight of the network?"
    found = page(
        nodes.paragraph("", "Core"),
        nodes.admonition("", nodes.paragraph("", "x" * 60)),
        nodes.paragraph("", first),
    )
    assert published.described(found, "x") == first
    assert published.described(page(), "x") == "Title"
    assert "Index" not in published.described(None, "genindex")


# Notebooks


def test_a_notebook_with_an_address_gets_what_it_needs(with_address):
    notebook = json.loads((with_address.html / "book/index.ipynb").read_text(encoding="utf-8"))
    first, *rest = ("".join(cell["source"]) for cell in notebook["cells"])
    assert f"[Drawn]({ADDRESS}book/index.html)" in first
    assert any("plotting.network([2, 1])" in cell for cell in rest)


@pytest.mark.parametrize("address", ["", ADDRESS])
@pytest.mark.parametrize("edition", ["textbook", "course"])
def test_the_first_cells_say_how_to_get_the_package(address, edition, tmp_path):
    (tmp_path / "pyproject.toml").touch()
    config = SimpleNamespace(html_baseurl=address, edition=edition, html_title="Book")
    builder = SimpleNamespace(get_target_uri=lambda name: f"{name}.html")
    app = SimpleNamespace(config=config, builder=builder, srcdir=tmp_path)
    said, *code = notebooks.how_to_begin(app, "book/a/page", "Page", ["x.json"])
    source = code[0].text if code else ""
    assert (notebooks.WHEEL in source) == (edition == "textbook")
    assert ("ask whoever" in said.text) == (edition == "course")
    assert (f'"{ADDRESS}book/a/" + name' in source) == bool(address)
    assert ("`x.json`" in said.text) == (not address)


def test_links_of_a_notebook_are_whole_or_none():
    assert notebooks.place_in("", "book/a.html", "b.html") is None
    assert notebooks.place_in(ADDRESS, "book/a.html", "../b.html#x") == f"{ADDRESS}b.html#x"
    assert notebooks.place_in("", "book/a.html", "https://x.example") == "https://x.example"
