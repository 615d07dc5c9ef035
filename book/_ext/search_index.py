"""Make what the search looks through: the sections of all pages, as text, and what readers ask.

Each section is an entry with its heading and its words, formulas as plain text; so is each term of
the glossary, each object of the reference, and each question of ``book/search_words.toml``. The
script ``_static/search/search.js`` finds the best of them for any of the words that were typed.
Sphinx's own search wants all words on one page, and knows none that we do not use.

All entries are one script, since a page that is opened from a folder may load scripts only.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from readable import text_of
from reading import gives, search_words
from sphinx import addnodes
from sphinx.search.en import SearchEnglish

FOLDER = Path("_static", "search")
LAST = 991
WORTH = {
    "book/sources/": 0.4,
    "book/developing/": 0.4,
    "book/developing/api/": 0.3,
    "book/teaching/": 0.6,
    "book/further_reading": 0.6,
    "book/map": 0.6,
    "autograder/problem_sets/": 0.6,
    "book/notation": 0.8,
    "book/glossary": 0.8,
}
"""What a page counts for, by how its name begins; all others are pages that explain, and count 1."""
Entry = tuple[str, str, str]
"""An anchor, a heading, and the words below it."""


def worth(name: str) -> float:
    """By the longest beginning that fits."""
    fitting = [begins for begins in WORTH if name.startswith(begins)]
    return WORTH[max(fitting, key=len)] if fitting else 1.0


def entries_of(page: nodes.document) -> Iterator[Entry]:
    for section in page.findall(nodes.section):
        title = section.next_node(nodes.title)
        ids = section["ids"]
        heading = "" if section.parent is page else text_of(title)
        yield (ids[-1] if heading else "", heading, own_text(section))
    for term in page.findall(nodes.term):
        if term["ids"] and isinstance(term.parent, nodes.definition_list_item):
            yield term["ids"][0], text_of(term), own_text(term.parent)
    for described in page.findall(addnodes.desc):
        names = [name for name in described.findall(addnodes.desc_name)]
        signature = described.next_node(addnodes.desc_signature)
        if names and signature["ids"] and not within(described, addnodes.desc):
            yield signature["ids"][0], text_of(names[0]), own_text(described)


def within(node: nodes.Node, kind: type) -> bool:
    node = node.parent
    while node is not None:
        if isinstance(node, kind):
            return True
        node = node.parent
    return False


def own_text(node: nodes.Element) -> str:
    """The text of a part of a page that has no entry of its own in it."""
    return re.sub(r"\s+", " ", " ".join(_own(node))).strip()


def _own(node: nodes.Element) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, (nodes.section, nodes.title, nodes.term, addnodes.desc_signature)):
            continue
        if isinstance(child, addnodes.desc) or glossed(child):
            continue
        if isinstance(child, (nodes.paragraph, nodes.Text, nodes.math_block, nodes.literal_block)):
            yield text_of(child)
        elif isinstance(child, nodes.Element):
            yield from _own(child)


def glossed(node: nodes.Node) -> bool:
    return isinstance(node, nodes.definition_list) and any(
        term["ids"] for item in node for term in item.findall(nodes.term)
    )


def asked(name: str) -> list[str]:
    """What readers call the page, and what it introduces."""
    short = name.removeprefix("book/")
    return list(dict.fromkeys(search_words().get(short, []) + gives().get(short, [])))


def kept(app) -> Path:
    return Path(app.doctreedir) / "search"


def note_page(app, pagename, templatename, context, doctree) -> None:
    """Keep the entries of a page where the process that ends the build finds them."""
    if app.builder.format != "html" or doctree is None:
        return
    page = {
        "page": app.builder.get_target_uri(pagename),
        "title": text_of(doctree.next_node(nodes.title)),
        "worth": worth(pagename),
        "asked": asked(pagename),
        "entries": list(entries_of(doctree)),
    }
    path = kept(app) / f"{pagename.replace('/', '.')}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")


def write_index(app, exception) -> None:
    if exception or app.builder.format != "html":
        return
    texts = [
        (kept(app) / f"{name.replace('/', '.')}.json").read_text(encoding="utf-8")
        for name in sorted(app.env.found_docs)
    ]
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    pages = "const PAGES = [\n" + ",\n".join(texts) + "];\n"
    (folder / "pages.js").write_text(pages, encoding="utf-8")
    (folder / "stemmer.js").write_text(SearchEnglish.js_stemmer_code, encoding="utf-8")


def without_sphinx_index(app) -> None:
    """Sphinx's own index would be a third of a megabyte that nobody reads."""
    app.builder.search = False


def search_page(app) -> Iterator[tuple[str, dict, str]]:
    yield "search", {"title": "Search"}, "search.html"


def setup(app):
    app.connect("builder-inited", without_sphinx_index)
    app.connect("html-collect-pages", search_page)
    app.connect("html-page-context", note_page, priority=LAST)
    app.connect("build-finished", write_index, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
