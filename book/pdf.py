"""One PDF of the whole book: ``python -m book.pdf HTML FILE``, from the pages of the built book.

The pages are put into one, in their order, and Chromium prints it: its outline follows the
headings, links between pages become links within the PDF, equations and figures keep their numbers.
What is folded on the screen as an answer stands at the end; the code of figures is left out, since
each page is a notebook as well; of tabs all are shown. The reference of the package stays on the
web. Where there is no Chromium this says so and leaves nothing.
"""

import html
import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from backprop import __version__

FIRST = "book/index.html"
ON_THE_WEB = "book/developing/"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
SECONDS = 1800
"""On a machine that does much else besides; by itself it takes minutes."""
PRINTED = "printed.html"
PICTURE = Path(__file__).with_name("picture.svg")

CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')
NEXT = re.compile(r'<link rel="next"[^>]* href="([^"]+)"')
ARTICLE = re.compile(r'<article class="bd-article">(.*?)</article>', re.DOTALL)
NUMBER = re.compile(r'<h1><span class="section-number">([\d.]+)')
TITLE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
DETAILS = re.compile(r"<(/?)details\b[^>]*>")
SUMMARY = re.compile(r"<summary\b.*?</summary>", re.DOTALL)
FURNITURE = re.compile(
    "|".join(
        [
            r"<(script|noscript|template)\b.*?</\1>",
            r'<div class="live-offer\b.*?</div>',
            r'<p\b[^>]*><a class="[^"]*\bsd-btn\b(?:(?!</p>).)*</p>',
            r'<p\b[^>]*><a class="explore\b[^>]*>[^<]*</a></p>',
            r"<p><strong>Touch it\.</strong>.*?</p>",
            r"<table\b[^>]*>\s*<thead>(?:(?!</thead>).)*</thead>\s*</table>",
        ]
    ),
    re.DOTALL,
)
"""What serves on a screen alone: buttons, invitations to touch, tables without a row as yet."""
HEADERLINK = re.compile(r'<a class="headerlink"[^>]*>.*?</a>')
HEARD = re.compile(r'<span class="katex-mathml">.*?</math></span>', re.DOTALL)
"""The half of a formula that is heard: on paper it would double what the browser lays out."""
SEEN = re.compile(r'<span class="katex-html" aria-hidden="true">')
HEADING = re.compile(r"<(/?)h([1-6])\b")
WHOLE_HEADING = re.compile(r"<h([1-6])\b.*?</h\1>", re.DOTALL)
IDS = re.compile(r'\b(id|for|name|aria-labelledby|aria-describedby)="([^"]+)"')
LINK = re.compile(r'\s((?:xlink:)?href|src)="([^"]*)"')
DRAWN = re.compile(r"url\(#([^)]+)\)")

STYLE = """
@page { size: A4; margin: 22mm 20mm 24mm; }
@page { @bottom-center { content: counter(page); font: 9pt sans-serif; } }
@page :first { @bottom-center { content: none; } }
html { font-size: 10.5pt; scroll-padding: 0; }
body { margin: 0; background: #fff; color: #1a1a1a; }
section.page, .answers, nav.whole { break-before: page; }
h1, h2, h3, h4, h5, h6 { break-after: avoid; margin-top: 1.2em; }
/* A blank where a heading wraps would be lost in the outline, where words then run together. */
h1, h2, h3, h4, h5, h6 { white-space: pre-wrap; }
figure, .figure-frame, table, .admonition, div.math, div.highlight { break-inside: avoid; }
.katex-display { break-inside: avoid; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 8.5pt; }
p, li { orphans: 3; widows: 3; }
a { color: inherit; text-decoration: none; }
a[href^="http"] { color: #1259c3; }
.figure-frame, .katex-display { overflow: visible !important; background: none !important; }
svg.figure { min-width: 0 !important; margin: 0 auto; }
.sd-tab-set { display: block; }
.sd-tab-set > input { display: none; }
.sd-tab-set > label { display: block; border: 0 !important; font-weight: 700; padding-left: 0; }
.sd-tab-set > .sd-tab-content { display: block !important; }
button, .copybtn { display: none !important; }
.cover { height: 245mm; display: flex; flex-direction: column; justify-content: center; }
.cover h1 { font-size: 34pt; break-before: avoid; }
.cover svg { width: 100%; height: auto; margin: 15mm 0; }
nav.whole ul { list-style: none; padding-left: 0; }
nav.whole li.deep { padding-left: 1.5em; }
"""


@dataclass
class Page:
    """A page of the book, on its way into the one that is printed."""

    address: str
    body: str
    key: str
    answers: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        found = NUMBER.search(self.body)
        return found[1] if found else ""

    @property
    def depth(self) -> int:
        """How many levels its headings go down: those of a page below a chapter by one."""
        return 1 if self.number.strip(".").count(".") else 0

    @property
    def title(self) -> str:
        return HEADERLINK.sub("", TITLE.search(self.body)[1]).strip()


def pages_of(folder: Path) -> Iterator[Page]:
    """All pages but the reference of the package, as each names the next."""
    address: str | None = FIRST
    while address:
        text = (folder / address).read_text(encoding="utf-8")
        if not address.startswith(ON_THE_WEB):
            body = FURNITURE.sub("", HEARD.sub("", ARTICLE.search(text)[1]))
            body = SEEN.sub('<span class="katex-html">', body)
            body = WHOLE_HEADING.sub(lambda heading: " ".join(heading[0].split()), body)
            yield Page(address, body, address.removesuffix(".html").replace("/", "-"))
        following = NEXT.search(text)
        here = posixpath.dirname(address)
        address = posixpath.normpath(posixpath.join(here, following[1])) if following else None


def folded(text: str) -> Iterator[tuple[int, int]]:
    """Where the outermost ``<details>`` of a text begin and end."""
    depth = start = 0
    for tag in DETAILS.finditer(text):
        if not tag[1] and not depth:
            start = tag.start()
        depth += -1 if tag[1] else 1
        if not depth:
            yield start, tag.end()


def without_folds(page: Page) -> str:
    """A page with a link in place of each answer, which is put aside, and without folded code."""
    kept, done = [], 0
    for start, end in folded(page.body):
        fold = page.body[start:end]
        kept.append(page.body[done:start])
        if "sd-dropdown" in fold.partition(">")[0]:
            kept.append(_put_aside(page, fold))
        done = end
    return "".join([*kept, page.body[done:]])


def _put_aside(page: Page, fold: str) -> str:
    head = SUMMARY.search(fold)
    name = re.sub(
        r"<svg\b.*?</svg>|</?(?:summary|span class=\"sd-summary)[^>]*>",
        "",
        head[0],
        flags=re.DOTALL,
    )
    place = f"answer-{page.key}-{len(page.answers) + 1}"
    inner = fold[head.end() : fold.rindex("</details>")]
    page.answers.append(
        f'<div class="answer" id="{place}"><p><strong><a href="#{place}-asked">{name}</a></strong>'
        "</p>"
        f"{without_details(inner)}</div>"
    )
    return f'<p id="{place}-asked">→ <a href="#{place}">{name}</a>, at the end of the book</p>'


def without_details(text: str) -> str:
    """What is folded within an answer stands open there."""
    return SUMMARY.sub("", DETAILS.sub("", text))


def published_at(folder: Path) -> str:
    """Where the book stands on the web, if its pages say so."""
    found = CANONICAL.search((folder / FIRST).read_text(encoding="utf-8"))
    return found[1].removesuffix(FIRST) if found else ""


def placed(text: str, page: Page, keys: dict[str, str], site: str) -> str:
    """A part of a page with its ids its own, and its links those of the whole.

    What lies beside the book is reached where the book is published; elsewhere it has no link,
    which would lead to the disk of whoever prints.
    """
    here = posixpath.dirname(page.address)

    def link(found: re.Match[str]) -> str:
        kind, target = found.groups()
        if re.match(r"[a-z]+:|#answer-", target):
            return found[0]
        path, _, anchor = target.partition("#")
        anchor = anchor.partition("?")[0]  # behind it: the state of what moves on a screen
        whole = posixpath.normpath(posixpath.join(here, path)) if path else page.address
        if whole in keys:
            return f' {kind}="#{keys[whole]}{"--" + anchor if anchor else ""}"'
        if kind == "src":
            return f' src="{whole}"'
        return f' {kind}="{site}{whole}{"#" + anchor if anchor else ""}"' if site else ""

    def own(found: re.Match[str]) -> str:
        return (
            found[0] if found[2].startswith("answer-") else f'{found[1]}="{page.key}--{found[2]}"'
        )

    text = LINK.sub(link, IDS.sub(own, text))
    return DRAWN.sub(rf"url(#{page.key}--\1)", text)


def lowered(text: str, levels: int) -> str:
    """A text whose headings stand so many levels lower."""
    return HEADING.sub(lambda h: f"<{h[1]}h{min(6, int(h[2]) + levels)}", text)


def answers(pages: list[Page]) -> str:
    parts = [f"<h2>{page.title}</h2>{''.join(page.answers)}" for page in pages if page.answers]
    return f'<section class="answers"><h1>Answers</h1>{"".join(parts)}</section>' if parts else ""


def contents(pages: list[Page]) -> str:
    lines = [
        f'<li{" class=deep" * bool(page.depth)}><a href="#{page.key}">{page.title}</a></li>'
        for page in pages
    ]
    return f'<nav class="whole"><h1>Contents</h1><ul>{"".join(lines)}</ul></nav>'


def cover(author: str) -> str:
    return (
        f'<section class="cover"><h1>Backpropagation</h1><p>{html.escape(author)}</p>'
        f"{PICTURE.read_text(encoding='utf-8')}<p>Version {__version__}. "
        "Text and figures CC BY 4.0, code BSD-3-Clause.</p></section>"
    )


def whole(folder: Path, author: str) -> str:
    """The book as one page."""
    pages = list(pages_of(folder))
    keys, site = {page.address: page.key for page in pages}, published_at(folder)
    parts = []
    for page in pages:
        body = HEADERLINK.sub("", without_folds(page))
        page.answers = [placed(answer, page, keys, site) for answer in page.answers]
        text = lowered(placed(body, page, keys, site), page.depth)
        parts.append(f'<section class="page" id="{page.key}">{text}</section>')
    return (
        '<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        '<title>Backpropagation</title><link rel="stylesheet" href="_static/book.css">'
        f"<style>{STYLE}</style></head><body>{cover(author)}{contents(pages)}{''.join(parts)}"
        f"{answers(pages)}</body></html>"
    )


def browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def print_page(page: Path, target: Path) -> None:
    options = ["--headless=new", "--disable-gpu", "--no-pdf-header-footer",
               "--generate-pdf-document-outline", f"--print-to-pdf={target.resolve()}"]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")
    done = subprocess.run(
        [browser(), *options, page.resolve().as_uri()],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
        timeout=SECONDS, check=False,
    )  # fmt: skip
    if done.returncode or not target.is_file():
        sys.exit(
            f"Chromium did not print {page} (status {done.returncode}):\n{done.stdout[-2000:]}"
        )


def pack(pdf: Path) -> None:
    """Pack what Chromium writes plainly, and put first what a reader on the web shows first.

    Where there is no pikepdf, as on macOS, the PDF is twice as large.
    """
    try:
        import pikepdf
    except ImportError:
        return
    with pikepdf.open(pdf, allow_overwriting_input=True) as printed:
        printed.save(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)


def main(folder: str, target: str, author: str = "The authors of the course") -> int:
    if not browser():
        print("No PDF: it is printed by Chromium, and there is none on this machine.")
        return 0
    page, pdf = Path(folder) / PRINTED, Path(target)
    pdf.parent.mkdir(parents=True, exist_ok=True)
    pdf.unlink(missing_ok=True)
    page.write_text(whole(Path(folder), author), encoding="utf-8")
    try:
        print_page(page, pdf)
    finally:
        page.unlink()
    pack(pdf)
    print(f"The book as one PDF, {pdf.stat().st_size / 1e6:.1f} MB: {pdf.resolve()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
