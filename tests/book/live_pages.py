"""The live parts of the book in a folder of their own, and a page of a problem set that is bare."""

import html
import json
import os
import shutil
from pathlib import Path

import pytest
from book._ext.live import PAGE as SCRIPTS
from book._ext.live import lay_out, python_folder
from tests.site.browsing import CHROMIUM, DRIVER

from coursekit.authoring.masters import MASTERS
from coursekit.web_page.offer import NOTEBOOK, offer_of

ROOT = Path(__file__).resolve().parents[2]
ASSETS = Path(os.environ.get("LIVE_ASSETS") or ROOT / "build/live") / "assets"
SETS = sorted(path.stem for path in MASTERS.glob("ps*.md"))

needs_assets = pytest.mark.skipif(
    not (ASSETS / "about.json").is_file(), reason="SKIPPED: `make live` has not fetched Python"
)
needs_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="SKIPPED: chromium and chromedriver are not installed"
)

PAGE = """\
<!doctype html>
<html lang="en" data-theme="light"><head><meta charset="utf-8"><title>{set}</title>
<meta name="viewport" content="width=device-width">
<script>  // as a theme's search does, which takes "/" wherever no field has the focus
addEventListener("keydown", (event) => {{
    const field = ["INPUT", "SELECT", "TEXTAREA"].includes(document.activeElement.tagName);
    if (event.key === "/" && !field) event.preventDefault();
}});
</script></head>
<body><main><h1>{set}</h1>{offer}{cells}</main></body></html>
"""
PLACE = """\
<h2>{key}</h2><div class="highlight-python" id="{key}"><pre>{source}</pre></div>
<details id="solution-of-{key}"><summary>Solution</summary><p>It is this.</p></details>
"""


def live_site(folder: Path, names: list[str]) -> Path:
    """Lay out the live files of some sets, below a path, each with a page that has its places."""
    below = folder / "some" / "course"
    shutil.copytree(SCRIPTS, below / "live")
    lay_out(below / "live", ASSETS, [MASTERS / f"{name}.md" for name in names])
    for name in names:
        (below / f"{name}.html").write_text(bare_page(below / "live", name), encoding="utf-8")
    return below


def bare_page(live: Path, name: str) -> str:
    """A page of a problem set without a theme: the offer, and a place for each cell."""
    cells = given_notebook(live, name)["cells"]
    shown = [cell for cell in cells if cell["id"] and not cell["id"].endswith("-check")]
    code = [cell for cell in shown if cell["cell_type"] == "code" or "nbgrader" in cell["metadata"]]
    places = (
        PLACE.format(key=cell["id"], source=html.escape("".join(cell["source"]))) for cell in code
    )
    offer = offer_of(name, 7, live="live/", python=f"live/{python_folder(ASSETS)}/")
    return PAGE.format(set=name, offer=offer, cells="".join(places))


def given_notebook(live: Path, name: str) -> dict:
    """The notebook of a release."""
    return json.loads((live / name / NOTEBOOK).read_text(encoding="utf-8"))
