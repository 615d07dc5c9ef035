"""MyST Markdown as the plain Markdown that a bare notebook shows."""

import re

from coursekit.book_links import figure_address

CALLOUTS = ("admonition", "note", "tip", "warning", "important", "hint", "dropdown", "seealso")
_OPENING = re.compile(r"^(?P<fence>:{3,}|`{3,})\{(?P<name>[a-z-]+)\}(?P<title>[^\n]*)$")
_OPTION = re.compile(r"^:[a-z-]+:.*$")


def plain_markdown(text: str, book_url: str = "") -> str:
    """Directives become quotations, roles become words, links lead to the published book.

    Parameters
    ----------
    text : str
        MyST Markdown of one cell.
    book_url : str
        Address of the published book; without it a link becomes its text.
    """
    return "\n".join(_quote_directives(_plain_roles(text, book_url).splitlines()))


def _plain_roles(text: str, book_url: str) -> str:
    text = re.sub(r"\{math\}`([^`]+)`", r"$\1$", text)
    text = re.sub(r"\{explore\}`([^`<]+?)\s*<([^`]+)>`", lambda m: _figure(m, book_url), text)
    text = re.sub(r"\{[a-z:]+\}`([^`<]+?)\s*<[^`>]+>`", r"*\1*", text)
    text = re.sub(r"\{[a-z:]+\}`~?([^`]+)`", r"*\1*", text)
    text = re.sub(r"^\(([\w-]+)\)=\n", "", text, flags=re.MULTILINE)
    return re.sub(r"\[([^\]]*)\]\((?![a-z]+:)([^)]*)\)", lambda m: _link(m, book_url), text)


def _figure(match: re.Match[str], book_url: str) -> str:
    words, situation = match.groups()
    address = figure_address(situation, book_url)
    return f"[{words}]({address})" if address else f"*{words}*"


def _link(match: re.Match[str], book_url: str) -> str:
    words, target = match.groups()
    if not book_url or not words:
        return f"*{words or target}*"
    page = re.sub(r"\.(md|ipynb)(?=#|$)", ".html", target).lstrip("./")
    return f"[{words}]({book_url.rstrip('/')}/{page})"


def _quote_directives(lines: list[str]) -> list[str]:
    out, fences = [], []
    for line in lines:
        opening = _OPENING.match(line)
        if opening and opening["name"] in CALLOUTS:
            fences.append(opening["fence"])
            title = opening["title"].strip() or opening["name"].capitalize()
            out += ["> " * len(fences) + f"**{title}**", ("> " * len(fences)).rstrip()]
        elif fences and line.strip() == fences[-1]:
            fences.pop()
            out.append("")
        elif fences and _OPTION.match(line):
            continue
        else:
            out.append(("> " * len(fences) + line).rstrip())
    return out


def docstring_math(text: str) -> str:
    """A docstring section's mathematics, from reStructuredText to Markdown."""
    block = re.compile(
        r"^\.\. math::[ \t]*(?P<first>[^\n]*)\n?(?P<rest>(?:(?:[ ]+[^\n]*)?\n)*)", re.M
    )

    def display(match: re.Match[str]) -> str:
        body = "\n".join(line.strip() for line in match["rest"].splitlines())
        return f"$$\n{(match['first'] + chr(10) + body).strip()}\n$$\n\n"

    text = block.sub(display, text + "\n")
    return re.sub(r":math:`([^`]+)`", r"$\1$", text).strip()
