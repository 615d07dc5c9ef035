"""What Markdown renders to, and whether a page may hold it."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from coursekit.student_markdown import tex

MAX_TAGS = 1_000
"""Tags of raw HTML that are examined: browsers take long for more, if they are nested."""

Attachments = Mapping[str, Mapping[str, str]]
Attributes = Mapping[str, re.Pattern[str]]

RAW_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "dd", "del", "details",
    "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd",
    "li", "mark", "ol", "p", "pre", "q", "s", "small", "span", "strike", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
"""HTML that students may write themselves."""

RENDERED_TAGS = RAW_TAGS | {"input"}  # of task lists
RAW_ATTRIBUTES: Attributes = {
    "align": re.compile("(?i)left|right|center|justify"),
    "alt": re.compile("(?s).*"),
    "colspan": re.compile("[0-9]{1,2}"),
    "height": re.compile("[0-9]{1,4}(px|%)?"),
    "href": re.compile("(?is)(https?://|mailto:|#).*"),
    "rowspan": re.compile("[0-9]{1,2}"),
    "src": re.compile("(?s)attachment:.*|data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*"),
    "start": re.compile("[0-9]{1,4}"),
    "title": re.compile("(?s).*"),
    "width": re.compile("[0-9]{1,4}(px|%)?"),
}
"""Attributes that students may write themselves, and their values."""

RENDERED_ATTRIBUTES: Attributes = {
    **RAW_ATTRIBUTES,
    "checked": re.compile(".*"),
    "class": re.compile("[A-Za-z0-9_ -]*"),
    "disabled": re.compile(".*"),
    "id": re.compile("(?s).*"),  # of headings
    "style": re.compile("text-align:(left|right|center)"),  # of tables
    "type": re.compile("checkbox"),
}
PROTOCOLS = {"http", "https", "mailto", "data", "attachment"}

INLINE = {"a", "abbr", "b", "br", "del", "em", "i", "img", "ins", "kbd", "mark", "q", "s", "small",
          "span", "strike", "strong", "sub", "sup", "tt", "u"}  # fmt: skip
"""Tags that do not end the line in which a formula may go on."""

OPTIONAL = {"p", "tbody"}
"""Tags that browsers open and close by themselves, and that lead out of nothing."""

Token = tuple[str, str, tuple[tuple[str, str], ...]]
"""A tag that opens ("<") or closes (">"), a text ("") or what is neither ("!"); its name or its
text; its attributes."""


class Rendered(IPythonRenderer):
    """What Markdown renders to, and the raw HTML in it.

    Parameters
    ----------
    attachments : mapping
    shows_raw : bool
        Whether raw HTML is shown.

    Attributes
    ----------
    raw : list of str
        Each tag, and each block, of raw HTML.
    html : str
    refused : bool
        Whether it asks for an image that was not pasted, or for a diagram.
    """

    def __init__(self, attachments: dict[str, dict[str, str]], shows_raw: bool = True) -> None:
        super().__init__(escape=False, attachments=attachments)
        self.raw: list[str] = []
        self.html, self.refused, self.shows_raw = "", False, shows_raw

    def inline_html(self, html: str) -> str:
        """Note a tag."""
        self.raw.append(html)
        return super().inline_html(html) if self.shows_raw else ""

    def block_html(self, html: str) -> str:
        """Note a block."""
        self.raw.append(html)
        return super().block_html(html) if self.shows_raw else ""

    def block_mermaidjs(self, code: str) -> str:
        """Note a diagram: nbconvert puts its text into the page as it is."""
        self.refused = True
        return ""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Note an image that was not pasted: nbconvert gives the whole page up for it."""
        if (
            url.startswith("attachment:")
            and url.removeprefix("attachment:") not in self.attachments
        ):
            self.refused = True
            return ""
        return super().image(text, url, title)


class Page:
    """What a source renders to, read as a browser reads it.

    Parameters
    ----------
    source : str
    attachments : mapping
    """

    def __init__(self, source: str, attachments: Attachments) -> None:
        renderer = _render(source, attachments, shows_raw=True)
        if sum(part.count("<") for part in renderer.raw) > MAX_TAGS:
            raise ValueError(f"more than {MAX_TAGS} tags of raw HTML")
        self.raw, self.html, self._refused = renderer.raw, renderer.html, renderer.refused
        self.tokens = tokens(self.html)
        self._is_ours = not self.raw or _not_for_students(self.tokens) == _not_for_students(
            tokens(_render(source, attachments, shows_raw=False).html)
        )

    @property
    def is_harmless(self) -> bool:
        """Whether nothing must be changed."""
        return (
            not self._refused
            and self._is_ours
            and self.tokens == tokens(cleaned(self.html, RENDERED_TAGS, RENDERED_ATTRIBUTES))
            and not self.has_refused_formulas
        )

    @property
    def has_refused_formulas(self) -> bool:
        """Whether MathJax would find a command in it that it must not."""
        return any(map(tex.refused, texts(self.tokens)))


def page_of(source: str, attachments: Attachments) -> Page | None:
    """Render Markdown as nbconvert does; None if that cannot be done, or takes too long."""
    try:
        return Page(source, attachments)
    except Exception:  # of any kind: the text is the student's
        return None


def _render(source: str, attachments: Attachments, shows_raw: bool) -> Rendered:
    renderer = Rendered({name: {"image/png": ""} for name in attachments}, shows_raw)
    renderer.html = MarkdownWithMath(renderer=renderer).render(source)
    return renderer


def cleaned(text: str, tags: set[str], attributes: Attributes) -> str:
    """HTML with these tags and attributes only, as a browser parses it; each tag is closed."""

    def kept(tag: str, name: str, value: str) -> str | None:
        return value if attributes[name].fullmatch(value) else None

    return nh3.clean(
        text, tags=tags, attributes={"*": set(attributes)}, attribute_filter=kept,
        url_schemes=PROTOCOLS, link_rel=None,
    )  # fmt: skip


def tokens(text: str) -> list[Token]:
    """HTML as a list of tags and texts, without what can be written in several ways.

    Two texts with the same list say the same. So what nh3 returns, which every browser reads in
    one way, vouches for a text with the same list; a text that this parser and a browser read
    differently has another.
    """
    parser = _Tokens()
    parser.feed(re.sub("\r\n?", "\n", text))
    parser.close()
    return parser.found


class _Tokens(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Token] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if attrs or tag not in OPTIONAL:
            pairs = sorted((name, value or "") for name, value in attrs)
            self.found.append(("<", tag, tuple(pairs)))

    handle_startendtag = handle_starttag  # browsers take it for one that opens

    def handle_endtag(self, tag: str) -> None:
        if tag not in OPTIONAL:
            self.found.append((">", tag, ()))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] == "":
            data = self.found.pop()[1] + data
        if self.found and self.found[-1][:2] == ("<", "pre"):
            data = data.removeprefix("\n")
        if data:
            self.found.append(("", data, ()))

    def handle_comment(self, data: str) -> None:
        self.found.append(("!", data, ()))

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)


def _not_for_students(found: list[Token]) -> list[Token]:
    """The tags with what only the renderer may write: classes, styles, boxes of task lists."""
    return [
        (kind, name, attributes)
        for kind, name, attributes in found
        if kind == "<"
        and not (
            name in RAW_TAGS
            and all(a in RAW_ATTRIBUTES and RAW_ATTRIBUTES[a].fullmatch(v) for a, v in attributes)
        )
    ]


def texts(found: list[Token]) -> Iterator[str]:
    """The pieces of text in which a browser lets MathJax look for formulas: not those of code."""
    piece, code = "", 0
    for kind, name, _ in found:
        if kind in ("<", ">") and name in ("pre", "code"):
            code = max(code + (1 if kind == "<" else -1), 0)
        if kind == "" and not code:
            piece += name
        elif kind != "" and name not in INLINE:
            yield piece
            piece = ""
    yield piece
