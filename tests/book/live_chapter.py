"""A page of a chapter with listings, bare: what the build makes of cells, without a theme."""

import html
from collections.abc import Sequence
from pathlib import Path

from book._ext.live import LISTINGS, python_folder
from book._ext.live.package import archive, archive_name
from tests.book.live_browser import LivePage
from tests.book.live_pages import ASSETS, live_site

from coursekit.web_page.offer import FROM_DISK

NAME = "book/chapter/page"
LISTING = """\
<div class="cell live-listing" id="listing-{key}"><div class="cell_input"><pre>{source}
</pre></div><div class="cell_output">{output}</div></div>
"""
PAGE = """\
<!doctype html>
<html lang="en" data-theme="light"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>A page</h1>{listings}{script}</main></body></html>
"""
FIGURE = '<svg class="figure" role="img" aria-label="A curve" width="90" height="20"></svg>'
CELLS = {
    "first": ("import numpy as np\nx = np.arange(3.0)\nprint(x)", "<pre>[0. 1. 2.]\n</pre>"),
    "curve": ("from backprop import plotting\nplotting.line_chart({'x': (x, x)})", FIGURE),
    "last": (
        "from backprop.activations import logistic\nlogistic(x).round(3)",
        "<pre>array([0.5  , 0.731, 0.881])</pre>",
    ),
}
"""By their keys, listings and what the build gave."""


def chapter_site(folder: Path, sets: Sequence[str] = ()) -> Path:
    """Lay out the live files, some sets, and a page of a chapter, below a path."""
    below = live_site(folder, list(sets))
    package = archive("textbook")
    listings = "".join(
        LISTING.format(key=key, source=html.escape(source), output=output)
        for key, (source, output) in CELLS.items()
    )
    script = LISTINGS.format(
        page=NAME,
        live="live/",
        python=f"live/{python_folder(ASSETS)}/",
        archive=f"live/{archive_name(package)}",
        megabytes=7,
        from_disk=FROM_DISK,
    )
    (below / "page.html").write_text(
        PAGE.format(listings=listings, script=script), encoding="utf-8"
    )
    return below


class ChapterPage(LivePage):
    """A page of a chapter: its listings are known by their keys."""

    prefix = f"live /some/course/live/ {NAME} "

    def run(self, key: str) -> str:
        """Press the button of a listing; what it gives."""
        self.js("document.querySelector(`#listing-${arguments[0]} .live-run button`).click()", key)
        self.wait(lambda: self.is_open(key) and not self.runs(key))
        return self.output(key)

    def is_open(self, key: str) -> bool:
        return self.js("return !!document.querySelector(`#live-${arguments[0]} .cm-editor`)", key)

    def sees(self, key: str, part: str) -> bool:
        """Whether a part of a listing is to be seen."""
        return self.js(
            "return !!document.querySelector(arguments[0])?.checkVisibility()",
            f"#listing-{key} {part}",
        )
