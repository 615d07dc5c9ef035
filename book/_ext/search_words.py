"""Let the search find a page by the words that readers use, whether or not the page does.

``book/search_words.toml`` has them, by page. Each becomes an entry of the index, which the search
compares with the whole of what was typed and shows before it counts words.
"""

import tomllib
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

WORDS = Path(__file__).parents[1] / "search_words.toml"


@cache
def search_words() -> dict[str, list[str]]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8")) if WORDS.exists() else {}


class AddSearchWords(SphinxTransform):
    """Put the words of a page at its top, before Sphinx collects the index."""

    default_priority = 800

    def apply(self, **kwargs) -> None:
        words = search_words().get(self.env.docname.removeprefix("book/"), [])
        section = next(self.document.findall(nodes.section), None)
        if words and section is not None:
            self.env.note_dependency(str(WORDS))
            entries = [("single", word, section["ids"][0], "main", None) for word in words]
            section.insert(1, addnodes.index(entries=entries))


def setup(app):
    app.add_transform(AddSearchWords)
    app.connect("builder-inited", lambda app: search_words.cache_clear())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
