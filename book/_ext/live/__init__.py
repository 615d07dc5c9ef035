"""Problem sets that are worked on in their page: Python in the browser, without a network.

What runs is fetched by ``make live`` (see :mod:`.assets`) and lies, with the page's own scripts and
with what students get of each problem set, in the folder ``live`` of the built book. A page has a
button and a few lines of script; nothing else is loaded before somebody presses it. Where the
assets are missing the book is built without live code, and says so.
"""

import os
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from coursekit.authoring.masters import MASTERS

from .assets import about
from .released import released_set

HERE = Path(__file__).parent
PAGE = HERE / "page"
FOLDER = "live"
NOTEBOOK = "notebook.json"
"""The notebook of a release: web servers pack what ends so, and no page has it for a download."""
ASSETS = Path("build", "live")
"""Where what was fetched and made lies, from the root of the book."""

OFFER = """\
<div class="live-offer admonition note" data-set="{set}" data-live="{live}" data-python="{python}">
<p class="admonition-title">Nothing to install</p>
<p>You can do this problem set here: write, run, check, and download the notebook that you hand in.
The first time {megabytes:.0f} MB are loaded. Nothing that you write is sent anywhere.</p>
<p><button type="button" class="live-begin">Work on it here</button></p>
<noscript><p>For that the browser must run scripts, which are switched off.</p></noscript>
</div>
<script>
(function (offer) {{
  const served = location.protocol !== "file:";
  const begin = () => import(new URL(offer.dataset.live + "page.js", location.href)).then(
    page => page.begin(offer));
  const kept = "live " + new URL(offer.dataset.live, location.href).pathname + " {set} opened";
  offer.querySelector(".live-begin").addEventListener("click", () => {{
    if (served) return begin();
    offer.lastElementChild.previousElementSibling.textContent = "{from_disk}";
  }});
  try {{
    if (served && localStorage.getItem(kept)) addEventListener("load", begin);
  }} catch {{ /* a browser that keeps nothing has kept nothing */ }}
}})(document.currentScript.previousElementSibling);
</script>
"""
"""A reader who has worked here before finds the work, without pressing anything."""

FROM_DISK = (
    "This page was opened from a file, where browsers run no Python: type `python3 -m http.server` "
    "in the folder of the book, and open http://localhost:8000 instead."
)

logger = logging.getLogger(__name__)


def assets_of(app) -> Path:
    return Path(os.environ.get("LIVE_ASSETS") or Path(app.srcdir) / ASSETS) / "assets"


def find_assets(app, config) -> None:
    """Note which assets there are: pages are written again when that changes."""
    place = assets_of(app)
    config.live_assets = about(place)["recipe"] if (place / "about.json").is_file() else ""
    if not config.live_assets:
        logger.info("live: built without live code, as `make live` has not fetched Python")


def offer(app, doctree, docname) -> None:
    """Put the offer behind the first paragraph of a problem set."""
    if not app.config.live_assets or (Path(app.srcdir) / docname).parent != MASTERS:
        return
    if app.builder.format != "html":
        return
    root = app.builder.get_relative_uri(docname, "index").removesuffix("index.html")
    assets = assets_of(app)
    loaded = sum(about(assets)["bytes"].values()) / 2e6  # packed by the server
    text = OFFER.format(
        set=docname.rpartition("/")[2],
        live=f"{root}{FOLDER}/",
        python=f"{root}{FOLDER}/{python_folder(assets)}/",
        megabytes=loaded,
        from_disk=FROM_DISK,
    )
    first = next(doctree.findall(nodes.paragraph))
    first.parent.insert(first.parent.index(first) + 1, nodes.raw("", text, format="html"))


def copy_live(app, exception) -> None:
    """Put what pages load when somebody works on them beside the pages."""
    if exception or app.builder.format != "html":
        return
    target = Path(app.outdir) / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    if app.config.live_assets:
        sources = [Path(app.srcdir) / f"{name}.md" for name in sorted(app.env.found_docs)]
        lay_out(target, assets_of(app), [path for path in sources if path.parent == MASTERS])


def lay_out(target: Path, assets: Path, masters: list[Path]) -> None:
    """The scripts, Python, and what students get of some problem sets."""
    shutil.copytree(PAGE, target)
    shutil.copytree(assets, target / python_folder(assets))
    for master in masters:
        folder = target / master.stem
        shutil.copytree(released_set(master, assets.parent / "sets"), folder)
        (folder / f"{master.stem}.ipynb").rename(folder / NOTEBOOK)


def python_folder(assets: Path) -> str:
    """The folder of Python among the live files: other contents have another name."""
    return f"python-{about(assets)['recipe']}"


def setup(app):
    app.add_config_value("live_pyodide", "", "")
    app.add_config_value("live_assets", "", "html")
    app.connect("config-inited", find_assets)
    app.connect("doctree-resolved", offer)
    app.connect("build-finished", copy_live)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
