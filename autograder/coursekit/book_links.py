"""Where a section of the book, and a figure that one can touch, stand on the web."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class BookLink:
    """A section of the book.

    Attributes
    ----------
    title : str
    page : str
        Its page, as messages name it: ``book/matrix_backprop/minibatch``.
    href : str
        Its address; empty where nobody said where the book is published.
    """

    title: str
    page: str
    href: str


def link_to(section: str, book_url: str | None) -> BookLink:
    """The link to a section that is named "page#Title"."""
    page, _, title = section.partition("#")
    href = f"{book_url}/{page}.html#{anchor_of(title)}" if book_url else ""
    return BookLink(title, page, href)


def addresses(sections: Iterable[str], book_url: str) -> dict[str, str]:
    """The addresses of sections that are named "page#Title", by titles that one page alone has."""
    links = [link_to(section, book_url) for section in sorted(set(sections))]
    pages = Counter(link.title for link in links)
    return {link.title: link.href for link in links if link.href and pages[link.title] == 1}


def figure_address(situation: str, book_url: str | None) -> str:
    """The address of a figure in a situation, "microscope?step=8", on a page of its own."""
    if not book_url or not situation:
        return ""
    name, _, state = situation.partition("?")
    version = f"?v=1&{quote(state, safe='=&,.@*-')}" if state else ""
    return f"{book_url.rstrip('/')}/_static/explorables/{name}.html#{name}{version}"


def anchor_of(title: str) -> str:
    """The anchor that the book gives to a heading; docutils makes it in this way."""
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"^[-0-9]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", plain))
