"""Put the address of each work beside its name in *Further reading*, where one goes to read it.

A citation leads to the bibliography, and the bibliography to the work; here the way is one step.
"""

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from pybtex.database import Entry, parse_file
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

PAGE = "book/further_reading"


def address(entry: Entry) -> tuple[str, str] | None:
    """Where a work is to be had, and how that is called; none if nobody has said it."""
    if doi := entry.fields.get("doi"):
        return f"https://doi.org/{doi}", f"doi:{doi}"
    if url := entry.fields.get("url"):
        return url, urlsplit(url).netloc.removeprefix("www.")
    return None


@cache
def entries(path: Path, changed: float) -> dict[str, Entry]:
    return dict(parse_file(str(path), encoding="utf-8").entries)


class LinkWorks(SphinxTransform):
    """Add the address behind each work that is a term of the page's lists."""

    default_priority = 400

    def apply(self, **kwargs) -> None:
        if self.env.docname != PAGE:
            return
        known: dict[str, Entry] = {}
        for name in self.config.bibtex_bibfiles:
            path = Path(self.env.srcdir, name)
            self.env.note_dependency(str(path))
            known |= entries(path, path.stat().st_mtime)
        for term in self.document.findall(nodes.term):
            for citation in list(term.findall(addnodes.pending_xref)):
                found = address(known[citation["reftarget"]])
                if citation["refdomain"] == "cite" and found:
                    link = nodes.reference("", found[1], refuri=found[0], classes=["work"])
                    term += [nodes.Text(" "), link]


def setup(app):
    app.add_transform(LinkWorks)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
