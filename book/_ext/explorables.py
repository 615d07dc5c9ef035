r"""Figures that one can touch: a static figure in the page, and scripts that wait to be needed.

``{explorable} microscope`` stands around a figure and its text. Where scripts run, they replace
these when the place is about to be seen; where they do not, nothing is missing. A page without
this directive loads nothing of it.

An explorable is a folder of ``book/_static/explorables``; its ``explorable.toml`` names its
scripts, its data and its formulas. The formulas are typeset here. ``\live{name}`` in one is a place
into which a script puts a number. Scripts are classic ones, which a book opened from a disk may
load, unlike modules; of each explorable they are joined into one file. See the README there.
"""

import hashlib
import json
import re
import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path
from typing import ClassVar

import numpy as np
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole

from backprop.plotting.palette import PALETTE
from coursekit.typesetting.formulas import FormulaError, typeset

SOURCES = Path(__file__).parents[1] / "_static" / "explorables"
MANIFEST = "explorable.toml"
KIT = "kit"
"""The folder of what all explorables share."""
STARTER = "explorables/start.js"

TABLES = ("data", "formulas", "later_formulas")
LIVE = re.compile(r"\\live\{([\w.-]+)\}")
MARK = re.compile(r"@([\w.-]+)@")
ANNOTATION = re.compile(r"<annotation\b.*?</annotation>", re.DOTALL)
UNSAID = re.compile(r"^[ \t]*//.*\n|^[ \t]+|^\n", re.M)
"""What a browser does not need: lines of comments, the blanks before a line, empty lines."""
CSS_COMMENT, SPACE = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\s+")


@dataclass(frozen=True)
class Explorable:
    """What ``explorable.toml`` says; paths are relative to the folder of all explorables."""

    name: str
    title: str = ""
    height: tuple[int, int] = (0, 0)
    """Pixels that it needs, on a desktop and on a telephone."""
    scripts: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    """Scripts that are loaded when somebody touches it."""
    styles: tuple[str, ...] = ()
    data: tuple[tuple[str, str], ...] = ()
    formulas: tuple[tuple[str, str], ...] = ()
    later_formulas: tuple[tuple[str, str], ...] = ()

    @property
    def files(self) -> list[Path]:
        return [
            SOURCES / name
            for name in (f"{self.name}/{MANIFEST}", *self.scripts, *self.later, *self.styles)
        ]

    def joined(self, names: tuple[str, ...]) -> str:
        return "".join((SOURCES / name).read_text(encoding="utf-8") for name in names)


@cache
def explorable(name: str) -> Explorable:
    manifest = SOURCES / name / MANIFEST
    if not manifest.is_file():
        known = ", ".join(path.parent.name for path in sorted(SOURCES.glob(f"*/{MANIFEST}")))
        raise ExtensionError(f"there is no explorable {name!r}; there are {known or 'none'}")
    said = tomllib.loads(manifest.read_text(encoding="utf-8"))
    listed = {key: tuple(said.pop(key, ())) for key in ("height", "scripts", "later", "styles")}
    tables = {key: tuple(said.pop(key, {}).items()) for key in TABLES}
    return Explorable(
        name, **said, **{key: value for key, value in listed.items() if value}, **tables
    )


# What stands in a page


def formula(name: str, tex: str) -> str:
    """A formula as a template: its live places are empty, its colours those of the figures."""
    try:
        html = typeset(LIVE.sub(r"\\text{@\1@}", tex))
    except FormulaError as error:
        raise ExtensionError(f"formula {name} cannot be typeset\n  {tex}\n  {error}") from error
    html = MARK.sub(r'<span data-live="\1"></span>', ANNOTATION.sub("", html))
    html = re.sub(
        r'<mtext><span (data-live="[\w.-]+")></span></mtext>', r"<mtext \1></mtext>", html
    )
    for role in PALETTE:
        html = html.replace(f"color:{role};", f"color:var(--figure-{role});")
        html = html.replace(f' mathcolor="{role}"', "")
    return f'<template data-formula="{escape(name)}">{html}</template>'


def numbers_of(path: str) -> dict[str, list]:
    """What a function of the package returns, as JSON has it."""
    module, _, function = path.rpartition(".")
    result = getattr(import_module(module), function)()
    return {key: np.asarray(value).tolist() for key, value in asdict(result).items()}


def inside(shown: Explorable, said: dict | None = None) -> str:
    """What the scripts of an explorable find in the page: typeset formulas, and data."""
    data = said or {key: numbers_of(path) for key, path in shown.data}
    formulas = "".join(formula(*pair) for pair in shown.formulas)
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")
    return f'{formulas}<script type="application/json">{text}</script>'


def version(shown: Explorable) -> str:
    """Changes with the scripts, so that no browser mixes old ones with new ones."""
    together = b"".join(path.read_bytes() for path in explorable(KIT).files + shown.files)
    return hashlib.sha256(together).hexdigest()[:8]


def opening(
    shown: Explorable, number: int = 0, height: tuple[int, int] = (0, 0), start: str = ""
) -> str:
    """The tag that opens a place; of several in a page all but the first have a number."""
    desktop, phone = shown.height if any(shown.height) else height
    place = f"{shown.name}-{number + 1}" if number else shown.name
    return (f'<div class="explorable" id="{place}" data-explorable="{shown.name}" '
            f'data-title="{escape(shown.title)}" data-version="{version(shown)}" '
            f'data-later="{"yes" if shown.later else ""}" data-start="{escape(start)}" '
            f'style="--height:{desktop}px;--height-narrow:{phone}px">')  # fmt: skip


class ExplorableDirective(SphinxDirective):
    """``{explorable} NAME`` around what is shown where scripts do not run.

    It may stand on several pages. Where it does not begin as usual, ``:start:`` says how, as a link
    does; where it does is its home, to which other pages lead.
    """

    required_arguments = 1
    option_spec: ClassVar = {"start": directives.unchanged_required}
    has_content = True

    def run(self) -> list[nodes.Node]:
        shown = explorable(self.arguments[0])
        for path in explorable(KIT).files + shown.files:
            self.env.note_dependency(str(path))
        start = self.options.get("start", "")
        places_of(self.env).add((shown.name, bool(start), self.env.docname))
        static = nodes.container(classes=["explorable-static"])
        self.state.nested_parse(self.content, self.content_offset, static)
        return [html(opening(shown, start=start)), static, html(inside(shown) + "</div>")]


def html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


# Links to a situation


class to_situation(nodes.reference):  # noqa: N801, as docutils names its nodes
    """A link to an explorable in a certain state; its address is known when all pages are."""


class SituationRole(SphinxRole):
    """``{explore}`the second δ <microscope?step=9>```: the state as the explorable writes it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        found = re.fullmatch(r"(.+?)\s*<([a-z-]+)\??(.*)>", self.text, re.DOTALL)
        if not found:
            raise ExtensionError(f"{{explore}}`{self.text}`: expected `words <name?state>`")
        words, name, state = found.groups()
        link = to_situation("", nodes.Text(words), internal=True, classes=["explore"])
        link["explorable"], link["state"] = name, state
        return [link], []


def resolve_situations(app, doctree, docname) -> None:
    for link in list(doctree.findall(to_situation)):
        page = page_of(app.env, link["explorable"], docname)
        if page is None:
            raise ExtensionError(f"{docname}: no page has an explorable {link['explorable']!r}")
        address = app.builder.get_relative_uri(docname, page)
        address += "#" + link["explorable"] + (f"?v=1&{link['state']}" if link["state"] else "")
        found = nodes.reference("", "", internal=True, refuri=address, classes=link["classes"])
        found += link.children
        link.replace_self(found)


def page_of(env, name: str, docname: str) -> str | None:
    """The page to which a link leads: its own if the explorable is there, else its home."""
    places = sorted(place[1:] for place in places_of(env) if place[0] == name)
    pages = [page for _, page in places]
    return docname if docname in pages else next(iter(pages), None)


def places_of(env) -> set[tuple[str, bool, str]]:
    """The name of each explorable, whether it begins in a way of its own, and its page."""
    if not hasattr(env, "explorables"):
        env.explorables = set()
    return env.explorables


def forget(app, env, docname) -> None:
    env.explorables = {place for place in places_of(env) if place[2] != docname}


def merge(app, env, docnames, other) -> None:
    places_of(env).update(places_of(other))


# What lies beside the pages

BARE = """<!DOCTYPE html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<script>
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
if (dark) document.documentElement.dataset.theme = "dark";
</script>
<link rel="stylesheet" href="../book.css">
<script defer src="start.js"></script>
</head>
<body class="explorable-alone">
<main>
<h1 class="visually-hidden">{title}</h1>
{opening}<noscript><p>{title}: this figure needs scripts.</p></noscript>{inside}</div>
</main>
</body>
</html>
"""
"""A page of one explorable and nothing else, which another page can frame."""


def bare_page(shown: Explorable) -> str:
    return BARE.format(title=escape(shown.title), opening=opening(shown), inside=inside(shown))


def lean(script: str) -> str:
    """A script without what is said to its readers; no text in it goes over two lines."""
    return UNSAID.sub("", script)


def written(shown: Explorable) -> dict[str, str]:
    """The files of an explorable, by their names."""
    files = {
        f"{shown.name}.js": lean(shown.joined(shown.scripts)),
        f"{shown.name}.css": SPACE.sub(" ", CSS_COMMENT.sub("", shown.joined(shown.styles))),
    }
    if shown.later:
        formulas = json.dumps("".join(formula(*pair) for pair in shown.later_formulas))
        scripts = lean(shown.joined(shown.later))
        files[f"{shown.name}-later.js"] = (
            f"{scripts}explorables.laterFormulas.{shown.name}={formulas};\n"
        )
    if any(shown.height):  # else it needs something of its page
        files[f"{shown.name}.html"] = bare_page(shown)
    return files


def write_beside(folder: Path) -> None:
    """For each explorable its script, its style and its bare page; the sources stay at home."""
    folder.mkdir(parents=True, exist_ok=True)
    for manifest in SOURCES.glob(f"*/{MANIFEST}"):
        shown = explorable(manifest.parent.name)
        for name, text in written(shown).items():
            (folder / name).write_text(text, encoding="utf-8")


def finish(app, exception) -> None:
    if exception or app.builder.format != "html" or not (SOURCES / KIT).is_dir():
        return
    folder = Path(app.outdir) / "_static" / "explorables"
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        elif path.parent != folder or path.suffix == ".md":
            path.unlink()
    write_beside(folder)


def setup(app):
    app.add_js_file(STARTER)
    app.add_directive("explorable", ExplorableDirective)
    app.add_role("explore", SituationRole())
    app.connect("builder-inited", lambda app: explorable.cache_clear())
    app.connect("doctree-resolved", resolve_situations)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
