"""All pages as one, with the links of the whole."""

import html
import posixpath
import re
from pathlib import Path

from book.pdf.folds import answers, without_folds
from book.pdf.numbers import at
from book.pdf.reading import HEADERLINK, Page, pages_of, published_at

from backprop import __version__

PICTURE = Path(__file__).parents[1] / "picture.svg"
STYLE = Path(__file__).with_name("paper.css")

HEADING = re.compile(r"<(/?)h([1-6])\b")
IDS = re.compile(r'\b(id|for|name|aria-labelledby|aria-describedby)="([^"]+)"')
LINK = re.compile(r'\s((?:xlink:)?href|src)="([^"]*)"')
DRAWN = re.compile(r"url\(#([^)]+)\)")


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


def contents(pages: list[Page]) -> str:
    lines = [(page.key, page.title, page.depth) for page in pages]
    if any(page.answers for page in pages):
        lines.append(("answers", "Answers", 0))
    items = "".join(
        f'<li class="deep-{depth}"><a href="#{place}"><span>{title}</span>'
        f'<span class="leader"></span>{at(place, far=True)}</a></li>'
        for place, title, depth in lines
    )
    return f'<nav class="whole"><h1>Contents</h1><ul>{items}</ul></nav>'


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
        parts.append(
            f'<section class="page{" follows" * bool(page.depth)}" id="{page.key}">{text}</section>'
        )
    style = STYLE.read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        '<title>Backpropagation</title><link rel="stylesheet" href="_static/book.css">'
        f"<style>{style}</style></head><body>{cover(author)}{contents(pages)}{''.join(parts)}"
        f"{answers(pages)}</body></html>"
    )
