"""Make what the search looks through: the sections of all pages, as text, and what readers ask.

Each section is an entry with its heading and its words, formulas as plain text; so is each term of
the glossary, each object of the reference, and each question of ``book/search_words.toml``. The
script ``_static/search/search.js`` finds the best of them for any of the words that were typed.
Sphinx's own search wants all words on one page, and knows none that we do not use.

All entries are one script, since a page that is opened from a folder may load scripts only.
"""

import json
import re
from collections import Counter
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
SHOWN = {True: 300, False: 100}
"""Characters of an entry that are kept as they stand, for pages that explain and for others."""
NOTES = re.compile(r"^ *//[^\n]*\n|^ */\*\*.*?\*/\n", re.M | re.DOTALL)
"""What a script says to its readers, half of its bytes."""
OFTEN = 0.25
"""A word that more than this share of the pages have leads to none of them."""
WORD = re.compile(r"[^\W\d_]{3,}|[α-ωŷ∇∂∑⊙⊤]")
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
        if isinstance(child, ELSEWHERE) or glossed(child) or badge(child):
            continue
        if isinstance(child, nodes.table):
            yield "; ".join(map(cells_of, child.findall(nodes.row)))
        elif isinstance(child, (nodes.paragraph, nodes.Text, nodes.math_block)):
            yield text_of(child)
        elif isinstance(child, nodes.Element):
            yield from _own(child)


def cells_of(row: nodes.row) -> str:
    """A row of a table; what stands in its cells does not run together."""
    return " · ".join(filter(None, map(own_text, row)))


def badge(node: nodes.Node) -> bool:
    """A word in a box, such as *Core*, that stands by itself."""
    parts = [part for part in node.children if part.astext().strip()]
    return bool(parts) and all("sd-badge" in getattr(part, "attributes", {}).get("classes", ())
                               for part in parts)  # fmt: skip


def glossed(node: nodes.Node) -> bool:
    return isinstance(node, nodes.definition_list) and any(
        term["ids"] for item in node for term in item.findall(nodes.term)
    )


def asked(name: str) -> list[str]:
    """What readers call the page, and what it introduces."""
    short = name.removeprefix("book/")
    return list(dict.fromkeys(search_words().get(short, []) + gives().get(short, [])))


def lightened(entries: list[Entry], explains: bool) -> Iterator[list[str]]:
    """The entries of a page in a third of the bytes: of each how its text begins, to be shown.

    Of what comes behind, on a page that explains, the words that the page has not had yet, in the
    order of the alphabet, which is packed best: a result is a page, and needs each word once.
    """
    shown = (f"{entry[1]} {begin(entry, explains)}" for entry in entries)
    had = {stem_of(word) for text in shown for word in WORD.findall(text.lower())}
    for entry in entries:
        more = []
        for word in WORD.findall(entry[2].lower()) if explains else ():
            if (stem := stem_of(word)) not in had:
                had.add(stem)
                more.append(word)
        kept = [shorter(entry[0], entry[1]), entry[1], begin(entry, explains)]
        yield [*kept, " ".join(sorted(more))] if more else kept


def shorter(anchor: str, heading: str) -> str:
    """An anchor with ``*`` for its heading in small letters, or ``+`` for the heading as it is."""
    small = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
    if small and anchor == small:
        return "*"
    same = heading.replace(" ", "-")
    return f"{anchor.removesuffix(same)}+" if same and anchor.endswith(same) else anchor


def without_common(pages: list[dict]) -> None:
    """Take the words out that are on so many pages that they lead to none."""
    seen = Counter(stem for page in pages for stem in stems_of(page))
    common = {stem for stem, count in seen.items() if count > max(1, OFTEN * len(pages))}
    for entry in (entry for page in pages for entry in page["entries"] if len(entry) > 3):
        words = [word for word in entry[3].split() if stem_of(word) not in common]
        entry[3:] = [" ".join(words)] if words else []


def stems_of(page: dict) -> set[str]:
    texts = " ".join(text for entry in page["entries"] for text in entry[1:])
    return set(map(stem_of, WORD.findall(texts.lower())))


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
    path.write_text(packed(page), encoding="utf-8")


def packed(page: dict) -> str:
    return json.dumps(page, ensure_ascii=False, separators=(",", ":"))


def write_index(app, exception) -> None:
    if exception or app.builder.format != "html":
        return
    pages = [
        json.loads((kept(app) / f"{name.replace('/', '.')}.json").read_text(encoding="utf-8"))
        for name in sorted(app.env.found_docs)
    ]
    without_common(pages)
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    text = "const PAGES = [\n" + ",\n".join(map(packed, pages)) + "];\n"
    (folder / "pages.js").write_text(text, encoding="utf-8")
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
