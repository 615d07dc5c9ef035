"""The pages of the built book, as they are read for paper."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FIRST = "book/index.html"
ON_THE_WEB = "book/developing/"

CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')
NEXT = re.compile(r'<link rel="next"[^>]* href="([^"]+)"')
ARTICLE = re.compile(r'<article class="bd-article">(.*?)</article>', re.DOTALL)
NUMBER = re.compile(r'<h1><span class="section-number">([\d.]+)')
TITLE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
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
TAB = re.compile(
    r'<input\b[^>]*>\s*<label\b[^>]*\bclass="sd-tab-label"[^>]*>(.*?)</label>\s*'
    r'(<div class="sd-tab-content\b[^>]*>)',
    re.DOTALL,
)
WHOLE_HEADING = re.compile(r"<h([1-6])\b.*?</h\1>", re.DOTALL)


@dataclass
class Page:
    """A page of the book, on its way into the one that is printed."""

    address: str
    body: str
    key: str
    depth: int = 0
    """How many levels its headings go down: by one for each page that it stands below."""
    answers: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        found = NUMBER.search(self.body)
        return found[1] if found else ""

    @property
    def title(self) -> str:
        return HEADERLINK.sub("", TITLE.search(self.body)[1]).strip()


def depth_of(page: Page, above: set[str]) -> int:
    """How deep a page stands: its number says so, or how many folders above have a page."""
    if page.number:
        return page.number.strip(".").count(".")
    folder = posixpath.dirname(page.address)
    return sum(folder == one or folder.startswith(f"{one}/") for one in above - {"book"})


def pages_of(folder: Path) -> Iterator[Page]:
    """All pages but the reference of the package, as each names the next."""
    address: str | None = FIRST
    above: set[str] = set()
    while address:
        text = (folder / address).read_text(encoding="utf-8")
        if not address.startswith(ON_THE_WEB):
            body = FURNITURE.sub("", HEARD.sub("", ARTICLE.search(text)[1]))
            body = SEEN.sub('<span class="katex-html">', body)
            body = TAB.sub(r'\2<p class="tab">\1</p>', body)
            body = WHOLE_HEADING.sub(lambda heading: " ".join(heading[0].split()), body)
            page = Page(address, body, address.removesuffix(".html").replace("/", "-"))
            page.depth = depth_of(page, above)
            above |= {posixpath.dirname(address)} if address.endswith("/index.html") else set()
            yield page
        following = NEXT.search(text)
        here = posixpath.dirname(address)
        address = posixpath.normpath(posixpath.join(here, following[1])) if following else None


def published_at(folder: Path) -> str:
    """Where the book stands on the web, if its pages say so."""
    found = CANONICAL.search((folder / FIRST).read_text(encoding="utf-8"))
    return found[1].removesuffix(FIRST) if found else ""
