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
from functools import cache
from pathlib import Path

from docutils import nodes
from published import shortened
from readable import UNREAD, text_of
from reading import GLOSSARY, SEARCH_WORDS, gives, search_words
from sphinx import addnodes
from sphinx.search.en import SearchEnglish

FOLDER = Path("_static", "search")
LAST = 991
WORTH = {
    "book/sources/": 0.4,
    "book/developing/": 0.4,
    "book/developing/api/": 0.3,
    "book/teaching/": 0.6,
    "book/teaching/checked_exercises": 0.3,
    "book/teaching/exercise_index": 0.3,
    "book/further_reading": 0.6,
    "book/map": 0.6,
    "autograder/problem_sets/": 0.6,
    "book/notation": 0.8,
    "book/glossary": 0.7,
}
"""What a page counts for, by how its name begins; all others explain, and count 1."""
ELSEWHERE = (nodes.section, nodes.title, nodes.term, addnodes.desc, addnodes.desc_signature,
             nodes.literal_block, *UNREAD)  # fmt: skip
"""What has an entry of its own, or is not to be read: drawings, and programs with their output."""
EXPLAINS = 0.7
"""What a page is worth at least that explains something."""
SHOWN = {True: 240, False: 120}
"""Characters of an entry that are kept as they stand, for pages that explain and for others."""
NOTES = re.compile(r"^ *//[^\n]*\n|^ */\*\*.*?\*/\n", re.M | re.DOTALL)
"""What a script says to its readers, half of its bytes."""
WORD = re.compile(r"[^\W\d_]{3,}")
stem_of = cache(SearchEnglish({}).stem)
Entry = tuple[str, str, str]
"""An anchor, a heading, and the text below it."""


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
        names = list(described.findall(addnodes.desc_name))
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
        if isinstance(child, ELSEWHERE) or glossed(child):
            continue
        if isinstance(child, (nodes.paragraph, nodes.Text, nodes.math_block)):
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


def lightened(entries: list[Entry], explains: bool) -> Iterator[tuple[str, ...]]:
    """The entries of a page in a third of the bytes: of each how its text begins, to be shown.

    Of what comes behind, on a page that explains, the words that the page has not had yet: a result
    is a page, and needs each word once.
    """
    shown = (f"{entry[1]} {begin(entry, explains)}" for entry in entries)
    had = {stem_of(word) for text in shown for word in WORD.findall(text.lower())}
    for entry in entries:
        more = []
        for word in WORD.findall(entry[2].lower()) if explains else ():
            if (stem := stem_of(word)) not in had:
                had.add(stem)
                more.append(word)
        kept = (entry[0], entry[1], begin(entry, explains))
        yield (*kept, " ".join(more)) if more else kept


def begin(entry: Entry, explains: bool) -> str:
    return shortened(entry[2], SHOWN[explains])


def note_words(app, docname, source) -> None:
    """What is asked stands in another file than the page."""
    if asked(docname):
        app.env.dependencies[docname].update(map(str, (SEARCH_WORDS, GLOSSARY)))


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
        "entries": list(lightened(list(entries_of(doctree)), worth(pagename) >= EXPLAINS)),
    }
    path = kept(app) / f"{pagename.replace('/', '.')}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(page, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")


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
    library = folder / "minisearch.js"
    if library.is_file():
        library.write_text(NOTES.sub("", library.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "stemmer.js").write_text(SearchEnglish.js_stemmer_code, encoding="utf-8")


def without_sphinx_index(app) -> None:
    """Sphinx's own index would be a third of a megabyte that nobody reads."""
    app.builder.search = False


def search_page(app) -> Iterator[tuple[str, dict, str]]:
    yield "search", {"title": "Search"}, "search.html"


def setup(app):
    app.connect("builder-inited", without_sphinx_index)
    app.connect("source-read", note_words)
    app.connect("html-collect-pages", search_page)
    app.connect("html-page-context", note_page, priority=LAST)
    app.connect("build-finished", write_index, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
