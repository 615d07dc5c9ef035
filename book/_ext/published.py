"""Tell the world outside what a page is: its address, what it is about, how to cite it.

Two settings make the difference between a folder and a published site, and nothing is made up
where they are empty: ``html.baseurl``, the address, and ``repository.url``, where mistakes are
reported. The variables ``BOOK_ADDRESS`` and ``BOOK_REPOSITORY`` override them, as whoever publishes
knows both. ``BOOK_PDF`` names the PDF of the whole book, if one will lie at the top of the site.

Beside the pages lie what search engines and web servers ask for: ``robots.txt``, ``sitemap.xml``,
``404.html``, ``.nojekyll``, and a first page that leads to the book.
"""

import os
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import yaml
from cover import HEIGHT, TITLE, WIDTH, draw_cover
from docutils import nodes
from readable import text_of
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[2]
CITATION = ROOT / "CITATION.cff"
TEMPLATES = Path(__file__).parent / "templates"
LAST = 990
"""The priority of who is called after the theme and the other extensions."""

LONGEST = 160
"""Characters of a description, of which search engines show no more."""
SHORTEST = 40
"""Of a paragraph that describes its page."""
WITHOUT_TEXT = {
    "genindex": "All terms, symbols and functions of the book in the order of the alphabet.",
    "search": "Search the book: words, symbols, whole questions.",
}
COVER = "_static/cover.png"


def take_settings(app, config) -> None:
    """Let the environment override the two settings, and write the address in one way."""
    address = os.environ.get("BOOK_ADDRESS", config.html_baseurl).strip()
    config.html_baseurl = f"{address.rstrip('/')}/" if address else ""
    options = config.html_theme_options
    config.book_pdf = os.environ.get("BOOK_PDF", config.book_pdf)
    repository = os.environ.get("BOOK_REPOSITORY", options.get("repository_url") or "")
    options["repository_url"] = config.repository = repository.strip().rstrip("/")


def shortened(text: str, longest: int = LONGEST) -> str:
    """The beginning of a text, up to a word."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rpartition(" ")[0].rstrip(" ,;:.–(") + "…"


def described(doctree: nodes.document | None, name: str) -> str:
    """What a page is about, in a sentence or two: how its text begins."""
    if doctree is None:
        return WITHOUT_TEXT.get(name, "")
    paragraphs = [
        text_of(paragraph)
        for paragraph in doctree.findall(nodes.paragraph)
        if isinstance(paragraph.parent, (nodes.section, nodes.document))
    ]
    telling = (text for text in paragraphs if len(text) >= SHORTEST)
    return shortened(next(telling, " ".join(paragraphs)) or title_of(doctree))


def title_of(doctree: nodes.document) -> str:
    title = next(doctree.findall(nodes.title), None)
    return text_of(title) if title is not None else ""


def report_address(repository: str, title: str, page: str, version: str) -> str:
    """Where a mistake of a page is reported, with the page and the version filled in."""
    asked = {
        "title": f"Mistake on “{title}”",
        "body": f"Page: {page}\nVersion: {version}\n\nWhat it says:\n\nWhat is right, and why:\n",
    }
    return f"{repository}/issues/new?{urlencode(asked)}"


def describe(app, pagename, templatename, context, doctree) -> None:
    address, version = app.config.html_baseurl, citation().get("version", "")
    context["whole_title"] = whole_title(app.config)
    page = address + app.builder.get_target_uri(pagename)
    title = title_of(doctree) if doctree is not None else context.get("title", "")
    context["description"] = described(doctree, pagename)
    context["plain_title"] = title
    context["version"] = version
    context["cover"] = {"url": address + COVER, "width": WIDTH, "height": HEIGHT, "alt": TITLE}
    context["report"] = (
        report_address(app.config.repository, title, page, version) if app.config.repository else ""
    )
    if app.config.book_pdf:
        offer(context.get("header_buttons", []), context["pathto"](app.config.book_pdf, 1))


def offer(buttons: list[dict], whole_book: str) -> None:
    """Put the PDF of the whole book behind what can be downloaded of a page."""
    for group in buttons:
        if group.get("label") == "download-buttons":
            group["buttons"].append(
                {"type": "link", "url": whole_book, "text": "book.pdf", "icon": "fas fa-book",
                 "tooltip": "Download the whole book as a PDF", "label": "whole-book"}
            )  # fmt: skip


# Beside the pages


def citation() -> dict:
    return yaml.safe_load(CITATION.read_text(encoding="utf-8")) if CITATION.is_file() else {}


def whole_title(config) -> str:
    """The title of the book as it is cited, which says more than its first page does."""
    return citation().get("title") or config.html_title


def pages_of(app) -> list[str]:
    return [app.builder.get_target_uri(name) for name in sorted(app.env.found_docs)]


def sitemap(address: str, pages: list[str]) -> str:
    places = "".join(f"<url><loc>{escape(address + page)}</loc></url>\n" for page in pages)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return (
        f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n'
    )


def robots(address: str) -> str:
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {address}sitemap.xml\n" if address else "")


def write_beside(app, exception) -> None:
    if exception or app.builder.format != "html":
        return
    out, address = Path(app.outdir), app.config.html_baseurl
    files = {"robots.txt": robots(address), ".nojekyll": ""}
    if address:
        files["sitemap.xml"] = sitemap(address, pages_of(app))
        draw_cover(out / COVER)
    said = {
        "title": whole_title(app.config),
        "root": app.builder.get_target_uri(app.config.root_doc),
        "address": address or "/",
        "canonical": bool(address),
        "licence": app.config.html_theme_options.get("extra_footer", ""),
    }
    for name in ("404.html", "index.html"):
        files[name] = app.builder.templates.render(f"outside/{name}", said)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")


class HowToCite(SphinxDirective):
    """The book as an entry of a bibliography, from ``CITATION.cff``."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(CITATION))
        whole = citation()
        book = whole["preferred-citation"]
        fields = {
            "title": f"{{{whole['title']}}}",
            "author": f"{{{{{book['authors'][0]['name']}}}}}",
            "year": f"{{{book['year']}}}",
            "note": f"{{Version {book['version']}}}",
        }
        if self.config.html_baseurl:
            fields["url"] = f"{{{self.config.html_baseurl}}}"
        lines = ",\n".join(f"  {name:<6} = {value}" for name, value in fields.items())
        entry = f"@book{{backpropagation{book['year']},\n{lines}\n}}"
        return [nodes.literal_block(entry, entry, language="bibtex")]


def setup(app):
    app.add_config_value("repository", "", "html")
    app.add_config_value("book_pdf", "", "html")
    app.connect("config-inited", take_settings)
    app.connect("html-page-context", describe, priority=LAST)
    app.connect("build-finished", write_beside)
    app.add_directive("how-to-cite", HowToCite)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
