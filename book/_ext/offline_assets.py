"""Serve everything from the book's own folder, so that it works with no network.

Mathematics is typeset in the browser by MathJax. The files come from the package
``sphinx-mathjax-offline``; of its 24 MB the book needs one script and the fonts.
The theme draws its icons twice, by a web font and by a script of 1.5 MB; the font is enough.
Thebe, which would run code on a server elsewhere, is left out.
"""

import importlib.util
import shutil
from pathlib import Path

MATHJAX_FILES = ("tex-chtml.js", "output/chtml/fonts/woff-v2", "input/tex/extensions")


def mathjax_folder() -> Path:
    spec = importlib.util.find_spec("sphinx-mathjax-offline")
    return Path(spec.origin).parent / "static" / "mathjax"


def copy_mathjax(static: Path) -> None:
    for name in MATHJAX_FILES:
        source, target = mathjax_folder() / name, static / "mathjax" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(source, target)


def silence_icon_script(static: Path) -> None:
    for script in static.glob("vendor/fontawesome/*/js/all.min.js"):
        script.write_text("/* The icons come from the web font. */\n", encoding="utf-8")


def leave_out_thebe(app, pagename, templatename, context, doctree) -> None:
    context["script_files"] = [
        script
        for script in context.get("script_files", [])
        if "thebe" not in f"{script.filename} {script.attributes.get('body', '')}".lower()
    ]


def finish(app, exception) -> None:
    if exception is None and app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        copy_mathjax(static)
        silence_icon_script(static)


def setup(app):
    app.connect("html-page-context", leave_out_thebe, priority=990)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
