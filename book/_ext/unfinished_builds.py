"""Start again after a build that warned, failed or was interrupted.

Sphinx reads and writes a page again only if it has changed, and what it said about the others
it has forgotten. So a strict build that failed would succeed when repeated. Here a finished
build leaves a mark, and what Sphinx remembers without a mark is thrown away. Executed cells are
kept elsewhere: it costs seconds.

A page can also break without a change of its own, when another loses what it refers to. So when
one page was read, the references of all pages are resolved.

Whoever writes a page and looks at it sets ``BOOK_QUICK``: then only what has changed is written.
Such a build leaves no mark, so the next one without it reads all pages again.
"""

import os
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME

LAST = 10_000
"""The priority of who is called after all others."""


def is_quick() -> bool:
    return bool(os.environ.get("BOOK_QUICK"))


def mark_of(app) -> Path:
    return Path(app.doctreedir) / "finished"


def kind_of_build(config) -> str:
    """What the mark says: a lenient build that has no warning may have some as a strict one."""
    return f"nitpicky = {config.nitpicky}\n"


def forget_unfinished_build(app, config) -> None:
    mark = mark_of(app)
    if not is_quick() and not (
        mark.is_file() and mark.read_text(encoding="utf-8") == kind_of_build(config)
    ):
        (mark.parent / ENV_PICKLE_FILENAME).unlink(missing_ok=True)
    mark.unlink(missing_ok=True)


def note_whether_pages_are_read(app, env, docnames) -> None:
    env.pages_were_read = bool(docnames)


def resolve_all_references(app, env) -> set[str]:
    return env.found_docs if env.pages_were_read and not is_quick() else set()


def mark_finished_build(app, exception) -> None:
    warned = app._warncount  # Sphinx has no public name for it
    if exception is None and not warned and not is_quick():
        mark_of(app).write_text(kind_of_build(app.config), encoding="utf-8")


def setup(app):
    app.connect("config-inited", forget_unfinished_build, priority=LAST)
    app.connect("env-before-read-docs", note_whether_pages_are_read, priority=LAST)
    app.connect("env-updated", resolve_all_references)
    app.connect("build-finished", mark_finished_build, priority=LAST)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
