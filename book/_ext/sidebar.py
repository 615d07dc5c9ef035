"""The contents of the book beside each page: its buttons have names, and it is made in less time.

Where titles alone are wanted, Sphinx copies the sections of every page into the contents of each,
and takes them out again: a hundred pages make ten thousand such copies, and a tenth of the work
of a build. Here it gets contents that hold no sections.
"""

import re
from functools import cache

from docutils import nodes
from sphinx import addnodes

FIRST, LAST = 100, 990
"""Priorities of who is called before the theme makes the sidebar, and after it."""

CHEVRON = re.compile(
    r'(<a class="[^"]*reference internal" href="[^"]*">(?P<title>.*?)</a><details[^>]*><summary)>'
    r'(<span class="toctree-toggle" role="presentation">)'
)


def name_chevrons(html: str) -> str:
    """The contents in the sidebar, with a name for each button that unfolds a chapter."""

    def named(found: re.Match) -> str:
        title = re.sub("<[^>]*>", "", found["title"])
        return f'{found[1]} aria-label="Pages of {title}">{found[3]}'

    return CHEVRON.sub(named, html)


def titles_alone(toc: nodes.bullet_list) -> nodes.bullet_list:
    """The contents of a page without its sections; pages below it stay."""
    kept = toc.deepcopy()
    for item in kept.children:
        if len(item) > 1:
            below = list(item.findall(addnodes.toctree))
            if below:
                item[1][:] = below
            else:
                item.pop(1)
    return kept


@cache
def titles(env) -> dict[str, nodes.bullet_list]:
    """Such contents of all pages, made once: when they are asked for, all pages are read."""
    return {name: titles_alone(toc) for name, toc in env.tocs.items()}


def give_titles(app, pagename, templatename, context, doctree) -> None:
    made = context.get("toctree")

    def toctree(**options):
        if not options.get("titles_only"):
            return made(**options)
        whole = app.env.tocs
        app.env.tocs = titles(app.env)
        try:
            return made(**options)
        finally:
            app.env.tocs = whole

    if made is not None:
        context["toctree"] = toctree


def name_buttons(app, pagename, templatename, context, doctree) -> None:
    contents = context.get("generate_toctree_html")
    if contents is not None:
        context["generate_toctree_html"] = lambda *rest, **options: name_chevrons(
            str(contents(*rest, **options))
        )


def setup(app):
    app.connect("html-page-context", give_titles, priority=FIRST)
    app.connect("html-page-context", name_buttons, priority=LAST)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
