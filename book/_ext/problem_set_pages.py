"""Show the masters of the problem sets as pages of the book.

A master is the source of its page and of its notebook. On the page each exercise appears as the
student sees it; in the textbook edition its solution follows, folded away.
"""

from pathlib import Path

from coursekit.authoring.book_page import render_page
from coursekit.authoring.masters import MASTERS, files_behind, read_master


def show_master(app, docname, source) -> None:
    path = Path(app.srcdir) / f"{docname}.md"
    if path.parent != MASTERS:
        return
    master = read_master(path)
    app.env.dependencies[docname].update(
        set(map(str, files_behind(path)))
        | {exercise.reference.function.__code__.co_filename for exercise in master.exercises}
    )
    source[0] = render_page(master, show_solutions=app.config.edition == "textbook")


def setup(app):
    app.connect("source-read", show_master, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
