"""The directive ``your-work``: what its reader has done, on a page of the book.

A table of all pages that have questions or exercises, which a script fills with what the browser
keeps. It needs nothing that is fetched, so every book has it.
"""

import json
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from coursekit.authoring.masters import MASTERS, read_master
from coursekit.web_page.offer import FROM_DISK

FOLDER = "live"
"""Of the built book: what pages load when somebody works on them."""
QUESTION = 'data-explorable="question"'
"""Begins a question of a page."""

PLACE = """\
<div class="live-your-work" data-live="{live}">
<noscript><p>For that the browser must run scripts, which are switched off.</p></noscript>
<script type="application/json">{pages}</script>
</div>
<script>
(function (place) {{
  if (location.protocol === "file:") place.append("{from_disk}");
  else import(new URL(place.dataset.live + "work.js", location.href)).then(
    work => work.showWork(place));
}})(document.currentScript.previousElementSibling);
</script>
"""


class your_work(nodes.General, nodes.Element):  # noqa: N801, as docutils names its nodes
    """The place of the table, until all pages are read."""


class YourWork(SphinxDirective):
    """``{your-work}``"""

    def run(self) -> list[nodes.Node]:
        return [your_work()]


def questions_of(env) -> dict[str, int]:
    """How many questions each page has."""
    if not hasattr(env, "live_questions"):
        env.live_questions = {}
    return env.live_questions


def count(app, doctree) -> None:
    found = sum(QUESTION in raw.astext() for raw in doctree.findall(nodes.raw))
    if found:
        questions_of(app.env)[app.env.docname] = found


def forget(app, env, docname) -> None:
    questions_of(env).pop(docname, None)


def merge(app, env, docnames, other) -> None:
    questions_of(env).update(questions_of(other))


def exercises_of(docname: str, srcdir: Path) -> int:
    master = Path(srcdir) / f"{docname}.md"
    return len(read_master(master).exercises) if master.parent == MASTERS else 0


def pages_to_work_on(app, docname: str) -> list[dict[str, str | int]]:
    """What the table has of each page, in the order of the book."""
    env = app.env
    return [
        {
            "name": page.rpartition("/")[2] if exercises else page,  # as the browser keeps it
            "title": env.titles[page].astext(),
            "href": app.builder.get_relative_uri(docname, page),
            "questions": questions,
            "exercises": exercises,
        }
        for page in env.collect_relations()
        for questions in [questions_of(env).get(page, 0)]
        for exercises in [exercises_of(page, app.srcdir)]
        if questions or exercises
    ]


def place_table(app, doctree, docname) -> None:
    for place in list(doctree.findall(your_work)):
        if app.builder.format != "html":
            place.parent.remove(place)
            continue
        pages = json.dumps(pages_to_work_on(app, docname), ensure_ascii=False)
        root = app.builder.get_relative_uri(docname, "index").removesuffix("index.html")
        text = PLACE.format(
            live=f"{root}{FOLDER}/", pages=pages.replace("</", "<\\/"), from_disk=FROM_DISK
        )
        place.replace_self(nodes.raw("", text, format="html"))


def setup(app) -> None:
    app.add_directive("your-work", YourWork)
    app.connect("doctree-read", count)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("doctree-resolved", place_table)
