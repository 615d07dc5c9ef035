"""The pages of the book as one, which is printed: ids, links, headings, answers."""

import re
import shutil
import sys
from pathlib import Path

import pytest
from book.pdf import numbers

from book import pdf

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("book")
HEAD = '<html><head><link rel="next" title="x" href="{}" /></head><article class="bd-article">'
FIRST = (
    HEAD.format("chain/index.html")
    + '<section id="top"><h1>First<a class="headerlink" href="#top">#</a></h1>'
    '<p><a href="../backprop-1.whl">wheel</a> <img src="../_static/poster.svg" />'
    '<a href="chain/index.html#eq">there</a> <a href="https://x.example">out</a> '
    '<a href="#top">here</a> <a href="developing/api/x.html#f">reference</a></p>'
    '<svg><g id="g1"/><use xlink:href="#g1"/><path clip-path="url(#g1)"/></svg>'
    '<div style="break-after: page"></div></section></article>'
)
LONG = "\n".join(f"A heading of {number} words" for number in range(20))
SECOND = (
    HEAD.format("../developing/index.html")
    + '<section id="top"><h1><span class="section-number">1.1. </span>Second</h1><h2>Below</h2>'
    f"<h2>{LONG}</h2>"
    '<h2>Two <a href="#x" id="x">questions</a><a class="headerlink" href="#x">#</a></h2>'
    '<p>Another.</p><p id="q" class="sd-card-text">Why <a href="#eq">so</a>?</p>'
    '<div class="explorable" id="question"><script type="application/json">{}</script></div>'
    '<details class="sd-dropdown sd-card"><summary class="sd-summary-title">'
    '<span class="sd-summary-text">Compare</span><span class="sd-summary-state-marker"><svg></svg>'
    "</span>"
    '</summary><div><p id="eq">Because. <a href="../index.html">First</a></p>'
    "<details><summary>More</summary><p>So.</p></details></div></details>"
    '<details class="admonition hide"><summary>Show the code</summary><pre>code</pre></details>'
    "<p>Behind. 0123456789</p></section></article>"
)
FURNITURE = """
<div class="live-offer admonition note"><p>You can do this here. 7 MB are loaded.</p>
<p><button type="button">Work on it here</button></p><noscript><p>Scripts!</p></noscript></div>
<script>let opened;</script><template data-formula="f">formula</template>
<p><a class="sd-btn sd-btn-primary start" href="x.html"><span>Begin here</span></a></p>
<p class="sd-card-text"><a class="explore reference" href="x.html#a?v=1">See it happen</a></p>
<p><strong>Touch it.</strong> Move <a class="explore" href="x.html#a">a weight</a>.</p>
<table class="table">
<thead><tr><th>mistake</th></tr></thead>
</table>
"""
KEPT = """
<p>Look at <a class="explore" href="#still">the figure</a>, <a href="#still">again</a>.</p>
<div class="explorable" id="live"><div class="explorable-static"><figure id="still"><svg></svg>
<figcaption>A caption.</figcaption></figure></div></div>
<table class="table"><thead><tr><th>n</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>
"""
THIRD = '<article class="bd-article"><h1>Developing</h1></article>'

ON_A_SCREEN = ("MB are loaded", "See it happen", "Touch it.", "<button", "<script", "sd-btn")


@pytest.fixture
def built(tmp_path):
    for name, text in {
        "book/index.html": FIRST,
        "book/chain/index.html": SECOND,
        "book/developing/index.html": THIRD,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_pages_stand_in_their_order_without_the_reference(built):
    assert [page.address for page in pdf.pages_of(built)] == [
        "book/index.html",
        "book/chain/index.html",
    ]


def test_every_link_within_leads_to_an_id_that_is_there_once(built):
    text = pdf.whole(built, "Nobody")
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    anchors = re.findall(r'href="#([^"]*)"|url\(#([^)]+)\)', text)
    assert {one or other for one, other in anchors} <= set(ids)
    assert 'href="https://x.example"' in text


def test_what_lies_beside_the_book_has_no_link_before_it_is_published(built):
    text = pdf.whole(built, "Nobody")
    assert "<a>wheel</a>" in text
    assert "<a>reference</a>" in text
    assert {scheme(link) for link in hrefs(text)} == {"https", ""}
    assert '<img src="_static/poster.svg"' in text


def test_what_lies_beside_the_book_is_reached_where_it_is_published(built):
    first = built / "book/index.html"
    canonical = '<link rel="canonical" href="https://book.example/a/book/index.html" />'
    first.write_text(canonical + FIRST, encoding="utf-8")
    text = pdf.whole(built, "Nobody")
    assert '<a href="https://book.example/a/backprop-1.whl">wheel</a>' in text
    assert 'href="https://book.example/a/book/developing/api/x.html#f"' in text
    assert '<img src="_static/poster.svg"' in text


def test_answers_stand_at_the_end_and_code_of_figures_nowhere(built):
    text = pdf.whole(built, "Nobody")
    question, answer = text.index("at the end of the book"), text.index("Because.")
    assert question < text.index("Behind.") < text.index("<h1>Answers</h1>") < answer
    assert "<details" not in text
    assert "So." in text
    assert "Show the code" not in text


def test_an_answer_says_what_it_answers_and_both_say_where_the_other_is(built):
    text = pdf.whole(built, "Nobody")
    place = "answer-book-chain-index-1"
    assert (
        f'<h2><span class="section-number">1.1. </span>Second</h2><div class="answer" id="{place}">'
        f'<p class="asked"><a href="#{place}-asked"><strong>Two questions · Compare</strong>'
        f"{numbers.at(f'{place}-asked', ' · page ')}</a></p>"
        '<div class="question"><p class="sd-card-text">'
        'Why <a href="#book-chain-index--eq">so</a>?</p></div>'
    ) in text
    assert (
        f'<p id="{place}-asked">→ <a href="#{place}">Compare, at the end of the book'
        f"{numbers.at(place, ', page ')}</a></p>"
    ) in text


def test_other_answers_repeat_no_paragraph(built):
    page = built / "book/chain/index.html"
    page.write_text(SECOND.replace(">Compare<", ">Solution<"), encoding="utf-8")
    text = pdf.whole(built, "Nobody")
    assert "<strong>Two questions · Solution</strong>" in text
    assert 'class="question"' not in text


def test_what_serves_on_a_screen_alone_is_not_on_paper(built):
    page = built / "book/index.html"
    page.write_text(FIRST.replace("<svg>", f"{FURNITURE}{KEPT}<svg>", 1), encoding="utf-8")
    with_all = next(pdf.pages_of(built)).body
    page.write_text(FIRST.replace("<svg>", f"{KEPT}<svg>", 1), encoding="utf-8")
    assert with_all.split() == next(pdf.pages_of(built)).body.split()
    assert all(line in with_all for line in KEPT.splitlines())


def test_headings_of_a_page_stand_below_those_of_its_chapter(built):
    text = pdf.whole(built, "Nobody")
    assert '<h2><span class="section-number">1.1. </span>Second</h2><h3>Below</h3>' in text
    assert "<h1>First</h1>" in text


def test_sections_go_on_where_the_one_before_ends_and_chapters_begin_a_page(built):
    text = pdf.whole(built, "Nobody")
    assert '<section class="page" id="book-index">' in text
    assert '<section class="page follows" id="book-chain-index">' in text


def test_a_page_stands_below_those_of_the_folders_above(built):
    chain = [
        "book/index.html", "book/using.html", "book/teaching/index.html", "book/teaching/week.html",
        "book/teaching/prompts/index.html", "book/teaching/prompts/chain.html",
        "autograder/ps.html",
    ]  # fmt: skip
    for address, following in zip(chain, [*chain[1:], ""], strict=True):
        path = built / address
        path.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * address.count("/")
        head = HEAD.format(up + following) if following else '<article class="bd-article">'
        path.write_text(f"{head}<h1>x</h1></article>", encoding="utf-8")
    depths = {page.address: page.depth for page in pdf.pages_of(built)}
    assert depths == dict(zip(chain, [0, 0, 0, 1, 1, 2, 0], strict=True))


def step(number):
    """A tab as the book has it: its number, and a figure as high as those of the whole pass."""
    return (
        f'<input id="t{number}" name="t" type="radio">\n'
        f'<label class="sd-tab-label" for="t{number}">\n{number}</label>'
        f'<div class="sd-tab-content docutils" id="c{number}">'
        f'<figure><svg class="figure" style="max-width:417px" viewBox="0 0 312 390"></svg>'
        f"<figcaption>Caption {number}.</figcaption></figure></div>"
    )


def test_the_head_of_a_tab_is_a_part_of_it(built):
    page = built / "book/index.html"
    page.write_text(FIRST.replace("<svg>", f"{step(1)}{step(2)}<svg>", 1), encoding="utf-8")
    body = next(pdf.pages_of(built)).body
    assert body.count("<figure>") == 2
    for number in (1, 2):
        assert f'id="c{number}"><p class="tab">\n{number}</p><figure>' in body
    assert "<input" not in body


@pytest.mark.slow
@pytest.mark.skipif(not pdf.browser(), reason="SKIPPED: chromium is not installed")
def test_steps_share_pages_and_no_row_of_a_table_stands_alone(built, tmp_path):
    pikepdf = pytest.importorskip("pikepdf")
    steps = "".join(map(step, range(101, 113)))
    rows = "".join(f"<tr><td>Row {number}.</td></tr>" for number in range(100, 132))
    tables = "".join(
        f'<div style="break-before: page; height: {height}mm"></div><table class="table">'
        f"<thead><tr><th>Head</th></tr></thead><tbody>{rows}</tbody></table>"
        for height in range(40, 60, 2)
    )
    added = (
        f'<div class="explorable"><div class="explorable-static"><div class="sd-tab-set">{steps}'
        f"</div></div></div><p>Behind the steps.</p>{tables}<svg>"
    )
    (built / "book/index.html").write_text(FIRST.replace("<svg>", added, 1), encoding="utf-8")
    (built / "_static").mkdir()
    (built / "_static/book.css").write_text("td { height: 7mm; padding: 0 }", encoding="utf-8")
    assert pdf.main(str(built), str(tmp_path / "book.pdf")) == 0
    with pikepdf.open(tmp_path / "book.pdf") as book:
        shown = [words(page) for page in book.pages]
    places = {n: next(i for i, text in enumerate(shown) if f"{n}Caption {n}." in text)
              for n in range(101, 113)}  # fmt: skip
    assert max(places.values()) - min(places.values()) < 4
    counts = [text.count("Row ") for text in shown if "Row " in text]
    assert sum(counts) == 10 * 32
    assert max(counts) < 32
    assert min(counts) > 1


def test_without_a_browser_there_is_a_sentence_and_no_pdf(built, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert pdf.main(str(built), str(tmp_path / "x.pdf")) == 0
    assert "Chromium" in capsys.readouterr().out
    assert not (tmp_path / "x.pdf").exists()


def test_of_the_whole_book_nothing_is_lost(editions):
    html = editions["textbook"].html
    pages = list(pdf.pages_of(html))
    shown = {page.relative_to(html).as_posix() for page in editions["textbook"].pages}
    beside = {"genindex.html", "search.html", "index.html", "404.html"}
    assert {page.address for page in pages} == {
        page for page in shown - beside if not page.startswith(pdf.ON_THE_WEB)
    }
    text = pdf.whole(html, "Nobody")
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    inner = {a or b for a, b in re.findall(r'href="#([^"]*)"|url\(#([^)]+)\)', text)}
    assert sorted(inner - ids) == []
    assert len(re.findall('class="answer"', text)) > 150
    assert {scheme(link) for link in hrefs(text)} == {"https", "http", ""}
    assert str(ROOT) not in text
    assert not [words for words in ON_A_SCREEN if words in text]
    assert len(re.findall('class="question"', text)) > 100
    assert re.findall(r"<table\b(?:(?!<td).)*?</table>", text, re.DOTALL) == []


@pytest.mark.slow
@pytest.mark.skipif(not pdf.browser(), reason="SKIPPED: chromium is not installed")
def test_it_is_printed_and_packed_with_outline_links_and_structure(built, tmp_path, monkeypatch):
    pikepdf = pytest.importorskip("pikepdf")
    (built / "_static").mkdir()
    (built / "_static/book.css").touch()
    plain, packed, pack = tmp_path / "plain.pdf", tmp_path / "book.pdf", pdf.pack
    monkeypatch.setattr(
        pdf, "pack", lambda made, said=(): shutil.copyfile(made, plain) and pack(made, said)
    )
    assert pdf.main(str(built), str(packed)) == 0
    assert not (built / pdf.PRINTED).exists()
    assert packed.stat().st_size < plain.stat().st_size
    with pikepdf.open(plain) as before, pikepdf.open(packed) as after:
        assert after.is_linearized
        assert len(after.pages) == len(before.pages) >= 4
        assert titles(after) == titles(before)
        assert any(title.endswith("Second") for title in titles(after))
        assert LONG.replace("\n", " ") in titles(after)
        assert links(after) == links(before) > 0
        assert "/StructTreeRoot" in after.Root
        assert after.Root.Lang == "en"
        assert addresses(after) == {"https://x.example/"}
        assert_numbers_of_pages(after)
    assert str(built).encode() not in plain.read_bytes()


def assert_numbers_of_pages(book):
    """What refers to a page says the number that is printed at its foot and that readers show."""
    shown = [words(page) for page in book.pages]
    second = number_of(book, "book-chain-index")
    assert f"First{number_of(book, 'book-index')}1.1. Second{second}Answers" in shown[1]
    assert shown[second - 1].startswith(f"{second}1.1. Second")
    asked, answer = (number_of(book, f"answer-book-chain-index-1{end}") for end in ("-asked", ""))
    assert f"Compare, at the end of the book, page {answer}" in shown[asked - 1]
    assert f"Two questions · Compare · page {asked}Why so?" in shown[answer - 1]
    assert list(book.Root.PageLabels.Nums)[:1] == [0]
    assert label_of(book, second) == second


def label_of(book, number):
    """What readers call a page, by the rules of PDF."""
    ranges = list(book.Root.PageLabels.Nums)
    begun = zip(ranges[::2], ranges[1::2], strict=True)
    first, rule = [(first, rule) for first, rule in begun if int(first) < number][-1]
    return int(rule.get("/St", 1)) + number - 1 - int(first) if rule.S == "/D" else None


def number_of(book, place):
    pages = [page.objgen for page in book.pages]
    return pages.index(book.Root.Dests[f"/{place}"][0].objgen) + 1


def words(page):
    """The text of a page, as it is drawn."""
    pikepdf = pytest.importorskip("pikepdf")
    meant, parts = {}, []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            meant = characters(page.Resources.Font[str(operands[0])])
        if str(operator) in ("Tj", "TJ"):
            strings = operands[0] if str(operator) == "TJ" else operands
            codes = b"".join(bytes(s) for s in strings if isinstance(s, pikepdf.String)).hex()
            parts += [meant.get(codes[i : i + 4], "?") for i in range(0, len(codes), 4)]
    return "".join(parts)


def characters(font):
    found = {}
    for line in font.ToUnicode.read_bytes().decode("latin-1").lower().splitlines():
        codes = [int(code, 16) for code in re.findall(r"<(\w{4})>", line)]
        if len(codes) > 1:
            first, last, meant = codes[0], codes[-2], codes[-1]
            found |= {f"{first + i:04x}": chr(meant + i) for i in range(last - first + 1)}
    return found


def test_without_pikepdf_the_pdf_stays_as_it_was_printed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pikepdf", None)
    printed = tmp_path / "x.pdf"
    monkeypatch.setattr(
        pdf, "print_page", lambda text, page, target: target.write_text(text, encoding="utf-8")
    )
    pdf.print_book(f"<p>See there{numbers.at('x', ', page ')}.</p>", tmp_path / "x.html", printed)
    assert printed.read_text(encoding="utf-8") == "<p>See there.</p>"


def hrefs(text):
    return re.findall(r'\shref="([^"]*)"', text[text.index("<body>") :])


def scheme(link):
    assert link.startswith("#") or ":" in link, link
    return link.partition(":")[0] if not link.startswith("#") else ""


def test_at_the_right_end_of_a_line_a_number_ends_where_its_place_does():
    glyphs = {str(digit): f"000{digit}" for digit in range(10)}
    assert numbers.written(42, True, glyphs, 5) == "10 0 Td <0004> Tj\n5 0 Td <0002> Tj\n"
    assert numbers.written(42, False, glyphs, 5) == "<0004> Tj\n5 0 Td <0002> Tj\n"


@pytest.mark.slow
@pytest.mark.skipif(not pdf.browser(), reason="SKIPPED: chromium is not installed")
def test_where_numbers_are_not_to_be_put_in_none_are_printed(built, tmp_path, monkeypatch):
    pytest.importorskip("pikepdf")
    (built / "_static").mkdir()
    (built / "_static/book.css").touch()
    monkeypatch.setattr(numbers, "COLOUR", "#ff0000")
    with_places, said = pdf.with_places, []

    def found_in_another_colour(text):
        text, references = with_places(text)
        said.extend(references)
        return text.replace("#ff0000", "#00ff00"), references

    monkeypatch.setattr(pdf, "with_places", found_in_another_colour)
    import pikepdf

    assert pdf.main(str(built), str(tmp_path / "book.pdf")) == 0
    with pikepdf.open(tmp_path / "book.pdf") as book:
        assert book.is_linearized
        assert "First1.1. Second" in words(book.pages[1])
    assert said


def titles(book):
    with book.open_outline() as outline:
        waiting, found = list(outline.root), []
        while waiting:
            entry = waiting.pop(0)
            found.append(str(entry.title))
            waiting[:0] = entry.children
    return found


def notes(book):
    return (note for page in book.pages for note in page.get("/Annots", []))


def links(book):
    return sum(note.Subtype == "/Link" for note in notes(book))


def addresses(book):
    """Those to which its links leave it."""
    return {str(note.A.URI) for note in notes(book) if "/A" in note}
