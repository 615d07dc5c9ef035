"""How to find one's way through the book: what a page takes, needs and gives, paths, the search.

All of it is computed from the pages, the glossary and the table of contents. What no program can
read off a page, which pages it builds on and which a path consists of, stands in
``book/reading.toml``; what readers call it, and what they ask, in ``book/search_words.toml``.

- ``{pages-of} chain_rule``: the pages of a chapter, with minutes, needs, and the words they give.
- ``{reading-path} weekend``: a path, part by part, with its minutes.
- ``{exercises-of} ps1``: for lecturers, from each exercise to its pages and its mistakes.

The references of the glossary show the titles of their pages. The words that a page gives become
entries of the index; what readers call them is for the search, see ``search_index``.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from coursekit.authoring.masters import MASTERS, files_behind, read_master

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
READING, CONTENTS, GLOSSARY = BOOK / "reading.toml", ROOT / "_toc.yml", BOOK / "glossary.md"
SEARCH_WORDS = BOOK / "search_words.toml"

WORDS_A_MINUTE = 100
LOOK, THINK = 0.5, 3.0
"""Minutes for a formula that stands alone, a figure or a listing; for a folded answer."""
STEP = 5
"""A page is said to take a multiple of this many minutes."""

FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
CELL = re.compile(r"^(`{3,})\{code-cell\}.*?^\1$", re.M | re.DOTALL)
FORMULA = re.compile(r"\$\$.*?\$\$", re.DOTALL)
UNREAD = re.compile(r"\$[^$\n]+\$|`[^`\n]*`|\]\([^)]*\)|^\(\S+\)=$|^:\S+:.*$", re.M)
GLOSSARY_BODY = re.compile(r"^```\{glossary\}\n(.*?)^```$", re.M | re.DOTALL)
PLACE = re.compile(r"\{ref\}`(?:[^`<]*<)?([\w-]+)>?`|\]\(([^)]+)\.md\)")
WORD = re.compile(r"[^\W\d_]+(?:[’'\-–][^\W\d_]+)*")


def minutes(text: str) -> float:
    """How long a page takes who works with it: it is read slowly, and its questions answered."""
    text = FRONT_MATTER.sub("", text)
    cells = [found.group() for found in CELL.finditer(text)]
    seen = sum("remove-cell" not in cell for cell in cells)
    prose = CELL.sub("", text)
    formulas = len(FORMULA.findall(prose))
    words = len(WORD.findall(UNREAD.sub(" ", FORMULA.sub("", prose))))
    return words / WORDS_A_MINUTE + LOOK * (formulas + seen) + THINK * prose.count("{dropdown}")


def rounded(taken: float) -> int:
    return max(STEP, STEP * round(taken / STEP))


def in_words(taken: float) -> str:
    """A time that somebody plans with."""
    hours, rest = divmod(rounded(taken), 60)
    return " ".join(filter(None, [f"{hours} h" * bool(hours), f"{rest} min" * bool(rest)]))


# The pages, by their names below book/


def text_of(path: Path) -> str:
    """The text of a file; none of a file that a small book does not have."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def page_file(name: str) -> Path:
    return BOOK / f"{name}.md"


@cache
def chapters() -> dict[str, list[str]]:
    """The pages of each chapter, in the order of the table of contents."""
    parts = yaml.safe_load(CONTENTS.read_text(encoding="utf-8"))["parts"]
    (listed,) = (part["chapters"] for part in parts if part["caption"] == "Chapters")
    return {
        Path(chapter["file"]).parent.name: [
            section["file"].removeprefix("book/") for section in chapter["sections"]
        ]
        for chapter in listed
    }


def title(path: Path) -> str:
    return re.search(r"^# (.*)$", path.read_text(encoding="utf-8"), re.M)[1]


def link(name: str) -> str:
    return f"[{title(page_file(name))}](/book/{name}.md)"


@cache
def reading() -> dict:
    return tomllib.loads(text_of(READING))


@cache
def search_words() -> dict[str, list[str]]:
    """What readers type, by the page that answers it."""
    return tomllib.loads(text_of(SEARCH_WORDS))


def needs(name: str) -> list[str]:
    """The pages that a page builds on: those that are declared, or the one before it."""
    pages = chapters()[name.split("/")[0]]
    before = pages[: pages.index(name)][-1:]
    return reading()["needs"].get(name, before)


@cache
def pages_by_label() -> dict[str, str]:
    """The page on which each label stands."""
    return {
        label: path.relative_to(BOOK).with_suffix("").as_posix()
        for path in BOOK.rglob("*.md")
        if "_build" not in path.parts
        for label in re.findall(r"^\((\S+)\)=$", path.read_text(encoding="utf-8"), re.M)
    }


@cache
def gives() -> dict[str, list[str]]:
    """The words of the glossary, by the page that introduces them."""
    words: dict[str, list[str]] = {}
    for body in GLOSSARY_BODY.findall(text_of(GLOSSARY)):
        entries = body.strip().split("\n\n")
        for term, label, page in filter(None, map(term_and_place, entries)):
            words.setdefault(pages_by_label().get(label, page), []).append(term)
    return words


def term_and_place(entry: str) -> tuple[str, str, str] | None:
    """The term of an entry of the glossary, and the label or the page that it ends with."""
    term, _, meaning = entry.partition("\n")
    places = PLACE.findall(meaning)
    return (term, *places[-1]) if places else None


# What the directives write


def pages_of(chapter: str) -> Iterator[str]:
    yield from ["| page | min | needs | gives |", "|---|--:|---|---|"]
    for name in chapters()[chapter]:
        taken = rounded(minutes(page_file(name).read_text(encoding="utf-8")))
        needed = ", ".join(map(link, needs(name))) or "—"
        yield f"| {link(name)} | {taken} | {needed} | {', '.join(gives().get(name, ['—']))} |"


def reading_path(name: str) -> Iterator[str]:
    for part in reading()["paths"][name]:
        pages, whole = part.get("pages", []), part.get("chapters", [])
        steps = [f"[chapter *{title(page_file(f'{one}/index'))}*](/book/{one}/index.md)"
                 for one in whole]  # fmt: skip
        steps += map(link, pages)
        taken = path_minutes(pages + [page for one in whole for page in chapters()[one]])
        said = [", ".join([*steps, in_words(taken)])] if steps else []
        said += map(link_to_set, part.get("sets", []))
        yield f"- **{part['title']}**: {'; '.join(said)}"


def path_minutes(pages: list[str]) -> float:
    return sum(minutes(page_file(page).read_text(encoding="utf-8")) for page in pages)


def link_to_set(name: str) -> str:
    """A problem set, and what it says itself of the time that it takes."""
    text = (MASTERS / f"{name}.md").read_text(encoding="utf-8")
    taken = re.search(r"^\*\*Time\*\*: ([^.]*)\.", text, re.M)[1]
    return f"[Problem set {name[2:]}](/autograder/problem_sets/{name}.md), {taken}"


def exercises_of(problem_set: str) -> Iterator[str]:
    yield from ["| exercise | page | mistakes whose message leads there |", "|---|---|---|"]
    for exercise in read_master(MASTERS / f"{problem_set}.md").exercises:
        heading = exercise.statement.partition("\n")[0]
        mistakes: dict[str, list[str]] = {}
        for mistake in exercise.declaration.misconceptions:
            page = mistake.section.partition("#")[0].removeprefix("book/")
            mistakes.setdefault(page, []).append(mistake.id.replace("-", " "))
        for page, names in mistakes.items():
            yield f"| {heading} | {link(page)} | {', '.join(names)} |"
            heading = ""


class PagesByTitle(SphinxTransform):
    """In the glossary a reference shows the title of its page: its heading says too little."""

    default_priority = 400

    def apply(self, **kwargs) -> None:
        if self.env.docname != "book/glossary":
            return
        for reference in self.document.findall(addnodes.pending_xref):
            page = pages_by_label().get(reference["reftarget"])
            if page and reference["reftype"] == "ref" and not reference["refexplicit"]:
                self.env.note_dependency(str(page_file(page)))
                reference["refexplicit"] = True
                reference[:] = [nodes.inline("", title(page_file(page)))]


class AddTerms(SphinxTransform):
    """Put the words that a page gives at its top, before Sphinx collects the index."""

    default_priority = 800

    def apply(self, **kwargs) -> None:
        terms = gives().get(self.env.docname.removeprefix("book/"), [])
        section = next(self.document.findall(nodes.section), None)
        if terms and section is not None:
            self.env.note_dependency(str(GLOSSARY))
            entries = [("single", term, section["ids"][0], "main", None) for term in terms]
            section.insert(1, addnodes.index(entries=entries))


def forget(app) -> None:
    """Read the files anew: a process may build several times."""
    for cached in (chapters, reading, search_words, pages_by_label, gives):
        cached.cache_clear()


class Written(SphinxDirective):
    """A directive whose argument, if it takes one, says of what it writes."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(READING))
        for path in [CONTENTS, *BOOK.rglob("*.md")]:
            self.env.note_dependency(str(path))
        container = nodes.container()
        text = list(self.write(*self.arguments))
        self.state.nested_parse(StringList(text, self.get_location()), 0, container)
        return container.children


class PagesOf(Written):
    write = staticmethod(pages_of)


class ReadingPath(Written):
    write = staticmethod(reading_path)


class ExercisesOf(Written):
    write = staticmethod(exercises_of)

    def run(self) -> list[nodes.Node]:
        for path in files_behind(MASTERS / f"{self.arguments[0]}.md"):
            self.env.note_dependency(str(path))
        return super().run()


def setup(app):
    app.connect("builder-inited", forget)
    app.add_transform(PagesByTitle)
    app.add_transform(AddTerms)
    app.add_directive("pages-of", PagesOf)
    app.add_directive("reading-path", ReadingPath)
    app.add_directive("exercises-of", ExercisesOf)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
