"""Problem sets and listings that run in their page: Python in the browser, without a network.

What runs is fetched by ``make live`` (see :mod:`.assets`) and lies, with the page's own scripts and
with what students get of each problem set, in the folder ``live`` of the built book. A page has
buttons and a few lines of script; nothing else is loaded before somebody presses one. Where the
assets are missing the book is built without live code, and says so.
"""

import os
import shutil
from hashlib import sha256
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from coursekit.authoring.masters import MASTERS

from .assets import about
from .listings import live_listings, mark
from .package import archive, archive_name, forget
from .released import released_set

HERE = Path(__file__).parent
PAGE = HERE / "page"
FOLDER = "live"
NOTEBOOK = "notebook.json"
"""The notebook of a release: web servers pack what ends so, and no page has it for a download."""
ASSETS = Path("build", "live")
"""Where what was fetched and made lies, from the root of the book."""
AFTER_EDITION = 900
"""Priority of who asks which edition is built."""

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

LISTINGS = """\
<script data-page="{page}" data-live="{live}" data-python="{python}" data-archive="{archive}">
(function (script) {{
  const {{ page, live }} = script.dataset, served = location.protocol !== "file:";
  const begin = place => import(new URL(live + "listings.js", location.href)).then(
    listings => listings.begin(script, place));
  document.querySelectorAll(".live-listing").forEach((place, index) => {{
    const code = place.querySelector(".cell_input");
    code.insertAdjacentHTML("beforeend", `<p class="live-run"><button type="button"
      aria-label="Run listing ${{index + 1}} here" title="Loads {megabytes:.0f} MB, once">Run</button></p>`);
    const offer = code.lastElementChild;
    offer.firstElementChild.onclick = () => {{
      if (served) return begin(place);
      offer.className = "";
      offer.textContent = "{from_disk}";
    }};
  }});
  try {{
    const kept = `live ${{new URL(live, location.href).pathname}} ${{page}} opened`;
    if (served && localStorage.getItem(kept)) addEventListener("load", () => begin());
  }} catch {{ /* a browser that keeps nothing has kept nothing */ }}
}})(document.currentScript);
</script>
"""
"""A reader who has changed a listing finds it so, without pressing anything."""

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
    forget()
    if not (place / "about.json").is_file():
        config.live_assets = ""
        logger.info("live: built without live code, as `make live` has not fetched Python")
        return
    config.live_assets = f"{about(place)['recipe']} {own_digest()}"
    config.live_archive = archive_name(archive(config.edition))


def own_digest() -> str:
    """A name for the modules that decide what a page offers."""
    return sha256(b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))).hexdigest()


def live_folders(app, docname: str) -> dict[str, str]:
    """Where a page finds what it loads: the live files, and Python among them."""
    root = app.builder.get_relative_uri(docname, "index").removesuffix("index.html")
    live = f"{root}{FOLDER}/"
    return {"live": live, "python": f"{live}{python_folder(assets_of(app))}/"}


def megabytes(app) -> float:
    """What is loaded at the first use, where the server packs it."""
    return sum(about(assets_of(app))["bytes"].values()) / 2e6


def offer(app, doctree, docname) -> None:
    """Put the offer behind the first paragraph of a problem set."""
    if not app.config.live_assets or (Path(app.srcdir) / docname).parent != MASTERS:
        return
    if app.builder.format != "html":
        return
    text = OFFER.format(
        set=docname.rpartition("/")[2],
        megabytes=megabytes(app),
        from_disk=FROM_DISK,
        **live_folders(app, docname),
    )
    first = next(doctree.findall(nodes.paragraph))
    first.parent.insert(first.parent.index(first) + 1, nodes.raw("", text, format="html"))


def offer_listings(app, doctree, docname) -> None:
    """Let the listings of a page run where a reader gains by it."""
    if not app.config.live_assets or app.builder.format != "html":
        return
    cells = live_listings(doctree, docname, app.config.edition)
    if not cells:
        return
    mark(cells)
    folders = live_folders(app, docname)
    text = LISTINGS.format(
        page=docname,
        archive=folders["live"] + app.config.live_archive,
        megabytes=megabytes(app),
        from_disk=FROM_DISK,
        **folders,
    )
    doctree.append(nodes.raw("", text, format="html"))


def copy_live(app, exception) -> None:
    """Put what pages load when somebody works on them beside the pages."""
    if exception or app.builder.format != "html":
        return
    target = Path(app.outdir) / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    if app.config.live_assets:
        sources = [Path(app.srcdir) / f"{name}.md" for name in sorted(app.env.found_docs)]
        masters = [path for path in sources if path.parent == MASTERS]
        lay_out(target, assets_of(app), masters, app.config.edition)


def lay_out(target: Path, assets: Path, masters: list[Path], edition: str = "textbook") -> None:
    """The scripts, Python, the package, and what students get of some problem sets."""
    shutil.copytree(PAGE, target)
    shutil.copytree(assets, target / python_folder(assets))
    package = archive(edition)
    (target / archive_name(package)).write_bytes(package)
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
    app.add_config_value("live_archive", "", "html")
    app.connect("config-inited", find_assets, priority=AFTER_EDITION)
    app.connect("doctree-resolved", offer)
    app.connect("doctree-resolved", offer_listings)
    app.connect("build-finished", copy_live)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
