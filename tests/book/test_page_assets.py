"""A page loads what it uses; what style sheets, fonts and scripts have beyond that is cut off."""

import io
import re
import sys
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_doctree, publish_from_doctree
from fontTools.ttLib import TTFont
from myst_nb.sphinx_ import HideCodeCellNode
from myst_parser.docutils_ import Parser
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from tests.book.conftest import ROOT

from coursekit.typesetting.formulas import typeset
from coursekit.typesetting.style import font

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import svg_figures
from page_assets import name_rows, scripts_for, tidy, without_thebe
from shown_code import FiguresFirst
from site_style import formulas_in, quiet
from subset_fonts import cut_once
from trimmed_css import moved, trimmed, words_of_page, words_of_script


class Script:
    """As Sphinx has it."""

    def __init__(self, filename, *, priority=500, **attributes):
        self.filename, self.priority, self.attributes = filename, priority, attributes


def names(body: str, *asked: Script) -> list[str]:
    return [script.filename or script.attributes["body"] for script in scripts_for(body, asked)]


THEME = ["_static/scripts/bootstrap.js", "_static/scripts/pydata-sphinx-theme.js"]


def test_a_page_asks_for_the_scripts_that_it_uses():
    copy, tabs = Script("_static/copybutton.js"), Script("_static/design-tabs.js")
    assert names("<p>words</p>", copy, tabs) == THEME
    assert names('<div class="highlight-python">', copy, tabs) == [copy.filename, *THEME]
    assert names('<div class="sd-tab-set">', copy, tabs) == [tabs.filename, *THEME]


def test_no_page_asks_for_mathjax_or_for_a_server_that_runs_code():
    mathjax, thebe = Script("_static/mathjax/tex-mathjax.js"), Script("_static/sphinx-thebe.js")
    settings = Script(None, body="window.MathJax = {}")
    assert names('<div class="highlight">', mathjax, thebe, settings) == THEME


def test_what_configures_a_server_that_runs_code_is_taken_out_of_a_page():
    page = nodes.section("", nodes.paragraph("", "words"))
    page += nodes.raw("", '<script type="text/x-thebe-config">{}</script>', format="html")
    page += nodes.raw("", "<script>kernelName = 'python3'</script>", format="html")
    page += nodes.raw("", "<b>ours</b>", format="html")
    without_thebe(None, page, "page")
    assert [child.astext() for child in page] == ["words", "<b>ours</b>"]


@pytest.mark.parametrize(
    ("body", "used"),
    [
        ('<div class="admonition tip dropdown">', True),
        ('<div class="toggle">', True),
        ('<span class="toctree-toggle">', False),
        ('<details class="sd-dropdown">', False),
    ],
)
def test_settings_come_with_the_script_that_reads_them(body, used):
    setting, script = Script(None, body="let toggleHint = 1"), Script("_static/togglebutton.js")
    assert (
        names(body, setting, script) == used * [setting.attributes["body"], script.filename] + THEME
    )


def test_scripts_wait_for_the_page():
    found = scripts_for("", [Script("_static/doctools.js")])
    assert all(script.attributes["defer"] == "defer" for script in found)


def test_an_empty_head_of_a_table_is_none():
    html = '<th class="head"><p></p></th><th class="head"><p>a</p></th><thead></thead>'
    assert tidy(html) == '<td class="head"></td><th class="head"><p>a</p></th><thead></thead>'


@pytest.mark.parametrize(
    ("corner", "heads"), [("", ["network", "forward"]), ("pass", ["pass", "network"])]
)
def test_a_row_is_named_by_its_first_cell_where_no_head_is_above(corner, heads):
    table = f"| {corner} | network |\n|---|---|\n| forward | each $z$ |\n"
    page = publish_doctree(table, parser=Parser())
    name_rows(None, page, "page")
    html = tidy(publish_from_doctree(page, writer_name="html5").decode())
    found = re.findall(r"<th\b[^>]*>(?:<p>)?(.*?)(?:</p>)?</th>", html)
    assert found == heads


def test_a_head_that_is_a_formula_is_heard_in_letters():
    formula = f'<span class="math notranslate">{typeset("x_1")}</span>'
    heard = tidy(f"<th><p>{formula}</p></th>")
    assert '<span class="visually-hidden">x 1</span></th>' in heard
    assert heard.count('<span class="katex-mathml" aria-hidden="true">') == 1
    with_words = f"<th><p>of {formula}</p></th><td>{formula}</td>"
    assert tidy(with_words) == with_words


CSS = """
/*! whose it is */ /* a note */
.used, .other, p { color: red }
.used:not(.other) .used { a: b }
.used .other { c: d }
#id.by-script\\:1 { e: f }
@media (min-width: 9px) { .used { g: h } .other { i: j } }
@media print { .other { k: l } }
@font-face { font-family: x }
"""


def test_rules_stay_if_all_their_classes_and_ids_are_used():
    words = words_of_page('<p class="used" id="id">') | {"by-script:1"}
    kept = trimmed(CSS, words)
    for part in ("whose it is", ".used,p{", ".used:not(.other) .used", "e: f", "g: h", "font-face"):
        assert part in kept
    for part in ("a note", "c: d", "i: j", "k: l", "@media print"):
        assert part not in kept


def test_what_a_script_may_give_is_used():
    assert {"is-open", "show"} <= words_of_script('e.classList.add("is-open"); x = {show: 1}')


def test_the_dark_theme_is_one_of_screens_and_the_light_one_of_all_paper():
    kept = trimmed("html[data-theme=dark]{--a:1} html[data-theme=light] .b{--a:2}", {"b"})
    assert kept.splitlines() == [
        "@media not print{html[data-theme=dark]{--a:1}}",
        "html[data-theme=light] .b{--a:2}",
        "@media print{html[data-theme] .b{--a:2}}",
    ]


def test_addresses_in_a_style_sheet_hold_where_it_is_moved_to():
    css = "a{b:url(../x.png)} c{d:url('y.svg')} e{f:url(data:z)} g{h:url(#i)}"
    assert moved(css, "styles") == (
        'a{b:url("x.png")} c{d:url("styles/y.svg")} e{f:url(data:z)} g{h:url(#i)}'
    )


def test_a_cut_font_has_the_characters_that_are_shown(tmp_path):
    whole = font("KaTeX_Main-Regular")
    cut_font = cut_once(whole, {"a", "∂"}, tmp_path)
    assert set(TTFont(io.BytesIO(cut_font)).getBestCmap()) == {ord("a"), ord("∂")}
    assert len(cut_font) < len(whole) / 10


def test_a_font_is_cut_once(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr("subset_fonts.cut", lambda *asked: calls.append(asked) or b"cut")
    for _ in range(2):
        assert cut_once(b"font", {"("}, tmp_path) == b"cut"
    cut_once(b"font", {"(", ")"}, tmp_path)
    assert [text for _, text in calls] == ["(", "()"]


def test_what_formulas_show_is_found_and_nothing_behind_them():
    page = f"<p>before {typeset('x_1 < y')} between {typeset(chr(92) + 'text{ab}')} behind</p>"
    first, second = formulas_in(page)
    assert set("x1<y") <= set(first)
    assert set(second) - {"​"} == set("ab")


def test_scripts_keep_their_notes_to_themselves():
    script = 'a(),console.log(`x ${e("(")}`),console.error("y")\n//# sourceMappingURL=z.map'
    assert quiet(script) == 'a(),void(`x ${e("(")}`),console.error("y")\n'


def cell(*kinds: str) -> nodes.container:
    found = nodes.container()
    for kind in kinds:
        folded = HideCodeCellNode(classes=[kind]) if kind.endswith("input") else None
        found.append(folded if folded is not None else nodes.container(classes=[kind]))
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("above-input", "output"), ["output", "below-output"]),
        (("above-input",), ["above-input"]),
        (("code", "below-input"), ["code", "below-input"]),
    ],
)
def test_folded_code_stands_below_what_it_drew(before, after):
    page = nodes.section("", cell(*before))
    FiguresFirst.run(SimpleNamespace(document=page))
    assert [child["classes"][0] for child in page[0]] == after


def test_a_drawing_says_the_same_in_fewer_bytes():
    drawing = """<svg>
      <!-- made by --> <metadata>x</metadata>
      <g id="patch_1">
        <defs><path id="m1" d="M 10.504 -0.0001 L 100 20.10 z"/></defs> <use xlink:href="#m1"/>
      </g>
    </svg>"""
    assert svg_figures.compact(drawing) == (
        '<svg><g><defs><path id="m1" d="M10.5 -0L100 20.1z"/></defs>'
        '<use xlink:href="#m1"/></g></svg>'
    )


def test_code_has_the_colours_of_the_dark_theme_too(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text(
        'extensions = ["site_style"]\nhtml_theme = "sphinx_book_theme"\n', encoding="utf-8"
    )
    code = "Page\n====\n\n.. code-block:: python\n\n   for each in ():\n       pass\n"
    (source / "index.rst").write_text(code, encoding="utf-8")
    where = [str(tmp_path / name) for name in ("html", "doctrees")]
    with docutils_namespace():
        Sphinx(str(source), str(source), *where, "html", status=None).build()
    style = (tmp_path / "html/_static/book.css").read_text(encoding="utf-8")
    keyword = re.findall(r"data-theme=\"?(\w+)\"?\] \.highlight \.k\{color: #(\w+)", style)
    assert {theme for theme, _ in keyword} == {"light", "dark"}
    assert len({colour for _, colour in keyword}) == 2
