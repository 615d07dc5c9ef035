"""Explorables in the book: what a page holds of them, what lies beside it, links to a situation."""

import json
import shutil
import sys

import pytest
from sphinx.errors import ExtensionError
from tests.book.conftest import FRONT_MATTER, ROOT, build_small

from backprop.running_example import running_example

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import explorables

MANIFESTS = sorted(path.parent.name for path in explorables.SOURCES.glob("*/explorable.toml"))
WITH_TWO_PAGES = """# Drawn

:::{explorable} microscope
The static text.
:::
"""
LINKED = """# Plain

See {explore}`the second δ <microscope?step=9>` and {explore}`the beginning <microscope>`.
"""


def test_a_live_place_is_empty_in_what_is_seen_and_in_what_is_heard():
    html = explorables.formula("rate", r"\textcolor{backward}{r} = \live{a.b} + \live{c}")
    assert html.startswith('<template data-formula="rate">')
    assert html.count('<span data-live="a.b"></span>') == 1
    assert html.count('<mtext data-live="a.b"></mtext>') == 1
    assert "color:var(--figure-backward)" in html
    assert "@" not in html
    assert "annotation" not in html


def test_a_formula_that_cannot_be_typeset_ends_the_build():
    with pytest.raises(ExtensionError, match="formula wrong cannot be typeset"):
        explorables.formula("wrong", r"\frac{1")


def test_an_explorable_that_is_not_there_is_named_beside_those_that_are():
    with pytest.raises(ExtensionError, match=r"no explorable 'mikroscope'; there are .*microscope"):
        explorables.explorable("mikroscope")


def test_the_data_is_what_the_package_returns():
    numbers = explorables.numbers_of("backprop.running_example.running_example")
    assert numbers["X"] == running_example().X.tolist()


def test_what_is_only_for_readers_is_left_out_of_a_script():
    script = "// why\nf();\n\n  // more\n  g('// a text');\n"
    assert explorables.lean(script) == "f();\ng('// a text');\n"


@pytest.mark.parametrize("name", MANIFESTS)
def test_every_file_of_an_explorable_is_listed_and_there(name):
    shown = explorables.explorable(name)
    assert all(path.is_file() for path in shown.files)
    own = {f"{name}/{path.name}" for path in (explorables.SOURCES / name).glob("*.*")}
    kit = set(explorables.explorable("kit").scripts + explorables.explorable("kit").later)
    optional = (
        "ask", "decades", "drag", "judge", "marks", "number_field", "panel", "slider", "trail"
    )  # fmt: skip
    shared = {f"kit/{part}.js" for part in optional} | {"kit/panel.css"}
    listed = {*shown.scripts, *shown.later, *shown.styles, f"{name}/explorable.toml"}
    assert own - listed == (shared if name == "kit" else set())
    assert not kit & listed or name == "kit"


@pytest.mark.parametrize("name", MANIFESTS)
def test_no_text_of_a_script_goes_over_two_lines(name):
    """Blanks at the beginning of a line are cut, which would change such a text."""
    for path in explorables.explorable(name).files:
        if path.suffix == ".js":
            lines = path.read_text(encoding="utf-8").splitlines()
            odd = [line for line in lines if line.count("`") % 2 and "//" not in line]
            assert not odd, f"{path.name}: {odd}"


def test_a_page_holds_its_explorable_and_another_one_links_to_a_situation(small_book):
    source = small_book / "book/_static/explorables"
    shutil.copytree(explorables.SOURCES, source)
    (small_book / "book/index.md").write_text(FRONT_MATTER + WITH_TWO_PAGES, encoding="utf-8")
    (small_book / "book/plain.md").write_text(FRONT_MATTER + LINKED, encoding="utf-8")
    built = build_small(small_book)
    assert built.status == 0, built.log[-3000:]
    page = (built.html / "book/index.html").read_text(encoding="utf-8")
    other = (built.html / "book/plain.html").read_text(encoding="utf-8")
    assert page.count('data-explorable="microscope"') == 1
    assert "The static text." in page
    assert "explorables/start.js" in page
    assert "explorables" not in other.replace("index.html#microscope", "")
    assert 'href="index.html#microscope?v=1&amp;step=9"' in other
    assert 'href="index.html#microscope"' in other
    files = {path.name for path in (built.html / "_static/explorables").rglob("*")}
    assert {"start.js", "kit.js", "kit-later.js", "microscope.js", "microscope.html"} <= files
    assert not {"README.md", "kit", "frame.js", "explorable.toml"} & files


def test_a_link_to_what_no_page_has_ends_the_build(small_book):
    (small_book / "book/plain.md").write_text(FRONT_MATTER + LINKED, encoding="utf-8")
    built = build_small(small_book)
    assert built.status != 0
    assert "no page has an explorable 'microscope'" in built.log


def test_a_change_of_a_script_is_another_version(tmp_path, monkeypatch):
    source = tmp_path / "explorables"
    shutil.copytree(explorables.SOURCES, source)
    monkeypatch.setattr(explorables, "SOURCES", source)
    before = explorables.version(explorables.explorable("microscope"))
    (source / "kit/frame.js").write_text("// another one", encoding="utf-8")
    assert explorables.version(explorables.explorable("microscope")) != before


def test_the_bare_page_holds_formulas_and_data():
    page = explorables.bare_page(explorables.explorable("microscope"))
    data = page.split('<script type="application/json">')[1].split("</script>")[0]
    assert json.loads(data)["example"]["W1"] == running_example().W1.tolist()
    assert page.count("<template") == len(explorables.explorable("microscope").formulas)
