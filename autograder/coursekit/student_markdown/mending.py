"""Changing the source of an answer until what it renders to is harmless."""

import re
from collections.abc import Callable, Iterator

from coursekit.student_markdown import tex
from coursekit.student_markdown.rendering import (
    RAW_ATTRIBUTES,
    RAW_TAGS,
    Attachments,
    Page,
    cleaned,
    page_of,
)

MAX_MARKDOWN = 20_000
"""Characters of an answer that is rendered; a longer one is shown as text."""

NOTICE = "*Shown as text: as Markdown it holds what a page must not.*"
"""Stands above an answer that is shown as text."""

NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
"""What no page can hold; browsers leave it out, or see something else in its place."""

CODE_OR_FORMULA = re.compile(
    r"(?s)(?P<code>(`+)(?!`).+?(?<!`)\2(?!`))"
    r"|(?<!\\)\$\$.*?(?<!\\)\$\$"
    r"|(?<![$\\])\$.+?(?<![$\\])\$"
    r"|\\\\\[.*?\\\\\]|\\\\\(.*?\\\\\)"
    r"|\\begin\{([a-z]*\*?)\}.*?\\end\{\3\}"
    r"|(?P<word>[^\s`$]*\\[A-Za-z][^\s`$]*)"
)
"""Code, the formulas that nbconvert finds, and words that would be commands in one."""


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
        page = seen(changed, images)
        if page is None:
            break
        if page.is_harmless:
            return changed
        changed = mended(changed, page, images, mend)
    page = seen(changed, images)
    return changed if page is not None and page.is_harmless else as_text(source)


def seen(source: str, attachments: Attachments) -> Page | None:
    """What a source renders to; None if it is too long, or cannot be rendered."""
    longest_as_text = 3 * MAX_MARKDOWN
    if len(source) > longest_as_text or NO_CHARACTER.search(source):
        return None
    return page_of(source, attachments)


def mended(source: str, page: Page, attachments: Attachments, mend: Callable[[str], str]) -> str:
    """The source with its raw HTML mended, and without the other ways out."""
    for part in sorted({part.strip() for part in page.raw}, key=len, reverse=True):
        source = source.replace(part, mend(part))
    source = re.sub(r"(?m)^(\s*(?:`{3,}|~{3,})\s*)mermaid", r"\1text", source)
    source = "".join(without_remote_images(source, attachments))
    if page.has_refused_formulas:
        source = CODE_OR_FORMULA.sub(formula_as_text, source)
    return re.sub(r"(?i)\]\((?!https?://|mailto:|#|attachment:|data:image/)", r"]\\(", source)


def without_remote_images(source: str, attachments: Attachments) -> Iterator[str]:
    """The source in pieces, with links in the place of images that are not pasted."""
    here = "|".join(re.escape(f"attachment:{name}") for name in attachments) or "(?!)"
    local = re.compile(rf"\[[^\]]*\]\((?:(?:{here})[\s)]|data:image/)")
    before, *others = source.split("![")
    yield before
    for part in others:
        yield "![" + part if local.match("[" + part) else "\\!\\[" + part


def formula_as_text(found: re.Match[str]) -> str:
    """A formula, or a word, with a command that is refused, as code; all others as they are."""
    read = "$" + found[0].replace("\\\\", "\\") if found["word"] else found[0]
    if found["code"] or not tex.refused(re.sub(r"^\\\\[(\[]", "$", read)):
        return found[0]
    text = re.sub(r"\s*\n\s*", " ", found[0])  # a line without text would end the code
    fence, follows = longer_than_any_in(text), found.string[found.end() : found.end() + 1]
    return f"{fence} {text} {fence}" + " " * (follows in ("$", "`"))


def clean(part: str) -> str:
    """Raw HTML without what is not admitted: tags become text, attributes are left out."""
    if re.fullmatch(r"</\w+\s*>", part):
        return part if part[2:-1].strip().lower() in RAW_TAGS else escaped(part)
    known = re.sub(r"<(?=/?([A-Za-z][^\s/>]*|!--)?)", unknown_as_text, part)
    kept = cleaned(known, RAW_TAGS, RAW_ATTRIBUTES)
    opening = re.fullmatch(r"<(\w+)[^<>]*>", part)
    if opening and not kept:  # a part of a table, by itself
        return escaped(part)
    return kept.removesuffix(f"</{opening[1].lower()}>") if opening else kept


def unknown_as_text(bracket: re.Match[str]) -> str:
    """The bracket that opens a tag, as text if the tag is not admitted; comments are left out."""
    is_known = bracket[1] == "!--" or (bracket[1] or "").lower() in RAW_TAGS
    return "<" if is_known else "&lt;"


def escaped(part: str) -> str:
    """Raw HTML as the text that it is."""
    return part.replace("<", "&lt;")


def as_text(source: str) -> str:
    """The answer as a block of code, which shows every character and nothing else."""
    kept = NO_CHARACTER.sub("\ufffd", source[:MAX_MARKDOWN])
    fence = longer_than_any_in(kept, at_least=3)
    return f"{NOTICE}\n\n{fence}\n{kept}\n{fence}"


def longer_than_any_in(text: str, at_least: int = 1) -> str:
    """Backticks that do not end in a text."""
    return "`" * max([at_least, *(len(run) + 1 for run in re.findall("`+", text))])
