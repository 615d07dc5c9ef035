"""Students' Markdown made harmless before it is written into a graded notebook.

Feedback pages and formgrader put what Markdown renders to into their pages as it is, raw HTML
too. Here the source of an answer is changed until what it renders to has nothing that runs, loads
from elsewhere, styles the page or breaks out of its place. Markdown that is harmless is not
changed by one character.

Notes
-----
The text is rendered with nbconvert's own renderer, and the result examined with bleach, which
parses as browsers do. What is found is mended in the source: raw HTML is cleaned by bleach, then
escaped; at last the whole answer is shown as plain text. Beside HTML, three of nbconvert's own
ways lead out: ``mermaid`` blocks are put into the page unescaped, links keep ``javascript:``, and
MathJax has commands such as ``\\href`` that make links and styles.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser

import bleach
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

MAX_MARKDOWN = 20_000
"""Characters of an answer that is rendered; a longer one is shown as text."""

MAX_TAGS = 1_000
"""Tags of raw HTML that are examined: for more, parsing as browsers do takes long."""

NOTICE = "*Shown as text: as Markdown it holds what a page must not.*"
"""Stands above an answer that is shown as text."""

Attachments = Mapping[str, Mapping[str, str]]

VOID = {"br", "hr", "img", "input"}
RAW_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "dd", "del", "details",
    "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd",
    "li", "mark", "ol", "p", "pre", "q", "s", "small", "span", "strike", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
"""HTML that students may write themselves."""

RENDERED_TAGS = RAW_TAGS | {"input"}  # of task lists
RAW_ATTRIBUTES = {
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

RENDERED_ATTRIBUTES = RAW_ATTRIBUTES | {
    "checked": re.compile(".*"),
    "class": re.compile("[A-Za-z0-9_ -]*"),
    "disabled": re.compile(".*"),
    "id": re.compile("(?s).*"),  # of headings
    "style": re.compile("text-align:(left|right|center)"),  # of tables
    "type": re.compile("checkbox"),
}
TEX = re.compile(
    r"\\(href|style|class|cssId|data|bbox|mmlToken|require|includegraphics|unicode|texttip|mathtip)"
    r"(?![A-Za-z])"
)
"""Commands of MathJax that make links, styles and attributes, or load extensions."""


def harmless(source: str, attachments: Attachments | None = None) -> str:
    """The source of a Markdown answer, changed as little as makes it harmless.

    Parameters
    ----------
    source : str
    attachments : mapping, optional
        The pasted images that the answer can show.

    Returns
    -------
    str
        The source itself, if what it renders to is harmless.
    """
    images, changed = attachments or {}, source
    if len(source) > MAX_MARKDOWN and not source.startswith(NOTICE):
        return as_text(source)
    for mend in (clean, clean, escaped, escaped):
        seen = rendered(changed, images)
        if seen is None:
            break
        if seen.is_harmless:
            return changed
        changed = mended(changed, seen, images, mend)
    seen = rendered(changed, images)
    return changed if seen is not None and seen.is_harmless else as_text(source)


def harmless_tex(text: str) -> str:
    """Mathematics without the commands by which it could do more than be shown."""
    return TEX.sub(r"\\text{\1}", text)


class Rendered(IPythonRenderer):
    """What Markdown renders to, and the raw HTML in it.

    Parameters
    ----------
    attachments : mapping

    Attributes
    ----------
    raw : list of str
        Each tag, and each block, of raw HTML.
    html : str
    refused : bool
        Whether it asks for an image that was not pasted, or for a diagram.
    """

    def __init__(self, attachments: dict[str, dict[str, str]]) -> None:
        super().__init__(escape=False, attachments=attachments)
        self.raw: list[str] = []
        self.html, self.refused = "", False

    def inline_html(self, html: str) -> str:
        """Note a tag."""
        self.raw.append(html)
        return super().inline_html(html)

    def block_html(self, html: str) -> str:
        """Note a block."""
        self.raw.append(html)
        return super().block_html(html)

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

    @property
    def is_harmless(self) -> bool:
        """Whether nothing must be changed."""
        return (
            not self.refused
            and all(admitted(part, RAW_TAGS, RAW_ATTRIBUTES) for part in self.raw)
            and admitted(self.html, RENDERED_TAGS, RENDERED_ATTRIBUTES)
            and is_balanced(self.html)
            and not TEX.search(visible_text(self.html))
        )


def rendered(source: str, attachments: Attachments) -> Rendered | None:
    """Render Markdown as nbconvert does; None if that cannot be done."""
    if len(source) > 3 * MAX_MARKDOWN:  # the longest that is shown as text
        return None
    renderer = Rendered({name: {"image/png": ""} for name in attachments})
    try:
        renderer.html = MarkdownWithMath(renderer=renderer).render(source)
    except Exception:  # of any kind: the text is the student's
        return None
    return renderer if sum(part.count("<") for part in renderer.raw) <= MAX_TAGS else None


def admitted(text: str, tags: set[str], attributes: dict[str, re.Pattern[str]]) -> bool:
    """Whether HTML holds these tags and attributes only, as a browser parses it."""
    refused: list[str] = []

    def note(tag: str, name: str, value: str) -> bool:
        kept = name in attributes and attributes[name].fullmatch(value) is not None
        refused.extend([] if kept else [name])
        return kept

    shown = bleach.clean(text, tags, note, PROTOCOLS, strip=False, strip_comments=True)
    dropped = bleach.clean(text, tags, note, PROTOCOLS, strip=True, strip_comments=True)
    return shown == dropped and not refused and "<!" not in text and "<?" not in text


PROTOCOLS = {"http", "https", "mailto", "data", "attachment"}


def is_balanced(text: str) -> bool:
    """Whether every tag is closed in its place, so that the text cannot leave its own."""
    nesting = Nesting()
    nesting.feed(text)
    nesting.close()
    return nesting.is_balanced and not nesting.open


class Nesting(HTMLParser):
    """Follows tags that open and close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.is_balanced = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that opens."""
        self.open += [] if tag in VOID else [tag]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag with a slash, which browsers take for one that opens."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Compare a tag that closes."""
        self.is_balanced &= bool(self.open) and self.open.pop() == tag


def visible_text(text: str) -> str:
    """The text of a page in which MathJax looks for formulas: not that of code."""
    without_code = re.sub(r"(?s)<(pre|code)\b.*?</\1>", " ", text)
    return html.unescape(re.sub(r"<[^>]*>", "", without_code))


def mended(
    source: str, seen: Rendered, attachments: Attachments, mend: Callable[[str], str]
) -> str:
    """The source with its raw HTML mended, and without the other ways out."""
    for part in sorted({part.strip() for part in seen.raw}, key=len, reverse=True):
        source = source.replace(part, mend(part))
    source = re.sub(r"(?m)^(\s*(?:`{3,}|~{3,})\s*)mermaid", r"\1text", source)
    source = "".join(without_remote_images(source, attachments))
    if TEX.search(visible_text(seen.html)):
        source = harmless_tex(source)
    return re.sub(r"(?i)\]\((?!https?://|mailto:|#|attachment:|data:image/)", r"]\\(", source)


def without_remote_images(source: str, attachments: Attachments) -> Iterator[str]:
    """The source in pieces, with links in the place of images that are not pasted."""
    here = "|".join(re.escape(f"attachment:{name}") for name in attachments) or "(?!)"
    local = re.compile(rf"\[[^\]]*\]\((?:(?:{here})[\s)]|data:image/)")
    before, *others = source.split("![")
    yield before
    for part in others:
        yield "![" + part if local.match("[" + part) else "\\!\\[" + part


def clean(part: str) -> str:
    """Raw HTML without what is not admitted: tags become text, attributes are left out."""
    if re.fullmatch(r"</\w+\s*>", part):
        return part if part[2:-1].strip().lower() in RAW_TAGS else escaped(part)

    def keeps(tag: str, name: str, value: str) -> bool:
        return name in RAW_ATTRIBUTES and RAW_ATTRIBUTES[name].fullmatch(value) is not None

    cleaned: str = bleach.clean(part, RAW_TAGS, keeps, PROTOCOLS)
    opening = re.fullmatch(r"<(\w+)[^<>]*>", part)
    return cleaned.removesuffix(f"</{opening[1].lower()}>") if opening else cleaned


def escaped(part: str) -> str:
    """Raw HTML as the text that it is."""
    return part.replace("<", "&lt;")


def as_text(source: str) -> str:
    """The answer as a block of code, which shows every character and nothing else."""
    kept = source[:MAX_MARKDOWN]
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", kept))])
    return f"{NOTICE}\n\n{fence}\n{kept}\n{fence}"
