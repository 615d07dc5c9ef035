"""Backpropagation on one page: a poster of size A2, as SVG and as PDF.

The page that has the directive ``poster`` makes it, shows it and links both files;
``python -m book._ext.poster build`` writes them into a folder.
"""

from html import escape
from pathlib import Path

import matplotlib as mpl
from docutils import nodes
from matplotlib.figure import Figure
from sphinx.util.docutils import SphinxDirective

import backprop

from .minibatch import minibatch
from .one_example import one_example
from .rules import rules
from .sheet import paper, title_and_foot
from .values import PosterValues, poster_values

NAME = "backpropagation-poster"
TITLE = "Backpropagation on one page"
STYLE = Path(__file__).parents[2] / "course.mplstyle"
FOR_PAPER = {"savefig.bbox": "standard", "figure.constrained_layout.use": False}
KINDS = {"svg": ("Creator", "Date"), "pdf": ("Creator", "Producer", "CreationDate")}
"""What each file would say of the day and of the program that made it."""
PICTURE = """\
<figure class="poster">
<a href="{place}.svg">
<img src="{place}.svg" alt="{text}" width="420" height="594" loading="lazy"/>
</a>
<figcaption>
<a href="{place}.pdf">PDF, to print on A2</a> · <a href="{place}.svg">SVG, for a screen</a>
</figcaption>
</figure>
"""


def draw(values: PosterValues) -> Figure:
    """The poster of these numbers, under the style of :func:`paper_style`."""
    figure, axes = paper()
    title_and_foot(axes, TITLE)
    one_example(axes, values.one)
    minibatch(axes, values)
    rules(axes, values)
    return figure


def paper_style():
    """The book's style, for a sheet that is not cropped."""
    return mpl.rc_context(FOR_PAPER, fname=STYLE)


def write_poster(folder: Path) -> list[Path]:
    """Write the poster as SVG and as PDF; the same numbers always give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{NAME}.{kind}" for kind in KINDS]
    with paper_style():
        figure = draw(poster_values())
        for path, silent in zip(paths, KINDS.values(), strict=True):
            figure.savefig(path, metadata=dict.fromkeys(silent) | {"Title": TITLE})
    return paths


class PosterDirective(SphinxDirective):
    """``{poster} TEXT``: the poster as a small picture, which TEXT describes to who cannot see it.

    The picture opens the drawing; below it stand links to both files.
    """

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname]["poster"] = True
        place = "../" * self.env.docname.count("/") + f"_static/{NAME}"
        shown = PICTURE.format(place=place, text=escape(self.arguments[0]))
        return [nodes.raw("", shown, format="html")]


def outdated(files: list[Path]) -> bool:
    """Whether one of the files is missing, or older than what draws it."""
    here, package = Path(__file__).parent, Path(backprop.__file__).parent
    behind = [STYLE, *here.glob("*.py"), *package.rglob("*.py")]
    newest = max(path.stat().st_mtime for path in behind)
    return not all(path.is_file() and path.stat().st_mtime >= newest for path in files)


def put_beside_pages(app, exception) -> None:
    """Write the files at a place that stays the same, so that others can link them."""
    shown = any("poster" in about for about in app.env.metadata.values())
    folder = Path(app.outdir) / "_static"
    files = [folder / f"{NAME}.{kind}" for kind in KINDS]
    if exception is None and app.builder.format == "html" and shown and outdated(files):
        write_poster(folder)


def setup(app):
    app.add_directive("poster", PosterDirective)
    app.connect("build-finished", put_beside_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
